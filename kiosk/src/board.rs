//! What the screen knows and is doing: the fold over the messages, the dialog, the lines, the touches. Pure: time goes in.
//!
//! Messages, touches and time-outs go in through `handle_*`; requests come out. What to draw is asked by the
//! [view model](crate::view_model), which changes nothing here.
//!
//! - [`agenda`]: what happens in the house, and proposing it
//! - [`connection`]: whether what is shown is still true
//! - [`dialog`]: greetings, refusals and what their buttons do
//! - [`for_you`]: what *Voir* on a greeting opened
//! - [`guest`]: who comes in without a badge
//! - [`light`]: dimmed at night
//! - [`lines`]: arrivals that cover nothing
//! - [`member`]: a member's card
//! - [`lobby`]: the screen that nobody touches
//! - [`muster`]: the evacuation list, behind a PIN
//! - [`needs`]: what people look for, and posting it
//! - [`pages`]: pages, the skill filter, home after a minute
//! - [`profile`]: *Ma fiche*, under its member's hand
//! - [`search`]: what is typed, and what it found
//! - [`sign`]: what the next badge signs
//! - [`trouble`]: what everybody has to know
//! - [`typing`]: a text on the keyboard of the screen
//! - [`writing`]: a few words for a neighbour

pub mod agenda;
pub mod connection;
pub mod dialog;
pub mod for_you;
pub mod guest;
pub mod light;
pub mod lines;
pub mod lobby;
pub mod member;
pub mod muster;
pub mod needs;
pub mod pages;
pub mod profile;
pub mod search;
pub mod sign;
#[cfg(test)]
mod tests;
pub mod trouble;
pub mod typing;
pub mod writing;

pub use crate::clock::Now;
use crate::config::{Keyboard, Night};
use agenda::{Agenda, AgendaTouch, ProposeTouch};
use connection::Connection;
use dialog::{Dialog, Press};
use for_you::{ForYouPress, ForYouSheet};
use guest::{Entry, GuestTouch};
use jiff::Zoned;
use jiff::tz::TimeZone;
use lines::Lines;
use muster::{Evacuation, MusterTouch};
use needs::{Needs, NeedsTouch, PostTouch};
use pages::Pages;
use profile::{ProfileTouch, Sheet};
use search::{Search, SearchTouch};
use sign::{Sign, SignPress};
use std::collections::BTreeSet;
use std::time::Duration;
use trouble::Down;
use uuid::Uuid;
use voisins_shared::config::ScreenSurface;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{Action, PayloadError, Request, TextSize};
use voisins_shared::roster::{Change, Roster};
use voisins_shared::topic::Topic;
use writing::{Writing, WritingTouch};

/// Untouched for so long, the kiosk goes home, forgets a language that was chosen and shows larger cards.
pub const HOME_AFTER: Duration = Duration::from_secs(60);
/// Touched within this time, the kiosk is in use: nothing may cover it.
pub const IN_USE: Duration = Duration::from_secs(20);

/// What the broker connection reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Connected; the retained documents are about to come.
    Connected,
    /// Lost, refused or not yet there.
    Lost,
    /// Something was heard, if only a ping's answer.
    Alive,
}

/// A finger on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// Somewhere that does nothing by itself.
    Anywhere,
    /// *FR* or *EN*.
    Language(Language),
    /// A skill among those present: filter by it, or stop filtering.
    Skill(String),
    /// `+N` after the skills: show those from this one on; 0 goes back to the first.
    SkillsFrom(usize),
    /// *Précédent*.
    PreviousPage,
    /// *Suivant*.
    NextPage,
    /// The search: its field, its keys, its chips.
    Search(SearchTouch),
    /// A card or a result: whose card opens.
    Member(MemberId),
    /// *Fermer* on a member's card, or a touch beside it.
    CloseMember,
    /// *Ma fiche*.
    Profile(ProfileTouch),
    /// The board of needs.
    Needs(NeedsTouch),
    /// A need that is being written.
    Post(PostTouch),
    /// A few words that are being written.
    Writing(WritingTouch),
    /// What happens in the house.
    Agenda(AgendaTouch),
    /// An event that is being proposed.
    Propose(ProposeTouch),
    /// Who comes in without a badge.
    Guest(GuestTouch),
    /// The evacuation list.
    Muster(MusterTouch),
    /// A button of a dialog.
    Dialog {
        /// The event the dialog was drawn for; a press for another one is dropped.
        event: Uuid,
        /// Which button.
        press: Press,
    },
    /// A button of *Pour vous*.
    ForYou {
        /// The request it was drawn for; a press for another one is dropped.
        request: Uuid,
        /// Which button.
        press: ForYouPress,
    },
    /// *Je repars* on the home screen, and whatever else needs a badge.
    Sign(Action),
    /// A button while a badge is asked for.
    Signing {
        /// The request it was drawn for; a press for another one is dropped.
        request: Uuid,
        /// Which button.
        press: SignPress,
    },
}

/// The state behind the screen of one kiosk.
#[derive(Debug)]
pub struct Board {
    roster: Roster,
    default_language: Language,
    /// Time zone until the site has told its own.
    default_zone: TimeZone,
    zone: TimeZone,
    connection: Connection,
    chosen_language: Option<Language>,
    last_touch: Duration,
    touched: bool,
    dialog: Option<Dialog>,
    sign: Option<Sign>,
    sheet: Option<Sheet>,
    for_you: Option<ForYouSheet>,
    /// How large whoever is greeted or signed reads.
    reads: TextSize,
    /// How large everybody reads who asked for nothing else.
    house_reads: TextSize,
    lines: Lines,
    pages: Pages,
    search: Search,
    needs: Needs,
    writing: Option<Writing>,
    agenda: Agenda,
    guest: Option<Entry>,
    member: Option<MemberId>,
    muster: Evacuation,
    down: Down,
    name: Option<KioskName>,
    keyboard: Keyboard,
    surface: ScreenSurface,
    night: Option<Night>,
    /// The last touch or tap.
    lit: Option<Duration>,
    request_seed: Uuid,
    requests: u64,
    /// What time or a message asks of the daemon; it goes out with the next [`Self::handle_timeout`].
    outbox: Vec<Request>,
}

impl Board {
    /// An empty board. `request_seed` is random: the ids of requests are counted from it, so that no two kiosks and no two starts
    /// of one share any. `zone` holds until the site has told its own.
    #[must_use]
    pub fn new(language: Language, zone: TimeZone, request_seed: Uuid, now: Now) -> Self {
        Self {
            roster: Roster::default(),
            default_language: language,
            default_zone: zone.clone(),
            zone,
            connection: Connection::new(now),
            chosen_language: None,
            last_touch: now.since_start,
            touched: false,
            dialog: None,
            sign: None,
            sheet: None,
            for_you: None,
            reads: TextSize::default(),
            house_reads: TextSize::default(),
            lines: Lines::default(),
            pages: Pages::new(now),
            search: Search::default(),
            needs: Needs::new(now),
            writing: None,
            agenda: Agenda::default(),
            guest: None,
            member: None,
            muster: Evacuation::default(),
            down: Down::default(),
            name: None,
            keyboard: Keyboard::default(),
            surface: ScreenSurface::default(),
            night: None,
            lit: None,
            request_seed,
            requests: 0,
            outbox: vec![],
        }
    }

    /// The same with another keyboard.
    #[must_use]
    pub fn with_keyboard(self, keyboard: Keyboard) -> Self {
        Self { keyboard, ..self }
    }

    /// The size of the text for whoever asked for no other.
    pub fn set_house_text_size(&mut self, text_size: TextSize) {
        self.house_reads = text_size;
    }

    /// Takes one message of the site.
    ///
    /// # Errors
    /// [`PayloadError`] for a payload that isn't what its topic promises; the board is as before.
    pub fn handle_message(&mut self, topic: &Topic, payload: &[u8], now: Now) -> Result<Change, PayloadError> {
        if !self.hears(topic) {
            return Ok(Change::Nothing);
        }
        // what time brought belongs to the screen as it was before
        self.pages.handle_timeout(self.cards_count(), now);
        let shared: Vec<_> = if matches!(topic, Topic::Directory) { self.with_photo().collect() } else { vec![] };
        let change = self.roster.apply(topic, payload)?;
        self.connection.handle_news(now);
        match &change {
            Change::Status => {
                let told = matches!(topic, Topic::Status);
                self.connection.handle_status(told, self.roster.is_online(), now);
                self.zone = self
                    .roster
                    .session()
                    .and_then(|session| TimeZone::get(&session.time_zone).ok())
                    .unwrap_or_else(|| self.default_zone.clone());
                self.settle_sign(now);
                self.settle_sheet(now);
            }
            Change::Event(event) => {
                self.light(now);
                self.handle_event(event, now);
            }
            Change::Response(response) => self.handle_answer(response, now),
            Change::Directory => {
                self.forget_photos(shared);
                self.search.handle_directory(self.roster.directory());
                self.settle_member();
                self.learn_helpers();
            }
            Change::Needs => self.learn_helpers(),
            Change::Agenda => self.settle_agenda(),
            Change::Reader => self.learn_readers(now),
            _ => {}
        }
        self.settle_pages();
        Ok(change)
    }

    /// Takes what the broker connection reports.
    pub fn handle_link(&mut self, link: Link, now: Now) {
        self.connection.handle_link(link, now);
        self.settle_sheet(now);
    }

    /// Takes a touch; what it asks of the daemon comes out.
    #[must_use]
    pub fn handle_touch(&mut self, touch: Touch, now: Now) -> Vec<Request> {
        if self.is_lobby() {
            return vec![];
        }
        let was_home = self.is_resting(now);
        self.light(now);
        self.last_touch = now.since_start;
        self.touched = true;
        self.pages.handle_touch(now);
        self.needs.handle_touch(now);
        match touch {
            // whoever needs it has no second to lose
            Touch::Muster(touch) => self.handle_muster_touch(touch, now),
            Touch::Dialog { event, press } => return self.handle_press(event, press, now),
            Touch::Signing { request, press } => return self.handle_sign_press(request, press, now),
            Touch::Profile(touch) => return self.handle_profile_touch(touch, now),
            Touch::ForYou { request, press } => return self.handle_for_you_press(request, press, now),
            Touch::Anywhere => {
                self.hold_dialog(now);
                self.hold_for_you(now);
            }
            Touch::Language(language) => {
                self.chosen_language = Some(language);
                if let Some(dialog) = &mut self.dialog {
                    dialog.language = None; // the hand on the screen knows better than the member's record
                }
                if let Some(sheet) = &mut self.for_you {
                    sheet.language = None;
                }
                self.hold_dialog(now);
                self.hold_for_you(now);
            }
            Touch::Search(touch) => self.search.handle_touch(touch, self.roster.directory()),
            Touch::CloseMember => self.member = None,
            // what it was aimed at is gone: a touch on the larger cards only brings the grid back
            _ if was_home => {}
            Touch::Sign(action) => return self.ask_for_badge(action, now),
            Touch::Needs(touch) => return self.handle_needs_touch(touch, now),
            Touch::Post(touch) => return self.handle_post_touch(touch, now),
            Touch::Writing(touch) => return self.handle_writing_touch(touch, now),
            Touch::Agenda(touch) => return self.handle_agenda_touch(touch, now),
            Touch::Propose(touch) => return self.handle_propose_touch(touch, now),
            Touch::Guest(touch) => return self.handle_guest_touch(touch, now),
            Touch::Member(member) => self.open_member(member),
            Touch::Skill(skill) => self.pages.toggle_filter(skill),
            Touch::SkillsFrom(first) => self.pages.skills_from = first,
            Touch::PreviousPage => self.pages.turn(-1, self.cards_count(), now),
            Touch::NextPage => self.pages.turn(1, self.cards_count(), now),
        }
        self.settle_pages();
        vec![]
    }

    /// How many cards fit on the screen, in the grid and in the larger cards.
    pub fn handle_room(&mut self, grid: usize, resting: usize) {
        self.pages.set_room(grid, resting);
        self.settle_pages();
    }

    /// Does what time brings; what it and the messages before it ask of the daemon comes out. Call it after every message, and at the
    /// latest at [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: Now) -> Vec<Request> {
        self.connection.handle_timeout(now);
        self.dialog_timeout(now);
        self.sign_timeout(now);
        self.sheet_timeout(now);
        self.for_you_timeout(now);
        self.lines.handle_timeout(now);
        self.muster_timeout(now);
        let resting = !self.is_lobby() && self.is_resting(now);
        if resting && self.pages.rest(now) {
            self.chosen_language = None;
            self.search.close();
            self.needs.close();
            self.writing = None;
            self.agenda.close();
            self.guest = None;
            self.member = None;
        }
        self.settle_member();
        self.settle_writing();
        self.needs_timeout(now);
        self.settle_agenda();
        if resting && self.dialog.is_none() && self.sheet.is_none() && self.for_you.is_none() {
            self.reads = TextSize::default();
        }
        self.pages.handle_timeout(self.cards_count(), now);
        std::mem::take(&mut self.outbox)
    }

    /// When the screen changes next if nothing comes in, since the program's start.
    #[must_use]
    pub fn poll_timeout(&self, now: Now) -> Option<Duration> {
        let to_minute =
            Duration::from_secs(60) - Duration::from_millis(now.wall.as_millisecond().rem_euclid(60_000).unsigned_abs());
        let rest = self.last_touch + HOME_AFTER;
        [
            Some(now.since_start + to_minute),
            Some(rest).filter(|at| *at > now.since_start),
            self.light_ends().filter(|at| *at > now.since_start),
            self.connection.poll_timeout(now),
            self.dialog.as_ref().map(Dialog::poll_timeout),
            self.sign.as_ref().map(|sign| sign.poll_timeout(now)),
            self.sheet_poll(now),
            self.for_you.as_ref().map(ForYouSheet::poll_timeout),
            self.lines.poll_timeout(),
            self.needs_poll(),
            self.muster_poll(now),
            self.trouble_poll(now),
            self.turn_poll(now),
            self.pages.poll_timeout(self.cards_count()),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The messages' state.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Whether what is shown is still true.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The dialog on screen.
    #[must_use]
    pub fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    /// What a badge is asked for.
    #[must_use]
    pub fn sign(&self) -> Option<&Sign> {
        self.sign.as_ref()
    }

    /// The lines at the bottom.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Pages and filter.
    #[must_use]
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// The search.
    #[must_use]
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// The keyboard of the house.
    #[must_use]
    pub fn keyboard(&self) -> Keyboard {
        self.keyboard
    }

    /// How large whoever is greeted or signed reads, until the kiosk rests.
    #[must_use]
    pub fn text_size(&self) -> TextSize {
        if self.reads == TextSize::Normal { self.house_reads } else { self.reads }
    }

    /// The language of everything on screen: that of the member greeted or at their own page, else the one chosen, else the house's.
    #[must_use]
    pub fn language(&self) -> Language {
        let greeted = self.dialog.as_ref().and_then(|dialog| dialog.language);
        let own = self.sheet.as_ref().and_then(|sheet| sheet.profile().language);
        let greeted = greeted.or(self.for_you.as_ref().and_then(|sheet| sheet.language));
        greeted.or(own).or(self.chosen_language).unwrap_or(self.default_language)
    }

    /// A moment as the site's wall clock shows it.
    #[must_use]
    pub fn local(&self, now: Now) -> Zoned {
        now.wall.to_zoned(self.zone.clone())
    }

    /// The site's time zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Nobody touched it for a minute: larger cards. A dialog is somebody.
    #[must_use]
    pub fn is_resting(&self, now: Now) -> bool {
        now.since_start.saturating_sub(self.last_touch) >= HOME_AFTER
    }

    fn is_in_use(&self, now: Now) -> bool {
        self.touched && now.since_start.saturating_sub(self.last_touch) < IN_USE
    }

    /// What a badge signed stands: what was written for it is forgotten.
    fn forget_written(&mut self, action: &Action) {
        match action {
            Action::ProposeEvent { .. } => self.agenda.proposed(),
            Action::Guest { .. } | Action::Declare { .. } => self.guest = None,
            _ => {}
        }
    }

    /// What was being written is forgotten, wherever it was: its author left it.
    fn forget_unsigned(&mut self) {
        (self.writing, self.guest) = (None, None);
        self.agenda.forget_proposal();
        self.needs.forget_post();
    }

    /// How many cards there are to show, filter applied.
    fn cards_count(&self) -> usize {
        if self.is_lobby() { self.lobby_count() } else { self.pages.shown(&self.roster).count() }
    }

    fn with_photo(&self) -> impl Iterator<Item = MemberId> {
        self.roster.directory().into_iter().flat_map(|d| &d.members).filter(|member| member.photo.is_some()).map(|member| member.id)
    }

    /// Who shared a photo and doesn't any more: the payload goes too, whether or not the broker clears it.
    fn forget_photos(&mut self, shared: Vec<MemberId>) {
        if self.roster.directory().is_none() {
            return; // the broker starts over; what it holds comes again
        }
        let shares: BTreeSet<_> = self.with_photo().collect();
        for member in shared.into_iter().filter(|member| !shares.contains(member)) {
            let _ = self.roster.apply(&Topic::Photo(member), &[]);
        }
    }

    fn settle_pages(&mut self) {
        self.pages.settle(&self.roster, self.cards_count());
    }

    fn next_request_id(&mut self) -> Uuid {
        self.requests += 1;
        Uuid::from_u128(self.request_seed.as_u128().wrapping_add(u128::from(self.requests)))
    }
}
