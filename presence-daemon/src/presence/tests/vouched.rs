//! Guests and *sans badge aujourd'hui*.

use super::*;
use voisins_shared::payload::refusal;

pub(super) fn guest(name: &str) -> Action {
    Action::Guest { name: name.into() }
}

pub(super) fn declare(name: &str) -> Action {
    Action::Declare { name: name.into() }
}

impl Space {
    /// Member 1 is here since 9 and signs.
    fn anne_here() -> Self {
        let mut space = Self::at("2026-10-30T09:00:00");
        space.tap(1);
        space
    }

    fn last_vouch(&self) -> Option<(Subject, Vouch, &str)> {
        self.log.iter().rev().find_map(|event| match &event.what {
            What::Vouched { subject, vouch, name, .. } => Some((*subject, *vouch, &**name)),
            _ => None,
        })
    }

    fn guests(&self) -> usize {
        self.presence.open().filter(|visit| visit.subject.member().is_none()).count()
    }
}

#[test]
fn a_guest_is_vouched_for_by_a_present_member_counted_and_leaves_at_closing() {
    let mut space = Space::anne_here();
    assert!(matches!(space.sign(Role::Arrival, 1, guest("  Marie  Curie ")), Outcome::Signed { .. }));
    assert_eq!((space.guests(), space.presence.today(&space.now())), (1, 2));
    assert!(matches!(space.last_vouch(), Some((Subject::Guest(_), Vouch::Guest, "Marie Curie"))));
    assert!(space.presence.open().any(|visit| visit.opened_by == OpenedBy::Declared));
    space.to("2026-10-30T22:00:00").decide(&Input::Deadline);
    assert_eq!(space.guests(), 0);
}

#[test]
fn a_member_vouches_for_at_most_three_people_a_day() {
    let mut space = Space::anne_here();
    for name in ["a", "b"] {
        space.sign(Role::Arrival, 1, guest(name));
    }
    space.sign(Role::Arrival, 1, declare("Benoît Lavoie"));
    for action in [guest("d"), declare("Zoé Ng"), declare("nobody")] {
        assert_eq!(space.sign(Role::Arrival, 1, action), Outcome::NotDone(refusal::TOO_MANY_GUESTS));
    }
    space.tap(3);
    assert!(matches!(space.sign(Role::Arrival, 3, guest("d")), Outcome::Signed { .. }), "somebody else may");
    space.to("2026-10-31T09:00:00").tap(1);
    assert!(matches!(space.sign(Role::Arrival, 1, guest("d")), Outcome::Signed { .. }), "a new day");
}

#[test]
fn a_name_has_1_to_60_characters() {
    let mut space = Space::anne_here();
    for bad in [String::new(), " ".into(), "x".repeat(61), "a\u{7}".into()] {
        for action in [guest(&bad), declare(&bad)] {
            assert_eq!(space.sign(Role::Arrival, 1, action), Outcome::NotDone(refusal::BAD_NAME), "{bad:?}");
        }
    }
}

#[test]
fn sans_badge_opens_a_declared_visit_whatever_case_and_accents() {
    for name in ["Benoît Lavoie", " BENOIT  lavoie", "m-0002"] {
        let mut space = Space::anne_here();
        assert!(matches!(space.sign(Role::Arrival, 1, declare(name)), Outcome::Signed { member, .. } if member == id(1)));
        let visit = space.presence.visit_of(id(2)).expect("here");
        assert_eq!((visit.opened_by, space.guests()), (OpenedBy::Declared, 0), "{name}");
        assert_eq!(space.last_vouch(), Some((Subject::Member(id(2)), Vouch::Member, "")), "no name is kept");
    }
}

#[test]
fn sans_badge_by_one_who_is_here_already_renews_last_seen() {
    let mut space = Space::anne_here();
    space.tap(2);
    space.wait(60).sign(Role::Arrival, 1, declare("Benoît Lavoie"));
    let visit = space.presence.visit_of(id(2)).unwrap();
    assert_eq!((visit.opened_by, visit.last_seen.wall), (OpenedBy::Tap, Some(local("2026-10-30T10:00:00"))));
}

#[test]
fn a_name_that_is_nobodys_several_members_or_a_suspended_ones_enters_as_a_guest_and_the_answer_is_the_same() {
    let mut space = Space::anne_here();
    let mut paused = member(4, "Paul Roy", &[]);
    paused.standing = crate::directory::Standing::Suspended;
    space.directory = space.directory.with(paused).with(member(5, "Zoe NG", &[]));
    for (name, vouch) in [("Personne", Vouch::Unknown), ("Zoé Ng", Vouch::Ambiguous), ("paul roy", Vouch::Suspended)] {
        assert!(matches!(space.sign(Role::Arrival, 1, declare(name)), Outcome::Signed { member, .. } if member == id(1)));
        assert!(matches!(space.last_vouch(), Some((Subject::Guest(_), found, kept)) if found == vouch && kept == name), "{name}");
    }
    assert_eq!((space.guests(), space.here()), (3, vec![1]));
}

#[test]
fn who_types_their_own_name_has_tapped_and_is_not_counted_as_vouched_for() {
    let mut space = Space::anne_here();
    assert!(matches!(space.sign(Role::Arrival, 1, declare("Anne Tremblay")), Outcome::Signed { .. }));
    assert_eq!(space.presence.vouched_by(id(1), &space.now()), 0);
    assert_eq!(space.kinds(), ["checked_in", "seen"]);
}
