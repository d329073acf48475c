//! What is kept of one member, for themselves: what they agreed to, when they came, what they asked for.

use super::Reports;
use crate::store::StoreError;
use serde::Serialize;
use voisins_shared::member::MemberId;

/// A consent, given or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct GivenConsent {
    pub field: String,
    pub surface: String,
    pub state: String,
    pub given_by: String,
    pub given_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A visit. `closed_by`: "assumed" is no departure that somebody saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct OwnVisit {
    pub day: Option<String>,
    pub opened_at: Option<String>,
    pub opened_by: String,
    pub last_seen_at: Option<String>,
    pub closed_at: Option<String>,
    pub closed_by: Option<String>,
}

/// A need. The words of one that is over are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct OwnNeed {
    pub text: String,
    pub audience: String,
    pub posted_at: Option<String>,
    pub ended: Option<String>,
}

/// All of it, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Kept {
    pub consents: Vec<GivenConsent>,
    pub visits: Vec<OwnVisit>,
    pub needs: Vec<OwnNeed>,
}

impl Reports {
    /// What is kept of a member beside their record.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn kept_of(&self, member: MemberId) -> Result<Kept, StoreError> {
        let member = member.to_string();
        let consents = "SELECT field, surface, state, given_by, given_on, source FROM consent WHERE member_id = ?1
                        UNION ALL SELECT 'mail', 'mail', iif(agreed, 'granted', 'withdrawn'), 'member', given_on, NULL
                        FROM mail_consent WHERE member_id = ?1 ORDER BY given_on";
        let mut statement = self.connection.prepare(consents)?;
        let consents = statement.query_map([&member], |row| {
            let (field, surface, state) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(GivenConsent { field, surface, state, given_by: row.get(3)?, given_on: row.get(4)?, source: row.get(5)? })
        })?;
        let consents = consents.collect::<Result<_, _>>()?;
        let visits =
            "SELECT day, opened_at, opened_by, seen_at, closed_at, closed_by FROM visit WHERE member_id = ?1 ORDER BY visit_id";
        let mut statement = self.connection.prepare(visits)?;
        let visits = statement.query_map([&member], |row| {
            let (day, opened_at, opened_by) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(OwnVisit { day, opened_at, opened_by, last_seen_at: row.get(3)?, closed_at: row.get(4)?, closed_by: row.get(5)? })
        })?;
        let visits = visits.collect::<Result<_, _>>()?;
        let needs = "SELECT text, audience, posted_at, ended FROM need WHERE author = ?1 ORDER BY posted_at, need_id";
        let mut statement = self.connection.prepare(needs)?;
        let needs = statement.query_map([&member], |row| {
            Ok(OwnNeed { text: row.get(0)?, audience: row.get(1)?, posted_at: row.get(2)?, ended: row.get(3)? })
        })?;
        let needs = needs.collect::<Result<_, _>>()?;
        Ok(Kept { consents, visits, needs })
    }
}
