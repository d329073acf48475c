//! Which kiosk awaits a badge, and for what. Pure: time comes in as the time since boot. It lives in memory only: a screen that asks
//! for a badge belongs to one session of the daemon.
//!
//! One request waits at a kiosk, for [`ARMED_FOR`]. It ends by the tap that consumes it, by *Annuler* or by time, whichever is first:
//! whoever ends it takes it out, and whoever comes later finds nothing.

use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::name::KioskName;
use voisins_shared::payload::Action;

/// How long a badge is awaited.
pub const ARMED_FOR: Duration = Duration::from_secs(15);

/// A request that waits for a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// The request.
    pub request: Uuid,
    /// What the badge will sign.
    pub action: Action,
    until: Duration,
}

/// How arming went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arming {
    /// From now on the badge is awaited.
    Armed,
    /// The same request again: it waits already, and still for so long.
    Again(Duration),
    /// Another request waits there.
    Busy,
}

/// The requests that wait, one a kiosk.
#[derive(Debug, Default)]
pub struct Signing {
    armed: BTreeMap<KioskName, Armed>,
}

impl Signing {
    /// Arms a kiosk's readers.
    pub fn arm(&mut self, kiosk: &KioskName, request: Uuid, action: Action, since_boot: Duration) -> Arming {
        match self.waiting(kiosk, since_boot) {
            Some(armed) if armed.request == request => Arming::Again(armed.until.saturating_sub(since_boot)),
            Some(_) => Arming::Busy,
            None => {
                self.armed.insert(kiosk.clone(), Armed { request, action, until: since_boot + ARMED_FOR });
                Arming::Armed
            }
        }
    }

    /// What waits for a badge at a kiosk. Overdue is over, though nobody has taken it out yet.
    #[must_use]
    pub fn waiting(&self, kiosk: &KioskName, since_boot: Duration) -> Option<Armed> {
        self.armed.get(kiosk).filter(|armed| armed.until > since_boot).cloned()
    }

    /// Ends a request: a badge signed it, or it is taken back. False if it had ended before.
    pub fn end(&mut self, kiosk: &KioskName, request: Uuid) -> bool {
        let waits = self.armed.get(kiosk).is_some_and(|armed| armed.request == request);
        waits && self.armed.remove(kiosk).is_some()
    }

    /// Takes out what nobody signed in time.
    pub fn take_overdue(&mut self, since_boot: Duration) -> Vec<(KioskName, Uuid)> {
        let overdue: Vec<_> =
            self.armed.iter().filter(|(_, armed)| armed.until <= since_boot).map(|(k, armed)| (k.clone(), armed.request)).collect();
        self.armed.retain(|_, armed| armed.until > since_boot);
        overdue
    }

    /// When the next one is overdue.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        self.armed.values().map(|armed| armed.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kiosks() -> (KioskName, KioskName) {
        (KioskName::new("cafe").unwrap(), KioskName::new("salon").unwrap())
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    #[test]
    fn one_request_waits_at_a_kiosk_for_15_s() {
        let ((cafe, salon), mut signing) = (kiosks(), Signing::default());
        assert_eq!(signing.waiting(&cafe, at(0)), None);
        assert_eq!(signing.arm(&cafe, A, Action::Leave, at(1)), Arming::Armed);
        assert_eq!(signing.arm(&cafe, B, Action::Leave, at(2)), Arming::Busy);
        assert_eq!(signing.arm(&salon, B, Action::Leave, at(2)), Arming::Armed, "another kiosk");
        assert_eq!(signing.waiting(&cafe, at(15)).map(|armed| armed.request), Some(A));
        assert_eq!(signing.waiting(&cafe, at(16)), None);
        assert_eq!(signing.arm(&cafe, B, Action::Leave, at(16)), Arming::Armed, "the wait before is over");
    }

    #[test]
    fn the_same_request_again_renews_nothing() {
        let ((cafe, _), mut signing) = (kiosks(), Signing::default());
        assert_eq!(signing.arm(&cafe, A, Action::Leave, at(1)), Arming::Armed);
        assert_eq!(signing.arm(&cafe, A, Action::Leave, at(6)), Arming::Again(at(10)));
        assert_eq!(signing.next_deadline(), Some(at(16)));
    }

    #[test]
    fn what_ends_a_request_first_ends_it() {
        let ((cafe, salon), mut signing) = (kiosks(), Signing::default());
        assert_eq!(signing.arm(&cafe, A, Action::Leave, at(1)), Arming::Armed);
        assert!(!signing.end(&salon, A), "another kiosk's");
        assert!(!signing.end(&cafe, B), "another request");
        assert!(signing.end(&cafe, A));
        assert!(!signing.end(&cafe, A), "it had ended");
        assert!(signing.take_overdue(at(99)).is_empty());
    }

    #[test]
    fn what_nobody_signs_is_overdue_once() {
        let ((cafe, salon), mut signing) = (kiosks(), Signing::default());
        assert_eq!(signing.arm(&cafe, A, Action::Leave, at(1)), Arming::Armed);
        assert_eq!(signing.arm(&salon, B, Action::Leave, at(5)), Arming::Armed);
        assert!(signing.take_overdue(at(15)).is_empty());
        assert_eq!(signing.take_overdue(at(16)), [(cafe, A)]);
        assert_eq!(signing.next_deadline(), Some(at(20)));
        assert_eq!(signing.take_overdue(at(20)), [(salon, B)]);
        assert_eq!(signing.next_deadline(), None);
    }
}
