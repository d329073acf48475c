//! The visits of a month, in numbers.

use super::{Reports, StoreError};
use jiff::civil::Date;

/// Numbers only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthVisits {
    /// On which somebody came.
    pub days: u32,
    /// Different members.
    pub members: u32,
    #[allow(missing_docs)]
    pub visits: u32,
    /// Of these, of guests.
    pub guests: u32,
    /// Of these, closed by nobody.
    pub assumed: u32,
    /// Of those that somebody closed.
    pub minutes: i64,
    /// Of those that nobody closed: until closing time, an estimate.
    pub assumed_minutes: i64,
}

impl Reports {
    /// The visits of these days, the last one included.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visits_of(&self, first: Date, last: Date) -> Result<MonthVisits, StoreError> {
        let sql = "WITH found AS (SELECT day, member_id, anonymised, closed_by = 'assumed' AS assumed,
                     (unixepoch(closed_at) - unixepoch(opened_at)) / 60 AS minutes FROM visit
                     WHERE site_id IN (SELECT site_id FROM site) AND day BETWEEN ?1 AND ?2)
                   SELECT count(DISTINCT day), count(DISTINCT member_id), count(*), coalesce(sum(member_id IS NULL AND NOT anonymised), 0),
                     coalesce(sum(assumed), 0), coalesce(sum(iif(assumed, 0, minutes)), 0), coalesce(sum(iif(assumed, minutes, 0)), 0)
                   FROM found";
        Ok(self.connection.query_row(sql, (first.to_string(), last.to_string()), |row| {
            Ok(MonthVisits {
                days: row.get(0)?,
                members: row.get(1)?,
                visits: row.get(2)?,
                guests: row.get(3)?,
                assumed: row.get(4)?,
                minutes: row.get(5)?,
                assumed_minutes: row.get(6)?,
            })
        })?)
    }
}
