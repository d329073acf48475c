//! `needs`: what people in the house look for, as its authors chose to show it.

use super::V;
use crate::member::MemberId;
use crate::need::NeedId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `needs`. One for the manager only is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    /// The latest first.
    pub needs: Vec<PublishedNeed>,
}

/// A need as others may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedNeed {
    #[allow(missing_docs)]
    pub id: NeedId,
    /// In the author's words.
    pub text: String,
    /// Skills that the author named with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Who looks for it, if they chose to be named and are in the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<MemberId>,
    /// The space itself looks for it.
    #[serde(default)]
    pub space: bool,
    /// Day passes that the space gives in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes: Option<u32>,
    /// Since when; absent while the clock is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<Timestamp>,
}
