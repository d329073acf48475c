//! Who comes in without a badge, on the screen.

use super::keyboard::{self, Key};
use super::layout::Layout;
use crate::board::Board;
use crate::board::guest::Way;
use std::fmt;

/// Who comes in without a badge. `Debug` doesn't say the name.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct GuestScreen {
    /// As what; none until that is chosen.
    pub way: Option<Way>,
    pub name: String,
    /// The keys; none until something is chosen.
    pub keys: Vec<Key>,
    /// The accented letters of the key that is held.
    pub variants: Vec<String>,
}

impl fmt::Debug for GuestScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuestScreen").field("way", &self.way).finish_non_exhaustive()
    }
}

/// Builds it, while somebody is at it.
#[must_use]
pub fn build(board: &Board, layout: &Layout, width: u32) -> Option<GuestScreen> {
    let entry = board.guest()?;
    let name = entry.name();
    let keys = entry.way().map(|_| keyboard::keys(board.keyboard(), board.language(), name.layer(), width, layout.small));
    Some(GuestScreen {
        way: entry.way(),
        name: name.text().to_owned(),
        keys: keys.unwrap_or_default(),
        variants: name.held().map(keyboard::variants).unwrap_or_default(),
    })
}
