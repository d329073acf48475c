//! The documents on the wire. JSON, each with `"v":1`; additions keep the version, a breaking change takes a new base topic.
//! A document is whole: a late client is right after one message of each.

mod agenda;
mod for_you;
mod greeting;
mod history;
mod home;
mod measures;
mod need;
mod profile;
mod request;
mod state;
mod weekday;

pub use agenda::{Agenda, Kind, PublishedEvent};
pub use for_you::{ForYou, ForYouReply, ProposedBy};
use greeting::known_language;
pub use greeting::{Form, Grant, Greeted, Greeting, KioskEvent, Moment, Refusal, Shown, Waits};
pub use history::{History, HistoryDay, MonthError, YearMonth};
pub use home::{AtHome, Evacuate, Evacuation, OpenNeeds};
pub use measures::{Measures, Month};
pub use need::{Needs, PublishedNeed};
pub use profile::{LONGEST_SKILL, Phone, Profile, ProfileChange, ProfileField, SKILLS_AT_THE_KIOSK, TextSize};
pub use request::{Action, Answer, Args, Reported, Request, Response, refusal};
pub use state::{
    Contact, Count, Directory, DirectoryMember, Few, Lobby, LobbyEvent, LobbyNeed, LobbyNeighbour, Occupancy, OpenCount,
    OpenOccupancy, Presence, PresentMember, ReaderState, ReaderStatus, Session, State, Status,
};
pub use weekday::Weekday;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The version of the wire that this build writes.
pub const VERSION: u32 = 1;

/// The field `"v"`: written as 1, read as any version from 1 on, since later ones only add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct V;

impl Serialize for V {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

impl<'de> Deserialize<'de> for V {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            0 => Err(serde::de::Error::custom("\"v\" starts at 1")),
            _ => Ok(Self),
        }
    }
}

/// A payload that is not what its topic promises.
#[derive(Debug, thiserror::Error)]
#[error("not a payload of this version: {0}")]
pub struct PayloadError(#[from] serde_json::Error);

impl PayloadError {
    /// Where in the JSON and of which kind, without a word of what stands there.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{:?} error at line {}, column {}", self.0.classify(), self.0.line(), self.0.column())
    }
}

/// Writes a document.
///
/// # Panics
/// Never: every payload type serialises (held by a test).
#[must_use]
pub fn encode<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("payload types have string keys and no failing serialiser")
}

/// A retained document that names the daemon's session and its own revision in it.
pub(crate) trait Document: DeserializeOwned {
    /// Session and revision; within a session the greater revision is the newer one.
    fn stamp(&self) -> (Uuid, u64);
}

macro_rules! documents {
    ($($type:ty),*) => { $(impl Document for $type {
        fn stamp(&self) -> (Uuid, u64) {
            (self.session, self.rev)
        }
    })* };
}
documents!(Directory, Presence, Lobby, Occupancy, Needs, Agenda, Measures, History, Evacuation);

/// Reads a document; unknown fields are ignored, since versions add.
///
/// # Errors
/// [`PayloadError`] with the place in the JSON.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PayloadError> {
    Ok(serde_json::from_slice(bytes)?)
}

#[cfg(test)]
mod tests;
