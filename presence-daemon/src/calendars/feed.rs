//! The agenda → iCalendar (RFC 5545, RFC 7986), for whoever subscribes to it. No name of anybody.

use crate::community::agenda::Event;
use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarParameter, ICalendarProperty,
    ICalendarStatus, ICalendarValue, ICalendarValueType,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use voisins_shared::payload::Kind;

/// How often it makes sense to look again.
const REFRESH_HOURS: u32 = 1;

/// The feed of these events. Lunch, which is every day, is not in it.
#[must_use]
pub fn feed(events: &[Event], title: &str, site: &str, zone: &TimeZone, now: Timestamp) -> String {
    let mut calendar = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    let text = |text: &str| ICalendarValue::Text(text.to_owned());
    calendar.add_property(ICalendarProperty::Version, text("2.0"));
    calendar.add_property(ICalendarProperty::Prodid, text("-//Voisins//presence-daemon//FR"));
    calendar.add_property(ICalendarProperty::Name, text(title));
    let every = ICalendarDuration { neg: false, weeks: 0, days: 0, hours: REFRESH_HOURS, minutes: 0, seconds: 0 };
    calendar.add_property_with_params(
        ICalendarProperty::RefreshInterval,
        [ICalendarParameter::value(ICalendarValueType::Duration)],
        every,
    );
    let mut components = vec![];
    for event in events.iter().filter(|event| event.kind == Kind::Event) {
        components.push(component(event, site, zone, now));
    }
    calendar.component_ids = (1..=u32::try_from(components.len()).unwrap_or(u32::MAX)).collect();
    components.insert(0, calendar);
    ICalendar { components }.to_string()
}

fn component(event: &Event, site: &str, zone: &TimeZone, now: Timestamp) -> ICalendarComponent {
    let mut component = ICalendarComponent::new(ICalendarComponentType::VEvent);
    component.add_uid(&format!("{}@{site}", event.id));
    component.add_dtstamp(PartialDateTime::from_utc_timestamp(now.as_second()));
    // a proposed event changes once: when it becomes firm
    component.add_sequence(i64::from(event.proposed.is_some() && event.firm));
    let mut at = |name, moment: Timestamp| match event.all_day {
        None => component.add_property(name, PartialDateTime::from_utc_timestamp(moment.as_second())),
        Some(_) => {
            let day = moment.to_zoned(zone.clone()).date();
            component.add_property_with_params(name, [ICalendarParameter::value(ICalendarValueType::Date)], date(day));
        }
    };
    at(ICalendarProperty::Dtstart, event.starts);
    if let Some(ends) = event.ends {
        at(ICalendarProperty::Dtend, ends);
    }
    component.add_property(ICalendarProperty::Summary, ICalendarValue::Text(event.words.title.clone()));
    if let Some(place) = &event.words.place {
        component.add_property(ICalendarProperty::Location, ICalendarValue::Text(place.clone()));
    }
    let status = if event.firm { ICalendarStatus::Confirmed } else { ICalendarStatus::Tentative };
    component.add_property(ICalendarProperty::Status, ICalendarValue::Status(status));
    component
}

fn date(day: Date) -> PartialDateTime {
    PartialDateTime {
        year: Some(day.year().unsigned_abs()),
        month: Some(day.month().unsigned_abs()),
        day: Some(day.day().unsigned_abs()),
        ..PartialDateTime::default()
    }
}
