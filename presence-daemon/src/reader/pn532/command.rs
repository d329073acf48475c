//! The few commands that a reader of UIDs needs (UM0701-02, chapter 7), each with what its answer may hold.
//!
//! A command is sent, acknowledged within 15 ms, and answered. A broken answer is asked for once more (NACK). A command that is not
//! answered is stopped (ACK), so that its late answer is not taken for the next one's.

use super::frame::{ACK, Frame, NACK, encode};
use super::link::Link;
use crate::reader::wired::{Fault, Seen};
use std::time::Duration;
use voisins_shared::uid::Uid;

/// UM0701-02, section 6.2.2: the chip acknowledges within 15 ms; four times that, for a machine that is busy.
const ACK_TIME: Duration = Duration::from_millis(60);
/// What a command that touches no card takes at the most.
const ANSWER_TIME: Duration = Duration::from_millis(50);
/// What a look may take: three tries of 5 ms or so, and anticollision on three cascade levels.
const LOOK_TIME: Duration = Duration::from_millis(100);

/// GetFirmwareVersion (7.2.2).
const GET_FIRMWARE_VERSION: [u8; 1] = [0x02];
/// SAMConfiguration (7.2.10): normal mode (no secure element), no timeout, IRQ as it is. It also ends the "low Vbat" mode after power-up.
const SAM_NORMAL: [u8; 4] = [0x14, 0x01, 0x00, 0x01];
/// SetParameters (7.2.9): nothing automatic. Above all no RATS: a card in the state after it would not answer the next look.
const NOTHING_AUTOMATIC: [u8; 2] = [0x12, 0x00];
/// RFConfiguration (7.3.1), item 5: retries for ATR_REQ and PSL_REQ as after reset, and two for a passive target. The chip's default is
/// to look for ever. Two, because a card that answered the last look takes the first REQA of the next one for an error and falls back
/// to idle (ISO/IEC 14443-3, section 6.3.5).
const TWO_RETRIES: [u8; 5] = [0x32, 0x05, 0xFF, 0x01, 0x02];
/// RFConfiguration, item 1: field off. The next look switches it on.
const FIELD_OFF: [u8; 3] = [0x32, 0x01, 0x00];
/// InListPassiveTarget (7.3.5): one card, 106 kbps type A.
const ONE_TYPE_A: [u8; 3] = [0x4A, 0x01, 0x00];
/// InRelease (7.3.11): all cards.
const RELEASE_ALL: [u8; 2] = [0x52, 0x00];

/// The IC byte of a PN532's firmware version.
const PN532: u8 = 0x32;

/// Stops whatever command the chip is at. One that is at none does nothing.
///
/// # Errors
/// [`Fault`] of the bus.
pub fn stop(link: &mut impl Link) -> Result<(), Fault> {
    link.send(&ACK)
}

/// Checks that a PN532 answers.
///
/// # Errors
/// [`Fault::WrongChip`] if it is another of the family, or a [`Fault`].
pub fn get_firmware_version(link: &mut impl Link) -> Result<(), Fault> {
    match run(link, &GET_FIRMWARE_VERSION, ANSWER_TIME)?.as_slice() {
        [PN532, _version, _revision, _support] => Ok(()),
        [_, _, _, _] => Err(Fault::WrongChip("not a PN532")),
        _ => Err(Fault::Broken("no firmware version")),
    }
}

/// Wakes the chip to its normal mode.
///
/// # Errors
/// [`Fault`]
pub fn normal_mode(link: &mut impl Link) -> Result<(), Fault> {
    told(link, &SAM_NORMAL)
}

/// Makes the chip a reader of cards that is asked, not one that waits.
///
/// # Errors
/// [`Fault`]
pub fn configure(link: &mut impl Link) -> Result<(), Fault> {
    told(link, &NOTHING_AUTOMATIC)?;
    told(link, &TWO_RETRIES)
}

/// A command that is answered by a plain yes.
fn told(link: &mut impl Link, command: &[u8]) -> Result<(), Fault> {
    if run(link, command, ANSWER_TIME)?.is_empty() { Ok(()) } else { Err(Fault::Broken("more than a plain yes")) }
}

/// Looks for one card.
///
/// # Errors
/// [`Fault`]
pub fn in_list_passive_target(link: &mut impl Link) -> Result<Seen, Fault> {
    decode_targets(&run(link, &ONE_TYPE_A, LOOK_TIME)?)
}

/// Lets go of all cards and switches the field off.
///
/// # Errors
/// [`Fault`]
pub fn field_off(link: &mut impl Link) -> Result<(), Fault> {
    match run(link, &RELEASE_ALL, ANSWER_TIME)?.as_slice() {
        [status] => match Status::of(*status) {
            // a card that is gone, or was never listed, needs no release
            Status::Good | Status::Card(_) | Status::State(_) => {}
            Status::Chip(why) => return Err(Fault::Refused(why)),
        },
        _ => return Err(Fault::Broken("no status")),
    }
    run(link, &FIELD_OFF, ANSWER_TIME).map(drop)
}

/// Takes the card out of an answer to InListPassiveTarget: `NbTg [Tg SENS_RES(2) SEL_RES length UID…]`.
///
/// # Errors
/// [`Fault::Broken`] if it is no such answer.
pub fn decode_targets(answer: &[u8]) -> Result<Seen, Fault> {
    match answer {
        [0] => Ok(Seen::Nothing),
        [1, 1, _sens, _res, _sel, length, rest @ ..] => match rest.get(..usize::from(*length)) {
            // after the UID there may be an ATS, if the chip has forgotten that it is not asked for
            Some(uid) => Ok(Uid::new(uid).map_or(Seen::Unreadable, Seen::Card)),
            None => Err(Fault::Broken("a UID that is cut off")),
        },
        _ => Err(Fault::Broken("no list of cards")),
    }
}

/// A status byte (UM0701-02, section 7.1, "error handling"): bits 0 to 5; bits 6 and 7 say other things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0x00.
    Good,
    /// Something between card and antenna.
    Card(&'static str),
    /// A command that does not fit the state that the chip or the card is in.
    State(&'static str),
    /// The chip itself, or its firmware.
    Chip(&'static str),
}

impl Status {
    /// Reads a status byte.
    #[must_use]
    pub fn of(status: u8) -> Self {
        match status & 0x3F {
            0x00 => Self::Good,
            0x01 => Self::Card("the card has not answered"),
            0x02 => Self::Card("CRC error"),
            0x03 => Self::Card("parity error"),
            0x04 => Self::Card("wrong number of bits in anticollision"),
            0x05 => Self::Card("framing error"),
            0x06 => Self::Card("bit collision"),
            0x07 => Self::Chip("communication buffer too small"),
            0x09 => Self::Chip("RF buffer overflow"),
            0x0A => Self::Card("the other side's field did not come on"),
            0x0B => Self::Card("RF protocol error"),
            0x0D => Self::Chip("too hot: the antenna driver is off"),
            0x0E => Self::Chip("internal buffer overflow"),
            0x10 => Self::Chip("invalid parameter"),
            0x12 => Self::Card("a command that the target does not know"),
            0x13 => Self::Card("data of the wrong format"),
            0x14 => Self::Card("authentication error"),
            0x23 => Self::Card("wrong check byte of the UID"),
            0x25 => Self::State("invalid device state"),
            0x26 => Self::State("not allowed in this configuration"),
            0x27 => Self::State("not acceptable in the current context"),
            0x29 => Self::State("released by its initiator"),
            0x2A => Self::Card("another card than before"),
            0x2B => Self::Card("the card has disappeared"),
            0x2C => Self::Card("another NFCID3 than before"),
            0x2D => Self::Chip("over-current"),
            0x2E => Self::Card("NAD missing"),
            _ => Self::Chip("an error that the manual does not know"),
        }
    }
}

/// Sends a command; returns what its answer holds after the command code.
fn run(link: &mut impl Link, command: &[u8], patience: Duration) -> Result<Vec<u8>, Fault> {
    let answer = exchange(link, command, patience);
    if let Err(Fault::Silent | Fault::Broken(_)) = answer {
        // what comes after this is the next command's
        stop(link)?;
    }
    answer
}

fn exchange(link: &mut impl Link, command: &[u8], patience: Duration) -> Result<Vec<u8>, Fault> {
    link.send(&encode(command))?;
    let mut first = link.receive(ACK_TIME)?;
    if let Frame::Answer(_) = first {
        // of a command before, that was stopped too late
        first = link.receive(ACK_TIME)?;
    }
    match first {
        Frame::Ack => {}
        Frame::Nack => return Err(Fault::Broken("the command arrived broken")),
        Frame::Error => return Err(Fault::Refused("a command that it does not understand")),
        Frame::Answer(_) => return Err(Fault::Broken("answers before the acknowledgement")),
    }
    let mut received = link.receive(patience);
    if let Ok(Frame::Ack) = received {
        // the one before was the late one of a command that was stopped
        received = link.receive(patience);
    }
    if let Err(Fault::Broken(_)) = received {
        link.send(&NACK)?;
        received = link.receive(ACK_TIME);
    }
    let frame = received?;
    match frame {
        Frame::Answer(answer) => match answer.split_first() {
            Some((code, rest)) if Some(*code) == command.first().map(|code| code + 1) => Ok(rest.to_vec()),
            _ => Err(Fault::Broken("the answer to another command")),
        },
        Frame::Error => Err(Fault::Refused("a command that it does not understand")),
        Frame::Ack | Frame::Nack => Err(Fault::Broken("an acknowledgement in place of an answer")),
    }
}

#[cfg(test)]
mod tests;
