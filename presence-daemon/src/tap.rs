//! What a reader says → one intentional presentation of a card, or nothing. Pure: time comes in as the time since boot.
//!
//! A card that lies on the reader is one tap. A reader that glitches, is unplugged and comes back with the card still on it makes no
//! tap. A second presentation within the double-tap window is the same tap.

use crate::authentic::Proof;
use crate::key::BadgeMac;
use std::collections::BTreeMap;
use std::time::Duration;
use voisins_shared::name::ReaderName;

/// A card as the middle knows it: never by its UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// It draws a new UID at each tap (a phone): it can't name a person.
    Random,
    /// Its digests under the living keys, the newest first, and what it proved. The same UID with and without proof are two cards: one of
    /// them is a copy.
    Known(Vec<BadgeMac>, Proof),
}

/// What happened at a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// A card in the field; `found_lying`: it was there when the reader was first looked at.
    Card {
        /// Which.
        card: Card,
        /// Not seen arriving.
        found_lying: bool,
    },
    /// The field is empty.
    Removed,
    /// The reader is gone; what lies on it is remembered.
    Down,
}

/// What a sighting amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filtered {
    /// An intentional tap.
    Tap,
    /// The same tap again.
    Double,
    /// No tap: the card lay there already, or nothing arrived.
    Nothing,
}

#[derive(Debug, Default)]
struct Field {
    lying: Option<Card>,
    last: Option<(Card, Duration)>,
}

/// The memory of all readers.
#[derive(Debug)]
pub struct TapFilter {
    window: Duration,
    fields: BTreeMap<ReaderName, Field>,
}

impl TapFilter {
    /// A filter with that double-tap window.
    #[must_use]
    pub fn new(window: Duration) -> Self {
        Self { window, fields: BTreeMap::new() }
    }

    /// Takes one sighting.
    pub fn handle(&mut self, reader: &ReaderName, sighting: &Sighting, since_boot: Duration) -> Filtered {
        // no look at the field, and what lies on it is remembered
        if *sighting == Sighting::Down {
            return Filtered::Nothing;
        }
        let first_look = !self.fields.contains_key(reader);
        let field = self.fields.entry(reader.clone()).or_default();
        match sighting {
            Sighting::Removed => {
                field.lying = None;
                Filtered::Nothing
            }
            Sighting::Down => Filtered::Nothing,
            Sighting::Card { card, found_lying } => {
                let lay_there = field.lying.replace(card.clone()).as_ref() == Some(card);
                // on the very first look nobody knows how long the card has been there
                if lay_there || (*found_lying && first_look) {
                    return Filtered::Nothing;
                }
                self.present(reader, card, since_boot)
            }
        }
    }

    /// A tap that needs no field: a card typed at the command line.
    pub fn present(&mut self, reader: &ReaderName, card: &Card, since_boot: Duration) -> Filtered {
        let field = self.fields.entry(reader.clone()).or_default();
        match &field.last {
            Some((last, at)) if last == card && since_boot.saturating_sub(*at) < self.window => Filtered::Double,
            _ => {
                field.last = Some((card.clone(), since_boot));
                Filtered::Tap
            }
        }
    }

    /// The last tap there could not be recorded: the next one is a new one, not its double.
    pub fn forget_last(&mut self, reader: &ReaderName) {
        if let Some(field) = self.fields.get_mut(reader) {
            field.last = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(n: u8) -> Card {
        Card::Known(vec![BadgeMac { key_id: 1, mac: [n; 32] }], Proof::Uid)
    }
    fn arrives(n: u8) -> Sighting {
        Sighting::Card { card: card(n), found_lying: false }
    }
    fn lies(n: u8) -> Sighting {
        Sighting::Card { card: card(n), found_lying: true }
    }

    #[track_caller]
    fn check(script: &[(u64, Sighting, Filtered)]) {
        let reader = ReaderName::new("porte").unwrap();
        let mut filter = TapFilter::new(Duration::from_secs(5));
        for (step, (seconds, sighting, expected)) in script.iter().enumerate() {
            assert_eq!(filter.handle(&reader, sighting, Duration::from_secs(*seconds)), *expected, "step {step}: {sighting:?}");
        }
    }

    #[test]
    fn leaving_a_card_on_the_reader_does_nothing_more() {
        use Filtered::{Nothing, Tap};
        check(&[(1, arrives(1), Tap), (8, arrives(1), Nothing), (900, arrives(1), Nothing)]);
    }

    #[test]
    fn a_reader_that_comes_back_with_the_card_still_on_it_does_nothing_more() {
        use Filtered::{Nothing, Tap};
        check(&[
            (1, arrives(1), Tap),
            (60, Sighting::Down, Nothing),
            (90, lies(1), Nothing),
            (95, Sighting::Removed, Nothing),
            (99, arrives(1), Tap),
        ]);
    }

    #[test]
    fn another_card_on_a_reader_that_comes_back_is_a_tap() {
        use Filtered::{Nothing, Tap};
        check(&[(1, arrives(1), Tap), (60, Sighting::Down, Nothing), (90, lies(2), Tap)]);
        check(&[(1, Sighting::Removed, Nothing), (60, Sighting::Down, Nothing), (90, lies(2), Tap)]);
    }

    #[test]
    fn a_second_tap_within_the_window_is_the_same_tap() {
        use Filtered::{Double, Nothing, Tap};
        check(&[
            (10, arrives(1), Tap),
            (11, Sighting::Removed, Nothing),
            (13, arrives(1), Double),
            (14, Sighting::Removed, Nothing),
            // the window runs from the tap, not from its double: tapping on and on is not deaf for ever
            (15, arrives(1), Tap),
        ]);
    }

    #[test]
    fn a_copy_right_after_the_badge_and_the_badge_right_after_its_copy_are_taps_of_their_own() {
        let reader = ReaderName::new("porte").unwrap();
        let mut filter = TapFilter::new(Duration::from_secs(5));
        let badge = Card::Known(vec![BadgeMac { key_id: 1, mac: [1; 32] }], Proof::Genuine);
        for (at, held) in [(1, &badge), (2, &card(1)), (3, &badge)] {
            assert_eq!(filter.present(&reader, held, Duration::from_secs(at)), Filtered::Tap);
        }
    }

    #[test]
    fn two_people_within_the_window_are_two_taps() {
        use Filtered::{Nothing, Tap};
        check(&[(10, arrives(1), Tap), (11, Sighting::Removed, Nothing), (11, arrives(2), Tap), (12, Sighting::Removed, Nothing)]);
    }

    #[test]
    fn a_card_that_lies_there_when_the_daemon_starts_is_no_tap() {
        use Filtered::{Nothing, Tap};
        check(&[(1, lies(1), Nothing), (4, Sighting::Removed, Nothing), (6, arrives(1), Tap)]);
        // also if the reader came later than the daemon
        check(&[(1, Sighting::Down, Nothing), (9, lies(1), Nothing), (12, Sighting::Removed, Nothing), (15, arrives(1), Tap)]);
    }

    #[test]
    fn a_tap_that_was_not_recorded_has_no_double() {
        let reader = ReaderName::new("porte").unwrap();
        let mut filter = TapFilter::new(Duration::from_secs(5));
        assert_eq!(filter.present(&reader, &card(1), Duration::from_secs(1)), Filtered::Tap);
        filter.forget_last(&reader);
        assert_eq!(filter.present(&reader, &card(1), Duration::from_secs(2)), Filtered::Tap);
    }
}
