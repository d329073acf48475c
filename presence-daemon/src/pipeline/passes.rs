//! Day passes, by command. For the manager's eyes: with names.

use super::Pipeline;
use crate::clock::Now;
use crate::community::Step as Between;
use crate::community::ledger::{Account, PASSES_AT_ONCE, Step};
use crate::control::Reply;
use crate::desk::Pass;
use crate::house::CommandError;
use std::fmt::Write as _;
use uuid::Uuid;
use voisins_shared::member::MemberId;

impl Pipeline {
    pub(super) fn pass(&mut self, pass: Pass, now: &Now) -> Result<Reply, CommandError> {
        let (member, step) = match pass {
            Pass::Buy { member, passes, until, id } => {
                let member = self.house.find(&member)?;
                let today = now.wall.map(|wall| self.house.presence().policy().day_of(wall));
                if let (Some(until), Some(today)) = (until, today)
                    && until < today
                {
                    return Err(CommandError::Impossible(format!("{until} is over: give a last day from {today} on")));
                }
                (member, Step::Buy { member, passes, until, command: id.unwrap_or_else(Uuid::new_v4) })
            }
            Pass::Correct { member, passes, reason, id } => {
                let member = self.house.find(&member)?;
                (member, Step::Correct { member, passes, reason, command: id.unwrap_or_else(Uuid::new_v4) })
            }
            Pass::Plan { member, plan } => {
                let member = self.house.find(&member)?;
                (member, Step::Plan { member, plan })
            }
            Pass::List { member: Some(member) } => return self.entries(&member),
            Pass::List { member: None } => return Ok(Reply::Text(self.balances(|_| true))),
            Pass::Overuse => return Ok(Reply::Text(self.balances(|account| account.balance() < 0))),
        };
        self.settle_step(Between::Ledger(step), now)?;
        let account = self.house.community().ledger().account(member).cloned().unwrap_or_default();
        Ok(Reply::Text(self.balance(member, &account)))
    }

    fn balances(&self, wanted: impl Fn(&Account) -> bool) -> String {
        let accounts = self.house.community().ledger().accounts().filter(|(_, account)| wanted(account));
        let number = |member| self.house.directory().member(member).map(|member| member.number);
        let mut lines: Vec<_> = accounts.map(|(member, account)| (number(member), self.balance(member, account))).collect();
        lines.sort();
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Number, balance, how they come, name, and what of it ends when.
    fn balance(&self, member: MemberId, account: &Account) -> String {
        let Some(known) = self.house.directory().member(member) else { return String::new() };
        let plan = if account.on_passes() { "passes" } else { "subscription" };
        let mut line = format!("{}  {:>4}  {plan:<12}  {}", known.number, account.balance(), known.name);
        for (until, passes) in account.dated() {
            let _ = write!(line, "  [{passes} until {until}]");
        }
        line + "\n"
    }

    /// A member's entries, a line each: when, what, how many, the balance then.
    fn entries(&self, member: &str) -> Result<Reply, CommandError> {
        let member = self.house.find(member)?;
        let (mut text, mut balance) = (String::new(), 0);
        for entry in self.house.store().entries(member)? {
            balance += entry.passes;
            let at = entry.at.as_deref().and_then(|at| at.parse().ok());
            let at = at.map_or("-".to_owned(), |at| self.house.presence().policy().date_of(at).to_string());
            let _ = write!(text, "{at}  {:<9}  {:>+5}  {balance:>5}", entry.sort, entry.passes);
            for (word, value) in [("day", entry.day), ("until", entry.until), ("reason:", entry.reason)] {
                let _ = value.map_or(Ok(()), |value| write!(text, "  {word} {value}"));
            }
            text.push('\n');
        }
        Ok(Reply::Text(text))
    }
}

/// What is wrong with a number of passes.
pub(super) fn bad_passes() -> String {
    format!("{} to {} passes at once, and a correction says why", PASSES_AT_ONCE.start(), PASSES_AT_ONCE.end())
}
