//! The time, and whether it can be trusted. The only file of the daemon's middle and rim that asks the machine what time it is.
//!
//! A Pi has no battery clock: after a power cut the wall clock wakes up in the past until the network has set it. Order and short
//! intervals therefore come from the time since boot, and the wall clock counts only once it is known to be right.
#![allow(clippy::disallowed_methods, reason = "this is the clock that the others are told to ask")]

use crate::config::ClockTrust;
use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// One boot of the machine, as the kernel names it (`/proc/sys/kernel/random/boot_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BootId(pub Uuid);

/// A moment: which boot, how long into it, and the wall time where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The machine's boot.
    pub boot: BootId,
    /// `CLOCK_BOOTTIME`: never steps, runs on through suspend.
    pub since_boot: Duration,
    /// The wall clock; `None` while it can't be trusted.
    pub wall: Option<Timestamp>,
}

impl Now {
    /// How long after `earlier` this is: by the time since boot within a boot, else by the wall clock; `None` if neither tells.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Option<Duration> {
        if self.boot == earlier.boot {
            return Some(self.since_boot.saturating_sub(earlier.since_boot));
        }
        let gone = self.wall?.duration_since(earlier.wall?);
        Some(gone.try_into().unwrap_or(Duration::ZERO))
    }

    /// The moment of the same boot at which the wall showed this; without a wall time, this one with it.
    #[must_use]
    pub fn moved_to(&self, wall: Timestamp) -> Self {
        let earlier = self.wall.map(|here| here.duration_since(wall)).and_then(|gone| Duration::try_from(gone).ok());
        Self { since_boot: self.since_boot.saturating_sub(earlier.unwrap_or_default()), wall: Some(wall), ..*self }
    }

    /// The wall time of `self`, worked out from a later (or earlier) moment of the same boot whose wall time is known.
    #[must_use]
    pub fn dated_by(&self, anchor: &Self) -> Option<Timestamp> {
        if self.wall.is_some() {
            return self.wall;
        }
        let wall = anchor.wall.filter(|_| anchor.boot == self.boot)?;
        if anchor.since_boot >= self.since_boot {
            wall.checked_sub(anchor.since_boot - self.since_boot).ok()
        } else {
            wall.checked_add(self.since_boot - anchor.since_boot).ok()
        }
    }
}

/// Why the machine can't tell the time.
#[derive(Debug, thiserror::Error)]
#[error(
    "can't tell this boot from the last one: {path}: {source}. Under a unit with ProcSubset=pid, set Environment=VOISINS_BOOT_ID=%b"
)]
pub struct ClockError {
    path: PathBuf,
    source: std::io::Error,
}

/// The machine's clock.
#[derive(Debug)]
pub struct Clock {
    boot: BootId,
    trust: ClockTrust,
    synchronised: PathBuf,
    not_before: Option<Timestamp>,
    trusted: bool,
}

/// Where a battery clock shows its time, in seconds since 1970. A Pi 5 without a battery shows one too: it starts anew with the power.
const BATTERY_CLOCK: &str = "/sys/class/rtc/rtc0/since_epoch";
/// 2026-11-01: no clock that runs this program is earlier.
const OLDEST_BUILD: i64 = 1_793_491_200;
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

impl Clock {
    /// A clock that trusts the wall time as `trust` says; `synchronised` is the file whose existence says that it was set,
    /// `not_before` the last moment that is known for certain: a battery clock that shows an earlier one has lost its time.
    ///
    /// # Errors
    /// [`ClockError`] if the kernel doesn't name this boot.
    pub fn new(trust: ClockTrust, synchronised: &Path, not_before: Option<Timestamp>) -> Result<Self, ClockError> {
        let text = std::fs::read_to_string(BOOT_ID).map_err(|source| ClockError { path: BOOT_ID.into(), source })?;
        let boot = text.trim().parse().map(BootId).map_err(|_| ClockError {
            path: BOOT_ID.into(),
            source: std::io::Error::new(std::io::ErrorKind::InvalidData, "not a UUID"),
        })?;
        Ok(Self { boot, trust, synchronised: synchronised.to_owned(), not_before, trusted: false })
    }

    /// Now. Once trusted, the wall clock stays trusted until the process ends.
    pub fn now(&mut self) -> Now {
        if !self.trusted {
            self.trusted = match self.trust {
                ClockTrust::Always => true,
                ClockTrust::File => self.synchronised.exists(),
                ClockTrust::Auto => self.synchronised.exists() || self.battery_clock_is_right(Path::new(BATTERY_CLOCK)),
            };
        }
        Now { boot: self.boot, since_boot: since_boot(), wall: self.trusted.then(Timestamp::now) }
    }

    fn battery_clock_is_right(&self, since_epoch: &Path) -> bool {
        let shows = std::fs::read_to_string(since_epoch).ok().and_then(|text| text.trim().parse::<i64>().ok());
        let known = self.not_before.map_or(OLDEST_BUILD, Timestamp::as_second).max(OLDEST_BUILD);
        shows.is_some_and(|shows| shows >= known)
    }
}

/// The wall clock as the machine shows it, right or wrong: kept beside each event, never reckoned with.
#[must_use]
pub fn wall_as_seen() -> Timestamp {
    Timestamp::now()
}

/// `CLOCK_BOOTTIME`, shared by all processes of the machine.
#[must_use]
pub fn since_boot() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(boot: u128, seconds: u64, wall: Option<&str>) -> Now {
        Now {
            boot: BootId(Uuid::from_u128(boot)),
            since_boot: Duration::from_secs(seconds),
            wall: wall.map(|w| w.parse().unwrap()),
        }
    }

    #[test]
    fn an_interval_is_known_within_a_boot_or_by_the_wall() {
        let tap = at(1, 10, None);
        assert_eq!(at(1, 25, None).since(&tap), Some(Duration::from_secs(15)));
        assert_eq!(at(2, 25, Some("2026-03-01T10:00:00Z")).since(&tap), None);
        let dated = at(1, 10, Some("2026-03-01T09:00:00Z"));
        assert_eq!(at(2, 5, Some("2026-03-01T10:00:00Z")).since(&dated), Some(Duration::from_secs(3600)));
        // the wall went backwards between two boots: no negative interval
        assert_eq!(at(2, 5, Some("2026-03-01T08:00:00Z")).since(&dated), Some(Duration::ZERO));
    }

    #[test]
    fn a_moment_is_dated_by_an_anchor_of_its_boot() {
        let anchor = at(1, 100, Some("2026-03-01T10:00:00Z"));
        assert_eq!(at(1, 40, None).dated_by(&anchor), Some("2026-03-01T09:59:00Z".parse().unwrap()));
        assert_eq!(at(2, 40, None).dated_by(&anchor), None);
    }

    #[test]
    fn the_clock_is_trusted_once_the_file_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("synchronized");
        let mut clock = Clock::new(ClockTrust::File, &file, None).unwrap();
        assert_eq!(clock.now().wall, None);
        std::fs::write(&file, "").unwrap();
        assert!(clock.now().wall.is_some());
        std::fs::remove_file(&file).unwrap();
        assert!(clock.now().wall.is_some(), "once trusted, always");
    }

    #[test]
    fn a_battery_clock_that_has_lost_its_time_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("since_epoch");
        let newest: Timestamp = "2026-12-05T10:00:00Z".parse().unwrap();
        let clock = Clock::new(ClockTrust::Auto, Path::new("/nowhere"), Some(newest)).unwrap();
        assert!(!clock.battery_clock_is_right(&file), "no battery clock");
        for (shows, right) in [("120\n", false), ("1796464799\n", false), ("1796464800\n", true), ("later\n", false)] {
            std::fs::write(&file, shows).unwrap();
            assert_eq!(clock.battery_clock_is_right(&file), right, "{shows}");
        }
    }
}
