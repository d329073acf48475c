//! What somebody looks for: who may read it, and its limits.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A need, for programs: a random UUID (version 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NeedId(pub Uuid);

impl fmt::Display for NeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who may read a need, chosen by its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// On the board, with the author's first name.
    Named,
    /// On the board without a name: answers go through the manager.
    Unnamed,
    /// The manager only: on no screen and no topic. What a later version adds reads as this.
    #[serde(other)]
    Coordination,
}

impl Audience {
    /// All, the most open first.
    pub const ALL: [Self; 3] = [Self::Named, Self::Unnamed, Self::Coordination];

    /// The word on the wire, in the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Unnamed => "unnamed",
            Self::Coordination => "coordination",
        }
    }

    /// The audience such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == text)
    }
}

/// The longest text of a need, in characters.
pub const LONGEST_NEED: usize = 140;
/// Open needs that one member may have.
pub const OPEN_NEEDS: usize = 3;
/// Skills that an author may name with a need.
pub const SKILLS_OF_A_NEED: usize = 3;
/// A need is open for so many days, unless it is closed before.
pub const NEED_DAYS: i64 = 21;

/// A need's text as it is kept: trimmed, its white space made single. `None` if nothing is left, if it is too long, or has
/// control characters.
#[must_use]
pub fn need_text(text: &str) -> Option<String> {
    tidy(text, LONGEST_NEED)
}

/// What people type, as it is kept: trimmed, its white space made single; `None` if nothing is left, if it has more than `longest`
/// characters, or control characters.
#[must_use]
pub fn tidy(text: &str, longest: usize) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_written_and_read_the_same() {
        assert!(Audience::ALL.into_iter().all(|a| Audience::from_text(a.as_str()) == Some(a)));
        assert_eq!(serde_json::from_str::<Audience>("\"everybody\"").unwrap(), Audience::Coordination, "the most private");
    }

    #[test]
    fn a_text_is_trimmed_and_at_most_140_characters() {
        assert_eq!(need_text("  relire \n mon   contrat ").as_deref(), Some("relire mon contrat"));
        assert_eq!(need_text(&"é".repeat(140)).map(|text| text.chars().count()), Some(140));
        for bad in ["", " \n ", "a\u{7}b", &"x".repeat(141)] {
            assert_eq!(need_text(bad), None, "{bad:?}");
        }
    }
}
