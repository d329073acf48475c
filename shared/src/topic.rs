//! Where a document lies on the broker: `voisins/{site}/…`. Built and read here only.

use crate::member::MemberId;
use crate::name::{KioskName, ReaderName, SiteName};
use crate::payload::YearMonth;
use std::fmt;

/// A topic of ours, below `voisins/{site}/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// `status`: online or offline (also the daemon's will). Retained.
    Status,
    /// `status/session`: the daemon's birth. Retained.
    Session,
    /// `reader/{reader}/status`. Retained; managers and integration.
    Reader(ReaderName),
    /// `occupancy`: exact numbers. Retained; kiosks, managers and integration.
    Occupancy,
    /// `open/occupancy`: small groups hidden. Retained; all.
    OpenOccupancy,
    /// `directory`: consented fields. Retained; kiosks and managers.
    Directory,
    /// `presence`: who is here, of those who agreed, and the rest as numbers. Retained; kiosks and managers.
    Presence,
    /// `lobby`: who agreed to be on the lobby screen and is here. Retained; lobby screens.
    Lobby,
    /// `needs`: what people look for, as they chose to show it. Retained; kiosks and managers.
    Needs,
    /// `agenda`: events of today and the days to come. Retained; kiosks and managers.
    Agenda,
    /// `measures`: how much neighbours helped each other, as numbers. Retained; kiosks, managers and integration.
    Measures,
    /// `history/{yyyy-mm}`: how many people were here, by hour, small groups hidden. Retained; all.
    History(YearMonth),
    /// `needs/count`: how many needs are on the board. Retained; managers and integration.
    NeedsCount,
    /// `evacuation`: whether everybody is asked to leave. Retained; kiosks, managers and integration.
    Evacuation,
    /// `ha/{member}`: whether one who agreed to be known outside the house is here. Retained; managers and integration.
    AtHome(MemberId),
    /// Home Assistant's discovery of the site: `homeassistant/device/voisins_{site}/config`, outside our base. Retained; managers and
    /// integration.
    Discovery,
    /// The same for one who agreed: `homeassistant/binary_sensor/voisins_{site}/{member}/config`. Retained; managers and integration.
    MemberDiscovery(MemberId),
    /// `homeassistant/status`: Home Assistant comes and goes. Its own, not ours.
    HomeAssistant,
    /// `command/{name}`: what another system asks for. Not retained; written by the integration.
    Command(String),
    /// `photo/{member}`: a JPEG. Retained; kiosks and managers.
    Photo(MemberId),
    /// `kiosk/{kiosk}/event`: greetings and refusals. Not retained; that kiosk.
    KioskEvent(KioskName),
    /// `request/{kiosk}/{name}`: a touch that asks for something. Not retained; written by that kiosk.
    Request(KioskName, String),
    /// `response/{kiosk}/{id}`: the answer. Not retained; read by that kiosk.
    Response(KioskName, String),
}

/// Where Home Assistant says that it has come.
const HOME_ASSISTANT: &str = "homeassistant/status";

/// Builds and reads the topics of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics {
    base: String,
    /// What Home Assistant knows the site by: `voisins_{site}`.
    node: String,
}

impl Topics {
    /// The topics of `site`.
    #[must_use]
    pub fn of(site: &SiteName) -> Self {
        Self { base: format!("voisins/{site}"), node: format!("voisins_{site}") }
    }

    /// `voisins/{site}`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The whole topic as the broker knows it.
    #[must_use]
    pub fn name(&self, topic: &Topic) -> String {
        let node = &self.node;
        match topic {
            Topic::Discovery => format!("homeassistant/device/{node}/config"),
            Topic::MemberDiscovery(member) => format!("homeassistant/binary_sensor/{node}/{member}/config"),
            Topic::HomeAssistant => HOME_ASSISTANT.to_owned(),
            below => format!("{}/{below}", self.base),
        }
    }

    /// Reads a whole topic; `None` for one that is not ours.
    #[must_use]
    pub fn parse(&self, name: &str) -> Option<Topic> {
        match name.strip_prefix(&self.base) {
            Some(below) => Topic::parse(below.strip_prefix('/')?).filter(|topic| self.name(topic) == name),
            None => self.parse_foreign(name),
        }
    }

    /// What is ours on Home Assistant's side of the broker, and what it says of itself.
    fn parse_foreign(&self, name: &str) -> Option<Topic> {
        let levels: Vec<&str> = name.split('/').collect();
        match levels.as_slice() {
            _ if name == HOME_ASSISTANT => Some(Topic::HomeAssistant),
            ["homeassistant", "device", node, "config"] if *node == self.node => Some(Topic::Discovery),
            ["homeassistant", "binary_sensor", node, member, "config"] if *node == self.node => {
                Some(Topic::MemberDiscovery(MemberId(member.parse().ok()?)))
            }
            _ => None,
        }
    }

    /// What Home Assistant knows the site by.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Subscriptions that match what we put outside our base, and nothing of anybody else.
    #[must_use]
    pub fn discovery(&self) -> [String; 2] {
        [self.name(&Topic::Discovery), format!("homeassistant/binary_sensor/{}/+/config", self.node)]
    }

    /// A subscription that matches every topic of the site.
    #[must_use]
    pub fn everything(&self) -> String {
        format!("{}/#", self.base)
    }

    /// What a lobby screen subscribes to: nothing that people agreed to show on kiosks only.
    #[must_use]
    pub fn for_lobby(&self) -> Vec<String> {
        ["status/#", "lobby", "evacuation"].map(|below| format!("{}/{below}", self.base)).into()
    }

    /// What a dashboard subscribes to, for all the sites of a broker: what the account of managers may read, but for photos, which
    /// are asked for site by site ([`Topics::photos`]).
    #[must_use]
    pub fn for_dashboards() -> Vec<String> {
        ["status/#", "occupancy", "directory", "presence", "needs", "measures", "history/+", "reader/+/status"]
            .map(|below| format!("voisins/+/{below}"))
            .into()
    }

    /// The photos of the site.
    #[must_use]
    pub fn photos(&self) -> String {
        format!("{}/photo/+", self.base)
    }

    /// Reads a whole topic of any site; `None` for one that is not ours.
    #[must_use]
    pub fn parse_any(name: &str) -> Option<(SiteName, Topic)> {
        let (site, below) = name.strip_prefix("voisins/")?.split_once('/')?;
        Some((SiteName::new(site).ok()?, Topic::parse(below)?))
    }

    /// What a kiosk subscribes to.
    #[must_use]
    pub fn for_kiosk(&self, kiosk: &KioskName) -> Vec<String> {
        [
            "status/#".to_owned(),
            "occupancy".to_owned(),
            "directory".to_owned(),
            "presence".to_owned(),
            "needs".to_owned(),
            "agenda".to_owned(),
            "measures".to_owned(),
            "photo/+".to_owned(),
            "reader/+/status".to_owned(),
            "evacuation".to_owned(),
        ]
        .into_iter()
        .chain([format!("kiosk/{kiosk}/event"), format!("response/{kiosk}/+")])
        .map(|below| format!("{}/{below}", self.base))
        .collect()
    }
}

impl Topic {
    fn parse(below: &str) -> Option<Self> {
        let levels: Vec<&str> = below.split('/').collect();
        Some(match levels.as_slice() {
            ["status"] => Self::Status,
            ["status", "session"] => Self::Session,
            ["reader", reader, "status"] => Self::Reader(ReaderName::new(reader).ok()?),
            ["occupancy"] => Self::Occupancy,
            ["open", "occupancy"] => Self::OpenOccupancy,
            ["directory"] => Self::Directory,
            ["presence"] => Self::Presence,
            ["lobby"] => Self::Lobby,
            ["needs"] => Self::Needs,
            ["agenda"] => Self::Agenda,
            ["measures"] => Self::Measures,
            ["history", month] => Self::History(month.parse().ok()?),
            ["needs", "count"] => Self::NeedsCount,
            ["evacuation"] => Self::Evacuation,
            ["ha", member] => Self::AtHome(MemberId(member.parse().ok()?)),
            ["command", name] => Self::Command((*name).to_owned()),
            ["discovery"] => Self::Discovery,
            ["discovery", member] => Self::MemberDiscovery(MemberId(member.parse().ok()?)),
            ["discovery", "home", "assistant"] => Self::HomeAssistant,
            ["photo", member] => Self::Photo(MemberId(member.parse().ok()?)),
            ["kiosk", kiosk, "event"] => Self::KioskEvent(KioskName::new(kiosk).ok()?),
            ["request", kiosk, name] => Self::Request(KioskName::new(kiosk).ok()?, (*name).to_owned()),
            ["response", kiosk, id] => Self::Response(KioskName::new(kiosk).ok()?, (*id).to_owned()),
            _ => return None,
        })
    }

    /// Whether the broker keeps the last document of this topic: state is retained, events are not.
    #[must_use]
    pub fn is_retained(&self) -> bool {
        !matches!(self, Self::KioskEvent(_) | Self::Request(..) | Self::Response(..) | Self::Command(_) | Self::HomeAssistant)
    }
}

/// The topic below its base: `presence`, `photo/3f2c…`; for what lies outside it, a word of our own.
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Session => f.write_str("status/session"),
            Self::Reader(reader) => write!(f, "reader/{reader}/status"),
            Self::Occupancy => f.write_str("occupancy"),
            Self::OpenOccupancy => f.write_str("open/occupancy"),
            Self::Directory => f.write_str("directory"),
            Self::Presence => f.write_str("presence"),
            Self::Lobby => f.write_str("lobby"),
            Self::Needs => f.write_str("needs"),
            Self::Agenda => f.write_str("agenda"),
            Self::Measures => f.write_str("measures"),
            Self::History(month) => write!(f, "history/{month}"),
            Self::NeedsCount => f.write_str("needs/count"),
            Self::Evacuation => f.write_str("evacuation"),
            Self::AtHome(member) => write!(f, "ha/{member}"),
            Self::Command(name) => write!(f, "command/{name}"),
            Self::Discovery => f.write_str("discovery"),
            Self::MemberDiscovery(member) => write!(f, "discovery/{member}"),
            Self::HomeAssistant => f.write_str("discovery/home/assistant"),
            Self::Photo(member) => write!(f, "photo/{member}"),
            Self::KioskEvent(kiosk) => write!(f, "kiosk/{kiosk}/event"),
            Self::Request(kiosk, name) => write!(f, "request/{kiosk}/{name}"),
            Self::Response(kiosk, id) => write!(f, "response/{kiosk}/{id}"),
        }
    }
}

/// The inverse of `Display`: the outbox keeps topics as such text.
impl std::str::FromStr for Topic {
    type Err = ();
    fn from_str(below: &str) -> Result<Self, ()> {
        Self::parse(below).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_topic_reads_back() {
        let topics = Topics::of(&SiteName::new("mile-end").unwrap());
        let (kiosk, reader) = (KioskName::new("cafe").unwrap(), ReaderName::new("porte").unwrap());
        for topic in [
            Topic::Status,
            Topic::Session,
            Topic::Reader(reader),
            Topic::Occupancy,
            Topic::OpenOccupancy,
            Topic::Directory,
            Topic::Presence,
            Topic::Lobby,
            Topic::Needs,
            Topic::Agenda,
            Topic::Measures,
            Topic::History("2026-11".parse().unwrap()),
            Topic::Photo(MemberId(Uuid::from_u128(7))),
            Topic::NeedsCount,
            Topic::Evacuation,
            Topic::AtHome(MemberId(Uuid::from_u128(7))),
            Topic::Command("evacuation".into()),
            Topic::KioskEvent(kiosk.clone()),
            Topic::Request(kiosk.clone(), "leave".into()),
            Topic::Response(kiosk, "17".into()),
        ] {
            let name = topics.name(&topic);
            assert!(name.starts_with("voisins/mile-end/"), "{name}");
            assert_eq!(topics.parse(&name).as_ref(), Some(&topic));
            assert_eq!(topic.to_string().parse().as_ref(), Ok(&topic));
            assert_eq!(Topics::parse_any(&name), Some((SiteName::new("mile-end").unwrap(), topic)));
        }
        assert_eq!(Topics::parse_any("voisins/Mile End/status"), None);
        for foreign in ["voisins/mile-end", "voisins/mile-endx/status", "voisins/other/status", "voisins/mile-end/photo/me", ""] {
            assert_eq!(topics.parse(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn what_lies_outside_our_base_reads_back_and_only_ours_does() {
        let topics = Topics::of(&SiteName::new("mile-end").unwrap());
        let member = MemberId(Uuid::from_u128(7));
        for (topic, name) in [
            (Topic::Discovery, "homeassistant/device/voisins_mile-end/config".to_owned()),
            (Topic::MemberDiscovery(member), format!("homeassistant/binary_sensor/voisins_mile-end/{member}/config")),
            (Topic::HomeAssistant, "homeassistant/status".to_owned()),
        ] {
            assert_eq!((topics.name(&topic), topics.parse(&name)), (name.clone(), Some(topic.clone())));
            assert_eq!(topic.to_string().parse(), Ok(topic));
        }
        for foreign in [
            "homeassistant/device/voisins_mile/config",
            "homeassistant/device/lamp/config",
            "homeassistant/binary_sensor/voisins_mile-end/me/config",
            "homeassistant/binary_sensor/voisins_mile-end/config",
            "voisins/mile-end/discovery",
        ] {
            assert_eq!(topics.parse(foreign), None, "{foreign}");
        }
    }
}
