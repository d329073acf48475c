//! NTAG 424 DNA (NT4H2421Gx): one application with five AES keys.

use super::{Failure, Transceive, apdu};

/// The DF name of its application (NT4H2421Gx 8.2.2), which is NFC Forum's for NDEF.
pub const AID: [u8; 7] = [0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01];
/// The key that a badge proves itself with at the door.
pub const BADGE_KEY: u8 = 1;
/// All keys that a blank card comes with, in the order in which they are changed: the one that changes the others is the last.
pub const KEYS: [u8; 5] = [1, 2, 3, 4, 0];

/// *GetKeyVersion* (NT4H2421Gx 10.6.2).
const GET_KEY_VERSION: u8 = 0x64;

/// Which key stands in a place, as whoever wrote it there called it; 0 is a blank card's.
///
/// # Errors
/// [`Failure`]: it doesn't say, or is gone.
pub fn key_version<T: Transceive>(card: &mut T, number: u8) -> Result<u8, Failure<T::Error>> {
    match apdu::command(card, GET_KEY_VERSION, &[number])?[..] {
        [version] => Ok(version),
        _ => Err(Failure::Garbled),
    }
}

/// Selects its application.
///
/// # Errors
/// [`Failure`]: it has none, or is gone.
pub fn select<T: Transceive>(card: &mut T) -> Result<(), Failure<T::Error>> {
    apdu::select(card, &AID)
}
