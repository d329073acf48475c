//! Members, their consents, badges and photos: ordinary tables, apart from the events.

use super::events::{Answered, keep_answer};
use super::{Recorded, Store, StoreError, mark};
use crate::clock::wall_as_seen;
use crate::directory::{Badge, BadgeState, Directory, Member, Standing};
use crate::key::BadgeMac;
use rusqlite::{OptionalExtension as _, Transaction};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use voisins_shared::language::Language;
use voisins_shared::member::{Field, MemberId, MemberNumber, Surface};
use voisins_shared::payload::TextSize;
use voisins_shared::topic::Topic;

/// The notice that a consent was given to; a new wording is a new number.
pub const NOTICE_VERSION: i64 = 1;

/// What a consent says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ConsentState {
    Invited,
    Granted,
    Withdrawn,
}

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum GivenBy {
    Member,
    Manager,
    Import,
}

/// One consent, for one field on one surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    #[allow(missing_docs)]
    pub field: Field,
    #[allow(missing_docs)]
    pub surface: Surface,
    #[allow(missing_docs)]
    pub state: ConsentState,
    #[allow(missing_docs)]
    pub by: GivenBy,
    /// The day, as text (`2026-01-05`).
    pub on: String,
    /// Where it stands written ("paper form"), for an imported one.
    pub source: Option<String>,
}

/// A member as they are to be, and what is added for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Every field as it is to stand.
    pub member: Member,
    /// Consents to be added, in this order.
    pub consents: Vec<Consent>,
    /// Cards to be made badges.
    pub badges: Vec<BadgeMac>,
}

impl ConsentState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Granted => "granted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl GivenBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Import => "import",
        }
    }
}

pub(super) fn consent_state(word: &str) -> ConsentState {
    match word {
        "granted" => ConsentState::Granted,
        "withdrawn" => ConsentState::Withdrawn,
        _ => ConsentState::Invited,
    }
}

pub(super) fn given_by(word: &str) -> GivenBy {
    match word {
        "manager" => GivenBy::Manager,
        "import" => GivenBy::Import,
        _ => GivenBy::Member,
    }
}

const TAG_KINDS: [&str; 4] = ["language", "skill", "interest", "looking_for"];

fn tags(member: &Member) -> [&Vec<String>; 4] {
    [&member.languages, &member.skills, &member.interests, &member.looking_for]
}

impl Store {
    /// All members and badges.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn directory(&self) -> Result<Directory, StoreError> {
        let mut members = self.members()?;
        self.add_tags(&mut members)?;
        for (member, field, surface, state, _, _) in self.consent_rows()? {
            let Some(member) = members.get_mut(&member).filter(|_| state != "invited") else { continue };
            member.asked = true;
            if state == "granted" {
                member.consents.insert((field, surface));
            }
        }
        Ok(Directory::new(members.into_values(), self.badges()?))
    }

    fn members(&self) -> Result<BTreeMap<MemberId, Member>, StoreError> {
        let sql = "SELECT member_id, number, name, title, pronouns, email, phone, website, seat, screen_language, standing, hash, text_size, departed_on,
                   authentic_only FROM member LEFT JOIN photo USING (member_id)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut members = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let id = member_id(&row.get::<_, String>(0)?)?;
            let (language, standing): (Option<String>, String) = (row.get(9)?, row.get(10)?);
            let text_size: Option<String> = row.get(12)?;
            let member = Member {
                id,
                number: MemberNumber(row.get(1)?),
                name: row.get(2)?,
                title: row.get(3)?,
                pronouns: row.get(4)?,
                languages: vec![],
                skills: vec![],
                interests: vec![],
                looking_for: vec![],
                email: row.get(5)?,
                phone: row.get(6)?,
                website: row.get(7)?,
                table: row.get(8)?,
                screen_language: language.as_deref().and_then(Language::from_code),
                standing: match (standing.as_str(), row.get::<_, Option<String>>(13)?) {
                    (_, Some(_)) => Standing::Departed,
                    ("active", None) => Standing::Active,
                    _ => Standing::Suspended,
                },
                authentic_only: row.get(14)?,
                text_size: text_size.as_deref().and_then(TextSize::from_text).unwrap_or_default(),
                consents: BTreeSet::new(),
                asked: false,
                photo: row.get::<_, Option<String>>(11)?.map(Arc::from),
            };
            members.insert(id, member);
        }
        Ok(members)
    }

    fn add_tags(&self, members: &mut BTreeMap<MemberId, Member>) -> Result<(), StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT member_id, kind, text FROM member_tag ORDER BY member_id, kind, position")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(member) = members.get_mut(&member_id(&row.get::<_, String>(0)?)?) else { continue };
            let list = match row.get::<_, String>(1)?.as_str() {
                "language" => &mut member.languages,
                "skill" => &mut member.skills,
                "interest" => &mut member.interests,
                _ => &mut member.looking_for,
            };
            list.push(row.get(2)?);
        }
        Ok(())
    }

    /// The consents that count: the last row of each member, field and surface, with its day and source.
    #[allow(clippy::type_complexity)]
    fn consent_rows(&self) -> Result<Vec<(MemberId, Field, Surface, String, String, Option<String>)>, StoreError> {
        let sql = "SELECT member_id, field, surface, state, given_on, source FROM consent WHERE consent_id IN
                   (SELECT max(consent_id) FROM consent GROUP BY member_id, field, surface) ORDER BY member_id, consent_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (field, surface): (String, String) = (row.get(1)?, row.get(2)?);
            // a field that a later version knows is no business of this one
            if let (Some(field), Some(surface)) = (Field::from_text(&field), Surface::from_text(&surface)) {
                found.push((member_id(&row.get::<_, String>(0)?)?, field, surface, row.get(3)?, row.get(4)?, row.get(5)?));
            }
        }
        Ok(found)
    }

    /// The last consent of each member, field and surface.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn consents(&self) -> Result<BTreeMap<MemberId, Vec<Consent>>, StoreError> {
        let mut consents: BTreeMap<MemberId, Vec<Consent>> = BTreeMap::new();
        for (member, field, surface, state, on, source) in self.consent_rows()? {
            let state = consent_state(&state);
            let by = if source.is_some() { GivenBy::Import } else { GivenBy::Member };
            consents.entry(member).or_default().push(Consent { field, surface, state, by, on, source });
        }
        Ok(consents)
    }

    fn badges(&self) -> Result<Vec<(BadgeMac, Badge)>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT key_id, mac, badge_id, member_id, state, authentic FROM badge")?;
        let mut rows = statement.query([])?;
        let mut badges = Vec::new();
        while let Some(row) = rows.next()? {
            let state: String = row.get(4)?;
            let state = BadgeState::from_text(&state).ok_or_else(|| StoreError::Strange(format!("badge state {state:?}")))?;
            let badge = Badge { id: row.get(2)?, member: member_id(&row.get::<_, String>(3)?)?, state, authentic: row.get(5)? };
            badges.push((BadgeMac { key_id: row.get(0)?, mac: row.get(1)? }, badge));
        }
        Ok(badges)
    }

    /// Writes members, consents, badges and a request's answer: all or nothing.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was written.
    pub fn save_members(
        &mut self,
        changes: &[Change],
        dirty: &[Topic],
        answer: Option<Answered<'_>>,
    ) -> Result<Recorded, StoreError> {
        let mark_no = self.last_mark + 1;
        let transaction = self.begin()?;
        for change in changes {
            save_member(&transaction, &change.member)?;
            for consent in &change.consents {
                let sql = "INSERT INTO consent (member_id, field, surface, state, given_by, given_on, source, notice_version)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
                transaction.prepare_cached(sql)?.execute((
                    change.member.id.to_string(),
                    consent.field.as_str(),
                    consent.surface.as_str(),
                    consent.state.as_str(),
                    consent.by.as_str(),
                    &consent.on,
                    &consent.source,
                    NOTICE_VERSION,
                ))?;
            }
            for badge in &change.badges {
                let sql = "INSERT INTO badge (member_id, key_id, mac, enrolled_at) VALUES (?1, ?2, ?3, ?4)";
                let now = wall_as_seen().to_string();
                transaction.prepare_cached(sql)?.execute((change.member.id.to_string(), badge.key_id, badge.mac, now))?;
            }
        }
        mark(&transaction, dirty, mark_no)?;
        keep_answer(&transaction, answer)?;
        let seq = transaction.query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))?;
        transaction.commit()?;
        self.last_mark = mark_no;
        Ok(Recorded { seq, mark: mark_no })
    }

    /// Changes what may be done with a badge; `false` if there is no such badge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_badge_state(&mut self, badge: i64, state: BadgeState) -> Result<bool, StoreError> {
        let changed = self.connection.execute("UPDATE badge SET state = ?2 WHERE badge_id = ?1", (badge, state.as_str()))?;
        Ok(changed == 1)
    }

    /// Keeps a member's photo (a JPEG).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_photo(&mut self, member: MemberId, jpeg: &[u8], dirty: &[Topic]) -> Result<Recorded, StoreError> {
        let mark_no = self.last_mark + 1;
        let hash: String = Sha256::digest(jpeg).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let transaction = self.begin()?;
        let sql = "INSERT OR REPLACE INTO photo (member_id, hash, jpeg) VALUES (?1, ?2, ?3)";
        transaction.execute(sql, (member.to_string(), hash, jpeg))?;
        mark(&transaction, dirty, mark_no)?;
        transaction.commit()?;
        self.last_mark = mark_no;
        Ok(Recorded { seq: 0, mark: mark_no })
    }

    /// A member's photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo(&self, member: MemberId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT jpeg FROM photo WHERE member_id = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([member.to_string()], |row| row.get(0)).optional()?)
    }

    /// The number the next new member gets.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_number(&self) -> Result<MemberNumber, StoreError> {
        // numbers are never given twice, also after an erasure
        let sql = "SELECT max(coalesce((SELECT max(number) FROM member), 0), coalesce((SELECT CAST(value AS INTEGER) FROM meta
                   WHERE key = 'last_number'), 0)) + 1";
        Ok(MemberNumber(self.connection.query_row(sql, [], |row| row.get(0))?))
    }
}

fn save_member(transaction: &Transaction<'_>, member: &Member) -> Result<(), StoreError> {
    let id = member.id.to_string();
    let standing = match member.standing {
        Standing::Active => "active",
        Standing::Suspended | Standing::Departed => "suspended",
    };
    let sql = "INSERT INTO member (member_id, number, name, title, pronouns, email, phone, website, seat, screen_language, standing, added_at,
               text_size, departed_on, authentic_only)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
               ON CONFLICT (member_id) DO UPDATE SET name = excluded.name, title = excluded.title, pronouns = excluded.pronouns,
               email = excluded.email, phone = excluded.phone, website = excluded.website, seat = excluded.seat,
               screen_language = excluded.screen_language, standing = excluded.standing, text_size = excluded.text_size,
               authentic_only = excluded.authentic_only,
               departed_on = iif(excluded.departed_on IS NULL, NULL, coalesce(departed_on, excluded.departed_on))";
    transaction.prepare_cached(sql)?.execute((
        &id,
        member.number.0,
        &member.name,
        &member.title,
        &member.pronouns,
        &member.email,
        &member.phone,
        &member.website,
        &member.table,
        member.screen_language.map(Language::code),
        standing,
        wall_as_seen().to_string(),
        member.text_size.as_str(),
        (member.standing == Standing::Departed).then(|| wall_as_seen().to_string()),
        member.authentic_only,
    ))?;
    transaction
        .prepare_cached("INSERT INTO meta (key, value) VALUES ('last_number', ?1) ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(?1 AS INTEGER))")?
        .execute([member.number.0.to_string()])?;
    transaction.prepare_cached("DELETE FROM member_tag WHERE member_id = ?1")?.execute([&id])?;
    for (kind, list) in TAG_KINDS.iter().zip(tags(member)) {
        for (position, text) in list.iter().enumerate() {
            let sql = "INSERT INTO member_tag (member_id, kind, position, text) VALUES (?1, ?2, ?3, ?4)";
            transaction.prepare_cached(sql)?.execute((&id, kind, position, text))?;
        }
    }
    Ok(())
}

pub(super) fn member_id(text: &str) -> Result<MemberId, StoreError> {
    text.parse().map(MemberId).map_err(|_| StoreError::Strange(format!("member id {text:?}")))
}
