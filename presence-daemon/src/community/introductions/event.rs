//! What happens to an introduction.

use super::Party;
use serde::{Deserialize, Serialize};
use voisins_shared::introduction::{IntroductionId, Led};
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::ProposedBy;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Happened {
    /// Two may be introduced. `accepted`: the helper has, without being asked. `quiet`: the helper is never asked. `asker_first`: only
    /// once the asker has accepted.
    Proposed {
        introduction: IntroductionId,
        asker: MemberId,
        helper: Party,
        need: Option<NeedId>,
        by: ProposedBy,
        accepted: bool,
        quiet: bool,
        #[serde(default)]
        asker_first: bool,
    },
    /// One of them said yes or no.
    Answered { introduction: IntroductionId, by: MemberId, accepted: bool },
    /// Both accepted.
    Introduced { introduction: IntroductionId },
    /// Five days without that.
    Ended { introduction: IntroductionId },
    /// The manager wants nobody asked any more.
    Closed { introduction: IntroductionId },
    /// One of them has seen the question.
    Asked { introduction: IntroductionId, to: MemberId },
    /// One of them has seen how it ended.
    Told { introduction: IntroductionId, to: MemberId },
    /// What it led to, as one of them says.
    Led { introduction: IntroductionId, by: MemberId, led: Led },
    /// *Merci*.
    Thanked { introduction: IntroductionId, by: MemberId },
    /// The other one has seen the *Merci*.
    ThanksTold { introduction: IntroductionId, to: MemberId },
}

impl Happened {
    /// Of which introduction.
    #[must_use]
    pub fn introduction(&self) -> IntroductionId {
        match self {
            Self::Proposed { introduction, .. }
            | Self::Answered { introduction, .. }
            | Self::Introduced { introduction }
            | Self::Ended { introduction }
            | Self::Closed { introduction }
            | Self::Asked { introduction, .. }
            | Self::Told { introduction, .. }
            | Self::Led { introduction, .. }
            | Self::Thanked { introduction, .. }
            | Self::ThanksTold { introduction, .. } => *introduction,
        }
    }

    /// Who did it, or was told.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Proposed { asker, .. } => Some(*asker),
            Self::Answered { by, .. } | Self::Led { by, .. } | Self::Thanked { by, .. } => Some(*by),
            Self::Asked { to, .. } | Self::Told { to, .. } | Self::ThanksTold { to, .. } => Some(*to),
            Self::Introduced { .. } | Self::Ended { .. } | Self::Closed { .. } => None,
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "introduction_proposed",
            Self::Answered { .. } => "introduction_answered",
            Self::Introduced { .. } => "introduced",
            Self::Ended { .. } => "introduction_ended",
            Self::Closed { .. } => "introduction_closed",
            Self::Asked { .. } => "introduction_asked",
            Self::Told { .. } => "introduction_told",
            Self::Led { .. } => "introduction_led",
            Self::Thanked { .. } => "thanked",
            Self::ThanksTold { .. } => "thanks_told",
        }
    }
}
