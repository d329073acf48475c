//! The members.

use crate::pipeline::pages::members::{Ask, DeskMember, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Frame, Manager, ON_A_PAGE, Page};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;

pub fn routes() -> Router<Web> {
    Router::new().route("/members", get(members))
}

#[derive(Template)]
#[template(path = "members.html")]
struct MembersPage {
    frame: Frame,
    members: Vec<DeskMember>,
    found: usize,
    search: String,
    page: usize,
    pages: usize,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
}

async fn members(Manager(caller): Manager, Query(Wanted { q: search, page }): Query<Wanted>) -> Page {
    let page = page.clamp(1, 10_000);
    let ask = Ask::List { search: search.clone(), from: (page - 1) * ON_A_PAGE, at_most: ON_A_PAGE };
    match caller.page(PageAsk::Members(ask)).await? {
        PageReply::Members(Reply::List { members, found }) => {
            let pages = found.div_ceil(ON_A_PAGE).max(1);
            let frame = caller.frame("members");
            caller.show(StatusCode::OK, &MembersPage { frame, members, found, search, page, pages })
        }
        _ => Err(caller.gone()),
    }
}
