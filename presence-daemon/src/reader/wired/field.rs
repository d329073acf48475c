//! Looks at a field → what happened there. Pure.
//!
//! A card at the edge of the field flickers, and two in one wallet answer in turn; neither may become taps. So:
//! - A card has left only when two looks in a row find nothing. The field is switched off between them, for a card that lies there but
//!   fell silent.
//! - Another card than the one that lies there counts when two looks in a row find it.
//! - A card is unreadable when two looks in a row could not read it, and only if none was read since the field was empty.
//! - A card that draws a new UID each time it is asked (a phone) stays the same card.

use super::Seen;
use voisins_shared::uid::Uid;

/// What a look amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing happened.
    Nothing,
    /// The card may have left: the field is to be reset and looked at again at once.
    Doubtful,
    /// A card came.
    Card {
        /// Which.
        uid: Uid,
        /// It was there at the first look.
        found_lying: bool,
    },
    /// A card took the place of another.
    Swapped {
        /// Which is there now.
        uid: Uid,
    },
    /// A card came, but can't be read.
    Unreadable,
    /// The field is empty again.
    Removed,
}

/// The memory of one field.
#[derive(Debug)]
pub struct Field {
    /// What was told to lie there. It outlives losses of the reader.
    lies: Option<Lies>,
    /// What the last look found, if that is not what lies there.
    before: Option<Seen>,
    /// No look since the reader was opened said what is there.
    is_new: bool,
}

#[derive(Debug)]
enum Lies {
    Card(Uid),
    Unreadable,
}

impl Default for Field {
    fn default() -> Self {
        Self { lies: None, before: None, is_new: true }
    }
}

impl Field {
    /// The reader was opened: what is there now was not seen arriving.
    pub fn is_new(&mut self) {
        (self.is_new, self.before) = (true, None);
    }

    /// Takes one look.
    pub fn handle(&mut self, seen: Seen) -> Change {
        let again = self.before.take().as_ref() == Some(&seen);
        match (seen, &self.lies) {
            (Seen::Nothing, None) => {
                self.is_new = false;
                Change::Nothing
            }
            (Seen::Nothing, Some(_)) if again => {
                (self.lies, self.is_new) = (None, false);
                Change::Removed
            }
            (Seen::Nothing, Some(_)) => {
                self.before = Some(Seen::Nothing);
                Change::Doubtful
            }
            (Seen::Unreadable, None) if again => {
                (self.lies, self.is_new) = (Some(Lies::Unreadable), false);
                Change::Unreadable
            }
            (Seen::Unreadable, None) => {
                self.before = Some(Seen::Unreadable);
                Change::Nothing
            }
            (Seen::Unreadable, Some(_)) => Change::Nothing,
            (Seen::Card(uid), Some(Lies::Card(lying))) if !self.is_new => {
                if *lying == uid || lying.is_random() && uid.is_random() {
                    Change::Nothing
                } else if again {
                    self.lies = Some(Lies::Card(uid.clone()));
                    Change::Swapped { uid }
                } else {
                    self.before = Some(Seen::Card(uid));
                    Change::Nothing
                }
            }
            (Seen::Card(uid), _) => {
                self.lies = Some(Lies::Card(uid.clone()));
                Change::Card { uid, found_lying: std::mem::take(&mut self.is_new) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(n: u8) -> Uid {
        Uid::new(&[4, 0, 0, n]).unwrap()
    }

    fn random(n: u8) -> Uid {
        Uid::new(&[8, 0, 0, n]).unwrap()
    }

    /// Looks at a field that was empty before, and the changes that are something.
    #[track_caller]
    fn check(looks: &[Seen], expected: &[Change]) {
        let mut field = Field::default();
        assert_eq!(field.handle(Seen::Nothing), Change::Nothing);
        let changes: Vec<Change> = looks.iter().cloned().map(|seen| field.handle(seen)).filter(|c| *c != Change::Nothing).collect();
        assert_eq!(changes, expected);
    }

    fn came(uid: Uid) -> Change {
        Change::Card { uid, found_lying: false }
    }

    fn card(n: u8) -> Seen {
        Seen::Card(uid(n))
    }

    use Seen::{Nothing, Unreadable};

    #[test]
    fn a_card_that_rests_is_told_once_and_gone_after_two_empty_looks() {
        check(&[card(1), card(1), card(1), Nothing, Nothing], &[came(uid(1)), Change::Doubtful, Change::Removed]);
    }

    #[test]
    fn a_flicker_is_no_second_card() {
        let expected = [came(uid(1)), Change::Doubtful, Change::Doubtful];
        check(&[card(1), Nothing, card(1), Unreadable, card(1), Nothing, Unreadable, card(1)], &expected);
    }

    #[test]
    fn a_card_that_comes_closer_slowly_is_read_and_not_called_unreadable() {
        check(&[Unreadable, Nothing, Unreadable, card(1)], &[came(uid(1))]);
        check(&[Unreadable, Unreadable, Unreadable, card(1)], &[Change::Unreadable, came(uid(1))]);
    }

    #[test]
    fn a_card_that_can_not_be_read_is_told_once_until_it_left() {
        let (left, again) = (Change::Removed, Change::Unreadable);
        let expected = [Change::Unreadable, Change::Doubtful, left, again];
        check(&[Unreadable, Unreadable, Unreadable, Nothing, Nothing, Unreadable, Unreadable], &expected);
    }

    #[test]
    fn two_cards_that_answer_in_turn_are_one_tap_and_a_swap_is_two() {
        check(&[card(1), card(2), card(1), card(2), card(1)], &[came(uid(1))]);
        check(&[card(1), card(2), card(2), card(2)], &[came(uid(1)), Change::Swapped { uid: uid(2) }]);
    }

    #[test]
    fn a_phone_that_draws_a_new_uid_each_time_is_one_card() {
        let looks = [1, 2, 3].map(|n| Seen::Card(random(n)));
        check(&looks, &[came(random(1))]);
    }

    #[test]
    fn what_is_there_at_the_first_look_was_found_lying() {
        let mut field = Field::default();
        assert_eq!(field.handle(Unreadable), Change::Nothing);
        assert_eq!(field.handle(card(1)), Change::Card { uid: uid(1), found_lying: true });
        field.is_new();
        assert_eq!(field.handle(card(1)), Change::Card { uid: uid(1), found_lying: true });
        field.is_new();
        assert_eq!([field.handle(Nothing), field.handle(Nothing)], [Change::Doubtful, Change::Removed]);
        assert_eq!(field.handle(card(1)), came(uid(1)));
    }
}
