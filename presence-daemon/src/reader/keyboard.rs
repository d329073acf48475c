//! Readers that type like a keyboard, by evdev. Such a device is taken from everybody else (`EVIOCGRAB`), so that numbers of cards are
//! typed into no window.
//!
//! - No keyboard of the room is taken by mistake: only the device that the config names is ever opened, by a name that doesn't change
//!   ([`KeyboardConfig`]), and only if it has digits and Enter. If a key comes that no such reader types, a person sits there: the
//!   device is let go at once, and not taken again until it was unplugged. Nothing of what they type is kept.
//! - The reader tells no removal: a number is a card that comes and goes. A second number is a second tap; the double-tap window holds.
//! - Nothing is polled but the device's name while it is not there, twice a second.

mod device;
pub mod event;
pub mod typing;
mod wake;

pub use device::looks_right;

use super::{Down, Reader, ReaderError, ReaderEvent, Stop};
use crate::authentic::Proof;
use crate::clock::since_boot;
use crate::config::KeyboardConfig;
use device::Device;
use event::{Event, decode};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::time::Duration;
use tracing::debug;
use typing::{Typed, Typing};
use voisins_shared::name::ReaderName;
use voisins_shared::uid::Uid;
use wake::{Wake, Woken};

/// Between two looks whether the device is there again.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// A number that stops half-way for so long is over: readers type one in well under 0.5 s.
const HALF_WAY: Duration = Duration::from_secs(1);
/// A reader that comes back types the card that lies on it within that.
const LAY_THERE: Duration = Duration::from_secs(3);
/// Several numbers: each digit is four events or six.
const BUFFER: usize = 256 * event::SIZE;

/// One reader that types.
pub struct KeyboardReader {
    name: ReaderName,
    config: KeyboardConfig,
    /// What was told last.
    told: Option<Result<(), Down>>,
    untold: VecDeque<ReaderEvent>,
    stage: Stage,
    /// The last number, and when the device came back: it types the card that still lies on it.
    last: Option<Uid>,
    back: Option<Duration>,
    /// Since the first call, which brings the stop.
    wake: Option<Wake>,
}

enum Stage {
    Closed,
    Reading(Device, Typing),
    /// A person types there: it waits, without reading, until it is unplugged.
    LetGo(Device),
}

impl KeyboardReader {
    /// The reader of that name.
    #[must_use]
    pub fn new(name: ReaderName, config: KeyboardConfig) -> Self {
        Self { name, config, told: None, untold: VecDeque::new(), stage: Stage::Closed, last: None, back: None, wake: None }
    }
}

impl Reader for KeyboardReader {
    fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError> {
        let wake = match self.wake.take() {
            Some(wake) => wake,
            None => Wake::armed(stop).map_err(ReaderError::System)?,
        };
        let wake = self.wake.insert(wake).clone();
        loop {
            if stop.is_asked() {
                return Ok(None);
            }
            if let Some(event) = self.untold.pop_front() {
                return Ok(Some(event));
            }
            self.stage = match std::mem::replace(&mut self.stage, Stage::Closed) {
                Stage::Closed => self.open(stop),
                Stage::Reading(device, typing) => self.read(device, typing, &wake),
                Stage::LetGo(device) => match wake.wait_for_loss(device.stream().as_fd()) {
                    Ok(Woken::Stop) => Stage::LetGo(device),
                    Ok(_) | Err(_) => Stage::Closed,
                },
            }
        }
    }
}

impl KeyboardReader {
    fn open(&mut self, stop: &Stop) -> Stage {
        match Device::take(&self.config.device) {
            Ok(device) => {
                self.back = matches!(self.told, Some(Err(_))).then(since_boot);
                self.tell_ready();
                Stage::Reading(device, Typing::new(&self.config))
            }
            Err(why) => {
                self.tell_down(why);
                if self.untold.is_empty() {
                    stop.pause(LOOK_AGAIN);
                }
                Stage::Closed
            }
        }
    }

    /// Waits once, and takes what was typed.
    fn read(&mut self, mut device: Device, mut typing: Typing, wake: &Wake) -> Stage {
        let pause = match self.config.ends_after {
            Some(pause) => pause.unsigned_abs(),
            None => HALF_WAY,
        };
        let typed = read_once(device.stream(), &mut typing, wake, pause);
        match typed {
            Ok(typed) if typed.contains(&Typed::ByPerson) => {
                device.let_go();
                self.tell_down(Down::TypedOn);
                Stage::LetGo(device)
            }
            Ok(typed) => {
                typed.into_iter().for_each(|typed| self.tell(typed));
                Stage::Reading(device, typing)
            }
            Err(error) => {
                debug!(reader = %self.name, error = &error as &dyn std::error::Error, "keyboard lost");
                self.tell_down(Down::NotPlugged);
                Stage::Closed
            }
        }
    }

    fn tell(&mut self, typed: Typed) {
        let reader = self.name.clone();
        match typed {
            Typed::Card(uid) if self.last.as_ref() == Some(&uid) && self.back.is_some_and(|at| since_boot() - at < LAY_THERE) => {
                debug!(%reader, "the card lay on it while it was gone: no tap");
            }
            Typed::Card(uid) => {
                self.last = Some(uid.clone());
                let card = ReaderEvent::Card { reader: reader.clone(), uid, proof: Proof::NotAsked, found_lying: false };
                self.untold.push_back(card);
                self.untold.push_back(ReaderEvent::Removed { reader });
            }
            Typed::Unreadable => self.untold.push_back(ReaderEvent::Unreadable { reader }),
            Typed::ByPerson => {}
        }
    }

    fn tell_ready(&mut self) {
        if self.told.replace(Ok(())) != Some(Ok(())) {
            self.untold.push_back(ReaderEvent::Ready { reader: self.name.clone() });
        }
    }

    fn tell_down(&mut self, why: Down) {
        if self.told.replace(Err(why)) != Some(Err(why)) {
            self.untold.push_back(ReaderEvent::Down { reader: self.name.clone(), why });
        }
    }
}

/// Waits for keys, for the end of a number, or for the stop, and gives what was typed.
///
/// # Errors
/// The device is gone (`ENODEV`), or what it says makes no sense.
fn read_once(mut stream: impl Read + AsFd, typing: &mut Typing, wake: &Wake, pause: Duration) -> io::Result<Vec<Typed>> {
    let limit = typing.has_begun().then_some(pause);
    match wake.wait(stream.as_fd(), limit)? {
        Woken::Stop => return Ok(Vec::new()),
        Woken::Timeout => return Ok(typing.pause().into_iter().collect()),
        Woken::Ready => {}
    }
    let mut buffer = [0; BUFFER];
    let length = match stream.read(&mut buffer) {
        Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
        Ok(length) => length,
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let events = decode(&buffer[..length]).map_err(|_| ErrorKind::InvalidData)?;
    Ok(events.filter_map(|event| handle(event, typing)).collect())
}

fn handle(event: Event, typing: &mut Typing) -> Option<Typed> {
    match event {
        Event::Pressed(key) => typing.press(key),
        Event::Dropped => {
            typing.spoil();
            None
        }
    }
}

#[cfg(test)]
mod tests;
