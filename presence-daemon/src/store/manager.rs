//! Accounts of the manager's pages.

use super::{Store, StoreError};
use crate::clock::wall_as_seen;
use rusqlite::OptionalExtension as _;

impl Store {
    /// Makes an account, or gives one another password.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn set_manager(&mut self, name: &str, hash: &str) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "INSERT INTO manager (name, password, set_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (name) DO UPDATE SET password = excluded.password, set_at = excluded.set_at";
        transaction.prepare_cached(sql)?.execute((name, hash, wall_as_seen().to_string()))?;
        Ok(transaction.commit()?)
    }

    /// The hash of an account's password.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn manager(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT password FROM manager WHERE name = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
    }
}
