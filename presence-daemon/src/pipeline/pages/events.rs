//! What happens in the house, for whoever coordinates it; and the address of the feed.

use crate::clock::Now;
use crate::community::agenda::Event;
use crate::house::CommandError;
use crate::pipeline::Pipeline;
pub use crate::pipeline::agenda::CalendarState;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use voisins_shared::agenda::EventId;
use voisins_shared::payload::Kind;

/// So many of those that are over are shown.
const OVER: usize = 50;

/// What the events' pages ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    List,
    /// The feed, if this is its key.
    Feed {
        key: String,
    },
    /// A new key: the address before is void.
    NewKey,
}

/// What the events' pages are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    List {
        coming: Vec<DeskEvent>,
        over: Vec<DeskEvent>,
        /// All but the space's own, and how reading them went.
        calendars: Vec<CalendarState>,
        key: String,
    },
    Feed {
        feed: Option<String>,
    },
    NewKey,
}

/// An event, for the coordination.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskEvent {
    pub event: EventId,
    pub title: String,
    pub place: Option<String>,
    pub starts: DateTime,
    pub all_day: bool,
    pub going: usize,
    pub firm: bool,
    /// In incubation until so many go.
    pub firm_at: Option<u32>,
    /// Who proposed it.
    pub author: Option<String>,
    pub hidden: bool,
    /// The space's own, or proposed: it can be changed here. What stands in another calendar is changed there.
    pub ours: bool,
}

impl Pipeline {
    pub(super) fn events_page(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        Ok(match ask {
            Ask::List => {
                let key = self.house.store_mut().feed_key(false)?;
                let seen = Now { wall: now.wall.or_else(|| Some(crate::clock::wall_as_seen())), ..*now };
                let (agenda, policy) = (self.house.community().agenda(), self.house.presence().policy());
                let wall = seen.wall.unwrap_or_default();
                // hidden ones too: the coordination may show them again
                let mut all: Vec<&Event> = agenda.all_events().filter(|event| event.kind == Kind::Event).collect();
                all.sort_by_key(|event| (event.starts, event.id));
                let (over, coming): (Vec<&Event>, Vec<&Event>) = all.into_iter().partition(|event| event.over() <= wall);
                let last = policy.day_end(policy.day_of(wall).saturating_add(jiff::Span::new().days(400)));
                let coming = coming.into_iter().filter(|event| event.starts < last).map(|event| self.desk_event(event)).collect();
                let over = over.into_iter().rev().take(OVER).map(|event| self.desk_event(event)).collect();
                let calendars = self.calendars().into_iter().filter(|calendar| !calendar.name.is_empty()).collect();
                Reply::List { coming, over, calendars, key }
            }
            Ask::Feed { key } => {
                let digest = |text: &str| crate::web::access::digest(text);
                let fits = digest(&key) == digest(&self.house.store_mut().feed_key(false)?);
                Reply::Feed { feed: fits.then(|| self.feed(now)) }
            }
            Ask::NewKey => {
                self.house.store_mut().feed_key(true)?;
                Reply::NewKey
            }
        })
    }

    fn desk_event(&self, event: &Event) -> DeskEvent {
        let (agenda, policy) = (self.house.community().agenda(), self.house.presence().policy());
        DeskEvent {
            event: event.id,
            title: event.words.title.clone(),
            place: event.words.place.clone(),
            starts: event.all_day.map_or_else(|| policy.local(event.starts), |day| day.to_datetime(jiff::civil::Time::midnight())),
            all_day: event.all_day.is_some(),
            going: agenda.going_to(event.id).len(),
            firm: event.firm,
            firm_at: event.proposed.filter(|_| !event.firm).map(|proposed| proposed.firm_at),
            author: event.proposed.map(|proposed| self.name(proposed.author)),
            hidden: agenda.is_hidden(event.id),
            ours: event.proposed.is_some() || agenda.own_event(event.id).is_some(),
        }
    }
}
