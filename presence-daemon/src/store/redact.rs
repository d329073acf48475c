//! Forgetting: whoever is erased, and visits that are older than they may be kept. Events are redacted, never deleted: the chain still
//! verifies, and each redaction is an event itself.

use super::events::append;
use super::{Recorded, Store, StoreError, mark};
use crate::clock::Now;
use crate::presence::{PresenceEvent, Redaction, What};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction};
use voisins_shared::member::MemberId;
use voisins_shared::topic::Topic;

/// A run that would touch more than this part of all events is stopped: a clock that is years ahead must not forget everybody.
const AT_MOST_ONE_IN: u64 = 10;

/// What a run of the retention came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anonymised {
    /// Nothing is old enough.
    Nothing,
    /// So many events and visits name nobody any more.
    Done {
        #[allow(missing_docs)]
        events: u64,
        #[allow(missing_docs)]
        visits: u64,
    },
    /// Nothing was touched: it would have been more than a tenth of all events.
    TooMuch {
        #[allow(missing_docs)]
        events: u64,
        /// All there are.
        of: u64,
    },
}

impl Store {
    /// Forgets a member: their rows, the words about them, and whom the events name. What counts people stays.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was forgotten.
    pub fn erase(&mut self, member: MemberId, at: &Now, dirty: &[Topic]) -> Result<Recorded, StoreError> {
        let id = member.to_string();
        // the journal keeps that something was done to somebody, by an id that leads nowhere any more
        let (key, site, link, mark_no) = (self.chain_key, self.site, self.last_link, self.last_mark + 1);
        let transaction = self.begin()?;
        forget_words(&transaction, &id)?;
        let visits = transaction.execute("UPDATE visit SET member_id = NULL, anonymised = 1 WHERE member_id = ?1", [&id])?;
        let sql = "UPDATE event SET subject = NULL, salt = NULL, body = NULL WHERE body IS NOT NULL AND kind <> 'managed'
                   AND (subject = ?1 OR instr(body, ?1) > 0)";
        let events = transaction.execute(sql, [&id])?;
        transaction.execute("DELETE FROM member WHERE member_id = ?1", [&id])?;
        let what = What::Redacted { why: Redaction::Erasure, events: many(events), visits: many(visits) };
        let seq = last_seq(&transaction)? + 1;
        let link = append(&transaction, &key, &link, site, seq, &PresenceEvent { at: *at, what })?;
        mark(&transaction, dirty, mark_no)?;
        transaction.commit()?;
        (self.last_link, self.last_mark) = (link, mark_no);
        self.truncate();
        Ok(Recorded { seq, mark: mark_no })
    }

    /// Forgets whose the visits before a moment were, and what was recorded then. `even_much`: however much it is.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was forgotten.
    pub fn anonymise(&mut self, before: Timestamp, at: &Now, even_much: bool) -> Result<Anonymised, StoreError> {
        let (key, site, link) = (self.chain_key, self.site, self.last_link);
        let transaction = self.begin()?;
        // by number and not by time: what was recorded while the clock was wrong is as old as what stands before it
        let sql = "SELECT max(seq) FROM event WHERE body IS NOT NULL AND kind NOT IN ('redacted', 'managed') AND wall_seen < ?1 AND clock_state = 'trusted'";
        let Some(upto) = transaction.query_row(sql, [before.to_string()], |row| row.get::<_, Option<i64>>(0))? else {
            return Ok(Anonymised::Nothing);
        };
        let sql = "SELECT count(*) FROM event WHERE body IS NOT NULL AND kind NOT IN ('redacted', 'managed') AND seq <= ?1";
        let (events, of): (u64, u64) =
            (transaction.query_row(sql, [upto], |row| row.get(0))?, last_seq(&transaction)?.unsigned_abs());
        let sql = "SELECT 1 FROM meta WHERE key = 'anonymised'";
        let first = transaction.query_row(sql, [], |_| Ok(())).optional()?.is_none();
        if !first && !even_much && events * AT_MOST_ONE_IN > of {
            return Ok(Anonymised::TooMuch { events, of });
        }
        let sql = "UPDATE event SET subject = NULL, salt = NULL, body = NULL WHERE body IS NOT NULL AND kind NOT IN ('redacted', 'managed') AND seq <= ?1";
        transaction.execute(sql, [upto])?;
        transaction.execute("UPDATE visit_correction SET reason = '' WHERE seq <= ?1", [upto])?;
        let sql = "DELETE FROM vouch WHERE visit_id IN (SELECT visit_id FROM visit WHERE closed_seq <= ?1)";
        transaction.execute(sql, [upto])?;
        let sql = "UPDATE visit SET member_id = NULL, anonymised = 1 WHERE member_id IS NOT NULL AND opened_seq <= ?1 AND closed_seq IS NOT NULL";
        let visits = many(transaction.execute(sql, [upto])?);
        let what = What::Redacted { why: Redaction::Retention, events, visits };
        let seq = last_seq(&transaction)? + 1;
        let link = append(&transaction, &key, &link, site, seq, &PresenceEvent { at: *at, what })?;
        transaction.execute(
            "INSERT INTO meta (key, value) VALUES ('anonymised', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
            [at.wall.map(|wall| wall.to_string()).unwrap_or_default()],
        )?;
        transaction.commit()?;
        self.last_link = link;
        self.truncate();
        Ok(Anonymised::Done { events, visits })
    }

    /// Empties the WAL, where what was forgotten still stands. While somebody reads that can't be done: [`Store::rest`] tries again.
    pub(super) fn truncate(&mut self) {
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        self.owes_truncation = !matches!(busy, Ok(0));
    }
}

/// What is kept of somebody and stands in no row of their own: why their passes were set right, what a kiosk was answered, a name as
/// typed, how often phones have read their badge.
fn forget_words(transaction: &Transaction<'_>, id: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM pass_reason WHERE transfer_id IN (SELECT transfer_id FROM pass_transfer
               JOIN pass_account ON account_id IN (from_account, to_account) WHERE member_id = ?1)";
    transaction.execute(sql, [id])?;
    transaction.execute("DELETE FROM request WHERE instr(answer, ?1) > 0", [id])?;
    let sql = "UPDATE visit_correction SET reason = '' WHERE visit_id IN (SELECT visit_id FROM visit WHERE member_id = ?1)";
    transaction.execute(sql, [id])?;
    transaction.execute("DELETE FROM settled WHERE instr(of, ?1) > 0", [id])?;
    let sql = "DELETE FROM badge_read WHERE (key_id, mac) IN (SELECT key_id, mac FROM badge WHERE member_id = ?1)";
    transaction.execute(sql, [id])?;
    let sql = "UPDATE vouch SET name = NULL WHERE name = (SELECT name FROM member WHERE member_id = ?1) COLLATE NOCASE";
    transaction.execute(sql, [id])?;
    Ok(())
}

fn last_seq(transaction: &Transaction<'_>) -> Result<i64, StoreError> {
    Ok(transaction.query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))?)
}

fn many(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
