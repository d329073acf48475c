//! A text typed on the keyboard of the screen. What is typed is nobody's business: `Debug` doesn't say it.

use std::fmt;

/// What somebody typed: `Debug` doesn't print it.
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

/// A finger on the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keystroke {
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
}

/// A text under the hand.
#[derive(Default)]
pub struct Typing {
    text: String,
    layer: Layer,
    held: Option<String>,
}

impl fmt::Debug for Typing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typing").field("layer", &self.layer).finish_non_exhaustive()
    }
}

impl Typing {
    /// What is typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which keys the keyboard has.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// The letter whose variants are offered.
    #[must_use]
    pub fn held(&self) -> Option<&str> {
        self.held.as_deref()
    }

    /// Takes a key; at most `longest` letters.
    pub(super) fn handle_key(&mut self, key: Keystroke, longest: usize) {
        let held = self.held.take();
        match key {
            Keystroke::Type(Typed(letter)) => self.push(&letter, longest),
            Keystroke::Hold(Typed(letter)) => self.held = Some(letter),
            Keystroke::Variant(Typed(letter)) => {
                if held.is_some() {
                    self.text.pop();
                }
                self.push(&letter, longest);
            }
            Keystroke::Backspace => drop(self.text.pop()),
            Keystroke::Clear => self.text.clear(),
            Keystroke::Shift => self.layer = if self.layer == Layer::Capitals { Layer::Letters } else { Layer::Capitals },
            Keystroke::Digits => self.layer = if self.layer == Layer::Digits { Layer::Letters } else { Layer::Digits },
        }
    }

    /// Puts a whole text in place of what was typed.
    pub(super) fn set(&mut self, text: String) {
        (self.text, self.held) = (text, None);
    }

    /// The accented letters are no longer offered.
    pub(super) fn let_go(&mut self) {
        self.held = None;
    }

    fn push(&mut self, letter: &str, longest: usize) {
        // nothing starts with a space
        if self.text.chars().count() < longest && !(self.text.is_empty() && letter == " ") {
            self.text.push_str(letter);
        }
        if self.layer == Layer::Capitals {
            self.layer = Layer::Letters;
        }
    }
}
