//! All readers that pcscd knows, on one thread with one context.
//!
//! - Waiting is pcscd's: `SCardGetStatusChange` on all our readers and on the coming and going of readers. Nothing is polled but the
//!   list of readers, every 2 s: pcscd before 2.3.0 can miss to announce a reader that appears just before the wait.
//! - What happened between two waits is told from pcscd's counters (`field`).
//! - An error of the service makes the context useless for ever: all is dropped, and the next call begins anew.
//! - One thread reads one card at a time. A card that doesn't answer holds up the other readers until their driver gives up (libccid:
//!   some seconds); what happened there meanwhile is told then: a card still there is read, one that left is [`ReaderEvent::Unreadable`].

mod field;
mod matching;
mod service;
mod usb_port;

pub use matching::{Listed, matching};
pub use service::{find, is_of_context, list};
pub use usb_port::UsbPlace;

use super::contactless::{ReadError, read};
use super::{Down, Reader, ReaderError, ReaderEvent, Stop};
use crate::authentic::{Proof, SiteKeys};
use crate::config::ReaderConfig;
use field::{Arrival, Change, Look};
use matching::needs_place;
use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, State};
use service::{Interrupt, Loss, Pending, loss, why};
use std::collections::{BTreeMap, VecDeque};
use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::time::Duration;
use tracing::debug;
use voisins_shared::uid::Uid;

/// How long a wait lasts at most; the readers are listed after it.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How long pcscd is waited for before a stop is looked for.
const OPENING_SLICE: Duration = Duration::from_millis(200);
/// pcscd is said to be missing when it has not answered after so many slices: 2 s.
const OPENING_SLICES: u32 = 10;
/// The pause before the readers are listed because a wait named one that is gone.
const RELISTING_PAUSE: Duration = Duration::from_millis(20);
/// The pause before a card is asked a second time: cards at the edge of the field.
const SECOND_TRY: Duration = Duration::from_millis(70);

/// The readers of the config that pcscd serves.
pub struct PcscReaders {
    config: Vec<ReaderConfig>,
    /// For cards that prove themselves.
    keys: Arc<SiteKeys>,
    /// What was told of each, by position in `config`. It outlives contexts: only changes are told.
    told: Vec<Told>,
    untold: VecDeque<ReaderEvent>,
    stage: Stage,
    interrupt: Interrupt,
    /// Since the first call, which brings the stop.
    is_armed: bool,
}

#[derive(Default)]
struct Told {
    /// None: nothing yet.
    state: Option<Result<(), Down>>,
    /// A card is in the field, as far as was told.
    card: bool,
}

enum Stage {
    Closed,
    /// The service failed; to be told after the readers were.
    Failed(Error),
    Opening(Pending<Context>, u32),
    Open(Session),
}

/// What lives as long as a context.
struct Session {
    context: Context,
    /// The first is the pseudo-reader that announces readers; the others go with `bound`.
    states: Vec<ReaderState>,
    bound: Vec<Bound>,
    /// Places on the USB that were asked for.
    places: BTreeMap<CString, Option<UsbPlace>>,
    listing_due: bool,
    /// A card was read since the last wait, which takes time.
    was_busy: bool,
}

/// A reader of the config that was found.
struct Bound {
    /// Position in the config.
    reader: usize,
    /// None: not looked at yet.
    last: Option<Look>,
    /// The card there could not be read because of the reader, or of our right to it; to be tried again.
    lost: bool,
}

/// What came of reading a card.
enum Outcome {
    Card(Uid, Proof),
    Unreadable,
    /// Another program has it to itself, such as one that writes badges: that is no tap.
    Held,
    /// It is not the card's fault.
    Lost(Down),
}

impl PcscReaders {
    /// The readers of `config`, which are all of kind PC/SC. Cards prove themselves under `keys`.
    #[must_use]
    pub fn new(config: Vec<ReaderConfig>, keys: Arc<SiteKeys>) -> Self {
        let told = config.iter().map(|_| Told::default()).collect();
        let (untold, stage, interrupt) = (VecDeque::new(), Stage::Closed, Interrupt::default());
        Self { config, keys, told, untold, stage, interrupt, is_armed: false }
    }
}

impl Reader for PcscReaders {
    fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError> {
        if !std::mem::replace(&mut self.is_armed, true) {
            self.interrupt.arm(stop);
        }
        loop {
            if stop.is_asked() {
                self.interrupt.set(None);
                return Ok(None);
            }
            if let Some(event) = self.untold.pop_front() {
                return Ok(Some(event));
            }
            self.stage = match std::mem::replace(&mut self.stage, Stage::Closed) {
                Stage::Failed(error) => return Err(ReaderError::Pcsc(error)),
                stage => {
                    // A context that was granted and is lost: pcscd is gone, whatever word libpcsclite has for it (1.9.9 says
                    // SecurityViolation when the connection is closed).
                    let granted = matches!(stage, Stage::Open(_));
                    self.step(stage, stop).unwrap_or_else(|error| {
                        self.interrupt.set(None);
                        self.tell_all_down(if granted { Down::NoPcscd } else { why(error) });
                        Stage::Failed(error)
                    })
                }
            }
        }
    }
}

impl PcscReaders {
    /// One step: it waits once at most, unless a card is read.
    fn step(&mut self, stage: Stage, stop: &Stop) -> Result<Stage, Error> {
        match stage {
            Stage::Closed | Stage::Failed(_) => Ok(Stage::Opening(Pending::call(service::establish)?, 0)),
            Stage::Opening(pending, slices) => match pending.wait(OPENING_SLICE) {
                Some(context) => {
                    let context = context?;
                    self.interrupt.set(Some(context.clone()));
                    Ok(Stage::Open(Session::new(context)))
                }
                None => {
                    if slices == OPENING_SLICES {
                        self.tell_all_down(Down::NoPcscd);
                    }
                    Ok(Stage::Opening(pending, slices.saturating_add(1)))
                }
            },
            Stage::Open(mut session) => {
                if session.listing_due {
                    self.list(&mut session)?;
                    if !self.untold.is_empty() {
                        return Ok(Stage::Open(session));
                    }
                }
                session.wait()?;
                for i in 0..session.bound.len() {
                    self.look(&mut session, i, stop)?;
                }
                Ok(Stage::Open(session))
            }
        }
    }

    /// Finds the readers of the config among those that pcscd knows now.
    fn list(&mut self, session: &mut Session) -> Result<(), Error> {
        session.listing_due = false;
        let names = service::readers(&session.context)?;
        session.ask_places(&names, &self.config);
        let listed: Vec<Listed> = names.iter().map(|name| session.listed(name)).collect();
        for (reader, found) in matching(&self.config, &listed).into_iter().enumerate() {
            match found {
                Ok(i) => session.bind(reader, &names[i]),
                Err(why) => {
                    session.unbind(reader);
                    self.tell_down(reader, why);
                }
            }
        }
        for bound in &mut session.bound {
            if std::mem::take(&mut bound.lost) {
                bound.last = Some(Look::Failing);
            }
        }
        Ok(())
    }

    /// Tells what happened at one reader since the last look.
    fn look(&mut self, session: &mut Session, i: usize, stop: &Stop) -> Result<(), Error> {
        let Some((state, bound)) = session.states.get(i + 1).zip(session.bound.get_mut(i)) else { return Ok(()) };
        let Some(look) = Look::read(state.event_state(), state.event_count()) else { return Ok(()) };
        let before = bound.last.replace(look);
        let reader = bound.reader;
        match look {
            Look::Gone => session.lose(i),
            Look::Failing => self.tell_down(reader, Down::NotAnswering),
            Look::Empty(_) | Look::Card(_) if before == Some(look) => {}
            Look::Empty(_) | Look::Card(_) => match field::change(before, look) {
                Some(change) => return self.tell(session, i, change, stop),
                None => session.lose(i),
            },
        }
        Ok(())
    }

    fn tell(&mut self, session: &mut Session, i: usize, change: Change, stop: &Stop) -> Result<(), Error> {
        let reader = session.bound[i].reader;
        let outcome = match change.came {
            Some(arrival) => {
                session.was_busy = true;
                Some((arrival, self.read(session, i, stop)?))
            }
            None => None,
        };
        if let Some((_, Outcome::Lost(why))) = outcome {
            session.bound[i].lost = true;
            self.tell_down(reader, why);
            return Ok(());
        }
        self.tell_ready(reader);
        if change.left {
            self.tell_removed(reader);
        }
        if change.missed {
            self.tell_unreadable(reader);
            self.tell_removed(reader);
        }
        match outcome {
            Some((arrival, Outcome::Card(uid, proof))) => self.tell_card(reader, uid, proof, arrival == Arrival::FoundLying),
            Some((_, Outcome::Unreadable)) => self.tell_unreadable(reader),
            Some((_, Outcome::Held | Outcome::Lost(_))) | None => {}
        }
        Ok(())
    }

    /// Reads the card in the field, with a second try if it stays.
    fn read(&self, session: &Session, i: usize, stop: &Stop) -> Result<Outcome, Error> {
        let reader = session.states[i + 1].name();
        for is_last in [false, true] {
            let error = match read(&session.context, reader, &self.keys) {
                Ok((uid, proof)) => return Ok(Outcome::Card(uid, proof)),
                Err(ReadError::Pcsc(Error::SharingViolation)) => return Ok(Outcome::Held),
                Err(error) => error,
            };
            debug!(reader = %self.config[session.bound[i].reader].name, error = &error as &dyn std::error::Error, "card not read");
            if let ReadError::Pcsc(error) = error {
                match loss(error) {
                    Loss::Context => return Err(error),
                    // Refused, or pcscd is gone: then listing fails too.
                    Loss::Access => return service::readers(&session.context).map(|_| Outcome::Lost(Down::AccessDenied)),
                    Loss::Reader => return Ok(Outcome::Lost(Down::NotAnswering)),
                    Loss::Card => {}
                }
            }
            if is_last || stop.pause(SECOND_TRY) || !session.has_still(i) {
                break;
            }
        }
        Ok(Outcome::Unreadable)
    }

    fn tell_ready(&mut self, reader: usize) {
        if self.told[reader].state.replace(Ok(())) != Some(Ok(())) {
            self.untold.push_back(ReaderEvent::Ready { reader: self.config[reader].name.clone() });
        }
    }

    fn tell_down(&mut self, reader: usize, why: Down) {
        if self.told[reader].state.replace(Err(why)) != Some(Err(why)) {
            self.untold.push_back(ReaderEvent::Down { reader: self.config[reader].name.clone(), why });
        }
    }

    fn tell_all_down(&mut self, why: Down) {
        (0..self.config.len()).for_each(|reader| self.tell_down(reader, why));
    }

    fn tell_card(&mut self, reader: usize, uid: Uid, proof: Proof, found_lying: bool) {
        self.told[reader].card = true;
        self.untold.push_back(ReaderEvent::Card { reader: self.config[reader].name.clone(), uid, proof, found_lying });
    }

    fn tell_unreadable(&mut self, reader: usize) {
        self.told[reader].card = true;
        self.untold.push_back(ReaderEvent::Unreadable { reader: self.config[reader].name.clone() });
    }

    /// Only of a card that was told.
    fn tell_removed(&mut self, reader: usize) {
        if std::mem::take(&mut self.told[reader].card) {
            self.untold.push_back(ReaderEvent::Removed { reader: self.config[reader].name.clone() });
        }
    }
}

impl Session {
    fn new(context: Context) -> Self {
        let readers = ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE);
        Self { context, states: vec![readers], bound: Vec::new(), places: BTreeMap::new(), listing_due: true, was_busy: false }
    }

    /// Waits for a change at a reader, or of readers.
    fn wait(&mut self) -> Result<(), Error> {
        // pcscd's client library compares counters only where a card lies and has been counted, so a card that came and went while
        // another was read would be noticed after the longest wait: the states are looked at once without waiting.
        let limit = if std::mem::take(&mut self.was_busy) { Duration::ZERO } else { LONGEST_WAIT };
        let waited = self.context.get_status_change(limit, &mut self.states);
        self.listing_due = waited == Err(Error::Timeout) && !limit.is_zero();
        match waited {
            Ok(()) | Err(Error::Timeout | Error::Cancelled) => {
                // With its counter: without it a card that came and went before the next wait would be missed.
                self.states.iter_mut().for_each(ReaderState::sync_current_state);
                if self.states[0].event_state().contains(State::CHANGED) {
                    self.listing_due = true;
                }
                Ok(())
            }
            Err(error) if loss(error) == Loss::Reader => {
                // One of them is gone. Listing tells which; the pause is for a pcscd that should list it all the same.
                std::thread::sleep(RELISTING_PAUSE);
                self.listing_due = true;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the card that was last seen is in the field now.
    fn has_still(&self, i: usize) -> bool {
        let mut now = [ReaderState::new(self.states[i + 1].name(), State::UNAWARE)];
        let looked = self.context.get_status_change(Duration::ZERO, &mut now);
        looked.is_ok() && Look::read(now[0].event_state(), now[0].event_count()) == self.bound[i].last
    }

    /// Asks for the places that the config needs and that are not known yet.
    fn ask_places(&mut self, names: &[CString], config: &[ReaderConfig]) {
        self.places.retain(|name, place| place.is_some() && names.contains(name));
        for name in names {
            if needs_place(config, &name.to_string_lossy()) && !self.places.contains_key(name) {
                self.places.insert(name.clone(), usb_port::usb_place(&self.context, name));
            }
        }
    }

    fn listed(&self, name: &CString) -> Listed {
        Listed { name: name.to_string_lossy().into_owned(), usb: self.places.get(name).cloned().flatten() }
    }

    fn bind(&mut self, reader: usize, name: &CStr) {
        let bound = self.bound.iter().position(|bound| bound.reader == reader);
        if bound.is_some_and(|i| self.states[i + 1].name() == name) {
            return;
        }
        self.unbind(reader);
        self.states.push(ReaderState::new(name, State::UNAWARE));
        self.bound.push(Bound { reader, last: None, lost: false });
    }

    /// The reader is gone, or another came in its place: it is looked at as for the first time if it is listed again.
    fn lose(&mut self, i: usize) {
        let name = self.states[i + 1].name().to_owned();
        self.places.remove(&name);
        self.states[i + 1] = ReaderState::new(name, State::UNAWARE);
        self.bound[i].last = None;
        self.listing_due = true;
    }

    fn unbind(&mut self, reader: usize) {
        if let Some(i) = self.bound.iter().position(|bound| bound.reader == reader) {
            self.bound.remove(i);
            self.states.remove(i + 1);
        }
    }
}
