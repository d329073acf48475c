//! Light and sound at the readers: what a tap came to, for people who look at the reader and not at the screen.
//!
//! - The pipeline tells a signal after the record is on disk, and goes on at once: what shows it has a thread of its own and a short
//!   queue. Where that is full the signal is dropped; a light that hangs delays no tap, and none fails because of it.
//! - A newer signal replaces an older one. When the daemon ends all is off.
//! - A loss is logged once when it comes, with what to do, and once when it ends.

mod acr122u;
pub mod pattern;
mod pins;

pub use acr122u::ShowError;
pub use pattern::Signal;
pub use pins::PinError;

use crate::config::{ReaderConfig, ReaderKind};
use crate::remedy;
use acr122u::Acr122u;
use std::error::Error;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use tracing::{info, warn};
use voisins_shared::language::Language;
use voisins_shared::name::ReaderName;

/// How many signals may wait for one that hangs; only the newest is shown.
const QUEUE: usize = 4;

/// What is told of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// Something to show.
    Signal(Signal),
    /// The reader is there, perhaps after it lost its power.
    Plugged,
}

impl Tell {
    fn signal(self) -> Option<Signal> {
        match self {
            Self::Signal(signal) => Some(signal),
            Self::Plugged => None,
        }
    }
}

/// All lights and buzzers. Dropped, they go out.
#[derive(Debug, Default)]
pub struct Feedback {
    outputs: Vec<(ReaderName, SyncSender<Tell>)>,
}

impl Feedback {
    /// Starts what the config names, each on a thread of its own. The threads end when the feedback is dropped.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn start(readers: &[ReaderConfig], language: Language) -> io::Result<(Self, Vec<JoinHandle<()>>)> {
        let (mut feedback, mut threads) = (Self::default(), Vec::new());
        let pcsc: Vec<ReaderConfig> = readers.iter().filter(|reader| reader.kind == ReaderKind::Pcsc).cloned().collect();
        for reader in readers {
            let (name, Some(config)) = (reader.name.clone(), reader.feedback.clone()) else { continue };
            if config.pins().next().is_some() {
                let tells = feedback.add(&name);
                let log = Log::new(&name, language);
                threads.push(Builder::new().name(format!("pins-{name}")).spawn(move || match pins::open(&config) {
                    Ok(pins) => pins.run(&tells, log.pins()),
                    Err(error) => warn!(reader = %log.reader, "{}: {error}", remedy::no_pins(language)),
                })?);
            }
            if let (true, Some(position)) = (reader.uses_acr122u(), pcsc.iter().position(|other| other.name == name)) {
                let tells = feedback.add(&name);
                let (log, acr122u) = (Log::new(&name, language), Acr122u::new(pcsc.clone(), position));
                threads.push(Builder::new().name(format!("acr122u-{name}")).spawn(move || acr122u.run(&tells, log.acr122u()))?);
            }
        }
        Ok((feedback, threads))
    }

    /// Shows a signal at a reader. Never blocks; where one hangs, nothing is shown.
    pub fn show(&self, reader: &ReaderName, signal: Signal) {
        self.tell(reader, Tell::Signal(signal));
    }

    /// A reader is there, perhaps again.
    pub fn plugged(&self, reader: &ReaderName) {
        self.tell(reader, Tell::Plugged);
    }

    fn tell(&self, reader: &ReaderName, tell: Tell) {
        for (_, output) in self.outputs.iter().filter(|(name, _)| name == reader) {
            // full: it hangs; closed: it could not be opened, which was told
            let _ = output.try_send(tell);
        }
    }

    fn add(&mut self, reader: &ReaderName) -> Receiver<Tell> {
        let (sender, receiver) = sync_channel(QUEUE);
        self.outputs.push((reader.clone(), sender));
        receiver
    }
}

/// Tells a loss once when it comes and once when it ends.
struct Log {
    reader: ReaderName,
    language: Language,
    is_failing: bool,
}

impl Log {
    fn new(reader: &ReaderName, language: Language) -> Self {
        Self { reader: reader.clone(), language, is_failing: false }
    }

    fn pins(mut self) -> impl FnMut(Result<(), PinError>) {
        move |outcome| {
            let remedy = remedy::no_pins(self.language);
            self.take(outcome, |_| remedy);
        }
    }

    fn acr122u(mut self) -> impl FnMut(Result<(), ShowError>) {
        move |outcome| {
            let language = self.language;
            self.take(outcome, |error| remedy::not_shown(error, language));
        }
    }

    fn take<E: Error + 'static>(&mut self, outcome: Result<(), E>, remedy: impl Fn(&E) -> &'static str) {
        match outcome {
            Ok(()) if std::mem::take(&mut self.is_failing) => info!(reader = %self.reader, "light and sound work again"),
            Ok(()) => {}
            Err(error) if !std::mem::replace(&mut self.is_failing, true) => {
                warn!(reader = %self.reader, error = &error as &dyn Error, "{}", remedy(&error));
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn one_that_hangs_for_ever_keeps_nobody_waiting() {
        let mut feedback = Feedback::default();
        let (cafe, porte) = (ReaderName::new("cafe").unwrap(), ReaderName::new("porte").unwrap());
        let (hangs, works) = (feedback.add(&cafe), feedback.add(&porte));
        for _ in 0..100_000 {
            feedback.show(&cafe, Signal::Arrived);
        }
        feedback.show(&porte, Signal::Left);
        assert_eq!(works.recv(), Ok(Tell::Signal(Signal::Left)));
        assert_eq!(hangs.try_iter().count(), QUEUE);
        drop(hangs);
        feedback.show(&cafe, Signal::Arrived);
    }

    #[test]
    fn threads_end_with_the_feedback_also_where_there_are_no_pins() {
        let text = "[[reader]]\nname = \"cafe\"\nkind = \"scripted\"\n[reader.feedback]\ngreen = 17\n[[reader]]\nname = \"porte\"\n[reader.feedback]\nacr122u = true\n";
        let config = Config::parse(text, "test".as_ref()).unwrap();
        let (feedback, threads) = Feedback::start(&config.readers, Language::En).unwrap();
        assert_eq!(threads.len(), 2);
        feedback.show(&config.readers[0].name, Signal::Refused);
        drop(feedback);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
