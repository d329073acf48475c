//! What happens in the invented house: an imported 5 à 7, a lunch with people, a workshop in incubation, and two whole days.

use super::{TIME_ZONE, member_id};
use crate::agenda::EventId;
use crate::payload::{Kind, LobbyEvent, PublishedEvent};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

/// The place of each among [`events`], for [`event_id`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoEvent {
    /// "Qui mange ici à midi?"
    Lunch,
    /// Imported from a calendar.
    FiveToSeven,
    /// In incubation.
    Workshop,
    /// Two whole days.
    OpenDoors,
}

/// The id of one of [`events`].
#[must_use]
pub fn event_id(event: DemoEvent) -> EventId {
    EventId(Uuid::from_u128(0x0064_656d_6f00_4000_b000_0000_0000_0000 + event as u128))
}

/// What there is seen at `now`, the next first. What would be over today is tomorrow.
#[must_use]
pub fn events(now: Timestamp) -> Vec<PublishedEvent> {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let local = now.to_zoned(zone.clone()).datetime();
    let at = |day: Date, hour: i8, minute: i8| day.at(hour, minute, 0, 0);
    let moment = |local: DateTime| local.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).unwrap_or(now);
    let day = |days: i64| local.date().saturating_add(days.days());
    let next = |hour: i8, over: i8| if local < at(day(0), over, 0) { at(day(0), hour, 0) } else { at(day(1), hour, 0) };
    let event = |of: DemoEvent, title: &str, place: Option<&str>, starts: DateTime, going: &[usize]| PublishedEvent {
        id: event_id(of),
        kind: Kind::Event,
        title: title.to_owned(),
        place: place.map(str::to_owned),
        starts: moment(starts),
        ends: None,
        all_day: None,
        going: u32::try_from(going.len()).unwrap_or(u32::MAX),
        shown: going.iter().copied().map(member_id).collect(),
        firm_at: None,
        author: None,
    };
    let noon = next(12, 13);
    let mut lunch = event(DemoEvent::Lunch, "", Some("cuisine"), noon, &[5, 0, 2]);
    (lunch.kind, lunch.going) = (Kind::Lunch, 4); // one of them shows no name
    let evening = next(17, 19);
    let mut five = event(DemoEvent::FiveToSeven, "5 à 7 · soirée jeux", Some("salon"), evening, &[1, 6, 8, 4, 10]);
    (five.ends, five.going) = (Some(moment(evening.saturating_add(2.hours()))), 8);
    let mut workshop =
        event(DemoEvent::Workshop, "Atelier monnaies locales", Some("salle du fond"), at(day(2), 18, 30), &[9, 7, 3, 11]);
    (workshop.firm_at, workshop.author) = (Some(6), Some(member_id(9)));
    let mut doors = event(DemoEvent::OpenDoors, "Portes ouvertes", None, at(day(6), 0, 0), &[]);
    (doors.all_day, doors.ends) = (Some(day(6)), Some(moment(at(day(8), 0, 0))));
    let mut events = vec![lunch, five, workshop, doors];
    events.sort_by_key(|event| event.starts);
    events
}

/// Those of today, as a lobby screen shows them.
#[must_use]
pub fn lobby_events(now: Timestamp) -> Vec<LobbyEvent> {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let date = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let today = events(now).into_iter().filter(|event| date(event.starts) == date(now));
    let shown = |event: PublishedEvent| LobbyEvent {
        title: event.title,
        place: event.place,
        starts: event.starts,
        all_day: event.all_day.is_some(),
        going: event.going,
    };
    today.map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_over_whenever_the_demonstration_starts_and_the_next_is_first() {
        for now in ["2024-10-23T10:26:00-04:00", "2024-10-23T18:10:00-04:00", "2026-03-07T23:50:00-05:00"] {
            let now: Timestamp = now.parse().unwrap();
            let events = events(now);
            assert!(events.iter().all(|event| event.ends.unwrap_or(event.starts + 1.hours()) > now), "{now}");
            assert!(events.is_sorted_by_key(|event| event.starts));
            assert!(events.iter().all(|event| event.going as usize >= event.shown.len()));
        }
        let now = "2024-10-23T10:26:00-04:00".parse().unwrap();
        assert_eq!(lobby_events(now).len(), 2);
    }
}
