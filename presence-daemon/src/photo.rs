//! A photo from a phone → a small JPEG that holds nothing but the picture. Pure: bytes in, bytes out.
//!
//! What came with it (place, time, camera, the words of an editor) is left behind: the picture is decoded and drawn anew.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longest file, in bytes.
pub const LONGEST_PHOTO: usize = 2 * 1024 * 1024;
/// The longest side, in pixels.
pub const LARGEST_SIDE: u32 = 4096;
/// A side of what is kept: sharp on the largest face of a screen.
pub const SIDE: u32 = 512;
const QUALITY: u8 = 85;
/// A picture of the largest sides takes 48 MiB in three channels of eight bits; what takes more is refused.
const MEMORY: u64 = 50 << 20;

/// A square JPEG without metadata.
#[derive(Clone, PartialEq, Eq)]
pub struct Jpeg(Vec<u8>);

impl Jpeg {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[allow(missing_docs)]
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl std::fmt::Debug for Jpeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Jpeg({} bytes)", self.0.len())
    }
}

/// Why a file is no photo for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// More than [`LONGEST_PHOTO`].
    #[error("the file is longer than 2 MiB")]
    TooLong,
    /// A side is longer than [`LARGEST_SIDE`], as its header says.
    #[error("a side is longer than 4096 pixels")]
    TooLarge,
    /// Neither JPEG nor PNG, or broken.
    #[error("it is no JPEG or PNG that can be read")]
    Unreadable,
}

/// Reads a JPEG or PNG, turns it upright, cuts the middle square out, and writes it anew.
///
/// # Errors
/// [`PhotoError`].
pub fn read(bytes: &[u8]) -> Result<Jpeg, PhotoError> {
    if bytes.len() > LONGEST_PHOTO {
        return Err(PhotoError::TooLong);
    }
    let unreadable = |_| PhotoError::Unreadable;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PhotoError::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
        return Err(PhotoError::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    // the header says how large it is: nothing larger is ever unpacked
    let (width, height) = decoder.dimensions();
    if width > LARGEST_SIDE || height > LARGEST_SIDE {
        return Err(PhotoError::TooLarge);
    }
    if decoder.total_bytes() > MEMORY {
        return Err(PhotoError::TooLarge);
    }
    // one at a time: the daemon at the door has little memory, and a picture unpacked takes most of it
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    let side = width.min(height);
    if side == 0 {
        return Err(PhotoError::Unreadable);
    }
    if width != height {
        picture = picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    }
    picture = picture.resize_exact(SIDE.min(side), SIDE.min(side), FilterType::Triangle);
    picture.apply_orientation(turned);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&DynamicImage::from(on_white(&picture))).map_err(unreadable)?;
    Ok(Jpeg(jpeg))
}

/// A JPEG has no holes: what could be seen through is white.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let see_through = picture.to_rgba8();
    image::RgbImage::from_fn(see_through.width(), see_through.height(), |x, y| {
        let [r, g, b, alpha] = see_through.get_pixel(x, y).0;
        let mix = |value: u8| {
            let mixed = (u16::from(value) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([mix(r), mix(g), mix(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, RgbaImage};

    /// Red above, blue below.
    fn picture(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |_, y| if y < height / 2 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) }).into()
    }

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// A JPEG as a phone held sideways writes it: EXIF says how to turn it, and where it was taken.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"45.5231N 73.5817W");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_photo_becomes_a_small_square_and_what_came_with_it_is_gone() {
        let sent = with_exif(&file(&picture(900, 700), ImageFormat::Jpeg), 1);
        let kept = read(&sent).unwrap();
        let seen = image::load_from_memory(kept.bytes()).unwrap();
        assert_eq!((seen.width(), seen.height()), (SIDE, SIDE));
        let holds = |needle: &[u8]| kept.bytes().windows(needle.len()).any(|part| part == needle);
        assert!(!holds(b"Exif") && !holds(b"45.5231N"));
    }

    #[test]
    fn a_photo_that_was_taken_sideways_stands_upright() {
        // 3: upside down
        let kept = read(&with_exif(&file(&picture(600, 600), ImageFormat::Jpeg), 3)).unwrap();
        let seen = image::load_from_memory(kept.bytes()).unwrap().to_rgb8();
        assert!(seen.get_pixel(256, 40).0[2] > 150 && seen.get_pixel(256, 470).0[0] > 150, "blue above, red below");
        // 6: a quarter turn
        let kept = read(&with_exif(&file(&picture(600, 600), ImageFormat::Jpeg), 6)).unwrap();
        let seen = image::load_from_memory(kept.bytes()).unwrap().to_rgb8();
        assert!(seen.get_pixel(470, 256).0[0] > 150 && seen.get_pixel(40, 256).0[2] > 150, "red on the right");
    }

    #[test]
    fn a_small_picture_stays_small_and_what_is_see_through_is_white() {
        let glass: DynamicImage = RgbaImage::from_pixel(40, 30, image::Rgba([0, 0, 0, 0])).into();
        let seen = image::load_from_memory(read(&file(&glass, ImageFormat::Png)).unwrap().bytes()).unwrap().to_rgb8();
        assert_eq!((seen.width(), seen.get_pixel(5, 5).0[0] > 250), (30, true));
    }

    #[test]
    fn what_is_too_long_too_large_or_no_picture_is_refused() {
        assert_eq!(read(&vec![0; LONGEST_PHOTO + 1]), Err(PhotoError::TooLong));
        for bad in [&b""[..], b"GIF89a\x01\0\x01\0", b"<svg xmlns='http://www.w3.org/2000/svg'/>", &[0xFF, 0xD8, 0xFF]] {
            assert_eq!(read(bad), Err(PhotoError::Unreadable), "{bad:?}");
        }
        let whole = file(&picture(300, 300), ImageFormat::Png);
        assert_eq!(read(&whole[..whole.len() / 2]), Err(PhotoError::Unreadable), "cut off");
        assert_eq!(read(&file(&picture(LARGEST_SIDE + 1, 2), ImageFormat::Png)), Err(PhotoError::TooLarge));
        // 65,535 pixels each way in a few bytes: its header is enough
        let mut bomb = file(&picture(8, 8), ImageFormat::Jpeg);
        let at = bomb.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap() + 5;
        bomb[at..at + 4].fill(0xFF);
        assert_eq!(read(&bomb), Err(PhotoError::TooLarge));
    }
}
