//! *Invité·e / sans badge*: a name, typed by whoever has no badge at hand, and vouched for by the badge of somebody present. No list
//! and no suggestion helps with it, nothing says whether there is such a member, and `Debug` doesn't say the name.

use super::typing::{Keystroke, Typed, Typing};
use super::{Board, Now};
use crate::board::typing::Layer;
use std::fmt;
use voisins_shared::need::tidy;
use voisins_shared::payload::{Action, Request};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 60;

/// As what somebody comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// *Invité·e*.
    Guest,
    /// *Sans badge aujourd'hui*: a member.
    NoBadge,
}

/// A finger on the screen for those without a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuestTouch {
    /// *Invité·e / sans badge*, at home.
    Open,
    /// *Fermer*, *Annuler*: forgets the name.
    Close,
    /// One of the two.
    Way(Way),
    /// A key.
    Key(Keystroke),
    /// *Suite*: somebody's badge is asked for.
    Ask,
}

/// Who comes in without a badge.
#[derive(Default)]
pub struct Entry {
    way: Option<Way>,
    name: Typing,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("way", &self.way).finish_non_exhaustive()
    }
}

impl Entry {
    /// As what; none until that is chosen.
    #[must_use]
    pub fn way(&self) -> Option<Way> {
        self.way
    }

    /// The name, as far as it is typed.
    #[must_use]
    pub fn name(&self) -> &Typing {
        &self.name
    }

    fn choose(&mut self, way: Way) {
        (self.way, self.name) = (Some(way), Typing::default());
        self.capital();
    }

    /// Each word of a name begins with a capital; shift takes it back.
    fn capital(&mut self) {
        if self.name.layer() == Layer::Letters {
            self.name.handle_key(Keystroke::Shift, LONGEST_NAME);
        }
    }

    fn type_key(&mut self, key: Keystroke) {
        let ends_word = matches!(&key, Keystroke::Type(Typed(letter)) if letter == " ");
        self.name.handle_key(key, LONGEST_NAME);
        if ends_word {
            self.capital();
        }
    }
}

impl Board {
    /// Who comes in without a badge, while that is asked.
    #[must_use]
    pub fn guest(&self) -> Option<&Entry> {
        self.guest.as_ref()
    }

    pub(super) fn handle_guest_touch(&mut self, touch: GuestTouch, now: Now) -> Vec<Request> {
        match touch {
            GuestTouch::Open => self.guest = Some(Entry::default()),
            GuestTouch::Close => self.guest = None,
            GuestTouch::Way(way) => self.guest.iter_mut().for_each(|entry| entry.choose(way)),
            GuestTouch::Key(key) => self.guest.iter_mut().for_each(|entry| entry.type_key(key.clone())),
            GuestTouch::Ask => return self.vouch(now),
        }
        vec![]
    }

    /// Asks for somebody's badge. The name stays until that is done, or until nobody is there any more.
    fn vouch(&mut self, now: Now) -> Vec<Request> {
        let Some(entry) = &mut self.guest else { return vec![] };
        entry.name.let_go();
        let (Some(way), Some(name)) = (entry.way, tidy(entry.name.text(), LONGEST_NAME)) else { return vec![] };
        let action = match way {
            Way::Guest => Action::Guest { name },
            Way::NoBadge => Action::Declare { name },
        };
        self.ask_for_badge(action, now)
    }
}
