//! The way from *Ma fiche* to a phone.

use super::super::profile::{Part, ProfileTouch};
use super::*;
use voisins_shared::member::Field;
use voisins_shared::payload::{Action, Phone, Profile};

fn with_phone() -> Profile {
    let phone = Phone { link: "http://192.168.1.20:8481/f/abc".into(), expires_in_ms: 900_000 };
    Profile { phone: Some(phone), ..demo::profile(0) }
}

fn opened(profile: &Profile) -> Hand {
    let mut hand = home();
    let asked = hand.touch(Touch::Sign(Action::Profile));
    hand.answer(&asked[0], Answer::Armed { expires_in_ms: 15_000 });
    hand.answer(&asked[0], Answer::Profile(Box::new(profile.clone())));
    hand
}

#[test]
fn where_phones_reach_the_page_it_is_offered_first_and_a_change_keeps_it() {
    let mut hand = opened(&with_phone());
    let sheet = hand.board.sheet().unwrap();
    assert_eq!((sheet.part, sheet.link(hand.now)), (Part::Phone, Some("http://192.168.1.20:8481/f/abc")));
    hand.touch(Touch::Profile(ProfileTouch::Part(Part::Shown)));
    let asked = hand.touch(Touch::Profile(ProfileTouch::Toggle(Field::Photo)));
    // the daemon keeps a digest: it can't say the link again
    hand.answer(&asked[0], Answer::Profile(Box::new(demo::profile(0))));
    assert!(hand.board.sheet().unwrap().link(hand.now).is_some());
    assert!(!format!("{:?}", hand.board.sheet()).contains("/f/abc"), "it is told to nobody but the screen");
}

#[test]
fn a_link_that_is_over_is_not_shown() {
    let mut short = with_phone();
    short.phone.as_mut().unwrap().expires_in_ms = 20_000;
    let mut hand = opened(&short);
    hand.wait_ms(19_000);
    assert!(hand.board.sheet().unwrap().link(hand.now).is_some());
    hand.wait_ms(1_000);
    let sheet = hand.board.sheet().unwrap();
    assert_eq!((sheet.link(hand.now), sheet.has_phone()), (None, true));
}

#[test]
fn without_it_the_sheet_is_as_it_was() {
    let hand = opened(&demo::profile(0));
    let sheet = hand.board.sheet().unwrap();
    assert_eq!((sheet.part, sheet.has_phone()), (Part::Shown, false));
}
