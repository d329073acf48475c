//! The evacuation list: who may be in the building. Pure; [`mod@file`] keeps it beside the database.
//!
//! It is an aid, never the only roll call, and says so. It errs on one side: who may be inside stays on it. Somebody of whom nobody knows
//! whether they left stays until the next morning, and during an evacuation nobody comes off it at all.

pub mod file;
pub mod pin;

use crate::clock::Now;
use crate::directory::Directory;
use crate::presence::{Presence, Subject, Visit, VisitId};
use crate::store::VouchedName;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use voisins_shared::matching::normalize::words;
use voisins_shared::muster::{Evacuation, Gap, How, Muster, Person};
use voisins_shared::payload::V;
use voisins_shared::visit::OpenedBy;

/// An evacuation that is going on, and everybody who was on the list since it began.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Going {
    pub id: i64,
    pub since: Option<Timestamp>,
    pub by: String,
    pub people: BTreeMap<u64, Person>,
}

/// What the list is made from.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Sources<'a> {
    pub presence: &'a Presence,
    pub directory: &'a Directory,
    /// Guests' names, and who vouched.
    pub names: &'a BTreeMap<VisitId, VouchedName>,
    pub gaps: &'a BTreeMap<i64, Gap>,
    pub going: Option<&'a Going>,
    pub title: &'a str,
    pub time_zone: &'a str,
    pub pin: Option<&'a str>,
    pub now: &'a Now,
}

/// Makes the list.
#[must_use]
pub fn list(sources: &Sources<'_>) -> Muster {
    let Sources { presence, now, .. } = sources;
    let open = presence.open().map(|visit| person(sources, visit, false));
    let lost = presence.unconfirmed(now).map(|lost| person(sources, &lost.visit, true));
    let mut people: BTreeMap<u64, Person> = open.chain(lost).map(|person| (person.visit, person)).collect();
    if let Some(going) = sources.going {
        for (visit, kept) in &going.people {
            let person = people.entry(*visit).or_insert_with(|| kept.clone());
            person.safe.clone_from(&kept.safe);
        }
    }
    let mut people: Vec<Person> = people.into_values().collect();
    people.sort_by_cached_key(|person| (person.unconfirmed, person.name.is_empty(), folded(&person.name), person.visit));
    let today = now.wall.map(|wall| presence.policy().day_begin(presence.policy().day_of(wall)));
    let of_today = |gap: &&Gap| gap.until.is_none_or(|until| today.is_none_or(|today| until >= today));
    Muster {
        v: V,
        title: sources.title.to_owned(),
        time_zone: sources.time_zone.to_owned(),
        changed: None,
        people,
        gaps: sources.gaps.values().filter(of_today).cloned().collect(),
        evacuation: sources.going.map(|going| Evacuation { id: going.id, since: going.since, by: going.by.clone() }),
        pin: sources.pin.map(str::to_owned),
    }
}

fn person(sources: &Sources<'_>, visit: &Visit, unconfirmed: bool) -> Person {
    let vouched = sources.names.get(&visit.id);
    let member = |id| sources.directory.member(id).map(|member| member.name.clone());
    let (name, how) = match (visit.subject, visit.opened_by) {
        // whatever the screens show: here it is the whole name
        (Subject::Member(id), by) => (member(id), how(by)),
        (Subject::Guest(_), _) => (vouched.and_then(|vouched| vouched.name.clone()), How::Guest),
    };
    // a guest who pressed the button has no name yet, but a code on the manager's list
    let code = || {
        let pairing = sources.presence.pairings().find(|pairing| pairing.guest == Some(visit.id));
        pairing.map(|pairing| pairing.code.to_string())
    };
    Person {
        visit: visit.id.0,
        name: name.or_else(code).unwrap_or_default(),
        how,
        unconfirmed,
        since: visit.opened.wall,
        seen: visit.last_seen.wall,
        reader: visit.reader.clone(),
        vouched_by: vouched.and_then(|vouched| vouched.member.and_then(member).or_else(|| vouched.by.clone())),
        safe: None,
    }
}

fn how(by: OpenedBy) -> How {
    match by {
        OpenedBy::Tap | OpenedBy::Signed | OpenedBy::Button => How::Tapped,
        OpenedBy::Declared => How::Declared,
        OpenedBy::Manager => How::Manager,
    }
}

/// A name as it is sorted and found: no case, no accents.
fn folded(name: &str) -> String {
    words(name).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

/// Whom somebody means who names a person on the list, or gives the number that stands before them.
///
/// # Errors
/// What to say instead.
pub fn found(list: &Muster, who: &str) -> Result<u64, String> {
    if let Ok(number) = who.trim().parse::<u64>()
        && list.people.iter().any(|person| person.visit == number)
    {
        return Ok(number);
    }
    let wanted = folded(who);
    let mut named = list.people.iter().filter(|person| !wanted.is_empty() && folded(&person.name) == wanted);
    match (named.next(), named.next()) {
        (Some(person), None) => Ok(person.visit),
        (None, _) => Err(format!("nobody on the list is {who:?}: give the whole name, or the number that stands before it")),
        (Some(_), Some(_)) => Err(format!("several on the list are called {who:?}: give the number that stands before the name")),
    }
}

/// The list as text, in both languages: for a printer, a telephone, a power cut.
#[must_use]
pub fn text(list: &Muster) -> String {
    let zone = TimeZone::get(&list.time_zone).unwrap_or(TimeZone::UTC);
    let day = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let hour = |at: Option<Timestamp>| at.map_or("--:--".to_owned(), |at| at.to_zoned(zone.clone()).strftime("%H:%M").to_string());
    let changed = list.changed.map_or("heure inconnue / time unknown".to_owned(), day);
    let mut text = format!(
        "LISTE D’ÉVACUATION / EVACUATION LIST\n{}\nDernier changement / last change: {changed}\n\n\
         Une aide, jamais le seul appel. / An aid, never the only roll call.\n\n",
        list.title
    );
    let (safe, all) = list.safe();
    let _ = writeln!(text, "{all} personnes peut-être à l’intérieur / people who may be inside");
    if let Some(evacuation) = &list.evacuation {
        let since = hour(evacuation.since);
        let _ = writeln!(text, "ÉVACUATION depuis / EVACUATION since {since}: {safe} / {all} en sûreté / safe");
    }
    for unconfirmed in [false, true] {
        let mut people = list.people.iter().filter(|person| person.unconfirmed == unconfirmed).peekable();
        if people.peek().is_some() && unconfirmed {
            text += "\nDépart non confirmé / departure not confirmed\n";
        }
        for person in people {
            let mark = if person.safe.is_some() { 'x' } else { ' ' };
            let name = if person.name.is_empty() { "sans nom / no name" } else { &person.name };
            let how = match person.how {
                How::Tapped => "badge",
                How::Declared => "sans badge / declared",
                How::Manager => "coordination / manager",
                How::Guest => "invité·e / guest",
            };
            let _ = write!(text, "[{mark}] {:>5}  {name:<32}  {how}, {}", person.visit, hour(person.since));
            if person.seen != person.since {
                let _ = write!(text, ", vu / seen {}", hour(person.seen));
            }
            for at in person.reader.iter() {
                let _ = write!(text, " ({at})");
            }
            for by in person.vouched_by.iter() {
                let _ = write!(text, ", par / by {by}");
            }
            for safe in person.safe.iter() {
                let _ = write!(text, ", en sûreté / safe {} ({})", hour(safe.at), safe.by);
            }
            text.push('\n');
        }
    }
    if !list.gaps.is_empty() {
        text += "\nArrivées qui ont pu échapper / arrivals that may be missing\n";
    }
    for gap in &list.gaps {
        let reader = gap.reader.as_ref().map_or("tous les lecteurs / all readers", |reader| reader.as_str());
        let until = gap.until.map_or("…".to_owned(), |until| hour(Some(until)));
        let _ = writeln!(text, "{reader}: {} - {until}", hour(gap.since));
    }
    text
}
