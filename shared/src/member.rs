//! Who a badge belongs to: ids, the short number, short forms of a name, and consent by field and surface.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A member, for programs: a random UUID (version 4). It says nothing of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub Uuid);

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A member, for people: a short stable number, written `M-0142`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberNumber(pub u32);

impl MemberNumber {
    /// Reads `M-0142` (or `m-142`); a bare number is no member number, it could be anything.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("M-").or_else(|| text.strip_prefix("m-"))?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().map(Self)
    }
}

impl fmt::Display for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "M-{:04}", self.0)
    }
}

/// The part of a name that a greeting uses: all before the first space ("Marc-Antoine Roy" → "Marc-Antoine").
#[must_use]
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or("")
}

/// First name and initial of the last word ("Hanneke de Vries" → "Hanneke V."), as the lobby screen shows.
#[must_use]
pub fn first_name_and_initial(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, .., last] => match last.chars().find(|c| c.is_alphabetic()) {
            Some(initial) => format!("{first} {}.", initial.to_uppercase()),
            None => (*first).to_owned(),
        },
    }
}

/// One or two capital letters for an avatar without a photo ("Hanneke de Vries" → "HV").
#[must_use]
pub fn initials(name: &str) -> String {
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric())).flat_map(char::to_uppercase);
    match (letters.next(), letters.next_back()) {
        (Some(a), Some(b)) => format!("{a}{b}"),
        (Some(a), None) => a.to_string(),
        _ => "·".to_owned(),
    }
}

/// A field of a member that may be shown, each under a consent of its own. Without [`Field::Name`] nothing else is published.
/// (The closed list of the wire and the CSV; surfaces are [`Surface`].)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // they say what they are
pub enum Field {
    Name,
    Photo,
    Title,
    Pronouns,
    Languages,
    Skills,
    Interests,
    LookingFor,
    Since,
    Table,
    UsualDays,
    Contact,
}

/// Where a field may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// Kiosks inside the house. A consent that names no surface is for this one.
    Kiosk,
    /// The lobby screen: first name and initial.
    Lobby,
    /// Home Assistant, outside the house.
    HomeAssistant,
    /// Other sites of the same network.
    OtherSites,
}

impl Field {
    /// All fields, in the order of the CSV's documentation.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Photo,
        Self::Title,
        Self::Pronouns,
        Self::Languages,
        Self::Skills,
        Self::Interests,
        Self::LookingFor,
        Self::Since,
        Self::Table,
        Self::UsualDays,
        Self::Contact,
    ];

    /// The word on the wire, in the CSV and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Photo => "photo",
            Self::Title => "title",
            Self::Pronouns => "pronouns",
            Self::Languages => "languages",
            Self::Skills => "skills",
            Self::Interests => "interests",
            Self::LookingFor => "looking_for",
            Self::Since => "since",
            Self::Table => "table",
            Self::UsualDays => "usual_days",
            Self::Contact => "contact",
        }
    }

    /// The field such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }
}

impl Surface {
    /// All surfaces.
    pub const ALL: [Self; 4] = [Self::Kiosk, Self::Lobby, Self::HomeAssistant, Self::OtherSites];

    /// The word on the wire, in the CSV and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Lobby => "lobby",
            Self::HomeAssistant => "home_assistant",
            Self::OtherSites => "other_sites",
        }
    }

    /// The surface such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|surface| surface.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_number_is_written_and_read_the_same() {
        assert_eq!(MemberNumber(142).to_string(), "M-0142");
        assert_eq!(MemberNumber::parse("M-0142"), Some(MemberNumber(142)));
        assert_eq!(MemberNumber::parse("m-12345"), Some(MemberNumber(12345)));
        for bad in ["142", "M-", "M-1a", "M--1", "M-99999999999"] {
            assert_eq!(MemberNumber::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn short_forms_of_a_name() {
        for (name, first, lobby, letters) in [
            ("Hanneke de Vries", "Hanneke", "Hanneke V.", "HV"),
            ("Marc-Antoine Roy", "Marc-Antoine", "Marc-Antoine R.", "MR"),
            ("Zoé", "Zoé", "Zoé", "Z"),
            ("  élise   d’Œuvre ", "élise", "élise D.", "ÉD"),
            ("", "", "", "·"),
            ("🎈 Léa", "🎈", "🎈 L.", "L"),
            ("محمد علي", "محمد", "محمد ع.", "مع"),
        ] {
            assert_eq!((first_name(name), &*first_name_and_initial(name), &*initials(name)), (first, lobby, letters));
        }
    }

    #[test]
    fn fields_and_surfaces_read_back() {
        assert!(Field::ALL.into_iter().all(|f| Field::from_text(f.as_str()) == Some(f)));
        assert!(Surface::ALL.into_iter().all(|s| Surface::from_text(s.as_str()) == Some(s)));
        assert_eq!(Field::from_text("shoe_size"), None);
    }
}
