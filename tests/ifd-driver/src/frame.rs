//! The cable between the driver and the test that plays the reader: frames of a kind, a number and a payload, both ways.
//!
//! Kind (1 byte), number (u32, big endian), length of the payload (u32, big endian), payload.

use std::io::{self, Read, Write};

/// A payload never comes near this; more means that the two ends disagree.
const LONGEST: u32 = 1 << 20;

/// What a frame says. The first three go to the driver, the others come from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// What is in the field now: one byte of [`field`], then the ATR. The number counts these.
    Field = b'F',
    /// The answer to the APDU or the control command of that number.
    Answer = b'a',
    /// The APDU or control command of that number fails; payload: the IFD response code, u32 big endian.
    Refuse = b'e',
    /// pcscd has seen the field of that number.
    Seen = b's',
    /// An APDU for the card.
    Apdu = b'A',
    /// A command for the reader: control code, u32 big endian, then data.
    Control = b'C',
    /// Power up.
    PowerUp = b'p',
    /// Power down.
    PowerDown = b'q',
    /// Warm reset.
    Reset = b'r',
}

/// What can be in a field.
pub mod field {
    /// Nothing.
    pub const EMPTY: u8 = 0;
    /// A card that answers with its ATR.
    pub const CARD: u8 = 1;
    /// A card that can't be powered.
    pub const MUTE: u8 = 2;
    /// The reader itself can't be reached.
    pub const FAILING: u8 = 3;
}

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Frame {
    pub kind: Kind,
    pub number: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    /// A frame.
    pub fn new(kind: Kind, number: u32, payload: impl Into<Vec<u8>>) -> Self {
        Self { kind, number, payload: payload.into() }
    }

    /// Writes it, in one write.
    ///
    /// # Errors
    /// The other end is gone.
    pub fn encode(&self, mut to: impl Write) -> io::Result<()> {
        let mut bytes = vec![self.kind as u8];
        bytes.extend(self.number.to_be_bytes());
        bytes.extend((self.payload.len() as u32).to_be_bytes());
        bytes.extend(&self.payload);
        to.write_all(&bytes)
    }

    /// Reads one.
    ///
    /// # Errors
    /// The other end is gone, or what it says is no frame.
    pub fn decode(mut from: impl Read) -> io::Result<Self> {
        let mut head = [0; 9];
        from.read_exact(&mut head)?;
        let [kind, n0, n1, n2, n3, l0, l1, l2, l3] = head;
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        let kind = Kind::from_byte(kind).filter(|_| length <= LONGEST).ok_or(io::ErrorKind::InvalidData)?;
        let mut payload = vec![0; length as usize];
        from.read_exact(&mut payload)?;
        Ok(Self { kind, number: u32::from_be_bytes([n0, n1, n2, n3]), payload })
    }
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        use Kind::*;
        [Field, Answer, Refuse, Seen, Apdu, Control, PowerUp, PowerDown, Reset].into_iter().find(|kind| *kind as u8 == byte)
    }
}
