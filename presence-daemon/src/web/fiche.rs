//! *Ma fiche* on a member's phone: a listener of its own, at an address of the house's network, that serves a member's own page and
//! nothing else of anybody. A one-use link from the kiosk opens it; no password, no manager's page, no other member. Beside it the page
//! of a badge that somebody holds to their phone, which tells nothing of whose it is.

mod badge;
mod page;
mod parts;

use super::frame::{self, Failed};
use super::serve::serve;
use super::texts::Texts;
use super::{Problem, Settings, Web, chance, guard, spoken};
use crate::clock::since_boot;
use crate::control::{Ask, By, Reply};
use crate::phone::{Opened, Pages};
use crate::pipeline::Inward;
use crate::pipeline::pages::{PageAsk, PageReply, fiche};
use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::net::TcpListener;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tracing::error;

/// A photo, and the rest of its form.
const BODY: usize = crate::photo::LONGEST_PHOTO + 64 * 1024;
/// As the manager's pages, and the one script that warns before the page closes.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every page of a phone needs.
#[derive(Debug, Clone)]
pub struct Phones {
    web: Web,
    pages: Arc<Mutex<Pages>>,
    /// Where and how whoever has found a badge reaches the space.
    reached: Arc<[String]>,
    /// What was asked about badges and proved nothing, since the start.
    unproven: Arc<AtomicU64>,
}

/// Serves the members' pages until asked to stop, if phones can reach them.
pub async fn run(settings: Settings, inward: Sender<Inward>, stop: watch::Receiver<bool>) {
    let (Some(listen), Some(origin)) = (settings.fiche_listen, settings.fiche.clone()) else { return };
    let listener = match TcpListener::bind(listen) {
        Ok(listener) => listener,
        Err(error) => {
            return error!(
                "no pages for phones: can't listen on {listen}: {error}. Give `fiche` or `fiche_listen` under [web] another port"
            );
        }
    };
    let origin = origin.starts_with("https://").then_some(origin);
    let reached = settings.reached.clone().into();
    let web = Web::new(inward, Settings { secure: origin.is_some(), origin, ..settings });
    let pages = Phones { web, pages: Arc::default(), reached, unproven: Arc::default() }.router();
    if let Err(error) = serve(pages, listener, None, stop).await {
        error!("the pages for phones have ended: {error}");
    }
}

impl Phones {
    fn router(self) -> Router {
        let unknown = |Guest(t): Guest| async move { frame::problem(t, &Problem::Missing) };
        Router::new()
            .merge(page::routes())
            .merge(badge::routes())
            .route("/f/{link}", get(open))
            .route("/style.css", get(style))
            .route("/fiche.js", get(script))
            .fallback(unknown)
            .layer(DefaultBodyLimit::max(BODY))
            .layer(middleware::from_fn_with_state(self.web.clone(), guard))
            .layer(middleware::map_response(policy))
            .with_state(self)
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, ask: fiche::Ask) -> Result<fiche::Reply, Problem> {
        match self.web.ask(Ask::Page(PageAsk::Fiche(ask)), By::Nobody).await? {
            Reply::Page(PageReply::Fiche(reply)) => Ok(reply),
            _ => Err(Problem::Gone),
        }
    }

    fn cookie(&self) -> (&'static str, &'static str) {
        if self.web.origin.is_some() { ("__Host-fiche", "; Secure") } else { ("fiche", "") }
    }

    /// Lax and not strict: some browsers count a link from the camera as another site's.
    fn set_cookie(&self, token: &str) -> HeaderValue {
        let (name, secure) = self.cookie();
        let life = if token.is_empty() { "; Max-Age=0" } else { "" };
        HeaderValue::from_str(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{life}"))
            .unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn token(&self, headers: &HeaderMap) -> Option<String> {
        let (name, _) = self.cookie();
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut cookies = cookies.flat_map(|cookies| cookies.split("; "));
        cookies.find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    }
}

#[derive(Template)]
#[template(path = "fiche_shut.html")]
struct ShutPage {
    t: &'static Texts,
    title: String,
    key: &'static str,
}

/// Says that there is nothing to see without one's badge, and why.
fn shut(phones: &Phones, t: &'static Texts, key: &'static str) -> Response {
    frame::show(t, StatusCode::FORBIDDEN, &ShutPage { t, title: phones.web.title.clone(), key })
}

/// An app that only looks where an address leads: it doesn't use it up.
fn only_looks(method: &Method, headers: &HeaderMap) -> bool {
    let looks = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("pre"));
    method == Method::HEAD || ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(looks)
}

/// A link from the kiosk: the first who opens it has the page.
async fn open(
    State(phones): State<Phones>,
    Guest(t): Guest,
    Path(link): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if only_looks(&method, &headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let failed = |problem| Failed(t, problem);
    match phones.ask(fiche::Ask::Open { link }).await.map_err(failed)? {
        fiche::Reply::Opened(Some(member)) => {
            let (Some(token), Some(form)) = (chance(), chance()) else { return Err(failed(Problem::Gone)) };
            phones.pages().open(member, token.text(), form.text(), since_boot());
            Ok(([(header::SET_COOKIE, phones.set_cookie(token.text()))], Redirect::to("/")).into_response())
        }
        // pressed again by who has it open already
        _ if page_of(&phones, &headers).is_some() => Ok(Redirect::to("/").into_response()),
        _ => Ok(shut(&phones, t, "fiche-used")),
    }
}

fn page_of(phones: &Phones, headers: &HeaderMap) -> Option<(String, Opened)> {
    let token = phones.token(headers)?;
    let opened = phones.pages().get(&token, since_boot())?;
    Some((token, opened))
}

/// What the browser speaks.
struct Guest(&'static Texts);

impl FromRequestParts<Phones> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, phones: &Phones) -> Result<Self, Self::Rejection> {
        Ok(Self(spoken(&parts.headers, phones.web.language)))
    }
}

/// A member who has their page open.
struct Owner {
    phones: Phones,
    t: &'static Texts,
    opened: Opened,
    token: String,
}

impl Owner {
    async fn ask(&self, ask: fiche::Ask) -> Result<fiche::Reply, Response> {
        self.phones.ask(ask).await.map_err(|problem| frame::problem(self.t, &problem))
    }

    /// The record; who is a member no more, or is paused, has none.
    async fn fiche(&self) -> Result<fiche::Fiche, Response> {
        match self.ask(fiche::Ask::Show { member: self.opened.member }).await? {
            fiche::Reply::Fiche(Some(fiche)) => Ok(*fiche),
            _ => {
                self.phones.pages().close(&self.token);
                Err(shut(&self.phones, self.t, "fiche-closed"))
            }
        }
    }

    fn left(&self) -> Duration {
        self.opened.left(since_boot())
    }

    /// A form's token is its page's, or it wasn't on our page.
    fn held(&self, form: &str) -> Result<(), frame::Failed> {
        if self.opened.form == form { Ok(()) } else { Err(frame::Failed(self.t, Problem::Replayed)) }
    }
}

impl FromRequestParts<Phones> for Owner {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, phones: &Phones) -> Result<Self, Response> {
        let t = spoken(&parts.headers, phones.web.language);
        let (token, opened) = page_of(phones, &parts.headers).ok_or_else(|| shut(phones, t, "fiche-closed"))?;
        Ok(Self { phones: phones.clone(), t, opened, token })
    }
}

/// A form of theirs, from our page.
struct Change<T>(Owner, T);

#[derive(Deserialize)]
struct Held {
    form: String,
}

impl<T: DeserializeOwned> FromRequest<Phones> for Change<T> {
    type Rejection = Response;

    async fn from_request(request: Request, phones: &Phones) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let owner = Owner::from_request_parts(&mut parts, phones).await?;
        let unreadable = || frame::problem(owner.t, &Problem::Unreadable);
        let body = Bytes::from_request(Request::from_parts(parts, body), phones).await;
        let body = body.map_err(|cut| match cut.status() {
            StatusCode::PAYLOAD_TOO_LARGE => frame::problem(owner.t, &Problem::TooLong),
            _ => unreadable(),
        })?;
        let held: Held = serde_html_form::from_bytes(&body).map_err(|_| unreadable())?;
        owner.held(&held.form).map_err(IntoResponse::into_response)?;
        let form = serde_html_form::from_bytes(&body).map_err(|_| unreadable())?;
        Ok(Self(owner, form))
    }
}

async fn policy(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, concat!(include_str!("../../templates/style.css"), include_str!("../../templates/fiche.css"))).into_response()
}

async fn script() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../../templates/fiche.js")).into_response()
}
