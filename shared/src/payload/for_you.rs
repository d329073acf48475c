//! *Pour vous*: what waits for a member, opened by them on their own greeting. It goes to that kiosk alone.

use super::Greeted;
use crate::need::NeedId;
use serde::{Deserialize, Serialize};

/// One thing that waits. None of them is shown before *Voir*, and none is told twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ForYou {
    /// Somebody here looks for what they can help with.
    CanHelp {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the asker's words.
        text: String,
        /// Who looks for it, if they chose to be named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asker: Option<Greeted>,
        /// The reader's own words that fit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<String>,
    },
    /// Somebody here can help with what they look for.
    CanBeHelped {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the reader's own words.
        text: String,
        /// Who: they show their name and the skill on kiosks.
        helper: Greeted,
        /// The helper's words that fit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<String>,
    },
    /// Somebody said *Je peux aider*.
    Offered {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the reader's own words.
        text: String,
        /// Who, if they show their name; else the coordination knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        helper: Option<Greeted>,
    },
    /// What a later version adds reads as this, and is left out.
    #[serde(other)]
    Unknown,
}
