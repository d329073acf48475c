//! Who is not to be brought together, and who wants a week of quiet. Pure. Nobody is told of either: what isn't proposed isn't seen.

use super::Around;
use crate::clock::Now;
use crate::presence::What;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use voisins_shared::member::MemberId;
use voisins_shared::payload::refusal;

/// So long nothing is proposed to who asked for quiet.
pub const SNOOZE: Duration = Duration::from_secs(7 * 24 * 3600);

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// These two are never brought together again.
    Avoid {
        /// Who wants it so; the manager has no id.
        by: Option<MemberId>,
        #[allow(missing_docs)]
        pair: [MemberId; 2],
    },
    /// They may be again: somebody thought better of it, and told the manager.
    Allow([MemberId; 2]),
    /// A week of quiet.
    Snooze(MemberId),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Happened {
    /// Two are kept apart.
    Avoided { by: Option<MemberId>, pair: [MemberId; 2] },
    /// Two are no longer kept apart.
    Allowed { pair: [MemberId; 2] },
    /// Somebody wants nothing proposed for a week.
    Snoozed { member: MemberId },
}

impl Happened {
    /// Who did it; the manager has no id.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Avoided { by, .. } => *by,
            Self::Allowed { .. } => None,
            Self::Snoozed { member } => Some(*member),
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Avoided { .. } => "avoided",
            Self::Allowed { .. } => "allowed",
            Self::Snoozed { .. } => "snoozed",
        }
    }
}

/// Pairs that are kept apart, and when somebody last asked for quiet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart {
    /// The smaller id first.
    pairs: BTreeSet<[MemberId; 2]>,
    snoozed: BTreeMap<MemberId, Now>,
}

/// Either order is the same pair.
pub(crate) fn pair([a, b]: [MemberId; 2]) -> [MemberId; 2] {
    [a.min(b), a.max(b)]
}

impl Apart {
    /// As it was on disk.
    #[must_use]
    pub fn restore(pairs: impl IntoIterator<Item = [MemberId; 2]>, snoozed: impl IntoIterator<Item = (MemberId, Now)>) -> Self {
        Self { pairs: pairs.into_iter().map(pair).collect(), snoozed: snoozed.into_iter().collect() }
    }

    /// Whether two are kept apart, whoever of them wants it.
    #[must_use]
    pub fn avoid(&self, a: MemberId, b: MemberId) -> bool {
        self.pairs.contains(&pair([a, b]))
    }

    /// The pairs that are kept apart.
    pub fn pairs(&self) -> impl Iterator<Item = [MemberId; 2]> {
        self.pairs.iter().copied()
    }

    /// Whether somebody wants nothing proposed now. Where nobody can tell how long ago they said so, they do.
    #[must_use]
    pub fn wants_quiet(&self, member: MemberId, now: &Now) -> bool {
        self.snoozed.get(&member).is_some_and(|at| now.since(at).is_none_or(|gone| gone < SNOOZE))
    }

    /// Whether two may be brought together now.
    #[must_use]
    pub fn may_meet(&self, a: MemberId, b: MemberId, now: &Now) -> bool {
        !self.avoid(a, b) && !self.wants_quiet(a, now) && !self.wants_quiet(b, now)
    }

    pub(super) fn decide(&self, step: &Step, around: &Around<'_>) -> Result<Vec<What>, &'static str> {
        Ok(match step {
            Step::Avoid { pair: [a, b], .. } if a == b => return Err(refusal::YOURSELF),
            Step::Avoid { pair, .. } if pair.iter().any(|member| around.directory.member(*member).is_none()) => {
                return Err(refusal::NO_SUCH_MEMBER);
            }
            Step::Avoid { pair: [a, b], .. } if self.avoid(*a, *b) => vec![],
            Step::Avoid { by, pair } => vec![What::Apart(Happened::Avoided { by: *by, pair: *pair })],
            Step::Allow([a, b]) if !self.avoid(*a, *b) => vec![],
            Step::Allow(pair) => vec![What::Apart(Happened::Allowed { pair: *pair })],
            Step::Snooze(member) => vec![What::Apart(Happened::Snoozed { member: *member })],
        })
    }

    pub(super) fn apply(&mut self, at: &Now, happened: &Happened) {
        match happened {
            Happened::Avoided { pair: two, .. } => drop(self.pairs.insert(pair(*two))),
            Happened::Allowed { pair: two } => drop(self.pairs.remove(&pair(*two))),
            Happened::Snoozed { member } => drop(self.snoozed.insert(*member, *at)),
        }
    }

    pub(super) fn date_by(&mut self, anchor: &Now) {
        for at in self.snoozed.values_mut() {
            at.wall = at.dated_by(anchor).or(anchor.wall);
        }
    }
}
