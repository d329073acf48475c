//! The client of addresses beyond the house: calendars, and the program that is told what waits. It trusts whom the system trusts.

use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;

/// A client that gives up a whole exchange after `patience`, takes every status as an answer, and follows nothing on.
pub fn client(patience: Duration) -> ConfigBuilder<AgentScope> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder().unversioned_rustls_crypto_provider(provider).root_certs(RootCerts::PlatformVerifier).build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(patience))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("Voisins/", env!("CARGO_PKG_VERSION")))
}
