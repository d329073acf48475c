//! Readers of every kind, each source on a thread of its own. A source tells what happened at its readers, in the words below; what
//! that means is decided further on (`tap`, `presence`).
//!
//! - [`supervisor`]: a thread for each source, opened anew when it fails
//! - [`pcsc`]: all readers that pcscd knows
//! - [`contactless`]: a card behind such a reader: its UID, and whether it proves itself
//! - [`wired`]: readers on the header, looked at again and again
//! - [`pn532`], [`mfrc522`]: their chips
//! - [`keyboard`]: readers that type like a keyboard
//! - [`scripted`]: readers without hardware
//! - [`rpi_bus`]: the buses and pins of a Raspberry Pi, for readers without USB

pub mod contactless;
pub mod keyboard;
pub mod mfrc522;
pub mod pcsc;
pub mod pn532;
pub mod rpi_bus;
pub mod scripted;
pub mod supervisor;
pub mod wired;

use crate::authentic::Proof;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use voisins_shared::name::ReaderName;
use voisins_shared::uid::Uid;

/// What a source of readers tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderEvent {
    /// The reader is there and reads cards.
    Ready {
        /// Which.
        reader: ReaderName,
    },
    /// The reader can't be used. Whatever lies on it is remembered: a card still there afterwards is no tap.
    Down {
        /// Which.
        reader: ReaderName,
        /// What is wrong and what to do.
        why: Down,
    },
    /// A card is in the field and said who it is.
    Card {
        /// Where.
        reader: ReaderName,
        /// Which card.
        uid: Uid,
        /// What it proved beyond that; [`Proof::NotAsked`] from readers that can only read a UID.
        proof: Proof,
        /// It was there already when the reader was first looked at (start, replug, restart of pcscd): not seen arriving.
        found_lying: bool,
    },
    /// A card was in the field, but could not be read: taken away too early, be it while it proved itself, or no contactless card.
    Unreadable {
        /// Where.
        reader: ReaderName,
    },
    /// The field is empty again.
    Removed {
        /// Where.
        reader: ReaderName,
    },
}

/// Why a reader can't be used; `remedy` has the sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Down {
    /// pcscd doesn't answer.
    NoPcscd,
    /// pcscd refuses us (polkit).
    AccessDenied,
    /// pcscd knows no reader that matches.
    NotPlugged,
    /// The reader is listed but its driver can't reach it.
    NotAnswering,
    /// Several readers match the config.
    Ambiguous,
    /// The bus of a reader on the header can't be opened.
    NoBus,
    /// The bus is open, but no chip answers on it.
    ChipSilent,
    /// Another chip answers than the config says.
    WrongChip,
    /// The daemon's user may not open its device.
    NoRight,
    /// The device can't type numbers: it has no digits or no Enter.
    NotTyping,
    /// Another program has taken the device for itself.
    Taken,
    /// A person typed on it: it is a keyboard, and was let go.
    TypedOn,
}

/// A source of reader events: one reader, or all readers of one PC/SC service.
pub trait Reader: Send {
    /// Blocks until something happens, or until `stop` was asked for: then `Ok(None)`, within 300 ms.
    ///
    /// # Errors
    /// [`ReaderError`] when the source is lost; its readers were told [`ReaderEvent::Down`] before. The next call opens it anew, so the
    /// caller pauses first.
    fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError>;
}

/// A source failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The PC/SC service.
    #[error("PC/SC service")]
    Pcsc(#[source] ::pcsc::Error),
    /// A reader on the header.
    #[error("reader on the header")]
    Wired(#[source] wired::WiredError),
    /// The operating system.
    #[error("the system gives no event descriptor")]
    System(#[source] std::io::Error),
}

/// Asks threads to end.
#[derive(Clone, Default)]
pub struct Stop(Arc<Asked>);

#[derive(Default)]
struct Asked {
    state: Mutex<AskedState>,
    changed: Condvar,
}

#[derive(Default)]
struct AskedState {
    asked: bool,
    wakers: Vec<Box<dyn FnOnce() + Send>>,
}

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        let wakers = {
            let mut state = self.lock();
            state.asked = true;
            std::mem::take(&mut state.wakers)
        };
        self.0.changed.notify_all();
        wakers.into_iter().for_each(|wake| wake());
    }

    /// Whether it was asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.lock().asked
    }

    /// Calls `wake` when it is asked, at once if it was: for threads that wait for something else.
    pub fn on_ask(&self, wake: impl FnOnce() + Send + 'static) {
        let mut state = self.lock();
        if state.asked {
            drop(state);
            wake();
        } else {
            state.wakers.push(Box::new(wake));
        }
    }

    /// Sleeps for `limit`, or until it is asked. Says whether it was.
    pub fn pause(&self, limit: Duration) -> bool {
        let waited = self.0.changed.wait_timeout_while(self.lock(), limit, |state| !state.asked);
        waited.unwrap_or_else(PoisonError::into_inner).0.asked
    }

    /// Sleeps until it is asked.
    pub fn wait(&self) {
        drop(self.0.changed.wait_while(self.lock(), |state| !state.asked));
    }

    fn lock(&self) -> MutexGuard<'_, AskedState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.is_asked()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_wakes_all_who_wait_for_it_and_those_who_come_late() {
        let stop = Stop::default();
        assert!(!stop.pause(Duration::ZERO));
        let (sender, woken) = std::sync::mpsc::channel();
        let early = sender.clone();
        stop.on_ask(move || early.send("early").unwrap());
        let waiting = {
            let stop = stop.clone();
            std::thread::spawn(move || stop.wait())
        };
        stop.ask();
        waiting.join().unwrap();
        stop.on_ask(move || sender.send("late").unwrap());
        assert_eq!(woken.iter().collect::<Vec<_>>(), ["early", "late"]);
        assert!(stop.pause(Duration::MAX));
    }
}
