//! What the house found out of place.

use super::people::member_id;
use super::restore::uuid;
use super::{Store, StoreError};
use crate::community::moderation::{Change, Moderation};
use crate::community::needs;
use crate::presence::{PresenceEvent, What};
use rusqlite::{OptionalExtension as _, Transaction};
use voisins_shared::agenda::EventId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::Reported;

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, event: &PresenceEvent) -> Result<(), StoreError> {
    let at = event.at.wall.map(|at| at.to_string());
    match event.what {
        What::Moderation(change) => match change {
            Change::Reported { what, by } => {
                let ((of, id), by) = (columns(what), by.to_string());
                let sql = "INSERT INTO report (of, id, by_member, reported_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
                transaction.prepare_cached(sql)?.execute((of, id, by, at))?;
            }
            Change::Hidden { what } => {
                let (of, id) = columns(what);
                let sql = "INSERT INTO hidden_text (of, id, hidden_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
                transaction.prepare_cached(sql)?.execute((of, id, at))?;
            }
            Change::Restored { what } => {
                let row = columns(what);
                transaction.prepare_cached("DELETE FROM hidden_text WHERE of = ?1 AND id = ?2")?.execute((row.0, &row.1))?;
                transaction.prepare_cached("UPDATE report SET looked = 1 WHERE of = ?1 AND id = ?2")?.execute(row)?;
            }
            Change::Paused { member } => {
                let sql = "INSERT INTO paused_member (member_id) VALUES (?1) ON CONFLICT DO NOTHING";
                transaction.prepare_cached(sql)?.execute([member.to_string()])?;
            }
            Change::Resumed { member } => {
                transaction.prepare_cached("DELETE FROM paused_member WHERE member_id = ?1")?.execute([member.to_string()])?;
            }
            Change::Held { need } => {
                let sql = "INSERT INTO held_need (need_id) VALUES (?1) ON CONFLICT DO NOTHING";
                transaction.prepare_cached(sql)?.execute([need.to_string()])?;
            }
            Change::ApproveFirst { on } => {
                let sql = "INSERT INTO approval (site_id, approve_first) SELECT site_id, ?1 FROM site WHERE true
                           ON CONFLICT (site_id) DO UPDATE SET approve_first = excluded.approve_first";
                transaction.prepare_cached(sql)?.execute([on])?;
            }
            Change::Approved { need } => {
                transaction.prepare_cached("DELETE FROM held_need WHERE need_id = ?1")?.execute([need.to_string()])?;
            }
        },
        What::NeedClosed { need, .. } => {
            forget(transaction, Reported::Need { need })?;
            transaction.prepare_cached("DELETE FROM held_need WHERE need_id = ?1")?.execute([need.to_string()])?;
        }
        What::EventEnded { event, .. } => forget(transaction, Reported::Event { event })?,
        What::Need(needs::Change::Edited { need, .. }) => {
            let sql = "DELETE FROM report WHERE of = ?1 AND id = ?2 AND looked = 1";
            transaction.prepare_cached(sql)?.execute(columns(Reported::Need { need }))?;
        }
        _ => {}
    }
    Ok(())
}

/// What is over is forgotten.
fn forget(transaction: &Transaction<'_>, what: Reported) -> Result<(), StoreError> {
    let row = columns(what);
    transaction.prepare_cached("DELETE FROM report WHERE of = ?1 AND id = ?2")?.execute((row.0, &row.1))?;
    transaction.prepare_cached("DELETE FROM hidden_text WHERE of = ?1 AND id = ?2")?.execute(row)?;
    Ok(())
}

fn columns(what: Reported) -> (&'static str, String) {
    match what {
        Reported::Need { need } => ("need", need.to_string()),
        Reported::Event { event } => ("event", event.to_string()),
    }
}

fn reported(of: &str, id: &str) -> Result<Reported, StoreError> {
    Ok(match of {
        "need" => Reported::Need { need: NeedId(uuid(id)?) },
        "event" => Reported::Event { event: EventId(uuid(id)?) },
        other => return Err(StoreError::Strange(format!("a report of {other:?}"))),
    })
}

impl Store {
    /// The manager's desk as it was when the daemon stopped.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn moderation(&self) -> Result<Moderation, StoreError> {
        let texts = |sql: &str| -> Result<Vec<[String; 4]>, StoreError> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let reports = texts("SELECT of, id, by_member, CAST(looked AS TEXT) FROM report")?;
        let reports = reports.iter().map(|[of, id, by, looked]| Ok(((reported(of, id)?, member_id(by)?), looked == "1")));
        let reports = reports.collect::<Result<Vec<_>, StoreError>>()?;
        let hidden = texts("SELECT of, id, '', '' FROM hidden_text")?;
        let hidden = hidden.iter().map(|[of, id, ..]| reported(of, id)).collect::<Result<Vec<_>, _>>()?;
        let paused = texts("SELECT member_id, '', '', '' FROM paused_member")?;
        let paused = paused.iter().map(|[member, ..]| member_id(member)).collect::<Result<Vec<_>, _>>()?;
        let held = texts("SELECT need_id, '', '', '' FROM held_need")?;
        let held = held.iter().map(|[need, ..]| uuid(need).map(NeedId)).collect::<Result<Vec<_>, _>>()?;
        let mut first = self.connection.prepare_cached("SELECT approve_first FROM approval")?;
        let first = first.query_row([], |row| row.get(0)).optional()?;
        Ok(Moderation::restore(reports, hidden, paused, held, first))
    }
}
