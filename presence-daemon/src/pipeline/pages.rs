//! What the manager's pages ask for: values, not words. They come through the control's door, so that there is one writer and one truth.

use super::Pipeline;
use crate::clock::Now;
use crate::directory::Standing;
use crate::house::CommandError;
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
    pub member: MemberId,
    pub name: String,
    pub why: Vec<String>,
    pub here: bool,
    pub offered: bool,
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
            PageAsk::Claim { link, name, hash } => {
                let digest = crate::web::access::digest(&link);
                let fits = self.link.as_ref().is_some_and(|held| held.digest == digest && held.until > now.since_boot);
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
                let candidates = need.map(|need| self.candidates(need, language)).unwrap_or_default();
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

    /// Who could help with a need, the best first, whoever is here.
    fn candidates(&self, need: &crate::community::Need, language: Language) -> Vec<Candidate> {
        let candidate = |able: &crate::neighbours::Able| Candidate {
            member: able.helper,
            name: self.name(able.helper),
            why: able.why.iter().map(|why| why.text(self.house.concepts(), language).to_owned()).collect(),
            here: self.house.presence().visit_of(able.helper).is_some(),
            offered: need.helpers.contains_key(&able.helper),
        };
        self.house.able(need.id).iter().map(candidate).collect()
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
        }
    }
}

/// A name as it is compared: no case, no accents, single spaces.
fn folded(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}
