//! Between neighbours: what is on disk after each event is what memory has, and words go when they should.

use super::*;
use crate::community::apart;
use crate::community::interests::InterestTold;
use crate::community::introductions::{Happened, Party};
use crate::community::notes;
use crate::contacts::{About, ContactId};
use voisins_shared::introduction::{IntroductionId, Led};
use voisins_shared::note::NoteId;
use voisins_shared::payload::ProposedBy;

fn introduction(n: u128) -> IntroductionId {
    IntroductionId(Uuid::from_u128(n))
}

fn note(n: u128) -> NoteId {
    NoteId(Uuid::from_u128(n))
}

fn left(n: u128, to: Option<u128>, text: &str) -> What {
    let (note, author, to) = (note(n), id(1), to.map(id));
    What::Note(notes::Happened::Left { note, author, to, need: None, delivered: true, text: text.into() })
}

/// Records them one by one; after each one a restart would find what memory has.
#[track_caller]
fn record(store: &mut Store, followed: &mut Community, events: &[PresenceEvent]) {
    for event in events {
        store.record(std::slice::from_ref(event), &policy(""), &[], None).unwrap();
        followed.apply(event);
        assert_eq!(store.community().unwrap(), *followed, "{event:?}");
    }
}

#[test]
fn the_state_after_a_restart_is_the_state_before() {
    let house = House::new();
    let (mut store, mut followed) = (with_members(&house), Community::default());
    let undated = now(1, 30, None);
    let at = now(1, 60, Some(MORNING));
    let later = now(1, 90, Some("2026-10-23T13:00:30Z"));
    let proposed = |n, helper, by, accepted| {
        let (introduction, asker, need, quiet) = (introduction(n), id(1), Some(NeedId(Uuid::from_u128(5))), n == 3);
        Happened::Proposed { introduction, asker, helper, need, by, accepted, quiet, asker_first: n == 2 }
    };
    let posted = What::NeedPosted {
        need: NeedId(Uuid::from_u128(5)),
        author: Some(id(1)),
        audience: Audience::Named,
        draft: Draft { text: "un bail".into(), skills: vec![] },
    };
    let need = NeedId(Uuid::from_u128(5));
    let closed = What::NeedClosed { need, author: Some(id(1)), audience: Audience::Named, end: NeedEnd::Withdrawn };
    let one = introduction(1);
    let happened = [
        (undated, What::Introduction(proposed(1, Party::Member(id(2)), ProposedBy::Neighbour, false))),
        (undated, What::Introduction(Happened::Asked { introduction: one, to: id(2) })),
        (undated, left(1, Some(2), "un mot")),
        (undated, What::Apart(apart::Happened::Snoozed { member: id(3) })),
        (undated, What::Interest(InterestTold { to: id(1), neighbour: id(2) })),
        (at, What::ClockKnown),
        (at, posted),
        (at, What::Introduction(proposed(2, Party::Contact(ContactId(7)), ProposedBy::Coordination, true))),
        (at, What::Introduction(proposed(3, Party::Member(id(3)), ProposedBy::Coordination, false))),
        (at, What::Introduction(Happened::Answered { introduction: one, by: id(2), accepted: true })),
        (later, What::Introduction(Happened::Introduced { introduction: one })),
        (later, What::Introduction(Happened::Told { introduction: one, to: id(1) })),
        (later, What::Introduction(Happened::Led { introduction: one, by: id(2), led: Led::Project })),
        (later, What::Introduction(Happened::Thanked { introduction: one, by: id(1) })),
        (later, What::Introduction(Happened::ThanksTold { introduction: one, to: id(2) })),
        (later, What::Introduction(Happened::Closed { introduction: introduction(2) })),
        (later, closed),
        (later, What::Introduction(Happened::Ended { introduction: introduction(3) })),
        (later, What::Note(notes::Happened::Opened { note: note(1), by: id(2) })),
        (later, What::Note(notes::Happened::Reported { note: note(1), by: id(2) })),
        (later, What::Note(notes::Happened::Refused { reader: id(2), author: id(1) })),
        (later, left(2, None, "pour la coordination")),
        (later, What::Note(notes::Happened::Settled { note: note(1) })),
        (later, What::Apart(apart::Happened::Avoided { by: None, pair: [id(3), id(2)] })),
        (later, What::Apart(apart::Happened::Avoided { by: Some(id(1)), pair: [id(1), id(2)] })),
        (later, What::Apart(apart::Happened::Allowed { pair: [id(2), id(1)] })),
        (later, What::Interest(InterestTold { to: id(1), neighbour: id(3) })),
        // two months later the one before is forgotten
        (now(2, 5, Some("2026-12-24T13:00:00Z")), What::Interest(InterestTold { to: id(1), neighbour: id(2) })),
    ];
    record(&mut store, &mut followed, &happened.map(|(at, what)| PresenceEvent { at, what }));
    let said = later.wall.unwrap();
    assert_eq!(store.outcomes().unwrap(), [(said, Some((Led::Project, said)))]);
}

#[test]
fn what_was_recorded_without_the_time_is_set_right_after_a_restart_too() {
    let house = House::new();
    let mut store = with_members(&house);
    store.record(&[PresenceEvent { at: now(1, 30, None), what: left(1, Some(2), "un mot") }], &policy(""), &[], None).unwrap();
    drop(store);
    let mut store = house.store();
    let other_boot = now(2, 10, Some(MORNING));
    assert!(store.restore(&policy(""), &other_boot).unwrap().undated);
    store.record(&[PresenceEvent { at: other_boot, what: What::ClockKnown }], &policy(""), &[], None).unwrap();
    assert!(!store.restore(&policy(""), &other_boot).unwrap().undated);
}

#[test]
fn the_words_of_a_note_are_in_no_event_and_go_with_it() {
    let house = House::new();
    let (mut store, mut followed) = (with_members(&house), Community::default());
    let at = now(1, 60, Some(MORNING));
    let events = [left(1, Some(2), "mot secret"), left(2, None, "mot secret"), left(3, Some(2), "mot secret")];
    record(&mut store, &mut followed, &events.map(|what| PresenceEvent { at, what }));
    let count = |sql: &str| house.raw().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM event WHERE body LIKE '%secret%'"), 0);
    assert_eq!(count("SELECT count(*) FROM note_text"), 3);
    let gone = [
        What::Note(notes::Happened::Erased { note: note(1) }),
        What::Note(notes::Happened::Settled { note: note(2) }),
        What::Note(notes::Happened::Erased { note: note(3) }),
    ];
    record(&mut store, &mut followed, &gone.map(|what| PresenceEvent { at, what }));
    assert_eq!(count("SELECT count(*) FROM note_text"), 0);
    assert_eq!(count("SELECT count(*) FROM note"), 3, "the rows stay to be counted");
    // what is deleted is overwritten, also in the file
    drop(store);
    drop(house.store());
    let bytes = std::fs::read(house.path()).unwrap();
    assert!(!bytes.windows(10).any(|window| window == b"mot secret"));
}

#[test]
fn with_a_member_goes_all_that_was_between_them_and_others() {
    let house = House::new();
    let (mut store, mut followed) = (with_members(&house), Community::default());
    let at = now(1, 60, Some(MORNING));
    let (introduction, asker, helper) = (introduction(1), id(1), Party::Member(id(2)));
    let (need, by, accepted, quiet, asker_first) = (None, ProposedBy::Neighbour, false, false, false);
    let proposed = Happened::Proposed { introduction, asker, helper, need, by, accepted, quiet, asker_first };
    let events = [
        What::Introduction(proposed),
        left(1, Some(2), "un mot"),
        What::Note(notes::Happened::Refused { reader: id(2), author: id(1) }),
        What::Apart(apart::Happened::Avoided { by: Some(id(2)), pair: [id(2), id(1)] }),
        What::Apart(apart::Happened::Snoozed { member: id(2) }),
        What::Interest(InterestTold { to: id(1), neighbour: id(2) }),
    ];
    record(&mut store, &mut followed, &events.map(|what| PresenceEvent { at, what }));
    house.raw().execute_batch("PRAGMA foreign_keys = ON; DELETE FROM member WHERE number = 2").unwrap();
    assert_eq!(store.community().unwrap(), Community::default());
    for table in ["introduction_half", "note_text"] {
        let left: i64 = house.raw().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[test]
fn a_contact_without_a_date_of_agreement_can_not_be_stored() {
    let house = House::new();
    let mut store = with_members(&house);
    let text = str::to_owned;
    let about = About {
        name: text("Dora Ng"),
        skills: vec![text("Droit"), text("Baux")],
        reach: text("d@example.org"),
        source: text("CCMM"),
    };
    let id = store.add_contact(&about, "2026-10-01".parse().unwrap()).unwrap();
    let kept = store.contacts().unwrap();
    assert_eq!((kept.len(), kept[0].id, &kept[0].about), (1, id, &about));
    assert!(house.raw().execute("UPDATE contact SET agreed_on = ''", []).is_err());
    assert!(store.remove_contact(id).unwrap() && !store.remove_contact(id).unwrap());
    assert_ne!(store.add_contact(&about, "2026-10-01".parse().unwrap()).unwrap(), id, "no number is given twice");
}
