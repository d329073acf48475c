//! Paused and back again, gone, forgotten: each asked for once more before it is done.

use super::card::{address, back, load};
use super::{ask, does};
use crate::control::Person;
use crate::house::Leaving;
use crate::pipeline::pages::members::card::Card;
use crate::pipeline::pages::members::{Ask, Reply};
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, Page, done};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;
use voisins_shared::matching::normalize::folded;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/members/{member}/suspend", post(suspend))
        .route("/members/{member}/resume", post(resume))
        .route("/members/{member}/depart", get(departure).post(depart))
        .route("/members/{member}/erase", get(erasure).post(erase))
}

#[derive(Template)]
#[template(path = "member_depart.html")]
struct DepartPage {
    frame: Frame,
    card: Card,
    leaving: Leaving,
    reason: String,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "member_erase.html")]
struct ErasePage {
    frame: Frame,
    card: Card,
    typed: String,
    trouble: Option<String>,
}

async fn person(caller: &Caller, person: Person) -> Result<(), crate::web::frame::Failed> {
    does(caller, Ask::Person { person }).await
}

async fn suspend(Path(member): Path<String>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    let member = load(&caller, &member).await?.number;
    person(&caller, Person::Suspend { member: member.clone() }).await?;
    Ok(back(&member, "farewell-suspended"))
}

async fn resume(Path(member): Path<String>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    let member = load(&caller, &member).await?.number;
    person(&caller, Person::Resume { member: member.clone() }).await?;
    Ok(back(&member, "farewell-resumed"))
}

async fn departure(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    departing(&caller, &member, (StatusCode::OK, String::new(), None)).await
}

async fn departing(caller: &Caller, member: &str, (status, reason, trouble): (StatusCode, String, Option<String>)) -> Page {
    let card = load(caller, member).await?;
    match ask(caller, Ask::Leaving { member: card.number.clone() }).await? {
        Reply::Leaving(leaving) => {
            caller.show(status, &DepartPage { frame: caller.frame("members"), card, leaving, reason, trouble })
        }
        _ => Err(caller.failed(Problem::Missing)),
    }
}

#[derive(Deserialize)]
struct Farewell {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    sure: String,
    /// `keep` or `erase`.
    #[serde(default)]
    then: String,
}

async fn depart(Path(member): Path<String>, Change(caller, form): Change<Farewell>) -> Page {
    let Farewell { reason, sure, then } = form;
    let card = load(&caller, &member).await?;
    let Reply::Leaving(leaving) = ask(&caller, Ask::Leaving { member: card.number.clone() }).await? else {
        return Err(caller.failed(Problem::Missing));
    };
    let missing = match (sure.as_str(), leaving.balance != 0 && reason.trim().is_empty()) {
        ("yes", false) => None,
        ("yes", true) => Some("farewell-reason-missing"),
        _ => Some("farewell-sure-missing"),
    };
    if let Some(key) = missing {
        let trouble = Some(caller.t.say(key));
        return departing(&caller, &card.number, (StatusCode::UNPROCESSABLE_ENTITY, reason, trouble)).await;
    }
    person(&caller, Person::Depart { member: card.number.clone(), reason }).await?;
    match then.as_str() {
        // with its own words, typed
        "erase" => Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!(
            "{}/erase",
            address(&card.number)
        )))),
        _ => Ok(back(&card.number, "farewell-departed")),
    }
}

async fn erasure(Manager(caller): Manager, Path(member): Path<String>) -> Page {
    let card = load(&caller, &member).await?;
    caller.show(StatusCode::OK, &ErasePage { frame: caller.frame("members"), card, typed: String::new(), trouble: None })
}

#[derive(Deserialize)]
struct Sure {
    #[serde(default)]
    typed: String,
}

async fn erase(Path(member): Path<String>, Change(caller, Sure { typed }): Change<Sure>) -> Page {
    let card = load(&caller, &member).await?;
    if folded(&typed) != folded(&card.fields.name) {
        let trouble = Some(caller.t.say("farewell-typed-wrong"));
        let page = ErasePage { frame: caller.frame("members"), card, typed, trouble };
        return caller.show(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    person(&caller, Person::Erase { member: card.number }).await?;
    Ok(done("/members", "farewell-erased"))
}
