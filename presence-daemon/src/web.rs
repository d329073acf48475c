//! The manager's pages: rendered here, plain forms, no script. They hold no state of their own but sessions; what they show and do goes
//! through the head of the pipe like every other command.
//!
//! Each answer carries a strict content security policy. Each form carries its session's token, and comes from our own origin, or is
//! refused (ASVS 5.0, 3.4 and 3.5).

pub mod access;
mod certificate;
pub mod fiche;
mod frame;
mod guard;
mod pages;
pub mod password;
pub mod second_step;
pub mod serve;
pub mod texts;
mod upload;

use crate::config::{Config, SpaceApiConfig};
use crate::control::{Ask, By, Reply};
use crate::dashboard::{Address, Board, Scope};
use crate::pipeline::Inward;
use crate::pipeline::pages::{PageAsk, PageReply, door};
use crate::store::{Reports, StoreError};
use access::{Access, Role, Token};
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use guard::{is_ours, tries_from};
use jiff::tz::TimeZone;
pub use serve::{LinkError, Running, link, start};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use texts::Texts;
use tokio::sync::Semaphore;
use tracing::error;
use voisins_shared::language::Language;
use voisins_shared::name::SiteName;

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
    /// Browsers come over HTTPS, to us or to the proxy before us.
    secure: bool,
    /// The site's, for moments of the past.
    zone: TimeZone,
    /// What the config says.
    told: Arc<pages::settings::Told>,
    /// The database's file, to be read.
    database: PathBuf,
    /// Where the token for the metrics lies.
    metrics_token: Option<PathBuf>,
    access: Arc<Mutex<Access>>,
    site: SiteName,
    /// Who is here, as the broker tells it; none where there is no broker to ask.
    board: Option<Board>,
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
    /// Not a page for this account, which has a first page of its own.
    Elsewhere(Role),
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
    /// As phones name the members' pages, and where these listen.
    fiche: Option<String>,
    fiche_listen: Option<SocketAddr>,
    /// Where and how whoever has found a badge reaches the space.
    reached: Vec<String>,
    language: Language,
    title: String,
    file: PathBuf,
    database: PathBuf,
    site: SiteName,
    /// Where presence is read.
    broker: Option<Address>,
    secure: bool,
    /// The files of a certificate and of its key.
    certificate: Option<(PathBuf, PathBuf)>,
    zone: TimeZone,
    told: Arc<pages::settings::Told>,
    metrics_token: Option<PathBuf>,
}

impl Settings {
    /// Of a config.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let origin = config.web.origin.clone();
        let certificate = config.web.certificate().map(|(certificate, key)| (certificate.to_owned(), key.to_owned()));
        let secure = origin.is_some() || certificate.is_some();
        let told = Arc::new(pages::settings::Told::of(config));
        // a config is checked for its zone
        let zone = TimeZone::get(&config.time_zone).unwrap_or(TimeZone::UTC);
        let (language, title, file) = (config.language, config.title.clone(), serve::address_file(&config.state));
        let database = crate::house::database(&config.state);
        let site = config.site.clone();
        let (fiche, fiche_listen) = (config.web.fiche.clone(), config.web.fiche_address());
        let reached = config.spaceapi.as_ref().map(reached).unwrap_or_default();
        let broker = None;
        let metrics_token = config.metrics.token_file.clone();
        Self {
            listen: config.web.address(),
            origin,
            fiche,
            fiche_listen,
            reached,
            language,
            title,
            file,
            database,
            site,
            broker,
            secure,
            certificate,
            zone,
            told,
            metrics_token,
        }
    }

    /// With a page of who is here, read from a broker.
    #[must_use]
    pub fn watching(self, broker: Address) -> Self {
        Self { broker: Some(broker), ..self }
    }
}

impl Web {
    /// Pages over the head of the pipe.
    #[must_use]
    pub fn new(inward: Sender<Inward>, settings: Settings) -> Self {
        let Settings { origin, language, title, database, secure, zone, told, site, broker, metrics_token, .. } = settings;
        let board = broker.map(|broker| Board::watch(broker, Scope::Site(site.clone()), None));
        let (hashes, waiting) = (Arc::new(Semaphore::new(HASHES)), Arc::new(Semaphore::new(HASHES + WAITING)));
        let access = Arc::default();
        Self { inward, language, title, origin, secure, zone, told, site, board, database, metrics_token, access, hashes, waiting }
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

    /// The site's name.
    fn site(&self) -> &SiteName {
        &self.site
    }

    /// Who is here, as the broker tells it.
    fn board(&self) -> Option<&Board> {
        self.board.as_ref()
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

    /// Where browsers find the pages, for links: as the config says, else as the browser that asks names it.
    fn origin_for(&self, host: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        self.origin.clone().unwrap_or_else(|| format!("{scheme}://{host}"))
    }

    fn cookie(&self) -> (&'static str, &'static str) {
        // a browser takes a __Host- cookie over HTTPS only
        if self.secure { ("__Host-voisins", "; Secure") } else { ("voisins", "") }
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

/// The space's postal address, and how to write or call: it is told to anybody who asks.
fn reached(space: &SpaceApiConfig) -> Vec<String> {
    [&space.address, &space.contact.email, &space.contact.phone].into_iter().flatten().cloned().collect()
}

/// The language of a page: the browser's, if we speak it, else the house's.
pub struct Spoken(pub &'static Texts);

impl FromRequestParts<Web> for Spoken {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        Ok(Self(spoken(&parts.headers, web.language)))
    }
}

/// What a browser speaks, if we speak it, else the house's language.
fn spoken(headers: &HeaderMap, house: Language) -> &'static Texts {
    let wished = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let spoken = wished.split(',').find_map(|wish| Language::from_code(wish.trim().get(..2)?));
    Texts::of(spoken.unwrap_or(house))
}

/// Refuses what comes from another site, and puts the headers on every answer.
async fn guard(State(web): State<Web>, ConnectInfo(_): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if reads || is_ours(&web, request.headers()) {
        next.run(request).await
    } else {
        frame::problem(Texts::of(web.language), &Problem::Replayed)
    };
    let own = response.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
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
    if let Some(own) = own {
        // the live page names its script
        headers.insert(header::CONTENT_SECURITY_POLICY, own);
    }
    if web.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

pub(crate) async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    let sheets = concat!(
        include_str!("../templates/style.css"),
        include_str!("../templates/presence.css"),
        include_str!("../templates/desk.css"),
        include_str!("../templates/visits.css"),
        include_str!("../templates/accounts.css"),
        include_str!("../templates/people.css"),
    );
    (headers, sheets).into_response()
}

/// 32 bytes of chance.
fn chance() -> Option<Token> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok().map(|()| Token::new(bytes))
}

pub(crate) fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn | Self::Elsewhere(_) => StatusCode::SEE_OTHER,
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
            Self::SignIn | Self::Elsewhere(_) => "login-title",
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
