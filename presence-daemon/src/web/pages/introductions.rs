//! Who was brought together, and what it led to; who is never to be.

use crate::control::{Ask as Command, Desk, Reply as Answer};
use crate::pipeline::pages::moderation::Person;
use crate::pipeline::pages::needs::{Ask as NeedsAsk, DeskIntroduction, Reply};
use crate::pipeline::pages::{PageAsk, PageReply, network};
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, ON_A_PAGE, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::BTreeMap;
use voisins_shared::introduction::IntroductionId;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/introductions", get(introductions))
        .route("/introductions/apart", post(apart))
        .route("/introductions/{introduction}/close", post(close))
}

#[derive(Template)]
#[template(path = "introductions.html")]
struct IntroductionsPage {
    frame: Frame,
    introductions: Vec<DeskIntroduction>,
    /// When one of them said what it led to.
    led: BTreeMap<String, Timestamp>,
    zone: TimeZone,
    apart: Vec<[Person; 2]>,
    typed: Pair,
    page: usize,
    pages: usize,
    said: Option<String>,
}

impl IntroductionsPage {
    fn led_on(&self, found: &DeskIntroduction) -> Option<String> {
        let at = self.led.get(&found.id.to_string())?;
        Some(self.frame.t.language().date(at.to_zoned(self.zone.clone()).date()))
    }
}

#[derive(Deserialize)]
struct Turned {
    #[serde(default)]
    page: usize,
}

/// Two members, as typed.
#[derive(Deserialize, Default)]
struct Pair {
    #[serde(default)]
    one: String,
    #[serde(default)]
    other: String,
    /// `avoid` or `allow`.
    #[serde(default)]
    act: String,
}

const SAID: [&str; 4] = ["propose-done", "introductions-closed", "introductions-avoided", "introductions-allowed"];

async fn introductions(Manager(caller): Manager, Query(said): Query<Said>, Query(Turned { page }): Query<Turned>) -> Page {
    let said = said.text(caller.t, &SAID);
    all(&caller, (StatusCode::OK, said), page.clamp(1, 10_000), Pair::default()).await
}

async fn all(caller: &Caller, (status, said): (StatusCode, Option<String>), page: usize, typed: Pair) -> Page {
    let ask = NeedsAsk::Introductions { from: (page - 1) * ON_A_PAGE, at_most: ON_A_PAGE };
    let PageReply::Needs(Reply::Introductions { introductions, all }) = caller.page(PageAsk::Needs(ask)).await? else {
        return Err(caller.gone());
    };
    let PageReply::Network(network::Reply::Apart { pairs: apart }) = caller.page(PageAsk::Network(network::Ask::Apart)).await?
    else {
        return Err(caller.gone());
    };
    let led = caller.web.read(|reports| reports.led_at()).await.map_err(|problem| caller.failed(problem))?;
    let (frame, pages) = (caller.frame("introductions"), all.div_ceil(ON_A_PAGE).max(1));
    let zone = caller.web.zone.clone();
    caller.show(status, &IntroductionsPage { frame, introductions, led, zone, apart, typed, page, pages, said })
}

/// Nobody is asked any more; what is told of it is the same as of one that nobody answered.
async fn close(Path(introduction): Path<IntroductionId>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    match caller.ask(Command::Desk(Desk::CloseIntroduction { introduction })).await? {
        Answer::Done => Ok(done("/introductions", "introductions-closed")),
        _ => all(&caller, (StatusCode::CONFLICT, Some(caller.t.say("introductions-gone"))), 1, Pair::default()).await,
    }
}

async fn apart(Change(caller, typed): Change<Pair>) -> Page {
    let pair = [typed.one.clone(), typed.other.clone()];
    let (ask, said) = match &*typed.act {
        "allow" => (Desk::Allow { pair }, "introductions-allowed"),
        _ => (Desk::Avoid { pair }, "introductions-avoided"),
    };
    match caller.ask(Command::Desk(ask)).await? {
        Answer::Done => Ok(done("/introductions", said)),
        _ => all(&caller, (StatusCode::BAD_REQUEST, Some(caller.t.say("introductions-who"))), 1, typed).await,
    }
}
