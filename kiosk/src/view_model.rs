//! What is on the screen, as values: built from the [board](crate::board), compared by the adapters, drawn by Slint.
//!
//! Pure and without a sentence: sentences live in the translation files; here are kinds, names and numbers. Only times and dates,
//! which no translation file can compute, come as text.
//!
//! - [`screen`]: the values
//! - [`layout`]: how many cards fit on which screen
//! - [`lobby`]: the screen that nobody touches
//! - [`shift`]: a few pixels an hour against burn-in
//! - [`search`], [`keyboard`]: the search and its keys
//! - [`member`]: a member's card, with its [`vcard`] as a [`qr`] code
//! - [`muster`]: the evacuation list
//! - [`needs`]: what people look for
//! - [`writing`]: a few words for a neighbour
//! - [`profile`]: *Ma fiche*
//! - [`waits`], [`for_you`]: what waits, on a greeting and behind *Voir*
//! - [`agenda`]: what happens in the house
//! - [`guest`]: who comes in without a badge
//! - [`avatar`]: the colour of somebody without a photo

pub mod agenda;
pub mod avatar;
pub mod for_you;
pub mod guest;
pub mod keyboard;
pub mod layout;
pub mod lobby;
pub mod member;
pub mod muster;
pub mod needs;
pub mod profile;
pub mod qr;
pub mod screen;
pub mod search;
pub mod shift;
#[cfg(test)]
mod tests;
pub mod vcard;
pub mod waits;
pub mod writing;

use crate::board::connection::Truth;
use crate::board::dialog::{Dialog, Step};
use crate::board::lines::LineText;
use crate::board::pages::skills_present;
use crate::board::sign::{Sign, SignStep};
use crate::board::{Board, Now};
use avatar::Avatar;
use layout::Layout;
pub use screen::{
    Card, DialogKind, DialogScreen, Dot, Header, LineKind, LineScreen, Middle, Screen, SignAction, SignKind, SignScreen, SkillChip,
    Skills, Today,
};
use voisins_shared::member::MemberId;
use voisins_shared::need::Audience;
use voisins_shared::payload::{Action, DirectoryMember, Greeted, Moment, PresentMember, Refusal, Shown};
use voisins_shared::visit::Availability;

/// More skills than these never fit on a card; the rest is a number.
const SKILLS_ON_A_CARD: usize = 4;
/// More chips than these never fit in the row; the rest is a number.
const SKILLS_IN_THE_ROW: usize = 24;

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
        _ if roster.presence().is_none() => Middle::Connecting,
        // who of them wishes to be shown is not known yet
        _ if roster.fresh() > 0 && roster.directory().is_none() => Middle::Connecting,
        _ if roster.fresh() > 0 => Middle::AllHidden,
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
    let mut screen = Screen {
        language,
        layout,
        header: header(board, truth, now),
        middle,
        today: today(board),
        skills: if middle == Middle::Cards { skills(board) } else { Skills::default() },
        cards,
        page: (page + 1, board.pages().count(shown.len())),
        search: search::build(board, &layout, size, now),
        need: needs::at_home(board, now),
        needs: needs::build(board, &layout, size, now),
        post: needs::post(board, &layout, size.0),
        writing: writing::build(board, &layout, size.0),
        events: agenda::at_home(board, layout.side_events().max(1), now),
        agenda: agenda::build(board, &layout, size.1, now),
        propose: agenda::propose(board, &layout, size.0, now),
        guest: guest::build(board, &layout, size.0),
        member: member::build(board, layout.small, size, now),
        has_muster: board.muster().is_configured(),
        muster: muster::build(board, &layout, size, now),
        dialog: board.dialog().map(|dialog| dialog_screen(board, dialog, &layout, size)),
        sign: board.sign().map(|sign| sign_screen(board, sign, now)),
        profile: profile::build(board, &layout, size, now),
        for_you: for_you::build(board, layout.small, size),
        can_sign: online,
        lines: (board.lines().shown().iter().map(|line| line_screen(board, line)).collect(), board.lines().more()),
        lobby: None,
        dimmed: board.is_dimmed(now),
        shift: shift::shift(now.wall),
    };
    if board.is_lobby() {
        lobby::furnish(&mut screen, board, size, now);
    }
    screen
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
        trouble: board.trouble(now),
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

/// Since when somebody is here, if they share it and there are news.
fn since(board: &Board, present: Option<&PresentMember>, now: Now) -> String {
    let present = present.filter(|present| present.fresh && board.connection().is_online());
    let since = present.and_then(|present| present.since).map(|since| since.to_zoned(board.zone().clone()));
    let today = board.local(now).date();
    since.filter(|since| since.date() == today).map(|since| board.language().time(since.time())).unwrap_or_default()
}

fn face(board: &Board, greeted: &Greeted) -> Avatar {
    let name = board.roster().member(greeted.member).map_or(greeted.first_name.as_str(), |member| member.name.as_str());
    Avatar::of(greeted.member, name, board.roster())
}

fn dialog_screen(board: &Board, dialog: &Dialog, layout: &Layout, (_, height): (u32, u32)) -> DialogScreen {
    let greeting = dialog.greeting();
    let greeted = greeting.and_then(|greeting| greeting.greeted.as_ref());
    let kind = match (dialog.step, dialog.shown()) {
        (Step::Left(_), _) => DialogKind::Left,
        (Step::Stayed, _) => DialogKind::Stayed,
        (Step::Welcome, _) => DialogKind::Welcome,
        (Step::Again, _) => DialogKind::Again,
        (Step::Over, _) => DialogKind::Over,
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
        offers: dialog.offers && dialog.has_grant(),
        waits: greeting.map(|greeting| waits::build(greeting, dialog.can_see(), layout, height)).unwrap_or_default(),
        can_undo: matches!(dialog.step, Step::Left(Some(_))),
        waiting: dialog.pending(),
    }
}

fn sign_screen(board: &Board, sign: &Sign, now: Now) -> SignScreen {
    let kind = match sign.step {
        SignStep::Asked | SignStep::Armed | SignStep::Cancelling => SignKind::Awaited,
        SignStep::ArrivedFirst => SignKind::ArrivedFirst,
        SignStep::Busy => SignKind::Busy,
        SignStep::NoReader => SignKind::NoReader,
        SignStep::NotRecorded => SignKind::NotRecorded,
        SignStep::Again => SignKind::Again,
        SignStep::Done | SignStep::Undoing => SignKind::Done,
        SignStep::Undone => SignKind::Undone,
        SignStep::TooLate => SignKind::TooLate,
        SignStep::Refused(why) => SignKind::Refused(why),
    };
    SignScreen {
        request: sign.request().to_string(),
        kind,
        action: sign_action(board, &sign.action),
        can_undo: sign.can_undo(),
        left: if sign.step == SignStep::Cancelling || kind != SignKind::Awaited { 0 } else { sign.left(now) },
        waiting: matches!(sign.step, SignStep::Cancelling | SignStep::Undoing),
    }
}

fn sign_action(board: &Board, action: &Action) -> SignAction {
    let on_board = |audience: Audience| audience != Audience::Coordination;
    let name = |member: MemberId| board.roster().member(member).map(|member| needs::short(board, member)).unwrap_or_default();
    match action {
        Action::Leave => SignAction::Leave,
        Action::Availability { availability } => SignAction::Availability(*availability),
        Action::Profile => SignAction::Profile,
        Action::PostNeed { audience, .. } => SignAction::Post(on_board(*audience)),
        Action::EditNeed { audience, .. } => SignAction::Edit(on_board(*audience)),
        Action::WithdrawNeed { met: false, .. } => SignAction::Withdraw,
        Action::WithdrawNeed { met: true, .. } => SignAction::Met,
        Action::Help { need } => SignAction::Help(needs::asker_of(board, *need)),
        Action::Refer { need, .. } => SignAction::Refer(needs::asker_of(board, *need)),
        Action::AskIntroduction { member } => SignAction::Introduce(name(*member)),
        Action::LeaveNote { member, .. } => SignAction::Note(name(*member)),
        Action::Report { .. } => SignAction::Report,
        Action::Rsvp { going, .. } => SignAction::Rsvp(*going),
        Action::ProposeEvent { .. } => SignAction::ProposeEvent,
        Action::Guest { .. } => SignAction::Guest,
        Action::Declare { .. } => SignAction::Declare,
        Action::Unknown => SignAction::Unknown,
    }
}

fn line_screen(board: &Board, line: &crate::board::lines::Line) -> LineScreen {
    let kind = match &line.text {
        LineText::Greeting(Moment::Arrival, _) => LineKind::Arrival,
        LineText::Greeting(Moment::Seen, _) => LineKind::Seen,
        LineText::Greeting(Moment::Departure, _) => LineKind::Departure,
        LineText::Unknown(_) => LineKind::Unknown,
        LineText::Refused(Refusal::RandomUid) => LineKind::RandomUid,
        LineText::Refused(Refusal::Unreadable) => LineKind::Unreadable,
        LineText::Refused(Refusal::NotRecorded) => LineKind::NotRecorded,
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
