pub(crate) mod world;

use super::*;
use crate::clock::BootId;
use std::time::Duration;
use uuid::Uuid;

pub(super) fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

pub(super) fn need(n: u128) -> NeedId {
    NeedId(Uuid::from_u128(n))
}

/// What follows from a step where nobody is around.
pub(crate) fn decided(community: &Community, step: &Step, now: &Now) -> Result<Vec<What>, &'static str> {
    let (directory, presence) = (Directory::default(), Presence::new(crate::policy::tests::policy("")));
    community.decide(step, &Around { presence: &presence, directory: &directory, now })
}

/// A house whose clock goes on as told.
#[derive(Default)]
pub(super) struct Board {
    pub community: Community,
    pub hours: i64,
    pub untrusted: bool,
    posted: u128,
}

impl Board {
    pub fn now(&self) -> Now {
        let wall = "2026-10-23T13:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(self.hours);
        let since_boot = Duration::from_secs(3600 * self.hours.unsigned_abs());
        Now { boot: BootId(Uuid::nil()), since_boot, wall: (!self.untrusted).then_some(wall) }
    }

    pub fn happens(&mut self, what: What) {
        let at = self.now();
        self.community.apply(&PresenceEvent { at, what });
    }

    pub fn sign(&mut self, n: u128, action: &Action) -> Result<NeedId, &'static str> {
        self.posted += 1;
        let id = need(self.posted);
        let step = Step::signed(member(n), action, id.0).expect("a need's action");
        self.step(&step)?;
        Ok(id)
    }

    pub fn step(&mut self, step: &Step) -> Result<usize, &'static str> {
        let happened = decided(&self.community, step, &self.now())?;
        let many = happened.len();
        happened.into_iter().for_each(|what| self.happens(what));
        Ok(many)
    }

    pub fn reply(&mut self, n: u128, reply: &ForYouReply) -> Result<usize, &'static str> {
        self.step(&Step::replied(member(n), reply).expect("a reply about a need"))
    }

    pub fn post(&mut self, n: u128, text: &str) -> Result<NeedId, &'static str> {
        self.sign(n, &Action::PostNeed { text: text.into(), skills: vec![], audience: Audience::Named })
    }

    pub fn time_passes(&mut self) {
        for what in self.community.overdue(&self.now()) {
            self.happens(what);
        }
    }

    pub fn texts(&self) -> Vec<&str> {
        self.community.needs().into_iter().map(|need| &*need.draft.text).collect()
    }
}

#[test]
fn a_member_has_at_most_three_open_needs() {
    let mut board = Board::default();
    let ids: Vec<NeedId> = ["a", "b", "c"].map(|text| board.post(1, text).unwrap()).to_vec();
    assert_eq!(board.post(1, "d"), Err(refusal::TOO_MANY_NEEDS));
    board.post(2, "somebody else's").unwrap();
    board.sign(1, &Action::WithdrawNeed { need: ids[0], met: false }).unwrap();
    board.post(1, "d").unwrap();
    assert_eq!(board.community.of(Some(member(1))).count(), 3);
}

#[test]
fn the_space_may_look_for_as_much_as_it_likes() {
    let mut board = Board::default();
    for n in 0..5 {
        let what = board.community.post(None, "photos de la salle", &[], Audience::Named, need(n)).unwrap();
        board.happens(what);
    }
    assert_eq!(board.community.of(None).count(), 5);
}

#[test]
fn a_need_is_short_and_says_something() {
    let mut board = Board::default();
    assert_eq!(board.post(1, " \n"), Err(refusal::BAD_NEED));
    assert_eq!(board.post(1, &"x".repeat(141)), Err(refusal::BAD_NEED));
    let skills = |skills: &[&str]| Action::PostNeed {
        text: "un logo".into(),
        skills: skills.iter().map(|&skill| skill.to_owned()).collect(),
        audience: Audience::Unnamed,
    };
    assert_eq!(board.sign(1, &skills(&["a", "b", "c", "d"])), Err(refusal::BAD_NEED));
    assert_eq!(board.sign(1, &skills(&[" "])), Err(refusal::BAD_NEED));
    assert!(board.sign(1, &skills(&["Logo", " Affiches "])).is_ok());
    assert_eq!(board.community.needs()[0].draft.skills, ["Logo", "Affiches"]);
}

#[test]
fn only_its_author_takes_a_need_down_and_the_manager_any() {
    let mut board = Board::default();
    let id = board.post(1, "a").unwrap();
    assert_eq!(board.sign(2, &Action::WithdrawNeed { need: id, met: false }), Err(refusal::NOT_YOURS));
    assert_eq!(board.sign(1, &Action::WithdrawNeed { need: need(99), met: false }), Err(refusal::NO_SUCH_NEED));
    let closed = board.community.close(id).unwrap();
    board.happens(closed);
    assert!(board.texts().is_empty());
    assert_eq!(board.sign(1, &Action::WithdrawNeed { need: id, met: false }), Err(refusal::NO_SUCH_NEED));
}

#[test]
fn je_peux_aider_is_for_others_needs_that_one_may_read() {
    let mut board = Board::default();
    let open = board.post(1, "a").unwrap();
    let private = board.sign(1, &Action::PostNeed { text: "b".into(), skills: vec![], audience: Audience::Coordination }).unwrap();
    assert_eq!(board.sign(1, &Action::Help { need: open }), Err(refusal::YOUR_OWN));
    assert_eq!(board.sign(2, &Action::Help { need: private }), Err(refusal::NO_SUCH_NEED), "as if it weren't there");
    for _ in 0..2 {
        board.sign(2, &Action::Help { need: open }).unwrap();
    }
    assert_eq!(board.community.need(open).unwrap().helpers, [(member(2), false)].into());
    assert_eq!(board.community.offers_to(member(1)).map(|(_, helper)| helper).collect::<Vec<_>>(), [member(2)]);
}

#[test]
fn a_need_expires_after_three_weeks_and_never_before_the_clock_is_known() {
    let mut board = Board::default();
    board.post(1, "dated").unwrap();
    board.untrusted = true;
    board.post(1, "undated").unwrap();
    board.hours = 24 * 22;
    board.time_passes();
    assert_eq!(board.texts(), ["undated", "dated"], "the latest first; nothing expires while nobody knows the time");
    board.untrusted = false;
    board.happens(What::ClockKnown);
    board.time_passes();
    assert!(board.texts().is_empty(), "both were put up three weeks ago");
}

#[test]
fn what_is_looked_for_last_stands_first() {
    let mut board = Board::default();
    for text in ["a", "b", "c"] {
        board.post(1, text).unwrap();
        board.hours += 1;
    }
    assert_eq!(board.texts(), ["c", "b", "a"]);
}
