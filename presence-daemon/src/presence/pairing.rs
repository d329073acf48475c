//! Pairing codes: what an unknown card is called until the manager says whose it is.

use crate::clock::Now;
use crate::key::BadgeMac;
use crate::presence::VisitId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use voisins_shared::member::MemberId;

/// Letters that nobody mistakes for digits or for each other (no I, L, O).
const LETTERS: &[u8; 23] = b"ABCDEFGHJKMNPQRSTUVWXYZ";
/// Digits that nobody mistakes for letters (no 0, 1).
const DIGITS: &[u8; 8] = b"23456789";
/// How many codes there are.
const ALL: u64 = 23 * 8 * 23 * 8;

/// Two letters and two digits, written `K7-M4`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PairingCode([u8; 4]);

impl PairingCode {
    /// The code that chance picked, or the next one that is free.
    pub fn pick(dice: u64, is_taken: impl Fn(&Self) -> bool) -> Option<Self> {
        (0..ALL).map(|step| Self::nth((dice % ALL + step) % ALL)).find(|code| !is_taken(code))
    }

    fn nth(n: u64) -> Self {
        let letter = |at: u64| LETTERS[(at % 23) as usize];
        let digit = |at: u64| DIGITS[(at % 8) as usize];
        Self([letter(n), digit(n / 23), letter(n / (23 * 8)), digit(n / (23 * 8 * 23))])
    }
}

impl fmt::Display for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0.map(char::from);
        write!(f, "{a}{b}-{c}{d}")
    }
}

impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Text that is no pairing code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no pairing code: it looks like K7-M4")]
pub struct CodeError(String);

impl FromStr for PairingCode {
    type Err = CodeError;

    /// Reads `K7-M4`; small letters, spaces and a missing dash are forgiven, as people type.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let plain: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'-' | b' ')).map(|b| b.to_ascii_uppercase()).collect();
        match <[u8; 4]>::try_from(plain) {
            Ok(code @ [a, b, c, d]) if [a, c].iter().all(|l| LETTERS.contains(l)) && [b, d].iter().all(|n| DIGITS.contains(n)) => {
                Ok(Self(code))
            }
            _ => Err(CodeError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for PairingCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<PairingCode> for String {
    fn from(code: PairingCode) -> Self {
        code.to_string()
    }
}

/// An unknown card that waits for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Its code.
    pub code: PairingCode,
    /// The card.
    pub card: BadgeMac,
    /// When the code was given out.
    pub issued: Now,
    /// How often the card was presented.
    pub taps: u32,
    /// The guest visit it opened, if any.
    pub guest: Option<VisitId>,
    /// The member the manager named; the next tap makes it a badge.
    pub enrol_for: Option<MemberId>,
}

impl Pairing {
    /// A code just given out.
    #[must_use]
    pub fn new(code: PairingCode, card: BadgeMac, issued: Now) -> Self {
        Self { code, card, issued, taps: 0, guest: None, enrol_for: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_different_and_reads_back() {
        let all: BTreeSet<PairingCode> = (0..ALL).map(PairingCode::nth).collect();
        assert_eq!(all.len() as u64, ALL);
        assert!(all.iter().all(|code| code.to_string().parse() == Ok(*code)));
        assert!(all.iter().all(|code| !code.to_string().contains(['0', 'O', '1', 'I', 'L'])));
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code: PairingCode = "K7-M4".parse().unwrap();
        for text in ["k7m4", " K7 M4", "k7-m4"] {
            assert_eq!(text.parse(), Ok(code));
        }
        for bad in ["", "K7-M", "77-M4", "K0-M4", "K7-L4", "K7-M44", "é7-M4"] {
            assert!(bad.parse::<PairingCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_taken_code_is_not_given_out_again() {
        let first = PairingCode::pick(7, |_| false).unwrap();
        assert_ne!(PairingCode::pick(7, |code| *code == first), Some(first));
        assert_eq!(PairingCode::pick(7, |_| true), None);
    }
}
