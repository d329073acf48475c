//! Neighbours who help each other: what is looked for, and who offered to help. Pure: [`Community::decide`] turns what a member asked
//! into events, and [`Community::apply`] is the only mutation.
//!
//! Rooms of their own: [`agenda`], [`apart`] (who is not to be brought together), [`interests`] (whom a greeting named),
//! [`introductions`], [`ledger`] (day passes), [`moderation`], [`needs`], [`notes`].
//!
//! Texts are no part of an event: they ride along in memory and are kept in tables of their own, where they can be erased.

pub mod agenda;
pub mod apart;
pub mod interests;
pub mod introductions;
pub mod ledger;
pub mod moderation;
pub mod needs;
pub mod notes;

#[cfg(test)]
pub(crate) mod tests;

use crate::clock::Now;
use crate::directory::Directory;
use crate::policy::Policy;
use crate::presence::{Presence, PresenceEvent, What};
use apart::Apart;
use interests::Interests;
use introductions::Introductions;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ledger::Ledger;
use moderation::Moderation;
use notes::Notes;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NEED_DAYS, NeedId, OPEN_NEEDS, SKILLS_OF_A_NEED, need_text};
use voisins_shared::note::NoteId;
use voisins_shared::payload::{Action, ForYouReply, LONGEST_SKILL, Reported, refusal};

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
    /// Day passes that the space gives in return.
    pub passes: Option<u32>,
    /// When its author last said that it still stands.
    pub renewed: Option<Now>,
    /// The day on which they were last asked.
    pub asked: Option<Date>,
    /// Helpers with whom it is not matched again, whoever of the two said so.
    pub let_be: BTreeSet<MemberId>,
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
    /// More about a need.
    Need(needs::Step),
    /// Day passes.
    Ledger(ledger::Step),
    /// What is out of place.
    Moderation(moderation::Step),
    /// Two are brought together.
    Introduction(introductions::Step),
    /// A few words are left.
    Note(notes::Step),
    /// Two are kept apart, or somebody wants quiet.
    Apart(apart::Step),
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
            Action::WithdrawNeed { need, met: true } => Self::Need(needs::Step::Met(member, *need)),
            Action::WithdrawNeed { need, .. } => Self::Withdraw(member, *need),
            Action::EditNeed { need, text, skills, audience } => {
                let draft = Draft { text: text.clone(), skills: skills.clone() };
                Self::Need(needs::Step::Edit { by: Some(member), need: *need, draft, audience: *audience })
            }
            Action::Report { what } => Self::Moderation(moderation::Step::Report(member, *what)),
            Action::Help { need } => Self::Help(member, *need),
            Action::AskIntroduction { member: helper } => {
                let (asker, helper, new) = (member, *helper, IntroductionId(new));
                Self::Introduction(introductions::Step::Ask { asker, helper, new })
            }
            Action::LeaveNote { member: to, text } => {
                let (author, to, text, note) = (member, *to, text.clone(), NoteId(new));
                Self::Note(notes::Step::Leave { author, to, text, note })
            }
            Action::Refer { need, text } => {
                let (author, need, text, note) = (member, *need, text.clone(), NoteId(new));
                Self::Note(notes::Step::Refer { author, need, text, note })
            }
            _ => return None,
        })
    }

    /// What a member pressed on what *Voir* opened; `None` for what this version doesn't know.
    #[must_use]
    pub fn replied(member: MemberId, reply: &ForYouReply) -> Option<Self> {
        match reply {
            ForYouReply::Close { need, met: true } => Some(Self::Need(needs::Step::Met(member, *need))),
            ForYouReply::Close { need, .. } => Some(Self::Withdraw(member, *need)),
            ForYouReply::Renew { need } => Some(Self::Need(needs::Step::Renew(member, *need))),
            ForYouReply::NotThisTime { need, helper } => {
                Some(Self::Need(needs::Step::NotThisTime { member, need: *need, helper: *helper }))
            }
            ForYouReply::Introduction { introduction, accepted } => {
                let (introduction, accepted) = (*introduction, *accepted);
                Some(Self::Introduction(introductions::Step::Answer { member, introduction, accepted }))
            }
            ForYouReply::Led { introduction, led } => {
                Some(Self::Introduction(introductions::Step::Led { member, introduction: *introduction, led: *led }))
            }
            ForYouReply::Thank { introduction } => {
                Some(Self::Introduction(introductions::Step::Thank { member, introduction: *introduction }))
            }
            ForYouReply::Avoid { member: other } => {
                Some(Self::Apart(apart::Step::Avoid { by: Some(member), pair: [member, *other] }))
            }
            ForYouReply::Snooze => Some(Self::Apart(apart::Step::Snooze(member))),
            ForYouReply::ReportNote { note } => Some(Self::Note(notes::Step::Report { by: member, note: *note })),
            ForYouReply::NoMoreNotes { note } => Some(Self::Note(notes::Step::NoMore { by: member, note: *note })),
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
    /// It was met, as its author or the manager says.
    Met,
}

impl NeedEnd {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            // that it was met stands in a column of its own
            Self::Closed | Self::Met => "closed",
            Self::Expired => "expired",
        }
    }
}

/// What neighbours are and do besides: for a decision between them, and for what waits for one of them.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Around<'a> {
    pub presence: &'a Presence,
    pub directory: &'a Directory,
    pub now: &'a Now,
}

impl Around<'_> {
    /// What the space decided about time.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.presence.policy()
    }
}

/// What people look for: the fold over its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Community {
    needs: BTreeMap<NeedId, Need>,
    /// Of which match which side has seen it: the need, the side, the helper.
    told: BTreeSet<(NeedId, Side, MemberId)>,
    /// Who met which need, as the manager said.
    met: BTreeMap<NeedId, MemberId>,
    ledger: Ledger,
    moderation: Moderation,
    /// What a member puts up waits for the manager.
    approve_first: bool,
    introductions: Introductions,
    notes: Notes,
    apart: Apart,
    interests: Interests,
    agenda: agenda::Agenda,
}

impl Community {
    /// As it was on disk.
    #[must_use]
    pub fn restore(needs: impl IntoIterator<Item = Need>, told: impl IntoIterator<Item = (NeedId, Side, MemberId)>) -> Self {
        let needs = needs.into_iter().map(|need| (need.id, need)).collect();
        Self { needs, told: told.into_iter().collect(), ..Self::default() }
    }

    /// With the passes as they were on disk, and who met which need.
    #[must_use]
    pub fn with_ledger(self, ledger: Ledger, met: impl IntoIterator<Item = (NeedId, MemberId)>) -> Self {
        Self { ledger, met: met.into_iter().collect(), ..self }
    }

    /// With the manager's desk as it was on disk. `approve_first`: what a member puts up waits for the manager.
    #[must_use]
    pub fn with_moderation(self, moderation: Moderation, approve_first: bool) -> Self {
        Self { moderation, approve_first, ..self }.with_hidden_events()
    }

    /// Day passes.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whether a need is for all to read: not for the manager only, not hidden, and not waiting for them.
    #[must_use]
    pub fn is_public(&self, need: &Need) -> bool {
        need.audience != Audience::Coordination && !self.is_withheld(need.id)
    }

    /// The same with what was between neighbours on disk.
    #[must_use]
    pub fn with(self, introductions: Introductions, notes: Notes, apart: Apart, interests: Interests) -> Self {
        Self { introductions, notes, apart, interests, ..self }
    }

    /// The same with what happens in the house.
    #[must_use]
    pub fn with_agenda(self, agenda: agenda::Agenda) -> Self {
        Self { agenda, ..self }.with_hidden_events()
    }

    /// What the moderation hides is on no agenda.
    fn with_hidden_events(mut self) -> Self {
        for what in self.moderation.hidden() {
            if let Reported::Event { event } = what {
                self.agenda.hide(event, true);
            }
        }
        self
    }

    /// A paused member proposes nothing. Where the space wants it so, what a member proposes is hidden until the manager has looked.
    fn decide_agenda(&self, step: &agenda::Step) -> Result<Vec<What>, &'static str> {
        let agenda::Step::Propose { author, event, .. } = step else { return self.agenda.decide(step) };
        self.may_put_up(*author)?;
        let mut events = self.agenda.decide(step)?;
        let what = Reported::Event { event: *event };
        events.extend(self.approves_first().then_some(What::Moderation(moderation::Change::Hidden { what })));
        Ok(events)
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
    pub fn decide(&self, step: &Step, around: &Around<'_>) -> Result<Vec<What>, &'static str> {
        let one = |what: Result<What, &'static str>| what.map(|what| vec![what]);
        match step {
            Step::Post { author, draft, audience, need } => {
                author.map_or(Ok(()), |author| self.may_put_up(author))?;
                let posted = self.post(*author, &draft.text, &draft.skills, *audience, *need)?;
                Ok([posted].into_iter().chain(author.and_then(|_| self.held_back(*need, *audience))).collect())
            }
            Step::Withdraw(member, need) => one(self.withdraw(*member, *need)),
            Step::Close(need) => one(self.close(*need)),
            Step::Help(member, need) => one(self.help(*member, *need)),
            Step::Told(told) => Ok(told.clone()),
            Step::Need(step) => self.decide_need(step),
            Step::Ledger(step) => Ok(self.ledger.decide(step)?.into_iter().map(What::Ledger).collect()),
            Step::Moderation(step) => self.decide_moderation(*step),
            Step::Introduction(step) => self.introductions.decide(step, self, around),
            Step::Note(step) => self.notes.decide(step, self, around),
            Step::Apart(step) => self.apart.decide(step, around),
            Step::Agenda(step) => self.decide_agenda(step),
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
        let draft = Self::written(text, skills)?;
        if author.is_some() && self.of(author).count() >= OPEN_NEEDS {
            return Err(refusal::TOO_MANY_NEEDS);
        }
        Ok(What::NeedPosted { need, author, audience, draft })
    }

    /// The words of a need as they are kept.
    fn written(text: &str, skills: &[String]) -> Result<Draft, &'static str> {
        let text = need_text(text).ok_or(refusal::BAD_NEED)?;
        let skills: Vec<String> = skills.iter().map(|skill| skill.trim().to_owned()).collect();
        let reads = |skill: &String| (1..=LONGEST_SKILL).contains(&skill.chars().count()) && !skill.chars().any(char::is_control);
        if skills.len() > SKILLS_OF_A_NEED || !skills.iter().all(reads) {
            return Err(refusal::BAD_NEED);
        }
        Ok(Draft { text, skills })
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
        Ok(found.ends(NeedEnd::Withdrawn))
    }

    /// The manager takes a need down.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn close(&self, need: NeedId) -> Result<What, &'static str> {
        let found = self.needs.get(&need).ok_or(refusal::NO_SUCH_NEED)?;
        Ok(found.ends(NeedEnd::Closed))
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
            .filter(|need| !self.is_withheld(need.id))
            .flat_map(|need| need.helpers.iter().filter(|(_, told)| !**told).map(move |(helper, _)| (need, *helper)))
    }

    /// *Je peux aider*. What is not for all to read is answered as if it weren't there. Twice is once.
    ///
    /// # Errors
    /// One of the words in [`refusal`].
    pub fn help(&self, member: MemberId, need: NeedId) -> Result<What, &'static str> {
        let found = self.needs.get(&need).filter(|need| self.is_public(need)).ok_or(refusal::NO_SUCH_NEED)?;
        if found.author == Some(member) {
            return Err(refusal::YOUR_OWN);
        }
        Ok(What::HelpOffered { need, helper: member })
    }

    /// What time alone brings: needs that nobody has renewed, events that are over, and what was reported of them.
    #[must_use]
    pub fn overdue(&self, now: &Now) -> Vec<What> {
        let Some(wall) = now.wall else { return vec![] };
        // looked at every few seconds: nobody waits for it
        let over = self.needs.values().filter(|need| need.expires().is_some_and(|at| at <= wall));
        over.map(|need| need.ends(NeedEnd::Expired)).chain(self.agenda.overdue(now)).chain(self.overdue_reports(wall)).collect()
    }

    /// What time alone brings in the rooms beside the needs.
    #[must_use]
    pub fn overdue_between(&self, policy: &Policy, now: &Now) -> Vec<What> {
        let mut overdue = self.introductions.overdue(now);
        overdue.extend(self.notes.overdue(policy, now));
        overdue
    }

    /// Who was introduced to whom, or may be.
    #[must_use]
    pub fn introductions(&self) -> &Introductions {
        &self.introductions
    }

    /// The notes that may still be read.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Who is not to be brought together.
    #[must_use]
    pub fn apart(&self) -> &Apart {
        &self.apart
    }

    /// Whom a greeting named for a shared interest.
    #[must_use]
    pub fn interests(&self) -> &Interests {
        &self.interests
    }

    /// Takes one event: the only mutation.
    pub fn apply(&mut self, event: &PresenceEvent) {
        self.ledger.apply(event);
        self.moderation.apply(event);
        self.agenda.apply(event);
        if let What::Moderation(moderation::Change::Hidden { what } | moderation::Change::Restored { what }) = event.what
            && let Reported::Event { event } = what
        {
            self.agenda.hide(event, self.moderation.is_hidden(what));
        }
        match &event.what {
            What::NeedPosted { need, author, audience, draft } => {
                let (id, author, audience, posted) = (*need, *author, *audience, event.at);
                self.needs.insert(id, Need::new(id, author, draft.clone(), audience, posted));
            }
            What::NeedClosed { need, .. } => {
                self.needs.remove(need);
                self.told.retain(|(of, ..)| of != need);
                self.introductions.need_is_closed(*need);
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
            What::Need(change) => self.apply_need(change, event),
            What::MatchTold { need, helper, side, .. } => drop(self.told.insert((*need, *side, *helper))),
            What::ClockKnown => {
                for need in self.needs.values_mut() {
                    // of a boot that never learnt the time: at the latest now
                    let date = |at: &mut Now| at.wall = at.dated_by(&event.at).or(event.at.wall);
                    date(&mut need.posted);
                    need.renewed.iter_mut().for_each(date);
                }
                self.introductions.date_by(&event.at);
                self.notes.date_by(&event.at);
                self.apart.date_by(&event.at);
                self.interests.date_by(&event.at);
            }
            What::Introduction(happened) => self.introductions.apply(&event.at, happened),
            What::Note(happened) => self.notes.apply(&event.at, happened),
            What::Apart(happened) => self.apart.apply(&event.at, happened),
            What::Interest(told) => self.interests.apply(&event.at, told),
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
    /// As it is put up.
    #[must_use]
    pub fn new(id: NeedId, author: Option<MemberId>, draft: Draft, audience: Audience, posted: Now) -> Self {
        let (helpers, let_be) = (BTreeMap::new(), BTreeSet::new());
        Self { id, author, draft, audience, posted, helpers, passes: None, renewed: None, asked: None, let_be }
    }

    fn ends(&self, end: NeedEnd) -> What {
        What::NeedClosed { need: self.id, author: self.author, audience: self.audience, end }
    }

    /// When it ends by itself; not before the clock is known.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.renewed.unwrap_or(self.posted).wall?.checked_add(SignedDuration::from_hours(24 * NEED_DAYS)).ok()
    }
}
