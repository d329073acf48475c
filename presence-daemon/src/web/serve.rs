//! The pages at a port: how many may come, how long they may take, over HTTP or HTTPS, until the daemon stops.

use super::certificate::Files;
use super::{Settings, Web};
use crate::config::Config;
use crate::control::{self, Ask, ControlError, Reply};
use crate::pipeline::Inward;
use crate::pipeline::pages::{PageAsk, PageReply, door};
use axum::Router;
use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use std::future::{Ready, ready};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tracing::error;

/// So many connections at once; one more is closed.
const CONNECTIONS: usize = 64;
/// How long the head of a request may take, and a TLS handshake.
const HEAD: Duration = Duration::from_secs(10);
/// How long pages that are being made may still take when the daemon stops.
const FAREWELL: Duration = Duration::from_secs(2);

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
pub(super) fn address_file(state: &Path) -> PathBuf {
    state.join("web.address")
}

/// Serves the pages. Without them all else goes on: the door doesn't wait for a port or a certificate.
pub async fn start(settings: Settings, inward: Sender<Inward>, stop: watch::Receiver<bool>) -> Option<Running> {
    let listen = settings.listen?;
    let files = settings.certificate.clone().map(|(certificate, key)| Files { certificate, key });
    let tls = match files.as_ref().map(Files::read).transpose() {
        Ok(config) => config.map(RustlsConfig::from_config),
        Err(problem) => {
            error!("no manager's pages: {problem}");
            return None;
        }
    };
    let listener = match TcpListener::bind(listen) {
        Ok(listener) => listener,
        Err(error) => {
            error!("no manager's pages: can't listen on {listen}: {error}. Give `listen` under [web] another port, or \"off\"");
            return None;
        }
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = settings.origin.clone().or(listener.local_addr().ok().map(|address| format!("{scheme}://{address}")))?;
    let file = settings.file.clone();
    if let Err(error) = std::fs::write(&file, &url) {
        error!("can't write {}: {error}", file.display());
    }
    let web = Web::new(inward, settings);
    let task = tokio::spawn(async move {
        let follow = async {
            match files.zip(tls.clone()) {
                Some((files, tls)) => files.follow(tls).await,
                None => std::future::pending().await,
            }
        };
        let served = tokio::select! {
            served = serve(web.router(), listener, tls.clone(), stop) => served,
            () = follow => Ok(()),
        };
        if let Err(error) = served {
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

/// Serves pages until asked to stop: not to more than so many at once, and to nobody who says nothing.
///
/// # Errors
/// What the socket says.
pub async fn serve(
    pages: Router,
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let service = pages.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let asked = handle.clone();
    let stopped = async move {
        while !*stop.borrow() && stop.changed().await.is_ok() {}
        asked.graceful_shutdown(Some(FAREWELL));
        std::future::pending().await
    };
    listener.set_nonblocking(true)?;
    let mut server = limited(axum_server::from_tcp(listener)?.handle(handle));
    server.http_builder().http1().header_read_timeout(HEAD);
    let places = Places(Arc::new(Semaphore::new(CONNECTIONS)));
    tokio::select! {
        served = async {
            match tls {
                Some(tls) => {
                    let tls = RustlsAcceptor::new(tls).handshake_timeout(HEAD).acceptor(places);
                    server.acceptor(tls).serve(service).await
                }
                None => server.acceptor(places).serve(service).await,
            }
        } => served,
        () = stopped => Ok(()),
    }
}

/// A request has to begin soon, too: a connection that says nothing holds a place.
fn limited(server: Server<SocketAddr>) -> Server<SocketAddr> {
    server.http1_only().first_request_timeout(HEAD)
}

/// So many connections may be open.
#[derive(Debug, Clone)]
struct Places(Arc<Semaphore>);

impl<S> Accept<TcpStream, S> for Places {
    type Stream = TcpStream;
    type Service = Seated<S>;
    type Future = Ready<io::Result<(TcpStream, Seated<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = self.0.clone().try_acquire_owned().map_err(|_| io::Error::other("all places are taken"));
        ready(place.map(|place| (stream, Seated { service, _place: Arc::new(place) })))
    }
}

/// A connection's service, which gives its place back with the connection.
#[derive(Debug, Clone)]
struct Seated<S> {
    service: S,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S: tower_service::Service<R>, R> tower_service::Service<R> for Seated<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.service.call(request)
    }
}
