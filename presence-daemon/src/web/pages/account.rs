//! One's own account: password, second step, sessions.

use super::accounts::told;
use crate::clock::since_boot;
use crate::deed::Deed;
use crate::pipeline::pages::accounts::{Ask, DeskAccount, Reply};
use crate::pipeline::pages::door;
use crate::web::access::Open;
use crate::web::frame::{Caller, Failed, Frame, Nothing, Own, Page, Said, SignedIn, done};
use crate::web::{Web, password, second_step, seconds, tries_from};
use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, FromRequest, Path, Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/account", get(account))
        .route("/account/password", post(change_password))
        .route("/account/second-step", post(draw))
        .route("/account/second-step/confirm", post(confirm))
        .route("/account/second-step/off", post(end_step))
        .route("/account/recovery", post(recovery))
        .route("/account/sessions/others", post(end_others))
        .route("/account/sessions/{session}", post(end_one))
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    account: DeskAccount,
    sessions: Vec<Open>,
    /// The number of this one.
    this: u64,
    least: usize,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "second_step.html")]
struct StepPage {
    frame: Frame,
    secret: String,
    /// The path of the dark squares, and the side of the picture.
    picture: Option<(String, i32)>,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    frame: Frame,
    codes: Vec<String>,
}

const SAID: &[&str] = &["account-password-done", "account-step-off-done", "account-session-ended", "account-others-ended"];

async fn account(SignedIn(caller): SignedIn, Query(said): Query<Said>) -> Page {
    let said = said.text(caller.t, SAID);
    own(&caller, StatusCode::OK, said).await
}

async fn own(caller: &Caller, status: StatusCode, said: Option<String>) -> Page {
    let name = caller.session.account.clone();
    let Reply::Own { account } = told(caller, Ask::Own { name }).await? else { return Err(caller.gone()) };
    let sessions = caller.web.access().open_of(&caller.session.account, since_boot());
    let (frame, this) = (caller.frame("account"), caller.session.id);
    caller.show(status, &AccountPage { frame, account, sessions, this, least: password::LEAST, said })
}

/// A form of somebody who gave their password once more, as slowly as at the door; else the page says so.
struct Proven(Caller, Wish);

#[derive(Deserialize)]
struct Proof {
    password: String,
    #[serde(default)]
    new: String,
}

/// What stands beside the password.
struct Wish {
    /// Another password.
    new: String,
}

impl FromRequest<Web> for Proven {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let Own(caller, Proof { password, new }) =
            Own::<Proof>::from_request(request, web).await.map_err(IntoResponse::into_response)?;
        let from = peer.and_then(|peer| tries_from(web, peer, &headers));
        match proves(&caller, from, password).await {
            Ok(None) => Ok(Self(caller, Wish { new })),
            Ok(Some(page)) => Err(page),
            Err(failed) => Err(failed.into_response()),
        }
    }
}

/// Whether this is the account's password; else the page that says so.
async fn proves(caller: &Caller, from: Option<IpAddr>, password: String) -> Result<Option<Response>, Failed> {
    let (web, account) = (&caller.web, caller.session.account.clone());
    let tried = web.access().try_once(from, &account, since_boot());
    if let Err(wait) = tried {
        let left = i64::try_from(seconds(wait)).unwrap_or(i64::MAX);
        let said = caller.t.with("login-wait", &[("seconds", left.into())]);
        return own(caller, StatusCode::TOO_MANY_REQUESTS, Some(said)).await.map(Some);
    }
    let failed = |problem| caller.failed(problem);
    let asked = web.door(door::Ask::Account { name: account.clone() }).await.map_err(failed)?;
    let door::Reply::Account(Some(known)) = asked else { return Err(caller.gone()) };
    if web.hashing(move || password::is_right(&password, Some(&known.hash))).await.map_err(failed)? {
        web.access().was_right(from, &account);
        return Ok(None);
    }
    web.door(door::Ask::Refused { name: account }).await.map_err(failed)?;
    own(caller, StatusCode::FORBIDDEN, Some(caller.t.say("account-password-wrong"))).await.map(Some)
}

async fn change_password(Proven(caller, Wish { new }): Proven) -> Page {
    if let Err(weak) = password::is_fit(&new, &caller.session.account) {
        return own(&caller, StatusCode::BAD_REQUEST, Some(weak.text(caller.t))).await;
    }
    let hash = caller.web.hashing(move || password::hash(&new)).await.map_err(|problem| caller.failed(problem))?;
    let (name, hash) = (caller.session.account.clone(), hash.ok_or_else(|| caller.gone())?);
    let Reply::Done = told(&caller, Ask::SetPassword { name, hash }).await? else { return Err(caller.gone()) };
    caller.web.access().close_others(&caller.session);
    Ok(done("/account", "account-password-done"))
}

/// A new secret for the phone: it counts once a code of it has come back.
async fn draw(Proven(caller, _): Proven) -> Page {
    step(&caller, true, (StatusCode::OK, None)).await
}

async fn step(caller: &Caller, anew: bool, (status, said): (StatusCode, Option<String>)) -> Page {
    let name = caller.session.account.clone();
    match told(caller, Ask::DrawStep { name: name.clone(), anew }).await? {
        Reply::Step { secret } => {
            let picture = second_step::picture(&secret.0, &name, &caller.web.title);
            let secret = second_step::grouped(&secret.0);
            caller.show(status, &StepPage { frame: caller.frame("account"), secret, picture, said })
        }
        Reply::Not(why) => own(caller, StatusCode::CONFLICT, Some(caller.t.say(&why))).await,
        _ => Err(caller.gone()),
    }
}

#[derive(Deserialize)]
struct FirstCode {
    code: String,
}

async fn confirm(Own(caller, FirstCode { code }): Own<FirstCode>) -> Page {
    let name = caller.session.account.clone();
    match told(&caller, Ask::ConfirmStep { name, code }).await? {
        Reply::Recovery { codes } => {
            // whoever came in without a code, somewhere else, comes in anew with one
            caller.web.access().close_others(&caller.session);
            codes_once(&caller, &codes.0)
        }
        Reply::Not(why) => step(&caller, false, (StatusCode::BAD_REQUEST, Some(caller.t.say(&why)))).await,
        _ => Err(caller.gone()),
    }
}

/// Recovery codes stand on no page that could be loaded again.
fn codes_once(caller: &Caller, codes: &str) -> Page {
    let codes = codes.split(' ').map(str::to_owned).collect();
    caller.show(StatusCode::OK, &RecoveryPage { frame: caller.frame("account"), codes })
}

async fn end_step(Proven(caller, _): Proven) -> Page {
    let name = caller.session.account.clone();
    let Reply::Done = told(&caller, Ask::EndStep { name }).await? else { return Err(caller.gone()) };
    Ok(done("/account", "account-step-off-done"))
}

async fn recovery(Proven(caller, _): Proven) -> Page {
    let name = caller.session.account.clone();
    match told(&caller, Ask::Recovery { name }).await? {
        Reply::Recovery { codes } => codes_once(&caller, &codes.0),
        _ => Err(caller.gone()),
    }
}

async fn end_others(Own(caller, Nothing {}): Own<Nothing>) -> Page {
    caller.write(Deed::SessionsEnded, None).await?;
    caller.web.access().close_others(&caller.session);
    Ok(done("/account", "account-others-ended"))
}

async fn end_one(Path(session): Path<u64>, Own(caller, Nothing {}): Own<Nothing>) -> Page {
    caller.write(Deed::SessionsEnded, None).await?;
    caller.web.access().close_one(&caller.session.account, session);
    Ok(done("/account", "account-session-ended"))
}
