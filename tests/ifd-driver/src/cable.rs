//! One reader: the driver's end of the cable to the test that plays it.
#![allow(clippy::disallowed_methods, reason = "a driver keeps real time: a card that doesn't answer times out")]

use crate::frame::{Frame, Kind, field};
use crate::ifd::{
    IFD_COMMUNICATION_ERROR, IFD_ERROR_POWER_ACTION, IFD_ICC_NOT_PRESENT, IFD_ICC_PRESENT, IFD_NO_SUCH_DEVICE,
    IFD_RESPONSE_TIMEOUT, IFD_SUCCESS, ResponseCode,
};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long the test may take to say what is in the field at the start.
const HANDSHAKE: Duration = Duration::from_secs(2);

/// A plugged-in reader.
pub struct Cable {
    state: Mutex<State>,
    changed: Condvar,
    reading: Mutex<Option<JoinHandle<()>>>,
}

struct State {
    to_test: UnixStream,
    field: Field,
    /// Number of the field frame that `field` is from.
    current: u32,
    /// The last one that a wait for events ended with.
    polled: u32,
    /// The last one that pcscd looked at after that.
    looked: u32,
    /// The last one that the test was told pcscd has seen.
    seen: u32,
    stop_asked: bool,
    exchange: u32,
    /// Apdu or Control.
    exchanging: Kind,
    answer: Option<Result<Vec<u8>, ResponseCode>>,
}

enum Field {
    Empty,
    Card {
        atr: Vec<u8>,
    },
    Mute,
    Failing,
    /// The test is gone, and the reader with it.
    Unplugged,
}

impl Field {
    fn decode(payload: &[u8]) -> Self {
        match payload {
            [field::EMPTY, ..] => Self::Empty,
            [field::CARD, atr @ ..] => Self::Card { atr: atr.to_vec() },
            [field::MUTE, ..] => Self::Mute,
            _ => Self::Failing,
        }
    }
}

impl Cable {
    /// Connects to the test's socket. None: no such reader.
    pub fn plug_in(socket: &Path) -> Option<Arc<Self>> {
        let mut from_test = UnixStream::connect(socket).ok()?;
        from_test.set_read_timeout(Some(HANDSHAKE)).ok()?;
        let first = Frame::decode(&mut from_test).ok().filter(|frame| frame.kind == Kind::Field)?;
        from_test.set_read_timeout(None).ok()?;
        let state = State {
            to_test: from_test.try_clone().ok()?,
            field: Field::decode(&first.payload),
            current: first.number,
            polled: first.number,
            looked: 0,
            seen: 0,
            stop_asked: false,
            exchange: 0,
            exchanging: Kind::Apdu,
            answer: None,
        };
        let cable = Arc::new(Self { state: Mutex::new(state), changed: Condvar::new(), reading: Mutex::new(None) });
        let reader = Arc::clone(&cable);
        let thread = std::thread::Builder::new().name("voisins-ifd".to_owned()).spawn(move || reader.listen(from_test)).ok()?;
        *lock(&cable.reading) = Some(thread);
        Some(cable)
    }

    /// Ends the thread before returning: pcscd unloads this library next.
    pub fn unplug(&self) {
        let _ = lock(&self.state).to_test.shutdown(Shutdown::Both);
        if let Some(thread) = lock(&self.reading).take() {
            let _ = thread.join();
        }
    }

    /// Waits until something changed at the reader, `limit` is over, or [`Cable::stop_waiting`]; pcscd then looks at the field.
    ///
    /// When pcscd waits again it has dealt with what it looked at before, and the test is told. (A look alone says nothing: pcscd 1.9.9
    /// also looks before it powers a card down, and forgets what it saw; `IFDPowerICC` in its ifdwrapper.c.)
    pub fn wait(&self, limit: Duration) -> ResponseCode {
        let mut state = lock(&self.state);
        if state.looked == state.current && state.seen != state.current {
            state.seen = state.current;
            let _ = Frame::new(Kind::Seen, state.current, []).encode(&state.to_test);
        }
        let calm = |state: &mut State| state.current == state.polled && !state.stop_asked;
        (state, _) = self.changed.wait_timeout_while(state, limit, calm).unwrap_or_else(PoisonError::into_inner);
        state.polled = state.current;
        state.stop_asked = false;
        match state.field {
            Field::Failing | Field::Unplugged => IFD_COMMUNICATION_ERROR,
            _ => IFD_SUCCESS,
        }
    }

    /// Ends one [`Cable::wait`], the present one or the next. pcscd asks for it at each disconnect of a client, not only at the end.
    pub fn stop_waiting(&self) {
        lock(&self.state).stop_asked = true;
        self.changed.notify_all();
    }

    /// Whether a card is in the field.
    pub fn presence(&self) -> ResponseCode {
        let mut state = lock(&self.state);
        if state.polled == state.current {
            state.looked = state.current;
        }
        match state.field {
            Field::Empty => IFD_ICC_NOT_PRESENT,
            Field::Card { .. } | Field::Mute => IFD_ICC_PRESENT,
            Field::Failing => IFD_COMMUNICATION_ERROR,
            Field::Unplugged => IFD_NO_SUCH_DEVICE,
        }
    }

    /// Powers the card, up or anew. `Ok`: its ATR.
    pub fn power_up(&self, kind: Kind) -> Result<Vec<u8>, ResponseCode> {
        let state = lock(&self.state);
        let _ = Frame::new(kind, 0, []).encode(&state.to_test);
        match &state.field {
            Field::Card { atr } => Ok(atr.clone()),
            Field::Empty | Field::Mute => Err(IFD_ERROR_POWER_ACTION),
            Field::Failing | Field::Unplugged => Err(IFD_COMMUNICATION_ERROR),
        }
    }

    /// Takes the power off the card.
    pub fn power_down(&self) {
        let _ = Frame::new(Kind::PowerDown, 0, []).encode(&lock(&self.state).to_test);
    }

    /// The ATR of the card in the field.
    pub fn atr(&self) -> Vec<u8> {
        match &lock(&self.state).field {
            Field::Card { atr } => atr.clone(),
            _ => Vec::new(),
        }
    }

    /// An APDU or a control command, answered by the test. A card taken away ends an APDU at once.
    pub fn exchange(&self, kind: Kind, payload: Vec<u8>, limit: Duration) -> Result<Vec<u8>, ResponseCode> {
        let end = Instant::now() + limit;
        let mut state = lock(&self.state);
        if kind == Kind::Apdu && matches!(state.field, Field::Empty) {
            return Err(IFD_ICC_NOT_PRESENT);
        }
        state.answer = None;
        state.exchange = state.exchange.wrapping_add(1);
        state.exchanging = kind;
        let command = Frame::new(kind, state.exchange, payload);
        command.encode(&state.to_test).map_err(|_| IFD_NO_SUCH_DEVICE)?;
        loop {
            if let Some(answer) = state.answer.take() {
                return answer;
            }
            match state.field {
                Field::Unplugged => return Err(IFD_NO_SUCH_DEVICE),
                Field::Failing => return Err(IFD_COMMUNICATION_ERROR),
                _ => {}
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(IFD_RESPONSE_TIMEOUT);
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn listen(&self, mut from_test: UnixStream) {
        while let Ok(frame) = Frame::decode(&mut from_test) {
            lock(&self.state).handle(frame);
            self.changed.notify_all();
        }
        let mut state = lock(&self.state);
        state.field = Field::Unplugged;
        state.current = state.current.wrapping_add(1);
        self.changed.notify_all();
    }
}

impl State {
    fn handle(&mut self, frame: Frame) {
        match frame.kind {
            Kind::Field => {
                self.field = Field::decode(&frame.payload);
                self.current = frame.number;
                if self.exchanging == Kind::Apdu {
                    // The card that was asked is gone, even if there is another already.
                    self.answer.get_or_insert(Err(IFD_ICC_NOT_PRESENT));
                }
            }
            Kind::Answer if frame.number == self.exchange => self.answer = Some(Ok(frame.payload)),
            Kind::Refuse if frame.number == self.exchange => {
                let code = frame.payload.first_chunk().map_or(IFD_COMMUNICATION_ERROR, |code| u32::from_be_bytes(*code).into());
                self.answer = Some(Err(code));
            }
            // Answers to an exchange that ended without them; kinds that only the driver sends.
            _ => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
