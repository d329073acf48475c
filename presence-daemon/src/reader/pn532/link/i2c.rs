//! I²C (UM0701-02, section 6.2.4): every read begins with a byte that says whether the chip is ready, and a read that ends early is lost
//! with its frame, so the longest answer is read at once.

use super::{LONGEST_ANSWER, Link, READY_PAUSE, questions, whole};
use crate::clock::since_boot;
use crate::reader::pn532::frame::Frame;
use crate::reader::wired::Fault;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{Error, I2c};
use std::time::Duration;

/// The chip's address, 7 bits.
const ADDRESS: u8 = 0x24;
/// The first byte of a read, bit 0: ready.
const READY: u8 = 0x01;
/// The chip is awake so long after it was addressed, in ms (PN532/C1 datasheet, T_osc_start: 2 ms at the most).
const WAKING: u32 = 2;

/// The bus, and what sleeps.
pub struct I2cLink<I, D> {
    bus: I,
    delay: D,
}

impl<I: I2c, D: DelayNs> I2cLink<I, D> {
    /// A chip on this bus.
    pub fn new(bus: I, delay: D) -> Self {
        Self { bus, delay }
    }
}

impl<I: I2c + Send, D: DelayNs + Send> Link for I2cLink<I, D> {
    fn wake(&mut self) -> Result<(), Fault> {
        // Being addressed wakes it. Asleep it may not acknowledge that, and the next command tells whether it is there.
        let _ = self.bus.read(ADDRESS, &mut [0; 1]);
        self.delay.delay_ms(WAKING);
        Ok(())
    }

    fn send(&mut self, frame: &[u8]) -> Result<(), Fault> {
        self.bus.write(ADDRESS, frame).map_err(|error| Fault::I2c(error.kind()))
    }

    fn receive(&mut self, patience: Duration) -> Result<Frame, Fault> {
        let mut last = Fault::Silent;
        // A chip that holds the clock down makes each read last as long as the kernel waits: the time counts, too.
        let until = since_boot() + patience;
        for _ in 0..questions(patience) {
            let mut block = [0; 1 + LONGEST_ANSWER];
            // A chip that is busy may not acknowledge its address; the Pi's HAL has no word of its own for that, so any error is
            // taken for it until patience is over.
            match self.bus.read(ADDRESS, &mut block[..1]) {
                Ok(()) if block[0] & READY != 0 => {
                    self.bus.read(ADDRESS, &mut block).map_err(|error| Fault::I2c(error.kind()))?;
                    return whole(&block[1..]);
                }
                Ok(()) => last = Fault::Silent,
                Err(error) => last = Fault::I2c(error.kind()),
            }
            if since_boot() > until {
                break;
            }
            self.delay.delay_ns(READY_PAUSE.subsec_nanos());
        }
        Err(last)
    }
}
