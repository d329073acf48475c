//! What is on the screen, as values: built from the [board](crate::board), compared by the adapters, drawn by Slint.
//!
//! Pure and without a sentence: sentences live in the translation files; here are kinds, names and numbers. Only times and dates,
//! which no translation file can compute, come as text.
//!
//! - [`layout`]: how many cards fit on which screen
//! - [`avatar`]: the colour of somebody without a photo

pub mod avatar;
pub mod layout;
#[cfg(test)]
mod tests;

use crate::board::connection::Truth;
use crate::board::dialog::{Dialog, Press, Step};
use crate::board::lines::LineText;
use crate::board::pages::skills_present;
use crate::board::{Board, Now};
use avatar::Avatar;
use layout::Layout;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{DirectoryMember, Greeted, Moment, PresentMember, Refusal, Shown};
use voisins_shared::visit::Availability;

/// More skills than these never fit on a card; the rest is a number.
const SKILLS_ON_A_CARD: usize = 4;
/// More chips than these never fit in the row; the rest is a number.
const SKILLS_IN_THE_ROW: usize = 24;

/// Everything on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// The language of every text.
    pub language: Language,
    /// Columns, rows and sizes.
    pub layout: Layout,
    /// The head of the screen.
    pub header: Header,
    /// What the middle shows.
    pub middle: Middle,
    /// The numbers at the side.
    pub today: Today,
    /// The skills present, from the first one on screen.
    pub skills: Skills,
    /// The page's cards.
    pub cards: Vec<Card>,
    /// Which page of how many, from 1.
    pub page: (usize, usize),
    /// The dialog.
    pub dialog: Option<DialogScreen>,
    /// The lines at the bottom, and how many more there are.
    pub lines: (Vec<LineScreen>, usize),
}

/// The head of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// "Espace Voisins"; empty before the site has told it.
    pub site: String,
    /// "mercredi 23 octobre".
    pub date: String,
    /// "10:26", the same in both languages.
    pub clock: String,
    /// Everybody here now.
    pub fresh: u32,
    /// Whether what is shown is so.
    pub online: bool,
    /// "10 h 42": no news since then. Empty while there are.
    pub silent_since: String,
}

/// What the middle of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Middle {
    /// Connexion…
    Connecting,
    /// No news, and too long ago for names.
    Silent,
    /// Nobody here.
    Empty,
    /// People are here, and none of them is shown.
    AllHidden,
    /// Cards.
    Cards,
}

/// The numbers at the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Today {
    /// Here now.
    pub fresh: u32,
    /// Seen earlier today and not checked out.
    pub passed: u32,
    /// People whose visit began today.
    pub visits: u32,
    /// Guests here now.
    pub guests: u32,
}

/// The row of skills.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Skills {
    /// The chips, as many as could ever fit.
    pub chips: Vec<SkillChip>,
    /// How many there are from the first chip on, those that don't fit included.
    pub total: usize,
    /// The place of the first chip among all skills.
    pub from: usize,
}

/// A skill and how many here have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SkillChip {
    pub skill: String,
    pub count: usize,
    pub selected: bool,
}

/// How somebody is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dot {
    /// Here now: filled.
    Fresh,
    /// Seen earlier: hollow.
    Passed,
    /// Do not disturb: amber, with words.
    Quiet,
    /// No news: grey.
    Stale,
}

/// A member's card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Card {
    pub member: MemberId,
    pub name: String,
    pub title: String,
    pub dot: Dot,
    pub availability: Availability,
    pub avatar: Avatar,
    /// The first skills.
    pub skills: Vec<String>,
    /// All of them, counted.
    pub skills_total: usize,
}

/// What a dialog is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DialogKind {
    Arrival,
    Seen,
    Departure,
    Unknown,
    RandomUid,
    Unreadable,
    NotRecorded,
    /// After *Je repars*.
    Left,
    /// After *Annuler*.
    Stayed,
    /// After *Entrer comme invité·e*.
    Welcome,
    /// Hold the badge again.
    Again,
}

impl DialogKind {
    /// The word in a trace.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arrival => "arrival",
            Self::Seen => "seen",
            Self::Departure => "departure",
            Self::Unknown => "unknown",
            Self::RandomUid => "random_uid",
            Self::Unreadable => "unreadable",
            Self::NotRecorded => "not_recorded",
            Self::Left => "left",
            Self::Stayed => "stayed",
            Self::Welcome => "welcome",
            Self::Again => "again",
        }
    }
}

/// The dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogScreen {
    /// The event that a press has to name.
    pub event: String,
    /// What it is about.
    pub kind: DialogKind,
    /// The first name; empty for a member who has not agreed to be named.
    pub first_name: String,
    /// The face beside the name, if there is a name.
    pub avatar: Option<Avatar>,
    /// Everybody here now.
    pub present: u32,
    /// The pairing code; may be empty.
    pub code: String,
    /// Whether the buttons can do something.
    pub can_press: bool,
    /// *Je reste* / *Je repars* at equal size.
    pub ask_to_stay: bool,
    /// Which availability is recorded.
    pub availability: Availability,
    /// "C’est noté."
    pub noted: bool,
    /// *Annuler* is offered.
    pub can_undo: bool,
    /// A press waits for its answer.
    pub waiting: Option<Press>,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LineKind {
    Arrival,
    Seen,
    Departure,
    Unknown,
    Refused,
}

/// A line at the bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineScreen {
    /// The event, as the key.
    pub event: String,
    /// What it is about.
    pub kind: LineKind,
    /// The first name, or the pairing code, or nothing.
    pub text: String,
    /// The face, if there is a name.
    pub avatar: Option<Avatar>,
}

/// Builds the screen for a window of `size` logical pixels.
#[must_use]
pub fn build(board: &Board, size: (u32, u32), now: Now) -> Screen {
    let language = board.language();
    let roster = board.roster();
    let truth = board.connection().truth();
    let layout = Layout::of(size, board.is_resting(now));
    let shown: Vec<_> = board.pages().shown(roster).collect();
    let middle = match truth {
        Truth::Connecting => Middle::Connecting,
        Truth::Silent { names: false, .. } => Middle::Silent,
        Truth::Online | Truth::Silent { names: true, .. } if !shown.is_empty() => Middle::Cards,
        _ if roster.fresh() > 0 => Middle::AllHidden,
        _ if roster.presence().is_none() => Middle::Connecting,
        _ => Middle::Empty,
    };
    let online = truth == Truth::Online;
    let page = board.pages().page();
    let cards = match middle {
        Middle::Cards => {
            let room = board.pages().room();
            shown.iter().skip(page * room).take(room).map(|(present, member)| card(board, present, member, online)).collect()
        }
        _ => vec![],
    };
    Screen {
        language,
        layout,
        header: header(board, truth, now),
        middle,
        today: today(board),
        skills: if middle == Middle::Cards { skills(board) } else { Skills::default() },
        cards,
        page: (page + 1, board.pages().count(shown.len())),
        dialog: board.dialog().map(|dialog| dialog_screen(board, dialog)),
        lines: (board.lines().shown().iter().map(|line| line_screen(board, line)).collect(), board.lines().more()),
    }
}

fn header(board: &Board, truth: Truth, now: Now) -> Header {
    let local = board.local(now);
    let language = board.language();
    Header {
        site: board.roster().session().map(|session| session.title.clone()).unwrap_or_default(),
        date: language.date(local.date()),
        clock: format!("{:02}:{:02}", local.hour(), local.minute()),
        fresh: board.roster().fresh(),
        online: truth == Truth::Online,
        silent_since: match truth {
            Truth::Silent { since: Some(since), .. } => language.time(since.to_zoned(board.zone().clone()).time()),
            _ => String::new(),
        },
    }
}

fn today(board: &Board) -> Today {
    let roster = board.roster();
    let Some(presence) = roster.presence() else { return Today::default() };
    let passed = presence.present.iter().filter(|present| !present.fresh).count();
    Today {
        fresh: roster.fresh(),
        passed: u32::try_from(passed)
            .unwrap_or(u32::MAX)
            .saturating_add(presence.hidden.passed)
            .saturating_add(presence.guests.passed),
        visits: roster.today(),
        guests: presence.guests.fresh,
    }
}

fn skills(board: &Board) -> Skills {
    let from = board.pages().skills_from();
    let all = skills_present(board.roster());
    let total = all.len().saturating_sub(from);
    let chips = all
        .into_iter()
        .skip(from)
        .take(SKILLS_IN_THE_ROW)
        .map(|(skill, count)| SkillChip { selected: board.pages().filter() == Some(&skill), skill, count })
        .collect();
    Skills { chips, total, from }
}

fn card(board: &Board, present: &PresentMember, member: &DirectoryMember, online: bool) -> Card {
    let dot = match present {
        _ if !online => Dot::Stale,
        PresentMember { fresh: false, .. } => Dot::Passed,
        PresentMember { availability: Availability::DoNotDisturb, .. } => Dot::Quiet,
        _ => Dot::Fresh,
    };
    Card {
        member: member.id,
        name: member.name.clone(),
        title: member.title.clone().unwrap_or_default(),
        dot,
        availability: if present.fresh && online { present.availability } else { Availability::Here },
        avatar: Avatar::of(member.id, &member.name, board.roster()),
        skills: member.skills.iter().take(SKILLS_ON_A_CARD).cloned().collect(),
        skills_total: member.skills.len(),
    }
}

fn face(board: &Board, greeted: &Greeted) -> Avatar {
    let name = board.roster().member(greeted.member).map_or(greeted.first_name.as_str(), |member| member.name.as_str());
    Avatar::of(greeted.member, name, board.roster())
}

fn dialog_screen(board: &Board, dialog: &Dialog) -> DialogScreen {
    let greeting = dialog.greeting();
    let greeted = greeting.and_then(|greeting| greeting.greeted.as_ref());
    let kind = match (dialog.step, dialog.shown()) {
        (Step::Left(_), _) => DialogKind::Left,
        (Step::Stayed, _) => DialogKind::Stayed,
        (Step::Welcome, _) => DialogKind::Welcome,
        (Step::Again, _) => DialogKind::Again,
        (Step::NotRecorded, _) | (_, Shown::Refused { reason: Refusal::NotRecorded }) => DialogKind::NotRecorded,
        (_, Shown::Refused { reason: Refusal::RandomUid }) => DialogKind::RandomUid,
        (_, Shown::Refused { reason: Refusal::Unreadable }) => DialogKind::Unreadable,
        (_, Shown::Unknown { .. }) => DialogKind::Unknown,
        (_, Shown::Greeting(greeting)) => match greeting.moment {
            Moment::Arrival => DialogKind::Arrival,
            Moment::Seen => DialogKind::Seen,
            Moment::Departure => DialogKind::Departure,
        },
    };
    DialogScreen {
        event: dialog.event().to_string(),
        kind,
        first_name: greeted.map(|greeted| greeted.first_name.clone()).unwrap_or_default(),
        avatar: greeted.map(|greeted| face(board, greeted)),
        present: greeting.map_or(0, |greeting| greeting.present),
        code: match dialog.shown() {
            Shown::Unknown { code, .. } => code.clone().unwrap_or_default(),
            _ => String::new(),
        },
        can_press: dialog.has_grant(),
        ask_to_stay: greeting.is_some_and(|greeting| greeting.ask_to_stay),
        availability: dialog.availability,
        noted: dialog.noted,
        can_undo: matches!(dialog.step, Step::Left(Some(_))),
        waiting: dialog.pending(),
    }
}

fn line_screen(board: &Board, line: &crate::board::lines::Line) -> LineScreen {
    let kind = match &line.text {
        LineText::Greeting(Moment::Arrival, _) => LineKind::Arrival,
        LineText::Greeting(Moment::Seen, _) => LineKind::Seen,
        LineText::Greeting(Moment::Departure, _) => LineKind::Departure,
        LineText::Unknown(_) => LineKind::Unknown,
        LineText::Refused(_) => LineKind::Refused,
    };
    let text = match &line.text {
        LineText::Greeting(_, greeted) => greeted.as_ref().map(|greeted| greeted.first_name.clone()),
        LineText::Unknown(code) => code.clone(),
        LineText::Refused(_) => None,
    };
    LineScreen {
        event: line.event.to_string(),
        kind,
        text: text.unwrap_or_default(),
        avatar: line.text.who().map(|greeted| face(board, greeted)),
    }
}
