//! The daemon on a machine whose header is simulated: `presence-daemon run`, with chips of ours at the other end of its buses. It is the
//! daemon's own code from the bus upwards.
//!
//! `simulated-header --config FILE`. `i2c:1` and `spi:0.0` have a PN532, `spi:0.1` an MFRC522. Lines on stdin are what happens to them:
//! `spi:0.1 tap 04A1B2C3`, `insert UID`, `remove`, `look` (three
//! looks went by), `unplug`, `plug`, `hang`, `recover`, `brown-out`; each is answered with a line on stdout
//! once it is done.

use embedded_hal::delay::DelayNs;
use embedded_hal::spi::{ErrorKind, ErrorType, Operation, SpiDevice};
use presence_daemon::app::{self, WithoutBroker};
use presence_daemon::config::Config;
use presence_daemon::house::House;
use presence_daemon::reader::wired::{Buses, NotOpened};
use std::io::stdin;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use voisins_shared::uid::Uid;
use voisins_tests::mfrc522_chip::Mfrc522Chip;
use voisins_tests::pn532_chip::{I2cBus, Pn532Chip, SpiBus};

#[derive(Debug, Clone, Default)]
struct Header {
    i2c: Pn532Chip,
    spi_0: Pn532Chip,
    spi_1: Mfrc522Chip,
}

impl Buses for Header {
    type I2c = I2cBus;
    type Spi = Spi;
    type Delay = Sleep;

    fn i2c(&self, bus: u8) -> Result<I2cBus, NotOpened> {
        if bus == 1 { Ok(I2cBus(self.i2c.clone())) } else { Err(NotOpened("this header has i2c:1".into())) }
    }

    fn spi(&self, bus: u8, chip_select: u8, _clock: u32) -> Result<Spi, NotOpened> {
        match (bus, chip_select) {
            (0, 0) => Ok(Spi::Pn532(SpiBus(self.spi_0.clone()))),
            (0, 1) => Ok(Spi::Mfrc522(self.spi_1.clone())),
            _ => Err(NotOpened("this header has spi:0.0 and spi:0.1".into())),
        }
    }

    fn delay(&self) -> Sleep {
        Sleep
    }
}

/// What hangs on an SPI bus.
enum Spi {
    Pn532(SpiBus),
    Mfrc522(Mfrc522Chip),
}

impl ErrorType for Spi {
    type Error = ErrorKind;
}

impl SpiDevice for Spi {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), ErrorKind> {
        match self {
            Self::Pn532(chip) => chip.transaction(operations),
            Self::Mfrc522(chip) => chip.transaction(operations),
        }
    }
}

struct Sleep;

impl DelayNs for Sleep {
    fn delay_ns(&mut self, nanoseconds: u32) {
        std::thread::sleep(Duration::from_nanos(nanoseconds.into()));
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [option, file, ..] = &arguments[..] else { return usage() };
    if option != "--config" {
        return usage();
    }
    let header = Header::default();
    let chips = header.clone();
    std::thread::spawn(move || stdin().lines().map_while(Result::ok).for_each(|line| happens(&chips, &line)));
    voisins_shared::log_setup::init();
    let house = Config::load(Path::new(file)).map_err(|error| error.to_string());
    let ran = house.and_then(|config| House::open(config).map_err(|error| error.to_string()));
    match ran.and_then(|house| app::run(house, &header, WithoutBroker::GoOn, |_| ()).map_err(|error| error.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: simulated-header --config FILE");
    ExitCode::from(2)
}

fn happens(header: &Header, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    macro_rules! happens_to {
        ($chip:expr) => {
            match words[1..] {
                ["insert", uid] => $chip.insert(bytes(uid).as_bytes()),
                ["tap", uid] => $chip.tap(bytes(uid).as_bytes()),
                ["remove"] => $chip.remove(),
                ["look"] => $chip.wait_for_looks(3),
                ["unplug"] => $chip.unplug(),
                ["plug"] => $chip.plug(),
                ["hang"] => $chip.hang(),
                ["recover"] => $chip.recover(),
                ["brown-out"] => $chip.brown_out(),
                _ => panic!("nobody knows what {line:?} is"),
            }
        };
    }
    match words.first().copied() {
        Some("i2c:1") => happens_to!(header.i2c),
        Some("spi:0.0") => happens_to!(header.spi_0),
        Some("spi:0.1") => happens_to!(header.spi_1),
        _ => panic!("no chip is at {line:?}"),
    }
    println!("done");
}

fn bytes(uid: &str) -> Uid {
    Uid::from_hex(uid).expect("a UID")
}
