//! The whole chain, on real parts.

mod readers;

mod broker;
mod chain;
mod soak;
mod trouble;
mod requests;
