//! What cards and phones may say: nothing of it makes the daemon stumble, and nothing that is not the badge's own proves anything.

use presence_daemon::authentic::address::Address;
use presence_daemon::authentic::crypto::AesKey;
use presence_daemon::authentic::personalise::{identify, survey};
use presence_daemon::authentic::sun::{Forged, Message, verify};
use presence_daemon::authentic::{Proof, SiteKeys, Transceive, prove};
use voisins_shared::uid::Uid;
use voisins_tests::authentic_card::{Chip, Kind};
use voisins_tests::fuzz;

const UID: [u8; 7] = [0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6];

fn keys() -> SiteKeys {
    SiteKeys::new(vec![(1, AesKey::new([7; 16])), (2, AesKey::new([8; 16]))])
}

fn address() -> Option<Address> {
    Address::at("http://192.168.1.20:8481")
}

/// A chip that is asked, and what it answered: each answer with its length before it.
struct Recorded<'a>(&'a Chip, Vec<u8>);

impl Transceive for Recorded<'_> {
    type Error = ();

    fn transmit(&mut self, apdu: &[u8]) -> Result<Vec<u8>, ()> {
        let answer = self.0.answer(apdu);
        self.1.push(answer.len() as u8);
        self.1.extend(&answer);
        Ok(answer)
    }
}

/// Such a record, played to whoever asks.
struct Played<'a>(&'a [u8], &'a [u8]);

impl Transceive for Played<'_> {
    type Error = ();

    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, ()> {
        let (length, rest) = self.0.split_first().ok_or(())?;
        let (answer, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        (self.0, self.1) = (rest, answer);
        Ok(answer.to_vec())
    }
}

/// Always the same challenge, so that a record can be played at all: outside this test it would be a fault.
fn challenge() -> Result<[u8; 16], presence_daemon::authentic::NoRandom> {
    Ok([9; 16])
}

/// A badge, and what it says when it proves itself.
fn transcript(kind: Kind, keys: &SiteKeys, uid: &Uid) -> Vec<u8> {
    let chip = Chip::blank(kind, UID);
    let mut card = Recorded(&chip, vec![]);
    let kind = identify(&mut card).expect("an answer").expect("a card of ours");
    let mut found = survey(&mut card, kind, uid, keys, address().as_ref(), &mut challenge).expect("answers");
    for step in found.steps(2).expect("a blank card") {
        found.take(&mut card, step, uid, (keys, keys.newest().expect("a key")), &mut challenge).expect("a step");
    }
    chip.power_off();
    let mut card = Recorded(&chip, vec![]);
    assert_eq!(prove(&mut card, uid, keys, &mut challenge), Ok(Proof::Genuine));
    card.1
}

#[test]
fn soak_fuzz_answers_of_cards() {
    let (keys, uid) = (keys(), Uid::new(&UID).expect("a UID"));
    let corpus = [Kind::Ntag424, Kind::DesfireEv1, Kind::DesfireEv2].map(|kind| transcript(kind, &keys, &uid));
    let proofs: Vec<Vec<u8>> = corpus
        .iter()
        .map(|record| {
            let mut card = Played(record, &[]);
            assert_eq!(prove(&mut card, &uid, &keys, &mut challenge), Ok(Proof::Genuine));
            card.1.to_vec()
        })
        .collect();
    let corpus: Vec<&[u8]> = corpus.iter().map(Vec::as_slice).collect();
    fuzz::run("answers of cards", &corpus, |record| {
        let mut card = Played(record, &[]);
        if prove(&mut card, &uid, &keys, &mut challenge) == Ok(Proof::Genuine) {
            // the last word is the one that can't be made without the key
            assert!(proofs.iter().any(|proof| proof == card.1), "a proof that no badge gave");
        }
        let mut card = Played(record, &[]);
        if let Ok(Some(kind)) = identify(&mut card)
            && let Ok(mut found) = survey(&mut card, kind, &uid, &keys, address().as_ref(), &mut challenge)
            && let Ok(steps) = found.steps(2)
        {
            for step in steps {
                let _ = found.take(&mut card, step, &uid, (&keys, keys.newest().expect("a key")), &mut challenge);
            }
        }
    });
}

#[test]
fn soak_fuzz_messages_to_phones() {
    let keys = keys();
    let corpus: [&[u8]; 2] =
        [b"EF963FF7828658A599F3041510671E88 94EED9EE65337086", b"ef963ff7828658a599f3041510671e88 ecc1e7f6c6c73bf6"];
    fuzz::run("messages to phones", &corpus, |message| {
        let Ok(text) = std::str::from_utf8(message) else { return };
        let Some((picc_data, mac)) = text.split_once(' ') else { return };
        if let Some(message) = Message::from_hex(picc_data, mac) {
            assert_eq!(verify(&message, &keys), Err(Forged));
        }
    });
}
