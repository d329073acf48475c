//! Files that others must not read, and that are whole or not there.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fs::{DirBuilder, File, Permissions, set_permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

/// Random bytes in a password we make: 192 bits.
const SECRET_LENGTH: usize = 24;

/// Makes a folder that only its owner can enter; one that exists is left as it is.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file with this mode so that it is, even after a power cut, either the old one or the new one. Does nothing if its content
/// is right already. Its group is the folder's, where that has the set-group bit.
pub fn write(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return hold_mode(path, mode);
    }
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?; // mode 0600
    file.as_file().set_permissions(Permissions::from_mode(mode))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

/// A password that nobody can guess.
pub fn chance() -> io::Result<String> {
    let mut bytes = [0; SECRET_LENGTH];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The secret in a file, made at random the first time.
pub fn secret(path: &Path, mode: u32) -> io::Result<String> {
    match super::read_password(path) {
        Ok(secret) => {
            hold_mode(path, mode)?;
            Ok(secret)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
            let secret = chance()?;
            write(path, mode, format!("{secret}\n").as_bytes())?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

/// Removes the passwords and configs of kiosks that are no more.
pub fn remove_others(folder: &Path, kiosks: &[&str]) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let ours = path.extension().is_some_and(|extension| extension == "password" || extension == "toml");
        let wanted = path.file_stem().is_some_and(|stem| kiosks.iter().any(|kiosk| stem == *kiosk));
        if ours && !wanted {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn hold_mode(path: &Path, mode: u32) -> io::Result<()> {
    let there = path.metadata()?.permissions().mode() & 0o777;
    if there == mode { Ok(()) } else { set_permissions(path, Permissions::from_mode(mode)) }
}
