//! Ctrl-C, and the one folder that everything lies in, so that nothing is left.

use crate::Outcome;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How long the bench may take to end by itself once it was told to.
const GRACE: Duration = Duration::from_secs(3);

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Does it all in a temporary folder of its own, which is gone afterwards, also after SIGINT or SIGTERM. Children die with their
/// parent (`setpriv --pdeathsig`).
pub fn within_folder<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let folder = tempfile::Builder::new().prefix("voisins-bench-").tempdir()?;
    tempfile::env::override_temp_dir(folder.path()).map_err(|old| format!("the temporary folder is {} already", old.display()))?;
    watch(folder.path().to_owned())?;
    work()
}

/// An error once the bench was told to stop.
pub fn check() -> Outcome<()> {
    if STOPPED.load(Ordering::SeqCst) { Err("stopped".into()) } else { Ok(()) }
}

/// Sleeps, unless the bench was told to stop.
pub fn pause(time: Duration) -> Outcome<()> {
    std::thread::sleep(time);
    check()
}

/// On a signal the bench ends by itself at its next [`check`]; else it is ended.
fn watch(folder: PathBuf) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _guard = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        });
        STOPPED.store(true, Ordering::SeqCst);
        std::thread::sleep(GRACE);
        let _ = std::fs::remove_dir_all(folder);
        std::process::exit(130);
    });
    Ok(())
}
