//! The members, for the manager's eyes.

pub mod card;
pub mod list;

use crate::clock::Now;
use crate::control::Person;
use crate::directory::BadgeState;
use crate::house::{CommandError, Leaving};
use crate::members::Problem;
use crate::members::preview::Preview;
use crate::person::{Fields, Meanwhile, Wrong, newcomer};
use crate::pipeline::Pipeline;
use card::Card;
pub use list::{DeskMember, Shown, Sorted};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::name::ReaderName;

/// So many accounts may look at a file before it is imported; the rest asks for it again.
const PREVIEWS: usize = 4;

/// What the members' pages ask. A member is named as on the command line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// The members whose name, number, trade or address has this in it, from this place on.
    List {
        search: String,
        shown: Shown,
        sorted: Sorted,
        down: bool,
        from: usize,
        at_most: usize,
    },
    /// One of them, with the concepts in this language.
    One {
        member: String,
        language: Language,
    },
    /// Written as typed on what was read; nobody yet without a member.
    Save {
        member: Option<String>,
        typed: Box<Fields>,
        read: Box<Fields>,
    },
    /// Asks them about fields, or takes back what they agreed to.
    Consent {
        member: String,
        which: Vec<(Field, Surface)>,
        invite: bool,
    },
    Badge {
        member: String,
        badge: i64,
        state: String,
    },
    /// The next card on this reader is theirs.
    Arm {
        member: String,
        reader: ReaderName,
    },
    Disarm {
        member: String,
    },
    /// Unknown cards that wait for their owner.
    Codes,
    Photo {
        member: String,
        jpeg: Option<Vec<u8>>,
    },
    /// What a file would change; kept for this account until it is applied.
    Preview {
        csv: String,
        account: String,
    },
    /// Imports what this account saw, if it still comes to the same.
    Apply {
        account: String,
        digest: String,
    },
    /// What would end if they left.
    Leaving {
        member: String,
    },
    /// The words of concepts in a language, to choose from.
    Concepts {
        language: Language,
    },
    Person {
        person: Person,
    },
}

/// What the members' pages are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    List {
        members: Vec<DeskMember>,
        found: usize,
    },
    One(Box<Card>),
    Saved {
        number: String,
    },
    Wrong(Vec<Wrong>),
    /// Somebody else wrote it meanwhile: what the form holds now, on what stands there, and what they changed.
    Meanwhile {
        typed: Box<Fields>,
        read: Box<Fields>,
        changes: Vec<Meanwhile>,
    },
    Done,
    /// There is no such thing (any more).
    Gone,
    Codes(Vec<Code>),
    Preview {
        preview: Box<Preview>,
        digest: String,
    },
    /// The file can't be imported.
    Bad {
        line: u64,
        column: String,
        problem: Problem,
    },
    Imported {
        added: usize,
        updated: usize,
    },
    Leaving(Leaving),
    Concepts(Vec<String>),
}

/// A card that waits for its owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Code {
    pub code: String,
    /// In the site's time.
    pub since: Option<jiff::civil::DateTime>,
    pub taps: u32,
    /// Who is to hold it to a reader once more.
    pub awaits: Option<String>,
}

impl Pipeline {
    pub(super) fn members_page(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        let found = |house: &crate::house::House, member: &str| house.find(member).ok();
        Ok(match ask {
            Ask::List { search, shown, sorted, down, from, at_most } => {
                self.list(&list::Wanted { search, shown, sorted, down, from, at_most })
            }
            Ask::One { member, language } => match found(&self.house, &member) {
                Some(member) => self.card(member, language, now)?.map_or(Reply::Gone, |card| Reply::One(Box::new(card))),
                None => Reply::Gone,
            },
            Ask::Save { member: None, typed, .. } => self.add(&typed.tidied(), now)?,
            Ask::Save { member: Some(member), typed, read } => match found(&self.house, &member) {
                Some(member) => self.save(member, &typed.tidied(), &read, now)?,
                None => Reply::Gone,
            },
            Ask::Consent { member, which, invite } => match found(&self.house, &member) {
                Some(member) => {
                    if let Some(written) = self.house.set_consents(member, &which, invite, now)? {
                        self.tell_written(&written, now);
                    }
                    Reply::Done
                }
                None => Reply::Gone,
            },
            Ask::Badge { member, badge, state } => {
                let theirs = |member| self.house.directory().badges_of(member).any(|held| held.id == badge);
                match (found(&self.house, &member).filter(|member| theirs(*member)), BadgeState::from_text(&state)) {
                    (Some(_), Some(state)) => {
                        self.house.set_badge(badge, state)?;
                        Reply::Done
                    }
                    _ => Reply::Gone,
                }
            }
            Ask::Arm { member, reader } => match found(&self.house, &member) {
                Some(member) if self.house.config().reader(&reader).is_some() => {
                    self.arm_reader(reader, member, now);
                    Reply::Done
                }
                _ => Reply::Gone,
            },
            Ask::Disarm { member } => {
                found(&self.house, &member).into_iter().for_each(|member| self.disarm(member));
                Reply::Done
            }
            Ask::Codes => Reply::Codes(self.codes()),
            Ask::Photo { member, jpeg } => match found(&self.house, &member) {
                Some(member) => {
                    self.set_photo(member, jpeg.as_deref(), now)?;
                    Reply::Done
                }
                None => Reply::Gone,
            },
            Ask::Preview { csv, account } => self.preview(csv, account)?,
            Ask::Apply { account, digest } => self.apply_previewed(&account, &digest, now)?,
            Ask::Leaving { member } => match found(&self.house, &member) {
                Some(member) => Reply::Leaving(self.house.leaving(member)),
                None => Reply::Gone,
            },
            Ask::Concepts { language } => {
                let concepts = self.house.concepts();
                let mut labels: Vec<String> = concepts.iter().map(|(_, concept)| concept.label(language).to_owned()).collect();
                labels.sort();
                Reply::Concepts(labels)
            }
            Ask::Person { person } => {
                self.person_command(person, now)?;
                Reply::Done
            }
        })
    }

    fn add(&mut self, typed: &Fields, now: &Now) -> Result<Reply, CommandError> {
        let wrong = typed.wrong(self.house.directory(), None);
        if !wrong.is_empty() {
            return Ok(Reply::Wrong(wrong));
        }
        let member = typed.onto(newcomer(Uuid::new_v4(), self.house.next_number()?));
        let number = member.number.to_string();
        let written = self.house.save_person(member, vec![])?;
        self.tell_written(&written, now);
        Ok(Reply::Saved { number })
    }

    fn save(&mut self, member: MemberId, typed: &Fields, read: &Fields, now: &Now) -> Result<Reply, CommandError> {
        let Some(known) = self.house.directory().member(member).cloned() else { return Ok(Reply::Gone) };
        let there = Fields::of(&known);
        if there != *read {
            let (merged, changes) = typed.over(read, &there);
            return Ok(Reply::Meanwhile { typed: Box::new(merged), read: Box::new(there), changes });
        }
        // what was kept before a rule was made stands until it is written anew
        let old = there.wrong(self.house.directory(), Some(member));
        let mut wrong = typed.wrong(self.house.directory(), Some(member));
        let (before, after) = (there.named(), typed.named());
        wrong.retain(|wrong| !old.contains(wrong) || before.iter().zip(&after).any(|(b, a)| b.0 == wrong.field && b.1 != a.1));
        if !wrong.is_empty() {
            return Ok(Reply::Wrong(wrong));
        }
        let number = known.number.to_string();
        if there != *typed {
            let written = self.house.save_person(typed.onto(known), vec![])?;
            self.tell_written(&written, now);
        }
        Ok(Reply::Saved { number })
    }

    fn set_photo(&mut self, member: MemberId, jpeg: Option<&[u8]>, now: &Now) -> Result<(), CommandError> {
        let written = self.house.keep_photo(member, jpeg)?;
        self.tell_written(&written, now);
        Ok(())
    }

    fn codes(&self) -> Vec<Code> {
        let policy = self.house.presence().policy();
        let code = |pairing: &crate::presence::Pairing| Code {
            code: pairing.code.to_string(),
            since: pairing.issued.wall.map(|at| policy.local(at)),
            taps: pairing.taps,
            awaits: pairing.enrol_for.map(|member| self.name(member)),
        };
        let mut codes: Vec<Code> = self.house.presence().pairings().map(code).collect();
        codes.sort_by_key(|code| std::cmp::Reverse(code.since));
        codes
    }

    fn preview(&mut self, csv: String, account: String) -> Result<Reply, CommandError> {
        let preview = match self.house.preview(&csv) {
            Ok(preview) => preview,
            Err(CommandError::Import(error)) => {
                return Ok(Reply::Bad { line: error.line, column: error.column, problem: error.problem });
            }
            Err(error) => return Err(error),
        };
        let digest = digest(&csv, &preview);
        if self.previews.len() >= PREVIEWS && !self.previews.contains_key(&account) {
            self.previews.clear();
        }
        self.previews.insert(account, csv);
        Ok(Reply::Preview { preview: Box::new(preview), digest })
    }

    fn apply_previewed(&mut self, account: &str, wanted: &str, now: &Now) -> Result<Reply, CommandError> {
        let Some(csv) = self.previews.remove(account) else { return Ok(Reply::Gone) };
        match self.preview(csv.clone(), account.to_owned())? {
            Reply::Preview { digest, .. } if digest == wanted => {}
            // the file is another one, or somebody has changed a member since
            other => return Ok(other),
        }
        self.previews.remove(account);
        let (imported, written) = self.house.import(&csv, false)?;
        if let Some(written) = written {
            self.tell_written(&written, now);
        }
        Ok(Reply::Imported { added: imported.added, updated: imported.updated })
    }
}

/// A file and what it comes to now: if one of the two is another, so is this.
fn digest(csv: &str, preview: &Preview) -> String {
    let rows = serde_json::to_string(preview).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(csv.len().to_be_bytes());
    hash.update(csv);
    hash.update(rows);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
