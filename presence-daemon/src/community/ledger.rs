//! Day passes: a double-entry ledger. Pure.
//!
//! A transfer takes passes from one account to another: a member's, or one of the space's own (sold, visits, services, corrections,
//! expired). Nothing is ever changed or taken back; a balance is the sum of its entries, always. One pass is drawn on a site day, at
//! a check-in, however often they come.

mod account;

pub use account::{Account, Held};

use crate::clock::Now;
use crate::policy::Policy;
use crate::presence::{PresenceEvent, VisitId, What};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;

/// Passes that one command may sell or correct.
pub const PASSES_AT_ONCE: std::ops::RangeInclusive<u32> = 1..=1000;

/// Why a command about passes can't be carried out: too many of them, none, or no reason.
pub const BAD_PASSES: &str = "bad_passes";

/// What moved passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The space sold them.
    Bought,
    /// By a day's first check-in.
    Drawn,
    /// By a service to the space.
    Earned,
    /// By the manager, with a reason.
    Corrected,
    /// Their last day is over.
    Expired,
}

impl Sort {
    /// The word in the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bought => "bought",
            Self::Drawn => "drawn",
            Self::Earned => "earned",
            Self::Corrected => "corrected",
            Self::Expired => "expired",
        }
    }

    /// The space's account on the other side.
    #[must_use]
    pub fn account(self) -> &'static str {
        match self {
            Self::Bought => "sold",
            Self::Drawn => "visits",
            Self::Earned => "services",
            Self::Corrected => "corrections",
            Self::Expired => "expired",
        }
    }
}

/// Passes from one account to another: two entries that sum to zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    #[allow(missing_docs)]
    pub sort: Sort,
    /// Whose account; the other one is the space's.
    pub member: MemberId,
    /// What comes to the member's account; below 0 what leaves it. Never 0.
    pub passes: i64,
    /// The last day on which these passes are good; none: for ever.
    pub until: Option<Date>,
    /// The site day of the visit that drew it.
    pub day: Option<Date>,
    /// The need that was met.
    pub need: Option<NeedId>,
    /// The command it was part of: the same one again moves nothing.
    pub command: Option<Uuid>,
    /// In the manager's words. Kept in a table of its own, not here.
    #[serde(skip)]
    pub reason: Option<String>,
}

impl Transfer {
    fn new(sort: Sort, member: MemberId, passes: i64, until: Option<Date>) -> Self {
        Self { sort, member, passes, until, day: None, need: None, command: None, reason: None }
    }

    /// What the space gives for a need that was met.
    #[must_use]
    pub fn earned(member: MemberId, need: NeedId, passes: u32) -> Self {
        Self { need: Some(need), ..Self::new(Sort::Earned, member, passes.into(), None) }
    }
}

/// How somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// A pass a day.
    Passes,
    /// Without passes.
    Subscription,
}

impl Plan {
    /// The word in the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Subscription => "subscription",
        }
    }

    /// What such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Passes, Self::Subscription].into_iter().find(|plan| plan.as_str() == text)
    }
}

/// What the manager does with passes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    /// Sells some. What was over-used is covered first.
    Buy { member: MemberId, passes: u32, until: Option<Date>, command: Uuid },
    /// Sets a balance right.
    Correct { member: MemberId, passes: i64, reason: String, command: Uuid },
    /// Says how somebody comes.
    Plan { member: MemberId, plan: Plan },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Change {
    Moved(Transfer),
    PlanSet {
        member: MemberId,
        plan: Plan,
    },
    /// They have seen what they earned.
    EarnedTold {
        need: NeedId,
        to: MemberId,
    },
}

impl Change {
    /// Who it is about.
    #[must_use]
    pub fn member(&self) -> MemberId {
        match self {
            Self::Moved(transfer) => transfer.member,
            Self::PlanSet { member, .. } | Self::EarnedTold { to: member, .. } => *member,
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Moved(_) => "passes_moved",
            Self::PlanSet { .. } => "pass_plan_set",
            Self::EarnedTold { .. } => "passes_told",
        }
    }
}

/// The passes of all members: the fold over its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    accounts: BTreeMap<MemberId, Account>,
    /// Check-ins of this boot that nobody can date yet; of a guest, whose visit may still be claimed.
    owed: BTreeMap<VisitId, (Option<MemberId>, Now)>,
    /// Commands that were carried out.
    commands: BTreeSet<Uuid>,
}

impl Ledger {
    /// As it was on disk.
    #[must_use]
    pub fn restore(
        held: impl IntoIterator<Item = (MemberId, Held)>,
        owed: impl IntoIterator<Item = (VisitId, (Option<MemberId>, Now))>,
        commands: impl IntoIterator<Item = Uuid>,
    ) -> Self {
        let mut accounts: BTreeMap<MemberId, Account> = BTreeMap::new();
        for (member, held) in held {
            accounts.entry(member).or_default().restore(held);
        }
        Self { accounts, owed: owed.into_iter().collect(), commands: commands.into_iter().collect() }
    }

    /// A member's account, if passes ever moved there, or the manager said how they come.
    #[must_use]
    pub fn account(&self, member: MemberId) -> Option<&Account> {
        self.accounts.get(&member)
    }

    /// All accounts of members.
    pub fn accounts(&self) -> impl Iterator<Item = (MemberId, &Account)> {
        self.accounts.iter().map(|(member, account)| (*member, account))
    }

    /// What a member who comes with passes may read of their own: over-use is 0 there.
    #[must_use]
    pub fn left(&self, member: MemberId) -> Option<u32> {
        let account = self.accounts.get(&member).filter(|account| account.on_passes())?;
        Some(u32::try_from(account.balance().max(0)).unwrap_or(u32::MAX))
    }

    /// What a member earned and hasn't seen.
    pub fn untold(&self, member: MemberId) -> impl Iterator<Item = (NeedId, u32)> {
        self.accounts.get(&member).into_iter().flat_map(|account| account.untold())
    }

    pub(super) fn decide(&self, step: &Step) -> Result<Vec<Change>, &'static str> {
        let none = Account::default();
        let account = |member: &MemberId| self.accounts.get(member).unwrap_or(&none);
        match step {
            Step::Buy { command, .. } | Step::Correct { command, .. } if self.commands.contains(command) => Ok(vec![]),
            Step::Buy { member, passes, until, command } => {
                if !PASSES_AT_ONCE.contains(passes) {
                    return Err(BAD_PASSES);
                }
                let bought = i64::from(*passes);
                // passes that end cover first what was over-used: those of them that are left are really left
                let covers = if until.is_some() { (-account(member).lasting()).clamp(0, bought) } else { 0 };
                let parts = [(None, covers), (*until, bought - covers)].into_iter().filter(|(_, passes)| *passes > 0);
                let transfer =
                    |(until, passes)| Transfer { command: Some(*command), ..Transfer::new(Sort::Bought, *member, passes, until) };
                Ok(parts.map(|part| Change::Moved(transfer(part))).collect())
            }
            Step::Correct { member, passes, reason, command } => {
                let many = u32::try_from(passes.unsigned_abs()).is_ok_and(|passes| PASSES_AT_ONCE.contains(&passes));
                if !many || reason.trim().is_empty() {
                    return Err(BAD_PASSES);
                }
                let parts = if *passes > 0 { vec![(None, -passes)] } else { account(member).take(-passes, Date::MIN) };
                let transfer = |(until, passes): (Option<Date>, i64)| Transfer {
                    command: Some(*command),
                    reason: Some(reason.trim().to_owned()),
                    ..Transfer::new(Sort::Corrected, *member, -passes, until)
                };
                Ok(parts.into_iter().map(|part| Change::Moved(transfer(part))).collect())
            }
            Step::Plan { member, plan } if account(member).plan() == Some(*plan) => Ok(vec![]),
            Step::Plan { member, plan } => Ok(vec![Change::PlanSet { member: *member, plan: *plan }]),
        }
    }

    /// What follows from what has just happened and from the time: check-ins of a boot that had no clock are dated and drawn, passes
    /// whose last day is over expire, and check-ins draw; each pass by the day it is drawn for.
    #[must_use]
    pub fn follows(&self, events: &[PresenceEvent], now: &Now, policy: &Policy) -> Vec<Change> {
        let mut plan = Following { ledger: self, touched: BTreeMap::new(), changes: Vec::new() };
        if let Some(known) = events.iter().find(|event| matches!(event.what, What::ClockKnown)) {
            let dated = |(member, at): &(Option<MemberId>, Now)| Some((policy.day_of(at.dated_by(&known.at)?), (*member)?));
            let mut owed: Vec<(Date, MemberId)> = self.owed.values().filter_map(dated).collect();
            owed.sort_unstable();
            owed.into_iter().for_each(|(day, member)| plan.draw(member, day));
        }
        if let Some(wall) = now.wall {
            plan.expire(policy.day_of(wall));
        }
        for event in events {
            let came = match event.what {
                What::CheckedIn { subject, .. } => subject.member(),
                What::GuestClaimed { member, .. } => Some(member),
                _ => None,
            };
            if let (Some(member), Some(wall)) = (came, event.at.wall) {
                plan.draw(member, policy.day_of(wall));
            }
        }
        plan.changes
    }

    pub(super) fn apply(&mut self, event: &PresenceEvent) {
        match &event.what {
            What::Ledger(change) => self.take(change),
            What::CheckedIn { visit, subject, .. } if event.at.wall.is_none() => {
                self.owed.insert(*visit, (subject.member(), event.at));
            }
            What::GuestEntered { visit, .. } if event.at.wall.is_none() => drop(self.owed.insert(*visit, (None, event.at))),
            What::GuestClaimed { visit, member } if event.at.wall.is_none() => {
                self.owed.entry(*visit).or_insert((None, event.at)).0 = Some(*member);
            }
            // a boot that never learnt the time can't be dated any more
            What::ClockKnown => self.owed.clear(),
            _ => {}
        }
    }

    fn take(&mut self, change: &Change) {
        let account = self.accounts.entry(change.member()).or_default();
        match change {
            Change::Moved(transfer) => {
                account.apply(transfer);
                self.commands.extend(transfer.command);
            }
            Change::PlanSet { plan, .. } => account.restore(Held::Plan(*plan)),
            Change::EarnedTold { need, .. } => account.told(*need),
        }
    }
}

/// Accounts as they will be while a decision is being made; only those it touches are copied.
struct Following<'a> {
    ledger: &'a Ledger,
    touched: BTreeMap<MemberId, Account>,
    changes: Vec<Change>,
}

impl Following<'_> {
    fn account(&self, member: MemberId) -> Option<&Account> {
        self.touched.get(&member).or_else(|| self.ledger.accounts.get(&member))
    }

    fn draw(&mut self, member: MemberId, day: Date) {
        if let Some(transfer) = self.account(member).and_then(|account| account.draw(member, day)) {
            self.moves(transfer);
        }
    }

    fn expire(&mut self, today: Date) {
        let members: Vec<MemberId> =
            self.ledger.accounts.iter().filter(|(_, account)| account.has_expired(today)).map(|(member, _)| *member).collect();
        for member in members {
            let expired: Vec<Transfer> = self.account(member).into_iter().flat_map(|a| a.expired(member, today)).collect();
            expired.into_iter().for_each(|transfer| self.moves(transfer));
        }
    }

    fn moves(&mut self, transfer: Transfer) {
        let account = self.touched.entry(transfer.member);
        account.or_insert_with(|| self.ledger.accounts.get(&transfer.member).cloned().unwrap_or_default()).apply(&transfer);
        self.changes.push(Change::Moved(transfer));
    }
}

#[cfg(test)]
mod tests;
