//! Many sites, each folded by the roster that kiosks use too. Pure: the time of a message comes with it.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use voisins_shared::name::SiteName;
use voisins_shared::payload::ReaderState;
use voisins_shared::roster::{Change, Roster};
use voisins_shared::topic::Topics;

/// The connection to the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The first try.
    Connecting,
    /// It stands; what going there and back takes, once that is known.
    Connected(Option<Duration>),
    /// It is gone since then.
    Lost(Timestamp),
}

/// One site as it was last told.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pub roster: Roster,
    /// Since when nothing of it can be believed: its daemon or the broker is away.
    pub stale: Option<Timestamp>,
    /// Rises with what changes.
    pub version: u64,
    /// Of which connection it was heard.
    connection: u64,
}

impl Site {
    /// Readers that don't read.
    pub fn readers_down(&self) -> usize {
        self.roster.readers().filter(|reader| matches!(reader.state, ReaderState::Absent | ReaderState::Failed)).count()
    }
}

/// All sites of a broker.
#[derive(Debug)]
pub struct Sites {
    sites: BTreeMap<SiteName, Site>,
    link: Link,
    connection: u64,
}

impl Default for Sites {
    fn default() -> Self {
        Self { sites: BTreeMap::new(), link: Link::Connecting, connection: 0 }
    }
}

impl Sites {
    /// A connection stands. What is heard from now on is whole again; a site that isn't heard of stays stale.
    pub fn connected(&mut self) {
        self.connection += 1;
        self.link = Link::Connected(None);
    }

    /// Going to the broker and back took so long.
    pub fn round_trip(&mut self, took: Duration) {
        if matches!(self.link, Link::Connected(_)) {
            self.link = Link::Connected(Some(took));
        }
    }

    /// The connection is gone.
    pub fn lost(&mut self, at: Timestamp) {
        if !matches!(self.link, Link::Lost(_)) {
            self.link = Link::Lost(at);
        }
        for site in self.sites.values_mut() {
            site.stale.get_or_insert(at);
            site.version += 1;
        }
    }

    /// A message came. What isn't ours, or isn't what its topic promises, changes nothing.
    pub fn heard(&mut self, topic: &str, payload: &[u8], at: Timestamp) {
        let Some((name, topic)) = Topics::parse_any(topic) else { return };
        if payload.is_empty() && !self.sites.contains_key(&name) {
            return;
        }
        let site = self.sites.entry(name).or_default();
        if site.connection != self.connection {
            // all that is retained comes again: what was cleared meanwhile must not stay
            site.connection = self.connection;
            site.roster = Roster::default();
        }
        match site.roster.apply(&topic, payload) {
            Ok(Change::Nothing) => {}
            Ok(_) => {
                site.version += 1;
                // the status comes as one of the first; before it nothing is said of being away
                site.stale = if site.roster.is_online() { None } else { site.stale.or(Some(at)) };
            }
            Err(error) => tracing::debug!("a message that can't be read: {}", error.place()),
        }
    }

    /// The sites by name.
    pub fn iter(&self) -> impl Iterator<Item = (&SiteName, &Site)> {
        self.sites.iter()
    }

    /// One of them.
    pub fn get(&self, name: &SiteName) -> Option<&Site> {
        self.sites.get(name)
    }

    /// Lets a site's photos go.
    pub fn forget_photos(&mut self, name: &SiteName) {
        if let Some(site) = self.sites.get_mut(name) {
            site.roster.forget_photos();
        }
    }

    /// The connection to the broker.
    pub fn link(&self) -> Link {
        self.link
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use voisins_shared::payload::{Count, Occupancy, ReaderStatus, Session, State, Status, V, encode};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn session(n: u128) -> Vec<u8> {
        encode(&Session {
            v: V,
            session: Uuid::from_u128(n),
            installation: Uuid::nil(),
            site: SiteName::new("a").unwrap(),
            title: "A".into(),
            time_zone: "America/Toronto".into(),
            admin: None,
            version: "0".into(),
        })
    }

    fn status(n: u128, state: State) -> Vec<u8> {
        encode(&Status { v: V, state, session: Uuid::from_u128(n) })
    }

    fn occupancy(n: u128, today: u32) -> Vec<u8> {
        let (members, guests) = (Count::default(), Count::default());
        encode(&Occupancy { v: V, session: Uuid::from_u128(n), rev: 1, members, guests, today })
    }

    fn born(sites: &mut Sites, name: &str, n: u128) {
        sites.heard(&format!("voisins/{name}/status/session"), &session(n), at(0));
        sites.heard(&format!("voisins/{name}/status"), &status(n, State::Online), at(0));
    }

    #[track_caller]
    fn stale(sites: &Sites, name: &str) -> Option<Timestamp> {
        sites.get(&SiteName::new(name).unwrap()).unwrap().stale
    }

    #[test]
    fn a_will_makes_its_site_stale_and_no_other_and_a_late_one_does_not() {
        let mut sites = Sites::default();
        sites.connected();
        born(&mut sites, "a", 1);
        born(&mut sites, "b", 2);
        sites.heard("voisins/a/status", &status(1, State::Offline), at(60));
        assert_eq!((stale(&sites, "a"), stale(&sites, "b")), (Some(at(60)), None));
        // the daemon is back under a new session; the old one's will comes late
        born(&mut sites, "a", 3);
        sites.heard("voisins/a/status", &status(1, State::Offline), at(70));
        assert_eq!(stale(&sites, "a"), None);
    }

    #[test]
    fn without_a_broker_all_is_stale_since_then_and_only_who_is_heard_again_is_not() {
        let mut sites = Sites::default();
        sites.connected();
        born(&mut sites, "a", 1);
        born(&mut sites, "b", 2);
        sites.heard("voisins/a/occupancy", &occupancy(1, 7), at(1));
        sites.lost(at(100));
        sites.lost(at(200));
        assert_eq!((sites.link(), stale(&sites, "a"), stale(&sites, "b")), (Link::Lost(at(100)), Some(at(100)), Some(at(100))));
        sites.connected();
        born(&mut sites, "a", 3);
        assert_eq!((stale(&sites, "a"), stale(&sites, "b")), (None, Some(at(100))));
        let a = sites.get(&SiteName::new("a").unwrap()).unwrap();
        assert_eq!(a.roster.occupancy(), None, "nothing is left of the connection before");
    }

    #[test]
    fn readers_that_are_down_are_counted_and_nonsense_is_not_heard() {
        let mut sites = Sites::default();
        sites.connected();
        born(&mut sites, "a", 1);
        let reader = |state| encode(&ReaderStatus { v: V, reader: "porte".parse().unwrap(), state, reason: None, beside: None });
        sites.heard("voisins/a/reader/porte/status", &reader(ReaderState::Failed), at(1));
        assert_eq!(sites.iter().map(|(_, site)| site.readers_down()).sum::<usize>(), 1);
        let version = sites.get(&"a".parse().unwrap()).unwrap().version;
        for (topic, payload) in
            [("voisins/a/presence", "{"), ("other/a/status", "{}"), ("voisins/A B/status", "{}"), ("voisins/c/presence", "")]
        {
            sites.heard(topic, payload.as_bytes(), at(2));
        }
        assert_eq!((sites.iter().count(), sites.get(&"a".parse().unwrap()).unwrap().version), (1, version));
    }
}
