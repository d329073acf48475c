//! PRODUCT, "What a tap does": each sentence a test that bears its name.

mod authentic;
mod vouched;

use super::*;
use crate::authentic::Proof;
use crate::clock::BootId;
use crate::directory::tests::member;
use crate::directory::{Badge, BadgeState};
use crate::policy::tests::policy;
use jiff::civil::date;
use uuid::Uuid;

/// A space with three members; badges 1, 2, 3 are theirs, 4 is member 1's lost one.
struct Space {
    presence: Presence,
    directory: Directory,
    boot: u128,
    booted: Timestamp,
    now: Timestamp,
    trusted: bool,
    log: Vec<PresenceEvent>,
}

fn id(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn card(n: u8) -> Card {
    Card::Known(vec![BadgeMac { key_id: 1, mac: [n; 32] }], Proof::Uid)
}

fn local(text: &str) -> Timestamp {
    format!("{text}[America/Toronto]").parse::<jiff::Zoned>().unwrap().timestamp()
}

const HOURS: &str = "[closing]\nmonday = '22:00'\ntuesday = '22:00'\nwednesday = '22:00'\nthursday = '22:00'\nfriday = '22:00'\nsaturday = '18:00'\n";

impl Space {
    fn at(time: &str) -> Self {
        let badge =
            |n: u8, member, state| (BadgeMac { key_id: 1, mac: [n; 32] }, Badge { id: n.into(), member, state, authentic: false });
        let directory = Directory::new(
            [member(1, "Anne Tremblay", &[]), member(2, "Benoît Lavoie", &[]), member(3, "Zoé Ng", &[])],
            [
                badge(1, id(1), BadgeState::Active),
                badge(2, id(2), BadgeState::Active),
                badge(3, id(3), BadgeState::Active),
                badge(4, id(1), BadgeState::Lost),
                badge(5, id(2), BadgeState::Suspended),
                badge(6, id(3), BadgeState::Retired),
            ],
        );
        let now = local(time);
        let booted = now - jiff::SignedDuration::from_hours(1);
        Self { presence: Presence::new(policy(HOURS)), directory, boot: 1, booted, now, trusted: true, log: vec![] }
    }

    fn now(&self) -> Now {
        let since_boot = self.now.duration_since(self.booted).unsigned_abs();
        Now { boot: BootId(Uuid::from_u128(self.boot)), since_boot, wall: self.trusted.then_some(self.now) }
    }

    /// The time goes on to a local time.
    fn to(&mut self, time: &str) -> &mut Self {
        self.now = local(time);
        self
    }

    fn wait(&mut self, minutes: i64) -> &mut Self {
        self.now += jiff::SignedDuration::from_mins(minutes);
        self
    }

    fn power_cut(&mut self, clock_is_trusted: bool) -> &mut Self {
        self.boot += 1;
        self.booted = self.now;
        self.trusted = clock_is_trusted;
        self
    }

    fn decide(&mut self, input: &Input) -> Outcome {
        let now = self.now();
        let decision = self.presence.decide(input, &self.directory, &now);
        for event in &decision.events {
            self.presence.apply(event);
            match event.what {
                What::BadgeEnrolled { member, card, .. } => {
                    let id = 100 + self.directory.badges_of(member).count() as i64;
                    let known = self.directory.badge(&card).copied();
                    let new = Badge { id, member, state: BadgeState::Active, authentic: false };
                    self.keep_badge(card, Badge { state: BadgeState::Active, ..known.unwrap_or(new) });
                }
                What::BadgeProved { card, .. } => {
                    let known = *self.directory.badge(&card).expect("a badge");
                    self.keep_badge(card, Badge { authentic: true, ..known });
                }
                _ => {}
            }
        }
        self.log.extend(decision.events);
        decision.outcome
    }

    fn keep_badge(&mut self, card: BadgeMac, badge: Badge) {
        let mac = |n| BadgeMac { key_id: 1, mac: [n; 32] };
        let all = (1..=9).filter_map(|n| Some((mac(n), *self.directory.badge(&mac(n))?)));
        let members = self.directory.members().cloned().collect::<Vec<_>>();
        self.directory = Directory::new(members, all.chain([(card, badge)]).collect::<Vec<_>>());
    }

    fn tap_at(&mut self, role: Role, n: u8) -> Outcome {
        let reader = ReaderName::new("porte").unwrap();
        self.decide(&Input::Tap { reader, role, card: card(n), dice: u64::from(n) })
    }

    fn sign(&mut self, role: Role, n: u8, action: Action) -> Outcome {
        let reader = ReaderName::new("cafe").unwrap();
        self.decide(&Input::Sign { reader, role, card: card(n), dice: u64::from(n), action, new: Uuid::nil() })
    }

    fn tap(&mut self, n: u8) -> Outcome {
        self.tap_at(Role::Arrival, n)
    }

    fn here(&self) -> Vec<u128> {
        self.presence.open().filter_map(|v| Some(v.subject.member()?.0.as_u128())).collect()
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.log.iter().map(|e| e.what.kind()).collect()
    }

    fn closings(&self) -> Vec<(ClosedBy, Option<Timestamp>)> {
        let closing = |e: &PresenceEvent| match e.what {
            What::CheckedOut { by, ended, .. } => Some((by, ended)),
            _ => None,
        };
        self.log.iter().filter_map(closing).collect()
    }
}

#[track_caller]
fn moment(outcome: &Outcome) -> (Moment, bool) {
    match outcome {
        Outcome::Greeted { moment, ask_to_stay, .. } => (*moment, *ask_to_stay),
        other => panic!("not a greeting: {other:?}"),
    }
}

#[test]
fn a_tap_by_a_member_who_is_not_present_checks_the_member_in() {
    let mut space = Space::at("2026-10-23T09:00:00");
    assert_eq!(moment(&space.tap(1)), (Moment::Arrival, false));
    assert_eq!(space.here(), [1]);
    assert_eq!(space.kinds(), ["checked_in"]);
}

#[test]
fn a_tap_by_a_member_already_present_re_greets_and_renews_last_seen_and_never_checks_out() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    for _ in 0..20 {
        space.wait(7);
        assert_eq!(moment(&space.tap(1)), (Moment::Seen, false));
    }
    assert_eq!(space.here(), [1]);
    assert_eq!(space.presence.visit_of(id(1)).unwrap().last_seen, space.now());
}

#[test]
fn more_than_20_min_after_the_last_tap_the_greeting_offers_to_stay_or_to_leave() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    assert_eq!(moment(&space.wait(20).tap(1)), (Moment::Seen, false));
    assert_eq!(moment(&space.wait(21).tap(1)), (Moment::Seen, true));
    assert_eq!(space.here(), [1], "doing nothing stays");
}

#[test]
fn a_reader_has_a_role() {
    let mut space = Space::at("2026-10-23T09:00:00");
    assert_eq!(moment(&space.tap_at(Role::Toggle, 1)).0, Moment::Arrival);
    assert_eq!(moment(&space.wait(1).tap_at(Role::Toggle, 1)).0, Moment::Departure);
    space.tap(2);
    assert_eq!(moment(&space.wait(60).tap_at(Role::Departure, 2)).0, Moment::Departure);
    assert!(space.here().is_empty());
    assert_eq!(space.closings(), [(ClosedBy::Tap, None), (ClosedBy::Tap, None)]);
    // once more at the exit: goodbye again, no visit
    assert_eq!(moment(&space.wait(1).tap_at(Role::Departure, 2)).0, Moment::Departure);
    assert_eq!(space.tap_at(Role::Enrol, 3), Outcome::Nothing);
    assert!(space.here().is_empty());
    assert!(matches!(space.tap_at(Role::Enrol, 9), Outcome::Unknown { code: Some(_) }));
}

#[test]
fn an_unknown_card_shows_a_pairing_code_and_keeps_it_until_closing() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let Outcome::Unknown { code: Some(code) } = space.tap(9) else { panic!() };
    assert_eq!(space.wait(30).tap(9), Outcome::Unknown { code: Some(code) }, "the same card, the same code");
    let Outcome::Unknown { code: Some(other) } = space.tap(8) else { panic!() };
    assert_ne!(code, other);
    space.to("2026-10-23T21:59:00").decide(&Input::Deadline);
    assert_eq!(space.presence.pairings().count(), 2);
    space.to("2026-10-23T22:00:00").decide(&Input::Deadline);
    assert_eq!(space.presence.pairings().count(), 0);
}

#[test]
fn enrolling_a_code_later_claims_that_days_guest_visit() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let Outcome::Unknown { code: Some(code) } = space.tap(9) else { panic!() };
    assert!(matches!(space.decide(&Input::EnterAsGuest(code)), Outcome::Done(_)));
    assert_eq!(space.presence.open().count(), 1);
    assert!(matches!(space.wait(1).decide(&Input::EnterAsGuest(code)), Outcome::Done(_)), "pressed twice: one visit");
    assert_eq!(space.presence.open().count(), 1);
    assert_eq!(space.wait(60).decide(&Input::Enrol(code, id(3))), Outcome::AwaitsSecondTap);
    assert_eq!(moment(&space.wait(1).tap(9)).0, Moment::Seen);
    let visit = space.presence.visit_of(id(3)).unwrap();
    assert_eq!((visit.opened.wall, visit.opened_by), (Some(local("2026-10-23T09:00:00")), OpenedBy::Button));
    assert_eq!(space.presence.open().count(), 1);
    assert_eq!(space.presence.today(&space.now()), 1);
}

#[test]
fn enrolment_needs_a_second_tap_of_the_same_card() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let Outcome::Unknown { code: Some(code) } = space.tap(9) else { panic!() };
    assert_eq!(space.decide(&Input::Enrol(code, id(3))), Outcome::AwaitsSecondTap);
    assert!(matches!(space.tap(8), Outcome::Unknown { .. }), "another card does not confirm it");
    assert_eq!(moment(&space.wait(1).tap(9)).0, Moment::Arrival);
    assert_eq!(space.here(), [3]);
    // a card tapped twice before is enrolled at once
    let Outcome::Unknown { code: Some(code) } = space.tap(8) else { panic!() };
    assert_eq!(space.decide(&Input::Enrol(code, id(3))), Outcome::Enrolled(id(3)));
    assert!(matches!(space.decide(&Input::Enrol(code, id(3))), Outcome::Impossible(_)));
}

#[test]
fn a_card_with_a_random_uid_is_refused_with_the_reason() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let reader = ReaderName::new("porte").unwrap();
    let outcome = space.decide(&Input::Tap { reader, role: Role::Arrival, card: Card::Random, dice: 0 });
    assert_eq!(outcome, Outcome::Refused(Refusal::RandomUid));
    assert_eq!(space.kinds(), ["tap_refused"]);
    assert_eq!(space.presence.pairings().count(), 0);
}

#[test]
fn lost_retired_and_suspended_badges_look_like_an_unknown_one_and_the_reason_is_kept_for_the_manager() {
    let mut space = Space::at("2026-10-23T09:00:00");
    for (badge, expected) in [(4, Barred::Lost), (5, Barred::Suspended), (6, Barred::Retired)] {
        assert!(matches!(space.tap(badge), Outcome::Unknown { code: Some(_) }));
        let reasons: Vec<_> = space
            .log
            .iter()
            .filter_map(|e| if let What::TapRefused { reason, .. } = e.what { Some(reason) } else { None })
            .collect();
        assert_eq!(reasons.last(), Some(&expected));
    }
    assert!(space.here().is_empty());
}

#[test]
fn at_closing_time_open_visits_are_closed_and_marked_assumed() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    space.to("2026-10-23T21:59:59").decide(&Input::Deadline);
    assert_eq!(space.here(), [1]);
    assert_eq!(space.presence.next_deadline(&space.now()).wall, Some(local("2026-10-23T22:00:00")));
    space.to("2026-10-23T22:00:00").decide(&Input::Deadline);
    assert_eq!(space.closings(), [(ClosedBy::Assumed, Some(local("2026-10-23T22:00:00")))]);
}

#[test]
fn a_visit_is_closed_after_the_longest_visit() {
    let mut space = Space::at("2026-10-25T05:00:00"); // a Sunday: no closing time
    space.tap(1);
    space.to("2026-10-25T21:00:00").decide(&Input::Deadline);
    assert_eq!(space.closings(), [(ClosedBy::Assumed, Some(local("2026-10-25T21:00:00")))]);
}

#[test]
fn an_assumed_check_out_carries_the_closing_time_though_the_power_was_out_at_closing() {
    let mut space = Space::at("2026-10-23T20:00:00");
    space.tap(1);
    space.to("2026-10-24T08:00:00").power_cut(true).decide(&Input::Deadline);
    assert_eq!(space.closings(), [(ClosedBy::Assumed, Some(local("2026-10-23T22:00:00")))]);
}

#[test]
fn closing_holds_across_the_23_hour_and_the_25_hour_day_of_america_toronto() {
    for (opened, closing) in [("2026-03-07T15:00:00", "2026-03-07T18:00:00"), ("2026-10-31T15:00:00", "2026-10-31T18:00:00")] {
        let mut space = Space::at(opened);
        space.tap(1);
        space.to(closing).decide(&Input::Deadline);
        assert_eq!(space.closings(), [(ClosedBy::Assumed, Some(local(closing)))]);
    }
    // over the night itself: the visit of Sunday, which has no closing time, ends when the 25-hour day does
    let mut space = Space::at("2026-10-31T20:00:00");
    space.tap(1);
    space.to("2026-11-01T03:59:59").decide(&Input::Deadline);
    assert_eq!(space.here(), [1]);
    space.to("2026-11-01T04:00:00").decide(&Input::Deadline);
    assert!(space.here().is_empty());
}

#[test]
fn a_days_first_tap_is_always_an_arrival_whatever_happened_the_day_before() {
    let mut space = Space::at("2026-10-23T17:00:00");
    space.tap(1);
    space.to("2026-10-24T09:00:00");
    assert_eq!(moment(&space.tap(1)), (Moment::Arrival, false));
    assert_eq!(space.kinds(), ["checked_in", "checked_out", "checked_in"]);
    // also on a toggle reader, where yesterday's open visit would turn it into a departure
    let mut space = Space::at("2026-10-23T17:00:00");
    space.tap(1);
    space.to("2026-10-24T09:00:00").power_cut(true);
    assert_eq!(moment(&space.tap_at(Role::Toggle, 1)).0, Moment::Arrival);
}

#[test]
fn a_first_tap_while_the_clock_is_not_trusted_is_an_arrival_whatever_happened_while_the_power_was_out() {
    let mut space = Space::at("2026-10-23T17:00:00");
    space.tap(1);
    space.to("2026-10-24T09:00:00").power_cut(false);
    assert_eq!(moment(&space.tap(1)).0, Moment::Arrival);
    assert_eq!(moment(&space.wait(5).tap(1)).0, Moment::Seen);
    assert_eq!(space.here(), [1]);
}

#[test]
fn while_the_clock_cant_be_trusted_taps_are_recorded_and_set_right_once_it_is_known() {
    let mut space = Space::at("2026-10-23T09:00:00").power_cut_here();
    space.tap(1);
    space.wait(10).tap(2);
    assert!(space.presence.open().all(|v| v.opened.wall.is_none()));
    assert_eq!(space.presence.next_deadline(&space.now()).wall, None, "closing never fires while the clock is unknown");
    assert_eq!(space.presence.today(&space.now()), 2);
    space.wait(20).trusted = true;
    space.decide(&Input::Deadline);
    let opened: Vec<_> = space.presence.open().map(|v| v.opened.wall).collect();
    assert_eq!(opened, [Some(local("2026-10-23T09:00:00")), Some(local("2026-10-23T09:10:00"))]);
    assert_eq!(space.presence.today(&space.now()), 2);
    space.to("2026-10-23T22:00:00").decide(&Input::Deadline);
    assert!(space.here().is_empty());
}

impl Space {
    fn power_cut_here(mut self) -> Self {
        self.power_cut(false);
        self
    }
}

#[test]
fn a_visit_of_a_boot_that_never_learnt_the_time_is_closed_once_the_time_is_known() {
    let mut space = Space::at("2026-10-23T09:00:00").power_cut_here();
    space.tap(1);
    space.wait(30).power_cut(true).decide(&Input::Deadline);
    assert_eq!(space.closings(), [(ClosedBy::Assumed, None)]);
}

#[test]
fn presence_ages_after_fresh_for_without_a_tap() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    let fresh = |space: &Space| space.presence.policy().is_fresh(&space.presence.visit_of(id(1)).unwrap().last_seen, &space.now());
    assert!(fresh(space.wait(179)));
    let due = space.presence.next_deadline(&space.now()).since_boot.unwrap();
    assert_eq!(due, space.now().since_boot + Duration::from_secs(60), "the screen is told when somebody passes");
    assert!(!fresh(space.wait(1)));
    assert_eq!(space.here(), [1], "not checked out: passed");
    space.tap(1);
    assert!(fresh(&space));
}

#[test]
fn je_repars_closes_the_visit_and_annuler_takes_it_back_for_5_s() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    let visit = space.presence.visit_of(id(1)).unwrap().clone();
    assert_eq!(space.decide(&Input::Leave(visit.id)), Outcome::Done(visit.id));
    assert!(space.here().is_empty());
    space.now += jiff::SignedDuration::from_secs(4);
    assert_eq!(space.decide(&Input::Undo(visit.id)), Outcome::Done(visit.id));
    assert_eq!(space.presence.visit_of(id(1)), Some(&visit));
    space.decide(&Input::Leave(visit.id));
    space.now += jiff::SignedDuration::from_secs(9);
    assert!(matches!(space.decide(&Input::Undo(visit.id)), Outcome::Impossible(_)));
    assert_eq!(space.closings(), [(ClosedBy::Button, None), (ClosedBy::Button, None)]);
}

#[test]
fn a_signing_tap_changes_no_presence_but_by_what_it_signs() {
    for role in [Role::Arrival, Role::Departure, Role::Toggle, Role::Enrol] {
        let mut space = Space::at("2026-10-23T09:00:00");
        space.tap(1);
        let quiet = Action::Availability { availability: Availability::DoNotDisturb };
        let visit = space.presence.visit_of(id(1)).unwrap().id;
        assert_eq!(space.wait(30).sign(role, 1, quiet), Outcome::Signed { member: id(1), visit });
        let visit = space.presence.visit_of(id(1)).unwrap();
        assert_eq!((visit.availability, visit.last_seen), (Availability::DoNotDisturb, space.now()));
        assert_eq!(space.kinds(), ["checked_in", "seen", "availability_set"]);
    }
}

#[test]
fn a_signed_je_repars_closes_the_visit_and_annuler_takes_it_back_for_5_s() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    let visit = space.presence.visit_of(id(1)).unwrap().id;
    assert_eq!(space.wait(1).sign(Role::Arrival, 1, Action::Leave), Outcome::Signed { member: id(1), visit });
    assert_eq!(space.closings(), [(ClosedBy::Signed, None)]);
    space.now += jiff::SignedDuration::from_secs(4);
    assert_eq!(space.decide(&Input::Undo(visit)), Outcome::Done(visit));
    assert_eq!(space.here(), [1]);
}

#[test]
fn signing_by_a_member_not_yet_present_is_an_arrival_first() {
    let mut space = Space::at("2026-10-23T09:00:00");
    assert_eq!(space.sign(Role::Departure, 1, Action::Leave), Outcome::ArrivedFirst { member: id(1) });
    assert_eq!(space.presence.visit_of(id(1)).unwrap().opened_by, OpenedBy::Signed);
    assert!(matches!(space.wait(1).sign(Role::Departure, 1, Action::Leave), Outcome::Signed { .. }), "asked again, and signed");
    assert!(space.here().is_empty());
}

#[test]
fn a_card_that_is_no_badge_signs_nothing() {
    let mut space = Space::at("2026-10-23T09:00:00");
    for card in [9, 4] {
        assert!(matches!(space.sign(Role::Arrival, card, Action::Leave), Outcome::Unknown { code: Some(_) }));
    }
    space.tap(1);
    assert!(matches!(space.wait(1).sign(Role::Arrival, 1, Action::Unknown), Outcome::Impossible(_)));
    assert_eq!(space.here(), [1]);
}

#[test]
fn an_availability_ends_with_the_visit() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.tap(1);
    let visit = space.presence.visit_of(id(1)).unwrap().id;
    space.decide(&Input::SetAvailability(visit, Availability::DoNotDisturb));
    assert_eq!(space.presence.visit(visit).unwrap().availability, Availability::DoNotDisturb);
    space.decide(&Input::Leave(visit));
    space.wait(10).tap(1);
    assert_eq!(space.presence.visit_of(id(1)).unwrap().availability, Availability::Here);
}

#[test]
fn pairing_codes_are_limited_in_rate() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let reader = ReaderName::new("porte").unwrap();
    let stranger = |space: &mut Space, n: u16| {
        let mut mac = [0xEE; 32];
        mac[..2].copy_from_slice(&n.to_be_bytes());
        let card = Card::Known(vec![BadgeMac { key_id: 1, mac }], Proof::Uid);
        space.decide(&Input::Tap { reader: reader.clone(), role: Role::Arrival, card, dice: 3 })
    };
    let codes: BTreeSet<_> = (0..60)
        .map(|n| match stranger(&mut space, n) {
            Outcome::Unknown { code: Some(code) } => code,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes.len(), 60, "unique among the living");
    assert_eq!(stranger(&mut space, 60), Outcome::Unknown { code: None });
    space.wait(11);
    assert!(matches!(stranger(&mut space, 61), Outcome::Unknown { code: Some(_) }));
}

mod random {
    use super::vouched::{declare, guest};
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Tap(u8, Role),
        Wait(u16),
        PowerCut(bool),
        Trust,
        Leave(u8),
        Undo(u8),
        Sign(u8),
        Guest,
        Enrol(u8),
        Vouch(u8, u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        let role =
            prop_oneof![4 => Just(Role::Arrival), 1 => Just(Role::Departure), 1 => Just(Role::Toggle), 1 => Just(Role::Enrol)];
        prop_oneof![
            8 => (1u8..10, role).prop_map(|(n, role)| Step::Tap(n, role)),
            4 => (0u16..700).prop_map(Step::Wait),
            1 => any::<bool>().prop_map(Step::PowerCut),
            1 => Just(Step::Trust),
            2 => (0u8..8).prop_map(Step::Leave),
            2 => (0u8..8).prop_map(Step::Undo),
            2 => (1u8..10).prop_map(Step::Sign),
            1 => Just(Step::Guest),
            1 => (1u8..4).prop_map(Step::Enrol),
            2 => (1u8..4, 0u8..5).prop_map(|(by, who)| Step::Vouch(by, who)),
        ]
    }

    fn verify_invariants(space: &Space) {
        let presence = &space.presence;
        let members: Vec<_> = presence.open().filter_map(|v| v.subject.member()).collect();
        assert_eq!(members.iter().collect::<BTreeSet<_>>().len(), members.len(), "nobody is here twice");
        for member in members {
            assert!(presence.visit_of(member).is_some_and(|v| v.subject == Subject::Member(member)));
        }
        assert!(presence.open().all(|v| v.id.0 < presence.next_visit));
        if let Some(wall) = space.now().wall {
            for visit in presence.open() {
                let opened = visit.opened.wall.expect("all is dated once the clock is known");
                assert!(presence.policy.close_by(opened) > wall, "no visit outlives its closing");
                assert!(presence.next_deadline(&space.now()).wall.is_some_and(|due| due <= presence.policy.close_by(opened)));
            }
        }
        // the fold over the events is the state: what a start rebuilds is what was there
        let mut folded = Presence::new(presence.policy.clone());
        for event in &space.log {
            folded.apply(event);
        }
        assert_eq!(
            (&folded.open, &folded.by_member, &folded.pairings, &folded.today, folded.next_visit, &folded.vouched),
            (&presence.open, &presence.by_member, &presence.pairings, &presence.today, presence.next_visit, &presence.vouched)
        );
        for n in 1..4 {
            assert!(presence.vouched_by(id(n), &space.now()) <= voisins_shared::visit::VOUCHED_A_DAY, "at most so many a day");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn random_days_keep_the_invariants(steps in proptest::collection::vec(step(), 1..60)) {
            let mut space = Space::at("2026-10-30T08:00:00");
            for step in steps {
                let nth = |space: &Space, n: u8| space.presence.undoable.keys().chain(space.presence.open.keys()).nth(usize::from(n)).copied();
                let code = |space: &Space| space.presence.pairings().next().map(|p| p.code);
                match step {
                    Step::Tap(n, role) => { space.tap_at(role, n); }
                    Step::Wait(minutes) => { space.wait(i64::from(minutes)).decide(&Input::Deadline); }
                    Step::PowerCut(trusted) => { space.power_cut(trusted).decide(&Input::Deadline); }
                    Step::Trust => { space.trusted = true; space.decide(&Input::Deadline); }
                    Step::Leave(n) => if let Some(visit) = nth(&space, n) { space.decide(&Input::Leave(visit)); },
                    Step::Undo(n) => if let Some(visit) = nth(&space, n) { space.decide(&Input::Undo(visit)); },
                    Step::Sign(n) => { space.sign(Role::Toggle, n, Action::Leave); }
                    Step::Vouch(by, who) => {
                        let names = ["Anne Tremblay", "benoit lavoie", "M-0003", "personne", ""];
                        let action = if who % 2 == 0 { declare(names[usize::from(who)]) } else { guest(names[usize::from(who)]) };
                        space.sign(Role::Arrival, by, action);
                    }
                    Step::Guest => if let Some(code) = code(&space) { space.decide(&Input::EnterAsGuest(code)); },
                    Step::Enrol(n) => if let Some(code) = code(&space) { space.decide(&Input::Enrol(code, id(u128::from(n)))); },
                }
                verify_invariants(&space);
            }
        }
    }

    #[test]
    fn a_departure_taken_back_after_the_clock_became_known_is_dated_too() {
        let mut space = Space::at("2026-10-30T08:00:00");
        space.power_cut(false).tap(2);
        let Outcome::Signed { visit, .. } = space.sign(Role::Toggle, 2, Action::Leave) else { panic!() };
        space.trusted = true;
        space.decide(&Input::Deadline);
        assert_eq!(space.decide(&Input::Undo(visit)), Outcome::Done(visit));
        verify_invariants(&space);
    }

    #[test]
    fn a_day_in_the_zone_of_the_site() {
        assert_eq!(policy(HOURS).day_of(local("2026-10-30T08:00:00")), date(2026, 10, 30));
    }
}
