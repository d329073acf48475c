//! The light and the buzzer of an ACR122U, by its pseudo-APDUs (ACS: ACR122U Application Programming Interface 2.04, sections 6.2
//! and 6.7).
//!
//! - With a card on the reader a pseudo-APDU goes the way of any APDU. Without one it needs an escape command, which libccid refuses
//!   unless its configuration allows it: then the light stays dark for those who take their card away at once, and that is told once.
//! - The reader plays a pattern by itself and answers when it is over: it reads no card meanwhile, for 0.2 to 1.2 s.
//! - Its beep at every card it sees is switched off: it would sound before anything is known, and for any card. The setting is
//!   forgotten when the reader loses power, so it is sent again after each plug.

use super::Tell;
use super::pattern::{Colour, Pattern};
use crate::config::ReaderConfig;
use crate::reader::Down;
use crate::reader::pcsc::{find, is_of_context};
use pcsc::{Card, Context, Disposition, Error, MAX_BUFFER_SIZE, Protocols, Scope, ShareMode, ctl_code};
use std::ffi::CString;
use std::sync::mpsc::Receiver;

/// No beep at the detection of a card.
const NO_DETECTION_BEEP: [u8; 5] = [0xFF, 0x00, 0x52, 0x00, 0x00];
/// SW1 of success; SW2 is then the state of the lights.
const SUCCESS: u8 = 0x90;
/// IOCTL_SMARTCARD_VENDOR_IFD_EXCHANGE of libccid.
const ESCAPE: u32 = 1;

/// Why the reader showed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShowError {
    /// The reader is not there.
    #[error("the reader is not there: {0:?}")]
    Down(Down),
    /// No card lies on it any more, and libccid passes no escape command on.
    #[error("no card on the reader, and libccid passes no escape command on")]
    EscapeRefused,
    /// PC/SC refused.
    #[error("PC/SC")]
    Pcsc(#[from] Error),
    /// The reader refused: its SW1.
    #[error("the reader refused, SW1 {0:02X}")]
    Refused(u8),
}

/// One such reader.
pub struct Acr122u {
    /// All PC/SC readers of the config: which is which is decided among them.
    config: Vec<ReaderConfig>,
    /// Its position among them.
    reader: usize,
    context: Option<Context>,
    /// Its own beep is off, since it was last plugged in.
    is_set_up: bool,
}

impl Acr122u {
    /// The `reader`th of these readers, which are all of kind PC/SC.
    #[must_use]
    pub fn new(config: Vec<ReaderConfig>, reader: usize) -> Self {
        Self { config, reader, context: None, is_set_up: false }
    }

    /// Shows what is told until nobody tells any more; of several signals that wait only the newest. `told` gets the outcome of each.
    pub fn run(mut self, tells: &Receiver<Tell>, mut told: impl FnMut(Result<(), ShowError>)) {
        while let Ok(tell) = tells.recv() {
            let mut signal = None;
            for tell in std::iter::once(tell).chain(tells.try_iter()) {
                self.is_set_up &= tell != Tell::Plugged;
                signal = tell.signal().or(signal);
            }
            match signal {
                Some(signal) => told(self.send(&command(signal.pattern()))),
                // without the right to an escape command it is made up for at the next card
                None => drop(self.send(&[])),
            }
        }
    }

    /// Sends a command, and before it the settings that the reader has forgotten; no command: only those.
    fn send(&mut self, command: &[u8]) -> Result<(), ShowError> {
        let sent = self.try_send(command);
        match sent {
            // pcscd was started anew since
            Err(ShowError::Pcsc(error)) if is_of_context(error) => {
                self.context = None;
                self.try_send(command)
            }
            sent => sent,
        }
    }

    fn try_send(&mut self, command: &[u8]) -> Result<(), ShowError> {
        let context = match self.context.take() {
            Some(context) => context,
            None => Context::establish(Scope::User)?,
        };
        let context = self.context.insert(context);
        let name = find(context, &self.config, self.reader)?.map_err(ShowError::Down)?;
        let link = Link::open(context, &name)?;
        let shown = (|| {
            if !self.is_set_up {
                link.exchange(&NO_DETECTION_BEEP)?;
                self.is_set_up = true;
            }
            if !command.is_empty() {
                link.exchange(command)?;
            }
            Ok(())
        })();
        link.close();
        shown
    }
}

/// The way to the reader: with a card on it or without.
enum Link {
    Card(Card),
    Reader(Card),
}

impl Link {
    fn open(context: &Context, reader: &CString) -> Result<Self, Error> {
        match context.connect(reader, ShareMode::Shared, Protocols::ANY) {
            Ok(card) => Ok(Self::Card(card)),
            Err(error) if is_of_context(error) => Err(error),
            Err(_) => context.connect(reader, ShareMode::Direct, Protocols::UNDEFINED).map(Self::Reader),
        }
    }

    fn exchange(&self, command: &[u8]) -> Result<(), ShowError> {
        let mut buffer = [0; MAX_BUFFER_SIZE];
        let answer = match self {
            Self::Card(card) => card.transmit(command, &mut buffer)?,
            Self::Reader(reader) => reader.control(ctl_code(ESCAPE.into()), command, &mut buffer).map_err(|error| match error {
                Error::NotTransacted | Error::UnsupportedFeature => ShowError::EscapeRefused,
                error => ShowError::Pcsc(error),
            })?,
        };
        match *answer {
            [.., SUCCESS, _] => Ok(()),
            [.., sw1, _] => Err(ShowError::Refused(sw1)),
            _ => Err(ShowError::Refused(0)),
        }
    }

    fn close(self) {
        let (Self::Card(card) | Self::Reader(card)) = self;
        // if this fails the card is gone, or pcscd is: the next signal will tell
        let _ = card.disconnect(Disposition::LeaveCard);
    }
}

/// Section 6.2, *Bi-color LED and Buzzer Control*. The lights' state afterwards is left to the reader: no mask of a final state is set.
fn command(pattern: Pattern) -> [u8; 9] {
    // bit 4, 5: red, green is on at first; bit 6, 7: red, green blinks
    let blinking = match pattern.colour {
        Colour::Red => 0b0101_0000,
        Colour::Green => 0b1010_0000,
    };
    let tenths = |time: std::time::Duration| u8::try_from(time.as_millis() / 100).unwrap_or(u8::MAX);
    // the buzzer sounds while the light is on (T1)
    const WITH_LIGHT: u8 = 0x01;
    [0xFF, 0x00, 0x40, blinking, 0x04, tenths(pattern.on), tenths(pattern.off), pattern.times, WITH_LIGHT]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Signal;

    #[test]
    fn acr122u_api_6_2_the_commands_blink_and_beep_in_tenths_of_a_second() {
        assert_eq!(command(Signal::Arrived.pattern()), [0xFF, 0x00, 0x40, 0xA0, 0x04, 1, 1, 1, 1]);
        assert_eq!(command(Signal::Left.pattern()), [0xFF, 0x00, 0x40, 0xA0, 0x04, 1, 1, 2, 1]);
        assert_eq!(command(Signal::Signed.pattern()), [0xFF, 0x00, 0x40, 0xA0, 0x04, 1, 1, 3, 1]);
        assert_eq!(command(Signal::Refused.pattern()), [0xFF, 0x00, 0x40, 0x50, 0x04, 5, 1, 1, 1]);
        assert_eq!(command(Signal::Failed.pattern()), [0xFF, 0x00, 0x40, 0x50, 0x04, 2, 2, 3, 1]);
    }
}
