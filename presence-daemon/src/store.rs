//! The store: one SQLite file, one writer, short transactions. What is announced was on disk before.
//!
//! WAL and `synchronous=FULL`: a committed tap survives a power cut. Events are appended and chained; projections (visits, pairing
//! codes, occupancy) and dirty marks are written in the same transaction.

mod agenda;
mod authentic;
mod between;
mod contacts;
mod evacuation;
mod events;
mod fiche;
mod habits;
mod history;
mod inbox;
mod introductions;
mod ledger;
mod mail;
mod manager;
mod measures;
mod moderation;
mod muster;
mod needs;
mod notes;
mod people;
mod person;
mod redact;
pub mod reports;
mod restore;
mod visits;
mod vouched;

#[cfg(test)]
mod tests;

pub use events::Answered;
pub use introductions::Outcome;
pub use ledger::Entry;
pub use mail::{Queued, Subject};
pub use manager::{Account, Removed, Step};
pub use people::{Change, Consent, ConsentState, GivenBy, NOTICE_VERSION};
pub use person::BadgeRow;
pub use redact::Anonymised;
pub use reports::journal;
pub use reports::visits::{Corrected, DayCount, VisitRow, VisitsOf};
pub use reports::{ClosedNeed, Entries, MonthVisits, Moved, Reports, VISIT_COLUMNS};
pub use restore::Verified;
pub use visits::VouchedName;
pub use vouched::Vouched;

use crate::key::KeyRing;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use voisins_shared::name::SiteName;
use voisins_shared::topic::Topic;

/// Why the store can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite itself is too old.
    #[error(
        "SQLite {found} is too old: versions before 3.51.3 can corrupt a database in WAL mode. Rebuild with the bundled library"
    )]
    OldLibrary {
        /// Its version.
        found: &'static str,
    },
    /// The file can't be opened or is no database of ours.
    #[error(
        "can't open the database {path}: {source}. Check its owner, its permissions and the disk; if the file is damaged, move it away and restore the last backup"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A later version of the program wrote it.
    #[error(
        "the database {path} has schema {found}, this program knows {known}: install the version that wrote it, or a later one"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its `user_version`.
        found: usize,
        /// Ours.
        known: usize,
    },
    /// The key file is not the one the badges were made under.
    #[error("badge key {key_id} is not the one this database was made with: restore badge.key from its backup")]
    WrongKey {
        /// Its number.
        key_id: u32,
    },
    /// A key is gone from the key file.
    #[error(
        "badge key {key_id} is missing from badge.key, but the database has badges made under it: restore the file from its backup"
    )]
    LostKey {
        /// Its number.
        key_id: u32,
    },
    /// The key file of authentic badges is not the one they were written under.
    #[error(
        "key {key_id} in authentic.key is not the one this database's authentic badges were written under: restore the file from its backup"
    )]
    WrongSiteKey {
        /// Its number.
        key_id: u32,
    },
    /// A new key was given a number below the oldest.
    #[error("badge.key has a key with a number below {oldest}, the oldest one: give a new key a higher number")]
    LowerKey {
        /// The oldest key's number.
        oldest: String,
    },
    /// A statement failed: the disk is full, read-only or broken.
    #[error("the database refused to write or read: {0}. Check the disk: `df -h`, `dmesg`")]
    Sqlite(#[from] rusqlite::Error),
    /// A row that this program never wrote.
    #[error("the database has a value this program never wrote: {0}. Run `presence-daemon check`")]
    Strange(String),
}

/// Append-only: a new schema is a new entry, an old one is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("store/schema.sql"),
    include_str!("store/text_size.sql"),
    include_str!("store/needs.sql"),
    include_str!("store/manager.sql"),
    include_str!("store/needs_end.sql"),
    include_str!("store/ledger.sql"),
    include_str!("store/moderation.sql"),
    include_str!("store/between.sql"),
    include_str!("store/vouched.sql"),
    include_str!("store/agenda.sql"),
    include_str!("store/introductions_first.sql"),
    include_str!("store/history.sql"),
    include_str!("store/inbox.sql"),
    include_str!("store/visits.sql"),
    include_str!("store/accounts.sql"),
    include_str!("store/departed.sql"),
    include_str!("store/mail.sql"),
    include_str!("store/evacuation.sql"),
    include_str!("store/approval.sql"),
    include_str!("store/authentic.sql"),
    include_str!("store/badge_read.sql"),
];
const OLDEST_LIBRARY: i32 = 3_051_003;

/// The database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    chain_key: [u8; 32],
    last_link: [u8; 32],
    site: i64,
    installation: Uuid,
    /// Rises with each transaction that makes documents dirty; acknowledgements don't outlive the process, so it may start anew.
    last_mark: i64,
    /// Transactions since the last checkpoint.
    written: u32,
    /// The WAL still holds what was to be forgotten.
    owes_truncation: bool,
}

/// What a transaction wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The last event's number.
    pub seq: i64,
    /// The number of the dirty marks.
    pub mark: i64,
}

impl Store {
    /// Opens or makes the database of a site.
    ///
    /// # Errors
    /// [`StoreError`], with what to do.
    pub fn open(path: &Path, site: &SiteName, keys: &KeyRing) -> Result<Self, StoreError> {
        if rusqlite::version_number() < OLDEST_LIBRARY {
            return Err(StoreError::OldLibrary { found: rusqlite::version() });
        }
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let mut connection = Connection::open_with_flags(path, OpenFlags::default()).map_err(open)?;
        set_up(&connection).map_err(open)?;
        migrate(&mut connection, path)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let site = site_id(&transaction, site)?;
        let installation = installation(&transaction)?;
        check_keys(&transaction, keys)?;
        transaction.commit()?;
        // what a power cut before the first tap could undo is made durable now
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let last_link = last_link(&connection)?;
        let last_mark = connection.query_row("SELECT coalesce(max(seq), 0) FROM outbox", [], |row| row.get(0))?;
        Ok(Self {
            connection,
            chain_key: keys.chain_key(),
            last_link,
            site,
            installation,
            last_mark,
            written: 0,
            owes_truncation: false,
        })
    }

    /// Reads a database that another process may be writing: SQLite's own check, and the chain of events.
    ///
    /// # Errors
    /// [`StoreError`] with what was found.
    pub fn inspect(path: &Path, keys: &KeyRing) -> Result<Verified, StoreError> {
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(open)?;
        restore::quick_check(&connection).map_err(|error| match error {
            StoreError::Sqlite(source) => open(source),
            other => other,
        })?;
        restore::verify(&connection, &keys.chain_key())
    }

    /// Whether a database file has badges already: then its key must not be made anew.
    #[must_use]
    pub fn has_badges(path: &Path) -> bool {
        let Ok(connection) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) else { return false };
        connection
            .query_row("SELECT EXISTS (SELECT 1 FROM badge UNION ALL SELECT 1 FROM event)", [], |row| row.get(0))
            .unwrap_or(false)
    }

    /// The installation's id: the same for the life of the database.
    #[must_use]
    pub fn installation(&self) -> Uuid {
        self.installation
    }

    /// The last moment that was recorded by a trusted clock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn newest_known_time(&self) -> Result<Option<jiff::Timestamp>, StoreError> {
        use rusqlite::OptionalExtension as _;
        let sql = "SELECT wall_seen FROM event WHERE clock_state = 'trusted' ORDER BY seq DESC LIMIT 1";
        let text: Option<String> = self.connection.query_row(sql, [], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    /// Whether [`Store::rest`] has something to do.
    #[must_use]
    pub fn wants_rest(&self) -> bool {
        self.written > 0 || self.owes_truncation
    }

    /// Moves what was written from the WAL into the database (a checkpoint): two more syncs, which nobody at the door should wait for.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn rest(&mut self) -> Result<(), StoreError> {
        self.written = 0;
        if self.owes_truncation {
            self.truncate();
            return Ok(());
        }
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }

    /// The size of the database, without what waits in the WAL, in bytes.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn size(&self) -> Result<u64, StoreError> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.written += 1;
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// The dirty marks, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn marks(&self) -> Result<Vec<(Topic, i64)>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT topic, seq FROM outbox ORDER BY seq")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut marks = Vec::new();
        for row in rows {
            let (topic, seq) = row?;
            let topic = topic.parse().map_err(|()| StoreError::Strange(format!("outbox topic {topic:?}")))?;
            marks.push((topic, seq));
        }
        Ok(marks)
    }

    /// Clears marks that the broker has acknowledged, unless the document changed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn clear_marks(&mut self, acknowledged: &[(Topic, i64)]) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        for (topic, seq) in acknowledged {
            transaction.prepare_cached("DELETE FROM outbox WHERE topic = ?1 AND seq = ?2")?.execute((topic.to_string(), seq))?;
        }
        Ok(transaction.commit()?)
    }
}

fn mark(transaction: &Transaction<'_>, topics: &[Topic], seq: i64) -> Result<(), StoreError> {
    for topic in topics {
        let sql = "INSERT INTO outbox (topic, seq) VALUES (?1, ?2) ON CONFLICT (topic) DO UPDATE SET seq = excluded.seq";
        transaction.prepare_cached(sql)?.execute((topic.to_string(), seq))?;
    }
    Ok(())
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // the daemon makes its checkpoints when nobody taps (`Store::rest`); this many pages, 16 MB, only if it never rests
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 4000, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "trusted_schema", false)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let open = |source| StoreError::Open { path: path.to_owned(), source };
    let found: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(open)?;
    if found > MIGRATIONS.len() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: MIGRATIONS.len() });
    }
    for (version, migration) in MIGRATIONS.iter().enumerate().skip(found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(open)?;
        transaction.execute_batch(migration).map_err(open)?;
        transaction.pragma_update(None, "user_version", version + 1).map_err(open)?;
        transaction.commit().map_err(open)?;
    }
    Ok(())
}

fn site_id(transaction: &Transaction<'_>, site: &SiteName) -> Result<i64, StoreError> {
    transaction.execute("INSERT INTO site (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", [site.as_str()])?;
    Ok(transaction.query_row("SELECT site_id FROM site WHERE name = ?1", [site.as_str()], |row| row.get(0))?)
}

fn installation(transaction: &Transaction<'_>) -> Result<Uuid, StoreError> {
    let fresh = Uuid::new_v4().to_string();
    transaction.execute("INSERT INTO meta (key, value) VALUES ('installation', ?1) ON CONFLICT (key) DO NOTHING", [fresh])?;
    let text: String = transaction.query_row("SELECT value FROM meta WHERE key = 'installation'", [], |row| row.get(0))?;
    text.parse().map_err(|_| StoreError::Strange(format!("installation {text:?}")))
}

fn check_keys(transaction: &Transaction<'_>, keys: &KeyRing) -> Result<(), StoreError> {
    for (key_id, fingerprint) in keys.fingerprints() {
        let sql = "INSERT INTO badge_key (key_id, fingerprint, first_seen) VALUES (?1, ?2, ?3) ON CONFLICT (key_id) DO NOTHING";
        transaction.execute(sql, (key_id, fingerprint, crate::clock::wall_as_seen().to_string()))?;
        let known: Vec<u8> =
            transaction.query_row("SELECT fingerprint FROM badge_key WHERE key_id = ?1", [key_id], |row| row.get(0))?;
        if known != fingerprint {
            return Err(StoreError::WrongKey { key_id });
        }
    }
    // a key that is gone from the file takes its badges with it, and the oldest one the chain of events
    let present: Vec<u32> = keys.fingerprints().iter().map(|(key_id, _)| *key_id).collect();
    let known: Vec<u32> = {
        let mut statement = transaction.prepare("SELECT key_id FROM badge_key ORDER BY key_id")?;
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    if let Some(key_id) = known.iter().find(|key_id| !present.contains(key_id)) {
        return Err(StoreError::LostKey { key_id: *key_id });
    }
    let oldest = known.first().copied().unwrap_or_default().to_string();
    transaction.execute("INSERT INTO meta (key, value) VALUES ('chain_key', ?1) ON CONFLICT (key) DO NOTHING", [&oldest])?;
    let pinned: String = transaction.query_row("SELECT value FROM meta WHERE key = 'chain_key'", [], |row| row.get(0))?;
    if pinned == oldest { Ok(()) } else { Err(StoreError::LowerKey { oldest: pinned }) }
}

fn last_link(connection: &Connection) -> Result<[u8; 32], StoreError> {
    use rusqlite::OptionalExtension as _;
    let link = connection.query_row("SELECT link FROM event ORDER BY seq DESC LIMIT 1", [], |row| row.get(0)).optional()?;
    Ok(link.unwrap_or([0; 32]))
}
