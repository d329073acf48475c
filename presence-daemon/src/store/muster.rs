//! What the evacuation list needs beside visits: dead readers, an evacuation that is going on, the kiosk's PIN.

use super::{Store, StoreError};
use crate::muster::Going;
use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use std::collections::BTreeMap;
use voisins_shared::muster::{Gap, Person, Safe};
use voisins_shared::name::ReaderName;

const PIN: &str = "muster_pin";

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn time(text: Option<String>) -> Option<Timestamp> {
    text.and_then(|text| text.parse().ok())
}

impl Store {
    /// The times in which a reader was dead: those that go on, and those that ended after a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn gaps(&self, after: Timestamp) -> Result<BTreeMap<i64, Gap>, StoreError> {
        let sql = "SELECT gap_id, reader, since, until, over FROM reader_gap
                   WHERE site_id = ?1 AND (over = 0 OR until >= ?2) ORDER BY gap_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((self.site, after.to_string()), |row| {
            let reader: Option<String> = row.get(1)?;
            let reader = reader.and_then(|reader| ReaderName::new(&reader).ok());
            Ok((row.get(0)?, Gap { reader, since: time(row.get(2)?), until: time(row.get(3)?) }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A reader is dead.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_gap(&mut self, gap: &Gap) -> Result<i64, StoreError> {
        let site = self.site;
        let transaction = self.begin()?;
        let sql = "INSERT INTO reader_gap (site_id, reader, since, until, over) VALUES (?1, ?2, ?3, ?4, ?5)";
        let reader = gap.reader.as_ref().map(ReaderName::as_str);
        let row = (site, reader, text(gap.since), text(gap.until), gap.until.is_some());
        transaction.prepare_cached(sql)?.execute(row)?;
        let id = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(id)
    }

    /// It reads again; or it was so short that nobody needs to know of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_gap(&mut self, id: i64, until: Option<Timestamp>, counts: bool) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        match counts {
            true => {
                let sql = "UPDATE reader_gap SET until = ?2, over = 1 WHERE gap_id = ?1";
                transaction.prepare_cached(sql)?.execute((id, text(until)))?;
            }
            false => drop(transaction.prepare_cached("DELETE FROM reader_gap WHERE gap_id = ?1")?.execute([id])?),
        }
        Ok(transaction.commit()?)
    }

    /// The evacuation that is going on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evacuation(&self) -> Result<Option<Going>, StoreError> {
        let sql =
            "SELECT evacuation_id, began_at, began_by FROM evacuation WHERE site_id = ?1 AND over = 0 ORDER BY evacuation_id DESC";
        let found = self.connection.prepare_cached(sql)?.query_row([self.site], |row| {
            Ok(Going { id: row.get(0)?, since: time(row.get(1)?), by: row.get(2)?, people: BTreeMap::new() })
        });
        let Some(mut going) = found.optional()? else { return Ok(None) };
        let mut statement =
            self.connection.prepare_cached("SELECT visit_id, person, safe_by, safe_at FROM evacuated WHERE evacuation_id = ?1")?;
        let mut rows = statement.query([going.id])?;
        while let Some(row) = rows.next()? {
            let (visit, person, by): (u64, Option<String>, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let Some(mut person) = person.and_then(|person| serde_json::from_str::<Person>(&person).ok()) else { continue };
            person.safe = by.map(|by| Ok::<_, StoreError>(Safe { by, at: time(row.get(3)?) })).transpose()?;
            going.people.insert(visit, person);
        }
        Ok(Some(going))
    }

    /// An evacuation begins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_evacuation(&mut self, by: &str, at: Option<Timestamp>) -> Result<i64, StoreError> {
        let site = self.site;
        let transaction = self.begin()?;
        let sql = "INSERT INTO evacuation (site_id, began_by, began_at) VALUES (?1, ?2, ?3)";
        transaction.prepare_cached(sql)?.execute((site, by, text(at)))?;
        let id = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(id)
    }

    /// Keeps people on the list of an evacuation, with who was found.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_evacuated<'a>(&mut self, id: i64, people: impl IntoIterator<Item = &'a Person>) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        for person in people {
            let json = serde_json::to_string(&Person { safe: None, ..person.clone() }).unwrap_or_default();
            let (by, at) = person.safe.as_ref().map_or((None, None), |safe| (Some(&safe.by), text(safe.at)));
            let sql = "INSERT INTO evacuated (evacuation_id, visit_id, person, safe_by, safe_at) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (evacuation_id, visit_id) DO UPDATE SET person = excluded.person, safe_by = excluded.safe_by,
                       safe_at = excluded.safe_at";
            transaction.prepare_cached(sql)?.execute((id, person.visit, json, by, at))?;
        }
        Ok(transaction.commit()?)
    }

    /// An evacuation is over: how many were found stays, who they were doesn't.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_evacuation(&mut self, id: i64, by: &str, at: Option<Timestamp>) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE evacuation SET ended_by = ?2, ended_at = ?3, over = 1 WHERE evacuation_id = ?1";
        transaction.prepare_cached(sql)?.execute((id, by, text(at)))?;
        transaction.prepare_cached("UPDATE evacuated SET person = NULL WHERE evacuation_id = ?1")?.execute([id])?;
        Ok(transaction.commit()?)
    }

    /// What is kept of the kiosk's PIN.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pin(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([PIN], |row| row.get(0)).optional()?)
    }

    /// Another PIN, or none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_pin(&mut self, hash: Option<&str>) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        match hash {
            Some(hash) => {
                let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
                transaction.prepare_cached(sql)?.execute((PIN, hash))?;
            }
            None => drop(transaction.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([PIN])?),
        }
        Ok(transaction.commit()?)
    }
}
