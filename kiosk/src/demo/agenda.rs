//! The agenda of the demonstration: whoever holds a badge is the first person of the list, and is told what the daemon would tell.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;
use uuid::Uuid;
use voisins_shared::agenda::{DAYS_AHEAD, EventId, FIRM_AT, OPEN_EVENTS, title_text};
use voisins_shared::demo;
use voisins_shared::payload::{Agenda, Kind, PublishedEvent, V, refusal};

/// What happens in the invented house.
pub struct AgendaBoard {
    /// As the kiosk gets it.
    pub document: Agenda,
    /// Where the hand at the screen said *J'en suis*.
    going: BTreeSet<EventId>,
    /// What it proposed.
    own: Vec<EventId>,
}

impl AgendaBoard {
    /// The invented events, as near as they should be at `now`.
    pub fn new(now: Timestamp) -> Self {
        let document = Agenda { v: V, session: demo::session(), rev: 1, events: demo::events(now) };
        Self { document, going: BTreeSet::new(), own: vec![] }
    }

    /// *J'en suis*, or not any more; said twice it counts once.
    pub fn rsvp(&mut self, id: EventId, going: bool) -> Result<(), &'static str> {
        let event = self.document.events.iter_mut().find(|event| event.id == id).ok_or(refusal::NO_SUCH_EVENT)?;
        let me = demo::member_id(0);
        let counted = self.going.contains(&id) || event.shown.contains(&me);
        event.shown.retain(|member| *member != me);
        if counted {
            event.going = event.going.saturating_sub(1);
        }
        if going {
            event.going += 1;
            event.shown.insert(0, me);
            self.going.insert(id);
        } else {
            self.going.remove(&id);
        }
        event.firm_at.take_if(|firm| *firm <= event.going);
        Ok(())
    }

    /// Puts one up, in incubation.
    pub fn propose(
        &mut self,
        (title, place): (&str, Option<&str>),
        starts: DateTime,
        firm_at: u32,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        let zone = TimeZone::get(demo::TIME_ZONE).unwrap_or(TimeZone::UTC);
        let moment = starts.to_zoned(zone).map_err(|_| refusal::BAD_EVENT)?.timestamp();
        let ahead = now + (24 * (DAYS_AHEAD + 1)).hours();
        let title = title_text(title).filter(|_| FIRM_AT.contains(&firm_at) && now < moment && moment < ahead);
        let title = title.ok_or(refusal::BAD_EVENT)?;
        if self.own.len() >= OPEN_EVENTS {
            return Err(refusal::TOO_MANY_EVENTS);
        }
        let (id, me) = (EventId(Uuid::new_v4()), demo::member_id(0));
        self.own.push(id);
        self.going.insert(id);
        self.document.events.push(PublishedEvent {
            id,
            kind: Kind::Event,
            title,
            place: place.and_then(title_text),
            starts: moment,
            ends: None,
            all_day: None,
            going: 1,
            shown: vec![me],
            firm_at: Some(firm_at),
            author: Some(me),
        });
        self.document.events.sort_by_key(|event| event.starts);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demo::{DemoEvent, event_id};

    #[test]
    fn it_answers_as_the_daemon_would() {
        let now: Timestamp = "2024-10-23T10:26:00-04:00".parse().unwrap();
        let mut board = AgendaBoard::new(now);
        let workshop = event_id(DemoEvent::Workshop);
        let of = |board: &AgendaBoard, id| board.document.events.iter().find(|event| event.id == id).cloned().unwrap();
        let before = of(&board, workshop).going;
        for _ in 0..2 {
            assert_eq!(board.rsvp(workshop, true), Ok(()));
            assert_eq!(of(&board, workshop).going, before + 1, "said twice, it counts once");
        }
        assert_eq!(board.rsvp(workshop, false), Ok(()));
        assert_eq!(of(&board, workshop).going, before);
        assert_eq!(board.rsvp(EventId(Uuid::nil()), true), Err(refusal::NO_SUCH_EVENT));
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let evening = at("2024-10-24T17:00");
        assert_eq!(board.propose(("Jeux", Some("salon")), evening, 2, now), Ok(()));
        let own = board.document.events.iter().find(|event| event.title == "Jeux").unwrap();
        assert_eq!((own.going, own.firm_at, own.place.as_deref()), (1, Some(2), Some("salon")));
        for (title, starts, firm_at) in [(" ", evening, 2), ("Jeux", at("2024-10-23T10:00"), 2), ("Jeux", evening, 1)] {
            assert_eq!(board.propose((title, None), starts, firm_at, now), Err(refusal::BAD_EVENT));
        }
        assert_eq!(board.propose(("Encore", None), evening, 2, now), Ok(()));
        assert_eq!(board.propose(("De trop", None), evening, 2, now), Err(refusal::TOO_MANY_EVENTS));
    }
}
