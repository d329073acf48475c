//! How much neighbours help each other, month by month: numbers only. Pure.

use crate::policy::Policy;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use voisins_shared::introduction::Led;
use voisins_shared::payload::Month;

/// So many months are told, this one included.
pub const MONTHS: i64 = 13;

/// One need, as far as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Need {
    pub posted: Timestamp,
    /// When it was first answered.
    pub answered: Option<Timestamp>,
    /// When it was met.
    pub met: Option<Timestamp>,
}

/// One introduction that both accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Introduction {
    pub introduced: Timestamp,
    /// What it led to, and when one of the two said so.
    pub led: Option<(Led, Timestamp)>,
}

/// The months until today, the latest first; none before anything happened. A need counts in the month it was put up, its answer with
/// it, and once more in the month it was met.
#[must_use]
pub fn months(needs: &[Need], introductions: &[Introduction], today: Date, policy: &Policy) -> Vec<Month> {
    let mut found: BTreeMap<Date, (Month, Vec<u32>)> = BTreeMap::new();
    found.entry(today.first_of_month()).or_default();
    let mut at = |moment: Timestamp, count: &dyn Fn(&mut Month, &mut Vec<u32>)| {
        let (month, answers) = found.entry(policy.day_of(moment).first_of_month()).or_default();
        count(month, answers);
    };
    for need in needs {
        at(need.posted, &|month, answers| {
            month.needs_posted += 1;
            answers.extend(need.answered.map(|answered| minutes(need.posted, answered)));
        });
        if let Some(met) = need.met {
            at(met, &|month, _| month.needs_met += 1);
        }
    }
    for introduction in introductions {
        at(introduction.introduced, &|month, _| month.introduced += 1);
        if let Some((led, said)) = introduction.led {
            at(said, &|month, _| {
                *match led {
                    Led::Met => &mut month.led_to_meeting,
                    Led::Project => &mut month.led_to_project,
                    Led::Nothing => &mut month.led_to_nothing,
                } += 1;
            });
        }
    }
    let first = found.keys().next().copied().unwrap_or(today);
    let back = |n: i64| today.first_of_month().checked_sub(jiff::Span::new().months(n)).ok();
    let wanted = (0..MONTHS).map_while(back).take_while(|month| *month >= first);
    wanted
        .map(|day| {
            let (month, mut answers) = found.remove(&day).unwrap_or_default();
            Month { month: day.strftime("%Y-%m").to_string(), first_answer_minutes: median(&mut answers), ..month }
        })
        .collect()
}

fn minutes(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from(to.duration_since(from).as_mins().max(0)).unwrap_or(u32::MAX)
}

/// Of an even number, the lower one of the two in the middle.
fn median(values: &mut [u32]) -> Option<u32> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tests::policy;

    fn at(text: &str) -> Timestamp {
        format!("{text}[America/Toronto]").parse::<jiff::Zoned>().unwrap().timestamp()
    }

    fn need(posted: &str, answered: Option<&str>, met: Option<&str>) -> Need {
        Need { posted: at(posted), answered: answered.map(at), met: met.map(at) }
    }

    #[test]
    fn a_month_counts_by_the_days_of_the_site() {
        let needs = [
            need("2026-10-31T23:00:00", Some("2026-10-31T23:10:00"), Some("2026-11-02T10:00:00")),
            // the night still belongs to October
            need("2026-11-01T03:00:00", Some("2026-11-01T04:00:00"), None),
            need("2026-11-05T09:00:00", None, None),
        ];
        let led = |led| Some((led, at("2026-11-20T09:00:00")));
        let introductions = [
            Introduction { introduced: at("2026-10-30T09:00:00"), led: led(Led::Project) },
            Introduction { introduced: at("2026-11-12T09:00:00"), led: None },
        ];
        let months = months(&needs, &introductions, "2026-11-23".parse().unwrap(), &policy(""));
        let named: Vec<(&str, u32, u32)> = months.iter().map(|m| (&*m.month, m.needs_posted, m.needs_met)).collect();
        assert_eq!(named, [("2026-11", 1, 1), ("2026-10", 2, 0)], "the latest first");
        assert_eq!((months[0].first_answer_minutes, months[1].first_answer_minutes), (None, Some(10)));
        assert_eq!((months[0].introduced, months[0].led_to_project, months[1].introduced), (1, 1, 1));
        assert_eq!(months[0].good_turns(), 2);
    }

    #[test]
    fn there_are_thirteen_months_at_most_and_none_before_anything_happened() {
        let today = "2026-11-23".parse().unwrap();
        let named = |needs: &[Need]| -> Vec<String> {
            months(needs, &[], today, &policy("")).into_iter().map(|month| month.month).collect()
        };
        assert_eq!(named(&[]), ["2026-11"]);
        assert_eq!(named(&[need("2026-09-02T09:00:00", None, None)]), ["2026-11", "2026-10", "2026-09"]);
        let long = named(&[need("2020-01-02T09:00:00", None, None)]);
        assert_eq!((long.len(), &*long[12]), (13, "2025-11"));
    }

    #[test]
    fn the_median_is_of_those_that_were_answered() {
        for (mut values, expected) in [(vec![], None), (vec![9], Some(9)), (vec![1, 100, 5], Some(5)), (vec![4, 1, 3, 2], Some(2))]
        {
            assert_eq!(median(&mut values), expected);
        }
    }
}
