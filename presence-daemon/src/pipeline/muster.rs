//! The evacuation list, kept right beside the database at every change, and the roll call of an evacuation.

use super::Pipeline;
use crate::clock::Now;
use crate::control::{By, Reply};
use crate::house::CommandError;
use crate::muster::file::{Places, Writer, refreshed};
use crate::muster::{self, Going, Sources};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use tracing::{debug, error};
use voisins_shared::muster::{Gap, Muster, Person, Safe};
use voisins_shared::name::ReaderName;
use voisins_shared::payload::ReaderState;

/// What is asked of the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    List,
    /// An evacuation begins; one that goes on already goes on.
    Start,
    /// Somebody was found, or was not after all: the number on the list, or a name that is unique there.
    Safe {
        who: String,
        safe: bool,
    },
    End,
    /// The kiosk's PIN, as what is kept of it; none: the kiosk shows no list.
    Pin {
        hash: Option<String>,
    },
}

/// The file's own time is renewed so often: an older one tells that the daemon is gone.
const BEAT: Duration = Duration::from_secs(30);
/// A reader that comes back so soon has missed nobody.
const GLITCH: SignedDuration = SignedDuration::from_secs(60);
/// A daemon that was gone for so long may have missed somebody.
const GONE: SignedDuration = SignedDuration::from_mins(3);

/// What the list needs beside the state.
#[derive(Debug, Default)]
pub(super) struct Kept {
    gaps: BTreeMap<i64, Gap>,
    going: Option<Going>,
    pin: Option<String>,
    /// As it was last handed to the writer, and when it changed.
    written: Option<Muster>,
    changed: Option<Timestamp>,
    beaten: Duration,
    writer: Option<Writer>,
    /// The daemon was gone since then, until so long after boot.
    gone: Option<(Timestamp, Duration)>,
}

impl Pipeline {
    /// Reads what the list needs, and begins to keep it beside the database.
    pub(super) fn start_list(&mut self) {
        let now = self.house.now();
        self.read_list(&now);
        self.end_gaps_of_readers_that_are_no_more(&now);
        self.list.gone = refreshed(&self.house.config().state).map(|since| (since, now.since_boot));
        match Writer::start(Places::of(self.house.config())) {
            Ok(writer) => self.list.writer = Some(writer),
            Err(error) => error!("the evacuation list is not kept beside the database: {error}"),
        }
        self.keep_list();
    }

    fn read_list(&mut self, now: &Now) {
        let yesterday = now.wall.map_or(Timestamp::MIN, |wall| wall - SignedDuration::from_hours(48));
        let store = self.house.store();
        let read = || Ok::<_, crate::store::StoreError>((store.gaps(yesterday)?, store.evacuation()?, store.pin()?));
        match read() {
            Ok((gaps, going, pin)) => (self.list.gaps, self.list.going, self.list.pin) = (gaps, going, pin),
            Err(error) => error!("{error}"),
        }
    }

    /// Brings the files to now, if anything on the list has changed.
    pub(super) fn keep_list(&mut self) {
        let now = self.house.now();
        self.daemon_was_gone(&now);
        let list = self.evacuation_list(&now);
        self.keep_evacuated(&list);
        if self.list.written.as_ref() != Some(&list) {
            self.list.changed = now.wall;
            self.list.beaten = now.since_boot;
            self.list.written = Some(list.clone());
            if let Some(writer) = &self.list.writer {
                writer.tell(Some(Muster { changed: now.wall, ..list }));
            }
        } else if now.since_boot.saturating_sub(self.list.beaten) >= BEAT {
            self.list.beaten = now.since_boot;
            if let Some(writer) = &self.list.writer {
                writer.tell(None);
            }
        }
    }

    /// Nobody comes off the list while an evacuation goes on.
    fn keep_evacuated(&mut self, list: &Muster) {
        let Some(going) = &mut self.list.going else { return };
        let same =
            |kept: &Person, person: &Person| Person { safe: None, ..kept.clone() } == Person { safe: None, ..person.clone() };
        let new: Vec<&Person> =
            list.people.iter().filter(|person| going.people.get(&person.visit).is_none_or(|kept| !same(kept, person))).collect();
        if new.is_empty() {
            return;
        }
        if let Err(error) = self.house.store_mut().keep_evacuated(going.id, new.iter().copied()) {
            debug!("{error}");
        }
        going.people.extend(new.into_iter().map(|person| (person.visit, person.clone())));
    }

    /// Everybody who may be in the building.
    pub(super) fn evacuation_people(&self, now: &Now) -> Vec<Person> {
        self.evacuation_list(now).people
    }

    fn evacuation_list(&self, now: &Now) -> Muster {
        let policy = self.house.presence().policy();
        let since = now.wall.map(|wall| policy.day_of(wall)).and_then(|day| day.yesterday().ok());
        let names = self.house.store().vouched_names(since).unwrap_or_default();
        let config = self.house.config();
        muster::list(&Sources {
            presence: self.house.presence(),
            directory: self.house.directory(),
            names: &names,
            gaps: &self.list.gaps,
            going: self.list.going.as_ref(),
            title: &config.title,
            time_zone: &config.time_zone,
            pin: self.list.pin.as_deref(),
            now,
        })
    }

    /// A reader died, or reads again.
    pub(super) fn reader_gap(&mut self, reader: &ReaderName, state: ReaderState, now: &Now) {
        let open = self.list.gaps.iter().find(|(_, gap)| gap.reader.as_ref() == Some(reader) && gap.until.is_none());
        let open = open.map(|(id, gap)| (*id, gap.clone()));
        match (state, open) {
            (ReaderState::Absent | ReaderState::Failed, None) => {
                self.begin_gap(Gap { reader: Some(reader.clone()), since: now.wall, until: None });
            }
            (ReaderState::Ready, Some((id, gap))) => {
                let short = |(since, wall): (Timestamp, Timestamp)| wall.duration_since(since) < GLITCH;
                let counts = !gap.since.zip(now.wall).is_some_and(short);
                if let Err(error) = self.house.store_mut().end_gap(id, now.wall, counts && now.wall.is_some()) {
                    debug!("{error}");
                }
                match (counts, now.wall) {
                    (true, Some(wall)) => drop(self.list.gaps.insert(id, Gap { until: Some(wall), ..gap })),
                    _ => drop(self.list.gaps.remove(&id)),
                }
            }
            _ => {}
        }
    }

    fn end_gaps_of_readers_that_are_no_more(&mut self, now: &Now) {
        let config = self.house.config();
        let gone = |gap: &Gap| gap.until.is_none() && gap.reader.as_ref().is_some_and(|reader| config.reader(reader).is_none());
        let gone: Vec<i64> = self.list.gaps.iter().filter(|(_, gap)| gone(gap)).map(|(id, _)| *id).collect();
        for id in gone {
            if let Err(error) = self.house.store_mut().end_gap(id, now.wall, now.wall.is_some()) {
                debug!("{error}");
            }
            match (self.list.gaps.get_mut(&id), now.wall) {
                (Some(gap), Some(wall)) => gap.until = Some(wall),
                _ => drop(self.list.gaps.remove(&id)),
            }
        }
    }

    fn begin_gap(&mut self, gap: Gap) {
        match self.house.store_mut().begin_gap(&gap) {
            Ok(id) => drop(self.list.gaps.insert(id, gap)),
            Err(error) => debug!("{error}"),
        }
    }

    /// Once the time is known: whether the daemon, and with it all readers, was gone so long that somebody may be missing.
    fn daemon_was_gone(&mut self, now: &Now) {
        let Some(wall) = now.wall else { return };
        let Some((since, started)) = self.list.gone.take() else { return };
        let until = wall - SignedDuration::try_from(now.since_boot.saturating_sub(started)).unwrap_or_default();
        if until.duration_since(since) >= GONE {
            self.begin_gap(Gap { reader: None, since: Some(since), until: Some(until) });
        }
    }

    /// From now on nobody comes off the list; one that goes on already goes on.
    pub(super) fn begin_roll_call(&mut self, by: String, now: &Now) -> Result<(), CommandError> {
        if self.list.going.is_none() {
            let id = self.house.store_mut().begin_evacuation(&by, now.wall)?;
            self.list.going = Some(Going { id, since: now.wall, by, people: BTreeMap::new() });
        }
        Ok(())
    }

    pub(super) fn muster(&mut self, ask: Ask, by: &By, now: &Now) -> Result<Reply, CommandError> {
        if self.list.writer.is_none() {
            self.read_list(now); // no daemon: a command by itself
        }
        // a list that is only read leaves the files' time alone: it tells since when no daemon runs
        let keeps = !matches!(ask, Ask::List) && self.list.writer.is_none();
        match ask {
            Ask::List => {}
            Ask::Start => self.begin_roll_call(by.name(), now)?,
            Ask::Safe { who, safe } => self.found(&who, safe, by, now)?,
            Ask::End => {
                let Some(going) = self.list.going.take() else { return Err(nothing_goes_on()) };
                if let Err(error) = self.house.store_mut().end_evacuation(going.id, &by.name(), now.wall) {
                    self.list.going = Some(going);
                    return Err(error.into());
                }
            }
            Ask::Pin { hash } => {
                self.house.store_mut().set_pin(hash.as_deref())?;
                self.list.pin = hash;
            }
        }
        self.keep_list();
        let list = Muster { changed: self.list.changed, pin: None, ..self.evacuation_list(now) };
        if keeps && let Err(error) = Places::of(self.house.config()).write(&Muster { pin: self.list.pin.clone(), ..list.clone() }) {
            debug!("{error}");
        }
        Ok(Reply::Muster(Box::new(list)))
    }

    fn found(&mut self, who: &str, safe: bool, by: &By, now: &Now) -> Result<(), CommandError> {
        let visit = muster::found(&self.evacuation_list(now), who).map_err(CommandError::Impossible)?;
        self.keep_list();
        let list = self.evacuation_list(now);
        let Some(going) = &mut self.list.going else { return Err(nothing_goes_on()) };
        let Some(person) = list.people.into_iter().find(|person| person.visit == visit) else { return Ok(()) };
        if person.safe.is_some() == safe {
            return Ok(()); // said twice: who said it first stands
        }
        let person = Person { safe: safe.then(|| Safe { by: by.name(), at: now.wall }), ..person };
        self.house.store_mut().keep_evacuated(going.id, [&person])?;
        going.people.insert(visit, person);
        Ok(())
    }
}

fn nothing_goes_on() -> CommandError {
    CommandError::Impossible("no evacuation is going on: begin one with `presence-daemon muster start`".to_owned())
}

#[cfg(test)]
mod tests;
