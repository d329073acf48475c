//! Letters: which are due, what became of them, and how it stands with the post.
//!
//! What is to be written follows from how things stand, not from what happened: who was told at the kiosk meanwhile gets no letter.

use super::super::Pipeline;
use crate::clock::Now;
use crate::community::Around;
use crate::community::introductions::News;
use crate::directory::{Member, Standing};
use crate::house::CommandError;
use crate::inbox;
use crate::mail::{Kind, Letter, Stands, after_failure};
use crate::store::{Queued, Subject};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::member::MemberId;

/// Letters that were given up are told for so long.
const GIVEN_UP_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What the post asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    Due,
    Tried {
        id: Uuid,
        result: Tried,
    },
    /// How it stands, for the manager.
    Stands,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Tried {
    Sent,
    Failed { refused: bool, why: String },
}

/// What the post is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Due(Vec<Letter>),
    Done,
    /// `problem`: why the last try failed, if it did.
    Stands {
        on: bool,
        webhook: bool,
        waiting: usize,
        given_up: usize,
        problem: Option<String>,
    },
}

impl Pipeline {
    pub(super) fn mail(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        Ok(match ask {
            Ask::Due => match now.wall {
                Some(wall) => Reply::Due(self.due_letters(now, wall)?),
                // who doesn't know the day writes nobody
                None => Reply::Due(vec![]),
            },
            Ask::Tried { id, result } => {
                self.tried(id, result, now.wall.unwrap_or_else(crate::clock::wall_as_seen))?;
                Reply::Done
            }
            Ask::Stands => {
                let (waiting, given_up) = self.mail_counts(now)?;
                let mail = &self.house.config().mail;
                Reply::Stands {
                    on: mail.is_on(),
                    webhook: mail.webhook.is_some(),
                    waiting,
                    given_up,
                    problem: self.mail_problem.clone(),
                }
            }
        })
    }

    fn mail_counts(&self, now: &Now) -> Result<(usize, usize), CommandError> {
        let wall = now.wall.unwrap_or_else(crate::clock::wall_as_seen);
        Ok(self.house.store().mail_counts(wall.checked_sub(GIVEN_UP_FOR).unwrap_or(Timestamp::MIN))?)
    }

    /// What waits for the coordination, by its word: what stands on *À faire*, and the letters that nobody got.
    pub(in crate::pipeline) fn digest_lines(&self, now: &Now) -> Result<Vec<(&'static str, usize)>, CommandError> {
        let waits = inbox::counts(&self.inbox(now)?).into_iter().map(|(sort, count)| (sort.as_str(), count));
        let (_, given_up) = self.mail_counts(now)?;
        Ok(waits.chain((given_up > 0).then_some(("given-up", given_up))).collect())
    }

    fn due_letters(&mut self, now: &Now, wall: Timestamp) -> Result<Vec<Letter>, CommandError> {
        let wanted = self.wanted_letters(now, wall)?;
        self.house.store_mut().queue_mail(&wanted, wall)?;
        let due = self.house.store().due_mail(wall)?;
        Ok(due.into_iter().filter_map(|queued| self.letter(queued, now)).collect())
    }

    /// All that would be written now, had nothing been written before.
    fn wanted_letters(&self, now: &Now, wall: Timestamp) -> Result<BTreeSet<Subject>, CommandError> {
        let (house, mail) = (&self.house, &self.house.config().mail);
        let mut wanted = BTreeSet::new();
        let local = house.presence().policy().local(wall);
        if local.time() >= mail.digest_at && !self.digest_lines(now)?.is_empty() {
            let day = local.date().to_string();
            wanted.extend(mail.to.is_some().then(|| (Kind::Digest, None, day.clone())));
            wanted.extend(mail.webhook.is_some().then_some((Kind::Webhook, None, day)));
        }
        if !mail.is_on() {
            return Ok(wanted);
        }
        let today = house.presence().policy().day_of(wall);
        for id in house.store().agree_to_mails()? {
            if self.address(id).is_none() {
                continue;
            }
            let mut write = |kind, about: String| {
                wanted.insert((kind, Some(id), about));
            };
            let community = house.community();
            community.offers_to(id).for_each(|(need, _)| write(Kind::Offer, need.id.to_string()));
            let around = Around { presence: house.presence(), directory: house.directory(), now };
            for (introduction, news) in community.introductions().waiting(id, community, &around) {
                match news {
                    News::Proposed => write(Kind::Question, introduction.id.to_string()),
                    News::Introduced => write(Kind::Introduced, introduction.id.to_string()),
                    _ => {}
                }
            }
            for need in community.still_open(id, now, today) {
                let ends = need.expires().map(|ends| house.presence().policy().date_of(ends));
                // renewed, it ends on another day, and is written of again
                ends.into_iter().for_each(|ends| write(Kind::Expires, format!("{}@{ends}", need.id)));
            }
        }
        Ok(wanted)
    }

    /// A member who can be written to, and where.
    fn address(&self, member: MemberId) -> Option<(&Member, &str)> {
        let member = self.house.directory().member(member).filter(|member| member.standing == Standing::Active)?;
        Some((member, member.email.as_deref()?))
    }

    fn letter(&self, queued: Queued, now: &Now) -> Option<Letter> {
        let (kind, member, about) = queued.subject;
        let house = self.house.config();
        let plain = Letter {
            id: queued.id,
            kind,
            to: None,
            language: house.language,
            other: None,
            day: about.rsplit('@').next().and_then(|day| day.parse().ok()),
            waits: vec![],
        };
        let Some(member) = member else {
            let waits = self.digest_lines(now).ok()?.into_iter().map(|(key, count)| (key.to_owned(), count)).collect();
            let to = house.mail.to.clone().filter(|_| kind == Kind::Digest);
            return Some(Letter { to, waits, ..plain });
        };
        let (known, to) = self.address(member)?;
        let other = || {
            let found = self.house.community().introductions().get(IntroductionId(about.parse().ok()?))?;
            let other = found.introduced.as_ref().and_then(|_| found.other(found.side(member)))?;
            self.house.directory().neighbour(other).map(|other| other.first_name)
        };
        let other = (kind == Kind::Introduced).then(other).flatten();
        Some(Letter { to: Some(to.to_owned()), language: known.screen_language.unwrap_or(house.language), other, ..plain })
    }

    fn tried(&mut self, id: Uuid, result: Tried, wall: Timestamp) -> Result<(), CommandError> {
        let stands = match &result {
            Tried::Sent => {
                self.mail_problem = None;
                Stands::Sent
            }
            Tried::Failed { refused, why } => {
                self.mail_problem = Some(why.clone());
                let due = self.house.store().due_mail(wall)?;
                let Some(queued) = due.iter().find(|queued| queued.id == id) else { return Ok(()) };
                after_failure(queued.tries, queued.queued, *refused, wall)
            }
        };
        Ok(self.house.store_mut().mail_stands(id, stands, wall)?)
    }
}
