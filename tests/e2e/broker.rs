//! The client and the private broker, with a real Mosquitto.

#![allow(clippy::disallowed_methods, reason = "a test waits for a state with a limit")]

mod client;
mod faults;
mod pipeline;
mod private;
