//! Random days of purchases, taps, services, corrections, clock jumps and restarts: what must never happen to passes.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Do {
    Buy(usize, u32, Option<i64>),
    Correct(usize, i64),
    Plan(usize, bool),
    Tap(usize),
    /// The space's need, met by somebody, as the manager says twice.
    Earn(usize),
    Wait(u64),
    /// The wall clock is set.
    Jump(i64),
    /// Whether the clock is trusted.
    Trust(bool),
    Restart,
}

fn what() -> impl Strategy<Value = Do> {
    let person = || 1usize..=4;
    prop_oneof![
        2 => (person(), 1u32..6, proptest::option::of(-2i64..6)).prop_map(|(n, passes, until)| Do::Buy(n, passes, until)),
        1 => (person(), -4i64..4).prop_map(|(n, passes)| Do::Correct(n, passes)),
        1 => (person(), any::<bool>()).prop_map(|(n, plan)| Do::Plan(n, plan)),
        6 => person().prop_map(Do::Tap),
        1 => person().prop_map(Do::Earn),
        3 => (0u64..3000).prop_map(Do::Wait),
        1 => (-72i64..72).prop_map(Do::Jump),
        2 => any::<bool>().prop_map(Do::Trust),
        1 => Just(Do::Restart),
    ]
}

impl Site {
    fn day(&mut self) -> Date {
        let wall = self.wall;
        self.house().presence().policy().day_of(wall)
    }

    fn draws(&self) -> i64 {
        self.sql("SELECT count(*) FROM pass_transfer WHERE sort = 'drawn'")
    }

    fn on_passes(&mut self, n: usize) -> bool {
        let member = self.id(n);
        self.house().community().ledger().account(member).is_some_and(Account::on_passes)
    }

    fn verify(&mut self) {
        assert_eq!(self.sql::<i64>("SELECT coalesce(sum(passes), 0) FROM pass_entry"), 0);
        let unbalanced =
            "SELECT count(*) FROM (SELECT 1 FROM pass_entry GROUP BY transfer_id HAVING sum(passes) <> 0 OR count(*) <> 2)";
        assert_eq!(self.sql::<i64>(unbalanced), 0, "every transfer balances");
        let twice = "SELECT count(*) FROM (SELECT 1 FROM pass_transfer WHERE sort = 'drawn' GROUP BY from_account, day HAVING count(*) > 1)";
        assert_eq!(self.sql::<i64>(twice), 0, "one a day");
        for n in 1..=4 {
            let id = self.id(n);
            let sum = format!(
                "SELECT coalesce(sum(passes), 0) FROM pass_entry JOIN pass_account USING (account_id) WHERE member_id = '{id}'"
            );
            assert_eq!(self.sql::<i64>(&sum), self.balance(n), "the balance is the sum");
            let account = self.house().community().ledger().account(id).cloned().unwrap_or_default();
            assert!(account.dated().all(|(_, passes)| passes > 0), "what ends is never over-used");
        }
    }

    fn carry_out(&mut self, what: &Do) {
        match *what {
            Do::Buy(n, passes, until) => {
                let day = self.day();
                self.buys(n, passes, until.map(|days| day.saturating_add(jiff::Span::new().days(days))));
            }
            Do::Correct(n, passes) => {
                let (member, command) = (self.id(n), self.chance());
                self.steps(Step::Ledger(Passes::Correct { member, passes, reason: "au hasard".into(), command }));
            }
            Do::Plan(n, passes) => {
                let plan = if passes { Plan::Passes } else { Plan::Subscription };
                let member = self.id(n);
                self.steps(Step::Ledger(Passes::Plan { member, plan }));
            }
            Do::Tap(n) => {
                // what time brings, first: what was owed is drawn then
                self.does(&Input::Deadline);
                let (draws, on_passes) = (self.draws(), self.on_passes(n));
                let came = matches!(self.arrives(n), Outcome::Greeted { moment: voisins_shared::payload::Moment::Arrival, .. });
                let (member, day) = (self.id(n), self.day());
                let drawn = format!(
                    "SELECT count(*) FROM pass_transfer JOIN pass_account ON account_id = from_account WHERE member_id = '{member}' AND day = '{day}'"
                );
                assert!(on_passes || self.draws() == draws, "a subscriber draws none");
                assert!(self.draws() <= draws + 1);
                assert!(!(came && on_passes && self.trusted) || self.sql::<i64>(&drawn) == 1, "a check-in draws");
            }
            Do::Earn(n) => {
                let (need, by, before) = (NeedId(self.chance()), self.id(n), self.balance(n));
                let draft = Draft { text: "photos".into(), skills: vec![] };
                self.does(&Input::Deadline);
                let expired = self.balance(n) - before;
                self.steps(Step::Need(Needs::Put { author: None, draft, audience: Audience::Named, need, passes: Some(3) }));
                for _ in 0..2 {
                    assert_eq!(self.steps(Step::Need(Needs::Fulfil { need, by })), Outcome::Settled);
                }
                assert_eq!(self.balance(n), before + expired + 3, "paid once");
            }
            Do::Wait(minutes) => drop(self.waits(minutes)),
            Do::Jump(hours) => self.wall += jiff::SignedDuration::from_hours(hours),
            Do::Trust(trusted) => self.trusted = trusted,
            Do::Restart => self.restarts(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_days_keep_the_ledger_balanced(days in proptest::collection::vec(what(), 1..40)) {
        let mut site = Site::new();
        for what in &days {
            site.carry_out(what);
            site.verify();
        }
        site.restarts();
    }
}
