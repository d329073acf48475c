//! The manager's pages: rendered here, plain forms, no script. They hold no state of their own but sessions; what they show and do goes
//! through the head of the pipe like every other command.
//!
//! Each answer carries a strict content security policy. Each form carries its session's token, and comes from our own origin, or is
//! refused (ASVS 5.0, 3.4 and 3.5).

pub mod access;
mod frame;
mod pages;
pub mod password;
pub mod texts;

use crate::config::{Config, WebConfig};
use crate::control::{self, Ask, By, ControlError, Reply};
use crate::pipeline::Inward;
use crate::pipeline::pages::{PageAsk, PageReply, door};
use crate::store::{Reports, StoreError};
use access::{Access, Token};
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use texts::Texts;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tracing::error;
use voisins_shared::language::Language;

/// The longest form.
const BODY: usize = 64 * 1024;
/// So many passwords are hashed at once: each takes 19 MiB.
const HASHES: usize = 2;
/// So many may wait for their turn; the rest is told to come back.
const WAITING: usize = 8;
/// Allows styles and forms of our own origin, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every page needs.
#[derive(Debug, Clone)]
pub struct Web {
    inward: Sender<Inward>,
    language: Language,
    title: String,
    /// The origin as browsers name it, if a proxy is before us; cookies are then for HTTPS only.
    origin: Option<String>,
    /// The database's file, to be read.
    database: PathBuf,
    /// Where the token for the metrics lies.
    metrics_token: Option<PathBuf>,
    access: Arc<Mutex<Access>>,
    hashes: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// Why a page was not made.
#[derive(Debug)]
pub enum Problem {
    /// Nobody has signed in.
    SignIn,
    /// The daemon stops, or its answer makes no sense.
    Gone,
    /// Too many passwords are tried at once.
    Busy,
    /// A form of another session or another site.
    Replayed,
    /// There is no such page.
    Missing,
    /// This account may not.
    NotAllowed,
    /// A form that isn't ours, or was cut.
    Unreadable,
    /// More than a form may hold.
    TooLong,
}

/// Where the pages listen, and what stands on them.
#[derive(Debug, Clone)]
pub struct Settings {
    listen: Option<SocketAddr>,
    origin: Option<String>,
    language: Language,
    title: String,
    file: PathBuf,
    database: PathBuf,
    metrics_token: Option<PathBuf>,
}

impl Settings {
    /// Of a config.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let WebConfig { listen: _, origin } = config.web.clone();
        let (language, title, file) = (config.language, config.title.clone(), address_file(&config.state));
        let database = crate::house::database(&config.state);
        let metrics_token = config.metrics.token_file.clone();
        Self { listen: config.web.address(), origin, language, title, file, database, metrics_token }
    }
}

/// The pages while they are served; dropped, they are no more.
#[derive(Debug)]
pub struct Running {
    /// Where a browser finds them.
    pub url: String,
    task: tokio::task::JoinHandle<()>,
    file: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Where the address is written while the pages are served, for the command line.
fn address_file(state: &Path) -> PathBuf {
    state.join("web.address")
}

/// Serves the pages. Without them all else goes on: the door doesn't wait for a port.
pub async fn start(settings: Settings, inward: Sender<Inward>, stop: watch::Receiver<bool>) -> Option<Running> {
    let listen = settings.listen?;
    let listener = match TcpListener::bind(listen).await {
        Ok(listener) => listener,
        Err(error) => {
            error!("no manager's pages: can't listen on {listen}: {error}. Give `listen` under [web] another port, or \"off\"");
            return None;
        }
    };
    let url = settings.origin.clone().or(listener.local_addr().ok().map(|address| format!("http://{address}")))?;
    let file = settings.file.clone();
    if let Err(error) = std::fs::write(&file, &url) {
        error!("can't write {}: {error}", file.display());
    }
    let web = Web::new(inward, settings);
    let task = tokio::spawn(async move {
        if let Err(error) = web.serve(listener, stop).await {
            error!("the manager's pages have ended: {error}");
        }
    });
    Some(Running { url, task, file })
}

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum LinkError {
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("the manager's pages are not served: see the daemon's log, and `listen` under [web] in the config")]
    NotServed,
}

/// A link that makes an account, asked of the daemon that runs.
///
/// # Errors
/// [`LinkError`], with what to do.
pub fn link(config: &Config) -> Result<String, LinkError> {
    let reply = control::ask(&config.state, &Ask::Page(PageAsk::Door(door::Ask::Link)))?;
    let url = std::fs::read_to_string(address_file(&config.state)).map_err(|_| LinkError::NotServed)?;
    match reply {
        Reply::Page(PageReply::Door(door::Reply::Link { link })) => Ok(format!("{url}/setup/{link}")),
        _ => Err(LinkError::NotServed),
    }
}

impl Web {
    /// Pages over the head of the pipe.
    #[must_use]
    pub fn new(inward: Sender<Inward>, settings: Settings) -> Self {
        let Settings { origin, language, title, database, metrics_token, .. } = settings;
        let (hashes, waiting) = (Arc::new(Semaphore::new(HASHES)), Arc::new(Semaphore::new(HASHES + WAITING)));
        Self { inward, language, title, origin, database, metrics_token, access: Arc::default(), hashes, waiting }
    }

    /// Serves the pages until asked to stop.
    ///
    /// # Errors
    /// What the socket says.
    pub async fn serve(self, listener: TcpListener, mut stop: watch::Receiver<bool>) -> std::io::Result<()> {
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let stopped = async move { while !*stop.borrow() && stop.changed().await.is_ok() {} };
        axum::serve(listener, service).with_graceful_shutdown(stopped).await
    }

    fn router(self) -> Router {
        Router::new()
            .merge(pages::routes())
            .route("/style.css", get(style))
            .fallback(|Spoken(texts): Spoken| async move { frame::problem(texts, &Problem::Missing) })
            .layer(DefaultBodyLimit::max(BODY))
            .layer(middleware::from_fn_with_state(self.clone(), guard))
            .with_state(self)
    }

    fn access(&self) -> MutexGuard<'_, Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the pipeline.
    async fn ask(&self, ask: Ask, by: By) -> Result<Reply, Problem> {
        let inward = self.inward.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let (reply, answered) = sync_channel(1);
            inward.send(Inward::Control { ask, by, reply }).ok()?;
            answered.recv().ok()
        });
        asked.await.ok().flatten().ok_or(Problem::Gone)
    }

    /// Asks what is asked before anybody has signed in.
    async fn door(&self, ask: door::Ask) -> Result<door::Reply, Problem> {
        match self.ask(Ask::Page(PageAsk::Door(ask)), By::Nobody).await? {
            Reply::Page(PageReply::Door(reply)) => Ok(reply),
            _ => Err(Problem::Gone),
        }
    }

    /// Reads from the database what no tap should wait for: a connection of its own, which can't write.
    #[allow(dead_code, reason = "the rooms that read history")]
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reports) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let database = self.database.clone();
        let read = tokio::task::spawn_blocking(move || Reports::open(&database).and_then(|reports| work(&reports)));
        match read.await {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(error)) => {
                error!("a page could not be made: {error}");
                Err(Problem::Gone)
            }
            Err(_) => Err(Problem::Gone),
        }
    }

    /// The token of whoever may read the metrics from elsewhere; read anew each time, so that a changed file is enough.
    fn metrics_token(&self) -> Option<String> {
        crate::broker::read_password(self.metrics_token.as_ref()?).ok()
    }

    /// Runs what takes a password's time where it stops nobody.
    async fn hashing<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let _place = self.waiting.try_acquire().map_err(|_| Problem::Busy)?;
        let _turn = self.hashes.acquire().await.map_err(|_| Problem::Gone)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Problem::Gone)
    }

    fn cookie(&self) -> (&'static str, &'static str) {
        // a browser takes a __Host- cookie over HTTPS only
        if self.origin.is_some() { ("__Host-voisins", "; Secure") } else { ("voisins", "") }
    }

    fn set_cookie(&self, token: &str) -> HeaderValue {
        let (name, secure) = self.cookie();
        let life = if token.is_empty() { "; Max-Age=0" } else { "" };
        HeaderValue::from_str(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{life}"))
            .unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let (name, _) = self.cookie();
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        cookies.flat_map(|cookies| cookies.split("; ")).find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='))
    }
}

/// The language of a page: the browser's, if we speak it, else the house's.
pub struct Spoken(pub &'static Texts);

impl FromRequestParts<Web> for Spoken {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let wished = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let spoken = wished.split(',').find_map(|wish| Language::from_code(wish.trim().get(..2)?));
        Ok(Self(Texts::of(spoken.unwrap_or(web.language))))
    }
}

/// Refuses what comes from another site, and puts the headers on every answer.
async fn guard(State(web): State<Web>, ConnectInfo(_): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if reads || is_ours(&web, request.headers()) {
        next.run(request).await
    } else {
        frame::problem(Texts::of(web.language), &Problem::Replayed)
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // not no-referrer: browsers then say "null" as the origin of a form
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if web.origin.is_some() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A form of ours: the browser says so by its origin. One that says nothing is no browser of this decade.
fn is_ours(web: &Web, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    match (&web.origin, text("origin"), text("host")) {
        (Some(ours), Some(origin), _) => origin == ours,
        (None, Some(origin), Some(host)) => origin.strip_prefix("http://") == Some(host),
        _ => false,
    }
}

/// Who tries a password. Behind a proxy of ours the connection is always its own: whom it names last is who came to it.
fn tries_from(web: &Web, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    if web.origin.is_none() || !peer.is_loopback() {
        return Some(peer);
    }
    let named = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok()).next_back()?;
    named.rsplit(',').next()?.trim().parse().ok()
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../templates/style.css")).into_response()
}

/// 32 bytes of chance.
fn chance() -> Option<Token> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok().map(|()| Token::new(bytes))
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::Gone | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Replayed => StatusCode::FORBIDDEN,
            Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Missing => StatusCode::NOT_FOUND,
        }
    }

    /// The key of the text that says what to do.
    fn key(&self) -> &'static str {
        match self {
            Self::SignIn => "login-title",
            Self::Gone => "error-gone",
            Self::Busy => "error-busy",
            Self::Replayed => "error-replayed",
            Self::Missing => "error-missing",
            Self::NotAllowed => "error-not-allowed",
            Self::Unreadable => "error-unreadable",
            Self::TooLong => "error-too-long",
        }
    }
}
