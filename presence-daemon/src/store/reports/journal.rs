//! The journal, newest first.

use super::Reports;
use crate::deed::{About, AccountNo, Managed};
use crate::store::StoreError;
use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use voisins_shared::member::{MemberId, MemberNumber};

/// A line of the journal as it can still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the chain of events.
    pub seq: i64,
    #[allow(missing_docs)]
    pub at: Timestamp,
    /// Whether the clock was known to be right.
    pub sure: bool,
    /// What was done.
    pub managed: Managed,
    /// The account's name, and whether it is no more.
    pub who: Option<(String, bool)>,
    /// The name of the member or account it was about, if it is still known.
    pub whom: Option<String>,
}

/// Which lines: of one account or of all, before or after a place.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs)]
pub struct Wanted {
    pub account: Option<AccountNo>,
    pub before: Option<i64>,
    pub at_most: usize,
}

impl Reports {
    /// Lines of the journal, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal(&self, wanted: Wanted) -> Result<Vec<Line>, StoreError> {
        let of = if wanted.account.is_some() { "AND journal.account = ?3" } else { "AND ?3 IS NULL" };
        let sql = format!(
            "SELECT journal.seq, wall_seen, clock_state = 'trusted', body FROM journal JOIN event ON event.seq = journal.seq
             WHERE journal.seq < ?1 AND body IS NOT NULL {of} ORDER BY journal.seq DESC LIMIT ?2"
        );
        let account = wanted.account.map(|account| account.0);
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query((wanted.before.unwrap_or(i64::MAX), wanted.at_most, account))?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let (seq, at, body): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let strange = || StoreError::Strange(format!("event {seq}"));
            let managed: Managed = serde_json::from_str(&body).map_err(|_| strange())?;
            lines.push(Line {
                seq,
                at: at.parse().map_err(|_| strange())?,
                sure: row.get(2)?,
                managed,
                who: managed.account.map(|account| self.account_name(account)).transpose()?.flatten(),
                whom: self.whom(managed.about)?,
            });
        }
        Ok(lines)
    }

    /// Every account that is or was: number, name, whether it is no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn accounts_ever(&self) -> Result<Vec<(AccountNo, String, bool)>, StoreError> {
        let mut statement = self.connection.prepare("SELECT number, name, password IS NULL FROM manager ORDER BY name, number")?;
        let rows = statement.query_map([], |row| Ok((AccountNo(row.get(0)?), row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn account_name(&self, account: AccountNo) -> Result<Option<(String, bool)>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT name, password IS NULL FROM manager WHERE number = ?1")?;
        Ok(statement.query_row([account.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    fn whom(&self, about: Option<About>) -> Result<Option<String>, StoreError> {
        Ok(match about {
            Some(About::Account(account)) => self.account_name(account)?.map(|(name, _)| name),
            Some(About::Member(member)) => self.member_line(member)?,
            Some(About::Badge(badge)) => {
                let sql = "SELECT member_id FROM badge WHERE badge_id = ?1";
                let owner: Option<String> = self.connection.prepare_cached(sql)?.query_row([badge], |row| row.get(0)).optional()?;
                let owner = owner.and_then(|id| id.parse().ok()).map(MemberId);
                owner.map(|member| self.member_line(member)).transpose()?.flatten()
            }
            _ => None,
        })
    }

    fn member_line(&self, member: MemberId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT number, name FROM member WHERE member_id = ?1";
        let found: Option<(u32, String)> = self
            .connection
            .prepare_cached(sql)?
            .query_row([member.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.map(|(number, name)| format!("{name} ({})", MemberNumber(number))))
    }
}
