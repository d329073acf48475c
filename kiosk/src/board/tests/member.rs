//! A member's card, sentence by sentence.

use super::*;
use crate::board::search::{SearchTouch, Typed};
use voisins_shared::payload::Directory;

/// Somebody's card is open, at home.
fn opened() -> Hand {
    let mut hand = home();
    assert!(hand.touch(Touch::Anywhere).is_empty() && hand.touch(Touch::Member(demo::member_id(5))).is_empty());
    assert_eq!(hand.board.member(), Some(demo::member_id(5)));
    hand
}

#[test]
fn a_touch_on_somebody_opens_their_card_and_fermer_closes_it() {
    let mut hand = opened();
    assert!(hand.touch(Touch::CloseMember).is_empty());
    assert_eq!(hand.board.member(), None);
}

#[test]
fn a_card_opened_from_the_search_closes_back_to_the_search() {
    let mut hand = home();
    for touch in [SearchTouch::Field, SearchTouch::Try(Typed("logo".into()))] {
        assert!(hand.touch(Touch::Search(touch)).is_empty());
    }
    assert!(hand.touch(Touch::Member(demo::member_id(0))).is_empty() && hand.touch(Touch::CloseMember).is_empty());
    assert_eq!((hand.board.search().is_open(), hand.board.search().text()), (true, "logo"));
}

#[test]
fn a_card_goes_home_after_60_s_untouched() {
    let mut hand = opened();
    hand.wait_ms(59_000);
    assert!(hand.touch(Touch::Anywhere).is_empty());
    hand.wait_ms(59_999);
    assert!(hand.board.member().is_some(), "a touch keeps it");
    hand.wait_ms(1);
    assert_eq!(hand.board.member(), None);
    assert!(hand.touch(Touch::Member(demo::member_id(5))).is_empty());
    assert_eq!(hand.board.member(), None, "the first touch only brings the grid back");
}

#[test]
fn a_card_closes_at_once_when_consent_is_withdrawn_and_stays_while_others_change() {
    let mut hand = opened();
    let directory = hand.board.roster().directory().unwrap().clone();
    for (rev, gone, open) in [(2, 7, true), (3, 5, false), (4, 31, false)] {
        let stays = |member: &&voisins_shared::payload::DirectoryMember| member.id != demo::member_id(gone);
        let members = directory.members.iter().filter(stays).cloned().collect();
        let document = Directory { rev, members, ..directory.clone() };
        hand.board.handle_message(&Topic::Directory, &encode(&document), hand.now).unwrap();
        assert_eq!(hand.board.member().is_some(), open, "rev {rev}: it doesn't come back by itself either");
    }
    let mut hand = opened();
    hand.board.handle_message(&Topic::Directory, &[], hand.now).unwrap();
    assert_eq!(hand.board.member(), None, "the directory was cleared");
}

#[test]
fn somebody_who_is_not_in_the_directory_has_no_card() {
    let mut hand = home();
    assert!(hand.touch(Touch::Anywhere).is_empty() && hand.touch(Touch::Member(demo::member_id(999))).is_empty());
    assert_eq!(hand.board.member(), None);
}

#[test]
fn when_names_leave_the_screen_the_card_leaves_too() {
    let mut hand = opened();
    hand.board.handle_link(Link::Lost, hand.now);
    for _ in 0..60 {
        hand.wait_ms(15_000);
        drop(hand.touch(Touch::Anywhere));
    }
    assert_eq!(hand.board.member(), None);
}

#[test]
fn a_greeting_is_a_line_while_a_card_is_in_use_and_covers_it_later() {
    let mut hand = opened();
    hand.event(&arrival(1));
    assert_eq!((hand.board.dialog().is_some(), hand.lines()), (false, 1));
    hand.wait_ms(20_000).event(&arrival(2));
    assert!(hand.board.dialog().is_some());
    drop(hand.press(Press::Close));
    assert!(hand.board.member().is_some(), "below it the card is still open");
}
