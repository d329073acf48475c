//! The whole chain, on real parts.

mod readers;

mod broker;
mod chain;
mod evaluation;
mod fiche;
mod hand;
mod mail;
mod neighbours;
mod pages;
mod phone;
mod requests;
mod soak;
mod trouble;
mod walk;
