//! Waking a card and asking for its UID (ISO/IEC 14443-3, sections 6.4 and 6.5): WUPA, then for each cascade level anticollision and
//! SELECT, then HLTA, so that the next WUPA finds it again.

use super::exchange::{Received, RfError, Sent, transceive};
use super::register::Registers;
use crate::reader::wired::Fault;
use embedded_hal::delay::DelayNs;
use embedded_hal::spi::SpiDevice;
use voisins_shared::uid::Uid;

/// WUPA, 7 bits: wakes halted cards, too.
const WUPA: u8 = 0x52;
/// HLTA, with its CRC_A.
const HLTA: [u8; 4] = [0x50, 0x00, 0x57, 0xCD];
/// SEL of the three cascade levels.
const LEVELS: [u8; 3] = [0x93, 0x95, 0x97];
/// NVB of a SELECT: all 40 bits of the level.
const ALL_BITS: u8 = 0x70;
/// The cascade tag: the first byte of a level that is not the last.
const CASCADE_TAG: u8 = 0x88;
/// SAK, bit 3: the UID is not complete.
const CASCADE: u8 = 1 << 2;
/// Bits of a level's part of the UID, without its check byte.
const BITS: u8 = 32;

/// Why a card that is there could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The chip or its bus, not the card.
    #[error("chip")]
    Fault(#[from] Fault),
    /// Between card and antenna.
    #[error("radio")]
    Rf(#[from] RfError),
    /// It fell silent.
    #[error("the card fell silent")]
    Silent,
    /// An answer of the wrong length.
    #[error("an answer of {0} bytes")]
    Length(usize),
    /// BCC does not agree with the UID's bytes.
    #[error("wrong check byte of the UID")]
    CheckByte,
    /// CRC_A does not agree.
    #[error("wrong CRC")]
    Crc,
    /// Cascade tag and SAK contradict each other, or there are more levels than three.
    #[error("levels of the UID that make none")]
    Cascade,
    /// Anticollision did not come to an end.
    #[error("collisions without end")]
    Collisions,
    /// What came is no UID.
    #[error("no UID")]
    NoUid(#[from] voisins_shared::uid::UidError),
}

/// Reads the UID of the card in the field; of several, the one whose bits are ones where they differ. `None`: no card.
///
/// # Errors
/// [`CardError`]
pub fn read_uid<S: SpiDevice>(chip: &mut Registers<S>, delay: &mut impl DelayNs) -> Result<Option<Uid>, CardError> {
    // Two cards answer with what both say, or collide; a broken answer is a card all the same.
    if let Ok(None) = transceive(chip, delay, Sent { bytes: &[WUPA], last_bits: 7, align: 0 })? {
        return Ok(None);
    }
    let mut uid = Vec::with_capacity(10);
    for level in LEVELS {
        let part = anticollision(chip, delay, level)?;
        let is_complete = select(chip, delay, level, part)? & CASCADE == 0;
        match (is_complete, part) {
            (true, [a, b, c, d, _]) => {
                uid.extend([a, b, c, d]);
                // A halted card says nothing to this, and one that is gone doesn't either.
                let _ = transceive(chip, delay, Sent { bytes: &HLTA, last_bits: 0, align: 0 })?;
                return Ok(Some(Uid::new(&uid)?));
            }
            (false, [CASCADE_TAG, b, c, d, _]) => uid.extend([b, c, d]),
            (false, _) => return Err(CardError::Cascade),
        }
    }
    Err(CardError::Cascade)
}

/// One level's four bytes and their check byte.
fn anticollision<S: SpiDevice>(chip: &mut Registers<S>, delay: &mut impl DelayNs, level: u8) -> Result<[u8; 5], CardError> {
    let mut known = Known::default();
    // each answer settles a bit at least, each silence takes a guess back
    for _ in 0..2 * BITS {
        let sent = known.question(level);
        let answer = transceive(chip, delay, Sent { bytes: &sent, last_bits: known.odd_bits(), align: known.odd_bits() })??;
        match answer {
            Some(answer) => {
                if let Some(part) = known.handle(&answer)? {
                    return Ok(part);
                }
            }
            None => known.handle_silence()?,
        }
    }
    Err(CardError::Collisions)
}

/// Selects the card; returns its SAK.
fn select<S: SpiDevice>(chip: &mut Registers<S>, delay: &mut impl DelayNs, level: u8, part: [u8; 5]) -> Result<u8, CardError> {
    let [a, b, c, d, check] = part;
    let frame = [level, ALL_BITS, a, b, c, d, check];
    let [low, high] = crc_a(&frame);
    let bytes = [&frame[..], &[low, high]].concat();
    let answer = transceive(chip, delay, Sent { bytes: &bytes, last_bits: 0, align: 0 })??.ok_or(CardError::Silent)?;
    match (answer.bytes.as_slice(), answer.collision, answer.last_bits) {
        (_, Some(_), _) => Err(RfError::Collision.into()),
        (&[sak, low, high], None, 0) if crc_a(&[sak]) == [low, high] => Ok(sak),
        ([_, _, _], None, 0) => Err(CardError::Crc),
        (other, None, _) => Err(CardError::Length(other.len())),
    }
}

/// What is known of a level's bits while cards are told apart (ISO/IEC 14443-3, section 6.5.3). Pure.
///
/// The first collision says where two cards differ, and asking for one side leaves one of them. If that side collides again there are
/// three or more, and from which bit the chip then counts is not in its datasheet: the next bit is guessed, and a silence takes the guess
/// back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    part: [u8; 5],
    /// How many of the first bits are settled, 0 to 32.
    bits: u8,
    /// The last of them is a guess.
    is_guess: bool,
}

impl Known {
    /// ANTICOLLISION: level, number of valid bits, and those bits.
    #[must_use]
    pub fn question(&self, level: u8) -> Vec<u8> {
        let (bytes, odd) = (self.bits / 8, self.odd_bits());
        let mut question = vec![level, (2 + bytes) << 4 | odd];
        question.extend_from_slice(&self.part[..usize::from(self.bits.div_ceil(8))]);
        question
    }

    /// Bits of the byte that is settled only in part: as many are sent of it, and there the answer begins.
    #[must_use]
    pub fn odd_bits(&self) -> u8 {
        self.bits % 8
    }

    /// Takes an answer. `Some`: the level's bytes with their check byte; `None`: there was a collision, and one more bit is settled.
    ///
    /// # Errors
    /// [`CardError`] if it is no answer to the question.
    pub fn handle(&mut self, answer: &Received) -> Result<Option<[u8; 5]>, CardError> {
        let whole = usize::from(self.bits / 8);
        let mut part = self.part;
        if whole + answer.bytes.len() > part.len() {
            return Err(CardError::Length(answer.bytes.len()));
        }
        for (i, (byte, answered)) in part[whole..].iter_mut().zip(&answer.bytes).enumerate() {
            // of the first byte the bits below the alignment are ours
            let ours = if i == 0 { (1 << self.odd_bits()) - 1 } else { 0 };
            *byte = *byte & ours | answered & !ours;
        }
        if let Some(place) = answer.collision {
            self.is_guess = self.bits > 0;
            if !self.is_guess {
                self.part = part;
            }
            return self.settle(if self.is_guess { self.bits + 1 } else { place }).map(|()| None);
        }
        if whole + answer.bytes.len() != part.len() || answer.last_bits != 0 {
            return Err(CardError::Length(answer.bytes.len()));
        }
        let [a, b, c, d, check] = part;
        if a ^ b ^ c ^ d ^ check == 0 { Ok(Some(part)) } else { Err(CardError::CheckByte) }
    }

    /// Nobody answered.
    ///
    /// # Errors
    /// [`CardError::Silent`] if no guess explains it: the card is gone.
    pub fn handle_silence(&mut self) -> Result<(), CardError> {
        if !std::mem::take(&mut self.is_guess) {
            return Err(CardError::Silent);
        }
        let last = self.bits - 1;
        self.part[usize::from(last / 8)] &= !(1 << (last % 8));
        Ok(())
    }

    /// The bits before this one are as they were answered; this one is a one.
    fn settle(&mut self, place: u8) -> Result<(), CardError> {
        if !(1..=BITS).contains(&place) {
            return Err(CardError::Collisions);
        }
        let (byte, bit) = (usize::from((place - 1) / 8), (place - 1) % 8);
        self.part[byte] = self.part[byte] & ((1 << bit) - 1) | 1 << bit;
        self.part[byte + 1..].fill(0);
        self.bits = place;
        Ok(())
    }
}

/// CRC_A, low byte first (ISO/IEC 14443-3, section 6.2.4 and annex B).
#[must_use]
pub fn crc_a(bytes: &[u8]) -> [u8; 2] {
    let crc = bytes.iter().fold(0x6363_u16, |mut crc, byte| {
        crc ^= u16::from(*byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { crc >> 1 ^ 0x8408 } else { crc >> 1 });
        crc
    });
    crc.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso14443_3_annex_b_crc_a_of_the_standards_examples() {
        assert_eq!(crc_a(&[0x00, 0x00]), [0xA0, 0x1E]);
        assert_eq!(crc_a(&[0x12, 0x34]), [0x26, 0xCF]);
        assert_eq!(crc_a(&HLTA[..2]), HLTA[2..]);
    }

    fn answer(bytes: &[u8], collision: Option<u8>) -> Received {
        Received { bytes: bytes.to_vec(), last_bits: 0, collision }
    }

    #[test]
    fn a_card_alone_answers_with_all_bits_at_once() {
        let mut known = Known::default();
        assert_eq!(known.question(0x93), [0x93, 0x20]);
        assert_eq!(known.handle(&answer(&[0x04, 0xA1, 0xB2, 0xC3, 0xD4], None)), Ok(Some([0x04, 0xA1, 0xB2, 0xC3, 0xD4])));
        assert_eq!(known.handle(&answer(&[0x04, 0xA1, 0xB2, 0xC3, 0xD5], None)), Err(CardError::CheckByte));
    }

    #[test]
    fn a_collision_settles_its_bit_as_a_one_and_asks_for_the_rest() {
        let mut known = Known::default();
        // 0x04… and 0x0C… differ in the fourth bit
        assert_eq!(known.handle(&answer(&[0x04], Some(4))), Ok(None));
        assert_eq!(known.question(0x93), [0x93, 0x24, 0x0C]);
        assert_eq!(known.odd_bits(), 4);
        assert_eq!(known.handle(&answer(&[0x00, 1, 2, 3, 0x0C], None)), Ok(Some([0x0C, 1, 2, 3, 0x0C])));
    }

    #[test]
    fn a_collision_in_a_later_byte_sends_whole_bytes_and_the_odd_bits() {
        let mut known = Known::default();
        assert_eq!(known.handle(&answer(&[0x04, 0x01], Some(10))), Ok(None));
        assert_eq!(known.question(0x95), [0x95, 0x32, 0x04, 0x03]);
    }

    #[test]
    fn a_second_collision_guesses_the_next_bit_and_a_silence_takes_the_guess_back() {
        let mut known = Known::default();
        assert_eq!(known.handle(&answer(&[0x04], Some(4))), Ok(None));
        assert_eq!(known.handle(&answer(&[0x00], Some(2))), Ok(None));
        assert_eq!(known.question(0x93), [0x93, 0x25, 0x1C]);
        assert_eq!(known.handle_silence(), Ok(()));
        assert_eq!(known.question(0x93), [0x93, 0x25, 0x0C]);
        assert_eq!(known.handle(&answer(&[0x40, 1, 2, 3, 0x4C], None)), Ok(Some([0x4C, 1, 2, 3, 0x4C])));
        assert_eq!(known.handle_silence(), Err(CardError::Silent), "nothing was guessed any more");
    }

    #[test]
    fn answers_that_fit_no_question_are_errors() {
        assert_eq!(Known::default().handle(&answer(&[1, 2, 3, 4], None)), Err(CardError::Length(4)));
        assert_eq!(Known::default().handle(&answer(&[1, 2, 3, 4, 4, 6], None)), Err(CardError::Length(6)));
        assert_eq!(Known::default().handle(&answer(&[], None)), Err(CardError::Length(0)));
        let mut known = Known { part: [0xFF; 5], bits: 32, is_guess: false };
        assert_eq!(known.question(0x93).len(), 6);
        assert_eq!(known.handle(&answer(&[0xFF], Some(1))), Err(CardError::Collisions), "of cards with the same four bytes");
    }
}
