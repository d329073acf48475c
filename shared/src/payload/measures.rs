//! `measures`: how much neighbours helped each other. Numbers only.

use super::V;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `measures`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// The latest first, this month's included; 13 at most.
    pub months: Vec<Month>,
}

/// One month, by the days of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// Such as `2026-11`.
    pub month: String,
    /// Needs put up.
    pub needs_posted: u32,
    /// Needs that were met, as their author or the manager said.
    pub needs_met: u32,
    /// Between a need and its first answer, in minutes: the median of those that got one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_answer_minutes: Option<u32>,
    /// Introductions that both accepted.
    pub introduced: u32,
    /// Of those, the ones that led to a meeting, as one of the two said.
    pub led_to_meeting: u32,
    /// To a project.
    pub led_to_project: u32,
    /// To nothing so far.
    pub led_to_nothing: u32,
}

impl Month {
    /// "6 coups de main ce mois-ci": needs met, and introductions that led somewhere.
    #[must_use]
    pub fn good_turns(&self) -> u32 {
        self.needs_met.saturating_add(self.led_to_meeting).saturating_add(self.led_to_project)
    }
}
