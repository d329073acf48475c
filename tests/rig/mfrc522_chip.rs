//! A simulated MFRC522 at the level of its registers (NXP datasheet), with cards in its field that follow ISO/IEC 14443-3, behind the
//! `embedded-hal` trait of SPI. It shares no code with the driver, but its author: what both misunderstand, only a real chip shows.

mod picc;

use crate::world::wait_until;
use embedded_hal::spi::{ErrorKind, ErrorType, Operation, SpiDevice};
use picc::{Heard, Picc, crc_a, together};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const COMMAND: usize = 0x01;
const COM_IRQ: usize = 0x04;
const ERROR: usize = 0x06;
const FIFO_DATA: usize = 0x09;
const FIFO_LEVEL: usize = 0x0A;
const CONTROL: usize = 0x0C;
const BIT_FRAMING: usize = 0x0D;
const COLL: usize = 0x0E;
const TX_CONTROL: usize = 0x14;
const TX_ASK: usize = 0x15;
const T_MODE: usize = 0x2A;
const VERSION: usize = 0x37;

/// The chip; its clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Mfrc522Chip(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    registers: [u8; 64],
    fifo: VecDeque<u8>,
    cards: Vec<Picc>,
    /// How often a card said its whole UID.
    named: usize,
    hangs: bool,
    is_gone: bool,
    /// ErrorReg after the next exchanges that are answered.
    flaws: VecDeque<u8>,
    /// Runs of the field that were answered or not.
    looks: usize,
}

impl Default for State {
    fn default() -> Self {
        let mut state = Self {
            registers: [0; 64],
            fifo: VecDeque::new(),
            cards: Vec::new(),
            named: 0,
            hangs: false,
            is_gone: false,
            flaws: VecDeque::new(),
            looks: 0,
        };
        state.reset();
        state
    }
}

impl Mfrc522Chip {
    /// Lays a card into the field, beside those that are there.
    pub fn insert(&self, uid: &[u8]) {
        let mut state = self.lock();
        state.cards.push(Picc::new(uid));
        state.named = 0;
    }

    /// Takes all cards away.
    pub fn remove(&self) {
        self.lock().cards.clear();
    }

    /// Holds a card to it until its UID was read.
    #[track_caller]
    pub fn tap(&self, uid: &[u8]) {
        self.insert(uid);
        self.wait_until_named(1);
        self.remove();
    }

    /// Waits until a whole UID was read so many times since the last card came.
    #[track_caller]
    pub fn wait_until_named(&self, times: usize) {
        wait_until("the card is read", || (self.lock().named >= times).then_some(()));
    }

    /// Waits until a field was asked so many times more.
    #[track_caller]
    pub fn wait_for_looks(&self, more: usize) {
        let before = self.lock().looks;
        wait_until("the field is asked", || (self.lock().looks >= before + more).then_some(()));
    }

    /// What is sent is neither answered nor timed any more.
    pub fn hang(&self) {
        self.lock().hangs = true;
    }

    /// It works again, as after a reset.
    pub fn recover(&self) {
        let mut state = self.lock();
        state.hangs = false;
        state.reset();
    }

    /// Without power for a moment: all registers are as after a reset.
    pub fn brown_out(&self) {
        self.lock().reset();
    }

    /// Its wires come off the bus.
    pub fn unplug(&self) {
        let mut state = self.lock();
        state.is_gone = true;
        state.reset();
    }

    /// They are put back.
    pub fn plug(&self) {
        self.lock().is_gone = false;
    }

    /// ErrorReg after each of the next exchanges that a card answers.
    pub fn flaws(&self, registers: impl IntoIterator<Item = u8>) {
        self.lock().flaws.extend(registers);
    }

    /// Waits until all of them were met.
    #[track_caller]
    pub fn wait_until_flawless(&self) {
        wait_until("all flaws were met", || self.lock().flaws.is_empty().then_some(()));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ErrorType for Mfrc522Chip {
    type Error = ErrorKind;
}

impl SpiDevice for Mfrc522Chip {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), Self::Error> {
        let mut state = self.lock();
        for operation in operations {
            match operation {
                Operation::Write([address, values @ ..]) if !state.is_gone => {
                    values.iter().for_each(|value| state.write(usize::from(address >> 1 & 0x3F), *value));
                }
                Operation::Write(_) => {}
                Operation::Transfer(came, sent) => {
                    came.fill(0);
                    // each byte brings what the address before it asked for
                    if !state.is_gone {
                        for (byte, address) in came.iter_mut().skip(1).zip(sent.iter()) {
                            *byte = state.read(usize::from(address >> 1 & 0x3F));
                        }
                    }
                }
                other => unreachable!("the driver has no use for {other:?}"),
            }
        }
        Ok(())
    }
}

impl State {
    fn reset(&mut self) {
        self.registers = [0; 64];
        for (register, value) in [(COMMAND, 0x20), (COM_IRQ, 0x14), (COLL, 0x80), (TX_CONTROL, 0x80), (VERSION, 0x92)] {
            self.registers[register] = value;
        }
        self.fifo.clear();
        self.cards.iter_mut().for_each(Picc::lose_field);
    }

    fn read(&mut self, register: usize) -> u8 {
        match register {
            FIFO_DATA => self.fifo.pop_front().unwrap_or_default(),
            FIFO_LEVEL => self.fifo.len() as u8,
            _ => self.registers[register],
        }
    }

    fn write(&mut self, register: usize, value: u8) {
        match register {
            COMMAND if value & 0x0F == 0x0F => self.reset(),
            COM_IRQ if value & 0x80 == 0 => self.registers[COM_IRQ] &= !value,
            FIFO_DATA => self.fifo.push_back(value),
            FIFO_LEVEL if value & 0x80 != 0 => self.fifo.clear(),
            VERSION => {}
            TX_CONTROL => {
                self.registers[register] = value;
                if value & 0x03 == 0 {
                    self.cards.iter_mut().for_each(Picc::lose_field);
                }
            }
            _ => self.registers[register] = value,
        }
        if register == BIT_FRAMING && value & 0x80 != 0 && self.registers[COMMAND] & 0x0F == 0x0C {
            self.transceive(value);
        }
    }

    fn transceive(&mut self, framing: u8) {
        let sent: Vec<u8> = self.fifo.drain(..).collect();
        if self.hangs {
            return;
        }
        self.looks += usize::from(sent == [0x52]);
        // without 100 % ASK or without its field no card understands
        let is_on = self.registers[TX_CONTROL] & 0x03 == 0x03 && self.registers[TX_ASK] & 0x40 != 0;
        let answers: Vec<Heard> =
            self.cards.iter_mut().filter(|_| is_on).filter_map(|card| card.hear(&sent, framing & 0x07)).collect();
        let Some((bits, collision)) = together(&answers) else {
            // the timer, if it was told to start by itself
            self.registers[COM_IRQ] |= u8::from(self.registers[T_MODE] & 0x80 != 0);
            return;
        };
        self.lay_down(&bits, framing >> 4 & 0x07);
        self.registers[COM_IRQ] |= 0x20;
        self.registers[COLL] = self.registers[COLL] & 0x80 | collision.map_or(0x20, |bit| (bit as u8 + 1) & 0x1F);
        self.registers[ERROR] = self.flaws.pop_front().unwrap_or(if collision.is_some() { 0x08 } else { 0x00 });
        let is_complete = bits.len() == 24 && collision.is_none() && self.fifo.front().is_some_and(|sak| sak & 0x04 == 0);
        self.named += usize::from(is_complete && self.registers[ERROR] == 0);
    }

    /// Bits into the FIFO, from that bit of the first byte on.
    fn lay_down(&mut self, bits: &[bool], align: u8) {
        let all: Vec<bool> = std::iter::repeat_n(false, align.into()).chain(bits.iter().copied()).collect();
        self.fifo = all.chunks(8).map(|byte| byte.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect();
        self.registers[CONTROL] = (all.len() % 8) as u8;
    }
}

/// Whether the sums of a frame are right; for a card.
fn is_sound(frame: &[u8]) -> bool {
    frame.split_last_chunk::<2>().is_some_and(|(data, sum)| crc_a(data) == *sum)
}
