//! Between neighbours: what every room of it shares, and who is kept apart or was named for a shared interest.

use super::events::nanoseconds;
use super::people::member_id;
use super::restore::moment;
use super::{Store, StoreError};
use crate::clock::Now;
use crate::community::Community;
use crate::community::apart::{Apart, Happened, pair};
use crate::community::interests::{InterestTold, Interests, forgotten_before};
use crate::community::notes;
use crate::presence::{PresenceEvent, What};
use rusqlite::{Row, Transaction};

/// A moment as its three columns hold it.
pub(super) fn columns(at: &Now) -> (String, i64, Option<String>) {
    (at.boot.0.to_string(), nanoseconds(at.since_boot), at.wall.map(|wall| wall.to_string()))
}

/// The moment that stands in three columns from `first` on; none if they are empty.
pub(super) fn moment_at(row: &Row<'_>, first: usize) -> Result<Option<Now>, StoreError> {
    let Some(boot) = row.get::<_, Option<String>>(first)? else { return Ok(None) };
    Ok(Some(moment(&boot, row.get(first + 1)?, row.get(first + 2)?)?))
}

/// The same where there is always one.
pub(super) fn known_moment_at(row: &Row<'_>, first: usize) -> Result<Now, StoreError> {
    moment_at(row, first)?.ok_or_else(|| StoreError::Strange("no moment".to_owned()))
}

/// Where moments stand that may have no wall time yet.
const MOMENTS: [(&str, &str); 8] = [
    ("introduction", "proposed"),
    ("introduction", "introduced"),
    ("introduction_half", "asked"),
    ("introduction_half", "led"),
    ("note", "left"),
    ("note", "opened"),
    ("snooze", "since"),
    ("interest_told", "told"),
];

/// The clock is known: moments get a wall time; those of a boot that never learnt it, at the latest now.
pub(super) fn set_right(transaction: &Transaction<'_>, anchor: &Now) -> Result<(), StoreError> {
    for (table, column) in MOMENTS {
        let sql = format!(
            "SELECT rowid, {column}_boot, {column}_ns FROM {table} WHERE {column}_boot IS NOT NULL AND {column}_at IS NULL"
        );
        let undated: Vec<(i64, String, i64)> = {
            let mut statement = transaction.prepare_cached(&sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (row, boot, ns) in undated {
            let at = moment(&boot, ns, None)?.dated_by(anchor).or(anchor.wall).map(|at| at.to_string());
            transaction.prepare_cached(&format!("UPDATE {table} SET {column}_at = ?2 WHERE rowid = ?1"))?.execute((row, at))?;
        }
    }
    Ok(())
}

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, site: i64, event: &PresenceEvent) -> Result<(), StoreError> {
    match &event.what {
        What::Introduction(happened) => super::introductions::project(transaction, site, &event.at, happened),
        What::Note(happened) => {
            super::notes::project(transaction, site, &event.at, happened)?;
            match happened {
                // *Je connais quelqu'un* answers a need, if it reaches somebody
                notes::Happened::Left { need: Some(need), delivered: true, .. } => {
                    super::needs::answered(transaction, *need, &event.at)
                }
                _ => Ok(()),
            }
        }
        What::Apart(happened) => keep_apart(transaction, &event.at, happened),
        What::Interest(told) => interest(transaction, &event.at, told),
        _ => Ok(()),
    }
}

fn keep_apart(transaction: &Transaction<'_>, at: &Now, happened: &Happened) -> Result<(), StoreError> {
    match happened {
        Happened::Avoided { pair: two, .. } => {
            let sql = "INSERT INTO kept_apart (one, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute(pair(*two).map(|member| member.to_string()))?;
        }
        Happened::Allowed { pair: two } => {
            let sql = "DELETE FROM kept_apart WHERE one = ?1 AND other = ?2";
            transaction.prepare_cached(sql)?.execute(pair(*two).map(|member| member.to_string()))?;
        }
        Happened::Snoozed { member } => {
            let (boot, ns, wall) = columns(at);
            let sql = "INSERT OR REPLACE INTO snooze (member_id, since_boot, since_ns, since_at) VALUES (?1, ?2, ?3, ?4)";
            transaction.prepare_cached(sql)?.execute((member.to_string(), boot, ns, wall))?;
        }
    }
    Ok(())
}

fn interest(transaction: &Transaction<'_>, at: &Now, InterestTold { to, neighbour }: &InterestTold) -> Result<(), StoreError> {
    if let Some(before) = forgotten_before(at) {
        // to the nanosecond, as in memory: their texts don't sort
        let sql = "SELECT neighbour, told_at FROM interest_told WHERE member_id = ?1 AND told_at IS NOT NULL";
        let told: Vec<(String, String)> = {
            let mut statement = transaction.prepare_cached(sql)?;
            let rows = statement.query_map([to.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let is_old = |at: &String| at.parse::<jiff::Timestamp>().is_ok_and(|at| at < before);
        for (neighbour, _) in told.iter().filter(|(_, at)| is_old(at)) {
            let sql = "DELETE FROM interest_told WHERE member_id = ?1 AND neighbour = ?2";
            transaction.prepare_cached(sql)?.execute((to.to_string(), neighbour))?;
        }
    }
    let (boot, ns, wall) = columns(at);
    let sql =
        "INSERT OR REPLACE INTO interest_told (member_id, neighbour, told_boot, told_ns, told_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    transaction.prepare_cached(sql)?.execute((to.to_string(), neighbour.to_string(), boot, ns, wall))?;
    Ok(())
}

impl Store {
    /// What neighbours look for and are to each other, as it was when the daemon stopped.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn community(&self) -> Result<Community, StoreError> {
        let needs = Community::restore(self.open_needs()?, self.told_matches()?);
        Ok(needs.with(self.introductions()?, self.notes()?, self.kept_apart()?, self.told_interests()?))
    }

    /// Whether a moment between neighbours has no wall time yet.
    pub(super) fn undated_between(&self) -> Result<bool, StoreError> {
        let one = |(table, column): (&str, &str)| {
            format!("SELECT 1 FROM {table} WHERE {column}_boot IS NOT NULL AND {column}_at IS NULL")
        };
        let sql = format!("SELECT EXISTS ({})", MOMENTS.map(one).join(" UNION ALL "));
        Ok(self.connection.query_row(&sql, [], |row| row.get(0))?)
    }

    fn kept_apart(&self) -> Result<Apart, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT one, other FROM kept_apart")?;
        let mut rows = statement.query([])?;
        let mut pairs = Vec::new();
        while let Some(row) = rows.next()? {
            pairs.push([member_id(&row.get::<_, String>(0)?)?, member_id(&row.get::<_, String>(1)?)?]);
        }
        let mut statement = self.connection.prepare_cached("SELECT member_id, since_boot, since_ns, since_at FROM snooze")?;
        let mut rows = statement.query([])?;
        let mut snoozed = Vec::new();
        while let Some(row) = rows.next()? {
            snoozed.push((member_id(&row.get::<_, String>(0)?)?, known_moment_at(row, 1)?));
        }
        Ok(Apart::restore(pairs, snoozed))
    }

    fn told_interests(&self) -> Result<Interests, StoreError> {
        let sql = "SELECT member_id, neighbour, told_boot, told_ns, told_at FROM interest_told";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut told = Vec::new();
        while let Some(row) = rows.next()? {
            let [to, neighbour] = [member_id(&row.get::<_, String>(0)?)?, member_id(&row.get::<_, String>(1)?)?];
            told.push((to, neighbour, known_moment_at(row, 2)?));
        }
        Ok(Interests::restore(told))
    }
}
