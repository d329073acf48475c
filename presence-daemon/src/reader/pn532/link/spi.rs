//! SPI (UM0701-02, section 6.2.5): mode 0, at most 5 MHz, and the least significant bit first, which the Pi's controller can't do: the
//! bits of every byte are turned round here.

use super::{LONGEST_ANSWER, Link, READY_PAUSE, questions, whole};
use crate::reader::pn532::frame::Frame;
use crate::reader::wired::Fault;
use embedded_hal::delay::DelayNs;
use embedded_hal::spi::{Error, Operation, SpiDevice};
use std::time::Duration;

/// Hz.
pub const CLOCK: u32 = 1_000_000;
/// First byte of a transfer: data to the chip follows.
const WRITE: u8 = 0x01;
/// First byte of a transfer: is the chip ready?
const STATUS: u8 = 0x02;
/// First byte of a transfer: data from the chip follows.
const READ: u8 = 0x03;
/// Answer to [`STATUS`], bit 0: ready. A line that nobody drives reads 0x00 or 0xFF.
const READY: u8 = 0x01;
/// The chip is awake so long after it was selected, in ms (PN532/C1 datasheet, T_osc_start: 2 ms at the most).
const WAKING: u32 = 2;

/// The bus with the chip's select, and what sleeps.
pub struct SpiLink<S, D> {
    bus: S,
    delay: D,
}

impl<S: SpiDevice, D: DelayNs> SpiLink<S, D> {
    /// A chip on this bus.
    pub fn new(bus: S, delay: D) -> Self {
        Self { bus, delay }
    }

    /// Sends `out` while `N` bytes come in: one transfer, because the chip takes the end of its select for the end of the frame. (Not in
    /// place: rppal 0.22 sends nothing then.)
    fn transfer<const N: usize>(&mut self, out: &[u8]) -> Result<[u8; N], Fault> {
        let (mut sent, mut came) = ([0; N], [0; N]);
        sent.iter_mut().zip(out).for_each(|(sent, byte)| *sent = byte.reverse_bits());
        self.bus.transfer(&mut came, &sent).map_err(|error| Fault::Spi(error.kind()))?;
        Ok(came.map(u8::reverse_bits))
    }
}

impl<S: SpiDevice + Send, D: DelayNs + Send> Link for SpiLink<S, D> {
    fn wake(&mut self) -> Result<(), Fault> {
        // being selected wakes it
        let _: [u8; 2] = self.transfer(&[STATUS])?;
        self.delay.delay_ms(WAKING);
        Ok(())
    }

    fn send(&mut self, frame: &[u8]) -> Result<(), Fault> {
        let bytes: Vec<u8> = std::iter::once(WRITE).chain(frame.iter().copied()).map(u8::reverse_bits).collect();
        // selected first, and clocked only once it is awake
        let operations = &mut [Operation::DelayNs(WAKING * 1_000_000), Operation::Write(&bytes)];
        self.bus.transaction(operations).map_err(|error| Fault::Spi(error.kind()))
    }

    fn receive(&mut self, patience: Duration) -> Result<Frame, Fault> {
        for _ in 0..questions(patience) {
            let [_, status]: [u8; 2] = self.transfer(&[STATUS])?;
            if status == READY {
                let block: [u8; 1 + LONGEST_ANSWER] = self.transfer(&[READ])?;
                return whole(&block[1..]);
            }
            self.delay.delay_ns(READY_PAUSE.subsec_nanos());
        }
        Err(Fault::Silent)
    }
}
