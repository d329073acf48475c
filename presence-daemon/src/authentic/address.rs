//! The address that an NTAG 424 DNA leads phones to: what stands in its NDEF file, and the file's settings that make the card fill in who
//! it is and sign it at each reading (*Secure Dynamic Messaging*, AN12196).

use super::sun::{FILE_KEY, META_KEY};

/// The NDEF file, as native commands name it.
pub const FILE: u8 = 0x02;
/// The same in ISO/IEC 7816-4, as phones name it.
pub const FILE_ID: [u8; 2] = [0xE1, 0x04];
/// Its size in bytes, low byte first.
const SIZE: [u8; 3] = [0x00, 0x01, 0x00];
/// The most that one command writes.
const LONGEST: usize = 240;
/// An NDEF message of one short record of the well-known type `U` (NFC Forum, *NDEF* 3.2 and *URI RTD* 3.2).
const SHORT_RECORD: [u8; 2] = [0xD1, 0x01];
const URI: u8 = b'U';
/// The digits that the card fills in: who and the how-manieth time, then the MAC.
const WHO: usize = 32;
const MAC: usize = 16;

/// *FileOption* (NT4H2421Gx 10.7.1): SDM is on, and commands for the file go in plain.
const SIGNED: u8 = 0x40;
/// *AccessRights*: anybody reads; reading and writing, writing, and changing these settings take key 0. Low byte first.
const RIGHTS: [u8; 2] = [0x00, 0xE0];
/// *SDMOptions*: UID and counter are both filled in, as ASCII.
const BOTH: u8 = 0xC1;
/// *SDMAccessRights*: nobody may ask for the counter, who is enciphered under one key, the MAC is made under another. Low byte first.
const SDM_RIGHTS: [u8; 2] = [0xFF, META_KEY << 4 | FILE_KEY];

/// An address, with room for what the card fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    file: Vec<u8>,
    who: usize,
    mac: usize,
}

impl Address {
    /// Of the page for badges at an origin such as `http://192.168.1.20:8481`; none if it is no origin, or longer than the file holds.
    #[must_use]
    pub fn at(origin: &str) -> Option<Self> {
        Self::between(&format!("{origin}/badge?p="), "&m=")
    }

    fn between(before: &str, middle: &str) -> Option<Self> {
        let (prefix, rest) = match (before.strip_prefix("https://"), before.strip_prefix("http://")) {
            (Some(rest), _) => (0x04, rest),
            (_, Some(rest)) => (0x03, rest),
            _ => return None,
        };
        let payload = [&[prefix], rest.as_bytes(), &[b'0'; WHO], middle.as_bytes(), &[b'0'; MAC]].concat();
        let record = [&SHORT_RECORD[..], &[u8::try_from(payload.len()).ok()?, URI], &payload].concat();
        let file = [&u16::try_from(record.len()).ok()?.to_be_bytes()[..], &record].concat();
        let mac = file.len() - MAC;
        (file.len() <= LONGEST).then(|| Self { who: mac - middle.len() - WHO, mac, file })
    }

    /// What stands in the file, from its start.
    #[must_use]
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// Whether this was read from the file of a card, which has filled in what it likes.
    #[must_use]
    pub fn is_in(&self, read: &[u8]) -> bool {
        let filled_in = |at: usize| (self.who..self.who + WHO).contains(&at) || at >= self.mac;
        read.len() == self.file.len() && read.iter().zip(&self.file).enumerate().all(|(at, (a, b))| a == b || filled_in(at))
    }

    /// What *ChangeFileSettings* is told.
    #[must_use]
    pub fn settings(&self) -> Vec<u8> {
        [&[SIGNED][..], &RIGHTS, &self.signing(SDM_RIGHTS)].concat()
    }

    /// What *GetFileSettings* then says: a file of standard data, the same settings, its size between them (NT4H2421Gx 10.7.2).
    #[must_use]
    pub fn settings_told(&self) -> Vec<u8> {
        [&[0x00, SIGNED][..], &RIGHTS, &SIZE, &self.signing(SDM_RIGHTS)].concat()
    }

    /// The MAC is made over nothing: it starts where its input does.
    fn signing(&self, rights: [u8; 2]) -> Vec<u8> {
        // the file is shorter than 256 bytes
        let offset = |at: usize| [at as u8, 0, 0];
        [&[BOTH][..], &rights, &offset(self.who), &offset(self.mac), &offset(self.mac)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::super::crypto::tests::hex_of;
    use super::*;

    /// AN12196, 5.8.1 (table 16): the file; 5.9 (table 18): the settings, with the note's own rights.
    #[test]
    fn an12196_ndef_file_and_its_settings() {
        let address = Address::between("https://choose.url.com/ntag424?e=", "&c=").unwrap();
        let expected =
            format!("0051D1014D550463686F6F73652E75726C2E636F6D2F6E7461673432343F653D{}26633D{}", "30".repeat(32), "30".repeat(16));
        assert_eq!(address.file(), hex_of(&expected));
        assert_eq!([&[SIGNED][..], &RIGHTS, &address.signing([0xF1, 0x21])].concat(), hex_of("4000E0C1F121200000430000430000"));
    }

    #[test]
    fn a_card_is_led_to_the_page_and_fills_in_only_its_own_places() {
        let address = Address::at("http://192.168.1.20:8481").unwrap();
        let text = String::from_utf8(address.file()[7..].to_vec()).unwrap();
        assert_eq!(text, format!("192.168.1.20:8481/badge?p={}&m={}", "0".repeat(32), "0".repeat(16)));
        let mut read = address.file().to_vec();
        assert!(address.is_in(&read));
        read[address.who..][..WHO].fill(b'A');
        read[address.mac..].fill(b'B');
        assert!(address.is_in(&read));
        read[address.mac - 1] = b'A';
        assert!(!address.is_in(&read));
        assert!(!address.is_in(&address.file()[1..]) && !address.is_in(&[]));
        assert_eq!(&address.settings()[3..6], [0xC1, 0xFF, 0x23]);
        assert_eq!(Address::at("ftp://a"), None);
        assert_eq!(Address::at(&format!("https://{}", "a".repeat(200))), None);
    }
}
