//! The accounts of the pages: all of them for a manager, one's own for everybody.

use crate::broker::made::Rights;
use crate::broker::{BrokerError, Prepared};
use crate::clock::Now;
use crate::deed::AccountNo;
use crate::house::CommandError;
use crate::pipeline::Pipeline;
use crate::store::{Account, Removed};
use crate::web::access::Role;
use crate::web::second_step::{self, Hushed};
use serde::{Deserialize, Serialize};

/// What the pages of accounts ask. An account speaks of itself by `name`: the pages know who has signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    List,
    /// A link that makes an account in this role.
    Invite {
        role: Role,
    },
    Remove {
        account: AccountNo,
    },
    Own {
        name: String,
    },
    SetPassword {
        name: String,
        hash: String,
    },
    /// Draws a secret for a second step, or tells the one that waits for its first code.
    DrawStep {
        name: String,
        anew: bool,
    },
    /// The first code: from now on the password is not enough.
    ConfirmStep {
        name: String,
        code: String,
    },
    EndStep {
        name: String,
    },
    /// An account on the private broker, for a dashboard.
    MakeBroker {
        name: String,
        rights: Rights,
    },
    RemoveBroker {
        name: String,
    },
    /// Ten new recovery codes; those of before are void.
    Recovery {
        name: String,
    },
}

/// What they are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    /// `broker`: those that were made on the private one; none if it is somebody else's.
    List {
        accounts: Vec<DeskAccount>,
        broker: Option<Vec<(String, Rights)>>,
    },
    BrokerMade {
        password: Hushed,
    },
    Link {
        link: String,
    },
    Removed {
        name: String,
    },
    Own {
        account: DeskAccount,
    },
    Done,
    /// The secret of a second step that waits for its first code.
    Step {
        secret: Hushed,
    },
    Recovery {
        codes: Hushed,
    },
    /// The key of the text that says why not.
    Not(String),
}

/// An account, for the pages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskAccount {
    pub number: AccountNo,
    pub name: String,
    pub role: Role,
    pub second_step: bool,
    pub recovery: usize,
}

impl DeskAccount {
    /// The key of the text that says what it may do.
    #[must_use]
    pub fn role_key(&self) -> &'static str {
        match self.role {
            Role::Manager => "accounts-role-manager",
            Role::Viewer => "accounts-role-viewer",
        }
    }
}

fn told(problem: BrokerError) -> CommandError {
    CommandError::Impossible(problem.to_string())
}

fn not(key: &str) -> Reply {
    Reply::Not(key.to_owned())
}

impl Pipeline {
    pub(super) fn accounts_page(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        let line = |account: Account| DeskAccount {
            number: account.number,
            name: account.name,
            role: account.role,
            second_step: account.second_step,
            recovery: account.recovery,
        };
        let or_gone = |done: bool| if done { Reply::Done } else { not("accounts-gone") };
        let store = self.house.store_mut();
        Ok(match ask {
            Ask::List => {
                let accounts = store.managers()?.into_iter().map(line).collect();
                let made = self.accounts.as_ref().map(Prepared::made).transpose().map_err(told)?.flatten();
                let broker = made.map(|made| made.into_iter().map(|made| (made.name, made.rights)).collect());
                Reply::List { accounts, broker }
            }
            Ask::MakeBroker { name, rights } => {
                let made = self.accounts.as_ref().map(|broker| broker.make(&name, rights)).transpose().map_err(told)?.flatten();
                made.map_or(not("accounts-broker-name"), |password| Reply::BrokerMade { password: Hushed(password) })
            }
            Ask::RemoveBroker { name } => {
                let gone = self.accounts.as_ref().map(|broker| broker.unmake(&name)).transpose().map_err(told)?;
                or_gone(gone.unwrap_or_default())
            }
            Ask::Invite { role } => Reply::Link { link: self.link(role, false, now) },
            Ask::Remove { account } => match store.remove_manager(account)? {
                Removed::Done { name } => Reply::Removed { name },
                Removed::LastManager => not("accounts-last"),
                Removed::NoSuch => not("accounts-gone"),
            },
            Ask::Own { name } => {
                store.manager(&name)?.map_or(not("accounts-gone"), |account| Reply::Own { account: line(account) })
            }
            Ask::SetPassword { name, hash } => or_gone(store.set_password(&name, &hash)?),
            Ask::DrawStep { name, anew } => {
                if anew && !store.draw_step(&name, second_step::salt()?)? {
                    return Ok(not("account-step-is-on"));
                }
                match store.step(&name)?.filter(|step| !step.on) {
                    Some(step) => Reply::Step { secret: Hushed(second_step::text(&step.secret)) },
                    None => not("account-step-is-on"),
                }
            }
            Ask::ConfirmStep { name, code } => {
                let Some(step) = store.step(&name)?.filter(|step| !step.on) else { return Ok(not("account-step-is-on")) };
                let Some(wall) = now.wall else { return Ok(not("login-code-no-time")) };
                match second_step::check(&step.secret, &code, wall) {
                    Some(used) if store.use_step(&name, used)? => self.new_recovery(&name)?,
                    _ => not("login-code-wrong"),
                }
            }
            Ask::EndStep { name } => or_gone(store.end_step(&name)?),
            Ask::Recovery { name } => match store.manager(&name)?.filter(|account| account.second_step) {
                Some(_) => self.new_recovery(&name)?,
                None => not("accounts-gone"),
            },
        })
    }

    fn new_recovery(&mut self, name: &str) -> Result<Reply, CommandError> {
        let codes = second_step::recovery_codes()?;
        let kept: Vec<String> = codes.iter().filter_map(|code| second_step::recovery_typed(code)).collect();
        self.house.store_mut().keep_recovery(name, &kept)?;
        Ok(Reply::Recovery { codes: Hushed(codes.join(" ")) })
    }
}
