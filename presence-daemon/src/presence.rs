//! Who is here, and what a tap changes. Pure: [`Presence::decide`] turns an input and the time into events and effects, and
//! [`Presence::apply`] is the only mutation; it is also the fold that rebuilds the state from the events on disk.

pub mod corrections;
mod decide;
mod event;
mod pairing;

#[cfg(test)]
mod tests;

pub use event::{Alarm, Barred, GuestId, PresenceEvent, Redaction, Subject, VisitId, Vouch, What};
pub use pairing::{Pairing, PairingCode};

use crate::clock::Now;
use crate::community::Step;
use crate::config::Role;
use crate::directory::Directory;
use crate::key::BadgeMac;
use crate::policy::Policy;
use crate::tap::Card;
use corrections::Change;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;
use voisins_shared::payload::{Action, Moment, Refusal};
use voisins_shared::visit::{Availability, ClosedBy, OpenedBy};

/// What the presence is asked to decide on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A card was presented.
    Tap {
        /// Where.
        reader: ReaderName,
        /// What that reader means.
        role: Role,
        /// Which card.
        card: Card,
        /// Random bytes for a new pairing code: chance comes in like time does.
        dice: u64,
    },
    /// A card was presented where a kiosk awaits a badge.
    Sign {
        /// Where.
        reader: ReaderName,
        /// What that reader means to whoever can't sign.
        role: Role,
        /// Which card.
        card: Card,
        /// As in [`Input::Tap`].
        dice: u64,
        /// What it signs.
        action: Action,
        /// A fresh id for what that may bring about: chance, too.
        new: Uuid,
    },
    /// *Je repars* pressed.
    Leave(VisitId),
    /// The manager says that somebody has left.
    Dismiss(VisitId),
    /// *Annuler* pressed.
    Undo(VisitId),
    /// An availability pressed.
    SetAvailability(VisitId, Availability),
    /// *Entrer comme invité·e* pressed.
    EnterAsGuest(PairingCode),
    /// The manager says whose card a pairing code is.
    Enrol(PairingCode, MemberId),
    /// Something between neighbours: pressed on a greeting, or the manager's doing.
    Between(Step),
    /// The manager sets visits right: what is asked, and when the same person was here otherwise.
    Visits(Box<corrections::Step>, Vec<(VisitId, Timestamp, Option<Timestamp>)>),
    /// Everybody is asked to leave the building, or no longer.
    Evacuate(bool, Alarm),
    /// Something is due: see [`Presence::next_deadline`].
    Deadline,
}

/// What follows from an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// To be recorded, then applied, in this order. Empty: nothing changes.
    pub events: Vec<PresenceEvent>,
    /// What the input came to.
    pub outcome: Outcome,
}

/// What an input came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A member is greeted.
    Greeted {
        /// Who.
        member: MemberId,
        /// Which visit the greeting's buttons are about; none after a departure.
        visit: VisitId,
        /// Arrival, seen again or departure.
        moment: Moment,
        /// Whether to offer leaving at equal size.
        ask_to_stay: bool,
    },
    /// A card that is no badge, or is shown as if it were none.
    Unknown {
        /// Its pairing code; none when too many are out.
        code: Option<PairingCode>,
    },
    /// A card that can't name a person.
    Refused(Refusal),
    /// A member signed, and it is done.
    Signed {
        /// Who.
        member: MemberId,
        /// Which visit it is about.
        visit: VisitId,
    },
    /// A member signed, and it can't be done; one of the words in [`voisins_shared::payload::refusal`].
    NotDone(&'static str),
    /// A member who was not present held their badge to sign: it was an arrival, and nothing is signed yet.
    ArrivedFirst {
        /// Who.
        member: MemberId,
    },
    /// A command was carried out.
    Done(VisitId),
    /// What was asked between neighbours is done.
    Settled,
    /// The card of an enrolment has to be presented once more.
    AwaitsSecondTap,
    /// A badge was enrolled.
    Enrolled(MemberId),
    /// A command that makes no sense (any more), and why.
    Impossible(&'static str),
    /// Nothing to tell.
    Nothing,
}

/// When something is due: by the time since boot, by the wall clock, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deadline {
    /// Short ones.
    pub since_boot: Option<Duration>,
    /// Closing, a new day, expiry; never fires while the clock is not trusted.
    pub wall: Option<Timestamp>,
}

/// An open visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its number.
    pub id: VisitId,
    /// Whose.
    pub subject: Subject,
    /// What opened it.
    pub opened_by: OpenedBy,
    /// When.
    pub opened: Now,
    /// The last tap.
    pub last_seen: Now,
    /// Where that was.
    pub reader: Option<ReaderName>,
    /// What they said of being disturbed.
    pub availability: Availability,
}

/// A visit that nobody saw end: the space closed, or it lasted too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// As it was.
    pub visit: Visit,
    /// When it is taken to have ended.
    pub ended: Option<Timestamp>,
    /// When that was noticed.
    pub noticed: Now,
}

/// Who was seen so lately is never taken off the evacuation list but by leaving.
const UNCONFIRMED_AT_LEAST: jiff::SignedDuration = jiff::SignedDuration::from_hours(6);

impl Unconfirmed {
    /// Until when they stay on the evacuation list: the next morning. None: nobody can tell yet.
    #[must_use]
    pub fn until(&self, policy: &Policy) -> Option<Timestamp> {
        let seen = self.visit.last_seen.wall;
        let end = self.ended.or(seen).or(self.noticed.wall)?;
        // what ends with the day is of that day
        let day = policy.day_of(end - jiff::SignedDuration::from_nanos(1));
        Some(policy.day_end(day).max(seen.map_or(end, |seen| seen + UNCONFIRMED_AT_LEAST)))
    }

    fn is_over(&self, policy: &Policy, now: &Now) -> bool {
        now.wall.is_some_and(|wall| self.until(policy).is_none_or(|until| until <= wall))
    }
}

/// Who is here: the fold over all events.
#[derive(Debug, Clone)]
pub struct Presence {
    policy: Policy,
    open: BTreeMap<VisitId, Visit>,
    by_member: BTreeMap<MemberId, VisitId>,
    /// Visits closed by a button or signed closed a moment ago, for *Annuler*.
    undoable: BTreeMap<VisitId, (Visit, Now)>,
    /// Visits of today, or of last night, that nobody saw end.
    unconfirmed: BTreeMap<VisitId, Unconfirmed>,
    next_visit: u64,
    day: Option<Date>,
    today: BTreeSet<Subject>,
    pairings: BTreeMap<PairingCode, Pairing>,
    /// Who vouched for somebody without a badge, today or when nobody knows yet.
    vouched: Vec<(MemberId, Now)>,
    /// The visits of guests here who are said to be members.
    said_members: BTreeSet<VisitId>,
    /// Since when everybody is asked to leave the building.
    evacuation: Option<Now>,
    /// Something of this boot was recorded while the wall clock was not known.
    undated: bool,
}

/// What a start reads back from disk.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Restored {
    pub open: Vec<Visit>,
    pub unconfirmed: Vec<Unconfirmed>,
    pub next_visit: u64,
    /// People whose visit began on `day`.
    pub day: Option<Date>,
    pub today: BTreeSet<Subject>,
    pub pairings: Vec<Pairing>,
    pub vouched: Vec<(MemberId, Now)>,
    pub said_members: BTreeSet<VisitId>,
    pub evacuation: Option<Now>,
    /// Something of this boot has no wall time yet.
    pub undated: bool,
}

/// How long *Annuler* works.
pub const UNDO: Duration = Duration::from_secs(5);
/// A little longer than the button shows, for the way there.
const UNDO_GRACE: Duration = Duration::from_secs(8);

impl Presence {
    /// Nobody here.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self::restore(policy, Restored { next_visit: 1, ..Restored::default() })
    }

    /// As it was on disk.
    #[must_use]
    pub fn restore(policy: Policy, restored: Restored) -> Self {
        let by_member = restored.open.iter().filter_map(|v| Some((v.subject.member()?, v.id))).collect();
        Self {
            policy,
            open: restored.open.into_iter().map(|v| (v.id, v)).collect(),
            by_member,
            undoable: BTreeMap::new(),
            unconfirmed: restored.unconfirmed.into_iter().map(|u| (u.visit.id, u)).collect(),
            next_visit: restored.next_visit.max(1),
            day: restored.day,
            today: restored.today,
            pairings: restored.pairings.into_iter().map(|p| (p.code, p)).collect(),
            vouched: restored.vouched,
            said_members: restored.said_members,
            evacuation: restored.evacuation,
            undated: restored.undated,
        }
    }

    /// Since when everybody is asked to leave the building, if they are.
    #[must_use]
    pub fn evacuation(&self) -> Option<Now> {
        self.evacuation
    }

    /// What follows from an input; nothing is changed.
    #[must_use]
    pub fn decide(&self, input: &Input, directory: &Directory, now: &Now) -> Decision {
        decide::decide(self, input, directory, now)
    }

    /// Takes one event: the only mutation.
    pub fn apply(&mut self, event: &PresenceEvent) {
        let at = event.at;
        match &event.what {
            What::ClockKnown => self.date_by(&at),
            What::CheckedIn { visit, subject, by, reader } => {
                self.open_visit(*visit, *subject, *by, &at);
                self.seen_at(*visit, reader.as_ref());
            }
            What::GuestEntered { code, visit } => {
                self.open_visit(*visit, Subject::Guest(GuestId(visit.0)), OpenedBy::Button, &at);
                if let Some(pairing) = self.pairings.get_mut(code) {
                    pairing.guest = Some(*visit);
                }
            }
            What::Seen { visit, reader, .. } => {
                if let Some(visit) = self.open.get_mut(visit) {
                    visit.last_seen = at;
                }
                self.seen_at(*visit, Some(reader));
            }
            What::CheckedOut { visit, by, ended, .. } => {
                self.said_members.remove(visit);
                if let Some(visit) = self.open.remove(visit) {
                    if let Some(member) = visit.subject.member() {
                        self.by_member.remove(&member);
                    }
                    self.undoable.retain(|_, (_, left)| at.since(left).is_some_and(|gone| gone < UNDO_GRACE));
                    match by {
                        ClosedBy::Button | ClosedBy::Signed => drop(self.undoable.insert(visit.id, (visit, at))),
                        ClosedBy::Assumed => self.lose_sight(visit, *ended, at),
                        ClosedBy::Tap | ClosedBy::Manager => {}
                    }
                }
            }
            What::Reopened { visit, .. } => {
                if let Some((visit, _)) = self.undoable.remove(visit) {
                    if let Some(member) = visit.subject.member() {
                        self.by_member.insert(member, visit.id);
                    }
                    self.open.insert(visit.id, visit);
                }
            }
            What::AvailabilitySet { visit, availability, .. } => {
                if let Some(visit) = self.open.get_mut(visit) {
                    visit.availability = *availability;
                }
            }
            What::Vouched { visit, by, vouch, .. } => {
                self.vouched = self.vouched_on(&at).copied().chain([(*by, at)]).collect();
                self.said_members.extend(vouch.is_of_said_member().then_some(*visit));
            }
            What::UnknownTapped { code: Some(code), card, .. } => {
                let pairing = self.pairings.entry(*code).or_insert_with(|| Pairing::new(*code, *card, at));
                pairing.taps += 1;
            }
            What::EnrolmentAsked { code, member } => {
                if let Some(pairing) = self.pairings.get_mut(code) {
                    pairing.enrol_for = Some(*member);
                }
            }
            What::BadgeEnrolled { code, .. } | What::PairingExpired { code } => {
                self.pairings.remove(code);
            }
            What::EvacuationSet { active, .. } => self.evacuation = active.then(|| self.evacuation.unwrap_or(at)),
            What::GuestClaimed { visit, member } => {
                self.said_members.remove(visit);
                if let Some(visit) = self.open.get_mut(visit) {
                    self.today.remove(&visit.subject);
                    visit.subject = Subject::Member(*member);
                    self.today.insert(visit.subject);
                    self.by_member.insert(*member, visit.id);
                }
            }
            What::Visits(change) => self.set_right(change, &at),
            What::UnknownTapped { code: None, .. }
            | What::TapRefused { .. }
            | What::BadgeProved { .. }
            | What::NeedPosted { .. }
            | What::NeedClosed { .. }
            | What::HelpOffered { .. }
            | What::HelpTold { .. }
            | What::MatchTold { .. }
            | What::Need(_)
            | What::Ledger(_)
            | What::Moderation(_)
            | What::Introduction(_)
            | What::Note(_)
            | What::Apart(_)
            | What::Interest(_)
            | What::EventProposed { .. }
            | What::EventAnswered { .. }
            | What::EventFirm { .. }
            | What::EventEdited { .. }
            | What::EventEnded { .. }
            | What::CalendarRead { .. }
            | What::CalendarForgotten { .. }
            | What::Managed(_)
            | What::Redacted { .. } => {}
        }
        self.unconfirmed.retain(|_, lost| !lost.is_over(&self.policy, &at));
        self.undated |= at.wall.is_none();
    }

    fn open_visit(&mut self, id: VisitId, subject: Subject, opened_by: OpenedBy, at: &Now) {
        self.next_visit = self.next_visit.max(id.0 + 1);
        if let Some(wall) = at.wall {
            self.turn_to(self.policy.day_of(wall));
        }
        self.today.insert(subject);
        if let Some(member) = subject.member() {
            self.by_member.insert(member, id);
            // they are here: whether they left before is no question any more
            self.unconfirmed.retain(|_, lost| lost.visit.subject != subject);
        }
        let availability = Availability::default();
        self.open.insert(id, Visit { id, subject, opened_by, opened: *at, last_seen: *at, reader: None, availability });
    }

    fn seen_at(&mut self, visit: VisitId, reader: Option<&ReaderName>) {
        if let (Some(visit), Some(reader)) = (self.open.get_mut(&visit), reader) {
            visit.reader = Some(reader.clone());
        }
    }

    /// Nobody saw them leave.
    fn lose_sight(&mut self, visit: Visit, ended: Option<Timestamp>, at: Now) {
        self.unconfirmed.insert(visit.id, Unconfirmed { visit, ended, noticed: at });
    }

    /// The manager has set something right.
    fn set_right(&mut self, change: &Change, at: &Now) {
        match change {
            Change::Corrected { visit, subject, opened, closed, .. } => {
                if self.day == Some(self.policy.day_of(*opened)) {
                    self.today.insert(*subject);
                }
                if let Some(known) = self.open.get_mut(visit) {
                    known.opened = at.moved_to(*opened);
                    if known.last_seen.wall.is_some_and(|seen| seen < *opened) {
                        known.last_seen = known.opened;
                    }
                }
                // an assumed end that was left as it stood is no word about when they left
                let stands = self.unconfirmed.get(visit).is_some_and(|lost| closed.is_some() && lost.ended == *closed);
                if closed.is_some() && !stands {
                    self.forget(*visit);
                }
            }
            Change::Cancelled { visit, subject, opened, came_otherwise, .. } => {
                self.forget(*visit);
                let of_today = self.day.is_some() && self.day == opened.map(|opened| self.policy.day_of(opened));
                if of_today && !came_otherwise {
                    self.today.remove(subject);
                }
            }
            Change::Added { visit, subject, opened, closed, .. } => {
                self.next_visit = self.next_visit.max(visit.0 + 1);
                if self.day == Some(self.policy.day_of(*opened)) {
                    self.today.insert(*subject);
                }
                if subject.member().is_some() {
                    let later = |lost: &Unconfirmed| lost.visit.opened.wall.is_none_or(|came| came <= *opened);
                    self.unconfirmed.retain(|_, lost| lost.visit.subject != *subject || !later(lost));
                }
                if closed.is_none() {
                    self.open_visit(*visit, *subject, OpenedBy::Manager, &at.moved_to(*opened));
                }
            }
        }
    }

    fn forget(&mut self, visit: VisitId) {
        self.said_members.remove(&visit);
        let known = self.open.remove(&visit).or_else(|| self.unconfirmed.remove(&visit).map(|lost| lost.visit));
        if let Some(member) = known.as_ref().and_then(|known| known.subject.member())
            && self.by_member.get(&member) == Some(&visit)
        {
            self.by_member.remove(&member);
        }
    }

    /// Visits of which nobody knows whether they are over.
    pub fn unconfirmed(&self, now: &Now) -> impl Iterator<Item = &Unconfirmed> {
        self.unconfirmed.values().filter(|lost| !lost.is_over(&self.policy, now))
    }

    fn turn_to(&mut self, day: Date) {
        if self.day.replace(day) != Some(day) {
            self.today.clear();
        }
    }

    /// The wall clock is known: what was recorded earlier in this boot is set right.
    fn date_by(&mut self, anchor: &Now) {
        self.undated = false;
        let Some(wall) = anchor.wall else { return };
        let today = self.policy.day_of(wall);
        self.turn_to(today);
        // who has just left may still take it back
        let reopenable = self.undoable.values_mut().map(|(visit, _)| visit);
        for visit in self.open.values_mut().chain(reopenable) {
            visit.opened.wall = visit.opened.dated_by(anchor);
            visit.last_seen.wall = visit.last_seen.dated_by(anchor);
            if visit.opened.wall.is_some_and(|opened| self.policy.day_of(opened) == today) {
                self.today.insert(visit.subject);
            }
        }
        for lost in self.unconfirmed.values_mut() {
            // of a boot that never learnt the time: at the latest now
            lost.noticed.wall = lost.noticed.dated_by(anchor).or(anchor.wall);
            lost.visit.opened.wall = lost.visit.opened.dated_by(anchor);
            lost.visit.last_seen.wall = lost.visit.last_seen.dated_by(anchor);
        }
        for pairing in self.pairings.values_mut() {
            pairing.issued.wall = pairing.issued.dated_by(anchor);
        }
        if let Some(since) = &mut self.evacuation {
            since.wall = since.dated_by(anchor);
        }
        for (_, at) in &mut self.vouched {
            // of a boot that never learnt the time: at the latest now
            at.wall = at.dated_by(anchor).or(anchor.wall);
        }
    }

    /// Who vouched on the same day; while nobody knows which day it is, on the last one too.
    fn vouched_on(&self, day: &Now) -> impl Iterator<Item = &(MemberId, Now)> {
        let day = day.wall.map(|wall| self.policy.day_of(wall));
        let same = move |wall| day.is_none_or(|day| self.policy.day_of(wall) == day);
        self.vouched.iter().filter(move |(_, at)| at.wall.is_none_or(same))
    }

    /// Whether a visit is of a guest who is said to be a member, by a name that is no member's or nobody can tell whose.
    #[must_use]
    pub fn is_said_member(&self, visit: VisitId) -> bool {
        self.said_members.contains(&visit)
    }

    /// For how many people without a badge a member vouched today.
    #[must_use]
    pub fn vouched_by(&self, member: MemberId, now: &Now) -> usize {
        self.vouched_on(now).filter(|(by, _)| *by == member).count()
    }

    /// When something is due next.
    #[must_use]
    pub fn next_deadline(&self, now: &Now) -> Deadline {
        let mut deadline = Deadline::default();
        let mut since_boot = |at: Duration| deadline.since_boot = Some(deadline.since_boot.map_or(at, |old| old.min(at)));
        for visit in self.open.values().filter(|v| v.last_seen.boot == now.boot) {
            let passes = visit.last_seen.since_boot + self.policy.fresh_for();
            if passes > now.since_boot {
                since_boot(passes);
            }
        }
        if let Some(wall) = now.wall {
            let fresh_for = self.policy.fresh_for();
            let closings = self.open.values().filter_map(|v| v.opened.wall).map(|opened| self.policy.close_by(opened));
            let passings = self
                .open
                .values()
                .filter(|v| v.last_seen.boot != now.boot)
                .filter_map(|v| v.last_seen.wall?.checked_add(fresh_for).ok());
            let expiries = self.pairings.values().filter_map(|p| self.pairing_expires(p));
            let midnight = [self.policy.day_end(self.policy.day_of(wall))];
            deadline.wall = closings.chain(expiries).chain(passings.filter(|at| *at > wall)).chain(midnight).min();
        }
        deadline
    }

    /// A pairing code lives until the closing of its day.
    fn pairing_expires(&self, pairing: &Pairing) -> Option<Timestamp> {
        pairing.issued.wall.map(|issued| self.policy.close_by(issued))
    }

    /// Open visits, in the order in which they opened.
    pub fn open(&self) -> impl Iterator<Item = &Visit> {
        self.open.values()
    }

    /// An open visit.
    #[must_use]
    pub fn visit(&self, id: VisitId) -> Option<&Visit> {
        self.open.get(&id)
    }

    /// A member's open visit.
    #[must_use]
    pub fn visit_of(&self, member: MemberId) -> Option<&Visit> {
        self.by_member.get(&member).and_then(|id| self.open.get(id))
    }

    /// The pairing codes that live.
    pub fn pairings(&self) -> impl Iterator<Item = &Pairing> {
        self.pairings.values()
    }

    /// How many different people came today, those still here included.
    #[must_use]
    pub fn today(&self, now: &Now) -> usize {
        match (now.wall.map(|wall| self.policy.day_of(wall)), self.day) {
            (Some(today), Some(day)) if today != day => 0,
            _ => self.today.len(),
        }
    }

    /// Until when events keep the house open, by day: what follows from the agenda, and no state of its own.
    pub fn stays_open(&mut self, last_of_days: BTreeMap<Date, Timestamp>) {
        self.policy.stays_open(last_of_days);
    }

    /// What the space decided about time.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    fn pairing_of(&self, macs: &[BadgeMac]) -> Option<&Pairing> {
        self.pairings.values().find(|p| macs.contains(&p.card))
    }
}
