//! What waits for the author of a need and for who met one, and what the manager does with needs by command.

use super::Pipeline;
use super::for_you::Waiting;
use crate::clock::Now;
use crate::community::ledger::Change as Passes;
use crate::community::needs::{Change, Step};
use crate::community::{Draft, Step as Between};
use crate::control::{Need, Reply};
use crate::house::CommandError;
use crate::presence::What;
use std::fmt::Write as _;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{ForYou, Month};

impl Pipeline {
    /// "Toujours d'actualité?", once a day.
    pub(super) fn still_open(&self, member: MemberId, now: &Now) -> impl Iterator<Item = Waiting> {
        let today = now.wall.map(|wall| self.house.presence().policy().day_of(wall));
        today.into_iter().flat_map(move |day| {
            self.house.community().still_open(member, now, day).map(move |need| Waiting {
                item: ForYou::StillOpen { need: need.id, text: need.draft.text.clone() },
                told: What::Need(Change::Asked { need: need.id, to: member, day }),
            })
        })
    }

    /// Passes for what they did for the space.
    pub(super) fn earned(&self, member: MemberId) -> impl Iterator<Item = Waiting> {
        self.house.community().ledger().untold(member).map(move |(need, passes)| Waiting {
            item: ForYou::Earned { passes },
            told: What::Ledger(Passes::EarnedTold { need, to: member }),
        })
    }

    pub(super) fn need(&mut self, need: Need, now: &Now) -> Result<Reply, CommandError> {
        match need {
            Need::Post { member, text, skills, audience, passes } => {
                let author = member.map(|member| self.house.find(&member)).transpose()?;
                let need = NeedId(Uuid::new_v4());
                let draft = Draft { text, skills };
                self.settle_step(Between::Need(Step::Put { author, draft, audience, need, passes }), now)?;
                Ok(Reply::Text(format!("{need}\n")))
            }
            Need::Edit { need, text, skills, audience } => {
                let found = self.house.community().need(need);
                let (before, was) = found.map(|need| (need.draft.clone(), need.audience)).unzip();
                let before = before.unwrap_or_default();
                let draft = Draft { text: text.unwrap_or(before.text), skills: skills.unwrap_or(before.skills) };
                // one that isn't there is refused for that
                let audience = audience.or(was).unwrap_or(voisins_shared::need::Audience::Coordination);
                self.settle_step(Between::Need(Step::Edit { by: None, need, draft, audience }), now)?;
                Ok(Reply::Done)
            }
            Need::Fulfil { need, by } => {
                let by = self.house.find(&by)?;
                self.settle_step(Between::Need(Step::Fulfil { need, by }), now)?;
                Ok(Reply::Done)
            }
            Need::Close { need } => self.settle_step(Between::Close(need), now).map(|()| Reply::Done),
        }
    }
}

/// The months, a line each, the latest first.
pub(super) fn measures(months: &[Month]) -> String {
    let mut text = String::new();
    for month in months {
        let answer = month.first_answer_minutes.map_or("-".to_owned(), |minutes| format!("{minutes} min"));
        let _ = writeln!(
            text,
            "{}  needs posted {}, met {}, first answer {answer}  introductions {}: met {}, project {}, nothing {}",
            month.month,
            month.needs_posted,
            month.needs_met,
            month.introduced,
            month.led_to_meeting,
            month.led_to_project,
            month.led_to_nothing,
        );
    }
    text
}

#[cfg(test)]
mod tests;
