//! Visits as the manager reads and corrects them.

use super::restore::{moment, subject, visit as visit_of};
use super::{Store, StoreError, events};
use crate::clock::Now;
use crate::policy::Policy;
use crate::presence::corrections::{Change, Note, Record};
use crate::presence::{Unconfirmed, VisitId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension as _, Row, Transaction};
use std::collections::BTreeMap;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;

/// Where somebody was last seen.
pub(super) fn seen_at(transaction: &Transaction<'_>, visit: VisitId, reader: Option<&ReaderName>) -> Result<(), StoreError> {
    let Some(reader) = reader else { return Ok(()) };
    let sql = "UPDATE visit SET seen_reader = ?2 WHERE visit_id = ?1";
    transaction.prepare_cached(sql)?.execute((visit.0, reader.as_str()))?;
    Ok(())
}

/// Keeps visits, their history and the hours in step with what the manager set right.
pub(super) fn project(
    transaction: &Transaction<'_>,
    policy: &Policy,
    site: i64,
    seq: i64,
    at: &Now,
    change: &Change,
) -> Result<(), StoreError> {
    let (boot, ns) = (at.boot.0.to_string(), events::nanoseconds(at.since_boot));
    let day = |opened: &Timestamp| policy.day_of(*opened).to_string();
    match change {
        Change::Corrected { visit, opened, closed, note, .. } => {
            let was = keep(transaction, site, seq, at, (*visit, "corrected"), note)?;
            let moved = at.moved_to(*opened);
            let (moved_boot, moved_ns) = (moved.boot.0.to_string(), events::nanoseconds(moved.since_boot));
            let sql = "UPDATE visit SET opened_at = ?2, day = ?3, opened_boot = ?4, opened_ns = ?5,
                       seen_boot = iif(seen_at < ?2, ?4, seen_boot), seen_ns = iif(seen_at < ?2, ?5, seen_ns),
                       seen_at = max(coalesce(seen_at, ?2), ?2) WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute((visit.0, opened.to_string(), day(opened), moved_boot, moved_ns))?;
            if let Some(closed) = closed {
                let sql =
                    "UPDATE visit SET closed_by = 'manager', closed_boot = ?2, closed_ns = ?3, closed_at = ?4, closed_seq = ?5,
                           seen_at = min(seen_at, ?4)
                     WHERE visit_id = ?1 AND NOT (closed_by IS 'assumed' AND closed_at IS ?4)";
                transaction.prepare_cached(sql)?.execute((visit.0, boot, ns, closed.to_string(), seq))?;
            }
            hours(transaction, site, was, (Some(*opened), *closed))
        }
        Change::Cancelled { visit, note, .. } => {
            let was = keep(transaction, site, seq, at, (*visit, "cancelled"), note)?;
            // of no boot: no clock that becomes known may date it again
            let nowhere = uuid::Uuid::nil().to_string();
            let sql =
                "UPDATE visit SET day = NULL, opened_at = NULL, opened_boot = ?2, opened_ns = 0, seen_at = NULL, seen_boot = ?2,
                       seen_ns = 0, closed_by = 'manager', closed_at = NULL, closed_boot = ?2, closed_ns = 0, closed_seq = ?3
                       WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute((visit.0, nowhere, seq))?;
            hours(transaction, site, was, (None, None))
        }
        Change::Added { visit, subject, opened, closed, name, note } => {
            let moved = at.moved_to(*opened);
            let (opened_boot, opened_ns) = (moved.boot.0.to_string(), events::nanoseconds(moved.since_boot));
            let member = subject.member().map(|member| member.to_string());
            let closed_at = closed.map(|closed| closed.to_string());
            let sql = "INSERT INTO visit (visit_id, site_id, member_id, day, opened_by, opened_boot, opened_ns, opened_at, seen_boot, seen_ns,
                       seen_at, opened_seq, closed_by, closed_boot, closed_ns, closed_at, closed_seq)
                       VALUES (?1, ?2, ?3, ?4, 'manager', ?5, ?6, ?7, ?5, ?6, ?7, ?8,
                       iif(?9 IS NULL, NULL, 'manager'), iif(?9 IS NULL, NULL, ?10), iif(?9 IS NULL, NULL, ?11), ?9, iif(?9 IS NULL, NULL, ?8))";
            let (opened_at, day) = (opened.to_string(), day(opened));
            transaction.prepare_cached(sql)?.execute((
                visit.0,
                site,
                member,
                &day,
                opened_boot,
                opened_ns,
                opened_at,
                seq,
                closed_at,
                boot,
                ns,
            ))?;
            if subject.member().is_none() {
                let sql = "INSERT INTO guest_written (visit_id, site_id, name, day, by) VALUES (?1, ?2, ?3, ?4, ?5)";
                transaction.prepare_cached(sql)?.execute((visit.0, site, name, day, &note.by))?;
            }
            keep(transaction, site, seq, at, (*visit, "added"), note)?;
            hours(transaction, site, (None, None), (Some(*opened), *closed))
        }
    }
}

type Times = (Option<Timestamp>, Option<Timestamp>);

/// Writes down how a visit was, who changed it and why; gives its times.
fn keep(
    transaction: &Transaction<'_>,
    site: i64,
    seq: i64,
    at: &Now,
    (visit, sort): (VisitId, &str),
    Note { by, reason }: &Note,
) -> Result<Times, StoreError> {
    let sql = "SELECT day, opened_at, closed_at, closed_by FROM visit WHERE visit_id = ?1";
    type Was = (Option<String>, Option<String>, Option<String>, Option<String>);
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let (day, opened, closed, closed_by): Was = transaction.prepare_cached(sql)?.query_row([visit.0], read)?;
    let when = at.wall.unwrap_or_else(crate::clock::wall_as_seen).to_string();
    let added = sort == "added";
    let was = |text: &Option<String>| text.clone().filter(|_| !added);
    let sql = "INSERT INTO visit_correction (site_id, visit_id, seq, sort, was_day, was_opened_at, was_closed_at, was_closed_by, by, reason, at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let row = (site, visit.0, seq, sort, day, was(&opened), was(&closed), was(&closed_by), by, reason, when);
    transaction.prepare_cached(sql)?.execute(row)?;
    let time = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Ok((time(opened), time(closed)))
}

/// Counts a visit's arrival and departure in other hours than before, and how many were here between.
fn hours(transaction: &Transaction<'_>, site: i64, was: Times, is: Times) -> Result<(), StoreError> {
    for (column, was, is) in [("arrivals", was.0, is.0), ("departures", was.1, is.1)] {
        if was == is {
            continue;
        }
        if let Some(hour) = was.and_then(events::hour_of) {
            let sql = format!("UPDATE occupancy_hour SET {column} = max({column} - 1, 0) WHERE site_id = ?1 AND hour = ?2");
            transaction.prepare_cached(&sql)?.execute((site, hour.to_string()))?;
        }
        events::count(transaction, site, is, column, false)?;
    }
    let times: Vec<Timestamp> = [was.0, was.1, is.0, is.1].into_iter().flatten().collect();
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Ok(()) };
    let (Some(first), Some(last)) = (events::hour_of(*first), events::hour_of(*last)) else { return Ok(()) };
    peaks(transaction, site, first, last)
}

/// Counts anew the most people that were here in each of these hours that is kept.
fn peaks(transaction: &Transaction<'_>, site: i64, first: Timestamp, last: Timestamp) -> Result<(), StoreError> {
    let hour = SignedDuration::from_hours(1);
    // visits of these days, the one before and the one after: none lasts longer
    let (from, to) = (first - SignedDuration::from_hours(48), last + SignedDuration::from_hours(48));
    let date = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let stays: Vec<(Timestamp, Timestamp)> = {
        let sql = "SELECT opened_at, closed_at FROM visit WHERE site_id = ?1 AND day BETWEEN ?2 AND ?3 AND opened_at IS NOT NULL";
        let mut statement = transaction.prepare_cached(sql)?;
        let rows = statement
            .query_map((site, date(from), date(to)), |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))?;
        let stay = |(opened, closed): (String, Option<String>)| {
            let closed = closed.map_or(Some(Timestamp::MAX), |closed| closed.parse().ok())?;
            Some((opened.parse().ok()?, closed))
        };
        rows.filter_map(|row| row.map(stay).transpose()).collect::<Result<_, _>>()?
    };
    let mut at = first;
    while at <= last {
        let end = at + hour;
        // the most are here at the hour's beginning or when somebody arrives in it
        let moments = stays.iter().map(|(opened, _)| *opened).filter(|opened| *opened > at && *opened < end).chain([at]);
        let here = |moment: Timestamp| stays.iter().filter(|(from, to)| *from <= moment && *to > moment).count();
        let peak = moments.map(here).max().unwrap_or(0);
        let sql = "UPDATE occupancy_hour SET peak = ?3 WHERE site_id = ?1 AND hour = ?2";
        transaction.prepare_cached(sql)?.execute((site, at.to_string(), peak))?;
        at = end;
    }
    Ok(())
}

fn time(text: Option<String>) -> Option<Timestamp> {
    text.and_then(|text| text.parse().ok())
}

impl Store {
    /// A visit, to be set right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visit_record(&self, visit: VisitId) -> Result<Option<Record>, StoreError> {
        let sql = "SELECT member_id, opened_at, closed_at, closed_seq IS NULL,
                   EXISTS (SELECT 1 FROM visit_correction WHERE visit_id = ?1 AND sort = 'cancelled') FROM visit
                   WHERE visit_id = ?1 AND site_id = ?2";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
        type Found = (Option<String>, Option<String>, Option<String>, bool, bool);
        let found: Option<Found> = self.connection.prepare_cached(sql)?.query_row((visit.0, self.site), read).optional()?;
        found
            .map(|(member, opened, closed, is_open, cancelled)| {
                let subject = subject(visit.0, member)?;
                Ok(Record { id: visit, subject, opened: time(opened), closed: time(closed), is_open, cancelled })
            })
            .transpose()
    }

    /// When a member was here in two days around a moment, but for one visit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visits_near(
        &self,
        member: MemberId,
        near: Timestamp,
        but: Option<VisitId>,
    ) -> Result<Vec<(VisitId, Timestamp, Option<Timestamp>)>, StoreError> {
        let around = SignedDuration::from_hours(48);
        let sql = "SELECT visit_id, opened_at, closed_at FROM visit WHERE member_id = ?1 AND opened_at BETWEEN ?2 AND ?3 AND site_id = ?4";
        let mut statement = self.connection.prepare_cached(sql)?;
        let range = (member.to_string(), (near - around).to_string(), (near + around).to_string(), self.site);
        let rows = statement.query_map(range, |row| Ok((row.get::<_, u64>(0)?, row.get(1)?, row.get(2)?)))?;
        let mut near = Vec::new();
        for row in rows {
            let (visit, opened, closed) = row?;
            if let Some(opened) = time(opened).filter(|_| but != Some(VisitId(visit))) {
                near.push((VisitId(visit), opened, time(closed)));
            }
        }
        Ok(near)
    }

    /// Visits that nobody saw end, of last night and today, unless the same member came again.
    pub(super) fn unconfirmed(&self, policy: &Policy, now: &Now) -> Result<Vec<Unconfirmed>, StoreError> {
        // without the time, as of the last one that was known
        let reference = now.wall.or(self.newest_known_time()?);
        let since = reference.map(|at| policy.day_of(at)).and_then(|day| day.yesterday().ok()).unwrap_or(Date::MIN);
        let sql = "SELECT visit_id, member_id, opened_by, opened_boot, opened_ns, opened_at, seen_boot, seen_ns, seen_at, availability,
                   seen_reader, closed_at, closed_boot, closed_ns, iif(clock_state = 'trusted', wall_seen, NULL)
                   FROM visit JOIN event ON seq = closed_seq
                   WHERE visit.site_id = ?1 AND (day >= ?3 OR day IS NULL) AND (day >= ?2 OR day IS NULL OR seen_at >= ?2)
                   AND closed_by = 'assumed' AND NOT EXISTS (SELECT 1 FROM visit AS later
                   WHERE later.member_id = visit.member_id AND later.visit_id > visit.visit_id
                   AND (later.opened_at IS NULL OR visit.opened_at IS NULL OR later.opened_at >= visit.opened_at)) ORDER BY visit_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        // a visit may have begun days before it was last seen, while the clock was not known
        let earliest = since.saturating_sub(jiff::Span::new().days(7));
        let mut rows = statement.query((self.site, since.to_string(), earliest.to_string()))?;
        let mut lost = Vec::new();
        while let Some(row) = rows.next()? {
            let noticed = moment(&row.get::<_, String>(12)?, row.get(13)?, row.get(14)?)?;
            let unconfirmed = Unconfirmed { visit: visit_of(row)?, ended: time(row.get(11)?), noticed };
            if reference.is_none_or(|at| unconfirmed.until(policy).is_some_and(|until| until > at)) {
                lost.push(unconfirmed);
            }
        }
        Ok(lost)
    }

    /// The names of guests, and who vouched for whom, since a day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn vouched_names(&self, since: Option<Date>) -> Result<BTreeMap<VisitId, VouchedName>, StoreError> {
        let sql = "SELECT visit_id, name, vouched_by, NULL FROM vouch WHERE site_id = ?1 AND (day >= ?2 OR day IS NULL)
                   UNION ALL SELECT visit_id, name, NULL, by FROM guest_written WHERE site_id = ?1 AND day >= ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let since = since.unwrap_or(Date::MIN).to_string();
        let rows = statement.query_map((self.site, since), |row| {
            let (visit, name): (u64, Option<String>) = (row.get(0)?, row.get(1)?);
            Ok((VisitId(visit), name, row.get::<_, Option<String>>(2)?, row.get::<_, Option<String>>(3)?))
        })?;
        let mut names = BTreeMap::new();
        for row in rows {
            let (visit, name, member, by) = row?;
            let member = member.map(|member| super::people::member_id(&member)).transpose()?;
            names.insert(visit, VouchedName { name, member, by });
        }
        Ok(names)
    }
}

/// A guest's name, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct VouchedName {
    pub name: Option<String>,
    /// The member who vouched.
    pub member: Option<MemberId>,
    /// The account that wrote it down.
    pub by: Option<String>,
}
