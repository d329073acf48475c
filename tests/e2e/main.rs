//! The whole chain, on real parts.

mod readers;
