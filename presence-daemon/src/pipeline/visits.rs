//! What the manager sets right about visits, and who came without a badge.

use super::Pipeline;
use crate::clock::Now;
use crate::control::{By, Reply};
use crate::house::CommandError;
use crate::policy::Policy;
use crate::presence::corrections::{Note, Record, Step, Whom, refused};
use crate::presence::{Input, Outcome, VisitId};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// What is asked. Times are the site's, on the visit's day: one before the day begins is in the night after.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// What is absent stays as it is.
    Correct {
        visit: u64,
        opened: Option<Time>,
        closed: Option<Time>,
        reason: String,
    },
    Cancel {
        visit: u64,
        reason: String,
    },
    /// From a sheet of paper: a member, or a guest by name.
    Add {
        member: Option<String>,
        guest: Option<String>,
        day: Option<Date>,
        opened: Time,
        closed: Option<Time>,
        reason: String,
    },
    /// Somebody left then; now if absent.
    Left {
        visit: u64,
        at: Option<Time>,
        reason: String,
    },
}

impl Pipeline {
    pub(super) fn visits(&mut self, ask: Ask, by: &By, now: &Now) -> Result<Reply, CommandError> {
        let (step, member, near, but) = match self.step(ask, by, now)? {
            Ok(step) => step,
            Err(why) => return Ok(Reply::Refused(why.to_owned())),
        };
        let others = match (member, near) {
            (Some(member), Some(near)) => self.house.store().visits_near(member, near, but)?,
            _ => vec![],
        };
        let decision = self.house.decide(&Input::Visits(Box::new(step), others), now);
        match self.settle(decision, now, None)? {
            Outcome::Done(visit) => Ok(Reply::Text(format!("{}\n", visit.0))),
            Outcome::NotDone(why) => Ok(Reply::Refused(why.to_owned())),
            _ => Ok(Reply::Refused(refused::GONE.to_owned())),
        }
    }

    fn step(&self, ask: Ask, by: &By, now: &Now) -> Result<Result<Asked, &'static str>, CommandError> {
        let policy = self.house.presence().policy();
        let note = |reason: String| Note { by: by.name(), reason };
        let record = |visit: u64| self.house.store().visit_record(VisitId(visit));
        let Some(wall) = now.wall else { return Ok(Err(refused::NO_CLOCK)) };
        Ok(Ok(match ask {
            Ask::Correct { visit, opened, closed, reason } => {
                let Some(record) = record(visit)? else { return Ok(Err(refused::GONE)) };
                let day = policy.day_of(record.opened.unwrap_or(wall));
                // a minute that was left as it stood is the moment that is known
                let moment = |time: Time, was: Option<Timestamp>| {
                    let stands = |was: &Timestamp| {
                        let local = policy.local(*was).time();
                        (local.hour(), local.minute()) == (time.hour(), time.minute())
                    };
                    was.filter(stands).unwrap_or_else(|| policy.on_day(day, time))
                };
                let opened = opened.map(|time| moment(time, record.opened)).or(record.opened);
                let Some(opened) = opened else { return Ok(Err(refused::GONE)) };
                let closed = closed.map(|time| moment(time, record.closed)).or(record.closed);
                asked(record, |record| Step::Correct { record, opened, closed, note: note(reason) }, opened)
            }
            Ask::Left { visit, at, reason } => {
                let Some(record) = record(visit)? else { return Ok(Err(refused::GONE)) };
                let left = at.map_or(wall, |time| left_at(policy, &record, time, wall));
                asked(record, |record| Step::LeftAt { record, left, note: note(reason) }, left)
            }
            Ask::Cancel { visit, reason } => {
                let Some(record) = record(visit)? else { return Ok(Err(refused::GONE)) };
                let near = record.opened.unwrap_or(wall);
                asked(record, |record| Step::Cancel { record, note: note(reason) }, near)
            }
            Ask::Add { member, guest, day, opened, closed, reason } => {
                let day = day.unwrap_or_else(|| policy.day_of(wall));
                let (opened, closed) = (policy.on_day(day, opened), closed.map(|closed| policy.on_day(day, closed)));
                let member = member.map(|member| self.house.find(&member)).transpose()?;
                let whom = match (member, guest) {
                    (Some(member), _) => Whom::Member(member),
                    (None, Some(name)) => Whom::Guest(name),
                    (None, None) => return Ok(Err(refused::NAME)),
                };
                (Step::Add { whom, opened, closed, note: note(reason) }, member, Some(opened), None)
            }
        }))
    }
}

type Asked = (Step, Option<voisins_shared::member::MemberId>, Option<Timestamp>, Option<VisitId>);

fn asked(record: Record, step: impl FnOnce(Record) -> Step, near: Timestamp) -> Asked {
    let (member, visit) = (record.subject.member(), record.id);
    (step(record), member, Some(near), Some(visit))
}

/// A time of the visit's day.
fn left_at(policy: &Policy, record: &Record, time: Time, wall: Timestamp) -> Timestamp {
    policy.on_day(policy.day_of(record.opened.unwrap_or(wall)), time)
}
