//! MIFARE DESFire EV1, EV2, EV3: an application of ours with two AES keys, beside whatever else is on the card. The card's own master key
//! stays as it is: whoever issued the card goes on owning it, and at worst may delete our application, which copies nothing.

use super::apdu::{self, command};
use super::crypto::AesKey;
use super::{Chance, Failure, Transceive, ev1, ev2};

/// Our application, as it goes to the card: low byte first. (`F5…`: an AID of ISO/IEC 7816-4 kind, AN10787.)
const AID: [u8; 3] = [0x4F, 0x56, 0xF5];
/// The same as it goes into the keys (AN10922: as it is written).
pub const AID_OF_KEYS: [u8; 3] = [0xF5, 0x56, 0x4F];
/// The card itself, outside all applications.
const CARD: [u8; 3] = [0; 3];
/// The key that a badge proves itself with at the door.
pub const BADGE_KEY: u8 = 1;
/// All keys of the application, in the order in which they are changed.
pub const KEYS: [u8; 2] = [1, 0];

/// *SelectApplication*.
const SELECT: u8 = 0x5A;
/// *CreateApplication*.
const CREATE: u8 = 0xCA;
/// The master key may be changed, files may be listed, but nothing else without the master key; all keys are changed under it.
const SETTINGS: u8 = 0x0B;
/// Two keys, of AES.
const TWO_AES_KEYS: u8 = 0x82;

/// Selects our application.
///
/// # Errors
/// [`Failure`]: the card has none, or is gone.
pub fn select<T: Transceive>(card: &mut T) -> Result<(), Failure<T::Error>> {
    command(card, SELECT, &AID).map(drop)
}

/// Makes our application, with factory keys.
///
/// # Errors
/// [`Failure`]: the card's issuer doesn't let others make applications, or there is no room.
pub fn create<T: Transceive>(card: &mut T) -> Result<(), Failure<T::Error>> {
    command(card, SELECT, &CARD)?;
    command(card, CREATE, &[&AID[..], &[SETTINGS, TWO_AES_KEYS]].concat()).map(drop)
}

/// Proves to each other that both know a key, as the card's generation does it.
///
/// # Errors
/// [`Failure`].
pub fn authenticate<T: Transceive>(card: &mut T, number: u8, key: &AesKey, chance: Chance<'_>) -> Result<(), Failure<T::Error>> {
    match ev2::authenticate(card, number, key, chance) {
        Err(Failure::Refused(_, apdu::NO_SUCH_COMMAND)) => ev1::authenticate(card, number, key, chance).map(drop),
        other => other.map(drop),
    }
}
