//! What moved passes: of one member, and in a month.

use super::{Reports, StoreError};
use crate::store::ledger::Entry;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What moved in a month: by member (none: who is erased) and sort, what came in all and how often.
pub type Moved = BTreeMap<(Option<String>, String), (i64, u32)>;

/// A member's entries, with the balance after each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Entries {
    pub entries: Vec<(Entry, i64)>,
    pub all: usize,
}

impl Reports {
    /// A member's entries, the latest first, from this place on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries(&self, member: &str, from: usize, at_most: usize) -> Result<Entries, StoreError> {
        let sql = "SELECT count(*) FROM pass_entry JOIN pass_account USING (account_id) WHERE member_id = ?1";
        let all = self.connection.query_row(sql, [member], |row| row.get(0))?;
        let sql = "SELECT at, sort, pass_entry.passes, pass_entry.until, day, text,
                   sum(pass_entry.passes) OVER (ORDER BY transfer_id ROWS UNBOUNDED PRECEDING) FROM pass_entry
                   JOIN pass_account USING (account_id) JOIN pass_transfer USING (transfer_id) LEFT JOIN pass_reason USING (transfer_id)
                   WHERE member_id = ?1 ORDER BY transfer_id DESC LIMIT ?2 OFFSET ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((member, at_most, from), |row| {
            let entry = Entry {
                at: row.get(0)?,
                sort: row.get(1)?,
                passes: row.get(2)?,
                until: row.get(3)?,
                day: row.get(4)?,
                reason: row.get(5)?,
            };
            Ok((entry, row.get(6)?))
        })?;
        Ok(Entries { entries: rows.collect::<Result<_, _>>()?, all })
    }

    /// What moved from one moment until before another.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn moved(&self, from: Timestamp, until: Timestamp) -> Result<Moved, StoreError> {
        let sql = "SELECT member_id, sort, sum(iif(account_id = to_account, passes, -passes)), count(*)
                   FROM pass_transfer JOIN pass_account ON account_id IN (from_account, to_account) AND name IS NULL
                   WHERE at >= ?1 AND at < ?2 GROUP BY member_id, sort";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((from.to_string(), until.to_string()))?;
        let mut moved = Moved::new();
        while let Some(row) = rows.next()? {
            moved.insert((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?));
        }
        Ok(moved)
    }
}
