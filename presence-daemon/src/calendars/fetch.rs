//! A calendar over HTTPS: with a limit in time and size, and asked only whether it has changed.

use super::read::LONGEST_FILE;
use std::sync::Arc;
use std::time::Duration;

/// A whole fetch may take so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server said something else than the calendar.
    #[error("the server answered {0}: open the address in a browser, and copy it anew from the calendar's settings")]
    Status(u16),
    /// The network or the server failed.
    #[error("{0}. Is there network? What was read before stays")]
    Failed(#[from] ureq::Error),
}

/// What came of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The calendar, and the tag by which the server knows this version.
    New(Vec<u8>, Option<String>),
    /// As before.
    Unchanged,
}

/// The client.
#[derive(Debug, Clone)]
pub struct Client(ureq::Agent);

impl Default for Client {
    fn default() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ureq::tls::TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .build();
        let agent = ureq::Agent::config_builder()
            .https_only(true)
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .max_redirects(5)
            .http_status_as_error(false)
            .user_agent(concat!("Voisins/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(agent.into())
    }
}

impl Client {
    /// Fetches a calendar, unless it is still the version that `tag` names.
    ///
    /// # Errors
    /// [`FetchError`].
    pub fn fetch(&self, url: &str, tag: Option<&str>) -> Result<Fetched, FetchError> {
        let mut request = self.0.get(url).header("Accept", "text/calendar");
        if let Some(tag) = tag {
            request = request.header("If-None-Match", tag);
        }
        let mut response = request.call()?;
        match response.status().as_u16() {
            200 => {
                let tag = response.headers().get("ETag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
                let limit = u64::try_from(LONGEST_FILE).unwrap_or(u64::MAX);
                Ok(Fetched::New(response.body_mut().with_config().limit(limit).read_to_vec()?, tag))
            }
            304 => Ok(Fetched::Unchanged),
            other => Err(FetchError::Status(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_https_is_not_fetched() {
        assert!(matches!(Client::default().fetch("http://localhost/a.ics", None), Err(FetchError::Failed(_))));
    }
}
