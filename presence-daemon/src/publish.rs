//! State → documents. Pure: what a consumer may know is decided here and nowhere else.

mod agenda;
mod home;
mod needs;

pub use home::following;

use crate::clock::Now;
use crate::community::{Community, moderation};
use crate::config::{Config, Role};
use crate::directory::Directory;
use crate::presence::{Presence, PresenceEvent, Subject, Visit, What};
use crate::statistics::Day;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use voisins_shared::member::{Field, MemberId, Surface, colour, first_name_and_initial, initials};
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::payload::{
    self, Count, Form, Greeting, KioskEvent, LobbyNeighbour, Moment, Month, Occupancy, OpenCount, OpenOccupancy, PresentMember,
    ReaderStatus, Reported, Shown, State, Status, V, Waits, Weekday, YearMonth, encode,
};
use voisins_shared::topic::Topic;

/// All that documents are made from.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct View<'a> {
    pub config: &'a Config,
    pub presence: &'a Presence,
    pub directory: &'a Directory,
    pub community: &'a Community,
    pub usual_days: &'a BTreeMap<MemberId, Vec<Weekday>>,
    pub measures: &'a [Month],
    pub history: &'a BTreeMap<Date, Day>,
    pub readers: &'a BTreeMap<ReaderName, ReaderStatus>,
    pub installation: Uuid,
    pub session: Uuid,
    pub now: Now,
}

/// The documents that say who is here, and how many.
pub const OF_PRESENCE: [Topic; 4] = [Topic::Presence, Topic::Lobby, Topic::Occupancy, Topic::OpenOccupancy];

/// Which documents events make out of date.
#[must_use]
pub fn dirty(events: &[PresenceEvent]) -> Vec<Topic> {
    let counts = |event: &PresenceEvent| {
        matches!(
            event.what,
            What::CheckedIn { .. }
                | What::Seen { .. }
                | What::CheckedOut { .. }
                | What::Reopened { .. }
                | What::AvailabilitySet { .. }
                | What::GuestEntered { .. }
                | What::GuestClaimed { .. }
                | What::Visits(_)
                | What::ClockKnown
        )
    };
    let mut dirty = Vec::new();
    if events.iter().any(counts) {
        dirty.extend(OF_PRESENCE);
    }
    for topic in needs::dirty(events) {
        if !dirty.contains(&topic) {
            dirty.push(topic);
        }
    }
    if events.iter().any(|event| matches!(event.what, What::EvacuationSet { .. } | What::ClockKnown)) {
        dirty.push(Topic::Evacuation);
    }
    if events.iter().any(|event| is_of_agenda(&event.what)) {
        dirty.push(Topic::Agenda);
        if !dirty.contains(&Topic::Lobby) {
            dirty.push(Topic::Lobby);
        }
    }
    dirty
}

/// Whether an event changes what happens in the house.
#[must_use]
pub fn is_of_agenda(what: &What) -> bool {
    matches!(
        what,
        What::EventProposed { .. }
            | What::EventAnswered { .. }
            | What::EventFirm { .. }
            | What::EventEdited { .. }
            | What::EventEnded { .. }
            | What::CalendarRead { .. }
            | What::CalendarForgotten { .. }
            | What::Moderation(
                moderation::Change::Hidden { what: Reported::Event { .. } }
                    | moderation::Change::Restored { what: Reported::Event { .. } }
            )
            | What::ClockKnown
    )
}

impl View<'_> {
    /// The retained topics of a site, but for the photos.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        let readers = self.config.readers.iter().map(|reader| Topic::Reader(reader.name.clone()));
        let of_neighbours = [Topic::Needs, Topic::Agenda, Topic::Measures];
        let fixed = [Topic::Session, Topic::Status, Topic::Directory].into_iter().chain(of_neighbours).chain(OF_PRESENCE);
        let months: BTreeSet<YearMonth> = self.history.keys().copied().map(YearMonth::of).collect();
        fixed.chain(readers).chain(self.home_topics()).chain(months.into_iter().map(Topic::History)).collect()
    }

    /// Members whose photo may be on the broker.
    pub fn photographed(&self) -> impl Iterator<Item = MemberId> {
        self.directory.members().filter(|m| m.photo.is_some() && m.shows(Field::Photo, Surface::Kiosk)).map(|m| m.id)
    }

    /// Renders a document; `None` for a topic that is no state of ours (a photo comes from the store).
    #[must_use]
    pub fn render(&self, topic: &Topic, rev: u64) -> Option<Vec<u8>> {
        Some(match topic {
            Topic::Session => encode(&payload::Session {
                v: V,
                session: self.session,
                installation: self.installation,
                site: self.config.site.clone(),
                title: self.config.title.clone(),
                time_zone: self.config.time_zone.clone(),
                admin: self.config.web.origin.clone(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            }),
            Topic::Status => encode(&Status { v: V, state: State::Online, session: self.session }),
            Topic::Reader(reader) => encode(self.readers.get(reader)?),
            Topic::Directory => {
                let usual = |member| self.usual_days.get(&member).map(Vec::as_slice).unwrap_or_default();
                let members = self.directory.members().filter_map(|member| member.shown(usual(member.id))).collect();
                encode(&payload::Directory { v: V, session: self.session, rev, members })
            }
            Topic::Presence => encode(&self.presence(rev)),
            Topic::Lobby => encode(&self.lobby(rev)),
            Topic::Needs => encode(&self.needs(rev)),
            Topic::Measures => encode(&payload::Measures { v: V, session: self.session, rev, months: self.measures.to_vec() }),
            Topic::Occupancy => {
                let (members, guests) = self.people();
                encode(&Occupancy { v: V, session: self.session, rev, members, guests, today: self.today() })
            }
            Topic::OpenOccupancy => encode(&OpenOccupancy { v: V, present: OpenCount::from(self.present()) }),
            Topic::Agenda => encode(&self.agenda(rev)),
            Topic::History(month) => self.month(*month, rev),
            Topic::NeedsCount | Topic::Evacuation | Topic::Discovery | Topic::AtHome(_) | Topic::MemberDiscovery(_) => {
                return self.render_home(topic, rev);
            }
            Topic::Photo(_) | Topic::KioskEvent(_) | Topic::Request(..) | Topic::Response(..) => return None,
            Topic::Command(_) | Topic::HomeAssistant => return None,
        })
    }

    /// A month of hours; empty, so that it is cleared, once it is too old.
    fn month(&self, month: YearMonth, rev: u64) -> Vec<u8> {
        let days = self.history.range(month.first()..).take_while(|(day, _)| YearMonth::of(**day) == month);
        let days: Vec<_> = days.map(|(day, counted)| counted.published(*day)).collect();
        if days.is_empty() { vec![] } else { encode(&payload::History { v: V, session: self.session, rev, month, days }) }
    }

    fn is_fresh(&self, visit: &Visit) -> bool {
        self.presence.policy().is_fresh(&visit.last_seen, &self.now)
    }

    fn is_shown(&self, visit: &Visit, surface: Surface) -> bool {
        visit.subject.member().is_some_and(|member| self.directory.shows(member, Field::Name, surface))
    }

    fn count(&self, counts: impl Fn(&Visit) -> bool) -> Count {
        let mut count = Count::default();
        for visit in self.presence.open().filter(|visit| counts(visit)) {
            *if self.is_fresh(visit) { &mut count.fresh } else { &mut count.passed } += 1;
        }
        count
    }

    /// Everybody here now, for "9 personnes ici".
    #[must_use]
    pub fn present(&self) -> u32 {
        self.count(|_| true).fresh
    }

    /// Members and guests here.
    #[must_use]
    pub fn people(&self) -> (Count, Count) {
        (self.count(is_member), self.count(is_guest))
    }

    /// Those whose visit began today.
    #[must_use]
    pub fn today(&self) -> u32 {
        u32::try_from(self.presence.today(&self.now)).unwrap_or(u32::MAX)
    }

    /// Who is here and shown there.
    fn shown(&self, surface: Surface) -> Vec<&Visit> {
        let mut shown: Vec<&Visit> = self.presence.open().filter(|visit| self.is_shown(visit, surface)).collect();
        // who tapped last stands first; the fresh before the others. Moments of different boots are compared by the wall clock
        shown.sort_by_cached_key(|visit| {
            let ago = self.now.since(&visit.last_seen);
            (!self.is_fresh(visit), ago.is_none(), ago, std::cmp::Reverse(visit.id))
        });
        shown
    }

    fn presence(&self, rev: u64) -> payload::Presence {
        let present = self
            .shown(Surface::Kiosk)
            .into_iter()
            .filter_map(|visit| {
                let member = visit.subject.member()?;
                let since = visit.opened.wall.filter(|_| self.directory.shows(member, Field::Since, Surface::Kiosk));
                Some(PresentMember { member, fresh: self.is_fresh(visit), availability: visit.availability, since })
            })
            .collect();
        // who is said to be a member counts as one who isn't shown: else the numbers would tell who is none
        let said_member = |visit: &Visit| self.presence.is_said_member(visit.id);
        let hidden = self.count(|visit| said_member(visit) || is_member(visit) && !self.is_shown(visit, Surface::Kiosk));
        let guests = self.count(|visit| is_guest(visit) && !said_member(visit));
        payload::Presence { v: V, session: self.session, rev, present, hidden, guests, today: self.today() }
    }

    fn lobby(&self, rev: u64) -> payload::Lobby {
        let neighbour = |visit: &Visit| {
            let member = self.directory.member(visit.subject.member()?)?;
            let skills = if member.shows(Field::Skills, Surface::Lobby) { member.skills.clone() } else { Vec::new() };
            Some(LobbyNeighbour {
                name: self.directory.lobby_name(member.id)?.to_owned(),
                initials: initials(&first_name_and_initial(&member.name)),
                colour: colour(member.id),
                skills,
                fresh: self.is_fresh(visit),
                availability: visit.availability,
            })
        };
        let present = self.shown(Surface::Lobby).into_iter().filter_map(neighbour).collect();
        let hidden = self.count(|visit| !self.is_shown(visit, Surface::Lobby));
        let (session, fresh, today) = (self.session, self.present(), self.today());
        payload::Lobby { v: V, session, rev, present, hidden, needs: self.lobby_needs(), events: self.lobby_events(), fresh, today }
    }

    /// What one kiosk is told of something at a reader: a dialog with buttons beside it, a line elsewhere.
    #[must_use]
    pub fn event(&self, reader: &ReaderName, kiosk: &KioskName, id: Uuid, shown: Shown) -> KioskEvent {
        let beside = self.config.reader(reader).and_then(|reader| reader.beside.as_ref()) == Some(kiosk);
        let form = if beside { Form::Full } else { Form::Line };
        let expires_in_ms = match (&shown, form) {
            (_, Form::Line) => LINE_MS,
            (Shown::Unknown { .. }, Form::Full) => UNKNOWN_MS,
            (_, Form::Full) => GREETING_MS,
        };
        KioskEvent { v: V, id, session: self.session, expires_in_ms, form, shown }
    }

    /// The greeting of a member: no name for one who has not agreed to be named.
    #[must_use]
    pub fn greeting(&self, member: MemberId, moment: Moment, ask_to_stay: bool) -> Greeting {
        let known = self.directory.member(member);
        Greeting {
            moment,
            greeted: self.directory.greeted(member),
            language: known.and_then(|member| member.screen_language),
            text_size: known.map(|member| member.text_size).unwrap_or_default(),
            present: self.present(),
            ask_to_stay,
            for_you: 0,
            waits: Waits::default(),
            offer: moment != Moment::Departure && known.is_some_and(|member| !member.asked),
            availability: self.presence.visit_of(member).map(|visit| visit.availability).unwrap_or_default(),
            grant: None,
        }
    }

    /// What a reader means.
    #[must_use]
    pub fn role(&self, reader: &ReaderName) -> Role {
        self.config.reader(reader).map(|reader| reader.role).unwrap_or_default()
    }
}

fn is_member(visit: &Visit) -> bool {
    matches!(visit.subject, Subject::Member(_))
}

fn is_guest(visit: &Visit) -> bool {
    matches!(visit.subject, Subject::Guest(_))
}

/// How long a line stays on a screen.
pub const LINE_MS: u64 = 3_000;
/// How long an untouched greeting stays.
pub const GREETING_MS: u64 = 8_000;
/// How long its buttons work: it stays as long as it is touched. The next tap ends it in any case.
pub const GRANT_MS: u64 = 30_000;
/// How long a pairing code stays: long enough to be written down.
pub const UNKNOWN_MS: u64 = 20_000;

#[cfg(test)]
mod tests;
