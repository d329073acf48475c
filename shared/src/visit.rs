//! How a visit begins and ends, and what a member says of being disturbed.

use serde::{Deserialize, Serialize};

/// What opened a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    /// A badge on a reader.
    Tap,
    /// A badge that signed a request at a kiosk.
    Signed,
    /// A button on the screen (a guest).
    Button,
    /// Typed by a member without a badge and vouched for.
    Declared,
    /// The manager.
    Manager,
}

/// What closed a visit. `Assumed` is never shown or exported as a tapped check-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// A badge on a departure or toggle reader.
    Tap,
    /// A badge that signed *Je repars*.
    Signed,
    /// *Je repars* on a greeting.
    Button,
    /// The manager.
    Manager,
    /// Nobody: closing time, the longest visit, or a new day.
    Assumed,
}

/// A member's availability; it ends with the visit. One that a later version adds reads as [`Availability::Here`]: a consumer must not
/// lose the whole document over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Open to questions.
    Open,
    /// Do not disturb; hides no one.
    DoNotDisturb,
    /// Here; promises nothing.
    #[default]
    #[serde(other)]
    Here,
}

/// The longest name of somebody without a badge, as it is typed at a kiosk, in characters.
pub const LONGEST_NAME: usize = 60;
/// People without a badge whom one member may vouch for on one day.
pub const VOUCHED_A_DAY: usize = 3;

macro_rules! text {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $type {
            /// The word that stands in the database and in exports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
            /// The value of such a word.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
text!(OpenedBy { Tap = "tap", Signed = "signed", Button = "button", Declared = "declared", Manager = "manager" });
text!(ClosedBy { Tap = "tap", Signed = "signed", Button = "button", Manager = "manager", Assumed = "assumed" });
text!(Availability { Here = "here", Open = "open", DoNotDisturb = "do_not_disturb" });
