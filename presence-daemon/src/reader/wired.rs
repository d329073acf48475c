//! Readers on the header: a bare chip on a bus, asked again and again whether a card is in its field.
//!
//! A bus has no interrupt that all boards wire, so the field is looked at some 30 times a second: paced, on the reader's own thread, which sleeps in
//! between. What a look finds becomes what PC/SC tells, too (`field`), and a fault is met in three steps:
//! 1. one look that fails: the chip is set up again at once and nothing is told. A brown-out, after which a chip has forgotten its
//!    set-up, is no more than that.
//! 2. three failures, of looks or set-ups, with no good look in between: [`ReaderEvent::Down`], and the bus is let go.
//! 3. the supervisor calls again after a pause, and everything is opened anew.
//!
//! A card that lies there through all that is no tap.

mod field;

use super::{Down, Reader, ReaderError, ReaderEvent, Stop};
use crate::authentic::Proof;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;
use embedded_hal::spi::SpiDevice;
use field::{Change, Field};
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use tracing::debug;
use voisins_shared::name::ReaderName;
use voisins_shared::uid::Uid;

/// Between two looks. With the look itself (under 15 ms) a card is told well within 60 ms of its coming.
const PAUSE: Duration = Duration::from_millis(20);
/// So many failures of looks or set-ups, with no good look in between, are a loss.
const FAILURES: u8 = 3;

/// A chip that reads cards, on a bus that is open.
pub trait Chip: Send {
    /// Brings the chip into a known state from whatever state it is in: just powered, asleep, in the middle of something.
    ///
    /// # Errors
    /// [`Fault`]
    fn set_up(&mut self) -> Result<(), Fault>;

    /// Looks once whether a card is in the field.
    ///
    /// # Errors
    /// [`Fault`] of chip or bus; what goes wrong with a card is [`Seen::Unreadable`].
    fn look(&mut self) -> Result<Seen, Fault>;

    /// Switches the field off for long enough that a card in it starts afresh (ISO/IEC 14443-3, section 6.2.3: 5 ms): one that no longer
    /// answers, though it lies there, answers then.
    ///
    /// # Errors
    /// [`Fault`]
    fn reset_field(&mut self) -> Result<(), Fault>;
}

/// What a look at the field found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// No card.
    Nothing,
    /// One that said who it is.
    Card(Uid),
    /// One that did not: at the edge of the field, or two at once.
    Unreadable,
}

/// What is wrong with a chip or its bus. It names no UID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// I²C.
    #[error("I2C: {0}")]
    I2c(embedded_hal::i2c::ErrorKind),
    /// SPI.
    #[error("SPI: {0}")]
    Spi(embedded_hal::spi::ErrorKind),
    /// The serial line; `BrokenPipe` if it is gone.
    #[error("serial line: {0}")]
    Serial(std::io::ErrorKind),
    /// The chip did not answer in time.
    #[error("the chip does not answer")]
    Silent,
    /// What it answered is no answer.
    #[error("a broken answer: {0}")]
    Broken(&'static str),
    /// The chip refused a command.
    #[error("the chip refuses: {0}")]
    Refused(&'static str),
    /// The chip has lost its set-up: it was without power for a moment.
    #[error("the chip has forgotten its set-up")]
    Forgotten,
    /// Something else answers.
    #[error("another chip: {0}")]
    WrongChip(&'static str),
}

/// A bus could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("bus not opened")]
pub struct NotOpened(#[source] pub Box<dyn Error + Send + Sync>);

/// How a reader on the header was lost.
#[derive(Debug, thiserror::Error)]
pub enum WiredError {
    /// The bus can't be opened.
    #[error("opening")]
    Open(#[source] NotOpened),
    /// The chip doesn't do what it should.
    #[error("chip")]
    Chip(#[source] Fault),
}

impl WiredError {
    fn why(&self) -> Down {
        match self {
            Self::Open(_) => Down::NoBus,
            Self::Chip(Fault::WrongChip(_)) => Down::WrongChip,
            Self::Chip(_) => Down::ChipSilent,
        }
    }
}

/// What opens the buses of a machine: a Raspberry Pi ([`super::rpi_bus::Header`]), or whatever takes its place.
pub trait Buses: Clone + Send + 'static {
    /// An open I²C bus.
    type I2c: I2c + Send + 'static;
    /// An open SPI bus with its chip select.
    type Spi: SpiDevice + Send + 'static;
    /// What sleeps.
    type Delay: DelayNs + Send + 'static;

    /// Opens an I²C bus.
    ///
    /// # Errors
    /// [`NotOpened`] with what to do.
    fn i2c(&self, bus: u8) -> Result<Self::I2c, NotOpened>;

    /// Opens an SPI bus with a chip select, mode 0, at `clock` Hz.
    ///
    /// # Errors
    /// [`NotOpened`] with what to do.
    fn spi(&self, bus: u8, chip_select: u8, clock: u32) -> Result<Self::Spi, NotOpened>;

    /// What sleeps.
    fn delay(&self) -> Self::Delay;
}

/// Where a chip hangs; written `i2c:1`, `spi:0.0` or `uart:/dev/serial0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An I²C bus; the PN532's address is always 0x24.
    I2c {
        #[allow(missing_docs)]
        bus: u8,
    },
    /// An SPI bus and the chip select on it.
    Spi {
        #[allow(missing_docs)]
        bus: u8,
        #[allow(missing_docs)]
        chip_select: u8,
    },
    /// A serial line.
    Uart(PathBuf),
}

impl Place {
    /// The device that has to be there, and ours to use.
    #[must_use]
    pub fn device(&self) -> PathBuf {
        match self {
            Self::I2c { bus } => PathBuf::from(format!("/dev/i2c-{bus}")),
            Self::Spi { bus, chip_select } => PathBuf::from(format!("/dev/spidev{bus}.{chip_select}")),
            Self::Uart(path) => path.clone(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I2c { bus } => write!(f, "i2c:{bus}"),
            Self::Spi { bus, chip_select } => write!(f, "spi:{bus}.{chip_select}"),
            Self::Uart(path) => write!(f, "uart:{}", path.display()),
        }
    }
}

/// What opens a reader's bus anew, each time it is needed.
pub type Open = Box<dyn FnMut() -> Result<Box<dyn Chip>, NotOpened> + Send>;

/// One reader on the header.
pub struct WiredReader {
    name: ReaderName,
    open: Open,
    chip: Option<Box<dyn Chip>>,
    field: Field,
    /// What was told; None: nothing yet.
    told: Option<Result<(), Down>>,
    untold: VecDeque<ReaderEvent>,
    /// To be returned after what is untold.
    lost: Option<WiredError>,
    /// Looks and set-ups that failed since the last good look.
    failures: u8,
    /// The chip is to be set up before the next look.
    is_unset: bool,
    /// Look again without a pause.
    is_doubtful: bool,
}

impl WiredReader {
    /// The reader of that name, whose chip `open` reaches.
    #[must_use]
    pub fn new(name: ReaderName, open: Open) -> Self {
        let (told, untold, field) = (None, VecDeque::new(), Field::default());
        Self { name, open, chip: None, field, told, untold, lost: None, failures: 0, is_unset: true, is_doubtful: true }
    }
}

impl Reader for WiredReader {
    fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError> {
        loop {
            if stop.is_asked() {
                return Ok(None);
            }
            if let Some(event) = self.untold.pop_front() {
                return Ok(Some(event));
            }
            if let Some(error) = self.lost.take() {
                return Err(ReaderError::Wired(error));
            }
            if !std::mem::take(&mut self.is_doubtful) && stop.pause(PAUSE) {
                return Ok(None);
            }
            if let Err(error) = self.step() {
                self.lose(error);
            }
        }
    }
}

impl WiredReader {
    /// One look, or one set-up: a stop is looked for in between.
    fn step(&mut self) -> Result<(), WiredError> {
        let Some(chip) = &mut self.chip else {
            self.chip = Some((self.open)().map_err(WiredError::Open)?);
            self.field.is_new();
            (self.is_unset, self.is_doubtful) = (true, true);
            return Ok(());
        };
        let change = if self.is_unset { chip.set_up().map(|()| None) } else { look(chip.as_mut(), &mut self.field).map(Some) };
        match change {
            Ok(None) => (self.is_unset, self.is_doubtful) = (false, true),
            Ok(Some(change)) => {
                (self.failures, self.is_doubtful) = (0, change == Change::Doubtful);
                self.tell(change);
            }
            Err(fault) => {
                debug!(reader = %self.name, error = &fault as &dyn Error, "chip failed, to be set up again");
                self.failures += 1;
                if self.failures == FAILURES {
                    return Err(WiredError::Chip(fault));
                }
                self.is_unset = true;
            }
        }
        Ok(())
    }

    fn lose(&mut self, error: WiredError) {
        let why = error.why();
        (self.chip, self.failures, self.is_doubtful) = (None, 0, true);
        if self.told.replace(Err(why)) != Some(Err(why)) {
            self.untold.push_back(ReaderEvent::Down { reader: self.name.clone(), why });
        }
        self.lost = Some(error);
    }

    /// A look worked: the reader is there, and this is what changed.
    fn tell(&mut self, change: Change) {
        let name = || self.name.clone();
        let card = |uid, found_lying| ReaderEvent::Card { reader: name(), uid, proof: Proof::NotAsked, found_lying };
        if self.told.replace(Ok(())) != Some(Ok(())) {
            self.untold.push_back(ReaderEvent::Ready { reader: name() });
        }
        match change {
            Change::Nothing | Change::Doubtful => {}
            Change::Removed => self.untold.push_back(ReaderEvent::Removed { reader: name() }),
            Change::Unreadable => self.untold.push_back(ReaderEvent::Unreadable { reader: name() }),
            Change::Card { uid, found_lying } => self.untold.push_back(card(uid, found_lying)),
            Change::Swapped { uid } => self.untold.extend([ReaderEvent::Removed { reader: name() }, card(uid, false)]),
        }
    }
}

/// One look, and what it amounts to.
fn look(chip: &mut dyn Chip, field: &mut Field) -> Result<Change, Fault> {
    let change = field.handle(chip.look()?);
    if change == Change::Doubtful {
        chip.reset_field()?;
    }
    Ok(change)
}

#[cfg(test)]
mod tests;
