//! What happened in a reader's field between two looks at it. Pure.
//!
//! pcscd counts insertions and removals (the upper half of a state), so that what came and went between two looks is not missed. A
//! driver error in between counts one more when it ends: the parity tells it from a removal.

use pcsc::State;

/// What PC/SC says about a reader now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// pcscd doesn't know it any more.
    Gone,
    /// Its driver can't reach it.
    Failing,
    /// Nothing is in the field.
    Empty(Count),
    /// A card is.
    Card(Count),
}

/// pcscd's counter, of which a state carries 16 bits.
pub type Count = u16;

impl Look {
    /// Reads a state. None: it says nothing.
    pub fn read(state: State, count: u32) -> Option<Self> {
        let count = count as Count;
        if state.intersects(State::UNKNOWN | State::IGNORE) {
            Some(Self::Gone)
        } else if state.contains(State::UNAVAILABLE) {
            Some(Self::Failing)
        } else if state.contains(State::PRESENT) {
            Some(Self::Card(count))
        } else {
            state.contains(State::EMPTY).then_some(Self::Empty(count))
        }
    }
}

/// What happened since the last look, in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// The card that was there left.
    pub left: bool,
    /// At least one card came and left unread.
    pub missed: bool,
    /// A card is there that was not before.
    pub came: Option<Arrival>,
}

/// How a card came into the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was seen arriving.
    Seen,
    /// It was there when the reader was first looked at, or looked at again after a failure.
    FoundLying,
}

/// Compares two looks at a reader that works. None: this is another reader under the same name (the counter went back).
pub fn change(before: Option<Look>, now: Look) -> Option<Change> {
    use Look::{Card, Empty};
    let found = Change { left: false, missed: false, came: Some(Arrival::FoundLying) };
    let seen = |missed| Change { left: false, missed, came: Some(Arrival::Seen) };
    let steps = match (before, now) {
        (Some(Empty(a) | Card(a)), Empty(b) | Card(b)) => b.wrapping_sub(a),
        _ => 0,
    };
    if steps > Count::MAX / 2 {
        return None;
    }
    Some(match (before, now) {
        (Some(Empty(_)), Empty(_)) => Change { missed: steps >= 2, ..Change::default() },
        (Some(Empty(_)), Card(_)) => seen(steps >= 3),
        (Some(Card(_)), Empty(_)) => Change { left: true, missed: steps >= 3, came: None },
        (Some(Card(_)), Card(_)) if steps == 0 => Change::default(),
        (Some(Card(_)), Card(_)) if steps % 2 == 1 => found,
        (Some(Card(_)), Card(_)) => Change { left: true, ..seen(steps >= 4) },
        // First seen, or seen again.
        (_, Card(_)) => found,
        (_, Empty(_)) => Change { left: true, ..Change::default() },
        (_, Look::Gone | Look::Failing) => Change::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::Look::{Card, Empty, Failing, Gone};
    use super::*;

    const NOTHING: Change = Change { left: false, missed: false, came: None };
    const FOUND: Change = Change { came: Some(Arrival::FoundLying), ..NOTHING };
    const CAME: Change = Change { came: Some(Arrival::Seen), ..NOTHING };
    const LEFT: Change = Change { left: true, ..NOTHING };

    #[track_caller]
    fn check(before: impl Into<Option<Look>>, now: Look, expected: Change) {
        assert_eq!(change(before.into(), now), Some(expected));
    }

    #[test]
    fn a_card_that_comes_is_seen_and_one_that_was_there_is_found_lying() {
        check(Empty(4), Card(5), CAME);
        check(None, Card(0), FOUND);
        check(Failing, Card(6), FOUND);
        check(None, Empty(0), LEFT);
        check(Card(5), Empty(6), LEFT);
        check(Card(5), Card(5), NOTHING);
        check(Empty(6), Empty(6), NOTHING);
    }

    #[test]
    fn a_second_tap_between_two_looks_is_a_removal_and_an_arrival() {
        check(Card(1), Card(3), Change { left: true, ..CAME });
        check(Card(0xFFFF), Card(1), Change { left: true, ..CAME });
    }

    #[test]
    fn a_card_that_came_and_went_between_two_looks_was_missed() {
        check(Empty(2), Empty(4), Change { missed: true, ..NOTHING });
        check(Empty(2), Card(5), Change { missed: true, ..CAME });
        check(Card(1), Empty(4), Change { missed: true, ..LEFT });
        check(Card(1), Card(5), Change { missed: true, left: true, ..CAME });
    }

    #[test]
    fn a_card_that_lay_there_during_a_glitch_between_two_looks_is_no_arrival() {
        check(Card(3), Card(4), FOUND);
        check(Empty(3), Empty(4), NOTHING);
    }

    #[test]
    fn a_counter_that_went_back_is_another_reader() {
        assert_eq!(change(Some(Card(7)), Card(0)), None);
        assert_eq!(change(Some(Empty(7)), Empty(0)), None);
    }

    #[test]
    fn a_state_is_read() {
        #[track_caller]
        fn read(state: State, expected: Option<Look>) {
            assert_eq!(Look::read(state, 3), expected);
        }
        read(State::CHANGED | State::EMPTY, Some(Empty(3)));
        read(State::CHANGED | State::PRESENT | State::INUSE, Some(Card(3)));
        read(State::CHANGED | State::PRESENT | State::MUTE, Some(Card(3)));
        read(State::CHANGED | State::UNAVAILABLE, Some(Failing));
        read(State::CHANGED | State::UNKNOWN | State::UNAVAILABLE, Some(Gone));
        read(State::UNAWARE, None);
    }
}
