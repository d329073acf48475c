//! What happens in the house: read from calendars, proposed by members, and the question who eats here at noon. Pure: time comes in
//! with each step. Titles and places ride along in memory and stand in tables of their own.

mod event;
pub mod own;

#[cfg(test)]
mod tests;

pub use event::{CalendarId, Event, Proposed, Words, lunch};

use crate::clock::Now;
use crate::policy::Policy;
use crate::presence::{PresenceEvent, What};
use event::USUALLY_LASTS;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use voisins_shared::agenda::{DAYS_AHEAD, EventId, FIRM_AT, OPEN_EVENTS, title_text};
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Action, Kind, refusal};

/// What is asked of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// *J'en suis*, or not any more.
    Answer {
        #[allow(missing_docs)]
        member: MemberId,
        #[allow(missing_docs)]
        event: EventId,
        #[allow(missing_docs)]
        going: bool,
        /// The time, as far as is known.
        wall: Option<Timestamp>,
        /// The lunch that is asked about now.
        lunch: Option<Event>,
    },
    /// Propose an event.
    Propose {
        #[allow(missing_docs)]
        author: MemberId,
        #[allow(missing_docs)]
        words: Words,
        #[allow(missing_docs)]
        starts: Timestamp,
        #[allow(missing_docs)]
        firm_at: u32,
        /// Its id: chance, from the rim.
        event: EventId,
        /// The time, as far as is known.
        wall: Option<Timestamp>,
    },
    /// The manager calls a proposed event off.
    Cancel(EventId),
    /// A calendar was read: these are its events now.
    Read(Calendar),
    /// The manager takes a calendar away.
    Forget(CalendarId),
    /// What the coordination does with the space's own events, and with proposed ones.
    Own(own::Step),
}

/// A calendar as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// As the config or the manager calls it.
    pub name: String,
    /// The manager imported it once; else it is read as the config says.
    pub imported: bool,
    #[allow(missing_docs)]
    pub events: Vec<Event>,
}

impl Step {
    /// What a member's badge signed; `None` if it is none of this room's business. `new` is a fresh id, chance from the rim.
    #[must_use]
    pub fn signed(member: MemberId, action: &Action, new: Uuid, policy: &Policy, now: &Now) -> Option<Self> {
        Some(match action {
            Action::Rsvp { event, going } => {
                let lunch = lunch(policy, now).filter(|lunch| lunch.id == *event);
                Self::Answer { member, event: *event, going: *going, wall: now.wall, lunch }
            }
            Action::ProposeEvent { title, place, starts, firm_at } => Self::Propose {
                author: member,
                words: Words { title: title.clone(), place: place.clone() },
                starts: policy.moment_of(*starts),
                firm_at: *firm_at,
                event: EventId(new),
                wall: now.wall,
            },
            _ => return None,
        })
    }
}

/// Why an event is no longer on the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventEnd {
    /// Nobody goes any more.
    Withdrawn,
    /// The manager called it off.
    Cancelled,
    /// It was not firm when it would have begun.
    FellThrough,
    /// It has taken place.
    Over,
}

impl EventEnd {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::FellThrough => "fell_through",
            Self::Over => "over",
        }
    }
}

/// Who goes to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    #[allow(missing_docs)]
    pub members: BTreeSet<MemberId>,
    /// Kept until then, even if the event leaves its calendar: it may come back.
    pub until: Timestamp,
}

/// What happens in the house: the fold over its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    calendars: BTreeMap<CalendarId, Calendar>,
    proposed: BTreeMap<EventId, Event>,
    going: BTreeMap<EventId, Going>,
    hidden: BTreeSet<EventId>,
}

impl Agenda {
    /// As it was on disk.
    #[must_use]
    pub fn restore(
        calendars: impl IntoIterator<Item = Calendar>,
        proposed: impl IntoIterator<Item = Event>,
        going: BTreeMap<EventId, Going>,
    ) -> Self {
        Self {
            calendars: calendars.into_iter().map(|calendar| (CalendarId::of(&calendar.name), calendar)).collect(),
            proposed: proposed.into_iter().map(|event| (event.id, event)).collect(),
            going,
            hidden: BTreeSet::new(),
        }
    }

    /// What follows from a step; nothing is changed.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn decide(&self, step: &Step) -> Result<Vec<What>, &'static str> {
        match step {
            Step::Answer { member, event, going, wall, lunch } => {
                let found = lunch.as_ref().or_else(|| self.event(*event)).ok_or(refusal::NO_SUCH_EVENT)?;
                if self.is_hidden(*event) || wall.is_some_and(|wall| found.over() <= wall) {
                    return Err(refusal::NO_SUCH_EVENT);
                }
                Ok(self.answer(*member, found, *going))
            }
            Step::Propose { author, words, starts, firm_at, event, wall } => {
                self.propose(*author, words, *starts, *firm_at, *event, *wall)
            }
            Step::Cancel(event) => match self.proposed.get(event) {
                Some(_) => Ok(vec![What::EventEnded { event: *event, end: EventEnd::Cancelled }]),
                None => self.cancel_own(*event),
            },
            Step::Read(calendar) => {
                let id = CalendarId::of(&calendar.name);
                let unchanged = self.calendars.get(&id) == Some(calendar);
                Ok(if unchanged { vec![] } else { vec![What::CalendarRead { calendar: id, read: calendar.clone() }] })
            }
            Step::Forget(calendar) => match self.calendars.contains_key(calendar) {
                true => Ok(vec![What::CalendarForgotten { calendar: *calendar }]),
                false => Err(refusal::NO_SUCH_EVENT),
            },
            Step::Own(step) => self.decide_own(step),
        }
    }

    /// Twice is once. One who goes may make it firm; when nobody goes any more, a proposed event is withdrawn.
    fn answer(&self, member: MemberId, event: &Event, going: bool) -> Vec<What> {
        let (id, before) = (event.id, self.going_to(event.id));
        if before.contains(&member) == going {
            return vec![];
        }
        let mut follows = vec![What::EventAnswered { event: id, member, going, until: event.over() }];
        let firm_at = event.proposed.map_or(usize::MAX, |proposed| proposed.firm_at as usize);
        if going && !event.firm && before.len() + 1 >= firm_at {
            follows.push(What::EventFirm { event: id });
        }
        if !going && event.proposed.is_some() && before.len() == 1 {
            follows.push(What::EventEnded { event: id, end: EventEnd::Withdrawn });
        }
        follows
    }

    fn propose(
        &self,
        author: MemberId,
        Words { title, place }: &Words,
        starts: Timestamp,
        firm_at: u32,
        event: EventId,
        wall: Option<Timestamp>,
    ) -> Result<Vec<What>, &'static str> {
        let title = title_text(title).ok_or(refusal::BAD_EVENT)?;
        let place = match place.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(place) => Some(title_text(place).ok_or(refusal::BAD_EVENT)?),
        };
        // without the time nobody knows whether it is still to come
        let wall = wall.ok_or(refusal::BAD_EVENT)?;
        let ahead = starts.duration_since(wall);
        if !ahead.is_positive() || ahead > SignedDuration::from_hours(24 * DAYS_AHEAD) || !FIRM_AT.contains(&firm_at) {
            return Err(refusal::BAD_EVENT);
        }
        let theirs = |event: &&Event| !event.firm && event.proposed.is_some_and(|proposed| proposed.author == author);
        if self.proposed.values().filter(theirs).count() >= OPEN_EVENTS {
            return Err(refusal::TOO_MANY_EVENTS);
        }
        let until = starts.checked_add(USUALLY_LASTS).unwrap_or(starts);
        Ok(vec![
            What::EventProposed { event, author, starts, firm_at, words: Words { title, place } },
            What::EventAnswered { event, member: author, going: true, until },
        ])
    }

    /// What time alone brings: events that are over, or didn't become firm before they began.
    #[must_use]
    pub fn overdue(&self, now: &Now) -> Vec<What> {
        let Some(wall) = now.wall else { return vec![] };
        let ended = |event, end| What::EventEnded { event, end };
        let proposed = self.proposed.values().filter_map(|event| match event.firm {
            false if event.starts <= wall => Some(ended(event.id, EventEnd::FellThrough)),
            true if event.over() <= wall => Some(ended(event.id, EventEnd::Over)),
            _ => None,
        });
        // who went to what is over is nobody's business any more
        let answered = self.going.iter().filter(|(id, _)| !self.proposed.contains_key(*id));
        let over = answered.filter(|(id, going)| going.until <= wall && self.event(**id).is_none_or(|event| event.over() <= wall));
        proposed.chain(over.map(|(id, _)| ended(*id, EventEnd::Over))).collect()
    }

    /// Takes one event: the only mutation.
    pub fn apply(&mut self, event: &PresenceEvent) {
        match &event.what {
            What::EventProposed { event, author, starts, firm_at, words } => {
                let proposed = Some(Proposed { author: *author, firm_at: *firm_at });
                let (id, starts, words) = (*event, *starts, words.clone());
                let kind = Kind::Event;
                self.proposed.insert(id, Event { id, kind, words, starts, ends: None, all_day: None, firm: false, proposed });
            }
            What::EventAnswered { event, member, going, until } => {
                let entry = self.going.entry(*event).or_insert_with(|| Going { members: BTreeSet::new(), until: *until });
                entry.until = *until;
                if *going {
                    entry.members.insert(*member);
                } else {
                    entry.members.remove(member);
                }
                if entry.members.is_empty() {
                    self.going.remove(event);
                }
            }
            What::EventEdited { event, starts, until, words } => {
                if let Some(event) = self.proposed.get_mut(event) {
                    (event.starts, event.words) = (*starts, words.clone());
                }
                if let Some(going) = self.going.get_mut(event) {
                    going.until = *until;
                }
            }
            What::EventFirm { event } => {
                if let Some(event) = self.proposed.get_mut(event) {
                    event.firm = true;
                }
            }
            What::EventEnded { event, .. } => {
                self.proposed.remove(event);
                self.going.remove(event);
                self.hidden.remove(event);
            }
            What::CalendarRead { calendar, read } => drop(self.calendars.insert(*calendar, read.clone())),
            What::CalendarForgotten { calendar } => drop(self.calendars.remove(calendar)),
            _ => {}
        }
    }

    /// Takes an event off every screen, or puts it back: what the moderation decides.
    pub fn hide(&mut self, event: EventId, hidden: bool) {
        if hidden {
            self.hidden.insert(event);
        } else {
            self.hidden.remove(&event);
        }
    }

    /// Whether an event is on no screen for now.
    #[must_use]
    pub fn is_hidden(&self, event: EventId) -> bool {
        self.hidden.contains(&event)
    }

    /// An event of a calendar, or a proposed one.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<&Event> {
        let in_calendars = || self.calendars.values().flat_map(|calendar| &calendar.events).find(|event| event.id == id);
        self.proposed.get(&id).or_else(in_calendars)
    }

    /// Who goes.
    #[must_use]
    pub fn going_to(&self, event: EventId) -> &BTreeSet<MemberId> {
        static NOBODY: BTreeSet<MemberId> = BTreeSet::new();
        self.going.get(&event).map_or(&NOBODY, |going| &going.members)
    }

    /// What a member goes to.
    pub fn answered_by(&self, member: MemberId) -> impl Iterator<Item = EventId> {
        self.going.iter().filter(move |(_, going)| going.members.contains(&member)).map(|(event, _)| *event)
    }

    /// The calendars that were read.
    pub fn calendars(&self) -> impl Iterator<Item = &Calendar> {
        self.calendars.values()
    }

    /// What takes place now or in the next days and may be shown, the next first. Without the time nobody knows.
    #[must_use]
    pub fn coming(&self, policy: &Policy, now: &Now) -> Vec<Event> {
        let last = now.wall.and_then(|wall| wall.checked_add(SignedDuration::from_hours(24 * DAYS_AHEAD)).ok());
        self.coming_until(last.unwrap_or(Timestamp::MAX), policy, now)
    }

    /// What takes place now or begins before a moment.
    #[must_use]
    pub fn coming_until(&self, last: Timestamp, policy: &Policy, now: &Now) -> Vec<Event> {
        let Some(wall) = now.wall else { return vec![] };
        let comes = |event: &&Event| event.over() > wall && event.starts < last && !self.is_hidden(event.id);
        let mut coming: Vec<Event> = self.all().filter(comes).cloned().collect();
        coming.extend(lunch(policy, now).filter(|lunch| !self.is_hidden(lunch.id)));
        coming.sort_by_key(|event| (event.starts, event.all_day.is_none(), event.id));
        coming
    }

    /// Until when the house stays open for the last firm event of a day. What takes whole days keeps nobody up. Words that are hidden
    /// are no event that is called off: two reports don't close the house.
    #[must_use]
    pub fn last_of_days(&self, policy: &Policy) -> BTreeMap<Date, Timestamp> {
        let mut last: BTreeMap<Date, Timestamp> = BTreeMap::new();
        for event in self.all().filter(|event| event.firm && event.all_day.is_none()) {
            let end = last.entry(policy.day_of(event.starts)).or_insert(event.starts);
            *end = event.over().max(*end);
        }
        last
    }

    /// All there are, hidden or not, those that are over included.
    pub fn all_events(&self) -> impl Iterator<Item = &Event> {
        self.all()
    }

    fn all(&self) -> impl Iterator<Item = &Event> {
        self.calendars.values().flat_map(|calendar| &calendar.events).chain(self.proposed.values())
    }
}
