//! The rooms of the pages: each has its routes, its values and its handlers.

mod door;
mod introductions;
mod members;
mod muster;
mod needs;
mod todo;
mod visits;

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
        .merge(visits::routes())
        .merge(muster::routes())
}
