//! What the manager's pages ask for: values, not words. They come through the control's door, so that there is one writer and one truth.

use super::Pipeline;
use crate::clock::Now;
use crate::community::introductions::{Introduction, Party};
use crate::directory::Standing;
use crate::house::CommandError;
use crate::neighbours::{self, CandidateStanding, Who};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::matching::normalize::words;
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::need::{Audience, NeedId};

/// How long a link for the first access works.
pub const LINK_LASTS: Duration = Duration::from_secs(30 * 60);

/// What a page asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageAsk {
    /// A new link for the first access, or for a forgotten password; the one before is void.
    Link,
    /// Whether a link can still be used.
    Lives { link: String },
    /// The introductions there were, the latest first.
    Introductions { at_most: usize },
    /// Uses the link up: an account with this password hash.
    Claim { link: String, name: String, hash: String },
    /// The hash of an account's password.
    Account { name: String },
    /// The numbers of the first page.
    Overview,
    /// The open needs.
    Needs,
    /// One need, and who could help.
    Need { need: NeedId, language: Language },
    /// The members whose name has this in it, from this place on.
    Members { search: String, from: usize, at_most: usize },
}

/// What a page is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageReply {
    Link { link: String },
    Claimed { done: bool },
    Account { hash: Option<String> },
    Overview { here: u32, today: usize, needs: usize, unanswered: usize },
    Needs { needs: Vec<DeskNeed> },
    Need { need: Option<DeskNeed>, candidates: Vec<Candidate> },
    Members { members: Vec<DeskMember>, found: usize },
    Introductions { introductions: Vec<DeskIntroduction> },
}

/// A need, for the manager's eyes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskNeed {
    pub need: NeedId,
    pub text: String,
    pub skills: Vec<String>,
    /// Whose; absent for the space.
    pub author: Option<String>,
    pub audience: Audience,
    pub since: Option<jiff::civil::Date>,
    /// Who said *Je peux aider*.
    pub helpers: Vec<String>,
    /// Day passes that the space gives in return.
    pub passes: Option<u32>,
    /// It was hidden, or waits to be approved: the key of the text that says so.
    pub withheld: Option<String>,
}

impl DeskNeed {
    /// The key of the text that says who may read it.
    #[must_use]
    pub fn audience_key(&self) -> &'static str {
        match self.audience {
            Audience::Named => "need-named",
            Audience::Unnamed => "need-unnamed",
            Audience::Coordination => "need-coordination",
        }
    }
}

/// Somebody who could help.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Candidate {
    /// As [`crate::control::Desk::Propose`] takes it: a member's id, or a contact's number.
    pub party: String,
    pub name: String,
    pub why: Vec<String>,
    /// The key of the text that says how soon they can be met.
    pub place: String,
    pub here: bool,
    /// Where a contact comes from.
    pub source: Option<String>,
    /// The keys of what to know before proposing them.
    pub marks: Vec<String>,
    /// Nothing of that stands in the way.
    pub can_propose: bool,
    pub is_member: bool,
}

/// Two who are brought together, for the manager's eyes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskIntroduction {
    pub asker: String,
    pub helper: String,
    pub since: Option<jiff::civil::Date>,
    /// The key of the text that says how it stands. A no is told to nobody before the five days are over.
    pub state: String,
    /// The key of what it led to.
    pub led: Option<String>,
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

/// A link that waits to be used.
#[derive(Debug)]
pub(super) struct Link {
    digest: [u8; 32],
    until: Duration,
}

impl Pipeline {
    pub(super) fn page(&mut self, ask: PageAsk, now: &Now) -> Result<PageReply, CommandError> {
        Ok(match ask {
            PageAsk::Link => {
                let link = Uuid::new_v4().simple().to_string();
                self.link = Some(Link { digest: crate::web::access::digest(&link), until: now.since_boot + LINK_LASTS });
                PageReply::Link { link }
            }
            PageAsk::Lives { link } => PageReply::Claimed { done: self.lives(&link, now) },
            PageAsk::Introductions { at_most } => {
                let all = self.house.community().introductions().list();
                PageReply::Introductions {
                    introductions: all.into_iter().take(at_most).map(|found| self.desk_introduction(found)).collect(),
                }
            }
            PageAsk::Claim { link, name, hash } => {
                let fits = self.lives(&link, now);
                if fits {
                    self.house.store_mut().set_manager(&name, &hash)?;
                    self.link = None;
                }
                PageReply::Claimed { done: fits }
            }
            PageAsk::Account { name } => PageReply::Account { hash: self.house.store().manager(&name)? },
            PageAsk::Overview => {
                let needs = self.house.community().needs();
                let unanswered = needs.iter().filter(|need| need.helpers.is_empty()).count();
                let (here, today) = (self.view(now).present(), self.house.presence().today(now));
                PageReply::Overview { here, today, needs: needs.len(), unanswered }
            }
            PageAsk::Needs => {
                PageReply::Needs { needs: self.house.community().needs().into_iter().map(|need| self.desk_need(need)).collect() }
            }
            PageAsk::Need { need, language } => {
                let need = self.house.community().need(need);
                let candidates = need.and_then(|need| self.house.candidates(need.id, now)).unwrap_or_default();
                let candidates = candidates.iter().map(|candidate| self.candidate(candidate, language)).collect();
                PageReply::Need { need: need.map(|need| self.desk_need(need)), candidates }
            }
            PageAsk::Members { search, from, at_most } => {
                let wanted = folded(&search);
                let mut found: Vec<_> =
                    self.house.directory().members().filter(|member| folded(&member.name).contains(&wanted)).collect();
                found.sort_by_cached_key(|member| (folded(&member.name), member.number));
                let line = |member: &&crate::directory::Member| DeskMember {
                    number: member.number.to_string(),
                    name: member.name.clone(),
                    title: member.title.clone(),
                    here: self.house.presence().visit_of(member.id).is_some(),
                    hidden: !member.shows(Field::Name, Surface::Kiosk),
                    suspended: member.standing == Standing::Suspended,
                };
                PageReply::Members { members: found.iter().skip(from).take(at_most).map(line).collect(), found: found.len() }
            }
        })
    }

    fn lives(&self, link: &str, now: &Now) -> bool {
        let digest = crate::web::access::digest(link);
        self.link.as_ref().is_some_and(|held| held.digest == digest && held.until > now.since_boot)
    }

    fn candidate(&self, found: &neighbours::Candidate, language: Language) -> Candidate {
        let (place, here) = match found.who {
            Who::Here(_) => ("candidate-here", true),
            Who::Usually(..) => ("candidate-usually", false),
            Who::Member(_) => ("candidate-member", false),
            Who::Contact(_) => ("candidate-network", false),
        };
        let party = match found.who.party() {
            Party::Member(member) => member.to_string(),
            Party::Contact(contact) => contact.to_string(),
        };
        let contact = found.who.party().contact().and_then(|id| self.house.contact(id));
        let mark = |mark: &CandidateStanding| match mark {
            CandidateStanding::Offered => "mark-offered",
            CandidateStanding::Introduced => "mark-introduced",
            CandidateStanding::Proposed => "mark-proposed",
            CandidateStanding::Declined => "mark-declined",
            CandidateStanding::KeptApart => "mark-apart",
            CandidateStanding::WantsQuiet => "mark-quiet",
            CandidateStanding::DoNotDisturb => "mark-disturb",
            CandidateStanding::NotShown => "mark-hidden",
        };
        let free = |mark: &CandidateStanding| matches!(mark, CandidateStanding::Offered | CandidateStanding::DoNotDisturb);
        Candidate {
            party,
            name: self.party(found.who.party()),
            why: found.why.iter().map(|why| why.text(self.house.concepts(), language).to_owned()).collect(),
            place: place.to_owned(),
            here,
            source: contact.map(|contact| contact.about.source.clone()),
            marks: found.standing.iter().map(|standing| mark(standing).to_owned()).collect(),
            can_propose: found.standing.iter().all(free),
            is_member: contact.is_none(),
        }
    }

    fn desk_introduction(&self, found: &Introduction) -> DeskIntroduction {
        let state = match (found.introduced.is_some(), found.ended, found.closed) {
            (true, ..) => "state-introduced",
            (_, true, _) => "state-ended",
            (.., true) => "state-closed",
            _ => "state-proposed",
        };
        let since = found.introduced.unwrap_or(found.proposed).wall;
        DeskIntroduction {
            asker: self.name(found.asker),
            helper: self.party(found.helper),
            since: since.map(|at| self.house.presence().policy().date_of(at)),
            state: state.to_owned(),
            led: found.led().map(|led| format!("led-{}", led.as_str())),
        }
    }

    fn party(&self, party: Party) -> String {
        match party {
            Party::Member(member) => self.name(member),
            Party::Contact(id) => self.house.contact(id).map(|contact| contact.about.name.clone()).unwrap_or_default(),
        }
    }

    fn name(&self, member: MemberId) -> String {
        self.house.directory().member(member).map(|member| member.name.clone()).unwrap_or_default()
    }

    fn desk_need(&self, need: &crate::community::Need) -> DeskNeed {
        DeskNeed {
            need: need.id,
            text: need.draft.text.clone(),
            skills: need.draft.skills.clone(),
            author: need.author.map(|author| self.name(author)),
            audience: need.audience,
            since: need.posted.wall.map(|at| self.house.presence().policy().date_of(at)),
            helpers: need.helpers.keys().map(|helper| self.name(*helper)).collect(),
            passes: need.passes,
            withheld: match (self.house.community().is_hidden(need.id), self.house.community().is_withheld(need.id)) {
                (true, _) => Some("need-hidden".to_owned()),
                (false, true) => Some("need-waits".to_owned()),
                (false, false) => None,
            },
        }
    }
}

/// A name as it is compared: no case, no accents, single spaces.
fn folded(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}
