//! A few words that are being written, on the screen.

use super::keyboard::{self, Key};
use super::layout::Layout;
use super::needs::{Asker, asker_of, short};
use crate::board::Board;
use crate::board::writing::WrittenFor;
use std::fmt;

/// What is being written. `Debug` doesn't say it.
#[derive(Clone, PartialEq, Eq)]
pub struct WritingScreen {
    /// For whom: a first name; empty for the coordination.
    pub who: String,
    /// *Je connais quelqu'un*: it answers a need.
    pub refers: bool,
    /// What is typed.
    pub text: String,
    /// How many characters that is.
    pub length: usize,
    /// It can be sent as it is.
    pub ready: bool,
    /// The keys; none while the keyboard is hidden.
    pub keys: Vec<Key>,
    /// The accented letters of the key that is held.
    pub variants: Vec<String>,
}

impl fmt::Debug for WritingScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WritingScreen").field("length", &self.length).field("ready", &self.ready).finish_non_exhaustive()
    }
}

/// Builds it, if anything is being written.
#[must_use]
pub fn build(board: &Board, layout: &Layout, width: u32) -> Option<WritingScreen> {
    let writing = board.writing()?;
    let typing = writing.typing();
    let who = match writing.to {
        WrittenFor::Member(member) => board.roster().member(member).map(|member| short(board, member)),
        WrittenFor::Need(need) => match asker_of(board, need) {
            Asker::Named(name, _) => Some(name),
            Asker::Unnamed | Asker::Space => None,
        },
    };
    let keys = || keyboard::keys(board.keyboard(), board.language(), typing.layer(), width, layout.small);
    Some(WritingScreen {
        who: who.unwrap_or_default(),
        refers: matches!(writing.to, WrittenFor::Need(_)),
        text: typing.text().to_owned(),
        length: typing.text().chars().count(),
        ready: writing.is_ready() && board.connection().is_online(),
        keys: if writing.keyboard() { keys() } else { vec![] },
        variants: typing.held().map(keyboard::variants).unwrap_or_default(),
    })
}
