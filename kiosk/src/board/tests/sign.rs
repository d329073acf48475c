//! *Approchez votre badge*, sentence by sentence.

use super::super::sign::{STEPS, SignPress, SignStep, Why};
use super::*;
use voisins_shared::payload::{Action, Greeted};

const ARMED: Answer = Answer::Armed { expires_in_ms: 15_000 };
const QUIET: Action = Action::Availability { availability: Availability::DoNotDisturb };

impl Hand {
    fn sign(&mut self, action: Action) -> Request {
        let mut asked = self.touch(Touch::Sign(action));
        assert_eq!(asked.len(), 1);
        asked.remove(0)
    }

    fn press_sign(&mut self, press: SignPress) -> Vec<Request> {
        let request = self.board.sign().expect("a badge is asked for").request();
        self.touch(Touch::Signing { request, press })
    }

    pub(super) fn sign_step(&self) -> Option<SignStep> {
        self.board.sign().map(|sign| sign.step)
    }
}

fn maude() -> Option<Greeted> {
    let Shown::Greeting(greeting) = arrival(0).shown else { panic!() };
    greeting.greeted
}

fn undo() -> Grant {
    Grant { token: Uuid::from_u128(5), expires_in_ms: 5_000 }
}

#[test]
fn je_repars_asks_for_the_badge_and_its_bar_shrinks_with_the_boards_time() {
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    assert_eq!(asked.args, Args::Sign { action: Action::Leave });
    assert_eq!(asked.session, hand.board.roster().session().unwrap().session);
    assert_eq!(hand.sign_step(), Some(SignStep::Asked));
    hand.answer(&asked, ARMED);
    assert_eq!(hand.board.sign().unwrap().left(hand.now), STEPS);
    assert_eq!(hand.board.poll_timeout(hand.now), Some(Duration::from_millis(250)), "four steps a second");
    hand.wait_ms(5_000);
    assert_eq!(hand.board.sign().unwrap().left(hand.now), STEPS * 2 / 3);
    assert!(hand.touch(Touch::Sign(Action::Leave)).is_empty(), "it is asked for already");
}

#[test]
fn a_signed_departure_says_good_bye_and_can_be_taken_back() {
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, ARMED).answer(&asked, Answer::Done { signer: maude(), undo: Some(undo()) });
    assert_eq!((hand.sign_step(), hand.step()), (None, Some(Step::Left(Some(undo().token)))));
    assert_eq!(hand.board.dialog().unwrap().greeting().unwrap().greeted, maude());
    hand.wait_ms(4_999);
    let taken_back = hand.press(Press::Undo);
    assert_eq!((&taken_back[0].args, taken_back[0].session), (&Args::Undo { grant: undo().token }, asked.session));
    hand.answer(&taken_back[0], Answer::Done { signer: None, undo: None });
    assert_eq!(hand.step(), Some(Step::Stayed));
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, Answer::Done { signer: None, undo: Some(undo()) }).wait_ms(5_000);
    assert!(hand.board.dialog().is_none(), "it goes by itself");
}

#[test]
fn a_signed_availability_is_noted_and_goes_by_itself() {
    let mut hand = home();
    let asked = hand.sign(QUIET);
    hand.answer(&asked, ARMED).answer(&asked, Answer::Done { signer: maude(), undo: None });
    let dialog = hand.board.dialog().unwrap();
    assert_eq!((dialog.availability, dialog.noted, dialog.has_grant()), (Availability::DoNotDisturb, true, false));
    assert!(hand.wait_ms(3_000).board.dialog().is_none());
}

#[test]
fn annuler_waits_for_what_came_first() {
    for (answer, step) in [
        (Answer::Cancelled, None),
        (Answer::Expired, None),
        (Answer::Done { signer: maude(), undo: Some(undo()) }, Some(Step::Left(Some(undo().token)))),
    ] {
        let mut hand = home();
        let asked = hand.sign(Action::Leave);
        hand.answer(&asked, ARMED);
        assert!(hand.touch(Touch::Signing { request: Uuid::nil(), press: SignPress::Cancel }).is_empty(), "of another dialog");
        let cancel = hand.press_sign(SignPress::Cancel);
        assert_eq!(cancel[0].args, Args::Cancel { request: asked.id });
        assert!(hand.press_sign(SignPress::Cancel).is_empty(), "pressed twice");
        hand.answer(&asked, answer);
        assert_eq!((hand.sign_step(), hand.step()), (None, step));
    }
}

#[test]
fn it_goes_by_itself_when_no_badge_comes_and_when_nobody_answers() {
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, ARMED).wait_ms(15_999);
    assert_eq!(hand.board.sign().map(|sign| sign.left(hand.now)), Some(0), "a moment for what was signed at the end");
    assert_eq!(hand.wait_ms(1).sign_step(), None);
    hand.sign(Action::Leave);
    assert_eq!(hand.wait_ms(2_999).sign_step(), Some(SignStep::Asked));
    assert_eq!(hand.wait_ms(1).sign_step(), Some(SignStep::Again));
    assert_eq!(hand.wait_ms(8_000).sign_step(), None);
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, ARMED);
    hand.press_sign(SignPress::Cancel);
    assert_eq!(hand.wait_ms(3_000).sign_step(), None, "cancelled, though nobody said so");
}

#[test]
fn what_comes_late_is_awaited_and_what_is_closed_unanswered_is_taken_back() {
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.wait_ms(4_000).answer(&asked, ARMED);
    assert_eq!(hand.sign_step(), Some(SignStep::Armed));
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.wait_ms(4_000);
    assert_eq!(hand.press_sign(SignPress::Close)[0].args, Args::Cancel { request: asked.id });
    hand.answer(&asked, ARMED);
    assert_eq!(hand.sign_step(), None);
}

#[test]
fn an_arrival_comes_first_and_the_same_is_asked_again() {
    for action in [Action::Leave, QUIET] {
        let mut hand = home();
        let asked = hand.sign(action.clone());
        hand.answer(&asked, ARMED).answer(&asked, Answer::Refused { reason: refusal::ARRIVED_FIRST.into() });
        assert_eq!(hand.sign_step(), Some(SignStep::ArrivedFirst));
        let again = hand.press_sign(SignPress::Again);
        assert_eq!((again.len(), &again[0].args), (1, &Args::Sign { action }));
        assert_ne!(again[0].id, asked.id);
    }
}

#[test]
fn a_refusal_says_what_to_do() {
    for (reason, step) in [
        (refusal::BUSY, SignStep::Busy),
        (refusal::NO_READER, SignStep::NoReader),
        (refusal::NOT_RECORDED, SignStep::NotRecorded),
        (refusal::OTHER_SESSION, SignStep::Again),
        ("of a later version", SignStep::Again),
    ] {
        let mut hand = home();
        let asked = hand.sign(Action::Leave);
        hand.answer(&asked, Answer::Refused { reason: reason.into() });
        assert_eq!(hand.sign_step(), Some(step));
        assert_eq!(hand.wait_ms(8_000).sign_step(), None, "it goes by itself");
    }
}

#[test]
fn who_taps_meanwhile_is_a_line() {
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, ARMED).event(&arrival(1)).event(&demo::unknown_badge());
    assert_eq!((hand.lines(), hand.step(), hand.sign_step()), (2, None, Some(SignStep::Armed)));
}

#[test]
fn a_daemon_that_begins_anew_or_goes_is_told() {
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, ARMED).status(State::Offline);
    assert_eq!(hand.sign_step(), Some(SignStep::Again));
    let mut hand = home();
    let asked = hand.sign(Action::Leave);
    hand.answer(&asked, ARMED).status(State::Online);
    assert_eq!(hand.sign_step(), Some(SignStep::Armed), "the same daemon says so again");
    let mut session = hand.board.roster().session().unwrap().clone();
    session.session = Uuid::from_u128(77);
    hand.board.handle_message(&Topic::Session, &encode(&session), hand.now).unwrap();
    assert_eq!(hand.sign_step(), Some(SignStep::Again));
}

#[test]
fn nothing_is_asked_while_the_daemon_is_silent_or_over_a_dialog() {
    let mut hand = home();
    hand.event(&arrival(0));
    assert!(hand.touch(Touch::Sign(Action::Leave)).is_empty());
    hand.press(Press::Close);
    hand.status(State::Offline);
    assert!(hand.touch(Touch::Sign(Action::Leave)).is_empty());
    assert!(hand.board.sign().is_none());
}

#[test]
fn a_refusal_that_would_come_again_is_not_tried_again() {
    let mut hand = home();
    for (reason, why) in Why::ALL {
        let asked = hand.sign(Action::AskIntroduction { member: demo::member_id(2) });
        hand.answer(&asked, Answer::Refused { reason: reason.into() });
        assert_eq!(hand.sign_step(), Some(SignStep::Refused(why)));
        hand.press_sign(SignPress::Close);
        assert_eq!(hand.sign_step(), None);
    }
}

#[test]
fn whatever_else_is_signed_is_told_in_place_and_goes_by_itself() {
    let member = demo::member_id(2);
    for action in [
        Action::AskIntroduction { member },
        Action::LeaveNote { member, text: "Merci".into() },
        Action::Guest { name: "Somebody".into() },
    ] {
        let mut hand = home();
        let asked = hand.sign(action);
        hand.answer(&asked, ARMED).answer(&asked, Answer::Done { signer: maude(), undo: None });
        assert_eq!((hand.sign_step(), hand.step()), (Some(SignStep::Done), None));
        assert_eq!(hand.wait_ms(5_000).sign_step(), None);
    }
}
