//! What the end-to-end tests are made of: real parts, each with a place of its own, so that tests run side by side and leave nothing.
//!
//! Cards and readers:
//! - [`card`]: a card and how it answers
//! - [`authentic_card`]: one that proves that it is no copy
//! - [`frame`]: what goes between our pcscd driver and a test
//! - [`virtual_reader`]: the reader a test plays
//! - [`pcscd`]: a private pcscd
//! - [`hotplug`]: one whose readers come and go
//! - [`vpcd`]: the stock virtual reader
//! - [`wedge`]: a reader that types
//! - [`watch`]: what the daemon's readers tell, without the daemon
//! - [`pn532_chip`], [`mfrc522_chip`]: the chips of readers on the header
//!
//! Broker:
//! - [`broker`]: a plain Mosquitto and a plain client
//! - [`browser`]: a browser as the manager's pages see one
//! - [`chromium`]: a real one
//!
//! Bytes that go wrong:
//! - [`fuzz`]: mutations of valid inputs for a target that must not panic
//!
//! The whole:
//! - [`screen`]: a screen that nobody sees
//! - [`window`]: the kiosk in a window
//! - [`badges`]: badges that prove themselves, written and enrolled there
//! - [`world`]: pcscd, daemon, broker and kiosk together

pub mod authentic_card;
pub mod badges;
pub mod broker;
pub mod browser;
pub mod card;
pub mod chromium;
#[path = "../ifd-driver/src/frame.rs"]
pub mod frame;
pub mod fuzz;
pub mod hotplug;
pub mod mfrc522_chip;
pub mod pcscd;
pub mod pn532_chip;
pub mod smtp;
pub mod virtual_reader;
pub mod vpcd;
pub mod watch;
pub mod wedge;

pub mod screen;
pub mod window;
pub mod world;
