//! A few words that are being written, for a member or about a need: the badge that signs them says whose they are. What is typed is
//! nobody's business until then: `Debug` doesn't say it.

use super::typing::{Keystroke, Typing};
use super::{Board, Now};
use std::fmt;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::note::{LONGEST_NOTE, note_text};
use voisins_shared::payload::{Action, Request};

/// What the words are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenFor {
    /// *Laisser un mot*, on a member's card.
    Member(MemberId),
    /// *Je connais quelqu'un*, on a need.
    Need(NeedId),
}

/// A finger on what is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WritingTouch {
    /// *Laisser un mot*, *Je connais quelqu'un*: opens it.
    Open(WrittenFor),
    /// *Annuler*: forgets it.
    Close,
    /// The field: brings the keyboard back.
    Field,
    /// A key.
    Key(Keystroke),
    /// *Suite*: the keyboard makes room.
    Done,
    /// *Envoyer*.
    Send,
}

/// What is being written.
pub struct Writing {
    /// What for.
    pub to: WrittenFor,
    typing: Typing,
    keyboard: bool,
}

impl fmt::Debug for Writing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writing").field("keyboard", &self.keyboard).finish_non_exhaustive()
    }
}

impl Writing {
    /// The text under the hand.
    #[must_use]
    pub fn typing(&self) -> &Typing {
        &self.typing
    }

    /// Whether the keyboard is there.
    #[must_use]
    pub fn keyboard(&self) -> bool {
        self.keyboard
    }

    /// Whether it can be sent as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        note_text(self.typing.text()).is_some()
    }
}

impl Board {
    /// What is being written, if anything is.
    #[must_use]
    pub fn writing(&self) -> Option<&Writing> {
        self.writing.as_ref()
    }

    pub(super) fn handle_writing_touch(&mut self, touch: WritingTouch, now: Now) -> Vec<Request> {
        match touch {
            WritingTouch::Open(to) => {
                // without news nothing can be left
                self.writing = self.connection.is_online().then(|| Writing { to, typing: Typing::default(), keyboard: true });
                self.settle_writing();
                return vec![];
            }
            WritingTouch::Close => {
                self.writing = None;
                return vec![];
            }
            WritingTouch::Send => return self.send(now),
            _ => {}
        }
        let Some(writing) = &mut self.writing else { return vec![] };
        match touch {
            WritingTouch::Key(key) => writing.typing.handle_key(key, LONGEST_NOTE),
            _ => {
                writing.typing.let_go();
                writing.keyboard = touch == WritingTouch::Field;
            }
        }
        vec![]
    }

    /// Asks for the badge. What is written stays until it is signed, or until nobody is there any more.
    fn send(&mut self, now: Now) -> Vec<Request> {
        let Some(writing) = &mut self.writing else { return vec![] };
        let Some(text) = note_text(writing.typing.text()) else { return vec![] };
        let action = match writing.to {
            WrittenFor::Member(member) => Action::LeaveNote { member, text },
            WrittenFor::Need(need) => Action::Refer { need, text },
        };
        self.ask_for_badge(action, now)
    }

    /// Closes what is for somebody who took their consent back, and anything when names leave the screen.
    pub(super) fn settle_writing(&mut self) {
        let names = self.connection.keeps_names();
        let roster = &self.roster;
        let is_there = |to: WrittenFor| match to {
            WrittenFor::Member(member) => roster.member(member).is_some(),
            WrittenFor::Need(need) => roster.needs().iter().any(|of| of.id == need),
        };
        // a badge may be about to sign it, and its answer says what to do
        let keeps = self.sign.is_some();
        self.writing.take_if(|writing| !names || !(keeps || is_there(writing.to)));
    }
}
