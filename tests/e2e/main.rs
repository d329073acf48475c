//! The whole chain, on real parts.

mod authentic;
mod readers;

mod broker;
mod chain;
mod coordination;
mod dashboard;
mod door;
mod evaluation;
mod feedback;
mod fiche;
mod fuzz_authentic;
mod fuzz_evdev;
mod hand;
mod integrations;
mod mail;
mod neighbours;
mod pages;
mod people;
mod phone;
mod requests;
mod soak;
mod sun;
mod trouble;
mod walk;
mod wedge;
mod wired;
