//! Round photos: decoded, cut, resized and masked on a thread of their own, at exactly the size they are drawn at.
//!
//! The software renderer clips no image to a circle and scales without smoothing, so both are done once, here. A photo is named by
//! its hash in the directory: a new photo is a new name, and what is no longer in the directory is forgotten.

use slint::{Rgba8Pixel, SharedPixelBuffer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;
use voisins_shared::member::MemberId;
use voisins_shared::roster::Roster;

/// A decoded photo: premultiplied, transparent outside the circle.
pub type Pixels = SharedPixelBuffer<Rgba8Pixel>;

/// Photos larger than this (in pixels a side) are refused: a screen shows faces, not posters.
const LARGEST_SIDE: u32 = 6_000;
/// So many photos of people who are not here are kept: some of them come back soon.
const SPARE: usize = 32;

/// One photo at one size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhotoKey {
    /// Whose.
    pub member: MemberId,
    /// As the directory names it.
    pub hash: String,
    /// Its diameter in physical pixels.
    pub size: u32,
}

/// What the worker made of a photo; nothing if it is no picture.
#[derive(Debug)]
pub struct Decoded {
    key: PhotoKey,
    order: u64,
    pixels: Option<Pixels>,
}

struct Job {
    key: PhotoKey,
    order: u64,
    jpeg: Vec<u8>,
}

struct Ready {
    pixels: Option<Pixels>,
    /// Which look at any photo last was at this one.
    looked_at: u64,
}

/// The photos that are ready, and those that were asked for.
pub struct Photos {
    ready: BTreeMap<PhotoKey, Ready>,
    asked: BTreeMap<PhotoKey, u64>,
    /// What each payload was when it came: the broker repeats them all at each connection.
    digests: BTreeMap<MemberId, u64>,
    orders: u64,
    looks: u64,
    jobs: mpsc::Sender<Job>,
}

impl Photos {
    /// Starts the worker; what it made goes to `done`, on its thread.
    pub fn start(done: impl Fn(Decoded) + Send + 'static) -> Self {
        let (jobs, waiting) = mpsc::channel::<Job>();
        // without a thread there are initials instead of photos
        let _ = std::thread::Builder::new().name("photos".into()).spawn(move || {
            for Job { key, order, jpeg } in waiting {
                let pixels = decode_round(&jpeg, key.size)
                    .inspect_err(|error| tracing::debug!("a photo can't be shown, initials stand for it: {error}"))
                    .ok();
                done(Decoded { key, order, pixels });
            }
        });
        Self { ready: BTreeMap::new(), asked: BTreeMap::new(), digests: BTreeMap::new(), orders: 0, looks: 0, jobs }
    }

    /// The photo if it is ready; else it is asked for, once.
    pub fn get(&mut self, key: &PhotoKey, jpeg: Option<&[u8]>) -> Option<Pixels> {
        self.looks += 1;
        if let Some(ready) = self.ready.get_mut(key) {
            ready.looked_at = self.looks;
            return ready.pixels.clone();
        }
        if let (false, Some(jpeg)) = (self.asked.contains_key(key), jpeg) {
            self.orders += 1;
            let job = Job { key: key.clone(), order: self.orders, jpeg: jpeg.to_vec() };
            if self.jobs.send(job).is_ok() {
                self.asked.insert(key.clone(), self.orders);
            }
        }
        None
    }

    /// Takes what the worker made; true if it is still wanted.
    pub fn handle_decoded(&mut self, decoded: Decoded) -> bool {
        let wanted = self.asked.get(&decoded.key) == Some(&decoded.order);
        if wanted {
            self.asked.remove(&decoded.key);
            self.ready.insert(decoded.key, Ready { pixels: decoded.pixels, looked_at: self.looks });
        }
        wanted
    }

    /// A member's photo came or was cleared: forgets what was made of another one.
    pub fn handle_payload(&mut self, member: MemberId, jpeg: &[u8]) {
        let digest = fnv(jpeg);
        if self.digests.insert(member, digest) != Some(digest) {
            self.ready.retain(|key, _| key.member != member);
            self.asked.retain(|key, _| key.member != member);
        }
        if jpeg.is_empty() {
            self.digests.remove(&member);
        }
    }

    /// The directory changed: forgets photos that are no longer in it.
    pub fn handle_directory(&mut self, roster: &Roster) {
        let known: BTreeSet<(MemberId, &str)> = roster
            .directory()
            .iter()
            .flat_map(|directory| &directory.members)
            .filter_map(|member| Some((member.id, member.photo.as_deref()?)))
            .collect();
        self.ready.retain(|key, _| known.contains(&(key.member, key.hash.as_str())));
        self.asked.retain(|key, _| known.contains(&(key.member, key.hash.as_str())));
    }

    /// The screen was drawn: of photos of people who are neither here nor on it, only those looked at last are kept.
    pub fn trim(&mut self, roster: &Roster) {
        if self.ready.len() <= SPARE {
            return;
        }
        let here: BTreeSet<MemberId> = roster.present().map(|(present, _)| present.member).collect();
        let mut spare: Vec<u64> =
            self.ready.iter().filter(|(key, _)| !here.contains(&key.member)).map(|(_, ready)| ready.looked_at).collect();
        if spare.len() > SPARE {
            spare.sort_unstable();
            let oldest = spare[spare.len() - SPARE];
            self.ready.retain(|key, ready| ready.looked_at >= oldest || here.contains(&key.member));
        }
    }

    /// How many were asked for and are not there yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.asked.len()
    }
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Decodes a picture, cuts its middle square, resizes it to `size` and makes it round with a soft edge.
///
/// # Errors
/// The decoder's, also for a picture that is too large.
pub fn decode_round(bytes: &[u8], size: u32) -> Result<Pixels, image::ImageError> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(256 << 20);
    reader.limits(limits);
    let picture = reader.decode()?;
    let side = picture.width().min(picture.height());
    let square = picture.crop_imm((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
    let small = square.resize_exact(size, size, image::imageops::FilterType::CatmullRom).to_rgb8();
    let mut pixels = Pixels::new(size, size);
    let radius = f64::from(size) / 2.0;
    for ((x, y, colour), pixel) in small.enumerate_pixels().zip(pixels.make_mut_slice()) {
        let distance = (f64::from(x) + 0.5 - radius).hypot(f64::from(y) + 0.5 - radius);
        let alpha = (radius - distance + 0.5).clamp(0.0, 1.0);
        // 0..=255 each, so the casts are exact enough
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let dimmed = |part: u8| (f64::from(part) * alpha).round() as u8;
        *pixel = Rgba8Pixel { r: dimmed(colour[0]), g: dimmed(colour[1]), b: dimmed(colour[2]), a: dimmed(255) };
    }
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn jpeg(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
        crate::demo::jpeg(&colour.repeat((width * height) as usize), width, height)
    }

    fn key(hash: &str) -> PhotoKey {
        PhotoKey { member: MemberId(Uuid::from_u128(1)), hash: hash.into(), size: 60 }
    }

    fn photos() -> (Photos, mpsc::Receiver<Decoded>) {
        let (done, made) = mpsc::channel();
        (Photos::start(move |decoded| done.send(decoded).unwrap()), made)
    }

    #[test]
    fn a_photo_is_cut_to_a_circle_of_the_size_it_is_drawn_at() {
        let round = decode_round(&jpeg(300, 200, [200, 40, 40]), 60).unwrap();
        assert_eq!((round.width(), round.height()), (60, 60));
        let at = |x: usize, y: usize| round.as_slice()[y * 60 + x];
        assert_eq!((at(0, 0).a, at(59, 59).a, at(30, 30).a, at(30, 0).a > 100), (0, 0, 255, true));
        assert!(at(30, 30).r > 180 && at(30, 30).g < 60);
        assert!(round.as_slice().iter().all(|p| p.r <= p.a && p.g <= p.a && p.b <= p.a), "premultiplied");
    }

    #[test]
    fn what_is_no_picture_is_refused_and_not_asked_for_again() {
        assert!(decode_round(b"not a picture", 60).is_err());
        assert!(decode_round(&[], 60).is_err());
        let (mut photos, made) = photos();
        assert!(photos.get(&key("a"), Some(b"nothing")).is_none());
        assert!(photos.handle_decoded(made.recv().unwrap()));
        assert!(photos.get(&key("a"), Some(b"nothing")).is_none());
        assert_eq!(photos.waiting(), 0);
    }

    #[test]
    fn a_photo_is_made_once_and_again_when_another_comes() {
        let (mut photos, made) = photos();
        let (red, blue) = (jpeg(8, 8, [255, 0, 0]), jpeg(8, 8, [0, 0, 255]));
        photos.handle_payload(key("a").member, &red);
        assert!(photos.get(&key("a"), Some(&red)).is_none());
        assert!(photos.get(&key("a"), Some(&red)).is_none());
        photos.handle_payload(key("a").member, &blue);
        assert!(photos.get(&key("a"), Some(&blue)).is_none());
        assert!(!photos.handle_decoded(made.recv().unwrap()), "the first is not wanted any more");
        assert!(photos.handle_decoded(made.recv().unwrap()));
        assert!(photos.get(&key("a"), None).unwrap().as_slice()[60 * 30 + 30].b > 200);
        photos.handle_payload(key("a").member, &blue);
        assert!(photos.get(&key("a"), None).is_some(), "the broker only repeated it");
        photos.handle_payload(key("a").member, &[]);
        assert!(photos.get(&key("a"), None).is_none(), "cleared: the member took it back");
    }

    #[test]
    fn photos_that_left_the_directory_are_forgotten() {
        let (mut photos, made) = photos();
        let red = jpeg(8, 8, [255, 0, 0]);
        photos.get(&key("a"), Some(&red));
        photos.handle_decoded(made.recv().unwrap());
        photos.handle_directory(&Roster::default());
        assert!(photos.get(&key("a"), None).is_none());
    }

    #[test]
    fn of_those_who_are_not_here_only_the_last_photos_looked_at_are_kept() {
        let (mut photos, made) = photos();
        let mut roster = Roster::default();
        for (topic, payload) in voisins_shared::demo::messages(1, 0, |_, _| vec![1]) {
            roster.apply(&topic, &payload).unwrap();
        }
        let here = roster.present().next().unwrap().0.member;
        let key = |member| PhotoKey { member, ..key("a") };
        let gone = |n: u128| MemberId(Uuid::from_u128((7 << 100) + n));
        for member in std::iter::once(here).chain((0..40).map(gone)) {
            photos.get(&key(member), Some(b"nothing"));
            photos.handle_decoded(made.recv().unwrap());
        }
        photos.get(&key(gone(0)), None);
        photos.trim(&roster);
        assert_eq!(photos.ready.len(), SPARE + 1);
        assert!(photos.ready.contains_key(&key(here)), "who is here is kept");
        assert!(photos.ready.contains_key(&key(gone(0))) && !photos.ready.contains_key(&key(gone(1))));
    }
}
