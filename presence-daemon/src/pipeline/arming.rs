//! *Next tap on this reader*: for a minute, an unknown card that is held there twice becomes a member's badge. Never one that is
//! somebody's.

use super::Pipeline;
use crate::clock::Now;
use crate::directory::Whose;
use crate::presence::{Input, Outcome, PairingCode};
use crate::tap::Card;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;

/// How long a reader waits for a card.
const LASTS: Duration = Duration::from_secs(60);
/// How long it is told what came of it.
const TOLD_FOR: Duration = Duration::from_secs(300);

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No card yet.
    Waits,
    /// The same card once more.
    OnceMore,
    /// The card that was held there is somebody's.
    Taken,
    /// It draws a new UID at each tap: a phone.
    Random,
    /// It is their badge.
    Enrolled,
    /// The minute is over.
    Over,
}

/// A reader that waits for a member's card.
#[derive(Debug, Clone)]
pub(super) struct Armed {
    pub member: MemberId,
    until: Duration,
    /// The card that was held there first.
    first: Option<PairingCode>,
    stage: Stage,
}

impl Armed {
    fn is_over(&self, now: &Now) -> bool {
        self.until <= now.since_boot && self.stage != Stage::Enrolled
    }
}

impl Pipeline {
    /// Makes a reader wait for a member's card. A reader waits for one member, a member at one reader.
    pub(super) fn arm_reader(&mut self, reader: ReaderName, member: MemberId, now: &Now) {
        self.disarm(member);
        self.filter.forget_last(&reader);
        let armed = Armed { member, until: now.since_boot + LASTS, first: None, stage: Stage::Waits };
        self.armed.insert(reader, armed);
    }

    pub(super) fn disarm(&mut self, member: MemberId) {
        self.armed.retain(|_, armed| armed.member != member);
    }

    /// At which reader a member's card is awaited, how it stands, and for how many seconds yet.
    pub(super) fn armed_for(&self, member: MemberId, now: &Now) -> Option<(ReaderName, Stage, u64)> {
        let (reader, armed) = self.armed.iter().find(|(_, armed)| armed.member == member)?;
        let told = armed.until + TOLD_FOR > now.since_boot;
        let stage = if armed.is_over(now) { Stage::Over } else { armed.stage };
        told.then(|| (reader.clone(), stage, armed.until.saturating_sub(now.since_boot).as_secs()))
    }

    /// Before a tap is decided: the second one of the same card makes it the member's badge.
    pub(super) fn before_tap(&mut self, reader: &ReaderName, card: &Card, now: &Now) {
        let Some(armed) = self.armed.get_mut(reader).filter(|armed| !armed.is_over(now) && armed.stage != Stage::Enrolled) else {
            return;
        };
        let stage = match (self.house.directory().whose(card), card) {
            (Whose::Random, _) => Some(Stage::Random),
            (Whose::Member(_), _) => Some(Stage::Taken),
            // a lost badge of their own may be found again
            (Whose::Barred(badge, _), _) if badge.member != armed.member => Some(Stage::Taken),
            _ => None,
        };
        if let Some(stage) = stage {
            (armed.stage, armed.first) = (stage, None);
            return;
        }
        let Card::Known(macs, _) = card else { return };
        let waiting = self.house.presence().pairings().find(|pairing| macs.contains(&pairing.card)).map(|pairing| pairing.code);
        if let Some(code) = waiting.filter(|code| armed.first == Some(*code)) {
            let decision = self.house.decide(&Input::Enrol(code, armed.member), now);
            // a disk that refuses refuses the tap too, and says so
            drop(self.settle(decision, now, None));
        }
    }

    /// After a tap: whether the card is theirs now, or is to be held there once more.
    pub(super) fn after_tap(&mut self, reader: &ReaderName, card: &Card, outcome: &Outcome, now: &Now) {
        let whose = self.house.directory().whose(card);
        let Some(armed) = self.armed.get_mut(reader).filter(|armed| !armed.is_over(now)) else { return };
        match (whose, outcome) {
            (Whose::Member(member), _) if member == armed.member && armed.first.is_some() => armed.stage = Stage::Enrolled,
            // somebody else's lost badge has a code too
            (Whose::Barred(badge, _), _) if badge.member != armed.member => {}
            (_, Outcome::Unknown { code: Some(code) }) => {
                (armed.first, armed.stage) = (Some(*code), Stage::OnceMore);
                self.filter.forget_last(reader);
            }
            _ => {}
        }
    }
}
