//! A member's page, what they are asked to agree to, and the guided arrival.

use super::{ask, does};
use crate::control::{Ask as Command, Desk, Reply as Answer};
use crate::pipeline::pages::members::card::{Card, Said as Told};
use crate::pipeline::pages::members::{Ask, Reply};
use crate::web::frame::{Caller, Change, Frame, Manager, Page, Said, done};
use crate::web::{Problem, Web};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use voisins_shared::member::{Field, Surface};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/members/{member}", get(card).post(super::record::save))
        .route("/members/{member}/welcome", get(welcome))
        .route("/members/{member}/meet", post(meet))
        .route("/members/{member}/invite", post(invite))
        .route("/members/{member}/withdraw", post(withdraw))
}

/// What a member's pages say was done.
const SAID: [&str; 14] = [
    "member-saved",
    "member-added",
    "member-invited",
    "member-withdrawn",
    "member-photo-kept",
    "member-photo-removed",
    "badges-changed",
    "badges-enrolled",
    "badges-once-more",
    "badges-cancelled",
    "farewell-suspended",
    "farewell-resumed",
    "farewell-departed",
    "welcome-proposed",
];

#[derive(Template)]
#[template(path = "member.html")]
struct CardPage {
    frame: Frame,
    card: Card,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "member_welcome.html")]
struct WelcomePage {
    frame: Frame,
    card: Card,
    said: Option<String>,
    trouble: Option<String>,
}

impl CardPage {
    /// The facts of the record that are filled in: what they are called, and what stands there.
    fn facts(&self) -> Vec<(String, String)> {
        let texts =
            self.card.fields.named().into_iter().filter(|(name, value)| !matches!(*name, "name" | "skills") && !value.is_empty());
        texts.map(|(name, value)| (self.label(name), value)).collect()
    }

    fn label(&self, field: &str) -> String {
        self.frame.t.say(&format!("member-field-{}", field.replace('_', "-")))
    }

    /// Where a field is shown, who said so and when.
    fn told(&self, said: &Told) -> String {
        let t = self.frame.t;
        let (state, by) = (t.say(&format!("member-consent-{}", said.state)), t.say(&format!("member-by-{}", said.by)));
        let on = said.on.parse().map_or(said.on.clone(), |day| t.language().date(day));
        let source = said.source.as_ref().map(|source| format!(" · {source}")).unwrap_or_default();
        format!("{state} · {by} · {on}{source}")
    }

    fn surface(&self, surface: &Surface) -> String {
        self.frame.t.say(&format!("member-surface-{}", surface.as_str().replace('_', "-")))
    }

    fn day(&self, at: &str) -> String {
        at.get(..10).and_then(|day| day.parse().ok()).map_or(String::new(), |day| self.frame.t.language().date(day))
    }

    fn badge(&self, state: &str) -> String {
        self.frame.t.say(&format!("badges-state-{state}"))
    }
}

pub(super) async fn load(caller: &Caller, member: &str) -> Result<Card, crate::web::frame::Failed> {
    match ask(caller, Ask::One { member: member.to_owned(), language: caller.t.language() }).await? {
        Reply::One(card) => Ok(*card),
        _ => Err(caller.failed(Problem::Missing)),
    }
}

async fn card(Manager(caller): Manager, Path(member): Path<String>, Query(said): Query<Said>) -> Page {
    let card = load(&caller, &member).await?;
    let said = said.text(caller.t, &SAID);
    caller.show(StatusCode::OK, &CardPage { frame: caller.frame("members"), card, said })
}

async fn welcome(Manager(caller): Manager, Path(member): Path<String>, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &SAID);
    welcome_page(&caller, &member, (StatusCode::OK, said, None)).await
}

async fn welcome_page(
    caller: &Caller,
    member: &str,
    (status, said, trouble): (StatusCode, Option<String>, Option<String>),
) -> Page {
    let card = load(caller, member).await?;
    caller.show(status, &WelcomePage { frame: caller.frame("members"), card, said, trouble })
}

#[derive(Deserialize)]
struct With {
    helper: String,
}

/// Proposes somebody new to one of those who share.
async fn meet(Path(member): Path<String>, Change(caller, With { helper }): Change<With>) -> Page {
    let asker = load(&caller, &member).await?.number;
    match caller.ask(Command::Desk(Desk::Propose { need: None, asker: Some(asker.clone()), helper })).await? {
        Answer::Text(_) => Ok(done(&format!("/members/{asker}/welcome"), "welcome-proposed")),
        _ => {
            let trouble = Some(caller.t.say("welcome-not"));
            welcome_page(&caller, &member, (StatusCode::CONFLICT, None, trouble)).await
        }
    }
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    field: Vec<Field>,
    #[serde(default = "kiosk")]
    surface: Surface,
}

fn kiosk() -> Surface {
    Surface::Kiosk
}

async fn invite(Path(member): Path<String>, Change(caller, which): Change<Which>) -> Page {
    consent(&caller, &member, which, true).await
}

async fn withdraw(Path(member): Path<String>, Change(caller, which): Change<Which>) -> Page {
    consent(&caller, &member, which, false).await
}

async fn consent(caller: &Caller, member: &str, Which { field, surface }: Which, invite: bool) -> Page {
    let which = field.into_iter().map(|field| (field, surface)).collect();
    does(caller, Ask::Consent { member: member.to_owned(), which, invite }).await?;
    Ok(back(member, if invite { "member-invited" } else { "member-withdrawn" }))
}

/// To a member's page, which says what was done.
pub(super) fn back(member: &str, said: &str) -> Response {
    done(&address(member), said)
}

/// The address of a member's page; what came in an address may hold anything.
pub(super) fn address(member: &str) -> String {
    let safe: String = member
        .bytes()
        .flat_map(|byte| {
            if byte.is_ascii_alphanumeric() || byte == b'-' {
                vec![char::from(byte)]
            } else {
                format!("%{byte:02X}").chars().collect()
            }
        })
        .collect();
    format!("/members/{safe}")
}
