//! What the manager sets right: a visit's times, a visit that never was, one that stands on paper only. Pure: what stands on disk of the
//! visit and of its person's other ones comes in.

use super::{GuestId, Presence, Subject, VisitId};
use crate::clock::Now;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use voisins_shared::member::MemberId;
use voisins_shared::need::tidy;
use voisins_shared::visit::LONGEST_NAME;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

/// Why a visit was not set right: keys of texts, which say what to do.
pub mod refused {
    /// The time isn't known, so nobody can tell what was before.
    pub const NO_CLOCK: &str = "visits-bad-clock";
    /// Later than now.
    pub const FUTURE: &str = "visits-bad-future";
    /// It ends before it begins, or lasts longer than any visit may.
    pub const ORDER: &str = "visits-bad-order";
    /// On another day it is another visit.
    pub const OTHER_DAY: &str = "visits-bad-day";
    /// The same person was here in another visit then.
    pub const OVERLAPS: &str = "visits-bad-overlap";
    /// No reason was given, or a very long one.
    pub const REASON: &str = "visits-bad-reason";
    /// No name was given, or a very long one.
    pub const NAME: &str = "visits-bad-name";
    /// It is over, or was cancelled.
    pub const GONE: &str = "visits-bad-gone";
    /// An earlier day's visit has an end.
    pub const NEEDS_END: &str = "visits-bad-end";
}

/// Who sets it right and why; kept in a table of its own, not in the event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// An account, or the command line.
    pub by: String,
    /// Why, for whoever reads the history.
    pub reason: String,
}

/// A visit as it stands on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Record {
    pub id: VisitId,
    pub subject: Subject,
    pub opened: Option<Timestamp>,
    pub closed: Option<Timestamp>,
    pub is_open: bool,
    /// It was cancelled before.
    pub cancelled: bool,
}

/// Who was here without a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Whom {
    Member(MemberId),
    /// A guest, by name.
    Guest(String),
}

/// What the manager asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    /// Other times. `closed` none: they are still here.
    Correct { record: Record, opened: Timestamp, closed: Option<Timestamp>, note: Note },
    /// It never was.
    Cancel { record: Record, note: Note },
    /// It stands on paper.
    Add { whom: Whom, opened: Timestamp, closed: Option<Timestamp>, note: Note },
    /// Somebody who is here, or of whom nobody knows, left then.
    LeftAt { record: Record, left: Timestamp, note: Note },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Change {
    Corrected {
        visit: VisitId,
        subject: Subject,
        opened: Timestamp,
        closed: Option<Timestamp>,
        #[serde(skip)]
        note: Note,
    },
    Cancelled {
        visit: VisitId,
        subject: Subject,
        /// When it was.
        opened: Option<Timestamp>,
        /// They came another time on that day.
        came_otherwise: bool,
        #[serde(skip)]
        note: Note,
    },
    Added {
        visit: VisitId,
        subject: Subject,
        opened: Timestamp,
        closed: Option<Timestamp>,
        /// A guest's.
        #[serde(skip)]
        name: String,
        #[serde(skip)]
        note: Note,
    },
}

impl Change {
    #[allow(missing_docs)]
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Corrected { subject, .. } | Self::Cancelled { subject, .. } | Self::Added { subject, .. } => *subject,
        }
    }

    #[allow(missing_docs)]
    #[must_use]
    pub fn visit(&self) -> VisitId {
        match self {
            Self::Corrected { visit, .. } | Self::Cancelled { visit, .. } | Self::Added { visit, .. } => *visit,
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Corrected { .. } => "visit_corrected",
            Self::Cancelled { .. } => "visit_cancelled",
            Self::Added { .. } => "visit_added",
        }
    }
}

/// What follows, or the key of why nothing does. `others`: the same person's other visits, with their ends.
pub(super) fn decide(
    presence: &Presence,
    step: &Step,
    others: &[(VisitId, Timestamp, Option<Timestamp>)],
    now: &Now,
) -> Result<Change, &'static str> {
    let wall = now.wall.ok_or(refused::NO_CLOCK)?;
    let fits = |opened: Timestamp, closed: Option<Timestamp>| {
        if opened > wall || closed.is_some_and(|closed| closed > wall) {
            return Err(refused::FUTURE);
        }
        if closed.is_some_and(|closed| closed <= opened || closed > presence.policy.longest_end(opened)) {
            return Err(refused::ORDER);
        }
        // who is here came on this day, and it is not over
        if closed.is_none() && presence.policy.close_by(opened) <= wall {
            return Err(refused::NEEDS_END);
        }
        let meets = |(_, from, to): &(VisitId, Timestamp, Option<Timestamp>)| {
            to.is_none_or(|to| to > opened) && closed.is_none_or(|closed| closed > *from)
        };
        if others.iter().any(meets) { Err(refused::OVERLAPS) } else { Ok(()) }
    };
    let noted = |note: &Note| {
        let reason = tidy(&note.reason, LONGEST_REASON).ok_or(refused::REASON)?;
        Ok::<_, &'static str>(Note { by: note.by.clone(), reason })
    };
    let stands = |record: &Record| if record.cancelled { Err(refused::GONE) } else { Ok(()) };
    match step {
        Step::Correct { record, opened, closed, note } => {
            stands(record)?;
            if closed.is_none() && !record.is_open {
                return Err(refused::NEEDS_END);
            }
            let day = |at| presence.policy.day_of(at);
            if record.opened.is_some_and(|was| day(was) != day(*opened)) {
                return Err(refused::OTHER_DAY);
            }
            fits(*opened, *closed)?;
            let (visit, subject) = (record.id, record.subject);
            Ok(Change::Corrected { visit, subject, opened: *opened, closed: *closed, note: noted(note)? })
        }
        Step::LeftAt { record, left, note } => {
            stands(record)?;
            let opened = record.opened.ok_or(refused::GONE)?;
            fits(opened, Some(*left))?;
            let (visit, subject) = (record.id, record.subject);
            Ok(Change::Corrected { visit, subject, opened, closed: Some(*left), note: noted(note)? })
        }
        Step::Cancel { record, note } => {
            stands(record)?;
            let day = record.opened.map(|opened| presence.policy.day_of(opened));
            let came_otherwise = others.iter().any(|(_, opened, _)| Some(presence.policy.day_of(*opened)) == day);
            Ok(Change::Cancelled {
                visit: record.id,
                subject: record.subject,
                opened: record.opened,
                came_otherwise,
                note: noted(note)?,
            })
        }
        Step::Add { whom, opened, closed, note } => {
            fits(*opened, *closed)?;
            let visit = VisitId(presence.next_visit);
            let (subject, name) = match whom {
                Whom::Member(member) => (Subject::Member(*member), String::new()),
                Whom::Guest(name) => (Subject::Guest(GuestId(visit.0)), tidy(name, LONGEST_NAME).ok_or(refused::NAME)?),
            };
            Ok(Change::Added { visit, subject, opened: *opened, closed: *closed, name, note: noted(note)? })
        }
    }
}
