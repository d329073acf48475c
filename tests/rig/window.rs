//! The real kiosk program in a window, and what its trace tells of the frames it drew.

use crate::pcscd::{built, child_command};
use crate::screen::{Picture, Xvfb};
use crate::world::wait_until;
use presence_daemon::clock;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use voisins_shared::name::KioskName;

/// Its config's name in its folder.
const CONFIG: &str = "kiosk.toml";

/// The real kiosk program in a real window, on a screen of its own.
#[derive(Debug)]
pub struct KioskWindow {
    child: Child,
    spawned: Duration,
    xvfb: Arc<Xvfb>,
    folder: TempDir,
}

/// A frame that was drawn, as the kiosk's trace tells it.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Frame {
    pub since_boot: Duration,
    pub names: Vec<String>,
    pub lines: Vec<String>,
    pub dialog: Option<String>,
    pub online: bool,
}

impl KioskWindow {
    /// Opens it with the config that the daemon wrote for that kiosk.
    #[track_caller]
    pub(crate) fn open(xvfb: &Arc<Xvfb>, broker: &Path, kiosk: &KioskName) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ready = broker.join(format!("kiosk/{kiosk}.toml"));
        let text = fs::read_to_string(&ready).expect("the daemon has written the kiosk's config");
        // keys of the top level stand before the first table
        let config = folder.path().join(CONFIG);
        fs::write(&config, format!("fullscreen = false\nsize = \"1280x800\"\n{text}")).expect("a config");
        let log = File::create(folder.path().join("kiosk.log")).expect("a log");
        let mut command = child_command(&[]);
        command.arg(built("kiosk")).arg("--config").arg(config).stderr(log);
        command.env("DISPLAY", xvfb.display()).env_remove("WAYLAND_DISPLAY").env("SLINT_BACKEND", "winit-software");
        command.env("VOISINS_KIOSK_TRACE", folder.path().join("trace"));
        let spawned = clock::since_boot();
        let child = command.spawn().expect("the kiosk starts");
        Self { child, spawned, xvfb: Arc::clone(xvfb), folder }
    }

    /// When its process was started, on the clock of its trace.
    #[must_use]
    pub fn spawned(&self) -> Duration {
        self.spawned
    }

    /// The config it was started with.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder.path().join(CONFIG)
    }

    /// The trace of its frames, one line each.
    #[must_use]
    pub fn trace(&self) -> PathBuf {
        self.folder.path().join("trace")
    }

    /// All frames drawn so far.
    #[must_use]
    pub fn frames(&self) -> Vec<Frame> {
        let text = fs::read_to_string(self.trace()).unwrap_or_default();
        // the last line may be half written
        text.lines().filter_map(Frame::parse).collect()
    }

    /// Waits until the last frame drawn is like this.
    #[track_caller]
    pub fn wait_for(&self, what: &str, is_so: impl Fn(&Frame) -> bool) -> Frame {
        wait_until(what, || self.frames().pop().filter(|frame| is_so(frame)))
    }

    /// Waits for a frame after `from` that is like this, also one that was soon replaced.
    #[track_caller]
    pub fn wait_for_any(&self, what: &str, from: usize, is_so: impl Fn(&Frame) -> bool) -> Frame {
        wait_until(what, || self.frames().into_iter().skip(from).find(|frame| is_so(frame)))
    }

    /// What is on the screen now.
    #[must_use]
    #[track_caller]
    pub fn picture(&self) -> Picture {
        self.xvfb.picture()
    }

    /// Presses the screen.
    #[track_caller]
    pub fn press(&self, x: u32, y: u32) {
        self.xvfb.press(x, y);
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for KioskWindow {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the kiosk's log:\n{}", fs::read_to_string(self.folder.path().join("kiosk.log")).unwrap_or_default());
            eprintln!("its last frame: {:?}", self.frames().pop());
        }
    }
}

impl Frame {
    /// Reads a line of the trace; `None` for one that is only half written.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let frame: Value = serde_json::from_str(line).ok()?;
        let texts = |key: &str| {
            let list = frame[key].as_array().map(Vec::as_slice).unwrap_or_default();
            list.iter().filter_map(|text| Some(text.as_str()?.to_owned())).collect()
        };
        Some(Self {
            since_boot: Duration::from_nanos(frame["since_boot_ns"].as_u64().unwrap_or_default()),
            names: texts("names"),
            lines: texts("lines"),
            dialog: frame["dialog"].as_str().map(str::to_owned),
            online: frame["online"].as_bool().unwrap_or_default(),
        })
    }
}
