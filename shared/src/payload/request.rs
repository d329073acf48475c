//! `request/{kiosk}/{name}` and `response/{kiosk}/{id}`: a touch that asks for something, and its answer.

use super::{Grant, V};
use crate::visit::Availability;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A request of a kiosk. It carries no member, tap or UID: the grant says who is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    #[allow(missing_docs)]
    pub v: V,
    /// A repeated id gets the stored answer.
    pub id: Uuid,
    /// The session of the daemon that the kiosk talks to; another one refuses.
    pub session: Uuid,
    /// What is asked; its name stands in the topic too.
    pub args: Args,
}

/// What a kiosk can ask for. The variant's name is the topic's last level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Args {
    /// *Je repars* on a greeting.
    Leave {
        /// The grant's token.
        grant: Uuid,
    },
    /// *Annuler*, within 5 s of *Je repars*.
    Undo {
        /// The undo grant's token, from the answer to [`Args::Leave`].
        grant: Uuid,
    },
    /// A press on *Ici*, *Ouvert·e aux questions* or *Ne pas déranger*.
    Availability {
        /// The grant's token.
        grant: Uuid,
        /// What they chose.
        availability: Availability,
    },
    /// *Entrer comme invité·e* on an unknown badge's screen.
    Guest {
        /// The grant's token.
        grant: Uuid,
    },
}

impl Args {
    /// The last level of the request's topic.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Leave { .. } => "leave",
            Self::Undo { .. } => "undo",
            Self::Availability { .. } => "availability",
            Self::Guest { .. } => "guest",
        }
    }

    /// The token that says who is meant.
    #[must_use]
    pub fn grant(&self) -> Uuid {
        match self {
            Self::Leave { grant } | Self::Undo { grant } | Self::Availability { grant, .. } | Self::Guest { grant } => *grant,
        }
    }
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    #[allow(missing_docs)]
    pub v: V,
    /// The request's id.
    pub id: Uuid,
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It is on disk.
    Done {
        /// Takes it back, while it lasts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Grant>,
    },
    /// It was not done.
    Refused {
        /// One of the words in [`refusal`].
        reason: String,
    },
    /// The grant is over: the badge has to be held again.
    Expired,
}

/// The reasons an [`Answer::Refused`] gives.
pub mod refusal {
    /// The request is of another session of the daemon.
    pub const OTHER_SESSION: &str = "other_session";
    /// The grant does not allow this.
    pub const NOT_ALLOWED: &str = "not_allowed";
    /// The disk refused it.
    pub const NOT_RECORDED: &str = "not_recorded";
}
