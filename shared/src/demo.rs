//! Invented people, for the demonstration, the snapshots, the tests and the bench. Nobody here exists.

mod agenda;
mod for_you;
mod more;
mod needs;
mod people;
mod portrait;

pub use agenda::{DemoEvent, event_id, events, lobby_events};
pub use for_you::{all_for_you, for_you, full_arrival, match_arrival, notes, outcomes, proposals};
pub use more::{More, more_of};
pub use needs::{DemoNeed, NEEDS, lobby_needs, need_id, needs};
pub use people::{PEOPLE, Person};
pub use portrait::portrait;

use crate::language::Language;
use crate::member::{Field, MemberId, Surface, colour, first_name, first_name_and_initial, initials, short_names};
use crate::name::SiteName;
use crate::payload::{
    Agenda, Count, Directory, DirectoryMember, Form, Grant, Greeted, Greeting, KioskEvent, Lobby, LobbyNeighbour, Measures, Moment,
    Month, Needs, Occupancy, Presence, PresentMember, Profile, ProfileField, Refusal, Session, Shown, State, Status, TextSize, V,
    Waits, encode,
};
use crate::topic::Topic;
use crate::visit::Availability;
use uuid::Uuid;

/// The site of the demonstration.
pub const SITE: &str = "demo";
/// Its name as people write it.
pub const SITE_TITLE: &str = "Espace Voisins";
/// Its time zone.
pub const TIME_ZONE: &str = "America/Toronto";
/// The kiosk by the coffee machine.
pub const KIOSK: &str = "cafe";
/// The reader beside it.
pub const READER: &str = "cafe";

/// When the pictures are taken: what the documents date is told from then.
const SNAPSHOT: &str = "2024-10-23T10:26:00-04:00";

const SESSION: Uuid = Uuid::from_u128(0x0064_656d_6f00_4000_8000_0000_0000_0001);

/// The month of the pictures.
const MONTH: &str = "2024-10";

/// How much the invented people helped each other in a month.
#[must_use]
pub fn months(month: &str) -> Vec<Month> {
    let month = month.to_owned();
    vec![Month { month, needs_posted: 9, needs_met: 4, introduced: 3, led_to_meeting: 1, led_to_project: 1, ..Month::default() }]
}

/// The session of the daemon that is not there.
#[must_use]
pub fn session() -> Uuid {
    SESSION
}

/// The id that the `n`th person has in [`messages`].
#[must_use]
pub fn member_id(n: usize) -> MemberId {
    MemberId(Uuid::from_u128(0x0064_656d_6f00_4000_9000_0000_0000_0000 + n as u128))
}

/// The `n`th person; past the list, people repeat under a numbered name.
#[must_use]
pub fn person(n: usize) -> (String, &'static Person) {
    let person = &PEOPLE[n % PEOPLE.len()];
    let name = if n < PEOPLE.len() { person.name.to_owned() } else { format!("{} {}", person.name, n / PEOPLE.len() + 1) };
    (name, person)
}

/// The retained documents of a site where the first `fresh` people are here, the next `passed` passed by earlier and all are in the
/// directory; `photo` encodes a portrait (RGB, `size`×`size`) as a JPEG, for those who have one.
pub fn messages(fresh: usize, passed: usize, photo: impl Fn(&[u8], u32) -> Vec<u8>) -> Vec<(Topic, Vec<u8>)> {
    let everybody = PEOPLE.len().max(fresh + passed);
    let mut directory = Vec::with_capacity(everybody);
    let mut messages = Vec::new();
    for n in 0..everybody {
        let (name, person) = person(n);
        let id = member_id(n);
        let shared = more_of(n);
        if person.has_photo {
            let size = 144;
            messages.push((Topic::Photo(id), photo(&portrait(n, size), size)));
        }
        directory.push(DirectoryMember {
            id,
            name,
            title: Some(person.title.to_owned()),
            pronouns: shared.pronouns.map(str::to_owned),
            languages: person.languages.iter().map(|&l| l.to_owned()).collect(),
            skills: person.skills.iter().map(|&s| s.to_owned()).collect(),
            interests: person.interests.iter().map(|&s| s.to_owned()).collect(),
            looking_for: shared.looking_for.iter().map(|&l| l.to_owned()).collect(),
            table: shared.table.map(str::to_owned),
            usual_days: shared.usual_days.to_vec(),
            contact: shared.contact(),
            photo: person.has_photo.then(|| format!("{n:08x}")),
            lobby: true,
        });
    }
    let availability = |n| match n % 7 {
        3 => Availability::DoNotDisturb,
        5 => Availability::Open,
        _ => Availability::Here,
    };
    let present = (0..fresh + passed)
        .map(|n| PresentMember {
            member: member_id(n),
            fresh: n < fresh,
            availability: availability(n),
            since: more_of(n).since.and_then(|since| since.parse().ok()),
        })
        .collect();
    let names: Vec<&str> = directory.iter().map(|member| &*member.name).collect();
    let lobby = short_names(&names)
        .into_iter()
        .take(fresh + passed)
        .enumerate()
        .map(|(n, name)| LobbyNeighbour {
            initials: initials(&first_name_and_initial(names[n])),
            name,
            colour: colour(member_id(n)),
            skills: directory[n].skills.clone(),
            fresh: n < fresh,
            availability: availability(n),
        })
        .collect();
    let (hidden, guests) = (Count::default(), Count::default());
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let today = count(fresh + passed);
    let site = SiteName::new(SITE).expect("a valid name");
    let (session, rev) = (SESSION, 1);
    messages.extend([
        (
            Topic::Session,
            encode(&Session {
                v: V,
                session,
                installation: session,
                site,
                title: SITE_TITLE.to_owned(),
                time_zone: TIME_ZONE.to_owned(),
                admin: None,
                version: env!("CARGO_PKG_VERSION").to_owned(),
            }),
        ),
        (Topic::Status, encode(&Status { v: V, state: State::Online, session })),
        (Topic::Directory, encode(&Directory { v: V, session, rev, members: directory })),
        (
            Topic::Occupancy,
            encode(&Occupancy { v: V, session, rev, members: Count { fresh: count(fresh), passed: count(passed) }, guests, today }),
        ),
        (Topic::Needs, encode(&Needs { v: V, session, rev, needs: SNAPSHOT.parse().map(needs).unwrap_or_default() })),
        (Topic::Agenda, encode(&Agenda { v: V, session, rev, events: SNAPSHOT.parse().map(events).unwrap_or_default() })),
        (Topic::Measures, encode(&Measures { v: V, session, rev, months: months(MONTH) })),
        (
            Topic::Lobby,
            encode(&Lobby {
                v: V,
                session,
                rev,
                present: lobby,
                hidden,
                needs: lobby_needs(),
                events: SNAPSHOT.parse().map(lobby_events).unwrap_or_default(),
                fresh: count(fresh),
                today,
            }),
        ),
        (Topic::Presence, encode(&Presence { v: V, session, rev, present, hidden, guests, today })),
    ]);
    messages
}

fn event(n: u128, form: Form, expires_in_ms: u64, shown: Shown) -> KioskEvent {
    KioskEvent { v: V, id: Uuid::from_u128(n), session: SESSION, expires_in_ms, form, shown }
}

fn grant() -> Option<Grant> {
    Some(Grant { token: SESSION, expires_in_ms: 30_000 })
}

/// The greeting of the `n`th person at the reader beside the kiosk.
#[must_use]
pub fn arrival(n: usize, present: u32, form: Form) -> KioskEvent {
    let (name, _) = person(n);
    let greeting = Greeting {
        moment: Moment::Arrival,
        greeted: Some(Greeted { member: member_id(n), first_name: first_name(&name).to_owned() }),
        language: None::<Language>,
        present,
        text_size: TextSize::default(),
        ask_to_stay: false,
        offer: false,
        for_you: 0,
        waits: Waits::default(),
        availability: Availability::Here,
        grant: (form == Form::Full).then(grant).flatten(),
    };
    event(100 + n as u128, form, 8_000, Shown::Greeting(greeting))
}

/// The first greeting of somebody who was never asked what may be shown.
#[must_use]
pub fn first_arrival(present: u32) -> KioskEvent {
    let mut event = arrival(3, present, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        (greeting.greeted, greeting.offer) = (None, true);
    }
    event
}

/// *Ma fiche* of the `n`th person: some fields are shown at the kiosk, and first name and skills in the lobby.
#[must_use]
pub fn profile(n: usize) -> Profile {
    let (name, person) = person(n);
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let field = |field: Field| {
        let value = match field {
            Field::Name => vec![name.clone()],
            Field::Title => texts(&[person.title]),
            Field::Languages => texts(person.languages),
            Field::Skills => texts(person.skills),
            Field::Interests => texts(person.interests),
            Field::Contact => vec![format!("{}@example.org", first_name(&name).to_lowercase())],
            _ => vec![],
        };
        let kiosk = matches!(field, Field::Name | Field::Photo | Field::Title | Field::Skills | Field::Interests | Field::Table);
        let lobby = matches!(field, Field::Name | Field::Skills);
        let shown_on = [(Surface::Kiosk, kiosk), (Surface::Lobby, lobby)];
        ProfileField { field, value, shown_on: shown_on.into_iter().filter_map(|(on, shown)| shown.then_some(on)).collect() }
    };
    Profile {
        grant: Grant { token: SESSION, expires_in_ms: 90_000 },
        member: member_id(n),
        name: name.clone(),
        fields: Field::ALL.into_iter().map(field).collect(),
        skills: texts(person.skills),
        availability: Availability::Here,
        language: Some(Language::Fr),
        text_size: TextSize::default(),
        passes: Some(4),
        phone: None,
    }
}

/// A card that is no badge yet.
#[must_use]
pub fn unknown_badge() -> KioskEvent {
    event(1, Form::Full, 20_000, Shown::Unknown { code: Some("K7-M4".to_owned()), grant: grant() })
}

/// A phone held to the reader.
#[must_use]
pub fn refused() -> KioskEvent {
    event(2, Form::Full, 8_000, Shown::Refused { reason: Refusal::RandomUid })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Roster;
    use std::collections::BTreeSet;

    #[test]
    fn the_demonstration_speaks_the_wire() {
        let mut roster = Roster::default();
        for (topic, payload) in messages(9, 5, |_, _| b"jpeg".to_vec()) {
            roster.apply(&topic, &payload).unwrap();
        }
        assert!(roster.is_online());
        assert_eq!((roster.present().count(), roster.fresh(), roster.today()), (14, 9, 14));
        assert_eq!(roster.needs().len(), NEEDS.len() - 1, "what the coordination alone may read is on no board");
    }

    #[test]
    fn the_demonstration_has_about_thirty_different_people() {
        assert!((28..=36).contains(&PEOPLE.len()));
        assert_eq!(PEOPLE.iter().map(|p| p.name).collect::<BTreeSet<_>>().len(), PEOPLE.len());
        assert!(PEOPLE.iter().all(|p| !p.skills.is_empty() && !p.title.is_empty()));
    }

    #[test]
    fn portraits_differ_and_fill_their_square() {
        let (a, b) = (portrait(1, 48), portrait(2, 48));
        assert_eq!(a.len(), 48 * 48 * 3);
        assert_ne!(a, b);
        assert_eq!(a, portrait(1, 48));
    }
}
