//! Calendars, proposed events, and who goes.

use super::people::member_id;
use super::restore::uuid;
use super::{Store, StoreError};
use crate::community::agenda::{Agenda, Calendar, Event, Going, Proposed, Words};
use crate::presence::What;
use jiff::Timestamp;
use rusqlite::Transaction;
use std::collections::{BTreeMap, BTreeSet};
use voisins_shared::agenda::EventId;
use voisins_shared::payload::Kind;

/// Keeps the tables in step with one event.
pub(super) fn project(transaction: &Transaction<'_>, site: i64, what: &What) -> Result<(), StoreError> {
    match what {
        What::EventProposed { event, author, starts, firm_at, words } => {
            let sql = "INSERT INTO proposed_event (event_id, site_id, author, title, place, starts, firm_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let row = (event.to_string(), site, author.to_string(), &words.title, &words.place, starts.to_string(), firm_at);
            transaction.prepare_cached(sql)?.execute(row)?;
        }
        What::EventAnswered { event, member, going: true, until } => {
            let sql = "INSERT INTO rsvp (event_id, member_id, site_id, until) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
            transaction.prepare_cached(sql)?.execute((event.to_string(), member.to_string(), site, until.to_string()))?;
            let sql = "UPDATE rsvp SET until = ?2 WHERE event_id = ?1";
            transaction.prepare_cached(sql)?.execute((event.to_string(), until.to_string()))?;
        }
        What::EventAnswered { event, member, going: false, until } => {
            let sql = "DELETE FROM rsvp WHERE event_id = ?1 AND member_id = ?2";
            transaction.prepare_cached(sql)?.execute((event.to_string(), member.to_string()))?;
            let sql = "UPDATE rsvp SET until = ?2 WHERE event_id = ?1";
            transaction.prepare_cached(sql)?.execute((event.to_string(), until.to_string()))?;
        }
        What::EventEdited { event, starts, until, words } => {
            let sql = "UPDATE proposed_event SET title = ?2, place = ?3, starts = ?4 WHERE event_id = ?1 AND ended IS NULL";
            transaction.prepare_cached(sql)?.execute((event.to_string(), &words.title, &words.place, starts.to_string()))?;
            let sql = "UPDATE rsvp SET until = ?2 WHERE event_id = ?1";
            transaction.prepare_cached(sql)?.execute((event.to_string(), until.to_string()))?;
        }
        What::EventFirm { event } => {
            transaction.prepare_cached("UPDATE proposed_event SET firm = 1 WHERE event_id = ?1")?.execute([event.to_string()])?;
        }
        What::EventEnded { event, end } => {
            // its words are nobody's any more; the row stays to be counted
            let sql = "UPDATE proposed_event SET ended = ?2, title = '', place = NULL WHERE event_id = ?1 AND ended IS NULL";
            transaction.prepare_cached(sql)?.execute((event.to_string(), end.as_str()))?;
            transaction.prepare_cached("DELETE FROM rsvp WHERE event_id = ?1")?.execute([event.to_string()])?;
        }
        What::CalendarRead { calendar, read } => {
            let calendar = calendar.0.to_string();
            let sql = "INSERT INTO calendar (calendar_id, site_id, name, imported) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (calendar_id) DO UPDATE SET imported = excluded.imported";
            transaction.prepare_cached(sql)?.execute((&calendar, site, &read.name, read.imported))?;
            transaction.prepare_cached("DELETE FROM calendar_event WHERE calendar_id = ?1")?.execute([&calendar])?;
            for (position, event) in read.events.iter().enumerate() {
                let sql = "INSERT INTO calendar_event (calendar_id, position, event_id, title, place, starts, ends, all_day, firm)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
                let (ends, all_day) = (event.ends.map(|at| at.to_string()), event.all_day.map(|day| day.to_string()));
                let (Words { title, place }, starts) = (&event.words, event.starts.to_string());
                let row = (&calendar, position, event.id.to_string(), title, place, starts, ends, all_day, event.firm);
                transaction.prepare_cached(sql)?.execute(row)?;
            }
        }
        What::CalendarForgotten { calendar } => {
            transaction.prepare_cached("DELETE FROM calendar WHERE calendar_id = ?1")?.execute([calendar.0.to_string()])?;
        }
        _ => {}
    }
    Ok(())
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Strange(format!("time {text:?}")))
}

impl Store {
    /// The agenda as it was when the daemon stopped, with the calendars that the manager imported or the config `reads`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn agenda(&self, reads: impl Fn(&str) -> bool) -> Result<Agenda, StoreError> {
        let mut calendars = self.calendars()?;
        calendars.retain(|calendar| calendar.imported || reads(&calendar.name));
        Ok(Agenda::restore(calendars, self.proposed_events()?, self.going()?))
    }

    fn calendars(&self) -> Result<Vec<Calendar>, StoreError> {
        let sql = "SELECT name, event_id, title, place, starts, ends, all_day, firm, imported
                   FROM calendar LEFT JOIN calendar_event USING (calendar_id)
                   WHERE site_id = ?1 ORDER BY name, position";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut calendars: BTreeMap<(String, bool), Vec<Event>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let events = calendars.entry((row.get(0)?, row.get(8)?)).or_default();
            let Some(id) = row.get::<_, Option<String>>(1)? else { continue };
            let (ends, all_day): (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
            events.push(Event {
                id: EventId(uuid(&id)?),
                kind: Kind::Event,
                words: Words { title: row.get(2)?, place: row.get(3)? },
                starts: parsed(&row.get::<_, String>(4)?)?,
                ends: ends.as_deref().map(parsed).transpose()?,
                all_day: all_day.as_deref().map(parsed).transpose()?,
                firm: row.get(7)?,
                proposed: None,
            });
        }
        Ok(calendars.into_iter().map(|((name, imported), events)| Calendar { name, imported, events }).collect())
    }

    fn proposed_events(&self) -> Result<Vec<Event>, StoreError> {
        let sql = "SELECT event_id, title, place, starts, firm, author, firm_at FROM proposed_event
                   WHERE site_id = ?1 AND ended IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.site])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            let author = member_id(&row.get::<_, String>(5)?)?;
            events.push(Event {
                id: EventId(uuid(&row.get::<_, String>(0)?)?),
                kind: Kind::Event,
                words: Words { title: row.get(1)?, place: row.get(2)? },
                starts: parsed(&row.get::<_, String>(3)?)?,
                ends: None,
                all_day: None,
                firm: row.get(4)?,
                proposed: Some(Proposed { author, firm_at: row.get(6)? }),
            });
        }
        Ok(events)
    }

    fn going(&self) -> Result<BTreeMap<EventId, Going>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT event_id, member_id, until FROM rsvp WHERE site_id = ?1")?;
        let mut rows = statement.query([self.site])?;
        let mut going: BTreeMap<EventId, Going> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (event, member, until): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let until: Timestamp = parsed(&until)?;
            let entry = going.entry(EventId(uuid(&event)?)).or_insert_with(|| Going { members: BTreeSet::new(), until });
            entry.members.insert(member_id(&member)?);
        }
        Ok(going)
    }
}
