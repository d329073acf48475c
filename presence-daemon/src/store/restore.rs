//! Reading back: the state at a start, and the proof that no event was changed.

use super::events::{Row, digest};
use super::{Store, StoreError};
use crate::clock::{BootId, Now};
use crate::key::BadgeMac;
use crate::policy::Policy;
use crate::presence::{GuestId, Pairing, Restored, Subject, Visit, VisitId};
use jiff::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;
use voisins_shared::visit::{Availability, OpenedBy};

/// What [`Store::verify`] found in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Events in the chain.
    pub events: u64,
    /// Of these, redacted ones.
    pub redacted: u64,
}

fn strange(what: &str, text: &str) -> StoreError {
    StoreError::Strange(format!("{what} {text:?}"))
}

fn wall(text: Option<String>) -> Result<Option<Timestamp>, StoreError> {
    text.map(|text| text.parse().map_err(|_| strange("time", &text))).transpose()
}

pub(super) fn uuid(text: &str) -> Result<Uuid, StoreError> {
    text.parse().map_err(|_| strange("id", text))
}

pub(super) fn moment(boot: &str, ns: i64, at: Option<String>) -> Result<Now, StoreError> {
    Ok(Now { boot: BootId(uuid(boot)?), since_boot: Duration::from_nanos(ns.unsigned_abs()), wall: wall(at)? })
}

/// A visit from its columns: number, member, how it opened, when, the last tap, availability, reader.
pub(super) fn visit(row: &rusqlite::Row<'_>) -> Result<Visit, StoreError> {
    let id: u64 = row.get(0)?;
    let (opened_by, availability): (String, String) = (row.get(2)?, row.get(9)?);
    Ok(Visit {
        id: VisitId(id),
        subject: subject(id, row.get(1)?)?,
        opened_by: OpenedBy::from_text(&opened_by).ok_or_else(|| strange("opened_by", &opened_by))?,
        opened: moment(&row.get::<_, String>(3)?, row.get(4)?, row.get(5)?)?,
        last_seen: moment(&row.get::<_, String>(6)?, row.get(7)?, row.get(8)?)?,
        reader: row.get::<_, Option<String>>(10)?.and_then(|reader| ReaderName::new(&reader).ok()),
        availability: Availability::from_text(&availability).ok_or_else(|| strange("availability", &availability))?,
    })
}

pub(super) fn subject(visit: u64, member: Option<String>) -> Result<Subject, StoreError> {
    member.map_or(Ok(Subject::Guest(GuestId(visit))), |id| Ok(Subject::Member(MemberId(uuid(&id)?))))
}

impl Store {
    /// The presence as it was when the daemon stopped, by whatever means.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn restore(&self, policy: &Policy, now: &Now) -> Result<Restored, StoreError> {
        // without the time, the last day there was: it may still be that one
        let day = match now.wall {
            Some(wall) => Some(policy.day_of(wall)),
            None => self.last_day()?,
        };
        let mut restored = Restored { open: self.open_visits()?, pairings: self.pairings()?, day, ..Restored::default() };
        restored.unconfirmed = self.unconfirmed(policy, now)?;
        restored.next_visit =
            self.connection.query_row("SELECT coalesce(max(visit_id), 0) + 1 FROM visit", [], |row| row.get(0))?;
        restored.today = self.came_on(day.map(|day| day.to_string()))?;
        restored.vouched = self.vouched_on(day)?;
        restored.said_members = self.said_members()?;
        restored.evacuation = self.evacuation_mode()?;
        restored.undated = self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM visit WHERE opened_at IS NULL AND opened_boot = ?1 UNION ALL
             SELECT 1 FROM pairing WHERE issued_at IS NULL AND issued_boot = ?1 UNION ALL
             SELECT 1 FROM need WHERE posted_at IS NULL OR renewed_boot IS NOT NULL AND renewed_at IS NULL
             OR answered_boot IS NOT NULL AND answered_at IS NULL OR ended_boot IS NOT NULL AND ended_at IS NULL UNION ALL
             SELECT 1 FROM vouch WHERE at IS NULL UNION ALL
             SELECT 1 FROM evacuation_mode WHERE since_at IS NULL AND since_boot = ?1 UNION ALL
             SELECT 1 FROM pass_owed WHERE boot = ?1)",
            [now.boot.0.to_string()],
            |row| row.get(0),
        )?;
        restored.undated |= self.undated_between()?;
        Ok(restored)
    }

    fn last_day(&self) -> Result<Option<jiff::civil::Date>, StoreError> {
        let sql = "SELECT max(day) FROM visit WHERE site_id = ?1";
        let text: Option<String> = self.connection.query_row(sql, [self.site], |row| row.get(0))?;
        text.map(|text| text.parse().map_err(|_| strange("day", &text))).transpose()
    }

    fn open_visits(&self) -> Result<Vec<Visit>, StoreError> {
        let sql =
            "SELECT visit_id, member_id, opened_by, opened_boot, opened_ns, opened_at, seen_boot, seen_ns, seen_at, availability,
                    seen_reader FROM visit WHERE site_id = ?1 AND closed_seq IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            visits.push(visit(row)?);
        }
        Ok(visits)
    }

    fn came_on(&self, day: Option<String>) -> Result<BTreeSet<Subject>, StoreError> {
        let sql = "SELECT visit_id, member_id FROM visit WHERE site_id = ?1 AND day = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, day))?;
        let mut subjects = BTreeSet::new();
        while let Some(row) = rows.next()? {
            subjects.insert(subject(row.get(0)?, row.get(1)?)?);
        }
        Ok(subjects)
    }

    fn pairings(&self) -> Result<Vec<Pairing>, StoreError> {
        let sql = "SELECT code, key_id, mac, issued_boot, issued_ns, issued_at, taps, guest_visit, enrol_for FROM pairing
                   WHERE site_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut pairings = Vec::new();
        while let Some(row) = rows.next()? {
            let code: String = row.get(0)?;
            let enrol_for: Option<String> = row.get(8)?;
            pairings.push(Pairing {
                code: code.parse().map_err(|_| strange("pairing code", &code))?,
                card: BadgeMac { key_id: row.get(1)?, mac: row.get(2)? },
                issued: moment(&row.get::<_, String>(3)?, row.get(4)?, row.get(5)?)?,
                taps: row.get(6)?,
                guest: row.get::<_, Option<u64>>(7)?.map(VisitId),
                enrol_for: enrol_for.map(|id| uuid(&id).map(MemberId)).transpose()?,
            });
        }
        Ok(pairings)
    }

    /// Walks the chain of events: every column of every row is as it was written, or redacted, and none is missing.
    ///
    /// # Errors
    /// [`StoreError::Strange`] names the first event that was changed.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        verify(&self.connection, &self.chain_key)
    }
}

pub(super) fn verify(connection: &Connection, key: &[u8; 32]) -> Result<Verified, StoreError> {
    let sql = "SELECT seq, event_id, site_id, boot_id, boot_ns, wall_seen, clock_state, kind, subject, salt, body, digest, link
               FROM event ORDER BY seq";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut previous, mut verified) = ([0; 32], Verified { events: 0, redacted: 0 });
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        verified.events += 1;
        let changed = || StoreError::Strange(format!("event {seq} was changed, or one before it is missing"));
        let (event_id, boot_id, wall_seen): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(5)?);
        let (clock_state, kind): (String, String) = (row.get(6)?, row.get(7)?);
        let written: [u8; 32] = row.get(11)?;
        match (row.get::<_, Option<Vec<u8>>>(9)?, row.get::<_, Option<String>>(10)?) {
            (Some(salt), Some(body)) => {
                let subject: Option<String> = row.get(8)?;
                if digest(key, &salt, subject.as_deref().unwrap_or(""), &body) != written {
                    return Err(changed());
                }
            }
            (None, None) => verified.redacted += 1,
            _ => return Err(changed()),
        }
        let columns = Row {
            seq,
            event_id: &event_id,
            site: row.get(2)?,
            boot_id: &boot_id,
            boot_ns: row.get(4)?,
            wall_seen: &wall_seen,
            clock_state: &clock_state,
            kind: &kind,
        };
        let link = columns.link(key, &previous, &written);
        if link != row.get::<_, [u8; 32]>(12)? || i64::try_from(verified.events) != Ok(seq) {
            return Err(changed());
        }
        previous = link;
    }
    Ok(verified)
}

pub(super) fn quick_check(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Strange(found)) }
}
