//! Whom somebody who has just become a member could meet first: neighbours who show what fits. For the manager's eyes: of the newcomer it
//! goes by all that stands in their record, of the others only by what they share.

use super::{Here, Neighbours};
use std::collections::BTreeMap;
use voisins_shared::matching::{Group, Why, normalize::folded};
use voisins_shared::member::{Field, MemberId, Surface};

/// A shared interest counts like a good match.
const INTEREST: f32 = 0.8;
/// Somebody of one's own trade is good to know, after those who can help.
const SAME_TRADE: f32 = 0.5;
/// Of those who fit as well, somebody who is here comes first.
const HERE: f32 = 0.1;

/// Somebody to meet.
#[derive(Debug, Clone, PartialEq)]
pub struct ToMeet {
    #[allow(missing_docs)]
    pub neighbour: MemberId,
    /// What of them fits, the best first.
    pub why: Vec<Why>,
    #[allow(missing_docs)]
    pub here: bool,
    score: f32,
}

impl Neighbours {
    /// The best first. Nobody who isn't shown, is kept apart from them, wants a week of quiet, or was introduced to them already.
    #[must_use]
    pub fn first_to_meet(&self, member: MemberId, house: &Here<'_>) -> Vec<ToMeet> {
        let Some(newcomer) = house.directory.member(member) else { return vec![] };
        let mut found: BTreeMap<MemberId, (f32, Vec<Why>)> = BTreeMap::new();
        let mut add = |neighbour: MemberId, score: f32, why: Vec<Why>| {
            let (held, reasons) = found.entry(neighbour).or_default();
            *held += score;
            why.into_iter().for_each(|why| {
                if !reasons.contains(&why) {
                    reasons.push(why);
                }
            });
        };
        let trade = newcomer.title.iter().chain(&newcomer.skills).map(|text| (text, SAME_TRADE));
        for (text, weight) in newcomer.looking_for.iter().map(|text| (text, 1.0)).chain(trade) {
            // a full stop: the last word is whole
            for hit in self.index.search(&format!("{text}.")).hits.iter().filter(|hit| hit.group == Group::CanHelp) {
                if let Some(neighbour) = self.members.get(hit.profile).filter(|neighbour| **neighbour != member) {
                    add(*neighbour, weight * hit.score, self.index.why(hit));
                }
            }
        }
        let interests: Vec<String> = newcomer.interests.iter().map(|text| folded(text)).collect();
        for neighbour in self.members.iter().filter(|neighbour| **neighbour != member) {
            let theirs = house.directory.member(*neighbour).filter(|member| member.shows(Field::Interests, Surface::Kiosk));
            for interest in theirs.iter().flat_map(|member| &member.interests).filter(|text| interests.contains(&folded(text))) {
                add(*neighbour, INTEREST, vec![Why::Words(interest.as_str().into())]);
            }
        }
        let introductions = house.community.introductions();
        let may = |neighbour: &MemberId| {
            house.directory.is_neighbour(*neighbour)
                && house.community.apart().may_meet(member, *neighbour, house.now)
                && !introductions.were_introduced(member, *neighbour)
                && !introductions.said_no(member, *neighbour)
        };
        let mut to_meet: Vec<ToMeet> = found
            .into_iter()
            .filter(|(neighbour, _)| may(neighbour))
            .map(|(neighbour, (score, why))| {
                let here = house.presence.visit_of(neighbour).is_some();
                ToMeet { neighbour, why, here, score: score + if here { HERE } else { 0.0 } }
            })
            .collect();
        to_meet.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.neighbour.cmp(&b.neighbour)));
        to_meet
    }
}
