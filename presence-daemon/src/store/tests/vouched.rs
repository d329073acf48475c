//! People without a badge, on disk.

use super::*;
use crate::presence::Vouch;

fn vouched(visit: u64, by: u128, vouch: Vouch, name: &str, at: Now) -> [PresenceEvent; 2] {
    let (visit, subject) = (VisitId(visit), Subject::Guest(GuestId(visit)));
    let opened = What::CheckedIn { visit, subject, reader: None, by: OpenedBy::Declared };
    let vouched = What::Vouched { visit, subject, by: id(by), vouch, name: name.into() };
    [PresenceEvent { at, what: opened }, PresenceEvent { at, what: vouched }]
}

#[test]
fn a_guests_name_is_kept_until_the_end_of_the_next_day_and_in_no_event() {
    let house = House::new();
    let mut store = with_members(&house);
    let policy = policy("");
    store.record(&vouched(1, 1, Vouch::Guest, "Marie Curie", now(1, 60, Some(MORNING))), &policy, &[], None).unwrap();
    let bodies: String = house.raw().query_row("SELECT group_concat(body) FROM event", [], |row| row.get(0)).unwrap();
    assert!(!bodies.contains("Marie"), "{bodies}");
    let day = |text: &str| Some(text.parse().unwrap());
    let names = |store: &Store| store.vouched(day("2026-10-23")).unwrap().into_iter().map(|v| v.name).collect::<Vec<_>>();
    store.forget_guests("2026-10-23".parse().unwrap()).unwrap();
    assert_eq!(names(&store), [Some("Marie Curie".to_owned())]);
    store.forget_guests("2026-10-24".parse().unwrap()).unwrap();
    assert_eq!(names(&store), [None], "the row stays to be counted");
}

#[test]
fn after_a_restart_it_is_known_for_whom_a_member_vouched_today() {
    let house = House::new();
    let mut store = with_members(&house);
    let policy = policy("");
    let mut presence = Presence::new(policy.clone());
    let happens = |store: &mut Store, presence: &mut Presence, events: &[PresenceEvent]| {
        store.record(events, &policy, &[], None).unwrap();
        events.iter().for_each(|event| presence.apply(event));
    };
    happens(&mut store, &mut presence, &vouched(1, 1, Vouch::Guest, "a", now(1, 60, None)));
    happens(&mut store, &mut presence, &vouched(2, 1, Vouch::Unknown, "b", now(1, 90, None)));
    let later = now(1, 600, Some(MORNING));
    happens(&mut store, &mut presence, &[PresenceEvent { at: later, what: What::ClockKnown }]);
    let restored = Presence::restore(policy.clone(), store.restore(&policy, &later).unwrap());
    assert_eq!((presence.vouched_by(id(1), &later), restored.vouched_by(id(1), &later)), (2, 2));
    assert_eq!([1, 2].map(|visit| restored.is_said_member(VisitId(visit))), [false, true]);
    let tomorrow = now(2, 600, Some("2026-10-24T13:00:00Z"));
    assert_eq!(Presence::restore(policy.clone(), store.restore(&policy, &tomorrow).unwrap()).vouched_by(id(1), &tomorrow), 0);
}
