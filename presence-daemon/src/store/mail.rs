//! The letters that wait, and those that were sent: ids and days, no names and no words.

use super::people::member_id;
use super::{Store, StoreError};
use crate::mail::{Kind, Stands};
use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use std::collections::BTreeSet;
use uuid::Uuid;
use voisins_shared::member::MemberId;

/// Which letter, to whom (the coordination has no id), about what.
pub type Subject = (Kind, Option<MemberId>, String);

/// A letter that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Queued {
    pub id: Uuid,
    pub subject: Subject,
    pub queued: Timestamp,
    pub tries: u32,
}

impl Store {
    /// Queues what isn't there yet, and forgets what waits for nobody any more. What was sent is never queued again.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn queue_mail(&mut self, wanted: &BTreeSet<Subject>, now: Timestamp) -> Result<(), StoreError> {
        let waiting = self.waiting_mail()?;
        let held: BTreeSet<&Subject> = waiting.iter().map(|queued| &queued.subject).collect();
        let mut new = Vec::new();
        for subject in wanted.iter().filter(|subject| !held.contains(subject)) {
            let sql = "SELECT 1 FROM mail WHERE letter = ?1 AND coalesce(member_id, '') = ?2 AND about = ?3";
            let key = (subject.0.as_str(), subject.1.map(|id| id.to_string()).unwrap_or_default(), &subject.2);
            if self.connection.prepare_cached(sql)?.query_row(key, |_| Ok(())).optional()?.is_none() {
                new.push(subject);
            }
        }
        let gone: Vec<&Queued> = waiting.iter().filter(|queued| !wanted.contains(&queued.subject)).collect();
        if new.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let transaction = self.begin()?;
        for (kind, member, about) in new {
            let sql = "INSERT INTO mail (mail_id, letter, member_id, about, queued_at, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
            let (id, member) = (Uuid::new_v4().to_string(), member.map(|id| id.to_string()));
            transaction.prepare_cached(sql)?.execute((id, kind.as_str(), member, about, now.to_string()))?;
        }
        for queued in gone {
            transaction.prepare_cached("DELETE FROM mail WHERE mail_id = ?1")?.execute([queued.id.to_string()])?;
        }
        Ok(transaction.commit()?)
    }

    fn waiting_mail(&self) -> Result<Vec<Queued>, StoreError> {
        self.mail_where("state = 'waiting'", "")
    }

    /// The letters to be sent now, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn due_mail(&self, now: Timestamp) -> Result<Vec<Queued>, StoreError> {
        self.mail_where("state = 'waiting' AND next_at <= ?1", &now.to_string())
    }

    fn mail_where(&self, condition: &str, at: &str) -> Result<Vec<Queued>, StoreError> {
        // an unused parameter would be an error
        let sql = format!(
            "SELECT mail_id, letter, member_id, about, queued_at, tries FROM mail WHERE {condition} AND ?1 IS NOT NULL
             ORDER BY queued_at, mail_id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([at])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, kind, queued): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(4)?);
            let strange = || StoreError::Strange(format!("letter {id:?}"));
            let member = row.get::<_, Option<String>>(2)?.map(|member| member_id(&member)).transpose()?;
            found.push(Queued {
                subject: (Kind::from_text(&kind).ok_or_else(strange)?, member, row.get(3)?),
                queued: queued.parse().map_err(|_| strange())?,
                tries: row.get(5)?,
                id: id.parse().map_err(|_| strange())?,
            });
        }
        Ok(found)
    }

    /// A letter was tried: it is sent, waits for another try, or is given up.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_stands(&mut self, id: Uuid, stands: Stands, now: Timestamp) -> Result<(), StoreError> {
        let id = id.to_string();
        let transaction = self.begin()?;
        match stands {
            Stands::Waits(next) => transaction
                .prepare_cached("UPDATE mail SET tries = tries + 1, next_at = ?2 WHERE mail_id = ?1")?
                .execute((id, next.to_string()))?,
            Stands::Sent | Stands::GivenUp => transaction
                .prepare_cached("UPDATE mail SET tries = tries + 1, state = ?2, ended_at = ?3 WHERE mail_id = ?1")?
                .execute((id, if stands == Stands::Sent { "sent" } else { "given_up" }, now.to_string()))?,
        };
        Ok(transaction.commit()?)
    }

    /// How many letters wait, and how many were given up since a moment.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_counts(&self, since: Timestamp) -> Result<(usize, usize), StoreError> {
        let sql = "SELECT coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'given_up' AND ended_at >= ?1), 0) FROM mail";
        Ok(self.connection.prepare_cached(sql)?.query_row([since.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }
}
