//! Accounts of the manager's pages.

use super::{Store, StoreError};
use crate::clock::wall_as_seen;
use crate::deed::AccountNo;
use crate::key::hmac;
use crate::web::access::Role;
use rusqlite::{OptionalExtension as _, Transaction};

/// An account as the door knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Outlives it.
    pub number: AccountNo,
    /// In small letters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// argon2id, as a PHC string.
    pub password: String,
    /// Whether a password is not enough.
    pub second_step: bool,
    /// How many recovery codes are left.
    pub recovery: usize,
}

/// What came of asking for an account to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Removed {
    Done {
        name: String,
    },
    /// Nobody could come in any more.
    LastManager,
    NoSuch,
}

/// The secret of a second step, and the last 30 seconds whose code was taken.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    #[allow(missing_docs)]
    pub secret: [u8; 20],
    #[allow(missing_docs)]
    pub used: u64,
    /// Whether it was confirmed by a code.
    pub on: bool,
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Step(…)")
    }
}

const COLUMNS: &str = "SELECT number, name, role, password, step_on,
    (SELECT count(*) FROM recovery_code c WHERE c.number = m.number) FROM manager m WHERE password IS NOT NULL";

fn account(row: &rusqlite::Row<'_>) -> rusqlite::Result<Account> {
    let role: String = row.get(2)?;
    Ok(Account {
        number: AccountNo(row.get(0)?),
        name: row.get(1)?,
        // what is not known may do less
        role: Role::from_text(&role).unwrap_or(Role::Viewer),
        password: row.get(3)?,
        second_step: row.get(4)?,
        recovery: row.get(5)?,
    })
}

impl Store {
    /// Makes an account. With `again`, one of that name gets this password and role instead, and loses its second step: whoever can
    /// ask the machine for a link may always come in.
    ///
    /// `None`: there is one of that name.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn set_manager(&mut self, name: &str, hash: &str, role: Role, again: bool) -> Result<Option<AccountNo>, StoreError> {
        let now = wall_as_seen().to_string();
        let transaction = self.begin()?;
        let number = match living(&transaction, name)? {
            Some(_) if !again => return Ok(None),
            Some(number) => {
                let sql =
                    "UPDATE manager SET password = ?2, role = ?3, set_at = ?4, step_salt = NULL, step_on = 0 WHERE number = ?1";
                transaction.prepare_cached(sql)?.execute((number, hash, role.as_str(), now))?;
                transaction.prepare_cached("DELETE FROM recovery_code WHERE number = ?1")?.execute([number])?;
                number
            }
            None => {
                let sql = "INSERT INTO manager (name, password, role, set_at) VALUES (?1, ?2, ?3, ?4)";
                transaction.prepare_cached(sql)?.insert((name, hash, role.as_str(), now))?
            }
        };
        transaction.commit()?;
        Ok(Some(AccountNo(number)))
    }

    /// The account of that name.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn manager(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let sql = format!("{COLUMNS} AND name = ?1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([name], account).optional()?)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn managers(&self) -> Result<Vec<Account>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} ORDER BY name"))?;
        Ok(statement.query_map([], account)?.collect::<Result<_, _>>()?)
    }

    /// The number of an account that is or was.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn account_no(&self, name: &str) -> Result<Option<AccountNo>, StoreError> {
        let sql = "SELECT number FROM manager WHERE name = ?1 ORDER BY password IS NULL, number DESC LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([name], |row| row.get(0).map(AccountNo)).optional()?)
    }

    /// Gives an account another password.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn set_password(&mut self, name: &str, hash: &str) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE manager SET password = ?2, set_at = ?3 WHERE name = ?1 AND password IS NOT NULL";
        let changed = transaction.prepare_cached(sql)?.execute((name, hash, wall_as_seen().to_string()))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    /// Takes an account away; its number and name stay, for the journal.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn remove_manager(&mut self, number: AccountNo) -> Result<Removed, StoreError> {
        let transaction = self.begin()?;
        let sql = "SELECT name, role FROM manager WHERE number = ?1 AND password IS NOT NULL";
        let found: Option<(String, String)> =
            transaction.prepare_cached(sql)?.query_row([number.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((name, role)) = found else { return Ok(Removed::NoSuch) };
        let sql = "SELECT count(*) FROM manager WHERE role = 'manager' AND password IS NOT NULL";
        let managers: usize = transaction.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        if role == Role::Manager.as_str() && managers == 1 {
            return Ok(Removed::LastManager);
        }
        let sql = "UPDATE manager SET password = NULL, step_salt = NULL, step_on = 0 WHERE number = ?1";
        transaction.prepare_cached(sql)?.execute([number.0])?;
        transaction.prepare_cached("DELETE FROM recovery_code WHERE number = ?1")?.execute([number.0])?;
        transaction.commit()?;
        Ok(Removed::Done { name })
    }

    /// Draws another secret for a second step, which counts once a code of it has come back. None if it is on already.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn draw_step(&mut self, name: &str, salt: [u8; 16]) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE manager SET step_salt = ?2, step_used = 0 WHERE name = ?1 AND password IS NOT NULL AND step_on = 0";
        let changed = transaction.prepare_cached(sql)?.execute((name, salt))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    /// The second step of an account, drawn or on.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn step(&self, name: &str) -> Result<Option<Step>, StoreError> {
        let sql = "SELECT number, step_salt, step_used, step_on FROM manager
                   WHERE name = ?1 AND password IS NOT NULL AND step_salt IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row([name], |row| {
            let (number, salt): (i64, [u8; 16]) = (row.get(0)?, row.get(1)?);
            let drawn = hmac(&self.chain_key, &[b"voisins second step v1", &number.to_be_bytes(), &salt]);
            let mut secret = [0; 20];
            secret.copy_from_slice(&drawn[..20]);
            Ok(Step { secret, used: row.get(2)?, on: row.get(3)? })
        });
        Ok(found.optional()?)
    }

    /// A code of these 30 seconds was taken: neither it nor an earlier one is taken again. It also puts the step on.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn use_step(&mut self, name: &str, used: u64) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE manager SET step_used = ?2, step_on = 1 WHERE name = ?1 AND password IS NOT NULL AND step_used < ?2";
        let changed = transaction.prepare_cached(sql)?.execute((name, used))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    /// Takes the second step away, and its recovery codes.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn end_step(&mut self, name: &str) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let Some(number) = living(&transaction, name)? else { return Ok(false) };
        let sql = "UPDATE manager SET step_salt = NULL, step_on = 0 WHERE number = ?1";
        transaction.prepare_cached(sql)?.execute([number])?;
        transaction.prepare_cached("DELETE FROM recovery_code WHERE number = ?1")?.execute([number])?;
        transaction.commit()?;
        Ok(true)
    }

    /// Keeps these recovery codes, and no others.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn keep_recovery(&mut self, name: &str, codes: &[String]) -> Result<bool, StoreError> {
        let key = self.chain_key;
        let transaction = self.begin()?;
        let Some(number) = living(&transaction, name)? else { return Ok(false) };
        transaction.prepare_cached("DELETE FROM recovery_code WHERE number = ?1")?.execute([number])?;
        for code in codes {
            let sql = "INSERT INTO recovery_code (number, digest) VALUES (?1, ?2)";
            transaction.prepare_cached(sql)?.execute((number, recovery_digest(&key, number, code)))?;
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Uses a recovery code up. False: it is none, or was used.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]: nothing was written.
    pub fn use_recovery(&mut self, name: &str, code: &str) -> Result<bool, StoreError> {
        let key = self.chain_key;
        let transaction = self.begin()?;
        let Some(number) = living(&transaction, name)? else { return Ok(false) };
        let sql = "DELETE FROM recovery_code WHERE number = ?1 AND digest = ?2";
        let used = transaction.prepare_cached(sql)?.execute((number, recovery_digest(&key, number, code)))?;
        transaction.commit()?;
        Ok(used > 0)
    }
}

fn recovery_digest(key: &[u8; 32], number: i64, code: &str) -> [u8; 32] {
    hmac(key, &[b"voisins recovery code v1", &number.to_be_bytes(), code.as_bytes()])
}

fn living(transaction: &Transaction<'_>, name: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT number FROM manager WHERE name = ?1 AND password IS NOT NULL";
    Ok(transaction.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
}
