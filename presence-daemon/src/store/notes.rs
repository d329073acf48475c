//! Notes: their words in a table of their own, gone when they are erased.

use super::between::{columns, known_moment_at, moment_at};
use super::people::member_id;
use super::restore::uuid;
use super::{Store, StoreError};
use crate::clock::Now;
use crate::community::notes::{Happened, Note, Notes};
use rusqlite::Transaction;
use voisins_shared::need::NeedId;
use voisins_shared::note::NoteId;

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, site: i64, at: &Now, happened: &Happened) -> Result<(), StoreError> {
    let set = |note: &NoteId, sql: &str| transaction.prepare_cached(sql)?.execute([note.to_string()]);
    let forget = |note: &NoteId| set(note, "DELETE FROM note_text WHERE note_id = ?1");
    match happened {
        Happened::Left { note, author, to, need, delivered, text } => {
            let (note, author, to) = (note.to_string(), author.to_string(), to.map(|to| to.to_string()));
            let (need, (boot, ns, wall)) = (need.map(|need| need.to_string()), columns(at));
            let sql = "INSERT INTO note (note_id, site_id, author, reader, need_id, delivered, left_boot, left_ns, left_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
            transaction.prepare_cached(sql)?.execute((&note, site, author, to, need, delivered, boot, ns, wall))?;
            if *delivered {
                let sql = "INSERT INTO note_text (note_id, text) VALUES (?1, ?2)";
                transaction.prepare_cached(sql)?.execute((&note, text))?;
            }
        }
        Happened::Opened { note, .. } => {
            let (boot, ns, wall) = columns(at);
            let sql = "UPDATE note SET opened_boot = ?2, opened_ns = ?3, opened_at = ?4 WHERE note_id = ?1 AND opened_boot IS NULL";
            transaction.prepare_cached(sql)?.execute((note.to_string(), boot, ns, wall))?;
        }
        Happened::Reported { note, .. } => drop(set(note, "UPDATE note SET reported = 1 WHERE note_id = ?1")?),
        Happened::Refused { reader, author } => {
            let sql = "INSERT INTO notes_refused (reader, author) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute((reader.to_string(), author.to_string()))?;
        }
        Happened::Settled { note } => {
            set(note, "UPDATE note SET settled = 1 WHERE note_id = ?1")?;
            forget(note)?;
        }
        Happened::Erased { note } => {
            set(note, "UPDATE note SET erased = 1 WHERE note_id = ?1")?;
            forget(note)?;
        }
    }
    Ok(())
}

impl Store {
    /// The notes that may still be read, and who wants none of whom.
    pub(super) fn notes(&self) -> Result<Notes, StoreError> {
        let sql = "SELECT note_id, author, reader, need_id, delivered, reported, settled, coalesce(text, ''), left_boot, left_ns,
                   left_at, opened_boot, opened_ns, opened_at FROM note LEFT JOIN note_text USING (note_id)
                   WHERE site_id = ?1 AND erased = 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut notes = Vec::new();
        while let Some(row) = rows.next()? {
            let (to, need): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            notes.push(Note {
                id: NoteId(uuid(&row.get::<_, String>(0)?)?),
                author: member_id(&row.get::<_, String>(1)?)?,
                to: to.map(|to| member_id(&to)).transpose()?,
                need: need.map(|need| uuid(&need).map(NeedId)).transpose()?,
                text: row.get(7)?,
                left: known_moment_at(row, 8)?,
                delivered: row.get(4)?,
                opened: moment_at(row, 11)?,
                reported: row.get(5)?,
                settled: row.get(6)?,
            });
        }
        let mut statement = self.connection.prepare_cached("SELECT reader, author FROM notes_refused")?;
        let mut rows = statement.query([])?;
        let mut refused = Vec::new();
        while let Some(row) = rows.next()? {
            refused.push((member_id(&row.get::<_, String>(0)?)?, member_id(&row.get::<_, String>(1)?)?));
        }
        Ok(Notes::restore(notes, refused))
    }
}
