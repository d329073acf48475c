//! One event: of a calendar, proposed, or the question who eats here at noon.

use crate::clock::Now;
use crate::policy::Policy;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use voisins_shared::agenda::EventId;
use voisins_shared::member::MemberId;
use voisins_shared::payload::Kind;

/// An event whose end nobody said is taken to last so long.
pub(super) const USUALLY_LASTS: SignedDuration = SignedDuration::from_hours(2);
/// The name space of the ids that are made from what they name, so that they are the same each time.
const IDS: Uuid = Uuid::from_u128(0x5f0c_91d2_3b6e_4c07_9a1d_2e84_c0b7_713a);

/// A calendar: its id follows from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CalendarId(pub Uuid);

impl CalendarId {
    /// The calendar of that name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(Uuid::new_v5(&IDS, format!("calendar\n{name}").as_bytes()))
    }

    /// One occurrence of one of its events, by the event's UID and the moment at which the calendar's rule places it.
    #[must_use]
    pub fn occurrence(self, uid: &str, at: &str) -> EventId {
        EventId(Uuid::new_v5(&self.0, format!("{uid}\n{at}").as_bytes()))
    }
}

/// An event's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Words {
    pub title: String,
    pub place: Option<String>,
}

/// An event, or one occurrence of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[allow(missing_docs)]
    pub id: EventId,
    #[allow(missing_docs)]
    pub kind: Kind,
    #[allow(missing_docs)]
    pub words: Words,
    #[allow(missing_docs)]
    pub starts: Timestamp,
    /// If that was said.
    pub ends: Option<Timestamp>,
    /// It takes whole days: the first one.
    pub all_day: Option<Date>,
    /// It takes place: not in incubation, not marked as tentative in its calendar.
    pub firm: bool,
    /// Who proposed it, if it was proposed here.
    pub proposed: Option<Proposed>,
}

/// What an event has that was proposed at a kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    #[allow(missing_docs)]
    pub author: MemberId,
    /// Firm once so many go.
    pub firm_at: u32,
}

impl Event {
    /// When it is over, as far as is known.
    #[must_use]
    pub fn over(&self) -> Timestamp {
        self.ends.unwrap_or_else(|| self.starts.checked_add(USUALLY_LASTS).unwrap_or(Timestamp::MAX))
    }
}

/// "Qui mange ici à midi?", while the question is open: every day of the house by itself.
#[must_use]
pub fn lunch(policy: &Policy, now: &Now) -> Option<Event> {
    let wall = now.wall?;
    let day = policy.day_of(wall);
    let (starts, ends) = policy.lunch(day).filter(|(from, until)| (*from..*until).contains(&wall))?;
    let id = EventId(Uuid::new_v5(&IDS, format!("lunch\n{day}").as_bytes()));
    let (kind, words) = (Kind::Lunch, Words::default());
    Some(Event { id, kind, words, starts, ends: Some(ends), all_day: None, firm: true, proposed: None })
}
