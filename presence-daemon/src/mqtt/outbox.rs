//! What waits to be published. Knows no broker.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;
use voisins_shared::topic::Topic;

/// Something to publish; with `until` an event, without a retained document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) payload: Vec<u8>,
    pub(super) mark: Option<(Topic, i64)>,
    pub(super) until: Option<Instant>,
}

impl Item {
    pub(super) fn retained(name: String, payload: Vec<u8>, mark: Option<(Topic, i64)>) -> Self {
        Self { name, payload, mark, until: None }
    }
}

/// What waits for a place in the window: events first, then documents in the order they first changed, each in its latest state.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    events: VecDeque<Item>,
    order: VecDeque<String>,
    documents: BTreeMap<String, Item>,
}

impl Outbox {
    pub(super) fn push_event(&mut self, name: String, payload: Vec<u8>, until: Instant) {
        let now = Instant::now();
        self.events.retain(|event| event.until.is_none_or(|until| until > now));
        self.events.push_back(Item { name, payload, mark: None, until: Some(until) });
    }

    /// An event goes back to the head: whether the broker took it is unknown, and it names itself, so twice is no harm. A document is
    /// in the next tree.
    pub(super) fn unsend(&mut self, item: Item) {
        if item.until.is_some() {
            self.events.push_front(item);
        }
    }

    pub(super) fn put(&mut self, item: Item) {
        match self.documents.get_mut(&item.name) {
            Some(waiting) => {
                waiting.payload = item.payload;
                waiting.mark = waiting.mark.take().max(item.mark);
            }
            None => {
                self.order.push_back(item.name.clone());
                self.documents.insert(item.name.clone(), item);
            }
        }
    }

    pub(super) fn put_last(&mut self, item: Item) {
        self.order.retain(|name| *name != item.name);
        self.order.push_back(item.name.clone());
        self.documents.insert(item.name.clone(), item);
    }

    pub(super) fn pop(&mut self) -> Option<Item> {
        let now = Instant::now();
        while let Some(event) = self.events.pop_front() {
            if event.until.is_none_or(|until| until > now) {
                return Some(event);
            }
        }
        self.documents.remove(&self.order.pop_front()?)
    }

    pub(super) fn forget_documents(&mut self) {
        self.order.clear();
        self.documents.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.order.is_empty()
    }
}
