//! Two people who are introduced to each other, and what came of it.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// An introduction: a random UUID (version 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntroductionId(pub Uuid);

impl fmt::Display for IntroductionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an introduction led to, as one of the two says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Led {
    /// They met.
    Met,
    /// To a project together.
    Project,
    /// To nothing, so far. What a later version adds reads as this.
    #[serde(other)]
    Nothing,
}

impl Led {
    /// All, the least first.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Met, Self::Project];

    /// The word in the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Project => "project",
            Self::Nothing => "nothing",
        }
    }

    /// What such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|led| led.as_str() == text)
    }
}

/// A proposal that is not accepted by both within so many days has ended.
pub const ANSWER_DAYS: i64 = 5;
/// So many days after an introduction both are asked what it led to.
pub const ASKED_AFTER_DAYS: i64 = 7;
/// A proposal that a member asks for: so many may be open.
pub const OPEN_PROPOSALS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_led_to_is_written_and_read_the_same() {
        assert!(Led::ALL.into_iter().all(|led| Led::from_text(led.as_str()) == Some(led)));
        assert!(Led::ALL.into_iter().all(|led| serde_json::to_string(&led).unwrap() == format!("\"{}\"", led.as_str())));
    }
}
