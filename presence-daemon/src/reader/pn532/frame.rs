//! What goes over the bus to and from a PN532 (UM0701-02, section 6.2.1): the same bytes on all three buses.
//!
//! ```text
//! 00 00 FF  LEN LCS  TFI data…  DCS  00        information; LEN + LCS = 0, TFI + data + DCS = 0 (mod 256)
//! 00 00 FF  00 FF  00                          ACK
//! 00 00 FF  FF 00  00                          NACK
//! 00 00 FF  01 FF  7F  81  00                  error: the chip didn't understand the command
//! ```

/// "Received", and to the chip in the middle of a command: stop that.
pub const ACK: [u8; 6] = [0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00];
/// "Once more": the chip repeats its last answer.
pub const NACK: [u8; 6] = [0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00];

/// Where every frame starts; what comes before it is preamble, or noise.
const START: [u8; 2] = [0x00, 0xFF];
/// TFI of a frame to the chip.
const TO_CHIP: u8 = 0xD4;
/// TFI of a frame from the chip.
const FROM_CHIP: u8 = 0xD5;
/// TFI of an error frame.
const ERROR: u8 = 0x7F;

/// A frame from the chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// It takes up the command.
    Ack,
    /// It asks for a repetition.
    Nack,
    /// It didn't understand the command.
    Error,
    /// Its answer: command code + 1, then what that command's answer holds.
    Answer(Vec<u8>),
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// LEN and LCS don't agree.
    #[error("wrong checksum of the length")]
    Length,
    /// Data and DCS don't agree.
    #[error("wrong checksum of the data")]
    Data,
    /// An extended frame (more than 254 bytes), which no command here is answered with.
    #[error("an extended frame")]
    Extended,
    /// TFI is neither the chip's nor an error's.
    #[error("a frame that is not from the chip")]
    NotFromChip,
}

impl FrameError {
    /// The same in words that a [`super::super::wired::Fault`] can hold.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Length => "wrong checksum of the length",
            Self::Data => "wrong checksum of the data",
            Self::Extended => "an extended frame",
            Self::NotFromChip => "a frame that is not from the chip",
        }
    }
}

/// Writes a command frame; `command` is its code and parameters, at most 254 bytes.
#[must_use]
pub fn encode(command: &[u8]) -> Vec<u8> {
    let length = u8::try_from(command.len() + 1).unwrap_or(u8::MAX);
    let sum = command.iter().fold(TO_CHIP, |sum, byte| sum.wrapping_add(*byte));
    let mut frame = vec![0x00, 0x00, 0xFF, length, length.wrapping_neg(), TO_CHIP];
    frame.extend_from_slice(command);
    frame.extend([sum.wrapping_neg(), 0x00]);
    frame
}

/// Takes the first frame out of what has been received so far, and says how many bytes it took. `None`: more has to come.
///
/// # Errors
/// [`FrameError`]: what follows the start code is no frame.
pub fn decode(received: &[u8]) -> Result<Option<(Frame, usize)>, FrameError> {
    let Some(start) = received.windows(2).position(|two| two == START) else { return Ok(None) };
    let body = start + START.len();
    let (length, check) = match received.get(body..body + 2) {
        Some([0x00, 0xFF]) => return Ok(Some((Frame::Ack, body + 2))),
        Some([0xFF, 0x00]) => return Ok(Some((Frame::Nack, body + 2))),
        Some([0xFF, 0xFF]) => return Err(FrameError::Extended),
        Some(&[length, check]) => (length, check),
        _ => return Ok(None),
    };
    if length.wrapping_add(check) != 0 {
        return Err(FrameError::Length);
    }
    let end = body + 2 + usize::from(length);
    let Some([data @ .., sum]) = received.get(body + 2..=end) else { return Ok(None) };
    if data.iter().fold(*sum, |sum, byte| sum.wrapping_add(*byte)) != 0 {
        return Err(FrameError::Data);
    }
    match data {
        [FROM_CHIP, answer @ ..] => Ok(Some((Frame::Answer(answer.to_vec()), end + 1))),
        [ERROR] => Ok(Some((Frame::Error, end + 1))),
        _ => Err(FrameError::NotFromChip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(received: &[u8], expected: Result<Option<(Frame, usize)>, FrameError>) {
        assert_eq!(decode(received), expected);
    }

    /// UM0701-02, section 7.2.2: GetFirmwareVersion and its answer.
    const FIRMWARE: [u8; 13] = [0x00, 0x00, 0xFF, 0x06, 0xFA, 0xD5, 0x03, 0x32, 0x01, 0x06, 0x07, 0xE8, 0x00];

    #[test]
    fn um0701_get_firmware_version_goes_out_and_comes_back() {
        assert_eq!(encode(&[0x02]), [0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD4, 0x02, 0x2A, 0x00]);
        check(&FIRMWARE, Ok(Some((Frame::Answer(vec![0x03, 0x32, 0x01, 0x06, 0x07]), 12))));
    }

    #[test]
    fn um0701_ack_nack_and_error_frames_are_known() {
        check(&ACK, Ok(Some((Frame::Ack, 5))));
        check(&NACK, Ok(Some((Frame::Nack, 5))));
        check(&[0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F, 0x81, 0x00], Ok(Some((Frame::Error, 7))));
    }

    #[test]
    fn what_comes_before_the_start_code_is_passed_over() {
        check(&[&[0x55, 0xAA, 0x13], &ACK[..]].concat(), Ok(Some((Frame::Ack, 8))));
        check(&[&[0x00; 9], &FIRMWARE[..]].concat(), Ok(Some((Frame::Answer(vec![0x03, 0x32, 0x01, 0x06, 0x07]), 21))));
    }

    #[test]
    fn a_frame_that_is_not_all_there_waits_for_the_rest() {
        for end in 0..12 {
            check(&FIRMWARE[..end], Ok(None));
        }
    }

    #[test]
    fn every_flipped_bit_after_the_start_code_is_noticed() {
        for bit in 3 * 8..12 * 8 {
            let mut frame = FIRMWARE;
            frame[bit / 8] ^= 1 << (bit % 8);
            let decoded = decode(&frame);
            assert!(!matches!(decoded, Ok(Some((Frame::Answer(_), _)))), "bit {bit}: {decoded:?}");
        }
    }

    #[test]
    fn frames_that_are_none_say_why() {
        check(&[0x00, 0x00, 0xFF, 0x06, 0xFB], Err(FrameError::Length));
        check(&[0x00, 0x00, 0xFF, 0x02, 0xFE, 0xD5, 0x03, 0x29, 0x00], Err(FrameError::Data));
        check(&[0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x01, 0x00, 0xFF], Err(FrameError::Extended));
        check(&encode(&[0x02]), Err(FrameError::NotFromChip));
        check(&[0x00, 0x00, 0xFF, 0x01, 0xFF, 0x00, 0x00, 0x00], Err(FrameError::NotFromChip));
    }
}
