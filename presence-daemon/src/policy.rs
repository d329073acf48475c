//! Days, closing times and daylight saving: when a visit is over although nobody tapped. Pure.

use crate::clock::Now;
use crate::config::{BadgePolicy, Closing, ClosingTime, Config};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{Disambiguation, TimeZone};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// What the space decided about time, and about whose word a reader takes.
#[derive(Debug, Clone)]
pub struct Policy {
    zone: TimeZone,
    day_starts: Time,
    closing: Closing,
    longest_visit: SignedDuration,
    fresh_for: Duration,
    ask_after: Duration,
    authentic_only: bool,
    lunch: Option<(Time, Time)>,
    /// When the last event of a day ends.
    events: BTreeMap<Date, Timestamp>,
}

impl Policy {
    /// The policy of a config that was checked.
    ///
    /// # Errors
    /// The time zone's name, if this machine doesn't know it.
    pub fn new(config: &Config) -> Result<Self, jiff::Error> {
        Ok(Self {
            zone: TimeZone::get(&config.time_zone)?,
            day_starts: config.day_starts,
            closing: config.closing.clone(),
            longest_visit: config.longest_visit,
            fresh_for: config.fresh_for.unsigned_abs(),
            ask_after: config.ask_after.unsigned_abs(),
            authentic_only: config.badges == BadgePolicy::Authentic,
            lunch: config.lunch.then_some((config.lunch_from, config.lunch_until)),
            events: BTreeMap::new(),
        })
    }

    /// Whether only badges that prove themselves count.
    #[must_use]
    pub fn authentic_only(&self) -> bool {
        self.authentic_only
    }

    /// What the clocks of the site show then.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> jiff::civil::DateTime {
        at.to_zoned(self.zone.clone()).datetime()
    }

    /// The site's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The date on the wall calendar then.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// When the clocks of the site show this.
    #[must_use]
    pub fn moment_of(&self, local: jiff::civil::DateTime) -> Timestamp {
        self.at(local.date(), local.time())
    }

    /// When the clocks of the site show this on a day: a time before the day begins is in the night after.
    #[must_use]
    pub fn on_day(&self, day: Date, time: Time) -> Timestamp {
        let date = if time < self.day_starts { day.tomorrow().unwrap_or(day) } else { day };
        self.at(date, time)
    }

    /// When the space closes on the days from one on, as it was decided: none is said for a day without a closing time.
    #[must_use]
    pub fn closings(&self, from: Date, days: usize) -> Vec<(Date, Option<ClosingTime>, bool)> {
        let mut days: Vec<Date> = from.series(jiff::Span::new().days(1)).take(days).collect();
        days.sort_unstable();
        days.into_iter().map(|day| (day, self.closing_time(day), self.closing.on.contains_key(&day))).collect()
    }

    /// From when until when it is asked who eats here; not on a day on which the space is closed.
    #[must_use]
    pub fn lunch(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let (from, until) = self.lunch.filter(|_| self.closing_time(day) != Some(ClosingTime::Closed))?;
        Some((self.at(day, from), self.at(day, until)))
    }

    /// Until when events keep the house open, by day.
    pub fn stays_open(&mut self, last_of_days: BTreeMap<Date, Timestamp>) {
        self.events = last_of_days;
    }

    /// When the calendar day of a moment began.
    #[must_use]
    pub fn day_start(&self, at: Timestamp) -> Timestamp {
        at.to_zoned(self.zone.clone()).start_of_day().map_or(at, |start| start.timestamp())
    }

    /// The day a moment belongs to: a night's end before `day_starts` still belongs to the day before.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        let local = at.to_zoned(self.zone.clone());
        let date = local.date();
        if local.time() < self.day_starts { date.yesterday().unwrap_or(date) } else { date }
    }

    /// Whether two moments are of the same day. Where nobody can tell, they are: what is limited to once a day stays so.
    #[must_use]
    pub fn same_day(&self, earlier: &Now, later: &Now) -> bool {
        match (earlier.wall, later.wall) {
            (Some(earlier), Some(later)) => self.day_of(earlier) == self.day_of(later),
            _ => later.since(earlier).is_none_or(|gone| gone < Duration::from_secs(24 * 3600)),
        }
    }

    /// When a day begins.
    #[must_use]
    pub fn day_begin(&self, day: Date) -> Timestamp {
        self.at(day, self.day_starts)
    }

    /// When the day after begins: 23, 24 or 25 hours after [`Policy::day_begin`].
    #[must_use]
    pub fn day_end(&self, day: Date) -> Timestamp {
        self.day_begin(day.tomorrow().unwrap_or(day))
    }

    fn closing_time(&self, day: Date) -> Option<ClosingTime> {
        let closing = &self.closing;
        let by_weekday = match day.weekday() {
            Weekday::Monday => closing.monday,
            Weekday::Tuesday => closing.tuesday,
            Weekday::Wednesday => closing.wednesday,
            Weekday::Thursday => closing.thursday,
            Weekday::Friday => closing.friday,
            Weekday::Saturday => closing.saturday,
            Weekday::Sunday => closing.sunday,
        };
        closing.on.get(&day).copied().or(by_weekday)
    }

    /// When the space closes on a day, if it is set: not before that day's last event is over.
    #[must_use]
    pub fn closing_of(&self, day: Date) -> Option<Timestamp> {
        let closing = match self.closing_time(day)? {
            ClosingTime::Closed => return None,
            // a time before the day starts is in the night after
            ClosingTime::At(time) if time < self.day_starts => self.at(day.tomorrow().ok()?, time),
            ClosingTime::At(time) => self.at(day, time),
        };
        Some(self.events.get(&day).map_or(closing, |end| closing.max(*end)))
    }

    /// Whether the space is closed then, as far as closing times tell: when it opens again is not known before the next day begins.
    #[must_use]
    pub fn is_closed(&self, at: Timestamp) -> bool {
        let day = self.day_of(at);
        match self.closing_of(day) {
            Some(closing) => at >= closing,
            None => matches!(self.closing_time(day), Some(ClosingTime::Closed)),
        }
    }

    /// When a visit that opened then is closed by nobody: at closing time, after the longest visit or at the day's end, whichever
    /// comes first. One that opens after closing time lasts until the day's end.
    #[must_use]
    pub fn close_by(&self, opened: Timestamp) -> Timestamp {
        let day = self.day_of(opened);
        let longest = opened.checked_add(self.longest_visit).unwrap_or(Timestamp::MAX);
        let end = self.day_end(day).min(longest);
        self.closing_of(day).filter(|closing| *closing > opened).map_or(end, |closing| closing.min(end))
    }

    /// No visit lasts longer.
    #[must_use]
    pub fn longest_end(&self, opened: Timestamp) -> Timestamp {
        opened.checked_add(self.longest_visit).unwrap_or(Timestamp::MAX).max(self.day_end(self.day_of(opened)))
    }

    /// Whether somebody last seen then counts as here, rather than as *passé·e aujourd'hui*.
    #[must_use]
    pub fn is_fresh(&self, last_seen: &Now, now: &Now) -> bool {
        now.since(last_seen).is_some_and(|gone| gone < self.fresh_for)
    }

    /// How long a tap keeps somebody fresh.
    #[must_use]
    pub fn fresh_for(&self) -> Duration {
        self.fresh_for
    }

    /// Whether the last tap was so long ago that a greeting should offer to leave.
    #[must_use]
    pub fn asks_to_stay(&self, last_seen: &Now, now: &Now) -> bool {
        now.since(last_seen).is_some_and(|gone| gone > self.ask_after)
    }

    /// A local time as a moment: in the hour that comes twice the later one (nobody is sent home early), in the hour that is skipped
    /// the moment after it.
    fn at(&self, day: Date, time: Time) -> Timestamp {
        let ambiguous = self.zone.to_ambiguous_timestamp(day.to_datetime(time));
        ambiguous.disambiguate(Disambiguation::Later).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;
    use std::path::Path;

    pub(crate) fn policy(text: &str) -> Policy {
        Policy::new(&Config::parse(text, Path::new("test.toml")).unwrap()).unwrap()
    }

    fn local(text: &str) -> Timestamp {
        format!("{text}[America/Toronto]").parse::<jiff::Zoned>().unwrap().timestamp()
    }

    const CLOSES: &str = "[closing]\nmonday = '22:00'\nfriday = '01:30'\nsaturday = '01:30'\nsunday = 'closed'\n[closing.on]\n2026-12-24 = '15:00'\n";

    #[test]
    fn a_night_belongs_to_the_day_before() {
        let policy = policy("");
        assert_eq!(policy.day_of(local("2026-10-24T03:59:00")), date(2026, 10, 23));
        assert_eq!(policy.day_of(local("2026-10-24T04:00:00")), date(2026, 10, 24));
    }

    #[test]
    fn closing_time_is_by_weekday_and_by_date() {
        let policy = policy(CLOSES);
        assert_eq!(policy.closing_of(date(2026, 10, 19)), Some(local("2026-10-19T22:00:00")));
        assert_eq!(policy.closing_of(date(2026, 10, 20)), None);
        assert_eq!(policy.closing_of(date(2026, 10, 23)), Some(local("2026-10-24T01:30:00")), "the night after Friday");
        assert_eq!(policy.closing_of(date(2026, 10, 25)), None);
        assert_eq!(policy.closing_of(date(2026, 12, 24)), Some(local("2026-12-24T15:00:00")));
    }

    #[track_caller]
    fn check(opened: &str, closed: &str) {
        assert_eq!(policy(CLOSES).close_by(local(opened)), local(closed), "opened {opened}");
    }

    #[test]
    fn a_visit_is_closed_at_closing_time_the_longest_visit_or_the_days_end() {
        check("2026-10-19T09:00:00", "2026-10-19T22:00:00");
        check("2026-10-19T22:30:00", "2026-10-20T04:00:00"); // after closing: until the day's end
        check("2026-10-20T04:30:00", "2026-10-20T20:30:00"); // no closing time: the longest visit
        check("2026-10-20T20:00:00", "2026-10-21T04:00:00");
        check("2026-10-25T10:00:00", "2026-10-26T02:00:00"); // closed all day, and somebody came
    }

    #[test]
    fn the_23_hour_day_of_america_toronto() {
        let policy = policy("longest_visit = '40h'");
        let day = date(2026, 3, 7);
        assert_eq!(policy.day_end(day).duration_since(policy.day_begin(day)), SignedDuration::from_hours(23));
        // 02:30 does not exist on March 8: closing moves to after the gap
        let policy = super::tests::policy("[closing]\nsaturday = '02:30'");
        assert_eq!(policy.closing_of(day), Some(local("2026-03-08T03:30:00-04:00")));
    }

    #[test]
    fn the_25_hour_day_of_america_toronto() {
        let policy = policy(CLOSES);
        let day = date(2026, 10, 31);
        assert_eq!(policy.day_end(day).duration_since(policy.day_begin(day)), SignedDuration::from_hours(25));
        // 01:30 comes twice on November 1: nobody is sent home at the first one
        assert_eq!(policy.closing_of(day), Some(local("2026-11-01T01:30:00-05:00")));
        // 16 hours are 16 hours, whatever the wall clock shows
        check("2026-10-31T13:00:00-04:00", "2026-11-01T01:30:00-05:00");
        check("2026-11-01T02:30:00-05:00", "2026-11-01T04:00:00-05:00");
    }
}
