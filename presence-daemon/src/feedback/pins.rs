//! Lights and a buzzer on pins, by `embedded-hal`.

use super::Tell;
use super::pattern::{Colour, Signal, Step};
use crate::clock::since_boot;
use crate::config::{ActiveLevel, BuzzerKind, FeedbackConfig};
use crate::reader::rpi_bus::{self, BusError};
use embedded_hal::digital::{OutputPin, PinState};
use embedded_hal::pwm::SetDutyCycle;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// Where small piezo buzzers are loudest, in hertz.
const RESONANCE: f64 = 2_700.0;

/// All off.
const DARK: Step = Step { light: None, sound: false, lasts: Duration::ZERO };

/// What is wired to the header for one reader.
pub struct Pins<P, T> {
    /// The level that switches on.
    on: PinState,
    green: Option<P>,
    red: Option<P>,
    buzzer: Option<Buzzer<P, T>>,
}

/// What sounds.
pub enum Buzzer<P, T> {
    /// With an oscillator.
    Active(P),
    /// Without one.
    Passive(T),
}

/// A pin could not be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pin of the light or the buzzer can't be set")]
pub struct PinError;

/// Takes the pins of the config, all off.
///
/// # Errors
/// [`BusError::Pin`]
pub fn open(config: &FeedbackConfig) -> Result<Pins<impl OutputPin + Send + use<>, impl SetDutyCycle + Send + use<>>, BusError> {
    let on = match config.active {
        ActiveLevel::High => PinState::High,
        ActiveLevel::Low => PinState::Low,
    };
    let take = |pin: Option<u8>| pin.map(|pin| rpi_bus::output(pin, !on)).transpose();
    let buzzer = match config.buzzer_kind {
        BuzzerKind::Active => take(config.buzzer)?.map(Buzzer::Active),
        BuzzerKind::Passive => config.buzzer.map(|pin| rpi_bus::tone(pin, RESONANCE, !on)).transpose()?.map(Buzzer::Passive),
    };
    Ok(Pins { on, green: take(config.green)?, red: take(config.red)?, buzzer })
}

impl<P: OutputPin, T: SetDutyCycle> Pins<P, T> {
    /// Shows what is told until nobody tells any more; then all is off. A newer signal replaces an older one. `told` gets the outcome
    /// of each moment.
    pub fn run(mut self, tells: &Receiver<Tell>, mut told: impl FnMut(Result<(), PinError>)) {
        let mut steps: Box<dyn Iterator<Item = Step>> = Box::new(std::iter::empty());
        // until when the moment that is shown lasts, since boot
        let mut until: Option<Duration> = None;
        loop {
            let news = match until {
                Some(until) => tells.recv_timeout(until.saturating_sub(since_boot())),
                None => tells.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match news {
                Ok(tell) => match std::iter::once(tell).chain(tells.try_iter()).filter_map(Tell::signal).last() {
                    Some(signal) => steps = Box::new(Signal::pattern(signal).steps()),
                    None => continue,
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return told(self.show(DARK)),
            }
            let step = steps.next();
            until = step.map(|step| since_boot() + step.lasts);
            told(self.show(step.unwrap_or(DARK)));
        }
    }

    fn show(&mut self, step: Step) -> Result<(), PinError> {
        let on = self.on;
        let level = |is_on: bool| if is_on { on } else { !on };
        // one that fails keeps none of the others from being set
        let green = set(&mut self.green, level(step.light == Some(Colour::Green)));
        let red = set(&mut self.red, level(step.light == Some(Colour::Red)));
        let sound = match &mut self.buzzer {
            Some(Buzzer::Active(pin)) => pin.set_state(level(step.sound)).map_err(|_| PinError),
            Some(Buzzer::Passive(tone)) if step.sound => tone.set_duty_cycle_percent(50).map_err(|_| PinError),
            Some(Buzzer::Passive(tone)) => tone.set_duty_cycle_fully_off().map_err(|_| PinError),
            None => Ok(()),
        };
        green.and(red).and(sound)
    }
}

fn set(pin: &mut Option<impl OutputPin>, level: PinState) -> Result<(), PinError> {
    pin.as_mut().map_or(Ok(()), |pin| pin.set_state(level).map_err(|_| PinError))
}

#[cfg(test)]
mod tests;
