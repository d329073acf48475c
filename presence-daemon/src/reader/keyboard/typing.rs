//! Keys → a card's number. Pure.
//!
//! Key codes are places on a keyboard, not characters: such readers type on a US layout, whatever the room's keyboard is.

use crate::config::{ByteOrder, KeyboardConfig, NumberFormat};
use evdev::KeyCode;
use voisins_shared::uid::Uid;

/// The longest number: 10 bytes in decimal.
const LONGEST: usize = 25;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// The number of a card.
    Card(Uid),
    /// Something that is no card's number.
    Unreadable,
    /// A key that no such reader has: a person types here.
    ByPerson,
}

/// A number on its way.
#[derive(Debug)]
pub struct Typing {
    format: NumberFormat,
    byte_order: ByteOrder,
    /// A pause ends a number; else Enter does.
    pause_ends: bool,
    /// Values, not characters.
    digits: Vec<u8>,
    /// Keys are missing or too many: whatever it will be, it is no card's number.
    spoilt: bool,
}

impl Typing {
    /// Nothing typed yet.
    #[must_use]
    pub fn new(config: &KeyboardConfig) -> Self {
        let pause_ends = config.ends_after.is_some();
        Self {
            format: config.format,
            byte_order: config.byte_order,
            pause_ends,
            digits: Vec::with_capacity(LONGEST),
            spoilt: false,
        }
    }

    /// A key was pressed.
    pub fn press(&mut self, key: u16) -> Option<Typed> {
        match key_of(KeyCode(key)) {
            Key::Digit(_) if self.digits.len() == LONGEST => self.spoilt = true,
            Key::Digit(digit) => self.digits.push(digit),
            Key::Shift => {}
            Key::End => return self.end(),
            Key::Other => {
                self.clear();
                return Some(Typed::ByPerson);
            }
        }
        None
    }

    /// Keys were lost.
    pub fn spoil(&mut self) {
        self.spoilt = true;
    }

    /// Nothing was typed for as long as a number may pause.
    pub fn pause(&mut self) -> Option<Typed> {
        self.spoilt |= !self.pause_ends && !self.digits.is_empty();
        self.end()
    }

    /// Whether a number has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.spoilt || !self.digits.is_empty()
    }

    fn end(&mut self) -> Option<Typed> {
        if !self.has_begun() {
            return None;
        }
        let uid = if self.spoilt { None } else { self.uid() };
        self.clear();
        Some(uid.map_or(Typed::Unreadable, Typed::Card))
    }

    fn clear(&mut self) {
        self.digits.clear();
        self.spoilt = false;
    }

    fn uid(&self) -> Option<Uid> {
        let mut bytes = match self.format {
            NumberFormat::Decimal => decimal(&self.digits)?,
            NumberFormat::Hex => hexadecimal(&self.digits)?,
        };
        if self.byte_order == ByteOrder::Reversed {
            bytes.reverse();
        }
        Uid::new(&bytes).ok()
    }
}

enum Key {
    Digit(u8),
    Shift,
    End,
    Other,
}

fn key_of(key: KeyCode) -> Key {
    Key::Digit(match key {
        KeyCode::KEY_0 | KeyCode::KEY_KP0 => 0,
        KeyCode::KEY_1 | KeyCode::KEY_KP1 => 1,
        KeyCode::KEY_2 | KeyCode::KEY_KP2 => 2,
        KeyCode::KEY_3 | KeyCode::KEY_KP3 => 3,
        KeyCode::KEY_4 | KeyCode::KEY_KP4 => 4,
        KeyCode::KEY_5 | KeyCode::KEY_KP5 => 5,
        KeyCode::KEY_6 | KeyCode::KEY_KP6 => 6,
        KeyCode::KEY_7 | KeyCode::KEY_KP7 => 7,
        KeyCode::KEY_8 | KeyCode::KEY_KP8 => 8,
        KeyCode::KEY_9 | KeyCode::KEY_KP9 => 9,
        KeyCode::KEY_A => 10,
        KeyCode::KEY_B => 11,
        KeyCode::KEY_C => 12,
        KeyCode::KEY_D => 13,
        KeyCode::KEY_E => 14,
        KeyCode::KEY_F => 15,
        // for capital letters
        KeyCode::KEY_LEFTSHIFT | KeyCode::KEY_RIGHTSHIFT => return Key::Shift,
        KeyCode::KEY_ENTER | KeyCode::KEY_KPENTER | KeyCode::KEY_TAB => return Key::End,
        _ => return Key::Other,
    })
}

/// A number with its leading zeros, so that one that lost a digit is noticed: 10 digits hold 4 bytes, 17 hold 7, 25 hold 10.
fn decimal(digits: &[u8]) -> Option<Vec<u8>> {
    let length = match digits.len() {
        10 => 4,
        17 => 7,
        25 => 10,
        _ => return None,
    };
    let number = digits.iter().try_fold(0u128, |sum, digit| (*digit < 10).then_some(sum * 10 + u128::from(*digit)))?;
    let bytes = number.to_be_bytes();
    let (above, bytes) = bytes.split_at(bytes.len() - length);
    above.iter().all(|byte| *byte == 0).then(|| bytes.to_vec())
}

fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::path::PathBuf;

    pub fn config(format: NumberFormat, byte_order: ByteOrder, ends_after_ms: Option<i64>) -> KeyboardConfig {
        let ends_after = ends_after_ms.map(jiff::SignedDuration::from_millis);
        KeyboardConfig { device: PathBuf::from("/dev/input/by-id/a"), format, byte_order, ends_after }
    }

    /// The keys a US keyboard has for these characters; `\n` is Enter.
    pub fn keys(text: &str) -> Vec<u16> {
        let key = |c| match c {
            '1'..='9' => KeyCode::KEY_1.0 + (c as u16 - '1' as u16),
            '0' => KeyCode::KEY_0.0,
            'A' => KeyCode::KEY_A.0,
            'B' => KeyCode::KEY_B.0,
            'C' => KeyCode::KEY_C.0,
            'D' => KeyCode::KEY_D.0,
            'E' => KeyCode::KEY_E.0,
            'F' => KeyCode::KEY_F.0,
            '\n' => KeyCode::KEY_ENTER.0,
            '\t' => KeyCode::KEY_TAB.0,
            '^' => KeyCode::KEY_LEFTSHIFT.0,
            other => panic!("no key for {other:?}"),
        };
        text.chars().map(key).collect()
    }

    fn card(hex: &str) -> Typed {
        Typed::Card(Uid::from_hex(hex).unwrap())
    }

    #[track_caller]
    fn check(config: &KeyboardConfig, text: &str, expected: &[Typed]) {
        let mut typing = Typing::new(config);
        let typed: Vec<Typed> = keys(text).into_iter().filter_map(|key| typing.press(key)).collect();
        assert_eq!(typed, expected, "{text:?}");
    }

    #[test]
    fn a_decimal_number_is_the_uid_that_a_pcsc_reader_gives() {
        let as_read = config(NumberFormat::Decimal, ByteOrder::AsRead, None);
        check(&as_read, "0077705923\n", &[card("04A1B2C3")]);
        check(&as_read, "4294967294\n", &[card("FFFFFFFE")]);
        check(&as_read, "01311782857366126\n", &[card("04A90F3F3C5A6E")]);
        let reversed = config(NumberFormat::Decimal, ByteOrder::Reversed, None);
        check(&reversed, "3283263748\n", &[card("04A1B2C3")]);
    }

    #[test]
    fn a_hexadecimal_number_may_have_shifted_letters_and_end_with_a_tab() {
        let as_read = config(NumberFormat::Hex, ByteOrder::AsRead, None);
        check(&as_read, "04A1B2C3\n", &[card("04A1B2C3")]);
        check(&as_read, "04^A1^B2^C3\t04010203050607\n", &[card("04A1B2C3"), card("04010203050607")]);
        check(&as_read, "0401020305060708090A\n", &[card("0401020305060708090A")]);
        check(&config(NumberFormat::Hex, ByteOrder::Reversed, None), "C3B2A104\n", &[card("04A1B2C3")]);
    }

    #[test]
    fn a_number_of_any_other_length_or_size_is_unreadable_and_the_next_is_read() {
        let decimal = config(NumberFormat::Decimal, ByteOrder::AsRead, None);
        for wrong in ["1", "007770592", "00777059231", "4294967296", "99999999999999999", "04A1B2C3", "00A7705923", "0000000000"] {
            check(&decimal, &format!("{wrong}\n0077705923\n"), &[Typed::Unreadable, card("04A1B2C3")]);
        }
        check(&decimal, &format!("{}\n0077705923\n", "0".repeat(300)), &[Typed::Unreadable, card("04A1B2C3")]);
        let hex = config(NumberFormat::Hex, ByteOrder::AsRead, None);
        for wrong in ["4", "04A1B2", "04A1B2C", "04A1B2C3D", "0104A1B2C3"] {
            check(&hex, &format!("{wrong}\n04A1B2C3\n"), &[Typed::Unreadable, card("04A1B2C3")]);
        }
        check(&hex, "\n\n", &[]);
    }

    #[test]
    fn the_keypad_types_digits_too() {
        let mut typing = Typing::new(&config(NumberFormat::Decimal, ByteOrder::AsRead, None));
        let pad = [82, 82, 71, 71, 71, 82, 76, 73, 80, 81];
        assert!(pad.into_iter().all(|key| typing.press(key).is_none()));
        assert_eq!(typing.press(96), Some(card("04A1B2C3")));
    }

    #[test]
    fn a_pause_ends_a_number_where_there_is_no_enter_and_spoils_it_where_there_is() {
        for (ends_after, expected) in [(Some(100), card("04A1B2C3")), (None, Typed::Unreadable)] {
            let mut typing = Typing::new(&config(NumberFormat::Decimal, ByteOrder::AsRead, ends_after));
            assert_eq!(typing.pause(), None);
            assert!(keys("0077705923").into_iter().all(|key| typing.press(key).is_none()) && typing.has_begun());
            assert_eq!(typing.pause(), Some(expected));
            assert!(!typing.has_begun());
        }
    }

    #[test]
    fn lost_keys_spoil_the_number_they_are_lost_in() {
        let mut typing = Typing::new(&config(NumberFormat::Decimal, ByteOrder::AsRead, None));
        typing.spoil();
        let typed: Vec<Typed> = keys("0077705923\n0077705923\n").into_iter().filter_map(|key| typing.press(key)).collect();
        assert_eq!(typed, [Typed::Unreadable, card("04A1B2C3")]);
    }

    #[test]
    fn a_key_that_no_reader_types_is_a_persons() {
        for key in [KeyCode::KEY_SPACE, KeyCode::KEY_LEFTCTRL, KeyCode::KEY_G, KeyCode::KEY_UP, KeyCode::KEY_ESC, KeyCode::BTN_LEFT]
        {
            let mut typing = Typing::new(&config(NumberFormat::Decimal, ByteOrder::AsRead, None));
            assert_eq!(typing.press(KeyCode::KEY_1.0), None);
            assert_eq!(typing.press(key.0), Some(Typed::ByPerson));
            assert!(!typing.has_begun());
        }
    }
}
