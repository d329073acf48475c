//! The whole chain, on real parts.

mod readers;

mod broker;
