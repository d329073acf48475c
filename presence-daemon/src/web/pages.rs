//! The rooms of the pages: each has its routes, its values and its handlers.

mod account;
mod accounts;
mod door;
mod introductions;
mod journal;
mod members;
mod needs;
pub mod settings;
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
        .merge(journal::routes())
        .merge(accounts::routes())
        .merge(account::routes())
        .merge(settings::routes())
}
