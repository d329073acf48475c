//! The MFRC522 (NXP; datasheet MFRC522 rev. 3.9) on SPI: the chip of the RC522 boards.
//!
//! - [`register`]: its registers, one at a time
//! - [`exchange`]: bits to a card and back, through its FIFO
//! - [`card`]: waking a card and asking for its UID (ISO/IEC 14443-3, type A)
//!
//! Why not the crate `mfrc522` (0.8): it reads the interrupt register up to 2,000 times in a row while a card is silent, which is a busy
//! core at 30 looks a second; it keeps its registers to itself, so that a chip that was without power for a moment can't be told from a
//! field without a card; and it can't wake a halted card without the antenna going off.

pub mod card;
pub mod exchange;
pub mod register;

use super::wired::{Chip, Fault, Seen};
use card::CardError;
use embedded_hal::delay::DelayNs;
use embedded_hal::spi::SpiDevice;
use register::{Register, Registers};

/// Hz; the chip takes 10 MHz, the wires of a header less.
pub const CLOCK: u32 = 1_000_000;

/// How long a reset may take, in ms (datasheet, section 8.8.2: the oscillator's start-up, plus 37.74 µs).
const RESET_TIME: u32 = 50;
/// CommandReg: SoftReset.
const SOFT_RESET: u8 = 0x0F;
/// CommandReg, bit 4: not awake yet.
const POWER_DOWN: u8 = 1 << 4;
/// TxControlReg, bits 0 and 1: both antenna drivers. They are off after a reset: the mark of a chip that forgot its set-up.
const ANTENNA: u8 = 0x03;
/// TxControlReg after a reset (datasheet, table 60), with the antenna on.
const TX_CONTROL: u8 = 0x80 | ANTENNA;
/// How long the field stays off, and how long it is on before a card is asked, in ms (ISO/IEC 14443-3, section 6.2.3: 5 ms).
const GUARD: u32 = 6;

/// What differs from the values after a reset. The timer starts when a command is sent, and ends the wait for an answer after 1 ms: a card
/// answers REQA, anticollision and select after 91 µs (ISO/IEC 14443-3, section 6.2.1.1).
const SET_UP: [(Register, u8); 8] = [
    // TAuto; with the prescaler: 13.56 MHz / (2 × 169 + 1) = 40 kHz
    (Register::TMode, 0x80),
    (Register::TPrescaler, 0xA9),
    (Register::TReloadH, 0x00),
    (Register::TReloadL, 40),
    // 100 % ASK: what type A is
    (Register::TxAsk, 0x40),
    // CRC preset 0x6363, the type's own
    (Register::Mode, 0x3D),
    // 48 dB: badges are held through a case's wall
    (Register::RfCfg, 0x70),
    // bits that come after a collision are zero
    (Register::Coll, 0x00),
];

/// An MFRC522 on an SPI bus.
pub struct Mfrc522<S, D> {
    registers: Registers<S>,
    delay: D,
}

impl<S: SpiDevice, D: DelayNs> Mfrc522<S, D> {
    /// The chip on this bus.
    pub fn new(bus: S, delay: D) -> Self {
        Self { registers: Registers::new(bus), delay }
    }

    fn reset(&mut self) -> Result<(), Fault> {
        self.registers.write(Register::Command, SOFT_RESET)?;
        for _ in 0..RESET_TIME {
            self.delay.delay_ms(1);
            if self.registers.read(Register::Command)? & POWER_DOWN == 0 {
                return Ok(());
            }
        }
        Err(Fault::Silent)
    }

    fn antenna(&mut self, control: u8) -> Result<(), Fault> {
        self.registers.write(Register::TxControl, control)?;
        self.delay.delay_ms(GUARD);
        Ok(())
    }
}

impl<S: SpiDevice + Send, D: DelayNs + Send> Chip for Mfrc522<S, D> {
    fn set_up(&mut self) -> Result<(), Fault> {
        // a line that nobody drives
        if let 0x00 | 0xFF = self.registers.read(Register::Version)? {
            return Err(Fault::Silent);
        }
        self.reset()?;
        for (register, value) in SET_UP {
            self.registers.write(register, value)?;
        }
        // Clones have versions of their own, but they keep what is written to these.
        for (register, value) in SET_UP.into_iter().take(4) {
            if self.registers.read(register)? != value {
                return Err(Fault::WrongChip("its registers do not keep what is written"));
            }
        }
        self.antenna(TX_CONTROL)
    }

    fn look(&mut self) -> Result<Seen, Fault> {
        match self.registers.read(Register::TxControl)? {
            0xFF => return Err(Fault::Silent),
            control if control & ANTENNA == ANTENNA => {}
            _ => return Err(Fault::Forgotten),
        }
        match card::read_uid(&mut self.registers, &mut self.delay) {
            Ok(uid) => Ok(uid.map_or(Seen::Nothing, Seen::Card)),
            Err(CardError::Fault(fault)) => Err(fault),
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "card not read");
                Ok(Seen::Unreadable)
            }
        }
    }

    fn reset_field(&mut self) -> Result<(), Fault> {
        self.antenna(TX_CONTROL & !ANTENNA)?;
        self.antenna(TX_CONTROL)
    }
}

#[cfg(test)]
mod tests;
