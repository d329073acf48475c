//! Badges that prove themselves, and cards that only say so.

use super::*;
use crate::config::Config;

impl Space {
    fn holds(&mut self, n: u8, proof: Proof) -> Outcome {
        let reader = ReaderName::new("porte").unwrap();
        let Card::Known(macs, _) = card(n) else { unreachable!() };
        self.decide(&Input::Tap { reader, role: Role::Arrival, card: Card::Known(macs, proof), dice: u64::from(n) })
    }

    fn last_refusal(&self) -> Option<Barred> {
        self.log.iter().rev().find_map(|event| if let What::TapRefused { reason, .. } = event.what { Some(reason) } else { None })
    }

    fn code_of(&self, n: u8) -> PairingCode {
        let known = |pairing: &&Pairing| pairing.card.mac == [n; 32];
        self.presence.pairings().find(known).unwrap().code
    }

    /// The same house, where only badges that prove themselves count.
    fn strict() -> Self {
        let mut space = Self::at("2026-10-23T09:00:00");
        let config = Config::parse("badges = 'authentic'", "test".as_ref()).unwrap();
        space.presence = Presence::new(Policy::new(&config).unwrap());
        space
    }
}

#[test]
fn a_badge_that_proved_itself_once_is_never_again_taken_without_proof() {
    let mut space = Space::at("2026-10-23T09:00:00");
    assert_eq!(moment(&space.holds(1, Proof::Uid)).0, Moment::Arrival, "not known to be more than a UID yet");
    assert_eq!(moment(&space.holds(1, Proof::Genuine)).0, Moment::Seen);
    let seen = space.presence.visit_of(id(1)).unwrap().last_seen;
    space.wait(1);
    // the copy looks like an unknown card to whoever holds it
    assert!(matches!(space.holds(1, Proof::Uid), Outcome::Unknown { code: Some(_) }));
    assert_eq!(space.last_refusal(), Some(Barred::Unproven));
    assert_eq!(space.presence.visit_of(id(1)).unwrap().last_seen, seen);
    assert_eq!(moment(&space.holds(1, Proof::Genuine)).0, Moment::Seen);
    let proved = |kind: &&&str| **kind == "badge_proved";
    assert_eq!(space.kinds().iter().filter(proved).count(), 1, "it is noted once");
}

#[test]
fn a_copy_signs_nothing() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.holds(1, Proof::Genuine);
    assert!(matches!(space.sign(Role::Arrival, 1, Action::Leave), Outcome::Unknown { .. }));
    assert_eq!((space.last_refusal(), space.here()), (Some(Barred::Unproven), vec![1]));
}

#[test]
fn a_copy_of_a_lost_badge_does_not_make_it_found() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let lost = BadgeMac { key_id: 1, mac: [4; 32] };
    let badge = *space.directory.badge(&lost).unwrap();
    space.keep_badge(lost, Badge { authentic: true, ..badge });
    // held twice before anybody gives it a name, as an honest new card would be
    space.holds(4, Proof::Uid);
    space.holds(4, Proof::NotAsked);
    assert_eq!(space.decide(&Input::Enrol(space.code_of(4), id(1))), Outcome::AwaitsSecondTap);
    assert!(matches!(space.holds(4, Proof::Uid), Outcome::Unknown { .. }));
    assert_eq!(space.directory.badge(&lost).unwrap().state, BadgeState::Lost);
    assert_eq!(moment(&space.holds(4, Proof::Genuine)).0, Moment::Arrival);
}

#[test]
fn a_card_that_proves_itself_when_it_is_enrolled_has_to_from_then_on() {
    let mut space = Space::at("2026-10-23T09:00:00");
    space.holds(9, Proof::Genuine);
    space.decide(&Input::Enrol(space.code_of(9), id(2)));
    assert_eq!(moment(&space.holds(9, Proof::Genuine)).0, Moment::Arrival);
    assert!(matches!(space.holds(9, Proof::Uid), Outcome::Unknown { .. }));
    assert_eq!(space.last_refusal(), Some(Barred::Unproven));
}

#[test]
fn where_only_authentic_badges_count_a_uid_alone_opens_no_visit_not_even_when_it_is_enrolled() {
    let mut space = Space::strict();
    assert!(matches!(space.holds(1, Proof::Uid), Outcome::Unknown { code: Some(_) }));
    assert_eq!(space.last_refusal(), Some(Barred::UidOnly));
    space.holds(9, Proof::Uid);
    space.decide(&Input::Enrol(space.code_of(9), id(2)));
    assert_eq!(space.holds(9, Proof::Uid), Outcome::Enrolled(id(2)));
    assert!(matches!(space.holds(9, Proof::Uid), Outcome::Unknown { .. }));
    assert!(space.here().is_empty());
    assert_eq!(moment(&space.holds(3, Proof::Genuine)).0, Moment::Arrival);
}

#[test]
fn a_reader_that_only_reads_numbers_accuses_nobody() {
    let mut space = Space::at("2026-10-23T09:00:00");
    assert_eq!(moment(&space.holds(3, Proof::NotAsked)).0, Moment::Arrival);
    space.holds(3, Proof::Genuine);
    assert!(matches!(space.holds(3, Proof::NotAsked), Outcome::Unknown { .. }));
    assert_eq!(space.last_refusal(), Some(Barred::NotAsked));
    let mut strict = Space::strict();
    strict.holds(1, Proof::NotAsked);
    assert_eq!(strict.last_refusal(), Some(Barred::NotAsked));
}

#[test]
fn for_one_member_only_authentic_badges_may_count() {
    let mut space = Space::at("2026-10-23T09:00:00");
    let anne = space.directory.member(id(1)).unwrap().clone();
    space.directory = space.directory.with(crate::directory::Member { authentic_only: true, ..anne });
    assert!(matches!(space.holds(1, Proof::Uid), Outcome::Unknown { .. }));
    assert_eq!(space.last_refusal(), Some(Barred::UidOnly));
    assert_eq!(moment(&space.holds(2, Proof::Uid)).0, Moment::Arrival);
    assert_eq!(moment(&space.holds(1, Proof::Genuine)).0, Moment::Arrival);
}
