//! The decisions: input and time → events. Nothing here changes the presence; a scratch copy follows the planned events, so that each
//! step of a decision sees what the steps before it will have done.

use super::{
    Alarm, Barred, Decision, GuestId, Input, Outcome, Pairing, PairingCode, Presence, PresenceEvent, Subject, UNDO_GRACE, Visit,
    VisitId, Vouch, What, corrections,
};
use crate::authentic::Proof;
use crate::clock::Now;
use crate::config::Role;
use crate::directory::{Badge, BadgeState, Called, Directory, Whose};
use crate::key::BadgeMac;
use crate::tap::Card;
use std::time::Duration;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;
use voisins_shared::need::tidy;
use voisins_shared::payload::{Action, Moment, Refusal, refusal};
use voisins_shared::visit::{Availability, ClosedBy, LONGEST_NAME, OpenedBy, VOUCHED_A_DAY};

/// New pairing codes are limited: so many may live, and so many come in [`RATE_WINDOW`].
const LIVING_CODES: usize = 500;
const CODES_A_WINDOW: usize = 60;
const RATE_WINDOW: Duration = Duration::from_secs(600);

pub(super) fn decide(presence: &Presence, input: &Input, directory: &Directory, now: &Now) -> Decision {
    let mut plan = Plan { state: presence.clone(), events: Vec::new(), directory, now };
    plan.catch_up();
    let outcome = match input {
        Input::Tap { reader, role, card, dice } => plan.tap(reader, *role, card, *dice),
        Input::Sign { reader, role, card, dice, action, .. } => match (directory.whose(card), card) {
            (Whose::Member(member), Card::Known(macs, proof)) if plan.unproven(member, macs, *proof).is_none() => {
                plan.note_proof(member, macs, *proof);
                plan.sign(member, reader, action)
            }
            _ => plan.tap(reader, *role, card, *dice),
        },
        Input::Leave(visit) => plan.leave(*visit, ClosedBy::Button),
        Input::Dismiss(visit) => plan.leave(*visit, ClosedBy::Manager),
        Input::Undo(visit) => plan.undo(*visit),
        Input::SetAvailability(visit, availability) => plan.set_availability(*visit, *availability),
        Input::EnterAsGuest(code) => plan.enter_as_guest(*code),
        Input::Enrol(code, member) => plan.enrol(*code, *member),
        Input::Visits(step, others) => plan.set_right(step, others),
        Input::Evacuate(active, by) => plan.evacuate(*active, *by),
        Input::Between(_) | Input::Deadline => Outcome::Nothing,
    };
    Decision { events: plan.events, outcome }
}

struct Plan<'a> {
    state: Presence,
    events: Vec<PresenceEvent>,
    directory: &'a Directory,
    now: &'a Now,
}

impl Plan<'_> {
    fn happens(&mut self, what: What) {
        let event = PresenceEvent { at: *self.now, what };
        self.state.apply(&event);
        self.events.push(event);
    }

    /// What time alone has brought: the clock is known, visits are over, codes have expired.
    fn catch_up(&mut self) {
        let Some(wall) = self.now.wall else { return };
        if self.state.undated {
            self.happens(What::ClockKnown);
        }
        let over: Vec<_> = self.state.open().filter_map(|visit| self.overdue(visit, wall)).collect();
        for event in over {
            self.happens(event);
        }
        let expired = |p: &&Pairing| self.state.pairing_expires(p).is_none_or(|at| at <= wall);
        let expired: Vec<PairingCode> = self.state.pairings().filter(expired).map(|p| p.code).collect();
        for code in expired {
            self.happens(What::PairingExpired { code });
        }
    }

    fn overdue(&self, visit: &Visit, wall: jiff::Timestamp) -> Option<What> {
        let ended = match visit.opened.wall {
            Some(opened) => Some(self.state.policy.close_by(opened)).filter(|end| *end <= wall).map(Some)?,
            // opened in an earlier boot that never learnt the time: it can't be dated any more
            None => None,
        };
        Some(What::CheckedOut { visit: visit.id, subject: visit.subject, by: ClosedBy::Assumed, ended })
    }

    fn tap(&mut self, reader: &ReaderName, role: Role, card: &Card, dice: u64) -> Outcome {
        let refused = |reason, badge| What::TapRefused { reader: reader.clone(), reason, badge };
        match (self.directory.whose(card), card) {
            (Whose::Member(member), Card::Known(macs, proof)) => match self.unproven(member, macs, *proof) {
                None => {
                    self.note_proof(member, macs, *proof);
                    self.member_taps(member, reader, role)
                }
                Some(reason) => {
                    let badge = self.directory.badge_of(macs);
                    self.happens(refused(reason, badge.map(|(_, badge)| badge.id)));
                    let known = badge.map(|(mac, _)| mac).into_iter().collect::<Vec<_>>();
                    self.stranger_taps((&known, *proof), reader, role, dice)
                }
            },
            (Whose::Random, _) | (_, Card::Random) => {
                self.happens(refused(Barred::RandomUid, None));
                Outcome::Refused(Refusal::RandomUid)
            }
            (Whose::Barred(badge, state), Card::Known(macs, proof)) => {
                let reason = match state {
                    BadgeState::Lost => Barred::Lost,
                    BadgeState::Retired => Barred::Retired,
                    BadgeState::Active | BadgeState::Suspended => Barred::Suspended,
                };
                self.happens(refused(reason, Some(badge.id)));
                // known by the digest its badge has, so that it can't become somebody else's under a newer key
                let known = macs.iter().filter(|mac| self.directory.badge(mac).is_some()).copied().collect::<Vec<_>>();
                self.stranger_taps((&known, *proof), reader, role, dice)
            }
            (Whose::Nobody, Card::Known(macs, proof)) => self.stranger_taps((macs, *proof), reader, role, dice),
        }
    }

    /// Why a member's badge doesn't count as it was presented, though it is theirs.
    fn unproven(&self, member: MemberId, macs: &[BadgeMac], proof: Proof) -> Option<Barred> {
        match proof {
            Proof::Genuine => None,
            Proof::NotAsked => (self.has_proved(macs) || self.must_prove(member)).then_some(Barred::NotAsked),
            Proof::Uid if self.has_proved(macs) => Some(Barred::Unproven),
            Proof::Uid => self.must_prove(member).then_some(Barred::UidOnly),
        }
    }

    /// A card that says to be a badge which has proved itself before: without its proof it is a copy, most likely.
    fn has_proved(&self, macs: &[BadgeMac]) -> bool {
        self.directory.badge_of(macs).is_some_and(|(_, badge)| badge.authentic)
    }

    /// Whether only badges that prove themselves count for a member.
    fn must_prove(&self, member: MemberId) -> bool {
        self.state.policy.authentic_only() || self.directory.member(member).is_some_and(|member| member.authentic_only)
    }

    /// What proved itself once is never again taken without proof.
    fn note_proof(&mut self, member: MemberId, macs: &[BadgeMac], proof: Proof) {
        if let Some((card, Badge { authentic: false, .. })) = self.directory.badge_of(macs).filter(|_| proof == Proof::Genuine) {
            self.happens(What::BadgeProved { member, card });
        }
    }

    fn member_taps(&mut self, member: MemberId, reader: &ReaderName, role: Role) -> Outcome {
        let subject = Subject::Member(member);
        let open = self.visit_of_today(member);
        let greeted = |visit, moment, ask_to_stay| Outcome::Greeted { member, visit, moment, ask_to_stay };
        match (role, open) {
            (Role::Enrol, _) => Outcome::Nothing,
            (Role::Arrival, Some(visit)) => {
                let ask = self.state.policy.asks_to_stay(&visit.last_seen, self.now);
                self.happens(What::Seen { visit: visit.id, subject, reader: reader.clone() });
                greeted(visit.id, Moment::Seen, ask)
            }
            (Role::Departure | Role::Toggle, Some(visit)) => {
                self.happens(What::CheckedOut { visit: visit.id, subject, by: ClosedBy::Tap, ended: None });
                greeted(visit.id, Moment::Departure, false)
            }
            // they left already today: the door says goodbye again, and nothing changes
            (Role::Departure, None) if self.left_today(subject) => greeted(VisitId(0), Moment::Departure, false),
            (Role::Arrival | Role::Toggle | Role::Departure, None) => {
                let visit = VisitId(self.state.next_visit);
                self.happens(What::CheckedIn { visit, subject, reader: Some(reader.clone()), by: OpenedBy::Tap });
                greeted(visit, Moment::Arrival, false)
            }
        }
    }

    /// A badge held to sign renews *last seen*, and changes the presence only if what it signs does.
    fn sign(&mut self, member: MemberId, reader: &ReaderName, action: &Action) -> Outcome {
        let subject = Subject::Member(member);
        let Some(Visit { id: visit, .. }) = self.visit_of_today(member) else {
            let visit = VisitId(self.state.next_visit);
            self.happens(What::CheckedIn { visit, subject, reader: Some(reader.clone()), by: OpenedBy::Signed });
            return Outcome::ArrivedFirst { member };
        };
        self.happens(What::Seen { visit, subject, reader: reader.clone() });
        let done = match action {
            Action::Leave => self.leave(visit, ClosedBy::Signed),
            Action::Availability { availability } => self.set_availability(visit, *availability),
            Action::Guest { name } => self.guest(member, visit, name, Vouch::Guest),
            Action::Declare { name } => self.declare(member, visit, reader, name),
            Action::Unknown => Outcome::Impossible("nothing that can be signed"),
            // what else is signed changes nothing of the presence
            _ => Outcome::Done(visit),
        };
        match done {
            Outcome::Done(visit) => Outcome::Signed { member, visit },
            other => other,
        }
    }

    /// *Invité·e*: somebody comes in, and the member whose visit this is vouches for them.
    fn guest(&mut self, by: MemberId, of: VisitId, name: &str, vouch: Vouch) -> Outcome {
        let name = match self.may_vouch(by, name) {
            Ok(name) => name,
            Err(reason) => return Outcome::NotDone(reason),
        };
        let visit = VisitId(self.state.next_visit);
        let subject = Subject::Guest(GuestId(visit.0));
        self.happens(What::CheckedIn { visit, subject, reader: None, by: OpenedBy::Declared });
        self.happens(What::Vouched { visit, subject, by, vouch, name });
        Outcome::Done(of)
    }

    /// *Sans badge aujourd'hui*. Whether there is such a member changes nothing of the answer.
    fn declare(&mut self, by: MemberId, of: VisitId, reader: &ReaderName, name: &str) -> Outcome {
        let member = match self.directory.called(name) {
            // it is they themselves: their own tap
            Called::Member(member) if member == by => return Outcome::Done(of),
            Called::Member(member) => member,
            Called::Suspended => return self.guest(by, of, name, Vouch::Suspended),
            Called::Several => return self.guest(by, of, name, Vouch::Ambiguous),
            Called::Nobody => return self.guest(by, of, name, Vouch::Unknown),
        };
        if let Err(reason) = self.may_vouch(by, name) {
            return Outcome::NotDone(reason);
        }
        let subject = Subject::Member(member);
        let visit = match self.visit_of_today(member) {
            Some(open) => {
                self.happens(What::Seen { visit: open.id, subject, reader: reader.clone() });
                open.id
            }
            None => {
                let visit = VisitId(self.state.next_visit);
                self.happens(What::CheckedIn { visit, subject, reader: None, by: OpenedBy::Declared });
                visit
            }
        };
        self.happens(What::Vouched { visit, subject, by, vouch: Vouch::Member, name: String::new() });
        Outcome::Done(of)
    }

    /// A name that may come in, as it is kept.
    fn may_vouch(&self, by: MemberId, name: &str) -> Result<String, &'static str> {
        let name = tidy(name, LONGEST_NAME).ok_or(refusal::BAD_NAME)?;
        if self.state.vouched_by(by, self.now) >= VOUCHED_A_DAY { Err(refusal::TOO_MANY_GUESTS) } else { Ok(name) }
    }

    /// A member's open visit. Without a trusted clock nobody knows whether a visit from before the power cut is of this day: it is
    /// closed, and a first tap is an arrival.
    fn visit_of_today(&mut self, member: MemberId) -> Option<Visit> {
        let mut open = self.state.visit_of(member).cloned();
        if let Some(visit) = open.take_if(|visit| self.now.wall.is_none() && visit.opened.boot != self.now.boot) {
            let (subject, ended) = (visit.subject, visit.last_seen.wall);
            self.happens(What::CheckedOut { visit: visit.id, subject, by: ClosedBy::Assumed, ended });
        }
        open
    }

    fn left_today(&self, subject: Subject) -> bool {
        // without a trusted clock nobody knows: a first tap is an arrival
        let same_day = self.now.wall.is_some_and(|wall| self.state.day == Some(self.state.policy.day_of(wall)));
        same_day && self.state.today.contains(&subject)
    }

    fn stranger_taps(&mut self, (macs, proof): (&[BadgeMac], Proof), reader: &ReaderName, role: Role, dice: u64) -> Outcome {
        let Some(card) = macs.first().copied() else { return Outcome::Unknown { code: None } };
        let waiting = self.state.pairing_of(macs).cloned();
        let counts = proof == Proof::Genuine || !self.has_proved(macs);
        let awaited = waiting.as_ref().filter(|_| counts).and_then(|p| Some((p.code, p.card, p.enrol_for?)));
        if let Some((code, card, member)) = awaited {
            self.become_badge(code, member);
            match proof {
                Proof::Genuine => self.happens(What::BadgeProved { member, card }),
                // it is their badge, and doesn't count yet
                _ if self.must_prove(member) => return Outcome::Enrolled(member),
                Proof::Uid | Proof::NotAsked => {}
            }
            // the tap that confirms is also the tap of somebody who stands at the door
            return match self.state.visit_of(member).map(|v| v.id) {
                Some(visit) => {
                    self.happens(What::Seen { visit, subject: Subject::Member(member), reader: reader.clone() });
                    Outcome::Greeted { member, visit, moment: Moment::Seen, ask_to_stay: false }
                }
                None if role == Role::Enrol => Outcome::Enrolled(member),
                None => self.member_taps(member, reader, role),
            };
        }
        let code = waiting.map(|p| p.code).or_else(|| self.new_code(dice));
        self.happens(What::UnknownTapped { code, reader: reader.clone(), card });
        Outcome::Unknown { code }
    }

    fn new_code(&self, dice: u64) -> Option<PairingCode> {
        let lately = |p: &&Pairing| self.now.since(&p.issued).is_some_and(|gone| gone < RATE_WINDOW);
        if self.state.pairings.len() >= LIVING_CODES || self.state.pairings().filter(lately).count() >= CODES_A_WINDOW {
            return None;
        }
        PairingCode::pick(dice, |code| self.state.pairings.contains_key(code))
    }

    fn become_badge(&mut self, code: PairingCode, member: MemberId) {
        let Some(pairing) = self.state.pairings.get(&code).cloned() else { return };
        self.happens(What::BadgeEnrolled { code, member, card: pairing.card });
        let guest = pairing.guest.and_then(|id| self.state.visit(id)).filter(|v| v.subject.member().is_none()).cloned();
        match (guest, self.state.visit_of(member).is_some()) {
            (Some(guest), false) => self.happens(What::GuestClaimed { visit: guest.id, member }),
            // counted already as a member: not twice
            (Some(guest), true) => {
                self.happens(What::CheckedOut { visit: guest.id, subject: guest.subject, by: ClosedBy::Manager, ended: None });
            }
            (None, _) => {}
        }
    }

    fn set_right(&mut self, step: &corrections::Step, others: &[(VisitId, jiff::Timestamp, Option<jiff::Timestamp>)]) -> Outcome {
        match corrections::decide(&self.state, step, others, self.now) {
            Ok(change) => {
                let visit = change.visit();
                self.happens(What::Visits(change));
                Outcome::Done(visit)
            }
            Err(why) => Outcome::NotDone(why),
        }
    }

    fn leave(&mut self, visit: VisitId, by: ClosedBy) -> Outcome {
        let Some(subject) = self.state.visit(visit).map(|v| v.subject) else { return Outcome::Impossible("the visit is over") };
        self.happens(What::CheckedOut { visit, subject, by, ended: None });
        Outcome::Done(visit)
    }

    fn set_availability(&mut self, visit: VisitId, availability: Availability) -> Outcome {
        let Some(subject) = self.state.visit(visit).map(|v| v.subject) else { return Outcome::Impossible("the visit is over") };
        self.happens(What::AvailabilitySet { visit, subject, availability });
        Outcome::Done(visit)
    }

    /// Asked twice, it has begun once: the time since when stays.
    fn evacuate(&mut self, active: bool, by: Alarm) -> Outcome {
        if self.state.evacuation.is_some() != active {
            self.happens(What::EvacuationSet { active, by });
        }
        Outcome::Settled
    }

    fn undo(&mut self, visit: VisitId) -> Outcome {
        let Some((closed, left)) = self.state.undoable.get(&visit) else { return Outcome::Impossible("too late to undo") };
        let subject = closed.subject;
        let in_time = self.now.since(left).is_some_and(|gone| gone < UNDO_GRACE);
        let came_back = subject.member().is_some_and(|member| self.state.visit_of(member).is_some());
        // closing time has passed meanwhile, or was found to have passed when the clock became known
        let over = self.now.wall.is_some_and(|wall| self.overdue(closed, wall).is_some());
        if !in_time || came_back || over {
            return Outcome::Impossible("too late to undo");
        }
        self.happens(What::Reopened { visit, subject });
        Outcome::Done(visit)
    }

    fn enter_as_guest(&mut self, code: PairingCode) -> Outcome {
        let Some(pairing) = self.state.pairings.get(&code) else { return Outcome::Impossible("the pairing code has expired") };
        if let Some(visit) = pairing.guest.filter(|visit| self.state.visit(*visit).is_some()) {
            return Outcome::Done(visit);
        }
        let visit = VisitId(self.state.next_visit);
        self.happens(What::GuestEntered { code, visit });
        Outcome::Done(visit)
    }

    fn enrol(&mut self, code: PairingCode, member: MemberId) -> Outcome {
        let Some(pairing) = self.state.pairings.get(&code) else {
            return Outcome::Impossible(
                "no such pairing code: it lives until closing. Hold the card to a reader again for a new one",
            );
        };
        if self.directory.badge(&pairing.card).is_some_and(|badge| badge.member != member) {
            return Outcome::Impossible("this card is already somebody else's badge (lost, retired or suspended)");
        }
        // how often a copy was held there says nothing: what has proved itself once has to do so again
        if pairing.taps < 2 || self.has_proved(&[pairing.card]) {
            self.happens(What::EnrolmentAsked { code, member });
            return Outcome::AwaitsSecondTap;
        }
        self.become_badge(code, member);
        Outcome::Enrolled(member)
    }
}
