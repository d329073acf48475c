//! A serial line (UM0701-02, section 6.2.3, "HSU"): 115,200 baud, 8 bits, no parity. The header's UART, a USB adapter, or a pty.
//!
//! The kernel wakes us when bytes come; nothing is polled. What is not the chip's (a login shell that `raspi-config` left on the line) is
//! noise, and passed over.

use super::Link;
use crate::clock::since_boot;
use crate::reader::pn532::frame::{Frame, decode};
use crate::reader::wired::{Fault, NotOpened};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, read, write};
use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcgetattr, tcsetattr};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

const BAUD: u32 = 115_200;
/// Wakes a chip in power-down: 0x55 is a wave that its receiver sees, the zeros take longer than its oscillator needs to start (2 ms is 23
/// bytes at this speed; UM0701-02, section 7.2.11, and PN532/C1 datasheet, T_osc_start).
const WAKE: [u8; 27] = {
    let mut wake = [0; 27];
    (wake[0], wake[1]) = (0x55, 0x55);
    wake
};
/// Longest that a frame may take to come once it began: 262 bytes are 23 ms.
const FRAME_TIME: Duration = Duration::from_millis(50);
/// How long a line that is full may keep us from sending.
const SEND_TIME: Duration = Duration::from_millis(50);
/// More than the longest frame of 254 bytes with noise before it: what has not made a frame by then never will.
const MOST: usize = 512;

/// A line that can't be opened.
#[derive(Debug, thiserror::Error)]
#[error(
    "{path}: not there, or no right to it (group dialout), or no serial line (raspi-config, Interface Options: login shell off, port on)"
)]
struct LineError {
    path: String,
    source: io::Error,
}

/// An open line.
pub struct SerialLink {
    line: OwnedFd,
    received: Vec<u8>,
}

impl SerialLink {
    /// Opens a line and sets it up.
    ///
    /// # Errors
    /// [`NotOpened`] with what to do.
    pub fn open(path: &Path) -> Result<Self, NotOpened> {
        let line = open_line(path).map_err(|error| LineError { path: path.display().to_string(), source: error.into() });
        Ok(Self { line: line.map_err(|error| NotOpened(Box::new(error)))?, received: Vec::new() })
    }

    /// Waits until the line is ready for `what`. False: it was not in time.
    fn wait(&self, what: PollFlags, patience: Duration) -> Result<bool, Fault> {
        let limit = Timespec { tv_sec: patience.as_secs().cast_signed(), tv_nsec: patience.subsec_nanos().into() };
        let mut line = [PollFd::new(&self.line, what)];
        match poll(&mut line, Some(&limit)) {
            Ok(0) | Err(Errno::INTR) => Ok(false),
            Ok(_) if line[0].revents().contains(what) => Ok(true),
            // the other end is gone, and nothing is left to read
            Ok(_) => Err(Fault::Serial(io::ErrorKind::BrokenPipe)),
            Err(error) => Err(fault(error)),
        }
    }

    /// Adds what has come to what was received.
    fn fetch(&mut self) -> Result<(), Fault> {
        let mut bytes = [0; MOST];
        match read(&self.line, &mut bytes) {
            Ok(0) | Err(Errno::IO) => Err(Fault::Serial(io::ErrorKind::BrokenPipe)),
            Ok(count) => {
                self.received.extend_from_slice(&bytes[..count]);
                Ok(())
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }

    fn clear(&mut self) -> Result<(), Fault> {
        self.received.clear();
        tcflush(&self.line, QueueSelector::IFlush).map_err(fault)
    }
}

impl Link for SerialLink {
    fn wake(&mut self) -> Result<(), Fault> {
        self.send(&WAKE)?;
        self.clear()
    }

    fn send(&mut self, mut frame: &[u8]) -> Result<(), Fault> {
        while !frame.is_empty() {
            match write(&self.line, frame) {
                Ok(count) => frame = &frame[count..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if self.wait(PollFlags::OUT, SEND_TIME)? => {}
                Err(Errno::AGAIN) => return Err(Fault::Serial(io::ErrorKind::TimedOut)),
                Err(error) => return Err(fault(error)),
            }
        }
        Ok(())
    }

    fn receive(&mut self, patience: Duration) -> Result<Frame, Fault> {
        let mut give_up = since_boot() + patience;
        let mut began = false;
        loop {
            match decode(&self.received) {
                Ok(Some((frame, end))) => {
                    self.received.drain(..end);
                    return Ok(frame);
                }
                Ok(None) if self.received.len() > MOST => {
                    self.clear()?;
                    return Err(Fault::Broken("noise without end"));
                }
                Ok(None) => {}
                Err(error) => {
                    self.clear()?;
                    return Err(Fault::Broken(error.words()));
                }
            }
            // What has come counts, however late this thread gets to see it.
            let left = give_up.saturating_sub(since_boot());
            if self.wait(PollFlags::IN, left)? {
                self.fetch()?;
                if !std::mem::replace(&mut began, true) {
                    give_up += FRAME_TIME;
                }
            } else if left.is_zero() {
                // zeros are the end of a frame before, or the beginning of none
                let half = self.received.iter().any(|byte| *byte != 0);
                self.clear()?;
                return Err(if half { Fault::Broken("half a frame") } else { Fault::Silent });
            }
        }
    }
}

fn open_line(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let line = open(path, flags, Mode::empty())?;
    let mut settings = tcgetattr(&line)?;
    settings.make_raw();
    settings.set_speed(BAUD)?;
    tcsetattr(&line, OptionalActions::Now, &settings)?;
    Ok(line)
}

fn fault(error: Errno) -> Fault {
    let kind = io::Error::from(error).kind();
    // EIO and ENODEV of an adapter that was pulled out have no word of their own
    let gone = matches!(error, Errno::IO | Errno::NODEV | Errno::NXIO);
    Fault::Serial(if gone { io::ErrorKind::BrokenPipe } else { kind })
}
