//! The linking agent's desk: needs, who could help, introductions.

use crate::clock::Now;
use crate::community::introductions::{Introduction, Party};
use crate::neighbours::{self, CandidateStanding, Who};
use crate::pipeline::Pipeline;
use serde::{Deserialize, Serialize};
use voisins_shared::introduction::IntroductionId;
use voisins_shared::language::Language;
use voisins_shared::need::{Audience, NeedId};

/// What the desk asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// The open needs.
    List,
    /// One need, and who could help.
    One { need: NeedId, language: Language },
    /// The introductions there were, the latest first.
    Introductions { from: usize, at_most: usize },
}

/// What the desk is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    List { needs: Vec<DeskNeed> },
    One { need: Option<DeskNeed>, candidates: Vec<Candidate> },
    Introductions { introductions: Vec<DeskIntroduction>, all: usize },
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
    pub id: IntroductionId,
    /// It is open: the manager may still close it.
    pub open: bool,
    /// What it is about, while that is open.
    pub need: Option<String>,
    pub asker: String,
    pub helper: String,
    pub since: Option<jiff::civil::Date>,
    /// The key of the text that says how it stands. A no is told to nobody before the five days are over.
    pub state: String,
    /// The key of what it led to.
    pub led: Option<String>,
}

impl Pipeline {
    pub(super) fn needs_page(&self, ask: Ask, now: &Now) -> Reply {
        match ask {
            Ask::List => {
                Reply::List { needs: self.house.community().needs().into_iter().map(|need| self.desk_need(need)).collect() }
            }
            Ask::One { need, language } => {
                let need = self.house.community().need(need);
                let candidates = need.and_then(|need| self.house.candidates(need.id, now)).unwrap_or_default();
                let candidates = candidates.iter().map(|candidate| self.candidate(candidate, language)).collect();
                Reply::One { need: need.map(|need| self.desk_need(need)), candidates }
            }
            Ask::Introductions { from, at_most } => {
                let list = self.house.community().introductions().list();
                let all = list.len();
                let wanted = list.into_iter().skip(from).take(at_most);
                Reply::Introductions { introductions: wanted.map(|found| self.desk_introduction(found)).collect(), all }
            }
        }
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
            id: found.id,
            open: found.is_open() && !found.closed,
            need: found.need.and_then(|need| self.house.community().need(need)).map(|need| need.draft.text.clone()),
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
