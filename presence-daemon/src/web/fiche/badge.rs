//! A badge that somebody holds to their phone: whether it is one of the space, and how to bring it back. Anybody may ask, so nothing is
//! told of whose it is, or whether it is anybody's; and nothing is told to the coordination.

use super::{Guest, Phones, only_looks};
use crate::authentic::sun::{Message, Verdict};
use crate::pipeline::pages::fiche::{Ask, Reply};
use crate::web::Problem;
use crate::web::frame::{self, Failed};
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tracing::debug;

pub fn routes() -> Router<Phones> {
    Router::new().route("/badge", get(show))
}

/// As the badge writes it into its address.
#[derive(Deserialize)]
struct Said {
    p: String,
    m: String,
}

#[derive(Template)]
#[template(path = "fiche_badge.html")]
struct BadgePage {
    t: &'static Texts,
    title: String,
    verdict: Verdict,
    reached: Arc<[String]>,
}

impl BadgePage {
    /// What it comes to.
    fn heading(&self) -> String {
        match self.verdict {
            Verdict::Genuine => self.t.name("found-genuine", &self.title),
            Verdict::Lost => self.t.name("found-lost", &self.title),
            Verdict::Replayed => self.t.say("found-replayed"),
            Verdict::Forged => self.t.say("found-forged"),
        }
    }

    /// What whoever has found it may do.
    fn about(&self) -> String {
        match self.verdict {
            Verdict::Genuine => self.t.name("found-bring", &self.title),
            Verdict::Lost => self.t.name("found-lost-bring", &self.title),
            Verdict::Replayed => self.t.say("found-again"),
            Verdict::Forged => self.t.say("found-forged-about"),
        }
    }

    fn leads_back(&self) -> bool {
        matches!(self.verdict, Verdict::Genuine | Verdict::Lost)
    }

    fn status(&self) -> StatusCode {
        match self.verdict {
            Verdict::Genuine | Verdict::Lost => StatusCode::OK,
            Verdict::Replayed => StatusCode::CONFLICT,
            Verdict::Forged => StatusCode::FORBIDDEN,
        }
    }
}

async fn show(
    State(phones): State<Phones>,
    Guest(t): Guest,
    said: Result<Query<Said>, QueryRejection>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if only_looks(&method, &headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let message = said.ok().and_then(|Query(Said { p, m })| Message::from_hex(&p, &m));
    let verdict = match message {
        Some(message) => match phones.ask(Ask::Badge { message }).await.map_err(|problem| Failed(t, problem))? {
            Reply::Badge(verdict) => verdict,
            _ => return Err(Failed(t, Problem::Gone)),
        },
        None => Verdict::Forged,
    };
    if matches!(verdict, Verdict::Replayed | Verdict::Forged) {
        let count = phones.unproven.fetch_add(1, Ordering::Relaxed) + 1;
        debug!(?verdict, count, "a phone asked about a badge, and what it brought proves nothing");
    }
    let page = BadgePage { t, title: phones.web.title.clone(), verdict, reached: Arc::clone(&phones.reached) };
    Ok(frame::show(t, page.status(), &page))
}
