//! A thread for each source of reader events. A source that fails is opened anew, for as long as the daemon runs.

use super::pcsc::PcscReaders;
use super::scripted::ScriptedReaders;
use super::{Reader, ReaderEvent, Stop};
use crate::config::{ReaderConfig, ReaderKind};
use std::collections::BTreeSet;
use std::io;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tracing::{debug, info, warn};
use voisins_shared::name::ReaderName;

/// The pause after a first failure; it doubles with each more.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
/// The longest: a service that comes back is found within it.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Starts all readers of the config; `sink` gets what they tell, on their threads. The threads end within 300 ms of `stop`.
///
/// # Errors
/// No thread could be started.
pub fn run_all(
    readers: &[ReaderConfig],
    stop: &Stop,
    sink: impl Fn(ReaderEvent) + Clone + Send + 'static,
) -> io::Result<Vec<JoinHandle<()>>> {
    let (pcsc, scripted): (Vec<ReaderConfig>, Vec<ReaderConfig>) =
        readers.iter().cloned().partition(|reader| reader.kind == ReaderKind::Pcsc);
    let mut threads = Vec::new();
    if !pcsc.is_empty() {
        threads.push(start("pcsc", PcscReaders::new(pcsc), stop, sink.clone())?);
    }
    if !scripted.is_empty() {
        let names = scripted.into_iter().map(|reader| reader.name).collect();
        threads.push(start("scripted", ScriptedReaders::new(names), stop, sink)?);
    }
    Ok(threads)
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
        let threads = run_all(&config.readers, &stop, move |event| sink.send(event).unwrap()).unwrap();
        assert_eq!(events.recv(), Ok(ReaderEvent::Ready { reader: name() }));
        stop.ask();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
