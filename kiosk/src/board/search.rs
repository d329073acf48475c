//! The search: what is typed, what it found, and the keyboard. It leaves no trace: nothing here is logged, and `Debug` doesn't say it.

use super::typing::{Keystroke, Typing};
pub use super::typing::{Layer, Typed};
use std::fmt;
use voisins_shared::matching::{Found, Hit, Index, Profile, Why};
use voisins_shared::payload::{Directory, DirectoryMember};

/// Nobody looks for more than this; in letters.
const LONGEST: usize = 60;

/// A finger on the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTouch {
    /// The field: opens the search, or brings the keyboard back.
    Field,
    /// *Fermer*.
    Close,
    /// A key; `×` brings the keyboard back.
    Key(Keystroke),
    /// *Chercher*: the keyboard makes room.
    Submit,
    /// A chip: search for what it says.
    Try(Typed),
}

/// The search, open or not.
#[derive(Default)]
pub struct Search {
    index: Option<Index>,
    is_open: bool,
    typing: Typing,
    found: Found,
    keyboard: bool,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search").field("is_open", &self.is_open).finish_non_exhaustive()
    }
}

impl Search {
    /// Whether it is on screen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// What is typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.typing.text()
    }

    /// What that found; the hits count the directory's members.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// What of somebody who was found fits, the best first.
    #[must_use]
    pub fn why(&self, hit: &Hit) -> Vec<Why> {
        self.index.as_ref().map(|index| index.why(hit)).unwrap_or_default()
    }

    /// Whether the keyboard is there.
    #[must_use]
    pub fn keyboard(&self) -> bool {
        self.keyboard
    }

    /// Which keys it has.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.typing.layer()
    }

    /// The letter whose variants are offered.
    #[must_use]
    pub fn held(&self) -> Option<&str> {
        self.typing.held()
    }

    /// Takes a touch; `directory` is who there is to find.
    pub(super) fn handle_touch(&mut self, touch: SearchTouch, directory: Option<&Directory>) {
        if !matches!(touch, SearchTouch::Key(_)) {
            self.typing.let_go();
        }
        match touch {
            SearchTouch::Key(key) => {
                self.keyboard |= key == Keystroke::Clear;
                self.typing.handle_key(key, LONGEST);
            }
            SearchTouch::Field => (self.is_open, self.keyboard) = (true, true),
            SearchTouch::Close => self.close(),
            SearchTouch::Submit => self.keyboard = false,
            SearchTouch::Try(Typed(text)) => self.typing.set(text),
        }
        if self.is_open && self.index.is_none() {
            self.index = directory.map(index);
        }
        self.find();
    }

    /// Opens with a text, without the keyboard: the list is what was asked for.
    pub(super) fn open_with(&mut self, text: String, directory: Option<&Directory>) {
        (self.is_open, self.keyboard) = (true, false);
        self.handle_touch(SearchTouch::Try(Typed(text)), directory);
    }

    /// What it searches, made ready if it isn't.
    pub(super) fn index_of(&mut self, directory: &Directory) -> &Index {
        self.index.get_or_insert_with(|| index(directory))
    }

    /// Goes home; nothing of it is kept.
    pub(super) fn close(&mut self) {
        *self = Self { index: self.index.take(), ..Self::default() };
    }

    /// The members are others.
    pub(super) fn handle_directory(&mut self, directory: Option<&Directory>) {
        // a closed search is made ready when it opens: nobody waits for it before
        self.index = directory.filter(|_| self.is_open).map(index);
        self.find();
    }

    fn find(&mut self) {
        self.found = match &self.index {
            Some(index) if !self.typing.text().trim().is_empty() => index.search(self.typing.text()),
            _ => Found::default(),
        };
    }
}

fn index(directory: &Directory) -> Index {
    Index::new(crate::concepts::current(), directory.members.iter().map(profile))
}

fn profile(member: &DirectoryMember) -> Profile<'_> {
    Profile { title: member.title.as_deref(), skills: &member.skills, interests: &member.interests, languages: &member.languages }
}
