//! The evacuation list on a page: to be printed, and ticked on a phone in the cold. Each tick is a form of its own, no script.

use crate::control::{Ask, Reply};
use crate::muster::pin;
use crate::pipeline::muster::Ask as MusterAsk;
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, Page, Said, done};
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use voisins_shared::muster::{Gap, How, Muster, Person};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/muster", get(muster))
        .route("/muster/start", post(start))
        .route("/muster/end", post(end))
        .route("/muster/safe", post(safe))
        .route("/muster/pin", post(set_pin))
        .route("/muster/sheet", get(sheet))
}

/// Somebody on the list, in words.
struct Row {
    visit: u64,
    name: String,
    about: String,
    unconfirmed: bool,
    /// Who says that they are safe, and when.
    safe: Option<String>,
}

#[derive(Template)]
#[template(path = "muster.html")]
struct MusterPage {
    frame: Frame,
    /// Who is here, then those of whom nobody knows: the key of the title, and who.
    parts: [(&'static str, Vec<Row>); 2],
    gaps: Vec<String>,
    all: usize,
    safe: usize,
    going: Option<String>,
    changed: String,
    said: Option<String>,
}

async fn muster(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["muster-ended", "muster-pin-set"]);
    page(&caller, StatusCode::OK, said).await
}

async fn page(caller: &Caller, status: StatusCode, said: Option<String>) -> Page {
    let list = ask(caller, MusterAsk::List).await?;
    let t = caller.t;
    let zone = TimeZone::get(&list.time_zone).unwrap_or(TimeZone::UTC);
    let row = |person: &Person| Row {
        visit: person.visit,
        name: if person.name.is_empty() { t.say("muster-nameless") } else { person.name.clone() },
        about: about(t, &zone, person),
        unconfirmed: person.unconfirmed,
        safe: person
            .safe
            .as_ref()
            .map(|safe| t.with("muster-safe-by", &[("time", hour(t, &zone, safe.at).into()), ("by", safe.by.clone().into())])),
    };
    let (safe, all) = list.safe();
    let going = list.evacuation.as_ref();
    let going =
        going.map(|going| t.with("muster-since", &[("time", hour(t, &zone, going.since).into()), ("by", going.by.clone().into())]));
    let changed = list.changed.map(|at| {
        let at = at.to_zoned(zone.clone());
        t.with("muster-changed", &[("day", t.language().date(at.date()).into()), ("time", t.language().time(at.time()).into())])
    });
    let (here, unconfirmed) = list.people.iter().map(row).partition(|row| !row.unconfirmed);
    let parts = [("muster-here", here), ("muster-unconfirmed", unconfirmed)];
    let gaps = list.gaps.iter().map(|gap| about_gap(t, &zone, gap)).collect();
    let (frame, changed) = (caller.frame("muster"), changed.unwrap_or_else(|| t.say("muster-no-clock")));
    caller.show(status, &MusterPage { frame, parts, gaps, all, safe, going, changed, said })
}

async fn ask(caller: &Caller, ask: MusterAsk) -> Result<Muster, crate::web::frame::Failed> {
    match caller.ask(Ask::Muster(ask)).await? {
        Reply::Muster(list) => Ok(*list),
        _ => Err(caller.gone()),
    }
}

/// "10 h 26".
fn hour(t: &Texts, zone: &TimeZone, at: Option<Timestamp>) -> String {
    at.map_or_else(|| t.say("muster-hour-unknown"), |at| t.language().time(at.to_zoned(zone.clone()).time()))
}

/// How they came, when, and where they were last seen.
fn about(t: &Texts, zone: &TimeZone, person: &Person) -> String {
    let how = match person.how {
        How::Tapped => "muster-tapped",
        How::Declared => "muster-declared",
        How::Manager => "muster-written",
        How::Guest => "muster-guest",
    };
    let mut parts = vec![t.with(how, &[("time", hour(t, zone, person.since).into())])];
    if person.seen != person.since {
        parts.push(t.with("muster-seen", &[("time", hour(t, zone, person.seen).into())]));
    }
    if let Some(reader) = &person.reader {
        parts.push(t.with("muster-reader", &[("reader", reader.as_str().into())]));
    }
    if let Some(by) = &person.vouched_by {
        parts.push(t.with("muster-vouched", &[("by", by.clone().into())]));
    }
    parts.join(" · ")
}

fn about_gap(t: &Texts, zone: &TimeZone, gap: &Gap) -> String {
    let since = hour(t, zone, gap.since);
    let reader = gap.reader.as_ref().map_or_else(|| t.say("muster-all-readers"), |reader| reader.to_string());
    match gap.until {
        Some(until) => {
            let until = hour(t, zone, Some(until));
            t.with("muster-gap-over", &[("reader", reader.into()), ("since", since.into()), ("until", until.into())])
        }
        None => t.with("muster-gap", &[("reader", reader.into()), ("since", since.into())]),
    }
}

async fn start(Change(caller, Nothing {}): Change<Nothing>) -> Page {
    ask(&caller, MusterAsk::Start).await?;
    Ok(Redirect::to("/muster").into_response())
}

async fn end(Change(caller, Nothing {}): Change<Nothing>) -> Page {
    match caller.ask(Ask::Muster(MusterAsk::End)).await? {
        Reply::Muster(_) => Ok(done("/muster", "muster-ended")),
        // pressed twice, or somebody else ended it
        _ => Ok(Redirect::to("/muster").into_response()),
    }
}

#[derive(Deserialize)]
struct Ticked {
    who: u64,
    /// "1", or anything else for no.
    safe: String,
}

async fn safe(Change(caller, Ticked { who, safe }): Change<Ticked>) -> Page {
    let tick = MusterAsk::Safe { who: who.to_string(), safe: safe == "1" };
    match caller.ask(Ask::Muster(tick)).await? {
        // back to where the finger was
        Reply::Muster(_) => Ok(Redirect::to(&format!("/muster#p{who}")).into_response()),
        _ => page(&caller, StatusCode::CONFLICT, Some(caller.t.say("muster-not-going"))).await,
    }
}

#[derive(Deserialize)]
struct NewPin {
    pin: String,
}

async fn set_pin(Change(caller, NewPin { pin }): Change<NewPin>) -> Page {
    let pin = pin.trim().to_owned();
    let hashed = caller.web.hashing(move || pin::hash(&pin)).await.map_err(|problem| caller.failed(problem))?;
    let Some(hash) = hashed else {
        return page(&caller, StatusCode::BAD_REQUEST, Some(caller.t.say("muster-pin-bad"))).await;
    };
    ask(&caller, MusterAsk::Pin { hash: Some(hash) }).await?;
    Ok(done("/muster", "muster-pin-set"))
}

#[derive(Template)]
#[template(path = "muster_sheet.html")]
struct SheetPage {
    frame: Frame,
    rows: std::ops::Range<u8>,
}

/// A sheet for the door, while a reader is dead.
async fn sheet(Manager(caller): Manager) -> Page {
    caller.show(StatusCode::OK, &SheetPage { frame: caller.frame("muster"), rows: 0..18 })
}
