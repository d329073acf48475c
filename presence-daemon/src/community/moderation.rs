//! What the house finds out of place: one badge puts a text on the manager's desk, a second one hides it until the manager looks. Pure.
//!
//! It is about anything that is [`Reported`]; who wrote a text is asked of the room that keeps it.

use super::Community;
use super::agenda::EventEnd;
use crate::presence::{PresenceEvent, What};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use voisins_shared::agenda::EventId;
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Reported, refusal};

/// So many different badges hide a text.
const HIDE_AT: usize = 2;

/// What is asked of the manager, or by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// *Signaler*.
    Report(MemberId, Reported),
    /// The manager takes a text off every screen.
    Hide(Reported),
    /// The manager has looked, and it may stand.
    Restore(Reported),
    /// The manager pauses what a member puts up.
    Pause(MemberId),
    /// They may again.
    Resume(MemberId),
    /// A need that waited for the manager may be shown.
    Approve(NeedId),
    /// From now on what members put up waits for the manager, or doesn't.
    ApproveFirst(bool),
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Change {
    Reported {
        what: Reported,
        by: MemberId,
    },
    /// By two reports, or by the manager.
    Hidden {
        what: Reported,
    },
    /// The reports until then are dealt with.
    Restored {
        what: Reported,
    },
    Paused {
        member: MemberId,
    },
    Resumed {
        member: MemberId,
    },
    /// A need waits for the manager.
    Held {
        need: NeedId,
    },
    Approved {
        need: NeedId,
    },
    /// From now on what members put up waits for the manager, or doesn't. What waits already still does.
    ApproveFirst {
        on: bool,
    },
}

impl Change {
    /// Who it is about.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Reported { by: member, .. } | Self::Paused { member } | Self::Resumed { member } => Some(*member),
            Self::Hidden { .. } | Self::Restored { .. } | Self::Held { .. } | Self::Approved { .. } | Self::ApproveFirst { .. } => {
                None
            }
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reported { .. } => "text_reported",
            Self::Hidden { .. } => "text_hidden",
            Self::Restored { .. } => "text_restored",
            Self::Paused { .. } => "member_paused",
            Self::Resumed { .. } => "member_resumed",
            Self::Held { .. } => "need_held",
            Self::Approved { .. } => "need_approved",
            Self::ApproveFirst { .. } => "approve_first_set",
        }
    }
}

/// What is on the manager's desk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moderation {
    /// Who reported what, and whether the manager has looked since.
    reports: BTreeMap<(Reported, MemberId), bool>,
    hidden: BTreeSet<Reported>,
    paused: BTreeSet<MemberId>,
    held: BTreeSet<NeedId>,
    /// What was said by hand.
    approve_first: Option<bool>,
}

impl Moderation {
    /// As it was on disk.
    #[must_use]
    pub fn restore(
        reports: impl IntoIterator<Item = ((Reported, MemberId), bool)>,
        hidden: impl IntoIterator<Item = Reported>,
        paused: impl IntoIterator<Item = MemberId>,
        held: impl IntoIterator<Item = NeedId>,
        approve_first: Option<bool>,
    ) -> Self {
        Self {
            reports: reports.into_iter().collect(),
            hidden: hidden.into_iter().collect(),
            paused: paused.into_iter().collect(),
            held: held.into_iter().collect(),
            approve_first,
        }
    }

    /// How many reports the manager hasn't looked at.
    #[must_use]
    pub fn reports(&self, what: Reported) -> usize {
        self.reports.iter().filter(|((of, _), looked)| *of == what && !**looked).count()
    }

    /// What was reported since the manager looked, or is hidden.
    #[must_use]
    pub fn desk(&self) -> BTreeSet<Reported> {
        let reported = self.reports.iter().filter(|(_, looked)| !**looked).map(|((what, _), _)| *what);
        reported.chain(self.hidden.iter().copied()).collect()
    }

    /// All that is on no screen.
    pub fn hidden(&self) -> impl Iterator<Item = Reported> + use<> {
        self.hidden.clone().into_iter()
    }

    /// Whether a text is on no screen.
    #[must_use]
    pub fn is_hidden(&self, what: Reported) -> bool {
        self.hidden.contains(&what)
    }

    /// Whose posting is paused.
    pub fn paused(&self) -> impl Iterator<Item = MemberId> {
        self.paused.iter().copied()
    }

    /// Needs that wait to be approved.
    pub fn held(&self) -> impl Iterator<Item = NeedId> {
        self.held.iter().copied()
    }

    /// What is over is forgotten.
    pub fn forget(&mut self, what: Reported) {
        self.reports.retain(|(of, _), _| *of != what);
        self.hidden.remove(&what);
        if let Reported::Need { need } = what {
            self.held.remove(&need);
        }
    }

    /// A text was written anew: who reported the old one may report this one, too. What is hidden stays so.
    fn rewritten(&mut self, what: Reported) {
        self.reports.retain(|(of, _), looked| *of != what || !*looked);
    }

    pub(super) fn apply(&mut self, event: &PresenceEvent) {
        match event.what {
            What::Moderation(change) => match change {
                Change::Reported { what, by } => drop(self.reports.insert((what, by), false)),
                Change::Hidden { what } => drop(self.hidden.insert(what)),
                Change::Restored { what } => {
                    self.hidden.remove(&what);
                    self.reports.iter_mut().filter(|((of, _), _)| *of == what).for_each(|(_, looked)| *looked = true);
                }
                Change::Paused { member } => drop(self.paused.insert(member)),
                Change::Resumed { member } => drop(self.paused.remove(&member)),
                Change::Held { need } => drop(self.held.insert(need)),
                Change::Approved { need } => drop(self.held.remove(&need)),
                Change::ApproveFirst { on } => self.approve_first = Some(on),
            },
            What::NeedClosed { need, .. } => self.forget(Reported::Need { need }),
            What::EventEnded { event, .. } => self.forget(Reported::Event { event }),
            What::Need(super::needs::Change::Edited { need, .. }) => self.rewritten(Reported::Need { need }),
            _ => {}
        }
    }
}

impl Community {
    /// Whether a member may put something up for all to read: a need, a note, an event.
    ///
    /// # Errors
    /// [`refusal::PAUSED`] once the manager has paused it.
    pub fn may_put_up(&self, member: MemberId) -> Result<(), &'static str> {
        if self.moderation.paused.contains(&member) { Err(refusal::PAUSED) } else { Ok(()) }
    }

    /// Whether what a member puts up for all to read waits for the manager: as was said by hand last, else as the config has it.
    #[must_use]
    pub fn approves_first(&self) -> bool {
        self.moderation.approve_first.unwrap_or(self.approve_first)
    }

    /// What is on the manager's desk.
    #[must_use]
    pub fn moderation(&self) -> &Moderation {
        &self.moderation
    }

    /// Whether a need is on no screen because it was reported, or hidden by the manager.
    #[must_use]
    pub fn is_hidden(&self, need: NeedId) -> bool {
        self.moderation.is_hidden(Reported::Need { need })
    }

    /// Whether a need is hidden, or waits to be approved: nobody is shown it, told of it, or asked about it.
    #[must_use]
    pub fn is_withheld(&self, need: NeedId) -> bool {
        self.is_hidden(need) || self.moderation.held.contains(&need)
    }

    pub(super) fn decide_moderation(&self, step: Step) -> Result<Vec<What>, &'static str> {
        let desk = &self.moderation;
        let changes = match step {
            Step::Report(member, what) => {
                let held = matches!(what, Reported::Need { need } if desk.held.contains(&need));
                // nor what only the manager reads
                if held || desk.is_hidden(what) || self.is_confidential(what) {
                    return Err(gone(what));
                }
                if self.author_of(what)? == Some(member) {
                    return Err(refusal::YOUR_OWN);
                }
                // the same badge twice is one, and what the manager has looked at is not reported again by who reported it
                if desk.reports.contains_key(&(what, member)) {
                    return Ok(vec![]);
                }
                let hides = desk.reports(what) + 1 >= HIDE_AT;
                [Change::Reported { what, by: member }].into_iter().chain(hides.then_some(Change::Hidden { what })).collect()
            }
            Step::Hide(what) => {
                self.author_of(what)?;
                if desk.is_hidden(what) { vec![] } else { vec![Change::Hidden { what }] }
            }
            // what is on the desk can be taken off it, even if its calendar no longer has it
            Step::Restore(what) if desk.desk().contains(&what) => vec![Change::Restored { what }],
            Step::Restore(what) => self.author_of(what).map(|_| vec![])?,
            Step::Pause(member) if desk.paused.contains(&member) => vec![],
            Step::Pause(member) => vec![Change::Paused { member }],
            Step::Resume(member) if desk.paused.contains(&member) => vec![Change::Resumed { member }],
            Step::Resume(_) => vec![],
            Step::Approve(need) => {
                self.author_of(Reported::Need { need })?;
                if desk.held.contains(&need) { vec![Change::Approved { need }] } else { vec![] }
            }
            Step::ApproveFirst(on) if self.approves_first() == on => vec![],
            Step::ApproveFirst(on) => vec![Change::ApproveFirst { on }],
        };
        Ok(changes.into_iter().map(What::Moderation).collect())
    }

    /// Events of calendars that were reported or hidden, and to which nobody goes: they are forgotten once they are over, or once their
    /// calendar no longer has them and the manager has looked. Those that are hidden stay so: they may come back.
    pub(super) fn overdue_reports(&self, wall: Timestamp) -> Vec<What> {
        let (desk, agenda) = (&self.moderation, &self.agenda);
        let known = desk.reports.keys().map(|(what, _)| *what).chain(desk.hidden());
        let known: BTreeSet<EventId> = known.filter_map(event_of).collect();
        let is_over = |event: &EventId| match agenda.event(*event) {
            Some(found) => found.proposed.is_none() && found.over() <= wall,
            None => !desk.is_hidden(Reported::Event { event: *event }) && desk.reports(Reported::Event { event: *event }) == 0,
        };
        let over = known.into_iter().filter(|event| agenda.going_to(*event).is_empty() && is_over(event));
        over.map(|event| What::EventEnded { event, end: EventEnd::Over }).collect()
    }

    /// Whether an event that a member proposed is hidden though nobody reported it: where the space wants it so, it waits to be approved.
    #[must_use]
    pub fn awaits_approval(&self, event: EventId) -> bool {
        let (desk, what) = (&self.moderation, Reported::Event { event });
        let proposed = self.agenda.event(event).is_some_and(|event| event.proposed.is_some());
        self.approves_first() && proposed && desk.is_hidden(what) && !desk.reports.keys().any(|(of, _)| *of == what)
    }

    fn is_confidential(&self, what: Reported) -> bool {
        let Reported::Need { need } = what else { return false };
        self.needs.get(&need).is_some_and(|need| need.audience == Audience::Coordination)
    }

    /// Who wrote a text; the space itself has no id.
    ///
    /// # Errors
    /// There is no such text.
    fn author_of(&self, what: Reported) -> Result<Option<MemberId>, &'static str> {
        match what {
            Reported::Need { need } => self.needs.get(&need).map(|need| need.author).ok_or(refusal::NO_SUCH_NEED),
            Reported::Event { event } => {
                let found = self.agenda.event(event).ok_or(refusal::NO_SUCH_EVENT)?;
                Ok(found.proposed.map(|proposed| proposed.author))
            }
        }
    }
}

fn event_of(what: Reported) -> Option<EventId> {
    if let Reported::Event { event } = what { Some(event) } else { None }
}

fn gone(what: Reported) -> &'static str {
    match what {
        Reported::Need { .. } => refusal::NO_SUCH_NEED,
        Reported::Event { .. } => refusal::NO_SUCH_EVENT,
    }
}

#[cfg(test)]
mod tests;
