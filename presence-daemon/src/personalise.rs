//! `presence-daemon badge personalise`: a new card becomes a badge that can't be copied.
//!
//! The card is held exclusively meanwhile, so that the daemon makes no tap of it; the daemon doesn't have to be stopped.
#![allow(clippy::disallowed_methods, reason = "the rim: it waits for a card, with a limit")]

pub(crate) mod begun;

use anyhow::{Context as _, anyhow, bail};
use begun::Note;
use clap::{Args, ValueEnum};
use pcsc::{Context, Disposition, Error, ReaderState, Scope, ShareMode, State};
use presence_daemon::authentic::address::Address;
use presence_daemon::authentic::keys::SiteKey;
use presence_daemon::authentic::personalise::{Kind, Step, identify, survey};
use presence_daemon::authentic::{Failure, SiteKeys};
use presence_daemon::config::{Config, ReaderConfig, ReaderKind, Role};
use presence_daemon::house;
use presence_daemon::key::KeyRing;
use presence_daemon::reader::contactless::{Contactless, ReadError, random};
use presence_daemon::reader::pcsc::{Listed, list, matching};
use presence_daemon::remedy::{self, badge::Writing};
use presence_daemon::store::Store;
use std::ffi::{CStr, CString};
use std::io::Write as _;
use std::time::{Duration, Instant};
use voisins_shared::language::Language;
use voisins_shared::name::ReaderName;

/// How long pcscd may take to answer.
const PCSCD: Duration = Duration::from_secs(3);
/// How long a card is waited for.
const CARD: Duration = Duration::from_secs(60);
/// How long another program may hold the card: the daemon reads it in milliseconds.
const OTHERS: Duration = Duration::from_secs(5);
/// Between two tries to have the card for ourselves.
const PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The reader, by its name in the config; needed with several.
    #[arg(long, value_name = "NAME")]
    reader: Option<ReaderName>,
    /// What the card has to be.
    #[arg(long, value_enum, default_value_t = Wanted::Auto)]
    kind: Wanted,
    /// Write without asking.
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    Auto,
    Ntag424,
    Desfire,
}

impl Wanted {
    fn is(self, kind: Kind) -> bool {
        match self {
            Self::Auto => true,
            Self::Ntag424 => kind == Kind::Ntag424,
            Self::Desfire => kind == Kind::Desfire,
        }
    }
}

pub(crate) fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let language = config.language;
    let (keys, site) = house::keys(&config.state).context("presence-daemon makes its keys when it first runs")?;
    let (name, reader) = choose(config, options)?;
    let context = Context::establish(Scope::User).context("PC/SC service")?;
    eprintln!("{}", Writing::Hold(&name).say(language));
    let mut card = await_card(&context, &reader, language)?;
    let writer = Writer { config, keys, site, language };
    let written = writer.write(&mut card, options);
    // whatever came of it: the next program meets a card that trusts nobody
    card.leave(Disposition::ResetCard);
    println!("{}", written?.say(language));
    Ok(())
}

struct Writer<'a> {
    config: &'a Config,
    keys: KeyRing,
    site: SiteKeys,
    language: Language,
}

impl Writer<'_> {
    fn write(&self, card: &mut Contactless, options: &Options) -> anyhow::Result<Writing<'static>> {
        let uid = card.uid().map_err(|error| match error {
            ReadError::Pcsc(_) | ReadError::Short(_) => self.told(&Writing::Interrupted),
            _ => self.told(&Writing::NoSuchCard),
        })?;
        let kind = identify(card).map_err(|failure| self.failed(failure))?.ok_or_else(|| self.told(&Writing::NoSuchCard))?;
        if !options.kind.is(kind) {
            return Err(self.told(&Writing::OtherKind(kind.name())));
        }
        let digest = *self.keys.macs(&uid).first().context("badge.key holds no key")?;
        let note = Note::of(&self.config.state, &digest);
        let trouble = || format!("{}", begun::folder(&self.config.state).display());
        let begun = note.read().with_context(trouble)?;
        let site = self.key_for(begun)?;
        let address = self.config.web.fiche.as_deref().and_then(Address::at);
        let mut found =
            survey(card, kind, &uid, &self.site, address.as_ref(), &mut random).map_err(|failure| self.failed(failure))?;
        let database = house::database(&self.config.state);
        if !Store::knows_site_key(&database, site) {
            return Err(self.told(&Writing::OtherKeyFile));
        }
        // writing our keys into it would make the copy genuine
        if found.has_factory_keys() && Store::is_authentic(&database, &self.keys.macs(&uid)) {
            return Err(self.told(&Writing::Copy));
        }
        let steps = found.steps(site.id()).map_err(|_| self.told(&Writing::Locked))?;
        if steps.is_empty() {
            note.clear().with_context(trouble)?;
            return Ok(Writing::Already);
        }
        let page = steps.iter().any(|step| matches!(step, Step::WriteAddress | Step::SignAddress));
        let keys = steps.iter().any(|step| matches!(step, Step::CreateApplication | Step::ChangeKey(_)));
        let plan = Writing::Plan { kind: kind.name(), steps: steps.len(), begun: begun.is_some(), keys, page };
        eprintln!("{}", plan.say(self.language));
        if !options.yes && !self.confirmed()? {
            return Ok(Writing::Aborted);
        }
        note.write(site.id()).with_context(trouble)?;
        for (at, step) in steps.iter().enumerate() {
            if let Err(failure) = found.take(card, *step, &uid, (&self.site, site), &mut random) {
                if at == 0 && begun.is_none() && matches!(failure, Failure::Refused(..)) {
                    // it changed nothing, and never will
                    note.clear().with_context(trouble)?;
                }
                return Err(self.failed(failure));
            }
            eprintln!("{}", Writing::Step(at + 1, steps.len()).say(self.language));
        }
        note.clear().with_context(trouble)?;
        Ok(Writing::Done)
    }

    /// The key that a card is finished under: the one it was begun under, else the newest.
    fn key_for(&self, begun: Option<u32>) -> anyhow::Result<&SiteKey> {
        match begun {
            Some(id) => self.site.of(id).ok_or_else(|| self.told(&Writing::KeyGone(id))),
            None => self.site.newest().context("authentic.key holds no key"),
        }
    }

    fn confirmed(&self) -> anyhow::Result<bool> {
        eprint!("{}", Writing::Confirm.say(self.language));
        std::io::stderr().flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "o" | "oui" | "y" | "yes"))
    }

    fn failed(&self, failure: Failure<Error>) -> anyhow::Error {
        match failure {
            Failure::Refused(sw1, sw2) => self.told(&Writing::Refused(&format!("{sw1:02X} {sw2:02X}"))),
            Failure::Transport(_) | Failure::Garbled | Failure::NotNow(_) | Failure::WrongKey | Failure::NoRandom => {
                anyhow!(failure).context(Writing::Interrupted.say(self.language))
            }
        }
    }

    fn told(&self, writing: &Writing<'_>) -> anyhow::Error {
        anyhow!(writing.say(self.language))
    }
}

/// The reader's name in the config, and the one pcscd knows it by. One that is there to enrol goes before others.
fn choose(config: &Config, options: &Options) -> anyhow::Result<(String, CString)> {
    let readers: Vec<ReaderConfig> = config.readers.iter().filter(|reader| reader.kind == ReaderKind::Pcsc).cloned().collect();
    let is_wanted = |reader: &&ReaderConfig| match &options.reader {
        Some(name) => reader.name == *name,
        None => readers.len() == 1 || reader.role == Role::Enrol,
    };
    let mut wanted = readers.iter().filter(is_wanted);
    let (Some(reader), None) = (wanted.next(), wanted.next()) else {
        let names: Vec<&str> = readers.iter().map(|reader| reader.name.as_str()).collect();
        bail!(Writing::WhichReader(&names.join(", ")).say(config.language));
    };
    let down = |why| anyhow!(remedy::reader_down(why, config.language));
    let listed: Vec<Listed> = list(PCSCD).map_err(down)?;
    let at = readers.iter().position(|other| other.name == reader.name).unwrap_or_default();
    let found = matching(&readers, &listed).into_iter().nth(at).context("a reader of the config")?.map_err(down)?;
    Ok((reader.name.to_string(), CString::new(listed[found].name.as_bytes())?))
}

/// Waits for a card, and takes it for ourselves alone.
fn await_card(context: &Context, reader: &CStr, language: Language) -> anyhow::Result<Contactless> {
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    let give_up = Instant::now() + CARD;
    let mut taken_by_others = None;
    loop {
        match context.get_status_change(Duration::from_secs(1), &mut states) {
            Ok(()) | Err(Error::Timeout) => states[0].sync_current_state(),
            Err(error) => return Err(error).context("PC/SC service"),
        }
        while states[0].event_state().contains(State::PRESENT) {
            match Contactless::connect(context, reader, ShareMode::Exclusive) {
                Ok(card) => return Ok(card),
                Err(Error::SharingViolation) => {
                    if taken_by_others.get_or_insert_with(Instant::now).elapsed() > OTHERS {
                        bail!(Writing::Busy.say(language));
                    }
                    std::thread::sleep(PAUSE);
                }
                // it is gone again, or can't be powered: another may come
                Err(_) => break,
            }
        }
        if Instant::now() > give_up {
            bail!(Writing::NobodyCame.say(language));
        }
    }
}
