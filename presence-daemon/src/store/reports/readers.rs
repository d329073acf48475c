//! What the readers last read, and whether the database is whole.

use super::{Reports, StoreError};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// So many of the last taps are looked at: a reader that none of them was on has been quiet for long.
const LOOKED_AT: i64 = 2_000;

impl Reports {
    /// When something was last held to each reader, by its name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_taps(&self) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let sql = "WITH last AS (SELECT kind, body, wall_seen FROM event ORDER BY seq DESC LIMIT ?1)
                   SELECT body ->> '$.reader' AS reader, max(wall_seen) FROM last
                   WHERE kind IN ('checked_in', 'seen', 'unknown_tapped', 'tap_refused') AND reader IS NOT NULL GROUP BY reader";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([LOOKED_AT])?;
        let mut taps = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (reader, at): (String, String) = (row.get(0)?, row.get(1)?);
            taps.extend(at.parse().ok().map(|at: Timestamp| (reader, at)));
        }
        Ok(taps)
    }

    /// Reads the database through: whether SQLite finds it whole.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be read at all.
    pub fn is_whole(&self) -> Result<bool, StoreError> {
        let says: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok(says == "ok")
    }
}
