//! What this machine has for readers, and what it lacks: for `presence-daemon check`. All of it is read below a root folder, `/` but in
//! tests.
//!
//! - [`kernel`]: what stands between us and the readers: the kernel's own drivers, polkit, libccid
//! - [`devices`]: device files, and who may open them
//! - [`keyboards`]: input devices that may be readers

pub mod devices;
pub mod kernel;
pub mod keyboards;

use crate::config::{Config, ReaderKind};
use std::path::Path;

/// What was found, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// About what.
    pub what: String,
    /// Nothing has to be done.
    pub is_well: bool,
    /// What is so, and what to do where it is not well.
    pub says: String,
}

impl Finding {
    fn well(what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { what: what.into(), is_well: true, says: says.into() }
    }

    fn wrong(what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { what: what.into(), is_well: false, says: says.into() }
    }
}

/// Looks at all that matters to the readers of the config.
#[must_use]
pub fn look(root: &Path, config: &Config) -> Vec<Finding> {
    let language = config.language;
    let mut findings = Vec::new();
    if config.readers.iter().any(|reader| reader.kind == ReaderKind::Pcsc) {
        findings.extend(kernel::drivers(root, language));
        findings.extend(kernel::polkit(root, language));
    }
    if config.readers.iter().any(|reader| reader.uses_acr122u()) {
        findings.extend(kernel::escape(root, language));
    }
    findings.extend(devices::look(root, config));
    findings.extend(keyboards::look(root, language));
    findings
}

/// A file below the root by its absolute path.
fn below(root: &Path, path: impl AsRef<Path>) -> std::path::PathBuf {
    let path = path.as_ref();
    root.join(path.strip_prefix("/").unwrap_or(path))
}

#[cfg(test)]
mod tests;
