//! The keys of `ui/widgets/keyboard.slint`, for every screen that has them.

use super::{pixels, sync};
use crate::board::typing::{Keystroke, Typed};
use crate::generated as g;
use crate::view_model::keyboard::{Key, KeyKind};
use slint::{ModelRc, SharedString, VecModel};
use std::rc::Rc;

/// The models of a keyboard.
#[derive(Default)]
pub struct Keys {
    keys: Rc<VecModel<g::KeyData>>,
    keys_shown: Vec<(usize, Key)>,
    variants: Rc<VecModel<SharedString>>,
    variants_shown: Vec<String>,
}

impl Keys {
    pub fn keys(&self) -> ModelRc<g::KeyData> {
        ModelRc::from(self.keys.clone())
    }

    pub fn variants(&self) -> ModelRc<SharedString> {
        ModelRc::from(self.variants.clone())
    }

    pub fn show(&mut self, keys: &[Key], variants: &[String]) {
        // by place: a key stays itself under the finger while its letter changes
        let keys = keys.iter().enumerate().map(|(n, key)| ((n, key.clone()), key.into())).collect();
        sync(&self.keys, &mut self.keys_shown, keys, |a, b| a.0 == b.0);
        let variants = variants.iter().map(|letter| (letter.clone(), letter.as_str().into())).collect();
        sync(&self.variants, &mut self.variants_shown, variants, |a, b| a == b);
    }
}

pub fn are_digits(keys: &[Key]) -> bool {
    keys.iter().any(|key| key.text == "1")
}

pub fn are_capitals(keys: &[Key]) -> bool {
    keys.iter().any(|key| key.text == "A")
}

/// What a key types; none for *Chercher* or *Ajouter*, which end the typing.
pub fn keystroke(key: g::KeyData) -> Option<Keystroke> {
    Some(match key.kind {
        g::KeyKind::Letter => Keystroke::Type(Typed(key.text.into())),
        g::KeyKind::Space => Keystroke::Type(Typed(" ".to_owned())),
        g::KeyKind::Shift => Keystroke::Shift,
        g::KeyKind::Backspace => Keystroke::Backspace,
        g::KeyKind::Digits => Keystroke::Digits,
        g::KeyKind::Search => return None,
    })
}

impl From<&Key> for g::KeyData {
    fn from(key: &Key) -> Self {
        Self {
            kind: match key.kind {
                KeyKind::Letter => g::KeyKind::Letter,
                KeyKind::Space => g::KeyKind::Space,
                KeyKind::Shift => g::KeyKind::Shift,
                KeyKind::Backspace => g::KeyKind::Backspace,
                KeyKind::Digits => g::KeyKind::Digits,
                KeyKind::Search => g::KeyKind::Search,
            },
            text: key.text.as_str().into(),
            x: pixels(key.x),
            y: pixels(key.y),
            width: pixels(key.width),
            height: pixels(key.height),
            has_variants: key.has_variants,
        }
    }
}
