//! Hours that are counted once and kept.

use super::*;
use crate::statistics::Day;
use jiff::SignedDuration;
use jiff::civil::date;

fn left(visit: u64, at: Now, by: ClosedBy) -> PresenceEvent {
    let ended = None;
    PresenceEvent {
        at,
        what: What::CheckedOut { visit: VisitId(visit), subject: Subject::Member(id(u128::from(visit))), by, ended },
    }
}

const USUAL: SignedDuration = SignedDuration::from_hours(2);

#[test]
fn a_day_is_counted_from_its_visits_and_stays_when_they_are_forgotten() {
    let house = House::new();
    let mut store = with_members(&house);
    let policy = policy("");
    let at = |text: &str| now(1, 100, Some(text));
    let events = [
        checked_in(1, 1, at(MORNING)),
        checked_in(2, 2, at("2026-10-23T13:30:00Z")),
        left(1, at("2026-10-23T14:30:00Z"), ClosedBy::Button),
    ];
    store.record(&events, &policy, &[], None).unwrap();
    assert_eq!(store.usual_stay().unwrap(), Some(SignedDuration::from_mins(90)));
    let later = "2026-10-24T12:00:00Z".parse().unwrap();
    let day = store.count_day(date(2026, 10, 23), USUAL, &policy, later).unwrap();
    // 9 h in Montréal is 13 h in Greenwich; the second never left
    assert_eq!((&day.hours[8..13], day.estimated), (&[0, 2, 2, 1, 0][..], true));
    store.keep_days(&[(date(2026, 10, 23), day.clone())], date(2025, 10, 1)).unwrap();
    drop(store);
    let store = house.store();
    house.raw().execute("UPDATE visit SET member_id = NULL", []).unwrap();
    assert_eq!(store.history(date(2025, 10, 1)).unwrap().into_iter().collect::<Vec<_>>(), [(date(2026, 10, 23), day)]);
}

#[test]
fn a_visit_that_is_corrected_is_counted_anew() {
    let house = House::new();
    let mut store = with_members(&house);
    store.record(&[checked_in(1, 1, now(1, 100, Some(MORNING)))], &policy(""), &[], None).unwrap();
    let day = |hours| Day { hours, estimated: false };
    let (on, after) = (date(2026, 10, 23), date(2026, 10, 24));
    let kept = [(date(2026, 10, 22), day(vec![1])), (on, day(vec![2])), (after, day(vec![3]))];
    store.keep_days(&kept, date(2025, 10, 1)).unwrap();
    house.raw().execute("UPDATE visit SET opened_at = '2026-10-23T12:00:00Z'", []).unwrap();
    assert_eq!(store.history(date(2025, 10, 1)).unwrap().into_keys().collect::<Vec<_>>(), [date(2026, 10, 22)]);
    store.keep_days(&[], on).unwrap();
    assert!(store.history(date(2025, 10, 1)).unwrap().is_empty(), "too old");
}
