//! A card's UID: 4, 7 or 10 bytes (ISO/IEC 14443-3, section 6.5.4). It says which card, and must reach no log, topic or page:
//! its `Debug` is blind, it has no `Display`, and it is no serde type.

use std::fmt;

/// The UID of a card.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Uid(Vec<u8>);

/// Why some bytes are no UID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UidError {
    /// A UID has 4, 7 or 10 bytes.
    #[error("a UID has 4, 7 or 10 bytes, not {0}")]
    Length(usize),
    /// Text that is not pairs of hexadecimal digits.
    #[error("a UID is written as pairs of hexadecimal digits, such as 04A1B2C3D4E5F6")]
    NotHexadecimal,
    /// All bytes alike (00… or FF…): a broken read or a blank clone.
    #[error("all bytes of this UID are {0:02X}: no genuine card has it")]
    Blank(u8),
}

impl Uid {
    /// Takes the bytes a card answered to `FF CA 00 00 00` (PC/SC part 3, section 3.2.2.1.3), status words cut off.
    ///
    /// # Errors
    /// [`UidError`] for a wrong length or a blank UID.
    pub fn new(bytes: &[u8]) -> Result<Self, UidError> {
        match bytes {
            _ if ![4, 7, 10].contains(&bytes.len()) => Err(UidError::Length(bytes.len())),
            [first @ (0x00 | 0xFF), rest @ ..] if rest.iter().all(|b| b == first) => Err(UidError::Blank(*first)),
            _ => Ok(Self(bytes.to_vec())),
        }
    }

    /// Reads hexadecimal text; spaces and colons between the pairs are allowed.
    ///
    /// # Errors
    /// [`UidError`] for other characters, half a pair or a wrong length.
    pub fn from_hex(text: &str) -> Result<Self, UidError> {
        let digits: Option<Vec<u32>> = text.chars().filter(|c| !matches!(c, ' ' | ':')).map(|c| c.to_digit(16)).collect();
        let digits = digits.filter(|d| d.len().is_multiple_of(2)).ok_or(UidError::NotHexadecimal)?;
        let bytes: Vec<u8> = digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
        Self::new(&bytes)
    }

    /// The bytes, for the keyed digest and nothing else.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the card draws a new UID at each tap: 4 bytes that start with `08` (ISO/IEC 14443-3: `uid0 = 08` is a random
    /// number). Phones do. Such a UID can't name a person.
    #[must_use]
    pub fn is_random(&self) -> bool {
        self.0.len() == 4 && self.0[0] == 0x08
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uid({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_of_4_7_and_10_bytes_are_taken_and_no_others() {
        for n in 0..=12usize {
            let bytes: Vec<u8> = (1..=n as u8).collect();
            assert_eq!(Uid::new(&bytes).is_ok(), [4, 7, 10].contains(&n), "{n} bytes");
        }
        assert_eq!(Uid::new(&[0; 4]), Err(UidError::Blank(0)));
        assert_eq!(Uid::new(&[0xFF; 7]), Err(UidError::Blank(0xFF)));
    }

    #[test]
    fn hexadecimal_text_is_read_or_refused() {
        assert_eq!(Uid::from_hex("04:a1 B2c3d4e5f6").unwrap().as_bytes(), [4, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6]);
        for (text, error) in [
            ("04A", UidError::NotHexadecimal),
            ("zz", UidError::NotHexadecimal),
            ("", UidError::Length(0)),
            ("é4", UidError::NotHexadecimal),
            ("0405", UidError::Length(2)),
        ] {
            assert_eq!(Uid::from_hex(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_uid_never_shows_in_a_log() {
        let uid = Uid::new(&[0x04, 0xA1, 0xB2, 0xC3]).unwrap();
        assert_eq!(format!("{uid:?}"), "Uid(4 bytes)");
    }

    #[test]
    fn only_four_bytes_that_start_with_08_are_random() {
        assert!(Uid::new(&[8, 1, 2, 3]).unwrap().is_random());
        assert!(!Uid::new(&[8, 1, 2, 3, 4, 5, 6]).unwrap().is_random());
        assert!(!Uid::new(&[4, 8, 2, 3]).unwrap().is_random());
    }
}
