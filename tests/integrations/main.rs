//! Voisins with the real programs that people plug into it: `make integrations` gets them over the network and runs this. Without them
//! there is nothing to run, so these tests are ignored otherwise.

#![allow(clippy::disallowed_methods, reason = "a test waits for a state with a limit")]

mod home_assistant;
mod house;
mod http;
mod node_red;
mod prometheus;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long anything may take: Home Assistant starts in half a minute on a busy machine.
const LIMIT: Duration = Duration::from_secs(180);

/// What setup.sh has put there.
fn installed(name: &str) -> PathBuf {
    let folder = std::env::var_os("VOISINS_INTEGRATIONS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/integrations")));
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: run `make integrations`", path.display());
    path
}

/// Waits for a state, with a limit, and says how long it took.
#[track_caller]
fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> (T, Duration) {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return (found, began.elapsed());
        }
        assert!(began.elapsed() < LIMIT, "not within {LIMIT:?}: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
