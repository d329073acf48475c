//! What other systems read: SpaceAPI for anybody, metrics for this machine or who holds the token.

use crate::control::{Ask as Control, By, Reply as Answer};
use crate::metrics::CONTENT_TYPE;
use crate::pipeline::pages::integrations::{Ask, Reply};
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::web::access::digest;
use crate::web::frame::{Failed, Page};
use crate::web::{Problem, Spoken, Web};
use axum::Router;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub fn routes() -> Router<Web> {
    Router::new().route("/spaceapi.json", get(spaceapi)).layer(Extension(Kept::default())).route("/metrics", get(metrics))
}

/// The SpaceAPI document as it was just now: whoever asks without end asks the door only so often.
type Kept = Arc<Mutex<Option<(Duration, Option<String>)>>>;

const KEPT_FOR: Duration = Duration::from_secs(5);

async fn spaceapi(State(web): State<Web>, Spoken(t): Spoken, Extension(kept): Extension<Kept>) -> Page {
    let now = crate::clock::since_boot();
    let known = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = match known.filter(|(at, _)| now.saturating_sub(*at) < KEPT_FOR) {
        Some((_, text)) => text,
        None => {
            let text = ask(&web, Ask::SpaceApi).await.map_err(|problem| Failed(t, problem))?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, text.clone()));
            text
        }
    };
    let text = text.ok_or(Failed(t, Problem::Missing))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "public, max-age=30"),
    ];
    Ok((headers, text).into_response())
}

async fn metrics(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Spoken(t): Spoken,
    headers: HeaderMap,
) -> Page {
    if !may_read(&web, peer.ip(), &headers) {
        return Ok(refused());
    }
    let text = ask(&web, Ask::Metrics).await.map_err(|problem| Failed(t, problem))?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text.unwrap_or_default()).into_response())
}

fn refused() -> Response {
    let what = "The metrics are for this machine, and for whoever has the token of `token_file` under [metrics] in the config.\n";
    let challenge = [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))];
    (StatusCode::UNAUTHORIZED, challenge, what).into_response()
}

async fn ask(web: &Web, ask: Ask) -> Result<Option<String>, Problem> {
    match web.ask(Control::Page(PageAsk::Integrations(ask)), By::Nobody).await? {
        Answer::Page(PageReply::Integrations(Reply { text })) => Ok(text),
        _ => Err(Problem::Gone),
    }
}

/// A program of this machine, by this machine's own name; or the token. Behind a proxy every connection is from this machine, so that
/// only the token counts there. A page that a browser was led to by a false name (DNS rebinding) has that name in its `Host`.
fn may_read(web: &Web, peer: IpAddr, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let here = web.origin.is_none() && peer.is_loopback() && text(header::HOST).is_some_and(is_this_machine);
    here || text(header::AUTHORIZATION)
        .and_then(|given| given.strip_prefix("Bearer "))
        .is_some_and(|given| web.metrics_token().is_some_and(|token| digest(given.trim()) == digest(&token)))
}

fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(name, _)| name);
    name == "localhost" || name.trim_matches(['[', ']']).parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_own_names_only() {
        for name in ["127.0.0.1", "127.0.0.1:8480", "localhost:8480", "[::1]:8480", "[::1]"] {
            assert!(is_this_machine(name), "{name}");
        }
        for name in ["voisins.example.org", "127.0.0.1.example.org:8480", "10.0.0.9:8480", "", "example.org:localhost"] {
            assert!(!is_this_machine(name), "{name}");
        }
    }
}
