//! What the manager's pages ask for: values, not words. They come through the control's door, so that there is one writer and one truth.
//!
//! A room of the pages has a file here too: what it asks, what it is told, and how that is found.

pub mod door;
pub mod integrations;
pub mod members;
pub mod needs;

use super::Pipeline;
use crate::clock::Now;
use crate::house::CommandError;
use serde::{Deserialize, Serialize};
use voisins_shared::member::MemberId;

/// What a page asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "page", content = "ask", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageAsk {
    /// The numbers of the first page.
    Overview,
    Door(door::Ask),
    Needs(needs::Ask),
    Members(members::Ask),
    Integrations(integrations::Ask),
}

/// What a page is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "page", content = "is", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageReply {
    Overview { here: u32, today: usize, needs: usize, unanswered: usize },
    Door(door::Reply),
    Needs(needs::Reply),
    Members(members::Reply),
    Integrations(integrations::Reply),
}

impl Pipeline {
    pub(super) fn page(&mut self, ask: PageAsk, now: &Now) -> Result<PageReply, CommandError> {
        Ok(match ask {
            PageAsk::Overview => {
                let needs = self.house.community().needs();
                let unanswered = needs.iter().filter(|need| need.helpers.is_empty()).count();
                let (here, today) = (self.view(now).present(), self.house.presence().today(now));
                PageReply::Overview { here, today, needs: needs.len(), unanswered }
            }
            PageAsk::Door(ask) => PageReply::Door(self.door(ask, now)?),
            PageAsk::Needs(ask) => PageReply::Needs(self.needs_page(ask, now)),
            PageAsk::Integrations(ask) => PageReply::Integrations(self.integrations_page(&ask, now)),
            PageAsk::Members(ask) => PageReply::Members(self.members_page(ask)),
        })
    }

    fn name(&self, member: MemberId) -> String {
        self.house.directory().member(member).map(|member| member.name.clone()).unwrap_or_default()
    }
}
