//! A simulated PN532 at the level of its bytes (UM0701-02), with a card on it or not: behind a pty at the pace of 115,200 baud, or behind the
//! `embedded-hal` traits of I²C and SPI. It shares no code with the driver, but its author: what both misunderstand, only a real chip shows.
//!
//! It starts as a chip does that just got power: asleep, and set to look for cards for ever.

#![allow(clippy::disallowed_methods, reason = "a chip takes its time")]

mod hal;
mod serial;

pub use hal::{I2cBus, SpiBus};
pub use serial::SerialPlug;

use crate::world::wait_until;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const ACK: [u8; 6] = [0, 0, 0xFF, 0, 0xFF, 0];
const NACK: [u8; 6] = [0, 0, 0xFF, 0xFF, 0, 0];
const SYNTAX_ERROR: [u8; 8] = [0, 0, 0xFF, 1, 0xFF, 0x7F, 0x81, 0];
/// What the radio takes for a look that finds nothing, a try; and for one that finds a card.
const TRY: Duration = Duration::from_millis(2);
const FOUND: Duration = Duration::from_millis(5);

/// What goes wrong with one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Not acknowledged.
    NoAck,
    /// NACK in place of ACK.
    Nack,
    /// Acknowledged, never answered.
    NoAnswer,
    /// The first answer arrives with a wrong sum of its data; a repetition is good.
    WrongSum,
    /// The answer arrives with a wrong sum of its length, and so does its repetition.
    WrongLength,
    /// Half the answer.
    Half,
    /// Noise before the acknowledgement.
    Noise,
    /// An error frame in place of the answer.
    Refused,
    /// The answer to another command.
    Another,
    /// A status, where the answer has one; else no card's list.
    Status(u8),
}

/// The chip; its clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Pn532Chip(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    card: Option<Vec<u8>>,
    /// The card doesn't answer before the field was off.
    card_is_mute: bool,
    /// Answers that named a card, since it came.
    named: usize,
    /// Looks that were answered.
    looks: usize,
    is_asleep: bool,
    /// Bytes of a wake-up that were heard.
    waking: u8,
    hangs: bool,
    /// Off the bus.
    is_gone: bool,
    /// MxRtyPassiveActivation.
    retries: u8,
    /// A look that goes on until a card comes.
    looks_on: bool,
    flaws: VecDeque<Flaw>,
    input: Vec<u8>,
    /// What it says, and from when on.
    output: VecDeque<(Instant, Vec<u8>)>,
    last_answer: Vec<u8>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            card: None,
            card_is_mute: false,
            named: 0,
            looks: 0,
            is_asleep: true,
            waking: 0,
            hangs: false,
            is_gone: false,
            retries: 0xFF,
            looks_on: false,
            flaws: VecDeque::new(),
            input: Vec::new(),
            output: VecDeque::new(),
            last_answer: Vec::new(),
        }
    }
}

impl Pn532Chip {
    /// Lays a card into the field.
    pub fn insert(&self, uid: &[u8]) {
        let mut state = self.lock();
        (state.card, state.named, state.card_is_mute) = (Some(uid.to_vec()), 0, false);
    }

    /// Takes the card away.
    pub fn remove(&self) {
        self.lock().card = None;
    }

    /// Holds a card to it until an answer has named it.
    #[track_caller]
    pub fn tap(&self, uid: &[u8]) {
        self.insert(uid);
        self.wait_until_named(1);
        self.remove();
    }

    /// Waits until so many answers have named the card.
    #[track_caller]
    pub fn wait_until_named(&self, times: usize) {
        wait_until("the card is read", || (self.lock().named >= times).then_some(()));
    }

    /// Waits until so many looks more were answered, whatever they found.
    #[track_caller]
    pub fn wait_for_looks(&self, more: usize) {
        let before = self.lock().looks;
        wait_until("the chip is asked", || (self.lock().looks >= before + more).then_some(()));
    }

    /// From now on the card says nothing before the field was off.
    pub fn mute_card(&self) {
        self.lock().card_is_mute = true;
    }

    /// Nothing is answered any more, until [`Self::recover`].
    pub fn hang(&self) {
        let mut state = self.lock();
        state.hangs = true;
        state.output.clear();
    }

    /// It works again, as after a reset.
    pub fn recover(&self) {
        self.brown_out();
        self.lock().hangs = false;
    }

    /// Without power for a moment: asleep, and its set-up forgotten. The card lies where it was.
    pub fn brown_out(&self) {
        let mut state = self.lock();
        let card = state.card.take();
        *state =
            State { card, is_gone: state.is_gone, hangs: state.hangs, looks: state.looks, named: state.named, ..State::default() };
    }

    /// Its wires come off the bus (I²C, SPI).
    pub fn unplug(&self) {
        self.brown_out();
        self.lock().is_gone = true;
    }

    /// They are put back.
    pub fn plug(&self) {
        self.lock().is_gone = false;
    }

    /// These go wrong, one a command from now on.
    pub fn flaws(&self, flaws: impl IntoIterator<Item = Flaw>) {
        self.lock().flaws.extend(flaws);
    }

    /// Waits until everything that was to go wrong did.
    #[track_caller]
    pub fn wait_until_flawless(&self) {
        wait_until("all flaws were met", || self.lock().flaws.is_empty().then_some(()));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes bytes from the bus.
    fn receive(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        while let Some((frame, end)) = first_frame(&self.input) {
            self.input.drain(..end);
            match frame {
                Host::Ack => {
                    self.looks_on = false;
                    self.output.clear();
                }
                Host::Nack => self.say(Duration::ZERO, self.last_answer.clone()),
                Host::Command(command) if !self.hangs && !self.is_asleep => self.handle(&command),
                Host::Command(_) | Host::Broken => {}
            }
        }
    }

    fn handle(&mut self, command: &[u8]) {
        let flaw = self.flaws.pop_front();
        match flaw {
            Some(Flaw::NoAck) => return,
            Some(Flaw::Nack) => return self.say(Duration::ZERO, NACK.to_vec()),
            Some(Flaw::Noise) => self.say(Duration::ZERO, vec![0xAA, 0x55, 0x13, 0x00, 0xFF, 0x37]),
            _ => {}
        }
        self.say(Duration::ZERO, ACK.to_vec());
        match (flaw, self.answer(command)) {
            (Some(Flaw::NoAnswer), _) => {}
            (Some(Flaw::Refused), _) => self.say(Duration::ZERO, SYNTAX_ERROR.to_vec()),
            (_, None) => self.looks_on = true,
            (Some(flaw), Some((after, answer))) => self.say_flawed(after, answer, flaw),
            (None, Some((after, answer))) => self.say_answer(after, &answer),
        }
    }

    /// Command code + 1 and what follows, and how long it takes. None: it looks on until a card comes.
    fn answer(&mut self, command: &[u8]) -> Option<(Duration, Vec<u8>)> {
        let soon = |answer: &[u8]| Some((Duration::ZERO, answer.to_vec()));
        match *command {
            [0x02] => soon(&[0x03, 0x32, 0x01, 0x06, 0x07]),
            [0x14, ..] => soon(&[0x15]),
            [0x12, _] => soon(&[0x13]),
            [0x32, 0x05, _, _, retries] => {
                self.retries = retries;
                soon(&[0x33])
            }
            [0x32, 0x01, _] => {
                self.card_is_mute = false;
                soon(&[0x33])
            }
            [0x52, _] => soon(&[0x53, 0x00]),
            [0x4A, 1, 0] => self.list(),
            [code, ..] => soon(&[code + 1, 0x27]),
            [] => soon(&[]),
        }
    }

    fn list(&mut self) -> Option<(Duration, Vec<u8>)> {
        match (&self.card, self.card_is_mute) {
            (Some(uid), false) => {
                let mut answer = vec![0x4B, 1, 1, 0x00, 0x04, 0x08, uid.len() as u8];
                answer.extend_from_slice(uid);
                (self.named, self.looks) = (self.named + 1, self.looks + 1);
                Some((FOUND, answer))
            }
            _ if self.retries == 0xFF => None,
            _ => {
                self.looks += 1;
                Some((TRY * (u32::from(self.retries) + 1), vec![0x4B, 0]))
            }
        }
    }

    /// A look that goes on may find a card now.
    fn look_on(&mut self) {
        if self.looks_on
            && self.card.is_some()
            && let Some((after, answer)) = self.list()
        {
            self.looks_on = false;
            self.say_answer(after, &answer);
        }
    }

    fn say_flawed(&mut self, after: Duration, mut answer: Vec<u8>, flaw: Flaw) {
        match flaw {
            Flaw::Another => answer[0] ^= 0x10,
            Flaw::Status(status) => answer.splice(1.., [status]).for_each(drop),
            _ => {}
        }
        self.say_answer(after, &answer);
        let Some((_, frame)) = self.output.back_mut() else { return };
        match flaw {
            Flaw::WrongSum => frame[5] ^= 0x01,
            Flaw::WrongLength => {
                frame[4] ^= 0x01;
                self.last_answer = frame.clone();
            }
            Flaw::Half => {
                frame.truncate(frame.len() / 2);
                self.last_answer = frame.clone();
            }
            _ => {}
        }
    }

    fn say_answer(&mut self, after: Duration, answer: &[u8]) {
        let length = answer.len() as u8 + 1;
        let sum = answer.iter().fold(0xD5_u8, |sum, byte| sum.wrapping_add(*byte));
        let mut frame = vec![0, 0, 0xFF, length, length.wrapping_neg(), 0xD5];
        frame.extend_from_slice(answer);
        frame.extend([sum.wrapping_neg(), 0]);
        self.last_answer.clone_from(&frame);
        self.say(after, frame);
    }

    fn say(&mut self, after: Duration, bytes: Vec<u8>) {
        self.output.push_back((Instant::now() + after, bytes));
    }

    /// The next thing it says, if its time has come.
    fn next(&mut self) -> Option<Vec<u8>> {
        self.look_on();
        self.is_ready().then(|| self.output.pop_front().map(|(_, bytes)| bytes)).flatten()
    }

    fn is_ready(&self) -> bool {
        !self.hangs && self.output.front().is_some_and(|(from, _)| *from <= Instant::now())
    }
}

/// What a host sends.
enum Host {
    Ack,
    Nack,
    Command(Vec<u8>),
    Broken,
}

/// The first frame to the chip, and where it ends.
fn first_frame(input: &[u8]) -> Option<(Host, usize)> {
    let start = input.windows(3).position(|three| three == [0, 0, 0xFF])? + 3;
    match input.get(start..start + 2)? {
        [0x00, 0xFF] => return Some((Host::Ack, start + 2)),
        [0xFF, 0x00] => return Some((Host::Nack, start + 2)),
        [length, check] if length.wrapping_add(*check) != 0 => return Some((Host::Broken, start + 2)),
        _ => {}
    }
    let data = start + 2;
    let end = data + usize::from(input[start]) + 1;
    let frame = input.get(data..end)?;
    let sum = frame.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    match frame {
        [0xD4, command @ .., _] if sum == 0 => Some((Host::Command(command.to_vec()), end)),
        _ => Some((Host::Broken, end)),
    }
}
