//! Who may come in: accounts, and the link for the first one.

use crate::clock::Now;
use crate::house::CommandError;
use crate::pipeline::Pipeline;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How long a link for the first access works.
pub const LINK_LASTS: Duration = Duration::from_secs(30 * 60);

/// What the door asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// A new link for the first access, or for a forgotten password; the one before is void.
    Link,
    /// Whether a link can still be used.
    Lives { link: String },
    /// Uses the link up: an account with this password hash.
    Claim { link: String, name: String, hash: String },
    /// The hash of an account's password.
    Account { name: String },
}

/// What the door is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Link { link: String },
    Claimed { done: bool },
    Account { hash: Option<String> },
}

/// A link that waits to be used.
#[derive(Debug)]
pub(in crate::pipeline) struct Link {
    digest: [u8; 32],
    until: Duration,
}

impl Pipeline {
    pub(super) fn door(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        Ok(match ask {
            Ask::Link => {
                let link = Uuid::new_v4().simple().to_string();
                self.link = Some(Link { digest: crate::web::access::digest(&link), until: now.since_boot + LINK_LASTS });
                Reply::Link { link }
            }
            Ask::Lives { link } => Reply::Claimed { done: self.lives(&link, now) },
            Ask::Claim { link, name, hash } => {
                let fits = self.lives(&link, now);
                if fits {
                    self.house.store_mut().set_manager(&name, &hash)?;
                    self.link = None;
                }
                Reply::Claimed { done: fits }
            }
            Ask::Account { name } => Reply::Account { hash: self.house.store().manager(&name)? },
        })
    }

    fn lives(&self, link: &str, now: &Now) -> bool {
        let digest = crate::web::access::digest(link);
        self.link.as_ref().is_some_and(|held| held.digest == digest && held.until > now.since_boot)
    }
}
