//! Introductions.

use super::between::{columns, known_moment_at, moment_at};
use super::people::member_id;
use super::restore::uuid;
use super::{Store, StoreError};
use crate::clock::Now;
use crate::community::Side;
use crate::community::introductions::{Half, Happened, Introduction, Introductions, Party, Thanks};
use crate::contacts::ContactId;
use jiff::Timestamp;
use rusqlite::Transaction;
use std::collections::BTreeMap;
use voisins_shared::introduction::{IntroductionId, Led};
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::ProposedBy;

/// When two were introduced, and what it led to.
pub type Outcome = (Timestamp, Option<(Led, Timestamp)>);

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, site: i64, at: &Now, happened: &Happened) -> Result<(), StoreError> {
    let id = happened.introduction().to_string();
    let of = |member: &MemberId| (id.clone(), member.to_string());
    match happened {
        Happened::Proposed { asker, helper, need, by, accepted, quiet, asker_first, .. } => {
            let (helper, contact) = match helper {
                Party::Member(member) => (Some(member.to_string()), None),
                Party::Contact(ContactId(contact)) => (None, Some(contact)),
            };
            let need = need.map(|need| need.to_string());
            let (boot, ns, wall) = columns(at);
            let sql = "INSERT INTO introduction (introduction_id, site_id, asker, helper, contact_id, need_id, by, quiet,
                       proposed_boot, proposed_ns, proposed_at, asker_first)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
            let asker = asker.to_string();
            transaction.prepare_cached(sql)?.execute((
                &id,
                site,
                asker,
                helper,
                contact,
                need,
                by_text(*by),
                quiet,
                boot,
                ns,
                wall,
                asker_first,
            ))?;
            let asks = (*by == ProposedBy::Neighbour).then_some(true);
            let halves = [(Side::Asker, asks, false), (Side::Helper, accepted.then_some(true), *accepted)];
            for (side, accepted, unasked) in halves {
                let sql = "INSERT INTO introduction_half (introduction_id, side, accepted, unasked) VALUES (?1, ?2, ?3, ?4)";
                transaction.prepare_cached(sql)?.execute((&id, side.as_str(), accepted, unasked))?;
            }
        }
        Happened::Answered { by, accepted, .. } => {
            let (id, member) = of(by);
            let sql = format!("UPDATE introduction_half SET accepted = ?3, unasked = 0 WHERE {OF_MEMBER}");
            transaction.prepare_cached(&sql)?.execute((id, member, accepted))?;
        }
        Happened::Introduced { .. } => {
            let (boot, ns, wall) = columns(at);
            let sql = "UPDATE introduction SET introduced_boot = ?2, introduced_ns = ?3, introduced_at = ?4
                       WHERE introduction_id = ?1";
            transaction.prepare_cached(sql)?.execute((&id, boot, ns, wall))?;
            let sql = "SELECT need_id FROM introduction WHERE introduction_id = ?1";
            let need: Option<String> = transaction.prepare_cached(sql)?.query_row([&id], |row| row.get(0))?;
            if let Some(need) = need {
                super::needs::answered(transaction, NeedId(uuid(&need)?), at)?;
            }
        }
        Happened::Ended { .. } => {
            transaction.prepare_cached("UPDATE introduction SET ended = 1 WHERE introduction_id = ?1")?.execute([&id])?;
        }
        Happened::Closed { .. } => {
            transaction.prepare_cached("UPDATE introduction SET closed = 1 WHERE introduction_id = ?1")?.execute([&id])?;
        }
        Happened::Asked { to, .. } => {
            let ((id, member), (boot, ns, wall)) = (of(to), columns(at));
            let sql = format!("UPDATE introduction_half SET asked_boot = ?3, asked_ns = ?4, asked_at = ?5 WHERE {OF_MEMBER}");
            transaction.prepare_cached(&sql)?.execute((id, member, boot, ns, wall))?;
        }
        Happened::Told { to, .. } => {
            transaction.prepare_cached(&format!("UPDATE introduction_half SET told = 1 WHERE {OF_MEMBER}"))?.execute(of(to))?;
        }
        Happened::Led { by, led, .. } => {
            let ((id, member), (boot, ns, wall)) = (of(by), columns(at));
            let sql = format!("UPDATE introduction_half SET led = ?3, led_boot = ?4, led_ns = ?5, led_at = ?6 WHERE {OF_MEMBER}");
            transaction.prepare_cached(&sql)?.execute((id, member, led.as_str(), boot, ns, wall))?;
        }
        Happened::Thanked { by, .. } => {
            transaction.prepare_cached(&format!("UPDATE introduction_half SET thanks = 1 WHERE {OF_MEMBER}"))?.execute(of(by))?;
        }
        Happened::ThanksTold { to, .. } => {
            // the one across said it
            let sql = "UPDATE introduction_half SET thanks = 2 WHERE introduction_id = ?1 AND side =
                       (SELECT iif(asker = ?2, 'helper', 'asker') FROM introduction WHERE introduction_id = ?1)";
            transaction.prepare_cached(sql)?.execute(of(to))?;
        }
    }
    Ok(())
}

/// The half of the member `?2` of the introduction `?1`.
const OF_MEMBER: &str = "introduction_id = ?1 AND side =
    (SELECT iif(asker = ?2, 'asker', 'helper') FROM introduction WHERE introduction_id = ?1)";

/// What is no longer looked for, nobody is asked about.
pub(super) fn need_is_closed(transaction: &Transaction<'_>, need: NeedId) -> Result<(), StoreError> {
    let sql = "UPDATE introduction SET closed = 1 WHERE need_id = ?1 AND introduced_boot IS NULL AND ended = 0";
    transaction.prepare_cached(sql)?.execute([need.to_string()])?;
    Ok(())
}

fn by_text(by: ProposedBy) -> &'static str {
    match by {
        ProposedBy::Neighbour => "neighbour",
        ProposedBy::Coordination => "coordination",
    }
}

impl Store {
    /// All introductions there were.
    pub(super) fn introductions(&self) -> Result<Introductions, StoreError> {
        let mut halves = self.halves()?;
        let sql =
            "SELECT introduction_id, asker, helper, contact_id, need_id, by, quiet, closed, ended, proposed_boot, proposed_ns,
                   proposed_at, introduced_boot, introduced_ns, introduced_at, asker_first FROM introduction WHERE site_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let helper = match row.get::<_, Option<String>>(2)? {
                Some(helper) => Party::Member(member_id(&helper)?),
                None => Party::Contact(ContactId(row.get(3)?)),
            };
            let by: String = row.get(5)?;
            let need: Option<String> = row.get(4)?;
            all.push(Introduction {
                asker: member_id(&row.get::<_, String>(1)?)?,
                helper,
                need: need.map(|need| uuid(&need).map(NeedId)).transpose()?,
                by: if by == by_text(ProposedBy::Neighbour) { ProposedBy::Neighbour } else { ProposedBy::Coordination },
                proposed: known_moment_at(row, 9)?,
                quiet: row.get(6)?,
                asker_first: row.get(15)?,
                closed: row.get(7)?,
                introduced: moment_at(row, 12)?,
                ended: row.get(8)?,
                halves: halves.remove(&id).unwrap_or_default(),
                id: IntroductionId(uuid(&id)?),
            });
        }
        Ok(Introductions::restore(all))
    }

    /// Introductions that both accepted, when, and what they led to: the most that one of the two said, and when that was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn outcomes(&self) -> Result<Vec<Outcome>, StoreError> {
        let sql =
            "SELECT introduction_id, introduced_at, led, led_at FROM introduction JOIN introduction_half USING (introduction_id)
                   WHERE site_id = ?1 AND introduced_at IS NOT NULL ORDER BY introduced_at, introduction_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let time = |text: String| text.parse::<Timestamp>().map_err(|_| StoreError::Strange(format!("time {text:?}")));
            let said: Option<String> = row.get(2)?;
            let said = said.as_deref().and_then(Led::from_text).zip(row.get::<_, Option<String>>(3)?.map(time).transpose()?);
            let introduced = time(row.get(1)?)?;
            let (_, led) = outcomes.entry(row.get(0)?).or_insert((introduced, None));
            let weight = |led: &Option<(Led, Timestamp)>| led.map(|(led, _)| Led::ALL.into_iter().position(|of| of == led));
            if weight(&said) > weight(led) {
                *led = said;
            }
        }
        Ok(outcomes.into_values().collect())
    }

    fn halves(&self) -> Result<BTreeMap<String, [Half; 2]>, StoreError> {
        let sql = "SELECT introduction_id, side, accepted, unasked, told, led, thanks, asked_boot, asked_ns, asked_at
                   FROM introduction_half";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut halves: BTreeMap<String, [Half; 2]> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let led: Option<String> = row.get(5)?;
            let half = Half {
                accepted: row.get(2)?,
                unasked: row.get(3)?,
                asked: moment_at(row, 7)?,
                told: row.get(4)?,
                led: led.as_deref().and_then(Led::from_text),
                thanks: [Thanks::None, Thanks::Given, Thanks::Told][usize::from(row.get::<_, u8>(6)?.min(2))],
            };
            let place = usize::from(row.get::<_, String>(1)? == Side::Helper.as_str());
            halves.entry(row.get(0)?).or_default()[place] = half;
        }
        Ok(halves)
    }
}
