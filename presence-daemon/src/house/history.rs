//! How full the house was: kept by day, told by month.

use super::House;
use crate::clock::Now;
use crate::statistics::{Day, first_day, hours_over};
use crate::store::StoreError;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use voisins_shared::payload::YearMonth;
use voisins_shared::topic::Topic;

/// So many days that were never counted are counted at a time: after an update there may be a year of them, and taps go first.
const AT_A_TIME: usize = 7;

/// The days that are told, and how far they were counted.
#[derive(Debug, Clone, Default)]
pub struct Hours {
    days: BTreeMap<Date, Day>,
    /// The day and how many of its hours were over; `None` while something waits to be counted.
    counted: Option<(Date, usize)>,
}

impl House {
    /// An hour is over: counts it. What it makes out of date; nothing within the hour, or while nobody knows the time. Not while
    /// somebody waits at the door.
    pub fn count_hours(&mut self, now: &Now) -> Vec<Topic> {
        let policy = self.presence.policy();
        let Some(wall) = now.wall else { return vec![] };
        let today = policy.date_of(wall);
        let over = hours_over(today, wall, policy.zone());
        if self.hours.counted == Some((today, over)) {
            return vec![];
        }
        // a disk that can't be read is tried again
        let Ok((days, complete)) = self.count_days(today, wall) else { return vec![] };
        let before = std::mem::replace(&mut self.hours.days, days);
        self.hours.counted = complete.then_some((today, over));
        let all: BTreeSet<Date> = before.keys().chain(self.hours.days.keys()).copied().collect();
        let changed = all.into_iter().filter(|day| before.get(day) != self.hours.days.get(day));
        let months: BTreeSet<YearMonth> = changed.map(YearMonth::of).collect();
        months.into_iter().map(Topic::History).collect()
    }

    /// Keeps days that were counted elsewhere: a demonstration's.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn remember(&mut self, days: &[(Date, Day)]) -> Result<(), StoreError> {
        self.store.keep_days(days, Date::MIN)
    }

    /// How many people were here, by day.
    #[must_use]
    pub fn history(&self) -> &BTreeMap<Date, Day> {
        &self.hours.days
    }

    /// All days until now, and whether none is left to be counted.
    fn count_days(&mut self, today: Date, wall: Timestamp) -> Result<(BTreeMap<Date, Day>, bool), StoreError> {
        let oldest = self.store.first_visit_day()?.unwrap_or(today);
        let policy = self.presence.policy();
        let usual = self.store.usual_stay()?;
        let fresh = SignedDuration::try_from(policy.fresh_for()).unwrap_or(SignedDuration::ZERO);
        let usual = usual.unwrap_or(fresh);
        let first = first_day(today);
        let mut days = self.store.history(first)?;
        let from = first.max(oldest);
        let mut missing = std::iter::successors(today.yesterday().ok(), |day| day.yesterday().ok())
            .take_while(|day| *day >= from)
            .filter(|day| !days.contains_key(day))
            .collect::<Vec<_>>();
        let complete = missing.len() <= AT_A_TIME;
        missing.truncate(AT_A_TIME);
        let count = |day| Ok((day, self.store.count_day(day, usual, policy, wall)?));
        let counted = missing.into_iter().map(count).collect::<Result<Vec<_>, StoreError>>()?;
        let so_far = self.store.count_day(today, usual, policy, wall)?;
        self.store.keep_days(&counted, first)?;
        days.extend(counted);
        days.insert(today, so_far);
        Ok((days, complete))
    }
}
