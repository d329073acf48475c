//! Bits to a card and back: the chip's *Transceive* command (datasheet, section 10.3.1.8).

use super::register::{FIFO, Register, Registers};
use crate::reader::wired::Fault;
use embedded_hal::delay::DelayNs;
use embedded_hal::spi::SpiDevice;

/// CommandReg.
const IDLE: u8 = 0x00;
const TRANSCEIVE: u8 = 0x0C;
/// ComIrqReg: all of them cleared (bit 7, Set1, is zero).
const CLEAR_IRQS: u8 = 0x7F;
/// ComIrqReg: the end of an answer.
const RX_IRQ: u8 = 1 << 5;
/// ComIrqReg: the timer has run out: no answer.
const TIMER_IRQ: u8 = 1 << 0;
/// FIFOLevelReg: emptied.
const FLUSH: u8 = 1 << 7;
/// BitFramingReg.
const START_SEND: u8 = 1 << 7;
/// How long an exchange may take, in ms: the longest, SELECT, is 0.9 ms there and 0.5 ms back. Past it the chip hangs.
const LONGEST: u32 = 10;

/// What is sent, and how the answer is to be laid down.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// How many bits of the last byte count; 0: all.
    pub last_bits: u8,
    /// At which bit of its first byte the answer begins.
    pub align: u8,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The bytes; bits below the alignment are zero.
    pub bytes: Vec<u8>,
    /// How many bits of the last byte count; 0: all.
    pub last_bits: u8,
    /// The bit at which two cards disagreed, 1 for the first; what comes after it is zero.
    pub collision: Option<u8>,
}

/// What went wrong between card and antenna, by ErrorReg (datasheet, table 36).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RfError {
    /// ProtocolErr: the start of a frame was wrong.
    #[error("protocol error")]
    Protocol,
    /// ParityErr.
    #[error("parity error")]
    Parity,
    /// CRCErr, where the chip checks it.
    #[error("CRC error")]
    Crc,
    /// BufferOvfl: more came than the FIFO holds.
    #[error("more bytes than the FIFO holds")]
    Overflow,
    /// CollErr, at a place that can't be told.
    #[error("a collision at no place")]
    Collision,
    /// WrErr: the FIFO was written at a wrong moment.
    #[error("FIFO written at the wrong moment")]
    Write,
    /// TempErr: the antenna drivers are off.
    #[error("too hot: the antenna driver is off")]
    Hot,
}

/// Sends bits and waits for an answer. `Ok(Ok(None))`: there was none.
///
/// # Errors
/// [`Fault`] of chip or bus; within, [`RfError`] of what is in the field.
pub fn transceive<S: SpiDevice>(
    chip: &mut Registers<S>,
    delay: &mut impl DelayNs,
    sent: Sent<'_>,
) -> Result<Result<Option<Received>, RfError>, Fault> {
    chip.write(Register::Command, IDLE)?;
    chip.write(Register::ComIrq, CLEAR_IRQS)?;
    chip.write(Register::FifoLevel, FLUSH)?;
    chip.fill(sent.bytes)?;
    chip.write(Register::Command, TRANSCEIVE)?;
    chip.write(Register::BitFraming, START_SEND | sent.align << 4 | sent.last_bits)?;
    if !answered(chip, delay)? {
        return Ok(Ok(None));
    }
    match error(chip.read(Register::Error)?) {
        Some(RfError::Hot) => Err(Fault::Refused("too hot: the antenna driver is off")),
        Some(RfError::Collision) => match collision(chip.read(Register::Coll)?) {
            Some(place) => received(chip, Some(place)).map(Ok),
            None => Ok(Err(RfError::Collision)),
        },
        Some(error) => Ok(Err(error)),
        None => received(chip, None).map(Ok),
    }
}

/// Waits for the end of the answer, or of the time in which one could come.
fn answered<S: SpiDevice>(chip: &mut Registers<S>, delay: &mut impl DelayNs) -> Result<bool, Fault> {
    for _ in 0..LONGEST {
        delay.delay_ms(1);
        let irq = chip.read(Register::ComIrq)?;
        if irq & RX_IRQ != 0 {
            return Ok(true);
        }
        if irq & TIMER_IRQ != 0 {
            return Ok(false);
        }
    }
    Err(Fault::Silent)
}

fn received<S: SpiDevice>(chip: &mut Registers<S>, collision: Option<u8>) -> Result<Option<Received>, Fault> {
    let count = usize::from(chip.read(Register::FifoLevel)?);
    if count > FIFO {
        return Err(Fault::Broken("a FIFO of more than 64 bytes"));
    }
    let last_bits = chip.read(Register::Control)? & 0x07;
    Ok(Some(Received { bytes: chip.drain(count)?, last_bits, collision }))
}

/// The worst of ErrorReg. A collision is the last: with another error beside it its place means nothing.
fn error(register: u8) -> Option<RfError> {
    [
        (1 << 6, RfError::Hot),
        (1 << 7, RfError::Write),
        (1 << 4, RfError::Overflow),
        (1 << 0, RfError::Protocol),
        (1 << 3, RfError::Collision),
        (1 << 2, RfError::Crc),
        (1 << 1, RfError::Parity),
    ]
    .into_iter()
    .find_map(|(bit, error)| (register & bit != 0).then_some(error))
}

/// CollReg: the place of the first collision, 1 to 32, where 32 is written 0; bit 5: none that counts.
fn collision(register: u8) -> Option<u8> {
    (register & 1 << 5 == 0).then_some(match register & 0x1F {
        0 => 32,
        place => place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_of_the_error_register_has_its_word_and_reserved_ones_have_none() {
        let all = [RfError::Protocol, RfError::Parity, RfError::Crc, RfError::Collision, RfError::Overflow];
        for (bit, expected) in all.into_iter().enumerate() {
            assert_eq!(error(1 << bit), Some(expected), "bit {bit}");
        }
        assert_eq!([error(1 << 6), error(1 << 7)], [Some(RfError::Hot), Some(RfError::Write)]);
        assert_eq!([error(0), error(1 << 5)], [None, None]);
        // A collision breaks the parity, too, and that is no news.
        assert_eq!(error(0b1010), Some(RfError::Collision));
    }

    #[test]
    fn a_collision_is_at_bit_1_to_32_or_nowhere() {
        assert_eq!([collision(0x01), collision(0x1F), collision(0x00)], [Some(1), Some(31), Some(32)]);
        assert_eq!(collision(0x2A), None);
    }
}
