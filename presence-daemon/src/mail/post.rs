//! The ways out: SMTP, and a program's address.

use super::{Kind, Letter, write};
use crate::config::{MailConfig, MailTls};
use crate::https;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport as _};
use std::path::PathBuf;
use std::time::Duration;

/// The server may take so long for each step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum PostError {
    #[error("can't read mail.password_file {path}: {source}. Check the path and its permissions")]
    Password { path: PathBuf, source: std::io::Error },
    #[error("mail.from or an address can't be used. Check mail.from, mail.to and the member's address")]
    Address,
    #[error("the mail server's TLS certificate or handshake was not accepted. Check mail.host, mail.tls and the machine's clock")]
    Tls(#[source] lettre::transport::smtp::Error),
    #[error("the mail server refused the letter for good. Check the address it is for")]
    Refused(#[source] lettre::transport::smtp::Error),
    #[error("the mail server did not take the letter. Check mail.host, mail.port, mail.user and the network; it is tried again")]
    NotTaken(#[source] lettre::transport::smtp::Error),
    #[error("mail.webhook answered {0}. It is tried again")]
    Status(u16),
    #[error("mail.webhook can't be reached; it is tried again")]
    Webhook(#[source] Box<ureq::Error>),
}

impl PostError {
    /// Whether it is this letter that nobody takes, and not the way.
    #[must_use]
    pub fn is_of_the_letter(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Address)
    }
}

/// The ways out of a house.
#[derive(Debug)]
pub struct Post {
    smtp: Option<SmtpTransport>,
    from: Option<Mailbox>,
    webhook: Option<(ureq::Agent, String)>,
    title: String,
    site: String,
}

impl Post {
    /// The ways that a config names.
    ///
    /// # Errors
    /// [`PostError`] if the password can't be read.
    pub fn new(config: &MailConfig, title: &str, site: &str) -> Result<Self, PostError> {
        let smtp = config.host.as_deref().map(|host| transport(config, host)).transpose()?;
        let from = config.host.as_ref().map(|_| config.from.parse().map_err(|_| PostError::Address)).transpose()?;
        // where it leads was checked when the config was read
        let webhook = config.webhook.clone().map(|url| (https::client(PATIENCE).build().into(), url));
        Ok(Self { smtp, from, webhook, title: title.to_owned(), site: site.to_owned() })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// [`PostError`].
    pub fn send(&mut self, letter: &Letter) -> Result<(), PostError> {
        match (letter.kind, &self.smtp, &self.webhook) {
            (Kind::Webhook, _, Some((agent, url))) => self.tell(agent, url, letter),
            (Kind::Webhook, ..) => Err(PostError::Address),
            (_, Some(smtp), _) => {
                let message = self.message(letter)?;
                smtp.send(&message).map(drop).map_err(sorted)
            }
            _ => Err(PostError::Address),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, PostError> {
        let from = self.from.clone().ok_or(PostError::Address)?;
        let to: Mailbox = letter.to.as_deref().and_then(|to| to.parse().ok()).ok_or(PostError::Address)?;
        let written = write(letter, &self.title);
        let id = format!("<{}@{}>", letter.id, from.email.domain());
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        Message::builder()
            .from(from)
            .to(to)
            .subject(written.subject)
            .message_id(Some(id))
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(written.text)
            .map_err(|_| PostError::Address)
    }

    fn tell(&self, agent: &ureq::Agent, url: &str, letter: &Letter) -> Result<(), PostError> {
        let waits: serde_json::Map<String, serde_json::Value> =
            letter.waits.iter().map(|(what, count)| (what.clone(), (*count).into())).collect();
        let body = serde_json::json!({
            "v": 1,
            "id": letter.id,
            "site": self.site,
            "day": letter.day.map(|day| day.to_string()),
            "waits": waits,
            "text": write(letter, &self.title).text,
        });
        let request = agent.post(url).header("Content-Type", "application/json").header("Idempotency-Key", letter.id.to_string());
        match request.send(body.to_string()).map_err(|error| PostError::Webhook(Box::new(error)))?.status().as_u16() {
            200..=299 => Ok(()),
            status => Err(PostError::Status(status)),
        }
    }
}

fn transport(config: &MailConfig, host: &str) -> Result<SmtpTransport, PostError> {
    let tls = || TlsParameters::new(host.to_owned()).map_err(sorted);
    let tls = match config.tls {
        MailTls::Starttls => Tls::Required(tls()?),
        MailTls::Tls => Tls::Wrapper(tls()?),
        MailTls::None => Tls::None,
    };
    let mut builder = SmtpTransport::builder_dangerous(host).port(config.port()).tls(tls).timeout(Some(PATIENCE));
    if let (Some(user), Some(path)) = (&config.user, &config.password_file) {
        let text = std::fs::read_to_string(path).map_err(|source| PostError::Password { path: path.clone(), source })?;
        let password = text.lines().next().unwrap_or_default().to_owned();
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    Ok(builder.build())
}

/// What the server said: of this letter, of the way, or of who we are.
fn sorted(error: lettre::transport::smtp::Error) -> PostError {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    if error.is_tls() {
        PostError::Tls(error)
    } else if error.is_permanent() && ["550", "551", "552", "553", "554"].contains(&code.as_str()) {
        PostError::Refused(error)
    } else {
        PostError::NotTaken(error)
    }
}
