//! What each outcome looks and sounds like: light and sound always together, so that nothing is told to the ear alone. The screen
//! beside the reader says the same in words.
//!
//! | signal | light and beep | then the light | on the kiosk |
//! |---|---|---|---|
//! | arrived, or seen again | green, 1 short | green 1.5 s | the greeting |
//! | left | green, 2 short | green 1.5 s | the goodbye |
//! | signed | green, 3 short | green 1.5 s | what was signed, with *Annuler* where it can be undone |
//! | refused | red, 1 long | red 2 s | the code of an unknown card, or why the card is refused |
//! | failed | red, 3 of middle length | red 2 s | *hold it again*, or that it could not be noted |

use std::time::Duration;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A visit began, or goes on.
    Arrived,
    /// A visit ended.
    Left,
    /// What was asked at the screen is done.
    Signed,
    /// The card is no badge of a member, or may not do this.
    Refused,
    /// The card could not be read, or the tap not be recorded.
    Failed,
}

/// A light's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Colour {
    Green,
    Red,
}

/// So many beeps with the light, then the light for a while. All times are whole tenths of a second, as the ACR122U counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Pattern {
    pub colour: Colour,
    pub on: Duration,
    pub off: Duration,
    pub times: u8,
    /// How long the light stays on after the last beep.
    pub stays: Duration,
}

/// One moment of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Step {
    pub light: Option<Colour>,
    pub sound: bool,
    pub lasts: Duration,
}

impl Signal {
    /// Its light and sound.
    #[must_use]
    pub fn pattern(self) -> Pattern {
        use Colour::{Green, Red};
        let (colour, on, off, times, stays) = match self {
            Self::Arrived => (Green, 100, 100, 1, 1_500),
            Self::Left => (Green, 100, 100, 2, 1_500),
            Self::Signed => (Green, 100, 100, 3, 1_500),
            Self::Refused => (Red, 500, 100, 1, 2_000),
            Self::Failed => (Red, 200, 200, 3, 2_000),
        };
        let ms = Duration::from_millis;
        Pattern { colour, on: ms(on), off: ms(off), times, stays: ms(stays) }
    }
}

impl Pattern {
    /// Its moments, in order; all is off after the last.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        let light = Some(self.colour);
        (0..self.times).flat_map(move |time| {
            let on = Step { light, sound: true, lasts: self.on };
            let pause = Step { light: None, sound: false, lasts: self.off };
            let stays = Step { light, sound: false, lasts: self.stays };
            [on, if time + 1 == self.times { stays } else { pause }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Signal; 5] = [Signal::Arrived, Signal::Left, Signal::Signed, Signal::Refused, Signal::Failed];

    #[test]
    fn every_sound_has_its_light_and_no_two_signals_look_or_sound_alike() {
        for signal in ALL {
            let pattern = signal.pattern();
            assert!(pattern.steps().all(|step| step.light.is_some() || !step.sound));
            assert_eq!(pattern.steps().filter(|step| step.sound).count(), usize::from(pattern.times));
            for other in ALL.into_iter().filter(|other| *other != signal).map(Signal::pattern) {
                assert_ne!((pattern.on, pattern.times), (other.on, other.times), "{signal:?} sounds like another");
            }
        }
    }

    #[test]
    fn beeps_are_whole_tenths_of_a_second_and_soon_over() {
        for pattern in ALL.map(Signal::pattern) {
            assert!([pattern.on, pattern.off].iter().all(|time| time.as_millis() % 100 == 0));
            assert!((pattern.on + pattern.off) * u32::from(pattern.times) <= Duration::from_millis(1_200));
        }
    }
}
