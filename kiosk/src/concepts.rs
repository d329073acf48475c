//! The concepts of this kiosk: the built-in ones, widened by the config's concept files. Read once, by whoever asks first.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};
use voisins_shared::matching::{Concepts, read_widened};
use voisins_shared::told::told;

static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();

/// Names the files; before anybody asks.
pub fn widen_by(files: Vec<PathBuf>) {
    let _ = FILES.set(files);
}

/// The concepts. A search that comes while they are still read waits for them.
#[must_use]
pub fn current() -> Arc<Concepts> {
    static READ: LazyLock<Arc<Concepts>> = LazyLock::new(|| read(FILES.get().map_or(&[], Vec::as_slice)));
    READ.clone()
}

fn read(files: &[PathBuf]) -> Arc<Concepts> {
    read_widened(files).unwrap_or_else(|error| {
        tracing::warn!("the search goes on with the built-in concepts: {}", told(&error));
        Concepts::built_in()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_file_leaves_the_built_in_concepts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("esco.toml");
        let own = Concepts::built_in().len();
        assert_eq!(read(std::slice::from_ref(&path)).len(), own, "no such file");
        std::fs::write(&path, "[falconry]\nfr = 'Fauconnerie'\n").unwrap();
        assert_eq!(read(std::slice::from_ref(&path)).len(), own, "half a concept");
        std::fs::write(&path, "[falconry]\nfr = 'Fauconnerie'\nen = 'Falconry'\n").unwrap();
        assert_eq!(read(&[path]).len(), own + 1);
    }
}
