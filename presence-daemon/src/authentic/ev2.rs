//! EV2 secure messaging with AES-128 (NT4H2421Gx 9.1): NTAG 424 DNA, DESFire EV2 and EV3.

use super::apdu::{DELAY, NEXT_FRAME, command, exactly};
use super::crypto::{AesKey, Block, ZERO, crc32, rotated, same};
use super::{Chance, Failure, Transceive};

/// *AuthenticateEV2First* (NT4H2421Gx 10.4.1).
const AUTHENTICATE: u8 = 0x71;
/// *ChangeKey* (NT4H2421Gx 10.6.1).
const CHANGE_KEY: u8 = 0xC4;
/// *ChangeFileSettings* (NT4H2421Gx 10.7.1).
const CHANGE_FILE_SETTINGS: u8 = 0x5F;
/// *WriteData* (NT4H2421Gx 10.8.2).
const WRITE_DATA: u8 = 0x8D;
/// Of session vectors: the key for ciphers, the key for MACs.
const FOR_CIPHERS: [u8; 2] = [0xA5, 0x5A];
const FOR_MACS: [u8; 2] = [0x5A, 0xA5];
/// How often a card that asks for time is asked again, at some 10 ms each: no longer than somebody holds a badge.
const PATIENCE: usize = 100;
/// The number of the key that all other keys are changed under.
pub const MASTER: u8 = 0;

/// Both sides have proved that they know a key, and share two for this once.
#[derive(Debug)]
pub struct Session {
    cipher: AesKey,
    mac: AesKey,
    /// *Transaction identifier*.
    transaction: [u8; 4],
    /// Commands since.
    count: u16,
}

/// Proves to each other that both know a key.
///
/// # Errors
/// [`Failure::WrongKey`] or [`Failure::Refused`] if the card doesn't know it.
pub fn authenticate<T: Transceive>(
    card: &mut T,
    number: u8,
    key: &AesKey,
    chance: Chance<'_>,
) -> Result<Session, Failure<T::Error>> {
    // no capabilities of ours to tell (LenCap = 0)
    let mut challenge = exactly(card, AUTHENTICATE, &[number, 0x00], true);
    // somebody has tried wrong keys on it: it makes us wait, and counts the waiting only while it isn't switched off
    for _ in 0..PATIENCE {
        match challenge {
            Err(Failure::NotNow(DELAY)) => challenge = exactly(card, AUTHENTICATE, &[number, 0x00], true),
            _ => break,
        }
    }
    let challenge: Block = challenge?;
    let theirs = key.decrypt_block(&ZERO, &challenge);
    let ours = chance().map_err(|_| Failure::NoRandom)?;
    let answer: [u8; 32] = exactly(card, NEXT_FRAME, &key.encrypt(&ZERO, &[ours, rotated(theirs)]), false)?;
    let plain = key.decrypt(&ZERO, &answer).ok_or(Failure::WrongKey)?;
    match plain.split_first_chunk::<4>() {
        Some((transaction, rest)) if rest.get(..16).is_some_and(|back| same(back, &rotated(ours))) => {
            Ok(Session::new(key, &ours, &theirs, *transaction))
        }
        _ => Err(Failure::WrongKey),
    }
}

impl Session {
    fn new(key: &AesKey, ours: &Block, theirs: &Block, transaction: [u8; 4]) -> Self {
        Self {
            cipher: AesKey::new(key.cmac(&[&session_vector(FOR_CIPHERS, ours, theirs)])),
            mac: AesKey::new(key.cmac(&[&session_vector(FOR_MACS, ours, theirs)])),
            transaction,
            count: 0,
        }
    }

    /// Changes a key that is not the one of this session. The session goes on.
    ///
    /// # Errors
    /// [`Failure`]; whether the key was changed is known by authenticating with it.
    pub fn change_key<T: Transceive>(
        &mut self,
        card: &mut T,
        number: u8,
        (old, new, version): (&AesKey, &AesKey, u8),
    ) -> Result<(), Failure<T::Error>> {
        let both: Block = std::array::from_fn(|i| old.expose()[i] ^ new.expose()[i]);
        let answer = self.send(card, CHANGE_KEY, number, &[&both, &[version], &crc32(&[new.expose()])])?;
        self.is_signed(&answer)
    }

    /// Changes the settings of a file.
    ///
    /// # Errors
    /// [`Failure`]; whether they were changed is known by asking for them.
    pub fn change_file_settings<T: Transceive>(
        &mut self,
        card: &mut T,
        file: u8,
        settings: &[u8],
    ) -> Result<(), Failure<T::Error>> {
        let answer = self.send(card, CHANGE_FILE_SETTINGS, file, &[settings])?;
        self.is_signed(&answer)
    }

    /// Writes the start of a file whose commands go in plain: what is allowed to who has authenticated, and read by anybody.
    ///
    /// # Errors
    /// [`Failure`]; what stands there is known by reading it.
    pub fn write<T: Transceive>(&mut self, card: &mut T, file: u8, data: &[u8]) -> Result<(), Failure<T::Error>> {
        let length = u8::try_from(data.len()).map_err(|_| Failure::Garbled)?;
        command(card, WRITE_DATA, &[&[file, 0, 0, 0, length, 0, 0], data].concat())?;
        self.count = self.count.wrapping_add(1);
        Ok(())
    }

    /// Changes the key of this session, which ends with it.
    ///
    /// # Errors
    /// As [`Session::change_key`].
    pub fn change_own_key<T: Transceive>(
        mut self,
        card: &mut T,
        number: u8,
        new: &AesKey,
        version: u8,
    ) -> Result<(), Failure<T::Error>> {
        self.send(card, CHANGE_KEY, number, &[new.expose(), &[version]]).map(drop)
    }

    /// A command about one thing, in *CommMode.Full*: what it is told is enciphered, and the whole signed (NT4H2421Gx 9.1.10).
    fn send<T: Transceive>(&mut self, card: &mut T, ins: u8, about: u8, plain: &[&[u8]]) -> Result<Vec<u8>, Failure<T::Error>> {
        // ISO/IEC 9797-1, method 2; all of ours are shorter than two blocks
        let mut padded = [0; 32];
        padded.iter_mut().zip(plain.iter().flat_map(|part| part.iter()).chain(&[0x80])).for_each(|(to, from)| *to = *from);
        let (blocks, _) = padded.as_chunks::<16>();
        let length = plain.iter().map(|part| part.len()).sum::<usize>() / 16 + 1;
        let secret = self.cipher.encrypt(&self.initial_vector(), blocks.get(..length).ok_or(Failure::Garbled)?);
        let mac = self.mac.short_mac(&[&[ins], &self.count.to_le_bytes(), &self.transaction, &[about], &secret]);
        let answer = command(card, ins, &[&[about], &secret[..], &mac].concat())?;
        self.count = self.count.wrapping_add(1);
        Ok(answer)
    }

    /// Whether the card's answer without data is the card's.
    fn is_signed<E>(&self, answer: &[u8]) -> Result<(), Failure<E>> {
        let expected = self.mac.short_mac(&[&[0x00], &self.count.to_le_bytes(), &self.transaction]);
        if same(answer, &expected) { Ok(()) } else { Err(Failure::WrongKey) }
    }

    /// NT4H2421Gx 9.1.4: of a command.
    fn initial_vector(&self) -> Block {
        let mut vector = ZERO;
        vector[..2].copy_from_slice(&FOR_CIPHERS);
        vector[2..6].copy_from_slice(&self.transaction);
        vector[6..8].copy_from_slice(&self.count.to_le_bytes());
        let secret = self.cipher.encrypt(&ZERO, &[vector]);
        secret.try_into().unwrap_or(ZERO)
    }
}

/// NT4H2421Gx 9.1.7: SV1 or SV2.
fn session_vector(label: [u8; 2], ours: &Block, theirs: &Block) -> [u8; 32] {
    let mut vector = [0; 32];
    vector[..2].copy_from_slice(&label);
    vector[2..6].copy_from_slice(&[0x00, 0x01, 0x00, 0x80]);
    vector[6..8].copy_from_slice(&ours[..2]);
    for i in 0..6 {
        vector[8 + i] = ours[2 + i] ^ theirs[i];
    }
    vector[14..24].copy_from_slice(&theirs[6..]);
    vector[24..].copy_from_slice(&ours[8..]);
    vector
}

#[cfg(test)]
mod tests {
    use super::super::crypto::tests::{bytes, hex_of};
    use super::super::tests::Script;
    use super::*;

    /// AN12196, 5.6 (key 0) and 5.10 (key 3): both directions and both session keys. The note tells of capabilities of the reader in its
    /// own example of the first command; what follows doesn't depend on them.
    #[test]
    fn an12196_authenticate_ev2_first() {
        #[track_caller]
        fn check(number: u8, ours: &str, [challenge, ours_out, back]: [&str; 3], transaction: &str, [cipher, mac]: [&str; 2]) {
            let first = format!("9071000002{number:02X}0000");
            let second = format!("90AF000020{ours_out}00");
            let mut card = Script::new([(&*first, format!("{challenge}91AF")), (&*second, format!("{back}9100"))]);
            let session = authenticate(&mut card, number, &AesKey::FACTORY, &mut || Ok(bytes(ours))).unwrap();
            assert_eq!(session.transaction, bytes(transaction));
            assert_eq!(session.cipher.expose(), &bytes(cipher));
            assert_eq!(session.mac.expose(), &bytes(mac));
            card.end();
        }
        check(
            0,
            "13C5DB8A5930439FC3DEF9A4C675360F",
            [
                "A04C124213C186F22399D33AC2A30215",
                "35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D",
                "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663",
            ],
            "9D00C4DF",
            ["1309C877509E5A215007FF0ED19CA564", "4C6626F5E72EA694202139295C7A7FC7"],
        );
        check(
            3,
            "B98F4C50CF1C2E084FD150E33992B048",
            [
                "B875CEB0E66A6C5CD00898DC371F92D1",
                "FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1",
                "0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A",
            ],
            "7614281A",
            ["7A93D6571E4B180FCA6AC90C9A7488D4", "FC4AF159B62E549B5812394CAB1918CC"],
        );
    }

    /// The session of AN12196, 5.16, after so many commands.
    fn session(count: u16) -> Session {
        Session {
            cipher: AesKey::new(bytes("4CF3CB41A22583A61E89B158D252FC53")),
            mac: AesKey::new(bytes("5529860B2FC5FB6154B7F28361D30BF9")),
            transaction: bytes("7614281A"),
            count,
        }
    }

    /// AN12196, 5.16.1: key 2, under key 0.
    #[test]
    fn an12196_change_key_case_1() {
        let new = AesKey::new(bytes("F3847D627727ED3BC9C4CC050489B966"));
        let sent = "90C4000029022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E600";
        let mut card = Script::new([(sent, "203BB55D1089D5879100".to_owned())]);
        session(2).change_key(&mut card, 2, (&AesKey::FACTORY, &new, 1)).unwrap();
        card.end();
        let mut liar = Script::new([(sent, "203BB55D1089D5889100".to_owned())]);
        assert_eq!(session(2).change_key(&mut liar, 2, (&AesKey::FACTORY, &new, 1)), Err(Failure::WrongKey));
    }

    /// AN12196, 5.16.2: key 0, under itself.
    #[test]
    fn an12196_change_key_case_2() {
        let new = AesKey::new(bytes("5004BF991F408672B1EF00F08F9E8647"));
        let sent = "90C400002900C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED643200";
        let mut card = Script::new([(sent, "9100".to_owned())]);
        session(3).change_own_key(&mut card, MASTER, &new, 1).unwrap();
        card.end();
    }

    /// AN12196, 5.9 (table 18), in the session of 5.6 after one command.
    #[test]
    fn an12196_change_file_settings() {
        let session = || Session {
            cipher: AesKey::new(bytes("1309C877509E5A215007FF0ED19CA564")),
            mac: AesKey::new(bytes("4C6626F5E72EA694202139295C7A7FC7")),
            transaction: bytes("9D00C4DF"),
            count: 1,
        };
        let settings = hex_of("4000E0C1F121200000430000430000");
        let sent = "905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0400";
        let mut card = Script::new([(sent, "57BFF87B1241E93D9100".to_owned())]);
        session().change_file_settings(&mut card, 2, &settings).unwrap();
        card.end();
        let mut liar = Script::new([(sent, "57BFF87B1241E93E9100".to_owned())]);
        assert_eq!(session().change_file_settings(&mut liar, 2, &settings), Err(Failure::WrongKey));
    }

    #[test]
    fn a_file_is_written_in_plain_and_counts_as_a_command() {
        let mut card = Script::new([("908D00000A0200000003000000010200", "9100".to_owned())]);
        let mut session = session(2);
        session.write(&mut card, 2, &[0, 1, 2]).unwrap();
        assert_eq!(session.count, 3);
        assert_eq!(session.write(&mut Script::answering(&[]), 2, &[0; 256]), Err(Failure::Garbled));
    }

    #[test]
    fn whatever_a_card_answers_it_proves_nothing_without_the_key() {
        let key = AesKey::new([7; 16]);
        let answers = |answers: &[&str]| {
            let mut card = Script::answering(answers);
            authenticate(&mut card, 1, &key, &mut || Ok([9; 16])).map(drop)
        };
        let challenge = "A04C124213C186F22399D33AC2A3021591AF";
        assert_eq!(answers(&["91AE"]), Err(Failure::Refused(0x91, 0xAE)));
        assert_eq!(answers(&["9100"]), Err(Failure::Refused(0x91, 0x00)));
        assert_eq!(answers(&["6D00"]), Err(Failure::Refused(0x6D, 0x00)));
        assert_eq!(answers(&["91AF"]), Err(Failure::WrongKey));
        assert_eq!(answers(&[challenge, "91AE"]), Err(Failure::Refused(0x91, 0xAE)));
        assert_eq!(answers(&[challenge, &format!("{}9100", "00".repeat(32))]), Err(Failure::WrongKey));
        // our own answer sent back
        let echo = key.encrypt(&ZERO, &[[9; 16], rotated(key.decrypt_block(&ZERO, &bytes(&challenge[..32])))]);
        let echo: String = echo.iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(answers(&[challenge, &format!("{echo}9100")]), Err(Failure::WrongKey));
        // what a reader says when the card is out of reach
        assert_eq!(answers(&["6300"]), Err(Failure::Garbled));
        // it asks for time, and then takes the authentication
        assert_eq!(answers(&["91AD", "91AD", challenge, "91AE"]), Err(Failure::Refused(0x91, 0xAE)));
        assert_eq!(answers(&["91AD"; PATIENCE + 1]), Err(Failure::NotNow(0xAD)));
        assert_eq!(answers(&[""]), Err(Failure::Garbled));
        assert_eq!(answers(&[]), Err(Failure::Transport(())));
        assert_eq!(hex_of("00"), [0]);
    }
}
