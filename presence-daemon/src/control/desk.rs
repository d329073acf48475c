//! What the manager asks between neighbours.

use crate::contacts::{About, ContactId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use voisins_shared::introduction::IntroductionId;
use voisins_shared::need::NeedId;
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
