//! EV1 secure messaging with AES-128: DESFire EV1, and its successors, which understand it too. The datasheet is not public; this follows
//! what libfreefare (`mifare_desfire_crypto.c`, `mifare_desfire.c`) does with cards of all three generations.

use super::apdu::{NEXT_FRAME, command, exactly};
use super::crypto::{AesKey, Block, ZERO, crc32, rotated, same};
use super::{Chance, Failure, Transceive};

/// *AuthenticateAES*.
const AUTHENTICATE: u8 = 0xAA;
/// *ChangeKey*.
const CHANGE_KEY: u8 = 0xC4;

/// Both sides have proved that they know a key, and share one for the next command.
#[derive(Debug)]
pub struct Session {
    key: AesKey,
}

/// Proves to each other that both know a key. Here each cipher goes on from the last block of the one before.
///
/// # Errors
/// [`Failure::WrongKey`] or [`Failure::Refused`] if the card doesn't know it.
pub fn authenticate<T: Transceive>(
    card: &mut T,
    number: u8,
    key: &AesKey,
    chance: Chance<'_>,
) -> Result<Session, Failure<T::Error>> {
    let challenge: Block = exactly(card, AUTHENTICATE, &[number], true)?;
    let theirs = key.decrypt_block(&ZERO, &challenge);
    let ours = chance().map_err(|_| Failure::NoRandom)?;
    let sent = key.encrypt(&challenge, &[ours, rotated(theirs)]);
    let last = sent.last_chunk().copied().unwrap_or(ZERO);
    let answer: Block = exactly(card, NEXT_FRAME, &sent, false)?;
    if !same(&key.decrypt_block(&last, &answer), &rotated(ours)) {
        return Err(Failure::WrongKey);
    }
    let parts = [&ours[..4], &theirs[..4], &ours[12..], &theirs[12..]].concat();
    Ok(Session { key: AesKey::new(parts.try_into().unwrap_or(ZERO)) })
}

impl Session {
    /// Changes a key that is not the one of this session. Whether it was changed is known by authenticating with it, so the session ends
    /// here, and the card's MAC is not looked at.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn change_key<T: Transceive>(
        self,
        card: &mut T,
        number: u8,
        (old, new, version): (&AesKey, &AesKey, u8),
    ) -> Result<(), Failure<T::Error>> {
        let both: Block = std::array::from_fn(|i| old.expose()[i] ^ new.expose()[i]);
        self.send_key(card, number, &[&both, &[version]], &crc32(&[new.expose()]))
    }

    /// Changes the key of this session, which ends with it.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn change_own_key<T: Transceive>(
        self,
        card: &mut T,
        number: u8,
        new: &AesKey,
        version: u8,
    ) -> Result<(), Failure<T::Error>> {
        self.send_key(card, number, &[new.expose(), &[version]], &[])
    }

    fn send_key<T: Transceive>(self, card: &mut T, number: u8, plain: &[&[u8]], then: &[u8]) -> Result<(), Failure<T::Error>> {
        let plain = plain.concat();
        let sum = crc32(&[&[CHANGE_KEY, number], &plain]);
        let mut padded = [0; 32];
        padded.iter_mut().zip(plain.iter().chain(&sum).chain(then)).for_each(|(to, from)| *to = *from);
        let (blocks, _) = padded.as_chunks::<16>();
        let secret = self.key.encrypt(&ZERO, blocks);
        command(card, CHANGE_KEY, &[&[number], &secret[..]].concat()).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::super::crypto::tests::bytes;
    use super::super::tests::Script;
    use super::*;

    /// A recorded exchange with a DESFire EV1 and its factory key that many implementations are checked against.
    #[test]
    fn a_recorded_authentication_of_a_desfire_ev1() {
        let mut card = Script::new([
            ("90AA0000010000", "B969FDFE56FD91FC9DE6F6F213B8FD1E91AF".to_owned()),
            (
                "90AF00002036AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E477400",
                "800DB680BC146BD121D6578F2D2E20599100".to_owned(),
            ),
        ]);
        let ours = bytes("F44B26F5686F3A391CD38EBD10772281");
        let session = authenticate(&mut card, 0, &AesKey::FACTORY, &mut || Ok(ours)).unwrap();
        assert_eq!(session.key.expose(), &bytes("F44B26F5C05DDD7110772281C4D066E8"));
        card.end();
    }

    #[test]
    fn a_card_without_the_key_is_found_out() {
        let key = AesKey::new([7; 16]);
        let challenge = "B969FDFE56FD91FC9DE6F6F213B8FD1E91AF";
        for answer in ["800DB680BC146BD121D6578F2D2E20599100", "9100", "91AE"] {
            let mut card = Script::answering(&[challenge, answer]);
            assert!(authenticate(&mut card, 0, &key, &mut || Ok([1; 16])).unwrap_err().is_the_cards(), "{answer}");
        }
    }
}
