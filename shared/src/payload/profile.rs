//! *Ma fiche*: a member's own record, opened at a kiosk by their badge. It goes to that kiosk alone, as the answer to what was signed.

use super::Grant;
use crate::language::Language;
use crate::member::{Field, MemberId, Surface};
use crate::visit::Availability;
use serde::{Deserialize, Serialize};

/// How large a member wants to read: kept with them, used by every screen that their badge opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// Larger.
    Large,
    /// The largest.
    Largest,
    /// As the space has it. What a later version adds reads as this.
    #[default]
    #[serde(other)]
    Normal,
}

impl TextSize {
    /// All, the smallest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Largest];

    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    /// The size such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.as_str() == text)
    }
}

/// A member's record as they see it themselves: what stands in each field, and who may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Lets it be changed; each change renews it.
    pub grant: Grant,
    /// For the colour of the face.
    pub member: MemberId,
    /// The whole name, also of a member who shows it to nobody: they opened it themselves.
    pub name: String,
    /// Every field that can be shown, in the order of [`Field::ALL`].
    pub fields: Vec<ProfileField>,
    /// Their skills, in their order.
    pub skills: Vec<String>,
    /// What they say of being disturbed, while they are here.
    pub availability: Availability,
    /// The language of their screens, if they chose one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::known_language")]
    pub language: Option<Language>,
    /// How large they read.
    #[serde(default)]
    pub text_size: TextSize,
    /// Day passes they have left; absent for who comes without passes. Over-use reads as 0: it is the manager's to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes: Option<u32>,
    /// The way to the whole of it on their phone; with the opening only, and absent where phones can't reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

/// A one-use link to *Ma fiche* on a phone, to be drawn as a QR code. `Debug` doesn't tell it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Where it leads: the first who opens it.
    pub link: String,
    /// How long it works, in milliseconds.
    pub expires_in_ms: u64,
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone").field("expires_in_ms", &self.expires_in_ms).finish_non_exhaustive()
    }
}

/// One field of a [`Profile`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileField {
    /// Which.
    pub field: Field,
    /// What stands in it, an entry a piece; empty if nothing does, and for what only the house knows (since when, a photo).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value: Vec<String>,
    /// Where it is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown_on: Vec<Surface>,
}

/// A change that a member makes to their own record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProfileChange {
    /// Show fields on a surface, or show them no more. Each is a consent, or its withdrawal, by the member.
    Show {
        /// Which fields.
        fields: Vec<Field>,
        /// Where.
        surface: Surface,
        /// Granted, or withdrawn.
        shown: bool,
    },
    /// All their skills as they are to stand.
    Skills {
        #[allow(missing_docs)]
        skills: Vec<String>,
    },
    /// The language of their screens.
    Language {
        #[allow(missing_docs)]
        language: Language,
    },
    /// How large they read.
    TextSize {
        #[allow(missing_docs)]
        text_size: TextSize,
    },
    /// *Fermer*: the right to change it ends.
    Close,
    /// What a later version adds reads as this, and is refused.
    #[serde(other)]
    Unknown,
}

/// Skills that a member can give themselves at a kiosk; those who have more may only take some away there.
pub const SKILLS_AT_THE_KIOSK: usize = 3;
/// The longest text of a skill, in characters.
pub const LONGEST_SKILL: usize = 60;
