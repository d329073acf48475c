//! The rooms of the pages: each has its routes, its values and its handlers.

mod account;
mod accounts;
mod door;
mod events;
mod integrations;
mod introductions;
mod journal;
mod mail;
mod members;
mod moderation;
mod month;
mod muster;
mod needs;
mod network;
mod passes;
mod presence;
mod readers;
pub mod settings;
mod todo;
mod visits;

use super::Web;
use axum::Router;

/// All rooms.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(door::routes())
        .merge(todo::routes())
        .merge(presence::routes())
        .merge(needs::routes())
        .merge(introductions::routes())
        .merge(members::routes())
        .merge(moderation::routes())
        .merge(readers::routes())
        .merge(passes::routes())
        .merge(month::routes())
        .merge(events::routes())
        .merge(network::routes())
        .merge(visits::routes())
        .merge(muster::routes())
        .merge(journal::routes())
        .merge(accounts::routes())
        .merge(account::routes())
        .merge(settings::routes())
        .merge(mail::routes())
        .merge(integrations::routes())
}
