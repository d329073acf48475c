//! Who in the house can help whom, now. Pure.
//!
//! Who could help with what is learnt apart from taps, from what members agreed to show on kiosks; a tap only looks who of them is
//! here. Nobody is matched who isn't shown, doesn't want to be disturbed or wants a week of quiet, whose presence has aged, who is kept
//! apart from the other, who declined them or was, or who said already that they can help; a need for the manager only is matched by the manager.

mod candidates;
mod interests;
mod meet;

pub use candidates::{Candidate, Standing as CandidateStanding, Who, candidates};
pub use interests::{Shared, SharedInterests};
pub use meet::ToMeet;

use crate::clock::Now;
use crate::community::{Community, Draft, Need, Side};
use crate::directory::{Directory, Member, Standing};
use crate::presence::Presence;
use std::collections::BTreeMap;
use std::sync::Arc;
use voisins_shared::matching::{Concepts, Group, Index, Profile, Why};
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::need::NeedId;
use voisins_shared::visit::Availability;

/// A fit below this is no reason to disturb anybody.
const WORTH_TELLING: f32 = 0.5;
/// So many helpers of one need are told to who asked: the same two helpful people shouldn't be asked by all.
const TOLD_A_NEED: usize = 2;
/// So many at once, the best first: more is no help.
const TOLD_AT_ONCE: usize = 3;
/// Each time a helper was told of a need lately makes them stand behind others who fit as well.
const TOLD_LATELY: f32 = 0.05;

/// Somebody who could help with a need.
#[derive(Debug, Clone, PartialEq)]
pub struct Able {
    /// Who.
    pub helper: MemberId,
    /// How well they fit; only the order counts.
    pub score: f32,
    /// What of them fits, the best first.
    pub why: Vec<Why>,
}

/// Two who are here now, and what one of them can help the other with.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Meeting {
    pub need: NeedId,
    pub asker: MemberId,
    pub helper: MemberId,
    /// How well; only the order counts.
    pub score: f32,
    /// What of the helper fits.
    pub why: Vec<Why>,
}

/// Who could help with which open need.
#[derive(Debug)]
pub struct Neighbours {
    concepts: Arc<Concepts>,
    index: Index,
    members: Vec<MemberId>,
    /// By need, with the words they were found by: written anew, it is searched anew.
    able: BTreeMap<NeedId, (Draft, Vec<Able>)>,
    interests: SharedInterests,
}

impl Neighbours {
    /// Nobody yet.
    #[must_use]
    pub fn new(concepts: Arc<Concepts>) -> Self {
        Self {
            index: Index::new(concepts.clone(), []),
            concepts,
            members: vec![],
            able: BTreeMap::new(),
            interests: SharedInterests::default(),
        }
    }

    /// The concepts, to say why.
    #[must_use]
    pub fn concepts(&self) -> &Concepts {
        &self.concepts
    }

    /// The same, to make an index of.
    #[must_use]
    pub fn shared_concepts(&self) -> &Arc<Concepts> {
        &self.concepts
    }

    /// Learns anew what members show of themselves, and who of them could help with what is looked for.
    pub fn learn(&mut self, directory: &Directory, community: &Community) {
        let shown: Vec<&Member> = directory.members().filter(|member| can_be_matched(member)).collect();
        let profiles = shown.iter().map(|member| Profile {
            title: member.title.as_deref().filter(|_| member.shows(Field::Title, Surface::Kiosk)),
            skills: if member.shows(Field::Skills, Surface::Kiosk) { &member.skills } else { &[] },
            interests: &[],
            languages: if member.shows(Field::Languages, Surface::Kiosk) { &member.languages } else { &[] },
        });
        self.index = Index::new(self.concepts.clone(), profiles);
        self.members = shown.iter().map(|member| member.id).collect();
        self.able.clear();
        self.interests = SharedInterests::learn(&self.concepts, &shown);
        self.follow(community);
    }

    /// Forgets what somebody could help with, until it is learnt anew: what they no longer share names nobody.
    pub fn forget(&mut self, member: MemberId) {
        self.able.values_mut().for_each(|(_, able)| able.retain(|able| able.helper != member));
        self.interests.forget(member);
    }

    /// Looks for helpers of needs that are new or written anew, and forgets those that are closed or no longer for all to read.
    pub fn follow(&mut self, community: &Community) {
        let public = |need: &NeedId| community.need(*need).filter(|need| community.is_public(need));
        self.able.retain(|need, (draft, _)| public(need).is_some_and(|need| need.draft == *draft));
        for need in community.needs().into_iter().filter(|need| community.is_public(need)) {
            if !self.able.contains_key(&need.id) {
                let able = self.search(need);
                self.able.insert(need.id, (need.draft.clone(), able));
            }
        }
    }

    /// With whom who has just come in shares an interest.
    #[must_use]
    pub fn shared_interest(&self, member: MemberId, house: &Here<'_>) -> Option<Shared> {
        self.interests.with(member, house)
    }

    fn search(&self, need: &Need) -> Vec<Able> {
        let mut best: BTreeMap<MemberId, Able> = BTreeMap::new();
        let texts = need.draft.skills.iter().chain([&need.draft.text]);
        // a full stop: nobody is typing any more, the last word is whole
        for hit in texts.flat_map(|text| self.index.search(&format!("{text}.")).hits) {
            let Some(helper) = self.members.get(hit.profile).copied().filter(|helper| Some(*helper) != need.author) else {
                continue;
            };
            if hit.group == Group::CanHelp
                && hit.score >= WORTH_TELLING
                && best.get(&helper).is_none_or(|held| held.score < hit.score)
            {
                best.insert(helper, Able { helper, score: hit.score, why: self.index.why(&hit) });
            }
        }
        let mut able: Vec<Able> = best.into_values().collect();
        able.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.helper.cmp(&b.helper)));
        able
    }

    /// Who could help with a need, the best first, whoever is here.
    #[must_use]
    pub fn able(&self, need: NeedId) -> &[Able] {
        self.able.get(&need).map(|(_, able)| &**able).unwrap_or_default()
    }

    /// Whom a member who is here can help now, and by whom they can be helped, the best first; what they were told before is left out.
    #[must_use]
    pub fn meetings(&self, member: MemberId, house: &Here<'_>) -> Vec<Meeting> {
        if !house.may_be_matched(member) {
            return vec![];
        }
        let mut meetings = Vec::new();
        for (need, (_, able)) in &self.able {
            let Some(need) = house.community.need(*need) else { continue };
            let Some(asker) = need.author else { continue };
            let fits = |able: &&Able| {
                let asked_enough = need.helpers.contains_key(&able.helper) || need.let_be.contains(&able.helper);
                !asked_enough
                    && house.may_be_matched(able.helper)
                    && house.community.apart().may_meet(asker, able.helper, house.now)
                    // no word says so: a match that isn't there tells nobody anything
                    && !house.community.introductions().said_no(asker, able.helper)
            };
            let meeting =
                |able: &Able| Meeting { need: need.id, asker, helper: able.helper, score: able.score, why: able.why.clone() };
            if asker == member {
                let told = |able: &&Able| house.community.was_told(need.id, able.helper, Side::Asker);
                let mut here: Vec<&Able> = able.iter().filter(fits).filter(|able| !told(able)).collect();
                here.sort_by(|a, b| house.rested(b).total_cmp(&house.rested(a)));
                let left = TOLD_A_NEED.saturating_sub(house.community.told_of(need.id, Side::Asker));
                meetings.extend(here.into_iter().take(left).map(meeting));
            } else if house.may_be_matched(asker) && !house.community.was_told(need.id, member, Side::Helper) {
                meetings.extend(able.iter().filter(|able| able.helper == member).filter(fits).map(meeting));
            }
        }
        meetings.sort_by(|a, b| b.score.total_cmp(&a.score));
        // the rest waits for their next tap
        meetings.truncate(TOLD_AT_ONCE);
        meetings
    }
}

/// Shown by name on kiosks, and not paused.
fn can_be_matched(member: &Member) -> bool {
    member.standing == Standing::Active && member.shows(Field::Name, Surface::Kiosk)
}

/// Who is here, for a match.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Here<'a> {
    pub presence: &'a Presence,
    pub directory: &'a Directory,
    pub community: &'a Community,
    pub now: &'a Now,
}

impl Here<'_> {
    /// Here, seen lately, and not to be left alone.
    fn may_be_told(&self, member: MemberId) -> bool {
        self.presence.visit_of(member).is_some_and(|visit| {
            visit.availability != Availability::DoNotDisturb && self.presence.policy().is_fresh(&visit.last_seen, self.now)
        })
    }

    /// The same, and still shown: consent may have been withdrawn since it was learnt.
    fn may_be_matched(&self, member: MemberId) -> bool {
        self.may_be_told(member) && self.directory.member(member).is_some_and(can_be_matched)
    }

    fn rested(&self, able: &Able) -> f32 {
        #[allow(clippy::cast_precision_loss)] // a handful
        let told = self.community.told_to(able.helper) as f32;
        able.score - TOLD_LATELY * told
    }
}

#[cfg(test)]
mod tests;
