//! The PN532 (NXP; manual UM0701-02), on I²C, SPI or a serial line.
//!
//! - [`link`]: bytes on a bus
//! - [`frame`]: bytes ↔ frames, with their checksums
//! - [`command`]: the few commands needed, and what they answer
//!
//! Why not the crate `pn532` (0.5): its serial interface asks for a fixed number of bytes, so that UIDs of 4 and of 7 bytes can't both be
//! read; it spins while it waits; and a late answer spoils the next command. With an interface of our own, a frame decoder is what would be
//! left of it.

pub mod command;
pub mod frame;
pub mod link;

use super::wired::{Chip, Fault, Seen};
use embedded_hal::delay::DelayNs;
use link::Link;

/// How long the field stays off, in ms (ISO/IEC 14443-3, section 6.2.3, RESET: 5 ms), and a little more.
const FIELD_OFF: u32 = 6;

/// A PN532 on a link.
pub struct Pn532<L, D> {
    link: L,
    delay: D,
}

impl<L: Link, D: DelayNs> Pn532<L, D> {
    /// The chip at the other end of `link`.
    pub fn new(link: L, delay: D) -> Self {
        Self { link, delay }
    }
}

impl<L: Link, D: DelayNs + Send> Chip for Pn532<L, D> {
    fn set_up(&mut self) -> Result<(), Fault> {
        self.link.wake()?;
        command::stop(&mut self.link)?;
        // SAMConfiguration comes first: after power-up it alone ends the "low Vbat" mode, and the first attempt may be lost
        let first = command::normal_mode(&mut self.link);
        command::get_firmware_version(&mut self.link)?;
        if first.is_err() {
            command::normal_mode(&mut self.link)?;
        }
        command::configure(&mut self.link)
    }

    fn look(&mut self) -> Result<Seen, Fault> {
        command::in_list_passive_target(&mut self.link)
    }

    fn reset_field(&mut self) -> Result<(), Fault> {
        command::field_off(&mut self.link)?;
        self.delay.delay_ms(FIELD_OFF);
        Ok(())
    }
}
