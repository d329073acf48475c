//! `[mail]`: off unless it is there.

use jiff::civil::Time;
use serde::Deserialize;
use std::net::IpAddr;
use std::path::PathBuf;

/// Mail to members who want it, and what waits, once a day, to the coordination.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// The SMTP server; none: no mail.
    pub host: Option<String>,
    /// Its port; default: 587 for "starttls", 465 for "tls", 25 for "none".
    pub port: Option<u16>,
    #[allow(missing_docs)]
    pub tls: MailTls,
    /// The account there, and a file with its password on the first line.
    pub user: Option<String>,
    #[allow(missing_docs)]
    pub password_file: Option<PathBuf>,
    /// Whom letters are from, such as `Voisins <voisins@example.org>`.
    pub from: String,
    /// The coordination's address, for what waits.
    pub to: Option<String>,
    /// When what waits is told, once a day (local time).
    pub digest_at: Time,
    /// An address that is told what waits too, as JSON.
    pub webhook: Option<String>,
}

/// How the way to the server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// Begins in the open and must turn to TLS.
    #[default]
    Starttls,
    /// TLS from the start.
    Tls,
    /// In the open: on this machine only.
    None,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            tls: MailTls::default(),
            user: None,
            password_file: None,
            from: String::new(),
            to: None,
            digest_at: jiff::civil::time(8, 30, 0, 0),
            webhook: None,
        }
    }
}

impl MailConfig {
    /// Whether members can be written to.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.host.is_some()
    }

    /// The server's port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            MailTls::Starttls => 587,
            MailTls::Tls => 465,
            MailTls::None => 25,
        })
    }

    pub(super) fn contradiction(&self) -> Option<String> {
        let mailbox = |text: &str| text.parse::<lettre::message::Mailbox>().is_ok();
        if let Some(host) = &self.host {
            if self.tls == MailTls::None && !is_loopback(host) {
                return Some(format!(
                    "mail.tls: \"none\" would send letters and the password readable over the network to {host:?}; write \"starttls\" or \"tls\", or name a server on this machine"
                ));
            }
            if !mailbox(&self.from) {
                return Some(format!("mail.from: {:?} is no address; write \"Voisins <voisins@example.org>\"", self.from));
            }
            if self.user.is_some() != self.password_file.is_some() {
                return Some("mail.user and mail.password_file: give both, or neither".to_owned());
            }
        } else if self.to.is_some() {
            return Some("mail.to: without mail.host no letter is sent".to_owned());
        }
        if let Some(to) = self.to.as_deref().filter(|to| !mailbox(to)) {
            return Some(format!("mail.to: {to:?} is no address; write \"coordination@example.org\""));
        }
        let told = self.webhook.as_deref().filter(|url| !is_told_safely(url));
        told.map(|_| "mail.webhook: write an https:// address, or one on this machine (http://127.0.0.1…)".to_owned())
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An address on this machine, or one over HTTPS.
fn is_told_safely(url: &str) -> bool {
    let Ok(uri) = url.parse::<ureq::http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_loopback(host),
        _ => false,
    }
}
