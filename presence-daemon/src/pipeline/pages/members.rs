//! The members, for the manager's eyes.

use crate::directory::{Member, Standing};
use crate::pipeline::Pipeline;
use serde::{Deserialize, Serialize};
use voisins_shared::matching::normalize::words;
use voisins_shared::member::{Field, Surface};

/// What the members' pages ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// The members whose name has this in it, from this place on.
    List { search: String, from: usize, at_most: usize },
}

/// What the members' pages are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    List { members: Vec<DeskMember>, found: usize },
}

/// A member, for the manager's eyes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskMember {
    pub number: String,
    pub name: String,
    pub title: Option<String>,
    pub here: bool,
    pub hidden: bool,
    pub suspended: bool,
}

impl Pipeline {
    pub(super) fn members_page(&mut self, ask: Ask) -> Reply {
        match ask {
            Ask::List { search, from, at_most } => {
                let wanted = folded(&search);
                let mut found: Vec<_> =
                    self.house.directory().members().filter(|member| folded(&member.name).contains(&wanted)).collect();
                found.sort_by_cached_key(|member| (folded(&member.name), member.number));
                let line = |member: &&Member| DeskMember {
                    number: member.number.to_string(),
                    name: member.name.clone(),
                    title: member.title.clone(),
                    here: self.house.presence().visit_of(member.id).is_some(),
                    hidden: !member.shows(Field::Name, Surface::Kiosk),
                    suspended: member.standing == Standing::Suspended,
                };
                Reply::List { members: found.iter().skip(from).take(at_most).map(line).collect(), found: found.len() }
            }
        }
    }
}

/// A name as it is compared: no case, no accents, single spaces.
fn folded(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}
