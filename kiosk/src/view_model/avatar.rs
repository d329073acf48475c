//! The round face of a member: a photo if they share one, else initials on a colour drawn from the member's id.

use voisins_shared::member::{MemberId, initials};
use voisins_shared::roster::Roster;

/// The colours of initials (0xRRGGBB), each with at least 4.5:1 under white text.
pub const COLOURS: [u32; 8] = [0xA6_3E24, 0x33_658A, 0x5A_7436, 0x8A_4F7D, 0x94_5C0C, 0x25_7178, 0x6B_5CA5, 0xA2_3B55];

/// What stands for a face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar {
    /// Whose.
    pub member: MemberId,
    /// One or two letters.
    pub initials: String,
    /// 0xRRGGBB.
    pub colour: u32,
    /// The hash of the photo, if there is one to show.
    pub photo: Option<String>,
}

impl Avatar {
    /// The face of `member`, called `name`.
    #[must_use]
    pub fn of(member: MemberId, name: &str, roster: &Roster) -> Self {
        let photo = roster.photo(member).and_then(|_| roster.member(member)?.photo.clone());
        Self { member, initials: initials(name), colour: colour(member), photo }
    }
}

/// The same colour for the same member for ever, everywhere.
#[must_use]
pub fn colour(member: MemberId) -> u32 {
    COLOURS[usize::from(voisins_shared::member::colour(member)) % COLOURS.len()]
}
