//! Events and what follows from them, in one transaction: the chain, the projections, the dirty marks, a request's answer.

use super::{Recorded, Store, StoreError, mark};
use crate::clock::{BootId, Now, wall_as_seen};
use crate::key::hmac;
use crate::policy::Policy;
use crate::presence::{PresenceEvent, Subject, VisitId, What};
use jiff::{Timestamp, Unit};
use rusqlite::{OptionalExtension as _, Transaction};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{Answer, encode};
use voisins_shared::topic::Topic;
use voisins_shared::visit::{ClosedBy, OpenedBy};

/// An event's columns, as far as the chain needs them.
pub(super) struct Row<'a> {
    pub seq: i64,
    pub event_id: &'a str,
    pub site: i64,
    pub boot_id: &'a str,
    pub boot_ns: i64,
    pub wall_seen: &'a str,
    pub clock_state: &'a str,
    pub kind: &'a str,
}

impl Row<'_> {
    /// `HMAC(k, previous link ‖ all other columns ‖ digest)`, lengths before the parts.
    pub(super) fn link(&self, key: &[u8; 32], previous: &[u8; 32], digest: &[u8]) -> [u8; 32] {
        let (seq, site, boot_ns) = (self.seq.to_be_bytes(), self.site.to_be_bytes(), self.boot_ns.to_be_bytes());
        let columns: [&[u8]; 10] = [
            previous,
            &seq,
            self.event_id.as_bytes(),
            &site,
            self.boot_id.as_bytes(),
            &boot_ns,
            self.wall_seen.as_bytes(),
            self.clock_state.as_bytes(),
            self.kind.as_bytes(),
            digest,
        ];
        hmac(key, &columns)
    }
}

/// `HMAC(k, salt ‖ subject ‖ body)`: what redaction forgets, it can't be guessed back from.
pub(super) fn digest(key: &[u8; 32], salt: &[u8], subject: &str, body: &str) -> [u8; 32] {
    hmac(key, &[salt, subject.as_bytes(), body.as_bytes()])
}

pub(super) fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

fn text(wall: Option<Timestamp>) -> Option<String> {
    wall.map(|wall| wall.to_string())
}

pub(super) fn subject_text(subject: Subject) -> String {
    match subject {
        Subject::Member(MemberId(id)) => id.to_string(),
        Subject::Guest(guest) => format!("guest-{}", guest.0),
    }
}

impl Store {
    /// Writes events, what follows from them, the marks and a request's answer: all or nothing.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn record(
        &mut self,
        events: &[PresenceEvent],
        policy: &Policy,
        dirty: &[Topic],
        answer: Option<Answered<'_>>,
    ) -> Result<Recorded, StoreError> {
        let (key, site, mut link, mark_no) = (self.chain_key, self.site, self.last_link, self.last_mark + 1);
        let transaction = self.begin()?;
        let mut seq: i64 =
            transaction.prepare_cached("SELECT coalesce(max(seq), 0) FROM event")?.query_row([], |row| row.get(0))?;
        for event in events {
            seq += 1;
            link = append(&transaction, &key, &link, site, seq, event)?;
            project(&transaction, policy, site, seq, event)?;
        }
        mark(&transaction, dirty, mark_no)?;
        keep_answer(&transaction, answer)?;
        transaction.commit()?;
        self.last_link = link;
        self.last_mark = mark_no;
        Ok(Recorded { seq, mark: mark_no })
    }

    /// The answer a request got before, if it was asked before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn answer(&self, request: Uuid) -> Result<Option<Answer>, StoreError> {
        let sql = "SELECT answer FROM request WHERE request_id = ?1";
        let json: Option<String> =
            self.connection.prepare_cached(sql)?.query_row([request.to_string()], |row| row.get(0)).optional()?;
        json.map(|json| serde_json::from_str(&json).map_err(|_| StoreError::Strange(format!("answer {json:?}")))).transpose()
    }
}

/// A request, the kiosk that asked it, and its answer.
pub type Answered<'a> = (Uuid, &'a KioskName, &'a Answer);

/// Keeps an answer for a day.
pub(super) fn keep_answer(transaction: &Transaction<'_>, answer: Option<Answered<'_>>) -> Result<(), StoreError> {
    let Some((id, kiosk, answer)) = answer else { return Ok(()) };
    let now = wall_as_seen();
    let json = String::from_utf8_lossy(&encode(answer)).into_owned();
    let sql = "INSERT OR REPLACE INTO request (request_id, kiosk, answer, at) VALUES (?1, ?2, ?3, ?4)";
    transaction.prepare_cached(sql)?.execute((id.to_string(), kiosk.as_str(), json, now.to_string()))?;
    let day_ago = now - jiff::SignedDuration::from_hours(24);
    transaction.prepare_cached("DELETE FROM request WHERE at < ?1")?.execute([day_ago.to_string()])?;
    Ok(())
}

pub(super) fn append(
    transaction: &Transaction<'_>,
    key: &[u8; 32],
    previous: &[u8; 32],
    site: i64,
    seq: i64,
    event: &PresenceEvent,
) -> Result<[u8; 32], StoreError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| StoreError::Strange(format!("no random numbers: {error}")))?;
    let subject = event.what.subject().map(subject_text);
    let body = serde_json::to_string(&event.what).map_err(|error| StoreError::Strange(error.to_string()))?;
    let digest = digest(key, &salt, subject.as_deref().unwrap_or(""), &body);
    let (event_id, boot_id) = (Uuid::new_v4().to_string(), event.at.boot.0.to_string());
    let wall_seen = event.at.wall.unwrap_or_else(wall_as_seen).to_string();
    let row = Row {
        seq,
        event_id: &event_id,
        site,
        boot_id: &boot_id,
        boot_ns: nanoseconds(event.at.since_boot),
        wall_seen: &wall_seen,
        clock_state: if event.at.wall.is_some() { "trusted" } else { "untrusted" },
        kind: event.what.kind(),
    };
    let link = row.link(key, previous, &digest);
    let sql = "INSERT INTO event (seq, event_id, site_id, boot_id, boot_ns, wall_seen, clock_state, kind, subject, salt, body, digest, link)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    transaction.prepare_cached(sql)?.execute((
        seq,
        row.event_id,
        site,
        row.boot_id,
        row.boot_ns,
        row.wall_seen,
        row.clock_state,
        row.kind,
        subject,
        salt,
        body,
        digest,
        link,
    ))?;
    Ok(link)
}

/// Keeps the projections in step with one event.
fn project(transaction: &Transaction<'_>, policy: &Policy, site: i64, seq: i64, event: &PresenceEvent) -> Result<(), StoreError> {
    let at = &event.at;
    let (boot, ns) = (at.boot.0.to_string(), nanoseconds(at.since_boot));
    super::ledger::project(transaction, seq, event)?;
    super::moderation::project(transaction, event)?;
    match &event.what {
        What::CheckedIn { visit, subject, by, reader } => {
            open_visit(transaction, policy, site, seq, at, (*visit, *subject, *by))?;
            super::visits::seen_at(transaction, *visit, reader.as_ref())?;
        }
        What::GuestEntered { code, visit } => {
            let subject = event.what.subject().unwrap_or(Subject::Guest(crate::presence::GuestId(visit.0)));
            open_visit(transaction, policy, site, seq, at, (*visit, subject, OpenedBy::Button))?;
            let sql = "UPDATE pairing SET guest_visit = ?2 WHERE code = ?1";
            transaction.prepare_cached(sql)?.execute((code.to_string(), visit.0))?;
        }
        What::Seen { visit, reader, .. } => {
            super::visits::seen_at(transaction, *visit, Some(reader))?;
            let sql = "UPDATE visit SET seen_boot = ?2, seen_ns = ?3, seen_at = ?4 WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute((visit.0, boot, ns, text(at.wall)))?;
        }
        What::CheckedOut { visit, by, ended, .. } => {
            let closed_at = ended.or(at.wall.filter(|_| *by != ClosedBy::Assumed));
            // while they are still counted: the peak of an hour that begins with a departure
            count(transaction, site, closed_at, "departures", ended.is_none())?;
            let sql = "UPDATE visit SET closed_by = ?2, closed_boot = ?3, closed_ns = ?4, closed_at = coalesce(?5, seen_at),
                       closed_seq = ?6 WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute((visit.0, by.as_str(), boot, ns, text(closed_at), seq))?;
        }
        What::Reopened { visit, .. } => {
            let left: Option<String> = transaction
                .prepare_cached("SELECT closed_at FROM visit WHERE visit_id = ?1")?
                .query_row([visit.0], |row| row.get(0))?;
            if let Some(hour) = left.and_then(|left| left.parse().ok()).and_then(hour_of) {
                let sql = "UPDATE occupancy_hour SET departures = departures - 1 WHERE site_id = ?1 AND hour = ?2";
                transaction.prepare_cached(sql)?.execute((site, hour.to_string()))?;
            }
            let sql = "UPDATE visit SET closed_by = NULL, closed_boot = NULL, closed_ns = NULL, closed_at = NULL, closed_seq = NULL
                       WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute([visit.0])?;
        }
        What::AvailabilitySet { visit, availability, .. } => {
            let sql = "UPDATE visit SET availability = ?2 WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute((visit.0, availability.as_str()))?;
        }
        What::UnknownTapped { code: Some(code), card, .. } => {
            let sql = "INSERT INTO pairing (code, site_id, key_id, mac, issued_boot, issued_ns, issued_at, taps)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1) ON CONFLICT (code) DO UPDATE SET taps = taps + 1";
            transaction.prepare_cached(sql)?.execute((code.to_string(), site, card.key_id, card.mac, boot, ns, text(at.wall)))?;
        }
        What::EnrolmentAsked { code, member } => {
            let sql = "UPDATE pairing SET enrol_for = ?2 WHERE code = ?1";
            transaction.prepare_cached(sql)?.execute((code.to_string(), member.to_string()))?;
        }
        What::BadgeEnrolled { code, member, card } => {
            // a lost badge that its owner found again is active again
            let sql = "INSERT INTO badge (member_id, key_id, mac, enrolled_at) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (key_id, mac) DO UPDATE SET state = 'active' WHERE member_id = excluded.member_id";
            transaction.prepare_cached(sql)?.execute((member.to_string(), card.key_id, card.mac, text(at.wall)))?;
            transaction.prepare_cached("DELETE FROM pairing WHERE code = ?1")?.execute([code.to_string()])?;
        }
        What::BadgeProved { card, .. } => super::authentic::proved(transaction, card)?,
        What::GuestClaimed { visit, member } => {
            let sql = "UPDATE visit SET member_id = ?2 WHERE visit_id = ?1";
            transaction.prepare_cached(sql)?.execute((visit.0, member.to_string()))?;
        }
        What::PairingExpired { code } => {
            transaction.prepare_cached("DELETE FROM pairing WHERE code = ?1")?.execute([code.to_string()])?;
        }
        What::ClockKnown => {
            set_right(transaction, policy, site, at)?;
            super::needs::set_right(transaction, at)?;
            super::between::set_right(transaction, at)?;
            super::vouched::set_right(transaction, policy, at)?;
            super::evacuation::set_right(transaction, at)?;
        }
        What::NeedPosted { .. }
        | What::NeedClosed { .. }
        | What::HelpOffered { .. }
        | What::HelpTold { .. }
        | What::MatchTold { .. }
        | What::Need(_) => {
            super::needs::project(transaction, site, event)?;
        }
        What::EventProposed { .. }
        | What::EventAnswered { .. }
        | What::EventFirm { .. }
        | What::EventEdited { .. }
        | What::EventEnded { .. }
        | What::CalendarRead { .. }
        | What::CalendarForgotten { .. } => super::agenda::project(transaction, site, &event.what)?,
        What::Vouched { visit, by, vouch, name, .. } => {
            let row = super::vouched::Row { visit: *visit, by: *by, vouch: *vouch, name };
            super::vouched::project(transaction, policy, site, at, &row)?;
        }
        What::Visits(change) => super::visits::project(transaction, policy, site, seq, at, change)?,
        What::EvacuationSet { active, .. } => super::evacuation::project(transaction, site, *active, at)?,
        What::Introduction(_) | What::Note(_) | What::Apart(_) | What::Interest(_) => {
            super::between::project(transaction, site, event)?;
        }
        What::UnknownTapped { code: None, .. } | What::TapRefused { .. } | What::Ledger(_) | What::Moderation(_) => {}
        What::Managed(managed) => {
            let sql = "INSERT INTO journal (seq, account) VALUES (?1, ?2)";
            transaction.prepare_cached(sql)?.execute((seq, managed.account.map(|account| account.0)))?;
        }
        // written by whoever forgets, with what is forgotten
        What::Redacted { .. } => {}
    }
    Ok(())
}

fn open_visit(
    transaction: &Transaction<'_>,
    policy: &Policy,
    site: i64,
    seq: i64,
    at: &Now,
    (visit, subject, by): (VisitId, Subject, OpenedBy),
) -> Result<(), StoreError> {
    let (boot, ns, wall) = (at.boot.0.to_string(), nanoseconds(at.since_boot), text(at.wall));
    let day = at.wall.map(|wall| policy.day_of(wall).to_string());
    let member = subject.member().map(|member| member.to_string());
    let sql = "INSERT INTO visit (visit_id, site_id, member_id, day, opened_by, opened_boot, opened_ns, opened_at,
               seen_boot, seen_ns, seen_at, opened_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6, ?7, ?8, ?9)";
    transaction.prepare_cached(sql)?.execute((visit.0, site, member, day, by.as_str(), boot, ns, wall, seq))?;
    count(transaction, site, at.wall, "arrivals", true)
}

pub(super) fn hour_of(at: Timestamp) -> Option<Timestamp> {
    at.round(jiff::TimestampRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc)).ok()
}

/// Counts one arrival or departure in its hour and, if that is now, the most people that were here in it.
pub(super) fn count(
    transaction: &Transaction<'_>,
    site: i64,
    at: Option<Timestamp>,
    column: &'static str,
    is_now: bool,
) -> Result<(), StoreError> {
    let Some(hour) = at.and_then(hour_of) else { return Ok(()) };
    let sql = format!(
        "INSERT INTO occupancy_hour (site_id, hour, {column}, peak)
         VALUES (?1, ?2, 1, iif(?3, (SELECT count(*) FROM visit WHERE site_id = ?1 AND closed_seq IS NULL), 0))
         ON CONFLICT (site_id, hour) DO UPDATE SET {column} = {column} + 1, peak = max(peak, excluded.peak)"
    );
    transaction.prepare_cached(&sql)?.execute((site, hour.to_string(), is_now))?;
    Ok(())
}

/// The clock is known: visits and codes of this boot that have no wall time get one.
fn set_right(transaction: &Transaction<'_>, policy: &Policy, site: i64, anchor: &Now) -> Result<(), StoreError> {
    let boot = anchor.boot.0.to_string();
    let date = |ns: i64| {
        let at = Now { boot: BootId(anchor.boot.0), since_boot: Duration::from_nanos(ns.unsigned_abs()), wall: None };
        at.dated_by(anchor)
    };
    let undated = "SELECT visit_id, opened_ns, opened_at IS NULL AND opened_boot = ?1, seen_ns, seen_at IS NULL AND seen_boot = ?1,
                   closed_ns, closed_by IS NOT NULL AND closed_at IS NULL AND closed_boot = ?1 FROM visit
                   WHERE (opened_boot = ?1 AND opened_at IS NULL) OR (seen_boot = ?1 AND seen_at IS NULL)
                   OR (closed_boot = ?1 AND closed_at IS NULL AND closed_by IS NOT NULL)";
    type Found = (i64, i64, bool, i64, bool, Option<i64>, bool);
    let found: Vec<Found> = {
        let mut statement = transaction.prepare_cached(undated)?;
        let rows = statement.query_map([&boot], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for (visit, opened_ns, opened, seen_ns, seen, closed_ns, closed) in found {
        let opened = opened.then(|| date(opened_ns)).flatten();
        let seen = seen.then(|| date(seen_ns)).flatten();
        let closed = closed.then_some(closed_ns).flatten().and_then(date);
        let day = opened.map(|at| policy.day_of(at).to_string());
        let sql = "UPDATE visit SET opened_at = coalesce(opened_at, ?2), seen_at = coalesce(seen_at, ?3),
                   closed_at = coalesce(closed_at, ?4), day = coalesce(day, ?5), set_right = 1 WHERE visit_id = ?1";
        transaction.prepare_cached(sql)?.execute((visit, text(opened), text(seen), text(closed), day))?;
        count(transaction, site, opened, "arrivals", false)?;
        if closed.is_some() {
            count(transaction, site, closed, "departures", false)?;
        }
    }
    let codes: Vec<(String, i64)> = {
        let mut statement =
            transaction.prepare_cached("SELECT code, issued_ns FROM pairing WHERE issued_boot = ?1 AND issued_at IS NULL")?;
        let rows = statement.query_map([&boot], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (code, ns) in codes {
        transaction.prepare_cached("UPDATE pairing SET issued_at = ?2 WHERE code = ?1")?.execute((code, text(date(ns))))?;
    }
    Ok(())
}
