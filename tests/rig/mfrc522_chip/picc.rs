//! Cards by ISO/IEC 14443-3, type A: their states, and what several of them say at once.

use super::is_sound;

const LEVELS: [u8; 3] = [0x93, 0x95, 0x97];
const CASCADE_TAG: u8 = 0x88;

/// The bits of an answer, in the order of the air: the least significant of each byte first.
pub(super) type Heard = Vec<bool>;

/// A card in the field.
#[derive(Debug)]
pub(super) struct Picc {
    /// The UID's part of each level, with its check byte.
    parts: Vec<[u8; 5]>,
    state: State,
    was_halted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Ready(usize),
    Active,
    Halt,
}

impl Picc {
    pub(super) fn new(uid: &[u8]) -> Self {
        let mut rest = uid;
        let mut parts = Vec::new();
        while rest.len() > 4 {
            parts.push(with_check_byte([CASCADE_TAG, rest[0], rest[1], rest[2]]));
            rest = &rest[3..];
        }
        parts.push(with_check_byte(rest.try_into().expect("4, 7 or 10 bytes")));
        Self { parts, state: State::Idle, was_halted: false }
    }

    pub(super) fn lose_field(&mut self) {
        (self.state, self.was_halted) = (State::Idle, false);
    }

    /// What it says to a frame whose last byte has so many bits (0: all).
    pub(super) fn hear(&mut self, frame: &[u8], last_bits: u8) -> Option<Heard> {
        match (self.state, frame, last_bits) {
            (State::Idle, [0x26 | 0x52], 7) => self.wake(false),
            (State::Halt, [0x52], 7) => self.wake(true),
            (State::Ready(level), [sel, 0x70, part @ ..], 0) if *sel == LEVELS[level] && part.len() == 7 => {
                if !is_sound(frame) || part[..5] != self.parts[level] {
                    return self.fall_back();
                }
                let is_last = level + 1 == self.parts.len();
                self.state = if is_last { State::Active } else { State::Ready(level + 1) };
                let sak = if is_last { 0x08 } else { 0x04 };
                let [low, high] = crc_a(&[sak]);
                Some(bits(&[sak, low, high]))
            }
            (State::Ready(level), [sel, nvb, known @ ..], _) if *sel == LEVELS[level] => {
                let count = usize::from((nvb >> 4) - 2) * 8 + usize::from(nvb & 0x0F);
                assert_eq!(nvb & 0x0F, last_bits, "NVB and the bits that are sent");
                let mine = bits(&self.parts[level]);
                (bits(known).get(..count)? == &mine[..count]).then(|| mine[count..].to_vec())
            }
            (State::Active, [0x50, 0x00, ..], 0) if is_sound(frame) => {
                self.state = State::Halt;
                None
            }
            (State::Idle | State::Halt, ..) => None,
            _ => self.fall_back(),
        }
    }

    fn wake(&mut self, was_halted: bool) -> Option<Heard> {
        (self.state, self.was_halted) = (State::Ready(0), was_halted);
        Some(bits(&[[0x04, 0x44, 0x84][self.parts.len() - 1], 0x00]))
    }

    /// What it doesn't expect sends it back to where it came from, in silence.
    fn fall_back(&mut self) -> Option<Heard> {
        self.state = if self.was_halted { State::Halt } else { State::Idle };
        None
    }
}

/// What a reader hears of several cards: their bits up to the first that differs, which is where they collide, and zeros after it.
pub(super) fn together(answers: &[Heard]) -> Option<(Heard, Option<usize>)> {
    let first = answers.iter().max_by_key(|answer| answer.len())?;
    let differs = |bit: &usize| answers.iter().any(|answer| answer.get(*bit) != first.get(*bit));
    let collision = (0..first.len()).find(differs);
    let heard = (0..first.len()).map(|bit| collision.is_none_or(|at| bit < at) && first[bit]);
    Some((heard.collect(), collision))
}

/// CRC_A (annex B), bit by bit.
pub(super) fn crc_a(bytes: &[u8]) -> [u8; 2] {
    let mut crc = 0x6363_u16;
    for bit in bits(bytes) {
        let feedback = (crc & 1 == 1) != bit;
        crc >>= 1;
        if feedback {
            crc ^= 0x8408;
        }
    }
    crc.to_le_bytes()
}

fn bits(bytes: &[u8]) -> Heard {
    bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect()
}

fn with_check_byte(part: [u8; 4]) -> [u8; 5] {
    let [a, b, c, d] = part;
    [a, b, c, d, a ^ b ^ c ^ d]
}
