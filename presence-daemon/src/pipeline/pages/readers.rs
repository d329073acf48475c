//! The readers and the screens, what they are for, and how they are.

use crate::clock::Now;
use crate::config::Role;
use crate::house::CommandError;
use crate::pipeline::Pipeline;
use crate::reader::Down;
use crate::remedy;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use voisins_shared::language::Language;
use voisins_shared::name::ReaderName;
use voisins_shared::payload::ReaderState;

/// What the readers' page asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    State {
        language: Language,
    },
    /// The database was read through, and this is how it is.
    Checked {
        well: bool,
    },
}

/// What the readers' page is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    State {
        readers: Vec<DeskReader>,
        kiosks: Vec<DeskKiosk>,
        /// Whether the broker answers.
        connected: bool,
        clock_known: bool,
        /// The last check of the database, and whether it was well.
        checked: Option<(DateTime, bool)>,
    },
    Noted,
}

/// A reader.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskReader {
    pub name: String,
    /// The key of the text that says what a tap there means.
    pub role: String,
    /// The kiosk that it stands beside.
    pub beside: Option<String>,
    /// The key of the text that says how it is.
    pub state: String,
    pub well: bool,
    pub since: Option<DateTime>,
    /// What to do.
    pub remedy: Option<String>,
}

/// A screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskKiosk {
    pub name: String,
    /// It is touched; else it is for the lobby.
    pub touch: bool,
    pub readers: Vec<String>,
}

/// Since when each reader is as it is, and why.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Watch(BTreeMap<ReaderName, (Option<Down>, Now)>);

impl Watch {
    pub(in crate::pipeline) fn is(&mut self, reader: &ReaderName, why: Option<Down>, now: &Now) {
        // the same again is no news
        if self.0.get(reader).is_none_or(|(before, _)| *before != why) {
            self.0.insert(reader.clone(), (why, *now));
        }
    }

    pub(in crate::pipeline) fn since(&self, reader: &ReaderName, now: &Now) -> Option<Timestamp> {
        self.0.get(reader).and_then(|(_, at)| at.dated_by(now))
    }

    fn why(&self, reader: &ReaderName) -> Option<Down> {
        self.0.get(reader).and_then(|(why, _)| *why)
    }
}

impl Pipeline {
    pub(super) fn readers_page(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        let language = match ask {
            Ask::State { language } => language,
            Ask::Checked { well } => {
                self.house.store_mut().note_check(crate::clock::wall_as_seen(), well)?;
                return Ok(Reply::Noted);
            }
        };
        let (config, policy) = (self.house.config(), self.house.presence().policy());
        let reader = |reader: &crate::config::ReaderConfig| {
            let state = self.readers.get(&reader.name).map_or(ReaderState::Starting, |status| status.state);
            DeskReader {
                name: reader.name.as_str().to_owned(),
                role: role(reader.role).to_owned(),
                beside: reader.beside.as_ref().map(|kiosk| kiosk.as_str().to_owned()),
                state: told(state).to_owned(),
                well: state == ReaderState::Ready,
                since: self.reader_watch.since(&reader.name, now).map(|at| policy.local(at)),
                remedy: self.reader_watch.why(&reader.name).map(|why| remedy::reader_down(why, language).to_owned()),
            }
        };
        let kiosk = |kiosk: &crate::config::KioskConfig| DeskKiosk {
            name: kiosk.name.as_str().to_owned(),
            touch: config.touch_kiosks().any(|known| *known == kiosk.name),
            readers: config
                .readers
                .iter()
                .filter(|reader| reader.beside.as_ref() == Some(&kiosk.name))
                .map(|reader| reader.name.as_str().to_owned())
                .collect(),
        };
        Ok(Reply::State {
            readers: config.readers.iter().map(reader).collect(),
            kiosks: config.kiosks.iter().map(kiosk).collect(),
            connected: self.session.is_some(),
            clock_known: now.wall.is_some(),
            checked: self.house.store().last_check()?.map(|(at, well)| (policy.local(at), well)),
        })
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Arrival => "reader-arrival",
        Role::Departure => "reader-departure",
        Role::Toggle => "reader-toggle",
        Role::Enrol => "reader-enrol",
    }
}

fn told(state: ReaderState) -> &'static str {
    match state {
        ReaderState::Starting => "reader-starting",
        ReaderState::Ready => "reader-ready",
        ReaderState::Absent => "reader-absent",
        ReaderState::Failed => "reader-failed",
    }
}
