//! Concept files of the house (`presence-daemon concepts import` makes one of ESCO): the built-in concepts, widened by them.

use super::concepts::{ConceptError, Concepts};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a concept file isn't used.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The file can't be read.
    #[error("can't read the concept file {path}. Check the path and its permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that makes no sense.
    #[error(transparent)]
    Concepts(#[from] ConceptError),
}

/// The built-in concepts, widened by these files; none is fine.
///
/// # Errors
/// [`FilesError`] with the file, and the concept if there is one.
pub fn read_widened(files: &[impl AsRef<Path>]) -> Result<Arc<Concepts>, FilesError> {
    if files.is_empty() {
        return Ok(Concepts::built_in());
    }
    let mut read = Vec::with_capacity(files.len());
    for path in files.iter().map(AsRef::as_ref) {
        let text = std::fs::read_to_string(path).map_err(|source| FilesError::Unreadable { path: path.to_owned(), source })?;
        read.push((path.display().to_string(), text));
    }
    let texts: Vec<(&str, &str)> = read.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Ok(Arc::new(Concepts::widened(&texts)?))
}
