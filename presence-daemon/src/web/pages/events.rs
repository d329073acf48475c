//! What happens in the house: put up, changed, called off; and our feed, whose address nobody can guess.

use crate::control::{Ask as Command, Event as Desk, Reply as Answer};
use crate::pipeline::pages::events::{Ask, CalendarState, DeskEvent, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::frame::{Caller, Change, Failed, Frame, Manager, Nothing, Page, Said, done};
use crate::web::{Problem, Spoken, Web};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use jiff::civil::DateTime;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use voisins_shared::agenda::EventId;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/events", get(events).post(put))
        .route("/events/address", post(new_address))
        .route("/events/forget", post(forget))
        .route("/events/{event}/change", post(change))
        .route("/events/{event}/cancel", post(cancel))
        .route("/events/{event}/confirm", post(confirm))
        .route("/agenda/{key}", get(feed))
}

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    frame: Frame,
    coming: Vec<DeskEvent>,
    over: Vec<DeskEvent>,
    calendars: Vec<CalendarState>,
    /// Where the feed is.
    address: String,
    typed: Typed,
    once: String,
    said: Option<String>,
}

impl EventsPage {
    fn when(&self, event: &DeskEvent) -> String {
        let language = self.frame.t.language();
        let (day, year) = (language.date(event.starts.date()), event.starts.year());
        if event.all_day { format!("{day} {year}") } else { format!("{day} {year}, {}", language.time(event.starts.time())) }
    }

    fn read_at(&self, read: &DateTime) -> String {
        let language = self.frame.t.language();
        let (day, time) = (language.date(read.date()), language.time(read.time()));
        self.frame.t.with("events-read", &[("day", day.into()), ("time", time.into())])
    }

    fn field(&self, event: &DeskEvent) -> String {
        event.starts.strftime("%Y-%m-%dT%H:%M").to_string()
    }
}

#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    place: String,
    /// As a browser's `datetime-local` writes it.
    #[serde(default)]
    starts: String,
    /// Absent: to see who would come.
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    once: String,
}

const SAID: [&str; 6] =
    ["events-put", "events-changed", "events-cancelled", "events-confirmed", "events-new-address", "events-forgotten"];

async fn events(Manager(caller): Manager, headers: HeaderMap, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &SAID);
    all(&caller, &headers, (StatusCode::OK, said), Typed::default()).await
}

async fn all(caller: &Caller, headers: &HeaderMap, (status, said): (StatusCode, Option<String>), typed: Typed) -> Page {
    let PageReply::Events(Reply::List { coming, over, calendars, key }) = caller.page(PageAsk::Events(Ask::List)).await? else {
        return Err(caller.gone());
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let origin = caller.web.origin.clone().unwrap_or_else(|| format!("http://{host}"));
    let (frame, once) = (caller.frame("events"), uuid::Uuid::new_v4().to_string());
    let address = format!("{origin}/agenda/{key}.ics");
    caller.show(status, &EventsPage { frame, coming, over, calendars, address, typed, once, said })
}

async fn answered(caller: &Caller, headers: &HeaderMap, ask: Command, said: &str, typed: Typed) -> Page {
    match caller.ask(ask).await? {
        Answer::Done | Answer::Text(_) => {
            caller.web.access().spend(&caller.session, &typed.once);
            Ok(done("/events", said))
        }
        _ => all(caller, headers, (StatusCode::BAD_REQUEST, Some(caller.t.say("events-bad"))), typed).await,
    }
}

fn starts(typed: &Typed) -> Option<DateTime> {
    typed.starts.trim().parse().ok()
}

fn place(typed: &Typed) -> Option<String> {
    Some(typed.place.clone()).filter(|place| !place.trim().is_empty())
}

async fn put(headers: HeaderMap, Change(caller, typed): Change<Typed>) -> Page {
    if caller.web.access().is_spent(&caller.session, &typed.once) {
        return Ok(done("/events", "events-put"));
    }
    let Some(starts) = starts(&typed) else {
        return all(&caller, &headers, (StatusCode::BAD_REQUEST, Some(caller.t.say("events-bad"))), typed).await;
    };
    let ask = Desk::Put { title: typed.title.clone(), place: place(&typed), starts, firm: typed.firm.is_some() };
    answered(&caller, &headers, Command::Event(ask), "events-put", typed).await
}

async fn change(Path(event): Path<EventId>, headers: HeaderMap, Change(caller, typed): Change<Typed>) -> Page {
    let Some(starts) = starts(&typed) else {
        return all(&caller, &headers, (StatusCode::BAD_REQUEST, Some(caller.t.say("events-bad"))), Typed::default()).await;
    };
    let ask = Desk::Change { event, title: typed.title.clone(), place: place(&typed), starts };
    answered(&caller, &headers, Command::Event(ask), "events-changed", Typed::default()).await
}

async fn cancel(Path(event): Path<EventId>, headers: HeaderMap, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    answered(&caller, &headers, Command::CancelEvent { event }, "events-cancelled", Typed::default()).await
}

async fn confirm(Path(event): Path<EventId>, headers: HeaderMap, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    answered(&caller, &headers, Command::Event(Desk::Confirm { event }), "events-confirmed", Typed::default()).await
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn forget(headers: HeaderMap, Change(caller, Named { name }): Change<Named>) -> Page {
    answered(&caller, &headers, Command::ForgetCalendar { name }, "events-forgotten", Typed::default()).await
}

async fn new_address(Change(caller, Nothing {}): Change<Nothing>) -> Page {
    caller.page(PageAsk::Events(Ask::NewKey)).await?;
    Ok(done("/events", "events-new-address"))
}

/// The agenda for whoever has its address: no name of anybody, and nothing that is hidden. Programs ask again every hour or so.
async fn feed(State(web): State<Web>, Path(key): Path<String>, headers: HeaderMap, Spoken(t): Spoken) -> Page {
    let missing = || Failed(t, Problem::Missing);
    let key = key.strip_suffix(".ics").ok_or_else(missing)?.to_owned();
    let ask = Command::Page(PageAsk::Events(Ask::Feed { key }));
    let answer = web.ask(ask, crate::control::By::Nobody).await.map_err(|problem| Failed(t, problem))?;
    let Answer::Page(PageReply::Events(Reply::Feed { feed: Some(feed) })) = answer else { return Err(missing()) };
    // the moment at which it was written is in every event: two that say the same have the same tag
    let same: String = feed.lines().filter(|line| !line.starts_with("DTSTAMP")).collect();
    let tag: String = Sha256::digest(same.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"{tag}\"");
    let tag_header = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static(""));
    let fixed = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=900")),
        (header::ETAG, tag_header),
    ];
    if headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).is_some_and(|known| known.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    Ok((fixed, feed).into_response())
}
