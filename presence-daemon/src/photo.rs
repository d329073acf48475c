//! Photos as they come from anybody's phone or computer, made safe: looked at before they are decoded, turned upright, made small, and
//! written anew, so that nothing but the picture stays (no place, no date, no camera).

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The largest file.
pub const LARGEST_FILE: usize = 2 << 20;
/// The longest side of what is decoded, in pixels.
pub const LONGEST_SIDE: u32 = 4096;
/// The longest side of what is kept: sharp on a card of the kiosk, small on the wire.
const KEPT_SIDE: u32 = 640;
const QUALITY: u8 = 85;
/// 4096 × 4096 pixels of four 16-bit channels, and as much again to work with.
const MOST_MEMORY: u64 = 256 << 20;

/// Why a file is no photo that can be kept.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// More than [`LARGEST_FILE`].
    #[error("the file is larger than {} MiB", LARGEST_FILE >> 20)]
    TooLarge,
    /// More pixels than are decoded.
    #[error("the picture is {width} × {height} pixels, at most {LONGEST_SIDE} × {LONGEST_SIDE} are taken")]
    TooManyPixels {
        #[allow(missing_docs)]
        width: u32,
        #[allow(missing_docs)]
        height: u32,
    },
    /// No JPEG and no PNG.
    #[error("this is no JPEG or PNG")]
    NoPhoto,
    /// It says it is a picture, and can't be read.
    #[error("the picture can't be read: {0}")]
    Broken(#[from] image::ImageError),
}

/// The picture as it is kept: an upright JPEG of at most 640 pixels a side, without anything beside the picture.
///
/// # Errors
/// [`PhotoError`].
pub fn made_safe(file: &[u8]) -> Result<Vec<u8>, PhotoError> {
    if file.len() > LARGEST_FILE {
        return Err(PhotoError::TooLarge);
    }
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(image::ImageError::from)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
        return Err(PhotoError::NoPhoto);
    }
    // the size is told by the file's head; nothing is allocated for it before it is known to be small
    reader.no_limits();
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if width > LONGEST_SIDE || height > LONGEST_SIDE {
        return Err(PhotoError::TooManyPixels { width, height });
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SIDE), Some(LONGEST_SIDE));
    limits.max_alloc = Some(MOST_MEMORY);
    decoder.set_limits(limits)?;
    let upright = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if width > KEPT_SIDE || height > KEPT_SIDE {
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    picture.apply_orientation(upright);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&on_white(&picture))?;
    Ok(jpeg)
}

/// What is see-through is white in a JPEG.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let with_alpha = picture.to_rgba8();
    image::RgbImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let [r, g, b, alpha] = with_alpha.get_pixel(x, y).0.map(u32::from);
        let over = |channel: u32| u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        // left half red, right half blue
        let picture =
            image::RgbImage::from_fn(width, height, |x, _| image::Rgb(if x < width / 2 { [255, 0, 0] } else { [0, 0, 255] }));
        JpegEncoder::new(&mut bytes).encode_image(&picture).unwrap();
        bytes
    }

    /// EXIF with an orientation (TIFF 6.0, tag 0x0112), and a GPS latitude reference in words nobody should find again.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
        tiff.extend(b"GPS 45.5231 N 73.5817 W");
        let mut segment = b"Exif\0\0".to_vec();
        segment.extend(tiff);
        let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, &segment, &jpeg[2..]].concat()
    }

    fn size(jpeg: &[u8]) -> (u32, u32) {
        let picture = image::load_from_memory(jpeg).unwrap();
        (picture.width(), picture.height())
    }

    #[test]
    fn a_photo_is_made_small_upright_and_holds_nothing_but_the_picture() {
        let safe = made_safe(&with_exif(&jpeg(1600, 800), 6)).unwrap();
        assert_eq!(size(&safe), (320, 640), "turned by a quarter");
        assert!(!safe.windows(4).any(|part| part == b"Exif" || part == b"GPS "));
        let picture = image::load_from_memory(&safe).unwrap().to_rgb8();
        assert!(picture.get_pixel(160, 60).0[0] > 200 && picture.get_pixel(160, 580).0[2] > 200, "red is up, blue is down");
        assert_eq!(size(&made_safe(&jpeg(100, 50)).unwrap()), (100, 50), "a small one is not made larger");
    }

    #[test]
    fn a_head_that_promises_four_thousand_million_pixels_is_refused_before_any_is_decoded() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(65_536u32.to_be_bytes());
        png.extend(65_536u32.to_be_bytes());
        png.extend(b"\x08\x06\0\0\0");
        png.extend(crc(&png[12..]).to_be_bytes());
        png.extend(b"\0\0\0\0IDAT");
        png.extend(crc(b"IDAT").to_be_bytes());
        assert!(
            matches!(made_safe(&png), Err(PhotoError::TooManyPixels { width: 65_536, height: 65_536 })),
            "{:?}",
            made_safe(&png)
        );
        let wide = jpeg(4100, 8);
        assert!(matches!(made_safe(&wide), Err(PhotoError::TooManyPixels { .. })));
    }

    /// CRC-32 as PNG has it (ISO 3309).
    fn crc(bytes: &[u8]) -> u32 {
        let step = |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        };
        !bytes.iter().fold(!0, step)
    }

    #[test]
    fn what_is_no_photo_is_refused() {
        assert!(matches!(made_safe(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(PhotoError::NoPhoto)));
        assert!(matches!(made_safe(b""), Err(PhotoError::NoPhoto)));
        assert!(matches!(made_safe(&vec![0; LARGEST_FILE + 1]), Err(PhotoError::TooLarge)));
        let cut = &jpeg(300, 300)[..200];
        assert!(made_safe(cut).is_err());
    }
}
