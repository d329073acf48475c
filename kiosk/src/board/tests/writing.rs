//! *Laisser un mot* and *Je connais quelqu'un*, sentence by sentence.

use super::*;
use crate::board::sign::{SignPress, SignStep, Why};
use crate::board::typing::{Keystroke, Typed};
use crate::board::writing::{WritingTouch, WrittenFor};
use voisins_shared::payload::{Action, Directory, Needs};

const DONE: Answer = Answer::Done { signer: None, undo: None };

impl Hand {
    fn writing(&mut self, touch: WritingTouch) -> Vec<Request> {
        self.touch(Touch::Writing(touch))
    }

    fn words(&mut self, to: WrittenFor, text: &str) -> &mut Self {
        self.writing(WritingTouch::Open(to));
        for letter in text.chars() {
            self.writing(WritingTouch::Key(Keystroke::Type(Typed(letter.to_string()))));
        }
        self
    }

    fn said(&self) -> Option<&str> {
        self.board.writing().map(|writing| writing.typing().text())
    }

    fn press_badge(&mut self, press: SignPress) {
        let request = self.board.sign().expect("a badge is asked for").request();
        drop(self.touch(Touch::Signing { request, press }));
    }
}

fn gisele() -> WrittenFor {
    WrittenFor::Member(demo::member_id(2))
}

#[test]
fn a_note_is_signed_and_forgotten_once_it_is_left() {
    let mut hand = home();
    assert!(hand.words(gisele(), " ").writing(WritingTouch::Send).is_empty(), "nothing is written yet");
    let asked = hand.words(gisele(), "Merci pour hier ").writing(WritingTouch::Send).remove(0);
    let action = Action::LeaveNote { member: demo::member_id(2), text: "Merci pour hier".into() };
    assert_eq!(asked.args, Args::Sign { action });
    hand.answer(&asked, Answer::Armed { expires_in_ms: 15_000 });
    assert_eq!(hand.said(), Some("Merci pour hier "), "until the badge has signed it");
    hand.answer(&asked, DONE).wait_ms(5_000);
    assert_eq!((hand.said(), hand.sign_step()), (None, None));
}

#[test]
fn je_connais_quelqu_un_is_about_a_need() {
    let mut hand = home();
    let need = demo::need_id(0);
    let asked = hand.words(WrittenFor::Need(need), "La bibliothèque").writing(WritingTouch::Send).remove(0);
    assert_eq!(asked.args, Args::Sign { action: Action::Refer { need, text: "La bibliothèque".into() } });
    hand.answer(&asked, DONE);
    hand.press_badge(SignPress::Close);
    assert_eq!(hand.said(), None);
}

#[test]
fn what_was_written_survives_a_refusal_and_a_badge_that_does_not_come_but_no_rest() {
    let mut hand = home();
    let asked = hand.words(gisele(), "Merci").writing(WritingTouch::Send).remove(0);
    hand.answer(&asked, Answer::Refused { reason: refusal::TOO_MANY_NOTES.into() });
    assert_eq!(hand.sign_step(), Some(SignStep::Refused(Why::TooManyNotes)));
    hand.press_badge(SignPress::Close);
    assert_eq!(hand.said(), Some("Merci"));
    let asked = hand.writing(WritingTouch::Send).remove(0);
    hand.answer(&asked, Answer::Armed { expires_in_ms: 15_000 }).wait_ms(16_000);
    assert_eq!((hand.sign_step(), hand.said()), (None, Some("Merci")));
    hand.wait_ms(44_000);
    assert_eq!(hand.said(), None);
}

#[test]
fn a_note_has_at_most_280_characters() {
    let mut hand = home();
    hand.words(gisele(), &"é".repeat(290));
    assert_eq!(hand.said().map(|text| text.chars().count()), Some(280));
}

#[test]
fn suite_makes_room_and_the_field_brings_the_keyboard_back() {
    let mut hand = home();
    hand.words(gisele(), "Merci");
    let keyboard = |hand: &Hand| hand.board.writing().unwrap().keyboard();
    assert!(keyboard(&hand));
    hand.writing(WritingTouch::Done);
    assert!(!keyboard(&hand));
    hand.writing(WritingTouch::Field);
    assert!(keyboard(&hand));
    hand.writing(WritingTouch::Close);
    assert_eq!(hand.said(), None);
}

#[test]
fn who_leaves_the_directory_or_a_need_that_closes_takes_it_along() {
    let mut hand = home();
    hand.words(gisele(), "Merci");
    let mut directory: Directory = hand.board.roster().directory().unwrap().clone();
    directory.rev = 9;
    directory.members.retain(|member| member.id != demo::member_id(2));
    hand.board.handle_message(&Topic::Directory, &encode(&directory), hand.now).unwrap();
    hand.wait_ms(1);
    assert_eq!(hand.said(), None);
    hand.words(WrittenFor::Need(demo::need_id(0)), "Quelqu’un");
    let session = hand.board.roster().session().unwrap().session;
    let needs = Needs { v: V, session, rev: 9, needs: vec![] };
    hand.board.handle_message(&Topic::Needs, &encode(&needs), hand.now).unwrap();
    hand.wait_ms(1);
    assert_eq!(hand.said(), None);
}

#[test]
fn without_news_nothing_is_written() {
    let mut hand = home();
    hand.status(State::Offline);
    assert_eq!(hand.words(gisele(), "Merci").said(), None);
}

#[test]
fn what_was_left_half_written_is_forgotten_when_somebody_is_greeted_over_it() {
    let mut hand = home();
    hand.words(gisele(), "Merci").wait_ms(19_000).event(&arrival(0));
    assert_eq!((hand.said(), hand.lines()), (Some("Merci"), 1), "a line covers nothing: its author is still there");
    hand.wait_ms(1_000).event(&arrival(1));
    assert!(hand.board.dialog().is_some());
    assert_eq!(hand.said(), None);
}

#[test]
fn debug_says_nothing_of_what_is_written() {
    let mut hand = home();
    hand.words(gisele(), "Mon secret").writing(WritingTouch::Send);
    assert!(!format!("{:?}{:?}", hand.board.writing(), hand.board.sign()).contains("secret"));
}
