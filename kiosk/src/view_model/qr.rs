//! A QR code (ISO/IEC 18004) as dark and light squares, of whole pixels. Pure.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Light squares on each side, without which no reader finds it.
pub const QUIET: u32 = 4;
/// Squares of so many pixels are read in passing; smaller ones, down to the second, from close by.
pub const SQUARES: [u32; 2] = [3, 2];

/// Octets that fit with error correction M, from version 1 on (ISO/IEC 18004, table 7); larger codes are no pleasure to hold a phone to.
const ROOM: [usize; 15] = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412];

/// Squares on a side of a version, quiet zone included.
fn side(version: usize) -> u32 {
    u32::try_from(17 + 4 * version).unwrap_or(u32::MAX).saturating_add(2 * QUIET)
}

/// How many octets fit into `pixels` on a side, with readable squares first and then with the smallest.
#[must_use]
pub fn rooms(pixels: u32) -> [usize; 2] {
    SQUARES.map(|square| (1..=ROOM.len()).rev().find(|&version| side(version) * square <= pixels).map_or(0, |v| ROOM[v - 1]))
}

/// A picture of a code: one octet a pixel, 0 dark and 255 light, `side` on a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels on a side.
    pub side: u32,
    /// Row by row.
    pub pixels: Vec<u8>,
}

/// Draws `text` as large as fits into `pixels` on a side, quiet zone included; none if it doesn't fit.
#[must_use]
pub fn draw(text: &str, pixels: u32) -> Option<Picture> {
    let largest = Version::new(u8::try_from(ROOM.len()).ok()?);
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, Version::MIN, largest, None, false).ok()?;
    let squares = u32::try_from(code.size()).ok()? + 2 * QUIET;
    let square = pixels / squares;
    if square == 0 {
        return None;
    }
    let side = squares * square;
    let at = |pixel: u32| i32::try_from(pixel / square).unwrap_or(0) - QUIET.cast_signed();
    let pixels = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let pixels = pixels.map(|(x, y)| if code.get_module(at(x), at(y)) { 0 } else { 255 }).collect();
    Some(Picture { side, pixels })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_fits_as_the_table_says_and_no_more() {
        for (n, &room) in ROOM.iter().enumerate() {
            let version = n + 1;
            let largest = Version::new(u8::try_from(version).unwrap());
            let encode = |length: usize| {
                let segments = [QrSegment::make_bytes(&vec![b'a'; length])];
                QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, Version::MIN, largest, None, false).is_ok()
            };
            assert!(encode(room) && !encode(room + 1), "version {version}");
        }
    }

    #[test]
    fn what_fits_is_drawn_in_whole_squares_within_its_place() {
        for place in [152, 176, 220, 400] {
            for (room, square) in rooms(place).into_iter().zip(SQUARES) {
                let picture = draw(&"é".repeat(room / 2), place).unwrap();
                assert!(picture.side <= place && picture.pixels.len() == (picture.side * picture.side) as usize);
                let quiet = (QUIET * square * picture.side) as usize;
                assert!(picture.pixels[..quiet].iter().all(|&pixel| pixel == 255), "the quiet zone is light");
            }
        }
        assert_eq!((draw(&"a".repeat(413), 400), draw("a", 20)), (None, None));
    }
}
