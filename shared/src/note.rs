//! A few words from one member to another.

use crate::need::tidy;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A note: a random UUID (version 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteId(pub Uuid);

impl fmt::Display for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 280;
/// Notes that one member may leave a day.
pub const NOTES_A_DAY: usize = 5;
/// A note that nobody opened is erased after so many days.
pub const NOTE_DAYS: i64 = 30;

/// A note's text as it is kept: trimmed, its white space made single. `None` if nothing is left, if it is too long, or has control
/// characters.
#[must_use]
pub fn note_text(text: &str) -> Option<String> {
    tidy(text, LONGEST_NOTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_1_to_280_characters() {
        assert_eq!(note_text("  Merci\n pour hier "), Some("Merci pour hier".to_owned()));
        assert!(note_text(&"é".repeat(280)).is_some() && note_text(&"é".repeat(281)).is_none() && note_text(" ").is_none());
    }
}
