//! Scripts of the buses.

use super::i2c::I2cLink;
use super::serial::SerialLink;
use super::spi::SpiLink;
use super::{LONGEST_ANSWER, Link};
use crate::reader::pn532::frame::{ACK, Frame, encode};
use crate::reader::wired::Fault;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{ErrorKind as I2cKind, ErrorType as I2cErrorType, I2c, NoAcknowledgeSource, Operation as I2cOperation};
use embedded_hal::spi::{ErrorKind as SpiKind, ErrorType as SpiErrorType, Operation as SpiOperation, SpiDevice};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{read, write};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::Duration;

const FIRMWARE: [u8; 13] = [0x00, 0x00, 0xFF, 0x06, 0xFA, 0xD5, 0x03, 0x32, 0x01, 0x06, 0x07, 0xE8, 0x00];
const GET_VERSION: [u8; 9] = [0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD4, 0x02, 0x2A, 0x00];
const PATIENCE: Duration = Duration::from_millis(3);
const NOT_ACKNOWLEDGED: I2cKind = I2cKind::NoAcknowledge(NoAcknowledgeSource::Address);

/// Counts what is slept.
#[derive(Default)]
struct Slept(u64);

impl DelayNs for Slept {
    fn delay_ns(&mut self, nanoseconds: u32) {
        self.0 += u64::from(nanoseconds);
    }
}

fn firmware() -> Frame {
    Frame::Answer(vec![0x03, 0x32, 0x01, 0x06, 0x07])
}

/// What one transaction is: bytes out, or bytes in.
enum Turn<E> {
    Out(Vec<u8>),
    In(Vec<u8>),
    Fails(E),
}

struct I2cScript(VecDeque<Turn<I2cKind>>);

impl I2cErrorType for I2cScript {
    type Error = I2cKind;
}

impl I2c for I2cScript {
    fn transaction(&mut self, address: u8, operations: &mut [I2cOperation<'_>]) -> Result<(), I2cKind> {
        assert_eq!(address, 0x24);
        match (self.0.pop_front(), operations) {
            (Some(Turn::Fails(error)), _) => return Err(error),
            (Some(Turn::Out(expected)), [I2cOperation::Write(bytes)]) => assert_eq!(bytes, &expected),
            (Some(Turn::In(came)), [I2cOperation::Read(bytes)]) => bytes[..came.len()].copy_from_slice(&came),
            _ => panic!("not what the script says"),
        }
        Ok(())
    }
}

struct SpiScript(VecDeque<Turn<SpiKind>>);

impl SpiErrorType for SpiScript {
    type Error = SpiKind;
}

impl SpiDevice for SpiScript {
    fn transaction(&mut self, operations: &mut [SpiOperation<'_, u8>]) -> Result<(), SpiKind> {
        match (self.0.pop_front(), operations) {
            (Some(Turn::Fails(error)), _) => return Err(error),
            (Some(Turn::Out(expected)), [SpiOperation::DelayNs(2_000_000), SpiOperation::Write(bytes)]) => {
                assert_eq!(bytes, &expected);
            }
            // the first byte that is expected is what goes out
            (Some(Turn::In(came)), [SpiOperation::Transfer(bytes, sent)]) => {
                assert_eq!(sent[0], came[0]);
                bytes[1..came.len()].copy_from_slice(&came[1..]);
            }
            _ => panic!("not what the script says"),
        }
        Ok(())
    }
}

/// A block as it comes in one read: the frame after a first byte, and rubbish behind it.
fn block(first: u8, frame: &[u8]) -> Vec<u8> {
    let mut block = [&[first], frame].concat();
    block.resize(1 + LONGEST_ANSWER, 0x80);
    block
}

#[test]
fn i2c_a_busy_chip_is_waited_for_and_a_frame_read_in_one_go() {
    let script = [
        Turn::Out(GET_VERSION.to_vec()),
        Turn::Fails(NOT_ACKNOWLEDGED),
        Turn::In(vec![0]),
        Turn::In(vec![1]),
        Turn::In(block(1, &ACK)),
        Turn::In(vec![1]),
        Turn::In(block(1, &FIRMWARE)),
    ];
    let mut link = I2cLink::new(I2cScript(script.into_iter().collect()), Slept::default());
    assert_eq!(link.send(&encode(&[0x02])), Ok(()));
    assert_eq!(link.receive(PATIENCE), Ok(Frame::Ack));
    assert_eq!(link.receive(PATIENCE), Ok(firmware()));
}

#[test]
fn i2c_a_chip_that_is_not_there_is_told_with_the_buss_own_error() {
    let script = [Turn::Fails(NOT_ACKNOWLEDGED), Turn::Fails(NOT_ACKNOWLEDGED)];
    let mut link = I2cLink::new(I2cScript(script.into_iter().collect()), Slept::default());
    assert_eq!(link.wake(), Ok(()), "a chip that sleeps need not acknowledge");
    assert_eq!(link.send(&ACK), Err(Fault::I2c(NOT_ACKNOWLEDGED)));
    let silent = I2cScript((0..4).map(|_| Turn::In(vec![0])).collect());
    assert_eq!(I2cLink::new(silent, Slept::default()).receive(PATIENCE), Err(Fault::Silent));
    let gone = I2cScript((0..4).map(|_| Turn::Fails(I2cKind::Other)).collect());
    assert_eq!(I2cLink::new(gone, Slept::default()).receive(PATIENCE), Err(Fault::I2c(I2cKind::Other)));
    let half = I2cScript([Turn::In(vec![1]), Turn::In(block(1, &[0; 40]))].into_iter().collect());
    assert_eq!(I2cLink::new(half, Slept::default()).receive(PATIENCE), Err(Fault::Broken("no frame, or half of one")));
}

#[test]
fn spi_every_byte_goes_and_comes_with_its_bits_turned_round() {
    let turned = |bytes: &[u8]| bytes.iter().map(|byte| byte.reverse_bits()).collect::<Vec<u8>>();
    let script = [
        Turn::In(turned(&[0x02, 0x00])),
        Turn::Out(turned(&[&[0x01], &GET_VERSION[..]].concat())),
        Turn::In(turned(&[0x02, 0x00])),
        Turn::In(turned(&[0x02, 0x01])),
        Turn::In(turned(&block(0x03, &ACK))),
        Turn::In(turned(&[0x02, 0x01])),
        Turn::In(turned(&block(0x03, &FIRMWARE))),
    ];
    let mut link = SpiLink::new(SpiScript(script.into_iter().collect()), Slept::default());
    assert_eq!(link.wake(), Ok(()));
    assert_eq!(link.send(&encode(&[0x02])), Ok(()));
    assert_eq!(link.receive(PATIENCE), Ok(Frame::Ack));
    assert_eq!(link.receive(PATIENCE), Ok(firmware()));
}

#[test]
fn spi_a_line_that_nobody_drives_is_a_silent_chip() {
    for floating in [0x00, 0xFF] {
        let script = SpiScript((0..4).map(|_| Turn::In(vec![0x40, floating])).collect());
        assert_eq!(SpiLink::new(script, Slept::default()).receive(PATIENCE), Err(Fault::Silent));
    }
    let script = SpiScript([Turn::Fails(SpiKind::Other)].into_iter().collect());
    assert_eq!(SpiLink::new(script, Slept::default()).receive(PATIENCE), Err(Fault::Spi(SpiKind::Other)));
}

/// Both ends of a serial line.
fn line() -> (OwnedFd, SerialLink) {
    let outer = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&outer).and_then(|()| unlockpt(&outer)).unwrap();
    let name = PathBuf::from(ptsname(&outer, Vec::new()).unwrap().into_string().unwrap());
    (outer, SerialLink::open(&name).unwrap())
}

#[test]
fn serial_frames_are_read_to_their_ends_and_no_further() {
    let (chip, mut link) = line();
    write(&chip, &[&[0x13, 0x37], &ACK[..], &FIRMWARE, &FIRMWARE[..7]].concat()).unwrap();
    assert_eq!(link.receive(PATIENCE), Ok(Frame::Ack));
    assert_eq!(link.receive(PATIENCE), Ok(firmware()));
    assert_eq!(link.receive(PATIENCE), Err(Fault::Broken("half a frame")));
    write(&chip, &FIRMWARE).unwrap();
    assert_eq!(link.receive(PATIENCE), Ok(firmware()));
    assert_eq!(link.receive(PATIENCE), Err(Fault::Silent));
}

#[test]
fn serial_what_is_no_frame_is_thrown_away_with_what_follows() {
    let (chip, mut link) = line();
    write(&chip, &[0x00, 0x00, 0xFF, 0x06, 0xFB, 0xD5, 0x03]).unwrap();
    assert_eq!(link.receive(PATIENCE), Err(Fault::Broken("wrong checksum of the length")));
    write(&chip, &[0xAA; 600]).unwrap();
    assert_eq!(link.receive(PATIENCE), Err(Fault::Broken("noise without end")));
    write(&chip, &ACK).unwrap();
    assert_eq!(link.receive(PATIENCE), Ok(Frame::Ack));
}

#[test]
fn serial_a_wake_up_is_long_enough_and_bytes_go_out_as_they_are() {
    let (chip, mut link) = line();
    write(&chip, &FIRMWARE).unwrap();
    assert_eq!(link.wake(), Ok(()));
    let mut bytes = [0; 64];
    let woken = read(&chip, &mut bytes).unwrap();
    assert_eq!(bytes[0], 0x55);
    // 86.8 µs a byte: more than 2 ms
    assert!(bytes[2..woken].iter().all(|byte| *byte == 0) && woken - 2 >= 24);
    assert_eq!(link.receive(PATIENCE), Err(Fault::Silent), "what came before is not for the next command");
    // bytes that a terminal would act upon: ^C, ^D, ^S, CR, LF, DEL
    let all = [0x03, 0x04, 0x13, 0x0D, 0x0A, 0x7F, 0xFF];
    assert_eq!(link.send(&all), Ok(()));
    let count = read(&chip, &mut bytes).unwrap();
    assert_eq!(bytes[..count], all);
}

#[test]
fn serial_a_line_that_is_pulled_out_is_a_broken_pipe() {
    let (chip, mut link) = line();
    drop(chip);
    assert_eq!(link.receive(PATIENCE), Err(Fault::Serial(std::io::ErrorKind::BrokenPipe)));
    assert_eq!(link.send(&ACK), Err(Fault::Serial(std::io::ErrorKind::BrokenPipe)));
}

#[test]
fn serial_a_path_that_is_no_line_says_what_to_do() {
    let error = |path: &str| SerialLink::open(path.as_ref()).err().expect("no line").0.to_string();
    assert!(error("/nowhere/serial0").contains("raspi-config"));
    assert!(error("/dev/null").starts_with("/dev/null: "));
    let file = open("/dev/null", OFlags::RDONLY, Mode::empty());
    assert!(file.is_ok(), "it is there, and still no line");
}
