//! *Pour vous*: what waits for whoever has just tapped, opened on their greeting.

use super::{Pipeline, refused};
use crate::clock::Now;
use crate::community::{Side, Step};
use crate::greeting::{Redeemed, Right};
use crate::neighbours::Meeting;
use crate::presence::{Input, Outcome, What};
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{Answer, Args, ForYou, Request, Waits, refusal};

/// One thing that waits for a member, and the event that says they have seen it.
pub(super) struct Waiting {
    pub item: ForYou,
    pub told: What,
}

impl Pipeline {
    /// How many things wait for a member, by sort. For one who isn't shown nothing does: a greeting without a name hints at nothing.
    pub(super) fn waits(&self, member: MemberId, now: &Now) -> Waits {
        let mut waits = Waits::default();
        for Waiting { item, .. } in self.waiting(member, now) {
            *match item {
                ForYou::CanHelp { .. } => &mut waits.can_help,
                ForYou::CanBeHelped { .. } | ForYou::Offered { .. } => &mut waits.can_be_helped,
                ForYou::Proposed { .. } | ForYou::Introduced { .. } => &mut waits.introductions,
                ForYou::Interest { .. } => &mut waits.interests,
                ForYou::Note { .. } => &mut waits.notes,
                // news of an introduction is none
                ForYou::NotIntroduced { .. }
                | ForYou::LedSomewhere { .. }
                | ForYou::Thanked { .. }
                | ForYou::StillOpen { .. }
                | ForYou::Earned { .. }
                | ForYou::Unknown => &mut waits.others,
            } += 1;
        }
        waits
    }

    /// What waits for a member, the most telling first.
    pub(super) fn waiting(&self, member: MemberId, now: &Now) -> Vec<Waiting> {
        if self.house.directory().greeting_name(member).is_none() {
            return vec![];
        }
        let mut waiting: Vec<Waiting> = self.offers_to(member).collect();
        waiting.extend(self.introductions_of(member, now));
        waiting.extend(self.meetings_of(member, now));
        waiting.extend(self.earned(member));
        waiting.extend(self.still_open(member, now));
        waiting.extend(self.notes_of(member, now));
        waiting.extend(self.interest_of(member, now));
        waiting
    }

    /// Who offered to help them.
    fn offers_to(&self, member: MemberId) -> impl Iterator<Item = Waiting> {
        let community = self.house.community();
        let offers = community.offers_to(member).filter(move |(_, helper)| !community.apart().avoid(member, *helper));
        offers.map(move |(need, helper)| Waiting {
            item: ForYou::Offered {
                need: need.id,
                text: need.draft.text.clone(),
                helper: self.house.directory().neighbour(helper),
            },
            told: What::HelpTold { need: need.id, helper, to: member },
        })
    }

    /// Whom they can help here and now, and by whom they can be helped.
    fn meetings_of(&self, member: MemberId, now: &Now) -> impl Iterator<Item = Waiting> {
        let chosen = self.house.directory().member(member).and_then(|member| member.screen_language);
        let language = chosen.unwrap_or(self.house.config().language);
        self.house.meetings(member, now).into_iter().filter_map(move |meeting| {
            let side = if meeting.asker == member { Side::Asker } else { Side::Helper };
            let item = self.item(&meeting, side, language)?;
            Some(Waiting { item, told: What::MatchTold { need: meeting.need, helper: meeting.helper, side, to: member } })
        })
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
            Args::Help { need, .. } => self.press(kiosk, request, Some(Step::Help(member, *need)), now),
            Args::Reply { reply, .. } => self.press(kiosk, request, Step::replied(member, reply), now),
            Args::See { grant } => self.see(kiosk, *grant, member, now),
            _ => refused(refusal::NOT_ALLOWED),
        }
    }

    /// A button under what is open.
    fn press(&mut self, kiosk: &KioskName, request: &Request, step: Option<Step>, now: &Now) -> Answer {
        let Some(step) = step else { return refused(refusal::NOT_ALLOWED) };
        let decision = self.house.decide(&Input::Between(step), now);
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
        let before = self.seen.get(kiosk).filter(|(under, _)| *under == grant);
        let (mut items, mut told) = (before.map(|(_, items)| items.clone()).unwrap_or_default(), Vec::new());
        for waiting in self.waiting(member, now) {
            items.push(waiting.item);
            told.push(waiting.told);
        }
        let decision = self.house.decide(&Input::Between(Step::Told(told)), now);
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
