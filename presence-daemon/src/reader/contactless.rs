//! Contactless cards behind a PC/SC reader: the reader itself answers *Get Data* with the card's UID (PC/SC part 3, 3.2.2.1.3), and hands
//! any other command to a card that takes commands (ISO/IEC 14443-4), which may so prove that it is no copy.

use crate::authentic::{Failure, NoRandom, Proof, SiteKeys, Transceive, prove};
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE, Protocols, ShareMode};
use std::ffi::CStr;
use voisins_shared::uid::{Uid, UidError};

/// Get Data, P1 P2 = 00 00: the UID; Le = 00: whatever length it has.
const GET_UID: [u8; 5] = [0xFF, 0xCA, 0x00, 0x00, 0x00];
/// SW1 SW2 of success.
const SUCCESS: [u8; 2] = [0x90, 0x00];
/// In the ATR that a reader makes up for a memory card: the PC/SC workgroup's identifier (PC/SC part 3, 3.1.3.2.3.2).
const MEMORY_CARD: [u8; 5] = [0xA0, 0x00, 0x00, 0x03, 0x06];

/// Why a card could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// PC/SC refused.
    #[error("no answer from the card")]
    Pcsc(#[from] pcsc::Error),
    /// The answer has no status words.
    #[error("an answer of {0} bytes, which is too short for status words")]
    Short(usize),
    /// The card or the reader refused: no contactless card, or no UID.
    #[error("status words {0:02X} {1:02X}")]
    Refused(u8, u8),
    /// What came is no UID.
    #[error("no UID")]
    NoUid(#[from] UidError),
    /// The card went out of reach while it proved itself: nothing is known of it.
    #[error("the authentication was broken off")]
    BrokenOff,
}

/// A card that we are connected to.
#[allow(missing_debug_implementations, reason = "a handle of libpcsclite shows nothing")]
pub struct Contactless {
    card: pcsc::Card,
    buffer: [u8; MAX_BUFFER_SIZE],
}

impl Contactless {
    /// Connects to the card on the reader of that name.
    ///
    /// # Errors
    /// What PC/SC says.
    pub fn connect(context: &Context, reader: &CStr, mode: ShareMode) -> Result<Self, pcsc::Error> {
        Ok(Self { card: context.connect(reader, mode, Protocols::ANY)?, buffer: [0; MAX_BUFFER_SIZE] })
    }

    /// Reads its UID.
    ///
    /// # Errors
    /// [`ReadError`]; the pause before another try is the caller's.
    pub fn uid(&mut self) -> Result<Uid, ReadError> {
        decode(self.card.transmit(&GET_UID, &mut self.buffer)?)
    }

    /// Whether it takes commands of its own, and is no memory card.
    ///
    /// # Errors
    /// What PC/SC says.
    pub fn takes_commands(&self) -> Result<bool, pcsc::Error> {
        Ok(atr_takes_commands(self.card.status2_owned()?.atr()))
    }

    /// Lets go of it. If this fails the card is gone, or pcscd is: the next call will tell.
    pub fn leave(self, disposition: Disposition) {
        let _ = self.card.disconnect(disposition);
    }
}

impl Transceive for Contactless {
    type Error = pcsc::Error;

    fn transmit(&mut self, apdu: &[u8]) -> Result<Vec<u8>, pcsc::Error> {
        self.card.transmit(apdu, &mut self.buffer).map(<[u8]>::to_vec)
    }
}

/// Reads the UID of the card on the reader of that name, and lets the card prove itself if the site has a key for that.
///
/// # Errors
/// [`ReadError`]; the pause before another try is the caller's.
pub fn read(context: &Context, reader: &CStr, keys: &SiteKeys) -> Result<(Uid, Proof), ReadError> {
    let mut card = Contactless::connect(context, reader, ShareMode::Shared)?;
    let mut after = Disposition::LeaveCard;
    let read = read_connected(&mut card, keys, &mut after);
    card.leave(after);
    read
}

fn read_connected(card: &mut Contactless, keys: &SiteKeys, after: &mut Disposition) -> Result<(Uid, Proof), ReadError> {
    // asked first: once a memory card has said its UID it may go
    let proves = !keys.is_empty() && card.takes_commands()?;
    let uid = card.uid()?;
    if !proves {
        return Ok((uid, Proof::Uid));
    }
    // the next program is to meet a card that trusts nobody
    *after = Disposition::ResetCard;
    match prove(card, &uid, keys, &mut random) {
        Ok(proof) => Ok((uid, proof)),
        Err(Failure::Transport(error)) => Err(ReadError::Pcsc(error)),
        Err(_) => Err(ReadError::BrokenOff),
    }
}

/// Fresh random bytes from the system.
///
/// # Errors
/// The system has none.
pub fn random() -> Result<[u8; 16], NoRandom> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map(|()| bytes).map_err(|_| NoRandom)
}

/// PC/SC part 3, 3.1.3.2.3: `3B 8n 80 01`, then historical bytes, which name the standard of a memory card.
fn atr_takes_commands(atr: &[u8]) -> bool {
    matches!(atr, [0x3B, 0x80..=0x8F, 0x80, 0x01, ..]) && !atr.windows(MEMORY_CARD.len()).any(|part| part == MEMORY_CARD)
}

/// Takes the UID out of an answer to Get Data.
fn decode(answer: &[u8]) -> Result<Uid, ReadError> {
    let Some((uid, status)) = answer.split_last_chunk::<2>() else { return Err(ReadError::Short(answer.len())) };
    match *status {
        SUCCESS => Ok(Uid::new(uid)?),
        [sw1, sw2] => Err(ReadError::Refused(sw1, sw2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answer: &[u8], expected: Result<&[u8], ReadError>) {
        assert_eq!(decode(answer), expected.map(|uid| Uid::new(uid).unwrap()));
    }

    #[test]
    fn a_uid_of_4_7_or_10_bytes_is_taken_from_a_good_answer() {
        check(&[4, 1, 2, 3, 0x90, 0], Ok(&[4, 1, 2, 3]));
        check(&[4, 1, 2, 3, 5, 6, 7, 0x90, 0], Ok(&[4, 1, 2, 3, 5, 6, 7]));
        check(&[4, 1, 2, 3, 5, 6, 7, 8, 9, 10, 0x90, 0], Ok(&[4, 1, 2, 3, 5, 6, 7, 8, 9, 10]));
    }

    #[test]
    fn any_other_answer_is_an_error_and_never_a_panic() {
        check(&[], Err(ReadError::Short(0)));
        check(&[0x90], Err(ReadError::Short(1)));
        check(&[0x90, 0x00], Err(ReadError::NoUid(UidError::Length(0))));
        check(&[0x6A, 0x81], Err(ReadError::Refused(0x6A, 0x81)));
        check(&[4, 1, 2, 3, 0x63, 0x00], Err(ReadError::Refused(0x63, 0x00)));
        check(&[0xFF, 0x00, 0xFF, 0x13, 0x37], Err(ReadError::Refused(0x13, 0x37)));
        check(&[0, 0, 0, 0, 0x90, 0x00], Err(ReadError::NoUid(UidError::Blank(0))));
        check(&[[0xAA; 262].as_slice(), &SUCCESS].concat(), Err(ReadError::NoUid(UidError::Length(262))));
    }

    #[test]
    fn only_a_card_that_takes_commands_is_asked_to_prove_itself() {
        let mifare_1k = [0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0, 0, 0x03, 0x06, 0x03, 0, 0x01, 0, 0, 0, 0, 0x6A];
        assert!(!atr_takes_commands(&mifare_1k));
        assert!(atr_takes_commands(&[0x3B, 0x81, 0x80, 0x01, 0x80, 0x80]), "a DESFire");
        assert!(!atr_takes_commands(&[0x3B, 0x65, 0, 0, 0x20]), "a card with contacts");
        assert!(!atr_takes_commands(&[]));
    }
}
