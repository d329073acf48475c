//! What carries frames to a PN532 and back, on each of its buses.
//!
//! - [`serial`]: a serial line (HSU, 115,200 baud)
//! - [`i2c`]: an I²C bus
//! - [`spi`]: an SPI bus

pub mod i2c;
pub mod serial;
pub mod spi;

use super::frame::{Frame, decode};
use crate::reader::wired::Fault;
use std::time::Duration;

/// The longest answer that is read in one go where the bus doesn't say where it ends (I²C, SPI): the one card of an
/// InListPassiveTarget has 10 bytes of UID, which makes 25 with the frame around it; its ATS is not asked for.
const LONGEST_ANSWER: usize = 40;
/// Between two questions whether the chip is ready (I²C, SPI).
const READY_PAUSE: Duration = Duration::from_millis(1);

/// One bus to one PN532.
pub trait Link: Send {
    /// Wakes the chip from power-down (UM0701-02, section 7.2.11), and throws away what it still had to say.
    ///
    /// # Errors
    /// [`Fault`] of the bus.
    fn wake(&mut self) -> Result<(), Fault>;

    /// Sends a frame as it is.
    ///
    /// # Errors
    /// [`Fault`] of the bus.
    fn send(&mut self, frame: &[u8]) -> Result<(), Fault>;

    /// Waits for a frame.
    ///
    /// # Errors
    /// [`Fault::Silent`] if none began within `patience`, [`Fault::Broken`] if what came is none, or a fault of the bus.
    fn receive(&mut self, patience: Duration) -> Result<Frame, Fault>;
}

/// The frame in a block that was read in one go.
fn whole(block: &[u8]) -> Result<Frame, Fault> {
    match decode(block) {
        Ok(Some((frame, _))) => Ok(frame),
        Ok(None) => Err(Fault::Broken("no frame, or half of one")),
        Err(error) => Err(Fault::Broken(error.words())),
    }
}

/// How often the chip is asked whether it is ready, for a patience.
fn questions(patience: Duration) -> u128 {
    patience.as_nanos() / READY_PAUSE.as_nanos() + 1
}

#[cfg(test)]
mod tests;
