//! Introductions: two who are brought together, and what came of it. Pure.
//!
//! Proposed by one of them (*Demander une présentation*) or by the manager; both accept; both are told; a week later both are asked what
//! it led to, and may say *Merci*. What nobody accepted ends after five days, and then only: nobody can tell a decline from a silence,
//! from somebody who wants to be left alone, or from the manager who thought better of it. About a need without a name the helper is
//! asked only once its author has accepted: a question has a name in it.

mod event;
mod state;

#[cfg(test)]
mod tests;

pub use event::Happened;
pub use state::{Half, Introduction, Party, Thanks};

use super::{Around, Community, Side};
use crate::clock::Now;
use crate::contacts::ContactId;
use crate::presence::What;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use voisins_shared::introduction::{ANSWER_DAYS, ASKED_AFTER_DAYS, IntroductionId, Led, OPEN_PROPOSALS};
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{ProposedBy, refusal};
use voisins_shared::visit::Availability;

/// So many days after an introduction nobody is asked any more what it led to.
const ASKED_UNTIL_DAYS: i64 = 35;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    /// *Demander une présentation*: the asker has accepted with it.
    Ask { asker: MemberId, helper: MemberId, new: IntroductionId },
    /// The manager's idea. Without an asker, the need's author.
    Propose { need: Option<NeedId>, asker: Option<MemberId>, helper: Party, new: IntroductionId },
    /// *D'accord* or *Pas cette fois*.
    Answer { member: MemberId, introduction: IntroductionId, accepted: bool },
    /// What it led to.
    Led { member: MemberId, introduction: IntroductionId, led: Led },
    /// *Merci*.
    Thank { member: MemberId, introduction: IntroductionId },
    /// The manager wants nobody asked any more.
    Close(IntroductionId),
}

/// Why the manager can't propose two; the words of [`refusal`] say the rest.
pub mod unfit {
    /// The need is the space's own: somebody has to meet the helper.
    pub const NO_ASKER: &str = "no_asker";
    /// One of them wants not to meet the other.
    pub const KEPT_APART: &str = "kept_apart";
    /// One of them wants nothing proposed this week.
    pub const WANTS_QUIET: &str = "wants_quiet";
    /// One of them declined the other before.
    pub const DECLINED: &str = "declined";
}

/// What an introduction has for one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum News {
    Proposed,
    Introduced,
    NotIntroduced,
    LedSomewhere { can_thank: bool },
    Thanked,
}

impl News {
    /// The event that says they have seen it.
    #[must_use]
    pub fn told(self, introduction: IntroductionId, to: MemberId) -> What {
        What::Introduction(match self {
            Self::Proposed | Self::LedSomewhere { .. } => Happened::Asked { introduction, to },
            Self::Introduced | Self::NotIntroduced => Happened::Told { introduction, to },
            Self::Thanked => Happened::ThanksTold { introduction, to },
        })
    }
}

/// All introductions there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Introductions {
    all: BTreeMap<IntroductionId, Introduction>,
    of: BTreeMap<MemberId, BTreeSet<IntroductionId>>,
    /// Proposed, neither made nor ended.
    open: BTreeSet<IntroductionId>,
}

fn days(days: i64) -> Duration {
    Duration::from_secs(days.unsigned_abs() * 24 * 3600)
}

impl Introductions {
    /// As it was on disk.
    #[must_use]
    pub fn restore(all: impl IntoIterator<Item = Introduction>) -> Self {
        let mut introductions = Self::default();
        all.into_iter().for_each(|introduction| introductions.insert(introduction));
        introductions
    }

    fn insert(&mut self, introduction: Introduction) {
        let id = introduction.id;
        for member in introduction.members() {
            self.of.entry(member).or_default().insert(id);
        }
        if introduction.is_open() {
            self.open.insert(id);
        }
        self.all.insert(id, introduction);
    }

    /// All there were, the latest first.
    #[must_use]
    pub fn list(&self) -> Vec<&Introduction> {
        let mut all: Vec<&Introduction> = self.all.values().collect();
        all.sort_by_key(|i| std::cmp::Reverse((i.proposed.wall.is_none(), i.proposed.wall, i.proposed.since_boot)));
        all
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: IntroductionId) -> Option<&Introduction> {
        self.all.get(&id)
    }

    fn of(&self, member: MemberId) -> impl Iterator<Item = &Introduction> {
        self.of.get(&member).into_iter().flatten().filter_map(|id| self.all.get(id))
    }

    fn between(&self, member: MemberId, other: Party) -> impl Iterator<Item = &Introduction> {
        self.of(member).filter(move |introduction| {
            introduction.helper == other
                || other == Party::Member(introduction.asker) && introduction.helper == Party::Member(member)
        })
    }

    /// Whether two were introduced to each other.
    #[must_use]
    pub fn were_introduced(&self, member: MemberId, other: MemberId) -> bool {
        self.between(member, Party::Member(other)).any(|introduction| introduction.introduced.is_some())
    }

    /// Whether two were introduced to each other, and whether it is proposed and waits.
    #[must_use]
    pub fn standing(&self, member: MemberId, other: Party) -> (bool, bool) {
        let any = |is: fn(&Introduction) -> bool| self.between(member, other).any(is);
        (any(|found| found.introduced.is_some()), any(Introduction::is_open))
    }

    /// Whether one of the two declined the other before.
    #[must_use]
    pub fn declined(&self, member: MemberId, other: Party) -> bool {
        let no = |found: &Introduction| found.halves.iter().any(|half| half.accepted == Some(false));
        // before it is over nobody learns it
        self.between(member, other).any(|found| !found.is_open() && no(found))
    }

    /// The same, before it is over too: for what is shown to nobody if it isn't so.
    #[must_use]
    pub fn said_no(&self, member: MemberId, other: MemberId) -> bool {
        let no = |found: &Introduction| found.halves.iter().any(|half| half.accepted == Some(false));
        self.between(member, Party::Member(other)).any(no)
    }

    /// An introduction with a contact that may still be made.
    #[must_use]
    pub fn open_with(&self, contact: ContactId) -> Option<IntroductionId> {
        let mut open = self.open.iter().filter_map(|id| self.all.get(id));
        open.find(|found| found.helper == Party::Contact(contact) && !found.closed).map(|found| found.id)
    }

    /// Whether one about a need may still be made.
    #[must_use]
    pub fn is_open_about(&self, need: NeedId) -> bool {
        let mut open = self.open.iter().filter_map(|id| self.all.get(id));
        open.any(|found| found.need == Some(need) && !found.closed)
    }

    /// What follows from a step; nothing is changed.
    pub(super) fn decide(&self, step: &Step, community: &Community, around: &Around<'_>) -> Result<Vec<What>, &'static str> {
        let happened = match step {
            Step::Ask { asker, helper, new } => self.ask(*asker, *helper, *new, community, around)?,
            Step::Propose { need, asker, helper, new } => {
                vec![self.propose(*need, *asker, *helper, *new, community, around)?]
            }
            Step::Answer { member, introduction, accepted } => {
                let found = self.asked(*member, *introduction)?;
                match found.half(found.side(*member)).accepted {
                    None => self.answer(found, *member, *accepted, community, around),
                    Some(_) => vec![],
                }
            }
            Step::Led { member, introduction, led } => {
                let found = self.made(*member, *introduction)?;
                let same = found.half(found.side(*member)).led == Some(*led);
                let led = Happened::Led { introduction: found.id, by: *member, led: *led };
                if same { vec![] } else { vec![led] }
            }
            Step::Thank { member, introduction } => {
                let found = self.made(*member, *introduction)?;
                if found.can_thank(found.side(*member)) {
                    vec![Happened::Thanked { introduction: found.id, by: *member }]
                } else {
                    vec![]
                }
            }
            Step::Close(introduction) => {
                let open = |found: &&Introduction| !found.ended && !found.closed;
                let found = self.all.get(introduction).filter(open).ok_or(refusal::NO_SUCH_INTRODUCTION)?;
                vec![Happened::Closed { introduction: found.id }]
            }
        };
        Ok(happened.into_iter().map(What::Introduction).collect())
    }

    fn ask(
        &self,
        asker: MemberId,
        helper: MemberId,
        new: IntroductionId,
        community: &Community,
        around: &Around<'_>,
    ) -> Result<Vec<Happened>, &'static str> {
        if asker == helper {
            return Err(refusal::YOURSELF);
        }
        if !around.directory.is_neighbour(helper) {
            return Err(refusal::NO_SUCH_MEMBER);
        }
        // who would be asked has to see who asks
        if !around.directory.is_neighbour(asker) {
            return Err(refusal::NOT_SHOWN);
        }
        for found in self.between(asker, Party::Member(helper)) {
            if found.introduced.is_some() {
                return Err(refusal::ALREADY);
            }
            let mine = found.side(asker);
            if found.is_open() && mine == Side::Asker && found.by == ProposedBy::Neighbour {
                return Err(refusal::ALREADY);
            }
            // the other one, or the manager, had the same idea: this is their answer, also of who had said no before. What they can't
            // know of mustn't show in what they are answered
            if found.is_open() && !found.is_unknown_to(mine) && !found.closed && !community.apart().avoid(asker, helper) {
                return match found.half(mine).accepted {
                    Some(true) => Err(refusal::ALREADY),
                    _ => Ok(self.answer(found, asker, true, community, around)),
                };
            }
        }
        let theirs = |found: &&Introduction| found.is_open() && found.by == ProposedBy::Neighbour && found.asker == asker;
        if self.of(asker).filter(theirs).count() >= OPEN_PROPOSALS {
            return Err(refusal::TOO_MANY_INTRODUCTIONS);
        }
        let no = |found: &Introduction| found.half(found.side(helper)).accepted == Some(false);
        let quiet = community.apart().avoid(asker, helper) || self.between(asker, Party::Member(helper)).any(no);
        let (helper, by) = (Party::Member(helper), ProposedBy::Neighbour);
        let (introduction, need, accepted, asker_first) = (new, None, false, false);
        Ok(vec![Happened::Proposed { introduction, asker, helper, need, by, accepted, quiet, asker_first }])
    }

    fn propose(
        &self,
        need: Option<NeedId>,
        asker: Option<MemberId>,
        helper: Party,
        new: IntroductionId,
        community: &Community,
        around: &Around<'_>,
    ) -> Result<Happened, &'static str> {
        let found = need.map(|need| community.need(need).ok_or(refusal::NO_SUCH_NEED)).transpose()?;
        let asker = asker.or_else(|| found.and_then(|need| need.author)).ok_or(unfit::NO_ASKER)?;
        let other = helper.member();
        if other == Some(asker) {
            return Err(refusal::YOURSELF);
        }
        if std::iter::once(asker).chain(other).any(|member| !around.directory.is_neighbour(member)) {
            return Err(refusal::NO_SUCH_MEMBER);
        }
        if other.is_some_and(|other| community.apart().avoid(asker, other)) {
            return Err(unfit::KEPT_APART);
        }
        if std::iter::once(asker).chain(other).any(|member| community.apart().wants_quiet(member, around.now)) {
            return Err(unfit::WANTS_QUIET);
        }
        if self.between(asker, helper).any(|found| found.is_open() || found.introduced.is_some()) {
            return Err(refusal::ALREADY);
        }
        if self.declined(asker, helper) {
            return Err(unfit::DECLINED);
        }
        // a contact is in the network because they agreed to be; who offered to help said so
        let offered = |other| found.is_some_and(|need| need.author == Some(asker) && need.helpers.contains_key(&other));
        let accepted = other.is_none_or(offered);
        let asker_first = found.is_some_and(|need| need.audience != Audience::Named);
        let by = ProposedBy::Coordination;
        Ok(Happened::Proposed { introduction: new, asker, helper, need, by, accepted, quiet: false, asker_first })
    }

    /// An answer, and the introduction if it was the last one that was missing.
    fn answer(
        &self,
        found: &Introduction,
        member: MemberId,
        accepted: bool,
        community: &Community,
        around: &Around<'_>,
    ) -> Vec<Happened> {
        let introduction = found.id;
        let mut happened = vec![Happened::Answered { introduction, by: member, accepted }];
        let side = found.side(member);
        let both = accepted && found.half(side.other()).accepted == Some(true);
        let may_meet = found.other(side).is_none_or(|other| {
            let new = !self.were_introduced(member, other);
            new && !community.apart().avoid(member, other) && around.directory.is_neighbour(other)
        });
        if both && may_meet && !found.closed {
            happened.push(Happened::Introduced { introduction });
        }
        happened
    }

    /// An open one that this member was asked about.
    fn asked(&self, member: MemberId, id: IntroductionId) -> Result<&Introduction, &'static str> {
        let asked = |found: &&Introduction| found.is_open() && !found.quiet && found.members().any(|of| of == member);
        let known = |found: &&Introduction| !found.is_unknown_to(found.side(member));
        self.all.get(&id).filter(asked).filter(known).ok_or(refusal::NO_SUCH_INTRODUCTION)
    }

    /// One that was made, and that this member is of.
    fn made(&self, member: MemberId, id: IntroductionId) -> Result<&Introduction, &'static str> {
        let made = |found: &&Introduction| found.introduced.is_some() && found.members().any(|of| of == member);
        self.all.get(&id).filter(made).ok_or(refusal::NO_SUCH_INTRODUCTION)
    }

    /// What waits for a member: questions come back each day until they are answered or over, news are told once.
    #[must_use]
    pub fn waiting(&self, member: MemberId, community: &Community, around: &Around<'_>) -> Vec<(&Introduction, News)> {
        let of = self.of(member).filter(|found| !self.is_settled(found));
        of.flat_map(|found| news(found, member, community, around).map(move |news| (found, news))).collect()
    }

    /// Whether the two met by another while this one was open: who asked for each other beside what the manager proposed hear of one.
    fn is_settled(&self, found: &Introduction) -> bool {
        let in_time = |made: &Now| found.is_open() || made.since(&found.proposed).is_some_and(|gone| gone < days(ANSWER_DAYS));
        let met = |other: &Introduction| other.introduced.as_ref().is_some_and(in_time);
        found.introduced.is_none() && self.between(found.asker, found.helper).any(met)
    }

    /// What time alone ends.
    #[must_use]
    pub fn overdue(&self, now: &Now) -> Vec<What> {
        let open = self.open.iter().filter_map(|id| self.all.get(id));
        let over = open.filter(|found| now.since(&found.proposed).is_some_and(|gone| gone >= days(ANSWER_DAYS)));
        over.map(|found| What::Introduction(Happened::Ended { introduction: found.id })).collect()
    }

    pub(super) fn apply(&mut self, at: &Now, happened: &Happened) {
        if let Some(proposed) = Introduction::proposed(*at, happened) {
            return self.insert(proposed);
        }
        let id = happened.introduction();
        let Some(found) = self.all.get_mut(&id) else { return };
        found.apply(at, happened);
        if !found.is_open() {
            self.open.remove(&id);
        }
    }

    /// What a need is no longer looked for, nobody is asked about; it ends in its time.
    pub(super) fn need_is_closed(&mut self, need: NeedId) {
        for id in &self.open {
            if let Some(found) = self.all.get_mut(id).filter(|found| found.need == Some(need)) {
                found.closed = true;
            }
        }
    }

    pub(super) fn date_by(&mut self, anchor: &Now) {
        self.all.values_mut().flat_map(Introduction::moments).for_each(|at| at.wall = at.dated_by(anchor).or(anchor.wall));
    }
}

fn news(found: &Introduction, member: MemberId, community: &Community, around: &Around<'_>) -> impl Iterator<Item = News> {
    let side = found.side(member);
    let (half, other) = (found.half(side), found.other(side));
    let apart = other.is_some_and(|other| community.apart().avoid(member, other));
    let shown = other.is_none_or(|other| around.directory.is_neighbour(other));
    let asked_today = half.asked.as_ref().is_some_and(|at| around.policy().same_day(at, around.now));
    let may_ask = !apart && shown && !found.closed && !asked_today;
    let mut news = [None, None];
    if found.is_open() {
        let quiet = |member| community.apart().wants_quiet(member, around.now);
        // who asks for it themselves wants it, whatever else they want to be left alone with
        let leave_alone = quiet(member) || found.by == ProposedBy::Coordination && other.is_some_and(quiet);
        let disturbs = around.presence.visit_of(member).is_some_and(|visit| visit.availability == Availability::DoNotDisturb);
        let asks = half.accepted.is_none() && !found.quiet && !found.is_unknown_to(side) && may_ask && !leave_alone && !disturbs;
        news[0] = asks.then_some(News::Proposed);
    } else if let Some(at) = &found.introduced {
        let gone = around.now.since(at);
        let asks = half.led.is_none()
            && half.told
            && gone.is_some_and(|gone| (days(ASKED_AFTER_DAYS)..days(ASKED_UNTIL_DAYS)).contains(&gone));
        if !half.told {
            news[0] = (!apart).then_some(News::Introduced);
        } else if asks && may_ask {
            news[0] = Some(News::LedSomewhere { can_thank: found.can_thank(side) });
        }
        news[1] = (found.half(side.other()).thanks == Thanks::Given && !apart).then_some(News::Thanked);
    } else if half.accepted == Some(true) && !half.unasked && !half.told {
        news[0] = Some(News::NotIntroduced);
    }
    news.into_iter().flatten()
}
