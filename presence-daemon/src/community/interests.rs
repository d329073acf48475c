//! Whom a greeting named for a shared interest, and when: at most one a day, the same pair not within two weeks, and everybody in turn.
//! Pure.

use crate::clock::Now;
use crate::policy::Policy;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use voisins_shared::member::MemberId;

/// The same pair isn't named again within this.
pub const AGAIN: Duration = Duration::from_secs(14 * 24 * 3600);
/// What lies so many days back is forgotten.
const REMEMBERED: i64 = 60;

/// Somebody has seen with whom they share an interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct InterestTold {
    pub to: MemberId,
    pub neighbour: MemberId,
}

/// When each was last told of whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interests {
    told: BTreeMap<MemberId, BTreeMap<MemberId, Now>>,
}

/// What is older than this is forgotten once somebody is told of another.
pub(crate) fn forgotten_before(at: &Now) -> Option<Timestamp> {
    at.wall?.checked_sub(SignedDuration::from_hours(24 * REMEMBERED)).ok()
}

/// Whom somebody was told of, and when.
#[derive(Debug, Clone, Copy)]
pub struct Turns<'a>(Option<&'a BTreeMap<MemberId, Now>>);

impl Turns<'_> {
    /// The least is next: who was never named, then who was named longest ago.
    #[must_use]
    pub fn of(self, neighbour: MemberId) -> (bool, Option<Timestamp>) {
        let at = self.0.and_then(|told| told.get(&neighbour));
        (at.is_some(), at.and_then(|at| at.wall))
    }
}

impl Interests {
    /// As it was on disk: to whom, of whom, when.
    #[must_use]
    pub fn restore(told: impl IntoIterator<Item = (MemberId, MemberId, Now)>) -> Self {
        let mut interests = Self::default();
        for (to, neighbour, at) in told {
            interests.told.entry(to).or_default().insert(neighbour, at);
        }
        interests
    }

    /// Whether they were told of somebody today already.
    #[must_use]
    pub fn told_today(&self, to: MemberId, policy: &Policy, now: &Now) -> bool {
        self.told.get(&to).is_some_and(|told| told.values().any(|at| policy.same_day(at, now)))
    }

    /// Whether somebody may be named to another now: not within two weeks, whoever of the two was told.
    #[must_use]
    pub fn may_be_named(&self, to: MemberId, neighbour: MemberId, now: &Now) -> bool {
        let at = |to, neighbour| self.told.get(&to).and_then(|told| told.get(&neighbour));
        let lately = |at: Option<&Now>| at.is_some_and(|at| now.since(at).is_none_or(|gone| gone < AGAIN));
        !lately(at(to, neighbour)) && !lately(at(neighbour, to))
    }

    /// Whose turn it is to be named to somebody.
    #[must_use]
    pub fn turns(&self, to: MemberId) -> Turns<'_> {
        Turns(self.told.get(&to))
    }

    pub(super) fn apply(&mut self, at: &Now, InterestTold { to, neighbour }: &InterestTold) {
        let told = self.told.entry(*to).or_default();
        if let Some(before) = forgotten_before(at) {
            told.retain(|_, at| at.wall.is_none_or(|at| at >= before));
        }
        told.insert(*neighbour, *at);
    }

    pub(super) fn date_by(&mut self, anchor: &Now) {
        for at in self.told.values_mut().flat_map(BTreeMap::values_mut) {
            at.wall = at.dated_by(anchor).or(anchor.wall);
        }
    }
}
