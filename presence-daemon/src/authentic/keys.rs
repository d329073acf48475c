//! The site's key for authentic badges, and each badge's own drawn from it (AN10922), so that a badge that is taken apart gives away
//! itself and no other. The key is kept like the one of the digests: in `authentic.key` in the state folder, mode 0600, never in the
//! database, to be backed up apart from it.

use super::crypto::{AesKey, Block};
use crate::key::{KeyError, file};
use std::fmt;
use std::path::Path;
use voisins_shared::uid::Uid;

/// What makes our keys others than those of another system with the same master key (AN10922, *system identifier*).
const SYSTEM: &[u8; 7] = b"Voisins";
/// Before what is diversified to an AES-128 key (AN10922, 2.2).
const AES128: u8 = 0x01;
const HEADER: &str =
    "# Voisins key of authentic badges (AES-128). Keep a copy apart from the database, and show it to nobody: whoever has it
# can copy every badge; without it no badge can be recognised or written again.\n";

/// The living keys, the newest first: badges written under an older one go on being recognised.
#[derive(Default)]
pub struct SiteKeys(Vec<SiteKey>);

/// One of them.
pub struct SiteKey {
    id: u32,
    master: AesKey,
}

impl SiteKeys {
    /// Where it is.
    pub const FILE: &str = "authentic.key";

    /// Reads the key file, or makes it with a first key if `may_create`.
    ///
    /// # Errors
    /// [`KeyError`], with what to do.
    pub fn load(path: &Path, may_create: bool) -> Result<Self, KeyError> {
        let keys = file::load::<16>(path, HEADER, may_create)?;
        Ok(Self(keys.into_iter().map(|(id, master)| SiteKey { id, master: AesKey::new(master) }).collect()))
    }

    /// Keys by their numbers, the newest first.
    #[must_use]
    pub fn new(mut keys: Vec<(u32, AesKey)>) -> Self {
        keys.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        Self(keys.into_iter().map(|(id, master)| SiteKey { id, master }).collect())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The newest: new badges are written under it.
    #[must_use]
    pub fn newest(&self) -> Option<&SiteKey> {
        self.0.first()
    }

    /// The key of a number.
    #[must_use]
    pub fn of(&self, id: u32) -> Option<&SiteKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// All, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &SiteKey> {
        self.0.iter()
    }

    /// Key numbers with a fingerprint each, to tell the right file from a wrong one.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<(u32, Block)> {
        self.0.iter().map(|key| (key.id, key.fingerprint())).collect()
    }
}

impl SiteKey {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What tells this key from another of the same number, and gives nothing of it away.
    #[must_use]
    pub fn fingerprint(&self) -> Block {
        self.master.cmac(&[b"voisins authentic key fingerprint v1"])
    }

    /// What a card keeps beside a key to say which it is (*key version*); 0 is a blank card's.
    #[must_use]
    pub fn version(&self) -> u8 {
        // drawn from the key, so that other houses' keys mostly have another
        self.master.cmac(&[b"voisins authentic key version v1"])[0].max(1)
    }

    /// The key of one card, one application, one place in it: `CMAC(master, 01 ‖ UID ‖ AID ‖ number ‖ system)` (AN10922, 2.2).
    #[must_use]
    pub fn diversified(&self, uid: &Uid, application: &[u8], number: u8) -> AesKey {
        diversify(&self.master, &[uid.as_bytes(), application, &[number], SYSTEM])
    }

    /// The key of one place that all cards of the site share: what deciphers who a card is can't depend on who it is. It stands for a UID
    /// that no card has.
    #[must_use]
    pub fn shared(&self, application: &[u8], number: u8) -> AesKey {
        diversify(&self.master, &[&[0; 7], application, &[number], SYSTEM])
    }
}

impl fmt::Debug for SiteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SiteKeys({} keys)", self.0.len())
    }
}

impl fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SiteKey({})", self.id)
    }
}

/// AN10922, 2.2: CMAC over two blocks. For inputs of 16 to 31 bytes that is CMAC as it is; ours have 18 to 25, as NXP's cards have UIDs
/// of 7 or 10 bytes.
fn diversify(master: &AesKey, input: &[&[u8]]) -> AesKey {
    AesKey::new(master.cmac(&[&[AES128], &input.concat()]))
}

#[cfg(test)]
mod tests {
    use super::super::crypto::tests::{bytes, hex_of};
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    /// AN10922, 2.2.1: UID 04782E21801D80, AID 3042F5, system identifier "NXP Abu".
    #[test]
    fn an10922_aes128_key_diversification() {
        let master = AesKey::new(bytes("00112233445566778899AABBCCDDEEFF"));
        let (uid, aid) = (hex_of("04782E21801D80"), hex_of("3042F5"));
        assert_eq!(diversify(&master, &[&uid, &aid, b"NXP Abu"]).expose(), &bytes("A8DD63A3B89D54B37CA802473FDA9175"));
    }

    #[test]
    fn each_card_each_application_and_each_place_has_a_key_of_its_own() {
        let key = SiteKey { id: 1, master: AesKey::new([7; 16]) };
        let uid = |hex| Uid::from_hex(hex).unwrap();
        let all = [
            key.diversified(&uid("04A1B2C3D4E5F6"), &[1, 2, 3], 1),
            key.diversified(&uid("04A1B2C3D4E5F7"), &[1, 2, 3], 1),
            key.diversified(&uid("04A1B2C3D4E5F6"), &[1, 2, 4], 1),
            key.diversified(&uid("04A1B2C3D4E5F6"), &[1, 2, 3], 2),
            key.shared(&[1, 2, 3], 1),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().map(|key| *key.expose()).collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn the_key_file_is_made_once_for_its_owner_only_and_shows_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SiteKeys::FILE);
        assert!(matches!(SiteKeys::load(&path, false), Err(KeyError::Lost { .. })));
        let made = SiteKeys::load(&path, true).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(SiteKeys::load(&path, false).unwrap().fingerprints(), made.fingerprints());
        assert_eq!(format!("{made:?} {:?}", made.newest().unwrap()), "SiteKeys(1 keys) SiteKey(1)");
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str(&format!("300 {}\n", "cd".repeat(16)));
        std::fs::write(&path, text).unwrap();
        let both = SiteKeys::load(&path, false).unwrap();
        assert_eq!(both.iter().map(SiteKey::id).collect::<Vec<_>>(), [300, 1]);
        let key = |byte| SiteKey { id: 1, master: AesKey::new([byte; 16]) }.version();
        assert!((0..=255).all(|byte| key(byte) != 0), "0 is a blank card's");
        assert_ne!(key(1), key(2), "another house's");
    }
}
