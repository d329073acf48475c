//! What happens in the house, and who goes.

use super::*;
use crate::community::agenda::{Calendar, CalendarId, Event, Words};
use voisins_shared::agenda::EventId;
use voisins_shared::payload::{Agenda, Kind, Lobby};

fn event(n: u128, starts: &str) -> Event {
    let words = Words { title: format!("titre {n}"), place: Some("Cuisine".into()) };
    let (id, starts) = (EventId(Uuid::from_u128(n)), starts.parse().unwrap());
    Event { id, kind: Kind::Event, words, starts, ends: None, all_day: None, firm: true, proposed: None }
}

fn happens(world: &mut World, what: What) {
    let at = world.now();
    world.community.apply(&PresenceEvent { at, what });
}

/// Two members, of whom the first shows the name; both go to all of these.
fn with_events(events: Vec<Event>) -> World {
    let mut world = World::new(vec![member(1, "Anne Tremblay", &[Field::Name]), member(2, "Benoît Lavoie", &[])]);
    let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
    let read = Calendar { name: "a".into(), imported: true, events };
    happens(&mut world, What::CalendarRead { calendar: CalendarId::of("a"), read });
    for (event, n) in ids.into_iter().flat_map(|event| [(event, 1), (event, 2)]) {
        let until = "2026-12-01T00:00:00Z".parse().unwrap();
        happens(&mut world, What::EventAnswered { event, member: MemberId(Uuid::from_u128(n)), going: true, until });
    }
    world
}

#[test]
fn who_goes_is_a_number_and_by_name_only_those_who_show_theirs() {
    let mut world = with_events(vec![event(1, "2026-10-24T22:00:00Z")]);
    let (games, author) = (EventId(Uuid::from_u128(9)), MemberId(Uuid::from_u128(2)));
    let words = Words { title: "jeux".into(), place: None };
    let starts = "2026-10-23T22:00:00Z".parse().unwrap();
    happens(&mut world, What::EventProposed { event: games, author, starts, firm_at: 4, words });
    let agenda: Agenda = world.document(&Topic::Agenda);
    let seen: Vec<_> = agenda.events.iter().map(|event| (&*event.title, event.going, event.shown.len(), event.firm_at)).collect();
    assert_eq!(seen, [("jeux", 0, 0, Some(4)), ("titre 1", 2, 1, None)]);
    assert_eq!(agenda.events[0].author, None, "they don't show their name");
    let bytes = world.view().render(&Topic::Agenda, 1).unwrap();
    assert!(!contains(&bytes, &author.to_string()) && !contains(&bytes, "Beno"));
}

#[test]
fn who_is_paused_is_named_beside_no_event_and_no_need() {
    let mut world = with_events(vec![event(5, "2026-10-23T22:00:00Z")]);
    let author = MemberId(Uuid::from_u128(1));
    let (words, starts) = (Words { title: "jeux".into(), place: None }, "2026-10-23T22:00:00Z".parse().unwrap());
    happens(&mut world, What::EventProposed { event: EventId(Uuid::from_u128(9)), author, starts, firm_at: 4, words });
    let need = NeedId(Uuid::from_u128(9));
    let posted = world.community.post(Some(author), "relire mon bail", &[], Audience::Named, need).unwrap();
    happens(&mut world, posted);
    let mut anne = in_lobby(member(1, "Anne Tremblay", &[Field::Name]), &[Field::Name]);
    let names = |world: &World, topic| {
        let bytes = world.view().render(&topic, 1).unwrap();
        contains(&bytes, &author.to_string()) || contains(&bytes, "Anne")
    };
    world.directory = world.directory.with(anne.clone());
    assert!([Topic::Agenda, Topic::Needs, Topic::Lobby].into_iter().all(|topic| names(&world, topic)));
    anne.standing = crate::directory::Standing::Suspended;
    world.directory = world.directory.with(anne);
    assert!(![Topic::Agenda, Topic::Needs, Topic::Lobby].into_iter().any(|topic| names(&world, topic)));
}

#[test]
fn the_lobby_screen_shows_todays_events_and_nobody_who_goes() {
    let mut tomorrow = event(3, "2026-10-24T04:00:00Z");
    tomorrow.all_day = Some("2026-10-24".parse().unwrap());
    let world = with_events(vec![event(1, "2026-10-23T22:00:00Z"), event(2, "2026-10-24T22:00:00Z"), tomorrow]);
    let lobby: Lobby = world.document(&Topic::Lobby);
    assert_eq!(lobby.events.iter().map(|event| (&*event.title, event.going)).collect::<Vec<_>>(), [("titre 1", 2)]);
    assert!(!contains(&world.view().render(&Topic::Lobby, 1).unwrap(), &Uuid::from_u128(1).to_string()));
}

#[test]
fn the_agenda_is_rendered_anew_when_an_event_is_over() {
    let mut world = with_events(vec![event(1, "2026-10-23T12:00:00Z")]);
    assert_eq!(world.document::<Agenda>(&Topic::Agenda).events.len(), 1);
    world.seconds = 3600;
    assert_eq!(world.document::<Agenda>(&Topic::Agenda).events.len(), 0);
}
