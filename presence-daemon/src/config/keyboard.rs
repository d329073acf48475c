//! A reader that types like a keyboard: `[reader.keyboard]`.

use jiff::SignedDuration;
use serde::Deserialize;
use std::path::PathBuf;

/// A reader that types the number of a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyboardConfig {
    /// Its device by a name that stays, such as `/dev/input/by-id/usb-…-event-kbd`; only this one is ever taken.
    pub device: PathBuf,
    /// How it writes numbers.
    #[serde(default)]
    pub format: NumberFormat,
    /// Which end of the UID it writes first.
    #[serde(default)]
    pub byte_order: ByteOrder,
    /// For readers that type no Enter: a pause as long ends a number. Without it Enter does.
    #[serde(default)]
    pub ends_after: Option<SignedDuration>,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// Decimal, with zeros in front: 10 digits are 4 bytes, 17 are 7, 25 are 10.
    #[default]
    Decimal,
    /// Hexadecimal: two digits a byte.
    Hex,
}

/// Which byte of a UID comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByteOrder {
    /// As a PC/SC reader gives them.
    #[default]
    AsRead,
    /// The last one: what a PC/SC reader gives as 04A1B2C3 is typed as C3B2A104.
    Reversed,
}

impl KeyboardConfig {
    /// What can't be, for a person.
    pub(super) fn contradiction(&self) -> Option<String> {
        let file = self.device.file_name().unwrap_or_default().to_string_lossy();
        if file.strip_prefix("event").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            return Some(format!(
                "keyboard.device: {} is another device after the next start or plugging; name it by /dev/input/by-id or /dev/input/by-path (`presence-daemon check` lists them)",
                self.device.display()
            ));
        }
        if !self.device.is_absolute() {
            return Some(format!("keyboard.device: {:?} is no path; write \"/dev/input/by-id/…-event-kbd\"", self.device));
        }
        let sensible = SignedDuration::from_millis(20)..=SignedDuration::from_secs(2);
        if self.ends_after.is_some_and(|pause| !sensible.contains(&pause)) {
            return Some(
                "keyboard.ends_after: from 20ms to 2s, such as \"100ms\"; leave it out if the reader types Enter".to_owned(),
            );
        }
        None
    }
}
