//! The device: opened, looked at, and taken from everybody else.

use crate::reader::Down;
use evdev::raw_stream::RawDevice;
use evdev::{AttributeSetRef, KeyCode};
use rustix::fs::OFlags;
use rustix::io::Errno;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use tracing::debug;

/// What any reader that types numbers needs.
const NEEDED: [KeyCode; 11] = [
    KeyCode::KEY_0,
    KeyCode::KEY_1,
    KeyCode::KEY_2,
    KeyCode::KEY_3,
    KeyCode::KEY_4,
    KeyCode::KEY_5,
    KeyCode::KEY_6,
    KeyCode::KEY_7,
    KeyCode::KEY_8,
    KeyCode::KEY_9,
    KeyCode::KEY_ENTER,
];

/// A device that is ours alone, until it is let go or dropped.
#[derive(Debug)]
pub struct Device {
    keyboard: RawDevice,
    stream: File,
}

impl Device {
    /// Opens and takes it.
    ///
    /// # Errors
    /// [`Down::NotPlugged`], [`Down::NoRight`], [`Down::NotTyping`] or [`Down::Taken`].
    pub fn take(path: &Path) -> Result<Self, Down> {
        // non-blocking: whoever waits here can be asked to stop
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let stream = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|error| not_opened(&error))?;
        let mut keyboard = stream.try_clone().and_then(RawDevice::try_from).map_err(|error| not_taken(&error))?;
        if !keyboard.supported_keys().is_some_and(looks_right) {
            return Err(Down::NotTyping);
        }
        keyboard.grab().map_err(|error| not_taken(&error))?;
        Ok(Self { keyboard, stream })
    }

    /// What it types.
    pub fn stream(&self) -> &File {
        &self.stream
    }

    /// Gives it back to everybody; it stays open, so that its unplugging is noticed.
    pub fn let_go(&mut self) {
        if let Err(error) = self.keyboard.ungrab() {
            // it is gone, which the next wait tells
            debug!(error = &error as &dyn std::error::Error, "keyboard not let go");
        }
    }
}

fn not_opened(error: &io::Error) -> Down {
    match error.kind() {
        ErrorKind::PermissionDenied => Down::NoRight,
        _ => Down::NotPlugged,
    }
}

/// The file is there, but answers no question of evdev's (`ENOTTY`, `EINVAL`), is pulled out just now, or is another program's.
fn not_taken(error: &io::Error) -> Down {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::NODEV) => Down::NotPlugged,
        Some(Errno::BUSY) => Down::Taken,
        _ => Down::NotTyping,
    }
}

/// Whether these keys can type a number: digits and Enter.
#[must_use]
pub fn looks_right(keys: &AttributeSetRef<KeyCode>) -> bool {
    NEEDED.iter().all(|key| keys.contains(*key))
}
