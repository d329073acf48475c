//! The board of needs: reading, helping, writing, withdrawing, forgetting.

use super::*;
use crate::board::needs::{NeedsTouch, PostTouch};
use crate::board::pages::PAGE_STAYS;
use crate::board::search::SearchTouch;
use crate::board::sign::{SignPress, SignStep, Why};
use crate::board::typing::{Keystroke, Typed};
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Action, Needs, Presence};

const UNDO: Grant = Grant { token: Uuid::from_u128(5), expires_in_ms: 5_000 };

impl Hand {
    fn needs_touch(&mut self, touch: NeedsTouch) -> Vec<Request> {
        self.touch(Touch::Needs(touch))
    }

    fn post(&mut self, touch: PostTouch) -> Vec<Request> {
        self.touch(Touch::Post(touch))
    }

    fn writes(&mut self, text: &str) -> &mut Self {
        self.post(PostTouch::Open);
        for letter in text.chars() {
            self.post(PostTouch::Key(Keystroke::Type(Typed(letter.to_string()))));
        }
        self
    }

    /// Writes it, and asks for the badge.
    fn publishes(&mut self, text: &str, audience: Audience) -> Request {
        self.writes(text).post(PostTouch::Audience(audience));
        self.post(PostTouch::Publish).remove(0)
    }

    fn written(&self) -> Option<&str> {
        self.board.needs().post().map(|post| post.typing().text())
    }

    fn audience(&self) -> Option<Audience> {
        self.board.needs().post().unwrap().audience()
    }

    fn tell(&mut self, change: impl FnOnce(&mut Needs)) {
        let session = self.board.roster().session().unwrap().session;
        let mut needs = Needs { v: V, session, rev: 9, needs: self.board.roster().needs().to_vec() };
        change(&mut needs);
        self.board.handle_message(&Topic::Needs, &encode(&needs), self.now).unwrap();
    }

    fn refusing(&mut self, asked: &Request, reason: &str) -> Option<SignStep> {
        self.answer(asked, Answer::Refused { reason: reason.into() }).board.sign().map(|sign| sign.step)
    }

    fn press_signing(&mut self, press: SignPress) -> Vec<Request> {
        let request = self.board.sign().expect("a badge is asked for").request();
        self.touch(Touch::Signing { request, press })
    }
}

fn reading() -> Hand {
    let mut hand = home();
    hand.needs_touch(NeedsTouch::Open);
    hand
}

#[test]
fn home_shows_one_need_after_the_other_and_waits_while_it_is_touched() {
    let mut hand = home();
    let shown = |hand: &Hand| hand.board.need_at_home().map(|need| need.id);
    assert_eq!(shown(&hand), Some(demo::need_id(0)));
    hand.wait_ms(11_000).touch(Touch::Anywhere);
    hand.wait_ms(11_999);
    assert_eq!(shown(&hand), Some(demo::need_id(0)));
    assert_eq!(shown(hand.wait_ms(1)), Some(demo::need_id(1)));
    hand.wait_ms(3 * u64::try_from(PAGE_STAYS.as_millis()).unwrap());
    assert_eq!(shown(&hand), Some(demo::need_id(0)), "they begin anew");
    hand.tell(|needs| needs.needs.clear());
    assert_eq!(shown(&hand), None);
}

#[test]
fn who_here_could_help_is_counted_and_listed_by_the_search() {
    let mut hand = reading();
    let taxes = demo::need_id(2);
    assert_eq!(hand.board.helpers_here(taxes), 1, "the accountant is here");
    hand.needs_touch(NeedsTouch::Who(taxes));
    assert!(hand.board.search().is_open() && !hand.board.search().keyboard());
    assert_eq!(hand.board.search().text(), "Comptabilité", "of the words and the skills, what finds them");
    hand.touch(Touch::Search(SearchTouch::Close));
    assert!(hand.board.needs().is_open(), "back on the board");
    // who wants to be left alone, or was here hours ago, is not counted
    for (fresh, availability) in [(true, Availability::DoNotDisturb), (false, Availability::Here)] {
        let mut presence: Presence = hand.board.roster().presence().unwrap().clone();
        presence.rev += 1;
        for present in presence.present.iter_mut().filter(|present| present.member == demo::member_id(2)) {
            (present.fresh, present.availability) = (fresh, availability);
        }
        hand.board.handle_message(&Topic::Presence, &encode(&presence), hand.now).unwrap();
        assert_eq!(hand.board.helpers_here(taxes), 0);
    }
}

#[test]
fn an_author_is_not_among_those_who_could_help() {
    let mut hand = reading();
    let need = demo::need_id(2);
    hand.tell(|needs| needs.needs.iter_mut().filter(|of| of.id == need).for_each(|of| of.author = Some(demo::member_id(2))));
    assert_eq!(hand.board.helpers_here(need), 0);
}

#[test]
fn a_need_that_is_closed_meanwhile_goes_and_a_minute_later_the_board_too() {
    let mut hand = reading();
    hand.needs_touch(NeedsTouch::Need(demo::need_id(4)));
    assert_eq!(hand.board.needs().opened(), Some(demo::need_id(4)));
    hand.tell(|needs| needs.needs.retain(|need| need.id != demo::need_id(4)));
    assert_eq!(hand.board.needs().opened(), None);
    hand.needs_touch(NeedsTouch::Need(NeedId(Uuid::nil())));
    assert_eq!(hand.board.needs().opened(), None, "it never was");
    assert!(!hand.wait_ms(60_000).board.needs().is_open());
}

#[test]
fn helping_is_signed_and_told_in_place() {
    let mut hand = reading();
    let need = demo::need_id(0);
    let asked = hand.needs_touch(NeedsTouch::Help(need)).remove(0);
    assert_eq!(asked.args, Args::Sign { action: Action::Help { need } });
    hand.answer(&asked, Answer::Armed { expires_in_ms: 15_000 }).answer(&asked, Answer::Done { signer: None, undo: None });
    let sign = hand.board.sign().unwrap();
    assert_eq!((sign.step, sign.can_undo()), (SignStep::Done, false));
    assert!(hand.wait_ms(5_000).board.sign().is_none(), "it goes by itself");
    assert!(hand.board.needs().is_open());
    for (reason, why) in [(refusal::YOUR_OWN, Why::YourOwn), (refusal::NO_SUCH_NEED, Why::NeedGone)] {
        let asked = hand.needs_touch(NeedsTouch::Help(need)).remove(0);
        assert_eq!(hand.refusing(&asked, reason), Some(SignStep::Refused(why)));
        hand.press_signing(SignPress::Close);
    }
}

#[test]
fn only_its_author_withdraws_a_need() {
    let mut hand = reading();
    let need = demo::need_id(4);
    hand.needs_touch(NeedsTouch::Need(need));
    let asked = hand.needs_touch(NeedsTouch::Withdraw(need, false)).remove(0);
    assert_eq!(asked.args, Args::Sign { action: Action::WithdrawNeed { need, met: false } });
    assert_eq!(hand.refusing(&asked, refusal::NOT_YOURS), Some(SignStep::Refused(Why::NotYours)));
    hand.press_signing(SignPress::Close);
    let asked = hand.needs_touch(NeedsTouch::Withdraw(need, true)).remove(0);
    hand.answer(&asked, Answer::Done { signer: None, undo: None });
    hand.press_signing(SignPress::Close);
    assert_eq!((hand.board.needs().opened(), hand.board.needs().is_open()), (None, true));
}

#[test]
fn nothing_is_chosen_beforehand_and_nothing_is_posted_without_a_choice() {
    let mut hand = home();
    hand.writes("Besoin d’un comptable");
    assert_eq!(hand.audience(), None);
    assert!(hand.post(PostTouch::Publish).is_empty());
    hand.post(PostTouch::Audience(Audience::Unnamed));
    let place = hand.board.needs().post().unwrap().skills().len();
    assert!((1..=3).contains(&place));
    hand.post(PostTouch::Skill(0));
    let asked = hand.post(PostTouch::Publish).remove(0);
    let Args::Sign { action: Action::PostNeed { text, skills, audience } } = asked.args else { panic!("{asked:?}") };
    assert_eq!((&*text, &*skills, audience), ("Besoin d’un comptable", &["Comptabilité".to_owned()][..], Audience::Unnamed));
}

#[test]
fn what_could_hurt_in_public_is_for_the_coordination_unless_its_author_says_otherwise() {
    for text in ["Parler de ma dépression", "Je vis du harcèlement", "I am in debt", "Mon divorce"] {
        let mut hand = home();
        hand.writes(text);
        assert_eq!(
            (hand.audience(), hand.board.needs().post().unwrap().is_guarded()),
            (Some(Audience::Coordination), true),
            "{text}"
        );
        hand.post(PostTouch::Audience(Audience::Named));
        hand.post(PostTouch::Key(Keystroke::Type(Typed("s".into()))));
        assert_eq!((hand.audience(), hand.board.needs().post().unwrap().is_guarded()), (Some(Audience::Named), false));
    }
    for text in ["Un logo pour mon atelier", "Relire un contrat en italien", "Photos de la salle"] {
        let mut hand = home();
        hand.writes(text);
        assert_eq!(hand.audience(), None, "{text}");
    }
}

#[test]
fn a_text_has_at_most_140_characters() {
    let mut hand = home();
    hand.writes(&"x".repeat(150));
    assert_eq!(hand.written().map(str::len), Some(140));
    hand.post(PostTouch::Key(Keystroke::Clear));
    hand.post(PostTouch::Audience(Audience::Named));
    assert!(hand.post(PostTouch::Publish).is_empty(), "there is nothing to post");
}

#[test]
fn what_is_posted_stands_on_the_board_and_what_was_written_is_forgotten() {
    let mut hand = home();
    let asked = hand.publishes("Un logo", Audience::Named);
    hand.answer(&asked, Answer::Done { signer: None, undo: Some(UNDO) });
    assert!(hand.board.sign().unwrap().can_undo());
    hand.wait_ms(5_000);
    assert_eq!((hand.written(), hand.board.needs().is_open(), hand.board.sign().is_none()), (None, true, true));
}

#[test]
fn annuler_takes_it_back_and_leaves_what_was_written() {
    let mut hand = home();
    let asked = hand.publishes("Un logo", Audience::Named);
    hand.answer(&asked, Answer::Done { signer: None, undo: Some(UNDO) });
    let undo = hand.press_signing(SignPress::Undo).remove(0);
    assert_eq!((&undo.args, undo.session), (&Args::Undo { grant: UNDO.token }, asked.session));
    assert!(hand.press_signing(SignPress::Undo).is_empty(), "pressed twice");
    hand.answer(&undo, Answer::Done { signer: None, undo: None });
    assert_eq!(hand.sign_step(), Some(SignStep::Undone));
    assert_eq!(hand.wait_ms(3_000).written(), Some("Un logo"));
    // too late: it stands
    let asked = hand.post(PostTouch::Publish).remove(0);
    hand.answer(&asked, Answer::Done { signer: None, undo: Some(UNDO) });
    let undo = hand.press_signing(SignPress::Undo).remove(0);
    hand.answer(&undo, Answer::Expired);
    assert_eq!(hand.sign_step(), Some(SignStep::TooLate));
    assert_eq!(hand.wait_ms(8_000).written(), None);
}

#[test]
fn what_was_written_survives_a_refusal_and_a_badge_that_does_not_come_but_no_rest() {
    let mut hand = home();
    for (reason, step) in [
        (refusal::TOO_MANY_NEEDS, SignStep::Refused(Why::TooManyNeeds)),
        (refusal::BAD_NEED, SignStep::Refused(Why::BadNeed)),
        (refusal::NO_READER, SignStep::NoReader),
        (refusal::ARRIVED_FIRST, SignStep::ArrivedFirst),
    ] {
        let asked = hand.publishes("Un logo", Audience::Named);
        assert_eq!(hand.refusing(&asked, reason), Some(step));
        hand.press_signing(SignPress::Close);
        assert_eq!(hand.written(), Some("Un logo"));
    }
    let asked = hand.publishes("Un logo", Audience::Named);
    hand.answer(&asked, Answer::Armed { expires_in_ms: 15_000 }).wait_ms(16_000);
    assert_eq!((hand.sign_step(), hand.written()), (None, Some("Un logo")));
    hand.wait_ms(44_000);
    assert_eq!((hand.written(), hand.board.needs().is_open()), (None, false));
}

#[test]
fn what_the_search_did_not_find_is_asked_for_on_the_board() {
    let mut hand = home();
    hand.touch(Touch::Search(SearchTouch::Field));
    hand.touch(Touch::Search(SearchTouch::Key(Keystroke::Type(Typed("q".into())))));
    hand.post(PostTouch::FromSearch);
    assert_eq!(hand.written(), Some("q"));
    hand.post(PostTouch::Close);
    assert_eq!((hand.written(), hand.board.search().is_open()), (None, true), "back where one was");
}

#[test]
fn without_news_nothing_can_be_posted_and_later_nothing_is_shown() {
    let mut hand = home();
    hand.status(State::Offline);
    hand.post(PostTouch::Open);
    assert_eq!((hand.written(), hand.board.needs().is_open()), (None, true), "the board, which says so");
    assert_eq!(hand.board.helpers_here(demo::need_id(2)), 0);
    assert!(hand.needs_touch(NeedsTouch::Help(demo::need_id(0))).is_empty());
    hand.wait_ms(u64::try_from(NAMES_LEAVE_AFTER.as_millis()).unwrap());
    assert!(hand.board.shown_needs().is_empty() && hand.board.need_at_home().is_none());
}

#[test]
fn debug_says_nothing_of_what_is_written() {
    let mut hand = home();
    hand.publishes("Mon secret", Audience::Coordination);
    assert!(!format!("{:?}{:?}", hand.board.needs(), hand.board.sign()).contains("secret"));
}

#[test]
fn its_author_writes_a_need_anew_and_says_when_it_is_met() {
    let mut hand = reading();
    let need = demo::need_id(4);
    hand.needs_touch(NeedsTouch::Need(need));
    assert!(!hand.board.needs().own());
    hand.needs_touch(NeedsTouch::Own);
    assert!(hand.board.needs().own());
    hand.needs_touch(NeedsTouch::Edit(need));
    assert_eq!((hand.written(), hand.audience()), (Some("Relire un contrat en italien, une heure"), Some(Audience::Named)));
    hand.post(PostTouch::Key(Keystroke::Type(Typed("!".into()))));
    let asked = hand.post(PostTouch::Publish).remove(0);
    let Args::Sign { action: Action::EditNeed { need: of, text, audience, .. } } = &asked.args else { panic!("{asked:?}") };
    assert_eq!((*of, &**text, *audience), (need, "Relire un contrat en italien, une heure!", Audience::Named));
    assert_eq!(hand.refusing(&asked, refusal::NOT_YOURS), Some(SignStep::Refused(Why::NotYours)));
    hand.press_signing(SignPress::Close);
    assert!(hand.written().is_some(), "it can be tried again with the right badge");
    let asked = hand.post(PostTouch::Publish).remove(0);
    hand.answer(&asked, Answer::Done { signer: None, undo: None }).wait_ms(5_000);
    assert_eq!((hand.written(), hand.board.needs().is_open()), (None, true));
    hand.needs_touch(NeedsTouch::Need(need));
    assert!(!hand.board.needs().own(), "each time anew");
    let asked = hand.needs_touch(NeedsTouch::Withdraw(need, true)).remove(0);
    assert_eq!(asked.args, Args::Sign { action: Action::WithdrawNeed { need, met: true } });
}

#[test]
fn a_text_out_of_place_is_reported_by_badge() {
    let mut hand = reading();
    let need = demo::need_id(0);
    let asked = hand.needs_touch(NeedsTouch::Report(need)).remove(0);
    let what = voisins_shared::payload::Reported::Need { need };
    assert_eq!(asked.args, Args::Sign { action: Action::Report { what } });
    hand.answer(&asked, Answer::Done { signer: None, undo: None });
    assert_eq!(hand.sign_step(), Some(SignStep::Done));
}

#[test]
fn a_need_that_was_left_half_written_is_forgotten_when_somebody_is_greeted_over_it() {
    let mut hand = home();
    hand.writes("un logo").wait_ms(20_000).event(&arrival(0));
    assert!(hand.board.dialog().is_some());
    assert_eq!(hand.written(), None);
}
