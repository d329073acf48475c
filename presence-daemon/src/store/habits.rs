//! What visits tell of habits.

use super::people::member_id;
use super::{Store, StoreError};
use jiff::civil::Date;
use std::collections::BTreeMap;
use voisins_shared::member::MemberId;
use voisins_shared::payload::Weekday;

/// So many weeks are looked at.
const WEEKS: i64 = 8;
/// So often somebody has come on a weekday before it is one of their usual days.
const OFTEN: u32 = 3;

impl Store {
    /// The weekdays on which each member came at least three times in the last eight weeks, Monday first. Today doesn't count yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn usual_days(&self, today: Date) -> Result<BTreeMap<MemberId, Vec<Weekday>>, StoreError> {
        let first = today.saturating_sub(jiff::Span::new().weeks(WEEKS));
        let sql = "SELECT DISTINCT member_id, day FROM visit
                   WHERE site_id = ?1 AND day >= ?2 AND day < ?3 AND member_id IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, first.to_string(), today.to_string()))?;
        let mut came: BTreeMap<MemberId, [u32; 7]> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (member, day): (String, String) = (row.get(0)?, row.get(1)?);
            let day: Date = day.parse().map_err(|_| StoreError::Strange(format!("day {day:?}")))?;
            let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
            came.entry(member_id(&member)?).or_default()[weekday] += 1;
        }
        let usual = |counts: [u32; 7]| {
            let days = Weekday::ALL.into_iter().zip(counts).filter(|(_, count)| *count >= OFTEN).map(|(day, _)| day);
            days.collect::<Vec<_>>()
        };
        Ok(came.into_iter().map(|(member, counts)| (member, usual(counts))).filter(|(_, days)| !days.is_empty()).collect())
    }
}
