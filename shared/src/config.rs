//! Reading a TOML config file, with errors that name the file, the line and the key, and say what to do.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// What a screen is: `surface` in the daemon's config and in its own, which must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenSurface {
    /// A touch screen inside the house.
    #[default]
    Kiosk,
    /// A screen that nobody touches: first names and initials of those who agreed to it.
    Lobby,
}

/// A config that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("can't read the config {path}: {source}. Check the path (--config FILE or $VOISINS_CONFIG) and its permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The text is not TOML, or has an unknown key or a wrong value.
    #[error("{path}:{line}:{column}: {problem}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong and what is expected.
        problem: String,
    },
    /// Each value is fine, but together they make no sense.
    #[error("{path}: {problem}")]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
}

/// Reads `path` as a `T`; `T` should deny unknown fields, so that a misspelt key is told instead of ignored.
///
/// # Errors
/// [`ConfigError`], ready to be shown to a person.
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    parse(&text, path)
}

/// Reads the text of a config; `path` is for the error only.
///
/// # Errors
/// [`ConfigError::Invalid`] with line and column.
pub fn parse<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        ConfigError::Invalid { path: path.to_owned(), line, column, problem: error.message().to_owned() }
    })
}

/// Line and column, both from 1, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Small {
        #[allow(dead_code)]
        site: Option<String>,
        #[allow(dead_code)]
        places: Option<u8>,
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = parse::<Small>(text, Path::new("/etc/voisins/daemon.toml")).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\nshould start with\n{expected}");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        check(
            "site = \"a\"\n\n  palces = 3\n",
            "/etc/voisins/daemon.toml:3:3: unknown field `palces`, expected `site` or `places`",
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line() {
        check("# é\nplaces = \"three\"\n", "/etc/voisins/daemon.toml:2:10: invalid type: string \"three\"");
        check("site = \"a\"\nplaces = = 3\n", "/etc/voisins/daemon.toml:2:");
    }

    #[test]
    fn a_missing_file_says_where_to_look() {
        let error = load::<Small>(Path::new("/nowhere/daemon.toml")).unwrap_err().to_string();
        assert!(error.contains("/nowhere/daemon.toml") && error.contains("--config"), "{error}");
    }
}
