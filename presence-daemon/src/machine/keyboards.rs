//! Input devices that may be readers: those that have digits and Enter. Which of them is a reader and which the room's keyboard can't be
//! known from outside (most readers say that they are a whole keyboard, with lamps), so it is a person who decides; what speaks for
//! either is told.

use super::{Finding, below};
use crate::remedy::machine as remedy;
use std::fs;
use std::path::{Path, PathBuf};
use voisins_shared::language::Language;

/// Key codes (linux/input-event-codes.h): `KEY_1` to `KEY_0`, and `KEY_ENTER`.
const DIGITS_AND_ENTER: [usize; 11] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28];

/// An input device that can type numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyboard {
    /// What it calls itself.
    pub name: String,
    /// The name that stays, for the config; none: udev made none.
    pub device: Option<PathBuf>,
    /// How many keys it says it has.
    pub keys: usize,
    /// It says it has lamps (Caps Lock).
    pub lamps: bool,
    /// It says it moves a pointer.
    pub pointer: bool,
}

/// Tells of each.
#[must_use]
pub fn look(root: &Path, language: Language) -> Vec<Finding> {
    find(root).iter().map(|keyboard| Finding::well("keyboard", remedy::keyboard(keyboard, language))).collect()
}

/// Finds them, by name.
#[must_use]
pub fn find(root: &Path) -> Vec<Keyboard> {
    let entries = fs::read_dir(below(root, "/sys/class/input")).into_iter().flatten().flatten();
    let (events, mut found): (Vec<String>, Vec<Keyboard>) = entries
        .filter_map(|entry| {
            let event = entry.file_name().into_string().ok().filter(|name| name.starts_with("event"))?;
            let read = |file: &str| fs::read_to_string(entry.path().join("device").join(file)).unwrap_or_default();
            let keys = bits(&read("capabilities/key"));
            let keyboard = Keyboard {
                name: read("name").trim().to_owned(),
                device: lasting_name(root, &event),
                keys: keys.len(),
                lamps: !bits(&read("capabilities/led")).is_empty(),
                pointer: !bits(&read("capabilities/rel")).is_empty(),
            };
            DIGITS_AND_ENTER.iter().all(|key| keys.contains(key)).then_some((event, keyboard))
        })
        .unzip();
    // two of a kind without serial numbers share one name by-id, which leads to either: where they hang tells them apart
    let names: Vec<String> = found.iter().map(|keyboard| keyboard.name.clone()).collect();
    for (keyboard, event) in found.iter_mut().zip(&events) {
        if names.iter().filter(|name| **name == keyboard.name).count() > 1 {
            keyboard.device = name_in(root, "/dev/input/by-path", event).or(keyboard.device.take());
        }
    }
    found.sort_by(|a, b| (&a.name, &a.device).cmp(&(&b.name, &b.device)));
    found
}

/// The link of udev's to this device: by what it is first, else by where it is plugged in.
fn lasting_name(root: &Path, event: &str) -> Option<PathBuf> {
    ["/dev/input/by-id", "/dev/input/by-path"].into_iter().find_map(|folder| name_in(root, folder, event))
}

fn name_in(root: &Path, folder: &str, event: &str) -> Option<PathBuf> {
    let mut links: Vec<_> = fs::read_dir(below(root, folder)).ok()?.flatten().map(|link| link.file_name()).collect();
    links.sort();
    let leads_there = |link: &std::ffi::OsString| {
        fs::read_link(below(root, folder).join(link)).is_ok_and(|target| target.file_name() == Some(event.as_ref()))
    };
    links.into_iter().find(leads_there).map(|link| Path::new(folder).join(link))
}

/// The bits of a map as sysfs prints it: hexadecimal machine words, the highest first.
fn bits(map: &str) -> Vec<usize> {
    let words = map.split_whitespace().rev().map(|word| usize::from_str_radix(word, 16).unwrap_or(0));
    let width = usize::BITS as usize;
    let set = |(at, word): (usize, usize)| (0..width).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * width + bit);
    words.enumerate().flat_map(set).collect()
}
