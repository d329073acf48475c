//! What the inbox reads that is in no memory, and what the coordination has settled.

use super::people::member_id;
use super::restore::uuid;
use super::{Store, StoreError};
use crate::clock::wall_as_seen;
use crate::inbox::{BarredTap, Kept, Mark, VouchedFor};
use crate::presence::{Barred, Vouch};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension as _;
use voisins_shared::agenda::EventId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::Reported;

/// What happened at the door is told for so many days.
const TOLD_DAYS: i64 = 7;
/// Longer than anything that is told lasts: what was settled before that is forgotten.
const SETTLED_DAYS: i64 = 400;
/// No more refused taps than that are looked at: somebody may play with a lost badge.
const REFUSED: i64 = 500;

impl Store {
    /// What the inbox needs to know of the days until this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn kept_for_inbox(&self, now: Timestamp, today: Date) -> Result<Kept, StoreError> {
        let after = now.checked_sub(SignedDuration::from_hours(24 * TOLD_DAYS)).unwrap_or(Timestamp::MIN);
        let first = today.saturating_sub(jiff::Span::new().days(TOLD_DAYS));
        let mut kept = Kept { barred: self.barred_since(after)?, vouched: self.vouched_since(first)?, ..Kept::default() };
        let sql = "SELECT need_id FROM need WHERE site_id = ?1 AND ended IS NULL AND answered_boot IS NULL AND answered_at IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        for id in statement.query_map([self.site], |row| row.get::<_, String>(0))? {
            kept.unanswered.insert(NeedId(uuid(&id?)?));
        }
        let sql = "SELECT of, id, max(reported_at) FROM report WHERE looked = 0 AND reported_at IS NOT NULL GROUP BY of, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (of, id, at): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let id = uuid(&id)?;
            let what = if of == "need" { Reported::Need { need: NeedId(id) } } else { Reported::Event { event: EventId(id) } };
            kept.reported.extend(at.parse().ok().map(|at: Timestamp| (what, at)));
        }
        let mut statement = self.connection.prepare_cached("SELECT of, stamp FROM settled WHERE site_id = ?1")?;
        let rows = statement.query_map([self.site], |row| Ok((row.get(0)?, row.get(1)?)))?;
        kept.settled = rows.collect::<Result<_, _>>()?;
        Ok(kept)
    }

    /// Of each badge the last time.
    fn barred_since(&self, after: Timestamp) -> Result<Vec<BarredTap>, StoreError> {
        // cards that are nobody's badge, such as phones, push nothing out of it
        let sql = "WITH refused AS (SELECT seq, wall_seen, body FROM event
                     WHERE kind = 'tap_refused' AND body ->> '$.badge' IS NOT NULL ORDER BY seq DESC LIMIT ?1)
                   SELECT body ->> '$.badge' AS badge, max(seq), wall_seen, body ->> '$.reason', member_id
                   FROM refused LEFT JOIN badge ON badge_id = body ->> '$.badge' GROUP BY badge";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([REFUSED])?;
        let mut barred = Vec::new();
        while let Some(row) = rows.next()? {
            let (at, reason, member): (String, String, Option<String>) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let at: Option<Timestamp> = at.parse().ok();
            let Some(reason) = Barred::from_text(&reason) else { continue };
            if at.is_some_and(|at| at >= after) {
                let member = member.map(|member| member_id(&member)).transpose()?;
                barred.push(BarredTap { badge: row.get(0)?, member, reason, seq: row.get(1)?, at });
            }
        }
        Ok(barred)
    }

    fn vouched_since(&self, first: Date) -> Result<Vec<VouchedFor>, StoreError> {
        let sql = "SELECT vouch_id, at, vouched_by, sort, member_id, name FROM vouch JOIN visit USING (visit_id)
                   WHERE vouch.site_id = ?1 AND (vouch.day >= ?2 OR vouch.day IS NULL) AND sort <> 'guest' ORDER BY vouch_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, first.to_string()))?;
        let mut vouched = Vec::new();
        while let Some(row) = rows.next()? {
            let (at, by, sort): (Option<String>, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            vouched.push(VouchedFor {
                id: row.get(0)?,
                at: at.and_then(|at| at.parse().ok()),
                by: member_id(&by)?,
                vouch: Vouch::from_text(&sort).ok_or_else(|| StoreError::Strange(format!("sort {sort:?}")))?,
                member: row.get::<_, Option<String>>(4)?.map(|member| member_id(&member)).transpose()?,
                name: row.get(5)?,
            });
        }
        Ok(vouched)
    }

    /// The coordination has seen it.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn settle(&mut self, mark: &Mark) -> Result<(), StoreError> {
        let (site, now) = (self.site, wall_as_seen());
        let transaction = self.begin()?;
        let sql = "INSERT INTO settled (site_id, of, stamp, at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (site_id, of) DO UPDATE SET stamp = excluded.stamp, at = excluded.at";
        transaction.prepare_cached(sql)?.execute((site, &mark.of, &mark.stamp, now.to_string()))?;
        let before = now.checked_sub(SignedDuration::from_hours(24 * SETTLED_DAYS)).unwrap_or(Timestamp::MIN);
        transaction.prepare_cached("DELETE FROM settled WHERE at < ?1")?.execute([before.to_string()])?;
        Ok(transaction.commit()?)
    }
}

impl Store {
    /// The database was read through.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn note_check(&mut self, at: Timestamp, well: bool) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "INSERT INTO meta (key, value) VALUES ('checked', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        transaction.prepare_cached(sql)?.execute([format!("{at} {}", if well { "well" } else { "damaged" })])?;
        Ok(transaction.commit()?)
    }

    /// When the database was last read through, and whether it was well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_check(&self) -> Result<Option<(Timestamp, bool)>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM meta WHERE key = 'checked'")?;
        let text: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
        let parts = text.as_deref().and_then(|text| text.split_once(' '));
        Ok(parts.and_then(|(at, says)| Some((at.parse().ok()?, says == "well"))))
    }
}

impl Store {
    /// The key in the address of our feed: made once, or anew.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn feed_key(&mut self, anew: bool) -> Result<String, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = 'feed_key'";
        let known: Option<String> = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        if let Some(known) = known.filter(|_| !anew) {
            return Ok(known);
        }
        let key = uuid::Uuid::new_v4().simple().to_string();
        let transaction = self.begin()?;
        let sql = "INSERT INTO meta (key, value) VALUES ('feed_key', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        transaction.prepare_cached(sql)?.execute([&key])?;
        transaction.commit()?;
        Ok(key)
    }
}
