use super::*;
use crate::board::trouble::{Instead, READER_SETTLES, Trouble};
use voisins_shared::name::ReaderName;
use voisins_shared::payload::{Evacuation, ReaderState, ReaderStatus};

fn reader(name: &str) -> ReaderName {
    ReaderName::new(name).unwrap()
}

impl Hand {
    fn reader(&mut self, name: &str, state: ReaderState, beside: Option<KioskName>) -> &mut Self {
        let status = ReaderStatus { v: V, reader: reader(name), state, reason: None, beside };
        self.board.handle_message(&Topic::Reader(reader(name)), &encode(&status), self.now).unwrap();
        self
    }

    fn evacuation(&mut self, rev: u64, active: bool) -> &mut Self {
        let evacuation = Evacuation { v: V, session: demo::session(), rev, active, since: None };
        self.board.handle_message(&Topic::Evacuation, &encode(&evacuation), self.now).unwrap();
        self
    }

    fn trouble(&self) -> Option<Trouble> {
        self.board.trouble(self.now)
    }
}

fn settles() -> u64 {
    u64::try_from(READER_SETTLES.as_millis()).unwrap()
}

#[test]
fn a_reader_that_is_down_is_told_within_a_minute_and_where_to_tap_instead() {
    assert!(READER_SETTLES < Duration::from_secs(60));
    let mut hand = home();
    hand.board = hand.board.with_name(kiosk());
    hand.reader("porte", ReaderState::Absent, None).wait_ms(settles() - 1);
    assert_eq!(hand.trouble(), None, "a reader that is plugged in elsewhere is back by then");
    hand.wait_ms(1);
    assert_eq!(hand.trouble(), Some(Trouble::Reader(reader("porte"), Instead::Nowhere)));
    hand.reader("cour", ReaderState::Ready, None);
    assert_eq!(hand.trouble(), Some(Trouble::Reader(reader("porte"), Instead::There(reader("cour")))));
    hand.reader("cafe", ReaderState::Ready, Some(kiosk()));
    assert_eq!(hand.trouble(), Some(Trouble::Reader(reader("porte"), Instead::Here)));
    // another reason, and it is still the same loss
    hand.reader("porte", ReaderState::Failed, None);
    assert!(hand.trouble().is_some());
    assert_eq!(hand.reader("porte", ReaderState::Ready, None).trouble(), None);
    hand.reader("porte", ReaderState::Failed, None);
    assert_eq!(hand.trouble(), None, "a new loss begins anew");
}

#[test]
fn the_screen_changes_by_itself_when_a_reader_has_been_down_long_enough() {
    let mut hand = home();
    hand.reader("porte", ReaderState::Failed, None);
    assert_eq!(hand.board.trouble_poll(hand.now), Some(hand.now.since_start + READER_SETTLES));
    hand.wait_ms(settles());
    assert_eq!(hand.board.trouble_poll(hand.now), None);
}

#[test]
fn without_news_nothing_is_said_of_readers() {
    let mut hand = home();
    hand.reader("porte", ReaderState::Failed, None).wait_ms(settles());
    assert!(hand.trouble().is_some());
    hand.board.handle_link(Link::Lost, hand.now);
    assert_eq!(hand.trouble(), None);
}

#[test]
fn an_evacuation_is_said_before_all_else_with_or_without_news_and_lights_the_night() {
    let mut hand = home();
    hand.board = hand.board.with_night("00:00-23:59".parse().ok());
    hand.wait_ms(120_000);
    assert!(hand.board.is_dimmed(hand.now));
    hand.reader("porte", ReaderState::Failed, None).wait_ms(settles());
    assert_eq!(hand.evacuation(1, true).trouble(), Some(Trouble::Evacuation));
    assert!(!hand.board.is_dimmed(hand.now));
    hand.board.handle_link(Link::Lost, hand.now);
    assert_eq!(hand.trouble(), Some(Trouble::Evacuation));
    hand.board.handle_link(Link::Connected, hand.now);
    assert_eq!(hand.evacuation(2, false).trouble(), None);
}

#[test]
fn a_lobby_screen_hears_of_an_evacuation_and_of_no_reader() {
    let mut hand = home();
    hand.board = hand.board.with_surface(ScreenSurface::Lobby);
    assert_eq!(hand.reader("porte", ReaderState::Failed, None).wait_ms(settles()).trouble(), None);
    assert_eq!(hand.evacuation(1, true).trouble(), Some(Trouble::Evacuation));
}
