//! Whether what is shown is still true: a broker that answers and a daemon that says it is there.

use super::{Link, Now};
use jiff::Timestamp;
use std::time::Duration;

/// At the start, the screen says "Connexion…" for so long before it admits to have no news.
pub const CALM_START: Duration = Duration::from_secs(5);
/// Without news for so long, names leave the screen.
pub const NAMES_LEAVE_AFTER: Duration = Duration::from_secs(15 * 60);

/// How true the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// The program just started.
    Connecting,
    /// What is shown is so.
    Online,
    /// It was so then.
    Silent {
        /// The wall's time of the last news; none if there never were any.
        since: Option<Timestamp>,
        /// Whether it is still worth showing who was here.
        names: bool,
    },
}

/// Follows the broker connection and the daemon's status.
#[derive(Debug, Clone)]
pub struct Connection {
    started: Duration,
    linked: bool,
    /// The daemon said that it is there, on this connection to the broker.
    confirmed: bool,
    was_online: bool,
    heard: Now,
    /// When the silence began.
    silent_since: Option<Now>,
    truth: Truth,
}

impl Connection {
    /// Nothing heard yet.
    #[must_use]
    pub fn new(now: Now) -> Self {
        Self {
            started: now.since_start,
            linked: false,
            confirmed: false,
            was_online: false,
            heard: now,
            silent_since: None,
            truth: Truth::Connecting,
        }
    }

    /// How true the screen is, as of the last `handle_*`.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.truth
    }

    /// Whether names are still worth showing: the last news isn't too old.
    #[must_use]
    pub fn keeps_names(&self) -> bool {
        !matches!(self.truth, Truth::Silent { names: false, .. })
    }

    /// Whether what came may be shown: something came, and names are still worth showing.
    #[must_use]
    pub fn is_worth_showing(&self) -> bool {
        self.truth != Truth::Connecting && self.keeps_names()
    }

    /// Whether what is shown is so.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.truth == Truth::Online
    }

    pub(super) fn handle_link(&mut self, link: Link, now: Now) {
        match link {
            Link::Connected => {
                self.linked = true;
                self.confirmed = false;
            }
            Link::Lost => {
                self.linked = false;
                self.confirmed = false;
                self.fall_silent(self.heard);
            }
            Link::Alive => self.handle_news(now),
        }
        self.handle_timeout(now);
    }

    /// Whatever came shows that the broker is there; the daemon behind it only if it said so.
    pub(super) fn handle_news(&mut self, now: Now) {
        if self.linked && self.silent_since.is_none() {
            self.heard = now;
        }
    }

    /// `told`: this message was the status itself and not the birth beside it.
    pub(super) fn handle_status(&mut self, told: bool, online: bool, now: Now) {
        self.linked = true;
        self.confirmed = online && (told || self.confirmed);
        if self.confirmed {
            self.was_online = true;
            self.silent_since = None;
            self.heard = now;
        } else if !online {
            self.fall_silent(now);
        }
        self.handle_timeout(now);
    }

    fn fall_silent(&mut self, last_news: Now) {
        if self.silent_since.is_none() && self.was_online {
            self.silent_since = Some(last_news);
        }
    }

    pub(super) fn handle_timeout(&mut self, now: Now) {
        self.truth = match self.silent_since {
            _ if self.confirmed => Truth::Online,
            Some(since) => Truth::Silent {
                since: Some(since.wall),
                names: now.since_start.saturating_sub(since.since_start) < NAMES_LEAVE_AFTER,
            },
            // between the connection and the first document nothing is known to be wrong
            None if self.was_online => Truth::Online,
            None if now.since_start.saturating_sub(self.started) < CALM_START => Truth::Connecting,
            None => Truth::Silent { since: None, names: false },
        };
    }

    pub(super) fn poll_timeout(&self, now: Now) -> Option<Duration> {
        let at = match (self.truth, self.silent_since) {
            (Truth::Connecting, _) => self.started + CALM_START,
            (Truth::Silent { names: true, .. }, Some(since)) => since.since_start + NAMES_LEAVE_AFTER,
            _ => return None,
        };
        Some(at).filter(|at| *at > now.since_start)
    }
}
