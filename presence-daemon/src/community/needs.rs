//! A need to its end: written anew, renewed, met, let be. Pure.

use super::ledger::{self, Transfer};
use super::moderation;
use super::{Community, Draft, Need, NeedEnd};
use crate::clock::Now;
use crate::presence::{PresenceEvent, What};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::refusal;

/// Somebody else met the need, as the manager said before.
pub const MET_BY_ANOTHER: &str = "met_by_another";

/// So long before its end the author of a need is asked whether it still stands.
const ASKED_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 3);
/// Day passes that the space may give in return for one need.
pub const PASSES_OF_A_NEED: std::ops::RangeInclusive<u32> = 1..=100;

/// What is asked about a need that a badge's [`super::Step::Post`] isn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The manager puts up a need: the space's own, which may offer passes, or somebody's. It waits for nobody's approval.
    Put {
        /// Whose; the space itself has no id.
        author: Option<MemberId>,
        #[allow(missing_docs)]
        draft: Draft,
        #[allow(missing_docs)]
        audience: Audience,
        /// Its id: chance, from the rim.
        need: NeedId,
        /// What the space gives in return.
        passes: Option<u32>,
    },
    /// Written anew by its author, or by the manager.
    Edit {
        /// Whose badge; the manager has none.
        by: Option<MemberId>,
        #[allow(missing_docs)]
        need: NeedId,
        #[allow(missing_docs)]
        draft: Draft,
        #[allow(missing_docs)]
        audience: Audience,
    },
    /// *Oui, encore*.
    Renew(MemberId, NeedId),
    /// *C'est trouvé*.
    Met(MemberId, NeedId),
    /// The manager says who met it; what the space offered for it is paid.
    Fulfil {
        #[allow(missing_docs)]
        need: NeedId,
        /// Who.
        by: MemberId,
    },
    /// *Pas cette fois*: by the helper, or by the asker about a helper.
    NotThisTime {
        /// Who pressed it.
        member: MemberId,
        #[allow(missing_docs)]
        need: NeedId,
        /// Who could have helped; absent for who pressed it.
        helper: Option<MemberId>,
    },
}

/// What happened to a need after it was put up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Change {
    /// Written anew. Its words are kept in a table of their own, not here.
    Edited {
        need: NeedId,
        author: Option<MemberId>,
        /// Who might read it before.
        was: Audience,
        audience: Audience,
        #[serde(skip)]
        draft: Draft,
    },
    /// The space gives passes in return.
    PassesOffered { need: NeedId, passes: u32 },
    /// It stands for three weeks more.
    Renewed { need: NeedId, author: MemberId },
    /// Its author was asked that day whether it still stands.
    Asked { need: NeedId, to: MemberId, day: Date },
    /// These two are not told of this need again.
    LetBe { need: NeedId, helper: MemberId, by: MemberId },
    /// Somebody met it, as the manager says.
    Fulfilled { need: NeedId, by: MemberId },
}

impl Change {
    /// Who it is about.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Edited { author, .. } => *author,
            Self::PassesOffered { .. } => None,
            Self::Renewed { author, .. } => Some(*author),
            Self::Asked { to, .. } => Some(*to),
            Self::LetBe { by, .. } | Self::Fulfilled { by, .. } => Some(*by),
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Edited { .. } => "need_edited",
            Self::PassesOffered { .. } => "need_passes_offered",
            Self::Renewed { .. } => "need_renewed",
            Self::Asked { .. } => "need_asked",
            Self::LetBe { .. } => "need_let_be",
            Self::Fulfilled { .. } => "need_fulfilled",
        }
    }
}

impl Community {
    pub(super) fn decide_need(&self, step: &Step) -> Result<Vec<What>, &'static str> {
        match step {
            Step::Put { author, draft, audience, need, passes } => {
                let mut events = vec![self.post(*author, &draft.text, &draft.skills, *audience, *need)?];
                if let Some(passes) = *passes {
                    if author.is_some() || !PASSES_OF_A_NEED.contains(&passes) {
                        return Err(refusal::BAD_NEED);
                    }
                    events.push(What::Need(Change::PassesOffered { need: *need, passes }));
                }
                Ok(events)
            }
            Step::Edit { by, need, draft, audience } => self.edit(*by, *need, draft, *audience),
            Step::Renew(member, need) => {
                self.own(*member, *need)?;
                Ok(vec![What::Need(Change::Renewed { need: *need, author: *member })])
            }
            Step::Met(member, need) => Ok(vec![self.own(*member, *need)?.ends(NeedEnd::Met)]),
            Step::Fulfil { need, by } => self.fulfil(*need, *by),
            Step::NotThisTime { member, need, helper } => self.not_this_time(*member, *need, *helper),
        }
    }

    /// A need of that member's own.
    fn own(&self, member: MemberId, need: NeedId) -> Result<&Need, &'static str> {
        let found = self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?;
        if found.author == Some(member) { Ok(found) } else { Err(refusal::NOT_YOURS) }
    }

    fn edit(&self, by: Option<MemberId>, need: NeedId, draft: &Draft, audience: Audience) -> Result<Vec<What>, &'static str> {
        let found = match by {
            Some(member) => self.own(member, need)?,
            None => self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?,
        };
        if let Some(member) = by {
            self.may_put_up(member)?;
            // what was hidden is not written round the manager's look
            if self.is_hidden(need) {
                return Err(refusal::NO_SUCH_NEED);
            }
        }
        let draft = Self::written(&draft.text, &draft.skills)?;
        if draft == found.draft && audience == found.audience {
            return Ok(vec![]);
        }
        let mut events = vec![What::Need(Change::Edited { need, author: found.author, was: found.audience, audience, draft })];
        if by.is_some() {
            events.extend(self.held_back(need, audience));
        }
        Ok(events)
    }

    /// A need of a member that waits for the manager, where the space wants it so.
    pub(super) fn held_back(&self, need: NeedId, audience: Audience) -> Option<What> {
        let waits = self.approves_first() && audience != Audience::Coordination;
        waits.then_some(What::Moderation(moderation::Change::Held { need }))
    }

    /// Paid once, however often it is said.
    fn fulfil(&self, need: NeedId, by: MemberId) -> Result<Vec<What>, &'static str> {
        match self.met.get(&need) {
            Some(before) if *before == by => return Ok(vec![]),
            Some(_) => return Err(MET_BY_ANOTHER),
            None => {}
        }
        let found = self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?;
        if found.author == Some(by) {
            return Err(refusal::YOUR_OWN);
        }
        let paid = found.passes.map(|passes| What::Ledger(ledger::Change::Moved(Transfer::earned(by, need, passes))));
        let fulfilled = What::Need(Change::Fulfilled { need, by });
        Ok([fulfilled].into_iter().chain(paid).chain([found.ends(NeedEnd::Met)]).collect())
    }

    fn not_this_time(&self, member: MemberId, need: NeedId, helper: Option<MemberId>) -> Result<Vec<What>, &'static str> {
        let found = self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?;
        let helper = match (found.author == Some(member), helper) {
            (true, Some(helper)) if helper != member => helper,
            (false, None) => member,
            (false, Some(helper)) if helper == member => member,
            _ => return Err(refusal::NOT_ALLOWED),
        };
        if found.let_be.contains(&helper) {
            return Ok(vec![]);
        }
        Ok(vec![What::Need(Change::LetBe { need, helper, by: member })])
    }

    /// Needs of an author that end in a few days, of which they were not asked yet that day.
    pub fn still_open(&self, author: MemberId, now: &Now, today: Date) -> impl Iterator<Item = &Need> {
        let soon = now.wall.and_then(|wall| wall.checked_add(ASKED_BEFORE).ok());
        self.of(Some(author)).filter(move |need| {
            let ends_soon = need.expires().zip(soon).is_some_and(|(ends, soon)| ends <= soon);
            ends_soon && need.asked != Some(today) && !self.is_withheld(need.id)
        })
    }

    pub(super) fn apply_need(&mut self, change: &Change, event: &PresenceEvent) {
        if let Change::Fulfilled { need, by } = change {
            self.met.insert(*need, *by);
        }
        match change {
            Change::Edited { need, audience, draft, .. } => {
                if let Some(found) = self.needs.get_mut(need) {
                    // who saw the old words has not seen these
                    if found.draft != *draft {
                        self.told.retain(|(of, ..)| of != need);
                    }
                    (found.audience, found.draft) = (*audience, draft.clone());
                }
            }
            Change::PassesOffered { need, passes } => self.change_need(*need, |need| need.passes = Some(*passes)),
            Change::Renewed { need, .. } => self.change_need(*need, |need| (need.renewed, need.asked) = (Some(event.at), None)),
            Change::Asked { need, day, .. } => self.change_need(*need, |need| need.asked = Some(*day)),
            Change::LetBe { need, helper, .. } => self.change_need(*need, |need| need.let_be.extend([*helper])),
            Change::Fulfilled { .. } => {}
        }
    }

    fn change_need(&mut self, need: NeedId, change: impl FnOnce(&mut Need)) {
        if let Some(need) = self.needs.get_mut(&need) {
            change(need);
        }
    }
}

#[cfg(test)]
mod tests;
