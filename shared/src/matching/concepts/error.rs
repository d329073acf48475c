//! What may be wrong with concept files, and what to do.

/// Concept data that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConceptError {
    /// Not TOML, or not as a concept is written.
    #[error("{file}: {problem}")]
    Unreadable {
        /// Which file.
        file: String,
        /// Where and what.
        problem: String,
    },
    /// One id, twice.
    #[error("{file}: the concept {id:?} stands in {other} already. Join the two, or give one another id")]
    Twice {
        /// Which file.
        file: String,
        /// Where it stood first.
        other: String,
        /// Which concept.
        id: String,
    },
    /// A reference to nothing.
    #[error("{file}: {id:?} names {to:?} as {relation}, and there is no such concept")]
    Unknown {
        /// Which file.
        file: String,
        /// Which concept.
        id: String,
        /// `broader`, `related` or `extends`.
        relation: &'static str,
        /// The id that nobody has.
        to: String,
    },
    /// A concept gives its words to one that does the same.
    #[error("{file}: {id:?} extends {to:?}, which extends another itself. Name that one")]
    Chain {
        /// Which file.
        file: String,
        /// Which concept.
        id: String,
        /// What it extends.
        to: String,
    },
    /// A concept that only gives its words has a place among the others.
    #[error("{file}: {id:?} extends another concept: its `broader` and `related` belong there")]
    Placed {
        /// Which file.
        file: String,
        /// Which concept.
        id: String,
    },
    /// A concept that is a kind of itself.
    #[error("a concept is a kind of itself: {0}. Take one `broader` of these away")]
    Cycle(String),
}
