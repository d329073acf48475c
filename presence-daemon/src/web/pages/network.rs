//! The manager's network: people outside the house who agreed to be asked.

use crate::contacts::{About, ContactId};
use crate::control::{Ask as Command, Desk, Reply as Answer};
use crate::pipeline::pages::network::{Ask, DeskContact, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::Web;
use crate::web::frame::{Caller, Change, Frame, Manager, Nothing, Page, Said, done};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;

pub fn routes() -> Router<Web> {
    Router::new().route("/contacts", get(contacts).post(add)).route("/contacts/{contact}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "contacts.html")]
struct ContactsPage {
    frame: Frame,
    contacts: Vec<DeskContact>,
    typed: Typed,
    once: String,
    said: Option<String>,
}

#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    skills: String,
    #[serde(default)]
    reach: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    agreed: String,
    #[serde(default)]
    once: String,
}

async fn contacts(Manager(caller): Manager, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, &["contacts-added", "contacts-removed"]);
    all(&caller, (StatusCode::OK, said), Typed::default()).await
}

async fn all(caller: &Caller, (status, said): (StatusCode, Option<String>), typed: Typed) -> Page {
    match caller.page(PageAsk::Network(Ask::Contacts)).await? {
        PageReply::Network(Reply::Contacts { contacts }) => {
            let (frame, once) = (caller.frame("contacts"), uuid::Uuid::new_v4().to_string());
            caller.show(status, &ContactsPage { frame, contacts, typed, once, said })
        }
        _ => Err(caller.gone()),
    }
}

async fn add(Change(caller, typed): Change<Typed>) -> Page {
    if caller.web.access().is_spent(&caller.session, &typed.once) {
        return Ok(done("/contacts", "contacts-added"));
    }
    let skills = typed.skills.split(',').map(|skill| skill.trim().to_owned()).filter(|skill| !skill.is_empty()).collect();
    let about = About { name: typed.name.clone(), skills, reach: typed.reach.clone(), source: typed.source.clone() };
    // without the day on which they agreed nobody is kept
    let agreed_on = typed.agreed.trim().parse().ok();
    match caller.ask(Command::Desk(Desk::AddContact { about, agreed_on })).await? {
        Answer::Text(_) => {
            caller.web.access().spend(&caller.session, &typed.once);
            Ok(done("/contacts", "contacts-added"))
        }
        _ => all(&caller, (StatusCode::BAD_REQUEST, Some(caller.t.say("contacts-bad"))), typed).await,
    }
}

async fn remove(Path(contact): Path<String>, Change(caller, Nothing {}): Change<Nothing>) -> Page {
    let answer = match ContactId::parse(&contact) {
        Some(contact) => caller.ask(Command::Desk(Desk::RemoveContact { contact })).await?,
        None => return Err(caller.failed(crate::web::Problem::Missing)),
    };
    match answer {
        Answer::Done => Ok(done("/contacts", "contacts-removed")),
        _ => all(&caller, (StatusCode::CONFLICT, Some(caller.t.say("contacts-not-removed"))), Typed::default()).await,
    }
}
