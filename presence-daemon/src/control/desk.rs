//! What the manager asks between neighbours.

use crate::contacts::{About, ContactId};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use voisins_shared::agenda::EventId;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::note::NoteId;

/// A command of the linking agent's desk. Members are an id, a number, an e-mail address or a unique name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Desk {
    Candidates {
        need: NeedId,
    },
    /// `helper`: a member, or a contact such as `C-3`. Without an asker, the need's author.
    Propose {
        need: Option<NeedId>,
        asker: Option<String>,
        helper: String,
    },
    Introductions,
    CloseIntroduction {
        introduction: IntroductionId,
    },
    Avoid {
        pair: [String; 2],
    },
    Allow {
        pair: [String; 2],
    },
    Notes,
    SettleNote {
        note: NoteId,
    },
    AddContact {
        about: About,
        agreed_on: Option<Date>,
    },
    Contacts,
    RemoveContact {
        contact: ContactId,
    },
}

/// What the coordination does with needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Need {
    /// Of a member, or of the space, which may offer passes.
    Post {
        member: Option<String>,
        text: String,
        skills: Vec<String>,
        audience: Audience,
        passes: Option<u32>,
    },
    /// What is absent stays as it is.
    Edit {
        need: NeedId,
        text: Option<String>,
        skills: Option<Vec<String>>,
        audience: Option<Audience>,
    },
    /// A member met it: passes that were offered are theirs.
    Fulfil {
        need: NeedId,
        by: String,
    },
    Close {
        need: NeedId,
    },
}

/// What the coordination does with events. Times are the site's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    /// The space puts up an event of its own: firm, or to see who would come.
    Put { title: String, place: Option<String>, starts: DateTime, firm: bool },
    /// Another title, place or time, of the space's own or of a proposed one.
    Change { event: EventId, title: String, place: Option<String>, starts: DateTime },
    /// It takes place, however many go.
    Confirm { event: EventId },
}
