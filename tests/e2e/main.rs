//! The whole chain, on real parts.

mod readers;

mod broker;
mod chain;
mod evaluation;
mod fiche;
mod hand;
mod integrations;
mod neighbours;
mod pages;
mod requests;
mod soak;
mod trouble;
mod walk;
