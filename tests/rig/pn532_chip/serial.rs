//! A PN532 at the end of a serial line: a pty behind a path that stays, as udev would keep it.

use super::{Pn532Chip, State};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{read, write};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;

/// A byte with start and stop bit at 115,200 baud.
const BYTE: Duration = Duration::from_nanos(86_806);
/// So many bytes a UART's FIFO hands over at once.
const FIFO: usize = 8;
/// How often a chip that has something to say later, or looks for a card on its own, wakes up.
const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 1_000_000 };
/// How often one that has nothing to say looks whether it is to end.
const REST: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// The plug at the end of the line.
#[derive(Debug)]
pub struct SerialPlug {
    chip: Pn532Chip,
    folder: TempDir,
    line: Option<Line>,
}

/// A line that is plugged in. Both ends are held, so that the chip's survives that nobody has it open.
#[derive(Debug)]
struct Line {
    unplugged: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl SerialPlug {
    /// Plugs a chip in.
    ///
    /// # Panics
    /// If the system gives no pty.
    #[must_use]
    #[track_caller]
    pub fn new(chip: &Pn532Chip) -> Self {
        let folder = tempfile::Builder::new().prefix("voisins-serial-").tempdir().expect("a temporary folder");
        let mut plug = Self { chip: chip.clone(), folder, line: None };
        plug.plug();
        plug
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("serial0")
    }

    /// Plugs it in again, with the chip as after power-up.
    ///
    /// # Panics
    /// If the system gives no pty.
    #[track_caller]
    pub fn plug(&mut self) {
        let outer = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pty");
        grantpt(&outer).and_then(|()| unlockpt(&outer)).expect("our own pty");
        let name = ptsname(&outer, Vec::new()).expect("a name").into_string().expect("ASCII");
        let inner = open(&*name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("our own pty");
        symlink(&name, self.path()).expect("a link");
        self.chip.brown_out();
        let unplugged = Arc::new(AtomicBool::new(false));
        let (chip, until) = (self.chip.clone(), unplugged.clone());
        let thread = std::thread::spawn(move || serve(&chip, &outer, &inner, &until));
        self.line = Some(Line { unplugged, thread });
    }

    /// Pulls it out, whatever goes over the line.
    pub fn unplug(&mut self) {
        if let Some(line) = self.line.take() {
            line.unplugged.store(true, Ordering::Relaxed);
            let _ = line.thread.join();
            let _ = fs::remove_file(self.path());
        }
    }
}

impl Drop for SerialPlug {
    fn drop(&mut self) {
        self.unplug();
    }
}

fn serve(chip: &Pn532Chip, outer: &OwnedFd, _inner: &OwnedFd, unplugged: &AtomicBool) {
    let mut bytes = [0; 256];
    while !unplugged.load(Ordering::Relaxed) {
        let busy = {
            let state = chip.lock();
            state.looks_on || !state.output.is_empty()
        };
        let mut line = [PollFd::new(outer, PollFlags::IN)];
        if poll(&mut line, Some(if busy { &TICK } else { &REST })).unwrap_or_default() > 0 {
            match read(outer, &mut bytes) {
                Ok(count @ 1..) => take(&mut chip.lock(), &bytes[..count]),
                _ => return,
            }
        }
        loop {
            let Some(said) = chip.lock().next() else { break };
            for part in said.chunks(FIFO) {
                std::thread::sleep(BYTE * part.len() as u32);
                if unplugged.load(Ordering::Relaxed) || write(outer, part).is_err() {
                    return;
                }
            }
        }
    }
}

/// A chip that sleeps hears nothing but a wave of 0x55, and wakes if zeros follow it for long enough: 2 ms.
fn take(state: &mut State, bytes: &[u8]) {
    for (i, byte) in bytes.iter().enumerate().filter(|_| state.is_asleep) {
        state.waking = match (byte, state.waking) {
            (0x55, _) => 1,
            (0x00, since @ 1..) => since + 1,
            _ => 0,
        };
        if state.waking > 23 {
            (state.is_asleep, state.waking) = (false, 0);
            return state.receive(&bytes[i + 1..]);
        }
    }
    if !state.is_asleep {
        state.receive(bytes);
    }
}
