//! Contactless cards behind a PC/SC reader: the reader itself answers *Get Data* with the card's UID (PC/SC part 3, 3.2.2.1.3).

use pcsc::{Context, Disposition, MAX_BUFFER_SIZE, Protocols, ShareMode};
use std::ffi::CStr;
use voisins_shared::uid::{Uid, UidError};

/// Get Data, P1 P2 = 00 00: the UID; Le = 00: whatever length it has.
const GET_UID: [u8; 5] = [0xFF, 0xCA, 0x00, 0x00, 0x00];
/// SW1 SW2 of success.
const SUCCESS: [u8; 2] = [0x90, 0x00];

/// Why a card's UID could not be read.
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
}

/// Reads the UID of the card on the reader of that name.
///
/// # Errors
/// [`ReadError`]; the pause before another try is the caller's.
pub fn read_uid(context: &Context, reader: &CStr) -> Result<Uid, ReadError> {
    let card = context.connect(reader, ShareMode::Shared, Protocols::ANY)?;
    let mut buffer = [0; MAX_BUFFER_SIZE];
    let uid = card.transmit(&GET_UID, &mut buffer).map_err(ReadError::from).and_then(decode);
    // The card stays powered for whoever else reads it. If this fails the card is gone, or pcscd is: the next call will tell.
    let _ = card.disconnect(Disposition::LeaveCard);
    uid
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
}
