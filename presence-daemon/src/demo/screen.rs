//! The demonstration's kiosk: a window where there is a display, else a picture.

use super::Options;
use crate::app::Running;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
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
            return picture(&program, &config, &options.png);
        }
        // the window closes with us, also if we are killed
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(&program).arg("--config").arg(&config).arg("--windowed");
        match command.stdin(Stdio::null()).spawn() {
            Ok(child) => *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(child),
            Err(error) => println!("The kiosk did not start: {error}."),
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

/// A picture of the screen as it is now, over the broker like any kiosk.
fn picture(program: &Path, config: &Path, png: &Path) {
    let mut command = Command::new(program);
    command.arg("--config").arg(config).arg("--snapshot").arg(png);
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => println!("A picture of the kiosk: {}", png.display()),
        Ok(status) => println!("The picture of the kiosk failed ({status})."),
        Err(error) => println!("The picture of the kiosk failed: {error}."),
    }
}
