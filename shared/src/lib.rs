//! The contract: what the daemon, the kiosk and every dashboard must understand alike.
//!
//! In the order data flows:
//! - [`name`]: names of sites, readers and kiosks, as they stand in a config and in a topic
//! - [`uid`]: what a card says of itself, and never shows in a log
//! - [`member`]: who a badge belongs to: ids, numbers, short forms of a name, consent
//! - [`visit`]: how a visit begins and ends, availability
//! - [`need`]: what somebody looks for: audiences and limits
//! - [`introduction`], [`note`]: two people brought together, a few words between them
//! - [`agenda`]: what happens in the house
//! - [`muster`]: the evacuation list, a file on one machine
//! - [`language`]: French and English, and how each writes a time and a date
//! - [`topic`]: where a document lies on the broker
//! - [`payload`]: the documents themselves (JSON, `"v":1`)
//! - [`roster`]: the fold over them: messages in, state of a site out
//! - [`matching`]: text → skills → neighbours, offline and as one types
//! - [`demo`]: invented people, for the demonstration, the snapshots and the tests
//! - [`config`]: reading a TOML file with errors that name key and line
//! - [`told`]: an error as a person reads it
//! - [`log_setup`]: one way to log, on stderr
//!
//! Nothing here knows a socket, a database, a window or a clock.

pub mod agenda;
pub mod config;
pub mod demo;
pub mod introduction;
pub mod language;
pub mod log_setup;
pub mod matching;
pub mod member;
pub mod muster;
pub mod name;
pub mod need;
pub mod note;
pub mod payload;
pub mod roster;
pub mod told;
pub mod topic;
pub mod uid;
pub mod visit;
