//! A reader that types like a keyboard, and is none: a named pipe that the daemon takes for an input device (`evdev-shim`). What is
//! typed are the kernel's own `struct input_event`s. Each time it is plugged in it is another `eventN`, under the same lasting name.

use crate::pcscd::built;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The lasting name, as udev makes it.
const NAME: &str = "usb-Sycreader_RFID_Technology_Co.__Ltd_SYC_ID_IC_USB_Reader-event-kbd";
const ENTER: u16 = 28;

/// One reader and the folder that stands for `/dev/input`.
#[derive(Debug)]
pub struct Wedge {
    folder: TempDir,
    plugged: Option<(PathBuf, File)>,
    number: u32,
}

impl Default for Wedge {
    fn default() -> Self {
        Self::new()
    }
}

impl Wedge {
    /// A reader that is not plugged in.
    ///
    /// # Panics
    /// There is no temporary folder.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("voisins-input-").tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("by-id")).expect("a folder");
        Self { folder, plugged: None, number: 0 }
    }

    /// The same, plugged in.
    #[must_use]
    #[track_caller]
    pub fn plugged() -> Self {
        let mut wedge = Self::new();
        wedge.plug();
        wedge
    }

    /// Its lasting name, for the config.
    #[must_use]
    pub fn device(&self) -> PathBuf {
        self.folder.path().join("by-id").join(NAME)
    }

    /// What a program needs in its environment to take it for an input device.
    #[must_use]
    pub fn env() -> (&'static str, OsString) {
        ("LD_PRELOAD", built("libvoisins_evdev.so").into())
    }

    /// Plugs it in.
    #[track_caller]
    pub fn plug(&mut self) {
        self.number += 1;
        let event = self.folder.path().join(format!("event{}", self.number));
        mknodat(CWD, &event, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a named pipe");
        // for reading too, or it would wait for a reader
        let pipe = File::options().read(true).write(true).open(&event).expect("our own pipe");
        symlink(Path::new("..").join(event.file_name().expect("a name")), self.device()).expect("a link");
        self.plugged = Some((event, pipe));
    }

    /// Pulls it out.
    #[track_caller]
    pub fn unplug(&mut self) {
        let (event, pipe) = self.plugged.take().expect("it is plugged in");
        fs::remove_file(self.device()).expect("our own link");
        fs::remove_file(event).expect("our own pipe");
        drop(pipe);
    }

    /// Whether a program has taken it for itself.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.plugged.as_ref().is_some_and(|(event, _)| PathBuf::from(format!("{}.grabbed", event.display())).exists())
    }

    /// Types a card's number: decimal, with leading zeros, and Enter.
    #[track_caller]
    pub fn tap(&mut self, uid: &[u8]) {
        let number = number(uid);
        self.type_keys(number.bytes().map(key).chain([ENTER]));
    }

    /// Begins to type a card's number, and stops after so many digits.
    #[track_caller]
    pub fn begin(&mut self, uid: &[u8], digits: usize) {
        self.type_keys(number(uid).bytes().take(digits).map(key));
    }

    /// Presses keys, by their codes.
    #[track_caller]
    pub fn type_keys(&mut self, keys: impl IntoIterator<Item = u16>) {
        let (_, pipe) = self.plugged.as_mut().expect("it is plugged in");
        pipe.write_all(&stream(keys)).expect("room in the pipe");
    }
}

/// What the kernel writes for these keys: each scanned, pressed, let go.
#[must_use]
pub fn stream(keys: impl IntoIterator<Item = u16>) -> Vec<u8> {
    let event = |kind: u16, code: u16, value: i32| {
        [&[0; 2 * size_of::<usize>()][..], &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()].concat()
    };
    let stroke = |key| [event(4, 4, 0x7001E), event(1, key, 1), event(0, 0, 0), event(1, key, 0), event(0, 0, 0)].concat();
    keys.into_iter().flat_map(stroke).collect()
}

/// The key for a decimal digit on a US keyboard's upper row.
#[must_use]
pub fn key(digit: u8) -> u16 {
    match digit {
        b'0' => 11,
        digit => u16::from(digit - b'0') + 1,
    }
}

/// A UID as such readers write it.
#[must_use]
pub fn number(uid: &[u8]) -> String {
    let number = uid.iter().fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let digits = match uid.len() {
        4 => 10,
        7 => 17,
        _ => 25,
    };
    format!("{number:0digits$}")
}
