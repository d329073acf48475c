//! pcscd: reaching it, listing its readers, and what its errors mean for us.

use super::matching::{Listed, matching, needs_place};
use super::usb_port::usb_place;
use crate::config::ReaderConfig;
use crate::reader::{Down, Stop};
use pcsc::{Context, Error, Scope};
use std::ffi::CString;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

/// Between two tries to end a wait.
const CANCEL_PAUSE: Duration = Duration::from_millis(10);

/// A call that may never return, on a thread of its own. `SCardEstablishContext` blocks for as long as systemd holds pcscd's socket and
/// nobody serves it; such a thread is left behind when the daemon ends.
pub struct Pending<T>(Receiver<Result<T, Error>>);

impl<T: Send + 'static> Pending<T> {
    /// Calls it.
    pub fn call(function: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<Self, Error> {
        let (sender, receiver) = mpsc::sync_channel(1);
        // Nobody waits any more: then the result is dropped.
        let call = move || drop(sender.send(function()));
        Builder::new().name("pcsc-call".to_owned()).spawn(call).map_err(|_| Error::NoMemory)?;
        Ok(Self(receiver))
    }

    /// None: not yet.
    pub fn wait(&self, limit: Duration) -> Option<Result<T, Error>> {
        match self.0.recv_timeout(limit) {
            Ok(result) => Some(result),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err(Error::InternalError)),
        }
    }
}

/// Ends the wait of a context when a stop is asked for.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Mutex<Option<Context>>>);

impl Interrupt {
    /// From now on `stop` ends waits.
    pub fn arm(&self, stop: &Stop) {
        let interrupt = self.clone();
        stop.on_ask(move || {
            // Failing that, the wait ends by itself.
            let _ = Builder::new().name("pcsc-stop".to_owned()).spawn(move || interrupt.cancel());
        });
    }

    /// The context that waits, if any.
    pub fn set(&self, context: Option<Context>) {
        *self.lock() = context;
    }

    /// Until the context is given up: a cancel that comes just before the wait is lost.
    fn cancel(&self) {
        loop {
            let Some(context) = self.lock().clone() else { return };
            let _ = context.cancel();
            std::thread::sleep(CANCEL_PAUSE);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Context>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A context of our own.
pub fn establish() -> Result<Context, Error> {
    Context::establish(Scope::User)
}

/// The names of the readers pcscd knows.
pub fn readers(context: &Context) -> Result<Vec<CString>, Error> {
    match context.list_readers_owned() {
        Err(Error::NoReadersAvailable) => Ok(Vec::new()),
        // One was plugged in between the question for the length and the question for the names.
        Err(Error::InsufficientBuffer) => context.list_readers_owned(),
        names => names,
    }
}

/// The readers pcscd knows, each with its place on the USB where that is known. For people: it asks every reader.
///
/// # Errors
/// [`Down::NoPcscd`] if pcscd doesn't answer within `limit`, [`Down::AccessDenied`] if it refuses.
pub fn list(limit: Duration) -> Result<Vec<Listed>, Down> {
    let call = Pending::call(|| {
        let context = establish()?;
        let names = readers(&context)?;
        Ok(names.iter().map(|name| Listed { name: name.to_string_lossy().into_owned(), usb: usb_place(&context, name) }).collect())
    });
    match call.and_then(|call| call.wait(limit).unwrap_or(Err(Error::Timeout))) {
        Ok(listed) => Ok(listed),
        Err(error) => Err(why(error)),
    }
}

/// The name that the `reader`th reader of the config has now.
///
/// # Errors
/// The service's; and within, why there is none such.
pub fn find(context: &Context, config: &[ReaderConfig], reader: usize) -> Result<Result<CString, Down>, Error> {
    let mut names = readers(context)?;
    let listed: Vec<Listed> = names
        .iter()
        .map(|name| {
            let text = name.to_string_lossy().into_owned();
            let usb = needs_place(config, &text).then(|| usb_place(context, name)).flatten();
            Listed { name: text, usb }
        })
        .collect();
    let found = matching(config, &listed).into_iter().nth(reader).unwrap_or(Err(Down::NotPlugged));
    Ok(found.map(|position| names.swap_remove(position)))
}

/// Why no reader can be used after this error of the service.
pub fn why(error: Error) -> Down {
    match error {
        Error::SecurityViolation => Down::AccessDenied,
        _ => Down::NoPcscd,
    }
}

/// What an error says about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The card: the tap failed, the next may do.
    Card,
    /// The reader: list them again.
    Reader,
    /// Our right to use it (polkit).
    Access,
    /// The context: dead for ever, even when pcscd is back. `SCardIsValidContext` doesn't know.
    Context,
}

/// Whether the context is dead after this error: another has to be established.
pub fn is_of_context(error: Error) -> bool {
    loss(error) == Loss::Context
}

/// What was lost, by an error of a call that has to do with a card.
pub fn loss(error: Error) -> Loss {
    match error {
        Error::CommError
        | Error::NoService
        | Error::ServiceStopped
        | Error::InvalidHandle
        | Error::InternalError
        | Error::Shutdown => Loss::Context,
        Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => Loss::Reader,
        Error::SecurityViolation => Loss::Access,
        _ => Loss::Card,
    }
}
