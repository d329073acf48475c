//! Databases that an older program wrote.

use super::*;

/// A database as it was after so many migrations.
fn as_it_was(house: &House, migrations: usize) -> Connection {
    let raw = house.raw();
    MIGRATIONS[..migrations].iter().for_each(|migration| raw.execute_batch(migration).unwrap());
    raw.pragma_update(None, "user_version", migrations).unwrap();
    raw
}

#[test]
fn needs_of_an_older_database_are_there_with_their_first_answer_and_without_passes() {
    let house = House::new();
    let raw = as_it_was(&house, 3);
    let (anne, need, boot) = (id(1).to_string(), NeedId(Uuid::from_u128(1)), Uuid::nil().to_string());
    raw.execute("INSERT INTO site (name) VALUES ('a')", []).unwrap();
    raw.execute("INSERT INTO member (member_id, number, name, added_at) VALUES (?1, 1, 'Anne', 'x')", [&anne]).unwrap();
    let sql = "INSERT INTO need (need_id, site_id, text, audience, posted_boot, posted_ns, posted_at)
               VALUES (?1, 1, 'photos', 'named', ?2, 0, '2026-10-23T13:00:00Z')";
    raw.execute(sql, (need.to_string(), boot)).unwrap();
    let sql = "INSERT INTO help (need_id, helper, offered_at) VALUES (?1, ?2, '2026-10-23T13:20:00Z')";
    raw.execute(sql, (need.to_string(), anne)).unwrap();
    let store = house.store();
    let needs = store.open_needs().unwrap();
    assert_eq!((needs.len(), needs[0].passes, needs[0].renewed, needs[0].helpers.len()), (1, None, None, 1));
    let months = store.measures("2026-10-24".parse().unwrap(), &policy("")).unwrap();
    assert_eq!((months[0].needs_posted, months[0].first_answer_minutes), (1, Some(20)));
    assert_eq!(store.ledger().unwrap().accounts().count(), 0);
}
