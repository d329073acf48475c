//! The agenda on disk.

use super::*;
use crate::community::agenda::{Agenda, Calendar, CalendarId, Event, EventEnd, Words};
use voisins_shared::agenda::EventId;
use voisins_shared::payload::Kind;

fn event(n: u128) -> Event {
    let words = Words { title: format!("titre {n}"), place: (n == 1).then(|| "Salle du fond".into()) };
    let starts: Timestamp = "2026-11-02T22:00:00Z".parse().unwrap();
    let all_day = (n == 2).then(|| "2026-11-02".parse().unwrap());
    let ends = Some("2026-11-03T00:00:00Z".parse().unwrap()).filter(|_| n != 3);
    Event { id: EventId(Uuid::from_u128(n)), kind: Kind::Event, words, starts, ends, all_day, firm: n != 3, proposed: None }
}

fn read(name: &str, events: impl IntoIterator<Item = u128>) -> What {
    let read = Calendar { name: name.into(), imported: name == "feuille", events: events.into_iter().map(event).collect() };
    What::CalendarRead { calendar: CalendarId::of(name), read }
}

fn answered(event: u128, member: u128, going: bool, until: &str) -> What {
    What::EventAnswered { event: EventId(Uuid::from_u128(event)), member: id(member), going, until: until.parse().unwrap() }
}

#[test]
fn after_a_restart_the_agenda_is_as_it_was_and_the_events_hold_no_word() {
    let house = House::new();
    let mut store = with_members(&house);
    let mut agenda = Agenda::default();
    let games = EventId(Uuid::from_u128(90));
    let (starts, words) = ("2026-11-05T23:00:00Z".parse().unwrap(), Words { title: "Soirée jeux".into(), place: None });
    let proposed = |event, words: &Words| What::EventProposed { event, author: id(1), starts, firm_at: 3, words: words.clone() };
    let happens = [
        read("quartier", [1, 2, 3]),
        read("feuille", [4]),
        read("vide", []),
        answered(1, 1, true, "2026-11-03T00:00:00Z"),
        answered(1, 2, true, "2026-11-03T00:00:00Z"),
        answered(4, 1, true, "2026-11-03T00:00:00Z"),
        read("quartier", [2, 1]),
        answered(1, 3, true, "2026-11-03T01:00:00Z"),
        answered(1, 2, false, "2026-11-03T02:00:00Z"),
        What::CalendarForgotten { calendar: CalendarId::of("feuille") },
        proposed(games, &words),
        answered(90, 1, true, "2026-11-06T01:00:00Z"),
        proposed(EventId(Uuid::from_u128(91)), &words),
        What::EventFirm { event: games },
        What::EventEnded { event: EventId(Uuid::from_u128(91)), end: EventEnd::Cancelled },
    ];
    for what in happens {
        let event = PresenceEvent { at: now(1, 60, Some(MORNING)), what };
        store.record(std::slice::from_ref(&event), &policy(""), &[], None).unwrap();
        agenda.apply(&event);
        assert_eq!(store.agenda(|_| true).unwrap(), agenda, "{:?}", event.what);
    }
    drop(store);
    let store = house.store();
    assert_eq!(store.agenda(|_| true).unwrap(), agenda);
    assert_eq!(store.agenda(|name| name == "vide").unwrap().calendars().count(), 1, "the config reads quartier no more");
    assert_eq!(agenda.going_to(EventId(Uuid::from_u128(1))).len(), 2, "a calendar read again keeps the answers");
    let bodies: String = house.raw().query_row("SELECT group_concat(body) FROM event", [], |row| row.get(0)).unwrap();
    for word in ["titre", "Salle", "jeux", "quartier"] {
        assert!(!bodies.contains(word), "{word} in {bodies}");
    }
    let left: i64 = house
        .raw()
        .query_row("SELECT count(*) FROM proposed_event WHERE title <> '' AND ended IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0, "the words of what has ended are erased");
}
