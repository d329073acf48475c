//! Light and sound at a reader: `[reader.feedback]`.

use serde::Deserialize;

/// The last pin of a Raspberry Pi's header, by its BCM number; 0 and 1 are for the EEPROM of a board on it.
const PINS: std::ops::RangeInclusive<u8> = 2..=27;

/// What a reader has to show and to sound. Pins by their BCM numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedbackConfig {
    /// The green light's pin.
    pub green: Option<u8>,
    /// The red light's pin.
    pub red: Option<u8>,
    /// The buzzer's pin.
    pub buzzer: Option<u8>,
    #[allow(missing_docs)]
    pub buzzer_kind: BuzzerKind,
    /// The level that switches lights, and an active buzzer, on.
    pub active: ActiveLevel,
    /// The reader is an ACR122U, and uses its own light and buzzer.
    pub acr122u: bool,
}

/// What makes a buzzer sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuzzerKind {
    /// A level: it has an oscillator.
    #[default]
    Active,
    /// A tone (PWM): it has none.
    Passive,
}

/// The level that means *on*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActiveLevel {
    #[default]
    #[allow(missing_docs)]
    High,
    /// Relay boards, and lights between 3.3 V and the pin.
    Low,
}

impl FeedbackConfig {
    /// The pins it uses.
    pub fn pins(&self) -> impl Iterator<Item = u8> {
        [self.green, self.red, self.buzzer].into_iter().flatten()
    }

    /// What can't be, for a person.
    pub(super) fn contradiction(&self) -> Option<String> {
        if let Some(pin) = self.pins().find(|pin| !PINS.contains(pin)) {
            return Some(format!("feedback: there is no pin {pin}; write a BCM number from {} to {}", PINS.start(), PINS.end()));
        }
        if self.pins().next().is_none() && !self.acr122u {
            return Some("feedback: give green, red or buzzer a pin, or say acr122u = true".to_owned());
        }
        None
    }
}
