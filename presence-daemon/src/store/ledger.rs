//! Day passes: the accounts and what moved between them.

use super::people::member_id;
use super::restore::{moment, uuid};
use super::{Store, StoreError};
use crate::community::ledger::{Change, Held, Ledger, Plan, Sort, Transfer};
use crate::presence::{PresenceEvent, VisitId, What};
use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, Transaction};
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;

/// One entry of a member's account, for the manager.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Entry {
    /// RFC 3339; none while the clock was not known.
    pub at: Option<String>,
    pub sort: String,
    /// What came; below 0 what left.
    pub passes: i64,
    pub until: Option<String>,
    /// The day of the visit that drew it.
    pub day: Option<String>,
    pub reason: Option<String>,
}

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, seq: i64, event: &PresenceEvent) -> Result<(), StoreError> {
    let (boot, ns) = (event.at.boot.0.to_string(), super::events::nanoseconds(event.at.since_boot));
    let undated = event.at.wall.is_none();
    match &event.what {
        What::Ledger(Change::Moved(transfer)) => moves(transaction, seq, event, transfer)?,
        What::Ledger(Change::PlanSet { member, plan }) => {
            let sql = "INSERT INTO pass_plan (member_id, plan) VALUES (?1, ?2) ON CONFLICT (member_id) DO UPDATE SET plan = excluded.plan";
            transaction.prepare_cached(sql)?.execute((member.to_string(), plan.as_str()))?;
        }
        What::Ledger(Change::EarnedTold { need, to }) => {
            let sql = "INSERT INTO pass_told (need_id, member_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute((need.to_string(), to.to_string()))?;
        }
        What::CheckedIn { visit, subject, .. } if undated => {
            let member = subject.member().map(|member| member.to_string());
            let sql = "INSERT INTO pass_owed (visit_id, member_id, boot, ns) VALUES (?1, ?2, ?3, ?4)";
            transaction.prepare_cached(sql)?.execute((visit.0, member, boot, ns))?;
        }
        What::GuestEntered { visit, .. } if undated => {
            let sql = "INSERT INTO pass_owed (visit_id, boot, ns) VALUES (?1, ?2, ?3)";
            transaction.prepare_cached(sql)?.execute((visit.0, boot, ns))?;
        }
        What::GuestClaimed { visit, member } if undated => {
            let sql = "INSERT INTO pass_owed (visit_id, member_id, boot, ns) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (visit_id) DO UPDATE SET member_id = excluded.member_id";
            transaction.prepare_cached(sql)?.execute((visit.0, member.to_string(), boot, ns))?;
        }
        What::ClockKnown => drop(transaction.prepare_cached("DELETE FROM pass_owed")?.execute([])?),
        _ => {}
    }
    Ok(())
}

fn moves(transaction: &Transaction<'_>, seq: i64, event: &PresenceEvent, transfer: &Transfer) -> Result<(), StoreError> {
    let (member, spaces) = (account_of(transaction, transfer.member)?, own_account(transaction, transfer.sort)?);
    let (from, to) = if transfer.passes < 0 { (member, spaces) } else { (spaces, member) };
    let sql = "INSERT INTO pass_transfer (sort, from_account, to_account, passes, until, day, need_id, command, at, seq)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    transaction.prepare_cached(sql)?.execute((
        transfer.sort.as_str(),
        from,
        to,
        transfer.passes.unsigned_abs(),
        transfer.until.map(|day| day.to_string()),
        transfer.day.map(|day| day.to_string()),
        transfer.need.map(|need| need.to_string()),
        transfer.command.map(|command| command.to_string()),
        event.at.wall.map(|at| at.to_string()),
        seq,
    ))?;
    if let Some(reason) = &transfer.reason {
        let id = transaction.last_insert_rowid();
        transaction.prepare_cached("INSERT INTO pass_reason (transfer_id, text) VALUES (?1, ?2)")?.execute((id, reason))?;
    }
    Ok(())
}

fn own_account(transaction: &Transaction<'_>, sort: Sort) -> Result<i64, StoreError> {
    let sql = "SELECT account_id FROM pass_account WHERE name = ?1";
    Ok(transaction.prepare_cached(sql)?.query_row([sort.account()], |row| row.get(0))?)
}

fn account_of(transaction: &Transaction<'_>, member: MemberId) -> Result<i64, StoreError> {
    let (member, sql) = (member.to_string(), "SELECT account_id FROM pass_account WHERE member_id = ?1");
    if let Some(account) = transaction.prepare_cached(sql)?.query_row([&member], |row| row.get(0)).optional()? {
        return Ok(account);
    }
    transaction.prepare_cached("INSERT INTO pass_account (member_id) VALUES (?1)")?.execute([&member])?;
    Ok(transaction.last_insert_rowid())
}

fn date(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::Strange(format!("day {text:?}")))
}

impl Store {
    /// The passes as they were when the daemon stopped.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ledger(&self) -> Result<Ledger, StoreError> {
        let owed = "SELECT visit_id, member_id, boot, ns FROM pass_owed";
        let mut statement = self.connection.prepare_cached(owed)?;
        let mut rows = statement.query([])?;
        let mut owed = Vec::new();
        while let Some(row) = rows.next()? {
            let member: Option<String> = row.get(1)?;
            let at = moment(&row.get::<_, String>(2)?, row.get(3)?, None)?;
            owed.push((VisitId(row.get(0)?), (member.map(|member| member_id(&member)).transpose()?, at)));
        }
        let mut statement =
            self.connection.prepare_cached("SELECT DISTINCT command FROM pass_transfer WHERE command IS NOT NULL")?;
        let commands: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let commands = commands.iter().map(|command| uuid(command)).collect::<Result<Vec<_>, _>>()?;
        Ok(Ledger::restore(self.held()?, owed, commands))
    }

    fn held(&self) -> Result<Vec<(MemberId, Held)>, StoreError> {
        let mut held = Vec::new();
        let mut read = |sql: &str, each: &dyn Fn(&rusqlite::Row<'_>) -> Result<Held, StoreError>| -> Result<(), StoreError> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                held.push((member_id(&row.get::<_, String>(0)?)?, each(row)?));
            }
            Ok(())
        };
        read(
            "SELECT member_id, until, sum(passes) FROM pass_entry JOIN pass_account USING (account_id)
             WHERE member_id IS NOT NULL GROUP BY member_id, until HAVING sum(passes) <> 0 OR until IS NULL",
            &|row| {
                let until: Option<String> = row.get(1)?;
                Ok(Held::Passes(until.map(|until| date(&until)).transpose()?, row.get(2)?))
            },
        )?;
        read(
            "SELECT member_id, day FROM pass_transfer JOIN pass_account ON account_id = from_account
             WHERE sort = 'drawn' AND member_id IS NOT NULL",
            &|row| Ok(Held::Drawn(date(&row.get::<_, String>(1)?)?)),
        )?;
        read(
            "SELECT member_id, need_id, passes FROM pass_transfer JOIN pass_account ON account_id = to_account
             WHERE sort = 'earned' AND member_id IS NOT NULL AND need_id NOT IN (SELECT need_id FROM pass_told)",
            &|row| Ok(Held::Untold(NeedId(uuid(&row.get::<_, String>(1)?)?), row.get(2)?)),
        )?;
        read(
            "SELECT DISTINCT member_id FROM pass_transfer JOIN pass_account ON account_id = to_account
             WHERE sort IN ('bought', 'earned') AND member_id IS NOT NULL",
            &|_| Ok(Held::Opened),
        )?;
        read("SELECT member_id, plan FROM pass_plan", &|row| {
            let plan: String = row.get(1)?;
            Plan::from_text(&plan).map(Held::Plan).ok_or_else(|| StoreError::Strange(format!("plan {plan:?}")))
        })?;
        Ok(held)
    }

    /// A member's entries, the first one first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries(&self, member: MemberId) -> Result<Vec<Entry>, StoreError> {
        let sql = "SELECT at, sort, pass_entry.passes, pass_entry.until, day, text FROM pass_entry
                   JOIN pass_account USING (account_id) JOIN pass_transfer USING (transfer_id) LEFT JOIN pass_reason USING (transfer_id)
                   WHERE member_id = ?1 ORDER BY transfer_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([member.to_string()], |row| {
            Ok(Entry {
                at: row.get(0)?,
                sort: row.get(1)?,
                passes: row.get(2)?,
                until: row.get(3)?,
                day: row.get(4)?,
                reason: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
