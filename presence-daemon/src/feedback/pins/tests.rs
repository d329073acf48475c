//! Pins that write down what was set.

use super::*;
use embedded_hal::{digital, pwm};
use std::sync::mpsc::{Sender, channel};

/// What was set: which pin, and its level or duty.
type Set = (&'static str, u16);

struct Recorded(&'static str, Sender<Set>);

impl digital::ErrorType for Recorded {
    type Error = digital::ErrorKind;
}

impl OutputPin for Recorded {
    fn set_low(&mut self) -> Result<(), Self::Error> {
        self.1.send((self.0, 0)).map_err(|_| digital::ErrorKind::Other)
    }
    fn set_high(&mut self) -> Result<(), Self::Error> {
        self.1.send((self.0, 1)).map_err(|_| digital::ErrorKind::Other)
    }
}

impl pwm::ErrorType for Recorded {
    type Error = pwm::ErrorKind;
}

impl SetDutyCycle for Recorded {
    fn max_duty_cycle(&self) -> u16 {
        100
    }
    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), Self::Error> {
        self.1.send((self.0, duty)).map_err(|_| pwm::ErrorKind::Other)
    }
}

fn pins(on: PinState, passive: bool, set: &Sender<Set>) -> Pins<Recorded, Recorded> {
    let pin = |name| Recorded(name, set.clone());
    let buzzer = if passive { Buzzer::Passive(pin("buzzer")) } else { Buzzer::Active(pin("buzzer")) };
    Pins { on, green: Some(pin("green")), red: Some(pin("red")), buzzer: Some(buzzer) }
}

fn moments(set: &Receiver<Set>, n: usize) -> Vec<[u16; 3]> {
    (0..n)
        .map(|_| {
            ["green", "red", "buzzer"].map(|pin| set.recv().map(|(name, level)| (name == pin).then_some(level)).unwrap().unwrap())
        })
        .collect()
}

#[test]
fn light_and_buzzer_go_together_and_all_is_off_afterwards() {
    let (set, sets) = channel();
    let (tell, tells) = channel();
    let thread = std::thread::spawn(move || pins(PinState::High, false, &set).run(&tells, |told| assert!(told.is_ok())));
    tell.send(Tell::Signal(Signal::Left)).unwrap();
    assert_eq!(moments(&sets, 5), [[1, 0, 1], [0, 0, 0], [1, 0, 1], [1, 0, 0], [0, 0, 0]]);
    drop(tell);
    thread.join().unwrap();
    assert_eq!(moments(&sets, 1), [[0, 0, 0]]);
}

#[test]
fn active_low_is_the_other_way_round_and_a_passive_buzzer_gets_a_tone() {
    let (set, sets) = channel();
    let (tell, tells) = channel();
    tell.send(Tell::Signal(Signal::Refused)).unwrap();
    let thread = std::thread::spawn(move || pins(PinState::Low, true, &set).run(&tells, |told| assert!(told.is_ok())));
    assert_eq!(moments(&sets, 2), [[1, 0, 50], [1, 0, 0]]);
    drop(tell);
    thread.join().unwrap();
    assert_eq!(moments(&sets, 1), [[1, 1, 0]]);
}

#[test]
fn a_newer_signal_replaces_an_older_one() {
    let (set, sets) = channel();
    let (tell, tells) = channel();
    tell.send(Tell::Signal(Signal::Refused)).unwrap();
    tell.send(Tell::Plugged).unwrap();
    tell.send(Tell::Signal(Signal::Arrived)).unwrap();
    let thread = std::thread::spawn(move || pins(PinState::High, false, &set).run(&tells, |told| assert!(told.is_ok())));
    assert_eq!(moments(&sets, 1), [[1, 0, 1]], "the older of two that wait is passed over");
    tell.send(Tell::Signal(Signal::Failed)).unwrap();
    let seen = moments(&sets, 2);
    assert!(seen.contains(&[0, 1, 1]), "{seen:?}");
    drop(tell);
    thread.join().unwrap();
    assert_eq!(sets.iter().last(), Some(("buzzer", 0)));
}

#[test]
fn a_pin_that_fails_is_told_and_the_others_are_set() {
    let (broken, _) = channel();
    let (set, sets) = channel();
    let (tell, tells) = channel();
    tell.send(Tell::Signal(Signal::Arrived)).unwrap();
    let pins = Pins { green: Some(Recorded("green", broken)), ..pins(PinState::High, false, &set) };
    let (outcomes, told) = channel();
    let thread = std::thread::spawn(move || pins.run(&tells, |outcome| outcomes.send(outcome).unwrap()));
    assert_eq!(told.recv(), Ok(Err(PinError)));
    assert_eq!([sets.recv(), sets.recv()], [Ok(("red", 0)), Ok(("buzzer", 1))]);
    drop(tell);
    thread.join().unwrap();
}
