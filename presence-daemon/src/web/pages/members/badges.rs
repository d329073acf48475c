//! Badges: by code, by the next tap on a reader; lost, found, out of use. Never a UID.

use super::card::{address, back, load};
use super::{ask, does};
use crate::control::{Ask as Command, Person, Reply as Answer};
use crate::pipeline::pages::members::card::{Card, Stage};
use crate::pipeline::pages::members::{Ask, Code, Reply};
use crate::presence::PairingCode;
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use serde::Deserialize;
use voisins_shared::name::ReaderName;

/// While a card is awaited the page is loaded again so often, in seconds.
const AGAIN: &str = "2";

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/badges", get(codes).post(enrol))
        .route("/members/{member}/badge", get(badge))
        .route("/members/{member}/badge/code", post(enrol_theirs))
        .route("/members/{member}/badge/arm", post(arm))
        .route("/members/{member}/badge/cancel", post(cancel))
        .route("/members/{member}/badges/{badge}", post(set))
        .route("/members/{member}/authentic", post(authentic))
}

#[derive(Template)]
#[template(path = "badges.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<Code>,
    typed: Whose,
    said: Option<String>,
    trouble: Option<String>,
}

impl CodesPage {
    fn since(&self, code: &Code) -> String {
        code.since.map_or(String::new(), |at| self.frame.t.language().time(at.time()))
    }
}

#[derive(Template)]
#[template(path = "member_badge.html")]
struct BadgePage {
    frame: Frame,
    card: Card,
    code: String,
    trouble: Option<String>,
}

impl BadgePage {
    /// The key of what is told of the reader that waits.
    fn stage(&self) -> &'static str {
        match self.card.armed.as_ref().map(|armed| armed.1) {
            None => "",
            Some(Stage::Waits) => "badges-waits",
            Some(Stage::OnceMore) => "badges-again",
            Some(Stage::Taken) => "badges-taken",
            Some(Stage::Random) => "badges-random",
            Some(Stage::Enrolled) => "badges-enrolled",
            Some(Stage::Over) => "badges-over",
        }
    }

    fn awaits(&self) -> bool {
        self.card.armed.as_ref().is_some_and(|armed| !matches!(armed.1, Stage::Enrolled | Stage::Over))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Whose {
    code: String,
    member: String,
}

async fn codes(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["badges-enrolled", "badges-once-more"]);
    all_codes(&caller, StatusCode::OK, (Whose::default(), said, None)).await
}

async fn all_codes(caller: &Caller, status: StatusCode, told: (Whose, Option<String>, Option<String>)) -> Page {
    let Reply::Codes(codes) = ask(caller, Ask::Codes).await? else { return Err(caller.gone()) };
    let (typed, said, trouble) = told;
    caller.show(status, &CodesPage { frame: caller.frame("badges"), codes, typed, said, trouble })
}

/// Whose a card is; what was done, or why not.
async fn enrols(caller: &Caller, code: &str, member: String) -> Result<Result<&'static str, String>, crate::web::frame::Failed> {
    let Ok(code) = code.parse::<PairingCode>() else { return Ok(Err(caller.t.say("badges-no-code"))) };
    Ok(match caller.ask(Command::Enrol { code, member }).await? {
        Answer::Enrolled { done: true } => Ok("badges-enrolled"),
        Answer::Enrolled { done: false } => Ok("badges-once-more"),
        _ => Err(caller.t.say("badges-not")),
    })
}

async fn enrol(Change(caller, typed): Change<Whose>) -> Page {
    match enrols(&caller, &typed.code, typed.member.trim().to_owned()).await? {
        Ok(said) => Ok(done("/badges", said)),
        Err(trouble) => all_codes(&caller, StatusCode::CONFLICT, (typed, None, Some(trouble))).await,
    }
}

async fn badge(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    badge_page(&caller, &member, (StatusCode::OK, String::new(), None)).await
}

/// While a card is awaited the page loads itself again: no script is needed to see it come.
async fn badge_page(caller: &Caller, member: &str, told: (StatusCode, String, Option<String>)) -> Page {
    let card = load(caller, member).await?;
    let (status, code, trouble) = told;
    let page = BadgePage { frame: caller.frame("members"), card, code, trouble };
    let mut response = caller.show(status, &page)?;
    if page.awaits() {
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static(AGAIN));
    }
    Ok(response)
}

async fn enrol_theirs(Path(member): Path<String>, Change(caller, typed): Change<Whose>) -> Page {
    let number = load(&caller, &member).await?.number;
    match enrols(&caller, &typed.code, number.clone()).await? {
        Ok(said) => Ok(back(&number, said)),
        Err(trouble) => badge_page(&caller, &number, (StatusCode::CONFLICT, typed.code, Some(trouble))).await,
    }
}

#[derive(Deserialize)]
struct At {
    reader: ReaderName,
}

async fn arm(Path(member): Path<String>, Change(caller, At { reader }): Change<At>) -> Page {
    does(&caller, Ask::Arm { member: member.clone(), reader }).await?;
    Ok(Redirect::to(&format!("{}/badge", address(&member))).into_response())
}

async fn cancel(Path(member): Path<String>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    does(&caller, Ask::Disarm { member: member.clone() }).await?;
    Ok(back(&member, "badges-cancelled"))
}

#[derive(Deserialize)]
struct State {
    state: String,
}

async fn set(Path((member, badge)): Path<(String, i64)>, Change(caller, State { state }): Change<State>) -> Page {
    does(&caller, Ask::Badge { member: member.clone(), badge, state }).await?;
    Ok(back(&member, "badges-changed"))
}

/// Which badges count for somebody.
#[derive(Deserialize)]
struct Only {
    only: bool,
}

async fn authentic(Path(member): Path<String>, Change(caller, Only { only }): Change<Only>) -> Page {
    let member = load(&caller, &member).await?.number;
    does(&caller, Ask::Person { person: Person::Authentic { member: member.clone(), only } }).await?;
    Ok(back(&member, "badges-changed"))
}
