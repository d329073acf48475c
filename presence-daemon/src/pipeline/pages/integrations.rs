//! What other systems ask of the pages' server: numbers, never a name.

use crate::clock::Now;
use crate::metrics::Snapshot;
use crate::pipeline::Pipeline;
use crate::spaceapi;
use serde::{Deserialize, Serialize};

/// What they ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    SpaceApi,
    Metrics,
}

/// What they are told; without a text, the space doesn't want it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Reply {
    pub text: Option<String>,
}

impl Pipeline {
    pub(super) fn integrations_page(&self, ask: &Ask, now: &Now) -> Reply {
        let text = match ask {
            Ask::SpaceApi => {
                let (config, policy) = (self.house.config(), self.house.presence().policy());
                let document = spaceapi::document(config, policy, self.view(now).present(), now.wall);
                document.and_then(|document| String::from_utf8(document).ok())
            }
            Ask::Metrics => Some(self.metrics.encoded(&self.snapshot(now))),
        };
        Reply { text }
    }

    fn snapshot(&self, now: &Now) -> Snapshot<'_> {
        let (view, store) = (self.view(now), self.house.store());
        let (members, guests) = view.people();
        Snapshot {
            members,
            guests,
            came_today: view.today(),
            needs: self.house.community().needs().len(),
            readers: self.readers.values().collect(),
            broker_connected: self.session.is_some(),
            // a disk that can't be read tells nothing, and the log tells why
            outbox: store.marks().map_or(0, |marks| marks.len()),
            database_bytes: store.size().unwrap_or(0),
            clock_known: now.wall.is_some(),
            evacuation: self.house.presence().evacuation().is_some(),
        }
    }
}
