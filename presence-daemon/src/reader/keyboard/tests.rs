//! Streams of real `struct input_event`s over a socket pair.

use super::event::tests::encoded;
use super::typing::tests::{config, keys};
use super::*;
use crate::config::{ByteOrder, NumberFormat};
use std::io::Write;
use std::os::unix::net::UnixStream;
use voisins_shared::uid::Uid;

/// As a reader types it: scan code, key down, report, key up, report.
fn typed(text: &str) -> Vec<u8> {
    let stroke =
        |key: u16| [encoded(4, 4, 0x7001E), encoded(1, key, 1), encoded(0, 0, 0), encoded(1, key, 0), encoded(0, 0, 0)].concat();
    keys(text).into_iter().flat_map(stroke).collect()
}

struct Rig {
    cable: UnixStream,
    stream: UnixStream,
    typing: Typing,
    wake: Wake,
    stop: Stop,
}

impl Rig {
    fn new(ends_after_ms: Option<i64>) -> Self {
        let (cable, stream) = UnixStream::pair().unwrap();
        let stop = Stop::default();
        let typing = Typing::new(&config(NumberFormat::Decimal, ByteOrder::AsRead, ends_after_ms));
        Self { cable, stream, typing, wake: Wake::armed(&stop).unwrap(), stop }
    }

    fn read(&mut self) -> io::Result<Vec<Typed>> {
        read_once(&self.stream, &mut self.typing, &self.wake, Duration::from_millis(20))
    }
}

fn card() -> Typed {
    Typed::Card(Uid::from_hex("04A1B2C3").unwrap())
}

#[test]
fn a_number_that_comes_in_several_pieces_is_one_card() {
    let mut rig = Rig::new(None);
    let stream = typed("0077705923\n");
    let (first, second) = stream.split_at(7 * event::SIZE);
    rig.cable.write_all(first).unwrap();
    assert_eq!(rig.read().unwrap(), []);
    rig.cable.write_all(second).unwrap();
    assert_eq!(rig.read().unwrap(), [card()]);
}

#[test]
fn numbers_that_come_at_once_are_told_one_by_one() {
    let mut rig = Rig::new(None);
    rig.cable.write_all(&typed("0077705923\n1\n0077705923\n")).unwrap();
    assert_eq!(rig.read().unwrap(), [card(), Typed::Unreadable, card()]);
}

#[test]
fn a_pause_ends_a_number_without_enter() {
    let mut rig = Rig::new(Some(20));
    rig.cable.write_all(&typed("0077705923")).unwrap();
    assert_eq!(rig.read().unwrap(), []);
    assert_eq!(rig.read().unwrap(), [card()]);
}

#[test]
fn a_number_left_half_way_does_not_spoil_the_next() {
    let mut rig = Rig::new(None);
    rig.cable.write_all(&typed("00777")).unwrap();
    assert_eq!(rig.read().unwrap(), []);
    assert_eq!(rig.read().unwrap(), [Typed::Unreadable]);
    rig.cable.write_all(&typed("0077705923\n")).unwrap();
    assert_eq!(rig.read().unwrap(), [card()]);
}

#[test]
fn a_stop_ends_a_wait_that_has_no_end() {
    let mut rig = Rig::new(None);
    let stop = rig.stop.clone();
    let asks = std::thread::spawn(move || stop.ask());
    assert_eq!(rig.read().unwrap(), []);
    asks.join().unwrap();
    assert!(rig.stop.is_asked());
}

#[test]
fn a_device_that_is_pulled_out_or_talks_nonsense_is_lost() {
    let mut rig = Rig::new(None);
    rig.cable.write_all(&[0; event::SIZE + 3]).unwrap();
    assert_eq!(rig.read().unwrap_err().kind(), ErrorKind::InvalidData);
    let (other, _) = UnixStream::pair().unwrap();
    drop(std::mem::replace(&mut rig.cable, other));
    assert_eq!(rig.read().unwrap_err().kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn a_device_that_is_not_there_or_is_no_keyboard_is_told_once_and_the_reader_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("badge");
    let config = KeyboardConfig { device: device.clone(), ..config(NumberFormat::Decimal, ByteOrder::AsRead, None) };
    let name = ReaderName::new("atelier").unwrap();
    let mut reader = KeyboardReader::new(name.clone(), config);
    let stop = Stop::default();
    let down = |why| Some(ReaderEvent::Down { reader: name.clone(), why });
    assert_eq!(reader.next_event(&stop).unwrap(), down(Down::NotPlugged));
    std::fs::write(&device, "no device").unwrap();
    assert_eq!(reader.next_event(&stop).unwrap(), down(Down::NotTyping));
    stop.ask();
    assert_eq!(reader.next_event(&stop).unwrap(), None);
}
