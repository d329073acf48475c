//! Who may come in: accounts, links that make one, the second step.

use crate::clock::Now;
use crate::deed::Deed;
use crate::house::CommandError;
use crate::pipeline::Pipeline;
use crate::web::access::Role;
use crate::web::second_step;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How long a link works.
pub const LINK_LASTS: Duration = Duration::from_secs(30 * 60);
/// So many links may wait at once; the oldest goes.
const LINKS: usize = 20;

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
    /// What is known of an account.
    Account { name: String },
    /// Takes the code of a second step, or a recovery code.
    Code { name: String, code: String },
    /// They are in.
    SignedIn { name: String },
    /// A password or a code was wrong.
    Refused { name: String },
}

/// What the door is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Link { link: String },
    Claimed { done: bool },
    Account(Option<Known>),
    Code(Code),
}

/// An account, as far as the door has to know it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Known {
    pub hash: String,
    pub role: Role,
    pub second_step: bool,
}

/// What a code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// They may come in.
    Right,
    /// It is none, or was used.
    Wrong,
    /// It may be right, but nobody knows the time yet: only a recovery code can tell.
    NoTime,
}

/// A link that waits to be used.
#[derive(Debug)]
pub(in crate::pipeline) struct Link {
    digest: [u8; 32],
    until: Duration,
    role: Role,
    /// Asked of the machine itself: it may give an account that is there another password.
    by_machine: bool,
}

impl Pipeline {
    pub(super) fn door(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        Ok(match ask {
            Ask::Link => {
                self.links.retain(|link| !link.by_machine);
                Reply::Link { link: self.link(Role::Manager, true, now) }
            }
            Ask::Lives { link } => Reply::Claimed { done: self.living(&link, now).is_some() },
            Ask::Claim { link, name, hash } => Reply::Claimed { done: self.claim(&link, &name, &hash, now)? },
            Ask::Account { name } => Reply::Account(self.house.store().manager(&name)?.map(|account| Known {
                hash: account.password,
                role: account.role,
                second_step: account.second_step,
            })),
            Ask::Code { name, code } => Reply::Code(self.code(&name, &code, now)?),
            Ask::SignedIn { .. } => Reply::Claimed { done: true },
            Ask::Refused { name } => {
                self.sign_in_refused(&name, now)?;
                Reply::Claimed { done: true }
            }
        })
    }

    /// A new link that makes an account in this role.
    pub(super) fn link(&mut self, role: Role, by_machine: bool, now: &Now) -> String {
        let link = Uuid::new_v4().simple().to_string();
        let digest = crate::web::access::digest(&link);
        self.links.retain(|link| link.until > now.since_boot);
        if self.links.len() >= LINKS {
            self.links.remove(0);
        }
        self.links.push(Link { digest, until: now.since_boot + LINK_LASTS, role, by_machine });
        link
    }

    fn claim(&mut self, link: &str, name: &str, hash: &str, now: &Now) -> Result<bool, CommandError> {
        let Some(at) = self.living(link, now) else { return Ok(false) };
        let Link { role, by_machine, .. } = self.links[at];
        if self.house.store_mut().set_manager(name, hash, role, by_machine)?.is_none() {
            return Ok(false);
        }
        self.links.remove(at);
        Ok(true)
    }

    fn living(&self, link: &str, now: &Now) -> Option<usize> {
        let digest = crate::web::access::digest(link);
        self.links.iter().position(|held| held.digest == digest && held.until > now.since_boot)
    }

    /// Takes a code, once.
    fn code(&mut self, name: &str, code: &str, now: &Now) -> Result<Code, CommandError> {
        let Some(step) = self.house.store().step(name)?.filter(|step| step.on) else { return Ok(Code::Wrong) };
        if let Some(recovery) = second_step::recovery_typed(code) {
            if !self.house.store_mut().use_recovery(name, &recovery)? {
                return Ok(Code::Wrong);
            }
            self.write(name, Deed::RecoveryUsed)?;
            return Ok(Code::Right);
        }
        let Some(wall) = now.wall else { return Ok(Code::NoTime) };
        match second_step::check(&step.secret, code, wall) {
            Some(used) if used > step.used && self.house.store_mut().use_step(name, used)? => Ok(Code::Right),
            _ => Ok(Code::Wrong),
        }
    }
}
