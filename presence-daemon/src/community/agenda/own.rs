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

#[cfg(test)]
mod tests {
    use super::super::Step as Asked;
    use super::*;
    use crate::clock::{BootId, Now};
    use crate::presence::PresenceEvent;
    use std::time::Duration;
    use uuid::Uuid;

    fn wall() -> Timestamp {
        "2026-10-23T13:00:00Z".parse().unwrap()
    }

    fn later(hours: i64) -> Timestamp {
        wall().checked_add(SignedDuration::from_hours(hours)).unwrap()
    }

    fn words(title: &str) -> Words {
        Words { title: title.to_owned(), place: Some(" Cuisine ".to_owned()) }
    }

    fn does(agenda: &mut Agenda, step: Asked) -> Result<usize, &'static str> {
        let decided = agenda.decide(&step)?;
        let at = Now { boot: BootId(Uuid::nil()), since_boot: Duration::ZERO, wall: Some(wall()) };
        let happened = decided.len();
        decided.into_iter().for_each(|what| agenda.apply(&PresenceEvent { at, what }));
        Ok(happened)
    }

    fn put(n: u128, title: &str, starts: Timestamp, firm: bool) -> Asked {
        Asked::Own(Step::Put { event: EventId(Uuid::from_u128(n)), words: words(title), starts, firm, wall: Some(wall()) })
    }

    #[test]
    fn an_event_of_the_space_is_put_up_changed_confirmed_and_called_off() {
        let (mut agenda, event) = (Agenda::default(), EventId(Uuid::from_u128(1)));
        does(&mut agenda, put(1, "5 à 7", later(24), false)).unwrap();
        does(&mut agenda, put(2, "Dîner", later(48), true)).unwrap();
        assert_eq!((agenda.own().len(), agenda.own_event(event).unwrap().firm), (2, false));
        let change = Step::Change { event, words: words("6 à 8"), starts: later(25), wall: Some(wall()) };
        assert_eq!(does(&mut agenda, Asked::Own(change.clone())), Ok(1));
        assert_eq!(does(&mut agenda, Asked::Own(change)), Ok(0), "the same again is nothing");
        assert_eq!(does(&mut agenda, Asked::Own(Step::Confirm(event))), Ok(1));
        let found = agenda.own_event(event).unwrap();
        assert_eq!((&*found.words.title, found.words.place.as_deref(), found.firm), ("6 à 8", Some("Cuisine"), true));
        does(&mut agenda, Asked::Cancel(event)).unwrap();
        assert_eq!((agenda.own().len(), agenda.own_event(event)), (1, None));
        assert_eq!(does(&mut agenda, Asked::Cancel(event)), Err(refusal::NO_SUCH_EVENT));
    }

    #[test]
    fn what_is_over_too_far_ahead_or_without_a_title_is_not_put_up() {
        let mut agenda = Agenda::default();
        for step in [put(1, "x", wall(), true), put(1, "x", later(24 * 500), true), put(1, " ", later(1), true)] {
            assert_eq!(does(&mut agenda, step), Err(refusal::BAD_EVENT));
        }
    }
}
