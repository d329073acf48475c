//! A message that a badge made for a phone is good for one time.

use super::*;

#[test]
fn a_count_is_taken_once_and_an_older_one_never_also_after_a_restart() {
    let house = House::new();
    let mut store = house.store();
    assert!(store.take_read(&[card(1)], 0).unwrap(), "the first is above nothing");
    assert!(!store.take_read(&[card(1)], 0).unwrap());
    assert!(store.take_read(&[card(1)], 9).unwrap());
    assert!(!store.take_read(&[card(1)], 8).unwrap());
    assert!(store.take_read(&[card(2)], 8).unwrap(), "another card");
    drop(store);
    let mut store = house.store();
    assert!(!store.take_read(&[card(1)], 9).unwrap());
    assert!(store.take_read(&[card(1)], 0xFF_FFFF).unwrap());
    assert!(!store.take_read(&[], 1).unwrap());
}

#[test]
fn a_new_badge_key_forgets_no_count_and_an_erasure_forgets_it() {
    let house = House::new();
    drop(house.store());
    let path = house.folder.path().join("badge.key");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}2 {}\n", "ab".repeat(32))).unwrap();
    let house = House { keys: KeyRing::load(&path, false).unwrap(), folder: house.folder };
    let mut store = with_members(&house);
    let newer = BadgeMac { key_id: 2, mac: [1; 32] };
    assert!(store.take_read(&[newer, card(1)], 5).unwrap());
    assert!(!store.take_read(&[card(1), newer], 5).unwrap());
    assert!(store.take_read(&[card(1), newer], 6).unwrap());
    assert!(!store.take_read(&[newer, card(1)], 6).unwrap());
    let rows = || -> i64 { house.raw().query_row("SELECT count(*) FROM badge_read", [], |row| row.get(0)).unwrap() };
    assert_eq!(rows(), 1, "by one digest at a time");
    store.erase(id(1), &now(1, 60, Some(MORNING)), &[]).unwrap();
    assert_eq!(rows(), 0);
}
