//! Random days of introductions, notes, refusals, quiet, power cuts and clocks that nobody knows: what must never happen.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use voisins_shared::introduction::{Led, OPEN_PROPOSALS};
use voisins_shared::need::Audience;
use voisins_shared::note::NOTES_A_DAY;
use voisins_shared::payload::ProposedBy;
use voisins_shared::visit::Availability;

#[derive(Debug, Clone)]
enum Doing {
    Taps(u8),
    Waits(i64),
    Asks(u8, u8),
    Proposes(u8, u8),
    Answers(u8, usize, bool),
    Led(u8, usize),
    Thanks(u8, usize),
    Closes(usize),
    Sees(u8),
    Avoids(u8, u8),
    Snoozes(u8),
    Writes(u8, u8),
    NoMore(u8),
    Reports(u8),
    LooksFor(u8, usize),
    Available(u8, bool),
    Restarts,
    /// Dark for so many minutes; and whether the clock wakes up unknown.
    PowerCut(i64, bool),
    ClockIsSet,
}

const TEXTS: [&str; 3] = ["secretmot: un comptable", "secretmot: un logo", "secretmot: traduire en italien"];
const DAY: i64 = 24 * 60;

fn doing() -> impl Strategy<Value = Doing> {
    let who = || 1u8..=4;
    prop_oneof![
        8 => who().prop_map(Doing::Taps),
        3 => (0i64..300).prop_map(Doing::Waits),
        4 => (0i64..9 * DAY).prop_map(Doing::Waits),
        6 => (who(), who()).prop_map(|(a, b)| Doing::Asks(a, b)),
        2 => (who(), who()).prop_map(|(a, b)| Doing::Proposes(a, b)),
        6 => (who(), 0usize..4, any::<bool>()).prop_map(|(n, nth, yes)| Doing::Answers(n, nth, yes)),
        2 => (who(), 0usize..4).prop_map(|(n, nth)| Doing::Led(n, nth)),
        2 => (who(), 0usize..4).prop_map(|(n, nth)| Doing::Thanks(n, nth)),
        1 => (0usize..4).prop_map(Doing::Closes),
        10 => who().prop_map(Doing::Sees),
        1 => (who(), who()).prop_map(|(a, b)| Doing::Avoids(a, b)),
        1 => who().prop_map(Doing::Snoozes),
        4 => (who(), who()).prop_map(|(a, b)| Doing::Writes(a, b)),
        1 => who().prop_map(Doing::NoMore),
        1 => who().prop_map(Doing::Reports),
        2 => (who(), 0..TEXTS.len()).prop_map(|(n, text)| Doing::LooksFor(n, text)),
        1 => (who(), any::<bool>()).prop_map(|(n, open)| Doing::Available(n, open)),
        1 => Just(Doing::Restarts),
        1 => (0i64..3 * DAY, any::<bool>()).prop_map(|(dark, blind)| Doing::PowerCut(dark, blind)),
        2 => Just(Doing::ClockIsSet),
    ]
}

/// What everybody wanted, as they would tell it.
#[derive(Default)]
struct Wishes {
    apart: BTreeSet<[MemberId; 2]>,
    /// In which minute.
    quiet: BTreeMap<MemberId, i64>,
    /// (reader, author)
    no_more: BTreeSet<(MemberId, MemberId)>,
    /// News that were told, and to whom.
    told: BTreeSet<(MemberId, String)>,
    interests: Vec<(i64, MemberId, MemberId)>,
}

impl Wishes {
    fn are_apart(&self, a: MemberId, b: MemberId) -> bool {
        self.apart.contains(&[a, b]) || self.apart.contains(&[b, a])
    }

    fn wants_quiet(&self, member: MemberId, minute: i64) -> bool {
        self.quiet.get(&member).is_some_and(|since| minute - since < 7 * DAY)
    }

    /// Nobody is brought together against their will.
    fn verify(&self, rig: &Rig, n: u8) {
        let (me, community) = (rig.id(n), rig.house().community());
        let together = |other: MemberId| {
            assert_ne!(me, other);
            assert!(!self.are_apart(me, other), "kept apart");
            assert!(!self.wants_quiet(me, rig.minutes), "they want quiet");
        };
        let left_alone = |other| assert!(!self.wants_quiet(other, rig.minutes), "the other one wants quiet");
        let items = rig.waiting(n);
        assert!(items.iter().filter(|item| matches!(item, ForYou::Interest { .. })).count() <= 1);
        for item in &items {
            match item {
                ForYou::CanHelp { asker: Some(other), .. } | ForYou::CanBeHelped { helper: other, .. } => {
                    together(other.member);
                    left_alone(other.member);
                }
                ForYou::Interest { neighbour, .. } => {
                    together(neighbour.member);
                    left_alone(neighbour.member);
                    assert!(!community.introductions().were_introduced(me, neighbour.member));
                    let lately = |(at, to, of): &(i64, MemberId, MemberId)| {
                        *to == me && *of == neighbour.member && rig.minutes - at < 14 * DAY
                    };
                    assert!(!self.interests.iter().any(lately), "not for two weeks");
                }
                ForYou::Proposed { introduction, other, by, .. } => {
                    let found = community.introductions().get(*introduction).unwrap();
                    assert!(found.is_open() && !found.quiet && !found.closed);
                    let visit = rig.house().presence().visit_of(me);
                    assert!(visit.is_none_or(|visit| visit.availability != Availability::DoNotDisturb));
                    let other = other.as_ref().expect("all are shown").member;
                    together(other);
                    assert!(!community.introductions().were_introduced(me, other), "never after an introduction");
                    if *by == ProposedBy::Coordination {
                        left_alone(other);
                    }
                }
                ForYou::Introduced { introduction, .. } => {
                    let found = community.introductions().get(*introduction).unwrap();
                    assert!(found.halves.iter().all(|half| half.accepted == Some(true)), "both wanted it");
                }
                ForYou::Note { from: Some(from), text, .. } => {
                    assert!(!self.no_more.contains(&(me, from.member)) && !text.is_empty());
                }
                _ => {}
            }
        }
    }

    /// Nobody is told the same news twice.
    fn tell(&mut self, rig: &Rig, n: u8, items: &[ForYou]) {
        let me = rig.id(n);
        for item in items {
            let news = match item {
                ForYou::Introduced { introduction, .. } | ForYou::NotIntroduced { introduction, .. } => {
                    format!("end {introduction}")
                }
                ForYou::Note { note, .. } => format!("note {note}"),
                ForYou::Interest { neighbour, .. } => {
                    self.interests.push((rig.minutes, me, neighbour.member));
                    continue;
                }
                _ => continue,
            };
            assert!(self.told.insert((me, news)), "told twice: {item:?}");
        }
    }
}

impl Rig {
    fn nth_of(&self, n: u8, nth: usize) -> Option<IntroductionId> {
        let mine = |found: &&&introductions::Introduction| found.members().any(|member| member == self.id(n));
        self.house().community().introductions().list().iter().filter(mine).nth(nth).map(|found| found.id)
    }

    fn does(&mut self, wishes: &mut Wishes, doing: &Doing) {
        match *doing {
            Doing::Taps(n) => drop(self.taps(n)),
            Doing::Waits(minutes) => self.minutes += minutes,
            Doing::Asks(a, b) => drop(self.asks(a, b)),
            Doing::Proposes(a, b) => {
                let (asker, helper) = (Some(format!("m{a}@example.org")), format!("m{b}@example.org"));
                let _ = self.desk(Desk::Propose { need: None, asker, helper });
            }
            Doing::Answers(n, nth, accepted) => {
                let asked = self.waiting(n).into_iter().find_map(|item| match item {
                    ForYou::Proposed { introduction, .. } => Some(introduction),
                    _ => None,
                });
                if let Some(introduction) = asked.or_else(|| self.nth_of(n, nth)) {
                    self.replies(n, &ForYouReply::Introduction { introduction, accepted });
                }
            }
            Doing::Led(n, nth) => {
                if let Some(introduction) = self.nth_of(n, nth) {
                    self.replies(n, &ForYouReply::Led { introduction, led: Led::ALL[nth % 3] });
                }
            }
            Doing::Thanks(n, nth) => {
                if let Some(introduction) = self.nth_of(n, nth) {
                    self.replies(n, &ForYouReply::Thank { introduction });
                }
            }
            Doing::Closes(nth) => {
                let found = self.house().community().introductions().list().get(nth).map(|found| found.id);
                if let Some(introduction) = found {
                    let _ = self.desk(Desk::CloseIntroduction { introduction });
                }
            }
            Doing::Sees(n) => {
                self.handles(&Input::Deadline);
                let items = self.sees(n);
                wishes.tell(self, n, &items);
                assert!(self.waiting(n).iter().all(|item| !items.contains(item)), "what was seen waits no more");
            }
            Doing::Avoids(a, b) if a != b => {
                self.replies(a, &ForYouReply::Avoid { member: self.id(b) });
                wishes.apart.insert([self.id(a), self.id(b)]);
            }
            Doing::Avoids(..) => {}
            Doing::Snoozes(n) => {
                self.replies(n, &ForYouReply::Snooze);
                wishes.quiet.insert(self.id(n), self.minutes);
            }
            Doing::Writes(a, b) => drop(self.leaves(a, b, "secretmot: un café?")),
            Doing::NoMore(n) | Doing::Reports(n) => {
                let items = self.sees(n);
                wishes.tell(self, n, &items);
                let note = items.iter().find_map(|item| match item {
                    ForYou::Note { note, from: Some(from), .. } => Some((*note, from.member)),
                    _ => None,
                });
                match (note, doing) {
                    (Some((note, author)), Doing::NoMore(_)) => {
                        self.replies(n, &ForYouReply::NoMoreNotes { note });
                        wishes.no_more.insert((self.id(n), author));
                    }
                    (Some((note, _)), _) => drop(self.replies(n, &ForYouReply::ReportNote { note })),
                    (None, _) => {}
                }
            }
            Doing::LooksFor(n, text) => {
                let post = Action::PostNeed { text: TEXTS[text].into(), skills: vec![], audience: Audience::Named };
                self.signs(n, &post);
            }
            Doing::Available(n, open) => {
                let availability = if open { Availability::Open } else { Availability::DoNotDisturb };
                self.signs(n, &Action::Availability { availability });
            }
            Doing::Restarts => self.restarts(),
            Doing::PowerCut(dark, blind) => {
                self.minutes += dark;
                (self.boot, self.blind) = ((self.boot.0 + 1, self.minutes), blind);
                self.restarts();
            }
            Doing::ClockIsSet => self.blind = false,
        }
    }

    /// What holds whoever looks.
    fn verify_invariants(&self) {
        let community = self.house().community();
        for n in 1..=4 {
            let me = self.id(n);
            let list = community.introductions().list();
            let mine =
                |found: &&&introductions::Introduction| found.is_open() && found.by == ProposedBy::Neighbour && found.asker == me;
            assert!(list.iter().filter(mine).count() <= OPEN_PROPOSALS);
            for m in 1..n {
                let other = self.id(m);
                let of = |found: &&&introductions::Introduction| {
                    !found.quiet && !found.closed && [me, other].iter().all(|one| found.members().any(|member| member == *one))
                };
                assert!(list.iter().filter(of).filter(|found| found.is_open()).count() <= 1, "twice at a time for a pair");
                assert!(list.iter().filter(of).filter(|found| found.introduced.is_some()).count() <= 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_days_bring_nobody_together_against_their_will(all in proptest::collection::vec(doing(), 10..80)) {
        let (mut rig, mut wishes) = (Rig::new(), Wishes::default());
        for doing in &all {
            rig.does(&mut wishes, doing);
            rig.handles(&Input::Deadline);
            rig.verify_invariants();
            for n in 1..=4 {
                wishes.verify(&rig, n);
            }
        }
        rig.restarts();
        drop(rig.pipeline.take());
        let database = rusqlite::Connection::open(crate::house::database(rig.folder.path())).unwrap();
        let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, usize>(0)).unwrap();
        prop_assert_eq!(count("SELECT count(*) FROM event WHERE body LIKE '%secretmot%'"), 0);
        let a_day = "SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM note WHERE left_at IS NOT NULL
                     GROUP BY author, date(left_at, '-9 hours'))";
        prop_assert!(count(a_day) <= NOTES_A_DAY);
    }
}
