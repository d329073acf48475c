//! Store and state together: what is in memory is what a restart reads back, whatever happened.

mod people;
mod random;

use super::*;
use crate::community::ledger::{Account, Plan, Step as Passes};
use crate::community::moderation::Step as Desk;
use crate::community::needs::Step as Needs;
use crate::community::{Draft, ledger, needs};
use crate::control::{self, Ask, Reply};
use crate::desk::{Moderate, Pass, TextSort};
use crate::pipeline::Pipeline;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::name::ReaderName;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Action, Reported};

/// A house with a clock of its own; people are 1 to 4.
struct Site {
    folder: tempfile::TempDir,
    house: Option<House>,
    /// Since the machine started, in minutes.
    minutes: u64,
    wall: Timestamp,
    trusted: bool,
    chance: u128,
    raw: rusqlite::Connection,
}

fn config(folder: &Path, more: &str) -> Config {
    let text = format!(
        "clock = 'file'\nclock_file = '/nowhere'\nstate = {:?}\n{more}\n[[reader]]\nname = 'porte'\nkind = 'scripted'\nbeside = 'cafe'\n[[kiosk]]\nname = 'cafe'\n",
        folder.join("state")
    );
    Config::parse(&text, Path::new("t")).unwrap()
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut house = House::open(config(folder.path(), "")).unwrap();
        let csv = "name,skills,consent,badge\nAnne,Comptabilité,name;skills @ 2026-01-05 t,04000000000001\nBenoît,,,04000000000002\nChiara,,,04000000000003\nDora,,,04000000000004\n";
        house.import(csv, false).unwrap();
        let wall = "2026-10-23T13:00:00Z".parse().unwrap();
        let raw = rusqlite::Connection::open(database(&folder.path().join("state"))).unwrap();
        Self { folder, house: Some(house), minutes: 10, wall, trusted: true, chance: 0, raw }
    }

    fn house(&mut self) -> &mut House {
        self.house.as_mut().unwrap()
    }

    fn now(&mut self) -> Now {
        let (since_boot, wall) = (Duration::from_secs(60 * self.minutes), self.trusted.then_some(self.wall));
        Now { since_boot, wall, ..self.house().now() }
    }

    fn id(&mut self, n: usize) -> MemberId {
        let name = ["Anne", "Benoît", "Chiara", "Dora"][n - 1];
        self.house().find(name).unwrap()
    }

    fn chance(&mut self) -> Uuid {
        self.chance += 1;
        Uuid::from_u128(self.chance)
    }

    fn waits(&mut self, minutes: u64) -> &mut Self {
        self.minutes += minutes;
        self.wall += Duration::from_secs(60 * minutes);
        self.does(&Input::Deadline);
        self
    }

    fn does(&mut self, input: &Input) -> Outcome {
        let now = self.now();
        self.house().handle(input, &now, None).expect("the disk takes it").outcome
    }

    fn card(&mut self, n: usize) -> Card {
        let uid = Uid::from_hex(&format!("0400000000000{n}")).unwrap();
        self.house().card(&uid, Proof::Uid)
    }

    fn taps(&mut self, n: usize, role: crate::config::Role) -> Outcome {
        let card = self.card(n);
        self.does(&Input::Tap { reader: ReaderName::new("porte").unwrap(), role, card, dice: 7 })
    }

    fn arrives(&mut self, n: usize) -> Outcome {
        self.taps(n, crate::config::Role::Toggle)
    }

    fn all_arrive(&mut self) {
        for n in 1..=4 {
            self.arrives(n);
        }
    }

    fn signs(&mut self, n: usize, action: Action) -> (Outcome, Uuid) {
        let (card, new, reader, role) = (self.card(n), self.chance(), ReaderName::new("porte").unwrap(), Default::default());
        (self.does(&Input::Sign { reader, role, card, dice: 7, action, new }), new)
    }

    fn steps(&mut self, step: Step) -> Outcome {
        self.does(&Input::Between(step))
    }

    fn buys(&mut self, n: usize, passes: u32, until: Option<Date>) {
        let (member, command) = (self.id(n), self.chance());
        self.steps(Step::Ledger(Passes::Buy { member, passes, until, command }));
    }

    fn balance(&mut self, n: usize) -> i64 {
        let member = self.id(n);
        self.house().community().ledger().account(member).map_or(0, Account::balance)
    }

    /// The daemon ends and starts again: the same is known as before.
    #[track_caller]
    fn restarts(&mut self) {
        let before = self.house().community().clone();
        self.house = None;
        self.house = Some(House::open(config(self.folder.path(), "")).unwrap());
        assert_eq!(*self.house().community(), before);
        let kept: i64 = self.sql("SELECT count(*) FROM event");
        assert_eq!(u64::try_from(kept), Ok(self.house().store().verify().unwrap().events));
    }

    fn sql<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.raw.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// A command as the command line gives it while no daemon runs.
    fn command(&mut self, ask: Ask) -> Reply {
        self.house = None;
        let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
        let house = House::open(config(self.folder.path(), "")).unwrap();
        let reply = Pipeline::new(house, outgoing).command_once(ask);
        self.house = Some(House::open(config(self.folder.path(), "")).unwrap());
        reply
    }
}

fn need_of(posted: (Outcome, Uuid)) -> NeedId {
    assert!(matches!(posted.0, Outcome::Signed { .. }), "{posted:?}");
    NeedId(posted.1)
}

fn post(text: &str, audience: Audience) -> Action {
    Action::PostNeed { text: text.into(), skills: vec![], audience }
}

#[test]
fn a_pass_is_drawn_in_the_transaction_of_the_check_in() {
    let mut site = Site::new();
    site.buys(1, 5, None);
    site.arrives(1);
    assert_eq!((site.balance(1), site.sql::<i64>("SELECT count(*) FROM pass_transfer WHERE sort = 'drawn'")), (4, 1));
    // out and in again the same day; then the next day, by a badge held to sign
    site.arrives(1);
    site.arrives(1);
    site.restarts();
    assert_eq!(site.balance(1), 4);
    site.waits(24 * 60);
    let (outcome, _) = site.signs(1, Action::Profile);
    assert!(matches!(outcome, Outcome::ArrivedFirst { .. }), "{outcome:?}");
    assert_eq!(site.balance(1), 3);
    site.restarts();
}

#[test]
fn a_check_in_without_a_clock_is_drawn_once_the_clock_is_known_even_after_a_restart() {
    let mut site = Site::new();
    site.buys(1, 5, None);
    site.trusted = false;
    site.arrives(1);
    site.restarts();
    assert_eq!(site.balance(1), 5);
    site.waits(1).trusted = true;
    site.waits(1);
    assert_eq!(
        (site.balance(1), site.sql::<String>("SELECT day FROM pass_transfer WHERE sort = 'drawn'")),
        (4, "2026-10-23".into())
    );
    site.restarts();
}

#[test]
fn passes_are_never_rewritten_and_who_is_erased_only_leaves_their_account() {
    let mut site = Site::new();
    site.buys(1, 5, None);
    site.arrives(1);
    site.raw.pragma_update(None, "foreign_keys", true).unwrap();
    for forbidden in [
        "UPDATE pass_transfer SET passes = 6",
        "DELETE FROM pass_transfer",
        "DELETE FROM pass_account",
        "UPDATE pass_account SET name = 'x' WHERE name = 'sold'",
        "UPDATE pass_account SET account_id = 99 WHERE member_id IS NOT NULL",
    ] {
        assert!(site.raw.execute_batch(forbidden).is_err(), "{forbidden}");
    }
    let id = site.id(1);
    site.raw.execute("DELETE FROM member WHERE member_id = ?1", [id.to_string()]).unwrap();
    assert_eq!(site.sql::<i64>("SELECT sum(passes) FROM pass_entry"), 0);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM pass_account WHERE name IS NULL AND member_id IS NULL"), 1);
}

#[test]
fn needs_passes_and_the_desk_are_as_they_were_after_a_restart() {
    let mut site = Site::new();
    site.all_arrive();
    let first = need_of(site.signs(1, post("un comptable", Audience::Named)));
    let second = need_of(site.signs(2, post("un logo", Audience::Unnamed)));
    let third = need_of(site.signs(1, post("secret", Audience::Coordination)));
    for (n, action) in [
        (2, Action::Report { what: Reported::Need { need: first } }),
        (3, Action::Report { what: Reported::Need { need: first } }),
        (3, Action::Report { what: Reported::Need { need: second } }),
        (
            2,
            Action::EditNeed {
                need: second,
                text: "une affiche".into(),
                skills: vec!["Affiches".into()],
                audience: Audience::Named,
            },
        ),
        (4, Action::Help { need: second }),
        (1, Action::WithdrawNeed { need: third, met: true }),
    ] {
        let (outcome, _) = site.signs(n, action);
        assert!(matches!(outcome, Outcome::Signed { .. }), "{outcome:?}");
    }
    let (two, three, four) = (site.id(2), site.id(3), site.id(4));
    let space = NeedId(site.chance());
    let draft = Draft { text: "photos".into(), skills: vec![] };
    site.steps(Step::Need(Needs::Put { author: None, draft, audience: Audience::Named, need: space, passes: Some(5) }));
    site.restarts();
    site.steps(Step::Need(Needs::Renew(two, second)));
    site.steps(Step::Need(Needs::NotThisTime { member: two, need: second, helper: Some(three) }));
    site.steps(Step::Need(Needs::Fulfil { need: space, by: four }));
    let day = "2026-10-23".parse().unwrap();
    site.steps(Step::Told(vec![
        What::Ledger(ledger::Change::EarnedTold { need: space, to: four }),
        What::Need(needs::Change::Asked { need: second, to: two, day }),
    ]));
    site.steps(Step::Ledger(Passes::Plan { member: three, plan: Plan::Subscription }));
    site.steps(Step::Moderation(Desk::Pause(three)));
    site.restarts();
    site.steps(Step::Moderation(Desk::Restore(Reported::Need { need: first })));
    site.trusted = false;
    site.steps(Step::Need(Needs::Renew(two, second)));
    site.restarts();
    site.trusted = true;
    site.waits(1);
    site.restarts();
    assert!(site.house().community().need(second).unwrap().expires().is_some(), "dated once the clock was known");
    assert_eq!(site.balance(4), 5);
    let texts = site.sql::<i64>("SELECT count(*) FROM event WHERE body LIKE '%affiche%' OR body LIKE '%photos%'");
    assert_eq!(texts, 0, "the events hold no word");
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM need WHERE met"), 2);
}

#[test]
fn the_measures_count_what_was_put_up_answered_and_met() {
    let mut site = Site::new();
    site.all_arrive();
    let first = need_of(site.signs(1, post("un comptable", Audience::Named)));
    site.signs(2, post("un logo", Audience::Named));
    site.waits(30);
    site.signs(2, Action::Help { need: first });
    site.waits(60);
    site.signs(2, Action::Help { need: first });
    site.signs(1, Action::WithdrawNeed { need: first, met: true });
    site.signs(3, post("secret", Audience::Coordination));
    let month = site.house().measures()[0].clone();
    assert_eq!((&*month.month, month.needs_posted, month.needs_met, month.first_answer_minutes), ("2026-10", 2, 1, Some(30)));
    // the month turns
    site.waits(60 * 24 * 12);
    let months: Vec<String> = site.house().measures().iter().map(|month| month.month.clone()).collect();
    assert_eq!(months, ["2026-11", "2026-10"]);
}

#[test]
fn a_command_repeated_under_its_number_is_carried_out_once() {
    let mut site = Site::new();
    let text = |reply| match reply {
        Reply::Text(text) => text,
        other => panic!("{other:?}"),
    };
    let id = Some(Uuid::from_u128(77));
    for _ in 0..2 {
        let bought = text(site.command(Ask::Pass(Pass::Buy { member: "Anne".into(), passes: 5, until: None, id })));
        assert!(bought.contains("   5  passes"), "{bought}");
    }
    let id = Some(Uuid::from_u128(78));
    for _ in 0..2 {
        let correct = Pass::Correct { member: "Anne".into(), passes: -6, reason: "compté deux fois".into(), id };
        text(site.command(Ask::Pass(correct)));
    }
    assert_eq!(site.balance(1), -1);
    let over = text(site.command(Ask::Pass(Pass::Overuse)));
    assert!(over.contains("-1") && over.contains("Anne"), "{over}");
    let entries = text(site.command(Ask::Pass(Pass::List { member: Some("Anne".into()) })));
    assert!(entries.contains("bought") && entries.contains("reason: compté deux fois"), "{entries}");
    let posted = text(site.command(Ask::Need(control::Need::Post {
        member: None,
        text: "photos de la salle".into(),
        skills: vec![],
        audience: Audience::Named,
        passes: Some(5),
    })));
    let need = NeedId(posted.trim().parse().unwrap());
    for _ in 0..2 {
        assert!(matches!(site.command(Ask::Need(control::Need::Fulfil { need, by: "Benoît".into() })), Reply::Done));
    }
    assert_eq!(site.balance(2), 5);
    let other = site.command(Ask::Need(control::Need::Fulfil { need, by: "Chiara".into() }));
    assert!(matches!(other, Reply::Error(ref text) if text.contains("pass correct")), "{other:?}");
}

#[test]
fn the_desk_is_worked_by_command() {
    let mut site = Site::new();
    site.arrives(1);
    let need = need_of(site.signs(1, post("n’importe quoi", Audience::Named)));
    let listed = |site: &mut Site| match site.command(Ask::Moderate(Moderate::List)) {
        Reply::Text(text) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(listed(&mut site), "");
    site.command(Ask::Moderate(Moderate::Hide { of: TextSort::Need, id: need.0 }));
    site.command(Ask::Moderate(Moderate::Pause { member: "Anne".into() }));
    let desk = listed(&mut site);
    assert!(desk.contains("hidden, reports 0  Anne  n’importe quoi") && desk.contains("paused  Anne"), "{desk}");
    site.command(Ask::Moderate(Moderate::Restore { of: TextSort::Need, id: need.0 }));
    site.command(Ask::Moderate(Moderate::Resume { member: "Anne".into() }));
    assert_eq!(listed(&mut site), "");
    let edited =
        site.command(Ask::Need(control::Need::Edit { need, text: Some("un comptable".into()), skills: None, audience: None }));
    assert!(matches!(edited, Reply::Done), "{edited:?}");
    assert_eq!(site.house().community().need(need).unwrap().draft.text, "un comptable");
}

#[test]
fn hours_are_counted_as_they_end_and_are_the_same_after_a_restart() {
    let mut site = Site::new();
    let count = |site: &mut Site| {
        let now = site.now();
        site.house().count_hours(&now)
    };
    let month = Topic::History("2026-10".parse().unwrap());
    assert_eq!(count(&mut site), std::slice::from_ref(&month), "the hours of today that are over");
    assert!(count(&mut site).is_empty(), "once an hour");
    // 9 h in Montréal
    site.all_arrive();
    site.waits(45);
    assert!(count(&mut site).is_empty());
    site.waits(30);
    assert_eq!(count(&mut site), std::slice::from_ref(&month));
    let today: Date = "2026-10-23".parse().unwrap();
    assert_eq!(site.house().history()[&today].hours[8..], [0, 4]);
    // a clock that isn't trusted counts nothing
    site.trusted = false;
    assert!(count(&mut site).is_empty());
    site.trusted = true;
    site.waits(24 * 60);
    count(&mut site);
    let days = site.house().history().clone();
    assert_eq!((days.len(), days[&today].hours.len(), days[&today].estimated), (2, 24, true));
    site.restarts();
    count(&mut site);
    assert_eq!(*site.house().history(), days);
    assert_eq!(site.sql::<i64>("SELECT count(*) FROM history_day"), 1, "a day that is over is kept");
}
