//! Who is kept apart, quiet, shared interests, and the manager's candidates.

use super::*;
use crate::community::apart::Happened;
use crate::community::interests::InterestTold;
use crate::community::introductions::{self, Party};
use crate::contacts::{About, Contact, ContactId};
use voisins_shared::introduction::IntroductionId;
use voisins_shared::payload::{ProposedBy, Weekday};

const SHARING: [Field; 3] = [Field::Name, Field::Skills, Field::Interests];

fn curious(n: u32, interests: &[&str]) -> Member {
    Member { interests: interests.iter().map(|&text| text.to_owned()).collect(), ..able(n, &[], &SHARING) }
}

impl House {
    fn avoid(&mut self, a: u32, b: u32) -> &mut Self {
        self.happens(What::Apart(Happened::Avoided { by: Some(id(a)), pair: [id(a), id(b)] }))
    }

    fn snooze(&mut self, n: u32) -> &mut Self {
        self.happens(What::Apart(Happened::Snoozed { member: id(n) }))
    }

    fn here<R>(&self, ask: impl FnOnce(&Here<'_>) -> R) -> R {
        let Self { presence, directory, community, .. } = self;
        ask(&Here { presence, directory, community, now: &self.now() })
    }

    fn interest(&self, n: u32) -> Option<(u128, String)> {
        let shared = self.here(|here| self.neighbours.shared_interest(id(n), here))?;
        Some((shared.neighbour.0.as_u128(), shared.interest))
    }

    fn told(&mut self, to: u32, neighbour: u32) -> &mut Self {
        self.happens(What::Interest(InterestTold { to: id(to), neighbour: id(neighbour) }))
    }

    fn leaves(&mut self, n: u32) -> &mut Self {
        let by = voisins_shared::visit::ClosedBy::Tap;
        self.happens(What::CheckedOut { visit: VisitId(n.into()), subject: Subject::Member(id(n)), by, ended: None })
    }

    fn introduce(&mut self, a: u32, b: u32) -> &mut Self {
        let introduction = IntroductionId(Uuid::from_u128(u128::from(a * 100 + b)));
        let (asker, helper, by) = (id(a), Party::Member(id(b)), ProposedBy::Neighbour);
        let (need, accepted, quiet, asker_first) = (None, true, false, false);
        let proposed = introductions::Happened::Proposed { introduction, asker, helper, need, by, accepted, quiet, asker_first };
        self.happens(What::Introduction(proposed));
        self.happens(What::Introduction(introductions::Happened::Introduced { introduction }))
    }
}

#[test]
fn two_who_are_kept_apart_are_not_matched_whoever_wanted_it() {
    for (a, b) in [(1, 2), (2, 1)] {
        let mut house = asker_and_accountant();
        house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9).avoid(a, b);
        assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
    }
}

#[test]
fn who_wants_a_week_of_quiet_is_matched_again_after_it() {
    for n in [1, 2] {
        let mut house = asker_and_accountant();
        house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9).snooze(n);
        assert_eq!((house.waits(1), house.waits(2)), (vec![], vec![]));
        house.minutes += 7 * 24 * 60;
        house.leaves(1).leaves(2).comes(1).comes(2);
        assert_eq!((house.waits(1).len(), house.waits(2).len()), (1, 1));
    }
}

#[test]
fn who_comes_in_is_told_of_one_who_shares_an_interest_in_their_own_words() {
    let mut house = House::new([
        curious(1, &["Échecs", "monnaies locales"]),
        curious(2, &["Monnaies Locales"]),
        curious(3, &["escalade"]),
        curious(4, &[]),
    ]);
    house.comes(2).comes(3).comes(4).comes(1);
    assert_eq!(house.interest(1), Some((2, "monnaies locales".to_owned())));
    assert_eq!((house.interest(3), house.interest(4)), (None, None));
    let reader = voisins_shared::name::ReaderName::new("cafe").unwrap();
    house.minutes += 30;
    house.happens(What::Seen { visit: VisitId(1), subject: Subject::Member(id(1)), reader });
    assert_eq!(house.interest(1), None, "on an arrival only");
}

#[test]
fn one_interest_is_one_in_french_and_in_english() {
    let mut house = House::new([curious(1, &["photographie"]), curious(2, &["Photography"])]);
    house.comes(2).comes(1);
    assert_eq!(house.interest(1), Some((2, "photographie".to_owned())));
}

#[test]
fn an_interest_is_named_once_a_day_in_turn_and_the_same_pair_not_for_two_weeks() {
    let mut house = House::new([curious(1, &["vélo"]), curious(2, &["vélo"]), curious(3, &["velo"])]);
    let mut named = Vec::new();
    for _ in 0..17 {
        house.comes(2).comes(3).comes(1);
        if let Some((neighbour, _)) = house.interest(1) {
            house.told(1, u32::try_from(neighbour).unwrap());
            named.push((house.minutes / 1440, neighbour));
            assert_eq!(house.interest(1), None, "once a day");
        }
        house.leaves(1).leaves(2).leaves(3);
        house.minutes += 1440;
    }
    assert_eq!(named, [(0, 3), (1, 2), (14, 3), (15, 2)]);
}

#[test]
fn an_interest_names_nobody_against_their_will() {
    let pair = || House::new([curious(1, &["vélo"]), curious(2, &["vélo"])]);
    let mut house = pair();
    house.comes(2).comes(1);
    assert!(house.interest(1).is_some());
    for unwilling in [
        (|house| house.avoid(2, 1)) as fn(&mut House) -> &mut House,
        |house| house.avoid(1, 2),
        |house| house.snooze(2),
        |house| house.snooze(1),
        |house| house.introduce(2, 1),
        |house| house.told(2, 1),
        |house| {
            let (visit, subject) = (VisitId(2), Subject::Member(id(2)));
            house.happens(What::AvailabilitySet { visit, subject, availability: Availability::DoNotDisturb })
        },
        |house| {
            house.directory = Directory::new([curious(1, &["vélo"]), able(2, &[], &SHOWN)], []);
            house
        },
        |house| {
            house.neighbours.forget(id(2));
            house
        },
        |house| house.leaves(2),
    ] {
        let mut house = pair();
        house.comes(2).comes(1);
        unwilling(&mut house);
        assert_eq!(house.interest(1), None);
    }
    // whose presence has aged
    let mut house = pair();
    house.comes(2);
    house.minutes += 181;
    house.comes(1);
    assert_eq!(house.interest(1), None);
    // who shows the interest to nobody
    let mut house = House::new([curious(1, &["vélo"]), Member { consents: [].into(), ..curious(2, &["vélo"]) }]);
    house.comes(2).comes(1);
    assert_eq!((house.interest(1), house.interest(2)), (None, None));
}

#[test]
fn the_manager_finds_who_is_here_who_usually_is_the_others_and_the_network() {
    let accountant = |n, fields: &[Field]| able(n, &["Comptabilité"], fields);
    let mut house = House::new([
        able(1, &[], &SHOWN),
        accountant(2, &[]),
        accountant(3, &SHOWN),
        accountant(4, &SHOWN),
        able(5, &["Logo"], &SHOWN),
        able(6, &["Soudure"], &SHOWN),
        Member { standing: crate::directory::Standing::Suspended, ..accountant(7, &SHOWN) },
    ]);
    house.asks(1, "un comptable", Audience::Coordination, 9).comes(4);
    house.happens(What::AvailabilitySet {
        visit: VisitId(4),
        subject: Subject::Member(id(4)),
        availability: Availability::DoNotDisturb,
    });
    house.avoid(3, 1).happens(What::HelpOffered { need: need(9), helper: id(6) });
    let usual = [(id(3), vec![Weekday::Tue])].into();
    let about =
        About { name: "Dora".into(), skills: vec!["Comptable".into()], reach: "d@example.org".into(), source: "CCMM".into() };
    let contact = Contact { id: ContactId(1), about, agreed_on: "2026-10-01".parse().unwrap() };
    let found = house.here(|here| {
        let need = house.community.need(need(9)).unwrap();
        candidates(need, here, &usual, &[contact], house.neighbours.shared_concepts())
    });
    let found: Vec<_> = found.into_iter().map(|candidate| (candidate.who, candidate.standing)).collect();
    assert_eq!(
        found,
        [
            (Who::Here(id(4)), vec![CandidateStanding::DoNotDisturb]),
            (Who::Usually(id(3), vec![Weekday::Tue]), vec![CandidateStanding::KeptApart]),
            (Who::Member(id(6)), vec![CandidateStanding::Offered]),
            (Who::Member(id(2)), vec![CandidateStanding::NotShown]),
            (Who::Contact(ContactId(1)), vec![]),
        ]
    );
}

#[test]
fn two_of_whom_one_declined_the_other_are_not_matched() {
    for declines in [1, 2] {
        let mut house = asker_and_accountant();
        house.comes(1).comes(2).asks(1, "comptable", Audience::Named, 9);
        assert_eq!(house.waits(1).len(), 1);
        let (introduction, by, need) = (IntroductionId(Uuid::from_u128(1)), ProposedBy::Coordination, None);
        let (asker, helper, accepted, quiet, asker_first) = (id(2), Party::Member(id(1)), false, false, false);
        let happened = [
            introductions::Happened::Proposed { introduction, asker, helper, need, by, accepted, quiet, asker_first },
            introductions::Happened::Answered { introduction, by: id(declines), accepted: false },
            introductions::Happened::Ended { introduction },
        ];
        for (n, happened) in happened.into_iter().enumerate() {
            house.happens(What::Introduction(happened));
            let matched = usize::from(n == 0);
            assert_eq!((house.waits(1).len(), house.waits(2).len()), (matched, matched), "before it is over too");
        }
    }
}
