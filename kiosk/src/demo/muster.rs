//! An evacuation list of invented people.

use crate::board::muster::Read;
use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use jiff::{SignedDuration, Timestamp};
use voisins_shared::demo;
use voisins_shared::muster::{Gap, How, Muster, Person};
use voisins_shared::name::ReaderName;
use voisins_shared::payload::V;

/// The PIN of the pictures.
pub const PIN: &str = "2718";

/// Who may be inside then: as at the home screen, a guest, somebody without their badge, and two of whom nobody knows.
#[must_use]
pub fn muster(now: Timestamp) -> Read {
    let ago = |minutes: i64| Some(now - SignedDuration::from_mins(minutes));
    let person = |n: usize, name: String, how: How| Person {
        visit: n as u64,
        name,
        how,
        unconfirmed: n % 7 == 6,
        since: ago(190 - 11 * n as i64),
        seen: ago(if n.is_multiple_of(3) { 190 - 11 * n as i64 } else { 3 * n as i64 }),
        reader: ReaderName::new("porte").ok(),
        vouched_by: None,
        safe: None,
    };
    let how = |n: usize| if n == 3 { How::Declared } else { How::Tapped };
    let mut people: Vec<Person> = (0..13).map(|n| person(n, demo::person(n).0, how(n))).collect();
    people.push(Person { vouched_by: Some(demo::person(0).0), ..person(14, "Léonie Dubé".to_owned(), How::Guest) });
    people.sort_by_key(|person| person.unconfirmed);
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap_or(Params::DEFAULT));
    let list = Muster {
        v: V,
        title: "Espace Voisins".to_owned(),
        time_zone: "America/Toronto".to_owned(),
        changed: Some(now),
        people,
        gaps: vec![Gap { reader: ReaderName::new("porte").ok(), since: ago(40), until: ago(12) }],
        evacuation: None,
        pin: cheap.hash_password(PIN.as_bytes()).ok().map(|hash| hash.to_string()),
    };
    Read { list, refreshed: now }
}
