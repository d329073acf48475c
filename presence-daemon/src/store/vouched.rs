//! People without a badge, and who vouched for them.

use super::people::member_id;
use super::restore::moment;
use super::{Store, StoreError};
use crate::clock::Now;
use crate::policy::Policy;
use crate::presence::{VisitId, Vouch};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Transaction;
use std::collections::BTreeSet;
use voisins_shared::member::MemberId;

/// Somebody without a badge, as the manager reads of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// When they came in, as far as is known.
    pub at: Option<Timestamp>,
    /// Who signed for them.
    pub by: MemberId,
    #[allow(missing_docs)]
    pub vouch: Vouch,
    /// The member, if it is one.
    pub member: Option<MemberId>,
    /// The name of a guest, until it is erased.
    pub name: Option<String>,
    /// Whether the visit is over.
    pub left: bool,
}

/// What one event says.
pub(super) struct Row<'a> {
    pub visit: VisitId,
    pub by: MemberId,
    pub vouch: Vouch,
    pub name: &'a str,
}

/// Keeps the table in step with one event.
pub(super) fn project(
    transaction: &Transaction<'_>,
    policy: &Policy,
    site: i64,
    at: &Now,
    Row { visit, by, vouch, name }: &Row<'_>,
) -> Result<(), StoreError> {
    let ns = i64::try_from(at.since_boot.as_nanos()).unwrap_or(i64::MAX);
    let (day, wall) = (at.wall.map(|wall| policy.day_of(wall).to_string()), at.wall.map(|wall| wall.to_string()));
    let sql = "INSERT INTO vouch (site_id, visit_id, vouched_by, sort, name, day, boot, ns, at)
               VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), ?6, ?7, ?8, ?9)";
    let row = (site, visit.0, by.to_string(), vouch.as_str(), name, day, at.boot.0.to_string(), ns, wall);
    transaction.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// The clock is known: of a boot that never learnt it, at the latest now.
pub(super) fn set_right(transaction: &Transaction<'_>, policy: &Policy, anchor: &Now) -> Result<(), StoreError> {
    let undated: Vec<(i64, String, i64)> = {
        let mut statement = transaction.prepare_cached("SELECT vouch_id, boot, ns FROM vouch WHERE at IS NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (vouch, boot, ns) in undated {
        let Some(at) = moment(&boot, ns, None)?.dated_by(anchor).or(anchor.wall) else { continue };
        let row = (vouch, at.to_string(), policy.day_of(at).to_string());
        transaction.prepare_cached("UPDATE vouch SET at = ?2, day = ?3 WHERE vouch_id = ?1")?.execute(row)?;
    }
    Ok(())
}

impl Store {
    /// Who vouched for somebody on a day, and when.
    pub(super) fn vouched_on(&self, day: Option<Date>) -> Result<Vec<(MemberId, Now)>, StoreError> {
        let sql = "SELECT vouched_by, boot, ns, at FROM vouch WHERE site_id = ?1 AND (day = ?2 OR day IS NULL) ORDER BY vouch_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, day.map(|day| day.to_string())))?;
        let mut vouched = Vec::new();
        while let Some(row) = rows.next()? {
            let (by, boot): (String, String) = (row.get(0)?, row.get(1)?);
            vouched.push((member_id(&by)?, moment(&boot, row.get(2)?, row.get(3)?)?));
        }
        Ok(vouched)
    }

    /// The visits of guests here who are said to be members.
    pub(super) fn said_members(&self) -> Result<BTreeSet<VisitId>, StoreError> {
        let sql = "SELECT visit_id, sort FROM vouch JOIN visit USING (visit_id)
                   WHERE vouch.site_id = ?1 AND closed_seq IS NULL AND member_id IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut said_members = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let sort: String = row.get(1)?;
            let of_said_member = Vouch::from_text(&sort).is_some_and(Vouch::is_of_said_member);
            said_members.extend(of_said_member.then_some(VisitId(row.get(0)?)));
        }
        Ok(said_members)
    }

    /// Who came in without a badge on a day, the first first; those whom nobody can date yet at the end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn vouched(&self, day: Option<Date>) -> Result<Vec<Vouched>, StoreError> {
        let sql = "SELECT at, vouched_by, sort, member_id, name, closed_seq IS NOT NULL FROM vouch JOIN visit USING (visit_id)
                   WHERE vouch.site_id = ?1 AND (vouch.day = ?2 OR vouch.day IS NULL) ORDER BY at IS NULL, vouch_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, day.map(|day| day.to_string())))?;
        let mut vouched = Vec::new();
        while let Some(row) = rows.next()? {
            let (at, by, sort): (Option<String>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            vouched.push(Vouched {
                at: at.and_then(|at| at.parse().ok()),
                by: member_id(&by)?,
                vouch: Vouch::from_text(&sort).ok_or_else(|| StoreError::Strange(format!("sort {sort:?}")))?,
                member: row.get::<_, Option<String>>(3)?.map(|member| member_id(&member)).transpose()?,
                name: row.get(4)?,
                left: row.get(5)?,
            });
        }
        Ok(vouched)
    }

    /// Erases the names of guests who came before a day. How many came stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_guests(&mut self, before: Date) -> Result<(), StoreError> {
        let site = self.site;
        let transaction = self.begin()?;
        let sql = "UPDATE vouch SET name = NULL WHERE site_id = ?1 AND day < ?2 AND name IS NOT NULL";
        transaction.prepare_cached(sql)?.execute((site, before.to_string()))?;
        let written = "UPDATE guest_written SET name = NULL WHERE site_id = ?1 AND day < ?2 AND name IS NOT NULL";
        transaction.prepare_cached(written)?.execute((site, before.to_string()))?;
        Ok(transaction.commit()?)
    }
}
