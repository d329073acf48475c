//! Day passes, for the manager's eyes.

use crate::community::ledger::{Account, Plan};
use crate::directory::Member;
use crate::pipeline::Pipeline;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use voisins_shared::matching::normalize::words;
use voisins_shared::payload::Month;

/// What the passes' pages ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// Balances: who has an account, or whoever has this in their name.
    List {
        search: String,
        /// Only who came more often than they have passes for.
        overuse: bool,
        from: usize,
        at_most: usize,
    },
    /// One member's, by number, id, e-mail or a unique name.
    One { member: String },
    /// All balances, by member id.
    Balances,
}

/// What the passes' pages are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    List {
        accounts: Vec<DeskAccount>,
        found: usize,
        overused: usize,
    },
    One {
        account: Option<DeskAccount>,
    },
    Balances {
        /// By member: number, name, balance now.
        balances: BTreeMap<String, (String, String, i64)>,
        /// How much neighbours helped each other, the latest month first.
        months: Vec<Month>,
    },
}

/// A member's passes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskAccount {
    pub member: String,
    pub number: String,
    pub name: String,
    pub balance: i64,
    /// A check-in draws one.
    pub on_passes: bool,
    /// How many are good until when, the earliest first.
    pub dated: Vec<(Date, i64)>,
}

impl DeskAccount {
    /// How they come, as the form says it.
    #[must_use]
    pub fn plan(&self) -> &'static str {
        if self.on_passes { Plan::Passes.as_str() } else { Plan::Subscription.as_str() }
    }
}

impl Pipeline {
    pub(super) fn passes_page(&self, ask: Ask) -> Reply {
        let (directory, ledger) = (self.house.directory(), self.house.community().ledger());
        match ask {
            Ask::List { search, overuse, from, at_most } => {
                let wanted = folded(&search);
                let overused = |member: &Member| ledger.account(member.id).is_some_and(|account| account.balance() < 0);
                let fits = |member: &&Member| {
                    let named = wanted.is_empty() && (overuse || ledger.account(member.id).is_some());
                    let named = named || !wanted.is_empty() && folded(&member.name).contains(&wanted);
                    let numbered = search.trim().eq_ignore_ascii_case(&member.number.to_string());
                    (named || numbered) && (!overuse || overused(member))
                };
                let mut found: Vec<&Member> = directory.members().filter(fits).collect();
                found.sort_by_cached_key(|member| (folded(&member.name), member.number));
                let accounts = found.iter().skip(from).take(at_most).map(|member| self.desk_account(member)).collect();
                let overused = ledger.accounts().filter(|(_, account)| account.balance() < 0).count();
                Reply::List { accounts, found: found.len(), overused }
            }
            Ask::One { member } => {
                let member = self.house.find(&member).ok().and_then(|member| directory.member(member));
                Reply::One { account: member.map(|member| self.desk_account(member)) }
            }
            Ask::Balances => {
                let line = |(member, account): (_, &Account)| {
                    let known = directory.member(member)?;
                    Some((member.to_string(), (known.number.to_string(), known.name.clone(), account.balance())))
                };
                let balances = ledger.accounts().filter_map(line).collect();
                Reply::Balances { balances, months: self.house.measures().to_vec() }
            }
        }
    }

    fn desk_account(&self, member: &Member) -> DeskAccount {
        let none = Account::default();
        let account = self.house.community().ledger().account(member.id).unwrap_or(&none);
        DeskAccount {
            member: member.id.to_string(),
            number: member.number.to_string(),
            name: member.name.clone(),
            balance: account.balance(),
            on_passes: account.on_passes(),
            dated: account.dated().collect(),
        }
    }
}

/// A name as it is compared: no case, no accents, single spaces.
fn folded(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}
