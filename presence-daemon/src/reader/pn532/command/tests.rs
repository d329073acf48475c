use super::*;
use crate::reader::pn532::frame::decode;
use std::collections::VecDeque;

/// A script of the bus: what is sent, and what comes then.
struct Bus(VecDeque<Turn>);

enum Turn {
    Out(Vec<u8>),
    In(Result<Frame, Fault>),
}

impl Link for Bus {
    fn wake(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn send(&mut self, frame: &[u8]) -> Result<(), Fault> {
        match self.0.pop_front() {
            Some(Turn::Out(expected)) => assert_eq!(frame, expected),
            _ => panic!("nothing is to be sent now, but {frame:02X?} was"),
        }
        Ok(())
    }

    fn receive(&mut self, _patience: Duration) -> Result<Frame, Fault> {
        match self.0.pop_front() {
            Some(Turn::In(frame)) => frame,
            _ => panic!("nothing is to be received now"),
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.0.is_empty(), "{} turns of the script were not played", self.0.len());
    }
}

fn out(frame: &[u8]) -> Turn {
    Turn::Out(frame.to_vec())
}

fn came(bytes: &[u8]) -> Turn {
    Turn::In(Ok(decode(bytes).unwrap().unwrap().0))
}

fn answer(bytes: &[u8]) -> Turn {
    Turn::In(Ok(Frame::Answer(bytes.to_vec())))
}

fn fails(fault: Fault) -> Turn {
    Turn::In(Err(fault))
}

const BROKEN: Fault = Fault::Broken("wrong checksum of the data");
/// UM0701-02, section 7.3.5: InListPassiveTarget, one card of type A.
const LIST: [u8; 11] = [0x00, 0x00, 0xFF, 0x04, 0xFC, 0xD4, 0x4A, 0x01, 0x00, 0xE1, 0x00];
const GET_VERSION: [u8; 9] = [0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD4, 0x02, 0x2A, 0x00];

#[track_caller]
fn looks(script: impl IntoIterator<Item = Turn>, expected: Result<Seen, Fault>) {
    assert_eq!(in_list_passive_target(&mut Bus(script.into_iter().collect())), expected);
}

fn seen(uid: &[u8]) -> Result<Seen, Fault> {
    Ok(Seen::Card(Uid::new(uid).unwrap()))
}

#[test]
fn um0701_a_card_of_each_length_is_listed() {
    looks([out(&LIST), came(&ACK), answer(&[0x4B, 1, 1, 0, 4, 8, 4, 4, 1, 2, 3])], seen(&[4, 1, 2, 3]));
    let seven = [0x4B, 1, 1, 0, 0x44, 0, 7, 4, 1, 2, 3, 5, 6, 7];
    looks([out(&LIST), came(&ACK), answer(&seven)], seen(&[4, 1, 2, 3, 5, 6, 7]));
    let ten = [0x4B, 1, 1, 0, 0x84, 0x20, 10, 4, 1, 2, 3, 5, 6, 7, 8, 9, 10, 5, 0x78, 0x80, 0x70, 2];
    looks([out(&LIST), came(&ACK), answer(&ten)], seen(&[4, 1, 2, 3, 5, 6, 7, 8, 9, 10]));
    looks([out(&LIST), came(&ACK), answer(&[0x4B, 0])], Ok(Seen::Nothing));
}

#[test]
fn lists_that_make_no_sense_are_broken_or_unreadable_and_never_a_uid() {
    for (list, expected) in [
        (&[][..], Err(Fault::Broken("no list of cards"))),
        (&[2, 1, 0, 4, 8, 4, 4, 1, 2, 3], Err(Fault::Broken("no list of cards"))),
        (&[1, 2, 0, 4, 8, 4, 4, 1, 2, 3], Err(Fault::Broken("no list of cards"))),
        (&[1, 1, 0, 4, 8], Err(Fault::Broken("no list of cards"))),
        (&[1, 1, 0, 4, 8, 7, 4, 1, 2, 3], Err(Fault::Broken("a UID that is cut off"))),
        (&[1, 1, 0, 4, 8, 5, 4, 1, 2, 3, 5], Ok(Seen::Unreadable)),
        (&[1, 1, 0, 4, 8, 0], Ok(Seen::Unreadable)),
        (&[1, 1, 0, 4, 8, 4, 0, 0, 0, 0], Ok(Seen::Unreadable)),
    ] {
        assert_eq!(decode_targets(list), expected, "{list:?}");
    }
}

#[test]
fn a_broken_answer_is_asked_for_once_more() {
    looks([out(&LIST), came(&ACK), fails(BROKEN), out(&NACK), answer(&[0x4B, 0])], Ok(Seen::Nothing));
    looks([out(&LIST), came(&ACK), fails(BROKEN), out(&NACK), fails(BROKEN), out(&ACK)], Err(BROKEN));
}

#[test]
fn a_command_that_is_not_answered_is_stopped() {
    looks([out(&LIST), fails(Fault::Silent), out(&ACK)], Err(Fault::Silent));
    looks([out(&LIST), came(&ACK), fails(Fault::Silent), out(&ACK)], Err(Fault::Silent));
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_commands() {
    looks([out(&LIST), answer(&[0x4B, 1, 1, 0, 4, 8, 4, 4, 1, 2, 3]), came(&ACK), answer(&[0x4B, 0])], Ok(Seen::Nothing));
    let late = || answer(&[0x33]);
    looks([out(&LIST), late(), late(), out(&ACK)], Err(Fault::Broken("answers before the acknowledgement")));
    looks([out(&LIST), came(&ACK), late(), out(&ACK)], Err(Fault::Broken("the answer to another command")));
}

#[test]
fn a_refusal_and_a_lost_bus_are_told_as_what_they_are() {
    let refused = || Fault::Refused("a command that it does not understand");
    let error = [0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F, 0x81, 0x00];
    looks([out(&LIST), came(&error)], Err(refused()));
    looks([out(&LIST), came(&ACK), came(&error)], Err(refused()));
    looks([out(&LIST), came(&NACK), out(&ACK)], Err(Fault::Broken("the command arrived broken")));
    looks([out(&LIST), came(&ACK), came(&ACK), answer(&[0x4B, 0])], Ok(Seen::Nothing));
    looks(
        [out(&LIST), came(&ACK), came(&ACK), came(&ACK), out(&ACK)],
        Err(Fault::Broken("an acknowledgement in place of an answer")),
    );
    let gone = || Fault::Serial(std::io::ErrorKind::BrokenPipe);
    looks([out(&LIST), came(&ACK), fails(gone())], Err(gone()));
}

#[test]
fn another_chip_of_the_family_is_told_apart() {
    let asks = |version: &[u8]| {
        let script = [out(&GET_VERSION), came(&ACK), answer(version)];
        get_firmware_version(&mut Bus(script.into_iter().collect()))
    };
    assert_eq!(asks(&[0x03, 0x32, 0x01, 0x06, 0x07]), Ok(()));
    assert_eq!(asks(&[0x03, 0x33, 0x01, 0x06, 0x07]), Err(Fault::WrongChip("not a PN532")));
    let script = [out(&GET_VERSION), came(&ACK), answer(&[0x03, 0x32])];
    assert_eq!(get_firmware_version(&mut Bus(script.into_iter().collect())), Err(Fault::Broken("no firmware version")));
}

#[test]
fn the_set_up_is_normal_mode_nothing_automatic_and_a_look_that_ends() {
    let script = [
        out(&encode(&[0x14, 0x01, 0x00, 0x01])),
        came(&ACK),
        answer(&[0x15]),
        out(&encode(&[0x12, 0x00])),
        came(&ACK),
        answer(&[0x13]),
        out(&encode(&[0x32, 0x05, 0xFF, 0x01, 0x02])),
        came(&ACK),
        answer(&[0x33]),
    ];
    let mut bus = Bus(script.into_iter().collect());
    assert_eq!((normal_mode(&mut bus), configure(&mut bus)), (Ok(()), Ok(())));
}

/// UM0701-02, section 7.1: every status of the table, as InRelease answers it.
#[test]
fn um0701_each_status_is_known_and_only_the_chips_own_stop_the_field() {
    for status in 0..=0x3F_u8 {
        let is_chips = [0x07, 0x09, 0x0D, 0x0E, 0x10, 0x2D].contains(&status);
        let known = (0x01..=0x07).contains(&status)
            || [0x00, 0x09, 0x0A, 0x0B, 0x0D, 0x0E, 0x10, 0x12, 0x13, 0x14, 0x23].contains(&status)
            || (0x25..=0x27).contains(&status)
            || (0x29..=0x2E).contains(&status);
        let read = Status::of(status);
        assert_eq!(read == Status::Chip("an error that the manual does not know"), !known, "{status:02X}");
        assert_eq!(Status::of(status | 0xC0), read, "bits 6 and 7 say other things");
        let mut script = vec![out(&encode(&[0x52, 0x00])), came(&ACK), answer(&[0x53, status])];
        if known && !is_chips {
            script.extend([out(&encode(&[0x32, 0x01, 0x00])), came(&ACK), answer(&[0x33])]);
        }
        let off = field_off(&mut Bus(script.into_iter().collect()));
        assert_eq!(off.is_ok(), known && !is_chips, "{status:02X}: {off:?}");
    }
}
