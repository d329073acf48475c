//! The rooms of the pages: each has its routes, its values and its handlers.

mod door;
mod events;
mod introductions;
mod members;
mod moderation;
mod month;
mod needs;
mod network;
mod passes;
mod readers;
mod todo;

use super::Web;
use axum::Router;

/// All rooms.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(door::routes())
        .merge(todo::routes())
        .merge(needs::routes())
        .merge(introductions::routes())
        .merge(members::routes())
        .merge(moderation::routes())
        .merge(readers::routes())
        .merge(passes::routes())
        .merge(month::routes())
        .merge(events::routes())
        .merge(network::routes())
}
