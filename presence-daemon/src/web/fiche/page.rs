//! The page itself, its forms, and one's data to take away.

use super::parts::{self, Line, Shown, read_pair};
use super::{Change, Owner, Phones};
use crate::photo::{self, PhotoError};
use crate::pipeline::pages::fiche::{Ask, Fiche, NotDone, Reply};
use crate::profile::own::{ENTRIES, OwnChange};
use crate::web::frame::{self, Nothing, Said, done};
use crate::web::texts::Texts;
use crate::web::{Problem, seconds};
use askama::Template;
use axum::Router;
use axum::extract::{Multipart, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use fluent_bundle::FluentValue;
use serde::Deserialize;
use voisins_shared::language::Language;
use voisins_shared::payload::{LONGEST_SKILL, TextSize};
use voisins_shared::visit::Availability;

pub fn routes() -> Router<Phones> {
    Router::new()
        .route("/", get(page))
        .route("/shown", post(show))
        .route("/hide", post(hide))
        .route("/photo", post(send_photo))
        .route("/photo/remove", post(remove_photo))
        .route("/photo.jpg", get(picture))
        .route("/words", post(words))
        .route("/screen", post(screen))
        .route("/availability", post(availability))
        .route("/leave", post(leave))
        .route("/mail", post(mail))
        .route("/stay", post(stay))
        .route("/close", post(close))
        .route("/ma-fiche.json", get(json))
        .route("/ma-fiche.csv", get(csv))
}

/// A page, or why there is none.
type Answered = Result<Response, Response>;

#[derive(Template)]
#[template(path = "fiche.html")]
struct FichePage {
    t: &'static Texts,
    title: String,
    form: String,
    fiche: Fiche,
    card_lines: Vec<Line>,
    shown: Vec<Shown>,
    typed: Words,
    said: Option<String>,
    wrong: Option<String>,
    /// Seconds.
    left: u64,
    minutes: usize,
}

/// How long an entry may be, and how many there may be.
fn limits() -> [(&'static str, FluentValue<'static>); 2] {
    [("longest", LONGEST_SKILL.into()), ("entries", ENTRIES.into())]
}

impl FichePage {
    fn words_about(&self) -> String {
        self.t.with("fiche-words-about", &limits())
    }

    fn mail_about(&self, address: &str) -> String {
        self.t.with("fiche-mail-about", &[("address", address.into())])
    }

    fn lang(&self) -> &'static str {
        self.t.language().code()
    }

    fn is_language(&self, code: &str) -> bool {
        self.lang() == code
    }

    fn is_size(&self, size: &str) -> bool {
        self.fiche.text_size.as_str() == size
    }

    fn is_availability(&self, availability: &str) -> bool {
        self.fiche.availability.is_some_and(|known| known.as_str() == availability)
    }
}

/// What was wrong with what was sent.
struct Wrong {
    status: StatusCode,
    key: &'static str,
}

const DONE: [&str; 8] = [
    "fiche-shown-done",
    "fiche-hidden-done",
    "fiche-photo-done",
    "fiche-photo-removed",
    "fiche-words-done",
    "fiche-screen-done",
    "fiche-here-done",
    "fiche-mail-done",
];

async fn page(owner: Owner, Query(said): Query<Said>) -> Answered {
    whole(&owner, said, None, None).await
}

async fn whole(owner: &Owner, said: Said, wrong: Option<Wrong>, typed: Option<Words>) -> Answered {
    let fiche = owner.fiche().await?;
    let t = Texts::of(fiche.language.unwrap_or(owner.t.language()));
    let lines = |entries: &[String]| entries.join("\n");
    let left = owner.left();
    let status = wrong.as_ref().map_or(StatusCode::OK, |wrong| wrong.status);
    let page = FichePage {
        t,
        title: owner.phones.web.title.clone(),
        form: owner.opened.form.clone(),
        card_lines: parts::card(&fiche, t),
        shown: parts::shown(&fiche, t),
        typed: typed.unwrap_or_else(|| Words {
            skills: lines(&fiche.skills),
            interests: lines(&fiche.interests),
            looking_for: lines(&fiche.looking_for),
        }),
        said: said.text(t, &DONE),
        wrong: wrong.map(|wrong| t.with(wrong.key, &limits())),
        left: left.as_secs(),
        minutes: usize::try_from(seconds(left).div_ceil(60)).unwrap_or(0),
        fiche,
    };
    Ok(frame::show(t, status, &page))
}

/// Goes on to the page, or says why nothing was changed.
async fn after(owner: &Owner, reply: Reply, key: &str, typed: Option<Words>) -> Answered {
    let (status, key) = match reply {
        Reply::Done => return Ok(done("/", key)),
        Reply::Not(NotDone::BadWords) => (StatusCode::BAD_REQUEST, "fiche-words-bad"),
        Reply::Not(NotDone::NotHere) => (StatusCode::CONFLICT, "fiche-here-not"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "fiche-not-recorded"),
    };
    whole(owner, Said::default(), Some(Wrong { status, key }), typed).await
}

#[derive(Deserialize)]
struct Switches {
    #[serde(default)]
    on: Vec<String>,
    /// What was on when the page was made.
    #[serde(default)]
    was: Vec<String>,
}

async fn show(Change(owner, Switches { on, was }): Change<Switches>) -> Answered {
    let pairs = |wanted: &[String], without: &[String]| {
        wanted.iter().filter(|text| !without.contains(text)).filter_map(|text| read_pair(text)).collect()
    };
    let change = OwnChange::Show { on: pairs(&on, &was), off: pairs(&was, &on) };
    let reply = owner.ask(Ask::Change { member: owner.opened.member, change }).await?;
    after(&owner, reply, "fiche-shown-done", None).await
}

async fn hide(Change(owner, Nothing {}): Change<Nothing>) -> Answered {
    let reply = owner.ask(Ask::Change { member: owner.opened.member, change: OwnChange::HideAll }).await?;
    after(&owner, reply, "fiche-hidden-done", None).await
}

/// What a member writes, an entry a line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Words {
    skills: String,
    interests: String,
    looking_for: String,
}

async fn words(Change(owner, typed): Change<Words>) -> Answered {
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let change = OwnChange::Words {
        skills: lines(&typed.skills),
        interests: lines(&typed.interests),
        looking_for: lines(&typed.looking_for),
    };
    let reply = owner.ask(Ask::Change { member: owner.opened.member, change }).await?;
    after(&owner, reply, "fiche-words-done", Some(typed)).await
}

#[derive(Deserialize)]
struct Screen {
    language: Language,
    text_size: TextSize,
}

async fn screen(Change(owner, Screen { language, text_size }): Change<Screen>) -> Answered {
    let change = OwnChange::Screen { language, text_size };
    let reply = owner.ask(Ask::Change { member: owner.opened.member, change }).await?;
    after(&owner, reply, "fiche-screen-done", None).await
}

#[derive(Deserialize)]
struct Chosen {
    availability: Availability,
}

async fn availability(Change(owner, Chosen { availability }): Change<Chosen>) -> Answered {
    let reply = owner.ask(Ask::Availability { member: owner.opened.member, availability }).await?;
    after(&owner, reply, "fiche-here-done", None).await
}

async fn leave(Change(owner, Nothing {}): Change<Nothing>) -> Answered {
    let reply = owner.ask(Ask::Leave { member: owner.opened.member }).await?;
    after(&owner, reply, "fiche-here-done", None).await
}

#[derive(Deserialize)]
struct Mail {
    #[serde(default)]
    agreed: Option<String>,
}

async fn mail(Change(owner, Mail { agreed }): Change<Mail>) -> Answered {
    let reply = owner.ask(Ask::Mail { member: owner.opened.member, agreed: agreed.is_some() }).await?;
    after(&owner, reply, "fiche-mail-done", None).await
}

/// A photo from the phone: drawn anew beside the pipeline, where nobody at the door waits for it.
async fn send_photo(owner: Owner, mut form: Multipart) -> Answered {
    let unreadable = || frame::problem(owner.t, &Problem::Unreadable);
    let (mut held, mut sent) = (None, None);
    while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
        match part.name() {
            Some("form") => held = Some(part.text().await.map_err(|_| unreadable())?),
            Some("photo") => sent = Some(part.bytes().await),
            _ => {}
        }
    }
    owner.held(&held.unwrap_or_default()).map_err(IntoResponse::into_response)?;
    let wrong = |status, key| Some(Wrong { status, key });
    let read = match sent {
        // more than may come in at all
        Some(Err(_)) => Err(PhotoError::TooLong),
        Some(Ok(bytes)) if !bytes.is_empty() => {
            let busy = |problem| frame::problem(owner.t, &problem);
            owner.phones.web.hashing(move || photo::read(&bytes)).await.map_err(busy)?
        }
        _ => return whole(&owner, Said::default(), wrong(StatusCode::BAD_REQUEST, "fiche-photo-none"), None).await,
    };
    let wrong = match read {
        Ok(jpeg) => {
            let reply = owner.ask(Ask::Photo { member: owner.opened.member, jpeg: jpeg.into_bytes() }).await?;
            return after(&owner, reply, "fiche-photo-done", None).await;
        }
        Err(PhotoError::TooLong) => wrong(StatusCode::PAYLOAD_TOO_LARGE, "fiche-photo-long"),
        Err(PhotoError::TooLarge) => wrong(StatusCode::BAD_REQUEST, "fiche-photo-large"),
        Err(PhotoError::Unreadable) => wrong(StatusCode::BAD_REQUEST, "fiche-photo-unreadable"),
    };
    whole(&owner, Said::default(), wrong, None).await
}

async fn remove_photo(Change(owner, Nothing {}): Change<Nothing>) -> Answered {
    let reply = owner.ask(Ask::RemovePhoto { member: owner.opened.member }).await?;
    after(&owner, reply, "fiche-photo-removed", None).await
}

async fn picture(owner: Owner) -> Answered {
    match owner.ask(Ask::Picture { member: owner.opened.member }).await? {
        Reply::Picture(Some(jpeg)) => Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response()),
        _ => Err(frame::problem(owner.t, &Problem::Missing)),
    }
}

/// More time, asked for by the script that warns.
async fn stay(Change(owner, Nothing {}): Change<Nothing>) -> Response {
    seconds(owner.left()).to_string().into_response()
}

async fn close(Change(owner, Nothing {}): Change<Nothing>) -> Response {
    owner.phones.pages().close(&owner.token);
    let mut closed = super::shut(&owner.phones, owner.t, "fiche-goodbye");
    *closed.status_mut() = StatusCode::OK;
    closed.headers_mut().insert(header::SET_COOKIE, owner.phones.set_cookie(""));
    closed
}

async fn json(owner: Owner) -> Answered {
    let fiche = owner.fiche().await?;
    let member = owner.opened.member;
    let kept = owner.phones.web.read(move |reports| reports.kept_of(member)).await;
    let kept = kept.map_err(|problem| frame::problem(owner.t, &problem))?;
    let whole = serde_json::json!({ "record": fiche, "kept": kept });
    let text = serde_json::to_string_pretty(&whole).map_err(|_| frame::problem(owner.t, &Problem::Gone))?;
    Ok(file("application/json", "ma-fiche.json", text))
}

async fn csv(owner: Owner) -> Answered {
    match owner.ask(Ask::Csv { member: owner.opened.member }).await? {
        Reply::Csv(csv) => Ok(file("text/csv; charset=utf-8", "ma-fiche.csv", csv)),
        _ => Err(frame::problem(owner.t, &Problem::Gone)),
    }
}

/// A file to keep.
fn file(kind: &'static str, name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
}
