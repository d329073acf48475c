//! The keyboard: which keys, how large, and the accented letters behind each. All lengths in logical pixels; drawn by
//! `ui/widgets/keyboard.slint`.

use crate::board::search::Layer;
use crate::config::Keyboard;
use voisins_shared::language::Language;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum KeyKind {
    Letter,
    Space,
    Shift,
    Backspace,
    /// `123`, or back to the letters.
    Digits,
    /// *Chercher*.
    Search,
}

/// A key and where it is on the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Key {
    pub kind: KeyKind,
    /// What a letter's key types; empty for the others.
    pub text: String,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
    /// Held, it offers accented letters.
    pub has_variants: bool,
}

/// The letters of a keyboard: two rows, the row between shift and backspace, and those beside the space.
type Letters = [&'static str; 4];

const CANADIAN_FRENCH: Letters = ["qwertyuiop", "asdfghjklé", "zxcvbnm’", "êèàç"];
const US: Letters = ["qwertyuiop", "asdfghjkl", "zxcvbnm’", "-."];
const AZERTY: Letters = ["azertyuiop", "qsdfghjklm", "wxcvbn’ê", "éèàç"];
const DIGITS: Letters = ["1234567890", "-/:;()$&@#", ".,?!+%’*", ""];

/// Behind a letter, held.
const VARIANTS: [(char, &str); 9] = [
    ('a', "àâäáãæ"),
    ('c', "çć"),
    ('e', "éèêëę"),
    ('i', "îïíì"),
    ('n', "ñń"),
    ('o', "ôöóòõœ"),
    ('s', "śšß"),
    ('u', "ùûüú"),
    ('y', "ÿý"),
];

/// Where everything on a keyboard goes.
#[derive(Debug, Clone, Copy)]
struct Measures {
    key: u32,
    height: u32,
    gap: u32,
    step: u32,
    top: u32,
    /// Shift and backspace; they reach over the row's ends on a large screen.
    wide: u32,
    accent: u32,
    digits: u32,
    search: u32,
    /// Kept for *Fermer* at the end of the last row.
    close: u32,
}

const LARGE: Measures =
    Measures { key: 84, height: 62, gap: 9, step: 71, top: 14, wide: 96, accent: 72, digits: 96, search: 150, close: 0 };
const SMALL: Measures =
    Measures { key: 74, height: 56, gap: 4, step: 60, top: 8, wide: 74, accent: 56, digits: 72, search: 116, close: 112 };

/// What *Fermer* takes beside a large keyboard, with the screen's edge.
const CLOSE: u32 = 124 + 32 + 9;

impl Measures {
    /// Narrower keys where they don't fit, and room for *Fermer* where it doesn't stand beside them.
    fn in_width(self, width: u32) -> Self {
        let key = self.key.min(width.saturating_sub(8 + 9 * self.gap) / 10).max(56);
        let end = (width + 10 * key + 9 * self.gap).div_ceil(2);
        let close = if self.close > 0 { self.close } else { end.saturating_sub(width.saturating_sub(CLOSE)) };
        let wide = if key < self.key { key } else { self.wide };
        Self { key, wide, close, ..self }
    }
}

/// The height of a keyboard with the ground around it.
#[must_use]
pub fn height(small: bool) -> u32 {
    let measures = if small { SMALL } else { LARGE };
    measures.top + 3 * measures.step + measures.height + if small { 8 } else { 16 }
}

/// The keys on a screen of `width`.
#[must_use]
pub fn keys(keyboard: Keyboard, language: Language, layer: Layer, width: u32, small: bool) -> Vec<Key> {
    let measures = if small { SMALL } else { LARGE }.in_width(width);
    let letters = match (keyboard, language) {
        (_, Language::En) => US,
        (Keyboard::Qwerty, _) => CANADIAN_FRENCH,
        (Keyboard::Azerty, _) => AZERTY,
    };
    let [first, second, third, _] = if layer == Layer::Digits { DIGITS } else { letters };
    let accents = letters[3];
    let letter = |text: char| match layer {
        Layer::Capitals => (KeyKind::Letter, text.to_uppercase().to_string(), measures.key),
        _ => (KeyKind::Letter, text.to_string(), measures.key),
    };
    let plain = |kind, width| (kind, String::new(), width);
    let rows = [first, second].map(|row| row.chars().map(letter).collect::<Vec<_>>());
    let third: Vec<_> = [plain(KeyKind::Shift, measures.wide)]
        .into_iter()
        .chain(third.chars().map(letter))
        .chain([plain(KeyKind::Backspace, measures.wide)])
        .collect();
    // the space takes what the others leave
    let across = 10 * measures.key + 9 * measures.gap;
    let few = u32::try_from(accents.chars().count()).unwrap_or(0);
    let others = measures.digits + measures.search + few * measures.accent + (few + 2) * measures.gap;
    let space = across - others - if measures.close > 0 { measures.close + measures.gap } else { 3 };
    let last: Vec<_> = [plain(KeyKind::Digits, measures.digits)]
        .into_iter()
        .chain(accents.chars().map(letter).map(|(kind, text, _)| (kind, text, measures.accent)))
        .chain([plain(KeyKind::Space, space), plain(KeyKind::Search, measures.search)])
        .collect();
    let [first, second] = rows;
    let mut keys = vec![];
    for (n, row) in (0..).zip([first, second, third, last]) {
        let count = u32::try_from(row.len()).unwrap_or(0);
        let length = row.iter().map(|(.., width)| width).sum::<u32>() + (count - 1) * measures.gap;
        let start = if n == 3 { width.saturating_sub(across) / 2 } else { width.saturating_sub(length) / 2 };
        let mut x = start;
        for (kind, text, width) in row {
            let has_variants = kind == KeyKind::Letter && !variants(&text).is_empty();
            let (y, height) = (measures.top + n * measures.step, measures.height);
            keys.push(Key { kind, text, x, y, width, height, has_variants });
            x += width + measures.gap;
        }
    }
    keys
}

/// The accented letters behind a letter, as large or small as it is.
#[must_use]
pub fn variants(letter: &str) -> Vec<String> {
    let small = letter.to_lowercase();
    let row = VARIANTS.iter().find(|(base, _)| small.chars().eq([*base])).map_or("", |(_, row)| row);
    row.chars().map(|c| if small == letter { c.to_string() } else { c.to_uppercase().to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keyboard: Keyboard, language: Language, rows: [&str; 4]) {
        let keys = keys(keyboard, language, Layer::Letters, 1280, false);
        let said: Vec<String> = [14, 85, 156, 227]
            .map(|y| keys.iter().filter(|key| key.y == y).map(|key| key.text.as_str()).collect::<String>())
            .into();
        assert_eq!(said, rows);
    }

    #[test]
    fn canadian_french_has_its_accents_in_sight_and_english_is_us() {
        check(Keyboard::Qwerty, Language::Fr, ["qwertyuiop", "asdfghjklé", "zxcvbnm’", "êèàç"]);
        check(Keyboard::Qwerty, Language::En, ["qwertyuiop", "asdfghjkl", "zxcvbnm’", "-."]);
        check(Keyboard::Azerty, Language::Fr, ["azertyuiop", "qsdfghjklm", "wxcvbn’ê", "éèàç"]);
    }

    #[test]
    fn keys_are_56_px_apart_and_on_the_screen() {
        for (width, small) in [(1280, false), (1920, false), (1024, false), (1000, false), (853, true), (800, true), (690, true)] {
            for keyboard in [Keyboard::Qwerty, Keyboard::Azerty] {
                for language in Language::ALL {
                    for layer in [Layer::Letters, Layer::Capitals, Layer::Digits] {
                        let keys = keys(keyboard, language, layer, width, small);
                        for pair in keys.windows(2) {
                            assert!(pair[0].y < pair[1].y || pair[0].x + pair[0].width < pair[1].x, "{pair:?}");
                        }
                        for key in keys {
                            assert!(key.width >= 56 && key.height >= 56 && key.x + key.width <= width, "{key:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_letter_held_offers_its_accents_in_its_size() {
        assert_eq!(variants("c"), ["ç", "ć"]);
        assert_eq!(variants("E"), ["É", "È", "Ê", "Ë", "Ę"]);
        assert!(variants("k").is_empty() && variants("").is_empty());
    }
}
