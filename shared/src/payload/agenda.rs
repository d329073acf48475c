//! `agenda`: what happens in the house, today and in the days to come.

use super::V;
use crate::agenda::EventId;
use crate::member::MemberId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `agenda`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// The next first; those that are over are not in it.
    pub events: Vec<PublishedEvent>,
}

/// What sort of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// "Qui mange ici à midi?": every day by itself, without a title of its own.
    Lunch,
    /// What a calendar or somebody in the house announced. What a later version adds reads as this.
    #[default]
    #[serde(other)]
    Event,
}

/// One occurrence of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedEvent {
    #[allow(missing_docs)]
    pub id: EventId,
    #[allow(missing_docs)]
    #[serde(default)]
    pub kind: Kind,
    /// In the words of its calendar or its author; empty for [`Kind::Lunch`].
    #[serde(default)]
    pub title: String,
    /// Where, in the house or out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When it begins; of one that takes whole days, the beginning of the first.
    pub starts: Timestamp,
    /// When it ends, if that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// It takes whole days: the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_day: Option<Date>,
    /// Everybody who said *J'en suis*.
    #[serde(default)]
    pub going: u32,
    /// Those of them who show their name on kiosks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<MemberId>,
    /// In incubation: firm once so many go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm_at: Option<u32>,
    /// Who proposed it at a kiosk, if they show their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<MemberId>,
}
