//! What happens in the house: lunches, 5 à 7, game nights.

use crate::need::tidy;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// One occurrence of an event: the same UUID each time its calendar is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub Uuid);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The longest title and the longest place of an event that is proposed at a kiosk, in characters.
pub const LONGEST_TITLE: usize = 60;
/// Events in incubation that one member may have.
pub const OPEN_EVENTS: usize = 2;
/// An event can be proposed for the next so many days.
pub const DAYS_AHEAD: i64 = 60;
/// An event becomes firm with at least so many people, and at most so many.
pub const FIRM_AT: std::ops::RangeInclusive<u32> = 2..=50;

/// An event's title or place as it is kept. `None` if nothing is left, if it is too long, or has control characters.
#[must_use]
pub fn title_text(text: &str) -> Option<String> {
    tidy(text, LONGEST_TITLE)
}
