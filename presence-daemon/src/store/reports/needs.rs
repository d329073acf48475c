//! Needs that are closed and what introductions led to, over the years.

use super::{Reports, StoreError};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A need that is no longer open. Its words are nobody's any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ClosedNeed {
    pub posted: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// Whose; the space's own has none.
    pub author: Option<String>,
    pub audience: String,
    /// `met`, `withdrawn`, `closed` or `expired`.
    pub end: String,
    /// Who met it, as the manager said.
    pub met_by: Option<String>,
    pub helpers: u32,
    pub passes: Option<u32>,
}

impl Reports {
    /// Needs that are closed, the latest first, from this place on, and how many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn closed_needs(&self, from: usize, at_most: usize) -> Result<(Vec<ClosedNeed>, usize), StoreError> {
        let all = self.connection.query_row("SELECT count(*) FROM need WHERE ended IS NOT NULL", [], |row| row.get(0))?;
        let sql = "SELECT posted_at, ended_at, author.name, audience, iif(met, 'met', ended), helper.name,
                   (SELECT count(*) FROM help WHERE help.need_id = need.need_id), passes
                   FROM need LEFT JOIN member AS author ON author.member_id = author LEFT JOIN member AS helper ON helper.member_id = met_by
                   WHERE ended IS NOT NULL ORDER BY ended_at IS NULL DESC, ended_at DESC LIMIT ?1 OFFSET ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((at_most, from))?;
        let mut needs = Vec::new();
        while let Some(row) = rows.next()? {
            let time = |text: Option<String>| text.and_then(|text| text.parse().ok());
            needs.push(ClosedNeed {
                posted: time(row.get(0)?),
                ended: time(row.get(1)?),
                author: row.get(2)?,
                audience: row.get(3)?,
                end: row.get(4)?,
                met_by: row.get(5)?,
                helpers: row.get(6)?,
                passes: row.get(7)?,
            });
        }
        Ok((needs, all))
    }

    /// When one of the two first said what an introduction led to, by its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn led_at(&self) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let sql = "SELECT introduction_id, min(led_at) FROM introduction_half WHERE led_at IS NOT NULL GROUP BY introduction_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut led = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (id, at): (String, String) = (row.get(0)?, row.get(1)?);
            led.extend(at.parse().ok().map(|at: Timestamp| (id, at)));
        }
        Ok(led)
    }
}
