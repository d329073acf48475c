//! The agenda on the screen: the events at home, the rows of a page under their days, an event shown whole, and one that is being
//! proposed.

use super::keyboard::{self, Key};
use super::layout::Layout;
use super::needs::short;
use crate::board::agenda::ProposeField;
use crate::board::{Board, Now};
use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt;
use voisins_shared::agenda::EventId;
use voisins_shared::payload::{Kind, PublishedEvent};

/// First names beside the number of people.
const NAMES_IN_A_ROW: usize = 3;
/// First names on an event that is shown whole.
const NAMES_WHOLE: usize = 12;

/// A day as people say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// Aujourd'hui.
    Today,
    /// Demain.
    Tomorrow,
    /// "jeudi 24 octobre".
    Date(String),
}

/// An event as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct EventCard {
    pub id: EventId,
    /// Today, if it began before.
    pub day: Day,
    /// "17 h"; empty if it takes whole days, or began before today.
    pub time: String,
    /// "19 h", if it ends on the day it begins.
    pub until: String,
    /// "vendredi 25 octobre": the last of several days.
    pub last_day: String,
    /// "Qui mange ici à midi?", which has no title of its own.
    pub lunch: bool,
    pub title: String,
    pub place: String,
    pub going: u32,
    /// The first names of those who show theirs, as many as there is room for.
    pub names: Vec<String>,
    /// In incubation: so many are missing. 0: it is firm.
    pub missing: u32,
    /// Who proposed it, if they show their name.
    pub author: String,
}

/// The events at home.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HomeEvents {
    /// Today's, then coming ones, as many as there is room for.
    pub events: Vec<EventCard>,
    /// "6 coups de main ce mois-ci".
    pub good_turns: u32,
    /// Where one thing is shown at a time, a need or an event: it is the event's turn.
    pub in_turn: bool,
}

/// A row of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// The event.
    pub event: EventCard,
    /// It is the first of its day on the page: the day stands above it.
    pub titled: bool,
    /// Where the row starts, its day included.
    pub y: u32,
}

/// The agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaScreen {
    /// The page's rows.
    pub rows: Vec<EventRow>,
    /// How many events there are in all.
    pub total: usize,
    /// Which page of how many, from 1.
    pub page: (usize, usize),
    /// The one that is shown whole.
    pub opened: Option<EventCard>,
}

/// An event that is being proposed. `Debug` doesn't say it.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ProposeScreen {
    pub title: String,
    pub place: String,
    /// What the keyboard types in; none while it is hidden.
    pub typed: Option<ProposeField>,
    pub day: Day,
    /// "17 h".
    pub time: String,
    pub firm_at: u32,
    /// Its beginning is over.
    pub past: bool,
    /// It can be proposed as it is.
    pub ready: bool,
    /// The keys; none while the keyboard is hidden.
    pub keys: Vec<Key>,
    /// The accented letters of the key that is held.
    pub variants: Vec<String>,
}

impl fmt::Debug for ProposeScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProposeScreen").field("typed", &self.typed).field("ready", &self.ready).finish_non_exhaustive()
    }
}

/// The events at home, `room` of them at most.
#[must_use]
pub fn at_home(board: &Board, room: usize, now: Now) -> HomeEvents {
    let events = board.shown_events().iter().take(room).map(|event| card(board, event, NAMES_IN_A_ROW, now)).collect();
    HomeEvents { events, good_turns: board.good_turns(now), in_turn: board.turns(now) % 2 == 1 }
}

/// Builds the agenda, if it is open.
#[must_use]
pub fn build(board: &Board, layout: &Layout, height: u32, now: Now) -> Option<AgendaScreen> {
    let agenda = board.agenda();
    if !agenda.is_open() {
        return None;
    }
    let shown = board.shown_events();
    let cards: Vec<_> = shown.iter().map(|event| card(board, event, NAMES_IN_A_ROW, now)).collect();
    let mut pages = paged(cards, layout, layout.agenda_field(height));
    let count = pages.len().max(1);
    let page = usize::try_from(agenda.turned().rem_euclid(isize::try_from(count).unwrap_or(1))).unwrap_or(0);
    let opened = agenda.opened().and_then(|id| shown.iter().find(|event| event.id == id));
    Some(AgendaScreen {
        rows: if page < pages.len() { pages.swap_remove(page) } else { vec![] },
        total: shown.len(),
        page: (page + 1, count),
        opened: opened.map(|event| card(board, event, NAMES_WHOLE, now)),
    })
}

/// Rows under their days, as many a page as fit; each page names the day that it goes on with.
fn paged(cards: Vec<EventCard>, layout: &Layout, field: u32) -> Vec<Vec<EventRow>> {
    let mut pages: Vec<Vec<EventRow>> = vec![];
    let mut end = 0;
    for event in cards {
        let page = pages.last_mut();
        let goes_on = page.as_ref().and_then(|page| page.last()).is_some_and(|last: &EventRow| last.event.day == event.day);
        let titled = !goes_on;
        let high = layout.agenda_row() + if titled { layout.agenda_day() } else { 0 };
        match page {
            Some(page) if end + high <= field => {
                page.push(EventRow { event, titled, y: end });
                end += high + layout.agenda_gap();
            }
            _ => {
                pages.push(vec![EventRow { event, titled: true, y: 0 }]);
                end = layout.agenda_day() + layout.agenda_row() + layout.agenda_gap();
            }
        }
    }
    pages
}

/// Builds what is being proposed, if anything is.
#[must_use]
pub fn propose(board: &Board, layout: &Layout, width: u32, now: Now) -> Option<ProposeScreen> {
    let proposal = board.agenda().proposal()?;
    let local = board.local(now).datetime();
    let typing = match proposal.typed() {
        Some(ProposeField::Place) => proposal.place(),
        _ => proposal.title(),
    };
    let keys = match proposal.typed() {
        Some(_) => keyboard::keys(board.keyboard(), board.language(), typing.layer(), width, layout.small),
        None => vec![],
    };
    Some(ProposeScreen {
        title: proposal.title().text().to_owned(),
        place: proposal.place().text().to_owned(),
        typed: proposal.typed(),
        day: day(board, proposal.starts().date(), now),
        time: board.language().time(proposal.starts().time()),
        firm_at: proposal.firm_at(),
        past: proposal.is_past(local),
        ready: proposal.is_ready(local) && board.connection().is_online(),
        keys,
        variants: typing.held().map(keyboard::variants).unwrap_or_default(),
    })
}

fn day(board: &Board, date: Date, now: Now) -> Day {
    let today = board.local(now).date();
    match date {
        _ if date <= today => Day::Today,
        _ if date == today.saturating_add(1.day()) => Day::Tomorrow,
        _ => Day::Date(board.language().date(date)),
    }
}

fn card(board: &Board, event: &PublishedEvent, names: usize, now: Now) -> EventCard {
    let language = board.language();
    let local = |at: jiff::Timestamp| at.to_zoned(board.zone().clone()).datetime();
    let starts = local(event.starts);
    let first = event.all_day.unwrap_or(starts.date());
    // whole days end where the next one begins
    let last = event.ends.map(local).map_or(first, |ends| match event.all_day {
        Some(_) => ends.date().saturating_sub(1.day()).max(first),
        None => ends.date(),
    });
    // what ends after midnight is the same evening, not two days
    let night = event.all_day.is_none()
        && last == first.saturating_add(1.day())
        && event.ends.map(local).is_some_and(|ends| ends.time() < jiff::civil::time(6, 0, 0, 0));
    let is_one_day = last == first || night;
    let clocked = event.all_day.is_none() && first >= board.local(now).date();
    let time = |at: jiff::civil::DateTime| language.time(at.time());
    let shown = event.shown.iter().filter_map(|member| board.roster().member(*member));
    EventCard {
        id: event.id,
        day: day(board, first, now),
        time: if clocked { time(starts) } else { String::new() },
        until: event.ends.filter(|_| clocked && is_one_day).map(|ends| time(local(ends))).unwrap_or_default(),
        last_day: if is_one_day { String::new() } else { language.date(last) },
        lunch: event.kind == Kind::Lunch && event.title.is_empty(),
        title: event.title.clone(),
        place: event.place.clone().unwrap_or_default(),
        going: event.going,
        names: shown.take(names).map(|member| short(board, member)).collect(),
        missing: event.firm_at.map_or(0, |firm| firm.saturating_sub(event.going)),
        author: event.author.and_then(|author| board.roster().member(author)).map_or(String::new(), |member| short(board, member)),
    }
}

#[cfg(test)]
mod tests;
