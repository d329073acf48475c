//! An event that is being proposed: its title and place are typed, its day, time and number are stepped to, so that no date can be
//! mistyped. What is written is nobody's business until it is signed: `Debug` doesn't say it.

use crate::board::typing::{Keystroke, Typing};
use crate::board::{Board, Now};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, time};
use std::fmt;
use voisins_shared::agenda::{DAYS_AHEAD, FIRM_AT, LONGEST_TITLE, title_text};
use voisins_shared::payload::{Action, Request};

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposeField {
    /// What it is.
    Title,
    /// Where, if that is to be said.
    Place,
}

/// A finger on the proposing screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposeTouch {
    /// *Proposer*.
    Open,
    /// *Annuler*: forgets it.
    Close,
    /// A field: brings the keyboard for it.
    Field(ProposeField),
    /// A key.
    Key(Keystroke),
    /// *Suite*: the keyboard makes room.
    Done,
    /// So many days later or earlier.
    Days(i64),
    /// So many minutes later or earlier, on the same day.
    Minutes(i64),
    /// So many people more or fewer that it needs.
    People(i32),
    /// *Proposer avec mon badge*.
    Propose,
}

/// The day's earliest and latest beginning.
const FIRST: Time = time(6, 0, 0, 0);
const LAST: Time = time(23, 0, 0, 0);

/// What is being proposed.
pub struct Proposal {
    title: Typing,
    place: Typing,
    typed: Option<ProposeField>,
    day: Date,
    time: Time,
    firm_at: u32,
}

impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proposal").field("typed", &self.typed).finish_non_exhaustive()
    }
}

impl Proposal {
    /// Tomorrow at 17 h, for four.
    fn new(today: Date) -> Self {
        Self {
            title: Typing::default(),
            place: Typing::default(),
            typed: Some(ProposeField::Title),
            day: today.saturating_add(1.day()),
            time: time(17, 0, 0, 0),
            firm_at: 4,
        }
    }

    /// Its title, as far as it is typed.
    #[must_use]
    pub fn title(&self) -> &Typing {
        &self.title
    }

    /// Its place, as far as it is typed.
    #[must_use]
    pub fn place(&self) -> &Typing {
        &self.place
    }

    /// What the keyboard types in; none while it is hidden.
    #[must_use]
    pub fn typed(&self) -> Option<ProposeField> {
        self.typed
    }

    /// When it begins, in the site's time.
    #[must_use]
    pub fn starts(&self) -> DateTime {
        self.day.to_datetime(self.time)
    }

    /// It is firm once so many go.
    #[must_use]
    pub fn firm_at(&self) -> u32 {
        self.firm_at
    }

    /// Whether its beginning is over, in the site's time.
    #[must_use]
    pub fn is_past(&self, local: DateTime) -> bool {
        self.starts() <= local
    }

    /// Whether it can be proposed as it is.
    #[must_use]
    pub fn is_ready(&self, local: DateTime) -> bool {
        !self.is_past(local) && title_text(self.title.text()).is_some()
    }

    fn typing(&mut self) -> Option<&mut Typing> {
        Some(match self.typed? {
            ProposeField::Title => &mut self.title,
            ProposeField::Place => &mut self.place,
        })
    }

    fn step_days(&mut self, days: i64, today: Date) {
        // the daemon counts in hours: late on the day after would be too far
        let last = today.saturating_add((DAYS_AHEAD - 1).days());
        self.day = self.day.saturating_add(days.days()).clamp(today, last);
    }

    fn step_minutes(&mut self, minutes: i64) {
        // beyond midnight it would be another day
        self.time = self.time.saturating_add(minutes.minutes()).clamp(FIRST, LAST);
    }

    fn step_people(&mut self, people: i32) {
        self.firm_at = self.firm_at.saturating_add_signed(people).clamp(*FIRM_AT.start(), *FIRM_AT.end());
    }
}

impl Board {
    pub(in crate::board) fn handle_propose_touch(&mut self, touch: ProposeTouch, now: Now) -> Vec<Request> {
        let local = self.local(now).datetime();
        match touch {
            ProposeTouch::Open => {
                self.agenda.is_open = true;
                // without news nothing can be proposed, and the agenda says so
                self.agenda.proposal = self.connection.is_online().then(|| Proposal::new(local.date()));
                return vec![];
            }
            ProposeTouch::Close => {
                self.agenda.proposal = None;
                return vec![];
            }
            ProposeTouch::Propose => return self.propose(local, now),
            _ => {}
        }
        let Some(proposal) = &mut self.agenda.proposal else { return vec![] };
        if !matches!(touch, ProposeTouch::Key(_)) {
            proposal.title.let_go();
            proposal.place.let_go();
        }
        match touch {
            ProposeTouch::Field(field) => proposal.typed = Some(field),
            ProposeTouch::Done => proposal.typed = None,
            ProposeTouch::Days(days) => proposal.step_days(days, local.date()),
            ProposeTouch::Minutes(minutes) => proposal.step_minutes(minutes),
            ProposeTouch::People(people) => proposal.step_people(people),
            ProposeTouch::Key(key) => {
                if let Some(typing) = proposal.typing() {
                    typing.handle_key(key, LONGEST_TITLE);
                }
            }
            ProposeTouch::Open | ProposeTouch::Close | ProposeTouch::Propose => {}
        }
        vec![]
    }

    /// Asks for the badge. What is written stays until it is signed, or until nobody is there any more.
    fn propose(&mut self, local: DateTime, now: Now) -> Vec<Request> {
        let Some(proposal) = self.agenda.proposal.as_ref().filter(|proposal| proposal.is_ready(local)) else { return vec![] };
        let Some(title) = title_text(proposal.title.text()) else { return vec![] };
        let (starts, firm_at) = (proposal.starts(), proposal.firm_at);
        let place = title_text(proposal.place.text());
        self.ask_for_badge(Action::ProposeEvent { title, place, starts, firm_at }, now)
    }
}
