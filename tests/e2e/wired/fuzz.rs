//! What chips and cards may say when they are broken, or not what they claim: never a panic, never a UID that is none.

use presence_daemon::reader::mfrc522::card::{Known, crc_a};
use presence_daemon::reader::mfrc522::exchange::Received;
use presence_daemon::reader::pn532::command::{Status, decode_targets};
use presence_daemon::reader::pn532::frame::{Frame, decode};
use presence_daemon::reader::wired::Seen;
use voisins_tests::fuzz;

const FIRMWARE: &[u8] = &[0x00, 0x00, 0xFF, 0x06, 0xFA, 0xD5, 0x03, 0x32, 0x01, 0x06, 0x07, 0xE8, 0x00];
const ACK: &[u8] = &[0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00];
const ERROR: &[u8] = &[0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F, 0x81, 0x00];
const FOUR: &[u8] = &[1, 1, 0x00, 0x04, 0x08, 4, 0x04, 0xA1, 0xB2, 0xC3];
const SEVEN: &[u8] = &[1, 1, 0x00, 0x44, 0x00, 7, 4, 1, 2, 3, 5, 6, 7];
const TEN_WITH_ATS: &[u8] = &[1, 1, 0x03, 0x84, 0x20, 10, 4, 1, 2, 3, 5, 6, 7, 8, 9, 10, 6, 0x75, 0x77, 0x81, 2, 0x80];

#[test]
fn soak_fuzz_pn532_frames() {
    fuzz::run("PN532 frames", &[FIRMWARE, ACK, ERROR, &list_frame(FOUR), &list_frame(SEVEN)], |received| {
        if let Ok(Some((frame, end))) = decode(received) {
            assert!(end <= received.len(), "more was taken than came");
            if let Frame::Answer(answer) = frame {
                assert!(answer.len() < end);
            }
        }
    });
}

#[test]
fn soak_fuzz_pn532_lists_of_cards() {
    fuzz::run("PN532 lists of cards", &[&[0], FOUR, SEVEN, TEN_WITH_ATS], |answer| {
        if let Ok(Seen::Card(uid)) = decode_targets(answer) {
            assert!([4, 7, 10].contains(&uid.as_bytes().len()));
            assert_eq!(uid.as_bytes(), &answer[6..6 + uid.as_bytes().len()]);
        }
        let _ = answer.first().map(|status| Status::of(*status));
        // the same through a frame whose sums are right
        let frame = list_frame(&answer[..answer.len().min(250)]);
        assert!(matches!(decode(&frame), Ok(Some((Frame::Answer(_), _)))));
    });
}

#[test]
fn soak_fuzz_mfrc522_anticollision() {
    // per answer: kind, place of a collision, bits of the last byte, length, bytes
    let alone = &[0, 0, 0, 5, 0x04, 0xA1, 0xB2, 0xC3, 0xD4];
    let collide = &[1, 4, 0, 1, 0x04, 0, 0, 0, 5, 0x00, 1, 2, 3, 0x0C];
    let thrice = &[1, 4, 0, 1, 0x04, 1, 2, 0, 1, 0x00, 2, 0, 0, 0, 0, 0, 0, 5, 0x40, 1, 2, 3, 0x4C];
    fuzz::run("MFRC522 anticollision", &[alone, collide, thrice], |mut script| {
        let mut known = Known::default();
        while let [kind, place, last_bits, length, rest @ ..] = script {
            let (bytes, next) = rest.split_at(rest.len().min(usize::from(*length)));
            script = next;
            assert!(known.odd_bits() < 8 && known.question(0x93).len() <= 6);
            let collision = (kind % 3 == 1).then_some(*place);
            let answer = Received { bytes: bytes.to_vec(), last_bits: *last_bits, collision };
            let handled = if kind % 3 == 2 { known.handle_silence().map(|()| None) } else { known.handle(&answer) };
            match handled {
                Ok(Some([a, b, c, d, check])) => assert_eq!(a ^ b ^ c ^ d, check),
                Ok(None) => {}
                Err(_) => return,
            }
        }
        assert_eq!(crc_a(&[script, &crc_a(script)].concat()), [0, 0], "a frame with its CRC has the CRC 0");
    });
}

/// InListPassiveTarget's answer in its frame.
fn list_frame(answer: &[u8]) -> Vec<u8> {
    let data = [&[0xD5, 0x4B], answer].concat();
    let length = u8::try_from(data.len()).expect("a short answer");
    let sum = data.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    [&[0, 0, 0xFF, length, length.wrapping_neg()], &data[..], &[sum.wrapping_neg(), 0]].concat()
}
