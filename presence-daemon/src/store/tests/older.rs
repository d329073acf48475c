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

#[test]
fn an_open_introduction_of_an_older_database_keeps_the_name_of_who_gave_none() {
    let house = House::new();
    let raw = as_it_was(&house, 10);
    raw.execute("INSERT INTO site (name) VALUES ('a')", []).unwrap();
    let member = "INSERT INTO member (member_id, number, name, added_at) VALUES (?1, ?2, 'Anne', 'x')";
    raw.execute(member, (id(1).to_string(), 1)).unwrap();
    raw.execute(member, (id(2).to_string(), 2)).unwrap();
    for (n, audience) in [(1, "named"), (2, "unnamed"), (3, "coordination")] {
        let need = Uuid::from_u128(n).to_string();
        let sql = "INSERT INTO need (need_id, site_id, author, text, audience, posted_boot, posted_ns)
                   VALUES (?1, 1, ?2, 'photos', ?3, ?4, 0)";
        raw.execute(sql, (&need, id(1).to_string(), audience, Uuid::nil().to_string())).unwrap();
        let sql =
            "INSERT INTO introduction (introduction_id, site_id, asker, helper, need_id, by, quiet, proposed_boot, proposed_ns)
                   VALUES (?1, 1, ?2, ?3, ?1, 'coordination', 0, ?4, 0)";
        raw.execute(sql, (&need, id(1).to_string(), id(2).to_string(), Uuid::nil().to_string())).unwrap();
    }
    let introductions = house.store().introductions().unwrap();
    let first = |n| introductions.get(voisins_shared::introduction::IntroductionId(Uuid::from_u128(n))).unwrap().asker_first;
    assert_eq!([1, 2, 3].map(first), [false, true, true]);
}
