//! The rooms of the pages: each has its routes, its values and its handlers.

mod door;
mod integrations;
mod introductions;
mod members;
mod needs;
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
        .merge(integrations::routes())
}
