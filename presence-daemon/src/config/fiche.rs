//! Where phones reach *Ma fiche*.

use super::WebConfig;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

impl WebConfig {
    /// Where the pages for phones listen; none if phones can't reach them.
    #[must_use]
    pub fn fiche_address(&self) -> Option<SocketAddr> {
        let (_, host, port) = parts(self.fiche.as_deref()?)?;
        match &self.fiche_listen {
            Some(listen) => listen.parse().ok(),
            // on all of the machine's addresses: the one that phones know may come and go with the network
            None => {
                Some(SocketAddr::new(host.parse().ok().filter(IpAddr::is_loopback).unwrap_or(Ipv4Addr::UNSPECIFIED.into()), port))
            }
        }
    }

    pub(super) fn fiche_contradiction(&self) -> Option<String> {
        let Some(fiche) = &self.fiche else {
            let stray = self
                .fiche_listen
                .as_ref()
                .map(|_| "web.fiche_listen: without web.fiche, the address as phones name it, it does nothing");
            return stray.map(str::to_owned);
        };
        let Some((secure, host, _)) = parts(fiche) else {
            return Some(format!(
                "web.fiche: {fiche:?} is not how a phone names it; write \"http://192.168.1.20:8481\", without a path"
            ));
        };
        if !secure && !is_of_the_house(host) {
            return Some(format!(
                "web.fiche: {host:?} is beyond the house, and what members write would be read on the way. Give an https:// address, or one of the house's own network"
            ));
        }
        if secure && self.fiche_listen.is_none() {
            return Some(
                "web.fiche: behind a proxy that speaks HTTPS, web.fiche_listen says where the proxy finds the pages, such as \"127.0.0.1:8481\""
                    .to_owned(),
            );
        }
        let listens = self.fiche_listen.as_ref().filter(|listen| listen.parse::<SocketAddr>().is_err());
        listens.map(|listen| format!("web.fiche_listen: {listen:?} is no address and port; write \"0.0.0.0:8481\""))
    }
}

/// Whether it is HTTPS, the host, the port.
fn parts(text: &str) -> Option<(bool, &str, u16)> {
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    let usual = if secure { 443 } else { 80 };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok().filter(|port| *port > 0)?),
        _ => (rest, usual),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let fits = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    fits.then_some((secure, host, port))
}

/// A name or an address that leads nowhere else than to the network one stands in.
fn is_of_the_house(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_private() || address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
        Err(_) => {
            !host.contains('.') || [".local", ".lan", ".home", ".home.arpa", ".internal"].iter().any(|end| host.ends_with(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(fiche: &str, listen: Option<&str>) -> WebConfig {
        WebConfig { fiche: Some(fiche.to_owned()), fiche_listen: listen.map(str::to_owned), ..WebConfig::default() }
    }

    #[test]
    fn phones_reach_the_pages_at_an_address_of_the_house_or_over_https() {
        #[track_caller]
        fn check(fiche: &str, listen: Option<&str>, expected: &str) {
            let config = web(fiche, listen);
            assert_eq!(config.fiche_contradiction(), None, "{fiche}");
            assert_eq!(config.fiche_address().map(|address| address.to_string()).as_deref(), Some(expected), "{fiche}");
        }
        check("http://192.168.1.20:8481", None, "0.0.0.0:8481");
        check("http://voisins.local:8481", None, "0.0.0.0:8481");
        check("http://127.0.0.1:8481", None, "127.0.0.1:8481");
        check("http://[fd00::5]:8481", Some("[::]:8481"), "[::]:8481");
        check("https://fiche.example.org", Some("127.0.0.1:8481"), "127.0.0.1:8481");
        assert_eq!(WebConfig::default().fiche_address(), None);
    }

    #[test]
    fn an_address_that_would_tell_others_is_refused_with_what_to_write() {
        #[track_caller]
        fn check(fiche: &str, listen: Option<&str>, says: &str) {
            let problem = web(fiche, listen).fiche_contradiction().unwrap_or_default();
            assert!(problem.contains(says), "{fiche}: {problem}");
        }
        check("http://203.0.113.7:8481", None, "https://");
        check("http://fiche.example.org", None, "https://");
        check("https://fiche.example.org", None, "web.fiche_listen");
        check("192.168.1.20:8481", None, "without a path");
        check("http://192.168.1.20:8481/fiche", None, "without a path");
        check("http://192.168.1.20:8481", Some("8481"), "address and port");
        let alone = WebConfig { fiche_listen: Some("0.0.0.0:8481".to_owned()), ..WebConfig::default() };
        assert!(alone.fiche_contradiction().is_some_and(|problem| problem.contains("web.fiche")));
    }
}
