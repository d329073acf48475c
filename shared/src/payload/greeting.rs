//! `kiosk/{kiosk}/event`: what just happened at a reader, for one screen. Not retained: a greeting that is late is wrong.

use super::{TextSize, V};
use crate::language::Language;
use crate::member::MemberId;
use crate::visit::Availability;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One event for one kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KioskEvent {
    #[allow(missing_docs)]
    pub v: V,
    /// Names this event: a press on the screen says which greeting it was drawn on.
    pub id: Uuid,
    /// The daemon's connection; a grant is void in another one.
    pub session: Uuid,
    /// How long it may stay on the screen untouched, in milliseconds.
    pub expires_in_ms: u64,
    /// A dialog, or a line that covers nothing.
    pub form: Form,
    /// What to show.
    #[serde(flatten)]
    pub shown: Shown,
}

/// How much room an event may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The tap was on the reader beside this kiosk: a greeting with buttons, unless the kiosk is in use.
    Full,
    /// Another reader: a line at the bottom that covers nothing and can't be touched.
    Line,
}

/// What a kiosk shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown {
    /// Somebody known tapped.
    Greeting(Greeting),
    /// A card that is no badge yet (or a lost, retired or suspended one: the screen can't tell).
    Unknown {
        /// Such as `K7-M4`, for the manager; none when too many were given out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Lets *Entrer comme invité·e* work; only beside the reader.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grant: Option<Grant>,
    },
    /// The tap was refused.
    Refused {
        /// Why, as far as a member is told.
        reason: Refusal,
    },
}

/// A one-use right to press the buttons of this event, without a second tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Opaque; sent back with the request.
    pub token: Uuid,
    /// How long the daemon honours it, in milliseconds.
    pub expires_in_ms: u64,
}

/// What a greeting answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A visit opened.
    Arrival,
    /// A visit closed, on a departure or toggle reader.
    Departure,
    /// Already here: re-greeted. What a later version adds reads as this.
    #[serde(other)]
    Seen,
}

/// Who is greeted by name. Absent for a member who has not agreed to be named: "Bonjour! Arrivée notée."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Greeted {
    pub member: MemberId,
    pub first_name: String,
}

/// What waits for a member, by sort. A sort that a later version adds is in [`Greeting::for_you`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Waits {
    /// Somebody here can help them, or offered to.
    pub can_be_helped: u32,
    /// Somebody here looks for what they can help with.
    pub can_help: u32,
    /// Introductions: proposed or made.
    pub introductions: u32,
    /// Interests shared with somebody here: 0 or 1.
    pub interests: u32,
    /// Notes.
    pub notes: u32,
    /// Needs of theirs that end soon, passes earned, what became of an introduction, and thanks.
    pub others: u32,
}

impl Waits {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All together.
    #[must_use]
    pub fn total(self) -> u32 {
        [self.can_be_helped, self.can_help, self.introductions, self.interests, self.notes, self.others].iter().sum()
    }
}

/// A greeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// Arrival, seen again or departure.
    pub moment: Moment,
    /// Who, if they agreed to be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeted: Option<Greeted>,
    /// The member's screen language, if they chose one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known_language")]
    pub language: Option<Language>,
    /// How large they read.
    #[serde(default)]
    pub text_size: TextSize,
    /// Everybody here now, for "9 personnes ici".
    pub present: u32,
    /// More than 20 minutes since the last tap: offer *Je reste* / *Je repars* at equal size.
    pub ask_to_stay: bool,
    /// They were never asked what of them may be shown: ask, and let the answer be theirs.
    #[serde(default)]
    pub offer: bool,
    /// So many things wait for them: *Voir* opens them.
    #[serde(default)]
    pub for_you: u32,
    /// What of them the greeting may say before *Voir*: how many, never who or what.
    #[serde(default, skip_serializing_if = "Waits::is_empty")]
    pub waits: Waits,
    /// Their availability, for the row of buttons.
    #[serde(default)]
    pub availability: Availability,
    /// Lets the buttons work; only beside the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
}

/// Why a tap was refused, as far as the screen says. A lost or suspended badge is not among them: it looks like an unknown card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A phone or another card that draws a new UID at each tap.
    RandomUid,
    /// The tap could not be written to disk.
    NotRecorded,
    /// The card was taken away too early, or answered nonsense. What a later version adds reads as this.
    #[serde(other)]
    Unreadable,
}

/// A third language needs only translation files: one that this build doesn't know is none.
pub(super) fn known_language<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Language>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|code| Language::from_code(&code)))
}
