//! Who was brought together, and what it led to.

use crate::pipeline::pages::needs::{Ask as NeedsAsk, DeskIntroduction, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Frame, Manager, ON_A_PAGE, Page, Said};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::get;

pub fn routes() -> Router<Web> {
    Router::new().route("/introductions", get(introductions))
}

#[derive(Template)]
#[template(path = "introductions.html")]
struct IntroductionsPage {
    frame: Frame,
    introductions: Vec<DeskIntroduction>,
    said: Option<String>,
}

async fn introductions(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    match caller.page(PageAsk::Needs(NeedsAsk::Introductions { at_most: 4 * ON_A_PAGE })).await? {
        PageReply::Needs(Reply::Introductions { introductions }) => {
            let (frame, said) = (caller.frame("introductions"), said.text(caller.t, &["propose-done"]));
            caller.show(StatusCode::OK, &IntroductionsPage { frame, introductions, said })
        }
        _ => Err(caller.gone()),
    }
}
