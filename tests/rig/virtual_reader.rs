//! A card reader that is none: the test's end of the cable to our pcscd driver (`ifd-driver`). The reader and its card live here, so
//! a card stays where it lies when pcscd is killed and comes back.

use crate::card::{Answer, Card};
use crate::frame::{Frame, Kind, field};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A pseudo-APDU of ACS: for the reader, not the card.
const PSEUDO: [u8; 2] = [0xFF, 0x00];
/// What should happen within milliseconds has failed when it takes longer; machines that build at the same time are slow.
const LIMIT: Duration = Duration::from_secs(20);

/// A reader. Dropped, it is gone from pcscd too.
#[derive(Debug)]
pub struct VirtualReader {
    shared: Arc<Shared>,
    socket: PathBuf,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    play: Mutex<Play>,
    changed: Condvar,
}

#[derive(Debug)]
struct Play {
    to_driver: Option<UnixStream>,
    card: Option<Card>,
    failing: bool,
    /// Counts what was in the field.
    number: u32,
    /// The last of it that pcscd has seen.
    seen: u32,
    /// APDUs that the card in the field got, and that it answered.
    asked: u32,
    answered: u32,
    /// How often it was reset since.
    resets: u32,
    /// When the last answer left, since the machine's start.
    answered_at: Option<Duration>,
    /// The exchange whose answer is held back.
    held: Option<(u32, Vec<u8>)>,
    controls: Vec<Vec<u8>>,
    /// Commands for the reader itself, by escape command or as pseudo-APDU.
    commands: Vec<Vec<u8>>,
    /// Those are not answered.
    ignores: bool,
    closed: bool,
}

impl VirtualReader {
    /// A reader that the driver finds at this socket.
    ///
    /// # Panics
    /// The socket can't be made.
    #[must_use]
    pub fn new(socket: &Path) -> Self {
        let listener = UnixListener::bind(socket).unwrap_or_else(|error| panic!("{}: {error}", socket.display()));
        let play = Play {
            to_driver: None,
            card: None,
            failing: false,
            number: 1,
            seen: 0,
            asked: 0,
            answered: 0,
            resets: 0,
            answered_at: None,
            held: None,
            controls: Vec::new(),
            commands: Vec::new(),
            ignores: false,
            closed: false,
        };
        let shared = Arc::new(Shared { play: Mutex::new(play), changed: Condvar::new() });
        let player = Arc::clone(&shared);
        let thread = std::thread::spawn(move || player.run(&listener));
        Self { shared, socket: socket.to_owned(), thread: Some(thread) }
    }

    /// Holds a card to it. Returns when pcscd has seen it, at once if no pcscd is there.
    #[track_caller]
    pub fn insert(&self, card: Card) {
        self.change(|play| {
            play.card = Some(card);
            (play.asked, play.answered, play.resets, play.held) = (0, 0, 0, None);
        });
    }

    /// Takes the card away. Returns when pcscd has seen it.
    #[track_caller]
    pub fn remove(&self) {
        self.change(|play| play.card = None);
    }

    /// Holds a card to it until it was read, or has failed to be.
    #[track_caller]
    pub fn tap(&self, card: Card) {
        let takes_commands = card.takes_commands();
        self.insert(card);
        match takes_commands {
            // it proved itself or not: whoever asked has let go of it
            true => self.wait("was let go", |play| play.resets > 0),
            false => self.wait_until_answered(1),
        }
        self.remove();
    }

    /// Waits until the card in the field has answered so many APDUs.
    #[track_caller]
    pub fn wait_until_answered(&self, apdus: u32) {
        self.wait("answered an APDU", |play| play.answered >= apdus);
    }

    /// When a card's last answer left, since the machine's start (`CLOCK_BOOTTIME`).
    #[must_use]
    pub fn answered_at(&self) -> Option<Duration> {
        self.shared.lock().answered_at
    }

    /// Waits until the card in the field was asked so many APDUs, answered or not.
    #[track_caller]
    pub fn wait_until_asked(&self, apdus: u32) {
        self.wait("got an APDU", |play| play.asked >= apdus);
    }

    /// Gives the answer that is held back ([`Answer::Held`]).
    #[track_caller]
    pub fn release(&self) {
        self.wait("held an answer back", |play| play.held.is_some());
        let mut play = self.shared.lock();
        if let Some((exchange, answer)) = play.held.take() {
            play.send(&Frame::new(Kind::Answer, exchange, answer));
            play.answered += 1;
        }
        self.shared.changed.notify_all();
    }

    /// Makes the reader fail: pcscd still lists it, but its driver can't reach it. The card stays.
    #[track_caller]
    pub fn fail(&self) {
        self.change(|play| play.failing = true);
    }

    /// Ends [`VirtualReader::fail`].
    #[track_caller]
    pub fn recover(&self) {
        self.change(|play| play.failing = false);
    }

    /// The commands for the reader itself that came so far (light, buzzer): control code, 4 bytes, then data.
    #[must_use]
    pub fn controls(&self) -> Vec<Vec<u8>> {
        self.shared.lock().controls.clone()
    }

    /// What the reader itself was told to do so far, by escape command or as pseudo-APDU (`FF 00 …`).
    #[must_use]
    pub fn commands(&self) -> Vec<Vec<u8>> {
        self.shared.lock().commands.clone()
    }

    /// Makes the reader hang at commands for itself, or ends that; the driver gives each up after 3 s.
    pub fn ignore_commands(&self, ignores: bool) {
        self.shared.lock().ignores = ignores;
    }

    /// Waits until pcscd has opened the reader and looked at its field.
    #[track_caller]
    pub fn wait_until_open(&self) {
        self.wait("was opened by pcscd", |play| play.to_driver.is_some() && play.seen == play.number);
    }

    /// Waits until pcscd is gone.
    #[track_caller]
    pub fn wait_until_closed(&self) {
        self.wait("was closed by pcscd", |play| play.to_driver.is_none());
    }

    #[track_caller]
    fn change(&self, change: impl FnOnce(&mut Play)) {
        let mut play = self.shared.lock();
        change(&mut play);
        play.number += 1;
        play.show();
        drop(play);
        self.wait("was looked at by pcscd", |play| play.to_driver.is_none() || play.seen == play.number);
    }

    #[track_caller]
    fn wait(&self, what: &str, until: impl Fn(&Play) -> bool) {
        let waited = self.shared.changed.wait_timeout_while(self.shared.lock(), LIMIT, |play| !until(play));
        let (play, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        let state = format!("{play:?}");
        drop(play);
        assert!(!waited.timed_out(), "after {LIMIT:?} the virtual reader {} never {what}: {state}", self.socket.display());
    }
}

impl Drop for VirtualReader {
    fn drop(&mut self) {
        let mut play = self.shared.lock();
        play.closed = true;
        if let Some(driver) = &play.to_driver {
            let _ = driver.shutdown(Shutdown::Both);
        }
        drop(play);
        // Ends the wait for a driver.
        let _ = UnixStream::connect(&self.socket);
        let _ = std::fs::remove_file(&self.socket);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Play> {
        self.play.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, listener: &UnixListener) {
        for driver in listener.incoming() {
            let mut play = self.lock();
            if play.closed {
                return;
            }
            let Ok(mut from_driver) = driver else { continue };
            play.to_driver = from_driver.try_clone().ok();
            play.seen = 0;
            play.show();
            drop(play);
            self.changed.notify_all();
            while let Ok(frame) = Frame::decode(&mut from_driver) {
                self.lock().handle(frame);
                self.changed.notify_all();
            }
            self.lock().to_driver = None;
            self.changed.notify_all();
        }
    }
}

impl Play {
    fn send(&mut self, frame: &Frame) {
        // A driver that is gone is noticed where its frames are read.
        if let Some(driver) = &self.to_driver {
            let _ = frame.encode(driver);
        }
    }

    /// Tells the driver what is in the field.
    fn show(&mut self) {
        let payload = match (&self.card, self.failing) {
            (_, true) => vec![field::FAILING],
            (None, false) => vec![field::EMPTY],
            (Some(Card { atr: None, .. }), false) => vec![field::MUTE],
            (Some(Card { atr: Some(atr), .. }), false) => [&[field::CARD], &atr[..]].concat(),
        };
        let number = self.number;
        self.send(&Frame::new(Kind::Field, number, payload));
    }

    fn handle(&mut self, frame: Frame) {
        match frame.kind {
            Kind::Seen => self.seen = frame.number,
            Kind::PowerUp | Kind::Reset => {
                self.resets += u32::from(frame.kind == Kind::Reset);
                self.card.iter().for_each(Card::reset);
            }
            Kind::Apdu => self.handle_apdu(frame.number, &frame.payload),
            Kind::Control => {
                self.commands.push(frame.payload[4..].to_vec());
                self.controls.push(frame.payload);
                // ACR122U API 2.04, section 6.2: success is 90 and the state of the LEDs.
                self.send(&Frame::new(Kind::Answer, frame.number, [0x90, 0x02]));
            }
            _ => {}
        }
    }

    fn handle_apdu(&mut self, exchange: u32, apdu: &[u8]) {
        let Some(card) = &mut self.card else { return };
        if apdu.starts_with(&PSEUDO) {
            self.commands.push(apdu.to_vec());
            if !self.ignores {
                self.send(&Frame::new(Kind::Answer, exchange, [0x90, 0x02]));
            }
            return;
        }
        self.asked += 1;
        let answer = card.next_answer();
        if answer == Answer::PulledAwayAfter {
            card.well(apdu);
        }
        let frame = match answer {
            Answer::Well => Frame::new(Kind::Answer, exchange, card.well(apdu)),
            Answer::With(bytes) => Frame::new(Kind::Answer, exchange, bytes),
            Answer::Fails(code) => Frame::new(Kind::Refuse, exchange, code.to_be_bytes()),
            Answer::Held => {
                self.held = Some((exchange, card.well(apdu)));
                return;
            }
            Answer::PulledAway | Answer::PulledAwayAfter => {
                self.card = None;
                self.number += 1;
                self.show();
                return;
            }
        };
        self.answered_at = Some(presence_daemon::clock::since_boot());
        self.send(&frame);
        self.answered += 1;
    }
}
