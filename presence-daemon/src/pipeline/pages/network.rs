//! The manager's network, and who is kept apart.

use super::moderation::Person;
use crate::pipeline::Pipeline;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the network's pages ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    Contacts,
    /// The pairs that are never brought together.
    Apart,
}

/// What the network's pages are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Contacts { contacts: Vec<DeskContact> },
    Apart { pairs: Vec<[Person; 2]> },
}

/// Somebody outside the house who agreed to be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskContact {
    /// Such as `C-3`.
    pub id: String,
    pub name: String,
    pub skills: Vec<String>,
    pub reach: String,
    pub source: String,
    pub agreed_on: Date,
}

impl Pipeline {
    pub(super) fn network_page(&self, ask: Ask) -> Reply {
        match ask {
            Ask::Contacts => {
                let contact = |contact: &crate::contacts::Contact| DeskContact {
                    id: contact.id.to_string(),
                    name: contact.about.name.clone(),
                    skills: contact.about.skills.clone(),
                    reach: contact.about.reach.clone(),
                    source: contact.about.source.clone(),
                    agreed_on: contact.agreed_on,
                };
                Reply::Contacts { contacts: self.house.contacts().iter().map(contact).collect() }
            }
            Ask::Apart => {
                let pairs = self.house.community().apart().pairs();
                Reply::Apart { pairs: pairs.filter_map(|[a, b]| Some([self.person(a)?, self.person(b)?])).collect() }
            }
        }
    }
}
