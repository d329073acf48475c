//! What everybody in the house has to know: that they are asked to leave, or that a reader doesn't read.

use super::{Board, Now};
use std::collections::BTreeMap;
use std::time::Duration;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::payload::{ReaderState, ReaderStatus};

/// A reader that comes back within this time was only restarted, or plugged in elsewhere. Told within a minute all the same.
pub const READER_SETTLES: Duration = Duration::from_secs(20);

/// Where to hold a badge instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// To the reader beside this screen.
    Here,
    /// To that one.
    There(ReaderName),
    /// Nowhere.
    Nowhere,
}

/// What is out of order, the gravest only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Everybody is asked to leave the building.
    Evacuation,
    /// A reader doesn't read.
    Reader(ReaderName, Instead),
}

/// Since when each reader doesn't read.
#[derive(Debug, Clone, Default)]
pub(super) struct Down(BTreeMap<ReaderName, Duration>);

impl Down {
    fn settled(&self, now: Now) -> impl Iterator<Item = &ReaderName> {
        self.0.iter().filter(move |(_, since)| **since + READER_SETTLES <= now.since_start).map(|(reader, _)| reader)
    }
}

impl Board {
    /// The same for the kiosk of that name: it knows which readers stand beside it.
    #[must_use]
    pub fn with_name(self, name: KioskName) -> Self {
        Self { name: Some(name), ..self }
    }

    /// What everybody has to know. Readers are not told about while there are no news: nobody knows then.
    #[must_use]
    pub fn trouble(&self, now: Now) -> Option<Trouble> {
        if self.roster.is_evacuated() {
            return Some(Trouble::Evacuation);
        }
        let down = self.down.settled(now).next().filter(|_| self.connection.is_online())?;
        let ready = |status: &&ReaderStatus| status.state == ReaderState::Ready;
        let here = |status: &ReaderStatus| status.beside.is_some() && status.beside == self.name;
        let instead = match self.roster.readers().filter(ready).max_by_key(|status| here(status)) {
            Some(status) if here(status) => Instead::Here,
            Some(status) => Instead::There(status.reader.clone()),
            None => Instead::Nowhere,
        };
        Some(Trouble::Reader(down.clone(), instead))
    }

    pub(super) fn learn_readers(&mut self, now: Now) {
        let reads = |status: &ReaderStatus| matches!(status.state, ReaderState::Ready | ReaderState::Starting);
        let down = self.roster.readers().filter(|status| !reads(status)).map(|status| status.reader.clone());
        self.down.0 = down.map(|reader| (reader.clone(), self.down.0.get(&reader).copied().unwrap_or(now.since_start))).collect();
    }

    pub(super) fn trouble_poll(&self, now: Now) -> Option<Duration> {
        self.down.0.values().map(|since| *since + READER_SETTLES).filter(|at| *at > now.since_start).min()
    }
}
