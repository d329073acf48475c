//! The search: typing, finding, forgetting.

use super::*;
use crate::board::search::{Layer, SearchTouch, Typed};
use crate::board::typing::Keystroke;

impl Hand {
    fn search(&mut self, touch: SearchTouch) -> &mut Self {
        assert!(self.touch(Touch::Search(touch)).is_empty(), "a search asks nothing of the daemon");
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.search(SearchTouch::Key(Keystroke::Type(Typed(letter.to_string()))));
        }
        self
    }

    fn typed(&self) -> &str {
        self.board.search().text()
    }
}

fn searching() -> Hand {
    let mut hand = home();
    hand.search(SearchTouch::Field);
    hand
}

#[test]
fn what_is_typed_can_be_taken_back_letter_by_letter_and_at_once() {
    let mut hand = searching();
    hand.types(" né ça").search(SearchTouch::Key(Keystroke::Backspace));
    assert_eq!(hand.typed(), "né ç", "nothing starts with a space");
    assert_eq!(hand.search(SearchTouch::Key(Keystroke::Clear)).typed(), "");
    assert_eq!(hand.search(SearchTouch::Key(Keystroke::Backspace)).typed(), "");
}

#[test]
fn a_letter_held_is_replaced_by_its_accented_variant() {
    let mut hand = searching();
    hand.types("e").search(SearchTouch::Key(Keystroke::Hold(Typed("e".into()))));
    assert_eq!(hand.board.search().held(), Some("e"));
    hand.search(SearchTouch::Key(Keystroke::Variant(Typed("ë".into()))));
    assert_eq!((hand.typed(), hand.board.search().held()), ("ë", None));
}

#[test]
fn shift_is_for_one_letter() {
    let mut hand = searching();
    assert_eq!(hand.search(SearchTouch::Key(Keystroke::Shift)).board.search().layer(), Layer::Capitals);
    assert_eq!(hand.types("A").board.search().layer(), Layer::Letters);
}

#[test]
fn back_home_the_search_forgets() {
    let mut hand = searching();
    hand.types("comptable").wait_ms(59_999);
    assert!(hand.board.search().is_open() && !hand.board.search().found().hits.is_empty());
    hand.wait_ms(1);
    assert!(!hand.board.search().is_open() && hand.board.search().found().hits.is_empty());
    assert_eq!(hand.search(SearchTouch::Field).typed(), "");
    hand.types("impots").search(SearchTouch::Close).search(SearchTouch::Field);
    assert_eq!(hand.typed(), "");
}

#[test]
fn a_tap_while_somebody_types_is_a_line() {
    let mut hand = searching();
    hand.types("co").event(&arrival(0));
    assert!(hand.board.dialog().is_none() && hand.board.search().is_open());
    assert_eq!(hand.lines(), 1);
}

#[test]
fn a_search_leaves_no_trace_in_a_log() {
    let mut hand = searching();
    let touch = Touch::Search(SearchTouch::Try(Typed("comptable".into())));
    assert!(!format!("{touch:?}").contains("comptable"));
    hand.types("comptable");
    let screen = crate::view_model::build(&hand.board, (1280, 800), hand.now);
    let said = format!("{:?} {:?} {:?}", hand.board.search(), screen.search, hand.board.search().text().len());
    assert!(!said.contains("comptable") && !said.contains("Tanguay"), "{said}");
}
