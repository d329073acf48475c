//! A blank card becomes a badge that can't be copied. What a card has is found out by asking it, never believed from notes: each key is
//! either a blank card's, or one of ours, or somebody else's. What is missing follows from that, so that a card that was taken away in
//! the middle goes on where it stopped. Each step changes one thing, which the card does wholly or not at all; the key that changes the
//! others is the last of them; and after each step the card is asked again. Where phones find a page, an NTAG 424 DNA is then led there.

use super::address::{self, Address};
use super::crypto::AesKey;
use super::keys::{SiteKey, SiteKeys};
use super::sun::META_KEY;
use super::{Chance, Failure, Transceive, apdu, desfire, ev1, ev2, ntag424, told};
use std::collections::BTreeMap;
use voisins_shared::uid::Uid;

/// The maker in *Get Version*: NXP.
const NXP: u8 = 0x04;
/// The types there.
const TYPE_DESFIRE: u8 = 0x01;
const TYPE_NTAG: u8 = 0x04;
/// The major version of an NTAG 424 DNA (NT4H2421Gx 10.5.2).
const MAJOR_NTAG424: u8 = 0x30;
/// *GetFileSettings* (NT4H2421Gx 10.7.2).
const GET_FILE_SETTINGS: u8 = 0xF5;
/// The number of the key that changes the others, in both families.
const MASTER: u8 = ev2::MASTER;

/// A family of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Ntag424,
    Desfire,
}

/// What a key of a card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// A blank card's.
    Factory,
    /// Ours, under this key of the site.
    Ours(u32),
    /// None that we know.
    Foreign,
}

/// What a card has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    #[allow(missing_docs)]
    pub kind: Kind,
    /// Whether our application is there; an NTAG 424 DNA comes with it.
    pub application: bool,
    /// By their number.
    pub keys: BTreeMap<u8, KeyState>,
    /// Where it leads phones, if it is to lead them anywhere.
    pub leads: Option<Leads>,
}

/// Where a card leads phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leads {
    /// Where it should.
    pub to: Address,
    /// The address stands in its file.
    pub written: bool,
    /// The card says in it who it is, signs it, and lets nobody else write it.
    pub signs: bool,
}

/// One change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Our application is made, with factory keys.
    CreateApplication,
    /// This key becomes ours.
    ChangeKey(u8),
    /// The address for phones is written.
    WriteAddress,
    /// The card signs it from now on; its count of readings starts anew (NT4H2421Gx 9.3.1).
    SignAddress,
}

/// A key of the card is somebody else's: it is no blank card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key {0} of the card is somebody else's")]
pub struct Locked(pub u8);

impl Kind {
    /// The keys, in the order in which they are changed.
    #[must_use]
    pub fn keys(self) -> &'static [u8] {
        match self {
            Self::Ntag424 => &ntag424::KEYS,
            Self::Desfire => &desfire::KEYS,
        }
    }

    /// The name on its datasheet.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ntag424 => "NTAG 424 DNA",
            Self::Desfire => "MIFARE DESFire",
        }
    }

    fn key(self, site: &SiteKey, uid: &Uid, number: u8) -> AesKey {
        match self {
            // who the card is can only be deciphered by whoever doesn't know it yet
            Self::Ntag424 if number == META_KEY => site.shared(&ntag424::AID, number),
            Self::Ntag424 => site.diversified(uid, &ntag424::AID, number),
            Self::Desfire => site.diversified(uid, &desfire::AID_OF_KEYS, number),
        }
    }

    fn select<T: Transceive>(self, card: &mut T) -> Result<(), Failure<T::Error>> {
        match self {
            Self::Ntag424 => ntag424::select(card),
            Self::Desfire => desfire::select(card),
        }
    }

    fn knows<T: Transceive>(self, card: &mut T, number: u8, key: &AesKey, chance: Chance<'_>) -> Result<bool, Failure<T::Error>> {
        let known = match self {
            Self::Ntag424 => ev2::authenticate(card, number, key, chance).map(drop),
            Self::Desfire => desfire::authenticate(card, number, key, chance),
        };
        match known {
            Ok(()) => Ok(true),
            Err(Failure::WrongKey | Failure::Refused(_, apdu::AUTHENTICATION_ERROR)) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// Which family a card is of; none if it is neither.
///
/// # Errors
/// [`Failure`] that is not the card's word.
pub fn identify<T: Transceive>(card: &mut T) -> Result<Option<Kind>, Failure<T::Error>> {
    match apdu::version(card) {
        Ok([NXP, TYPE_DESFIRE, ..]) => Ok(Some(Kind::Desfire)),
        Ok([NXP, TYPE_NTAG, _, MAJOR_NTAG424, ..]) => Ok(Some(Kind::Ntag424)),
        Ok(_) => Ok(None),
        Err(refused) if refused.is_the_cards() => Ok(None),
        Err(lost) => Err(lost),
    }
}

/// Asks a card what it has, and whether it leads phones to an address, if there is one and the card is of the kind that can.
///
/// # Errors
/// [`Failure`].
pub fn survey<T: Transceive>(
    card: &mut T,
    kind: Kind,
    uid: &Uid,
    keys: &SiteKeys,
    address: Option<&Address>,
    chance: Chance<'_>,
) -> Result<Survey, Failure<T::Error>> {
    match kind.select(card) {
        Ok(()) => {}
        Err(Failure::Refused(_, apdu::NO_SUCH_APPLICATION)) => {
            return Ok(Survey { kind, application: false, keys: BTreeMap::new(), leads: None });
        }
        Err(other) => return Err(other),
    }
    let mut found = BTreeMap::new();
    // the keys of a card are mostly alike: what one is, the next is asked first. A wrong guess counts against the card's patience.
    let mut guesses: Vec<KeyState> =
        [KeyState::Factory].into_iter().chain(keys.iter().map(|key| KeyState::Ours(key.id()))).collect();
    for number in kind.keys() {
        let mut is = KeyState::Foreign;
        for (at, guess) in guesses.iter().enumerate() {
            let Some(key) = key_of(kind, *guess, uid, keys, *number) else { continue };
            if kind.knows(card, *number, &key, chance)? {
                is = *guess;
                guesses[..=at].rotate_right(1);
                break;
            }
        }
        found.insert(*number, is);
    }
    let leads = match address.filter(|_| kind == Kind::Ntag424) {
        Some(address) => Some(Leads::survey(card, address)?),
        None => None,
    };
    Ok(Survey { kind, application: true, keys: found, leads })
}

impl Leads {
    /// Asks without a key, as a phone would. What a card doesn't tell so, it doesn't have.
    fn survey<T: Transceive>(card: &mut T, to: &Address) -> Result<Self, Failure<T::Error>> {
        Kind::Ntag424.select(card)?;
        let length = u8::try_from(to.file().len()).map_err(|_| Failure::Garbled)?;
        let written = told(apdu::read(card, address::FILE_ID, length))?.is_some_and(|read| to.is_in(&read));
        let settings = told(apdu::command(card, GET_FILE_SETTINGS, &[address::FILE]))?;
        Ok(Self { to: to.clone(), written, signs: settings.is_some_and(|settings| settings == to.settings_told()) })
    }
}

impl Survey {
    /// Whether it holds a blank card's key, or has no application of ours yet.
    #[must_use]
    pub fn has_factory_keys(&self) -> bool {
        !self.application || self.keys.values().any(|state| *state == KeyState::Factory)
    }

    /// What is missing until all keys are ours under this key of the site, and phones are led where they should be; nothing: it is a
    /// badge already.
    ///
    /// # Errors
    /// [`Locked`].
    pub fn steps(&self, site: u32) -> Result<Vec<Step>, Locked> {
        if !self.application {
            let changes = self.kind.keys().iter().map(|number| Step::ChangeKey(*number));
            return Ok([Step::CreateApplication].into_iter().chain(changes).collect());
        }
        if let Some((number, _)) = self.keys.iter().find(|(_, state)| **state == KeyState::Foreign) {
            return Err(Locked(*number));
        }
        let missing = |number: &&u8| self.keys.get(number) != Some(&KeyState::Ours(site));
        let mut steps: Vec<Step> = self.kind.keys().iter().filter(missing).map(|number| Step::ChangeKey(*number)).collect();
        if let Some(leads) = &self.leads {
            steps.extend((!leads.written).then_some(Step::WriteAddress));
            steps.extend((!leads.signs).then_some(Step::SignAddress));
        }
        Ok(steps)
    }

    /// Takes one step, and asks the card whether it was taken.
    ///
    /// # Errors
    /// [`Failure`]. The step was taken or not; [`survey`] tells.
    pub fn take<T: Transceive>(
        &mut self,
        card: &mut T,
        step: Step,
        uid: &Uid,
        (keys, site): (&SiteKeys, &SiteKey),
        chance: Chance<'_>,
    ) -> Result<(), Failure<T::Error>> {
        let kind = self.kind;
        let number = match step {
            Step::ChangeKey(number) => number,
            Step::CreateApplication => {
                desfire::create(card)?;
                self.application = true;
                self.keys = kind.keys().iter().map(|number| (*number, KeyState::Factory)).collect();
                return Ok(());
            }
            Step::WriteAddress | Step::SignAddress => return self.lead(card, step, uid, keys, chance),
        };
        let now = |number: u8| {
            let state = self.keys.get(&number).copied().unwrap_or(KeyState::Foreign);
            key_of(kind, state, uid, keys, number).ok_or(Failure::WrongKey)
        };
        let (master, old, new) = (now(MASTER)?, now(number)?, kind.key(site, uid, number));
        kind.select(card)?;
        let change = (&old, &new, site.version());
        match (kind, number) {
            (Kind::Ntag424, MASTER) => {
                ev2::authenticate(card, MASTER, &master, chance)?.change_own_key(card, MASTER, &new, site.version())?;
            }
            (Kind::Ntag424, _) => ev2::authenticate(card, MASTER, &master, chance)?.change_key(card, number, change)?,
            // all generations of DESFire change keys as the first did
            (Kind::Desfire, MASTER) => {
                ev1::authenticate(card, MASTER, &master, chance)?.change_own_key(card, MASTER, &new, site.version())?;
            }
            (Kind::Desfire, _) => ev1::authenticate(card, MASTER, &master, chance)?.change_key(card, number, change)?,
        }
        kind.select(card)?;
        if !kind.knows(card, number, &new, chance)? {
            return Err(Failure::WrongKey);
        }
        self.keys.insert(number, KeyState::Ours(site.id()));
        Ok(())
    }

    /// Writes the address, or has it signed.
    fn lead<T: Transceive>(
        &mut self,
        card: &mut T,
        step: Step,
        uid: &Uid,
        keys: &SiteKeys,
        chance: Chance<'_>,
    ) -> Result<(), Failure<T::Error>> {
        let Some(Leads { to, .. }) = &self.leads else { return Ok(()) };
        let state = self.keys.get(&MASTER).copied().unwrap_or(KeyState::Foreign);
        let master = key_of(self.kind, state, uid, keys, MASTER).ok_or(Failure::WrongKey)?;
        self.kind.select(card)?;
        let mut session = ev2::authenticate(card, MASTER, &master, chance)?;
        match step {
            Step::SignAddress => session.change_file_settings(card, address::FILE, &to.settings())?,
            _ => session.write(card, address::FILE, to.file())?,
        }
        let leads = Leads::survey(card, to)?;
        // one that still fills in an older, shorter or longer address garbles this one until its settings follow
        let taken = match step {
            Step::SignAddress => leads.written && leads.signs,
            _ => leads.written || !leads.signs,
        };
        self.leads = Some(leads);
        // it said that it did: another try will tell
        if taken { Ok(()) } else { Err(Failure::Garbled) }
    }
}

/// The key that a place would hold in this state.
fn key_of(kind: Kind, state: KeyState, uid: &Uid, keys: &SiteKeys, number: u8) -> Option<AesKey> {
    match state {
        KeyState::Factory => Some(AesKey::FACTORY),
        KeyState::Ours(id) => keys.of(id).map(|site| kind.key(site, uid, number)),
        KeyState::Foreign => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(kind: Kind, keys: &[(u8, KeyState)]) -> Survey {
        Survey { kind, application: true, keys: keys.iter().copied().collect(), leads: None }
    }

    #[test]
    fn the_key_that_changes_the_others_is_changed_last_and_what_is_done_is_not_done_again() {
        use KeyState::{Factory, Foreign, Ours};
        let blank = [(0, Factory), (1, Factory), (2, Factory), (3, Factory), (4, Factory)];
        let steps = |numbers: &[u8]| Ok(numbers.iter().map(|number| Step::ChangeKey(*number)).collect::<Vec<_>>());
        assert_eq!(survey(Kind::Ntag424, &blank).steps(1), steps(&[1, 2, 3, 4, 0]));
        let half = [(0, Factory), (1, Ours(1)), (2, Ours(1)), (3, Factory), (4, Factory)];
        assert_eq!(survey(Kind::Ntag424, &half).steps(1), steps(&[3, 4, 0]));
        assert_eq!(survey(Kind::Desfire, &[(0, Ours(1)), (1, Ours(1))]).steps(1), Ok(vec![]));
        // a newer key of the site: the badge is written anew
        assert_eq!(survey(Kind::Desfire, &[(0, Ours(1)), (1, Ours(1))]).steps(2), steps(&[1, 0]));
        assert_eq!(survey(Kind::Desfire, &[(0, Foreign), (1, Factory)]).steps(1), Err(Locked(0)));
        let bare = Survey { kind: Kind::Desfire, application: false, keys: BTreeMap::new(), leads: None };
        assert_eq!(bare.steps(1), Ok(vec![Step::CreateApplication, Step::ChangeKey(1), Step::ChangeKey(0)]));
    }

    #[test]
    fn phones_are_led_once_the_keys_are_ours_and_an_older_badge_is_led_without_new_keys() {
        use KeyState::{Factory, Ours};
        let to = Address::at("http://192.168.1.20:8481").unwrap();
        let led = |keys: &[(u8, KeyState)], written, signs| {
            let leads = Some(Leads { to: to.clone(), written, signs });
            Survey { leads, ..survey(Kind::Ntag424, keys) }.steps(1).unwrap()
        };
        let badge = [0, 1, 2, 3, 4].map(|number| (number, Ours(1)));
        let half = [(0, Factory), (1, Ours(1)), (2, Ours(1)), (3, Ours(1)), (4, Ours(1))];
        assert_eq!(led(&half, false, false), [Step::ChangeKey(0), Step::WriteAddress, Step::SignAddress]);
        assert_eq!(led(&badge, false, false), [Step::WriteAddress, Step::SignAddress]);
        assert_eq!(led(&badge, true, false), [Step::SignAddress]);
        // another address of the same length: what the card signs, it goes on signing
        assert_eq!(led(&badge, false, true), [Step::WriteAddress]);
        assert_eq!(led(&badge, true, true), []);
    }
}
