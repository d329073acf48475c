//! All that is kept of one member, and all visits: for exports.

use super::Reports;
use crate::store::StoreError;
use rusqlite::OptionalExtension as _;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};
use voisins_shared::member::MemberId;

/// The columns of the visits' CSV. `left` is empty where nobody knows: an assumed end stands in `assumed_left`.
pub const VISIT_COLUMNS: [&str; 10] =
    ["visit", "member", "name", "kind", "day", "arrived", "arrived_by", "left", "left_by", "assumed_left"];

/// What stands of a member where: a name, and a query by the member's id.
const KEPT: &[(&str, &str)] = &[
    (
        "consents",
        "SELECT field, surface, state, given_by, given_on, source, notice_version FROM consent WHERE member_id = ?1 ORDER BY consent_id",
    ),
    ("badges", "SELECT badge_id AS badge, state, authentic, enrolled_at FROM badge WHERE member_id = ?1 ORDER BY badge_id"),
    (
        "visits",
        "SELECT visit_id AS visit, day, opened_at AS arrived, opened_by AS arrived_by, iif(closed_by = 'assumed', NULL, closed_at) AS \"left\",
         iif(closed_by = 'assumed', NULL, closed_by) AS left_by, iif(closed_by = 'assumed', closed_at, NULL) AS assumed_left
         FROM visit WHERE member_id = ?1 ORDER BY opened_seq",
    ),
    (
        "needs",
        "SELECT need_id AS need, text, audience, posted_at, ended, ended_at, met,
         (SELECT group_concat(s.text, ';') FROM need_skill s WHERE s.need_id = need.need_id) AS skills FROM need WHERE author = ?1 ORDER BY posted_at",
    ),
    ("offers", "SELECT need_id AS need, offered_at FROM help WHERE helper = ?1 ORDER BY offered_at"),
    (
        "passes",
        "SELECT sort, pass_entry.passes AS passes, pass_entry.until AS until, day, at, (SELECT text FROM pass_reason r WHERE r.transfer_id = t.transfer_id) AS reason
         FROM pass_entry JOIN pass_account USING (account_id) JOIN pass_transfer t USING (transfer_id) WHERE member_id = ?1 ORDER BY transfer_id",
    ),
    (
        "introductions",
        "SELECT introduction_id AS introduction, iif(asker = ?1, 'asker', 'helper') AS side, need_id AS need, proposed_at, introduced_at, ended
         FROM introduction WHERE asker = ?1 OR (helper = ?1 AND quiet = 0 AND (asker_first = 0 OR introduced_at IS NOT NULL)) ORDER BY proposed_at",
    ),
    (
        "notes_written",
        "SELECT note_id AS note, left_at, opened_at FROM note WHERE author = ?1 ORDER BY left_at",
    ),
    (
        "notes_received",
        "SELECT note_id AS note, left_at, opened_at FROM note WHERE reader = ?1 ORDER BY left_at",
    ),
    ("events_proposed", "SELECT event_id AS event, title, place, starts, firm, ended FROM proposed_event WHERE author = ?1 ORDER BY starts"),
    ("events_answered", "SELECT event_id AS event, until FROM rsvp WHERE member_id = ?1 ORDER BY until"),
    ("vouched_for", "SELECT sort, day, at FROM vouch WHERE vouched_by = ?1 ORDER BY vouch_id"),
    ("mail", "SELECT agreed, given_on, notice_version FROM mail_consent WHERE member_id = ?1 ORDER BY rowid"),
    (
        "visit_corrections",
        "SELECT visit_id AS visit, sort, reason FROM visit_correction WHERE visit_id IN (SELECT visit_id FROM visit WHERE member_id = ?1)",
    ),
    ("snoozed_since", "SELECT since_at FROM snooze WHERE member_id = ?1"),
];

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
    }
}

impl Reports {
    /// All that is kept of a member, as they have a right to see it; none if there is no such member.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn all_of(&self, member: MemberId) -> Result<Option<Value>, StoreError> {
        let id = member.to_string();
        let person = "SELECT member_id AS id, printf('M-%04d', number) AS number, name, title, pronouns, email, phone, website, seat AS \"table\",
                      screen_language, text_size, standing, authentic_only, departed_on, added_at FROM member WHERE member_id = ?1";
        let Some(Value::Object(mut all)) = self.rows(person, &id)?.into_iter().next() else { return Ok(None) };
        for (field, kind) in
            [("languages", "language"), ("skills", "skill"), ("interests", "interest"), ("looking_for", "looking_for")]
        {
            let sql = format!("SELECT text FROM member_tag WHERE member_id = ?1 AND kind = '{kind}' ORDER BY position");
            let texts = self.rows(&sql, &id)?.into_iter().filter_map(|row| row.get("text").cloned()).collect();
            all.insert(field.to_owned(), Value::Array(texts));
        }
        let photo: Option<Vec<u8>> = self.photo(member)?;
        all.insert("photo_jpeg_base64".to_owned(), photo.map_or(Value::Null, |jpeg| json!(base64(&jpeg))));
        for (name, sql) in KEPT {
            all.insert((*name).to_owned(), Value::Array(self.rows(sql, &id)?));
        }
        Ok(Some(Value::Object(all)))
    }

    fn rows(&self, sql: &str, id: &str) -> Result<Vec<Value>, StoreError> {
        let mut statement = self.connection.prepare(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([id])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut object = Map::new();
            for (at, name) in names.iter().enumerate() {
                object.insert(name.clone(), value(row.get_ref(at)?));
            }
            found.push(Value::Object(object));
        }
        Ok(found)
    }

    /// A member's photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo(&self, member: MemberId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT jpeg FROM photo WHERE member_id = ?1";
        Ok(self.connection.query_row(sql, [member.to_string()], |row| row.get(0)).optional()?)
    }

    /// All visits as a CSV ([`VISIT_COLUMNS`]), the oldest first. Who is no longer known is `anonymised`; times are UTC (RFC 3339).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn visits_csv(&self) -> Result<String, StoreError> {
        let sql = "SELECT visit_id, iif(number IS NULL, '', printf('M-%04d', number)), coalesce(name, ''),
                   CASE WHEN number IS NOT NULL THEN 'member' WHEN anonymised THEN 'anonymised' ELSE 'guest' END,
                   coalesce(day, ''), coalesce(opened_at, ''), opened_by, closed_by, coalesce(closed_at, '')
                   FROM visit LEFT JOIN member USING (member_id)
                   WHERE NOT EXISTS (SELECT 1 FROM visit_correction c WHERE c.visit_id = visit.visit_id AND c.sort = 'cancelled')
                   ORDER BY visit_id";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut writer = csv::Writer::from_writer(Vec::new());
        let write = |writer: &mut csv::Writer<Vec<u8>>, row: &[String]| {
            writer.write_record(row).map_err(|error| StoreError::Strange(error.to_string()))
        };
        write(&mut writer, &VISIT_COLUMNS.map(str::to_owned))?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let (closed_by, closed_at) = (row.get::<_, Option<String>>(7)?.unwrap_or_default(), text(8)?);
            let assumed = closed_by == "assumed";
            let (left, left_by) = if assumed { (String::new(), String::new()) } else { (closed_at.clone(), closed_by) };
            let assumed_left = if assumed { closed_at } else { String::new() };
            let name = crate::members::formulas::neutral(&text(2)?);
            let visit = row.get::<_, i64>(0)?.to_string();
            let cells = [visit, text(1)?, name, text(3)?, text(4)?, text(5)?, text(6)?, left, left_by, assumed_left];
            write(&mut writer, &cells)?;
        }
        let bytes = writer.into_inner().map_err(|error| StoreError::Strange(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| StoreError::Strange(error.to_string()))
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
