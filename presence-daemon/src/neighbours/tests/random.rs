//! Random days of needs, taps, refusals and clock jumps: what must never happen.

use super::*;
use crate::community::{Step as Between, moderation, needs};
use proptest::prelude::*;
use std::collections::BTreeSet;
use voisins_shared::payload::Reported;

#[derive(Debug, Clone)]
enum Step {
    Comes(u32),
    Leaves(u32),
    Availability(u32, u8),
    Waits(u64),
    Asks(u32, usize, u8),
    Withdraws(u32, usize),
    Helps(u32, usize),
    /// Their own need in other words, for another audience.
    Edits(u32, usize, usize, u8),
    /// *Pas cette fois*: by the helper, or by the asker about somebody.
    LetsBe(u32, usize, Option<u32>),
    Reports(u32, usize),
    /// The manager has looked.
    Restores(usize),
    /// *Voir*: all that waits is told.
    Sees(u32),
    /// Shows only so many of their fields from now on.
    Shares(u32, usize),
}

const TEXTS: [&str; 6] = ["un comptable", "someone to fix my website", "traduire en italien", "un logo", "relire un bail", "zzzqq"];
const FIELDS: [Field; 2] = [Field::Name, Field::Skills];

fn step() -> impl Strategy<Value = Step> {
    let person = || 1u32..=6;
    prop_oneof![
        4 => person().prop_map(Step::Comes),
        1 => person().prop_map(Step::Leaves),
        1 => (person(), 0u8..3).prop_map(|(n, a)| Step::Availability(n, a)),
        1 => (0u64..200).prop_map(Step::Waits),
        3 => (person(), 0..TEXTS.len(), 0u8..3).prop_map(|(n, text, audience)| Step::Asks(n, text, audience)),
        1 => (person(), 0usize..8).prop_map(|(n, need)| Step::Withdraws(n, need)),
        2 => (person(), 0usize..8).prop_map(|(n, need)| Step::Helps(n, need)),
        1 => (person(), 0usize..8, 0..TEXTS.len(), 0u8..3).prop_map(|(n, need, text, audience)| Step::Edits(n, need, text, audience)),
        2 => (person(), 0usize..8, proptest::option::of(person())).prop_map(|(n, need, helper)| Step::LetsBe(n, need, helper)),
        1 => (person(), 0usize..8).prop_map(|(n, need)| Step::Reports(n, need)),
        1 => (0usize..8).prop_map(Step::Restores),
        4 => person().prop_map(Step::Sees),
        1 => (person(), 0usize..=2).prop_map(|(n, fields)| Step::Shares(n, fields)),
    ]
}

fn people() -> House {
    let skills =
        [&["Comptabilité"][..], &["WordPress", "Sites web"], &["Traduction", "Italien"], &["Logo"], &["Baux commerciaux"], &[]];
    House::new((1u32..).zip(skills).map(|(n, skills)| able(n, skills, &FIELDS)))
}

impl House {
    fn nth(&self, n: usize) -> Option<NeedId> {
        self.community.needs().get(n).map(|need| need.id)
    }

    /// What a member or the manager asks; whether anything came of it.
    fn asked(&mut self, step: Between) -> bool {
        let what = crate::community::tests::decided(&self.community, &step, &self.now()).unwrap_or_default();
        let any = !what.is_empty();
        for what in what {
            self.happens(what);
        }
        any
    }

    fn share(&mut self, n: u32, fields: usize) {
        let members = self.directory.members().cloned().map(|member| match member.id == id(n) {
            true => Member { consents: FIELDS[..fields].iter().map(|field| (*field, Surface::Kiosk)).collect(), ..member },
            false => member,
        });
        self.directory = Directory::new(members.collect::<Vec<_>>(), []);
        self.neighbours.learn(&self.directory, &self.community);
    }

    /// Nobody is matched against their will.
    fn verify(&self, told: &mut BTreeSet<(u128, Side, u128, u128)>, n: u32, sees: bool) {
        for (need, asker, helper) in self.waits(n) {
            let open = self.community.need(NeedId(Uuid::from_u128(need))).expect("an open need");
            assert_ne!(asker, helper, "nobody answers their own need");
            assert_eq!(open.author.map(|author| author.0.as_u128()), Some(asker));
            assert_ne!(open.audience, Audience::Coordination, "that one is for the manager only");
            assert!(self.community.is_public(open), "hidden, or for the manager only");
            assert!(!open.let_be.contains(&MemberId(Uuid::from_u128(helper))), "one of them said: pas cette fois");
            assert!(!open.helpers.contains_key(&MemberId(Uuid::from_u128(helper))), "they said so already");
            for who in [asker, helper] {
                let visit = self.presence.visit_of(MemberId(Uuid::from_u128(who))).expect("both are here");
                assert_ne!(visit.availability, Availability::DoNotDisturb);
                assert!(self.presence.policy().is_fresh(&visit.last_seen, &self.now()));
            }
            let helper_id = MemberId(Uuid::from_u128(helper));
            assert!(FIELDS.iter().all(|field| self.directory.shows(helper_id, *field, Surface::Kiosk)), "only what they share");
            assert!(self.directory.shows(MemberId(Uuid::from_u128(asker)), Field::Name, Surface::Kiosk));
            let side = if u128::from(n) == asker { Side::Asker } else { Side::Helper };
            assert!(!sees || told.insert((need, side, asker, helper)), "nobody is told twice");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_days_match_nobody_against_their_will(steps in proptest::collection::vec(step(), 1..60)) {
        let (mut house, mut told, mut needs) = (people(), BTreeSet::<(u128, Side, u128, u128)>::new(), 0u128);
        for step in steps {
            match step {
                Step::Comes(n) if house.presence.visit_of(id(n)).is_none() => {
                    house.comes(n);
                }
                Step::Comes(n) => {
                    let reader = voisins_shared::name::ReaderName::new("cafe").unwrap();
                    house.happens(What::Seen { visit: VisitId(n.into()), subject: Subject::Member(id(n)), reader });
                }
                Step::Leaves(n) => {
                    let by = voisins_shared::visit::ClosedBy::Tap;
                    house.happens(What::CheckedOut { visit: VisitId(n.into()), subject: Subject::Member(id(n)), by, ended: None });
                }
                Step::Availability(n, a) => {
                    let availability = [Availability::Here, Availability::Open, Availability::DoNotDisturb][usize::from(a)];
                    house.happens(What::AvailabilitySet { visit: VisitId(n.into()), subject: Subject::Member(id(n)), availability });
                }
                Step::Waits(minutes) => house.minutes += minutes,
                Step::Asks(n, text, audience) => {
                    needs += 1;
                    let posted = house.community.post(Some(id(n)), TEXTS[text], &[], Audience::ALL[usize::from(audience)], need(needs));
                    if let Ok(what) = posted {
                        house.happens(what);
                    }
                }
                Step::Withdraws(n, nth) => {
                    let closed = house.nth(nth).and_then(|need| house.community.withdraw(id(n), need).ok());
                    if let Some(what) = closed {
                        house.happens(what);
                    }
                }
                Step::Helps(n, nth) => {
                    let offered = house.nth(nth).and_then(|need| house.community.help(id(n), need).ok());
                    if let Some(what) = offered {
                        house.happens(what);
                    }
                }
                Step::Edits(n, nth, text, audience) => {
                    let Some(need) = house.nth(nth) else { continue };
                    let draft = Draft { text: TEXTS[text].into(), skills: vec![] };
                    let audience = Audience::ALL[usize::from(audience)];
                    if house.asked(Between::Need(needs::Step::Edit { by: Some(id(n)), need, draft, audience })) {
                        told.retain(|(of, ..)| *of != need.0.as_u128());
                    }
                }
                Step::LetsBe(n, nth, helper) => {
                    let Some(need) = house.nth(nth) else { continue };
                    house.asked(Between::Need(needs::Step::NotThisTime { member: id(n), need, helper: helper.map(id) }));
                }
                Step::Reports(n, nth) => {
                    let Some(need) = house.nth(nth) else { continue };
                    house.asked(Between::Moderation(moderation::Step::Report(id(n), Reported::Need { need })));
                }
                Step::Restores(nth) => {
                    let Some(need) = house.nth(nth) else { continue };
                    house.asked(Between::Moderation(moderation::Step::Restore(Reported::Need { need })));
                }
                Step::Sees(n) => {
                    house.verify(&mut told, n, true);
                    let waited = house.waits(n);
                    for (of, asker, helper) in &waited {
                        let side = if u128::from(n) == *asker { Side::Asker } else { Side::Helper };
                        let helper = MemberId(Uuid::from_u128(*helper));
                        house.happens(What::MatchTold { need: need(*of), helper, side, to: id(n) });
                    }
                    assert!(house.waits(n).iter().all(|waits| !waited.contains(waits)), "what was seen waits no more");
                }
                Step::Shares(n, fields) => house.share(n, fields),
            }
            for n in 1..=6 {
                house.verify(&mut told, n, false);
            }
            for member in 1..=6 {
                assert!(house.community.of(Some(id(member))).count() <= voisins_shared::need::OPEN_NEEDS);
            }
        }
    }
}
