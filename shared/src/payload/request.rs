//! `request/{kiosk}/{name}` and `response/{kiosk}/{id}`: a touch that asks for something, and its answer.

use super::{ForYou, ForYouReply, Grant, Greeted, Profile, ProfileChange, V};
use crate::agenda::EventId;
use crate::member::MemberId;
use crate::need::{Audience, NeedId};
use crate::visit::Availability;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A request of a kiosk. It carries no member, tap or UID: the grant, or the next tap beside the kiosk, says who is meant.
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
    /// *Approchez votre badge*: the next tap beside this kiosk does it.
    Sign {
        /// What is signed.
        action: Action,
    },
    /// The answer to "Voulez-vous que vos voisins sachent que vous êtes là?" on a first greeting.
    Offer {
        /// The greeting's grant.
        grant: Uuid,
        /// Open *Ma fiche*; else they are not asked again.
        accepted: bool,
    },
    /// *Voir* on a greeting: what waits for them. It is told with that.
    See {
        /// The greeting's grant.
        grant: Uuid,
    },
    /// *Je peux aider*, from what *Voir* opened.
    Help {
        /// The greeting's grant.
        grant: Uuid,
        /// With which need.
        need: NeedId,
    },
    /// Any other button on what *Voir* opened.
    Reply {
        /// The greeting's grant.
        grant: Uuid,
        /// Which.
        reply: ForYouReply,
    },
    /// A change on *Ma fiche*.
    Profile {
        /// The grant that came with it.
        grant: Uuid,
        /// What is changed.
        change: ProfileChange,
    },
    /// *Annuler* while the badge is awaited.
    Cancel {
        /// The id of the [`Args::Sign`] that is taken back.
        request: Uuid,
    },
}

/// What a badge can sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// *Je repars*.
    Leave,
    /// What they say of being disturbed.
    Availability {
        /// What they chose.
        availability: Availability,
    },
    /// Open *Ma fiche*.
    Profile,
    /// Put up a need.
    PostNeed {
        /// In the author's words, at most [`crate::need::LONGEST_NEED`] characters.
        text: String,
        /// Skills that would help, at most [`crate::need::SKILLS_OF_A_NEED`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skills: Vec<String>,
        /// Who may read it.
        audience: Audience,
    },
    /// Take one's own need down.
    WithdrawNeed {
        #[allow(missing_docs)]
        need: NeedId,
        /// It was met: *C'est trouvé*.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        met: bool,
    },
    /// Write one's own need anew.
    EditNeed {
        #[allow(missing_docs)]
        need: NeedId,
        /// As in [`Action::PostNeed`].
        text: String,
        /// As in [`Action::PostNeed`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skills: Vec<String>,
        /// As in [`Action::PostNeed`].
        audience: Audience,
    },
    /// *Je connais quelqu'un*: a note to who asked, or to the coordination where the need has no name.
    Refer {
        #[allow(missing_docs)]
        need: NeedId,
        /// At most [`crate::note::LONGEST_NOTE`] characters.
        text: String,
    },
    /// *Demander une présentation*.
    AskIntroduction {
        /// To whom.
        member: MemberId,
    },
    /// *Laisser un mot*.
    LeaveNote {
        /// For whom.
        member: MemberId,
        /// At most [`crate::note::LONGEST_NOTE`] characters.
        text: String,
    },
    /// *Signaler*.
    Report {
        #[allow(missing_docs)]
        what: Reported,
    },
    /// *J'en suis*, or not any more.
    Rsvp {
        #[allow(missing_docs)]
        event: EventId,
        #[allow(missing_docs)]
        going: bool,
    },
    /// Propose an event: it is in incubation until enough people go.
    ProposeEvent {
        /// At most [`crate::agenda::LONGEST_TITLE`] characters, as the place.
        title: String,
        #[allow(missing_docs)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<String>,
        /// In the site's time.
        starts: DateTime,
        /// Firm once so many go, their author included: one of [`crate::agenda::FIRM_AT`].
        firm_at: u32,
    },
    /// *Invité·e*: somebody without a badge comes in, and the signing member vouches for them.
    Guest {
        /// As they say it; on no screen.
        name: String,
    },
    /// *Sans badge aujourd'hui*: a member typed their name, and the signing member vouches for them. The answer never tells
    /// whether there is such a member.
    Declare {
        /// As they typed it.
        name: String,
    },
    /// *Je peux aider*.
    Help {
        /// With which need.
        need: NeedId,
    },
    /// What a later version adds reads as this, and is refused.
    #[serde(other)]
    Unknown,
}

/// A public text that somebody finds out of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reported {
    Need { need: NeedId },
    Event { event: EventId },
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
            Self::Sign { .. } => "sign",
            Self::Cancel { .. } => "cancel",
            Self::Offer { .. } => "offer",
            Self::See { .. } => "see",
            Self::Help { .. } => "help",
            Self::Reply { .. } => "reply",
            Self::Profile { .. } => "profile",
        }
    }

    /// The token that says who is meant; none where a badge will say it.
    #[must_use]
    pub fn grant(&self) -> Option<Uuid> {
        match self {
            Self::Leave { grant }
            | Self::Undo { grant }
            | Self::Availability { grant, .. }
            | Self::Guest { grant }
            | Self::Offer { grant, .. }
            | Self::See { grant }
            | Self::Help { grant, .. }
            | Self::Reply { grant, .. }
            | Self::Profile { grant, .. } => Some(*grant),
            Self::Sign { .. } | Self::Cancel { .. } => None,
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

/// How a request ended, or that it waits for a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// The badge is awaited; how it ends is told under the same id.
    Armed {
        /// How long, in milliseconds.
        expires_in_ms: u64,
    },
    /// It is on disk.
    Done {
        /// Whose badge signed it, if they agreed to be named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<Greeted>,
        /// Takes it back, while it lasts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Grant>,
    },
    /// *Ma fiche*, as it stands now: it was opened, or a change is on disk. Never stored: a repeated id has to be signed again.
    Profile(Box<Profile>),
    /// What waits for who pressed *Voir*. Never stored: a repeated id finds that it was told.
    ForYou {
        /// The most telling first.
        items: Vec<ForYou>,
    },
    /// It was not done.
    Refused {
        /// One of the words in [`refusal`].
        reason: String,
    },
    /// The grant is over, or no badge came: it has to be held again.
    Expired,
    /// Taken back before a badge came.
    Cancelled,
}

/// The reasons an [`Answer::Refused`] gives.
pub mod refusal {
    /// The request is of another session of the daemon.
    pub const OTHER_SESSION: &str = "other_session";
    /// The grant does not allow this.
    pub const NOT_ALLOWED: &str = "not_allowed";
    /// The disk refused it.
    pub const NOT_RECORDED: &str = "not_recorded";
    /// Another request waits for a badge beside this kiosk.
    pub const BUSY: &str = "busy";
    /// No reader stands beside this kiosk.
    pub const NO_READER: &str = "no_reader";
    /// Nothing that this version can have signed.
    pub const UNKNOWN_ACTION: &str = "unknown_action";
    /// The member was not present: their arrival is noted, and what they signed is not done yet.
    pub const ARRIVED_FIRST: &str = "arrived_first";
    /// A need's text is empty or too long, or it names too many skills.
    pub const BAD_NEED: &str = "bad_need";
    /// They have as many open needs as one may have.
    pub const TOO_MANY_NEEDS: &str = "too_many_needs";
    /// The need is closed, or never was.
    pub const NO_SUCH_NEED: &str = "no_such_need";
    /// It is somebody else's need.
    pub const NOT_YOURS: &str = "not_yours";
    /// It is their own need.
    pub const YOUR_OWN: &str = "your_own";
    /// A note is empty or too long.
    pub const BAD_NOTE: &str = "bad_note";
    /// They left as many notes today as one may.
    pub const TOO_MANY_NOTES: &str = "too_many_notes";
    /// Nobody of that id is shown on kiosks (any more).
    pub const NO_SUCH_MEMBER: &str = "no_such_member";
    /// They aren't shown on kiosks themselves: the other one couldn't see who asks.
    pub const NOT_SHOWN: &str = "not_shown";
    /// It is they themselves.
    pub const YOURSELF: &str = "yourself";
    /// They wait for as many introductions as one may.
    pub const TOO_MANY_INTRODUCTIONS: &str = "too_many_introductions";
    /// The two are introduced already, or it was proposed and waits.
    pub const ALREADY: &str = "already";
    /// The introduction is over, or never was.
    pub const NO_SUCH_INTRODUCTION: &str = "no_such_introduction";
    /// The manager has paused what they put up.
    pub const PAUSED: &str = "paused";
    /// An event without a title, in the past, too far ahead, or firm at a number out of range.
    pub const BAD_EVENT: &str = "bad_event";
    /// They have as many events in incubation as one may have.
    pub const TOO_MANY_EVENTS: &str = "too_many_events";
    /// The event is over or called off, or never was.
    pub const NO_SUCH_EVENT: &str = "no_such_event";
    /// A name that is empty or too long.
    pub const BAD_NAME: &str = "bad_name";
    /// They vouched for as many people today as one may.
    pub const TOO_MANY_GUESTS: &str = "too_many_guests";
    /// A skill is empty, too long, or one more than a kiosk takes.
    pub const BAD_SKILLS: &str = "bad_skills";
}
