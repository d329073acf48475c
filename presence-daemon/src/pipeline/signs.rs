//! Requests that a badge signs: armed by a touch, consumed by the next tap beside that kiosk.

use super::{Pipeline, TapOutcome, dice, refused, told};
use crate::clock::Now;
use crate::feedback::Signal;
use crate::greeting::Right;
use crate::presence::{Input, Outcome, UNDO};
use crate::signing::{ARMED_FOR, Armed, Arming};
use crate::tap::Card;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::need::NeedId;
use voisins_shared::payload::{Action, Answer, Refusal, refusal};

fn armed(left: Duration) -> Answer {
    Answer::Armed { expires_in_ms: u64::try_from(left.as_millis()).unwrap_or(u64::MAX) }
}

impl Pipeline {
    /// *Approchez votre badge*. A refusal is stored too: a repeated request must not await a badge that its screen no longer asks for.
    pub(super) fn arm(&mut self, kiosk: &KioskName, request: Uuid, action: Action, now: &Now) -> Answer {
        let beside = |reader: &&crate::config::ReaderConfig| reader.beside.as_ref() == Some(kiosk);
        let readers: Vec<ReaderName> =
            self.house.config().readers.iter().filter(beside).map(|reader| reader.name.clone()).collect();
        let answer = match action {
            Action::Unknown => refused(refusal::UNKNOWN_ACTION),
            _ if readers.is_empty() => refused(refusal::NO_READER),
            _ => match self.signing.arm(kiosk, request, action, now.since_boot) {
                Arming::Armed => {
                    // who has just tapped may sign at once; a card that still lies there has to leave first
                    readers.iter().for_each(|reader| self.filter.forget_last(reader));
                    return armed(ARMED_FOR);
                }
                Arming::Again(left) => return armed(left),
                Arming::Busy => refused(refusal::BUSY),
            },
        };
        self.store_answer(kiosk, request, &answer, now);
        answer
    }

    /// *Annuler*: the answer is what the request came to, which may have been something else before.
    pub(super) fn cancel(&mut self, kiosk: &KioskName, request: Uuid, now: &Now) -> Answer {
        if self.signing.end(kiosk, request) {
            self.store_answer(kiosk, request, &Answer::Cancelled, now);
            self.respond(kiosk, request, Answer::Cancelled);
            return Answer::Cancelled;
        }
        match self.house.store().answer(request) {
            Ok(answer) => answer.unwrap_or(Answer::Expired),
            Err(_) => refused(refusal::NOT_RECORDED),
        }
    }

    /// Nobody came in time.
    pub(super) fn signing_expires(&mut self, now: &Now) {
        for (kiosk, request) in self.signing.take_overdue(now.since_boot) {
            self.store_answer(&kiosk, request, &Answer::Expired, now);
            self.respond(&kiosk, request, Answer::Expired);
        }
    }

    /// An answer without an action. A disk that refuses it changes nothing: the request is over all the same.
    fn store_answer(&mut self, kiosk: &KioskName, request: Uuid, answer: &Answer, now: &Now) {
        let decision = self.house.decide(&Input::Deadline, now);
        let _ = self.settle(decision, now, Some((request, kiosk, answer)));
    }

    /// The kiosk beside a reader, if it awaits a badge.
    pub(super) fn awaits_badge(&self, reader: &ReaderName, now: &Now) -> Option<(KioskName, Armed)> {
        let kiosk = self.house.config().reader(reader)?.beside.clone()?;
        let armed = self.signing.waiting(&kiosk, now.since_boot)?;
        Some((kiosk, armed))
    }

    /// A tap where a badge is awaited. A card that is no badge leaves the wait as it is.
    pub(super) fn sign(
        &mut self,
        reader: &ReaderName,
        card: Card,
        (kiosk, Armed { request, action, .. }): (KioskName, Armed),
        now: &Now,
    ) -> (TapOutcome, Option<i64>) {
        let (role, new) = (self.view(now).role(reader), Uuid::new_v4());
        let input = Input::Sign { reader: reader.clone(), role, card, dice: dice(), action: action.clone(), new };
        self.grants.end(&kiosk);
        // the answer goes to disk with what it tells, so it has to be known before
        let decision = self.house.decide(&input, now);
        let answer = match &decision.outcome {
            // what it opens is told once, and not kept
            Outcome::Signed { .. } if action == Action::Profile => Some(Answer::Expired),
            Outcome::Signed { member, visit } => {
                let signer = self.house.directory().greeted(*member);
                let undo = match action {
                    Action::Leave => Some(Right::Undo(*visit)),
                    Action::PostNeed { .. } => Some(Right::Need(*member, NeedId(new))),
                    _ => None,
                };
                let undo = undo.map(|right| self.grants.give(&kiosk, right, UNDO, Uuid::new_v4(), now.since_boot));
                Some(Answer::Done { signer, undo })
            }
            Outcome::NotDone(reason) => Some(refused(reason)),
            Outcome::ArrivedFirst { .. } => Some(refused(refusal::ARRIVED_FIRST)),
            _ => None,
        };
        let kept = answer.as_ref().map(|answer| (request, &kiosk, answer));
        let recorded = self.commit(decision, now, kept);
        let Ok((outcome, recorded, dirty)) = recorded else {
            self.filter.forget_last(reader);
            if answer.is_some() {
                self.signing.end(&kiosk, request);
                self.feedback.show(reader, Signal::Failed);
                self.respond(&kiosk, request, refused(refusal::NOT_RECORDED));
            } else {
                self.refuse(reader, Refusal::NotRecorded);
            }
            return (TapOutcome::Failed, None);
        };
        self.tell(reader, &outcome, now);
        let opens = match (action, &outcome) {
            (Action::Profile, Outcome::Signed { member, .. }) => Some(*member),
            _ => None,
        };
        let answer = match opens {
            Some(member) => Some(self.open_fiche(&kiosk, member, now)),
            None => answer,
        };
        if let Some(answer) = answer {
            self.signing.end(&kiosk, request);
            self.respond(&kiosk, request, answer);
        }
        self.publish(&dirty, recorded.map(|r| r.mark), now);
        (told::tap_outcome(&outcome), recorded.map(|r| r.seq))
    }
}
