//! Notes: a few words from one member to another, or *Je connais quelqu'un* to the coordination. Pure.
//!
//! A note is shown once, on *Voir*; its words are gone at the end of that day, or after a month if nobody opened it. One that was
//! reported is kept until the manager has looked. Who wants no more notes of somebody gets none, and their author never learns it.

use super::{Around, Community};
use crate::clock::Now;
use crate::directory::Standing;
use crate::policy::Policy;
use crate::presence::What;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use voisins_shared::member::MemberId;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::note::{NOTE_DAYS, NOTES_A_DAY, NoteId, note_text};
use voisins_shared::payload::refusal;

/// A note whose words may still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    #[allow(missing_docs)]
    pub id: NoteId,
    #[allow(missing_docs)]
    pub author: MemberId,
    /// For whom; the coordination has no id.
    pub to: Option<MemberId>,
    /// The need that it answers.
    pub need: Option<NeedId>,
    /// Empty for one that is not delivered, or that the manager has settled.
    pub text: String,
    /// When it was left.
    pub left: Now,
    /// Not, where the reader wants none of this author.
    pub delivered: bool,
    /// When its reader saw it.
    pub opened: Option<Now>,
    /// Its reader finds it out of place.
    pub reported: bool,
    /// The manager has looked.
    pub settled: bool,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    /// *Laisser un mot*.
    Leave { author: MemberId, to: MemberId, text: String, note: NoteId },
    /// *Je connais quelqu'un*.
    Refer { author: MemberId, need: NeedId, text: String, note: NoteId },
    /// *Signaler*.
    Report { by: MemberId, note: NoteId },
    /// *Plus de mots de cette personne*.
    NoMore { by: MemberId, note: NoteId },
    /// The manager has looked at what was reported, or at what was left for the coordination.
    Settle(NoteId),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Happened {
    /// A note was left. Its words are kept in a table of their own, not here.
    Left {
        note: NoteId,
        author: MemberId,
        to: Option<MemberId>,
        need: Option<NeedId>,
        delivered: bool,
        #[serde(skip)]
        text: String,
    },
    /// Its reader has seen it.
    Opened { note: NoteId, by: MemberId },
    /// Its reader reported it.
    Reported { note: NoteId, by: MemberId },
    /// A reader wants no more notes of an author.
    Refused { reader: MemberId, author: MemberId },
    /// The manager has looked.
    Settled { note: NoteId },
    /// Its words are gone.
    Erased { note: NoteId },
}

impl Happened {
    /// Who did it.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Left { author, .. } => Some(*author),
            Self::Opened { by, .. } | Self::Reported { by, .. } => Some(*by),
            Self::Refused { reader, .. } => Some(*reader),
            Self::Settled { .. } | Self::Erased { .. } => None,
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Left { .. } => "note_left",
            Self::Opened { .. } => "note_opened",
            Self::Reported { .. } => "note_reported",
            Self::Refused { .. } => "notes_refused",
            Self::Settled { .. } => "note_settled",
            Self::Erased { .. } => "note_erased",
        }
    }
}

/// The notes that may still be read, and who wants none of whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    all: BTreeMap<NoteId, Note>,
    /// (reader, author)
    refused: BTreeSet<(MemberId, MemberId)>,
}

impl Notes {
    /// As it was on disk: the notes, and which reader wants none of which author.
    #[must_use]
    pub fn restore(notes: impl IntoIterator<Item = Note>, refused: impl IntoIterator<Item = (MemberId, MemberId)>) -> Self {
        Self { all: notes.into_iter().map(|note| (note.id, note)).collect(), refused: refused.into_iter().collect() }
    }

    pub(super) fn decide(&self, step: &Step, community: &Community, around: &Around<'_>) -> Result<Vec<What>, &'static str> {
        let happened = match step {
            Step::Leave { author, to, text, note } => {
                community.may_put_up(*author)?;
                if author == to {
                    return Err(refusal::YOURSELF);
                }
                if !around.directory.is_neighbour(*to) {
                    return Err(refusal::NO_SUCH_MEMBER);
                }
                self.left(*note, *author, Some(*to), None, text, around)?
            }
            Step::Refer { author, need, text, note } => {
                community.may_put_up(*author)?;
                let found = community.need(*need).filter(|need| community.is_public(need));
                let found = found.ok_or(refusal::NO_SUCH_NEED)?;
                if found.author == Some(*author) {
                    return Err(refusal::YOUR_OWN);
                }
                // an author without a name is reached through the coordination
                let named = found.author.filter(|_| found.audience == Audience::Named);
                let to = named.filter(|to| around.directory.is_neighbour(*to));
                self.left(*note, *author, to, Some(*need), text, around)?
            }
            Step::Report { by, note } => match self.read_by(*by, *note)? {
                found if found.reported => return Ok(vec![]),
                _ => Happened::Reported { note: *note, by: *by },
            },
            Step::NoMore { by, note } => match self.read_by(*by, *note)?.author {
                author if self.refused.contains(&(*by, author)) => return Ok(vec![]),
                author => Happened::Refused { reader: *by, author },
            },
            Step::Settle(note) => {
                let to_settle = |note: &&Note| !note.settled && (note.reported || note.to.is_none());
                self.all.get(note).filter(to_settle).ok_or(refusal::NOT_ALLOWED)?;
                Happened::Settled { note: *note }
            }
        };
        Ok(vec![What::Note(happened)])
    }

    fn left(
        &self,
        note: NoteId,
        author: MemberId,
        to: Option<MemberId>,
        need: Option<NeedId>,
        text: &str,
        around: &Around<'_>,
    ) -> Result<Happened, &'static str> {
        let text = note_text(text).ok_or(refusal::BAD_NOTE)?;
        let today = |note: &&Note| note.author == author && around.policy().same_day(&note.left, around.now);
        if self.all.values().filter(today).count() >= NOTES_A_DAY {
            return Err(refusal::TOO_MANY_NOTES);
        }
        let delivered = to.is_none_or(|to| !self.refused.contains(&(to, author)));
        // what nobody will read isn't kept
        let text = if delivered { text } else { String::new() };
        Ok(Happened::Left { note, author, to, need, delivered, text })
    }

    fn read_by(&self, member: MemberId, note: NoteId) -> Result<&Note, &'static str> {
        let read = |note: &&Note| note.to == Some(member) && note.opened.is_some();
        self.all.get(&note).filter(read).ok_or(refusal::NOT_ALLOWED)
    }

    /// Notes that a member hasn't opened, the oldest first. Those of somebody who is paused wait with them.
    #[must_use]
    pub fn waiting(&self, member: MemberId, around: &Around<'_>) -> Vec<&Note> {
        let active = |author| around.directory.member(author).is_some_and(|author| author.standing == Standing::Active);
        let waits = |note: &&Note| {
            note.to == Some(member)
                && note.delivered
                && note.opened.is_none()
                && !self.refused.contains(&(member, note.author))
                && active(note.author)
        };
        oldest_first(self.all.values().filter(waits))
    }

    /// What the manager has to look at, the oldest first: what was reported, and what was left for the coordination.
    #[must_use]
    pub fn to_settle(&self) -> Vec<&Note> {
        oldest_first(self.all.values().filter(|note| !note.settled && (note.reported || note.to.is_none())))
    }

    /// What time alone erases.
    #[must_use]
    pub fn overdue(&self, policy: &Policy, now: &Now) -> Vec<What> {
        let month = Duration::from_secs(NOTE_DAYS.unsigned_abs() * 24 * 3600);
        let over = |at: &Now| at.wall.zip(now.wall).is_some_and(|(at, now)| policy.day_of(at) < policy.day_of(now));
        let erased = |note: &&Note| {
            if note.settled || !note.delivered {
                // a word too many counts until its day is over
                return over(&note.left);
            }
            !note.reported && note.opened.as_ref().map_or_else(|| now.since(&note.left).is_some_and(|gone| gone >= month), over)
        };
        self.all.values().filter(erased).map(|note| What::Note(Happened::Erased { note: note.id })).collect()
    }

    pub(super) fn apply(&mut self, at: &Now, happened: &Happened) {
        match happened {
            Happened::Left { note, author, to, need, delivered, text } => {
                let (id, author, to, need, delivered, text) = (*note, *author, *to, *need, *delivered, text.clone());
                let kept = Note { id, author, to, need, text, left: *at, delivered, opened: None, reported: false, settled: false };
                self.all.insert(id, kept);
            }
            Happened::Opened { note, .. } => {
                if let Some(note) = self.all.get_mut(note) {
                    note.opened.get_or_insert(*at);
                }
            }
            Happened::Reported { note, .. } => {
                if let Some(note) = self.all.get_mut(note) {
                    note.reported = true;
                }
            }
            Happened::Refused { reader, author } => drop(self.refused.insert((*reader, *author))),
            Happened::Settled { note } => {
                if let Some(note) = self.all.get_mut(note) {
                    note.settled = true;
                    note.text.clear();
                }
            }
            Happened::Erased { note } => drop(self.all.remove(note)),
        }
    }

    pub(super) fn date_by(&mut self, anchor: &Now) {
        let moments = |note: &mut Note| {
            [Some(&mut note.left), note.opened.as_mut()].into_iter().flatten().for_each(|at| {
                at.wall = at.dated_by(anchor).or(anchor.wall);
            })
        };
        self.all.values_mut().for_each(moments);
    }
}

fn oldest_first<'a>(notes: impl Iterator<Item = &'a Note>) -> Vec<&'a Note> {
    let mut notes: Vec<&Note> = notes.collect();
    notes.sort_by_key(|note| (note.left.wall.is_none(), note.left.wall, note.left.since_boot));
    notes
}

#[cfg(test)]
mod tests;
