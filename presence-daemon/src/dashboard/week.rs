//! What the months of hours tell: today's curve, the typical week, month by month. Pure. Small groups come hidden and stay hidden.

use crate::statistics::median;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use voisins_shared::payload::{HistoryDay, OpenCount, YearMonth};
use voisins_shared::roster::Roster;

/// So many days make a typical week.
const DAYS: i64 = 90;
/// So many months are shown.
const MONTHS: i64 = 13;
/// The hours that are shown on any day: more only if somebody was here.
const SHOWN: (usize, usize) = (7, 20);

/// How many people: none where fewer than five are not told.
pub type People = Option<u32>;

fn people(count: OpenCount) -> People {
    match count {
        OpenCount::Exact(n) => Some(n),
        OpenCount::Few(_) => None,
    }
}

/// The most people at a time in each hour of a typical week: Monday first, midnight first. `None` for a weekday without any day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week(pub [Option<[People; 24]>; 7]);

/// One month: the median of its days' fullest hours. Days on which fewer than five came at any time are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthOfDays {
    #[allow(missing_docs)]
    pub month: YearMonth,
    /// None if there was no day with five people or more.
    pub fullest: People,
    /// Some of it is estimated.
    pub estimated: bool,
}

/// Today, hour by hour of the wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Today {
    /// Hours that are over: `Some(None)` is a small group.
    pub over: [Option<People>; 24],
    /// The hour that runs.
    pub hour: usize,
    /// Some of it is estimated.
    pub estimated: bool,
}

/// The hours of the wall clock in which a day's hours lie: the hour that comes twice stands twice, the skipped one not at all.
fn clock_hours(day: Date, zone: &TimeZone) -> impl Iterator<Item = usize> {
    let begins = day.to_zoned(zone.clone()).map_or(Timestamp::MIN, |zoned| zoned.timestamp());
    let zone = zone.clone();
    (0..26).map(move |n| {
        let at = begins.checked_add(SignedDuration::from_hours(n)).unwrap_or(Timestamp::MAX);
        usize::from(at.to_zoned(zone.clone()).hour().unsigned_abs())
    })
}

fn by_clock<'a>(day: &'a HistoryDay, zone: &'a TimeZone) -> impl Iterator<Item = (usize, People)> + 'a {
    clock_hours(day.day, zone).zip(day.hours.iter().map(|count| people(*count)))
}

/// The typical week: medians of the days before today.
#[must_use]
pub fn typical(roster: &Roster, today: Date, zone: &TimeZone) -> Week {
    let first = today.saturating_sub(jiff::Span::new().days(DAYS));
    let mut found: BTreeMap<usize, Vec<[People; 24]>> = BTreeMap::new();
    for day in roster.history().flat_map(|month| &month.days).filter(|day| (first..today).contains(&day.day)) {
        let mut hours = [None; 24];
        for (hour, count) in by_clock(day, zone) {
            // `None` is less than any number, so the fuller of two hours stays
            hours[hour] = hours[hour].max(count);
        }
        found.entry(weekday(day.day.weekday())).or_default().push(hours);
    }
    let of = |day| found.get(&day).map(|days| std::array::from_fn(|hour| middle(days, hour)));
    Week(std::array::from_fn(of))
}

fn middle(days: &[[People; 24]], hour: usize) -> People {
    median(&mut days.iter().map(|hours| hours[hour]).collect::<Vec<_>>()).flatten()
}

/// Monday is 0.
#[must_use]
pub fn weekday(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

/// The months until now, the oldest first.
#[must_use]
pub fn months(roster: &Roster, today: Date) -> Vec<MonthOfDays> {
    let first = YearMonth::of(today).back(MONTHS - 1);
    let told = roster.history().filter(|history| history.month >= first && history.month <= YearMonth::of(today));
    let month = |history: &voisins_shared::payload::History| {
        let fullest = |day: &HistoryDay| day.hours.iter().filter_map(|count| people(*count)).max();
        let mut days: Vec<u32> = history.days.iter().filter_map(fullest).collect();
        let estimated = history.days.iter().any(|day| day.estimated);
        MonthOfDays { month: history.month, fullest: median(&mut days), estimated }
    };
    told.map(month).collect()
}

/// Today's hours.
#[must_use]
pub fn today(roster: &Roster, now: Timestamp, zone: &TimeZone) -> Today {
    let local = now.to_zoned(zone.clone());
    let day = roster.history().flat_map(|month| &month.days).find(|day| day.day == local.date());
    let mut over = [None; 24];
    for (hour, count) in day.into_iter().flat_map(|day| by_clock(day, zone)) {
        over[hour] = Some(over[hour].flatten().max(count));
    }
    Today { over, hour: usize::from(local.hour().unsigned_abs()), estimated: day.is_some_and(|day| day.estimated) }
}

/// From which hour to which one a chart goes, both shown.
#[must_use]
pub fn span(busy: impl IntoIterator<Item = usize>) -> (usize, usize) {
    busy.into_iter().fold(SHOWN, |(from, to), hour| (from.min(hour), to.max(hour)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use voisins_shared::payload::{History, V, encode};
    use voisins_shared::topic::Topic;

    fn zone() -> TimeZone {
        TimeZone::get("America/Toronto").unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn roster(days: &[(&str, &[(usize, u32)])]) -> Roster {
        let mut roster = Roster::default();
        let mut months: BTreeMap<YearMonth, Vec<HistoryDay>> = BTreeMap::new();
        for (day, full) in days {
            let mut hours = vec![OpenCount::from(0); 24];
            full.iter().for_each(|(hour, n)| hours[*hour] = OpenCount::from(*n));
            let day = HistoryDay { day: date(day), hours, estimated: false };
            months.entry(YearMonth::of(day.day)).or_default().push(day);
        }
        for (month, days) in months {
            let document = History { v: V, session: Uuid::nil(), rev: 1, month, days };
            roster.apply(&Topic::History(month), &encode(&document)).unwrap();
        }
        roster
    }

    #[test]
    fn a_typical_week_is_the_median_of_ninety_days_without_today() {
        let roster = roster(&[
            ("2026-06-01", &[(10, 99)]), // a Monday, too long ago
            ("2026-11-02", &[(10, 8)]),
            ("2026-11-09", &[(10, 12), (11, 5)]),
            ("2026-11-16", &[(10, 30)]),
            ("2026-11-23", &[(10, 50)]),
        ]);
        let Week(week) = typical(&roster, date("2026-11-23"), &zone());
        let monday = week[0].unwrap();
        assert_eq!((monday[10], monday[11], monday[12]), (Some(12), None, None), "a small group stays hidden");
        assert!(week[1].is_none());
    }

    #[test]
    fn the_hour_that_comes_twice_counts_once_and_the_skipped_one_not() {
        let hours = |day: &str, n| clock_hours(date(day), &zone()).take(n).collect::<Vec<_>>();
        assert_eq!(hours("2026-11-01", 5), [0, 1, 1, 2, 3]);
        assert_eq!(hours("2026-03-08", 4), [0, 1, 3, 4]);
        let roster = roster(&[("2026-11-01", &[(1, 9), (2, 6), (11, 7)])]);
        let now = "2026-11-01T12:20:00[America/Toronto]".parse::<jiff::Zoned>().unwrap().timestamp();
        let day = today(&roster, now, &zone());
        assert_eq!((day.over[1], day.over[10], day.hour), (Some(Some(9)), Some(Some(7)), 12));
    }

    #[test]
    fn a_month_tells_its_usual_fullest_hour() {
        let roster = roster(&[
            ("2025-10-30", &[(9, 50)]),
            ("2025-11-03", &[(9, 4)]),
            ("2026-11-02", &[(9, 8), (15, 6)]),
            ("2026-11-03", &[(9, 14)]),
            ("2026-11-04", &[(9, 10)]),
        ]);
        let months = months(&roster, date("2026-11-23"));
        let told: Vec<_> = months.iter().map(|month| (month.month.to_string(), month.fullest)).collect();
        assert_eq!(told, [("2025-11".to_owned(), None), ("2026-11".to_owned(), Some(10))]);
        assert_eq!((span([9, 22]), span([])), ((7, 22), (7, 20)));
    }
}
