//! The dashboard by itself: `presence-daemon dashboard --broker URL`. Open to whoever sits at this machine; to others only with a
//! password.

use super::pages::{self, LinkPart, Look};
use super::{Address, Board, Scope, values};
use crate::broker::read_password;
use crate::clock::since_boot;
use crate::web::access::Access;
use crate::web::seconds;
use crate::web::serve::serve;
use crate::web::texts::Texts;
use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use base64::Engine as _;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::name::SiteName;

/// What the command line asks for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The broker.
    pub broker: Address,
    /// Where browsers find the pages.
    pub listen: SocketAddr,
    /// What a browser must know, in the first line of a file; without it only this machine is served.
    pub password: Option<PathBuf>,
    /// For a browser that speaks neither French nor English.
    pub language: Language,
}

/// Why there is no dashboard.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ServeError {
    #[error("{listen} can be reached from other machines, and names are shown: give --password-file FILE, or listen on 127.0.0.1")]
    Open { listen: SocketAddr },
    #[error("can't read the password in {path}: {source}. Its first line is the password")]
    Password { path: PathBuf, source: std::io::Error },
    #[error("can't listen on {listen}: {source}. Give --listen another address or port")]
    Listen { listen: SocketAddr, source: std::io::Error },
    #[error("the system gives no thread or signal handler: {0}")]
    System(#[from] std::io::Error),
}

/// What every page needs.
#[derive(Clone)]
struct Served {
    board: Board,
    language: Language,
    password: Option<Arc<str>>,
    tries: Arc<Mutex<Access>>,
}

/// How it stands with whoever asks for a page.
enum Stands {
    In,
    /// They know no password, or another.
    Out,
    /// They tried too often.
    Waits(Duration),
}

impl Served {
    fn new(board: Board, language: Language, password: Option<Arc<str>>) -> Self {
        Self { board, language, password, tries: Arc::default() }
    }

    /// A browser sends the password with each request. Each address waits for itself: nobody keeps the others from looking.
    fn stands(&self, password: &str, from: IpAddr, headers: &HeaderMap) -> Stands {
        let Some(said) = headers.get(header::AUTHORIZATION) else { return Stands::Out };
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let whose = from.to_string();
        if let Err(wait) = tries.try_once(Some(from), &whose, since_boot()) {
            return Stands::Waits(wait);
        }
        if knows(said, password) {
            tries.was_right(Some(from), &whose);
            return Stands::In;
        }
        Stands::Out
    }
}

/// Serves the pages until SIGINT or SIGTERM; tells where once they are there.
///
/// # Errors
/// [`ServeError`], with what to do.
pub fn run(options: Options, ready: impl FnOnce(&str)) -> Result<(), ServeError> {
    let Options { broker, listen, password, language } = options;
    if password.is_none() && !listen.ip().is_loopback() {
        return Err(ServeError::Open { listen });
    }
    let read = |path: PathBuf| read_password(&path).map_err(|source| ServeError::Password { path, source });
    let password = password.map(read).transpose()?.map(Arc::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let listener = TcpListener::bind(listen).map_err(|source| ServeError::Listen { listen, source })?;
        let url = format!("http://{}", listener.local_addr()?);
        let board = Board::watch(broker, Scope::All, None);
        let (_ends_with_us, never) = watch::channel(false);
        let serving = serve(router(Served::new(board, language, password)), listener, None, never);
        ready(&url);
        tokio::select! {
            served = serving => Ok(served?),
            _ = interrupt.recv() => Ok(()),
            _ = terminate.recv() => Ok(()),
        }
    })
}

/// The same on a free port of this machine, beside a demonstration; returns where, and ends with the process.
#[must_use]
pub fn serve_beside(broker: Address, admin: Option<String>, language: Language) -> Option<String> {
    let listener = TcpListener::bind("127.0.0.1:0").ok()?;
    let url = format!("http://{}", listener.local_addr().ok()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let run = move || {
        runtime.block_on(async {
            let board = Board::watch(broker, Scope::All, admin);
            let (_ends_with_the_process, never) = watch::channel(false);
            let _ = serve(router(Served::new(board, language, None)), listener, None, never).await;
        });
    };
    std::thread::Builder::new().name("dashboard".into()).spawn(run).ok()?;
    Some(url)
}

fn router(served: Served) -> Router {
    Router::new()
        .route("/", get(all))
        .route("/live", get(live_all))
        .route("/sites/{site}", get(site))
        .route("/sites/{site}/live", get(live_site))
        .route("/sites/{site}/photo/{member}", get(photo))
        .route("/presence.js", get(pages::script))
        .route("/style.css", get(crate::web::style))
        .fallback(|Spoken(t): Spoken| async move { missing(t) })
        .layer(middleware::from_fn_with_state(served.clone(), guard))
        .with_state(served)
}

/// The language of a page: the browser's, if we speak it.
struct Spoken(&'static Texts);

impl FromRequestParts<Served> for Spoken {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Self::Rejection> {
        let wished = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let spoken = wished.split(',').find_map(|wish| Language::from_code(wish.trim().get(..2)?));
        Ok(Self(Texts::of(spoken.unwrap_or(served.language))))
    }
}

/// Lets nobody in who shouldn't be, and puts the headers on every answer.
async fn guard(State(served): State<Served>, ConnectInfo(from): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let stands = match &served.password {
        // a page of another site must not reach us under a name of its own that leads to this machine
        None if !is_this_machine(request.headers()) => None,
        None => Some(Stands::In),
        Some(password) => Some(served.stands(password, from.ip(), request.headers())),
    };
    let mut response = match stands {
        Some(Stands::In) => next.run(request).await,
        Some(Stands::Out) => {
            let realm = [(header::WWW_AUTHENTICATE, "Basic realm=\"Voisins\", charset=\"UTF-8\"")];
            (StatusCode::UNAUTHORIZED, realm).into_response()
        }
        Some(Stands::Waits(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds(wait).to_string())]).into_response()
        }
        None => StatusCode::MISDIRECTED_REQUEST.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, pages::POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether a browser knows the password; whatever it says its name is.
fn knows(said: &HeaderValue, password: &str) -> bool {
    let said = said.to_str().ok().and_then(|said| said.strip_prefix("Basic "));
    let said = said.and_then(|said| base64::engine::general_purpose::STANDARD.decode(said).ok()).unwrap_or_default();
    let at = said.iter().position(|byte| *byte == b':').map_or(said.len(), |at| at + 1);
    // digests are compared, so that how long it takes tells nothing of the password
    let digest = |bytes: &[u8]| crate::web::access::digest(&String::from_utf8_lossy(bytes));
    at <= said.len() && digest(&said[at..]) == digest(password.as_bytes())
}

#[derive(Template)]
#[template(path = "dashboard_all.html")]
struct AllPage {
    t: &'static Texts,
    link: LinkPart,
    figures: Vec<values::Figure>,
    rows: Vec<values::SiteRow>,
}

#[derive(Template)]
#[template(path = "dashboard_site.html")]
struct SitePage {
    t: &'static Texts,
    link: LinkPart,
    board: values::Board,
    figures: Vec<values::Figure>,
    base: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    t: &'static Texts,
    what: String,
}

fn show(status: StatusCode, page: &impl Template) -> Response {
    // a template that can't be filled is one of ours: a test renders each
    page.render().map_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response(), |html| (status, Html(html)).into_response())
}

fn missing(t: &'static Texts) -> Response {
    show(StatusCode::NOT_FOUND, &ProblemPage { t, what: t.say("error-missing") })
}

fn look(t: &'static Texts, site: &SiteName) -> Look {
    Look { t, base: format!("/sites/{site}"), admin: None }
}

async fn all(State(served): State<Served>, Spoken(t): Spoken) -> Response {
    let all = pages::all(&served.board, t);
    if let [only] = all.rows.as_slice() {
        // one site needs no list
        return Redirect::to(&format!("/sites/{}", only.name)).into_response();
    }
    let values::All { figures, rows } = all;
    show(StatusCode::OK, &AllPage { t, link: pages::link(&served.board, t), figures, rows })
}

async fn live_all(State(served): State<Served>, Spoken(t): Spoken) -> Response {
    pages::live_all(served.board, Look { t, base: String::new(), admin: None })
}

async fn site(State(served): State<Served>, Spoken(t): Spoken, Path(name): Path<SiteName>) -> Response {
    let Look { base, .. } = look(t, &name);
    match pages::site(&served.board, &name, &look(t, &name)) {
        Some(board) => {
            let (figures, link) = (board.figures.clone(), pages::link(&served.board, t));
            show(StatusCode::OK, &SitePage { t, link, board, figures, base })
        }
        None => missing(t),
    }
}

async fn live_site(State(served): State<Served>, Spoken(t): Spoken, Path(name): Path<SiteName>) -> Response {
    let look = look(t, &name);
    pages::live_site(served.board, name, look, Box::new(|| true))
}

async fn photo(State(served): State<Served>, Path((name, member)): Path<(SiteName, MemberId)>) -> Response {
    pages::photo(&served.board, &name, member)
}
