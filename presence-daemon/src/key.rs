//! The secret that turns a UID into something that can be stored: HMAC-SHA-256 under a key in a file of its own. (A plain hash of a
//! 4-byte UID is reversed in minutes.) The file is made on the first start, mode 0600, and has to be backed up apart from the
//! database: without it every badge has to be enrolled again.

pub(crate) mod file;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::path::{Path, PathBuf};
use voisins_shared::uid::Uid;

/// A card as the database knows it: which key, and the UID's digest under it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BadgeMac {
    /// Several keys may live at once.
    pub key_id: u32,
    /// HMAC-SHA-256.
    pub mac: [u8; 32],
}

impl fmt::Debug for BadgeMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BadgeMac(key {})", self.key_id)
    }
}

/// Why the key can't be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or made.
    #[error("the key file {path}: {source}. Check the folder's owner and permissions")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no key.
    #[error(
        "the key file {path}, line {line}: expected a key number and {digits} hexadecimal digits. Restore the file from its backup"
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// So many a key has.
        digits: usize,
    },
    /// Others may read it.
    #[error("the key file {path} can be read by others (mode {mode:o}). Run: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The database has badges, but the key they were made under is gone.
    #[error(
        "the key file {path} is missing, but the database has badges made under it. Restore the file from its backup; without it every badge made under it has to be enrolled again (badge.key) or replaced (authentic.key); move the database away to start anew"
    )]
    Lost {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random numbers.
    #[error("no random numbers from the system for a new key: {0}")]
    NoRandom(getrandom::Error),
}

/// The living keys, the newest first.
pub struct KeyRing {
    keys: Vec<(u32, [u8; 32])>,
}

const HEADER: &str = "# Voisins badge key. Keep a copy apart from the database, and show it to nobody.\n";

impl KeyRing {
    /// Reads the key file, or makes it with a first key if `may_create`.
    ///
    /// # Errors
    /// [`KeyError`], with what to do.
    pub fn load(path: &Path, may_create: bool) -> Result<Self, KeyError> {
        Ok(Self { keys: file::load(path, HEADER, may_create)? })
    }

    /// The digests of a UID, under the newest key first.
    #[must_use]
    pub fn macs(&self, uid: &Uid) -> Vec<BadgeMac> {
        let length = [uid.as_bytes().len() as u8];
        self.keys
            .iter()
            .map(|(key_id, key)| BadgeMac { key_id: *key_id, mac: hmac(key, &[b"voisins badge uid v1", &length, uid.as_bytes()]) })
            .collect()
    }

    /// The key of the event chain, drawn from the oldest key: the chain outlives a change of badge key.
    #[must_use]
    pub fn chain_key(&self) -> [u8; 32] {
        self.keys.last().map_or([0; 32], |(_, key)| hmac(key, &[b"voisins event chain v1"]))
    }

    /// Key numbers with a fingerprint each, to tell the right file from a wrong one.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<(u32, [u8; 32])> {
        self.keys.iter().map(|(id, key)| (*id, hmac(key, &[b"voisins key fingerprint v1"]))).collect()
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys)", self.keys.len())
    }
}

/// HMAC-SHA-256 (RFC 2104) over the parts, each with its length before it (8 bytes, big endian), so that no two lists of parts agree.
#[must_use]
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_key_is_made_on_the_first_start_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("badge.key");
        assert!(matches!(KeyRing::load(&path, false), Err(KeyError::Lost { .. })));
        let made = KeyRing::load(&path, true).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(KeyRing::load(&path, false).unwrap().keys, made.keys);
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_damaged_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("badge.key");
        KeyRing::load(&path, true).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(KeyRing::load(&path, true).unwrap_err().to_string().contains("chmod 600"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "# a comment\n1 abc\n").unwrap();
        assert!(matches!(KeyRing::load(&path, true), Err(KeyError::Malformed { line: 2, .. })));
    }

    #[test]
    fn several_keys_live_at_once_the_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("badge.key");
        KeyRing::load(&path, true).unwrap();
        let first = KeyRing::load(&path, false).unwrap();
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str(&format!("2 {}\n", "ab".repeat(32)));
        std::fs::write(&path, text).unwrap();
        let both = KeyRing::load(&path, false).unwrap();
        let uid = Uid::from_hex("04A1B2C3").unwrap();
        assert_eq!(both.macs(&uid).iter().map(|m| m.key_id).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(both.macs(&uid)[1], first.macs(&uid)[0]);
        assert_eq!(both.chain_key(), first.chain_key());
    }

    #[test]
    fn a_uid_and_its_longer_cousin_have_nothing_in_common() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyRing::load(&folder.path().join("k"), true).unwrap();
        let short = keys.macs(&Uid::from_hex("04A1B2C3").unwrap());
        let long = keys.macs(&Uid::from_hex("04A1B2C3000000").unwrap());
        assert_ne!(short, long);
        assert!(!format!("{short:?}{keys:?}").contains("04"));
    }
}
