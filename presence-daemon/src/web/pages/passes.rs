//! Day passes: balances, one account, what the coordination sells and sets right.

use crate::control::{Ask as Command, Reply as Answer};
use crate::desk::Pass;
use crate::pipeline::pages::passes::{Ask, DeskAccount, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::store::{Entries, Entry};
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, ON_A_PAGE, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use uuid::Uuid;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/passes", get(passes))
        .route("/passes/{member}", get(account))
        .route("/passes/{member}/buy", post(buy))
        .route("/passes/{member}/correct", post(correct))
        .route("/passes/{member}/plan", post(plan))
}

#[derive(Template)]
#[template(path = "passes.html")]
struct PassesPage {
    frame: Frame,
    accounts: Vec<DeskAccount>,
    found: usize,
    overused: usize,
    wanted: Wanted,
    pages: usize,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
    /// `1`: only over-use.
    #[serde(default)]
    over: u8,
}

async fn passes(Manager(caller): Manager, Query(wanted): Query<Wanted>) -> Page {
    let wanted = Wanted { page: wanted.page.clamp(1, 10_000), ..wanted };
    let (search, from) = (wanted.q.clone(), (wanted.page - 1) * ON_A_PAGE);
    let ask = Ask::List { search, overuse: wanted.over == 1, from, at_most: ON_A_PAGE };
    match caller.page(PageAsk::Passes(ask)).await? {
        PageReply::Passes(Reply::List { accounts, found, overused }) => {
            let (frame, pages) = (caller.frame("passes"), found.div_ceil(ON_A_PAGE).max(1));
            caller.show(StatusCode::OK, &PassesPage { frame, accounts, found, overused, wanted, pages })
        }
        _ => Err(caller.gone()),
    }
}

#[derive(Template)]
#[template(path = "pass_account.html")]
struct AccountPage {
    frame: Frame,
    account: DeskAccount,
    entries: Entries,
    zone: TimeZone,
    page: usize,
    pages: usize,
    typed: Typed,
    /// One number for each form: sent twice, it is written once.
    buys: String,
    corrects: String,
    said: Option<String>,
}

impl AccountPage {
    fn day(&self, entry: &Entry) -> String {
        // the day of the visit, else the one on which it was written
        let at = || Some(entry.at.as_deref()?.parse::<Timestamp>().ok()?.to_zoned(self.zone.clone()).date().to_string());
        entry.day.clone().or_else(at).unwrap_or_else(|| "-".to_owned())
    }
}

/// What stands in the forms: what was typed, if it could not be done.
#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    passes: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    plan: String,
    #[serde(default)]
    once: Option<Uuid>,
}

#[derive(Deserialize)]
struct Turned {
    #[serde(default)]
    page: usize,
}

const SAID: [&str; 3] = ["passes-bought", "passes-corrected", "passes-planned"];

async fn account(
    Manager(caller): Manager,
    Path(member): Path<String>,
    Query(said): Query<Said>,
    Query(Turned { page }): Query<Turned>,
) -> Page {
    let said = said.text(caller.t, &SAID);
    one(&caller, &member, page.clamp(1, 10_000), (StatusCode::OK, said), Typed::default()).await
}

async fn one(caller: &Caller, member: &str, page: usize, (status, said): (StatusCode, Option<String>), typed: Typed) -> Page {
    let ask = PageAsk::Passes(Ask::One { member: member.to_owned() });
    let PageReply::Passes(Reply::One { account: Some(account) }) = caller.page(ask).await? else {
        return Err(caller.failed(crate::web::Problem::Missing));
    };
    let id = account.member.clone();
    let entries = caller.web.read(move |reports| reports.entries(&id, (page - 1) * ON_A_PAGE, ON_A_PAGE)).await;
    let entries = entries.map_err(|problem| caller.failed(problem))?;
    let pages = entries.all.div_ceil(ON_A_PAGE).max(1);
    let (buys, corrects) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    let (frame, zone) = (caller.frame("passes"), caller.web.zone.clone());
    caller.show(status, &AccountPage { frame, account, entries, zone, page, pages, typed, buys, corrects, said })
}

async fn buy(Path(member): Path<String>, Change(caller, typed): Change<Typed>) -> Page {
    let until = match typed.until.trim() {
        "" => Some(None),
        day => day.parse::<Date>().ok().map(Some),
    };
    match typed.passes.trim().parse().ok().zip(until) {
        Some((passes, until)) => {
            let pass = Pass::Buy { member: member.clone(), passes, until, id: typed.once };
            write(&caller, &member, pass, "passes-bought", typed).await
        }
        None => refused(&caller, &member, "passes-bad-sale", typed).await,
    }
}

async fn correct(Path(member): Path<String>, Change(caller, typed): Change<Typed>) -> Page {
    match typed.passes.trim().replace('\u{2212}', "-").parse() {
        Ok(passes) if passes != 0 => {
            let pass = Pass::Correct { member: member.clone(), passes, reason: typed.reason.clone(), id: typed.once };
            write(&caller, &member, pass, "passes-corrected", typed).await
        }
        _ => refused(&caller, &member, "passes-bad-correction", typed).await,
    }
}

async fn plan(Path(member): Path<String>, Change(caller, typed): Change<Typed>) -> Page {
    match crate::community::ledger::Plan::from_text(&typed.plan) {
        Some(plan) => write(&caller, &member, Pass::Plan { member: member.clone(), plan }, "passes-planned", typed).await,
        None => refused(&caller, &member, "passes-bad-correction", typed).await,
    }
}

async fn write(caller: &Caller, member: &str, pass: Pass, said: &str, typed: Typed) -> Page {
    let bad = if matches!(pass, Pass::Buy { .. }) { "passes-bad-sale" } else { "passes-bad-correction" };
    match caller.ask(Command::Pass(pass)).await? {
        Answer::Text(_) => Ok(done(&format!("/passes/{member}"), said)),
        _ => refused(caller, member, bad, typed).await,
    }
}

async fn refused(caller: &Caller, member: &str, key: &str, typed: Typed) -> Page {
    one(caller, member, 1, (StatusCode::BAD_REQUEST, Some(caller.t.say(key))), typed).await
}
