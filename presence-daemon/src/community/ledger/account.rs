//! One member's account.

use super::{Plan, Sort, Transfer};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;

/// A member's account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Passes that are good until a day. Never 0 or less.
    dated: BTreeMap<Date, i64>,
    /// All others; below 0 after over-use.
    lasting: i64,
    /// Days for which one was drawn.
    drawn: BTreeSet<Date>,
    /// What was earned and not told.
    untold: BTreeMap<NeedId, u32>,
    /// They bought or earned some once.
    opened: bool,
    /// What the manager said of how they come.
    plan: Option<Plan>,
}

impl Account {
    /// The sum of all entries.
    #[must_use]
    pub fn balance(&self) -> i64 {
        self.lasting + self.dated.values().sum::<i64>()
    }

    /// The last day for which one was drawn.
    #[must_use]
    pub fn last_drawn(&self) -> Option<Date> {
        self.drawn.last().copied()
    }

    /// Whether a check-in draws a pass.
    #[must_use]
    pub fn on_passes(&self) -> bool {
        self.plan.map_or(self.opened, |plan| plan == Plan::Passes)
    }

    /// Passes that are good until a day, the earliest first.
    pub fn dated(&self) -> impl Iterator<Item = (Date, i64)> {
        self.dated.iter().map(|(until, passes)| (*until, *passes))
    }

    /// Passes without a last day; below 0 after over-use.
    pub(super) fn lasting(&self) -> i64 {
        self.lasting
    }

    pub(super) fn plan(&self) -> Option<Plan> {
        self.plan
    }

    pub(super) fn untold(&self) -> impl Iterator<Item = (NeedId, u32)> {
        self.untold.iter().map(|(need, passes)| (*need, *passes))
    }

    pub(super) fn told(&mut self, need: NeedId) {
        self.untold.remove(&need);
    }

    pub(super) fn restore(&mut self, held: Held) {
        match held {
            Held::Passes(Some(until), passes) => drop(self.dated.insert(until, passes)),
            Held::Passes(None, passes) => self.lasting = passes,
            Held::Drawn(day) => self.drawn.extend([day]),
            Held::Untold(need, passes) => drop(self.untold.insert(need, passes)),
            Held::Opened => self.opened = true,
            Held::Plan(plan) => self.plan = Some(plan),
        }
    }

    pub(super) fn has_expired(&self, today: Date) -> bool {
        self.dated.first_key_value().is_some_and(|(until, _)| *until < today)
    }

    /// So many passes on a day, of those that end earliest first; what isn't there is over-used.
    pub(super) fn take(&self, passes: i64, day: Date) -> Vec<(Option<Date>, i64)> {
        let (mut left, mut taken) = (passes, Vec::new());
        for (until, held) in self.dated.range(day..) {
            let part = left.min(*held);
            if part > 0 {
                taken.push((Some(*until), part));
                left -= part;
            }
        }
        if left > 0 {
            taken.push((None, left));
        }
        taken
    }

    pub(super) fn draw(&self, member: MemberId, day: Date) -> Option<Transfer> {
        if !self.on_passes() || self.drawn.contains(&day) {
            return None;
        }
        let (until, passes) = self.take(1, day).pop()?;
        Some(Transfer { day: Some(day), ..Transfer::new(Sort::Drawn, member, -passes, until) })
    }

    pub(super) fn expired(&self, member: MemberId, today: Date) -> impl Iterator<Item = Transfer> {
        self.dated.range(..today).map(move |(until, passes)| Transfer::new(Sort::Expired, member, -passes, Some(*until)))
    }

    pub(super) fn apply(&mut self, transfer: &Transfer) {
        match transfer.until {
            Some(until) => {
                let held = self.dated.entry(until).or_default();
                *held += transfer.passes;
                if *held == 0 {
                    self.dated.remove(&until);
                }
            }
            None => self.lasting += transfer.passes,
        }
        self.opened |= matches!(transfer.sort, Sort::Bought | Sort::Earned);
        self.drawn.extend(transfer.day);
        if let (Sort::Earned, Some(need)) = (transfer.sort, transfer.need) {
            self.untold.insert(need, u32::try_from(transfer.passes).unwrap_or(0));
        }
    }
}

/// What a start reads back of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Held {
    Passes(Option<Date>, i64),
    Drawn(Date),
    Untold(NeedId, u32),
    Opened,
    Plan(Plan),
}
