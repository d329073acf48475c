//! AES-128 as NXP's cards use it: CBC, CMAC (NIST SP 800-38B), its truncation, and a checksum. The algorithms are `RustCrypto`'s.

use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use cmac::{Cmac, KeyInit as _, Mac as _};
use std::fmt;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 16 bytes: a block, a challenge, an initial vector.
pub type Block = [u8; 16];

/// The initial vector where none is said.
pub const ZERO: Block = [0; 16];

/// An AES-128 key. It is wiped when it goes, and shown to nobody.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct AesKey(Block);

impl AesKey {
    /// What every blank card has (NT4H2421Gx 8.2.3.1; DESFire: the keys of a new AES application).
    pub const FACTORY: Self = Self(ZERO);

    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: Block) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sent to a card under another key, and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &Block {
        &self.0
    }

    /// CBC without padding.
    #[must_use]
    pub fn encrypt(&self, iv: &Block, plain: &[Block]) -> Vec<u8> {
        cbc::Encryptor::<Aes128>::new(&self.0.into(), &(*iv).into()).encrypt_padded_vec::<NoPadding>(plain.as_flattened())
    }

    /// CBC without padding; none if these are no whole blocks.
    #[must_use]
    pub fn decrypt(&self, iv: &Block, secret: &[u8]) -> Option<Vec<u8>> {
        cbc::Decryptor::<Aes128>::new(&self.0.into(), &(*iv).into()).decrypt_padded_vec::<NoPadding>(secret).ok()
    }

    /// One block, deciphered.
    #[must_use]
    pub fn decrypt_block(&self, iv: &Block, secret: &Block) -> Block {
        self.decrypt(iv, secret).and_then(|plain| plain.try_into().ok()).unwrap_or(ZERO)
    }

    /// CMAC over the parts, one after the other.
    #[must_use]
    pub fn cmac(&self, parts: &[&[u8]]) -> Block {
        let mut mac = Cmac::<Aes128>::new(&self.0.into());
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// CMAC cut to every second byte, as it goes over the air (NT4H2421Gx 9.1.3).
    #[must_use]
    pub fn short_mac(&self, parts: &[&[u8]]) -> [u8; 8] {
        let whole = self.cmac(parts);
        std::array::from_fn(|i| whole[2 * i + 1])
    }
}

impl fmt::Debug for AesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesKey")
    }
}

/// Whether two secrets are the same, in a time that says nothing of where they differ.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// `b1 b2 … b0`: how the other side shows that it could read a challenge.
#[must_use]
pub fn rotated(mut block: Block) -> Block {
    block.rotate_left(1);
    block
}

/// The CRC-32 of IEEE 802.3 without its last inversion, low byte first (NT4H2421Gx 10.6.1, AN12196 5.16.1).
#[must_use]
pub fn crc32(parts: &[&[u8]]) -> [u8; 4] {
    let of_bit = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let of_byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), of_bit);
    parts.iter().flat_map(|part| part.iter()).fold(u32::MAX, of_byte).to_le_bytes()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex_of(hex).try_into().unwrap()
    }

    pub(crate) fn hex_of(hex: &str) -> Vec<u8> {
        hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    /// RFC 4493, section 4: the empty message, 16 bytes, 40 bytes.
    #[test]
    fn rfc4493_aes_cmac() {
        let key = AesKey::new(bytes("2B7E151628AED2A6ABF7158809CF4F3C"));
        let message = hex_of("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411");
        assert_eq!(key.cmac(&[]), bytes("BB1D6929E95937287FA37D129B756746"));
        assert_eq!(key.cmac(&[&message[..16]]), bytes("070A16B46B4D4144F79BDD9DD04A287C"));
        assert_eq!(key.cmac(&[&message[..7], &message[7..]]), bytes("DFA66747DE9AE63030CA32611497C827"));
    }

    /// AN12196, 5.12: a whole MAC, and what goes over the air of it.
    #[test]
    fn an12196_write_data_mac() {
        let key = AesKey::new(bytes("FC4AF159B62E549B5812394CAB1918CC"));
        let message = hex_of("8D00007614281A030000000A00006B5E6804909962FC4E3FF5522CF0F843");
        assert_eq!(key.cmac(&[&message]), bytes("426CD70CE153ED315E5B139CB97384AA"));
        assert_eq!(key.short_mac(&[&message]), bytes("6C0C53315B9C73AA"));
    }

    /// AN12196, 5.16.1, step 7.
    #[test]
    fn an12196_crc32_of_a_new_key() {
        let key: Block = bytes("F3847D627727ED3BC9C4CC050489B966");
        assert_eq!(crc32(&[&key]), bytes("789DFADC"));
        assert_eq!(crc32(&[&key[..5], &key[5..]]), bytes("789DFADC"));
    }

    #[test]
    fn half_a_block_is_not_deciphered_and_a_key_is_not_shown() {
        let key = AesKey::new([7; 16]);
        assert_eq!(key.decrypt(&ZERO, &[1; 15]), None);
        assert_eq!(format!("{key:?}"), "AesKey");
        assert!(same(&[1, 2], &[1, 2]) && !same(&[1, 2], &[1, 3]) && !same(&[1], &[1, 2]));
    }
}
