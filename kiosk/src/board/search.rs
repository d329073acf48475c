//! The search: what is typed, what it found, and the keyboard. It leaves no trace: nothing here is logged, and `Debug` doesn't say it.

use std::fmt;
use voisins_shared::matching::{Found, Index, Profile};
use voisins_shared::payload::{Directory, DirectoryMember};

/// Nobody looks for more than this; in letters.
const LONGEST: usize = 60;

/// What somebody typed, which is nobody's business: `Debug` doesn't print it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Typed(pub String);

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// Which keys are on the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layer {
    /// Small letters.
    #[default]
    Letters,
    /// Capitals, for one letter.
    Capitals,
    /// `123`.
    Digits,
}

/// A finger on the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTouch {
    /// The field: opens the search, or brings the keyboard back.
    Field,
    /// *Fermer*.
    Close,
    /// A key with a letter, or with a space.
    Type(Typed),
    /// A key was held: its accented letters.
    Hold(Typed),
    /// One of those: in place of the letter that the press typed.
    Variant(Typed),
    /// The last letter goes.
    Backspace,
    /// `×`.
    Clear,
    /// Shift.
    Shift,
    /// `123` or `abc`.
    Digits,
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
    text: String,
    found: Found,
    keyboard: bool,
    layer: Layer,
    held: Option<String>,
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
        &self.text
    }

    /// What that found; the hits count the directory's members.
    #[must_use]
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// Whether the keyboard is there.
    #[must_use]
    pub fn keyboard(&self) -> bool {
        self.keyboard
    }

    /// Which keys it has.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// The letter whose variants are offered.
    #[must_use]
    pub fn held(&self) -> Option<&str> {
        self.held.as_deref()
    }

    /// Takes a touch; `directory` is who there is to find.
    pub(super) fn handle_touch(&mut self, touch: SearchTouch, directory: Option<&Directory>) {
        let held = self.held.take();
        match touch {
            SearchTouch::Field => (self.is_open, self.keyboard) = (true, true),
            SearchTouch::Close => self.close(),
            SearchTouch::Type(Typed(letter)) => self.push(&letter),
            SearchTouch::Hold(Typed(letter)) => self.held = Some(letter),
            SearchTouch::Variant(Typed(letter)) => {
                if held.is_some() {
                    self.text.pop();
                }
                self.push(&letter);
            }
            SearchTouch::Backspace => drop(self.text.pop()),
            SearchTouch::Clear => (self.text, self.keyboard) = (String::new(), true),
            SearchTouch::Shift => {
                self.layer = if self.layer == Layer::Capitals { Layer::Letters } else { Layer::Capitals };
            }
            SearchTouch::Digits => self.layer = if self.layer == Layer::Digits { Layer::Letters } else { Layer::Digits },
            SearchTouch::Submit => self.keyboard = false,
            SearchTouch::Try(Typed(text)) => self.text = text,
        }
        if self.is_open && self.index.is_none() {
            self.index = directory.map(index);
        }
        self.find();
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

    fn push(&mut self, letter: &str) {
        // a space in front of everything finds nothing
        if self.text.chars().count() < LONGEST && !(self.text.is_empty() && letter == " ") {
            self.text.push_str(letter);
        }
        if self.layer == Layer::Capitals {
            self.layer = Layer::Letters;
        }
    }

    fn find(&mut self) {
        self.found = match &self.index {
            Some(index) if !self.text.trim().is_empty() => index.search(&self.text),
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
