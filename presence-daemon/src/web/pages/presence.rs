//! Who is here, live: the dashboard of our own site, as a client of the broker like any other.

use crate::clock::since_boot;
use crate::dashboard::pages::{self, LinkPart, Look};
use crate::dashboard::{Board, values};
use crate::web::frame::{Caller, Failed, Frame, Listens, Page, SignedIn};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use voisins_shared::member::MemberId;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/presence", get(presence))
        .route("/presence/live", get(live))
        .route("/presence/photo/{member}", get(photo))
        .route("/presence.js", get(pages::script))
}

#[derive(Template)]
#[template(path = "presence.html")]
struct PresencePage {
    frame: Frame,
    link: LinkPart,
    board: values::Board,
    figures: Vec<values::Figure>,
    base: String,
}

#[derive(Template)]
#[template(path = "presence_waiting.html")]
struct WaitingPage {
    frame: Frame,
    link: LinkPart,
}

fn look(caller: &Caller) -> Look {
    Look { t: caller.t, base: "/presence".to_owned(), admin: Some(String::new()) }
}

fn board(caller: &Caller) -> Result<&Board, Failed> {
    caller.web.board().ok_or_else(|| caller.failed(Problem::Missing))
}

async fn presence(SignedIn(caller): SignedIn) -> Page {
    let (frame, on) = (caller.frame("presence"), board(&caller)?);
    let link = pages::link(on, caller.t);
    let page = match pages::site(on, caller.web.site(), &look(&caller)) {
        Some(board) => {
            let figures = board.figures.clone();
            caller.show(StatusCode::OK, &PresencePage { frame, link, board, figures, base: "/presence".to_owned() })
        }
        None => caller.show(StatusCode::OK, &WaitingPage { frame, link }),
    };
    page.map(pages::with_policy)
}

/// Ends with the session, and doesn't keep it awake: nobody may be sitting there.
async fn live(Listens(caller): Listens) -> Page {
    let (site, look) = (caller.web.site().clone(), look(&caller));
    let on = board(&caller)?.clone();
    let lasts = move || caller.web.access().lasts(&caller.session, since_boot());
    Ok(pages::live_site(on, site, look, Box::new(lasts)))
}

async fn photo(SignedIn(caller): SignedIn, member: Option<Path<MemberId>>) -> Page {
    let Some(Path(member)) = member else { return Ok(missing()) };
    Ok(pages::photo(board(&caller)?, caller.web.site(), member))
}

fn missing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
