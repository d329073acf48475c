//! Readers of every kind, each source on a thread of its own. A source tells what happened at its readers, in the words below; what
//! that means is decided further on (`tap`, `presence`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
        /// It was there already when the reader was first looked at (start, replug, restart of pcscd): not seen arriving.
        found_lying: bool,
    },
    /// A card was in the field, but its UID could not be read: taken away too early, or no contactless card.
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
}

/// A source of reader events: one reader, or all readers of one PC/SC service.
pub trait Reader: Send {
    /// Blocks until something happens. `Ok(None)`: `stop` was asked for.
    ///
    /// # Errors
    /// [`ReaderError`] when the source is of no use any more; the supervisor opens it anew after a pause.
    fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError>;
}

/// A source failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The PC/SC service.
    #[error("PC/SC service: {0}")]
    Pcsc(#[source] pcsc::Error),
}

/// Asks a thread to end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
