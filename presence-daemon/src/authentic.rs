//! Badges that can't be copied: a card proves that it holds a secret which is never read out of it. (A UID is no secret: any card may
//! be made to say it.) Pure: commands go out and answers come in over [`Transceive`], chance comes in like time does.
//!
//! - [`apdu`]: native commands of NXP's cards, wrapped as ISO/IEC 7816-4 wants
//! - [`crypto`]: AES-128 as those cards use it
//! - [`keys`]: the site's key, and each badge's own drawn from it (AN10922)
//! - [`ev2`], [`ev1`]: the two ways to authenticate each other, and to change a key
//! - [`ntag424`], [`desfire`]: the two families: which application, which keys
//! - [`personalise`]: a blank card gets its keys, in steps that may be interrupted anywhere
//! - [`address`]: the address that an NTAG 424 DNA leads phones to
//! - [`sun`]: the signed message of an NTAG 424 DNA that a phone reads

pub mod address;
pub mod apdu;
pub mod crypto;
pub mod desfire;
pub mod ev1;
pub mod ev2;
pub mod keys;
pub mod ntag424;
pub mod personalise;
pub mod sun;

pub use keys::SiteKeys;

use crypto::Block;
use tracing::debug;
use voisins_shared::uid::Uid;

/// The UIDs of these cards have 7 bytes, or 10; what says 4 draws a new one at each tap, or is no such card.
const SHORTEST_UID: usize = 7;

/// What a card has proved of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Proof {
    /// Nobody asked: it was read where only numbers can be read, or typed.
    NotAsked,
    /// Nothing: it said a UID, as any card can. Good for presence, not for access.
    #[default]
    Uid,
    /// It holds the key that belongs to this UID, and to no other.
    Genuine,
}

/// A card in the field, or what plays one in a test.
pub trait Transceive {
    /// Why there was no answer.
    type Error;

    /// Sends a command APDU and takes the answer, status words and all.
    ///
    /// # Errors
    /// The card is gone, or the reader.
    fn transmit(&mut self, apdu: &[u8]) -> Result<Vec<u8>, Self::Error>;
}

/// The system gave no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no random numbers from the system")]
pub struct NoRandom;

/// Fresh random bytes for one authentication.
pub type Chance<'a> = &'a mut dyn FnMut() -> Result<Block, NoRandom>;

/// Why a card did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure<E> {
    /// No answer: nothing is known of the card.
    #[error("no answer from the card")]
    Transport(#[source] E),
    /// What came is no word of a card: half an answer, or the reader's own error (an ACR122U says 63 00 when a card is out of reach).
    #[error("an answer that is not the card's")]
    Garbled,
    /// The card refuses, with these status words.
    #[error("status words {0:02X} {1:02X}")]
    Refused(u8, u8),
    /// It asks for time after many failed authentications, was interrupted, or could not write: with this SW2.
    #[error("the card asks to be held again (91 {0:02X})")]
    NotNow(u8),
    /// It answers, but doesn't know the key.
    #[error("the card doesn't know the key")]
    WrongKey,
    /// The system gave no random numbers.
    #[error("no random numbers from the system")]
    NoRandom,
}

impl<E> Failure<E> {
    /// Whether the card itself has answered, so that asking again would change nothing.
    #[must_use]
    pub fn is_the_cards(&self) -> bool {
        matches!(self, Self::Refused(..) | Self::WrongKey)
    }
}

/// Lets a card prove itself, under each of the site's keys, the newest first. A card that has no application of ours, or that doesn't
/// know its key, is [`Proof::Uid`]: what that means is decided further on.
///
/// # Errors
/// [`Failure`] that is not the card's word: it was taken away, or out of reach. Then nothing is known, and it has to be held again.
pub fn prove<T: Transceive>(card: &mut T, uid: &Uid, keys: &SiteKeys, chance: Chance<'_>) -> Result<Proof, Failure<T::Error>> {
    if keys.is_empty() || uid.as_bytes().len() < SHORTEST_UID {
        return Ok(Proof::Uid);
    }
    let proved = match desfire::select(card) {
        Ok(()) => any_key(keys.iter(), |key| {
            desfire::authenticate(
                card,
                desfire::BADGE_KEY,
                &key.diversified(uid, &desfire::AID_OF_KEYS, desfire::BADGE_KEY),
                chance,
            )
        }),
        Err(refused) if refused.is_the_cards() => ntag424::select(card).and_then(|()| {
            // each wrong authentication counts against a key of the card, which may be another house's: only a key that may fit is tried
            let version = told(ntag424::key_version(card, ntag424::BADGE_KEY))?;
            let fits = |key: &&keys::SiteKey| version.is_none_or(|version| version == key.version());
            any_key(keys.iter().filter(fits), |key| {
                let key = key.diversified(uid, &ntag424::AID, ntag424::BADGE_KEY);
                ev2::authenticate(card, ntag424::BADGE_KEY, &key, chance).map(drop)
            })
        }),
        Err(lost) => Err(lost),
    };
    match proved {
        Ok(()) => Ok(Proof::Genuine),
        Err(refused) if refused.is_the_cards() => {
            debug!(unknown_key = matches!(refused, Failure::WrongKey), "a card that proves nothing");
            Ok(Proof::Uid)
        }
        Err(lost) => Err(lost),
    }
}

/// What a card told, or nothing if it refused.
fn told<T, E>(answer: Result<T, Failure<E>>) -> Result<Option<T>, Failure<E>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(refused) if refused.is_the_cards() => Ok(None),
        Err(lost) => Err(lost),
    }
}

/// The first key that the card knows.
fn any_key<'k, E>(
    keys: impl Iterator<Item = &'k keys::SiteKey>,
    mut knows: impl FnMut(&keys::SiteKey) -> Result<(), Failure<E>>,
) -> Result<(), Failure<E>> {
    let mut last = Failure::WrongKey;
    for key in keys {
        match knows(key) {
            Err(refused) if refused.is_the_cards() => last = refused,
            known_or_lost => return known_or_lost,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::crypto::tests::hex_of;
    use super::*;
    use std::collections::VecDeque;

    /// A card that answers what it is told to, and checks what it is asked.
    pub(super) struct Script(VecDeque<(Option<Vec<u8>>, Vec<u8>)>);

    impl Script {
        pub(super) fn new<const N: usize>(exchanges: [(&str, String); N]) -> Self {
            Self(exchanges.into_iter().map(|(asked, answer)| (Some(hex_of(asked)), hex_of(&answer))).collect())
        }

        pub(super) fn answering(answers: &[&str]) -> Self {
            Self(answers.iter().map(|answer| (None, hex_of(answer))).collect())
        }

        #[track_caller]
        pub(super) fn end(&self) {
            assert!(self.0.is_empty(), "{} answers were not asked for", self.0.len());
        }
    }

    impl Transceive for Script {
        type Error = ();

        fn transmit(&mut self, apdu: &[u8]) -> Result<Vec<u8>, ()> {
            let (asked, answer) = self.0.pop_front().ok_or(())?;
            if let Some(asked) = asked {
                assert_eq!(apdu, asked);
            }
            Ok(answer)
        }
    }

    fn proves(answers: &[&str]) -> Result<Proof, Failure<()>> {
        let keys = SiteKeys::new(vec![(1, crypto::AesKey::new([7; 16]))]);
        let mut card = Script::answering(answers);
        let proof = prove(&mut card, &Uid::from_hex("04A1B2C3D4E5F6").unwrap(), &keys, &mut || Ok([9; 16]));
        card.end();
        proof
    }

    #[test]
    fn a_card_without_an_application_of_ours_proves_nothing_and_is_no_mishap() {
        assert_eq!(proves(&["91A0", "6A82"]), Ok(Proof::Uid));
        assert_eq!(proves(&["6E00", "6D00"]), Ok(Proof::Uid));
        assert_eq!(proves(&["911C", "9000", "911C", "91AE"]), Ok(Proof::Uid));
        // an NTAG 424 DNA of the factory, or of another house, isn't tried at all
        assert_eq!(proves(&["911C", "9000", "009100"]), Ok(Proof::Uid));
        // whatever stands where DESFire answers is the card's own word
        assert_eq!(proves(&["9000", "6F00"]), Ok(Proof::Uid));
        // a DESFire EV1 that doesn't know the key
        assert_eq!(proves(&["9100", "911C", "91AE"]), Ok(Proof::Uid));
    }

    #[test]
    fn a_card_that_goes_away_says_nothing_of_itself() {
        assert_eq!(proves(&[]), Err(Failure::Transport(())));
        assert_eq!(proves(&["91A0", ""]), Err(Failure::Garbled));
        assert_eq!(proves(&["911C", "9000", "6300"]), Err(Failure::Garbled));
        assert_eq!(proves(&["911C", "9000", "911C", "91CA"]), Err(Failure::NotNow(0xCA)));
        assert_eq!(proves(&["9100", "91EE"]), Err(Failure::NotNow(0xEE)));
        assert_eq!(proves(&["6401"]), Err(Failure::Garbled));
    }

    #[test]
    fn a_uid_that_no_such_card_has_and_a_site_without_a_key_ask_nothing() {
        let keys = SiteKeys::new(vec![(1, crypto::AesKey::new([7; 16]))]);
        let uid = |hex| Uid::from_hex(hex).unwrap();
        for (uid, keys) in [(uid("08A1B2C3"), &keys), (uid("04A1B2C3"), &keys), (uid("04A1B2C3D4E5F6"), &SiteKeys::default())] {
            assert_eq!(prove(&mut Script::answering(&[]), &uid, keys, &mut || Ok([9; 16])), Ok(Proof::Uid));
        }
    }
}
