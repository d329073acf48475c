//! The manager's network: ordinary tables, apart from the events.

use super::{Store, StoreError};
use crate::contacts::{About, Contact, ContactId};
use jiff::civil::Date;

impl Store {
    /// All contacts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn contacts(&self) -> Result<Vec<Contact>, StoreError> {
        let mut skills =
            self.connection.prepare_cached("SELECT text FROM contact_skill WHERE contact_id = ?1 ORDER BY position")?;
        let sql = "SELECT contact_id, name, reach, source, agreed_on FROM contact WHERE site_id = ?1 ORDER BY contact_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut contacts = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, agreed): (i64, String) = (row.get(0)?, row.get(4)?);
            let agreed_on: Date = agreed.parse().map_err(|_| StoreError::Strange(format!("day {agreed:?}")))?;
            let skills = skills.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let about = About { name: row.get(1)?, skills, reach: row.get(2)?, source: row.get(3)? };
            contacts.push(Contact { id: ContactId(id), about, agreed_on });
        }
        Ok(contacts)
    }

    /// Keeps a contact who agreed to it.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn add_contact(&mut self, about: &About, agreed_on: Date) -> Result<ContactId, StoreError> {
        let site = self.site;
        let transaction = self.begin()?;
        let sql = "INSERT INTO contact (site_id, name, reach, source, agreed_on) VALUES (?1, ?2, ?3, ?4, ?5)";
        transaction.execute(sql, (site, &about.name, &about.reach, &about.source, agreed_on.to_string()))?;
        let id = transaction.last_insert_rowid();
        for (position, skill) in about.skills.iter().enumerate() {
            let sql = "INSERT INTO contact_skill (contact_id, position, text) VALUES (?1, ?2, ?3)";
            transaction.execute(sql, (id, position, skill))?;
        }
        transaction.commit()?;
        Ok(ContactId(id))
    }

    /// Forgets a contact; `false` if there is none of this number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_contact(&mut self, ContactId(id): ContactId) -> Result<bool, StoreError> {
        Ok(self.connection.execute("DELETE FROM contact WHERE contact_id = ?1 AND site_id = ?2", (id, self.site))? == 1)
    }
}
