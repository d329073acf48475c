//! Text → skills → neighbours, offline and as one types. Kiosk and daemon use this one.
//!
//! In the order data flows:
//! - [`normalize`]: text → words without case, accents, elision and ending, of French and English alike
//! - `vocabulary`: a word, a beginning or a spelling mistake → the stems that may be meant
//! - [`concepts`]: the skill concepts (`shared/data/skills`), their words, and what is a kind of what
//! - `files`: concept files that widen them
//! - `postings`: where each stem stands
//! - `lexicon`: words → concepts
//! - [`index`]: concepts and words → members
//! - [`rank`]: whom to ask first
//!
//! Nothing here remembers, logs or sends what was searched.

pub mod concepts;
mod files;
pub mod index;
mod lexicon;
pub mod normalize;
mod postings;
pub mod rank;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use concepts::{Concept, ConceptError, ConceptId, Concepts};
pub use files::{FilesError, read_widened};
pub use index::{Index, Profile};
pub use rank::{Found, Group, Hit, Nearness, Why};
