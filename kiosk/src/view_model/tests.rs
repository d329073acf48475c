//! The screen as values.

use super::*;
use crate::board::{Link, Touch};
use jiff::tz::TimeZone;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::demo;
use voisins_shared::language::Language;
use voisins_shared::payload::{Count, Presence, V, decode, encode};
use voisins_shared::topic::Topic;

const NBSP: char = '\u{a0}';

fn now(seconds: u64) -> Now {
    let start: jiff::Timestamp = "2024-10-23T10:26:00-04:00".parse().unwrap();
    let since_start = Duration::from_secs(seconds);
    Now { since_start, wall: start + since_start }
}

fn board(fresh: usize, passed: usize) -> Board {
    let mut board = Board::new(Language::Fr, TimeZone::UTC, Uuid::nil(), now(0));
    board.handle_link(Link::Connected, now(0));
    for (topic, payload) in demo::messages(fresh, passed, |_, _| vec![1]) {
        board.handle_message(&topic, &payload, now(0)).unwrap();
    }
    board
}

fn screen(board: &Board, seconds: u64) -> Screen {
    build(board, (1280, 800), now(seconds))
}

#[test]
fn home_shows_who_is_here_with_the_fresh_counted() {
    let screen = screen(&board(9, 5), 0);
    assert_eq!((screen.header.fresh, screen.today.passed, screen.today.visits), (9, 5, 14));
    assert_eq!((screen.header.site.as_str(), screen.header.date.as_str()), ("Espace Voisins", "mercredi 23 octobre"));
    assert_eq!(screen.header.clock, "10:26", "the site's time zone, not the machine's");
    assert_eq!((screen.middle, screen.cards.len(), screen.page), (Middle::Cards, 9, (1, 2)));
    assert!(screen.cards.iter().all(|card| matches!(card.dot, Dot::Fresh | Dot::Quiet)));
}

#[test]
fn someone_who_passed_by_has_a_hollow_dot_after_the_fresh() {
    let mut board = board(2, 3);
    let before = screen(&board, 0);
    assert_eq!(before.cards.iter().filter(|card| card.dot == Dot::Passed).count(), 3);
    assert_eq!(before.cards[2].dot, Dot::Passed);
    board.handle_link(Link::Lost, now(1));
    assert!(screen(&board, 1).cards.iter().all(|card| card.dot == Dot::Stale), "no news: the dots grey");
}

#[test]
fn no_news_are_dated_in_the_screens_language() {
    let mut board = board(2, 0);
    board.handle_link(Link::Lost, now(1));
    assert_eq!(screen(&board, 1).header.silent_since, format!("10{NBSP}h{NBSP}26"));
    assert!(board.handle_touch(Touch::Language(Language::En), now(2)).is_empty());
    assert_eq!(screen(&board, 2).header.silent_since, "10:26");
    board.handle_timeout(now(15 * 60 + 1));
    let screen = screen(&board, 15 * 60 + 1);
    assert_eq!((screen.middle, screen.cards.len()), (Middle::Silent, 0));
    assert!(screen.skills.chips.is_empty());
}

#[test]
fn before_any_message_it_connects() {
    let board = Board::new(Language::Fr, TimeZone::UTC, Uuid::nil(), now(0));
    let screen = screen(&board, 0);
    assert_eq!((screen.middle, screen.header.silent_since.as_str()), (Middle::Connecting, ""));
}

#[test]
fn nobody_and_nobody_shown_are_told_apart() {
    let mut board = board(0, 0);
    assert_eq!(screen(&board, 0).middle, Middle::Empty);
    let mut presence: Presence = decode(&demo::messages(0, 0, |_, _| vec![]).pop().unwrap().1).unwrap();
    presence = Presence { v: V, rev: 2, hidden: Count { fresh: 3, passed: 0 }, ..presence };
    board.handle_message(&Topic::Presence, &encode(&presence), now(0)).unwrap();
    assert_eq!((screen(&board, 0).middle, screen(&board, 0).header.fresh), (Middle::AllHidden, 3));
}

#[test]
fn before_the_directory_nobody_is_said_to_be_hidden() {
    let mut board = Board::new(Language::Fr, TimeZone::UTC, Uuid::nil(), now(0));
    board.handle_link(Link::Connected, now(0));
    let (directory, rest): (Vec<_>, Vec<_>) =
        demo::messages(3, 0, |_, _| vec![1]).into_iter().partition(|(topic, _)| matches!(topic, Topic::Directory));
    for (topic, payload) in rest {
        board.handle_message(&topic, &payload, now(0)).unwrap();
    }
    assert_eq!((screen(&board, 0).middle, screen(&board, 0).header.fresh), (Middle::Connecting, 3));
    board.handle_message(&directory[0].0, &directory[0].1, now(0)).unwrap();
    assert_eq!(screen(&board, 0).middle, Middle::Cards);
}

#[test]
fn a_hidden_member_is_greeted_without_a_name_or_a_face() {
    let mut board = board(3, 0);
    let mut event = demo::arrival(0, 3, voisins_shared::payload::Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.greeted = None;
    }
    let kiosk = voisins_shared::name::KioskName::new("cafe").unwrap();
    board.handle_message(&Topic::KioskEvent(kiosk), &encode(&event), now(0)).unwrap();
    let dialog = screen(&board, 0).dialog.unwrap();
    assert_eq!((dialog.kind, dialog.first_name.as_str(), dialog.avatar), (DialogKind::Arrival, "", None));
}

#[test]
fn the_layouts_fill_the_three_screens() {
    for (size, resting, expected) in [
        ((1280, 800), false, (3, 3, true)),
        ((1920, 1080), false, (5, 4, true)),
        ((800, 480), false, (3, 2, false)),
        ((1280, 800), true, (2, 3, false)),
        ((1920, 1080), true, (2, 3, false)),
        ((800, 480), true, (2, 3, false)),
    ] {
        let layout = Layout::of(size, resting);
        assert_eq!((layout.columns, layout.rows, layout.side), expected, "{size:?} {resting}");
    }
    for width in 1..400 {
        assert!(Layout::of((width * 7, width * 5), width % 2 == 0).room() > 0);
    }
}

#[test]
fn initials_are_readable_on_every_colour() {
    let channel = |value: u32| {
        let c = f64::from(value & 0xff) / 255.0;
        if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    for colour in avatar::COLOURS {
        let luminance = 0.2126 * channel(colour >> 16) + 0.7152 * channel(colour >> 8) + 0.0722 * channel(colour);
        let contrast = 1.05 / (luminance + 0.05);
        assert!(contrast >= 4.5, "{colour:06x} has {contrast:.2}");
    }
}

#[test]
fn two_hundred_people_are_pages() {
    let screen = screen(&board(200, 0), 0);
    assert_eq!((screen.cards.len(), screen.page), (9, (1, 23)));
    assert!(screen.skills.total > 20);
}
