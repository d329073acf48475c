//! The buses and pins of a Raspberry Pi, for readers and lights without USB. Nothing else in the house knows `rppal`, whose repository
//! was archived in 2025: drivers are written against `embedded-hal` 1.0, and this file can be exchanged.

use embedded_hal::digital::OutputPin;
use embedded_hal::i2c::I2c;
use embedded_hal::spi::SpiDevice;
use rppal::spi::{Bus, Mode, SimpleHalSpiDevice, SlaveSelect};

/// A bus or a pin could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// An I²C bus.
    #[error(
        "I2C bus {bus}: not a Raspberry Pi, or I2C is off (raspi-config, Interface Options), or no right to /dev/i2c-{bus} (group i2c)"
    )]
    I2c {
        /// Its number.
        bus: u8,
        #[allow(missing_docs)]
        source: rppal::i2c::Error,
    },
    /// SPI 0, chip select 0.
    #[error(
        "SPI 0.0: not a Raspberry Pi, or SPI is off (raspi-config, Interface Options), or no right to /dev/spidev0.0 (group spi)"
    )]
    Spi {
        #[allow(missing_docs)]
        source: rppal::spi::Error,
    },
    /// A pin.
    #[error("GPIO {pin}: not a Raspberry Pi, or the pin is in use, or no right to /dev/gpiomem (group gpio)")]
    Pin {
        /// Its BCM number.
        pin: u8,
        #[allow(missing_docs)]
        source: rppal::gpio::Error,
    },
}

/// Opens an I²C bus; on every Pi's header it is number 1.
///
/// # Errors
/// [`BusError::I2c`]
pub fn i2c(bus: u8) -> Result<impl I2c + Send + use<>, BusError> {
    rppal::i2c::I2c::with_bus(bus).map_err(|source| BusError::I2c { bus, source })
}

/// Opens SPI 0 with chip select 0, mode 0, at `clock` Hz.
///
/// # Errors
/// [`BusError::Spi`]
pub fn spi(clock: u32) -> Result<impl SpiDevice + Send + use<>, BusError> {
    let bus = rppal::spi::Spi::new(Bus::Spi0, SlaveSelect::Ss0, clock, Mode::Mode0).map_err(|source| BusError::Spi { source })?;
    Ok(SimpleHalSpiDevice::new(bus))
}

/// Takes a pin (BCM number) as an output, low; it falls back when dropped.
///
/// # Errors
/// [`BusError::Pin`]
pub fn output(pin: u8) -> Result<impl OutputPin + Send + use<>, BusError> {
    let taken = rppal::gpio::Gpio::new().and_then(|gpio| gpio.get(pin)).map_err(|source| BusError::Pin { pin, source })?;
    Ok(taken.into_output_low())
}

#[cfg(all(test, not(any(target_arch = "aarch64", target_arch = "arm"))))]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_is_no_pi_is_told_so() {
        for error in [i2c(1).err(), spi(1_000_000).err(), output(18).err()] {
            assert!(error.expect("no Pi").to_string().contains("not a Raspberry Pi, or"));
        }
    }
}
