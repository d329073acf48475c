//! A thread for each source of reader events. A source that fails is opened anew, for as long as the daemon runs.

use super::keyboard::KeyboardReader;
use super::mfrc522::{self, Mfrc522};
use super::pcsc::PcscReaders;
use super::pn532::Pn532;
use super::pn532::link::i2c::I2cLink;
use super::pn532::link::serial::SerialLink;
use super::pn532::link::spi::{self, SpiLink};
use super::scripted::ScriptedReaders;
use super::wired::{Buses, Chip, Open, Place, WiredReader};
use super::{Reader, ReaderEvent, Stop};
use crate::authentic::SiteKeys;
use crate::config::{ReaderConfig, ReaderKind};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tracing::{debug, info, warn};
use voisins_shared::name::ReaderName;

/// The pause after a first failure; it doubles with each more.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
/// The longest: a service that comes back is found within it.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Starts all readers of the config, those on the header on these buses; cards prove themselves under `keys` where the reader can ask
/// them to, and `sink` gets what the readers tell, on their threads. The threads end within 300 ms of `stop`.
///
/// # Errors
/// No thread could be started.
pub fn run_all(
    readers: &[ReaderConfig],
    buses: &impl Buses,
    keys: &Arc<SiteKeys>,
    stop: &Stop,
    sink: impl Fn(ReaderEvent) + Clone + Send + 'static,
) -> io::Result<Vec<JoinHandle<()>>> {
    let of_kind = |kind| readers.iter().filter(move |reader| reader.kind == kind).cloned().collect::<Vec<_>>();
    let (pcsc, scripted) = (of_kind(ReaderKind::Pcsc), of_kind(ReaderKind::Scripted));
    let mut threads = Vec::new();
    for reader in readers {
        if let Some(open) = reader.link.as_ref().and_then(|link| on_the_header(reader.kind, link, buses)) {
            let source = WiredReader::new(reader.name.clone(), open);
            threads.push(start(reader.name.as_str(), source, stop, sink.clone())?);
        }
        if let (ReaderKind::Keyboard, Some(keyboard)) = (reader.kind, &reader.keyboard) {
            let source = KeyboardReader::new(reader.name.clone(), keyboard.clone());
            threads.push(start(reader.name.as_str(), source, stop, sink.clone())?);
        }
    }
    if !pcsc.is_empty() {
        threads.push(start("pcsc", PcscReaders::new(pcsc, Arc::clone(keys)), stop, sink.clone())?);
    }
    if !scripted.is_empty() {
        let names = scripted.into_iter().map(|reader| reader.name).collect();
        threads.push(start("scripted", ScriptedReaders::new(names), stop, sink)?);
    }
    Ok(threads)
}

/// What opens the chip of a reader on the header. None: the config knows no such pair of kind and link.
fn on_the_header<B: Buses>(kind: ReaderKind, link: &Place, buses: &B) -> Option<Open> {
    fn chip(chip: impl Chip + 'static) -> Box<dyn Chip> {
        Box::new(chip)
    }
    let buses = buses.clone();
    Some(match (kind, link.clone()) {
        (ReaderKind::Pn532, Place::I2c { bus }) => {
            Box::new(move || Ok(chip(Pn532::new(I2cLink::new(buses.i2c(bus)?, buses.delay()), buses.delay()))))
        }
        (ReaderKind::Pn532, Place::Spi { bus, chip_select }) => Box::new(move || {
            let link = SpiLink::new(buses.spi(bus, chip_select, spi::CLOCK)?, buses.delay());
            Ok(chip(Pn532::new(link, buses.delay())))
        }),
        (ReaderKind::Pn532, Place::Uart(path)) => Box::new(move || Ok(chip(Pn532::new(SerialLink::open(&path)?, buses.delay())))),
        (ReaderKind::Mfrc522, Place::Spi { bus, chip_select }) => {
            Box::new(move || Ok(chip(Mfrc522::new(buses.spi(bus, chip_select, mfrc522::CLOCK)?, buses.delay()))))
        }
        _ => return None,
    })
}

fn start(
    name: &str,
    source: impl Reader + 'static,
    stop: &Stop,
    sink: impl Fn(ReaderEvent) + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let stop = stop.clone();
    Builder::new().name(format!("reader-{name}")).spawn(move || run(source, &stop, sink))
}

fn run(mut source: impl Reader, stop: &Stop, sink: impl Fn(ReaderEvent)) {
    let mut down = BTreeSet::new();
    let mut pause = SHORTEST_PAUSE;
    loop {
        match source.next_event(stop) {
            Ok(Some(event)) => {
                log(&event, &mut down);
                if !matches!(event, ReaderEvent::Down { .. }) {
                    pause = SHORTEST_PAUSE;
                }
                sink(event);
            }
            Ok(None) => return,
            Err(error) => {
                debug!(error = &error as &dyn std::error::Error, ?pause, "lost, opened anew after a pause");
                if stop.pause(pause) {
                    return;
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// A loss once when it comes, and once when it ends.
fn log(event: &ReaderEvent, down: &mut BTreeSet<ReaderName>) {
    match event {
        ReaderEvent::Down { reader, why } if down.insert(reader.clone()) => warn!(%reader, ?why, "reader lost"),
        ReaderEvent::Down { reader, why } => info!(%reader, ?why, "reader still lost, for another reason"),
        ReaderEvent::Ready { reader } if down.remove(reader) => info!(%reader, "reader is back"),
        ReaderEvent::Ready { reader } => info!(%reader, "reader ready"),
        ReaderEvent::Card { .. } | ReaderEvent::Unreadable { .. } | ReaderEvent::Removed { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::ReaderError;
    use std::sync::mpsc;

    fn name() -> ReaderName {
        ReaderName::new("porte").unwrap()
    }

    /// Fails twice, then is ready, then waits for the end.
    struct Faltering(u8);

    impl Reader for Faltering {
        fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError> {
            self.0 += 1;
            match self.0 {
                1 | 2 => Err(ReaderError::Pcsc(pcsc::Error::NoService)),
                3 => Ok(Some(ReaderEvent::Ready { reader: name() })),
                _ => {
                    stop.wait();
                    Ok(None)
                }
            }
        }
    }

    #[test]
    fn a_source_that_fails_is_opened_anew_and_ends_when_asked() {
        let (sink, events) = mpsc::channel();
        let stop = Stop::default();
        let thread = start("test", Faltering(0), &stop, move |event| sink.send(event).unwrap()).unwrap();
        assert_eq!(events.recv(), Ok(ReaderEvent::Ready { reader: name() }));
        stop.ask();
        thread.join().unwrap();
    }

    #[test]
    fn a_scripted_reader_is_ready_at_once() {
        let (sink, events) = mpsc::channel();
        let stop = Stop::default();
        let config = crate::config::Config::parse("[[reader]]\nname = \"porte\"\nkind = \"scripted\"", "test".as_ref()).unwrap();
        let sink = move |event| sink.send(event).unwrap();
        let threads = run_all(&config.readers, &crate::reader::rpi_bus::Header, &Arc::default(), &stop, sink).unwrap();
        assert_eq!(events.recv(), Ok(ReaderEvent::Ready { reader: name() }));
        stop.ask();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
