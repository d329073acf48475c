//! iCalendar (RFC 5545) → the occurrences of a time. `calcard` reads the text and works out the rules; what they mean in time (zones, a
//! clock that is put forward or back, exceptions) is jiff's, so that one library knows the zones.
//!
//! What comes in may be broken or hostile: size, count and time are bounded, and what can't be read is left out with its line.

use super::zones::{Moment, Zones, civil, offset, partial};
use crate::community::agenda::{CalendarId, Event, Words};
use calcard::common::IanaString as _;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarFrequency, ICalendarProperty, ICalendarRecurrenceRule,
    ICalendarStatus, ICalendarValue,
};
use calcard::{Entry, Parser};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use voisins_shared::agenda::EventId;
use voisins_shared::payload::Kind;

/// More than any calendar of a house.
pub const LONGEST_FILE: usize = 5 * 1024 * 1024;
/// So many occurrences of one calendar are kept, the next ones.
pub const MOST_OCCURRENCES: usize = 2_000;
/// A rule is followed so many times: 160 years of every day.
const MOST_TIMES: usize = 60_000;
/// Longer words are cut.
const LONGEST_WORDS: usize = 140;

/// Why a calendar can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum CalendarError {
    #[error("longer than {} MB: export fewer years of it", LONGEST_FILE / 1024 / 1024)]
    TooLong,
    #[error("line {line}: not UTF-8. Export the calendar anew, or save the file as UTF-8")]
    NotUtf8 { line: usize },
    #[error("line {line}: not iCalendar, which begins with BEGIN:VCALENDAR. Export the calendar as .ics")]
    NotACalendar { line: usize },
    #[error("ends in the middle of a {0}: it was cut off, export or fetch it again")]
    CutOff(String),
    #[error("its rules take too long to work out: leave out the event that recurs so strangely")]
    TakesTooLong,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order in which they begin.
    pub events: Vec<Event>,
    /// What was left out: line and reason, no word of the calendar.
    pub left_out: Vec<String>,
}

/// What a reading needs to know.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Of which calendar: the ids follow from it.
    pub calendar: CalendarId,
    /// The site's: times without a zone are meant there.
    pub zone: TimeZone,
    /// Which occurrences are wanted.
    pub window: Range<Timestamp>,
}

/// Reads a calendar. `patient` is asked now and then whether it may go on.
///
/// # Errors
/// [`CalendarError`], with what to do.
pub fn read(bytes: &[u8], reading: &Reading, patient: impl Fn() -> bool) -> Result<Found, CalendarError> {
    if bytes.len() > LONGEST_FILE {
        return Err(CalendarError::TooLong);
    }
    let line_of = |at: usize| bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
    let text = std::str::from_utf8(bytes).map_err(|error| CalendarError::NotUtf8 { line: line_of(error.valid_up_to()) })?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().position(|line| !line.trim().is_empty()).unwrap_or(0);
    if !text.trim_start().get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err(CalendarError::NotACalendar { line: first + 1 });
    }
    // the library takes what was cut off as it is: half a calendar would take the other half's events away
    if !text.trim_end().get(text.trim_end().len().saturating_sub(13)..).is_some_and(|end| end.eq_ignore_ascii_case("END:VCALENDAR"))
    {
        return Err(CalendarError::CutOff("VCALENDAR".to_owned()));
    }
    let begins = |line: &str| line.trim_end().eq_ignore_ascii_case("BEGIN:VEVENT");
    let mut lines = text.lines().enumerate().filter(|(_, line)| begins(line)).map(|(n, _)| n + 1);
    let mut found = Found::default();
    let mut parser = Parser::new(text);
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => read_calendar(&calendar, &mut lines, reading, &mut found, &patient)?,
            Entry::UnterminatedComponent(name) => return Err(CalendarError::CutOff(name.into_owned())),
            Entry::UnexpectedComponentEnd { expected, .. } => return Err(CalendarError::CutOff(expected.as_str().to_owned())),
            Entry::TooManyComponents => return Err(CalendarError::TooLong),
            Entry::Eof => break,
            // what stands between two calendars is none of ours
            _ if !patient() => return Err(CalendarError::TakesTooLong),
            _ => {}
        }
    }
    found.events.sort_by_key(|event| (event.starts, event.id));
    found.events.dedup_by_key(|event| event.id);
    if found.events.len() > MOST_OCCURRENCES {
        let rest = found.events.split_off(MOST_OCCURRENCES).len();
        found.left_out.push(format!("the {rest} last occurrences: {MOST_OCCURRENCES} are kept"));
    }
    Ok(found)
}

/// A VEVENT, and the line on which it begins.
type Located<'a> = (usize, &'a ICalendarComponent);

fn read_calendar(
    calendar: &ICalendar,
    lines: &mut impl Iterator<Item = usize>,
    reading: &Reading,
    found: &mut Found,
    patient: &impl Fn() -> bool,
) -> Result<(), CalendarError> {
    let zones = Zones { known: calendar.build_tz_resolver(), site: &reading.zone };
    let mut by_uid: BTreeMap<&str, Vec<Located<'_>>> = BTreeMap::new();
    for component in calendar.components.iter().filter(|c| c.component_type == ICalendarComponentType::VEvent) {
        let line = lines.next().unwrap_or_default();
        match component.uid() {
            Some(uid) => by_uid.entry(uid).or_default().push((line, component)),
            None => found.left_out.push(format!("line {line}: an event without UID")),
        }
    }
    for (uid, components) in by_uid {
        if !patient() {
            return Err(CalendarError::TakesTooLong);
        }
        read_event(uid, &components, &zones, reading, found);
    }
    Ok(())
}

/// All that is said of one event: its rule, and the occurrences that are otherwise.
fn read_event(uid: &str, components: &[Located<'_>], zones: &Zones<'_>, reading: &Reading, found: &mut Found) {
    let mut otherwise: BTreeMap<Timestamp, Located<'_>> = BTreeMap::new();
    let mut whole: Option<Located<'_>> = None;
    // of two that say the same the later wording counts
    let sequence =
        |component: &ICalendarComponent| value(component, &ICalendarProperty::Sequence).and_then(ICalendarValue::as_integer);
    for located in components {
        let rid = located.1.property(&ICalendarProperty::RecurrenceId).and_then(|entry| zones.moments(entry).into_iter().next());
        let slot = match rid {
            None if located.1.is_recurrence_override() => {
                found.left_out.push(format!("line {}: a RECURRENCE-ID that is no time", located.0));
                continue;
            }
            None => &mut whole,
            Some(at) => match otherwise.get_mut(&at.starts) {
                Some(before) if sequence(before.1) <= sequence(located.1) => {
                    *before = *located;
                    continue;
                }
                Some(_) => continue,
                None => {
                    otherwise.insert(at.starts, *located);
                    continue;
                }
            },
        };
        if slot.is_none_or(|before| sequence(before.1) <= sequence(located.1)) {
            *slot = Some(*located);
        }
    }
    // each occurrence: who tells of it, at what moment if the rule says so, and the key of its id
    let mut told: Vec<(Located<'_>, Option<Moment>, String)> = vec![];
    if let Some((line, component)) = whole {
        if is_cancelled(component) {
            return; // called off as a whole
        }
        match moments(component, zones) {
            // moved to another day it is still the same
            Ok(Moments::Once(at)) if otherwise.is_empty() => told.push(((line, component), Some(at), String::new())),
            Ok(Moments::Once(at)) => told.push(or_otherwise(&mut otherwise, (line, component), at)),
            Ok(Moments::Often(times)) => {
                told.extend(times.into_iter().map(|at| or_otherwise(&mut otherwise, (line, component), at)));
            }
            Err(why) => found.left_out.push(format!("line {line}: {why}")),
        }
    }
    // without its rule, or beside it
    told.extend(otherwise.into_iter().map(|(at, located)| (located, None, at.to_string())));
    for ((line, component), at, key) in told {
        if is_cancelled(component) {
            continue;
        }
        let id = reading.calendar.occurrence(uid, &key);
        match occurrence(component, at, id, zones) {
            Ok(Some(event)) if event.over() > reading.window.start && event.starts < reading.window.end => found.events.push(event),
            Ok(_) => {}
            Err(why) => {
                found.left_out.push(format!("line {line}: {why}"));
                // what is wrong with one occurrence of a rule is wrong with all
                if at.is_some() {
                    return;
                }
            }
        }
    }
}

/// An occurrence as its rule says, unless another component tells of it.
fn or_otherwise<'a>(
    otherwise: &mut BTreeMap<Timestamp, Located<'a>>,
    whole: Located<'a>,
    at: Moment,
) -> (Located<'a>, Option<Moment>, String) {
    let key = at.starts.to_string();
    match otherwise.remove(&at.starts) {
        Some(other) => (other, None, key),
        None => (whole, Some(at), key),
    }
}

enum Moments {
    Once(Moment),
    Often(Vec<Moment>),
}

/// When an event takes place.
fn moments(component: &ICalendarComponent, zones: &Zones<'_>) -> Result<Moments, &'static str> {
    const NO_START: &str = "an event without a DTSTART that is a time";
    let start = component.property(&ICalendarProperty::Dtstart).ok_or(NO_START)?;
    let (first, civil, zone) = zones.start(start).ok_or(NO_START)?;
    let (mut also, mut never, mut never_on) = (vec![], BTreeSet::new(), BTreeSet::new());
    let mut rule = None;
    for entry in &component.entries {
        match (&entry.name, entry.values.first()) {
            (ICalendarProperty::Rrule, Some(ICalendarValue::RecurrenceRule(found))) => rule = Some(&**found),
            (ICalendarProperty::Rrule, _) => return Err("an RRULE that is no rule"),
            (ICalendarProperty::Rdate, _) => also.extend(zones.moments(entry)),
            (ICalendarProperty::Exdate, _) => {
                for at in zones.moments(entry) {
                    never.insert(at.starts);
                    // a whole day, though the event has a time: some programs write it like that
                    never_on.extend(at.day.filter(|_| first.day.is_none()));
                }
            }
            _ => {}
        }
    }
    if rule.is_none() && also.is_empty() {
        return Ok(Moments::Once(first));
    }
    let mut times: Vec<Moment> = match rule {
        Some(rule) => follow(rule, civil, &zone, first.day.is_some())?,
        None => vec![first],
    };
    times.extend(also.into_iter().map(|at| Moment { day: first.day.and(at.day), ..at }));
    let is_on = |at: &Moment| at.starts.to_zoned(zone.clone()).date();
    times.retain(|at| !never.contains(&at.starts) && (never_on.is_empty() || !never_on.contains(&is_on(at))));
    times.sort_by_key(|at| at.starts);
    times.dedup_by_key(|at| at.starts);
    Ok(Moments::Often(times))
}

/// The moments of a rule. It is worked out on a clock that is never put forward or back, and each time then placed in its zone.
fn follow(rule: &ICalendarRecurrenceRule, first: DateTime, zone: &TimeZone, whole_days: bool) -> Result<Vec<Moment>, &'static str> {
    if matches!(rule.freq, ICalendarFrequency::Hourly | ICalendarFrequency::Minutely | ICalendarFrequency::Secondly) {
        return Err("an event that recurs several times a day");
    }
    let mut rule = rule.clone();
    if let Some(until) = rule.until.as_mut().filter(|until| until.has_zone()) {
        // the end is said in UTC, the rule in the event's zone
        let (at, _) = civil(until).ok_or("an UNTIL that is no time")?;
        let offset = offset(until).ok_or("an UNTIL that is no time")?;
        let local = offset.to_timestamp(at).map_err(|_| "an UNTIL that is no time")?.to_zoned(zone.clone()).datetime();
        *until = partial(local);
    }
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_property(ICalendarProperty::Dtstart, partial(first));
    event.add_property(ICalendarProperty::Rrule, rule);
    let mut calendar = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    calendar.component_ids.push(1);
    let expanded = ICalendar { components: vec![calendar, event] }.expand_dates(Tz::UTC, MOST_TIMES);
    if !expanded.errors.is_empty() {
        return Err("an RRULE that contradicts itself");
    }
    let civil = expanded.events.iter().filter_map(|event| Timestamp::from_second(event.start.timestamp()).ok());
    let place = |at: DateTime| {
        let starts = zone.to_timestamp(at).ok()?;
        Some(Moment { starts, day: whole_days.then_some(at.date()) })
    };
    Ok(civil.filter_map(|at| place(at.to_zoned(TimeZone::UTC).datetime())).collect())
}

/// One occurrence: at a moment that the rule gives, else at the component's own. `None`: not for everybody's eyes.
fn occurrence(
    component: &ICalendarComponent,
    at: Option<Moment>,
    id: EventId,
    zones: &Zones<'_>,
) -> Result<Option<Event>, &'static str> {
    let class = value(component, &ICalendarProperty::Class).map(|class| match class {
        ICalendarValue::Classification(class) => class.as_str(),
        other => other.as_text().unwrap_or_default(),
    });
    if class.is_some_and(|class| !class.eq_ignore_ascii_case("PUBLIC")) {
        return Ok(None);
    }
    let start = component.property(&ICalendarProperty::Dtstart).and_then(|entry| zones.start(entry));
    let (own, _, _) = start.ok_or("an event without a DTSTART that is a time")?;
    let at = at.unwrap_or(own);
    let end = component.property(&ICalendarProperty::Dtend).and_then(|entry| zones.start(entry)).map(|(end, ..)| end);
    let lasts = match value(component, &ICalendarProperty::Duration) {
        Some(ICalendarValue::Duration(duration)) => Some(SignedDuration::from_secs(duration.as_seconds())),
        _ => None,
    };
    let ends = match (at.day, own.day, end) {
        (Some(day), Some(first), end) => {
            let said = end.and_then(|end| end.day).map(|last| last.since(first).map_or(1, |span| span.get_days()));
            let days = said.or_else(|| lasts.and_then(|lasts| i32::try_from(lasts.as_hours() / 24).ok())).unwrap_or(1).max(1);
            let days = Span::new().try_days(days).map_err(|_| "an event that ends in another age")?;
            let after = day.checked_add(days).map_err(|_| "an event that ends in another age")?;
            Some(zones.day_begins(after).ok_or("an event that ends in another age")?)
        }
        (_, _, Some(end)) => at.starts.checked_add(end.starts.duration_since(own.starts)).ok(),
        _ => lasts.and_then(|lasts| at.starts.checked_add(lasts).ok()),
    };
    let title = words(component, &ICalendarProperty::Summary).ok_or("an event without a SUMMARY")?;
    let place = words(component, &ICalendarProperty::Location);
    let firm = component.status() != Some(&ICalendarStatus::Tentative);
    Ok(Some(Event {
        id,
        kind: Kind::Event,
        words: Words { title, place },
        starts: at.starts,
        ends: ends.filter(|ends| *ends > at.starts),
        all_day: at.day,
        firm,
        proposed: None,
    }))
}

fn value<'a>(component: &'a ICalendarComponent, property: &ICalendarProperty) -> Option<&'a ICalendarValue> {
    component.property(property).and_then(|entry| entry.values.first())
}

fn is_cancelled(component: &ICalendarComponent) -> bool {
    component.status() == Some(&ICalendarStatus::Cancelled)
}

/// What people read, on one line and not too long.
fn words(component: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    let text = value(component, property)?.as_text()?;
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(LONGEST_WORDS - 1) {
        words.truncate(cut);
        words.push('…');
    }
    (!words.is_empty()).then_some(words)
}
