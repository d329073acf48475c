//! What happens in the house: today and the days to come, a page at a time, *J'en suis*, and proposing an event.

mod propose;

pub use propose::{Proposal, ProposeField, ProposeTouch};

use super::{Board, Now};
use voisins_shared::agenda::EventId;
use voisins_shared::payload::{Action, PublishedEvent, Reported, Request};

/// A finger on the agenda, or on the events at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgendaTouch {
    /// Opens it.
    Open,
    /// *Fermer*.
    Close,
    /// *Précédent* (-1) or *Suivant* (1).
    Turn(isize),
    /// An event, here or at home: all of it.
    Event(EventId),
    /// *Fermer* on it.
    CloseEvent,
    /// *J'en suis*, or not any more.
    Rsvp(EventId, bool),
    /// *Signaler*.
    Report(EventId),
}

/// The agenda, open or not.
#[derive(Debug, Default)]
pub struct Agenda {
    is_open: bool,
    /// Pages turned; how many there are depends on the screen.
    turned: isize,
    opened: Option<EventId>,
    proposal: Option<Proposal>,
}

impl Agenda {
    /// Whether it is on screen, or under what lies over it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Pages turned.
    #[must_use]
    pub fn turned(&self) -> isize {
        self.turned
    }

    /// The event that is shown whole.
    #[must_use]
    pub fn opened(&self) -> Option<EventId> {
        self.opened
    }

    /// What is being proposed.
    #[must_use]
    pub fn proposal(&self) -> Option<&Proposal> {
        self.proposal.as_ref()
    }

    /// Goes home; nothing of it is kept.
    pub(super) fn close(&mut self) {
        *self = Self::default();
    }

    /// Forgets what was being proposed.
    pub(super) fn forget_proposal(&mut self) {
        self.proposal = None;
    }

    /// What was proposed stands: the agenda shows it.
    pub(super) fn proposed(&mut self) {
        *self = Self { is_open: true, ..Self::default() };
    }
}

impl Board {
    /// The agenda.
    #[must_use]
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// What may be shown of it: nothing once names leave the screen.
    #[must_use]
    pub fn shown_events(&self) -> &[PublishedEvent] {
        if self.connection.is_worth_showing() { self.roster.events() } else { &[] }
    }

    /// "6 coups de main ce mois-ci": this month by the site's days; 0 while nothing is known of it.
    #[must_use]
    pub fn good_turns(&self, now: Now) -> u32 {
        let month = self.local(now).strftime("%Y-%m").to_string();
        self.roster.months().iter().find(|of| of.month == month).map_or(0, voisins_shared::payload::Month::good_turns)
    }

    pub(super) fn handle_agenda_touch(&mut self, touch: AgendaTouch, now: Now) -> Vec<Request> {
        match touch {
            AgendaTouch::Open => self.agenda.is_open = true,
            AgendaTouch::Close => self.agenda.close(),
            AgendaTouch::Turn(by) => self.agenda.turned += by,
            AgendaTouch::Event(event) => {
                (self.agenda.is_open, self.agenda.opened) = (true, Some(event));
                self.settle_agenda();
            }
            AgendaTouch::CloseEvent => self.agenda.opened = None,
            AgendaTouch::Rsvp(event, going) => return self.ask_for_badge(Action::Rsvp { event, going }, now),
            AgendaTouch::Report(event) => {
                return self.ask_for_badge(Action::Report { what: Reported::Event { event } }, now);
            }
        }
        vec![]
    }

    /// Closes what is over or called off, and everything of it when names leave the screen.
    pub(super) fn settle_agenda(&mut self) {
        let is_there = |event: &EventId| self.shown_events().iter().any(|of| of.id == *event);
        self.agenda.opened = self.agenda.opened.filter(is_there);
    }
}
