//! Cards that prove themselves, played by the tests: an NTAG 424 DNA, and MIFARE DESFires of two generations, as far as the daemon talks to
//! them. Written from the datasheet beside the daemon's code and not with it: the modes of AES are made by hand here.
//!
//! What a chip remembers outlives its taps: the same [`Chip`] may be held to a reader again and again, as one [`Card`](crate::card::Card)
//! each time.

mod ndef;

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use ndef::Ndef;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Block = [u8; 16];
const ZERO: Block = [0; 16];
const FACTORY: Block = ZERO;
const NDEF_APPLICATION: [u8; 7] = [0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01];

const NO_SUCH_COMMAND: [u8; 2] = [0x91, 0x1C];
const INTEGRITY: [u8; 2] = [0x91, 0x1E];
const LENGTH: [u8; 2] = [0x91, 0x7E];
const NO_SUCH_KEY: [u8; 2] = [0x91, 0x40];
const PERMISSION: [u8; 2] = [0x91, 0x9D];
const NO_SUCH_APPLICATION: [u8; 2] = [0x91, 0xA0];
const AUTHENTICATION: [u8; 2] = [0x91, 0xAE];
const DUPLICATE: [u8; 2] = [0x91, 0xDE];

/// Which card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// NTAG 424 DNA.
    Ntag424,
    /// The first DESFire with AES.
    DesfireEv1,
    /// EV2 and EV3.
    DesfireEv2,
}

/// A chip with its memory.
#[derive(Debug, Clone)]
pub struct Chip(Arc<Mutex<Memory>>);

#[derive(Debug)]
struct Memory {
    kind: Kind,
    uid: [u8; 7],
    /// Keys and their versions; none: the application is not there.
    keys: Option<Vec<(Block, u8)>>,
    /// A DESFire whose issuer lets nobody else make applications.
    locked: bool,
    /// Of an NTAG 424 DNA.
    ndef: Ndef,
    // what is forgotten without power
    selected: bool,
    version_part: u8,
    dialogue: Dialogue,
    chance: u64,
}

#[derive(Debug, Clone)]
enum Dialogue {
    Nobody,
    /// It gave out a challenge.
    Challenged {
        ev2: bool,
        number: u8,
        theirs: Block,
        sent: Block,
    },
    /// Both know a key.
    Ev1 {
        number: u8,
        key: Block,
    },
    Ev2 {
        number: u8,
        cipher: Block,
        mac: Block,
        transaction: [u8; 4],
        count: u16,
    },
}

impl Chip {
    /// A chip as it leaves the factory.
    #[must_use]
    pub fn blank(kind: Kind, uid: [u8; 7]) -> Self {
        let keys = (kind == Kind::Ntag424).then(|| vec![(FACTORY, 0); 5]);
        let (selected, version_part, dialogue, chance) = (false, 0, Dialogue::Nobody, 1);
        let (locked, ndef) = (false, Ndef::blank());
        Self(Arc::new(Mutex::new(Memory { kind, uid, keys, locked, ndef, selected, version_part, dialogue, chance })))
    }

    /// A DESFire whose issuer lets nobody else make applications.
    #[must_use]
    pub fn locked(self) -> Self {
        self.lock().locked = true;
        self
    }

    /// Another chip that says the same UID: it copied all that can be read, which is no key, and of the file for phones what it said once.
    #[must_use]
    pub fn copied(&self) -> Self {
        let mut memory = self.lock();
        let copy = Self::blank(memory.kind, memory.uid);
        copy.lock().ndef = memory.copied_ndef();
        copy.lock().keys = memory.keys.as_ref().map(|keys| keys.iter().map(|(_, version)| ([0x5A; 16], *version)).collect());
        copy
    }

    /// Its UID.
    #[must_use]
    pub fn uid(&self) -> [u8; 7] {
        self.lock().uid
    }

    /// Whether no key is a factory's any more.
    #[must_use]
    pub fn has_only_keys_of_its_own(&self) -> bool {
        self.lock().keys.as_ref().is_some_and(|keys| keys.iter().all(|(key, version)| *key != FACTORY && *version != 0))
    }

    /// The field is gone, or was: it trusts nobody.
    pub fn power_off(&self) {
        let mut memory = self.lock();
        (memory.selected, memory.version_part, memory.dialogue) = (false, 0, Dialogue::Nobody);
        memory.ndef.deselect();
    }

    /// What it answers, status words and all.
    #[must_use]
    pub fn answer(&self, apdu: &[u8]) -> Vec<u8> {
        self.lock().answer(apdu)
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn answer(&mut self, apdu: &[u8]) -> Vec<u8> {
        match apdu {
            [0x00, 0xA4, 0x04, _, 0x07, name @ ..] => {
                self.dialogue = Dialogue::Nobody;
                self.ndef.deselect();
                self.selected = self.kind == Kind::Ntag424 && name.starts_with(&NDEF_APPLICATION);
                if self.selected { vec![0x90, 0x00] } else { vec![0x6A, 0x82] }
            }
            [0x00, 0xA4, 0x00, 0x0C, 0x02, file @ ..] if self.selected => self.select_file(file),
            [0x00, 0xB0, high @ 0x00..0x80, low, length] => self.read_binary(u16::from_be_bytes([*high, *low]), *length),
            [0x90, ins, 0x00, 0x00, 0x00] => self.native(*ins, &[]),
            [0x90, ins, 0x00, 0x00, length, data @ .., 0x00] if data.len() == usize::from(*length) => self.native(*ins, data),
            [0x90, ..] => LENGTH.to_vec(),
            _ => vec![0x6D, 0x00],
        }
    }

    fn native(&mut self, ins: u8, data: &[u8]) -> Vec<u8> {
        let desfire = self.kind != Kind::Ntag424;
        match (ins, data) {
            (0x60, []) => self.version(),
            (0xAF, []) if self.version_part > 0 => self.version(),
            (0x5A, [0, 0, 0]) if desfire => self.select(false),
            (0x5A, _) if desfire && self.keys.is_some() => self.select(true),
            (0x5A, _) if desfire => NO_SUCH_APPLICATION.to_vec(),
            (0xCA, [_, _, _, _, 0x82]) if desfire => self.create(),
            (0x71, [number, 0x00]) if self.kind != Kind::DesfireEv1 => self.challenge(true, *number),
            (0x64, [number]) if !desfire && self.selected => self.key_version(*number),
            (0xAA, [number]) if desfire => self.challenge(false, *number),
            (0xAF, answer) => self.prove(answer),
            (0xF5, [0x02]) if !desfire && self.selected => self.file_settings(),
            (0x5F, [0x02, secret @ ..]) if !desfire && self.selected => self.change_file_settings(secret),
            (0x8D, [0x02, data @ ..]) if !desfire && self.selected => self.write_data(data),
            (0xC4, [number, secret @ ..]) => self.change_key(*number, secret),
            _ => NO_SUCH_COMMAND.to_vec(),
        }
    }

    fn version(&mut self) -> Vec<u8> {
        let hardware = match self.kind {
            Kind::Ntag424 => [0x04, 0x04, 0x02, 0x30, 0x00, 0x11, 0x05],
            Kind::DesfireEv1 => [0x04, 0x01, 0x01, 0x01, 0x00, 0x18, 0x05],
            Kind::DesfireEv2 => [0x04, 0x01, 0x01, 0x12, 0x00, 0x18, 0x05],
        };
        self.version_part = (self.version_part + 1) % 3;
        match self.version_part {
            1 => [&hardware[..], &[0x91, 0xAF]].concat(),
            2 => [&hardware[..], &[0x91, 0xAF]].concat(),
            _ => [&self.uid[..], &[0; 7], &[0x91, 0x00]].concat(),
        }
    }

    fn select(&mut self, ours: bool) -> Vec<u8> {
        (self.selected, self.dialogue) = (ours, Dialogue::Nobody);
        vec![0x91, 0x00]
    }

    fn create(&mut self) -> Vec<u8> {
        if self.selected || self.locked {
            return PERMISSION.to_vec();
        }
        if self.keys.is_some() {
            return DUPLICATE.to_vec();
        }
        self.keys = Some(vec![(FACTORY, 0); 2]);
        vec![0x91, 0x00]
    }

    fn key(&self, number: u8) -> Option<Block> {
        self.keys.as_ref().filter(|_| self.selected)?.get(usize::from(number)).map(|(key, _)| *key)
    }

    fn challenge(&mut self, ev2: bool, number: u8) -> Vec<u8> {
        let Some(key) = self.key(number) else { return PERMISSION.to_vec() };
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let theirs = encrypt_block(&[0xC4; 16], &u128::from(self.chance).to_be_bytes());
        let sent = encrypt_block(&key, &theirs);
        self.dialogue = Dialogue::Challenged { ev2, number, theirs, sent };
        [&sent[..], &[0x91, 0xAF]].concat()
    }

    fn prove(&mut self, answer: &[u8]) -> Vec<u8> {
        let Dialogue::Challenged { ev2, number, theirs, sent } = std::mem::replace(&mut self.dialogue, Dialogue::Nobody) else {
            return NO_SUCH_COMMAND.to_vec();
        };
        let Some(key) = self.key(number).filter(|_| answer.len() == 32) else { return LENGTH.to_vec() };
        let plain = cbc_decrypt(&key, if ev2 { ZERO } else { sent }, answer);
        let (ours, back) = plain.split_at(16);
        if back != rotated(&theirs) {
            return AUTHENTICATION.to_vec();
        }
        if ev2 {
            let transaction = [0x76, 0x14, 0x28, self.chance as u8];
            let vector = |label: [u8; 2]| {
                let mixed: Vec<u8> = ours[2..8].iter().zip(&theirs[..6]).map(|(a, b)| a ^ b).collect();
                [&label[..], &[0, 1, 0, 0x80], &ours[..2], &mixed, &theirs[6..], &ours[8..]].concat()
            };
            let (cipher, mac) = (cmac(&key, &vector([0xA5, 0x5A])), cmac(&key, &vector([0x5A, 0xA5])));
            self.dialogue = Dialogue::Ev2 { number, cipher, mac, transaction, count: 0 };
            let plain = [&transaction[..], &rotated(ours), &[0; 12]].concat();
            return [cbc_encrypt(&key, ZERO, &plain), vec![0x91, 0x00]].concat();
        }
        let session = [&ours[..4], &theirs[..4], &ours[12..], &theirs[12..]].concat();
        self.dialogue = Dialogue::Ev1 { number, key: session.try_into().expect("16 bytes") };
        let last = answer[16..].try_into().expect("16 bytes");
        [cbc_encrypt(&key, last, &rotated(ours)), vec![0x91, 0x00]].concat()
    }

    fn change_key(&mut self, number: u8, secret: &[u8]) -> Vec<u8> {
        let Some(old) = self.key(number) else { return PERMISSION.to_vec() };
        match self.dialogue.clone() {
            // all keys are changed under the first
            Dialogue::Ev1 { number: 0, key } if secret.len() == 32 => {
                let plain = cbc_decrypt(&key, ZERO, secret);
                let own = number == 0;
                let new = if own { plain[..16].to_vec() } else { xor(&plain[..16], &old) };
                let whole = plain[17..21] == crc32(&[&[0xC4, number][..], &plain[..17]].concat());
                if !whole || (!own && plain[21..25] != crc32(&new)) {
                    self.dialogue = Dialogue::Nobody;
                    return INTEGRITY.to_vec();
                }
                self.keep(number, &new, plain[16]);
                if own {
                    self.dialogue = Dialogue::Nobody;
                    return vec![0x91, 0x00];
                }
                // its MAC is made over the chain of all that was said, which nobody here goes on with
                [&[0; 8][..], &[0x91, 0x00]].concat()
            }
            Dialogue::Ev2 { number: 0, .. } if secret.len() == 40 => {
                let Some(plain) = self.opened(0xC4, number, secret) else { return INTEGRITY.to_vec() };
                let own = number == 0;
                let new = if own { plain[..16].to_vec() } else { xor(&plain[..16], &old) };
                let whole = if own { plain[17] == 0x80 } else { plain[17..21] == crc32(&new) && plain[21] == 0x80 };
                if !whole {
                    self.dialogue = Dialogue::Nobody;
                    return INTEGRITY.to_vec();
                }
                self.keep(number, &new, plain[16]);
                if own {
                    self.dialogue = Dialogue::Nobody;
                    return vec![0x91, 0x00];
                }
                self.done()
            }
            _ => AUTHENTICATION.to_vec(),
        }
    }

    /// What a command in *CommMode.Full* says, under key 0; a wrong MAC ends the dialogue.
    fn opened(&mut self, ins: u8, about: u8, sent: &[u8]) -> Option<Vec<u8>> {
        let Dialogue::Ev2 { number: 0, cipher, mac, transaction, count } = self.dialogue.clone() else { return None };
        let (secret, said) = sent.split_at(sent.len().checked_sub(8)?);
        let header = [&[ins][..], &count.to_le_bytes(), &transaction, &[about], secret].concat();
        if said != short(&cmac(&mac, &header)) || !secret.len().is_multiple_of(16) {
            self.dialogue = Dialogue::Nobody;
            return None;
        }
        let vector = [&[0xA5, 0x5A][..], &transaction, &count.to_le_bytes(), &[0; 8]].concat();
        Some(cbc_decrypt(&cipher, encrypt_block(&cipher, &vector.try_into().expect("16 bytes")), secret))
    }

    /// The signed answer to such a command, which has no data.
    fn done(&mut self) -> Vec<u8> {
        let Dialogue::Ev2 { mac, transaction, count, .. } = &mut self.dialogue else { return AUTHENTICATION.to_vec() };
        *count += 1;
        let answer = [&[0x00][..], &count.to_le_bytes(), &*transaction].concat();
        [&short(&cmac(mac, &answer))[..], &[0x91, 0x00]].concat()
    }

    fn key_version(&self, number: u8) -> Vec<u8> {
        match self.keys.as_ref().and_then(|keys| keys.get(usize::from(number))) {
            Some((_, version)) => vec![*version, 0x91, 0x00],
            None => NO_SUCH_KEY.to_vec(),
        }
    }

    fn keep(&mut self, number: u8, new: &[u8], version: u8) {
        let key = new.try_into().expect("16 bytes");
        if let Some(place) = self.keys.as_mut().and_then(|keys| keys.get_mut(usize::from(number))) {
            *place = (key, version);
        }
    }
}

fn encrypt_block(key: &Block, plain: &Block) -> Block {
    let mut block = (*plain).into();
    Aes128::new(&(*key).into()).encrypt_block(&mut block);
    block.into()
}

fn cbc_encrypt(key: &Block, mut last: Block, plain: &[u8]) -> Vec<u8> {
    let mut secret = Vec::with_capacity(plain.len());
    for block in plain.chunks(16) {
        last = encrypt_block(key, &xor(block, &last).try_into().expect("whole blocks"));
        secret.extend(last);
    }
    secret
}

fn cbc_decrypt(key: &Block, mut last: Block, secret: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(secret.len());
    for block in secret.chunks(16) {
        let block: Block = block.try_into().expect("whole blocks");
        let mut opened = block.into();
        Aes128::new(&(*key).into()).decrypt_block(&mut opened);
        plain.extend(xor(&opened, &last));
        last = block;
    }
    plain
}

/// NIST SP 800-38B, by the book.
fn cmac(key: &Block, message: &[u8]) -> Block {
    let doubled = |block: Block| {
        let number = u128::from_be_bytes(block);
        ((number << 1) ^ if number >> 127 == 1 { 0x87 } else { 0 }).to_be_bytes()
    };
    let first = doubled(encrypt_block(key, &ZERO));
    let whole = !message.is_empty() && message.len().is_multiple_of(16);
    let mut padded = message.to_vec();
    if !whole {
        padded.push(0x80);
        padded.resize(padded.len().next_multiple_of(16), 0);
    }
    let subkey = if whole { first } else { doubled(first) };
    let end = padded.len() - 16;
    let last = xor(&padded[end..], &subkey);
    padded[end..].copy_from_slice(&last);
    cbc_encrypt(key, ZERO, &padded)[end..].try_into().expect("16 bytes")
}

fn short(mac: &Block) -> [u8; 8] {
    std::array::from_fn(|i| mac[2 * i + 1])
}

fn rotated(block: &[u8]) -> Vec<u8> {
    [&block[1..], &block[..1]].concat()
}

fn xor(a: &[u8], b: &[u8]) -> Vec<u8> {
    a.iter().zip(b).map(|(a, b)| a ^ b).collect()
}

fn crc32(bytes: &[u8]) -> [u8; 4] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    crc.to_le_bytes()
}
