//! What it was measured on.

use crate::Options;
use std::fs;
use std::path::Path;

/// The lines above the table.
pub fn described(options: Options) -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let kernel = rustix::system::uname();
    let profile = if cfg!(debug_assertions) { "debug build: speed and memory say little" } else { "release build" };
    let folder = std::env::temp_dir();
    vec![
        format!("Voisins {}, {profile}; {} taps, seed {}", env!("CARGO_PKG_VERSION"), options.taps, options.seed),
        format!(
            "{cores} cores of {}, {} {}; load average at the start {}",
            processor(),
            kernel.sysname().to_string_lossy(),
            kernel.release().to_string_lossy(),
            first_word("/proc/loadavg")
        ),
        format!("database on {}; kiosk 1280x800, software renderer, Xvfb", file_system(&folder)),
    ]
}

fn processor() -> String {
    let cpu_info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named =
        cpu_info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name.to_owned());
    // on a Raspberry Pi the board has a name and the processor has none
    let board = || fs::read_to_string("/proc/device-tree/model").ok().map(|name| name.trim_end_matches('\0').to_owned());
    named.or_else(board).unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn first_word(file: &str) -> String {
    fs::read_to_string(file).unwrap_or_default().split(' ').next().unwrap_or_default().to_owned()
}

/// The kind of the file system that a folder lies on: a commit in memory costs nothing.
fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (_, place, kind) = (words.next()?, words.next()?, words.next()?);
        folder.starts_with(place).then(|| (place.len(), kind.to_owned()))
    });
    // of two on the same place the later one counts
    mounted.max_by_key(|(length, _)| *length).map_or_else(|| "an unknown file system".to_owned(), |(_, kind)| kind)
}
