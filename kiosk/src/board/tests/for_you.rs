//! *Voir* on a greeting and *Pour vous*, sentence by sentence.

use super::super::for_you::{Button, FOR_YOU_STAYS, ForYouPress, PressStep};
use super::*;
use voisins_shared::introduction::Led;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{ForYou, ForYouReply};

const HELP: ForYouPress = ForYouPress::Button(0, Button::Help);
const STAYS_MS: u64 = FOR_YOU_STAYS.as_secs() * 1_000;

fn matched() -> KioskEvent {
    demo::match_arrival(9)
}

/// The same badge held again.
fn again() -> KioskEvent {
    let mut event = matched();
    event.id = Uuid::from_u128(201);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.moment = Moment::Seen;
        greeting.grant = Some(Grant { token: Uuid::from_u128(77), expires_in_ms: 30_000 });
    }
    event
}

fn items() -> Answer {
    Answer::ForYou { items: demo::for_you() }
}

fn need() -> NeedId {
    let ForYou::CanHelp { need, .. } = demo::for_you()[0] else { panic!() };
    need
}

impl Hand {
    #[track_caller]
    fn see(&mut self) -> Request {
        let mut asked = self.press(Press::See);
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }

    fn press_for_you(&mut self, press: ForYouPress) -> Vec<Request> {
        let request = self.board.for_you().expect("it is open").request();
        self.touch(Touch::ForYou { request, press })
    }

    #[track_caller]
    fn help(&mut self) -> Request {
        let mut asked = self.press_for_you(HELP);
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }

    fn help_step(&self) -> PressStep {
        self.board.for_you().expect("it is open").items[0].step()
    }

    fn is_open(&self) -> bool {
        self.board.for_you().is_some()
    }
}

/// *Voir* pressed as soon as somebody was greeted, and answered.
fn opened() -> Hand {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.answer(&asked, items()).wait_ms(600);
    hand
}

#[test]
fn a_greeting_with_something_to_see_stays_15_s() {
    let mut hand = home();
    hand.event(&matched()).wait_ms(14_999);
    assert!(hand.board.dialog().unwrap().can_see());
    assert!(hand.wait_ms(1).board.dialog().is_none());
    let mut elsewhere = matched();
    if let Shown::Greeting(greeting) = &mut elsewhere.shown {
        greeting.grant = None;
    }
    hand.event(&elsewhere).wait_ms(7_999);
    assert!(!hand.board.dialog().unwrap().can_see(), "it opens only beside the reader");
    assert!(hand.wait_ms(1).board.dialog().is_none());
}

#[test]
fn voir_asks_under_the_greetings_grant_and_opens_what_is_told() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    let Shown::Greeting(Greeting { grant: Some(grant), .. }) = matched().shown else { panic!() };
    assert_eq!((asked.args.clone(), asked.session), (Args::See { grant: grant.token }, matched().session));
    assert!(hand.press(Press::See).is_empty(), "a second press while it waits");
    hand.answer(&asked, items());
    assert!(hand.board.dialog().is_none() && hand.board.for_you().unwrap().items.len() == 2);
    assert!(hand.board.can_reply());
}

#[test]
fn without_something_to_see_voir_asks_for_nothing() {
    let mut hand = home();
    hand.event(&arrival(0));
    assert!(!hand.board.dialog().unwrap().can_see() && hand.press(Press::See).is_empty());
}

#[test]
fn what_is_told_is_shown_even_if_the_greeting_was_about_to_end() {
    let mut hand = home();
    hand.event(&matched()).wait_ms(14_999);
    let asked = hand.see();
    hand.wait_ms(4_999).answer(&asked, items());
    assert!(hand.is_open());
    hand.wait_ms(STAYS_MS - 1);
    assert!(hand.is_open(), "20 s, although the greeting's grant is over");
    assert!(!hand.board.can_reply());
    assert!(!hand.wait_ms(1).is_open());
}

#[test]
fn an_answer_after_5_s_is_awaited_in_calm_words_and_still_shown() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.wait_ms(4_999);
    assert_eq!(hand.step(), Some(Step::Shown));
    hand.wait_ms(1);
    assert_eq!(hand.step(), Some(Step::Again));
    hand.wait_ms(5_000).answer(&asked, items());
    assert!(hand.is_open() && hand.board.dialog().is_none());
}

#[test]
fn a_refused_or_expired_voir_asks_for_the_badge_again() {
    for answer in [
        Answer::Expired,
        Answer::Refused { reason: refusal::OTHER_SESSION.into() },
        Answer::Refused { reason: refusal::NOT_RECORDED.into() },
        Answer::Done { signer: None, undo: None },
    ] {
        let mut hand = home();
        hand.event(&matched());
        let asked = hand.see();
        hand.answer(&asked, answer);
        assert_eq!((hand.step(), hand.is_open()), (Some(Step::Again), false));
    }
}

#[test]
fn it_stays_20_s_and_as_long_as_it_is_touched_up_to_the_grants_end() {
    let mut hand = opened();
    hand.wait_ms(STAYS_MS - 601);
    assert!(hand.is_open());
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.wait_ms(10_000);
    assert!(hand.is_open());
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.wait_ms(1);
    assert!(!hand.is_open(), "30 s after the greeting");
}

#[test]
fn je_peux_aider_is_noted_once() {
    let mut hand = opened();
    let asked = hand.help();
    assert!(matches!(asked.args, Args::Help { need: of, .. } if of == need()));
    assert_eq!(hand.help_step(), PressStep::Asked);
    assert!(hand.press_for_you(HELP).is_empty());
    hand.answer(&asked, Answer::Done { signer: None, undo: None });
    assert_eq!(hand.help_step(), PressStep::Noted);
    assert!(hand.press_for_you(HELP).is_empty());
}

#[test]
fn only_what_the_reader_can_help_with_can_be_pressed() {
    let mut hand = opened();
    assert!(hand.press_for_you(ForYouPress::Button(1, Button::Help)).is_empty());
}

#[test]
fn a_help_that_is_not_noted_says_so() {
    let refused = |reason: &str| Some(Answer::Refused { reason: reason.into() });
    for (answer, step) in [
        (refused(refusal::NO_SUCH_NEED), PressStep::Closed),
        (refused(refusal::NOT_RECORDED), PressStep::NotNoted),
        (refused(refusal::OTHER_SESSION), PressStep::NotNoted),
        (Some(Answer::Expired), PressStep::NotNoted),
        (None, PressStep::NotNoted),
    ] {
        let mut hand = opened();
        let asked = hand.help();
        match answer {
            Some(answer) => hand.answer(&asked, answer),
            None => hand.wait_ms(5_000),
        };
        assert_eq!(hand.help_step(), step);
    }
}

#[test]
fn a_help_that_is_answered_late_is_still_noted_and_can_be_read() {
    let mut hand = opened();
    hand.wait_ms(STAYS_MS - 602);
    let asked = hand.help();
    hand.wait_ms(9_500);
    assert_eq!(hand.help_step(), PressStep::NotNoted);
    hand.answer(&asked, Answer::Done { signer: None, undo: None }).wait_ms(4_999);
    assert_eq!(hand.help_step(), PressStep::Noted);
    assert!(!hand.wait_ms(5_000).is_open());
}

#[test]
fn a_double_press_on_voir_presses_nothing_of_what_it_opened() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.answer(&asked, items()).wait_ms(599);
    assert!(hand.press_for_you(HELP).is_empty() && hand.help_step() == PressStep::Open);
    hand.wait_ms(1);
    hand.help();
}

#[test]
fn after_fermer_nothing_of_it_is_left() {
    let mut hand = opened();
    let (asked, request) = (hand.help(), hand.board.for_you().unwrap().request());
    assert!(hand.press_for_you(ForYouPress::Close).is_empty());
    assert!(!hand.is_open());
    hand.answer(&asked, Answer::Done { signer: None, undo: None });
    assert!(!hand.is_open() && hand.board.dialog().is_none());
    assert!(hand.touch(Touch::ForYou { request, press: HELP }).is_empty());
}

#[test]
fn a_greeting_that_was_closed_before_the_answer_opens_nothing() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    assert!(hand.press(Press::Close).is_empty());
    hand.answer(&asked, items());
    assert!(!hand.is_open());
    hand.wait_ms(20_000).event(&arrival(1)).answer(&asked, items());
    assert!(!hand.is_open(), "least of all for whoever comes next");
}

#[test]
fn a_tap_while_it_is_in_use_is_a_line_and_ends_what_it_allowed() {
    let mut hand = opened();
    hand.wait_ms(10_000).event(&demo::arrival(2, 9, Form::Line));
    assert!(hand.board.can_reply(), "another reader ends nothing here");
    hand.event(&arrival(1));
    assert!(hand.is_open() && hand.board.dialog().is_none() && !hand.board.can_reply());
    assert_eq!(hand.lines(), 2);
    assert!(hand.press_for_you(HELP).is_empty());
}

#[test]
fn a_tap_turns_it_into_nothing_only_after_it_was_seen() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.wait_ms(12_900).answer(&asked, items()).wait_ms(5_999);
    hand.event(&arrival(1)).wait_ms(2_000);
    assert!(hand.is_open(), "on screen for less than 6 s, or touched within 20 s");
    hand.event(&arrival(2));
    assert_eq!((hand.is_open(), hand.board.dialog().unwrap().event()), (false, arrival(2).id));
    assert!(hand.board.lines().shown().iter().all(|line| line.event != matched().id), "whose it was is not told either");
    assert!(hand.press(Press::Leave).is_empty(), "a press meant for it");
}

#[test]
fn the_same_badge_again_renews_what_it_may_press() {
    let mut hand = opened();
    hand.wait_ms(15_000).event(&again());
    assert!(hand.is_open() && hand.board.can_reply() && hand.board.dialog().is_none());
    assert_eq!(hand.help().args, Args::Help { grant: Uuid::from_u128(77), need: need() });
}

#[test]
fn the_same_badge_again_before_the_answer_still_sees_it_and_another_does_not() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.event(&again()).answer(&asked, items());
    assert!(hand.is_open());
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.wait_ms(5_000).event(&arrival(1)).answer(&asked, items());
    assert_eq!((hand.is_open(), hand.board.dialog().unwrap().event()), (false, arrival(1).id));
}

#[test]
fn without_the_daemon_that_gave_the_right_nothing_can_be_pressed_and_what_was_told_stays() {
    let mut hand = opened();
    hand.status(State::Offline);
    assert!(hand.is_open() && !hand.board.can_reply());
    assert!(hand.press_for_you(HELP).is_empty());
    hand.status(State::Online);
    assert!(hand.board.can_reply());
}

#[test]
fn it_speaks_the_members_language_until_a_hand_chooses_another() {
    let mut hand = home();
    let mut event = matched();
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.language = Some(Language::En);
    }
    hand.event(&event);
    let asked = hand.see();
    hand.answer(&asked, items());
    assert_eq!(hand.board.language(), Language::En);
    assert!(hand.touch(Touch::Language(Language::Fr)).is_empty());
    assert_eq!(hand.board.language(), Language::Fr);
    assert!(hand.is_open());
}

#[test]
fn what_a_later_version_adds_is_left_out() {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.answer(&asked, Answer::ForYou { items: vec![ForYou::Unknown] });
    assert!(hand.is_open() && hand.board.for_you().unwrap().items.is_empty());
}

#[test]
fn no_badge_is_asked_for_over_it() {
    let mut hand = opened();
    assert!(hand.touch(Touch::Sign(voisins_shared::payload::Action::Leave)).is_empty());
    assert!(hand.is_open());
}

/// All that can wait, opened.
fn with(items: Vec<ForYou>) -> Hand {
    let mut hand = home();
    hand.event(&matched());
    let asked = hand.see();
    hand.answer(&asked, Answer::ForYou { items }).wait_ms(600);
    hand
}

#[track_caller]
fn replies(hand: &mut Hand, at: usize, button: Button) -> ForYouReply {
    let mut asked = hand.press_for_you(ForYouPress::Button(at, button));
    assert_eq!(asked.len(), 1, "{button:?}");
    let request = asked.remove(0);
    hand.answer(&request, Answer::Done { signer: None, undo: None });
    let Args::Reply { reply, .. } = request.args else { panic!("{request:?}") };
    reply
}

#[test]
fn each_button_asks_for_what_it_says_once() {
    let items = demo::all_for_you();
    for place in 0..3 {
        let mut hand = with(items.clone());
        for (at, what) in items.iter().enumerate() {
            let Some(&button) = Button::of(what, &[]).get(place).filter(|button| **button != Button::Help) else { continue };
            let reply = replies(&mut hand, at, button);
            let fits = match (button, reply) {
                (Button::NotThisTime, ForYouReply::NotThisTime { .. })
                | (Button::Accept, ForYouReply::Introduction { accepted: true, .. })
                | (Button::Decline, ForYouReply::Introduction { accepted: false, .. })
                | (Button::Avoid, ForYouReply::Avoid { .. })
                | (Button::Report, ForYouReply::ReportNote { .. })
                | (Button::NoMoreNotes, ForYouReply::NoMoreNotes { .. })
                | (Button::Renew, ForYouReply::Renew { .. })
                | (Button::Found, ForYouReply::Close { met: true, .. })
                | (Button::TakeDown, ForYouReply::Close { met: false, .. }) => true,
                (Button::Led(pressed), ForYouReply::Led { led, .. }) => pressed == led,
                _ => false,
            };
            assert!(fits, "{button:?}");
            assert!(hand.press_for_you(ForYouPress::Button(at, button)).is_empty(), "{button:?} twice");
        }
    }
}

#[test]
fn merci_is_offered_after_the_answer_where_somebody_can_be_thanked() {
    let items = demo::all_for_you();
    let at = items.iter().position(|item| matches!(item, ForYou::LedSomewhere { can_thank: true, .. })).unwrap();
    let mut hand = with(items);
    assert!(hand.press_for_you(ForYouPress::Button(at, Button::Thank)).is_empty(), "not yet");
    replies(&mut hand, at, Button::Led(Led::Met));
    assert!(matches!(replies(&mut hand, at, Button::Thank), ForYouReply::Thank { .. }));
    assert!(hand.board.for_you().unwrap().items[at].buttons().is_empty());
}

#[test]
fn a_note_can_be_reported_and_its_author_silenced_besides() {
    let items = demo::all_for_you();
    let at = items.iter().position(|item| matches!(item, ForYou::Note { .. })).unwrap();
    let mut hand = with(items);
    replies(&mut hand, at, Button::Report);
    assert_eq!(hand.board.for_you().unwrap().items[at].buttons(), [Button::NoMoreNotes]);
    replies(&mut hand, at, Button::NoMoreNotes);
}

#[test]
fn a_week_without_proposals_is_asked_for_once_and_only_where_something_was_proposed() {
    let mut hand = opened();
    let asked = hand.press_for_you(ForYouPress::Snooze).remove(0);
    assert!(matches!(asked.args, Args::Reply { reply: ForYouReply::Snooze, .. }));
    assert!(hand.press_for_you(ForYouPress::Snooze).is_empty());
    hand.answer(&asked, Answer::Done { signer: None, undo: None });
    assert_eq!(hand.board.for_you().unwrap().snoozed(), PressStep::Noted);
    let mut hand = with(vec![ForYou::Earned { passes: 2 }]);
    assert!(hand.press_for_you(ForYouPress::Snooze).is_empty());
}
