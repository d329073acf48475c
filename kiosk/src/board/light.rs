//! How bright the screen is: at night it dims until somebody comes, and goes dark again when it rests.

use super::{Board, HOME_AFTER, Now};
use crate::config::Night;
use std::time::Duration;

impl Board {
    /// The same with hours in which an untouched screen is dimmed.
    #[must_use]
    pub fn with_night(self, night: Option<Night>) -> Self {
        Self { night, ..self }
    }

    /// Whether it is night at the site and nobody is at the screen.
    #[must_use]
    pub fn is_dimmed(&self, now: Now) -> bool {
        let is_night = self.night.is_some_and(|night| night.contains(self.local(now).time()));
        let is_awake = self.light_ends().is_some_and(|at| now.since_start < at) || self.dialog.is_some() || self.sign.is_some();
        is_night && !is_awake && !self.roster.is_evacuated()
    }

    /// Somebody touched the screen or a reader.
    pub(super) fn light(&mut self, now: Now) {
        self.lit = Some(now.since_start);
    }

    /// When it has been without a touch and a tap for so long that it rests.
    pub(super) fn light_ends(&self) -> Option<Duration> {
        self.lit.map(|lit| lit + HOME_AFTER)
    }
}
