//! Neighbours who help each other: what is looked for, and who offered to help. Pure: [`Community::decide`] turns what a member asked
//! into events, and [`Community::apply`] is the only mutation.
//!
//! Texts are no part of an event: they ride along in memory and are kept in tables of their own, where they can be erased.

pub mod agenda;

#[cfg(test)]
mod tests;

use crate::clock::Now;
use crate::presence::{PresenceEvent, What};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NEED_DAYS, NeedId, OPEN_NEEDS, SKILLS_OF_A_NEED, need_text};
use voisins_shared::payload::{Action, ForYouReply, LONGEST_SKILL, refusal};

/// An open need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    #[allow(missing_docs)]
    pub id: NeedId,
    /// Who looks for it; the space itself has no id.
    pub author: Option<MemberId>,
    /// In the author's words, and the skills they named.
    pub draft: Draft,
    /// Who may read it.
    pub audience: Audience,
    /// When it was put up.
    pub posted: Now,
    /// Who offered to help, and whether the author has seen it.
    pub helpers: BTreeMap<MemberId, bool>,
}

/// The words of a need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Draft {
    pub text: String,
    pub skills: Vec<String>,
}

/// The two who meet in a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who looks for help.
    Asker,
    /// Who can help.
    Helper,
}

impl Side {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asker => "asker",
            Self::Helper => "helper",
        }
    }
}

/// What is asked between neighbours: by a member whose badge or greeting said who they are, or by the manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Put up a need: of a member, or of the space itself.
    Post {
        /// Whose.
        author: Option<MemberId>,
        #[allow(missing_docs)]
        draft: Draft,
        #[allow(missing_docs)]
        audience: Audience,
        /// Its id: chance, from the rim.
        need: NeedId,
    },
    /// A member takes their own need down.
    Withdraw(MemberId, NeedId),
    /// The manager takes a need down.
    Close(NeedId),
    /// *Je peux aider*.
    Help(MemberId, NeedId),
    /// Somebody opened what waits for them: they have seen it.
    Told(Vec<What>),
    /// What happens in the house.
    Agenda(agenda::Step),
}

impl Step {
    /// What a member's badge signed; `None` if it is none of this room's business. `new` is a fresh id, chance from the rim.
    #[must_use]
    pub fn signed(member: MemberId, action: &Action, new: Uuid) -> Option<Self> {
        Some(match action {
            Action::PostNeed { text, skills, audience } => {
                let draft = Draft { text: text.clone(), skills: skills.clone() };
                Self::Post { author: Some(member), draft, audience: *audience, need: NeedId(new) }
            }
            Action::WithdrawNeed { need, .. } => Self::Withdraw(member, *need),
            Action::Help { need } => Self::Help(member, *need),
            _ => return None,
        })
    }

    /// What a member pressed on what *Voir* opened; `None` for what this version doesn't know.
    #[must_use]
    pub fn replied(member: MemberId, reply: &ForYouReply) -> Option<Self> {
        match reply {
            ForYouReply::Close { need, .. } => Some(Self::Withdraw(member, *need)),
            _ => None,
        }
    }
}

/// Why a need is no longer open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedEnd {
    /// Its author took it down.
    Withdrawn,
    /// The manager took it down.
    Closed,
    /// Nobody said after three weeks that it still stands.
    Expired,
}

impl NeedEnd {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
            Self::Expired => "expired",
        }
    }
}

/// What people look for: the fold over its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Community {
    needs: BTreeMap<NeedId, Need>,
    /// Of which match which side has seen it: the need, the side, the helper.
    told: BTreeSet<(NeedId, Side, MemberId)>,
    agenda: agenda::Agenda,
}

impl Community {
    /// As it was on disk.
    #[must_use]
    pub fn restore(needs: impl IntoIterator<Item = Need>, told: impl IntoIterator<Item = (NeedId, Side, MemberId)>) -> Self {
        Self { needs: needs.into_iter().map(|need| (need.id, need)).collect(), told: told.into_iter().collect(), ..Self::default() }
    }

    /// The same with what happens in the house.
    #[must_use]
    pub fn with_agenda(self, agenda: agenda::Agenda) -> Self {
        Self { agenda, ..self }
    }

    /// What happens in the house.
    #[must_use]
    pub fn agenda(&self) -> &agenda::Agenda {
        &self.agenda
    }

    /// What follows from a step; nothing is changed.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn decide(&self, step: &Step) -> Result<Vec<What>, &'static str> {
        let one = |what: Result<What, &'static str>| what.map(|what| vec![what]);
        match step {
            Step::Post { author, draft, audience, need } => one(self.post(*author, &draft.text, &draft.skills, *audience, *need)),
            Step::Withdraw(member, need) => one(self.withdraw(*member, *need)),
            Step::Close(need) => one(self.close(*need)),
            Step::Help(member, need) => one(self.help(*member, *need)),
            Step::Told(told) => Ok(told.clone()),
            Step::Agenda(step) => self.agenda.decide(step),
        }
    }

    /// A need of a member, or of the space itself.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn post(
        &self,
        author: Option<MemberId>,
        text: &str,
        skills: &[String],
        audience: Audience,
        need: NeedId,
    ) -> Result<What, &'static str> {
        let text = need_text(text).ok_or(refusal::BAD_NEED)?;
        let skills: Vec<String> = skills.iter().map(|skill| skill.trim().to_owned()).collect();
        let reads = |skill: &String| (1..=LONGEST_SKILL).contains(&skill.chars().count()) && !skill.chars().any(char::is_control);
        if skills.len() > SKILLS_OF_A_NEED || !skills.iter().all(reads) {
            return Err(refusal::BAD_NEED);
        }
        if author.is_some() && self.of(author).count() >= OPEN_NEEDS {
            return Err(refusal::TOO_MANY_NEEDS);
        }
        Ok(What::NeedPosted { need, author, audience, draft: Draft { text, skills } })
    }

    /// A member takes their own need down.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn withdraw(&self, member: MemberId, need: NeedId) -> Result<What, &'static str> {
        let found = self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?;
        if found.author != Some(member) {
            return Err(refusal::NOT_YOURS);
        }
        Ok(What::NeedClosed { need, author: found.author, audience: found.audience, end: NeedEnd::Withdrawn })
    }

    /// The manager takes a need down.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn close(&self, need: NeedId) -> Result<What, &'static str> {
        let found = self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?;
        Ok(What::NeedClosed { need, author: found.author, audience: found.audience, end: NeedEnd::Closed })
    }

    /// Whether one side of a match has seen it.
    #[must_use]
    pub fn was_told(&self, need: NeedId, helper: MemberId, side: Side) -> bool {
        self.told.contains(&(need, side, helper))
    }

    /// Of how many helpers of a need one side was told.
    #[must_use]
    pub fn told_of(&self, need: NeedId, side: Side) -> usize {
        self.told.iter().filter(|(of, on, _)| *of == need && *on == side).count()
    }

    /// How often a helper was told of, or to, about the needs that are open.
    #[must_use]
    pub fn told_to(&self, helper: MemberId) -> usize {
        self.told.iter().filter(|(.., told)| *told == helper).count()
    }

    /// Offers of help that the author of open needs hasn't seen.
    pub fn offers_to(&self, author: MemberId) -> impl Iterator<Item = (&Need, MemberId)> {
        self.of(Some(author))
            .flat_map(|need| need.helpers.iter().filter(|(_, told)| !**told).map(move |(helper, _)| (need, *helper)))
    }

    /// *Je peux aider*. What only the manager may read is answered as if it weren't there. Twice is once.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn help(&self, member: MemberId, need: NeedId) -> Result<What, &'static str> {
        let found = self.needs.get(&need).filter(|need| need.audience != Audience::Coordination).ok_or(refusal::NO_SUCH_NEED)?;
        if found.author == Some(member) {
            return Err(refusal::YOUR_OWN);
        }
        Ok(What::HelpOffered { need, helper: member })
    }

    /// What time alone brings: needs that nobody has renewed, events that are over.
    #[must_use]
    pub fn overdue(&self, now: &Now) -> Vec<What> {
        let Some(wall) = now.wall else { return vec![] };
        // looked at every few seconds: nobody waits for it
        let over = self.needs.values().filter(|need| need.expires().is_some_and(|at| at <= wall));
        over.map(|need| What::NeedClosed { need: need.id, author: need.author, audience: need.audience, end: NeedEnd::Expired })
            .chain(self.agenda.overdue(now))
            .collect()
    }

    /// Takes one event: the only mutation.
    pub fn apply(&mut self, event: &PresenceEvent) {
        self.agenda.apply(event);
        match &event.what {
            What::NeedPosted { need, author, audience, draft } => {
                let (id, author, audience, posted) = (*need, *author, *audience, event.at);
                self.needs.insert(id, Need { id, author, draft: draft.clone(), audience, posted, helpers: BTreeMap::new() });
            }
            What::NeedClosed { need, .. } => {
                self.needs.remove(need);
                self.told.retain(|(of, ..)| of != need);
            }
            What::HelpOffered { need, helper } => {
                if let Some(need) = self.needs.get_mut(need) {
                    need.helpers.entry(*helper).or_insert(false);
                }
            }
            What::HelpTold { need, helper, .. } => {
                if let Some(need) = self.needs.get_mut(need) {
                    need.helpers.insert(*helper, true);
                }
            }
            What::MatchTold { need, helper, side, .. } => drop(self.told.insert((*need, *side, *helper))),
            What::ClockKnown => {
                for need in self.needs.values_mut() {
                    // of a boot that never learnt the time: at the latest now
                    need.posted.wall = need.posted.dated_by(&event.at).or(event.at.wall);
                }
            }
            _ => {}
        }
    }

    /// The open needs, the latest first; those that nobody can date yet are the latest.
    #[must_use]
    pub fn needs(&self) -> Vec<&Need> {
        let mut needs: Vec<&Need> = self.needs.values().collect();
        needs.sort_by_key(|need| std::cmp::Reverse((need.posted.wall.is_none(), need.posted.wall, need.posted.since_boot)));
        needs
    }

    /// A member's open needs, or the space's own.
    pub fn of(&self, author: Option<MemberId>) -> impl Iterator<Item = &Need> {
        self.needs.values().filter(move |need| need.author == author)
    }

    /// An open need.
    #[must_use]
    pub fn need(&self, id: NeedId) -> Option<&Need> {
        self.needs.get(&id)
    }
}

impl Need {
    /// When it ends by itself; not before the clock is known.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.posted.wall?.checked_add(SignedDuration::from_hours(24 * NEED_DAYS)).ok()
    }
}
