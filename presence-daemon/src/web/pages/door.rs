//! The door: an account by a link, signing in (in one step or two) and out.

use crate::clock::since_boot;
use crate::pipeline::pages::door::{Ask, Code, Reply};
use crate::web::frame::{Failed, Nothing, Own, Page, home, show};
use crate::web::texts::Texts;
use crate::web::{Problem, Spoken, Web, chance, password, seconds, tries_from};
use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::net::SocketAddr;

/// The longest name of an account, in characters.
const LONGEST_NAME: usize = 40;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/login", get(login).post(sign_in))
        .route("/login/code", post(second_step))
        .route("/logout", post(sign_out))
        .route("/setup/{link}", get(setup).post(claim))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    t: &'static Texts,
    title: String,
    name: String,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    t: &'static Texts,
    link: String,
    name: String,
    least: usize,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    t: &'static Texts,
    title: String,
    ticket: String,
    said: Option<String>,
}

async fn login(State(web): State<Web>, Spoken(t): Spoken) -> Response {
    show(t, StatusCode::OK, &LoginPage { t, title: web.title, name: String::new(), said: None })
}

#[derive(Deserialize)]
struct Credentials {
    name: String,
    password: String,
}

async fn sign_in(
    State(web): State<Web>,
    Spoken(t): Spoken,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(credentials): Form<Credentials>,
) -> Page {
    let Credentials { name, password } = credentials;
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    let account = name.to_lowercase();
    let again =
        |status, said| Ok(show(t, status, &LoginPage { t, title: web.title.clone(), name: name.clone(), said: Some(said) }));
    let from = tries_from(&web, from.ip(), &headers);
    let tried = web.access().try_once(from, &account, since_boot());
    if let Err(wait) = tried {
        let left = i64::try_from(seconds(wait)).unwrap_or(i64::MAX);
        return again(StatusCode::TOO_MANY_REQUESTS, t.with("login-wait", &[("seconds", left.into())]));
    }
    let failed = |problem| Failed(t, problem);
    let asked = web.door(Ask::Account { name: account.clone() }).await.map_err(failed)?;
    let Reply::Account(known) = asked else {
        return Err(failed(Problem::Gone));
    };
    let hash = known.as_ref().map(|known| known.hash.clone());
    let right = web.hashing(move || password::is_right(&password, hash.as_deref())).await.map_err(failed)?;
    let Some(known) = known.filter(|_| right) else {
        tracing::info!("a sign-in to the manager's pages was refused");
        web.door(Ask::Refused { name: account }).await.map_err(failed)?;
        return again(StatusCode::FORBIDDEN, t.say("login-wrong"));
    };
    if known.second_step {
        let ticket = chance().ok_or(failed(Problem::Gone))?;
        web.access().wait_for_code(&account, &ticket, since_boot());
        let ticket = ticket.text().to_owned();
        return Ok(show(t, StatusCode::OK, &CodePage { t, title: web.title, ticket, said: None }));
    }
    web.access().was_right(from, &account);
    enter(&web, &account, t).await
}

#[derive(Deserialize)]
struct SecondStep {
    /// Says that the password was right.
    ticket: String,
    code: String,
}

/// The six digits of the phone, or a recovery code.
async fn second_step(
    State(web): State<Web>,
    Spoken(t): Spoken,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(SecondStep { ticket, code }): Form<SecondStep>,
) -> Page {
    let failed = |problem| Failed(t, problem);
    let halfway = web.access().code_of(&ticket, since_boot());
    let Some(account) = halfway else {
        let page = LoginPage { t, title: web.title, name: String::new(), said: Some(t.say("login-again")) };
        return Ok(show(t, StatusCode::FORBIDDEN, &page));
    };
    let again = |status, said| {
        let page = CodePage { t, title: web.title.clone(), ticket: ticket.clone(), said: Some(said) };
        Ok(show(t, status, &page))
    };
    let from = tries_from(&web, from.ip(), &headers);
    let tried = web.access().try_once(from, &account, since_boot());
    if let Err(wait) = tried {
        let left = i64::try_from(seconds(wait)).unwrap_or(i64::MAX);
        return again(StatusCode::TOO_MANY_REQUESTS, t.with("login-wait", &[("seconds", left.into())]));
    }
    match web.door(Ask::Code { name: account.clone(), code }).await.map_err(failed)? {
        Reply::Code(Code::Right) => {
            web.access().code_was_right(&ticket);
            web.access().was_right(from, &account);
            enter(&web, &account, t).await
        }
        Reply::Code(Code::NoTime) => again(StatusCode::FORBIDDEN, t.say("login-code-no-time")),
        Reply::Code(Code::Wrong) => {
            web.door(Ask::Refused { name: account }).await.map_err(failed)?;
            again(StatusCode::FORBIDDEN, t.say("login-code-wrong"))
        }
        _ => Err(failed(Problem::Gone)),
    }
}

/// Begins a session, with a token that nobody knew before. The journal knows of it first.
async fn enter(web: &Web, account: &str, t: &'static Texts) -> Page {
    let failed = |problem| Failed(t, problem);
    let (Some(token), Some(form)) = (chance(), chance()) else { return Err(failed(Problem::Gone)) };
    web.door(Ask::SignedIn { name: account.to_owned() }).await.map_err(failed)?;
    // asked again: the account may have been removed meanwhile
    let Reply::Account(Some(known)) = web.door(Ask::Account { name: account.to_owned() }).await.map_err(failed)? else {
        return Err(failed(Problem::SignIn));
    };
    web.access().open(account, known.role, &token, &form, since_boot());
    Ok(([(header::SET_COOKIE, web.set_cookie(token.text()))], Redirect::to(home(known.role))).into_response())
}

async fn sign_out(headers: HeaderMap, Own(caller, Nothing {}): Own<Nothing>) -> Page {
    let web = &caller.web;
    if let Some(token) = web.token(&headers) {
        web.access().close(token);
    }
    Ok(([(header::SET_COOKIE, web.set_cookie(""))], Redirect::to("/login")).into_response())
}

async fn setup(Spoken(t): Spoken, Path(link): Path<String>) -> Response {
    show(t, StatusCode::OK, &SetupPage { t, link, name: String::new(), least: password::LEAST, said: None })
}

async fn claim(
    State(web): State<Web>,
    Spoken(t): Spoken,
    Path(link): Path<String>,
    Form(Credentials { name, password }): Form<Credentials>,
) -> Page {
    let name = name.trim().to_lowercase();
    let again = |status, said: String| {
        let page = SetupPage { t, link: link.clone(), name: name.clone(), least: password::LEAST, said: Some(said) };
        Ok(show(t, status, &page))
    };
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return again(StatusCode::BAD_REQUEST, t.say("setup-name"));
    }
    if let Err(weak) = password::is_fit(&password, &name) {
        return again(StatusCode::BAD_REQUEST, weak.text(t));
    }
    let failed = |problem| Failed(t, problem);
    // a link that is none costs no password's time
    if !matches!(web.door(Ask::Lives { link: link.clone() }).await.map_err(failed)?, Reply::Claimed { done: true }) {
        return again(StatusCode::FORBIDDEN, t.say("setup-none"));
    }
    let hash = web.hashing(move || password::hash(&password)).await.map_err(failed)?.ok_or(failed(Problem::Gone))?;
    let claim = Ask::Claim { link: link.clone(), name: name.clone(), hash };
    match web.door(claim).await.map_err(failed)? {
        Reply::Claimed { done: true } => {
            web.access().close_all(&name);
            enter(&web, &name, t).await
        }
        // it lived a moment ago: it was used meanwhile, or somebody has this name
        _ => again(StatusCode::FORBIDDEN, t.say("setup-taken")),
    }
}
