//! Whose requests these are: from a page of ours, and from where.

use super::Web;
use axum::http::HeaderMap;
use std::net::IpAddr;

/// A form of ours: the browser says so by its origin. One that says nothing is no browser of this decade.
pub fn is_ours(web: &Web, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    let scheme = if web.secure { "https://" } else { "http://" };
    match (&web.origin, text("origin"), text("host")) {
        (Some(ours), Some(origin), _) => origin == ours,
        (None, Some(origin), Some(host)) => origin.strip_prefix(scheme) == Some(host),
        _ => false,
    }
}

/// Who tries a password. Behind a proxy of ours the connection is always its own: whom it names last is who came to it.
pub fn tries_from(web: &Web, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    if web.origin.is_none() || !peer.is_loopback() {
        return Some(peer);
    }
    let named = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok()).next_back()?;
    named.rsplit(',').next()?.trim().parse().ok()
}
