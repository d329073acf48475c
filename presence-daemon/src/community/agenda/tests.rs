use super::*;
use crate::clock::BootId;
use crate::policy::tests::policy;
use std::time::Duration;

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn id(n: u128) -> EventId {
    EventId(Uuid::from_u128(n))
}

fn local(text: &str) -> Timestamp {
    format!("{text}[America/Toronto]").parse::<jiff::Zoned>().unwrap().timestamp()
}

/// A house whose clock stands where the test puts it; Friday, October 30, 2026 at 9.
struct House {
    agenda: Agenda,
    policy: Policy,
    now: Timestamp,
    proposed: u128,
}

impl House {
    fn new() -> Self {
        let hours = "[closing]\nmonday = '22:00'\nfriday = '22:00'\nsunday = 'closed'\n";
        Self { agenda: Agenda::default(), policy: policy(hours), now: local("2026-10-30T09:00:00"), proposed: 0 }
    }

    fn to(&mut self, time: &str) -> &mut Self {
        self.now = local(time);
        for what in self.agenda.overdue(&self.now()) {
            self.happens(what);
        }
        self
    }

    fn now(&self) -> Now {
        Now { boot: BootId(Uuid::nil()), since_boot: Duration::from_secs(60), wall: Some(self.now) }
    }

    fn happens(&mut self, what: What) {
        self.agenda.apply(&PresenceEvent { at: self.now(), what });
    }

    fn does(&mut self, step: &Step) -> Result<Vec<&'static str>, &'static str> {
        let what = self.agenda.decide(step)?;
        let kinds = what.iter().map(What::kind).collect();
        what.into_iter().for_each(|what| self.happens(what));
        Ok(kinds)
    }

    fn sign(&mut self, n: u128, action: &Action) -> Result<Vec<&'static str>, &'static str> {
        self.proposed += 1;
        let step = Step::signed(member(n), action, Uuid::from_u128(self.proposed), &self.policy, &self.now());
        self.does(&step.expect("an action of the agenda"))
    }

    fn propose(&mut self, n: u128, starts: &str, firm_at: u32) -> Result<EventId, &'static str> {
        let starts = starts.parse().unwrap();
        self.sign(n, &Action::ProposeEvent { title: " Soirée  jeux ".into(), place: Some(" ".into()), starts, firm_at })?;
        Ok(id(self.proposed))
    }

    fn answer(&mut self, n: u128, event: EventId, going: bool) -> Result<Vec<&'static str>, &'static str> {
        self.sign(n, &Action::Rsvp { event, going })
    }

    fn read(&mut self, events: &[Event]) -> Vec<&'static str> {
        self.does(&Step::Read(Calendar { name: "quartier".into(), imported: false, events: events.to_vec() })).unwrap()
    }

    fn coming(&self) -> Vec<Event> {
        self.agenda.coming(&self.policy, &self.now())
    }
}

fn timed(n: u128, starts: &str, ends: &str) -> Event {
    let words = Words { title: format!("événement {n}"), place: None };
    let (starts, ends) = (local(starts), Some(local(ends)));
    Event { id: id(1000 + n), kind: Kind::Event, words, starts, ends, all_day: None, firm: true, proposed: None }
}

#[test]
fn a_proposed_event_is_in_incubation_until_so_many_go_then_firm_and_stays_firm() {
    let mut house = House::new();
    let games = house.propose(1, "2026-11-05T18:00:00", 3).unwrap();
    let event = house.agenda.event(games).unwrap().clone();
    assert_eq!((&*event.words.title, event.words.place, event.firm), ("Soirée jeux", None, false));
    assert_eq!(house.agenda.going_to(games), &[member(1)].into(), "the author goes");
    assert_eq!(house.answer(2, games, true), Ok(vec!["event_answered"]));
    assert_eq!(house.answer(3, games, true), Ok(vec!["event_answered", "event_firm"]));
    house.answer(3, games, false).unwrap();
    assert!(house.agenda.event(games).unwrap().firm);
}

#[test]
fn an_answer_given_twice_is_one() {
    let mut house = House::new();
    let games = house.propose(1, "2026-11-05T18:00:00", 3).unwrap();
    assert_eq!(house.answer(1, games, true), Ok(vec![]));
    assert_eq!(house.answer(2, games, false), Ok(vec![]));
}

#[test]
fn an_event_to_which_nobody_goes_any_more_is_withdrawn() {
    let mut house = House::new();
    let games = house.propose(1, "2026-11-05T18:00:00", 3).unwrap();
    house.answer(2, games, true).unwrap();
    house.answer(1, games, false).unwrap();
    assert!(house.agenda.event(games).is_some(), "somebody still goes");
    assert_eq!(house.answer(2, games, false), Ok(vec!["event_answered", "event_ended"]));
    assert_eq!(house.answer(2, games, true), Err(refusal::NO_SUCH_EVENT));
}

#[test]
fn what_is_not_firm_when_it_begins_disappears_and_what_is_firm_stays_until_it_is_over() {
    let mut house = House::new();
    let (falls, stays) = (house.propose(1, "2026-11-05T18:00:00", 3).unwrap(), house.propose(1, "2026-11-05T18:00:00", 2).unwrap());
    house.answer(2, stays, true).unwrap();
    house.to("2026-11-05T18:00:00");
    assert_eq!(house.coming().iter().map(|event| event.id).collect::<Vec<_>>(), [stays]);
    assert_eq!(house.agenda.going_to(falls).len(), 0);
    house.to("2026-11-05T20:00:00");
    assert_eq!((house.agenda.event(stays), house.agenda.going_to(stays).len()), (None, 0), "over: who went is forgotten");
}

#[test]
fn an_event_has_a_title_lies_ahead_and_becomes_firm_with_2_to_50_people() {
    let mut house = House::new();
    for (starts, firm_at) in [
        ("2026-10-30T08:59:00", 3),
        ("2026-10-30T09:00:00", 3),
        ("2026-12-30T09:00:00", 3),
        ("2026-11-05T18:00:00", 1),
        ("2026-11-05T18:00:00", 51),
    ] {
        assert_eq!(house.propose(1, starts, firm_at), Err(refusal::BAD_EVENT), "{starts} {firm_at}");
    }
    for (title, place) in [(" ", None), ("jeux", Some("x".repeat(61))), ("a\u{7}", None)] {
        let starts = "2026-11-05T18:00:00".parse().unwrap();
        let action = Action::ProposeEvent { title: title.into(), place, starts, firm_at: 3 };
        assert_eq!(house.sign(1, &action), Err(refusal::BAD_EVENT), "{title:?}");
    }
    assert!(house.propose(1, "2026-12-29T07:00:00", 50).is_ok(), "60 days ahead");
}

#[test]
fn a_member_has_at_most_two_events_in_incubation() {
    let mut house = House::new();
    let first = house.propose(1, "2026-11-05T18:00:00", 2).unwrap();
    house.propose(1, "2026-11-06T18:00:00", 2).unwrap();
    assert_eq!(house.propose(1, "2026-11-07T18:00:00", 2), Err(refusal::TOO_MANY_EVENTS));
    house.answer(2, first, true).unwrap();
    assert!(house.propose(1, "2026-11-07T18:00:00", 2).is_ok(), "one became firm");
}

#[test]
fn the_manager_calls_a_proposed_event_off() {
    let mut house = House::new();
    let games = house.propose(1, "2026-11-05T18:00:00", 2).unwrap();
    assert_eq!(house.does(&Step::Cancel(games)), Ok(vec!["event_ended"]));
    assert_eq!(house.does(&Step::Cancel(games)), Err(refusal::NO_SUCH_EVENT));
}

#[test]
fn who_eats_here_at_noon_is_asked_from_10_30_to_13_30_every_day_that_the_house_is_open() {
    let mut house = House::new();
    assert_eq!(house.coming(), []);
    house.to("2026-10-30T10:30:00");
    let lunch = house.coming().remove(0);
    assert_eq!((lunch.kind, &*lunch.words.title), (Kind::Lunch, ""));
    house.answer(1, lunch.id, true).unwrap();
    assert_eq!(house.agenda.going_to(lunch.id).len(), 1);
    house.to("2026-10-30T13:30:00");
    assert_eq!((house.coming(), house.agenda.going_to(lunch.id).len()), (vec![], 0));
    assert_eq!(house.answer(2, lunch.id, true), Err(refusal::NO_SUCH_EVENT));
    house.to("2026-10-31T11:00:00");
    assert_ne!(house.coming()[0].id, lunch.id, "another day, another lunch");
    house.to("2026-11-01T11:00:00");
    assert_eq!(house.coming(), [], "closed on Sundays");
}

#[test]
fn a_calendar_read_again_replaces_its_events_and_answers_survive() {
    let mut house = House::new();
    let (first, second) =
        (timed(1, "2026-11-02T17:00:00", "2026-11-02T19:00:00"), timed(2, "2026-11-03T17:00:00", "2026-11-03T19:00:00"));
    assert_eq!(house.read(&[first.clone(), second.clone()]), ["calendar_read"]);
    assert_eq!(house.read(&[first.clone(), second.clone()]), [""; 0], "nothing changed");
    house.answer(1, second.id, true).unwrap();
    house.read(&[first]);
    assert_eq!(house.answer(2, second.id, true), Err(refusal::NO_SUCH_EVENT), "vanished");
    house.read(std::slice::from_ref(&second));
    assert_eq!(house.coming().len(), 1);
    assert_eq!(house.agenda.going_to(second.id), &[member(1)].into());
}

#[test]
fn the_agenda_holds_what_is_not_over_and_comes_in_60_days_the_next_first() {
    let mut house = House::new();
    let mut day = timed(4, "2026-11-02T00:00:00", "2026-11-03T00:00:00");
    day.all_day = Some("2026-11-02".parse().unwrap());
    house.read(&[
        timed(1, "2026-11-02T17:00:00", "2026-11-02T19:00:00"),
        timed(2, "2026-10-30T08:00:00", "2026-10-30T10:00:00"),
        timed(3, "2026-10-29T08:00:00", "2026-10-29T10:00:00"),
        day,
        timed(5, "2027-01-30T08:00:00", "2027-01-30T10:00:00"),
    ]);
    let titles: Vec<_> = house.coming().into_iter().map(|event| event.words.title).collect();
    assert_eq!(titles, ["événement 2", "événement 4", "événement 1"]);
}

#[test]
fn closing_time_is_extended_to_the_end_of_the_days_last_firm_event() {
    let mut house = House::new();
    let mut maybe = timed(2, "2026-10-30T20:00:00", "2026-10-30T23:59:00");
    maybe.firm = false;
    let mut day = timed(3, "2026-10-30T00:00:00", "2026-10-31T00:00:00");
    day.all_day = Some("2026-10-30".parse().unwrap());
    house.read(&[
        timed(1, "2026-10-30T20:00:00", "2026-10-30T23:30:00"),
        maybe,
        day,
        timed(4, "2026-11-02T17:00:00", "2026-11-02T19:00:00"),
    ]);
    let mut policy = house.policy.clone();
    policy.stays_open(house.agenda.last_of_days(&house.policy));
    assert_eq!(policy.close_by(local("2026-10-30T09:00:00")), local("2026-10-30T23:30:00"));
    assert_eq!(policy.close_by(local("2026-11-02T09:00:00")), local("2026-11-02T22:00:00"), "over before closing time");
}

#[test]
fn an_event_whose_words_are_hidden_keeps_the_house_open_all_the_same() {
    let mut house = House::new();
    house.read(&[timed(1, "2026-10-30T20:00:00", "2026-10-30T23:30:00")]);
    let before = house.agenda.last_of_days(&house.policy);
    house.agenda.hide(id(1001), true);
    assert_eq!((house.agenda.last_of_days(&house.policy), house.coming()), (before, vec![]));
}

#[test]
fn a_hidden_event_is_on_no_screen_and_takes_no_answer() {
    let mut house = House::new();
    let games = house.propose(1, "2026-11-05T18:00:00", 2).unwrap();
    house.agenda.hide(games, true);
    assert_eq!((house.coming(), house.answer(2, games, true)), (vec![], Err(refusal::NO_SUCH_EVENT)));
    house.agenda.hide(games, false);
    assert_eq!(house.coming().len(), 1);
}

#[test]
fn without_the_time_nothing_is_shown_and_nothing_proposed() {
    let mut house = House::new();
    house.read(&[timed(1, "2026-11-02T17:00:00", "2026-11-02T19:00:00")]);
    let unknown = Now { wall: None, ..house.now() };
    assert_eq!((house.agenda.coming(&house.policy, &unknown), lunch(&house.policy, &unknown)), (vec![], None));
    let action =
        Action::ProposeEvent { title: "a".into(), place: None, starts: "2026-11-05T18:00:00".parse().unwrap(), firm_at: 2 };
    let step = Step::signed(member(1), &action, Uuid::nil(), &house.policy, &unknown).unwrap();
    assert_eq!(house.does(&step), Err(refusal::BAD_EVENT));
}

mod random {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Does {
        Propose(u128, i64, u32),
        Answer(u128, usize, bool),
        Cancel(usize),
        Read(Vec<u8>),
        Hide(usize, bool),
        Wait(i64),
        ClockJumps(i64),
    }

    fn does() -> impl Strategy<Value = Does> {
        prop_oneof![
            3 => (1u128..5, -5i64..1500, 0u32..6).prop_map(|(by, hours, firm_at)| Does::Propose(by, hours, firm_at)),
            6 => (1u128..7, 0usize..8, any::<bool>()).prop_map(|(by, nth, going)| Does::Answer(by, nth, going)),
            1 => (0usize..8).prop_map(Does::Cancel),
            1 => proptest::collection::vec(0u8..6, 0..4).prop_map(Does::Read),
            1 => (0usize..8, any::<bool>()).prop_map(|(nth, hidden)| Does::Hide(nth, hidden)),
            2 => (0i64..30).prop_map(Does::Wait),
            1 => (-100i64..100).prop_map(Does::ClockJumps),
        ]
    }

    fn verify_invariants(house: &House) {
        let (agenda, wall) = (&house.agenda, house.now);
        for (id, event) in &agenda.proposed {
            let going = agenda.going_to(*id);
            assert!(!going.is_empty(), "what nobody goes to is withdrawn");
            assert!(event.firm || event.starts > wall, "what isn't firm never begins");
            let firm_at = event.proposed.map_or(0, |proposed| proposed.firm_at as usize);
            assert!(event.firm || going.len() < firm_at, "so many make it firm");
            let author = event.proposed.map(|proposed| proposed.author);
            let theirs = agenda.proposed.values().filter(|other| !other.firm && other.proposed.map(|p| p.author) == author);
            assert!(theirs.count() <= OPEN_EVENTS);
        }
        assert!(agenda.going.values().all(|going| !going.members.is_empty()));
        let coming = house.coming();
        assert!(coming.iter().all(|event| event.over() > wall && !agenda.is_hidden(event.id)));
        assert!(coming.is_sorted_by_key(|event| event.starts));
        assert_eq!(coming.iter().map(|event| event.id).collect::<BTreeSet<_>>().len(), coming.len(), "each once");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn random_proposals_answers_and_clock_jumps_keep_the_invariants(all in proptest::collection::vec(does(), 1..60)) {
            let mut house = House::new();
            for one in all {
                let nth = |house: &House, n: usize| house.agenda.all().map(|event| event.id).chain(house.coming().iter().map(|event| event.id)).nth(n);
                match one {
                    Does::Propose(by, hours, firm_at) => {
                        let starts = house.policy.local(house.now + SignedDuration::from_hours(hours));
                        let _ = house.sign(by, &Action::ProposeEvent { title: "a".into(), place: None, starts, firm_at });
                    }
                    Does::Answer(by, n, going) => if let Some(event) = nth(&house, n) {
                        let before = house.agenda.going_to(event).clone();
                        if house.answer(by, event, going).is_ok() && house.agenda.event(event).is_some() {
                            let mut expected = before;
                            if going { expected.insert(member(by)) } else { expected.remove(&member(by)) };
                            prop_assert_eq!(house.agenda.going_to(event), &expected);
                            prop_assert_eq!(house.answer(by, event, going), Ok(vec![]), "twice is once");
                        }
                    },
                    Does::Cancel(n) => if let Some(event) = nth(&house, n) { let _ = house.does(&Step::Cancel(event)); },
                    Does::Read(which) => {
                        let which: BTreeSet<u8> = which.into_iter().collect();
                        let event = |n: &u8| timed(u128::from(*n), &format!("2026-11-0{}T17:00:00", n + 1), &format!("2026-11-0{}T19:00:00", n + 1));
                        house.read(&which.iter().map(event).collect::<Vec<_>>());
                    }
                    Does::Hide(n, hidden) => if let Some(event) = nth(&house, n) { house.agenda.hide(event, hidden) },
                    Does::Wait(hours) | Does::ClockJumps(hours) => {
                        house.now += SignedDuration::from_hours(hours);
                        for what in house.agenda.overdue(&house.now()) { house.happens(what); }
                    }
                }
                verify_invariants(&house);
            }
        }
    }
}
