//! Badges that prove themselves: which they are, and whether the key file is still theirs.

use super::{Store, StoreError};
use crate::authentic::SiteKeys;
use crate::authentic::keys::SiteKey;
use crate::clock::wall_as_seen;
use crate::key::BadgeMac;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction};
use std::path::Path;
use tracing::warn;

impl Store {
    /// Whether a database file has badges that proved themselves: then their key must not be made anew.
    #[must_use]
    pub fn has_authentic_badges(path: &Path) -> bool {
        Self::asked(path, "SELECT EXISTS (SELECT 1 FROM badge WHERE authentic = 1)", [])
    }

    /// Whether the daemon of this database knows a key of the site; true before there is a database. A card that is written under another
    /// key would be a copy to it.
    #[must_use]
    pub fn knows_site_key(path: &Path, key: &SiteKey) -> bool {
        if !path.exists() {
            return true;
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM authentic_key WHERE key_id = ?1 AND fingerprint = ?2)";
        Self::asked(path, sql, (key.id(), key.fingerprint()))
    }

    /// Whether one of these digests is that of a badge which has proved itself.
    #[must_use]
    pub fn is_authentic(path: &Path, digests: &[BadgeMac]) -> bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM badge WHERE authentic = 1 AND key_id = ?1 AND mac = ?2)";
        digests.iter().any(|digest| Self::asked(path, sql, (digest.key_id, digest.mac)))
    }

    /// A question to a database that a daemon may have open.
    fn asked(path: &Path, sql: &str, values: impl rusqlite::Params) -> bool {
        let Ok(connection) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) else { return false };
        connection.query_row(sql, values, |row| row.get(0)).unwrap_or(false)
    }

    /// Looks whether the keys are those that were there before. While no badge stands on them they may be others.
    ///
    /// # Errors
    /// [`StoreError::WrongSiteKey`].
    pub fn check_site_keys(&mut self, keys: &SiteKeys) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let used: bool = transaction.query_row("SELECT EXISTS (SELECT 1 FROM badge WHERE authentic = 1)", [], |row| row.get(0))?;
        if !used {
            transaction.execute("DELETE FROM authentic_key", [])?;
        }
        for (key_id, fingerprint) in keys.fingerprints() {
            let sql =
                "INSERT INTO authentic_key (key_id, fingerprint, first_seen) VALUES (?1, ?2, ?3) ON CONFLICT (key_id) DO NOTHING";
            transaction.execute(sql, (key_id, fingerprint, wall_as_seen().to_string()))?;
            let sql = "SELECT fingerprint FROM authentic_key WHERE key_id = ?1";
            let known: Vec<u8> = transaction.query_row(sql, [key_id], |row| row.get(0))?;
            if known != fingerprint {
                return Err(StoreError::WrongSiteKey { key_id });
            }
        }
        let lost: Vec<u32> = {
            let mut statement = transaction.prepare("SELECT key_id FROM authentic_key ORDER BY key_id")?;
            let known = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<u32>, _>>()?;
            known.into_iter().filter(|id| keys.of(*id).is_none()).collect()
        };
        if !lost.is_empty() {
            warn!(keys = ?lost, "authentic.key lacks keys it had: badges written under them are refused now, unless all were written anew");
        }
        Ok(transaction.commit()?)
    }

    /// Takes the count that a badge said to a phone, if it is above all that it said before. `digests` are all of its card, the first is
    /// the one to keep it by.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn take_read(&mut self, digests: &[BadgeMac], count: u32) -> Result<bool, StoreError> {
        let Some(own) = digests.first() else { return Ok(false) };
        let transaction = self.begin()?;
        for digest in digests {
            let sql = "SELECT count FROM badge_read WHERE key_id = ?1 AND mac = ?2";
            let last: Option<u32> =
                transaction.prepare_cached(sql)?.query_row((digest.key_id, digest.mac), |row| row.get(0)).optional()?;
            if last.is_some_and(|last| count <= last) {
                return Ok(false);
            }
            let sql = "DELETE FROM badge_read WHERE key_id = ?1 AND mac = ?2";
            transaction.prepare_cached(sql)?.execute((digest.key_id, digest.mac))?;
        }
        let sql = "INSERT INTO badge_read (key_id, mac, count) VALUES (?1, ?2, ?3)";
        transaction.prepare_cached(sql)?.execute((own.key_id, own.mac, count))?;
        transaction.commit()?;
        Ok(true)
    }
}

pub(super) fn proved(transaction: &Transaction<'_>, card: &BadgeMac) -> Result<(), StoreError> {
    let sql = "UPDATE badge SET authentic = 1 WHERE key_id = ?1 AND mac = ?2";
    transaction.prepare_cached(sql)?.execute((card.key_id, card.mac))?;
    Ok(())
}
