//! The rights to press the buttons of a greeting, without a second tap. Pure; they live in memory only, since a greeting that outlived
//! the daemon would be wrong anyway.
//!
//! A grant ends at the next tap there, or when it is used to leave or to come in. Saying one's availability doesn't use it up: who
//! pressed the wrong one may press another while the greeting is shown. *Ma fiche* stays open while others tap, and each change
//! gives it time again.

use crate::presence::{PairingCode, VisitId};
use crate::profile::OPEN_FOR;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::name::KioskName;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{Args, Grant, ProfileChange};

/// What a grant lets do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Leave, or say one's availability.
    Visit(VisitId),
    /// Take back that one left.
    Undo(VisitId),
    /// Take back the need that one has just put up.
    Need(MemberId, NeedId),
    /// Enter as a guest.
    Guest(PairingCode),
    /// Change what stands on one's *fiche*.
    Profile(MemberId),
}

/// How a press ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// Its right; the grant is used up.
    Right(Right),
    /// Too late, or used before, or nobody gave it.
    Expired,
    /// The grant is for something else, or for another kiosk.
    NotAllowed,
}

#[derive(Debug)]
struct Held {
    kiosk: KioskName,
    right: Right,
    until: Duration,
}

/// The grants that live.
#[derive(Debug, Default)]
pub struct Grants {
    held: BTreeMap<Uuid, Held>,
}

impl Grants {
    /// A new tap at the reader beside `kiosk`: what the greeting before it allowed is over. Who has just left may still take it back,
    /// and who has their *fiche* open goes on.
    pub fn end(&mut self, kiosk: &KioskName) {
        self.held
            .retain(|_, held| held.kiosk != *kiosk || matches!(held.right, Right::Undo(_) | Right::Need(..) | Right::Profile(_)));
    }

    /// A *fiche* is closed by the next one that is opened there.
    pub fn close_profiles(&mut self, kiosk: &KioskName) {
        self.held.retain(|_, held| held.kiosk != *kiosk || !matches!(held.right, Right::Profile(_)));
    }

    /// Gives a right to a kiosk for a while. `token` is chance from the rim.
    pub fn give(&mut self, kiosk: &KioskName, right: Right, lasts: Duration, token: Uuid, since_boot: Duration) -> Grant {
        self.held.retain(|_, held| held.until > since_boot);
        self.held.insert(token, Held { kiosk: kiosk.clone(), right, until: since_boot + lasts });
        Grant { token, expires_in_ms: u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX) }
    }

    /// Takes a press; the grant is used up unless the press only said an availability, changed a *fiche*, or was for something else.
    pub fn redeem(&mut self, kiosk: &KioskName, args: &Args, since_boot: Duration) -> Redeemed {
        let Some(token) = args.grant() else { return Redeemed::NotAllowed };
        let Some(held) = self.held.get_mut(&token).filter(|held| held.until > since_boot) else { return Redeemed::Expired };
        let fits = matches!(
            (held.right, args),
            (
                Right::Visit(_),
                Args::Leave { .. }
                    | Args::Availability { .. }
                    | Args::Offer { .. }
                    | Args::See { .. }
                    | Args::Help { .. }
                    | Args::Reply { .. }
            ) | (Right::Profile(_), Args::Profile { .. } | Args::Availability { .. })
                | (Right::Undo(_) | Right::Need(..), Args::Undo { .. })
                | (Right::Guest(_), Args::Guest { .. })
        );
        if held.kiosk != *kiosk || !fits {
            return Redeemed::NotAllowed;
        }
        let right = held.right;
        match (right, args) {
            (Right::Profile(_), Args::Profile { change: ProfileChange::Close, .. }) => drop(self.held.remove(&token)),
            (Right::Profile(_), _) => held.until = since_boot + OPEN_FOR,
            // what is said on a greeting leaves its other buttons alive
            (
                _,
                Args::Availability { .. }
                | Args::See { .. }
                | Args::Help { .. }
                | Args::Reply { .. }
                | Args::Offer { accepted: false, .. },
            ) => {}
            _ => drop(self.held.remove(&token)),
        }
        Redeemed::Right(right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::visit::Availability;

    const LASTS: Duration = Duration::from_secs(8);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_grant_works_once_in_time_and_at_its_kiosk() {
        let (cafe, porte) = (KioskName::new("cafe").unwrap(), KioskName::new("porte").unwrap());
        let (token, mut grants) = (Uuid::from_u128(1), Grants::default());
        let leave = Args::Leave { grant: token };
        let right = Right::Visit(VisitId(4));
        assert_eq!(grants.redeem(&cafe, &leave, at(1)), Redeemed::Expired, "nobody gave it");
        grants.give(&cafe, right, LASTS, token, at(1));
        assert_eq!(grants.redeem(&porte, &leave, at(2)), Redeemed::NotAllowed);
        assert_eq!(grants.redeem(&cafe, &Args::Guest { grant: token }, at(2)), Redeemed::NotAllowed);
        assert_eq!(grants.redeem(&cafe, &leave, at(2)), Redeemed::Right(right));
        assert_eq!(grants.redeem(&cafe, &leave, at(2)), Redeemed::Expired, "used");
        grants.give(&cafe, right, LASTS, token, at(1));
        assert_eq!(grants.redeem(&cafe, &leave, at(9)), Redeemed::Expired, "too late");
    }

    #[test]
    fn the_next_tap_ends_the_grant_of_the_greeting_before() {
        let (cafe, porte) = (KioskName::new("cafe").unwrap(), KioskName::new("porte").unwrap());
        let mut grants = Grants::default();
        let open = |grant| Args::Availability { grant, availability: Availability::Open };
        grants.give(&cafe, Right::Visit(VisitId(1)), LASTS, Uuid::from_u128(1), at(1));
        grants.give(&porte, Right::Visit(VisitId(2)), LASTS, Uuid::from_u128(2), at(1));
        grants.give(&cafe, Right::Undo(VisitId(3)), LASTS, Uuid::from_u128(3), at(1));
        grants.end(&cafe);
        let undo = grants.redeem(&cafe, &Args::Undo { grant: Uuid::from_u128(3) }, at(2));
        assert_eq!(undo, Redeemed::Right(Right::Undo(VisitId(3))), "who has just left may still take it back");
        assert_eq!(grants.redeem(&cafe, &open(Uuid::from_u128(1)), at(2)), Redeemed::Expired);
        for _ in 0..2 {
            let pressed = grants.redeem(&porte, &open(Uuid::from_u128(2)), at(2));
            assert_eq!(pressed, Redeemed::Right(Right::Visit(VisitId(2))), "an availability may be corrected");
        }
    }
}
