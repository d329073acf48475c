//! The daemon: reads badges, decides who is here, writes it down, tells the house.
//!
//! Data flows one way, in the order of these modules; touches and commands come back in at the head, never sideways.
//!
//! ```text
//! card ─▶ reader ─▶ tap ─▶ presence ─▶ store ─▶ publish ─▶ mqtt ═══ broker
//!         (rim)   (pure)   (pure)    (commit)  (pure)     (rim)
//! ```
//!
//! Inward rim, where hardware and files are:
//! - [`config`]: what the space decided
//! - [`clock`]: the time, and whether it can be trusted
//! - [`key`]: the secret that turns a UID into something that can be stored
//! - [`authentic`]: badges that prove themselves to a reader
//! - [`reader`]: readers of every kind, each on its own thread
//! - [`calendars`]: events from files, folders and feeds, on a thread of their own
//!
//! Pure middle (no clock, no channel, no path, no socket; `clippy.toml` holds it):
//! - [`tap`]: what a reader says → one intentional presentation, or nothing
//! - [`policy`]: days, closing times, daylight saving
//! - [`directory`]: members, badges and consents in memory
//! - [`person`]: a member's record as the manager writes it
//! - [`vcard`]: a member's visiting card as a file
//! - [`profile`]: *Ma fiche*: what a member may change of their own record
//! - [`phone`]: the one-use links to *Ma fiche* on a phone, and what they open
//! - [`photo`]: a photo from a phone → a small JPEG without metadata
//! - [`presence`]: decide → events, apply → state
//! - [`community`]: what people ask of each other, day passes, what is out of place: decide → events, apply → state
//! - [`neighbours`]: who in the house can help whom
//! - [`contacts`]: the manager's network
//! - [`deed`]: what is written in the journal
//! - [`greeting`]: the one-use rights to press a greeting's buttons
//! - [`signing`]: which kiosk awaits a badge, and for what
//! - [`inbox`]: what the coordination has to do
//! - [`muster`]: who may be in the building
//! - [`measures`]: how much neighbours help each other, by month
//! - [`statistics`]: how full the house is, hour by hour
//! - [`publish`]: state → documents
//! - [`discovery`]: what Home Assistant is told of the site
//! - [`spaceapi`]: what anybody may know of the space
//!
//! Outward rim:
//! - [`store`]: SQLite, one writer
//! - [`members`]: the members' CSV
//! - [`concepts`]: ESCO's CSV files → a concept file
//! - [`matching`]: `match`, the search on a members' CSV
//! - [`photo`]: photos made safe
//! - [`mqtt`]: the client
//! - [`broker`]: the private broker's config, accounts and rules
//! - [`dashboard`]: who is here, live: an MQTT client of its own
//! - [`web`]: the manager's pages, and the members' own
//! - [`mail`]: letters, on a thread of their own
//! - `https`: the client of addresses beyond the house
//! - [`metrics`]: how the daemon is, for Prometheus
//! - [`feedback`]: light and sound at the readers
//!
//! Wiring:
//! - [`house`]: store and state together: decide → record → apply
//! - [`pipeline`]: the one thread that runs it
//! - [`control`]: the socket that the command line talks to
//! - [`desk`]: what the manager does by command
//! - [`app`]: gathers the world and runs it
//! - [`machine`]: what this machine has for readers, and what it lacks
//! - [`demo`]: a world of its own in a temporary folder
//! - [`remedy`]: what a person reads when something is wrong

pub mod app;
pub mod authentic;
pub mod broker;
pub mod calendars;
pub mod clock;
pub mod community;
pub mod concepts;
pub mod config;
pub mod contacts;
pub mod control;
pub mod dashboard;
pub mod deed;
pub mod demo;
pub mod desk;
pub mod directory;
pub mod discovery;
pub mod feedback;
pub mod greeting;
pub mod house;
mod https;
pub mod inbox;
pub mod key;
pub mod machine;
pub mod mail;
pub mod matching;
pub mod measures;
pub mod members;
pub mod metrics;
pub mod mqtt;
pub mod muster;
pub mod neighbours;
pub mod person;
pub mod phone;
pub mod photo;
pub mod pipeline;
pub mod policy;
pub mod presence;
pub mod profile;
pub mod publish;
pub mod reader;
pub mod remedy;
pub mod signing;
pub mod spaceapi;
pub mod statistics;
pub mod store;
pub mod tap;
pub mod vcard;
pub mod web;
