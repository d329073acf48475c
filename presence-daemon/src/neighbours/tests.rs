mod linking;
mod random;

use super::*;
use crate::clock::BootId;
use crate::directory::tests::member;
use crate::policy::tests::policy;
use crate::presence::{PresenceEvent, Subject, VisitId, What};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::need::Audience;
use voisins_shared::visit::OpenedBy;

const SHOWN: [Field; 2] = [Field::Name, Field::Skills];

fn id(n: u32) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(n)))
}

fn need(n: u128) -> NeedId {
    NeedId(Uuid::from_u128(n))
}

fn able(n: u32, skills: &[&str], fields: &[Field]) -> Member {
    let skills = skills.iter().map(|&skill| skill.to_owned()).collect();
    Member { skills, title: None, languages: vec![], ..member(n, &format!("Membre {n}"), fields) }
}

struct House {
    directory: Directory,
    presence: Presence,
    community: Community,
    neighbours: Neighbours,
    minutes: u64,
}

impl House {
    fn new(members: impl IntoIterator<Item = Member>) -> Self {
        let (directory, community) = (Directory::new(members, []), Community::default());
        let mut neighbours = Neighbours::new(Concepts::built_in());
        neighbours.learn(&directory, &community);
        Self { directory, presence: Presence::new(policy("")), community, neighbours, minutes: 0 }
    }

    fn now(&self) -> Now {
        let wall = "2026-10-23T13:00:00Z".parse::<jiff::Timestamp>().unwrap() + Duration::from_secs(60 * self.minutes);
        Now { boot: BootId(Uuid::nil()), since_boot: Duration::from_secs(60 * self.minutes), wall: Some(wall) }
    }

    fn happens(&mut self, what: What) -> &mut Self {
        let event = PresenceEvent { at: self.now(), what };
        self.presence.apply(&event);
        self.community.apply(&event);
        self.neighbours.follow(&self.community);
        self
    }

    fn comes(&mut self, n: u32) -> &mut Self {
        let (visit, subject) = (VisitId(n.into()), Subject::Member(id(n)));
        self.happens(What::CheckedIn { visit, subject, reader: None, by: OpenedBy::Tap })
    }

    fn asks(&mut self, n: u32, text: &str, audience: Audience, of: u128) -> &mut Self {
        let what = self.community.post(Some(id(n)), text, &[], audience, need(of)).unwrap();
        self.happens(what)
    }

    /// (need, asker, helper) of what waits for somebody.
    fn waits(&self, n: u32) -> Vec<(u128, u128, u128)> {
        let Self { presence, directory, community, .. } = self;
        let here = Here { presence, directory, community, now: &self.now() };
        let plain = |m: Meeting| (m.need.0.as_u128(), m.asker.0.as_u128(), m.helper.0.as_u128());
        self.neighbours.meetings(id(n), &here).into_iter().map(plain).collect()
    }
}

fn asker_and_accountant() -> House {
    House::new([able(1, &["Traduction"], &SHOWN), able(2, &["Comptabilité"], &SHOWN)])
}

#[test]
fn the_two_meet_when_both_are_here_whoever_came_first() {
    let mut house = asker_and_accountant();
    house.asks(1, "je cherche un comptable", Audience::Named, 9).comes(2);
    assert!(house.waits(2).is_empty(), "the asker isn't here");
    house.comes(1);
    assert_eq!((house.waits(1), house.waits(2)), (vec![(9, 1, 2)], vec![(9, 1, 2)]));
    let why = &house.neighbours.able(need(9))[0].why;
    assert_eq!(why, &[Why::Words("Comptabilité".into())]);
}

#[test]
fn a_new_need_finds_whoever_is_here_already() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2);
    assert!(house.waits(2).is_empty());
    house.asks(1, "i need an accountant", Audience::Unnamed, 9);
    assert_eq!(house.waits(2).len(), 1);
}

#[test]
fn nobody_is_told_twice() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    house.happens(What::MatchTold { need: need(9), helper: id(2), side: Side::Helper, to: id(2) });
    assert_eq!((house.waits(1).len(), house.waits(2).len()), (1, 0));
    house.happens(What::MatchTold { need: need(9), helper: id(2), side: Side::Asker, to: id(1) });
    assert!(house.waits(1).is_empty());
}

#[test]
fn no_match_through_do_not_disturb_nor_about_a_presence_that_has_aged() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    let availability =
        |n, availability| What::AvailabilitySet { visit: VisitId(n), subject: Subject::Member(id(n as u32)), availability };
    house.happens(availability(2, Availability::DoNotDisturb));
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
    house.happens(availability(2, Availability::Open)).happens(availability(1, Availability::DoNotDisturb));
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
    house.happens(availability(1, Availability::Here));
    assert_eq!(house.waits(1).len(), 1);
    house.minutes += 181;
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]), "fresh_for is three hours");
}

#[test]
fn what_is_not_shared_matches_nobody() {
    let hidden = [&[][..], &[Field::Skills], &[Field::Name]];
    for fields in hidden {
        let mut house = House::new([able(1, &[], &SHOWN), able(2, &["Comptabilité"], fields)]);
        house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
        assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]), "{fields:?}");
    }
    // nor an asker who isn't shown: that they are here is nobody's business
    let mut house = House::new([able(1, &[], &[]), able(2, &["Comptabilité"], &SHOWN)]);
    house.comes(1).comes(2).asks(1, "comptable", Audience::Unnamed, 9);
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
    // consent withdrawn since: before anything is learnt anew
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    house.directory = Directory::new([able(1, &[], &SHOWN), able(2, &["Comptabilité"], &[])], []);
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
}

#[test]
fn a_need_for_the_manager_only_and_the_spaces_own_announce_nobody() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Coordination, 9);
    let space = house.community.post(None, "comptable", &[], Audience::Named, need(10)).unwrap();
    house.happens(space);
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
}

#[test]
fn who_said_already_that_they_can_help_and_who_asks_are_not_matched() {
    let mut house = House::new([able(1, &["Comptabilité"], &SHOWN), able(2, &["Comptabilité"], &SHOWN)]);
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    assert_eq!(house.waits(1), [(9, 1, 2)], "nobody answers their own need");
    house.happens(What::HelpOffered { need: need(9), helper: id(2) });
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
}

#[test]
fn an_asker_is_told_of_two_at_most_and_not_always_of_the_same() {
    let accountants = (2..=5).map(|n| able(n, &["Comptabilité"], &SHOWN));
    let mut house = House::new([able(1, &[], &SHOWN), able(6, &[], &SHOWN)].into_iter().chain(accountants));
    for n in 1..=6 {
        house.comes(n);
    }
    house.asks(1, "comptable", Audience::Named, 9);
    let first: Vec<u128> = house.waits(1).iter().map(|(_, _, helper)| *helper).collect();
    assert_eq!(first.len(), 2);
    for helper in &first {
        let helper = MemberId(Uuid::from_u128(*helper));
        house.happens(What::MatchTold { need: need(9), helper, side: Side::Asker, to: id(1) });
    }
    assert!(house.waits(1).is_empty());
    house.asks(6, "comptable", Audience::Named, 10);
    let second: Vec<u128> = house.waits(6).iter().map(|(_, _, helper)| *helper).collect();
    assert!(second.len() == 2 && second.iter().all(|helper| !first.contains(helper)), "{first:?} {second:?}");
}

#[test]
fn whoever_is_here_is_found_among_many_who_could_help() {
    let mut house = House::new([able(1, &[], &SHOWN)].into_iter().chain((2..=40).map(|n| able(n, &["Comptabilité"], &SHOWN))));
    house.comes(1).comes(40).asks(1, "comptable", Audience::Named, 9);
    assert_eq!(house.waits(1), [(9, 1, 40)]);
}

#[test]
fn what_somebody_no_longer_shares_names_them_no_more() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    house.neighbours.forget(id(2));
    assert!(house.waits(1).is_empty() && house.waits(2).is_empty());
}

#[test]
fn a_closed_need_is_forgotten() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    let closed = house.community.withdraw(id(1), need(9)).unwrap();
    house.happens(closed);
    assert!(house.waits(2).is_empty() && house.neighbours.able(need(9)).is_empty());
}

#[test]
fn a_need_written_anew_is_matched_anew() {
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    assert_eq!(house.waits(2), [(9, 1, 2)]);
    let was = Audience::Named;
    let edited = |text: &str, audience| {
        let draft = Draft { text: text.into(), skills: vec![] };
        What::Need(crate::community::needs::Change::Edited { need: need(9), author: Some(id(1)), was, audience, draft })
    };
    house.happens(edited("un chien de traîneau", Audience::Named));
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
    house.happens(edited("un comptable", Audience::Named));
    assert_eq!(house.waits(2), [(9, 1, 2)]);
    house.happens(edited("un comptable", Audience::Coordination));
    assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]), "the manager matches it");
}

#[test]
fn pas_cette_fois_holds_in_both_directions_and_for_these_two_only() {
    let mut house =
        House::new([able(1, &["Traduction"], &SHOWN), able(2, &["Comptabilité"], &SHOWN), able(3, &["Comptabilité"], &SHOWN)]);
    house.comes(1).comes(2).comes(3).asks(1, "comptable", Audience::Named, 9);
    house.happens(What::Need(crate::community::needs::Change::LetBe { need: need(9), helper: id(2), by: id(2) }));
    assert_eq!((house.waits(1), house.waits(2), house.waits(3)), (vec![(9, 1, 3)], vec![], vec![(9, 1, 3)]));
}

#[test]
fn a_need_that_is_hidden_or_waits_for_the_manager_is_matched_with_nobody() {
    use crate::community::moderation::Change;
    let mut house = asker_and_accountant();
    house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
    let what = voisins_shared::payload::Reported::Need { need: need(9) };
    for (change, shown) in [
        (Change::Hidden { what }, false),
        (Change::Restored { what }, true),
        (Change::Held { need: need(9) }, false),
        (Change::Approved { need: need(9) }, true),
    ] {
        house.happens(What::Moderation(change));
        assert_eq!((house.waits(1).len(), house.waits(2).len()), (usize::from(shown), usize::from(shown)), "{change:?}");
    }
}
