//! The evacuation list as it lies in a file beside the database: who may be in the building. The kiosk of the same machine reads it, with
//! broker, daemon and network down. Never on MQTT: it names everybody.

use crate::name::ReaderName;
use crate::payload::V;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the file is called.
pub const FILE: &str = "muster.json";
/// A file that nobody has refreshed for so long is old: the daemon touches it more often than that.
pub const FRESH_FOR: std::time::Duration = std::time::Duration::from_secs(120);

/// How somebody is known to have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// With a badge.
    Tapped,
    /// A member without their badge: another one vouched for them.
    Declared,
    /// Written down by the manager.
    Manager,
    /// A guest.
    Guest,
}

impl How {
    /// All.
    pub const ALL: [Self; 4] = [Self::Tapped, Self::Declared, Self::Manager, Self::Guest];
}

/// Somebody who was found outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safe {
    /// Who says so.
    pub by: String,
    /// When.
    pub at: Option<Timestamp>,
}

/// Somebody who may be in the building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The visit's number.
    pub visit: u64,
    /// The whole name, whatever is shown on screens; empty if nobody knows it.
    pub name: String,
    #[allow(missing_docs)]
    pub how: How,
    /// Nobody saw them leave: the space closed, or the longest visit was over.
    pub unconfirmed: bool,
    /// When they came.
    pub since: Option<Timestamp>,
    /// The last tap.
    pub seen: Option<Timestamp>,
    /// Where that was.
    pub reader: Option<ReaderName>,
    /// Who vouched for them.
    pub vouched_by: Option<String>,
    /// In this evacuation.
    pub safe: Option<Safe>,
}

/// A time in which somebody may have come in unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The reader that was dead; none: all of them, with the daemon.
    pub reader: Option<ReaderName>,
    /// Since when, as far as is known.
    pub since: Option<Timestamp>,
    /// Until when; none: it still is.
    pub until: Option<Timestamp>,
}

/// An evacuation that is going on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evacuation {
    /// Its number.
    pub id: i64,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Who said so.
    pub by: String,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muster {
    #[allow(missing_docs)]
    pub v: V,
    /// The site's name as people write it.
    pub title: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// When it last changed; none while the clock is not trusted. How long ago it was refreshed is the file's own time.
    pub changed: Option<Timestamp>,
    /// By name; those of whom it is not known whether they left come last.
    pub people: Vec<Person>,
    /// Since this morning.
    pub gaps: Vec<Gap>,
    #[allow(missing_docs)]
    pub evacuation: Option<Evacuation>,
    /// The kiosk's PIN as a PHC string (argon2id); none: the kiosk doesn't show the list.
    pub pin: Option<String>,
}

impl Muster {
    /// How many were found, of how many.
    #[must_use]
    pub fn safe(&self) -> (usize, usize) {
        (self.people.iter().filter(|person| person.safe.is_some()).count(), self.people.len())
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`crate::payload::PayloadError`] if it isn't one.
    pub fn read(bytes: &[u8]) -> Result<Self, crate::payload::PayloadError> {
        crate::payload::decode(bytes)
    }
}
