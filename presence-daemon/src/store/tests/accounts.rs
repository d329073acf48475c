//! Accounts, their second step, and the journal.

use super::*;
use crate::deed::{About, AccountNo, Deed, Managed};
use crate::store::journal::Wanted;
use crate::web::access::Role;

fn wrote(store: &mut Store, managed: Managed, wall: Option<&str>) {
    let event = PresenceEvent { at: now(1, 10, wall), what: What::Managed(managed) };
    store.record(&[event], &policy(""), &[], None).unwrap();
}

fn deed(account: Option<i64>, deed: Deed, about: Option<About>) -> Managed {
    Managed { account: account.map(AccountNo), deed, about, times: 1 }
}

#[test]
fn accounts_of_an_older_database_are_managers_and_have_numbers() {
    let house = House::new();
    let raw = house.raw();
    MIGRATIONS[..11].iter().for_each(|migration| raw.execute_batch(migration).unwrap());
    raw.pragma_update(None, "user_version", 11).unwrap();
    let sql = "INSERT INTO manager VALUES ('zoé', 'h1', '2026-01-01T00:00:00Z'), ('anne', 'h2', '2026-02-01T00:00:00Z')";
    raw.execute(sql, []).unwrap();
    let store = house.store();
    let found: Vec<_> =
        store.managers().unwrap().into_iter().map(|a| (a.number.0, a.name, a.role, a.password, a.second_step)).collect();
    let expected = [(2, "anne", "h2"), (1, "zoé", "h1")].map(|(n, name, hash)| (n, name.into(), Role::Manager, hash.into(), false));
    assert_eq!(found, expected);
}

#[test]
fn the_last_manager_stays_and_a_number_is_never_given_twice() {
    let house = House::new();
    let mut store = house.store();
    let anne = store.set_manager("anne", "h", Role::Manager, false).unwrap().unwrap();
    let paul = store.set_manager("paul", "h", Role::Viewer, false).unwrap().unwrap();
    assert_eq!(store.set_manager("Anne", "h", Role::Manager, false).unwrap(), None, "the name is taken");
    assert_eq!(store.remove_manager(anne).unwrap(), Removed::LastManager);
    assert_eq!(store.remove_manager(paul).unwrap(), Removed::Done { name: "paul".into() });
    assert_eq!(store.remove_manager(paul).unwrap(), Removed::NoSuch, "twice");
    assert_eq!((store.manager("paul").unwrap(), store.account_no("paul").unwrap()), (None, Some(paul)));
    let again = store.set_manager("paul", "h", Role::Manager, false).unwrap().unwrap();
    assert!(again > paul, "{again:?}");
    assert_eq!(store.account_no("paul").unwrap(), Some(again), "the living one");
    assert_eq!(store.remove_manager(anne).unwrap(), Removed::Done { name: "anne".into() });
    // by the machine's own link an account comes back to whoever lost its password and its phone
    assert!(store.draw_step("paul", [1; 16]).unwrap() && store.use_step("paul", 7).unwrap());
    assert!(store.manager("paul").unwrap().unwrap().second_step);
    assert_eq!(store.set_manager("paul", "new", Role::Manager, true).unwrap(), Some(again));
    let found = store.manager("paul").unwrap().unwrap();
    assert_eq!((&*found.password, found.second_step, store.step("paul").unwrap()), ("new", false, None));
}

#[test]
fn a_second_step_outlives_a_restart_and_its_secret_is_not_in_the_file() {
    let house = House::new();
    let mut store = house.store();
    store.set_manager("anne", "h", Role::Manager, false).unwrap();
    assert!(store.draw_step("anne", [3; 16]).unwrap());
    let drawn = store.step("anne").unwrap().unwrap();
    assert!(!drawn.on && !store.manager("anne").unwrap().unwrap().second_step, "not before a code has come back");
    assert!(store.use_step("anne", 100).unwrap());
    assert!(!store.use_step("anne", 100).unwrap() && !store.use_step("anne", 99).unwrap(), "a code is taken once");
    assert!(!store.draw_step("anne", [4; 16]).unwrap(), "it is on");
    let codes = ["abcdefghijklmnop".to_owned(), "qrstuvwxyz234567".to_owned()];
    assert!(store.keep_recovery("anne", &codes).unwrap());
    drop(store);
    let mut store = house.store();
    let kept = store.step("anne").unwrap().unwrap();
    assert_eq!((kept.secret, kept.used, kept.on), (drawn.secret, 100, true));
    assert!(store.use_recovery("anne", &codes[0]).unwrap());
    assert!(!store.use_recovery("anne", &codes[0]).unwrap(), "once");
    assert_eq!(store.manager("anne").unwrap().unwrap().recovery, 1);
    store.rest().unwrap();
    let bytes = std::fs::read(house.path()).unwrap();
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    assert!(!holds(&drawn.secret) && !holds(codes[1].as_bytes()));
}

#[test]
fn the_journal_is_read_newest_first_by_account_and_by_pages() {
    let house = House::new();
    let mut store = with_members(&house);
    let anne = store.set_manager("anne", "h", Role::Manager, false).unwrap().unwrap();
    wrote(&mut store, deed(None, Deed::MembersImported, None), None);
    wrote(&mut store, deed(Some(anne.0), Deed::HistorySeen, Some(About::Member(id(2)))), Some(MORNING));
    wrote(&mut store, deed(Some(anne.0), Deed::MemberErased, Some(About::Member(id(9)))), Some(MORNING));
    store.set_manager("paul", "h", Role::Manager, false).unwrap();
    store.remove_manager(anne).unwrap();
    let reports = Reports::open(&house.path()).unwrap();
    let read = |account: Option<i64>, before| {
        let wanted = Wanted { account: account.map(AccountNo), before, at_most: 2 };
        reports
            .journal(wanted)
            .unwrap()
            .into_iter()
            .map(|line| (line.managed.deed, line.who, line.whom, line.sure))
            .collect::<Vec<_>>()
    };
    let gone = Some(("anne".to_owned(), true));
    let erased = (Deed::MemberErased, gone.clone(), None, true);
    let seen = (Deed::HistorySeen, gone, Some("Nom 2 (M-0002)".to_owned()), true);
    assert_eq!(read(None, None), [erased.clone(), seen.clone()]);
    assert_eq!(read(None, Some(2)), [(Deed::MembersImported, None, None, false)]);
    assert_eq!(read(Some(anne.0), None), [erased, seen]);
    assert_eq!(read(Some(77), None), []);
}

#[test]
fn a_line_of_the_journal_that_was_changed_or_taken_out_is_found() {
    let changes = [
        "UPDATE event SET body = replace(body, 'member_erased', 'signed_in') WHERE seq = 2",
        "UPDATE event SET wall_seen = '2026-10-23T13:00:01Z' WHERE seq = 2",
        "DELETE FROM journal; DELETE FROM event WHERE seq = 2",
        "DELETE FROM journal; DELETE FROM event WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3",
    ];
    for change in changes {
        let house = House::new();
        let mut store = house.store();
        for _ in 0..3 {
            wrote(&mut store, deed(None, Deed::MemberErased, None), Some(MORNING));
        }
        assert_eq!(Store::inspect(&house.path(), &house.keys).unwrap().events, 3);
        assert!(house.raw().execute_batch(change).is_err(), "the database itself refuses: {change}");
        let triggers = "DROP TRIGGER event_is_only_redacted; DROP TRIGGER event_is_never_deleted;";
        house.raw().execute_batch(&format!("{triggers} {change}")).unwrap();
        assert!(Store::inspect(&house.path(), &house.keys).is_err(), "{change}");
    }
}
