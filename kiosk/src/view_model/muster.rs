//! The evacuation list on the screen.

use super::layout::Layout;
use crate::board::muster::Stage;
use crate::board::{Board, Now};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voisins_shared::muster::{How, Person};

/// The list, or the PIN that is asked for. `Debug` names nobody.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MusterScreen {
    Pad {
        /// How many digits were typed.
        digits: usize,
        refused: bool,
        /// Seconds in which no PIN is taken.
        waits: u64,
        /// The file can't be read, or the coordination has set no PIN.
        closed: Option<WhyClosed>,
    },
    List(Box<Listed>),
}

impl std::fmt::Debug for MusterScreen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::List(_)) { "List" } else { "Pad" })
    }
}

/// Why the list can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum WhyClosed {
    Unreadable,
    NoPin,
}

/// The list.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Listed {
    pub rows: Vec<MusterRow>,
    /// From 1, of how many.
    pub page: (usize, usize),
    pub ticked: usize,
    pub all: usize,
    pub unconfirmed: usize,
    /// "10 h 42", if nobody has refreshed the list since.
    pub old_since: String,
    /// The readers that were dead, and since when; the latest.
    pub gap: Option<(String, String)>,
    /// Height of a row, and how many stand beside each other.
    pub row_height: u32,
    pub columns: u32,
}

/// Somebody on it.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MusterRow {
    pub visit: u64,
    pub name: String,
    pub how: How,
    pub unconfirmed: bool,
    /// "9 h 05".
    pub since: String,
    /// Likewise, if it was later.
    pub seen: String,
    pub by: String,
    pub ticked: bool,
    /// The coordination has found them.
    pub safe: bool,
}

/// Between the head and the buttons at the bottom.
const HEAD: (u32, u32) = (126, 92);
const FOOT: (u32, u32) = (96, 72);
const ROW: (u32, u32) = (76, 62);

/// How many rows stand beside each other, their height, and how many fit.
#[must_use]
pub fn room(layout: &Layout, (width, height): (u32, u32)) -> (u32, u32, usize) {
    let pick = |(large, small): (u32, u32)| if layout.small { small } else { large };
    let columns = if width >= 1000 { 2 } else { 1 };
    let rows = height.saturating_sub(pick(HEAD) + pick(FOOT)) / pick(ROW);
    (columns, pick(ROW), (rows * columns).max(1) as usize)
}

/// Builds it, while it is open.
#[must_use]
pub fn build(board: &Board, layout: &Layout, size: (u32, u32), now: Now) -> Option<MusterScreen> {
    let muster = board.muster();
    let stage = muster.stage()?;
    let Some(read) = muster.read().filter(|_| stage == Stage::List) else {
        let closed = match muster.read() {
            None => Some(WhyClosed::Unreadable),
            Some(read) if read.list.pin.is_none() => Some(WhyClosed::NoPin),
            Some(_) => None,
        };
        let waits = muster.waits(now);
        let waits = waits.as_secs() + u64::from(waits.subsec_nanos() > 0);
        return Some(MusterScreen::Pad { digits: muster.digits(), refused: muster.was_refused(), waits, closed });
    };
    let list = &read.list;
    let zone = TimeZone::get(&list.time_zone).unwrap_or_else(|_| board.zone().clone());
    let hour = |at: Option<Timestamp>| at.map(|at| board.language().time(at.to_zoned(zone.clone()).time())).unwrap_or_default();
    let row = |person: &Person| MusterRow {
        visit: person.visit,
        name: person.name.clone(),
        how: person.how,
        unconfirmed: person.unconfirmed,
        since: hour(person.since),
        seen: if person.seen == person.since { String::new() } else { hour(person.seen) },
        by: person.vouched_by.clone().unwrap_or_default(),
        ticked: muster.is_ticked(person.visit),
        safe: person.safe.is_some(),
    };
    let (page, pages, rows) = muster.page();
    let (columns, row_height, _) = room(layout, size);
    let found = |person: &&Person| person.safe.is_some() || muster.is_ticked(person.visit);
    let gap = list
        .gaps
        .iter()
        .max_by_key(|gap| (gap.until.is_none(), gap.since))
        .map(|gap| (gap.reader.as_ref().map(ToString::to_string).unwrap_or_default(), hour(gap.since)));
    Some(MusterScreen::List(Box::new(Listed {
        rows: list.people.iter().skip(page * rows).take(rows).map(row).collect(),
        page: (page + 1, pages),
        ticked: list.people.iter().filter(found).count(),
        all: list.people.len(),
        unconfirmed: list.people.iter().filter(|person| person.unconfirmed).count(),
        old_since: hour(muster.old_since(now)),
        gap,
        row_height,
        columns,
    })))
}
