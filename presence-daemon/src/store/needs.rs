//! Needs and offers of help.

use super::events::nanoseconds;
use super::people::member_id;
use super::restore::{moment, uuid};
use super::{Store, StoreError};
use crate::clock::Now;
use crate::community::needs::Change;
use crate::community::{Draft, Need, NeedEnd, Side};
use crate::presence::{PresenceEvent, What};
use rusqlite::Transaction;
use std::collections::BTreeMap;
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NeedId};

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, site: i64, event: &PresenceEvent) -> Result<(), StoreError> {
    let wall = event.at.wall.map(|wall| wall.to_string());
    match &event.what {
        What::NeedPosted { need, author, audience, draft } => {
            let ns = nanoseconds(event.at.since_boot);
            let (need, author) = (need.to_string(), author.map(|author| author.to_string()));
            let sql = "INSERT INTO need (need_id, site_id, author, text, audience, posted_boot, posted_ns, posted_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let row = (&need, site, author, &draft.text, audience.as_str(), event.at.boot.0.to_string(), ns, wall);
            transaction.prepare_cached(sql)?.execute(row)?;
            write_skills(transaction, &need, &draft.skills)?;
        }
        What::Need(change) => changed(transaction, change, &event.at)?,
        What::NeedClosed { need, end, .. } => {
            // its words are nobody's any more; the row stays to be counted
            let sql = "UPDATE need SET ended = ?2, ended_at = ?3, ended_boot = ?4, ended_ns = ?5, met = ?6, text = ''
                       WHERE need_id = ?1 AND ended IS NULL";
            let (boot, ns) = (event.at.boot.0.to_string(), nanoseconds(event.at.since_boot));
            transaction.prepare_cached(sql)?.execute((need.to_string(), end.as_str(), wall, boot, ns, *end == NeedEnd::Met))?;
            transaction.prepare_cached("DELETE FROM need_skill WHERE need_id = ?1")?.execute([need.to_string()])?;
            super::introductions::need_is_closed(transaction, *need)?;
        }
        What::HelpOffered { need, helper } => {
            let sql = "INSERT INTO help (need_id, helper, offered_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute((need.to_string(), helper.to_string(), wall))?;
            answered(transaction, *need, &event.at)?;
        }
        What::HelpTold { need, helper, .. } => {
            let sql = "UPDATE help SET told = 1 WHERE need_id = ?1 AND helper = ?2";
            transaction.prepare_cached(sql)?.execute((need.to_string(), helper.to_string()))?;
        }
        What::MatchTold { need, helper, side, .. } => {
            let sql = "INSERT INTO match_told (need_id, side, helper, told_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute((need.to_string(), side.as_str(), helper.to_string(), wall))?;
        }
        _ => {}
    }
    Ok(())
}

fn write_skills(transaction: &Transaction<'_>, need: &str, skills: &[String]) -> Result<(), StoreError> {
    for (position, skill) in skills.iter().enumerate() {
        let sql = "INSERT INTO need_skill (need_id, position, text) VALUES (?1, ?2, ?3)";
        transaction.prepare_cached(sql)?.execute((need, position, skill))?;
    }
    Ok(())
}

/// A need's words as they were.
fn draft_of(transaction: &Transaction<'_>, need: &str) -> Result<Draft, StoreError> {
    let text = transaction.prepare_cached("SELECT text FROM need WHERE need_id = ?1")?.query_row([need], |row| row.get(0))?;
    let mut skills = transaction.prepare_cached("SELECT text FROM need_skill WHERE need_id = ?1 ORDER BY position")?;
    let skills = skills.query_map([need], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Draft { text, skills })
}

fn changed(transaction: &Transaction<'_>, change: &Change, at: &Now) -> Result<(), StoreError> {
    match change {
        Change::Edited { need, audience, draft, .. } => {
            let need = need.to_string();
            let before = draft_of(transaction, &need)?;
            let sql = "UPDATE need SET text = ?2, audience = ?3 WHERE need_id = ?1";
            transaction.prepare_cached(sql)?.execute((&need, &draft.text, audience.as_str()))?;
            transaction.prepare_cached("DELETE FROM need_skill WHERE need_id = ?1")?.execute([&need])?;
            write_skills(transaction, &need, &draft.skills)?;
            // who saw the same words has seen these
            if before != *draft {
                transaction.prepare_cached("DELETE FROM match_told WHERE need_id = ?1")?.execute([&need])?;
            }
        }
        Change::PassesOffered { need, passes } => {
            transaction.prepare_cached("UPDATE need SET passes = ?2 WHERE need_id = ?1")?.execute((need.to_string(), passes))?;
        }
        Change::Renewed { need, .. } => {
            let sql = "UPDATE need SET renewed_boot = ?2, renewed_ns = ?3, renewed_at = ?4, asked_on = NULL WHERE need_id = ?1";
            let (boot, wall) = (at.boot.0.to_string(), at.wall.map(|wall| wall.to_string()));
            transaction.prepare_cached(sql)?.execute((need.to_string(), boot, nanoseconds(at.since_boot), wall))?;
        }
        Change::Asked { need, day, .. } => {
            let sql = "UPDATE need SET asked_on = ?2 WHERE need_id = ?1";
            transaction.prepare_cached(sql)?.execute((need.to_string(), day.to_string()))?;
        }
        Change::LetBe { need, helper, .. } => {
            let sql = "INSERT INTO need_let_be (need_id, helper) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute((need.to_string(), helper.to_string()))?;
        }
        Change::Fulfilled { need, by } => {
            let sql = "UPDATE need SET met_by = ?2 WHERE need_id = ?1";
            transaction.prepare_cached(sql)?.execute((need.to_string(), by.to_string()))?;
        }
    }
    Ok(())
}

/// A need got an answer: an offer of help, a note of *Je connais quelqu'un*, an introduction. The first one is measured.
pub(super) fn answered(transaction: &Transaction<'_>, need: NeedId, at: &Now) -> Result<(), StoreError> {
    let sql = "UPDATE need SET answered_boot = ?2, answered_ns = ?3, answered_at = ?4 WHERE need_id = ?1 AND answered_boot IS NULL AND answered_at IS NULL";
    let (boot, wall) = (at.boot.0.to_string(), at.wall.map(|wall| wall.to_string()));
    transaction.prepare_cached(sql)?.execute((need.to_string(), boot, nanoseconds(at.since_boot), wall))?;
    Ok(())
}

/// The clock is known: needs get their times; of a boot that never learnt it, at the latest now.
pub(super) fn set_right(transaction: &Transaction<'_>, anchor: &Now) -> Result<(), StoreError> {
    for column in ["renewed", "answered", "ended"] {
        set_column_right(transaction, column, anchor)?;
    }
    let undated: Vec<(String, String, i64)> = {
        let mut statement =
            transaction.prepare_cached("SELECT need_id, posted_boot, posted_ns FROM need WHERE posted_at IS NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (need, boot, ns) in undated {
        let at = moment(&boot, ns, None)?.dated_by(anchor).or(anchor.wall).map(|at| at.to_string());
        transaction.prepare_cached("UPDATE need SET posted_at = ?2 WHERE need_id = ?1")?.execute((need, at))?;
    }
    Ok(())
}

fn set_column_right(transaction: &Transaction<'_>, column: &str, anchor: &Now) -> Result<(), StoreError> {
    let undated: Vec<(String, String, i64)> = {
        let sql =
            format!("SELECT need_id, {column}_boot, {column}_ns FROM need WHERE {column}_at IS NULL AND {column}_boot IS NOT NULL");
        let mut statement = transaction.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (need, boot, ns) in undated {
        let at = moment(&boot, ns, None)?.dated_by(anchor).or(anchor.wall).map(|at| at.to_string());
        transaction.prepare_cached(&format!("UPDATE need SET {column}_at = ?2 WHERE need_id = ?1"))?.execute((need, at))?;
    }
    Ok(())
}

/// A helper's id, and 1 after it if the author has seen the offer.
fn helper_and_told(text: &str) -> Result<(MemberId, bool), StoreError> {
    let (helper, told) = text.split_at_checked(text.len().saturating_sub(1)).unwrap_or((text, ""));
    Ok((member_id(helper)?, told == "1"))
}

impl Store {
    /// Of which match of an open need which side has seen it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn told_matches(&self) -> Result<Vec<(NeedId, Side, MemberId)>, StoreError> {
        let sql = "SELECT need_id, side, helper FROM match_told JOIN need USING (need_id) WHERE site_id = ?1 AND ended IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut told = Vec::new();
        while let Some(row) = rows.next()? {
            let (need, side, helper): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let side = if side == Side::Asker.as_str() { Side::Asker } else { Side::Helper };
            told.push((NeedId(uuid(&need)?), side, member_id(&helper)?));
        }
        Ok(told)
    }

    /// The needs that are open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_needs(&self) -> Result<Vec<Need>, StoreError> {
        let lists = |sql: &str| -> Result<BTreeMap<String, Vec<String>>, StoreError> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([self.site])?;
            let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                lists.entry(row.get(0)?).or_default().push(row.get(1)?);
            }
            Ok(lists)
        };
        let mut skills = lists(
            "SELECT need_id, need_skill.text FROM need_skill JOIN need USING (need_id)
             WHERE site_id = ?1 AND ended IS NULL ORDER BY need_id, position",
        )?;
        let mut helpers =
            lists("SELECT need_id, helper || told FROM help JOIN need USING (need_id) WHERE site_id = ?1 AND ended IS NULL")?;
        let mut let_be =
            lists("SELECT need_id, helper FROM need_let_be JOIN need USING (need_id) WHERE site_id = ?1 AND ended IS NULL")?;
        let sql = "SELECT need_id, author, text, audience, posted_boot, posted_ns, posted_at,
                   passes, renewed_boot, renewed_ns, renewed_at, asked_on FROM need WHERE site_id = ?1 AND ended IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut needs = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let (author, audience): (Option<String>, String) = (row.get(1)?, row.get(3)?);
            let (helpers, let_be) = (helpers.remove(&id).unwrap_or_default(), let_be.remove(&id).unwrap_or_default());
            let renewed: Option<String> = row.get(8)?;
            let asked: Option<String> = row.get(11)?;
            needs.push(Need {
                id: NeedId(uuid(&id)?),
                author: author.map(|author| member_id(&author)).transpose()?,
                draft: Draft { text: row.get(2)?, skills: skills.remove(&id).unwrap_or_default() },
                audience: Audience::from_text(&audience).ok_or_else(|| StoreError::Strange(format!("audience {audience:?}")))?,
                posted: moment(&row.get::<_, String>(4)?, row.get(5)?, row.get(6)?)?,
                helpers: helpers.iter().map(|helper| helper_and_told(helper)).collect::<Result<_, _>>()?,
                passes: row.get(7)?,
                renewed: renewed.map(|boot| moment(&boot, row.get(9)?, row.get(10)?)).transpose()?,
                asked: asked.map(|day| day.parse().map_err(|_| StoreError::Strange(format!("day {day:?}")))).transpose()?,
                let_be: let_be.iter().map(|helper| member_id(helper)).collect::<Result<_, _>>()?,
            });
        }
        Ok(needs)
    }
    /// Who met which need, as the manager said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn met_needs(&self) -> Result<Vec<(NeedId, MemberId)>, StoreError> {
        let sql = "SELECT need_id, met_by FROM need WHERE site_id = ?1 AND met_by IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut met = Vec::new();
        while let Some(row) = rows.next()? {
            met.push((NeedId(uuid(&row.get::<_, String>(0)?)?), member_id(&row.get::<_, String>(1)?)?));
        }
        Ok(met)
    }
}
