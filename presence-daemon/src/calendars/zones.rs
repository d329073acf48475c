//! When something in a calendar is: what the clocks of a zone show → a moment.

use calcard::common::PartialDateTime;
use calcard::icalendar::timezone::TzResolver;
use calcard::icalendar::{ICalendarEntry, ICalendarPeriod, ICalendarValue};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// When something begins: a moment, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) starts: Timestamp,
    pub(super) day: Option<Date>,
}

/// The zones of a calendar.
pub(super) struct Zones<'a> {
    pub(super) known: TzResolver<&'a str>,
    pub(super) site: &'a TimeZone,
}

impl Zones<'_> {
    /// The zone that an entry names. One that nobody knows is taken to be the site's.
    fn of(&self, entry: &ICalendarEntry) -> TimeZone {
        let named = entry.tz_id().and_then(|name| {
            let known = || self.known.resolve(name)?.name().and_then(|name| TimeZone::get(&name).ok());
            TimeZone::get(name).ok().or_else(known)
        });
        named.unwrap_or_else(|| self.site.clone())
    }

    /// When an entry's first value is, what the clocks show then, and in which zone.
    pub(super) fn start(&self, entry: &ICalendarEntry) -> Option<(Moment, DateTime, TimeZone)> {
        let at = entry.values.first()?.as_partial_date_time()?;
        self.place(at, entry)
    }

    fn place(&self, at: &PartialDateTime, entry: &ICalendarEntry) -> Option<(Moment, DateTime, TimeZone)> {
        let (shows, has_time) = civil(at)?;
        let zone = match (has_time, offset(at)) {
            // a day is a day of the site
            (false, _) => self.site.clone(),
            (true, Some(offset)) => TimeZone::fixed(offset),
            (true, None) => self.of(entry),
        };
        let starts = zone.to_timestamp(shows).ok()?;
        Some((Moment { starts, day: (!has_time).then(|| shows.date()) }, shows, zone))
    }

    /// All moments of an entry.
    pub(super) fn moments(&self, entry: &ICalendarEntry) -> Vec<Moment> {
        let at = |value: &ICalendarValue| match value {
            ICalendarValue::PartialDateTime(at) => self.place(at, entry),
            ICalendarValue::Period(ICalendarPeriod::Range { start, .. } | ICalendarPeriod::Duration { start, .. }) => {
                self.place(start, entry)
            }
            _ => None,
        };
        entry.values.iter().filter_map(at).map(|(moment, ..)| moment).collect()
    }

    pub(super) fn day_begins(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.site.clone()).ok().map(|begin| begin.timestamp())
    }
}

/// What the clocks show, and whether they were asked.
pub(super) fn civil(at: &PartialDateTime) -> Option<(DateTime, bool)> {
    let small = |n: u8| i8::try_from(n).ok();
    let date = Date::new(i16::try_from(at.year?).ok()?, small(at.month?)?, small(at.day?)?).ok()?;
    let Some(hour) = at.hour else { return Some((date.at(0, 0, 0, 0), false)) };
    // a leap second is the one before it
    let (minute, second) = (at.minute.unwrap_or_default(), at.second.unwrap_or_default().min(59));
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    Some((date.to_datetime(time), true))
}

/// How far its clocks are from UTC, if that is said.
pub(super) fn offset(at: &PartialDateTime) -> Option<jiff::tz::Offset> {
    let seconds = i32::from(at.tz_hour?) * 3600 + i32::from(at.tz_minute.unwrap_or_default()) * 60;
    jiff::tz::Offset::from_seconds(if at.tz_minus { -seconds } else { seconds }).ok()
}

/// What the clocks show, as the library writes it.
pub(super) fn partial(at: DateTime) -> PartialDateTime {
    let small = |n: i8| Some(n.unsigned_abs());
    PartialDateTime {
        year: Some(at.year().unsigned_abs()),
        month: small(at.month()),
        day: small(at.day()),
        hour: small(at.hour()),
        minute: small(at.minute()),
        second: small(at.second()),
        ..PartialDateTime::default()
    }
}
