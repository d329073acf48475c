//! The chip's registers over SPI (datasheet, sections 8.1.2 and 9.2): mode 0, most significant bit first, one register a transfer.

use crate::reader::wired::Fault;
use embedded_hal::spi::{Error, SpiDevice};

/// A register and its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the datasheet's names, section 9.2")]
pub enum Register {
    Command = 0x01,
    ComIrq = 0x04,
    Error = 0x06,
    FifoData = 0x09,
    FifoLevel = 0x0A,
    Control = 0x0C,
    BitFraming = 0x0D,
    Coll = 0x0E,
    Mode = 0x11,
    TxControl = 0x14,
    TxAsk = 0x15,
    RfCfg = 0x26,
    TMode = 0x2A,
    TPrescaler = 0x2B,
    TReloadH = 0x2C,
    TReloadL = 0x2D,
    Version = 0x37,
}

/// The FIFO's size in bytes.
pub const FIFO: usize = 64;
/// First bit of an address byte: a read.
const READ: u8 = 0x80;

/// The registers of one chip.
pub struct Registers<S> {
    bus: S,
}

impl<S: SpiDevice> Registers<S> {
    /// Of the chip on this bus.
    pub fn new(bus: S) -> Self {
        Self { bus }
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Fault::Spi`]
    pub fn read(&mut self, register: Register) -> Result<u8, Fault> {
        let mut came = [0; 2];
        self.bus.transfer(&mut came, &[READ | address(register), 0]).map_err(fault)?;
        Ok(came[1])
    }

    /// Writes one.
    ///
    /// # Errors
    /// [`Fault::Spi`]
    pub fn write(&mut self, register: Register, value: u8) -> Result<(), Fault> {
        self.bus.write(&[address(register), value]).map_err(fault)
    }

    /// Puts bytes into the FIFO; at most [`FIFO`].
    ///
    /// # Errors
    /// [`Fault::Spi`]
    pub fn fill(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let out: Vec<u8> = std::iter::once(address(Register::FifoData)).chain(bytes.iter().copied()).collect();
        self.bus.write(&out).map_err(fault)
    }

    /// Takes so many bytes out of the FIFO; at most [`FIFO`].
    ///
    /// # Errors
    /// [`Fault::Spi`]
    pub fn drain(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        // each address byte fetches what comes with the next
        let count = count.min(FIFO);
        let mut out = vec![READ | address(Register::FifoData); count];
        out.push(0);
        let mut came = vec![0; count + 1];
        self.bus.transfer(&mut came, &out).map_err(fault)?;
        came.remove(0);
        Ok(came)
    }
}

#[cfg(test)]
impl<S> Registers<S> {
    /// The bus, as a test left it.
    pub(super) fn bus_mut(&mut self) -> &mut S {
        &mut self.bus
    }

    pub(super) fn into_bus(self) -> S {
        self.bus
    }
}

/// Bits 1 to 6 of the address byte.
fn address(register: Register) -> u8 {
    (register as u8) << 1
}

fn fault(error: impl Error) -> Fault {
    Fault::Spi(error.kind())
}
