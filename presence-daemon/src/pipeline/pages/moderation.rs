//! What was found out of place: what was reported, is hidden or waits, notes to look at, and whose posting is paused.

use crate::pipeline::Pipeline;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::note::NoteId;
use voisins_shared::payload::Reported;

/// What the desk asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    Desk,
}

/// What the desk is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Desk { texts: Vec<DeskText>, notes: Vec<DeskNote>, paused: Vec<Person>, approves_first: bool },
}

/// A member, as a form names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Person {
    pub number: String,
    pub name: String,
}

/// A need or an event.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskText {
    /// `need` or `event`.
    pub of: String,
    pub id: Uuid,
    /// Empty, if its calendar no longer has it.
    pub words: String,
    /// Absent for the space's own and what comes from a calendar.
    pub author: Option<Person>,
    /// Their posting is paused already.
    pub paused: bool,
    pub reports: usize,
    pub hidden: bool,
    /// It waits to be approved.
    pub waits: bool,
}

impl DeskText {
    /// How it was told in the inbox: hidden by hand, it isn't told again.
    #[must_use]
    pub fn mark(&self) -> crate::inbox::Mark {
        crate::inbox::Mark { of: format!("text:{}", self.id), stamp: format!("{} hidden", self.reports) }
    }
}

/// A note that was reported, or left for the coordination.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskNote {
    pub note: NoteId,
    pub reported: bool,
    pub author: Option<Person>,
    /// Absent: the coordination.
    pub to: Option<String>,
    pub text: String,
    /// The words of the need that it answers, while that is open.
    pub need: Option<String>,
    pub since: Option<jiff::civil::Date>,
}

impl Pipeline {
    pub(super) fn moderation_page(&self, ask: Ask) -> Reply {
        let Ask::Desk = ask;
        let community = self.house.community();
        let desk = community.moderation();
        let held = desk.held().map(|need| Reported::Need { need });
        let mut texts: Vec<DeskText> = desk.desk().into_iter().chain(held).map(|what| self.desk_text(what)).collect();
        // what everybody can still read stands first
        texts.sort_by_key(|text| (text.hidden, text.waits, std::cmp::Reverse(text.reports)));
        texts.dedup_by(|a, b| a.id == b.id);
        let policy = self.house.presence().policy();
        let note = |note: &crate::community::notes::Note| DeskNote {
            note: note.id,
            reported: note.reported,
            author: self.person(note.author),
            to: note.to.map(|to| self.name(to)),
            text: note.text.clone(),
            need: note.need.and_then(|need| community.need(need)).map(|need| need.draft.text.clone()),
            since: note.left.wall.map(|at| policy.date_of(at)),
        };
        let mut paused: Vec<Person> = desk.paused().filter_map(|member| self.person(member)).collect();
        paused.sort_by(|a, b| a.name.cmp(&b.name));
        let notes = community.notes().to_settle().into_iter().map(note).collect();
        Reply::Desk { texts, notes, paused, approves_first: community.approves_first() }
    }

    pub(super) fn person(&self, member: MemberId) -> Option<Person> {
        let member = self.house.directory().member(member)?;
        Some(Person { number: member.number.to_string(), name: member.name.clone() })
    }

    fn desk_text(&self, what: Reported) -> DeskText {
        let community = self.house.community();
        let desk = community.moderation();
        let (of, id, words, author, waits) = match what {
            Reported::Need { need: id } => {
                let need = community.need(id);
                let words = need.map(|need| need.draft.text.clone());
                ("need", id.0, words, need.and_then(|need| need.author), desk.held().any(|held| held == id))
            }
            Reported::Event { event: id } => {
                let event = community.agenda().event(id);
                let author = event.and_then(|event| event.proposed).map(|proposed| proposed.author);
                ("event", id.0, event.map(|event| event.words.title.clone()), author, community.awaits_approval(id))
            }
        };
        DeskText {
            of: of.to_owned(),
            id,
            words: words.unwrap_or_default(),
            author: author.and_then(|author| self.person(author)),
            paused: author.is_some_and(|author| community.may_put_up(author).is_err()),
            reports: desk.reports(what),
            hidden: desk.is_hidden(what) && !waits,
            waits,
        }
    }
}
