//! Visits by day and by member, with what was set right about them.

use super::Reports;
use crate::presence::VisitId;
use crate::store::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;
use voisins_shared::visit::{ClosedBy, OpenedBy};

/// Which visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitsOf {
    /// Of a day, the first one first.
    Day(Date),
    /// Of a member by their number, the last one first.
    Member(u32),
    /// One.
    One(VisitId),
}

/// A visit, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct VisitRow {
    pub visit: u64,
    /// The member's number and name.
    pub member: Option<(u32, String)>,
    /// A guest's name, until it is erased.
    pub guest: Option<String>,
    pub day: Option<Date>,
    pub opened_by: Option<OpenedBy>,
    pub opened: Option<Timestamp>,
    pub seen: Option<Timestamp>,
    pub closed_by: Option<ClosedBy>,
    pub closed: Option<Timestamp>,
    pub is_open: bool,
    /// It was set right.
    pub corrected: bool,
    pub cancelled: bool,
    /// It was set right, and a pass was drawn on its day: to be looked at.
    pub drew: bool,
    /// It was written down later, and the member comes with passes, but none was drawn: to be looked at.
    pub drew_none: bool,
}

/// What was set right.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Corrected {
    /// `corrected`, `cancelled` or `added`.
    pub sort: String,
    pub opened: Option<Timestamp>,
    pub closed: Option<Timestamp>,
    pub closed_by: Option<ClosedBy>,
    pub by: String,
    pub reason: String,
    pub at: Option<Timestamp>,
}

/// How many visits a day had.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DayCount {
    pub day: Date,
    pub visits: usize,
    /// Whose end nobody saw.
    pub assumed: usize,
}

const COLUMNS: &str = "visit.visit_id, member.number, member.name, coalesce(vouch.name, guest_written.name), visit.day, opened_by, opened_at,
    seen_at, closed_by, closed_at, closed_seq IS NULL, corrections.sorts, coalesce(visit.day, corrections.was_day),
    corrections.sorts IS NOT NULL AND EXISTS (SELECT 1 FROM pass_transfer JOIN pass_account ON account_id = from_account
      WHERE sort = 'drawn' AND pass_transfer.day = coalesce(visit.day, corrections.was_day) AND pass_account.member_id = visit.member_id),
    corrections.sorts IS NOT NULL AND EXISTS (SELECT 1 FROM pass_account WHERE pass_account.member_id = visit.member_id)";

const FROM: &str = "FROM visit LEFT JOIN member USING (member_id)
    LEFT JOIN vouch ON vouch.site_id = visit.site_id AND vouch.day = visit.day AND vouch.visit_id = visit.visit_id
    LEFT JOIN guest_written ON guest_written.visit_id = visit.visit_id
    LEFT JOIN (SELECT visit_id AS of_visit, group_concat(sort) AS sorts, max(was_day) AS was_day FROM visit_correction GROUP BY visit_id)
      AS corrections ON of_visit = visit.visit_id";

fn time(text: Option<String>) -> Option<Timestamp> {
    text.and_then(|text| text.parse().ok())
}

fn row(row: &Row<'_>) -> rusqlite::Result<VisitRow> {
    let number: Option<u32> = row.get(1)?;
    let name: Option<String> = row.get(2)?;
    let sorts: String = row.get::<_, Option<String>>(11)?.unwrap_or_default();
    let word = |at| row.get::<_, Option<String>>(at);
    let cancelled = sorts.contains("cancelled");
    let (drew, on_passes): (bool, bool) = (row.get(13)?, row.get(14)?);
    Ok(VisitRow {
        visit: row.get(0)?,
        member: number.zip(name),
        guest: row.get(3)?,
        day: word(12)?.and_then(|day| day.parse().ok()),
        opened_by: word(5)?.and_then(|by| OpenedBy::from_text(&by)),
        opened: time(row.get(6)?),
        seen: time(row.get(7)?),
        closed_by: word(8)?.and_then(|by| ClosedBy::from_text(&by)),
        closed: time(row.get(9)?),
        is_open: row.get(10)?,
        corrected: !sorts.is_empty(),
        cancelled,
        drew: drew && !sorts.contains("added"),
        drew_none: on_passes && !drew && sorts.contains("added") && !cancelled,
    })
}

impl Reports {
    /// Visits from a place on, and how many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visits(&self, of: &VisitsOf, from: usize, at_most: usize) -> Result<(Vec<VisitRow>, usize), StoreError> {
        let cancelled = "visit.visit_id IN (SELECT visit_id FROM visit_correction WHERE site_id IN (SELECT site_id FROM site)
                         AND was_day = ?1 AND sort = 'cancelled')";
        let (wanted, order, key) = match of {
            VisitsOf::Day(day) => (
                format!("(visit.site_id IN (SELECT site_id FROM site) AND visit.day = ?1 OR {cancelled})"),
                "coalesce(opened_at, ''), visit.visit_id",
                day.to_string(),
            ),
            VisitsOf::Member(number) => (
                "visit.member_id = (SELECT member_id FROM member WHERE number = CAST(?1 AS INTEGER))".to_owned(),
                "opened_at DESC, visit.visit_id DESC",
                number.to_string(),
            ),
            VisitsOf::One(visit) => ("visit.visit_id = CAST(?1 AS INTEGER)".to_owned(), "1", visit.0.to_string()),
        };
        let count = format!("SELECT count(*) FROM visit WHERE {wanted}");
        let found = self.connection.prepare_cached(&count)?.query_row([&key], |row| row.get(0))?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE {wanted} ORDER BY {order} LIMIT ?3 OFFSET ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((&key, from, at_most), row)?;
        Ok((rows.collect::<Result<_, _>>()?, found))
    }

    /// What was set right about a visit, the first first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn corrections(&self, visit: VisitId) -> Result<Vec<Corrected>, StoreError> {
        let sql = "SELECT sort, was_opened_at, was_closed_at, was_closed_by, by, reason, at FROM visit_correction
                   WHERE visit_id = ?1 ORDER BY correction_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([visit.0], |row| {
            Ok(Corrected {
                sort: row.get(0)?,
                opened: time(row.get(1)?),
                closed: time(row.get(2)?),
                closed_by: row.get::<_, Option<String>>(3)?.and_then(|by| ClosedBy::from_text(&by)),
                by: row.get(4)?,
                reason: row.get(5)?,
                at: time(row.get(6)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many visits there were on each of some days, the last day first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn days_of_visits(&self, first: Date, last: Date) -> Result<Vec<DayCount>, StoreError> {
        let sql = "SELECT day, count(*), count(*) FILTER (WHERE closed_by = 'assumed') FROM visit
                   WHERE site_id IN (SELECT site_id FROM site) AND day BETWEEN ?1 AND ?2 GROUP BY day ORDER BY day DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement
            .query_map((first.to_string(), last.to_string()), |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
        let mut days = Vec::new();
        for row in rows {
            let (day, visits, assumed) = row?;
            if let Ok(day) = day.parse() {
                days.push(DayCount { day, visits, assumed });
            }
        }
        Ok(days)
    }
}
