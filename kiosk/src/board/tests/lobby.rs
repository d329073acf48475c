//! The screen that nobody touches, and the night on both.

use super::*;
use crate::board::pages::PAGE_STAYS;
use voisins_shared::config::ScreenSurface;
use voisins_shared::payload::Lobby;

/// Online, with 9 people here and 5 who passed by; pages of nine.
fn lobby() -> Hand {
    let Hand { board, now } = hand();
    let mut hand = Hand { board: board.with_surface(ScreenSurface::Lobby), now };
    hand.board.handle_link(Link::Connected, now);
    hand.board.handle_room(9, 9);
    for (topic, payload) in demo::messages(9, 5, |_, _| vec![1]) {
        hand.board.handle_message(&topic, &payload, now).unwrap();
    }
    hand
}

#[test]
fn a_lobby_screen_hears_of_nothing_but_its_own_document() {
    let mut hand = lobby();
    let roster = hand.board.roster();
    assert!(roster.lobby().is_some() && hand.board.connection().is_online());
    assert!(roster.directory().is_none() && roster.presence().is_none() && roster.occupancy().is_none());
    hand.event(&demo::arrival(0, 9, Form::Full)).event(&demo::arrival(1, 9, Form::Line));
    assert!(hand.board.dialog().is_none() && hand.board.lines().shown().is_empty());
}

#[test]
fn its_pages_turn_by_themselves_and_no_touch_does_anything() {
    let mut hand = lobby();
    let stays = u64::try_from(PAGE_STAYS.as_millis()).unwrap();
    for page in [1, 0, 1, 0, 1, 0, 1] {
        for touch in [Touch::NextPage, Touch::Anywhere, Touch::Language(Language::En), Touch::Sign(Action::Leave)] {
            assert!(hand.touch(touch).is_empty());
        }
        hand.wait_ms(stays);
        assert_eq!((hand.board.pages().page(), hand.board.language()), (page, Language::Fr));
    }
    assert!(hand.board.sign().is_none());
}

#[test]
fn a_page_that_is_gone_is_left_at_once() {
    let mut hand = lobby();
    hand.wait_ms(12_000);
    assert_eq!(hand.board.pages().page(), 1);
    let mut few: Lobby = hand.board.roster().lobby().unwrap().clone();
    few.rev += 1;
    few.present.truncate(9);
    hand.board.handle_message(&Topic::Lobby, &encode(&few), hand.now).unwrap();
    assert_eq!(hand.board.pages().page(), 0);
}

#[test]
fn its_bar_shows_one_need_after_the_other_and_the_next_event_of_today() {
    let mut hand = lobby();
    let need = |hand: &Hand| hand.board.lobby_bar(hand.now).0.map(|need| need.text.clone());
    let all: Vec<_> = hand.board.roster().lobby().unwrap().needs.iter().map(|need| Some(need.text.clone())).collect();
    assert_eq!((all.len(), need(&hand)), (3, all[0].clone()));
    for n in [1, 2, 0, 1] {
        assert_eq!(need(hand.wait_ms(12_000)), all[n]);
    }
    assert!(hand.board.lobby_bar(hand.now).1.is_some_and(|event| event.title.is_empty()), "the lunch");
    hand.board.handle_link(Link::Lost, hand.now);
    assert!(need(&hand).is_some());
    hand.wait_ms(u64::try_from(NAMES_LEAVE_AFTER.as_millis()).unwrap());
    assert_eq!(hand.board.lobby_bar(hand.now), (None, None), "names leave the screen");
    let kiosk = home();
    assert_eq!(kiosk.board.lobby_bar(kiosk.now), (None, None), "a kiosk has none");
}

/// The same at another time, with a night.
fn at(hand: Hand, wall: &str) -> Hand {
    let now = Now { wall: wall.parse().unwrap(), ..hand.now };
    Hand { board: hand.board.with_night("22:00-06:30".parse().ok()), now }
}

const NIGHT: &str = "2024-10-23T23:10:00-04:00";

#[test]
fn at_night_a_touch_or_a_tap_lights_the_screen_until_it_rests_again() {
    let mut hand = at(home(), NIGHT);
    let dimmed = |hand: &Hand| hand.board.is_dimmed(hand.now);
    assert!(dimmed(&hand), "nobody was there yet");
    drop(hand.touch(Touch::Anywhere));
    assert!(!dimmed(&hand));
    hand.wait_ms(59_999);
    assert!(!dimmed(&hand));
    hand.wait_ms(1);
    assert!(dimmed(&hand));
    for form in [Form::Full, Form::Line] {
        hand.event(&demo::arrival(usize::from(form == Form::Line), 9, form));
        assert!(!dimmed(&hand));
        // it is told when to look again
        assert!(hand.board.poll_timeout(hand.now).is_some_and(|at| at <= hand.now.since_start + HOME_AFTER));
        hand.wait_ms(60_000);
        assert!(dimmed(&hand));
    }
    assert!(!home().board.with_night(None).is_dimmed(hand.now), "without a night there is none");
}

#[test]
fn a_lobby_screen_is_dimmed_all_night() {
    let mut hand = at(lobby(), NIGHT);
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.event(&demo::arrival(0, 9, Form::Full));
    assert!(hand.board.is_dimmed(hand.now));
}

#[test]
fn the_night_is_the_sites_own_also_when_the_clocks_change() {
    // Montréal: the clocks go back on 1 November and forward on 8 March
    for (wall, expected) in [
        ("2026-10-31T21:59:59-04:00", false),
        ("2026-10-31T22:00:00-04:00", true),
        ("2026-11-01T01:30:00-04:00", true),
        ("2026-11-01T01:30:00-05:00", true),
        ("2026-11-01T06:29:59-05:00", true),
        ("2026-11-01T06:30:00-05:00", false),
        ("2026-03-08T06:29:59-04:00", true),
        ("2026-03-08T06:30:00-04:00", false),
    ] {
        let hand = at(home(), wall);
        assert_eq!(hand.board.is_dimmed(hand.now), expected, "{wall}");
    }
    let hand = at(hand(), "2026-10-31T21:59:00-04:00");
    assert!(hand.board.is_dimmed(hand.now), "1:59 in UTC, which holds until the site has told its own zone");
}
