//! A file of keys: a number and a key in hexadecimal a line, for its owner only.

use super::KeyError;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use zeroize::Zeroizing;

/// Keys with their numbers, the newest first.
type Keys<const N: usize> = Vec<(u32, [u8; N])>;

/// Reads a key file, or makes it with a first key if `may_create`.
pub(crate) fn load<const N: usize>(path: &Path, header: &str, may_create: bool) -> Result<Keys<N>, KeyError> {
    let io = |source| KeyError::Io { path: path.to_owned(), source };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_create => return create(path, header),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(KeyError::Lost { path: path.to_owned() }),
        Err(error) => return Err(io(error)),
    };
    let mode = std::fs::metadata(path).map_err(io)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed { path: path.to_owned(), mode });
    }
    let malformed = |line| KeyError::Malformed { path: path.to_owned(), line, digits: 2 * N };
    let mut keys = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        keys.push(parse_line(line).ok_or_else(|| malformed(at + 1))?);
    }
    keys.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
    if keys.is_empty() { Err(malformed(1)) } else { Ok(keys) }
}

fn create<const N: usize>(path: &Path, header: &str) -> Result<Keys<N>, KeyError> {
    let io = |source| KeyError::Io { path: path.to_owned(), source };
    let mut key = [0; N];
    getrandom::fill(&mut key).map_err(KeyError::NoRandom)?;
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = Zeroizing::new(format!("{header}1 {digits}\n"));
    // a key that is lost in a power cut after a badge was enrolled is lost for ever: file and folder are synced
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
    Ok(vec![(1, key)])
}

fn parse_line<const N: usize>(line: &str) -> Option<(u32, [u8; N])> {
    let (id, digits) = line.split_once(' ')?;
    let digits = digits.trim().as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut key = [0; N];
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some((id.parse().ok()?, key))
}
