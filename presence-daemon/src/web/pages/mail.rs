//! How it stands with the post: whether letters are sent, how many wait, what is wrong.

use crate::pipeline::pages::mail::{Ask, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Frame, Manager, Page};
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

pub fn routes() -> Router<Web> {
    Router::new().route("/mail", get(mail))
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    frame: Frame,
    on: bool,
    webhook: bool,
    waiting: usize,
    given_up: usize,
    problem: Option<String>,
}

async fn mail(Manager(caller): Manager) -> Page {
    match caller.page(PageAsk::Mail(Ask::Stands)).await? {
        PageReply::Mail(Reply::Stands { on, webhook, waiting, given_up, problem }) => {
            let frame = caller.frame("mail");
            caller.show(StatusCode::OK, &MailPage { frame, on, webhook, waiting, given_up, problem })
        }
        _ => Err(caller.gone()),
    }
}
