//! The client and the private broker, with a real Mosquitto.

mod client;
mod faults;
mod pipeline;
mod private;
