//! The evacuation list behind its PIN: read from a file of this machine, so that it is there with network, broker and daemon down.
//!
//! The ticks are this screen's own. Pure: the file comes in, read by whoever owns the board.

use super::{Board, Now};
use argon2::password_hash::PasswordVerifier as _;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;
use voisins_shared::muster::{FRESH_FOR, Muster};

/// The longest PIN.
pub const LONGEST_PIN: usize = 8;
/// So many wrong PINs cost nothing; after them one waits longer and longer.
const FREE_TRIES: u32 = 3;
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The list is read anew so often while it is open.
const READ_EVERY: Duration = Duration::from_secs(2);
/// A list that was closed for so long, without a roll call, was a drill's.
const DRILL_ENDS: Duration = Duration::from_secs(30 * 60);
/// Nobody touches the pad, or the list, for so long: it closes.
const PAD_STAYS: Duration = Duration::from_secs(60);
const LIST_STAYS: Duration = Duration::from_secs(15 * 60);

/// A touch on it. `Debug` doesn't say the digit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MusterTouch {
    /// *Évacuation*.
    Open,
    /// *Fermer*.
    Close,
    /// A digit of the PIN.
    Digit(u8),
    /// The last digit was wrong.
    Erase,
    /// *OK*.
    Enter,
    /// Somebody was found, or was not after all: the visit's number.
    Tick(u64),
    /// The next page, or the one before.
    Turn(i32),
}

impl std::fmt::Debug for MusterTouch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MusterTouch")
    }
}

/// What the file says, and when it was last refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Read {
    pub list: Muster,
    pub refreshed: Timestamp,
}

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A PIN is asked for.
    Pad,
    /// The list.
    List,
}

/// The list, or its PIN, while it is open.
pub struct Roll {
    stage: Stage,
    pin: String,
    /// The last PIN was wrong.
    refused: bool,
    page: usize,
    touched: Duration,
    read_at: Option<Duration>,
}

/// What stays while it is closed.
#[derive(Default)]
pub struct Evacuation {
    /// The config names a file.
    configured: bool,
    open: Option<Roll>,
    /// None: it can't be read.
    read: Option<Read>,
    wrong: u32,
    /// No PIN is taken before.
    waits_until: Duration,
    /// Who was found, and in which evacuation.
    ticked: BTreeSet<u64>,
    of: Option<i64>,
    /// When the list was closed last.
    closed: Option<Duration>,
    /// Rows on a page.
    room: usize,
}

// the PIN is nobody's business
impl std::fmt::Debug for Evacuation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evacuation").field("open", &self.open.is_some()).finish_non_exhaustive()
    }
}

impl Evacuation {
    /// Whether there is a list to open.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.configured
    }

    /// How far it got, if it is open.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.open.as_ref().map(|roll| roll.stage)
    }

    /// How many digits were typed.
    #[must_use]
    pub fn digits(&self) -> usize {
        self.open.as_ref().map_or(0, |roll| roll.pin.len())
    }

    /// The last PIN was wrong.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        self.open.as_ref().is_some_and(|roll| roll.refused)
    }

    /// How long no PIN is taken.
    #[must_use]
    pub fn waits(&self, now: Now) -> Duration {
        self.waits_until.saturating_sub(now.since_start)
    }

    /// What the file says.
    #[must_use]
    pub fn read(&self) -> Option<&Read> {
        self.read.as_ref()
    }

    /// Since when nobody has refreshed the file, if that is long ago.
    #[must_use]
    pub fn old_since(&self, now: Now) -> Option<Timestamp> {
        let refreshed = self.read.as_ref()?.refreshed;
        let old = now.wall.duration_since(refreshed).try_into().is_ok_and(|age: Duration| age > FRESH_FOR);
        old.then_some(refreshed)
    }

    /// Whether somebody was ticked on this screen.
    #[must_use]
    pub fn is_ticked(&self, visit: u64) -> bool {
        self.ticked.contains(&visit)
    }

    /// Which page, of how many, and how many rows one has.
    #[must_use]
    pub fn page(&self) -> (usize, usize, usize) {
        let room = self.room.max(1);
        let people = self.read.as_ref().map_or(0, |read| read.list.people.len());
        let pages = people.div_ceil(room).max(1);
        (self.open.as_ref().map_or(0, |roll| roll.page).min(pages - 1), pages, room)
    }

    fn enter(&mut self, now: Now) {
        let Some(roll) = &mut self.open else { return };
        let hash = self.read.as_ref().and_then(|read| read.list.pin.as_deref());
        let pin = std::mem::take(&mut roll.pin);
        if pin.is_empty() || self.waits_until > now.since_start {
            return;
        }
        if hash.is_some_and(|hash| fits(&pin, hash)) {
            (roll.stage, roll.refused, roll.page) = (Stage::List, false, 0);
            self.wrong = 0;
            return;
        }
        roll.refused = true;
        self.wrong = self.wrong.saturating_add(1);
        if let Some(doublings) = self.wrong.checked_sub(FREE_TRIES) {
            let wait = Duration::from_secs(2u64.saturating_pow(doublings.min(16) + 1)).min(LONGEST_WAIT);
            self.waits_until = now.since_start + wait;
        }
    }
}

fn fits(pin: &str, hash: &str) -> bool {
    argon2::Argon2::default().verify_password(pin.as_bytes(), hash).is_ok()
}

impl Board {
    /// The evacuation list.
    #[must_use]
    pub fn muster(&self) -> &Evacuation {
        &self.muster
    }

    /// There is a file with the list.
    pub fn set_muster(&mut self) {
        self.muster.configured = true;
    }

    /// How many rows fit on a page.
    pub fn set_muster_room(&mut self, rows: usize) {
        self.muster.room = rows;
    }

    /// Whether the file is to be read now.
    #[must_use]
    pub fn wants_muster(&self, now: Now) -> bool {
        let due = |roll: &Roll| roll.read_at.is_none_or(|at| now.since_start >= at + READ_EVERY);
        self.muster.open.as_ref().is_some_and(due)
    }

    /// Takes what the file says; none if it can't be read.
    pub fn handle_muster(&mut self, read: Option<Read>, now: Now) {
        let muster = &mut self.muster;
        if let Some(roll) = &mut muster.open {
            roll.read_at = Some(now.since_start);
        }
        let Some(read) = read else {
            // what was read before is better than nothing, and says how old it is
            return;
        };
        let of = read.list.evacuation.as_ref().map(|evacuation| evacuation.id);
        if of != muster.of {
            // another evacuation, or it is over
            muster.of = of;
            muster.ticked.clear();
        }
        muster.read = Some(read);
    }

    pub(super) fn handle_muster_touch(&mut self, touch: MusterTouch, now: Now) {
        let muster = &mut self.muster;
        if let Some(roll) = &mut muster.open {
            roll.touched = now.since_start;
        }
        match (touch, &mut muster.open) {
            (MusterTouch::Open, None) if muster.configured => {
                // ticks without a roll call are a drill's, and the next one begins anew
                if muster.of.is_none() && muster.closed.is_some_and(|at| at + DRILL_ENDS <= now.since_start) {
                    muster.ticked.clear();
                }
                let (stage, pin, touched) = (Stage::Pad, String::new(), now.since_start);
                muster.open = Some(Roll { stage, pin, refused: false, page: 0, touched, read_at: None });
            }
            (MusterTouch::Close, _) => self.close_muster(now),
            (MusterTouch::Digit(digit), Some(roll))
                if roll.stage == Stage::Pad && roll.pin.len() < LONGEST_PIN && muster.waits_until <= now.since_start =>
            {
                roll.refused = false;
                roll.pin.push(char::from(b'0' + digit.min(9)));
            }
            (MusterTouch::Erase, Some(roll)) => drop(roll.pin.pop()),
            (MusterTouch::Enter, Some(roll)) if roll.stage == Stage::Pad => muster.enter(now),
            (MusterTouch::Tick(visit), Some(roll)) if roll.stage == Stage::List => {
                let was = muster.ticked.remove(&visit);
                muster.ticked.extend((!was).then_some(visit));
            }
            (MusterTouch::Turn(by), Some(_)) => {
                let (page, pages, _) = muster.page();
                let page = page.saturating_add_signed(by.signum() as isize).min(pages - 1);
                muster.open.iter_mut().for_each(|roll| roll.page = page);
            }
            _ => {}
        }
    }

    fn close_muster(&mut self, now: Now) {
        if self.muster.open.take().is_some_and(|roll| roll.stage == Stage::List) {
            self.muster.closed = Some(now.since_start);
        }
        self.muster.read = None; // names stay in no memory of a screen that doesn't show them
    }

    pub(super) fn muster_timeout(&mut self, now: Now) {
        if self.muster_closes().is_some_and(|at| at <= now.since_start) {
            self.close_muster(now);
        }
    }

    fn muster_closes(&self) -> Option<Duration> {
        let roll = self.muster.open.as_ref()?;
        Some(roll.touched + if roll.stage == Stage::Pad { PAD_STAYS } else { LIST_STAYS })
    }

    pub(super) fn muster_poll(&self, now: Now) -> Option<Duration> {
        let roll = self.muster.open.as_ref()?;
        let read = roll.read_at.map_or(now.since_start, |at| at + READ_EVERY);
        // the seconds of a wait are counted on the screen
        let waits = (self.muster.waits_until > now.since_start).then_some(now.since_start + Duration::from_secs(1));
        [Some(read), self.muster_closes(), waits].into_iter().flatten().min()
    }
}
