//! The chip as its registers, one answer of the field after the other. What cards do is in `tests/e2e/wired`, with a simulated field.

use super::*;
use card::crc_a;
use embedded_hal::spi::{ErrorKind, ErrorType, Operation};
use std::collections::VecDeque;
use voisins_shared::uid::Uid;

/// Registers that keep what is written, and a script of what the field does when something is sent.
struct Scripted {
    registers: [u8; 64],
    fifo: VecDeque<u8>,
    field: VecDeque<Field>,
    sent: Vec<Vec<u8>>,
    fails: bool,
}

/// What follows a StartSend: ComIrqReg, ErrorReg, CollReg, and what the FIFO holds.
struct Field {
    irq: u8,
    error: u8,
    coll: u8,
    fifo: Vec<u8>,
}

fn answers(bytes: &[u8]) -> Field {
    Field { irq: 0x20, error: 0, coll: 0x20, fifo: bytes.to_vec() }
}

fn errs(error: u8) -> Field {
    Field { irq: 0x20, error, coll: 0x20, fifo: vec![] }
}

fn silence() -> Field {
    Field { irq: 0x01, error: 0, coll: 0x20, fifo: vec![] }
}

impl Scripted {
    fn new(field: impl IntoIterator<Item = Field>) -> Self {
        let mut registers = [0; 64];
        (registers[0x37], registers[0x14]) = (0x92, 0x80);
        let field = field.into_iter().collect();
        Self { registers, fifo: VecDeque::new(), field, sent: Vec::new(), fails: false }
    }

    fn write(&mut self, register: usize, value: u8) {
        match register {
            0x09 => self.fifo.push_back(value),
            0x0A => self.fifo.clear(),
            0x0D if value & 0x80 != 0 => {
                self.sent.push(self.fifo.drain(..).collect());
                let field = self.field.pop_front().expect("nothing more is to be sent");
                (self.registers[0x04], self.registers[0x06], self.registers[0x0E]) = (field.irq, field.error, field.coll);
                self.fifo = field.fifo.into();
            }
            0x37 => {}
            _ => self.registers[register] = value,
        }
    }
}

impl ErrorType for Scripted {
    type Error = ErrorKind;
}

impl SpiDevice for Scripted {
    fn transaction(&mut self, operations: &mut [Operation<'_, u8>]) -> Result<(), ErrorKind> {
        if self.fails {
            return Err(ErrorKind::Other);
        }
        for operation in operations {
            match operation {
                Operation::Write([address, values @ ..]) => {
                    assert_eq!(address & 0x81, 0, "a write has neither the first nor the last bit");
                    values.iter().for_each(|value| self.write(usize::from(address >> 1), *value));
                }
                Operation::Transfer(came, sent) => {
                    for (byte, address) in came.iter_mut().skip(1).zip(sent.iter()) {
                        *byte = match address >> 1 & 0x3F {
                            0x09 => self.fifo.pop_front().unwrap_or_default(),
                            0x0A => self.fifo.len() as u8,
                            register => self.registers[usize::from(register)],
                        };
                    }
                }
                other => panic!("not used: {other:?}"),
            }
        }
        Ok(())
    }
}

struct NoTime;

impl DelayNs for NoTime {
    fn delay_ns(&mut self, _nanoseconds: u32) {}
}

/// A chip that was set up, and whose field does this.
fn chip(field: impl IntoIterator<Item = Field>) -> Mfrc522<Scripted, NoTime> {
    let mut chip = Mfrc522::new(Scripted::new(field), NoTime);
    assert_eq!(chip.set_up(), Ok(()));
    chip
}

fn sak(sak: u8) -> Field {
    let [low, high] = crc_a(&[sak]);
    answers(&[sak, low, high])
}

const ATQA: [u8; 2] = [0x04, 0x00];
const PART: [u8; 5] = [0x04, 0xA1, 0xB2, 0xC3, 0xD4];

#[test]
fn a_card_is_woken_told_apart_selected_and_halted() {
    let mut chip = chip([answers(&ATQA), answers(&PART), sak(0x08), silence()]);
    assert_eq!(chip.look(), Ok(Seen::Card(Uid::new(&PART[..4]).unwrap())));
    let bus = chip.registers.into_bus();
    let select = [0x93, 0x70, 0x04, 0xA1, 0xB2, 0xC3, 0xD4];
    let [low, high] = crc_a(&select);
    assert_eq!(bus.sent[0], [0x52]);
    assert_eq!(bus.sent[1], [0x93, 0x20]);
    assert_eq!(bus.sent[2], [&select[..], &[low, high]].concat());
    assert_eq!(bus.sent[3], [0x50, 0x00, 0x57, 0xCD]);
}

#[test]
fn an_empty_field_is_one_exchange() {
    assert_eq!(chip([silence()]).look(), Ok(Seen::Nothing));
}

/// Datasheet, table 36: what ErrorReg says of a card makes it unreadable; what it says of the chip is a fault.
#[test]
fn mfrc522_each_bit_of_the_error_register_makes_the_card_unreadable_or_the_chip_faulty() {
    for bit in [0, 1, 2, 3, 4, 7] {
        let mut chip = chip([answers(&ATQA), errs(1 << bit)]);
        assert_eq!(chip.look(), Ok(Seen::Unreadable), "bit {bit}");
    }
    assert_eq!(chip([errs(1 << 6)]).look(), Err(Fault::Refused("too hot: the antenna driver is off")));
}

#[test]
fn answers_that_make_no_sense_are_unreadable() {
    let wrong_check_byte = [0x04, 0xA1, 0xB2, 0xC3, 0xD5];
    for field in [
        vec![answers(&ATQA), silence()],
        vec![answers(&ATQA), answers(&wrong_check_byte)],
        vec![answers(&ATQA), answers(&PART[..4])],
        vec![answers(&ATQA), answers(&[0; 5]), sak(0x08), silence()],
        vec![answers(&ATQA), answers(&PART), silence()],
        vec![answers(&ATQA), answers(&PART), answers(&[0x08, 0, 0])],
        vec![answers(&ATQA), answers(&PART), answers(&[0x08])],
        // a part that is not the last, without a cascade tag
        vec![answers(&ATQA), answers(&PART), sak(0x04)],
    ] {
        assert_eq!(chip(field).look(), Ok(Seen::Unreadable));
    }
}

#[test]
fn a_chip_that_neither_hears_nor_times_out_is_silent() {
    let hangs = Field { irq: 0, error: 0, coll: 0, fifo: vec![] };
    assert_eq!(chip([hangs]).look(), Err(Fault::Silent));
}

#[test]
fn a_chip_that_was_without_power_has_forgotten_its_set_up() {
    let mut chip = chip([]);
    chip.registers.bus_mut().registers[0x14] = 0x80;
    assert_eq!(chip.look(), Err(Fault::Forgotten));
    chip.registers.bus_mut().registers[0x14] = 0xFF;
    assert_eq!(chip.look(), Err(Fault::Silent), "a line that nobody drives");
    chip.registers.bus_mut().fails = true;
    assert_eq!(chip.look(), Err(Fault::Spi(ErrorKind::Other)));
}

#[test]
fn a_fifo_that_is_fuller_than_it_can_be_is_a_broken_answer() {
    let mut full = answers(&[0xAA; 200]);
    full.irq = 0x20;
    assert_eq!(chip([full]).look(), Err(Fault::Broken("a FIFO of more than 64 bytes")));
}

#[test]
fn what_is_no_mfrc522_is_not_set_up() {
    for floating in [0x00, 0xFF] {
        let mut bus = Scripted::new([]);
        bus.registers[0x37] = floating;
        assert_eq!(Mfrc522::new(bus, NoTime).set_up(), Err(Fault::Silent));
    }
}
