use super::*;
use crate::clock::BootId;
use crate::policy::tests::policy;
use crate::presence::Subject;
use std::time::Duration;
use voisins_shared::visit::OpenedBy;

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A ledger whose clock shows noon of a day.
struct Book {
    ledger: Ledger,
    today: Date,
    trusted: bool,
    visits: u64,
    commands: u128,
}

impl Book {
    fn at(today: &str) -> Self {
        Self { ledger: Ledger::default(), today: day(today), trusted: true, visits: 0, commands: 0 }
    }

    fn now(&self) -> Now {
        let noon = self.today.to_datetime(jiff::civil::time(12, 0, 0, 0)).in_tz("America/Toronto").unwrap().timestamp();
        let since_boot = Duration::from_secs(u64::try_from(noon.as_second()).unwrap() - 1_700_000_000);
        Now { boot: BootId(Uuid::nil()), since_boot, wall: self.trusted.then_some(noon) }
    }

    fn happen(&mut self, whats: Vec<What>) -> &mut Self {
        let events: Vec<PresenceEvent> = whats.into_iter().map(|what| PresenceEvent { at: self.now(), what }).collect();
        let follows = self.ledger.follows(&events, &self.now(), &policy(""));
        let at = self.now();
        let follows = follows.into_iter().map(|change| PresenceEvent { at, what: What::Ledger(change) });
        for event in events.into_iter().chain(follows) {
            self.ledger.apply(&event);
        }
        self
    }

    fn day(&mut self, today: &str) -> &mut Self {
        self.today = day(today);
        self.happen(vec![])
    }

    fn comes(&mut self, n: u128) -> &mut Self {
        self.visits += 1;
        let (visit, subject) = (VisitId(self.visits), Subject::Member(member(n)));
        self.happen(vec![What::CheckedIn { visit, subject, reader: None, by: OpenedBy::Tap }])
    }

    fn step(&mut self, step: &Step) -> &mut Self {
        let changes = self.ledger.decide(step).unwrap();
        self.happen(changes.into_iter().map(What::Ledger).collect())
    }

    fn buy(&mut self, n: u128, passes: u32, until: Option<&str>) -> &mut Self {
        self.commands += 1;
        let command = Uuid::from_u128(self.commands);
        self.step(&Step::Buy { member: member(n), passes, until: until.map(day), command })
    }

    fn correct(&mut self, n: u128, passes: i64) -> &mut Self {
        self.commands += 1;
        let (member, command) = (member(n), Uuid::from_u128(self.commands));
        self.step(&Step::Correct { member, passes, reason: "compté deux fois".into(), command })
    }

    fn plan(&mut self, n: u128, plan: Plan) -> &mut Self {
        self.step(&Step::Plan { member: member(n), plan })
    }

    #[track_caller]
    fn holds(&mut self, n: u128, balance: i64, dated: &[(&str, i64)]) -> &mut Self {
        let account = self.ledger.account(member(n)).cloned().unwrap_or_default();
        let dated: Vec<_> = dated.iter().map(|(until, passes)| (day(until), *passes)).collect();
        assert_eq!((account.balance(), account.dated().collect::<Vec<_>>()), (balance, dated));
        self
    }
}

#[test]
fn a_pass_is_drawn_on_the_first_check_in_of_a_day_and_once_however_often_they_come() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 3, None).comes(1).comes(1).comes(1).holds(1, 2, &[]);
    book.day("2026-11-03").comes(1).holds(1, 1, &[]);
}

#[test]
fn who_never_had_a_pass_draws_none_and_a_subscriber_neither() {
    let mut book = Book::at("2026-11-02");
    book.comes(1).holds(1, 0, &[]);
    assert_eq!(book.ledger.left(member(1)), None);
    book.buy(1, 2, None).plan(1, Plan::Subscription).comes(1).day("2026-11-03").comes(1).holds(1, 2, &[]);
    book.plan(1, Plan::Passes).day("2026-11-04").comes(1).holds(1, 1, &[]);
    // with passes, as the manager said, though none was bought yet
    book.plan(2, Plan::Passes).comes(2).holds(2, -1, &[]);
}

#[test]
fn over_use_is_recorded_and_reads_as_nothing_left() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 1, None).comes(1).day("2026-11-03").comes(1).holds(1, -1, &[]);
    assert_eq!(book.ledger.left(member(1)), Some(0));
}

#[test]
fn what_ends_earliest_is_drawn_first_and_what_is_left_ends_the_day_after() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 1, None).buy(1, 2, Some("2026-12-31")).buy(1, 2, Some("2026-11-03"));
    book.comes(1).holds(1, 4, &[("2026-11-03", 1), ("2026-12-31", 2)]);
    book.day("2026-11-03").holds(1, 4, &[("2026-11-03", 1), ("2026-12-31", 2)]);
    book.day("2026-11-04").holds(1, 3, &[("2026-12-31", 2)]).comes(1).holds(1, 2, &[("2026-12-31", 1)]);
    book.day("2027-01-02").comes(1).holds(1, 0, &[]);
}

#[test]
fn passes_are_good_on_their_last_day() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 1, Some("2026-11-03")).day("2026-11-03").comes(1).holds(1, 0, &[]).day("2026-11-05").holds(1, 0, &[]);
}

#[test]
fn passes_that_end_cover_first_what_was_over_used() {
    let mut book = Book::at("2026-11-02");
    book.plan(1, Plan::Passes).comes(1).day("2026-11-03").comes(1).holds(1, -2, &[]);
    book.buy(1, 5, Some("2026-11-30")).holds(1, 3, &[("2026-11-30", 3)]);
    book.day("2026-12-01").holds(1, 0, &[]);
}

#[test]
fn a_correction_takes_from_what_ends_earliest_and_needs_a_reason() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 2, Some("2026-11-30")).buy(1, 1, None).correct(1, -4).holds(1, -1, &[]).correct(1, 3).holds(1, 2, &[]);
    let correct = |passes, reason: &str| Step::Correct { member: member(1), passes, reason: reason.into(), command: Uuid::nil() };
    for bad in [correct(1, " "), correct(0, "rien"), correct(1001, "trop"), correct(i64::MIN, "trop")] {
        assert_eq!(book.ledger.decide(&bad), Err(BAD_PASSES), "{bad:?}");
    }
}

#[test]
fn the_same_command_twice_moves_passes_once() {
    let mut book = Book::at("2026-11-02");
    let buy = Step::Buy { member: member(1), passes: 10, until: None, command: Uuid::from_u128(7) };
    book.step(&buy).step(&buy).holds(1, 10, &[]);
    let none = Step::Buy { member: member(1), passes: 0, until: None, command: Uuid::from_u128(8) };
    assert_eq!(book.ledger.decide(&none), Err(BAD_PASSES));
}

#[test]
fn a_check_in_without_a_clock_draws_for_the_day_it_turns_out_to_be() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 5, Some("2026-11-02")).buy(1, 5, None);
    book.trusted = false;
    book.comes(1).comes(1).holds(1, 10, &[("2026-11-02", 5)]);
    // the machine ran on until the day after before it learnt the time
    (book.today, book.trusted) = (day("2026-11-03"), true);
    book.visits += 1;
    let again = What::CheckedIn { visit: VisitId(9), subject: Subject::Member(member(1)), reader: None, by: OpenedBy::Tap };
    book.happen(vec![What::ClockKnown, again]);
    // one of the 2nd's own for the 2nd, the other four end, and one for the 3rd
    book.holds(1, 4, &[]);
    book.happen(vec![What::ClockKnown]).holds(1, 4, &[]);
}

#[test]
fn a_guest_visit_that_a_member_claims_draws_their_pass() {
    let code = "K7-M4".parse().unwrap();
    let mut book = Book::at("2026-11-02");
    book.buy(1, 3, None).happen(vec![What::GuestEntered { code, visit: VisitId(1) }]).holds(1, 3, &[]);
    let claimed = |visit| What::GuestClaimed { visit: VisitId(visit), member: member(1) };
    book.happen(vec![claimed(1)]).holds(1, 2, &[]);
    book.day("2026-11-04").trusted = false;
    book.happen(vec![What::GuestEntered { code, visit: VisitId(2) }]).happen(vec![claimed(2)]).holds(1, 2, &[]);
    book.trusted = true;
    book.happen(vec![What::ClockKnown]).holds(1, 1, &[]);
}

#[test]
fn a_visit_that_annuler_reopens_draws_nothing_more() {
    let mut book = Book::at("2026-11-02");
    book.buy(1, 3, None).comes(1).holds(1, 2, &[]);
    let (visit, subject) = (VisitId(1), Subject::Member(member(1)));
    book.happen(vec![What::Reopened { visit, subject }]).holds(1, 2, &[]);
}
