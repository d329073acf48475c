//! What is only read, and may take its time: pages of history, lists, exports. A connection of its own that can't write, so that no tap
//! waits for a page.

mod month;
mod needs;
mod passes;
mod readers;

pub use month::MonthVisits;
pub use needs::ClosedNeed;
pub use passes::{Entries, Moved};
pub mod journal;
mod people;
pub(super) mod visits;

pub use people::VISIT_COLUMNS;
pub mod fiche;

use super::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// A database, to be read beside the writer.
#[derive(Debug)]
pub struct Reports {
    pub(super) connection: Connection,
}

impl Reports {
    /// Opens the database that a [`super::Store`] writes.
    ///
    /// # Errors
    /// [`StoreError::Open`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(open)?;
        connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(open)?;
        Ok(Self { connection })
    }
}
