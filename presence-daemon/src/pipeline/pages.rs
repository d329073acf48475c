//! What the manager's pages ask for: values, not words. They come through the control's door, so that there is one writer and one truth.
//!
//! A room of the pages has a file here too: what it asks, what it is told, and how that is found.

pub mod accounts;
pub mod door;
pub mod events;
pub mod fiche;
pub mod integrations;
pub mod journal;
pub mod mail;
pub mod members;
pub mod moderation;
pub mod needs;
pub mod network;
pub mod passes;
pub mod readers;
pub mod todo;
pub mod visits;

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
    Door(door::Ask),
    Needs(needs::Ask),
    Members(members::Ask),
    Todo(todo::Ask),
    Moderation(moderation::Ask),
    Readers(readers::Ask),
    Passes(passes::Ask),
    Events(events::Ask),
    Network(network::Ask),
    Visits(visits::Ask),
    Accounts(accounts::Ask),
    Journal(journal::Ask),
    Fiche(fiche::Ask),
    Mail(mail::Ask),
    Integrations(integrations::Ask),
}

/// What a page is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "page", content = "is", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageReply {
    Door(door::Reply),
    Needs(needs::Reply),
    Members(members::Reply),
    Fiche(fiche::Reply),
    Mail(mail::Reply),
    Todo(todo::Reply),
    Moderation(moderation::Reply),
    Readers(readers::Reply),
    Passes(passes::Reply),
    Events(events::Reply),
    Network(network::Reply),
    Visits(visits::Reply),
    Accounts(accounts::Reply),
    /// Done, and nothing to tell.
    Done,
    Integrations(integrations::Reply),
}

impl Pipeline {
    pub(super) fn page(&mut self, ask: PageAsk, now: &Now) -> Result<PageReply, CommandError> {
        Ok(match ask {
            PageAsk::Door(ask) => PageReply::Door(self.door(ask, now)?),
            PageAsk::Needs(ask) => PageReply::Needs(self.needs_page(ask, now)),
            PageAsk::Members(ask) => PageReply::Members(self.members_page(ask, now)?),
            PageAsk::Todo(ask) => PageReply::Todo(self.todo_page(ask, now)?),
            PageAsk::Moderation(ask) => PageReply::Moderation(self.moderation_page(ask)),
            PageAsk::Passes(ask) => PageReply::Passes(self.passes_page(ask)),
            PageAsk::Events(ask) => PageReply::Events(self.events_page(ask, now)?),
            PageAsk::Network(ask) => PageReply::Network(self.network_page(ask)),
            PageAsk::Readers(ask) => PageReply::Readers(self.readers_page(ask, now)?),
            PageAsk::Visits(ask) => PageReply::Visits(self.visits_page(ask, now)?),
            PageAsk::Accounts(ask) => PageReply::Accounts(self.accounts_page(ask, now)?),
            // the line is written with every other command's
            PageAsk::Journal(journal::Ask::Write { .. }) => PageReply::Done,
            PageAsk::Fiche(ask) => PageReply::Fiche(self.fiche_page(ask, now)?),
            PageAsk::Mail(ask) => PageReply::Mail(self.mail(ask, now)?),
            PageAsk::Integrations(ask) => PageReply::Integrations(self.integrations_page(&ask, now)),
        })
    }

    fn name(&self, member: MemberId) -> String {
        self.house.directory().member(member).map(|member| member.name.clone()).unwrap_or_default()
    }
}
