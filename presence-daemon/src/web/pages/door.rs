//! The door: the first access by a link, signing in and out.

use crate::clock::since_boot;
use crate::pipeline::pages::door::{Ask, Reply};
use crate::web::access::Role;
use crate::web::frame::{Failed, Nothing, Own, Page, show};
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
    let Reply::Account { hash } = asked else {
        return Err(failed(Problem::Gone));
    };
    let right = web.hashing(move || password::is_right(&password, hash.as_deref())).await.map_err(failed)?;
    if !right {
        tracing::info!("a sign-in to the manager's pages was refused");
        return again(StatusCode::FORBIDDEN, t.say("login-wrong"));
    }
    web.access().was_right(from, &account);
    enter(&web, &account, t)
}

/// Begins a session, with a token that nobody knew before.
fn enter(web: &Web, account: &str, t: &'static Texts) -> Page {
    let (Some(token), Some(form)) = (chance(), chance()) else { return Err(Failed(t, Problem::Gone)) };
    web.access().open(account, Role::Manager, &token, &form, since_boot());
    Ok(([(header::SET_COOKIE, web.set_cookie(token.text()))], Redirect::to("/")).into_response())
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
    if !password::is_fit(&password) {
        let limits = [("least", password::LEAST.into()), ("most", password::MOST.into())];
        return again(StatusCode::BAD_REQUEST, t.with("setup-weak", &limits));
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
            enter(&web, &name, t)
        }
        _ => again(StatusCode::FORBIDDEN, t.say("setup-none")),
    }
}
