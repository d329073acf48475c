//! Runs the daemon's readers and prints what they tell, one JSON object a line: for tests of the readers alone. Its cards are virtual,
//! so their UIDs may be printed. Cards prove themselves under `authentic.key` in the config's state folder, if it is there.
//!
//! `badgewatch CONFIG`, where CONFIG is the text of a daemon's config. Ends when its stdin does.

use presence_daemon::authentic::{Proof, SiteKeys};
use presence_daemon::config::Config;
use presence_daemon::reader::rpi_bus::Header;
use presence_daemon::reader::{ReaderEvent, Stop, supervisor};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let Some(text) = std::env::args().nth(1) else {
        eprintln!("usage: badgewatch CONFIG");
        return ExitCode::from(2);
    };
    let config = match Config::parse(&text, Path::new("CONFIG")) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let stop = Stop::default();
    let keys = Arc::new(SiteKeys::load(&config.state.join(SiteKeys::FILE), false).unwrap_or_default());
    let sink = |event| println!("{}", line(event));
    let threads = supervisor::run_all(&config.readers, &Header, &keys, &stop, sink).expect("threads");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    stop.ask();
    for thread in threads {
        thread.join().expect("a reader thread never panics");
    }
    ExitCode::SUCCESS
}

fn line(event: ReaderEvent) -> Value {
    let at = clock_gettime(ClockId::Monotonic);
    let (event, reader, more) = match event {
        ReaderEvent::Ready { reader } => ("ready", reader, String::new()),
        ReaderEvent::Down { reader, why } => ("down", reader, format!("{why:?}")),
        ReaderEvent::Card { reader, uid, proof, found_lying } => {
            let uid: String = uid.as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
            let proved = if proof == Proof::Genuine { " genuine" } else { "" };
            (if found_lying { "lying" } else { "card" }, reader, uid + proved)
        }
        ReaderEvent::Unreadable { reader } => ("unreadable", reader, String::new()),
        ReaderEvent::Removed { reader } => ("removed", reader, String::new()),
    };
    json!({ "event": event, "reader": reader.as_str(), "more": more, "at_ns": at.tv_sec * 1_000_000_000 + at.tv_nsec })
}
