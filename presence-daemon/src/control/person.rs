//! What the manager does with one member, and with what is kept of all.

use serde::{Deserialize, Serialize};

/// A command about people. Members are an id, a number, an e-mail address or a unique name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Person {
    /// Their id.
    Find { member: String },
    /// Their badges look like unknown cards until they are resumed.
    Suspend { member: String },
    /// Ends a pause, or a departure: their badges stay as they are.
    Resume { member: String },
    /// Only badges that prove themselves count for them, or all again.
    Authentic { member: String, only: bool },
    /// Ends all they have open. `reason`: why the balance of their passes is set to 0.
    Depart { member: String, reason: String },
    /// Forgets them for good.
    Erase { member: String },
    /// Forgets whose the visits are that are older than they may be kept, however many.
    Anonymise,
}
