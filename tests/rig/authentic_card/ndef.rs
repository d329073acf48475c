//! The file of an NTAG 424 DNA that phones read: who may write it, and what the card fills in and signs at each reading.

use super::{
    AUTHENTICATION, Block, Chip, Dialogue, INTEGRITY, LENGTH, Memory, PERMISSION, ZERO, cbc_encrypt, cmac, encrypt_block, short,
};

const SIZE: usize = 256;
const FILE_ID: [u8; 2] = [0xE1, 0x04];
/// A right that anybody has.
const FREE: u8 = 0xE;
const NO_SUCH_FILE: [u8; 2] = [0x6A, 0x82];
const NOT_ALLOWED: [u8; 2] = [0x69, 0x82];
const PARAMETER: [u8; 2] = [0x91, 0x9E];

#[derive(Debug)]
pub(super) struct Ndef {
    content: Vec<u8>,
    /// As *ChangeFileSettings* is told.
    settings: Vec<u8>,
    /// How often it was read by who knew no key.
    count: u32,
    selected: bool,
    /// This selection is counted.
    counted: bool,
}

impl Ndef {
    pub(super) fn blank() -> Self {
        // read and written by anybody, settings changed under key 0
        Self { content: vec![0; SIZE], settings: vec![0x00, 0xE0, 0xEE], count: 0, selected: false, counted: false }
    }

    pub(super) fn deselect(&mut self) {
        (self.selected, self.counted) = (false, false);
    }

    /// Reading; writing; reading and writing; changing the settings.
    fn rights(&self) -> [u8; 4] {
        let [_, low, high, ..] = self.settings[..] else { return [0xF; 4] };
        [high >> 4, high & 0xF, low >> 4, low & 0xF]
    }

    fn is_signed(&self) -> bool {
        self.settings[0] & 0x40 != 0
    }
}

impl Chip {
    /// What a phone reads: NFC Forum's *Type 4 Tag*, a record with an address.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    #[track_caller]
    pub fn tells_phone(&self) -> String {
        self.power_off();
        let ask = |apdu: &[u8]| {
            let mut answer = self.answer(apdu);
            let words = answer.split_off(answer.len() - 2);
            assert_eq!(words, [0x90, 0x00], "{apdu:02X?}");
            answer
        };
        ask(&[0x00, 0xA4, 0x04, 0x00, 0x07, 0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01, 0x00]);
        ask(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0xE1, 0x04]);
        let length = ask(&[0x00, 0xB0, 0x00, 0x00, 0x02]);
        assert_eq!(length[0], 0, "a short file");
        let record = ask(&[0x00, 0xB0, 0x00, 0x02, length[1]]);
        self.power_off();
        let [0xD1, 0x01, payload, b'U', prefix, rest @ ..] = &record[..] else { panic!("no address: {record:02X?}") };
        assert_eq!(usize::from(*payload), rest.len() + 1);
        let scheme = ["", "http://www.", "https://www.", "http://", "https://"][usize::from(*prefix)];
        format!("{scheme}{}", std::str::from_utf8(rest).expect("an address"))
    }

    /// How often it was read by phones, and by others who knew no key.
    #[must_use]
    pub fn readings(&self) -> u32 {
        self.lock().ndef.count
    }
}

impl Memory {
    pub(super) fn select_file(&mut self, file: &[u8]) -> Vec<u8> {
        self.ndef.deselect();
        self.ndef.selected = file.starts_with(&FILE_ID);
        if self.ndef.selected { vec![0x90, 0x00] } else { NO_SUCH_FILE.to_vec() }
    }

    pub(super) fn read_binary(&mut self, from: u16, length: u8) -> Vec<u8> {
        let [read, ..] = self.ndef.rights();
        if !self.ndef.selected || read != FREE {
            return NOT_ALLOWED.to_vec();
        }
        let (content, from) = (self.said(), usize::from(from));
        let length = if length == 0 { SIZE } else { length.into() };
        let Some(part) = content.get(from..SIZE.min(from + length)) else { return vec![0x6B, 0x00] };
        [part, &[0x90, 0x00]].concat()
    }

    /// The content as it is read now: with what the card fills in for who knows no key.
    fn said(&mut self) -> Vec<u8> {
        let mut content = self.ndef.content.clone();
        if !self.ndef.is_signed() || matches!(self.dialogue, Dialogue::Ev1 { .. } | Dialogue::Ev2 { .. }) {
            return content;
        }
        if !self.ndef.counted {
            self.ndef.counted = true;
            self.ndef.count += 1;
        }
        let (who, mac) = self.sun();
        let at = |from: usize| usize::from(self.ndef.settings[from]) + (usize::from(self.ndef.settings[from + 1]) << 8);
        content[at(6)..][..32].copy_from_slice(hex(&who).as_bytes());
        content[at(12)..][..16].copy_from_slice(hex(&mac).as_bytes());
        content
    }

    /// NT4H2421Gx 9.3.
    fn sun(&self) -> (Vec<u8>, [u8; 8]) {
        let keys = self.keys.as_ref().expect("an NTAG has keys");
        let key = |number: u8| keys[usize::from(number)].0;
        let (meta, file) = (self.ndef.settings[5] >> 4, self.ndef.settings[5] & 0xF);
        let who = [&self.uid[..], &self.ndef.count.to_le_bytes()[..3]].concat();
        let chance: Block = encrypt_block(&[0xC5; 16], &u128::from(self.ndef.count).to_be_bytes());
        let session = cmac(&key(file), &[&[0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80], &who[..]].concat());
        (cbc_encrypt(&key(meta), ZERO, &[&[0xC7], &who[..], &chance[..5]].concat()), short(&cmac(&session, &[])))
    }

    pub(super) fn file_settings(&self) -> Vec<u8> {
        let settings = &self.ndef.settings;
        [&[0x00], &settings[..3], &[0x00, 0x01, 0x00], &settings[3..], &[0x91, 0x00]].concat()
    }

    pub(super) fn change_file_settings(&mut self, secret: &[u8]) -> Vec<u8> {
        if !matches!(self.dialogue, Dialogue::Ev2 { number: 0, .. }) || self.ndef.rights()[3] != 0 {
            return PERMISSION.to_vec();
        }
        let Some(mut plain) = self.opened(0x5F, 0x02, secret) else { return INTEGRITY.to_vec() };
        let Some(end) = plain.iter().rposition(|byte| *byte == 0x80) else { return INTEGRITY.to_vec() };
        plain.truncate(end);
        // the one form of SDM that is played here: who, enciphered, and a MAC over nothing, both within the file
        let fits = match &plain[..] {
            [0x00, _, _] => true,
            [0x40, _, _, 0xC1, _, sdm, who, 0, 0, input, 0, 0, mac, 0, 0] => {
                let keys = sdm >> 4 < 5 && sdm & 0xF < 5;
                keys && input == mac && u16::from(*who) + 32 <= u16::from(*mac) && usize::from(*mac) + 16 <= SIZE
            }
            _ => false,
        };
        if !fits {
            return PARAMETER.to_vec();
        }
        if plain[0] & 0x40 != 0 {
            self.ndef.count = 0;
        }
        self.ndef.settings = plain;
        self.done()
    }

    /// In plain, as its settings say.
    pub(super) fn write_data(&mut self, data: &[u8]) -> Vec<u8> {
        let [from, 0, 0, length, 0, 0, data @ ..] = data else { return LENGTH.to_vec() };
        let (from, length) = (usize::from(*from), usize::from(*length));
        if data.len() != length || from + length > SIZE {
            return LENGTH.to_vec();
        }
        let [_, write, both, _] = self.ndef.rights();
        match &mut self.dialogue {
            Dialogue::Ev2 { number, count, .. } if [*number, FREE].iter().any(|right| [write, both].contains(right)) => *count += 1,
            Dialogue::Ev2 { .. } => return PERMISSION.to_vec(),
            _ if [write, both].contains(&FREE) => {}
            _ => return AUTHENTICATION.to_vec(),
        }
        self.ndef.content[from..from + length].copy_from_slice(data);
        vec![0x91, 0x00]
    }

    /// The file of a copy: what this one said once, and nothing that would sign.
    pub(super) fn copied_ndef(&mut self) -> Ndef {
        self.ndef.deselect();
        let content = self.said();
        self.ndef.deselect();
        Ndef { content, ..Ndef::blank() }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
