//! What the coordination does with events: the space's own, which stand in a calendar without a name (no other can have none), and what
//! members proposed. Pure.

use super::{Agenda, Calendar, CalendarId, Event, EventEnd, Words};
use crate::presence::What;
use jiff::{SignedDuration, Timestamp};
use voisins_shared::agenda::{EventId, title_text};
use voisins_shared::payload::{Kind, refusal};

/// The name of the calendar of the space's own events.
pub const OWN: &str = "";
/// An event of the space may be put up for so many days ahead.
const DAYS_AHEAD: i64 = 400;
/// Events of the space that were over so long ago are forgotten when another is put up.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);

/// What the coordination asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    /// The space puts up an event: firm, or to see who would come.
    Put { event: EventId, words: Words, starts: Timestamp, firm: bool, wall: Option<Timestamp> },
    /// Another title, place or time.
    Change { event: EventId, words: Words, starts: Timestamp, wall: Option<Timestamp> },
    /// It takes place, however many go.
    Confirm(EventId),
}

fn tidied(words: &Words) -> Result<Words, &'static str> {
    let title = title_text(&words.title).ok_or(refusal::BAD_EVENT)?;
    let place = match words.place.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(place) => Some(title_text(place).ok_or(refusal::BAD_EVENT)?),
    };
    Ok(Words { title, place })
}

fn to_come(starts: Timestamp, wall: Option<Timestamp>) -> Result<Timestamp, &'static str> {
    // without the time nobody knows whether it is still to come
    let wall = wall.ok_or(refusal::BAD_EVENT)?;
    let ahead = starts.duration_since(wall);
    let fits = ahead.is_positive() && ahead <= SignedDuration::from_hours(24 * DAYS_AHEAD);
    if fits { Ok(wall) } else { Err(refusal::BAD_EVENT) }
}

impl Agenda {
    pub(super) fn decide_own(&self, step: &Step) -> Result<Vec<What>, &'static str> {
        match step {
            Step::Put { event, words, starts, firm, wall } => {
                let (words, wall) = (tidied(words)?, to_come(*starts, *wall)?);
                let (id, kind, starts, firm) = (*event, Kind::Event, *starts, *firm);
                let new = Event { id, kind, words, starts, ends: None, all_day: None, firm, proposed: None };
                let old = wall.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
                let kept = self.own().iter().filter(|event| event.over() > old && event.id != id).cloned();
                Ok(vec![read(kept.chain([new]).collect())])
            }
            Step::Change { event, words, starts, wall } => {
                let words = tidied(words)?;
                let before = self.proposed.get(event).or_else(|| self.own_event(*event)).ok_or(refusal::NO_SUCH_EVENT)?;
                // words may be set right while it takes place
                if before.starts != *starts {
                    to_come(*starts, *wall)?;
                }
                if before.words == words && before.starts == *starts {
                    return Ok(vec![]);
                }
                let after = Event { words, starts: *starts, ..before.clone() };
                if self.proposed.contains_key(event) {
                    let (starts, until) = (after.starts, after.over());
                    return Ok(vec![What::EventEdited { event: *event, starts, until, words: after.words }]);
                }
                Ok(vec![self.with_own(&after)])
            }
            Step::Confirm(event) => match (self.proposed.get(event), self.own_event(*event)) {
                (Some(found), _) | (_, Some(found)) if found.firm => Ok(vec![]),
                (Some(_), _) => Ok(vec![What::EventFirm { event: *event }]),
                (_, Some(found)) => Ok(vec![self.with_own(&Event { firm: true, ..found.clone() })]),
                _ => Err(refusal::NO_SUCH_EVENT),
            },
        }
    }

    /// The space calls its own event off: it leaves the calendar, and who said they go is forgotten.
    pub(super) fn cancel_own(&self, event: EventId) -> Result<Vec<What>, &'static str> {
        self.own_event(event).ok_or(refusal::NO_SUCH_EVENT)?;
        let kept = self.own().iter().filter(|found| found.id != event).cloned().collect();
        Ok(vec![read(kept), What::EventEnded { event, end: EventEnd::Cancelled }])
    }

    /// The space's own events, those that are over included.
    #[must_use]
    pub fn own(&self) -> &[Event] {
        self.calendars.get(&CalendarId::of(OWN)).map(|calendar| &*calendar.events).unwrap_or_default()
    }

    /// One of the space's own events.
    #[must_use]
    pub fn own_event(&self, event: EventId) -> Option<&Event> {
        self.own().iter().find(|found| found.id == event)
    }

    fn with_own(&self, event: &Event) -> What {
        read(self.own().iter().map(|found| if found.id == event.id { event.clone() } else { found.clone() }).collect())
    }
}

fn read(mut events: Vec<Event>) -> What {
    events.sort_by_key(|event| (event.starts, event.id));
    What::CalendarRead { calendar: CalendarId::of(OWN), read: Calendar { name: OWN.to_owned(), imported: true, events } }
}
