//! The board's behaviour, sentence by sentence: greetings and lines here, the whole screen in `whole.rs`,
//! the search in `search.rs`, *Ma fiche* in `profile.rs`, *Pour vous* in `for_you.rs`.

mod agenda;
mod for_you;
mod lobby;
mod member;
mod muster;
mod needs;
mod phone;
mod profile;
mod search;
mod sign;
mod trouble;
mod whole;
mod writing;

use super::connection::{NAMES_LEAVE_AFTER, Truth};
use super::dialog::{Press, Step};
use super::lines::LineText;
use super::*;
use jiff::Timestamp;
use voisins_shared::demo;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{
    Answer, Args, Form, Grant, Greeting, KioskEvent, Moment, Refusal, Response, Shown, State, Status, V, encode, refusal,
};
use voisins_shared::visit::Availability;

/// A board that a test's hand moves through time.
struct Hand {
    board: Board,
    now: Now,
}

fn hand() -> Hand {
    let now = Now { since_start: Duration::ZERO, wall: "2024-10-23T10:26:00-04:00".parse::<Timestamp>().unwrap() };
    let board = Board::new(Language::Fr, TimeZone::UTC, Uuid::from_u128(1 << 100), now);
    Hand { board, now }
}

/// Online, with 9 people here and 5 who passed by.
fn home() -> Hand {
    let mut hand = hand();
    hand.board.handle_link(Link::Connected, hand.now);
    for (topic, payload) in demo::messages(9, 5, |_, _| vec![1]) {
        hand.board.handle_message(&topic, &payload, hand.now).unwrap();
    }
    hand
}

fn kiosk() -> KioskName {
    KioskName::new(demo::KIOSK).unwrap()
}

impl Hand {
    fn wait_ms(&mut self, ms: u64) -> &mut Self {
        // as the program does it: every time-out on its way is handled
        let end = self.now.since_start + Duration::from_millis(ms);
        while let Some(at) = self.board.poll_timeout(self.now).filter(|at| *at < end) {
            self.set(at);
        }
        self.set(end);
        self
    }

    fn set(&mut self, since_start: Duration) {
        let by = since_start.saturating_sub(self.now.since_start);
        self.now = Now { since_start: self.now.since_start + by, wall: self.now.wall + by };
        self.board.handle_timeout(self.now);
    }

    fn event(&mut self, event: &KioskEvent) -> &mut Self {
        self.board.handle_message(&Topic::KioskEvent(kiosk()), &encode(event), self.now).unwrap();
        self
    }

    fn touch(&mut self, touch: Touch) -> Vec<Request> {
        self.board.handle_touch(touch, self.now)
    }

    fn press(&mut self, press: Press) -> Vec<Request> {
        let event = self.board.dialog().expect("a dialog").event();
        self.touch(Touch::Dialog { event, press })
    }

    fn answer(&mut self, request: &Request, answer: Answer) -> &mut Self {
        let response = Response { v: V, id: request.id, answer };
        self.board.handle_message(&Topic::Response(kiosk(), request.id.to_string()), &encode(&response), self.now).unwrap();
        self
    }

    fn status(&mut self, state: State) -> &mut Self {
        let session = self.board.roster().session().unwrap().session;
        self.board.handle_message(&Topic::Status, &encode(&Status { v: V, state, session }), self.now).unwrap();
        self
    }

    fn step(&self) -> Option<Step> {
        self.board.dialog().map(|dialog| dialog.step)
    }

    fn lines(&self) -> usize {
        self.board.lines().shown().len()
    }
}

fn arrival(n: usize) -> KioskEvent {
    demo::arrival(n, 9, Form::Full)
}

fn greeting(change: impl FnOnce(&mut Greeting)) -> KioskEvent {
    let mut event = arrival(0);
    if let Shown::Greeting(greeting) = &mut event.shown {
        change(greeting);
    }
    event
}

#[test]
fn a_greeting_opens_a_dialog_only_in_full_form() {
    let mut hand = home();
    hand.event(&demo::arrival(1, 9, Form::Line));
    assert!(hand.board.dialog().is_none());
    assert_eq!(hand.lines(), 1);
    hand.event(&arrival(0));
    assert_eq!(hand.step(), Some(Step::Shown));
}

#[test]
fn a_line_stays_3_s() {
    let mut hand = home();
    hand.event(&demo::arrival(1, 9, Form::Line)).wait_ms(2_999);
    assert_eq!(hand.lines(), 1);
    assert_eq!(hand.wait_ms(1).lines(), 0);
}

#[test]
fn a_greeting_stays_8_s_and_as_long_as_it_is_touched() {
    let mut hand = home();
    hand.event(&arrival(0)).wait_ms(7_999);
    assert!(hand.board.dialog().is_some());
    let requests = hand.press(Press::Availability(Availability::Open));
    hand.answer(&requests[0], Answer::Done { signer: None, undo: None }).wait_ms(7_999);
    assert!(hand.board.dialog().is_some());
    hand.wait_ms(1);
    assert!(hand.board.dialog().is_none());
}

#[test]
fn a_touch_beside_the_buttons_holds_a_greeting_too() {
    let mut hand = home();
    hand.event(&arrival(0)).wait_ms(5_000);
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.wait_ms(7_999);
    assert!(hand.board.dialog().is_some());
    assert!(hand.wait_ms(1).board.dialog().is_none());
}

#[test]
fn the_next_tap_shrinks_a_greeting_to_a_line() {
    let mut hand = home();
    hand.event(&arrival(0)).event(&arrival(1));
    assert_eq!(hand.board.dialog().unwrap().event(), arrival(1).id);
    assert_eq!(hand.board.lines().shown()[0].event, arrival(0).id);
}

#[test]
fn a_greeting_never_covers_a_kiosk_in_use() {
    let mut hand = home();
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.wait_ms(19_000).event(&arrival(0));
    assert!(hand.board.dialog().is_none());
    assert_eq!(hand.lines(), 1);
    hand.wait_ms(1_000).event(&arrival(1));
    assert!(hand.board.dialog().is_some());
}

#[test]
fn a_greeting_in_use_is_not_covered_by_the_next_but_by_the_same_member() {
    let mut hand = home();
    hand.event(&arrival(0)).wait_ms(1_000);
    hand.press(Press::Availability(Availability::Open));
    hand.event(&arrival(1));
    assert_eq!(hand.board.dialog().unwrap().event(), arrival(0).id);
    let mut again = greeting(|greeting| greeting.moment = Moment::Seen);
    again.id = Uuid::from_u128(77);
    hand.event(&again);
    assert_eq!(hand.board.dialog().unwrap().event(), again.id);
}

#[test]
fn several_arrivals_stack_as_lines_4_at_most_then_a_number() {
    let mut hand = home();
    for n in 0..7 {
        hand.event(&demo::arrival(n, 9, Form::Line));
    }
    assert_eq!((hand.lines(), hand.board.lines().more()), (4, 3));
    assert_eq!(hand.board.lines().shown()[0].event, demo::arrival(6, 9, Form::Line).id, "whoever just tapped sees their own");
}

#[test]
fn a_press_carries_the_id_of_the_greeting_it_was_drawn_on() {
    let mut hand = home();
    hand.event(&arrival(0)).event(&arrival(1)).wait_ms(700);
    assert!(hand.touch(Touch::Dialog { event: arrival(0).id, press: Press::Leave }).is_empty());
    assert_eq!(hand.press(Press::Leave).len(), 1);
}

#[test]
fn a_press_within_600_ms_after_a_greeting_replaced_another_is_dropped() {
    let mut hand = home();
    hand.event(&arrival(0)).event(&arrival(1)).wait_ms(599);
    assert!(hand.press(Press::Leave).is_empty());
    hand.wait_ms(1);
    assert_eq!(hand.press(Press::Leave).len(), 1);
}

#[test]
fn a_press_on_a_greeting_that_replaced_none_counts_at_once() {
    let mut hand = home();
    hand.event(&arrival(0));
    assert_eq!(hand.press(Press::Leave).len(), 1);
}

#[test]
fn je_repars_asks_and_shows_annuler_for_5_s() {
    let mut hand = home();
    hand.event(&arrival(0));
    let leave = hand.press(Press::Leave);
    let Shown::Greeting(Greeting { grant: Some(grant), .. }) = arrival(0).shown else { panic!() };
    assert_eq!(leave[0].args, Args::Leave { grant: grant.token });
    assert_eq!(leave[0].session, arrival(0).session);
    assert!(hand.press(Press::Leave).is_empty(), "a second press while it waits");
    let undo = Grant { token: Uuid::from_u128(5), expires_in_ms: 5_000 };
    hand.answer(&leave[0], Answer::Done { signer: None, undo: Some(undo.clone()) }).wait_ms(4_999);
    assert_eq!(hand.step(), Some(Step::Left(Some(undo.token))));
    let taken_back = hand.press(Press::Undo);
    assert_eq!(taken_back[0].args, Args::Undo { grant: undo.token });
    assert_ne!(taken_back[0].id, leave[0].id);
    hand.answer(&taken_back[0], Answer::Done { signer: None, undo: None });
    assert_eq!(hand.step(), Some(Step::Stayed));
}

#[test]
fn annuler_goes_after_5_s() {
    let mut hand = home();
    hand.event(&arrival(0));
    let leave = hand.press(Press::Leave);
    hand.answer(&leave[0], Answer::Done { signer: None, undo: Some(Grant { token: Uuid::nil(), expires_in_ms: 60_000 }) })
        .wait_ms(5_000);
    assert!(hand.board.dialog().is_none());
}

#[test]
fn je_reste_does_nothing_but_close() {
    let mut hand = home();
    hand.event(&greeting(|greeting| greeting.ask_to_stay = true));
    assert!(hand.press(Press::Stay).is_empty());
    assert!(hand.board.dialog().is_none());
}

#[test]
fn an_availability_is_shown_once_it_is_recorded() {
    let mut hand = home();
    hand.event(&arrival(0));
    let asked = hand.press(Press::Availability(Availability::DoNotDisturb));
    assert_eq!(hand.board.dialog().unwrap().availability, Availability::Here);
    hand.answer(&asked[0], Answer::Done { signer: None, undo: None });
    assert_eq!(hand.board.dialog().unwrap().availability, Availability::DoNotDisturb);
    assert!(hand.board.dialog().unwrap().noted);
}

#[test]
fn a_refused_or_expired_or_unanswered_press_asks_for_the_badge_again() {
    for answer in [Some(Answer::Expired), Some(Answer::Refused { reason: refusal::OTHER_SESSION.into() }), None] {
        let mut hand = home();
        hand.event(&arrival(0));
        let asked = hand.press(Press::Leave);
        match answer {
            Some(answer) => hand.answer(&asked[0], answer),
            None => hand.wait_ms(3_000),
        };
        assert_eq!(hand.step(), Some(Step::Again));
        hand.event(&arrival(0).into_next());
        assert_eq!(hand.step(), Some(Step::Shown), "the badge that was asked for is greeted, although the kiosk is in use");
    }
}

trait Next {
    fn into_next(self) -> Self;
}
impl Next for KioskEvent {
    fn into_next(mut self) -> Self {
        self.id = Uuid::from_u128(self.id.as_u128() + 1_000);
        self
    }
}

#[test]
fn a_press_that_can_not_be_recorded_says_so() {
    let mut hand = home();
    hand.event(&arrival(0));
    let asked = hand.press(Press::Leave);
    hand.answer(&asked[0], Answer::Refused { reason: refusal::NOT_RECORDED.into() });
    assert_eq!(hand.step(), Some(Step::NotRecorded));
}

#[test]
fn a_late_answer_to_another_press_changes_nothing() {
    let mut hand = home();
    hand.event(&arrival(0));
    let asked = hand.press(Press::Leave);
    hand.press(Press::Close);
    hand.wait_ms(20_000).event(&arrival(1)).answer(&asked[0], Answer::Done { signer: None, undo: None });
    assert_eq!(hand.step(), Some(Step::Shown));
}

#[test]
fn an_unknown_badge_may_enter_as_a_guest() {
    let mut hand = home();
    hand.event(&demo::unknown_badge());
    let asked = hand.press(Press::Guest);
    assert!(matches!(asked[0].args, Args::Guest { .. }));
    hand.answer(&asked[0], Answer::Done { signer: None, undo: None });
    assert_eq!(hand.step(), Some(Step::Welcome));
}

#[test]
fn without_a_grant_a_press_asks_for_nothing() {
    let mut hand = home();
    hand.event(&greeting(|greeting| greeting.grant = None));
    assert!(hand.press(Press::Leave).is_empty());
    hand.press(Press::Close);
    hand.wait_ms(20_000).event(&demo::refused());
    assert!(hand.press(Press::Guest).is_empty());
}

#[test]
fn an_event_delivered_twice_is_one() {
    let mut hand = home();
    hand.event(&arrival(0));
    let asked = hand.press(Press::Leave);
    hand.event(&arrival(0));
    assert_eq!(hand.board.dialog().unwrap().pending(), Some(Press::Leave));
    hand.answer(&asked[0], Answer::Done { signer: None, undo: None });
    assert_eq!(hand.step(), Some(Step::Left(None)));
    hand.event(&demo::arrival(4, 9, Form::Line)).event(&demo::arrival(4, 9, Form::Line));
    assert_eq!(hand.lines(), 1);
}

#[test]
fn an_unreadable_card_held_again_is_greeted_although_the_kiosk_is_in_use() {
    let mut hand = home();
    let mut unreadable = demo::refused();
    unreadable.shown = Shown::Refused { reason: Refusal::Unreadable };
    hand.event(&unreadable);
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.event(&arrival(0));
    assert_eq!(hand.board.dialog().unwrap().event(), arrival(0).id);
}

#[test]
fn an_unknown_badge_at_a_kiosk_in_use_is_a_line_with_its_code() {
    let mut hand = home();
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.event(&demo::unknown_badge());
    let Shown::Unknown { code, .. } = demo::unknown_badge().shown else { panic!() };
    assert_eq!(hand.board.lines().shown()[0].text, LineText::Unknown(code));
}

#[test]
fn a_greeting_speaks_the_members_language() {
    let mut hand = home();
    hand.event(&greeting(|greeting| greeting.language = Some(Language::En)));
    assert_eq!(hand.board.language(), Language::En);
    hand.press(Press::Close);
    assert_eq!(hand.board.language(), Language::Fr);
}

#[test]
fn a_chosen_language_lasts_until_the_kiosk_goes_home() {
    let mut hand = home();
    assert!(hand.touch(Touch::Language(Language::En)).is_empty());
    hand.wait_ms(59_999);
    assert_eq!(hand.board.language(), Language::En);
    hand.wait_ms(1);
    assert_eq!(hand.board.language(), Language::Fr);
}

#[test]
fn ids_of_requests_are_never_the_same() {
    let mut hand = home();
    let mut ids = std::collections::BTreeSet::new();
    for n in 0..5 {
        hand.wait_ms(30_000).event(&arrival(n));
        ids.insert(hand.press(Press::Leave)[0].id);
    }
    assert_eq!(ids.len(), 5);
}

#[test]
fn a_tap_that_becomes_a_line_ends_what_the_open_dialog_allowed() {
    let mut hand = home();
    hand.event(&arrival(0));
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.event(&demo::arrival(2, 9, Form::Line));
    assert!(hand.board.dialog().unwrap().has_grant(), "another reader ends nothing here");
    hand.event(&arrival(1));
    assert_eq!(hand.board.dialog().unwrap().event(), arrival(0).id);
    assert!(!hand.board.dialog().unwrap().has_grant());
    assert!(hand.press(Press::Leave).is_empty());
    assert!(hand.press(Press::Close).is_empty() && hand.board.dialog().is_none(), "it can be closed");
}

#[test]
fn annuler_stays_when_the_next_tap_becomes_a_line() {
    let mut hand = home();
    hand.event(&arrival(0));
    let leave = hand.press(Press::Leave);
    hand.answer(&leave[0], Answer::Done { signer: None, undo: Some(Grant { token: Uuid::from_u128(5), expires_in_ms: 5_000 }) });
    hand.event(&arrival(1));
    assert_eq!(hand.press(Press::Undo)[0].args, Args::Undo { grant: Uuid::from_u128(5) });
}

#[test]
fn the_buttons_stay_live_after_an_availability_was_noted() {
    let mut hand = home();
    hand.event(&arrival(0));
    let asked = hand.press(Press::Availability(Availability::DoNotDisturb));
    hand.answer(&asked[0], Answer::Done { signer: None, undo: None }).wait_ms(1_000);
    assert!(hand.board.dialog().unwrap().has_grant());
    assert_eq!(hand.press(Press::Leave).len(), 1);
}

#[test]
fn a_greeting_held_by_touches_never_outlives_its_grant_with_live_buttons() {
    let mut hand = home();
    hand.event(&arrival(0));
    for _ in 0..5 {
        hand.wait_ms(5_999);
        assert!(hand.touch(Touch::Anywhere).is_empty() && hand.board.dialog().unwrap().has_grant());
    }
    assert_eq!(hand.board.poll_timeout(hand.now), Some(Duration::from_secs(30)), "it is drawn again when the grant ends");
    hand.wait_ms(5);
    assert!(!hand.board.dialog().unwrap().has_grant());
    assert!(hand.press(Press::Leave).is_empty());
}

#[test]
fn a_refusal_at_a_kiosk_in_use_is_a_line_with_its_reason() {
    for (reason, stays) in [(Refusal::NotRecorded, 8_000), (Refusal::Unreadable, 3_000), (Refusal::RandomUid, 3_000)] {
        let mut hand = home();
        assert!(hand.touch(Touch::Anywhere).is_empty());
        let mut event = demo::refused();
        event.shown = Shown::Refused { reason };
        hand.event(&event).wait_ms(stays - 1);
        assert_eq!(hand.board.lines().shown()[0].text, LineText::Refused(reason));
        assert_eq!(hand.wait_ms(1).lines(), 0);
    }
}

#[test]
fn an_answer_that_comes_late_is_still_taken() {
    let mut hand = home();
    hand.event(&arrival(0));
    let leave = hand.press(Press::Leave);
    hand.wait_ms(4_000);
    assert_eq!(hand.step(), Some(Step::Again));
    let undo = Grant { token: Uuid::from_u128(5), expires_in_ms: 5_000 };
    hand.answer(&leave[0], Answer::Done { signer: None, undo: Some(undo.clone()) });
    assert_eq!(hand.step(), Some(Step::Left(Some(undo.token))), "it can be taken back");
    hand.answer(&leave[0], Answer::Expired);
    assert_eq!(hand.step(), Some(Step::Left(Some(undo.token))), "answered once");
    let mut hand = home();
    hand.event(&arrival(0));
    let asked = hand.press(Press::Availability(Availability::Open));
    hand.wait_ms(4_000).answer(&asked[0], Answer::Done { signer: None, undo: None });
    assert_eq!((hand.step(), hand.board.dialog().unwrap().noted), (Some(Step::Shown), true));
}

#[test]
fn the_language_can_be_chosen_while_a_dialog_is_open() {
    let mut hand = home();
    hand.event(&greeting(|greeting| greeting.language = Some(Language::En))).wait_ms(5_000);
    assert!(hand.touch(Touch::Language(Language::Fr)).is_empty());
    assert_eq!(hand.board.language(), Language::Fr);
    hand.wait_ms(7_999);
    assert!(hand.board.dialog().is_some(), "a touch held it");
}

#[test]
fn whatever_an_event_asks_for_it_stays_1_s_to_60_s() {
    for (asked, stays) in [(0, 1_000), (u64::MAX, 60_000)] {
        let mut hand = home();
        let mut event = arrival(0);
        event.expires_in_ms = asked;
        hand.event(&event).wait_ms(stays - 1);
        assert!(hand.board.dialog().is_some());
        assert!(hand.wait_ms(1).board.dialog().is_none());
    }
}
