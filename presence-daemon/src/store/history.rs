//! How many people were here, hour by hour: counted once from the visits of a day that is over, then kept.

use super::{Store, StoreError};
use crate::policy::Policy;
use crate::statistics::{Day, Ended, Visited, count, median, stay};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension as _;
use std::collections::BTreeMap;
use voisins_shared::visit::ClosedBy;

/// So many visits that ended by a tap tell how long one usually lasts.
const TAPPED: i64 = 2_000;
/// They are looked for among so many: where hardly anybody taps on leaving, the whole past would be read every hour.
const LOOKED_AT: i64 = 20_000;

impl Store {
    /// The days that were counted, from `first` on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn history(&self, first: Date) -> Result<BTreeMap<Date, Day>, StoreError> {
        let sql = "SELECT day, hours, estimated FROM history_day WHERE site_id = ?1 AND day >= ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, first.to_string()))?;
        let mut days = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (day, hours, estimated): (String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let strange = || StoreError::Strange(format!("history of {day:?}"));
            let hours = serde_json::from_str(&hours).map_err(|_| strange())?;
            days.insert(day.parse().map_err(|_| strange())?, Day { hours, estimated });
        }
        Ok(days)
    }

    /// The day of the first visit that is still known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn first_visit_day(&self) -> Result<Option<Date>, StoreError> {
        let sql = "SELECT min(day) FROM visit WHERE site_id = ?1";
        let day: Option<String> = self.connection.prepare_cached(sql)?.query_row([self.site], |row| row.get(0))?;
        day.map(|day| day.parse().map_err(|_| StoreError::Strange(format!("day {day:?}")))).transpose()
    }

    /// How long a visit lasts that ends by a tap, a badge or a button: the median of the latest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn usual_stay(&self) -> Result<Option<SignedDuration>, StoreError> {
        let sql = "SELECT opened_at, closed_at FROM visit WHERE site_id = ?1 AND closed_by IN ('tap', 'signed', 'button')
                   AND opened_at IS NOT NULL AND closed_at IS NOT NULL
                   AND visit_id > (SELECT max(visit_id) FROM visit) - ?3 ORDER BY visit_id DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, TAPPED, LOOKED_AT))?;
        let mut lasted = Vec::new();
        while let Some(row) = rows.next()? {
            lasted.push(time(&row.get::<_, String>(1)?)?.duration_since(time(&row.get::<_, String>(0)?)?));
        }
        Ok(median(&mut lasted))
    }

    /// Counts a day from its visits, as far as it is over. A visit that was corrected counts as its correction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_day(&self, day: Date, usual: SignedDuration, policy: &Policy, now: Timestamp) -> Result<Day, StoreError> {
        // a visit that began the day before may last over midnight
        let sql = "SELECT opened_at, seen_at, closed_at, closed_by FROM visit
                   WHERE site_id = ?1 AND day IN (?2, ?3, ?4) AND opened_at IS NOT NULL
                   AND visit_id NOT IN (SELECT corrects FROM visit WHERE corrects IS NOT NULL)";
        let before = day.yesterday().unwrap_or(day);
        let days = [day, before, before.yesterday().unwrap_or(before)].map(|day| day.to_string());
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, &days[0], &days[1], &days[2]))?;
        let mut stays = Vec::new();
        while let Some(row) = rows.next()? {
            let opened = time(&row.get::<_, String>(0)?)?;
            let seen = row.get::<_, Option<String>>(1)?.map(|seen| time(&seen)).transpose()?.unwrap_or(opened);
            let closed_by: Option<String> = row.get(3)?;
            let ended = closed_by.as_deref().and_then(ClosedBy::from_text).map(|by| match by {
                ClosedBy::Assumed => Ended::Assumed,
                _ => Ended::Told,
            });
            let closed = row.get::<_, Option<String>>(2)?.map(|closed| time(&closed)).transpose()?;
            let visit = Visited {
                opened,
                seen,
                closed: ended.map(|ended| (closed.unwrap_or(seen), ended)),
                latest: policy.close_by(opened),
            };
            stays.push(stay(&visit, usual, now));
        }
        Ok(count(day, &stays, now, policy.zone()))
    }

    /// Keeps days that are over, and lets go of what is older than `first`.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn keep_days(&mut self, days: &[(Date, Day)], first: Date) -> Result<(), StoreError> {
        let site = self.site;
        let old = "SELECT 1 FROM history_day WHERE site_id = ?1 AND day < ?2 LIMIT 1";
        let has_old = self.connection.prepare_cached(old)?.query_row((site, first.to_string()), |_| Ok(())).optional()?.is_some();
        if days.is_empty() && !has_old {
            return Ok(());
        }
        let transaction = self.begin()?;
        for (day, counted) in days {
            let hours = serde_json::to_string(&counted.hours).map_err(|error| StoreError::Strange(error.to_string()))?;
            let sql = "INSERT OR REPLACE INTO history_day (site_id, day, hours, estimated) VALUES (?1, ?2, ?3, ?4)";
            transaction.prepare_cached(sql)?.execute((site, day.to_string(), hours, counted.estimated))?;
        }
        let sql = "DELETE FROM history_day WHERE site_id = ?1 AND day < ?2";
        transaction.prepare_cached(sql)?.execute((site, first.to_string()))?;
        Ok(transaction.commit()?)
    }
}

fn time(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| StoreError::Strange(format!("time {text:?}")))
}
