use super::*;
use crate::name::SiteName;
use crate::payload::{Count, V, encode};
use crate::visit::Availability;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn session(n: u128) -> Vec<u8> {
    encode(&Session {
        v: V,
        session: id(n),
        installation: id(99),
        site: SiteName::new("a").unwrap(),
        title: "Espace A".into(),
        time_zone: "America/Toronto".into(),
        admin: None,
        version: "0".into(),
    })
}

fn status(n: u128, state: State) -> Vec<u8> {
    encode(&Status { v: V, state, session: id(n) })
}

fn presence(n: u128, rev: u64, members: &[u128]) -> Vec<u8> {
    let present = members
        .iter()
        .map(|m| PresentMember { member: MemberId(id(*m)), fresh: true, availability: Availability::Here, since: None })
        .collect();
    encode(&Presence {
        v: V,
        session: id(n),
        rev,
        present,
        hidden: Count { fresh: 2, passed: 1 },
        guests: Count { fresh: 1, passed: 0 },
        today: 9,
    })
}

fn directory(n: u128, rev: u64, members: &[u128]) -> Vec<u8> {
    let member = |m: &u128| DirectoryMember {
        id: MemberId(id(*m)),
        name: format!("N {m}"),
        title: None,
        pronouns: None,
        languages: vec![],
        skills: vec![],
        interests: vec![],
        looking_for: vec![],
        table: None,
        usual_days: vec![],
        contact: None,
        photo: Some("aa".into()),
        lobby: false,
    };
    encode(&Directory { v: V, session: id(n), rev, members: members.iter().map(member).collect() })
}

#[test]
fn a_will_that_arrives_after_the_next_birth_is_ignored() {
    let mut roster = Roster::default();
    for (topic, payload) in [
        (Topic::Session, session(1)),
        (Topic::Status, status(1, State::Online)),
        (Topic::Session, session(2)),
        (Topic::Status, status(2, State::Online)),
        (Topic::Status, status(1, State::Offline)),
    ] {
        roster.apply(&topic, &payload).unwrap();
    }
    assert!(roster.is_online());
    roster.apply(&Topic::Status, &status(2, State::Offline)).unwrap();
    assert!(!roster.is_online());
}

#[test]
fn a_late_client_that_finds_an_old_will_beside_a_new_birth_is_online() {
    let mut roster = Roster::default();
    roster.apply(&Topic::Status, &status(1, State::Offline)).unwrap();
    assert!(!roster.is_online());
    roster.apply(&Topic::Session, &session(2)).unwrap();
    assert!(roster.is_online());
}

#[test]
fn an_older_document_is_dropped() {
    let mut roster = Roster::default();
    roster.apply(&Topic::Session, &session(1)).unwrap();
    roster.apply(&Topic::Directory, &directory(1, 1, &[5, 6])).unwrap();
    assert_eq!(roster.apply(&Topic::Presence, &presence(1, 7, &[5])).unwrap(), Change::Presence);
    assert_eq!(roster.apply(&Topic::Presence, &presence(1, 6, &[5, 6])).unwrap(), Change::Nothing);
    assert_eq!(roster.present().count(), 1);
    // a new session starts counting again, and the old one's stragglers are void
    roster.apply(&Topic::Session, &session(2)).unwrap();
    assert_eq!(roster.apply(&Topic::Presence, &presence(2, 1, &[5, 6])).unwrap(), Change::Presence);
    assert_eq!(roster.apply(&Topic::Presence, &presence(1, 9, &[])).unwrap(), Change::Nothing);
    assert_eq!(roster.present().count(), 2);
}

#[test]
fn a_member_without_a_directory_entry_is_not_shown_but_counted() {
    let mut roster = Roster::default();
    roster.apply(&Topic::Directory, &directory(1, 1, &[5])).unwrap();
    roster.apply(&Topic::Presence, &presence(1, 1, &[5, 6])).unwrap();
    assert_eq!(roster.present().map(|(_, m)| m.name.as_str()).collect::<Vec<_>>(), ["N 5"]);
    assert_eq!((roster.fresh(), roster.today()), (5, 9));
}

#[test]
fn a_cleared_document_is_forgotten() {
    let mut roster = Roster::default();
    let member = MemberId(id(5));
    roster.apply(&Topic::Directory, &directory(1, 1, &[5])).unwrap();
    roster.apply(&Topic::Photo(member), b"jpeg").unwrap();
    assert_eq!(roster.photo(member), Some(&b"jpeg"[..]));
    roster.apply(&Topic::Photo(member), b"").unwrap();
    assert_eq!(roster.photo(member), None);
    roster.apply(&Topic::Directory, b"").unwrap();
    assert!(roster.member(member).is_none());
}

#[test]
fn a_broken_payload_changes_nothing() {
    let mut roster = Roster::default();
    roster.apply(&Topic::Directory, &directory(1, 1, &[5])).unwrap();
    for bytes in [&b"{"[..], b"[]", b"{\"v\":0}", b"\xff\xfe", b"null"] {
        assert!(roster.apply(&Topic::Directory, bytes).is_err());
        assert!(roster.apply(&Topic::Presence, bytes).is_err());
        assert!(roster.apply(&Topic::Status, bytes).is_err());
    }
    assert!(roster.member(MemberId(id(5))).is_some());
}

#[test]
fn a_month_is_replaced_by_a_newer_one_and_cleared() {
    let mut roster = Roster::default();
    let topic = Topic::History("2026-11".parse().unwrap());
    let month = |rev, days: &[&str]| {
        let day = |day: &&str| payload::HistoryDay { day: day.parse().unwrap(), hours: vec![], estimated: false };
        let days = days.iter().map(day).collect();
        encode(&History { v: V, session: id(1), rev, month: "2026-11".parse().unwrap(), days })
    };
    assert_eq!(roster.apply(&topic, &month(2, &["2026-11-01", "2026-11-02"])).unwrap(), Change::History);
    assert_eq!(roster.apply(&topic, &month(1, &[])).unwrap(), Change::Nothing);
    assert!(roster.apply(&topic, b"{").is_err());
    assert_eq!(roster.history().map(|month| month.days.len()).collect::<Vec<_>>(), [2]);
    roster.apply(&topic, b"").unwrap();
    assert_eq!(roster.history().count(), 0);
}
