//! Neighbours and a clock that goes on as told, for the tests of every room.

use crate::clock::{BootId, Now};
use crate::community::introductions::News;
use crate::community::{Around, Community, Step};
use crate::directory::tests::member;
use crate::directory::{Directory, Member, Standing};
use crate::policy::tests::policy;
use crate::presence::{Presence, PresenceEvent, Subject, VisitId, What};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::member::{Field, MemberId};
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Action, ForYouReply};
use voisins_shared::visit::{Availability, OpenedBy};

pub(crate) fn id(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

/// Six who show their name, and what was between them.
pub(crate) struct World {
    pub community: Community,
    pub directory: Directory,
    pub presence: Presence,
    pub minutes: i64,
    /// Chance for new ids.
    pub ids: u128,
}

impl Default for World {
    fn default() -> Self {
        let members = (1..=6).map(|n| member(n, &format!("Membre {n}"), &[Field::Name, Field::Interests]));
        let (community, presence) = (Community::default(), Presence::new(policy("")));
        Self { community, directory: Directory::new(members, []), presence, minutes: 0, ids: 100 }
    }
}

impl World {
    pub fn now(&self) -> Now {
        // nine in the morning in Montréal
        let wall = "2026-10-23T13:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(self.minutes);
        Now { boot: BootId(Uuid::nil()), since_boot: Duration::from_secs(60 * self.minutes.unsigned_abs()), wall: Some(wall) }
    }

    pub fn days(&mut self, days: i64) -> &mut Self {
        self.minutes += 24 * 60 * days;
        self.time_passes()
    }

    pub fn time_passes(&mut self) -> &mut Self {
        for what in self.community.overdue_between(self.presence.policy(), &self.now()) {
            self.happens(what);
        }
        self
    }

    pub fn happens(&mut self, what: What) -> &mut Self {
        let event = PresenceEvent { at: self.now(), what };
        self.presence.apply(&event);
        self.community.apply(&event);
        self
    }

    pub fn around<R>(&self, ask: impl FnOnce(&Around<'_>) -> R) -> R {
        ask(&Around { presence: &self.presence, directory: &self.directory, now: &self.now() })
    }

    /// Does it; the id is that of what it made, if it made anything.
    pub fn does(&mut self, step: &Step) -> Result<(), &'static str> {
        let decided = self.around(|around| self.community.decide(step, around))?;
        for what in decided {
            self.happens(what);
        }
        Ok(())
    }

    pub fn signs(&mut self, n: u128, action: &Action) -> Result<Uuid, &'static str> {
        self.ids += 1;
        let new = Uuid::from_u128(self.ids);
        let step = Step::signed(id(n), action, new).expect("an action of this room");
        self.does(&step).map(|()| new)
    }

    pub fn replies(&mut self, n: u128, reply: &ForYouReply) -> Result<(), &'static str> {
        let step = Step::replied(id(n), reply).expect("a reply of this room");
        self.does(&step)
    }

    /// *Demander une présentation*.
    pub fn asks(&mut self, n: u128, other: u128) -> Result<IntroductionId, &'static str> {
        self.signs(n, &Action::AskIntroduction { member: id(other) }).map(IntroductionId)
    }

    pub fn answers(&mut self, n: u128, introduction: IntroductionId, accepted: bool) -> Result<(), &'static str> {
        self.replies(n, &ForYouReply::Introduction { introduction, accepted })
    }

    pub fn avoids(&mut self, n: u128, other: u128) {
        self.replies(n, &ForYouReply::Avoid { member: id(other) }).unwrap();
    }

    pub fn looks_for(&mut self, n: Option<u128>, text: &str) -> NeedId {
        self.ids += 1;
        let need = NeedId(Uuid::from_u128(self.ids));
        let what = self.community.post(n.map(id), text, &[], Audience::Named, need).unwrap();
        self.happens(what);
        need
    }

    pub fn comes(&mut self, n: u128) -> &mut Self {
        self.ids += 1;
        let visit = VisitId(u64::try_from(self.ids).unwrap());
        self.happens(What::CheckedIn { visit, subject: Subject::Member(id(n)), reader: None, by: OpenedBy::Tap })
    }

    pub fn is(&mut self, n: u128, availability: Availability) -> &mut Self {
        let visit = self.presence.visit_of(id(n)).expect("they are here").id;
        self.happens(What::AvailabilitySet { visit, subject: Subject::Member(id(n)), availability })
    }

    pub fn changes(&mut self, n: u128, change: impl FnOnce(&mut Member)) -> &mut Self {
        let mut member = self.directory.member(id(n)).unwrap().clone();
        change(&mut member);
        self.directory = self.directory.with(member);
        self
    }

    pub fn pauses(&mut self, n: u128) -> &mut Self {
        self.changes(n, |member| member.standing = Standing::Suspended)
    }

    pub fn hides(&mut self, n: u128) -> &mut Self {
        self.changes(n, |member| member.consents.clear())
    }

    /// What introductions have for somebody.
    pub fn waits(&self, n: u128) -> Vec<News> {
        self.around(|around| {
            let waiting = self.community.introductions().waiting(id(n), &self.community, around);
            waiting.into_iter().map(|(_, news)| news).collect()
        })
    }

    /// The same, and they have seen it.
    pub fn sees(&mut self, n: u128) -> Vec<News> {
        let waiting: Vec<(IntroductionId, News)> = self.around(|around| {
            let waiting = self.community.introductions().waiting(id(n), &self.community, around);
            waiting.into_iter().map(|(found, news)| (found.id, news)).collect()
        });
        for (introduction, news) in &waiting {
            self.happens(news.told(*introduction, id(n)));
        }
        waiting.into_iter().map(|(_, news)| news).collect()
    }
}
