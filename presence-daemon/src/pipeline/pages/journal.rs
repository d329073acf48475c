//! What only a page does, and the journal tells all the same.

use crate::deed::{About, Deed};
use serde::{Deserialize, Serialize};

/// What a page has written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// Somebody was shown something beside the pipeline (history, an export), or ended sessions, which only the pages know of.
    Write { deed: Deed, about: Option<About> },
}
