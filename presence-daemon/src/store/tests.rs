mod accounts;
mod agenda;
mod badge_read;
mod between;
mod history;
mod older;
mod vouched;

use super::*;
use crate::clock::{BootId, Now};
use crate::community::{Community, Draft, NeedEnd, Side};
use crate::directory::tests::member;
use crate::key::BadgeMac;
use crate::policy::tests::policy;
use crate::presence::{GuestId, Presence, PresenceEvent, Subject, VisitId, What};
use jiff::Timestamp;
use std::time::Duration;
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Answer, Weekday};
use voisins_shared::visit::{Availability, ClosedBy, OpenedBy};

struct House {
    folder: tempfile::TempDir,
    keys: KeyRing,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyRing::load(&folder.path().join("badge.key"), true).unwrap();
        Self { folder, keys }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("voisins.db")
    }

    fn store(&self) -> Store {
        Store::open(&self.path(), &SiteName::new("a").unwrap(), &self.keys).unwrap()
    }

    fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

fn id(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn now(boot: u128, seconds: u64, wall: Option<&str>) -> Now {
    Now { boot: BootId(Uuid::from_u128(boot)), since_boot: Duration::from_secs(seconds), wall: wall.map(|w| w.parse().unwrap()) }
}

const MORNING: &str = "2026-10-23T13:00:00Z";

fn card(n: u8) -> BadgeMac {
    BadgeMac { key_id: 1, mac: [n; 32] }
}

fn checked_in(visit: u64, member: u128, at: Now) -> PresenceEvent {
    let reader = ReaderName::new("porte").ok();
    PresenceEvent {
        at,
        what: What::CheckedIn { visit: VisitId(visit), subject: Subject::Member(id(member)), reader, by: OpenedBy::Tap },
    }
}

fn with_members(house: &House) -> Store {
    let mut store = house.store();
    let changes: Vec<Change> = (1..=3)
        .map(|n| Change { member: member(n, &format!("Nom {n}"), &[]), consents: vec![], badges: vec![card(n as u8)] })
        .collect();
    store.save_members(&changes, &[], None).unwrap();
    store
}

#[test]
fn the_file_is_durable_strict_and_forgets_what_is_deleted() {
    let house = House::new();
    let store = house.store();
    let pragma = |name: &str| {
        store.connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal".to_owned().into());
    assert_eq!(pragma("synchronous"), 2.into());
    assert_eq!(pragma("secure_delete"), 1.into());
    assert_eq!(pragma("foreign_keys"), 1.into());
    let loose: i64 = store.connection.query_row("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'", [], |row| row.get(0)).unwrap();
    assert_eq!(loose, 0);
}

#[test]
fn what_was_recorded_is_there_after_a_restart() {
    let house = House::new();
    let policy = policy("");
    let at = now(1, 60, Some(MORNING));
    let later = now(1, 90, Some("2026-10-23T13:00:30Z"));
    let code = "K7-M4".parse().unwrap();
    let reader = ReaderName::new("porte").unwrap();
    let events = [
        checked_in(1, 1, at),
        checked_in(2, 2, at),
        PresenceEvent {
            at: later,
            what: What::Seen { visit: VisitId(1), subject: Subject::Member(id(1)), reader: reader.clone() },
        },
        PresenceEvent {
            at: later,
            what: What::AvailabilitySet { visit: VisitId(1), subject: Subject::Member(id(1)), availability: Availability::Open },
        },
        PresenceEvent {
            at: later,
            what: What::CheckedOut { visit: VisitId(2), subject: Subject::Member(id(2)), by: ClosedBy::Tap, ended: None },
        },
        PresenceEvent { at: later, what: What::UnknownTapped { code: Some(code), reader, card: card(9) } },
        PresenceEvent { at: later, what: What::GuestEntered { code, visit: VisitId(3) } },
        PresenceEvent { at: later, what: What::EnrolmentAsked { code, member: id(3) } },
    ];
    let mut presence = Presence::new(policy.clone());
    events.iter().for_each(|event| presence.apply(event));
    let mut store = with_members(&house);
    store.record(&events[..5], &policy, &[], None).unwrap();
    store.record(&events[5..], &policy, &[], None).unwrap();
    drop(store);
    let restored = Presence::restore(policy.clone(), house.store().restore(&policy, &later).unwrap());
    assert_eq!(restored.open().collect::<Vec<_>>(), presence.open().collect::<Vec<_>>());
    assert_eq!(restored.pairings().collect::<Vec<_>>(), presence.pairings().collect::<Vec<_>>());
    assert_eq!(restored.today(&later), 3);
    assert!(restored.open().any(|v| v.subject == Subject::Guest(GuestId(3))));
}

#[test]
fn a_visit_of_an_unset_clock_is_set_right_on_disk() {
    let house = House::new();
    let policy = policy("");
    let mut store = with_members(&house);
    store.record(&[checked_in(1, 1, now(7, 100, None))], &policy, &[], None).unwrap();
    assert!(store.restore(&policy, &now(7, 120, None)).unwrap().undated);
    let known = now(7, 160, Some("2026-10-23T13:01:00Z"));
    store.record(&[PresenceEvent { at: known, what: What::ClockKnown }], &policy, &[], None).unwrap();
    let row: (String, String, i64) = house
        .raw()
        .query_row("SELECT opened_at, day, set_right FROM visit", [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .unwrap();
    assert_eq!(row, ("2026-10-23T13:00:00Z".into(), "2026-10-23".into(), 1));
    assert!(!store.restore(&policy, &known).unwrap().undated);
    let states: Vec<String> = house
        .raw()
        .prepare("SELECT clock_state FROM event ORDER BY seq")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(states, ["untrusted", "trusted"], "the raw event keeps what was known then");
}

#[test]
fn an_assumed_check_out_is_told_apart_from_a_tapped_one() {
    let house = House::new();
    let policy = policy("");
    let mut store = with_members(&house);
    let at = now(1, 60, Some(MORNING));
    let out = |visit: u64, member, by, ended: Option<&str>| PresenceEvent {
        at: now(1, 9000, Some("2026-10-24T13:00:00Z")),
        what: What::CheckedOut {
            visit: VisitId(visit),
            subject: Subject::Member(id(member)),
            by,
            ended: ended.map(|e| e.parse().unwrap()),
        },
    };
    let events = [checked_in(1, 1, at), checked_in(2, 2, at), checked_in(3, 3, at)];
    store.record(&events, &policy, &[], None).unwrap();
    let outs = [
        out(1, 1, ClosedBy::Assumed, Some("2026-10-24T02:00:00Z")),
        out(2, 2, ClosedBy::Tap, None),
        out(3, 3, ClosedBy::Assumed, None),
    ];
    store.record(&outs, &policy, &[], None).unwrap();
    let closed: Vec<(String, String)> = house
        .raw()
        .prepare("SELECT closed_by, closed_at FROM visit ORDER BY visit_id")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let expected = [("assumed", "2026-10-24T02:00:00Z"), ("tap", "2026-10-24T13:00:00Z"), ("assumed", MORNING)];
    assert_eq!(closed, expected.map(|(by, at)| (by.to_owned(), at.to_owned())));
}

#[test]
fn every_changed_or_missing_event_is_found() {
    let policy = policy("");
    for change in [
        "UPDATE event SET wall_seen = '2020-01-01T00:00:00Z' WHERE seq = 2",
        "UPDATE event SET kind = 'seen' WHERE seq = 2",
        "UPDATE event SET body = replace(body, 'porte', 'autre') WHERE seq = 2",
        "UPDATE event SET subject = '00000000-0000-0000-0000-000000000003' WHERE seq = 2",
        "UPDATE event SET boot_ns = boot_ns + 1 WHERE seq = 2",
        "UPDATE visit SET opened_seq = 1; DELETE FROM event WHERE seq = 2",
        "UPDATE visit SET opened_seq = 1; DELETE FROM event WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3",
    ] {
        let house = House::new();
        let mut store = with_members(&house);
        for n in 1..=3 {
            store.record(&[checked_in(n, n.into(), now(1, 60, Some(MORNING)))], &policy, &[], None).unwrap();
        }
        assert_eq!(store.verify().unwrap(), Verified { events: 3, redacted: 0 });
        let raw = house.raw();
        assert!(raw.execute_batch(change).is_err(), "the triggers forbid: {change}");
        raw.execute_batch("DROP TRIGGER event_is_only_redacted; DROP TRIGGER event_is_never_deleted; PRAGMA foreign_keys = OFF")
            .unwrap();
        raw.execute_batch(change).unwrap();
        assert!(store.verify().unwrap_err().to_string().contains("was changed"), "{change}");
    }
}

#[test]
fn a_redacted_event_forgets_whom_it_is_about_and_the_chain_still_verifies() {
    let house = House::new();
    let mut store = with_members(&house);
    store.record(&[checked_in(1, 1, now(1, 60, Some(MORNING)))], &policy(""), &[], None).unwrap();
    house.raw().execute("UPDATE event SET subject = NULL, salt = NULL, body = NULL WHERE seq = 1", []).unwrap();
    assert_eq!(store.verify().unwrap(), Verified { events: 1, redacted: 1 });
    drop(store);
    // the chain goes on after a restart
    let mut store = house.store();
    store.record(&[checked_in(2, 2, now(1, 60, Some(MORNING)))], &policy(""), &[], None).unwrap();
    assert_eq!(store.verify().unwrap(), Verified { events: 2, redacted: 1 });
}

#[test]
fn a_mark_is_cleared_only_if_the_document_did_not_change_meanwhile() {
    let house = House::new();
    let mut store = with_members(&house);
    let dirty = [Topic::Presence, Topic::Occupancy];
    let first = store.record(&[checked_in(1, 1, now(1, 60, Some(MORNING)))], &policy(""), &dirty, None).unwrap().mark;
    let second = store.record(&[checked_in(2, 2, now(1, 61, Some(MORNING)))], &policy(""), &dirty[..1], None).unwrap().mark;
    store.clear_marks(&[(Topic::Presence, first), (Topic::Occupancy, first)]).unwrap();
    assert_eq!(store.marks().unwrap(), [(Topic::Presence, second)]);
    drop(store);
    assert_eq!(house.store().marks().unwrap(), [(Topic::Presence, second)], "marks survive the daemon");
}

#[test]
fn a_repeated_request_gets_the_stored_answer() {
    let house = House::new();
    let mut store = with_members(&house);
    let (request, kiosk, answer) = (Uuid::from_u128(5), KioskName::new("cafe").unwrap(), Answer::Done { signer: None, undo: None });
    assert_eq!(store.answer(request).unwrap(), None);
    store.record(&[], &policy(""), &[], Some((request, &kiosk, &answer))).unwrap();
    assert_eq!(house.store().answer(request).unwrap(), Some(answer));
}

#[test]
fn a_rest_moves_what_was_written_into_the_database() {
    let house = House::new();
    let mut store = with_members(&house);
    store.record(&[checked_in(1, 1, now(1, 60, Some(MORNING)))], &policy(""), &[], None).unwrap();
    assert!(store.wants_rest());
    store.rest().unwrap();
    assert!(!store.wants_rest());
    // the file alone, without its WAL, has it
    let copy = house.folder.path().join("copy.db");
    std::fs::copy(house.path(), &copy).unwrap();
    let visits: i64 = Connection::open(copy).unwrap().query_row("SELECT count(*) FROM visit", [], |row| row.get(0)).unwrap();
    assert_eq!(visits, 1);
}

#[test]
fn a_failed_transaction_leaves_nothing_behind() {
    let house = House::new();
    let mut store = with_members(&house);
    let at = now(1, 60, Some(MORNING));
    let twice = [checked_in(1, 1, at), checked_in(2, 1, at)];
    assert!(store.record(&twice, &policy(""), &[Topic::Presence], None).is_err(), "one open visit a member");
    assert_eq!(store.verify().unwrap().events, 0);
    assert!(store.marks().unwrap().is_empty());
    store.record(&twice[..1], &policy(""), &[], None).unwrap();
    assert_eq!(store.verify().unwrap().events, 1);
}

#[test]
fn a_usual_day_is_one_on_which_somebody_came_three_times_in_eight_weeks() {
    let house = House::new();
    let mut store = with_members(&house);
    // Tuesdays and two Thursdays of October, and a Friday long ago; twice on one day is one day
    let days = ["09-04", "10-06", "10-06", "10-13", "10-20", "10-15", "10-22"];
    let mut events = Vec::new();
    for (n, day) in (0u64..).zip(days) {
        let at = |minutes| now(1, 600 * n + minutes, Some(&format!("2026-{day}T14:{minutes:02}:00Z")));
        events.push(checked_in(n + 1, 1, at(1)));
        let what = What::CheckedOut { visit: VisitId(n + 1), subject: Subject::Member(id(1)), by: ClosedBy::Tap, ended: None };
        events.push(PresenceEvent { at: at(9), what });
    }
    events.push(checked_in(20, 2, now(1, 9000, Some("2026-10-22T14:00:00Z"))));
    store.record(&events, &policy(""), &[], None).unwrap();
    let usual = |today: &str| store.usual_days(today.parse().unwrap()).unwrap();
    assert_eq!(usual("2026-10-23"), [(id(1), vec![Weekday::Tue])].into());
    assert!(usual("2026-10-20").is_empty(), "today doesn't count yet");
    assert!(usual("2026-12-20").is_empty(), "habits fade");
}

#[test]
fn needs_come_back_with_their_words_and_helpers_and_the_events_hold_no_word() {
    let house = House::new();
    let mut store = with_members(&house);
    let need = |n| NeedId(Uuid::from_u128(n));
    let posted = |n: u128, author: Option<u128>, text: &str, at: Now| {
        let draft = Draft { text: text.to_owned(), skills: vec!["Contrats".into(), "Baux".into()] };
        let what = What::NeedPosted { need: need(n), author: author.map(id), audience: Audience::Unnamed, draft };
        PresenceEvent { at, what }
    };
    let undated = now(1, 30, None);
    let at = now(1, 60, Some(MORNING));
    let events = [
        posted(1, Some(1), "relire mon bail", undated),
        PresenceEvent { at, what: What::ClockKnown },
        posted(2, None, "photos de la salle", at),
        posted(3, Some(2), "fini", at),
        PresenceEvent { at, what: What::HelpOffered { need: need(1), helper: id(3) } },
        PresenceEvent { at, what: What::HelpOffered { need: need(1), helper: id(3) } },
        PresenceEvent { at, what: What::HelpOffered { need: need(2), helper: id(2) } },
        PresenceEvent { at, what: What::HelpTold { need: need(1), helper: id(3), to: id(1) } },
        PresenceEvent { at, what: What::MatchTold { need: need(1), helper: id(2), side: Side::Helper, to: id(2) } },
        PresenceEvent {
            at,
            what: What::NeedClosed { need: need(3), author: Some(id(2)), audience: Audience::Unnamed, end: NeedEnd::Withdrawn },
        },
    ];
    store.record(&events, &policy(""), &[], None).unwrap();
    let mut followed = Community::default();
    events.iter().for_each(|event| followed.apply(event));
    assert_eq!(Community::restore(store.open_needs().unwrap(), store.told_matches().unwrap()), followed);
    assert_eq!((followed.needs().len(), followed.of(None).count()), (2, 1));
    let words: i64 = house.raw().query_row("SELECT count(*) FROM need WHERE text = 'fini'", [], |row| row.get(0)).unwrap();
    assert_eq!(words, 0, "what is closed is forgotten");
    let told: i64 = house
        .raw()
        .query_row("SELECT count(*) FROM event WHERE body LIKE '%bail%' OR body LIKE '%Contrats%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(told, 0);
}

#[test]
fn who_was_told_of_a_need_is_known_after_a_restart_until_its_words_change() {
    let house = House::new();
    let (mut store, mut followed) = (with_members(&house), Community::default());
    let (at, need) = (now(1, 60, Some(MORNING)), NeedId(uuid::Uuid::from_u128(1)));
    let draft = |text: &str| Draft { text: text.into(), skills: vec!["Baux".into(), "Contrats".into()] };
    let (author, named) = (Some(id(1)), Audience::Named);
    let edited = |was, audience, text| {
        What::Need(crate::community::needs::Change::Edited { need, author, was, audience, draft: draft(text) })
    };
    let happened = [
        (What::NeedPosted { need, author, audience: named, draft: draft("un bail") }, 0),
        (What::MatchTold { need, helper: id(2), side: Side::Helper, to: id(2) }, 1),
        (edited(named, Audience::Unnamed, "un bail"), 1),
        (edited(Audience::Unnamed, named, "un autre bail"), 0),
    ];
    for (what, told) in happened {
        let event = PresenceEvent { at, what };
        store.record(std::slice::from_ref(&event), &policy(""), &[], None).unwrap();
        followed.apply(&event);
        assert_eq!(store.community().unwrap(), followed, "{event:?}");
        assert_eq!(store.told_matches().unwrap().len(), told, "{event:?}");
    }
}

#[test]
fn members_come_back_as_they_were_saved() {
    let house = House::new();
    let mut store = house.store();
    let mut anne = member(7, "Anne Tremblay", &[]);
    anne.photo = None;
    anne.interests = vec!["thé".into(), "échecs".into()];
    let consent = |field, state| Consent {
        field,
        surface: Surface::Kiosk,
        state,
        by: GivenBy::Import,
        on: "2026-01-05".into(),
        source: Some("papier".into()),
    };
    let consents = vec![
        consent(Field::Name, ConsentState::Granted),
        consent(Field::Skills, ConsentState::Granted),
        consent(Field::Skills, ConsentState::Withdrawn),
        consent(Field::Photo, ConsentState::Invited),
    ];
    store.save_members(&[Change { member: anne.clone(), consents, badges: vec![card(1)] }], &[Topic::Directory], None).unwrap();
    anne.consents = [(Field::Name, Surface::Kiosk)].into();
    anne.asked = true;
    let directory = house.store().directory().unwrap();
    assert_eq!(directory.member(anne.id), Some(&anne));
    assert_eq!(directory.badge(&card(1)).unwrap().member, anne.id);
    assert_eq!(store.next_number().unwrap().0, 8);
}

#[test]
fn an_unreadable_database_says_what_is_wrong_and_what_to_do() {
    let house = House::new();
    std::fs::write(house.path(), "this is no database, but it is long enough to be looked at as one ".repeat(40)).unwrap();
    let error = Store::open(&house.path(), &SiteName::new("a").unwrap(), &house.keys).unwrap_err().to_string();
    assert!(error.contains("voisins.db") && error.contains("restore the last backup"), "{error}");
    let house = House::new();
    drop(house.store());
    house.raw().pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(&house.path(), &SiteName::new("a").unwrap(), &house.keys).unwrap_err().to_string();
    assert!(error.contains("schema 99"), "{error}");
    // a key that is gone from the file takes its badges with it: told, not ignored
    let house = House::new();
    drop(house.store());
    std::fs::write(house.folder.path().join("badge.key"), format!("2 {}\n", "ab".repeat(32))).unwrap();
    let only_second = KeyRing::load(&house.folder.path().join("badge.key"), false).unwrap();
    let error = Store::open(&house.path(), &SiteName::new("a").unwrap(), &only_second).unwrap_err().to_string();
    assert!(error.contains("badge key 1 is missing"), "{error}");
    let (house, other) = (House::new(), House::new());
    drop(house.store());
    let error = Store::open(&house.path(), &SiteName::new("a").unwrap(), &other.keys).unwrap_err().to_string();
    assert!(error.contains("badge.key"), "{error}");
}

#[test]
fn hours_count_arrivals_departures_and_the_peak() {
    let house = House::new();
    let mut store = with_members(&house);
    let at = |minute: u64| now(1, minute * 60, Some(&format!("2026-10-23T13:{minute:02}:00Z")));
    let out = |visit, member, minute| PresenceEvent {
        at: at(minute),
        what: What::CheckedOut { visit: VisitId(visit), subject: Subject::Member(id(member)), by: ClosedBy::Tap, ended: None },
    };
    let events = [checked_in(1, 1, at(1)), checked_in(2, 2, at(2)), out(1, 1, 3), checked_in(3, 3, at(4)), out(2, 2, 5)];
    store.record(&events, &policy(""), &[], None).unwrap();
    let row: (String, i64, i64, i64) = house
        .raw()
        .query_row("SELECT hour, arrivals, departures, peak FROM occupancy_hour", [], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
        })
        .unwrap();
    assert_eq!(row, ("2026-10-23T13:00:00Z".to_owned(), 3, 2, 2));
    let _: Timestamp = row.0.parse().unwrap();
    // an hour that begins with a departure, which is then taken back
    let later = now(1, 3 * 3600, Some("2026-10-23T16:00:00Z"));
    let out = PresenceEvent {
        at: later,
        what: What::CheckedOut { visit: VisitId(3), subject: Subject::Member(id(3)), by: ClosedBy::Button, ended: None },
    };
    let back = PresenceEvent { at: later, what: What::Reopened { visit: VisitId(3), subject: Subject::Member(id(3)) } };
    store.record(&[out, back], &policy(""), &[], None).unwrap();
    let sql = "SELECT departures, peak FROM occupancy_hour WHERE hour = '2026-10-23T16:00:00Z'";
    assert_eq!(house.raw().query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap(), (0i64, 1i64));
}

#[test]
fn what_was_answered_and_ended_without_the_time_is_dated_too() {
    let house = House::new();
    let mut store = with_members(&house);
    let (need, author, audience) = (NeedId(Uuid::from_u128(5)), Some(id(1)), Audience::Named);
    let draft = Draft { text: "un bail".into(), skills: vec![] };
    let posted = PresenceEvent { at: now(1, 60, Some(MORNING)), what: What::NeedPosted { need, author, audience, draft } };
    let happens = |what| PresenceEvent { at: now(2, 30, None), what };
    let helped = happens(What::HelpOffered { need, helper: id(2) });
    let closed = happens(What::NeedClosed { need, author, audience, end: NeedEnd::Met });
    store.record(&[posted], &policy(""), &[], None).unwrap();
    let later = now(3, 10, Some("2026-10-23T15:00:00Z"));
    for event in [helped, closed] {
        store.record(&[event], &policy(""), &[], None).unwrap();
        assert!(store.restore(&policy(""), &later).unwrap().undated);
        store.record(&[PresenceEvent { at: later, what: What::ClockKnown }], &policy(""), &[], None).unwrap();
        assert!(!store.restore(&policy(""), &later).unwrap().undated);
    }
}
