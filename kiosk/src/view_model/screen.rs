//! The screen's values.

use super::agenda::{AgendaScreen, HomeEvents, ProposeScreen};
use super::avatar::Avatar;
use super::for_you::ForYouScreen;
use super::guest::GuestScreen;
use super::layout::Layout;
use super::lobby::LobbyScreen;
use super::member::MemberScreen;
use super::muster::MusterScreen;
use super::needs::{Asker, HomeNeed, NeedsScreen, PostScreen};
use super::profile::ProfileScreen;
use super::search::SearchScreen;
use super::waits::WaitsScreen;
use super::writing::WritingScreen;
use crate::board::dialog::Press;
use crate::board::sign::Why;
use crate::board::trouble::Trouble;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::visit::Availability;

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
    /// The search, while it is open.
    pub search: Option<SearchScreen>,
    /// The need in the side column.
    pub need: Option<HomeNeed>,
    /// The board of needs, while it is open.
    pub needs: Option<NeedsScreen>,
    /// A need that is being written.
    pub post: Option<PostScreen>,
    /// A few words that are being written.
    pub writing: Option<WritingScreen>,
    /// The events at home.
    pub events: HomeEvents,
    /// The agenda, while it is open.
    pub agenda: Option<AgendaScreen>,
    /// An event that is being proposed.
    pub propose: Option<ProposeScreen>,
    /// Who comes in without a badge, while somebody is at it.
    pub guest: Option<GuestScreen>,
    /// A member's card, while it is open.
    pub member: Option<MemberScreen>,
    /// There is an evacuation list to open.
    pub has_muster: bool,
    /// The evacuation list, or its PIN, while it is open: over everything.
    pub muster: Option<MusterScreen>,
    /// The dialog.
    pub dialog: Option<DialogScreen>,
    /// What a badge is asked for.
    pub sign: Option<SignScreen>,
    /// *Ma fiche*, while it is open.
    pub profile: Option<ProfileScreen>,
    /// *Pour vous*, while it is open.
    pub for_you: Option<ForYouScreen>,
    /// Whether a badge can sign anything now.
    pub can_sign: bool,
    /// The lines at the bottom, and how many more there are.
    pub lines: (Vec<LineScreen>, usize),
    /// The cards of a lobby screen, which has nothing else but its head.
    pub lobby: Option<LobbyScreen>,
    /// It is night and nobody is there.
    pub dimmed: bool,
    /// Where the picture stands, right and down of the middle.
    pub shift: (i32, i32),
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
    /// What everybody has to know, in the place of the day.
    pub trouble: Option<Trouble>,
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
    /// *Ma fiche* is closed; the badge opens it again.
    Over,
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
            Self::Over => "over",
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
    /// "Voulez-vous que vos voisins sachent que vous êtes là?"
    pub offers: bool,
    /// What waits for them, and *Voir* opens.
    pub waits: WaitsScreen,
    /// *Annuler* is offered.
    pub can_undo: bool,
    /// A press waits for its answer.
    pub waiting: Option<Press>,
}

/// What a signature is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignKind {
    /// *Approchez votre badge*.
    Awaited,
    /// The arrival is noted; once more to sign.
    ArrivedFirst,
    /// Somebody else signs here.
    Busy,
    /// No reader stands here.
    NoReader,
    /// Tell the coordination.
    NotRecorded,
    /// Once more.
    Again,
    /// It is on disk.
    Done,
    /// Taken back.
    Undone,
    /// It could not be taken back any more.
    TooLate,
    /// Nothing was done, and why.
    Refused(Why),
}

/// What a badge will do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SignAction {
    Leave,
    Availability(Availability),
    Profile,
    /// Put a need up; false: for the coordination only.
    Post(bool),
    /// As it is changed; false: for the coordination only.
    Edit(bool),
    Withdraw,
    /// *C'est trouvé*.
    Met,
    Help(Asker),
    /// *Je connais quelqu'un*.
    Refer(Asker),
    /// *Demander une présentation*, to whom; empty if they are not shown any more.
    Introduce(String),
    /// *Laisser un mot*, for whom; empty likewise.
    Note(String),
    Report,
    /// *J'en suis*, or not any more.
    Rsvp(bool),
    ProposeEvent,
    Guest,
    Declare,
    /// What a later version adds.
    Unknown,
}

/// What a badge is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignScreen {
    /// The request that a press has to name.
    pub request: String,
    /// What it is about.
    pub kind: SignKind,
    /// What the badge will do.
    pub action: SignAction,
    /// *Annuler* can take it back.
    pub can_undo: bool,
    /// How much of the wait is left, of [`STEPS`](crate::board::sign::STEPS).
    pub left: u32,
    /// A press waits for its answer.
    pub waiting: bool,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LineKind {
    Arrival,
    Seen,
    Departure,
    Unknown,
    RandomUid,
    Unreadable,
    NotRecorded,
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
