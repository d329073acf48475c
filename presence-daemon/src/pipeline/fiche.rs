//! *Ma fiche*: opened by a badge or by the question on a first greeting, changed under a grant that each change renews.

use super::{Pipeline, refused};
use crate::clock::Now;
use crate::greeting::{Redeemed, Right};
use crate::house::{ChangeError, Written};
use crate::profile::{OPEN_FOR, ProfileError, profile};
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{Answer, Args, Grant, Profile, ProfileChange, Request, refusal};

impl Pipeline {
    /// Gives a kiosk the right to change a member's record. Two can't be open there: who opens theirs closes the one before.
    pub(super) fn open_fiche(&mut self, kiosk: &KioskName, member: MemberId, now: &Now) -> Answer {
        self.grants.close_profiles(kiosk);
        let grant = self.grants.give(kiosk, Right::Profile(member), OPEN_FOR, Uuid::new_v4(), now.since_boot);
        let phone = self.phone(member, now);
        match self.opened(member, grant.token) {
            // told once, with the opening: what is kept of it is a digest
            Answer::Profile(profile) => Answer::Profile(Box::new(Profile { phone, ..*profile })),
            other => other,
        }
    }

    /// A member's record as it stands, under a grant that has just been given or renewed.
    pub(super) fn opened(&self, member: MemberId, token: Uuid) -> Answer {
        let Some(known) = self.house.directory().member(member) else { return Answer::Expired };
        let availability = self.house.presence().visit_of(member).map(|visit| visit.availability).unwrap_or_default();
        let grant = Grant { token, expires_in_ms: u64::try_from(OPEN_FOR.as_millis()).unwrap_or(u64::MAX) };
        let passes = self.house.community().ledger().left(member);
        Answer::Profile(Box::new(Profile { passes, ..profile(known, availability, grant) }))
    }

    /// A press on *Ma fiche*, or the answer to the question that a first greeting asks.
    pub(super) fn fiche(&mut self, kiosk: &KioskName, request: &Request, now: &Now) -> Answer {
        let right = match self.grants.redeem(kiosk, &request.args, now.since_boot) {
            Redeemed::Right(right) => right,
            Redeemed::Expired => return Answer::Expired,
            Redeemed::NotAllowed => return refused(refusal::NOT_ALLOWED),
        };
        // what is kept for a repeated request tells nothing of the record
        let done = Answer::Done { signer: None, undo: None };
        let kept = (request.id, kiosk, &done);
        match (right, &request.args) {
            (Right::Visit(visit), Args::Offer { accepted, .. }) => {
                let Some(member) = self.house.presence().visit(visit).and_then(|visit| visit.subject.member()) else {
                    return Answer::Expired;
                };
                if *accepted {
                    return self.open_fiche(kiosk, member, now);
                }
                let written = self.house.decline_offer(member, now, kept);
                self.written(written, now).map_or_else(|refusal| refusal, |()| done)
            }
            (Right::Profile(_), Args::Profile { change: ProfileChange::Close, .. }) => done,
            (Right::Profile(member), Args::Profile { grant, change }) => {
                let written = self.house.change_profile(member, change, now, kept);
                self.written(written, now).map_or_else(|refusal| refusal, |()| self.opened(member, *grant))
            }
            _ => refused(refusal::NOT_ALLOWED),
        }
    }

    /// What was written is published at once: a consent taken back leaves the retained documents with it.
    fn written(&mut self, written: Result<Written, ChangeError>, now: &Now) -> Result<(), Answer> {
        match written {
            Ok(Written { recorded, dirty }) => {
                self.publish(&dirty, Some(recorded.mark), now);
                Ok(())
            }
            Err(ChangeError::Profile(ProfileError::BadSkills)) => Err(refused(refusal::BAD_SKILLS)),
            Err(ChangeError::Profile(ProfileError::Unknown)) => Err(refused(refusal::NOT_ALLOWED)),
            Err(ChangeError::Store(error)) => {
                tracing::error!("a change of a member's record was not written: {error}");
                Err(refused(refusal::NOT_RECORDED))
            }
        }
    }
}
