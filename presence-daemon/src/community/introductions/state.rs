//! One introduction as it stands.

use super::{Happened, Side};
use crate::clock::Now;
use crate::contacts::ContactId;
use serde::{Deserialize, Serialize};
use voisins_shared::introduction::{IntroductionId, Led};
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::ProposedBy;

/// Who would help: a member, or somebody of the manager's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Party {
    Member(MemberId),
    Contact(ContactId),
}

impl Party {
    /// The member, if it is one.
    #[must_use]
    pub fn member(self) -> Option<MemberId> {
        match self {
            Self::Member(member) => Some(member),
            Self::Contact(_) => None,
        }
    }

    /// The contact, if it is one.
    #[must_use]
    pub fn contact(self) -> Option<ContactId> {
        match self {
            Self::Member(_) => None,
            Self::Contact(contact) => Some(contact),
        }
    }
}

/// A *Merci*, as it goes from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs)]
pub enum Thanks {
    #[default]
    None,
    /// Said, and not seen yet.
    Given,
    Told,
}

/// One of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Half {
    /// What they answered.
    pub accepted: Option<bool>,
    /// They had accepted before anybody asked: an offer of help, or a contact's agreement.
    pub unasked: bool,
    /// When they last saw a question about it.
    pub asked: Option<Now>,
    /// They have seen how it ended.
    pub told: bool,
    /// What it led to, as they say.
    pub led: Option<Led>,
    /// Their *Merci*.
    pub thanks: Thanks,
}

/// An introduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    #[allow(missing_docs)]
    pub id: IntroductionId,
    /// Who looks for help, or asked.
    pub asker: MemberId,
    /// Whom they would meet.
    pub helper: Party,
    /// What it is about.
    pub need: Option<NeedId>,
    /// Who had the idea.
    pub by: ProposedBy,
    /// When.
    pub proposed: Now,
    /// The helper is never asked: they would rather not.
    pub quiet: bool,
    /// It is about a need without a name: the helper is asked once the asker has accepted, and knows nothing of it before.
    pub asker_first: bool,
    /// The manager wants nobody asked any more.
    pub closed: bool,
    /// When both had accepted.
    pub introduced: Option<Now>,
    /// Five days passed without that.
    pub ended: bool,
    /// The asker's, the helper's.
    pub halves: [Half; 2],
}

impl Side {
    /// The one across.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Asker => Self::Helper,
            Self::Helper => Self::Asker,
        }
    }
}

fn place(side: Side) -> usize {
    match side {
        Side::Asker => 0,
        Side::Helper => 1,
    }
}

impl Introduction {
    pub(super) fn proposed(at: Now, happened: &Happened) -> Option<Self> {
        let Happened::Proposed { introduction, asker, helper, need, by, accepted, quiet, asker_first } = happened else {
            return None;
        };
        let asks = Half { accepted: (*by == ProposedBy::Neighbour).then_some(true), ..Half::default() };
        let helps = Half { accepted: accepted.then_some(true), unasked: *accepted, ..Half::default() };
        Some(Self {
            id: *introduction,
            asker: *asker,
            helper: *helper,
            need: *need,
            by: *by,
            proposed: at,
            quiet: *quiet,
            asker_first: *asker_first,
            closed: false,
            introduced: None,
            ended: false,
            halves: [asks, helps],
        })
    }

    /// Proposed, neither made nor ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.introduced.is_none() && !self.ended
    }

    /// The members of it.
    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        std::iter::once(self.asker).chain(self.helper.member())
    }

    /// On which side a member of it is.
    #[must_use]
    pub fn side(&self, member: MemberId) -> Side {
        if member == self.asker { Side::Asker } else { Side::Helper }
    }

    /// The member across, if it is one.
    #[must_use]
    pub fn other(&self, side: Side) -> Option<MemberId> {
        match side {
            Side::Asker => self.helper.member(),
            Side::Helper => Some(self.asker),
        }
    }

    /// How it stands for one of the two.
    #[must_use]
    pub fn half(&self, side: Side) -> &Half {
        &self.halves[place(side)]
    }

    /// Whether one of them can't know that it is proposed: they had accepted before anybody asked, or are asked after the other.
    #[must_use]
    pub fn is_unknown_to(&self, side: Side) -> bool {
        let waits_for_asker = self.asker_first && side == Side::Helper && self.half(Side::Asker).accepted != Some(true);
        self.half(side).unasked || waits_for_asker
    }

    /// Whether one of them may still say *Merci*.
    #[must_use]
    pub fn can_thank(&self, side: Side) -> bool {
        self.half(side).thanks == Thanks::None && self.other(side).is_some()
    }

    /// What it led to: the most that one of them said.
    #[must_use]
    pub fn led(&self) -> Option<Led> {
        let weight = |led: &Led| Led::ALL.into_iter().position(|of| of == *led);
        self.halves.iter().filter_map(|half| half.led).max_by_key(weight)
    }

    pub(super) fn apply(&mut self, at: &Now, happened: &Happened) {
        match happened {
            Happened::Proposed { .. } => {}
            Happened::Answered { by, accepted, .. } => {
                let half = self.half_of(*by);
                (half.accepted, half.unasked) = (Some(*accepted), false);
            }
            Happened::Introduced { .. } => self.introduced = Some(*at),
            Happened::Ended { .. } => self.ended = true,
            Happened::Closed { .. } => self.closed = true,
            Happened::Asked { to, .. } => self.half_of(*to).asked = Some(*at),
            Happened::Told { to, .. } => self.half_of(*to).told = true,
            Happened::Led { by, led, .. } => self.half_of(*by).led = Some(*led),
            Happened::Thanked { by, .. } => self.half_of(*by).thanks = Thanks::Given,
            Happened::ThanksTold { to, .. } => {
                // the one across said it
                let across = self.side(*to).other();
                self.halves[place(across)].thanks = Thanks::Told;
            }
        }
    }

    fn half_of(&mut self, member: MemberId) -> &mut Half {
        let side = self.side(member);
        &mut self.halves[place(side)]
    }

    pub(super) fn moments(&mut self) -> impl Iterator<Item = &mut Now> {
        let asked = self.halves.iter_mut().filter_map(|half| half.asked.as_mut());
        std::iter::once(&mut self.proposed).chain(self.introduced.as_mut()).chain(asked)
    }
}
