//! Random days at the door: whoever may be inside is on the list, whatever happened to the machine.

use super::*;
use crate::authentic::Proof;
use crate::config::{Config, Role};
use crate::control::Ask as Command;
use crate::house::House;
use crate::pipeline::visits;
use crate::presence::{Input, Outcome, VisitId};
use jiff::civil::time;
use proptest::prelude::*;
use std::path::Path;
use uuid::Uuid;
use voisins_shared::muster::How;
use voisins_shared::payload::Action;
use voisins_shared::uid::Uid;

const CSV: &str = "id,name,badge\n,Anne Tremblay,04A1B201\n,Benoît Lavoie,04A1B202\n,Chiara Bellini,04A1B203\n,Dora Ng,04A1B204\n";
const CONFIG: &str = "site = 'a'\ntitle = 'Espace'\n[closing]\nmonday = '22:00'\ntuesday = '18:00'\nfriday = '01:30'\n";

struct Door {
    folder: tempfile::TempDir,
    pipeline: Option<Pipeline>,
    minutes: i64,
    boot: (u128, i64),
    blind: bool,
}

fn open(folder: &Path) -> Pipeline {
    let text = format!("state = '{}'\n{CONFIG}", folder.display());
    let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
    Pipeline::new(House::open(Config::parse(&text, Path::new("test")).unwrap()).unwrap(), outgoing)
}

impl Door {
    /// Monday, 09:00 in Montréal.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut pipeline = open(folder.path());
        assert!(matches!(pipeline.control(Command::Import { csv: CSV.into(), dry_run: false }), Reply::Imported(_)));
        Self { folder, pipeline: Some(pipeline), minutes: 0, boot: (1, 0), blind: false }
    }

    fn pipeline(&mut self) -> &mut Pipeline {
        self.pipeline.as_mut().unwrap()
    }

    fn now(&self) -> Now {
        let wall = "2026-11-30T14:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(self.minutes);
        let since_boot = Duration::from_secs(60 * (self.minutes - self.boot.1).unsigned_abs() + 60);
        Now { boot: crate::clock::BootId(Uuid::from_u128(self.boot.0)), since_boot, wall: (!self.blind).then_some(wall) }
    }

    fn happens(&mut self, input: &Input) -> Outcome {
        let now = self.now();
        let decision = self.pipeline().house.decide(input, &now);
        self.pipeline().settle(decision, &now, None).unwrap()
    }

    fn taps(&mut self, n: u8, role: Role) -> Outcome {
        let card = self.pipeline().house.card(&Uid::from_hex(&format!("04A1B20{n}")).unwrap(), Proof::Uid);
        self.happens(&Input::Tap { reader: ReaderName::new("porte").unwrap(), role, card, dice: 7 })
    }

    fn vouches(&mut self, n: u8, name: &str) -> Outcome {
        let card = self.pipeline().house.card(&Uid::from_hex(&format!("04A1B20{n}")).unwrap(), Proof::Uid);
        let (reader, action) = (ReaderName::new("porte").unwrap(), Action::Guest { name: name.to_owned() });
        self.happens(&Input::Sign { reader, role: Role::Arrival, card, dice: 7, action, new: Uuid::nil() })
    }

    fn waits(&mut self, minutes: i64) {
        self.minutes += minutes;
        self.happens(&Input::Deadline);
    }

    fn restarts(&mut self) {
        let before = self.list();
        self.pipeline = None;
        let mut pipeline = open(self.folder.path());
        pipeline.read_list(&self.now());
        self.pipeline = Some(pipeline);
        assert_eq!(self.list(), before, "as it was before the power was cut");
    }

    fn list(&mut self) -> Muster {
        let now = self.now();
        self.pipeline().evacuation_list(&now)
    }

    fn asks(&mut self, ask: Ask) -> Result<Muster, String> {
        let now = self.now();
        match self.pipeline().muster(ask, &By::Account("anne".to_owned()), &now) {
            Ok(Reply::Muster(list)) => Ok(*list),
            other => Err(format!("{other:?}")),
        }
    }

    fn sets_right(&mut self, ask: visits::Ask) -> Result<VisitId, String> {
        let now = self.now();
        match self.pipeline().visits(ask, &By::Account("anne".to_owned()), &now).unwrap() {
            Reply::Text(visit) => Ok(VisitId(visit.trim().parse().unwrap())),
            Reply::Refused(why) => Err(why),
            other => panic!("{other:?}"),
        }
    }

    fn number(&self, sql: &str) -> i64 {
        let path = crate::house::database(self.folder.path());
        rusqlite::Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn names(&mut self) -> Vec<(String, bool)> {
        self.list().people.into_iter().map(|person| (person.name, person.unconfirmed)).collect()
    }
}

fn named(people: &[(&str, bool)]) -> Vec<(String, bool)> {
    people.iter().map(|(name, unconfirmed)| ((*name).to_owned(), *unconfirmed)).collect()
}

#[test]
fn nobody_is_silently_removed_when_the_space_closes() {
    let mut door = Door::new();
    door.taps(2, Role::Arrival);
    door.taps(1, Role::Arrival);
    door.vouches(1, "Léonie Dubé");
    door.waits(60);
    door.taps(2, Role::Departure);
    assert_eq!(door.names(), named(&[("Anne Tremblay", false), ("Léonie Dubé", false)]));
    let guest = door.list().people[1].clone();
    assert_eq!((guest.how, guest.vouched_by.as_deref()), (How::Guest, Some("Anne Tremblay")));
    // 22:00
    door.waits(12 * 60);
    assert_eq!(door.names(), named(&[("Anne Tremblay", true), ("Léonie Dubé", true)]));
    door.restarts();
    // until 04:00
    door.waits(5 * 60 + 59);
    assert_eq!(door.names().len(), 2);
    door.waits(1);
    assert_eq!(door.names(), []);
    door.restarts();
}

#[test]
fn who_tapped_late_stays_on_the_list_over_the_mornings_hour() {
    let mut door = Door::new();
    door.waits(18 * 60 + 50); // 03:50
    door.taps(1, Role::Arrival);
    door.waits(20);
    assert_eq!(door.names(), named(&[("Anne Tremblay", true)]), "seen twenty minutes ago");
    door.restarts();
    door.waits(6 * 60);
    assert_eq!(door.names(), []);
}

#[test]
fn who_comes_again_is_on_the_list_once() {
    let mut door = Door::new();
    door.taps(1, Role::Arrival);
    door.waits(13 * 60 + 30);
    assert_eq!(door.names(), named(&[("Anne Tremblay", true)]));
    door.taps(1, Role::Arrival);
    assert_eq!(door.names(), named(&[("Anne Tremblay", false)]));
    door.restarts();
    door.taps(1, Role::Departure);
    assert_eq!(door.names(), []);
    door.restarts();
}

#[test]
fn nobody_comes_off_the_list_during_an_evacuation_and_ticks_survive_a_power_cut() {
    let mut door = Door::new();
    door.taps(1, Role::Arrival);
    door.taps(2, Role::Arrival);
    assert!(door.asks(Ask::Safe { who: "Anne Tremblay".into(), safe: true }).unwrap_err().contains("muster start"));
    door.asks(Ask::Start).unwrap();
    door.taps(2, Role::Departure);
    let list = door.asks(Ask::Safe { who: "anne tremblay".into(), safe: true }).unwrap();
    assert_eq!(list.safe(), (1, 2), "who tapped out is looked for too: {list:?}");
    assert_eq!(list.people[0].safe.as_ref().unwrap().by, "anne");
    door.taps(3, Role::Arrival);
    assert_eq!(door.asks(Ask::List).unwrap().safe(), (1, 3));
    door.restarts();
    assert_eq!(door.asks(Ask::Safe { who: "1".into(), safe: false }).unwrap().safe(), (0, 3));
    assert!(door.asks(Ask::Safe { who: "Personne".into(), safe: true }).is_err());
    door.asks(Ask::End).unwrap();
    assert_eq!(door.names(), named(&[("Anne Tremblay", false), ("Chiara Bellini", false)]));
    assert_eq!(door.number("SELECT count(*) FROM evacuated WHERE person IS NOT NULL"), 0, "names are erased");
}

#[test]
fn a_dead_reader_is_a_gap_until_it_reads_again_and_a_short_one_is_none() {
    let mut door = Door::new();
    let reader = ReaderName::new("porte").unwrap();
    let is = |door: &mut Door, state| {
        let now = door.now();
        door.pipeline().reader_gap(&reader, state, &now);
    };
    is(&mut door, ReaderState::Failed);
    is(&mut door, ReaderState::Ready);
    assert_eq!(door.list().gaps, []);
    is(&mut door, ReaderState::Absent);
    door.waits(30);
    door.restarts();
    is(&mut door, ReaderState::Absent);
    assert!(matches!(&*door.list().gaps, [Gap { until: None, .. }]));
    is(&mut door, ReaderState::Ready);
    let gap = door.list().gaps[0].clone();
    assert_eq!(gap.until.unwrap().duration_since(gap.since.unwrap()), SignedDuration::from_mins(30));
    door.restarts();
    door.waits(24 * 60);
    assert_eq!(door.list().gaps, [], "of yesterday");
}

#[test]
fn the_files_are_written_at_once_and_only_for_the_group() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut door = Door::new();
    door.pipeline().start_list();
    door.taps(1, Role::Arrival);
    door.asks(Ask::Pin { hash: crate::muster::pin::hash("2718") }).unwrap();
    let folder = door.folder.path().to_owned();
    door.pipeline = None; // what waits is written
    let json = folder.join(voisins_shared::muster::FILE);
    let text = std::fs::read_to_string(crate::muster::file::text_file(&folder)).unwrap();
    assert!(text.contains("Anne Tremblay") && text.contains("jamais le seul appel"), "{text}");
    assert_eq!(std::fs::metadata(&json).unwrap().permissions().mode() & 0o777, 0o640);
    let list = Muster::read(&std::fs::read(&json).unwrap()).unwrap();
    assert!(list.pin.is_some_and(|pin| pin.starts_with("$argon2id$")) && !text.contains("argon2id"));
    assert_eq!(list.people.len(), 1);
}

#[test]
fn a_corrected_visit_is_right_everywhere_and_its_original_stays() {
    let mut door = Door::new();
    door.taps(1, Role::Arrival); // 09:00
    door.waits(120);
    let correct = |opened, closed, reason: &str| visits::Ask::Correct { visit: 1, opened, closed, reason: reason.into() };
    assert_eq!(door.sets_right(correct(Some(time(11, 30, 0, 0)), None, "x")), Err("visits-bad-future".into()));
    assert_eq!(door.sets_right(correct(None, Some(time(8, 0, 0, 0)), "x")), Err("visits-bad-order".into()));
    assert_eq!(door.sets_right(correct(Some(time(8, 0, 0, 0)), None, " ")), Err("visits-bad-reason".into()));
    door.sets_right(correct(Some(time(8, 10, 0, 0)), Some(time(10, 0, 0, 0)), "carte oubliée")).unwrap();
    assert_eq!(door.names(), []);
    door.restarts();
    let hour = |hour: &str, what: &str| {
        format!("SELECT coalesce(sum({what}), 0) FROM occupancy_hour WHERE hour LIKE '2026-11-30T{hour}%'")
    };
    assert_eq!([door.number(&hour("14", "arrivals")), door.number(&hour("13", "arrivals"))], [0, 1]);
    assert_eq!([door.number(&hour("15", "departures")), door.number(&hour("13", "peak"))], [1, 1]);
    let was = "SELECT count(*) FROM visit_correction WHERE was_opened_at LIKE '2026-11-30T14:00%' AND was_closed_at IS NULL AND by = 'anne'";
    assert_eq!(door.number(was), 1);
    assert_eq!(door.number("SELECT count(*) FROM event WHERE body LIKE '%carte%'"), 0, "no words in events");
    // never was
    door.sets_right(visits::Ask::Cancel { visit: 1, reason: "une autre personne".into() }).unwrap();
    assert_eq!(door.sets_right(visits::Ask::Cancel { visit: 1, reason: "x".into() }), Err("visits-bad-gone".into()));
    let now = door.now();
    assert_eq!(door.pipeline().house.presence().today(&now), 0);
    assert_eq!(door.number("SELECT count(*) FROM visit WHERE day IS NOT NULL"), 0);
    assert_eq!(door.number("SELECT sum(arrivals) + sum(departures) + sum(peak) FROM occupancy_hour"), 0);
    door.restarts();
}

#[test]
fn a_visit_on_paper_is_entered_once_and_not_over_another() {
    let mut door = Door::new();
    door.waits(180); // noon
    let add = |opened: i8, closed: Option<i8>| visits::Ask::Add {
        member: Some("Anne Tremblay".into()),
        guest: None,
        day: None,
        opened: time(opened, 0, 0, 0),
        closed: closed.map(|closed| time(closed, 0, 0, 0)),
        reason: "feuille".into(),
    };
    door.sets_right(add(8, Some(9))).unwrap();
    assert_eq!(door.sets_right(add(8, Some(10))), Err("visits-bad-overlap".into()));
    door.sets_right(add(10, None)).unwrap();
    assert_eq!(door.names(), named(&[("Anne Tremblay", false)]));
    assert_eq!(door.list().people[0].how, How::Manager);
    let guest = visits::Ask::Add {
        member: None,
        guest: Some("Léonie Dubé".into()),
        day: None,
        opened: time(11, 0, 0, 0),
        closed: None,
        reason: "feuille".into(),
    };
    door.sets_right(guest).unwrap();
    door.restarts();
    assert_eq!(door.names(), named(&[("Anne Tremblay", false), ("Léonie Dubé", false)]));
    door.taps(1, Role::Departure);
    let left = visits::Ask::Left { visit: 3, at: Some(time(11, 30, 0, 0)), reason: "fermeture".into() };
    door.sets_right(left).unwrap();
    assert_eq!(door.names(), []);
    door.restarts();
}

#[derive(Debug, Clone)]
enum Doing {
    Taps(u8, bool),
    Waits(i64),
    Vouches(u8),
    Leaves(usize, i64),
    Cancels(usize),
    Restarts,
    /// Dark for so many minutes; and whether the clock wakes up unknown.
    PowerCut(i64, bool),
    ClockIsSet,
}

fn doing() -> impl Strategy<Value = Doing> {
    let who = || 1u8..=4;
    prop_oneof![
        8 => (who(), any::<bool>()).prop_map(|(n, leaves)| Doing::Taps(n, leaves)),
        4 => (1i64..300).prop_map(Doing::Waits),
        2 => (0i64..30 * 60).prop_map(Doing::Waits),
        2 => who().prop_map(Doing::Vouches),
        1 => (0usize..6, 0i64..200).prop_map(|(nth, ago)| Doing::Leaves(nth, ago)),
        1 => (0usize..6).prop_map(Doing::Cancels),
        2 => Just(Doing::Restarts),
        1 => (0i64..12 * 60, any::<bool>()).prop_map(|(dark, blind)| Doing::PowerCut(dark, blind)),
        2 => Just(Doing::ClockIsSet),
    ]
}

impl Door {
    /// Whoever is in an open visit, or in one of today that nobody saw end, is on the list; a member once.
    fn holds(&mut self) {
        let list = self.list();
        let numbers: std::collections::BTreeSet<u64> = list.people.iter().map(|person| person.visit).collect();
        let path = crate::house::database(self.folder.path());
        let database = rusqlite::Connection::open(path).unwrap();
        let now = self.now();
        let today = now.wall.map(|wall| self.pipeline().house.presence().policy().day_of(wall).to_string());
        let sql = "SELECT visit_id FROM visit WHERE closed_by IS NULL OR closed_by = 'assumed' AND day = ?1 AND NOT EXISTS
                   (SELECT 1 FROM visit AS later WHERE later.member_id = visit.member_id AND later.visit_id > visit.visit_id)";
        let mut statement = database.prepare(sql).unwrap();
        let rows = statement.query_map([today], |row| row.get::<_, u64>(0)).unwrap();
        for visit in rows.map(Result::unwrap) {
            assert!(numbers.contains(&visit), "{visit} is missing: {list:?}");
        }
        let members: Vec<&str> = list.people.iter().filter(|p| p.how != How::Guest).map(|p| p.name.as_str()).collect();
        assert_eq!(members.len(), members.iter().collect::<std::collections::BTreeSet<_>>().len(), "{members:?}");
        assert!(list.people.iter().all(|person| !person.name.is_empty()), "{list:?}");
    }

    fn does(&mut self, doing: &Doing) {
        match doing {
            Doing::Taps(n, leaves) => drop(self.taps(*n, if *leaves { Role::Departure } else { Role::Arrival })),
            Doing::Waits(minutes) => self.waits(*minutes),
            Doing::Vouches(n) => drop(self.vouches(*n, &format!("Invitée {}", self.minutes))),
            Doing::Leaves(nth, ago) => {
                if let Some(visit) = self.list().people.get(*nth).map(|person| person.visit) {
                    let now = self.now();
                    let at = now.wall.map(|wall| wall - SignedDuration::from_mins(*ago));
                    let at = at.map(|at| self.pipeline().house.presence().policy().local(at).time());
                    // refused if it makes no sense
                    let _ = self.sets_right(visits::Ask::Left { visit, at, reason: "fermeture".into() });
                }
            }
            Doing::Cancels(nth) => {
                if let Some(visit) = self.list().people.get(*nth).map(|person| person.visit) {
                    let _ = self.sets_right(visits::Ask::Cancel { visit, reason: "erreur".into() });
                }
            }
            Doing::Restarts => self.restarts(),
            Doing::PowerCut(dark, blind) => {
                self.minutes += dark;
                self.boot = (self.boot.0 + 1, self.minutes);
                self.blind = *blind;
                self.restarts();
                self.happens(&Input::Deadline);
            }
            Doing::ClockIsSet => {
                self.blind = false;
                self.happens(&Input::Deadline);
            }
        }
        self.happens(&Input::Deadline);
        self.holds();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whoever_may_be_inside_is_on_the_list(doings in prop::collection::vec(doing(), 1..40)) {
        let mut door = Door::new();
        for doing in &doings {
            door.does(doing);
        }
    }
}
