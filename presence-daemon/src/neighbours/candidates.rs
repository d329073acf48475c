//! For the manager: who could help with a need, here or not, shown or not, and outside the house. Pure.

use super::{Here, WORTH_TELLING};
use crate::community::Need;
use crate::community::introductions::Party;
use crate::contacts::{Contact, ContactId};
use crate::directory::{Member, Standing as MemberStanding};
use std::collections::BTreeMap;
use std::sync::Arc;
use voisins_shared::matching::{Concepts, Group, Index, Profile, Why};
use voisins_shared::member::MemberId;
use voisins_shared::payload::Weekday;
use voisins_shared::visit::Availability;

/// How soon somebody can be met, the soonest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Here, seen lately.
    Here(MemberId),
    /// Usually here on these days.
    Usually(MemberId, Vec<Weekday>),
    /// Another member.
    Member(MemberId),
    /// Somebody of the manager's network.
    Contact(ContactId),
}

/// What the manager should know before they propose somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// They said *Je peux aider*.
    Offered,
    /// They were introduced to each other.
    Introduced,
    /// It is proposed, and waits.
    Proposed,
    /// One of the two declined the other before.
    Declined,
    /// One of the two doesn't want to meet the other.
    KeptApart,
    /// They want nothing proposed this week.
    WantsQuiet,
    /// Here, and not to be disturbed.
    DoNotDisturb,
    /// Not shown on kiosks: nothing can be proposed to them there.
    NotShown,
}

/// Somebody who could help.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Candidate {
    pub who: Who,
    /// How well they fit; only the order counts.
    pub score: f32,
    /// What of them fits.
    pub why: Vec<Why>,
    pub standing: Vec<Standing>,
}

impl Who {
    fn rank(&self) -> u8 {
        match self {
            Self::Here(_) => 0,
            Self::Usually(..) => 1,
            Self::Member(_) => 2,
            Self::Contact(_) => 3,
        }
    }

    /// Whom an introduction would be to.
    #[must_use]
    pub fn party(&self) -> Party {
        match self {
            Self::Here(member) | Self::Usually(member, _) | Self::Member(member) => Party::Member(*member),
            Self::Contact(contact) => Party::Contact(*contact),
        }
    }
}

/// Who could help with a need: who is here, who usually is, other members, then the network; in each the best first. For the manager's
/// eyes: it looks at all that members wrote. It takes as long as learning does, so nobody at the door should wait for it often.
#[must_use]
pub fn candidates(
    need: &Need,
    house: &Here<'_>,
    usual_days: &BTreeMap<MemberId, Vec<Weekday>>,
    contacts: &[Contact],
    concepts: &Arc<Concepts>,
) -> Vec<Candidate> {
    let active = |member: &&Member| member.standing == MemberStanding::Active && Some(member.id) != need.author;
    let members: Vec<&Member> = house.directory.members().filter(active).collect();
    let profiles = members
        .iter()
        .map(|member| Profile {
            title: member.title.as_deref(),
            skills: &member.skills,
            interests: &[],
            languages: &member.languages,
        })
        .chain(contacts.iter().map(|contact| Profile { skills: &contact.about.skills, ..Profile::default() }));
    let index = Index::new(concepts.clone(), profiles);
    let mut fits: BTreeMap<usize, (f32, Vec<Why>)> = BTreeMap::new();
    // who offered is a candidate whatever they wrote
    let offered = members.iter().enumerate().filter(|(_, member)| need.helpers.contains_key(&member.id));
    fits.extend(offered.map(|(place, _)| (place, (0.0, vec![]))));
    for hit in need.draft.skills.iter().chain([&need.draft.text]).flat_map(|text| index.search(&format!("{text}.")).hits) {
        let held = fits.get(&hit.profile).map(|(score, _)| *score);
        if hit.group == Group::CanHelp && hit.score >= WORTH_TELLING && held.is_none_or(|held| held < hit.score) {
            fits.insert(hit.profile, (hit.score, index.why(&hit)));
        }
    }
    let candidate = |(place, (score, why)): (usize, (f32, Vec<Why>))| {
        let who = match (members.get(place), contacts.get(place.saturating_sub(members.len()))) {
            (Some(member), _) => whereabouts(member.id, house, usual_days),
            (None, contact) => Who::Contact(contact?.id),
        };
        let standing = standing(need, who.party(), house);
        Some(Candidate { who, score, why, standing })
    };
    let mut candidates: Vec<Candidate> = fits.into_iter().filter_map(candidate).collect();
    // stable: who fits as well stays in the order of the members
    let offered = |candidate: &Candidate| candidate.standing.contains(&Standing::Offered);
    candidates.sort_by(|a, b| a.who.rank().cmp(&b.who.rank()).then(offered(b).cmp(&offered(a))).then(b.score.total_cmp(&a.score)));
    candidates
}

fn whereabouts(member: MemberId, house: &Here<'_>, usual_days: &BTreeMap<MemberId, Vec<Weekday>>) -> Who {
    let fresh = |visit: &crate::presence::Visit| house.presence.policy().is_fresh(&visit.last_seen, house.now);
    if house.presence.visit_of(member).is_some_and(fresh) {
        return Who::Here(member);
    }
    match usual_days.get(&member) {
        Some(days) if !days.is_empty() => Who::Usually(member, days.clone()),
        _ => Who::Member(member),
    }
}

fn standing(need: &Need, helper: Party, house: &Here<'_>) -> Vec<Standing> {
    let (community, member) = (house.community, helper.member());
    let introductions = community.introductions();
    let between = |author| introductions.standing(author, helper);
    let (introduced, proposed) = need.author.map(between).unwrap_or_default();
    let available = member.and_then(|member| house.presence.visit_of(member)).map(|visit| visit.availability);
    let pair = member.zip(need.author);
    let all = [
        (Standing::Offered, member.is_some_and(|member| need.helpers.contains_key(&member))),
        (Standing::Introduced, introduced),
        (Standing::Proposed, proposed),
        (Standing::Declined, need.author.is_some_and(|author| introductions.declined(author, helper))),
        (Standing::KeptApart, pair.is_some_and(|(a, b)| community.apart().avoid(a, b))),
        (Standing::WantsQuiet, member.is_some_and(|member| community.apart().wants_quiet(member, house.now))),
        (Standing::DoNotDisturb, available == Some(Availability::DoNotDisturb)),
        (Standing::NotShown, member.is_some_and(|member| !house.directory.is_neighbour(member))),
    ];
    all.into_iter().filter_map(|(standing, is)| is.then_some(standing)).collect()
}
