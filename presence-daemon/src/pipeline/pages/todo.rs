//! *À faire*: the inbox, the figures above it, and whom to introduce now.

use crate::clock::Now;
use crate::house::CommandError;
use crate::inbox::{self, Item, Mark};
use crate::pipeline::Pipeline;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use voisins_shared::language::Language;
use voisins_shared::need::NeedId;
use voisins_shared::payload::ReaderState;

/// What the inbox asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// All there is to do; at most so many items.
    Inbox { language: Language, at_most: usize },
    /// The coordination has seen it.
    Settle { mark: Mark },
}

/// What the inbox is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Inbox(Box<Inbox>),
    Settled,
}

/// The first page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Inbox {
    pub here: u32,
    pub today: usize,
    pub needs: usize,
    pub unanswered: usize,
    /// Introductions this month, and how many of them led to a project so far.
    pub introduced: u32,
    pub projects: u32,
    pub items: Vec<Told>,
    /// How many there are, shown or not.
    pub all: usize,
    pub day: Option<Date>,
    pub to_introduce: Option<ToIntroduce>,
}

/// An item, and since when by the clocks of the site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Told {
    pub item: Item,
    pub since: Option<DateTime>,
}

/// A need, and who of those present could help.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ToIntroduce {
    pub need: NeedId,
    pub text: String,
    pub asker: String,
    pub helpers: Vec<Present>,
}

/// Somebody who is here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Present {
    /// As [`crate::control::Desk::Propose`] takes it.
    pub party: String,
    pub name: String,
    pub why: String,
}

impl Pipeline {
    pub(super) fn todo_page(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        match ask {
            Ask::Inbox { language, at_most } => Ok(Reply::Inbox(Box::new(self.first_page(language, at_most, now)?))),
            Ask::Settle { mark } => {
                self.house.store_mut().settle(&mark)?;
                Ok(Reply::Settled)
            }
        }
    }

    /// What there is to do: the same for the page, a digest, and counts.
    pub(in crate::pipeline) fn inbox(&self, now: &Now) -> Result<Vec<Item>, CommandError> {
        let policy = self.house.presence().policy();
        let wall = now.wall.unwrap_or_else(crate::clock::wall_as_seen);
        let kept = self.house.store().kept_for_inbox(wall, policy.day_of(wall))?;
        let is_down = |state| matches!(state, ReaderState::Absent | ReaderState::Failed);
        let down = self.readers.values().filter(|reader| is_down(reader.state));
        let down: Vec<_> = down.map(|reader| (reader.reader.clone(), self.reader_watch.since(&reader.reader, now))).collect();
        Ok(inbox::items(&inbox::House {
            presence: self.house.presence(),
            directory: self.house.directory(),
            community: self.house.community(),
            down: &down,
            kept: &kept,
            now,
        }))
    }

    fn first_page(&self, language: Language, at_most: usize, now: &Now) -> Result<Inbox, CommandError> {
        let (house, policy) = (&self.house, self.house.presence().policy());
        let needs = house.community().needs();
        let month = house.measures().first();
        let items = self.inbox(now)?;
        let all = items.len();
        let told = |item: Item| Told { since: item.since.map(|at| policy.local(at)), item };
        Ok(Inbox {
            here: self.view(now).present(),
            today: house.presence().today(now),
            needs: needs.len(),
            unanswered: needs.iter().filter(|need| need.helpers.is_empty()).count(),
            introduced: month.map_or(0, |month| month.introduced),
            projects: month.map_or(0, |month| month.led_to_project),
            items: items.into_iter().take(at_most).map(told).collect(),
            all,
            day: now.wall.map(|wall| policy.date_of(wall)),
            to_introduce: self.to_introduce(language, now),
        })
    }

    fn to_introduce(&self, language: Language, now: &Now) -> Option<ToIntroduce> {
        let (need, able) = self.house.to_introduce(now)?;
        let helpers = able.iter().map(|able| Present {
            party: able.helper.to_string(),
            name: self.name(able.helper),
            why: able.why.first().map(|why| why.text(self.house.concepts(), language).to_owned()).unwrap_or_default(),
        });
        let asker = need.author.map(|author| self.name(author))?;
        Some(ToIntroduce { need: need.id, text: need.draft.text.clone(), asker, helpers: helpers.collect() })
    }
}
