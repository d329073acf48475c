//! Cards that were begun and are not done: a small file for each in the state folder, named by the digest of its UID, and written before
//! the first change. It says under which key of the site the card is to be finished; what is done on it, the card itself tells.

use presence_daemon::key::BadgeMac;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The folder of them all.
pub(crate) fn folder(state: &Path) -> PathBuf {
    state.join("personalise")
}

/// One card's.
#[derive(Debug)]
pub(crate) struct Note(PathBuf);

impl Note {
    pub(crate) fn of(state: &Path, card: &BadgeMac) -> Self {
        let digest: String = card.mac.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(folder(state).join(format!("{}-{digest}", card.key_id)))
    }

    /// Under which key the card was begun; none: it was not.
    pub(crate) fn read(&self) -> io::Result<Option<u32>> {
        match fs::read_to_string(&self.0) {
            // a note that was damaged is none: what is done on the card, the card tells
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Says that the card is begun; on disk when this returns.
    pub(crate) fn write(&self, key: u32) -> io::Result<()> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let new = self.0.with_extension("new");
        let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(&new)?;
        writeln!(file, "{key}")?;
        file.sync_all()?;
        fs::rename(&new, &self.0)?;
        File::open(folder)?.sync_all()
    }

    /// The card is done.
    pub(crate) fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
