//! Waiting for a file or for the stop, whichever comes first.

use crate::reader::Stop;
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

/// What ends a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// There is something to read, or the file is lost: reading tells.
    Ready,
    /// The limit is over.
    Timeout,
    /// The stop was asked for.
    Stop,
}

/// Ends waits when a stop is asked for.
#[derive(Clone)]
pub struct Wake(Arc<OwnedFd>);

impl Wake {
    /// From now on `stop` ends waits.
    ///
    /// # Errors
    /// The process has no file descriptor left.
    pub fn armed(stop: &Stop) -> io::Result<Self> {
        let wake = Self(Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?));
        let asked = wake.clone();
        // it can't be full: it is written once
        stop.on_ask(move || {
            let _ = rustix::io::write(&*asked.0, &1u64.to_ne_bytes());
        });
        Ok(wake)
    }

    /// Waits until there is something to read, for at most `limit`.
    ///
    /// # Errors
    /// The system's.
    pub fn wait(&self, file: BorrowedFd<'_>, limit: Option<Duration>) -> io::Result<Woken> {
        self.wait_for(file, PollFlags::IN, limit)
    }

    /// Waits until the file is lost: poll(2) tells hang-ups unasked. What could be read is left unread.
    ///
    /// # Errors
    /// The system's.
    pub fn wait_for_loss(&self, file: BorrowedFd<'_>) -> io::Result<Woken> {
        self.wait_for(file, PollFlags::empty(), None)
    }

    fn wait_for(&self, file: BorrowedFd<'_>, what: PollFlags, limit: Option<Duration>) -> io::Result<Woken> {
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut files = [PollFd::new(&*self.0, PollFlags::IN), PollFd::from_borrowed_fd(file, what)];
        loop {
            match poll(&mut files, limit.as_ref()) {
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
                Ok(0) => return Ok(Woken::Timeout),
                Ok(_) if !files[0].revents().is_empty() => return Ok(Woken::Stop),
                Ok(_) => return Ok(Woken::Ready),
            }
        }
    }
}
