//! Events as people read them.

use super::*;
use crate::board::agenda::AgendaTouch;
use crate::board::{Link, Touch};
use jiff::tz::TimeZone;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::demo::{self, DemoEvent};
use voisins_shared::language::Language;
use voisins_shared::payload::{Agenda, V, encode};
use voisins_shared::topic::Topic;

const NBSP: char = '\u{a0}';

fn now() -> Now {
    Now { since_start: Duration::ZERO, wall: "2024-10-23T10:26:00-04:00".parse().unwrap() }
}

/// The demonstration's board, its events changed.
fn board(change: impl FnOnce(&mut Vec<PublishedEvent>)) -> Board {
    let mut board = Board::new(Language::Fr, TimeZone::UTC, Uuid::nil(), now());
    board.handle_link(Link::Connected, now());
    for (topic, payload) in demo::messages(9, 5, |_, _| vec![1]) {
        board.handle_message(&topic, &payload, now()).unwrap();
    }
    let mut events = demo::events(now().wall);
    change(&mut events);
    let agenda = Agenda { v: V, session: demo::session(), rev: 2, events };
    board.handle_message(&Topic::Agenda, &encode(&agenda), now()).unwrap();
    let _ = board.handle_touch(Touch::Agenda(AgendaTouch::Open), now());
    board
}

fn screen(board: &Board, size: (u32, u32)) -> AgendaScreen {
    build(board, &Layout::of(size, false), size.1, now()).unwrap()
}

fn of(board: &Board, event: DemoEvent) -> EventCard {
    at_home(board, 9, now()).events.into_iter().find(|card| card.id == demo::event_id(event)).unwrap()
}

#[test]
fn an_event_says_when_where_and_with_whom_in_the_sites_time() {
    let board = board(|_| {});
    let five = of(&board, DemoEvent::FiveToSeven);
    assert_eq!((five.day, five.time, five.until), (Day::Today, format!("17{NBSP}h"), format!("19{NBSP}h")));
    assert_eq!((five.place.as_str(), five.going, five.missing), ("salon", 8, 0));
    assert_eq!(five.names, ["Idriss", "Chiara", "Wilfrid"]);
    let workshop = of(&board, DemoEvent::Workshop);
    assert_eq!((workshop.day, workshop.missing), (Day::Date("vendredi 25 octobre".into()), 2));
    assert_eq!(workshop.author, "Camille");
    assert!(of(&board, DemoEvent::Lunch).lunch);
}

#[test]
fn whole_days_have_no_time_and_end_on_their_last_day() {
    let doors = of(&board(|_| {}), DemoEvent::OpenDoors);
    assert_eq!((doors.time.as_str(), doors.until.as_str()), ("", ""));
    assert_eq!((doors.day, doors.last_day.as_str()), (Day::Date("mardi 29 octobre".into()), "mercredi 30 octobre"));
}

#[test]
fn an_evening_that_ends_after_midnight_is_one_day() {
    let evening = |ends: &str| {
        let ends = ends.parse().unwrap();
        let card = of(&board(|events| events[1].ends = Some(ends)), DemoEvent::FiveToSeven);
        (card.day, card.until, card.last_day)
    };
    assert_eq!(evening("2024-10-24T01:00:00-04:00"), (Day::Today, format!("1{NBSP}h"), String::new()));
    assert_eq!(evening("2024-10-24T06:00:00-04:00"), (Day::Today, String::new(), "jeudi 24 octobre".into()));
}

#[test]
fn what_began_yesterday_is_today_s_and_says_until_when() {
    let board = board(|events| {
        events[1].starts = "2024-10-22T09:00:00-04:00".parse().unwrap();
        events[1].ends = Some("2024-10-24T17:00:00-04:00".parse().unwrap());
    });
    let event = of(&board, DemoEvent::FiveToSeven);
    assert_eq!((event.day, event.time.as_str(), event.last_day.as_str()), (Day::Today, "", "jeudi 24 octobre"));
}

#[test]
fn who_shows_no_name_is_counted_and_never_named() {
    let board = board(|events| events[1].shown.insert(0, voisins_shared::member::MemberId(Uuid::nil())));
    let five = of(&board, DemoEvent::FiveToSeven);
    assert_eq!((five.going, five.names.len()), (8, 3));
}

#[test]
fn a_page_names_its_first_day_and_each_new_one_and_holds_what_fits() {
    for size in [(1280, 800), (800, 480), (693, 416), (1920, 1080)] {
        let board = board(|events| {
            let model = events[1].clone();
            events.extend((0..20).map(|n| PublishedEvent { id: EventId(Uuid::from_u128(n)), ..model.clone() }));
            events.sort_by_key(|event| event.starts);
        });
        let (mut board, layout) = (board, Layout::of(size, false));
        let count = screen(&board, size).page.1;
        let mut seen = 0;
        for _ in 0..count {
            let page = screen(&board, size);
            assert!(page.rows[0].titled && page.rows[0].y == 0);
            for pair in page.rows.windows(2) {
                assert_eq!(pair[1].titled, pair[0].event.day != pair[1].event.day);
                let high = layout.agenda_row() + if pair[0].titled { layout.agenda_day() } else { 0 };
                assert_eq!(pair[1].y, pair[0].y + high + layout.agenda_gap(), "no two cover each other");
            }
            let last = page.rows.last().unwrap();
            let end = last.y + layout.agenda_row() + if last.titled { layout.agenda_day() } else { 0 };
            assert!(end <= layout.agenda_field(size.1), "{size:?}");
            seen += page.rows.len();
            let _ = board.handle_touch(Touch::Agenda(AgendaTouch::Turn(1)), now());
        }
        assert_eq!((seen, screen(&board, size).page.0), (24, 1), "{size:?}: all of them, and then from the start");
    }
}
