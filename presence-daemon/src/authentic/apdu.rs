//! Native commands wrapped in ISO/IEC 7816-4 APDUs (NT4H2421Gx 8.4, *ISO/IEC 7816-4 wrapped commands*): `90 INS 00 00 Lc data 00`,
//! answered by `data 91 SW2`. PC/SC readers hand them to ISO/IEC 14443-4 cards unchanged.

use super::{Failure, Transceive};

/// SW1 of every native answer.
const NATIVE: u8 = 0x91;
/// SW2: done.
pub const DONE: u8 = 0x00;
/// SW2: there is more to come, or to be said (*additional frame*).
pub const MORE: u8 = 0xAF;
/// SW2: the card doesn't have that command.
pub const NO_SUCH_COMMAND: u8 = 0x1C;
/// SW2: no such application.
pub const NO_SUCH_APPLICATION: u8 = 0xA0;
/// SW2: the key is another one.
pub const AUTHENTICATION_ERROR: u8 = 0xAE;

/// SW2: too many failed authentications; each further one takes longer, until one is let through (NT4H2421Gx 9.1.6).
pub const DELAY: u8 = 0xAD;
/// SW2: another command came between, or the memory could not be written.
const NOT_NOW: [u8; 2] = [0xCA, 0xEE];

/// INS: the next part of what takes several commands.
pub const NEXT_FRAME: u8 = 0xAF;
/// INS: which product it is.
const GET_VERSION: u8 = 0x60;

/// Sends a native command; the answer without status words, and SW2, which is [`DONE`] or [`MORE`].
///
/// # Errors
/// [`Failure`].
pub fn native<T: Transceive>(card: &mut T, ins: u8, data: &[u8]) -> Result<(Vec<u8>, u8), Failure<T::Error>> {
    let mut apdu = vec![0x90, ins, 0x00, 0x00];
    if !data.is_empty() {
        // all of ours are shorter than 256 bytes
        apdu.push(u8::try_from(data.len()).map_err(|_| Failure::Garbled)?);
        apdu.extend_from_slice(data);
    }
    apdu.push(0x00);
    let (answer, sw1, sw2) = exchange(card, &apdu)?;
    match (sw1, sw2) {
        (NATIVE, DONE | MORE) => Ok((answer, sw2)),
        _ => Err(refused(sw1, sw2)),
    }
}

/// The same for a command that is done with one answer.
///
/// # Errors
/// [`Failure`].
pub fn command<T: Transceive>(card: &mut T, ins: u8, data: &[u8]) -> Result<Vec<u8>, Failure<T::Error>> {
    match native(card, ins, data)? {
        (answer, DONE) => Ok(answer),
        (_, sw2) => Err(Failure::Refused(NATIVE, sw2)),
    }
}

/// The same for a command whose answer has this length, and which goes on if `more`.
///
/// # Errors
/// [`Failure`].
pub fn exactly<const N: usize, T: Transceive>(
    card: &mut T,
    ins: u8,
    data: &[u8],
    more: bool,
) -> Result<[u8; N], Failure<T::Error>> {
    let (answer, sw2) = native(card, ins, data)?;
    if (sw2 == MORE) != more {
        return Err(Failure::Refused(NATIVE, sw2));
    }
    answer.try_into().map_err(|_| Failure::WrongKey)
}

/// Selects an application by its DF name (ISO/IEC 7816-4, 11.1.1).
///
/// # Errors
/// [`Failure`].
pub fn select<T: Transceive>(card: &mut T, name: &[u8; 7]) -> Result<(), Failure<T::Error>> {
    let apdu = [&[0x00, 0xA4, 0x04, 0x00, 7], &name[..], &[0x00]].concat();
    match exchange(card, &apdu)? {
        (_, 0x90, 0x00) => Ok(()),
        (_, sw1, sw2) => Err(refused(sw1, sw2)),
    }
}

/// Reads the first so many bytes of a file of the selected application, as phones do (ISO/IEC 7816-4, 11.1.1 and 11.2.3).
///
/// # Errors
/// [`Failure`].
pub fn read<T: Transceive>(card: &mut T, file: [u8; 2], length: u8) -> Result<Vec<u8>, Failure<T::Error>> {
    for apdu in [&[0x00, 0xA4, 0x00, 0x0C, 2, file[0], file[1]][..], &[0x00, 0xB0, 0x00, 0x00, length]] {
        let (answer, sw1, sw2) = exchange(card, apdu)?;
        match (sw1, sw2) {
            (0x90, 0x00) if apdu[1] == 0xB0 => return Ok(answer),
            (0x90, 0x00) => {}
            _ => return Err(refused(sw1, sw2)),
        }
    }
    Err(Failure::Garbled)
}

/// The hardware part of *Get Version* (NT4H2421Gx 10.5.2): maker, type, subtype, major version, …
///
/// # Errors
/// [`Failure`]: it is none of NXP's cards that have it.
pub fn version<T: Transceive>(card: &mut T) -> Result<[u8; 7], Failure<T::Error>> {
    let hardware = exactly(card, GET_VERSION, &[], true)?;
    // software, then what was made when: taken, so that the card is done with the command
    let (_, more) = native(card, NEXT_FRAME, &[])?;
    if more == MORE {
        native(card, NEXT_FRAME, &[])?;
    }
    Ok(hardware)
}

fn exchange<T: Transceive>(card: &mut T, apdu: &[u8]) -> Result<(Vec<u8>, u8, u8), Failure<T::Error>> {
    let mut answer = card.transmit(apdu).map_err(Failure::Transport)?;
    match answer.split_last_chunk::<2>() {
        Some((_, &[sw1, sw2])) => {
            answer.truncate(answer.len() - 2);
            Ok((answer, sw1, sw2))
        }
        None => Err(Failure::Garbled),
    }
}

/// Status words that are the card's own: native ones, and whatever another kind of card says to a command that it doesn't know. What a
/// reader makes up when the card doesn't answer (63 xx, 64 xx) says nothing of the card.
fn refused<E>(sw1: u8, sw2: u8) -> Failure<E> {
    match (sw1, sw2) {
        (NATIVE, DELAY) => Failure::NotNow(sw2),
        (NATIVE, sw2) if NOT_NOW.contains(&sw2) => Failure::NotNow(sw2),
        (0x63 | 0x64, _) => Failure::Garbled,
        _ => Failure::Refused(sw1, sw2),
    }
}
