//! The manager's network: people outside the house who agreed to be asked. On no topic, and shown to nobody but the manager until an
//! introduction is made. Pure.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use voisins_shared::need::tidy;

/// A contact's number, for the command line. It is never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(pub i64);

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C-{}", self.0)
    }
}

impl ContactId {
    /// Reads `C-3`; a bare number is no contact, it could be anything.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix("C-").or_else(|| text.trim().strip_prefix("c-"))?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok().map(Self))?
    }
}

/// Somebody of the manager's network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Contact {
    pub id: ContactId,
    pub about: About,
    /// The day on which they agreed to be in the network.
    pub agreed_on: Date,
}

/// What the manager wrote down of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    #[allow(missing_docs)]
    pub name: String,
    /// What they can help with.
    pub skills: Vec<String>,
    /// How to reach them.
    pub reach: String,
    /// How the manager knows them.
    pub source: String,
}

/// Why a contact is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// No date of agreement.
    #[error(
        "a contact is kept only once they agreed to it: ask them, then give the day on which they did with --agreed, such as --agreed 2026-11-20"
    )]
    NotAgreed,
    /// The day is still to come.
    #[error("--agreed is a day that is still to come: give the day on which they agreed")]
    NotYet,
    /// Something is missing or too long.
    #[error(
        "a contact has a --name, at least one --skill, a --reach (e-mail or telephone) and a --source (how you know them), each of 1 to {LONGEST} characters"
    )]
    Incomplete,
}

/// The longest text of a contact, in characters.
const LONGEST: usize = 120;
/// The most skills.
const SKILLS: usize = 20;

/// A contact as it is kept, and the day of their agreement.
///
/// # Errors
/// [`ContactError`], with what to give.
pub fn contact(about: &About, agreed_on: Option<Date>, today: Date) -> Result<(About, Date), ContactError> {
    let agreed_on = agreed_on.ok_or(ContactError::NotAgreed)?;
    if agreed_on > today {
        return Err(ContactError::NotYet);
    }
    let text = |text: &str| tidy(text, LONGEST).ok_or(ContactError::Incomplete);
    let skills = about.skills.iter().map(|skill| text(skill)).collect::<Result<Vec<_>, _>>()?;
    if !(1..=SKILLS).contains(&skills.len()) {
        return Err(ContactError::Incomplete);
    }
    let about = About { name: text(&about.name)?, skills, reach: text(&about.reach)?, source: text(&about.source)? };
    Ok((about, agreed_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        let text = str::to_owned;
        About { name: text("Dora Ng"), skills: vec![text(" Droit  civil ")], reach: text("dora@example.org"), source: text("CCMM") }
    }

    #[test]
    fn a_contact_without_a_date_of_agreement_is_not_kept() {
        let today: Date = "2026-11-23".parse().unwrap();
        assert_eq!(contact(&about(), None, today), Err(ContactError::NotAgreed));
        assert_eq!(contact(&about(), today.tomorrow().ok(), today), Err(ContactError::NotYet));
        let (kept, agreed_on) = contact(&about(), Some(today), today).unwrap();
        assert_eq!((&*kept.skills[0], agreed_on), ("Droit civil", today));
    }

    #[test]
    fn a_contact_says_who_what_how_and_whence() {
        let today: Date = "2026-11-23".parse().unwrap();
        for broken in [
            About { name: " ".into(), ..about() },
            About { skills: vec![], ..about() },
            About { reach: String::new(), ..about() },
            About { source: "x".repeat(121), ..about() },
        ] {
            assert_eq!(contact(&broken, Some(today), today), Err(ContactError::Incomplete), "{broken:?}");
        }
    }

    #[test]
    fn a_contacts_number_is_written_and_read_the_same() {
        assert_eq!(ContactId::parse(&ContactId(12).to_string()), Some(ContactId(12)));
        assert_eq!((ContactId::parse("12"), ContactId::parse("C-"), ContactId::parse("M-0012")), (None, None, None));
    }
}
