//! The one place that reads the clocks; everything else is told what time it is.
#![allow(clippy::disallowed_methods)] // the rim: somebody has to ask

use jiff::Timestamp;
use std::rc::Rc;
use std::time::Duration;

/// A moment, by two clocks: one for durations, one for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since the program started; runs on while the machine sleeps and never jumps.
    pub since_start: Duration,
    /// What the wall says; it may jump.
    pub wall: Timestamp,
}

/// Where the time comes from: the machine, or a test's hand.
pub type Clock = Rc<dyn Fn() -> Now>;

/// The machine's clocks.
#[must_use]
pub fn system() -> Clock {
    let start = since_boot();
    Rc::new(move || Now { since_start: since_boot().saturating_sub(start), wall: Timestamp::now() })
}

/// `CLOCK_BOOTTIME`: since the machine's start, sleep included. The daemon stamps taps with the same clock.
#[must_use]
pub fn since_boot() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
