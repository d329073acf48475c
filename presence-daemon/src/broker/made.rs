//! Accounts on the private broker that a manager made, for a dashboard or another program. Their passwords are shown once: kept is only
//! what Mosquitto reads, in the file `made` among the daemon's secrets, `name rights hash` a line.

use super::{BrokerError, OWNER, write};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// The longest name.
const LONGEST: usize = 32;

/// As which of our own accounts it may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rights {
    /// Names and photos: dashboards of the space's managers.
    Managers,
    /// Numbers and readers: home automation.
    Integration,
    /// Nothing personal.
    Open,
}

impl Rights {
    /// All.
    pub const ALL: [Self; 3] = [Self::Managers, Self::Integration, Self::Open];

    /// The word in the file, in forms and at the end of its text's key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Managers => "managers",
            Self::Integration => "integration",
            Self::Open => "open",
        }
    }

    /// The key of the text that says what it may read.
    #[must_use]
    pub fn text_key(&self) -> &'static str {
        match self {
            Self::Managers => "accounts-rights-managers",
            Self::Integration => "accounts-rights-integration",
            Self::Open => "accounts-rights-open",
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rights| rights.as_str() == text)
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its name on the broker.
    pub name: String,
    #[allow(missing_docs)]
    pub rights: Rights,
    /// As Mosquitto's password file has it.
    pub hash: String,
}

/// Whether an account may be called so: `a-z`, `0-9` and `-`, and none of the names that are ours.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = (1..=LONGEST).contains(&name.len()) && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    fits && !name.starts_with("kiosk-") && !["daemon", "managers", "integration", "open", "voisins-probe"].contains(&name)
}

fn path(secrets: &Path) -> PathBuf {
    secrets.join("made")
}

/// Those that were made; a line that can't be read is left out.
pub fn read(secrets: &Path) -> Result<Vec<Made>, BrokerError> {
    let path = path(secrets);
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text.map_err(|source| BrokerError::Unwritable { path, source })?,
    };
    let made = |line: &str| {
        let [name, rights, hash] = line.split(' ').collect::<Vec<_>>()[..] else { return None };
        let rights = Rights::from_text(rights).filter(|_| is_name(name))?;
        Some(Made { name: name.to_owned(), rights, hash: hash.to_owned() })
    };
    Ok(text.lines().filter_map(made).collect())
}

/// Keeps these.
pub fn keep(secrets: &Path, made: &[Made]) -> Result<(), BrokerError> {
    let mut text = String::new();
    for Made { name, rights, hash } in made {
        let _ = writeln!(text, "{name} {} {hash}", rights.as_str());
    }
    write(&path(secrets), OWNER, &text)
}
