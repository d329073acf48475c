//! Cards that are none: what is in the field of a [`VirtualReader`](crate::virtual_reader::VirtualReader), and how it answers.

use crate::authentic_card::Chip;
use std::collections::VecDeque;

/// PC/SC part 3, 3.1.3.2.3: a storage card, MIFARE Classic 1K (NN NN = 00 01, SS = 03: ISO 14443-3 A).
pub const ATR_MIFARE_1K: [u8; 20] =
    [0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x6A];

/// PC/SC part 3, 3.1.3.2.3.1: a card of ISO/IEC 14443-4 without historical bytes but one (a DESFire's).
pub const ATR_DESFIRE: [u8; 6] = [0x3B, 0x81, 0x80, 0x01, 0x80, 0x80];

/// Get Data, UID (PC/SC part 3, 3.2.2.1.3).
const GET_UID: [u8; 5] = [0xFF, 0xCA, 0x00, 0x00, 0x00];

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    pub(crate) atr: Option<Vec<u8>>,
    uid: Vec<u8>,
    /// What answers all that the reader itself doesn't.
    chip: Option<Chip>,
    script: VecDeque<Answer>,
}

/// How a card answers an APDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// As it should.
    Well,
    /// With these bytes, status words and all.
    With(Vec<u8>),
    /// It doesn't: it is taken away before.
    PulledAway,
    /// It does what it was told, and is taken away before anybody hears of it.
    PulledAwayAfter,
    /// Not before [`VirtualReader::release`](crate::virtual_reader::VirtualReader::release); the driver gives up after 3 s.
    Held,
    /// The reader reports this IFD response code instead: 613 is an RF timeout.
    Fails(u32),
}

impl Card {
    /// A card that answers well. Its UID may have any length.
    #[must_use]
    pub fn new(uid: &[u8]) -> Self {
        Self { atr: Some(ATR_MIFARE_1K.to_vec()), uid: uid.to_vec(), chip: None, script: VecDeque::new() }
    }

    /// A card with a chip that proves itself.
    #[must_use]
    pub fn of(chip: &Chip) -> Self {
        chip.power_off();
        Self { atr: Some(ATR_DESFIRE.to_vec()), chip: Some(chip.clone()), ..Self::new(&chip.uid()) }
    }

    /// Whether there is a chip in it that takes commands.
    pub(crate) fn takes_commands(&self) -> bool {
        self.chip.is_some()
    }

    /// It is powered anew.
    pub(crate) fn reset(&self) {
        self.chip.iter().for_each(Chip::power_off);
    }

    /// A card that can't be powered.
    #[must_use]
    pub fn mute() -> Self {
        Self { atr: None, ..Self::new(&[]) }
    }

    /// Its next APDUs are answered like this, those after them well.
    #[must_use]
    pub fn answering(mut self, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.script.extend(answers);
        self
    }

    pub(crate) fn next_answer(&mut self) -> Answer {
        self.script.pop_front().unwrap_or(Answer::Well)
    }

    pub(crate) fn well(&self, apdu: &[u8]) -> Vec<u8> {
        match &self.chip {
            _ if apdu == GET_UID => [&self.uid[..], &[0x90, 0x00]].concat(),
            Some(chip) => chip.answer(apdu),
            None => vec![0x6A, 0x81],
        }
    }
}
