//! *Secure unique NFC* (AN12196, 3 and 4): a phone that reads an NTAG 424 DNA gets an address with the card's UID and a rising number,
//! enciphered, and a MAC that only the card can make. What was read once is worth nothing a second time.

use super::crypto::{AesKey, Block, ZERO, same};
use super::keys::SiteKeys;
use super::ntag424::AID;
use serde::{Deserialize, Serialize};
use voisins_shared::uid::Uid;

/// The key that enciphers who the card is: the same on all cards of the site.
pub const META_KEY: u8 = 2;
/// The key that the MAC is made with: the card's own.
pub const FILE_KEY: u8 = 3;
/// *PICCDataTag*: UID and counter are both there, the UID has 7 bytes.
const BOTH_OF_7: u8 = 0xC7;
/// Before the session vector of MACs (NT4H2421Gx 9.3.9.1).
const FOR_MACS: [u8; 6] = [0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80];

/// What a card said to a phone, as it stands in the address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who, and the how-manieth time, enciphered.
    pub picc_data: Block,
    /// The MAC.
    pub mac: [u8; 8],
}

/// A message that a genuine card made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Which card.
    pub uid: Uid,
    /// The how-manieth time it was read.
    pub count: u32,
}

/// No card of the site made a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no badge of this site made this")]
pub struct Forged;

/// What a message is worth to whoever holds the badge to their phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A badge of the site, here and now.
    Genuine,
    /// The same of one that was reported lost.
    Lost,
    /// It was used before, or a later one was.
    Replayed,
    /// No badge of the site made it.
    Forged,
}

/// Reads a message under the first of the site's keys that fits.
///
/// # Errors
/// [`Forged`].
pub fn verify(message: &Message, keys: &SiteKeys) -> Result<Read, Forged> {
    let under = |key: &super::keys::SiteKey| {
        let read = decipher(&key.shared(&AID, META_KEY), &message.picc_data)?;
        let genuine = is_genuine(&key.diversified(&read.uid, &AID, FILE_KEY), &read, &message.mac);
        genuine.then_some(read)
    };
    keys.iter().find_map(under).ok_or(Forged)
}

impl Message {
    /// Reads the two parts of an address, 32 and 16 hexadecimal digits.
    #[must_use]
    pub fn from_hex(picc_data: &str, mac: &str) -> Option<Self> {
        Some(Self { picc_data: bytes(picc_data)?, mac: bytes(mac)? })
    }
}

/// Whoever has it can use it once.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message")
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digits = hex.as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// AN12196, 3.4.2.2: tag, UID, counter (low byte first), chance.
fn decipher(meta: &AesKey, picc_data: &Block) -> Option<Read> {
    let plain = meta.decrypt_block(&ZERO, picc_data);
    let [BOTH_OF_7, rest @ ..] = plain else { return None };
    let count = u32::from_le_bytes([rest[7], rest[8], rest[9], 0]);
    Some(Read { uid: Uid::new(&rest[..7]).ok()?, count })
}

/// AN12196, 3.4.4.2: the MAC over nothing more, under a key of this reading.
fn is_genuine(file: &AesKey, read: &Read, mac: &[u8; 8]) -> bool {
    let count = read.count.to_le_bytes();
    let session = AesKey::new(file.cmac(&[&FOR_MACS, read.uid.as_bytes(), &count[..3]]));
    same(&session.short_mac(&[]), mac)
}

#[cfg(test)]
mod tests {
    use super::super::crypto::tests::bytes as exactly;
    use super::*;

    fn uid(hex: &str) -> Uid {
        Uid::from_hex(hex).unwrap()
    }

    /// AN12196, 3.4.2.2 (table 2) and 3.4.4.2.1 (table 4), with factory keys.
    #[test]
    fn an12196_sun_message() {
        let picc_data = exactly("EF963FF7828658A599F3041510671E88");
        let read = decipher(&AesKey::FACTORY, &picc_data).unwrap();
        assert_eq!(read, Read { uid: uid("04DE5F1EACC040"), count: 61 });
        assert!(is_genuine(&AesKey::FACTORY, &read, &exactly("94EED9EE65337086")));
        assert!(!is_genuine(&AesKey::FACTORY, &read, &exactly("94EED9EE65337087")));
        assert!(!is_genuine(&AesKey::FACTORY, &Read { count: 62, ..read }, &exactly("94EED9EE65337086")));
    }

    /// AN12196, 3.3 (table 1): the session key of MACs.
    #[test]
    fn an12196_sdm_session_key() {
        let file = AesKey::new(exactly("5ACE7E50AB65D5D51FD5BF5A16B8205B"));
        let session = file.cmac(&[&FOR_MACS, uid("04C767F2066180").as_bytes(), &[1, 0, 0]]);
        assert_eq!(session, exactly("3A3E8110E05311F7A3FCF0D969BF2B48"));
    }

    fn keys(master: u8) -> SiteKeys {
        SiteKeys::new(vec![(1, AesKey::new([master; 16]))])
    }

    fn said(keys: &SiteKeys, card: &Uid, count: u32) -> Message {
        let key = keys.newest().unwrap();
        let mut plain = [0x5A; 16];
        plain[0] = BOTH_OF_7;
        plain[1..8].copy_from_slice(card.as_bytes());
        plain[8..11].copy_from_slice(&count.to_le_bytes()[..3]);
        let picc_data = key.shared(&AID, META_KEY).encrypt(&ZERO, &[plain]).try_into().unwrap();
        let file = key.diversified(card, &AID, FILE_KEY);
        let session = AesKey::new(file.cmac(&[&FOR_MACS, card.as_bytes(), &count.to_le_bytes()[..3]]));
        Message { picc_data, mac: session.short_mac(&[]) }
    }

    #[test]
    fn a_message_of_a_badge_of_the_site_is_read_and_any_other_is_forged() {
        let (ours, theirs, card) = (keys(1), keys(2), uid("04A1B2C3D4E5F6"));
        let message = said(&ours, &card, 7);
        assert_eq!(verify(&message, &ours), Ok(Read { uid: card.clone(), count: 7 }));
        assert_eq!(verify(&message, &theirs), Err(Forged));
        assert_eq!(verify(&Message { mac: said(&ours, &card, 8).mac, ..message }, &ours), Err(Forged));
        assert_eq!(Message::from_hex("EF", "94"), None);
        assert_eq!(Message::from_hex(&"+1".repeat(16), &"00".repeat(8)), None);
    }
}
