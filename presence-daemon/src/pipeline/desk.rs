//! What the manager does with needs, by command.

use super::Pipeline;
use crate::clock::Now;
use crate::community::introductions::unfit;
use crate::community::{Step, ledger, needs};
use crate::house::{CommandError, House};
use crate::presence::{Input, Outcome};
use voisins_shared::need::{LONGEST_NEED, OPEN_NEEDS, SKILLS_OF_A_NEED};
use voisins_shared::payload::refusal;

impl Pipeline {
    /// Does what the manager asks between neighbours.
    pub(super) fn settle_step(&mut self, step: Step, now: &Now) -> Result<(), CommandError> {
        let decision = self.house.decide(&Input::Between(step), now);
        match self.settle(decision, now, None)? {
            Outcome::NotDone(reason) => Err(no(reason)),
            _ => Ok(()),
        }
    }
}

/// Why something is not done, and what to do.
pub(super) fn no(reason: &str) -> CommandError {
    CommandError::Impossible(told(reason))
}

fn told(reason: &str) -> String {
    match reason {
        refusal::BAD_NEED => format!(
            "a need has 1 to {LONGEST_NEED} characters without control characters, and names at most {SKILLS_OF_A_NEED} skills; only the space's own gives passes, 1 to 100"
        ),
        refusal::TOO_MANY_NEEDS => {
            format!("they have {OPEN_NEEDS} open needs already: close one first (`presence-daemon need list`)")
        }
        ledger::BAD_PASSES => super::passes::bad_passes(),
        needs::MET_BY_ANOTHER => {
            "somebody else met it, as you said before: correct their passes (`presence-daemon pass correct`)".to_owned()
        }
        refusal::YOUR_OWN => "they looked for it themselves".to_owned(),
        refusal::NO_SUCH_EVENT => "no coming event has this id".to_owned(),
        refusal::NO_SUCH_NEED => "no open need has this id: `presence-daemon need list` shows them".to_owned(),
        refusal::NO_SUCH_INTRODUCTION => {
            "no introduction that isn't over has this id: `presence-daemon introduction list` shows them".to_owned()
        }
        refusal::NO_SUCH_MEMBER => {
            "one of the two isn't shown on kiosks, so nothing can be proposed to them there: speak to them yourself".to_owned()
        }
        refusal::YOURSELF => "these are one and the same member: give two".to_owned(),
        refusal::ALREADY => {
            "the two are introduced already, or it is proposed and waits: see `presence-daemon introduction list`".to_owned()
        }
        unfit::NO_ASKER => "the need is the space's own: say with --asker who would meet them".to_owned(),
        unfit::KEPT_APART => "the two are kept apart: one of them, or you, asked for it".to_owned(),
        unfit::WANTS_QUIET => "one of the two wants nothing proposed this week: try again later, or speak to them".to_owned(),
        unfit::DECLINED => "one of the two declined the other before: they aren't asked again".to_owned(),
        other => other.to_owned(),
    }
}

/// The open needs, a line each: id, day, audience, whose, words, passes, who offered to help. For the manager's eyes: with names.
pub(super) fn needs(house: &House) -> String {
    let name = |member| house.directory().member(member).map_or("?", |member| &*member.name);
    let line = |need: &crate::community::Need| {
        let day = need.posted.wall.map_or("-".to_owned(), |at| house.presence().policy().date_of(at).to_string());
        let author = need.author.map_or("-", name);
        let mut line = format!("{}  {day}  {}  {author}  {}", need.id, need.audience.as_str(), need.draft.text);
        if house.community().is_withheld(need.id) {
            line += "  (not shown: `presence-daemon moderate list`)";
        }
        if let Some(passes) = need.passes {
            line += &format!("  ({passes} passes)");
        }
        if !need.helpers.is_empty() {
            let helpers: Vec<&str> = need.helpers.keys().map(|helper| name(*helper)).collect();
            line += &format!("  [{}]", helpers.join(", "));
        }
        line + "\n"
    };
    house.community().needs().into_iter().map(line).collect()
}
