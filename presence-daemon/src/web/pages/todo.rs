//! What the coordination has to do.

use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Frame, Manager, Page};
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

pub fn routes() -> Router<Web> {
    Router::new().route("/", get(todo))
}

#[derive(Template)]
#[template(path = "todo.html")]
struct TodoPage {
    frame: Frame,
    here: u32,
    today: usize,
    needs: usize,
    unanswered: usize,
}

async fn todo(Manager(caller): Manager) -> Page {
    let PageReply::Overview { here, today, needs, unanswered } = caller.page(PageAsk::Overview).await? else {
        return Err(caller.gone());
    };
    caller.show(StatusCode::OK, &TodoPage { frame: caller.frame("todo"), here, today, needs, unanswered })
}
