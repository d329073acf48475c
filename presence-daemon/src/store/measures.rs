//! What counts, for the months.

use super::{Store, StoreError};
use crate::measures::{Introduction, MONTHS, Need, months};
use crate::policy::Policy;
use jiff::Timestamp;
use jiff::civil::Date;
use voisins_shared::payload::Month;

impl Store {
    /// How much neighbours helped each other, by the months until today, the latest first. Needs for the coordination only are not
    /// counted: a document that every kiosk reads would tell in which minute one was put up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn measures(&self, today: Date, policy: &Policy) -> Result<Vec<Month>, StoreError> {
        let introductions: Vec<_> =
            self.outcomes()?.into_iter().map(|(introduced, led)| Introduction { introduced, led }).collect();
        Ok(months(&self.measured_needs(today)?, &introductions, today, policy))
    }

    fn measured_needs(&self, today: Date) -> Result<Vec<Need>, StoreError> {
        // a little more than is told: the months are cut by the days of the site
        let first = today.saturating_sub(jiff::Span::new().months(MONTHS + 1)).to_string();
        let sql = "SELECT posted_at, answered_at, iif(met, ended_at, NULL) FROM need
                   WHERE site_id = ?1 AND audience <> 'coordination' AND (posted_at >= ?2 OR met AND ended_at >= ?2)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((self.site, first))?;
        let mut needs = Vec::new();
        while let Some(row) = rows.next()? {
            let time = |column: usize| -> Result<Option<Timestamp>, StoreError> {
                let text: Option<String> = row.get(column)?;
                text.map(|text| text.parse().map_err(|_| StoreError::Strange(format!("time {text:?}")))).transpose()
            };
            if let Some(posted) = time(0)? {
                needs.push(Need { posted, answered: time(1)?, met: time(2)? });
            }
        }
        Ok(needs)
    }
}
