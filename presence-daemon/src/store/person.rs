//! One member, for the manager's eyes: who said what may be shown, and the badges with their days.

use super::people::{consent_state, given_by};
use super::{Consent, Recorded, Store, StoreError, mark};
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::topic::Topic;

/// A badge as the manager knows it: by its number, never by its card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs)]
pub struct BadgeRow {
    pub id: i64,
    /// The word of its [`crate::directory::BadgeState`].
    pub state: String,
    /// It proved that it is no copy; otherwise its UID alone is known.
    pub authentic: bool,
    /// RFC 3339; none while the clock was not known.
    pub enrolled_at: Option<String>,
}

impl Store {
    /// What counts of a member's consents: the last row for each field and surface, with who said it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn consents_of(&self, member: MemberId) -> Result<Vec<Consent>, StoreError> {
        let sql = "SELECT field, surface, state, given_by, given_on, source FROM consent WHERE consent_id IN
                   (SELECT max(consent_id) FROM consent WHERE member_id = ?1 GROUP BY field, surface) ORDER BY consent_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([member.to_string()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let (field, surface) = (Field::from_text(&text(0)?), Surface::from_text(&text(1)?));
            let (Some(field), Some(surface)) = (field, surface) else { continue };
            let (state, by) = (consent_state(&text(2)?), given_by(&text(3)?));
            found.push(Consent { field, surface, state, by, on: text(4)?, source: row.get(5)? });
        }
        Ok(found)
    }

    /// A member's badges, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn badge_rows(&self, member: MemberId) -> Result<Vec<BadgeRow>, StoreError> {
        let sql = "SELECT badge_id, state, authentic, enrolled_at FROM badge WHERE member_id = ?1 ORDER BY badge_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([member.to_string()], |row| {
            Ok(BadgeRow { id: row.get(0)?, state: row.get(1)?, authentic: row.get(2)?, enrolled_at: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets a member's photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_photo(&mut self, member: MemberId, dirty: &[Topic]) -> Result<Recorded, StoreError> {
        let mark_no = self.last_mark + 1;
        let transaction = self.begin()?;
        transaction.execute("DELETE FROM photo WHERE member_id = ?1", [member.to_string()])?;
        mark(&transaction, dirty, mark_no)?;
        transaction.commit()?;
        self.last_mark = mark_no;
        self.truncate();
        Ok(Recorded { seq: 0, mark: mark_no })
    }
}
