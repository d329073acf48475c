//! A PN532 behind the `embedded-hal` traits of I²C and SPI.

use super::{Pn532Chip, State};
use embedded_hal::i2c::{self, I2c, NoAcknowledgeSource};
use embedded_hal::spi::{self, SpiDevice};

/// I²C address.
const ADDRESS: u8 = 0x24;

/// The I²C bus that a chip hangs on.
#[derive(Debug, Clone)]
pub struct I2cBus(pub Pn532Chip);

impl i2c::ErrorType for I2cBus {
    type Error = i2c::ErrorKind;
}

impl I2c for I2cBus {
    fn transaction(&mut self, address: u8, operations: &mut [i2c::Operation<'_>]) -> Result<(), Self::Error> {
        let mut state = self.0.lock();
        if address != ADDRESS || state.is_gone || std::mem::take(&mut state.is_asleep) {
            return Err(i2c::ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
        }
        for operation in operations {
            match operation {
                i2c::Operation::Write(bytes) => state.receive(bytes),
                i2c::Operation::Read(bytes) => {
                    if let Some(first) = bytes.first_mut() {
                        *first = ready(&mut state);
                    }
                    if bytes.len() > 1 {
                        say(&mut state, &mut bytes[1..]);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The SPI bus that a chip hangs on, least significant bit first.
#[derive(Debug, Clone)]
pub struct SpiBus(pub Pn532Chip);

impl spi::ErrorType for SpiBus {
    type Error = spi::ErrorKind;
}

impl SpiDevice for SpiBus {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), Self::Error> {
        let mut state = self.0.lock();
        let is_there = !state.is_gone;
        let mut was_asleep = std::mem::take(&mut state.is_asleep);
        for operation in operations {
            match operation {
                // selected for long enough, it is awake
                spi::Operation::DelayNs(..2_000_000) => {}
                spi::Operation::DelayNs(_) => was_asleep = false,
                spi::Operation::Write(bytes) if is_there && !was_asleep => {
                    let bytes: Vec<u8> = bytes.iter().map(|byte| byte.reverse_bits()).collect();
                    if let [0x01, frame @ ..] = &bytes[..] {
                        state.receive(frame);
                    }
                }
                spi::Operation::Write(_) => {}
                spi::Operation::Transfer(came, sent) => {
                    came.fill(0);
                    if is_there && !was_asleep {
                        match sent.first().map(|byte| byte.reverse_bits()) {
                            Some(0x02) => came[1] = ready(&mut state),
                            Some(0x03) => say(&mut state, &mut came[1..]),
                            _ => {}
                        }
                    }
                    came.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
                }
                other => unreachable!("the driver has no use for {other:?}"),
            }
        }
        Ok(())
    }
}

fn ready(state: &mut State) -> u8 {
    state.look_on();
    u8::from(state.is_ready())
}

/// One frame, and what happens to be on the wire after it.
fn say(state: &mut State, bytes: &mut [u8]) {
    bytes.fill(0xAA);
    if let Some(said) = state.next() {
        let length = said.len().min(bytes.len());
        bytes[..length].copy_from_slice(&said[..length]);
    }
}
