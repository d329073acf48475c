//! What *Ma fiche* writes beside the record itself: a photo taken away, and whether one wants to be written to.

use super::people::{NOTICE_VERSION, member_id};
use super::{Store, StoreError};
use rusqlite::OptionalExtension as _;
use std::collections::BTreeSet;
use voisins_shared::member::MemberId;

impl Store {
    /// Notes whether a member wants to be written to; what waits to be sent is forgotten without it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn agree_to_mail(&mut self, member: MemberId, agreed: bool, on: &str) -> Result<(), StoreError> {
        if self.agrees_to_mail(member)? == agreed {
            return Ok(());
        }
        let transaction = self.begin()?;
        let sql = "INSERT INTO mail_consent (member_id, agreed, given_on, notice_version) VALUES (?1, ?2, ?3, ?4)";
        transaction.prepare_cached(sql)?.execute((member.to_string(), agreed, on, NOTICE_VERSION))?;
        if !agreed {
            let sql = "DELETE FROM mail WHERE member_id = ?1 AND state = 'waiting'";
            transaction.prepare_cached(sql)?.execute([member.to_string()])?;
        }
        Ok(transaction.commit()?)
    }

    /// Whether a member wants to be written to.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn agrees_to_mail(&self, member: MemberId) -> Result<bool, StoreError> {
        let sql = "SELECT agreed FROM mail_consent WHERE member_id = ?1 ORDER BY consent_id DESC LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([member.to_string()], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// All who want to be written to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agree_to_mails(&self) -> Result<BTreeSet<MemberId>, StoreError> {
        let sql = "SELECT member_id FROM mail_consent AS last WHERE agreed = 1 AND consent_id =
                   (SELECT max(consent_id) FROM mail_consent WHERE member_id = last.member_id)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|id| member_id(&id?)).collect()
    }
}
