//! The demonstration's kiosk: a window where there is a display, else a picture.

use super::Options;
use crate::app::Running;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use voisins_shared::demo::KIOSK;
use voisins_shared::name::KioskName;

/// The kiosk's process, if there is one.
#[derive(Debug, Clone, Default)]
pub(super) struct Screen(Arc<Mutex<Option<Child>>>);

impl Screen {
    /// Opens the window, or says why not and draws a picture.
    pub(super) fn open(&self, running: &Running, options: &Options) {
        let Ok(kiosk) = KioskName::new(KIOSK) else { return };
        let config = running.broker.kiosk_config(&kiosk);
        let Some(program) = program() else {
            println!("The kiosk program is not beside this one: build it with `cargo build --workspace`.");
            return;
        };
        let has_display =
            ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        if options.headless || !has_display {
            let why = if options.headless { "--headless" } else { "no display here" };
            println!("No window ({why}).");
            return self.picture(&program, &config, &options.png);
        }
        self.start(&program, &config, &["--windowed".as_ref()]);
    }

    /// Starts the kiosk; it ends with us, also if we are killed.
    fn start(&self, program: &Path, config: &Path, arguments: &[&OsStr]) {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program).arg("--config").arg(config).args(arguments);
        match command.stdin(Stdio::null()).spawn() {
            Ok(child) => *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(child),
            Err(error) => println!("The kiosk did not start: {error}."),
        }
    }

    /// A picture of the screen as it is now, over the broker like any kiosk.
    fn picture(&self, program: &Path, config: &Path, png: &Path) {
        self.start(program, config, &["--snapshot".as_ref(), png.as_os_str(), "--size".as_ref(), "1280x800".as_ref()]);
        loop {
            let ended = match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                Some(child) => child.try_wait(),
                None => return, // closed meanwhile
            };
            match ended {
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                Ok(Some(status)) if status.success() => return println!("A picture of the kiosk: {}", png.display()),
                Ok(Some(status)) => return println!("The picture of the kiosk failed ({status})."),
                Err(error) => return println!("The picture of the kiosk failed: {error}."),
            }
        }
    }

    /// Closes the window and waits for it.
    pub(super) fn close(&self) {
        let child = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut child) = child else { return };
        if let Some(pid) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = child.wait();
    }
}

fn program() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok()?.with_file_name("kiosk");
    beside.exists().then_some(beside)
}
