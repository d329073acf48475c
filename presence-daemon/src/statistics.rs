//! How full the house is, hour by hour. Pure.
//!
//! Somebody who never checked out counts until they were last seen plus the median length of the visits that ended by a tap; a day with
//! such visits is marked as estimated. Small groups are hidden where it is published, not here.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use voisins_shared::payload::{HistoryDay, OpenCount, YearMonth};

/// So many months are kept, this one included.
pub const MONTHS: i64 = 13;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A visit as far as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visited {
    #[allow(missing_docs)]
    pub opened: Timestamp,
    /// The last tap.
    pub seen: Timestamp,
    /// When and whether by themselves; `None` while they are here.
    pub closed: Option<(Timestamp, Ended)>,
    /// When the house would have closed it.
    pub latest: Timestamp,
}

/// Whether somebody said that a visit is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// A tap, a button, the manager.
    Told,
    /// Nobody: the day ended.
    Assumed,
}

/// From when until when somebody counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    from: Timestamp,
    until: Timestamp,
    estimated: bool,
}

/// One day of the site's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The most people at a time, in each hour that is over, from midnight on.
    pub hours: Vec<u32>,
    /// Some stays are estimated.
    pub estimated: bool,
}

impl Day {
    /// As it is published: small groups hidden.
    #[must_use]
    pub fn published(&self, day: Date) -> HistoryDay {
        HistoryDay { day, hours: self.hours.iter().map(|n| OpenCount::from(*n)).collect(), estimated: self.estimated }
    }
}

/// The first day that is kept.
#[must_use]
pub fn first_day(today: Date) -> Date {
    YearMonth::of(today).back(MONTHS - 1).first()
}

/// How long a visit counts, as far as `now` knows. `usual` is the median length of visits that ended by a tap.
#[must_use]
pub fn stay(visit: &Visited, usual: SignedDuration, now: Timestamp) -> Stay {
    let from = visit.opened;
    let guess = visit.seen.checked_add(usual).unwrap_or(Timestamp::MAX).min(visit.latest);
    let (until, estimated) = match visit.closed {
        Some((closed, Ended::Told)) => (closed, false),
        Some((_, Ended::Assumed)) => (guess, true),
        None if now <= guess => (now, false),
        None => (guess, true),
    };
    // somebody who came and went in the same second was here
    Stay { from, until: until.max(from + SignedDuration::from_secs(1)), estimated }
}

/// How many hours of a day are over at a moment: none before it begins, 23 to 25 once it is over.
#[must_use]
pub fn hours_over(day: Date, at: Timestamp, zone: &TimeZone) -> usize {
    hours_of(day, zone).take_while(|(_, end)| *end <= at).count()
}

/// The hours of a day, each from its beginning to its end.
fn hours_of(day: Date, zone: &TimeZone) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let midnight = |day: Date| zone.to_ambiguous_zoned(day.to_datetime(jiff::civil::Time::midnight())).compatible();
    let begins = midnight(day).and_then(|zoned| zoned.start_of_day()).map_or(Timestamp::MAX, |zoned| zoned.timestamp());
    let ends = midnight(day.tomorrow().unwrap_or(day)).and_then(|zoned| zoned.start_of_day());
    let ends = ends.map_or(begins, |zoned| zoned.timestamp());
    let next = move |from: &(Timestamp, Timestamp)| (from.1 < ends).then(|| (from.1, (from.1 + HOUR).min(ends)));
    // a zone that changes by half an hour ends its day with half an hour
    std::iter::successors((begins < ends).then(|| (begins, (begins + HOUR).min(ends))), next)
}

/// Counts a day, as far as its hours are over.
#[must_use]
pub fn count(day: Date, stays: &[Stay], now: Timestamp, zone: &TimeZone) -> Day {
    // who leaves when another comes makes room: departures first
    let mut moves: Vec<(Timestamp, i64)> = stays.iter().flat_map(|stay| [(stay.from, 1), (stay.until, -1)]).collect();
    moves.sort_unstable();
    let mut moves = moves.into_iter().peekable();
    let (mut here, mut hours) = (0_i64, Vec::new());
    for (begins, ends) in hours_of(day, zone).take_while(|(_, ends)| *ends <= now) {
        while let Some((_, change)) = moves.next_if(|(at, _)| *at <= begins) {
            here += change;
        }
        let mut most = here;
        while let Some((_, change)) = moves.next_if(|(at, _)| *at < ends) {
            here += change;
            most = most.max(here);
        }
        hours.push(u32::try_from(most).unwrap_or(0));
    }
    let span = hours_of(day, zone).fold(None, |span, (begins, ends)| Some((span.map_or(begins, |(first, _)| first), ends)));
    let of_day = |stay: &&Stay| span.is_some_and(|(begins, ends)| stay.from < ends && stay.until > begins);
    Day { hours, estimated: stays.iter().filter(of_day).any(|stay| stay.estimated) }
}

/// The median; of an even number the lower one of the two in the middle.
#[must_use]
pub fn median<T: Copy + Ord>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("America/Toronto").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        format!("{text}[America/Toronto]").parse::<jiff::Zoned>().unwrap().timestamp()
    }

    fn visit(opened: &str, seen: &str, closed: Option<(&str, Ended)>) -> Visited {
        let closed = closed.map(|(closed, ended)| (at(closed), ended));
        Visited { opened: at(opened), seen: at(seen), closed, latest: at("2026-10-24T04:00:00") }
    }

    fn counted(visits: &[Visited], now: &str) -> Day {
        let stays: Vec<Stay> = visits.iter().map(|visit| stay(visit, SignedDuration::from_hours(2), at(now))).collect();
        count("2026-10-23".parse().unwrap(), &stays, at(now), &zone())
    }

    #[test]
    fn an_hour_counts_the_most_people_at_a_time() {
        let told = |from, until| visit(from, from, Some((until, Ended::Told)));
        let visits = [
            told("2026-10-23T08:50:00", "2026-10-23T09:30:00"),
            told("2026-10-23T09:10:00", "2026-10-23T11:00:00"),
            // comes as the first one leaves
            told("2026-10-23T09:30:00", "2026-10-23T09:30:00"),
        ];
        let day = counted(&visits, "2026-10-24T12:00:00");
        assert_eq!((day.hours.len(), &day.hours[7..12]), (24, &[0, 1, 2, 1, 0][..]));
        assert!(!day.estimated);
    }

    #[test]
    fn who_never_checked_out_counts_for_a_usual_visit_after_they_were_last_seen() {
        let visits = [visit("2026-10-23T09:00:00", "2026-10-23T09:00:00", Some(("2026-10-23T22:00:00", Ended::Assumed)))];
        let day = counted(&visits, "2026-10-24T12:00:00");
        assert_eq!((&day.hours[8..12], day.estimated), (&[0, 1, 1, 0][..], true));
    }

    #[test]
    fn who_is_here_counts_until_now_and_only_hours_that_are_over_are_told() {
        let visits = [visit("2026-10-23T09:00:00", "2026-10-23T09:00:00", None)];
        let day = counted(&visits, "2026-10-23T10:20:00");
        assert_eq!((day.hours.len(), day.hours[9], day.estimated), (10, 1, false));
        let late = counted(&visits, "2026-10-23T15:00:00");
        assert_eq!((&late.hours[9..13], late.estimated), (&[1, 1, 0, 0][..], true), "not seen for longer than usual");
    }

    #[test]
    fn days_have_23_24_or_25_hours() {
        for (day, hours) in [("2026-03-08", 23), ("2026-10-23", 24), ("2026-11-01", 25)] {
            let day = day.parse().unwrap();
            assert_eq!(hours_over(day, at("2027-01-01T00:00:00"), &zone()), hours);
            assert_eq!(count(day, &[], at("2027-01-01T00:00:00"), &zone()).hours.len(), hours);
        }
        assert_eq!(hours_over("2026-10-23".parse().unwrap(), at("2026-10-23T10:59:59"), &zone()), 10);
        assert_eq!(hours_over("2026-10-23".parse().unwrap(), at("2026-10-22T23:00:00"), &zone()), 0);
    }

    #[test]
    fn a_night_over_midnight_counts_on_both_days() {
        let over = Visited {
            opened: at("2026-10-22T22:00:00"),
            seen: at("2026-10-22T22:00:00"),
            closed: Some((at("2026-10-23T01:30:00"), Ended::Told)),
            latest: at("2026-10-23T04:00:00"),
        };
        assert_eq!(counted(&[over], "2026-10-24T12:00:00").hours[..3], [1, 1, 0]);
    }

    #[test]
    fn thirteen_months_are_kept() {
        assert_eq!(first_day("2026-11-23".parse().unwrap()), "2025-11-01".parse::<Date>().unwrap());
        assert_eq!((median::<u32>(&mut []), median(&mut [9, 1, 5]), median(&mut [4, 1, 3, 2])), (None, Some(5), Some(2)));
    }
}
