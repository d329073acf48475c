//! The kiosk: messages of a site in, a screen out, touches back as requests.
//!
//! In the order data flows:
//! - [`config`]: the config file
//! - [`concepts`]: what the search knows, widened by files
//! - [`mqtt`], [`demo`]: where messages come from: a broker, or the demonstration
//! - [`clock`]: the only one who reads the clocks
//! - [`board`]: what the screen knows and is doing; pure
//! - [`view_model`]: what is on it, as values; pure
//! - [`photo`]: round photos, made on a thread of their own
//! - [`ui`]: the adapters, the only ones who touch what Slint generated from `ui/*.slint`
//! - [`zoom`]: the size of the text, as a zoom of the window
//! - [`kiosk`]: one kiosk on one window: the flow, end to end
//! - [`snapshot`]: a screen as a picture, without a display
//! - [`trace`]: a line for each drawn frame, for tests and measurements
//!
//! A test of the whole chain opens a [`KioskWindow`] on any platform of Slint, hands it to [`kiosk::Kiosk::new`] with a clock of its
//! own, and feeds [`kiosk::Kiosk::handle_message`]; [`kiosk::Kiosk::screen`] says what is shown.

pub mod board;
pub mod clock;
pub mod concepts;
pub mod config;
pub mod demo;
pub mod kiosk;
pub mod mqtt;
pub mod photo;
pub mod snapshot;
pub mod trace;
pub mod ui;
pub mod view_model;
pub mod zoom;

pub use generated::KioskWindow;

/// What Slint makes of `ui/*.slint`.
#[allow(missing_docs, unsafe_code, clippy::all, clippy::todo, clippy::disallowed_methods, rustdoc::all)]
pub mod generated {
    slint::include_modules!();
}
