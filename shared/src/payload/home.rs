//! What other systems of the house read and say: Home Assistant, Node-RED, whatever speaks MQTT.

use super::V;
use crate::member::MemberId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `needs/count`: a number for those who may not read the needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenNeeds {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// Needs on the board. One for the coordination only is not counted: it is on no topic.
    pub open: u32,
}

/// `evacuation`: whether everybody is asked to leave the building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evacuation {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    #[allow(missing_docs)]
    pub active: bool,
    /// Since when, if the time is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// `ha/{member}`: one who agreed to be known to the house's automation, and whether they are here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtHome {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub member: MemberId,
    /// First name and initial; no two are the same.
    pub name: String,
    /// Tapped within `fresh_for`, and not gone since.
    pub present: bool,
}

/// `command/evacuation`: asks for it to begin or to end. Not retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evacuate {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub active: bool,
}
