//! The buses and pins of a Raspberry Pi, for readers and lights without USB. Nothing else in the house knows `rppal`, whose repository
//! was archived in 2025: drivers are written against `embedded-hal` 1.0, and this file can be exchanged.

use super::wired::{Buses, NotOpened};
use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{OutputPin, PinState};
use embedded_hal::pwm::{ErrorKind, ErrorType, SetDutyCycle};
use rppal::spi::{Bus, Mode, SimpleHalSpiDevice, SlaveSelect};
use std::time::Duration;

/// The header of a Raspberry Pi.
#[derive(Debug, Clone, Copy, Default)]
pub struct Header;

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
    /// An SPI bus with a chip select.
    #[error(
        "SPI {bus}.{chip_select}: not a Raspberry Pi, or SPI is off (raspi-config, Interface Options), or no right to /dev/spidev{bus}.{chip_select} (group spi)"
    )]
    Spi {
        /// The bus.
        bus: u8,
        /// The chip select on it.
        chip_select: u8,
        #[allow(missing_docs)]
        source: rppal::spi::Error,
    },
    /// No Pi has such an SPI bus or chip select.
    #[error("SPI {bus}.{chip_select}: there is no such bus; the header has spi:0.0 and spi:0.1")]
    NoSuchSpi {
        /// The bus.
        bus: u8,
        /// The chip select on it.
        chip_select: u8,
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

impl Buses for Header {
    type I2c = rppal::i2c::I2c;
    type Spi = SimpleHalSpiDevice;
    type Delay = Sleep;

    /// On every Pi's header the bus is number 1.
    fn i2c(&self, bus: u8) -> Result<Self::I2c, NotOpened> {
        rppal::i2c::I2c::with_bus(bus).map_err(|source| BusError::I2c { bus, source }.into())
    }

    fn spi(&self, bus: u8, chip_select: u8, clock: u32) -> Result<Self::Spi, NotOpened> {
        let (number, select) = spi_place(bus, chip_select).ok_or(BusError::NoSuchSpi { bus, chip_select })?;
        let opened = rppal::spi::Spi::new(number, select, clock, Mode::Mode0);
        opened.map(SimpleHalSpiDevice::new).map_err(|source| BusError::Spi { bus, chip_select, source }.into())
    }

    fn delay(&self) -> Self::Delay {
        Sleep
    }
}

/// Sleeps for at least as long as is asked; `rppal`'s own spins at the end, to be exact, which nobody here needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sleep;

impl DelayNs for Sleep {
    #[allow(clippy::disallowed_methods, reason = "a chip's own time, of some milliseconds")]
    fn delay_ns(&mut self, ns: u32) {
        std::thread::sleep(Duration::from_nanos(ns.into()));
    }
}

impl From<BusError> for NotOpened {
    fn from(error: BusError) -> Self {
        Self(Box::new(error))
    }
}

/// Takes a pin (BCM number) as an output at that level; it falls back when dropped.
///
/// # Errors
/// [`BusError::Pin`]
pub fn output(pin: u8, level: PinState) -> Result<impl OutputPin + Send + use<>, BusError> {
    taken(pin, level)
}

/// Takes a pin (BCM number) for a tone of `hertz`, silent at first and at that level while it is. The tone is made by software: it needs no device tree overlay, any
/// pin will do, and a beep may be a little rough.
///
/// # Errors
/// [`BusError::Pin`]
pub fn tone(pin: u8, hertz: f64, silent: PinState) -> Result<impl SetDutyCycle + Send + use<>, BusError> {
    Ok(Tone { pin: taken(pin, silent)?, hertz, silent })
}

fn taken(pin: u8, level: PinState) -> Result<rppal::gpio::OutputPin, BusError> {
    let taken = rppal::gpio::Gpio::new().and_then(|gpio| gpio.get(pin)).map_err(|source| BusError::Pin { pin, source })?;
    Ok(match level {
        PinState::Low => taken.into_output_low(),
        PinState::High => taken.into_output_high(),
    })
}

/// A tone on a pin.
struct Tone {
    pin: rppal::gpio::OutputPin,
    hertz: f64,
    silent: PinState,
}

impl ErrorType for Tone {
    type Error = ErrorKind;
}

impl SetDutyCycle for Tone {
    fn max_duty_cycle(&self) -> u16 {
        u16::MAX
    }

    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), ErrorKind> {
        let set = match duty {
            0 => {
                let cleared = self.pin.clear_pwm();
                // a module that is on at the low level would draw current all day
                match self.silent {
                    PinState::Low => self.pin.set_low(),
                    PinState::High => self.pin.set_high(),
                }
                cleared
            }
            duty => self.pin.set_pwm_frequency(self.hertz, f64::from(duty) / f64::from(u16::MAX)),
        };
        set.map_err(|_| ErrorKind::Other)
    }
}

fn spi_place(bus: u8, chip_select: u8) -> Option<(Bus, SlaveSelect)> {
    let buses = [Bus::Spi0, Bus::Spi1, Bus::Spi2, Bus::Spi3, Bus::Spi4, Bus::Spi5, Bus::Spi6];
    let selects = [SlaveSelect::Ss0, SlaveSelect::Ss1, SlaveSelect::Ss2];
    buses.get(usize::from(bus)).copied().zip(selects.get(usize::from(chip_select)).copied())
}

#[cfg(all(test, not(any(target_arch = "aarch64", target_arch = "arm"))))]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_is_no_pi_is_told_so() {
        let opened = [Header.i2c(1).err(), Header.spi(0, 0, 1_000_000).err()].map(|error| error.expect("no Pi").0.to_string());
        let taken = [output(18, PinState::Low).err(), tone(18, 2_700.0, PinState::Low).err()]
            .map(|error| error.expect("no Pi").to_string());
        for error in opened.into_iter().chain(taken) {
            assert!(error.contains("not a Raspberry Pi, or"), "{error}");
        }
        assert!(Header.spi(7, 0, 1_000_000).err().expect("no Pi has it").0.to_string().contains("no such bus"));
    }
}
