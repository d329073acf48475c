//! The kiosk's trace, read as it grows.

use crate::{Outcome, stop};
use presence_daemon::clock::since_boot;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Read as _;
use std::time::Duration;
use voisins_tests::world::{Frame, KioskWindow, LIMIT};

/// How often it is looked at. The frames bear their own times, so this costs no accuracy, only a little CPU.
const LOOK: Duration = Duration::from_millis(2);

/// A kiosk and the frames it draws.
#[derive(Debug)]
pub struct Screen {
    /// The program in its window.
    pub kiosk: KioskWindow,
    file: File,
    half: String,
    /// Not looked at yet.
    fresh: VecDeque<Frame>,
    latest: Option<Frame>,
    /// When the last one was found.
    found: Duration,
}

impl Screen {
    /// Follows a kiosk that has drawn something already.
    pub fn follow(kiosk: KioskWindow) -> Outcome<Self> {
        let file = File::open(kiosk.trace())?;
        Ok(Self { kiosk, file, half: String::new(), fresh: VecDeque::new(), latest: None, found: Duration::ZERO })
    }

    fn look(&mut self) -> Outcome<()> {
        self.file.read_to_string(&mut self.half)?;
        let whole = self.half.rfind('\n').map_or(0, |end| end + 1);
        for frame in self.half.drain(..whole).collect::<String>().lines().filter_map(Frame::parse) {
            self.found = since_boot();
            self.latest = Some(frame.clone());
            self.fresh.push_back(frame);
        }
        Ok(())
    }

    /// Forgets what was drawn so far.
    pub fn forget(&mut self) -> Outcome<()> {
        self.look()?;
        self.fresh.clear();
        Ok(())
    }

    /// Waits for a frame that is like this, also one that was soon replaced. Those after it are kept.
    pub fn wait_for(&mut self, what: &str, is_so: impl Fn(&Frame) -> bool) -> Outcome<Frame> {
        let give_up = since_boot() + LIMIT;
        loop {
            self.look()?;
            while let Some(frame) = self.fresh.pop_front() {
                if is_so(&frame) {
                    return Ok(frame);
                }
            }
            self.go_on(give_up, what)?;
        }
    }

    /// Waits until the last frame is like this.
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn(&Frame) -> bool) -> Outcome<()> {
        let give_up = since_boot() + LIMIT;
        while self.latest.as_ref().is_none_or(|frame| !is_so(frame)) {
            self.go_on(give_up, what)?;
            self.look()?;
        }
        Ok(())
    }

    /// Waits until nothing new was drawn for so long.
    pub fn wait_until_quiet(&mut self, time: Duration) -> Outcome<()> {
        let since = since_boot();
        loop {
            self.look()?;
            if since_boot().saturating_sub(self.found.max(since)) >= time {
                return Ok(());
            }
            stop::pause(LOOK)?;
        }
    }

    fn go_on(&self, give_up: Duration, what: &str) -> Outcome<()> {
        if since_boot() > give_up {
            return Err(format!("not within {LIMIT:?}: {what}; the last frame: {:?}", self.latest).into());
        }
        stop::pause(LOOK)
    }
}
