//! *Pour vous*: what waits for whoever has just tapped, opened on their greeting.

use super::{Pipeline, refused};
use crate::clock::Now;
use crate::community::Side;
use crate::greeting::{Redeemed, Right};
use crate::neighbours::Meeting;
use crate::presence::{Input, Outcome, What};
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::name::KioskName;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{Answer, Args, ForYou, Request, refusal};

impl Pipeline {
    /// So many things wait for a member. For one who isn't shown nothing does: a greeting without a name hints at nothing.
    pub(super) fn waiting(&self, member: MemberId, now: &Now) -> u32 {
        if self.house.directory().greeting_name(member).is_none() {
            return 0;
        }
        let offers = self.house.community().offers_to(member).count();
        u32::try_from(self.house.meetings(member, now).len() + offers).unwrap_or(u32::MAX)
    }

    /// *Voir*, and *Je peux aider* on what it opened. The greeting's grant stays: who has seen one thing may press the next.
    pub(super) fn for_you(&mut self, kiosk: &KioskName, request: &Request, now: &Now) -> Answer {
        let visit = match self.grants.redeem(kiosk, &request.args, now.since_boot) {
            Redeemed::Right(Right::Visit(visit)) => visit,
            Redeemed::Right(_) | Redeemed::NotAllowed => return refused(refusal::NOT_ALLOWED),
            Redeemed::Expired => return Answer::Expired,
        };
        let Some(member) = self.house.presence().visit(visit).and_then(|visit| visit.subject.member()) else {
            return Answer::Expired;
        };
        match &request.args {
            Args::Help { need, .. } => self.help(kiosk, request, (member, *need), now),
            Args::See { grant } => self.see(kiosk, *grant, member, now),
            _ => refused(refusal::NOT_ALLOWED),
        }
    }

    fn help(&mut self, kiosk: &KioskName, request: &Request, (member, need): (MemberId, NeedId), now: &Now) -> Answer {
        let decision = self.house.decide(&Input::Help(member, need), now);
        let answer = match decision.outcome {
            Outcome::NotDone(reason) => refused(reason),
            _ => Answer::Done { signer: None, undo: None },
        };
        match self.settle(decision, now, Some((request.id, kiosk, &answer))) {
            Ok(_) => answer,
            Err(_) => refused(refusal::NOT_RECORDED),
        }
    }

    /// It is told with the answer: written down first, so that nobody is told twice. Pressed again under the same greeting, it is shown
    /// again: the answer may have been lost. Nothing of it is kept on disk.
    fn see(&mut self, kiosk: &KioskName, grant: Uuid, member: MemberId, now: &Now) -> Answer {
        let chosen = self.house.directory().member(member).and_then(|member| member.screen_language);
        let language = chosen.unwrap_or(self.house.config().language);
        let before = self.seen.remove(kiosk).filter(|(under, _)| *under == grant);
        let (mut items, mut told) = (before.map(|(_, items)| items).unwrap_or_default(), Vec::new());
        for (need, helper) in self.house.community().offers_to(member) {
            items.push(ForYou::Offered {
                need: need.id,
                text: need.draft.text.clone(),
                helper: self.house.directory().greeted(helper),
            });
            told.push(What::HelpTold { need: need.id, helper, to: member });
        }
        for meeting in self.house.meetings(member, now) {
            let side = if meeting.asker == member { Side::Asker } else { Side::Helper };
            if let Some(item) = self.item(&meeting, side, language) {
                items.push(item);
                told.push(What::MatchTold { need: meeting.need, helper: meeting.helper, side, to: member });
            }
        }
        let decision = self.house.decide(&Input::Told(told), now);
        match self.settle(decision, now, None) {
            Ok(_) => {
                self.seen.insert(kiosk.clone(), (grant, items.clone()));
                Answer::ForYou { items }
            }
            Err(_) => refused(refusal::NOT_RECORDED),
        }
    }

    fn item(&self, meeting: &Meeting, side: Side, language: Language) -> Option<ForYou> {
        let need = self.house.community().need(meeting.need)?;
        let why = meeting.why.iter().map(|why| why.text(self.house.concepts(), language).to_owned()).collect();
        let (id, text) = (need.id, need.draft.text.clone());
        Some(match side {
            Side::Asker => ForYou::CanBeHelped { need: id, text, helper: self.house.directory().greeted(meeting.helper)?, why },
            Side::Helper => {
                let named = need.audience == voisins_shared::need::Audience::Named;
                let asker = self.house.directory().greeted(meeting.asker).filter(|_| named);
                ForYou::CanHelp { need: id, text, asker, why }
            }
        })
    }
}
