//! *Pour vous*: what waits for a member, opened by them on their own greeting. It goes to that kiosk alone.

use super::Greeted;
use crate::introduction::{IntroductionId, Led};
use crate::member::MemberId;
use crate::need::NeedId;
use crate::note::NoteId;
use serde::{Deserialize, Serialize};

/// One thing that waits. None of them is shown before *Voir*, and none is told twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ForYou {
    /// Somebody here looks for what they can help with.
    CanHelp {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the asker's words.
        text: String,
        /// Who looks for it, if they chose to be named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asker: Option<Greeted>,
        /// The reader's own words that fit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<String>,
    },
    /// Somebody here can help with what they look for.
    CanBeHelped {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the reader's own words.
        text: String,
        /// Who: they show their name and the skill on kiosks.
        helper: Greeted,
        /// The helper's words that fit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        why: Vec<String>,
    },
    /// Somebody said *Je peux aider*.
    Offered {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the reader's own words.
        text: String,
        /// Who, if they show their name; else the coordination knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        helper: Option<Greeted>,
    },
    /// An introduction is proposed: they may accept or decline it.
    Proposed {
        #[allow(missing_docs)]
        introduction: IntroductionId,
        /// Who they would meet; absent for somebody of the coordination's network who is no member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<Greeted>,
        /// Who had the idea.
        by: ProposedBy,
        /// What it is about: the need's words, if its author shows them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
    },
    /// Both accepted: they can talk.
    Introduced {
        #[allow(missing_docs)]
        introduction: IntroductionId,
        /// Who; absent for somebody who is no member, or no longer shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<Greeted>,
        /// The name of somebody of the coordination's network who agreed to be named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<String>,
        #[allow(missing_docs)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
    },
    /// An introduction that they wished for won't take place. A decline and a silence read alike.
    NotIntroduced {
        #[allow(missing_docs)]
        introduction: IntroductionId,
        /// Who it would have been.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<Greeted>,
    },
    /// A week after an introduction: did it lead somewhere?
    LedSomewhere {
        #[allow(missing_docs)]
        introduction: IntroductionId,
        #[allow(missing_docs)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<Greeted>,
        /// They may thank the other one.
        #[serde(default)]
        can_thank: bool,
    },
    /// Somebody says *Merci*.
    Thanked {
        /// Who, if they show their name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Greeted>,
    },
    /// Somebody here shares an interest with them.
    Interest {
        /// They show their name and the interest on kiosks.
        neighbour: Greeted,
        /// In the reader's own words.
        interest: String,
    },
    /// A few words that were left for them. It is not shown again.
    Note {
        #[allow(missing_docs)]
        note: NoteId,
        /// Who left it, if they show their name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Greeted>,
        #[allow(missing_docs)]
        text: String,
        /// *Je connais quelqu'un*: it answers this need of theirs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
    },
    /// "Toujours d'actualité?": a need of theirs ends in a few days.
    StillOpen {
        #[allow(missing_docs)]
        need: NeedId,
        /// In the reader's own words.
        text: String,
    },
    /// Day passes were written to their account for what they did.
    Earned {
        #[allow(missing_docs)]
        passes: u32,
    },
    /// What a later version adds reads as this, and is left out.
    #[serde(other)]
    Unknown,
}

/// Who had the idea of an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposedBy {
    /// The other one: *Demander une présentation*.
    Neighbour,
    /// The manager, who knows both. What a later version adds reads as this.
    #[serde(other)]
    Coordination,
}

/// A press on what *Voir* opened, under the greeting's grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ForYouReply {
    /// *Pas cette fois*, on [`ForYou::CanHelp`] and [`ForYou::CanBeHelped`]: these two are not told of this need again; nobody learns.
    NotThisTime {
        #[allow(missing_docs)]
        need: NeedId,
        /// Who could help: the reader, or the other one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        helper: Option<MemberId>,
    },
    /// *D'accord* or *Pas cette fois*, on [`ForYou::Proposed`].
    Introduction {
        #[allow(missing_docs)]
        introduction: IntroductionId,
        #[allow(missing_docs)]
        accepted: bool,
    },
    /// What it led to, on [`ForYou::LedSomewhere`].
    Led {
        #[allow(missing_docs)]
        introduction: IntroductionId,
        #[allow(missing_docs)]
        led: Led,
    },
    /// *Merci*.
    Thank {
        #[allow(missing_docs)]
        introduction: IntroductionId,
    },
    /// *Ne plus me proposer cette personne*: never matched or introduced again, without a word to them.
    Avoid {
        #[allow(missing_docs)]
        member: MemberId,
    },
    /// *Signaler* on a note: the coordination reads it.
    ReportNote {
        #[allow(missing_docs)]
        note: NoteId,
    },
    /// *Plus de mots de cette personne*: the next ones never arrive, and their author doesn't learn it.
    NoMoreNotes {
        #[allow(missing_docs)]
        note: NoteId,
    },
    /// *Oui, encore*: three weeks more.
    Renew {
        #[allow(missing_docs)]
        need: NeedId,
    },
    /// The need comes down: it was met, or is not needed any more.
    Close {
        #[allow(missing_docs)]
        need: NeedId,
        #[allow(missing_docs)]
        met: bool,
    },
    /// *Ne rien me proposer pendant une semaine*: no match, no interest, no introduction until then; notes still come.
    Snooze,
    /// What a later version adds reads as this, and is refused.
    #[serde(other)]
    Unknown,
}
