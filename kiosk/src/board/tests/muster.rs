use super::*;
use crate::board::muster::{MusterTouch, Stage};
use crate::demo;

impl Hand {
    fn list(&mut self) -> &mut Self {
        self.board.handle_muster(Some(demo::muster(self.now.wall)), self.now);
        self
    }

    fn muster(&mut self, touch: MusterTouch) -> &mut Self {
        self.touch(Touch::Muster(touch));
        self
    }

    fn pin(&mut self, pin: &str) -> &mut Self {
        for digit in pin.bytes() {
            self.muster(MusterTouch::Digit(digit - b'0'));
        }
        self.muster(MusterTouch::Enter)
    }

    /// Time goes by in one step: nobody reads the file here, and its next reading stays due.
    fn pass(&mut self, by: Duration) -> &mut Self {
        self.set(self.now.since_start + by);
        self
    }

    fn stage(&self) -> Option<Stage> {
        self.board.muster().stage()
    }

    fn opened(&mut self) -> &mut Self {
        self.muster(MusterTouch::Open).list().pin(demo::PIN);
        assert_eq!(self.stage(), Some(Stage::List));
        self
    }
}

fn drill() -> Hand {
    let mut hand = home();
    hand.board.set_muster();
    hand
}

#[test]
fn the_list_opens_with_its_pin_only_and_wrong_ones_wait_longer_and_longer() {
    let mut hand = drill();
    hand.muster(MusterTouch::Open).list();
    for _ in 0..3 {
        assert_eq!(hand.pin("0000").stage(), Some(Stage::Pad));
        assert!(hand.board.muster().was_refused());
    }
    hand.pin("0000");
    let first = hand.board.muster().waits(hand.now);
    assert!(!first.is_zero());
    assert_eq!(hand.pin(demo::PIN).stage(), Some(Stage::Pad), "nothing is taken before");
    hand.pass(first);
    hand.pin("0000");
    let second = hand.board.muster().waits(hand.now);
    assert!(second > first);
    hand.pass(second);
    assert_eq!(hand.pin(demo::PIN).stage(), Some(Stage::List));
}

#[test]
fn closed_by_hand_or_by_time_no_name_stays_in_memory() {
    let mut hand = drill();
    hand.opened().muster(MusterTouch::Close);
    assert!(hand.stage().is_none() && hand.board.muster().read().is_none());
    hand.opened().pass(Duration::from_secs(15 * 60));
    assert!(hand.stage().is_none() && hand.board.muster().read().is_none());
}

#[test]
fn ticks_of_a_drill_stay_while_it_lasts_and_the_next_begins_anew() {
    let mut hand = drill();
    hand.opened().muster(MusterTouch::Tick(1)).muster(MusterTouch::Tick(2)).muster(MusterTouch::Tick(2));
    hand.muster(MusterTouch::Close).pass(Duration::from_secs(5 * 60)).opened();
    assert!(hand.board.muster().is_ticked(1) && !hand.board.muster().is_ticked(2));
    hand.muster(MusterTouch::Close).pass(Duration::from_secs(30 * 60)).opened();
    assert!(!hand.board.muster().is_ticked(1));
}
