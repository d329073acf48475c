//! What the daemon's readers tell, seen from a test: a `badgewatch` process, because libpcsclite takes pcscd's socket from the
//! environment of the process, and tests run side by side in one.

use crate::pcscd::{Pcscd, built, child_command};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Longer than the longest pause of the supervisor, many times.
const LIMIT: Duration = Duration::from_secs(30);

/// A running `badgewatch`.
#[derive(Debug)]
pub struct Watch {
    child: Child,
    told: Receiver<Told>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Such as `card porte 04A1B2C3`, `card porte 04A1B2C3D4E5F6 genuine`, `lying porte 04A1B2C3` (found lying), `unreadable porte`, `removed porte`, `ready porte`,
    /// `down porte NotPlugged`.
    pub what: String,
    /// When, on the monotonic clock.
    pub at: Duration,
}

impl Watch {
    /// Watches these readers: name and key of the config, such as `("porte", "pcsc_name = 'ACR122U'")`.
    #[must_use]
    #[track_caller]
    pub fn start(pcscd: &Pcscd, readers: &[(&str, &str)]) -> Self {
        Self::start_with(pcscd, "", readers)
    }

    /// The same with more at the top of the config.
    #[must_use]
    #[track_caller]
    pub fn start_with(pcscd: &Pcscd, top: &str, readers: &[(&str, &str)]) -> Self {
        let readers: String = readers.iter().map(|(name, keys)| format!("[[reader]]\nname = \"{name}\"\n{keys}\n")).collect();
        let config = format!("{top}\n{readers}");
        let mut command = child_command(&[]);
        command.arg(built("badgewatch")).arg(config).envs(pcscd.client_env().iter().cloned());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("badgewatch starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let event: Value = serde_json::from_str(&line).expect("badgewatch prints JSON");
                let words = ["event", "reader", "more"].map(|key| event[key].as_str().unwrap_or_default());
                let what = words.join(" ").trim_end().to_owned();
                let _ = sender.send(Told { what, at: Duration::from_nanos(event["at_ns"].as_u64().unwrap_or_default()) });
            }
        });
        Self { child, told }
    }

    /// Waits for the next event.
    #[track_caller]
    pub fn next(&self) -> Told {
        self.told.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("nothing more was told within {LIMIT:?}"))
    }

    /// The next events are these, in this order.
    #[track_caller]
    pub fn expect<const N: usize>(&self, expected: [&str; N]) {
        let told = expected.map(|_| self.next().what);
        assert_eq!(told, expected);
    }

    /// Passes over events until this one comes.
    #[track_caller]
    pub fn wait_for(&self, expected: &str) -> Told {
        let mut passed = Vec::new();
        loop {
            let Ok(told) = self.told.recv_timeout(LIMIT) else {
                panic!("{expected:?} was not told within {LIMIT:?}, but {passed:?}")
            };
            if told.what == expected {
                return told;
            }
            passed.push(told.what);
        }
    }

    /// Stops the process from running, as a busy machine might, and lets it run again after `meanwhile`.
    pub fn asleep(&self, meanwhile: impl FnOnce()) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::STOP).expect("our own child");
        waitpid(Some(pid), WaitOptions::UNTRACED).expect("our own child, all of whose threads stop");
        meanwhile();
        kill_process(pid, Signal::CONT).expect("our own child");
    }

    /// Asks it to end and waits for it. What it told and nobody asked for yet.
    #[track_caller]
    pub fn end(mut self) -> Vec<String> {
        drop(self.child.stdin.take());
        let status = self.child.wait().expect("our own child");
        assert!(status.success(), "badgewatch ended with {status}");
        // The channel ends with the process's stdout.
        std::iter::from_fn(|| self.told.recv_timeout(LIMIT).ok()).map(|told| told.what).collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
