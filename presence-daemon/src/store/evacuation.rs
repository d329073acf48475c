//! Whether everybody is asked to leave the building: it outlives a power cut.

use super::events::nanoseconds;
use super::restore::moment;
use super::{Store, StoreError};
use crate::clock::Now;
use rusqlite::{OptionalExtension as _, Transaction};

/// Keeps the table in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, site: i64, active: bool, at: &Now) -> Result<(), StoreError> {
    if active {
        let sql = "INSERT INTO evacuation_mode (site_id, since_boot, since_ns, since_at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (site_id) DO NOTHING";
        let row = (site, at.boot.0.to_string(), nanoseconds(at.since_boot), at.wall.map(|wall| wall.to_string()));
        transaction.prepare_cached(sql)?.execute(row)?;
    } else {
        transaction.prepare_cached("DELETE FROM evacuation_mode WHERE site_id = ?1")?.execute([site])?;
    }
    Ok(())
}

/// The clock is known.
pub(super) fn set_right(transaction: &Transaction<'_>, anchor: &Now) -> Result<(), StoreError> {
    let sql = "SELECT site_id, since_ns FROM evacuation_mode WHERE since_at IS NULL AND since_boot = ?1";
    let boot = anchor.boot.0.to_string();
    let undated: Option<(i64, i64)> =
        transaction.prepare_cached(sql)?.query_row([&boot], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    if let Some((site, ns)) = undated {
        let at = moment(&boot, ns, None)?.dated_by(anchor).map(|at| at.to_string());
        transaction.prepare_cached("UPDATE evacuation_mode SET since_at = ?2 WHERE site_id = ?1")?.execute((site, at))?;
    }
    Ok(())
}

impl Store {
    /// Since when everybody is asked to leave, if they are.
    pub(super) fn evacuation_mode(&self) -> Result<Option<Now>, StoreError> {
        let sql = "SELECT since_boot, since_ns, since_at FROM evacuation_mode WHERE site_id = ?1";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(String, i64, Option<String>)> =
            self.connection.prepare_cached(sql)?.query_row([self.site], row).optional()?;
        found.map(|(boot, ns, at)| moment(&boot, ns, at)).transpose()
    }
}
