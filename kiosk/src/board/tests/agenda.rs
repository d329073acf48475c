//! The agenda, proposing an event, and who comes in without a badge.

use super::*;
use crate::board::agenda::{AgendaTouch, ProposeField, ProposeTouch};
use crate::board::guest::{GuestTouch, LONGEST_NAME, Way};
use crate::board::sign::SignPress;
use crate::board::typing::{Keystroke, Layer, Typed};
use jiff::civil::date;
use voisins_shared::agenda::EventId;
use voisins_shared::demo::{DemoEvent, event_id};
use voisins_shared::payload::{Action, Agenda, Measures, Reported};

impl Hand {
    fn agenda_touch(&mut self, touch: AgendaTouch) -> Vec<Request> {
        self.touch(Touch::Agenda(touch))
    }

    fn propose_touch(&mut self, touch: ProposeTouch) -> Vec<Request> {
        self.touch(Touch::Propose(touch))
    }

    fn guest_touch(&mut self, touch: GuestTouch) -> Vec<Request> {
        self.touch(Touch::Guest(touch))
    }

    fn proposes(&mut self, title: &str) {
        self.propose_touch(ProposeTouch::Open);
        for key in keys(title) {
            self.propose_touch(ProposeTouch::Key(key));
        }
        self.propose_touch(ProposeTouch::Done);
    }

    fn names(&mut self, way: Way, name: &str) {
        self.guest_touch(GuestTouch::Open);
        self.guest_touch(GuestTouch::Way(way));
        for key in keys(name) {
            self.guest_touch(GuestTouch::Key(key));
        }
    }

    fn proposed(&self) -> Option<&str> {
        self.board.agenda().proposal().map(|proposal| proposal.title().text())
    }

    fn named(&self) -> Option<&str> {
        self.board.guest().map(|entry| entry.name().text())
    }

    fn cancel_signing(&mut self, asked: &Request) {
        let request = self.board.sign().expect("a badge is asked for").request();
        self.touch(Touch::Signing { request, press: SignPress::Cancel });
        self.answer(asked, Answer::Cancelled);
    }
}

fn keys(text: &str) -> impl Iterator<Item = Keystroke> {
    text.chars().map(|letter| Keystroke::Type(Typed(letter.to_string())))
}

/// The action that a badge is asked for.
#[track_caller]
fn action(requests: Vec<Request>) -> Action {
    let [Request { args: Args::Sign { action }, .. }] = &*requests else { panic!("{requests:?}") };
    action.clone()
}

#[test]
fn j_en_suis_and_signaler_are_signed_with_the_badge() {
    let mut hand = home();
    let event = event_id(DemoEvent::Workshop);
    hand.agenda_touch(AgendaTouch::Event(event));
    assert_eq!((hand.board.agenda().is_open(), hand.board.agenda().opened()), (true, Some(event)));
    for (touch, expected) in [
        (AgendaTouch::Rsvp(event, true), Action::Rsvp { event, going: true }),
        (AgendaTouch::Rsvp(event, false), Action::Rsvp { event, going: false }),
        (AgendaTouch::Report(event), Action::Report { what: Reported::Event { event } }),
    ] {
        let asked = hand.agenda_touch(touch);
        assert_eq!(action(asked.clone()), expected);
        hand.cancel_signing(&asked[0]);
    }
}

#[test]
fn an_event_that_is_called_off_meanwhile_goes_and_a_minute_later_the_agenda_too() {
    let mut hand = home();
    let event = event_id(DemoEvent::Workshop);
    hand.agenda_touch(AgendaTouch::Event(event));
    let events = hand.board.roster().events().iter().filter(|of| of.id != event).cloned().collect();
    let agenda = Agenda { v: V, session: demo::session(), rev: 2, events };
    hand.board.handle_message(&Topic::Agenda, &encode(&agenda), hand.now).unwrap();
    assert_eq!((hand.board.agenda().opened(), hand.board.agenda().is_open()), (None, true));
    hand.agenda_touch(AgendaTouch::Event(EventId(Uuid::nil())));
    assert_eq!(hand.board.agenda().opened(), None, "it never was");
    assert!(!hand.wait_ms(60_000).board.agenda().is_open());
}

#[test]
fn an_event_is_proposed_for_a_day_a_time_and_a_number_that_are_stepped_to() {
    let mut hand = home();
    hand.proposes("Jeux");
    hand.propose_touch(ProposeTouch::Field(ProposeField::Place));
    for key in keys("salon") {
        hand.propose_touch(ProposeTouch::Key(key));
    }
    for touch in [ProposeTouch::Days(7), ProposeTouch::Days(-1), ProposeTouch::Minutes(60), ProposeTouch::Minutes(15)] {
        hand.propose_touch(touch);
    }
    hand.propose_touch(ProposeTouch::People(1));
    // tomorrow at 17 h for four, and as much later
    let starts = date(2024, 10, 30).at(18, 15, 0, 0);
    let expected = Action::ProposeEvent { title: "Jeux".into(), place: Some("salon".into()), starts, firm_at: 5 };
    assert_eq!(action(hand.propose_touch(ProposeTouch::Propose)), expected);
}

#[test]
fn no_step_leaves_what_can_be_proposed_and_what_is_over_can_not() {
    let mut hand = home();
    hand.proposes("Jeux");
    let starts = |hand: &Hand| hand.board.agenda().proposal().unwrap().starts();
    hand.propose_touch(ProposeTouch::Days(-7));
    hand.propose_touch(ProposeTouch::Minutes(-24 * 60));
    assert_eq!(starts(&hand), date(2024, 10, 23).at(6, 0, 0, 0), "today, no earlier");
    assert!(hand.propose_touch(ProposeTouch::Propose).is_empty(), "it is over");
    hand.propose_touch(ProposeTouch::Minutes(24 * 60));
    for _ in 0..70 {
        hand.propose_touch(ProposeTouch::Days(1));
        hand.propose_touch(ProposeTouch::People(1));
    }
    assert_eq!(starts(&hand), date(2024, 12, 21).at(23, 0, 0, 0), "within 60 days, not past midnight");
    assert_eq!(hand.board.agenda().proposal().unwrap().firm_at(), 50);
    hand.propose_touch(ProposeTouch::People(-80));
    assert_eq!(hand.board.agenda().proposal().unwrap().firm_at(), 2);
    assert!(!hand.propose_touch(ProposeTouch::Propose).is_empty());
}

#[test]
fn nothing_is_proposed_without_a_title_and_none_is_longer_than_60_characters() {
    let mut hand = home();
    hand.proposes("  ");
    assert!(hand.propose_touch(ProposeTouch::Propose).is_empty());
    hand.proposes(&"x".repeat(70));
    assert_eq!(hand.proposed().map(str::len), Some(60));
}

#[test]
fn what_is_proposed_stays_if_signing_fails_and_is_forgotten_when_it_stands_or_when_nobody_is_there() {
    let mut hand = home();
    hand.proposes("Jeux");
    for answer in [Answer::Expired, Answer::Refused { reason: refusal::TOO_MANY_EVENTS.into() }] {
        let asked = hand.propose_touch(ProposeTouch::Propose).remove(0);
        hand.answer(&asked, answer);
        if let Some(sign) = hand.board.sign() {
            let request = sign.request();
            hand.touch(Touch::Signing { request, press: SignPress::Close });
        }
        assert_eq!(hand.proposed(), Some("Jeux"));
    }
    let asked = hand.propose_touch(ProposeTouch::Propose).remove(0);
    hand.answer(&asked, Answer::Done { signer: None, undo: None }).wait_ms(10_000);
    assert_eq!((hand.proposed(), hand.board.agenda().is_open()), (None, true), "the agenda shows it");
    hand.proposes("Jeux");
    assert_eq!(hand.wait_ms(60_000).proposed(), None);
}

#[test]
fn without_news_nothing_is_proposed_or_answered_and_later_nothing_is_shown() {
    let mut hand = home();
    hand.status(State::Offline);
    hand.propose_touch(ProposeTouch::Open);
    assert_eq!((hand.proposed(), hand.board.agenda().is_open()), (None, true), "the agenda, which says so");
    assert!(hand.agenda_touch(AgendaTouch::Rsvp(event_id(DemoEvent::Lunch), true)).is_empty());
    assert!(!hand.board.shown_events().is_empty());
    hand.wait_ms(u64::try_from(NAMES_LEAVE_AFTER.as_millis()).unwrap());
    assert!(hand.board.shown_events().is_empty());
}

#[test]
fn the_months_total_is_this_months_by_the_sites_days() {
    let mut hand = home();
    assert_eq!(hand.board.good_turns(hand.now), 6);
    let other = Measures { v: V, session: demo::session(), rev: 2, months: demo::months("2024-09") };
    hand.board.handle_message(&Topic::Measures, &encode(&other), hand.now).unwrap();
    assert_eq!(hand.board.good_turns(hand.now), 0, "last month's is no longer said");
    // 23 h 30 in Montréal is the next month already in Greenwich
    let last = Now { wall: "2024-09-30T23:30:00-04:00".parse().unwrap(), ..hand.now };
    assert_eq!(hand.board.good_turns(last), 6);
}

#[test]
fn a_need_and_an_event_take_turns_and_wait_while_somebody_is_there() {
    let mut hand = home();
    let turns = |hand: &Hand| hand.board.turns(hand.now);
    assert_eq!(turns(hand.wait_ms(12_000)), 1);
    hand.wait_ms(11_000).touch(Touch::Anywhere);
    assert_eq!(turns(hand.wait_ms(11_999)), 0);
    assert!(hand.board.poll_timeout(hand.now).is_some_and(|at| at <= hand.now.since_start + Duration::from_millis(1)));
    assert_eq!(turns(hand.wait_ms(1)), 1);
}

#[test]
fn a_guest_and_a_member_without_a_badge_are_vouched_for_with_one() {
    for way in [Way::Guest, Way::NoBadge] {
        let mut hand = home();
        hand.names(way, " Léonie  Dubé ");
        let asked = hand.guest_touch(GuestTouch::Ask);
        let name = "Léonie Dubé".to_owned();
        let expected = if way == Way::Guest { Action::Guest { name } } else { Action::Declare { name } };
        assert_eq!(action(asked.clone()), expected);
        hand.answer(&asked[0], Answer::Armed { expires_in_ms: 15_000 });
        hand.answer(&asked[0], Answer::Done { signer: None, undo: None }).wait_ms(10_000);
        assert_eq!((hand.named(), hand.board.sign().is_none()), (None, true), "the name is forgotten");
    }
}

#[test]
fn each_word_of_a_name_begins_with_a_capital() {
    let mut hand = home();
    hand.names(Way::Guest, "");
    let layer = |hand: &Hand| hand.board.guest().unwrap().name().layer();
    assert_eq!(layer(&hand), Layer::Capitals);
    hand.guest_touch(GuestTouch::Key(Keystroke::Type(Typed("L".into()))));
    assert_eq!(layer(&hand), Layer::Letters);
    hand.guest_touch(GuestTouch::Key(Keystroke::Type(Typed(" ".into()))));
    assert_eq!(layer(&hand), Layer::Capitals);
}

#[test]
fn a_name_is_forgotten_when_it_is_taken_back_and_when_nobody_is_there() {
    let mut hand = home();
    hand.names(Way::NoBadge, "Léonie");
    assert!(!format!("{:?}", hand.board).contains("onie"), "Debug doesn't say it");
    hand.guest_touch(GuestTouch::Close);
    assert_eq!(hand.named(), None);
    hand.names(Way::NoBadge, "Léonie");
    hand.guest_touch(GuestTouch::Way(Way::Guest));
    assert_eq!(hand.named(), Some(""), "another choice begins anew");
    hand.names(Way::Guest, &"x".repeat(80));
    assert_eq!(hand.named().map(str::len), Some(LONGEST_NAME));
    assert_eq!(hand.wait_ms(60_000).named(), None);
}

#[test]
fn no_name_and_no_news_ask_for_no_badge() {
    let mut hand = home();
    hand.names(Way::Guest, " ");
    assert!(hand.guest_touch(GuestTouch::Ask).is_empty());
    hand.names(Way::Guest, "Léonie");
    hand.status(State::Offline);
    assert!(hand.guest_touch(GuestTouch::Ask).is_empty());
    assert_eq!(hand.named(), Some("Léonie"), "it is there to be tried again");
}

#[test]
fn a_proposal_and_a_name_that_were_left_are_forgotten_when_somebody_is_greeted_over_them() {
    let mut hand = home();
    hand.proposes("Jeux");
    hand.wait_ms(20_000).event(&arrival(0));
    assert_eq!(hand.proposed(), None);
    hand.press(Press::Close);
    hand.names(Way::Guest, "Ana");
    hand.wait_ms(20_000).event(&arrival(1));
    assert_eq!(hand.named(), None);
}
