//! Visits by day and by member, setting them right, closing a day, guests.

use crate::control::{Ask, Reply};
use crate::pipeline::pages::visits::{Ask as VisitsAsk, Day, Reply as VisitsReply, Today};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::pipeline::visits::Ask as VisitChange;
use crate::presence::VisitId;
use crate::store::{Corrected, DayCount, VisitRow, VisitsOf};
use crate::web::Web;
use crate::web::frame::{Caller, Change, Failed, Frame, Manager, ON_A_PAGE, Page, Said, done};
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::BTreeMap;
use voisins_shared::visit::{ClosedBy, OpenedBy};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/visits", get(visits))
        .route("/visits/add", get(add_form).post(add))
        .route("/visits/close", get(closing).post(close))
        .route("/visits/guests", get(guests).post(add_guest))
        .route("/visits/guests/left", post(guest_left))
        .route("/visits/{visit}", get(visit))
        .route("/visits/{visit}/correct", post(correct))
        .route("/visits/{visit}/cancel", post(cancel))
}

/// What a visit's row says.
struct Line {
    visit: u64,
    who: String,
    number: Option<String>,
    day: String,
    came: String,
    left: String,
    marks: Vec<&'static str>,
    cancelled: bool,
}

/// The site's clock, in the caller's language.
struct Local<'a> {
    t: &'a Texts,
    zone: TimeZone,
}

impl<'a> Local<'a> {
    fn of(t: &'a Texts, today: &Today) -> Self {
        Self { t, zone: TimeZone::get(&today.time_zone).unwrap_or(TimeZone::UTC) }
    }

    /// "10 h 26".
    fn hour(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(String::new, |at| self.t.language().time(at.to_zoned(self.zone.clone()).time()))
    }

    /// "10:26", as a field takes it.
    fn field(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(String::new, |at| at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string())
    }

    fn moment(&self, at: Option<Timestamp>) -> String {
        let day = |at: Timestamp| self.t.language().date(at.to_zoned(self.zone.clone()).date());
        at.map_or_else(String::new, |at| format!("{}, {}", day(at), self.hour(Some(at))))
    }

    fn line(&self, row: &VisitRow) -> Line {
        let opened = row.opened_by.map(|by| match by {
            OpenedBy::Tap => "visits-by-tap",
            OpenedBy::Signed => "visits-by-signed",
            OpenedBy::Button => "visits-by-button",
            OpenedBy::Declared => "visits-by-declared",
            OpenedBy::Manager => "visits-by-manager",
        });
        let closed = row.closed_by.map(|by| match by {
            ClosedBy::Tap => "visits-by-tap",
            ClosedBy::Signed => "visits-by-signed",
            ClosedBy::Button => "visits-by-button",
            ClosedBy::Manager => "visits-by-manager",
            ClosedBy::Assumed => "visits-by-assumed",
        });
        let with = |at: Option<Timestamp>, by: Option<&str>| {
            let parts = [self.hour(at), by.map(|by| self.t.say(by)).unwrap_or_default()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let marks = [
            (row.cancelled, "visits-cancelled"),
            (row.corrected && !row.cancelled, "visits-corrected"),
            (row.drew, "visits-look-drawn"),
            (row.drew_none, "visits-look-undrawn"),
        ];
        Line {
            visit: row.visit,
            who: match (&row.member, &row.guest) {
                (Some((_, name)), _) => name.clone(),
                (None, Some(name)) => self.t.with("visits-guest-of-name", &[("name", name.clone().into())]),
                (None, None) => self.t.say("visits-guest"),
            },
            number: row.member.as_ref().map(|(number, _)| format!("M-{number:04}")),
            day: row.day.map(|day| self.t.language().date(day)).unwrap_or_default(),
            came: if row.cancelled { String::new() } else { with(row.opened, opened) },
            left: match (row.is_open, row.cancelled) {
                (true, _) => self.t.say("visits-still-here"),
                (_, true) => String::new(),
                _ => with(row.closed, closed),
            },
            marks: marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect(),
            cancelled: row.cancelled,
        }
    }
}

async fn house(caller: &Caller, ask: VisitsAsk) -> Result<VisitsReply, Failed> {
    match caller.page(PageAsk::Visits(ask)).await? {
        PageReply::Visits(reply) => Ok(reply),
        _ => Err(caller.gone()),
    }
}

async fn today(caller: &Caller) -> Result<Today, Failed> {
    match house(caller, VisitsAsk::Today).await? {
        VisitsReply::Today(today) => Ok(today),
        _ => Err(caller.gone()),
    }
}

#[derive(Template)]
#[template(path = "visits.html")]
struct VisitsPage {
    frame: Frame,
    title: String,
    day: Option<Date>,
    before: Option<Date>,
    after: Option<Date>,
    of_member: bool,
    member: String,
    lines: Vec<Line>,
    days: Vec<DayCount>,
    found: usize,
    page: usize,
    pages: usize,
    said: Option<String>,
}

#[derive(Deserialize, Default)]
struct Wanted {
    #[serde(default)]
    day: String,
    #[serde(default)]
    member: String,
    #[serde(default)]
    page: usize,
    #[serde(default)]
    said: Option<String>,
}

async fn visits(Manager(caller): Manager, Query(wanted): Query<Wanted>) -> Page {
    let today = today(&caller).await?;
    let page = wanted.page.clamp(1, 10_000);
    let (day, member) = (wanted.day.parse().ok().or(today.day), number(&wanted.member));
    let of = match (member, day) {
        (Some(number), _) => VisitsOf::Member(number),
        (None, Some(day)) => VisitsOf::Day(day),
        // nobody knows which day it is
        (None, None) => VisitsOf::Day(Date::MIN),
    };
    let last = day.unwrap_or(Date::MIN);
    let first = last.saturating_sub(jiff::Span::new().days(13));
    let read = move |reports: &crate::store::Reports| {
        let visits = reports.visits(&of, (page - 1) * ON_A_PAGE, ON_A_PAGE)?;
        let days = if member.is_none() { reports.days_of_visits(first, last)? } else { vec![] };
        Ok((visits, days))
    };
    let ((rows, found), days) = caller.web.read(read).await.map_err(|problem| caller.failed(problem))?;
    let local = Local::of(caller.t, &today);
    let lines: Vec<Line> = rows.iter().map(|row| local.line(row)).collect();
    let said = wanted.said.filter(|said| ["visits-added", "visits-closed"].contains(&said.as_str()));
    let name = rows.first().and_then(|row| row.member.as_ref()).map(|(_, name)| name.clone());
    let title = match member {
        Some(_) => name.unwrap_or_else(|| wanted.member.clone()),
        None => day.map(|day| caller.t.language().date(day)).unwrap_or_else(|| caller.t.say("visits-title")),
    };
    let view = VisitsPage {
        frame: caller.frame("visits"),
        title,
        day,
        before: day.and_then(|day| day.yesterday().ok()),
        after: day.filter(|day| Some(*day) < today.day).and_then(|day| day.tomorrow().ok()),
        of_member: member.is_some(),
        member: wanted.member,
        lines,
        days,
        found,
        page,
        pages: found.div_ceil(ON_A_PAGE).max(1),
        said: said.map(|said| caller.t.say(&said)),
    };
    caller.show(StatusCode::OK, &view)
}

/// `M-0142`, or 142.
fn number(text: &str) -> Option<u32> {
    text.trim().trim_start_matches(['M', 'm']).trim_start_matches('-').parse().ok()
}

#[derive(Template)]
#[template(path = "visit.html")]
struct VisitPage {
    frame: Frame,
    line: Line,
    day: String,
    opened: String,
    seen: String,
    typed: Typed,
    /// When, who, what it was before, why.
    history: Vec<[String; 3]>,
    said: Option<String>,
}

/// What was typed into a form about a visit.
#[derive(Deserialize, Default, Clone)]
struct Typed {
    #[serde(default)]
    opened: String,
    #[serde(default)]
    closed: String,
    #[serde(default)]
    reason: String,
}

async fn visit(Manager(caller): Manager, Path(visit): Path<u64>, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["visits-done", "visits-added"]);
    one(&caller, visit, (StatusCode::OK, said), None).await
}

async fn one(caller: &Caller, visit: u64, (status, said): (StatusCode, Option<String>), typed: Option<Typed>) -> Page {
    let today = today(caller).await?;
    let read = move |reports: &crate::store::Reports| {
        Ok((reports.visits(&VisitsOf::One(VisitId(visit)), 0, 1)?.0, reports.corrections(VisitId(visit))?))
    };
    let (rows, corrections) = caller.web.read(read).await.map_err(|problem| caller.failed(problem))?;
    let Some(row) = rows.first() else { return Err(caller.failed(crate::web::Problem::Missing)) };
    let local = Local::of(caller.t, &today);
    let typed = typed.unwrap_or_else(|| Typed {
        opened: local.field(row.opened),
        closed: if row.is_open { String::new() } else { local.field(row.closed) },
        reason: String::new(),
    });
    let view = VisitPage {
        frame: caller.frame("visits"),
        line: local.line(row),
        day: row.day.map(|day| day.to_string()).unwrap_or_default(),
        opened: local.hour(row.opened),
        seen: local.hour(row.seen),
        typed,
        history: corrections.iter().map(|corrected| history(&local, corrected)).collect(),
        said,
    };
    caller.show(status, &view)
}

fn history(local: &Local<'_>, corrected: &Corrected) -> [String; 3] {
    let t = local.t;
    let open = || t.say("visits-still-here");
    let closed = if corrected.closed.is_none() { open() } else { local.hour(corrected.closed) };
    let assumed = if corrected.closed_by == Some(ClosedBy::Assumed) { t.say("visits-by-assumed") } else { String::new() };
    let was = match corrected.sort.as_str() {
        "added" => t.say("visits-was-paper"),
        _ => t.with(
            "visits-was",
            &[("opened", local.hour(corrected.opened).into()), ("closed", format!("{closed} {assumed}").trim().to_owned().into())],
        ),
    };
    let who = t.with("visits-corrected-by", &[("by", corrected.by.clone().into()), ("time", local.moment(corrected.at).into())]);
    [who, was, corrected.reason.clone()]
}

/// A field of a time; none if it is empty.
fn time(text: &str) -> Result<Option<Time>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| "visits-bad-time"),
    }
}

/// Does what a form asks; the key of why not.
async fn change(caller: &Caller, ask: VisitChange) -> Result<Result<String, String>, Failed> {
    Ok(match caller.ask(Ask::Visits(ask)).await? {
        Reply::Text(visit) => Ok(visit.trim().to_owned()),
        Reply::Refused(why) => Err(why),
        Reply::Error(_) => Err("visits-bad-member".to_owned()),
        _ => return Err(caller.gone()),
    })
}

async fn correct(Path(visit): Path<u64>, Change(caller, typed): Change<Typed>) -> Page {
    let answer = match (time(&typed.opened), time(&typed.closed)) {
        (Ok(opened), Ok(closed)) => {
            change(&caller, VisitChange::Correct { visit, opened, closed, reason: typed.reason.clone() }).await?
        }
        (Err(why), _) | (_, Err(why)) => Err(why.to_owned()),
    };
    match answer {
        Ok(_) => Ok(done(&format!("/visits/{visit}"), "visits-done")),
        Err(why) => one(&caller, visit, (StatusCode::BAD_REQUEST, Some(caller.t.say(&why))), Some(typed)).await,
    }
}

async fn cancel(Path(visit): Path<u64>, Change(caller, typed): Change<Typed>) -> Page {
    match change(&caller, VisitChange::Cancel { visit, reason: typed.reason.clone() }).await? {
        Ok(_) => Ok(done(&format!("/visits/{visit}"), "visits-done")),
        Err(why) => one(&caller, visit, (StatusCode::BAD_REQUEST, Some(caller.t.say(&why))), None).await,
    }
}

#[derive(Template)]
#[template(path = "visits_add.html")]
struct AddPage {
    frame: Frame,
    typed: New,
    once: String,
    said: Option<String>,
}

#[derive(Deserialize, Default, Clone)]
struct New {
    #[serde(default)]
    member: String,
    #[serde(default)]
    guest: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    opened: String,
    #[serde(default)]
    closed: String,
    #[serde(default)]
    reason: String,
    /// Of the form: sent twice, it is done once.
    #[serde(default)]
    once: String,
}

async fn add_form(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["visits-added"]);
    let day = today(&caller).await?.day.map(|day| day.to_string()).unwrap_or_default();
    let typed = New { day, reason: caller.t.say("visits-sheet"), ..New::default() };
    show_add(&caller, StatusCode::OK, said, typed)
}

fn show_add(caller: &Caller, status: StatusCode, said: Option<String>, typed: New) -> Page {
    caller.show(status, &AddPage { frame: caller.frame("visits"), typed, once: uuid::Uuid::new_v4().to_string(), said })
}

async fn add(Change(caller, typed): Change<New>) -> Page {
    if caller.web.access().is_spent(&caller.session, &typed.once) {
        return Ok(done("/visits/add", "visits-added"));
    }
    match add_one(&caller, &typed).await? {
        Ok(_) => {
            caller.web.access().spend(&caller.session, &typed.once);
            Ok(done("/visits/add", "visits-added"))
        }
        Err(why) => show_add(&caller, StatusCode::BAD_REQUEST, Some(caller.t.say(&why)), typed),
    }
}

async fn add_one(caller: &Caller, typed: &New) -> Result<Result<String, String>, Failed> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let day = match typed.day.trim() {
        "" => None,
        day => match day.parse() {
            Ok(day) => Some(day),
            Err(_) => return Ok(Err("visits-bad-time".to_owned())),
        },
    };
    let (opened, closed) = match (time(&typed.opened), time(&typed.closed)) {
        (Ok(Some(opened)), Ok(closed)) => (opened, closed),
        _ => return Ok(Err("visits-bad-time".to_owned())),
    };
    let (member, guest) = (filled(&typed.member), filled(&typed.guest));
    change(caller, VisitChange::Add { member, guest, day, opened, closed, reason: typed.reason.clone() }).await
}

/// Somebody who may still be here.
struct Still {
    visit: u64,
    name: String,
    came: String,
    seen: String,
    unconfirmed: bool,
    /// What was typed.
    left: String,
}

struct DayLine {
    day: String,
    closes: String,
    exception: bool,
}

#[derive(Template)]
#[template(path = "visits_close.html")]
struct ClosePage {
    frame: Frame,
    people: Vec<Still>,
    days: Vec<DayLine>,
    said: Option<String>,
}

async fn closing(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["visits-closed"]);
    show_closing(&caller, StatusCode::OK, said, &BTreeMap::new()).await
}

async fn show_closing(caller: &Caller, status: StatusCode, said: Option<String>, typed: &BTreeMap<u64, String>) -> Page {
    let VisitsReply::Closing { today, people, days } = house(caller, VisitsAsk::Closing).await? else {
        return Err(caller.gone());
    };
    let (t, local) = (caller.t, Local::of(caller.t, &today));
    let still = people.iter().map(|person| Still {
        visit: person.visit,
        name: if person.name.is_empty() { t.say("visits-guest") } else { person.name.clone() },
        came: local.hour(person.since),
        seen: local.hour(person.seen),
        unconfirmed: person.unconfirmed,
        left: typed.get(&person.visit).cloned().unwrap_or_default(),
    });
    let line = |day: &Day| DayLine {
        day: t.language().date(day.day),
        closes: match (day.closes, day.closed) {
            (Some(time), _) => t.language().time(time),
            (None, true) => t.say("visits-day-closed"),
            (None, false) => t.say("visits-day-open"),
        },
        exception: day.exception,
    };
    let page = ClosePage { frame: caller.frame("visits"), people: still.collect(), days: days.iter().map(line).collect(), said };
    caller.show(status, &page)
}

/// The visits, and when each left; an empty time: still here.
#[derive(Deserialize)]
struct Closing {
    #[serde(default)]
    visit: Vec<u64>,
    #[serde(default)]
    left: Vec<String>,
}

async fn close(Change(caller, Closing { visit, left }): Change<Closing>) -> Page {
    let typed: BTreeMap<u64, String> = visit.iter().copied().zip(left).filter(|(_, left)| !left.trim().is_empty()).collect();
    let (mut wrong, mut why) = (BTreeMap::new(), None);
    for (visit, left) in typed {
        let reason = caller.t.say("visits-close-reason");
        let answer = match time(&left) {
            Ok(at) => change(&caller, VisitChange::Left { visit, at, reason }).await?,
            Err(why) => Err(why.to_owned()),
        };
        if let Err(key) = answer {
            wrong.insert(visit, left);
            why = Some(key);
        }
    }
    match why {
        None => Ok(done("/visits/close", "visits-closed")),
        Some(why) => show_closing(&caller, StatusCode::BAD_REQUEST, Some(caller.t.say(&why)), &wrong).await,
    }
}

/// Somebody of today without a badge.
struct Badgeless {
    line: Line,
    by: String,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "visits_guests.html")]
struct GuestsPage {
    frame: Frame,
    /// Guests, then members without their badge: the key of the title, and who.
    parts: [(&'static str, Vec<Badgeless>); 2],
    name: String,
    once: String,
    said: Option<String>,
}

async fn guests(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["visits-guest-added", "visits-guest-gone"]);
    show_guests(&caller, StatusCode::OK, said, String::new()).await
}

async fn show_guests(caller: &Caller, status: StatusCode, said: Option<String>, name: String) -> Page {
    let VisitsReply::Vouched { today, by } = house(caller, VisitsAsk::Vouched).await? else { return Err(caller.gone()) };
    let day = today.day.unwrap_or(Date::MIN);
    let read = move |reports: &crate::store::Reports| reports.visits(&VisitsOf::Day(day), 0, 10_000);
    let (rows, _) = caller.web.read(read).await.map_err(|problem| caller.failed(problem))?;
    let by: BTreeMap<u64, String> = by.into_iter().collect();
    let local = Local::of(caller.t, &today);
    let badgeless = |row: &VisitRow| Badgeless {
        line: local.line(row),
        by: by.get(&row.visit).cloned().unwrap_or_default(),
        is_open: row.is_open,
    };
    let of = |guest: bool| {
        let wanted = move |row: &&VisitRow| {
            !row.cancelled && row.member.is_none() == guest && (guest || row.opened_by == Some(OpenedBy::Declared))
        };
        rows.iter().filter(wanted).map(badgeless).collect()
    };
    let parts = [("visits-guests-today", of(true)), ("visits-declared-today", of(false))];
    let (frame, once) = (caller.frame("visits"), uuid::Uuid::new_v4().to_string());
    caller.show(status, &GuestsPage { frame, parts, name, once, said })
}

#[derive(Deserialize)]
struct NewGuest {
    name: String,
    #[serde(default)]
    once: String,
}

async fn add_guest(Change(caller, NewGuest { name, once }): Change<NewGuest>) -> Page {
    if caller.web.access().is_spent(&caller.session, &once) {
        return Ok(done("/visits/guests", "visits-guest-added"));
    }
    let now = today(&caller).await?.time.map(|time| time.strftime("%H:%M").to_string()).unwrap_or_default();
    let typed = New { guest: name.clone(), opened: now, reason: caller.t.say("visits-guest-reason"), ..New::default() };
    match add_one(&caller, &typed).await? {
        Ok(_) => {
            caller.web.access().spend(&caller.session, &once);
            Ok(done("/visits/guests", "visits-guest-added"))
        }
        Err(why) => show_guests(&caller, StatusCode::BAD_REQUEST, Some(caller.t.say(&why)), name).await,
    }
}

#[derive(Deserialize)]
struct Leaving {
    visit: u64,
}

async fn guest_left(Change(caller, Leaving { visit }): Change<Leaving>) -> Page {
    let reason = caller.t.say("visits-close-reason");
    match change(&caller, VisitChange::Left { visit, at: None, reason }).await? {
        Ok(_) => Ok(done("/visits/guests", "visits-guest-gone")),
        // pressed twice
        Err(_) => Ok(Redirect::to("/visits/guests").into_response()),
    }
}
