//! The MQTT client, in one file so that it can be exchanged. Knows documents by topic and nothing of what they say.

use std::time::{Duration, Instant};
use uuid::Uuid;
use voisins_shared::topic::Topic;

/// A retained document as it should stand on the broker; empty = cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where.
    pub topic: Topic,
    /// What; empty clears the topic.
    pub payload: Vec<u8>,
    /// The dirty mark it answers: told back once the broker has acknowledged it.
    pub mark: Option<i64>,
}

/// What the pipeline asks of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// All retained documents, as they should stand: the answer to [`Incoming::Connected`]. The client reads what the broker retains
    /// below our base, publishes what differs (photos are compared by their bytes), clears ghosts.
    Tree(Uuid, Vec<Document>),
    /// Retained documents that changed. Dropped while not connected: the tree at the next connect has them.
    Changed(Vec<Document>),
    /// An event, not retained (greeting, response). Dropped if it can't be sent before `until`.
    Event {
        /// Where.
        topic: Topic,
        /// What.
        payload: Vec<u8>,
        /// When it is too late.
        until: Instant,
    },
}

/// What the client tells the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A connection stands, under a new session id (it is in the will). The pipeline answers with [`Outgoing::Tree`].
    Connected(Uuid),
    /// The connection is gone. Told once.
    Disconnected,
    /// The broker acknowledged the document that answers these marks.
    Acknowledged(Vec<(Topic, i64)>),
    /// A request of a kiosk (a retained one is ignored before it comes here).
    Request {
        /// Who asked, and what: always a [`Topic::Request`].
        topic: Topic,
        /// The JSON.
        payload: Vec<u8>,
    },
}

/// How long the client waits before it connects again, at first and at most.
pub const BACK_OFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
