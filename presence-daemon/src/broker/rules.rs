//! Who may read and write what: the table of the wire, as Mosquitto's rules.

use super::made::Rights;
use crate::config::KioskConfig;
use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use voisins_shared::config::ScreenSurface;
use voisins_shared::name::KioskName;
use voisins_shared::topic::{Topic, Topics};

/// Who connects to the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// Us.
    Daemon,
    /// A screen that people touch.
    Kiosk(KioskName),
    /// A screen that nobody touches.
    Lobby(KioskName),
    /// People of the space with a dashboard.
    Managers,
    /// Home automation.
    Integration,
    /// Anybody who was given it: nothing personal.
    Open,
    /// One that a manager made: it reads as one of ours does.
    Made(String, Rights),
}

/// What anybody may read: nothing personal.
const OF_ALL: &[&str] = &["status/#", "open/#", "history/+"];
/// What a kiosk and a manager see alike.
const OF_THE_HOUSE: &[&str] =
    &["occupancy", "directory", "presence", "needs", "agenda", "measures", "photo/+", "reader/+/status", "evacuation"];

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Daemon => f.write_str("daemon"),
            Self::Kiosk(kiosk) | Self::Lobby(kiosk) => write!(f, "kiosk-{kiosk}"),
            Self::Managers => f.write_str("managers"),
            Self::Integration => f.write_str("integration"),
            Self::Open => f.write_str("open"),
            Self::Made(name, _) => f.write_str(name),
        }
    }
}

impl Account {
    /// All accounts of a site.
    #[must_use]
    pub fn all(kiosks: &[KioskConfig]) -> Vec<Self> {
        let kiosks = kiosks.iter().map(Self::of);
        [Self::Daemon].into_iter().chain(kiosks).chain([Self::Managers, Self::Integration, Self::Open]).collect()
    }

    /// The account of a screen.
    #[must_use]
    pub fn of(kiosk: &KioskConfig) -> Self {
        match kiosk.surface {
            ScreenSurface::Kiosk => Self::Kiosk(kiosk.name.clone()),
            ScreenSurface::Lobby => Self::Lobby(kiosk.name.clone()),
        }
    }

    /// A kiosk's password lies beside its config, where its user may read it; the others are the daemon's to keep.
    pub(super) fn password_file(&self, folder: &Path, secrets: &Path) -> PathBuf {
        match self {
            Self::Kiosk(kiosk) | Self::Lobby(kiosk) => folder.join(format!("kiosk/{kiosk}.password")),
            _ => secrets.join(format!("{self}.password")),
        }
    }

    /// The access and the topic, below the site's base.
    fn rights(&self) -> Vec<(&'static str, String)> {
        let read = |rooms: &[&[&str]]| -> Vec<(&'static str, String)> {
            rooms.concat().into_iter().map(|below| ("read", below.to_owned())).collect()
        };
        match self {
            Self::Daemon => vec![("readwrite", "#".to_owned())],
            Self::Kiosk(kiosk) => {
                let mut rights = read(&[OF_ALL, OF_THE_HOUSE]);
                rights.push(("read", format!("kiosk/{kiosk}/event")));
                rights.push(("read", format!("response/{kiosk}/+")));
                rights.push(("write", format!("request/{kiosk}/+")));
                rights
            }
            Self::Lobby(_) => read(&[OF_ALL, &["lobby", "evacuation"]]),
            Self::Managers => read(&[OF_ALL, OF_THE_HOUSE, &["needs/count", "ha/+"]]),
            Self::Integration => {
                let ours = ["occupancy", "measures", "reader/+/status", "needs/count", "evacuation", "ha/+"];
                let mut rights = read(&[OF_ALL, &ours]);
                rights.push(("write", "command/+".to_owned()));
                rights
            }
            Self::Open => read(&[OF_ALL]),
            Self::Made(_, Rights::Managers) => Self::Managers.rights(),
            Self::Made(_, Rights::Integration) => Self::Integration.rights(),
            Self::Made(_, Rights::Open) => Self::Open.rights(),
        }
    }

    /// The access and the topic outside the site's base: Home Assistant's discovery of us, and nothing of anybody else.
    fn rights_beyond(&self, topics: &Topics) -> Vec<(&'static str, String)> {
        let discovery = |access| topics.discovery().into_iter().map(move |topic| (access, topic));
        let status = |access| (access, topics.name(&Topic::HomeAssistant));
        match self {
            Self::Daemon => discovery("readwrite").chain([status("read")]).collect(),
            Self::Managers => discovery("read").collect(),
            Self::Integration => discovery("read").chain([status("readwrite")]).collect(),
            Self::Made(_, Rights::Managers) => Self::Managers.rights_beyond(topics),
            Self::Made(_, Rights::Integration) => Self::Integration.rights_beyond(topics),
            Self::Made(_, Rights::Open) => Self::Open.rights_beyond(topics),
            Self::Kiosk(_) | Self::Lobby(_) | Self::Open => Vec::new(),
        }
    }

    /// The access and the whole topic.
    fn all_rights(&self, topics: &Topics) -> Vec<(&'static str, String)> {
        let below = self.rights().into_iter().map(|(access, below)| (access, format!("{}/{below}", topics.base())));
        below.chain(self.rights_beyond(topics)).collect()
    }

    fn purpose(&self) -> String {
        match self {
            Self::Daemon => "presence-daemon; its password goes into the file named by password_file in daemon.toml".to_owned(),
            Self::Kiosk(kiosk) => format!("the screen {kiosk:?}; its password goes to that machine", kiosk = kiosk.as_str()),
            Self::Lobby(kiosk) => {
                format!("the lobby screen {kiosk:?}, read only; its password goes to that machine", kiosk = kiosk.as_str())
            }
            Self::Managers => "dashboards of the space's managers: names and photos, read only".to_owned(),
            Self::Integration => {
                "home automation: numbers, readers and those who agreed to it; it may ask everybody to leave (evacuation)"
                    .to_owned()
            }
            Self::Made(..) => "whoever a manager made it for".to_owned(),
            Self::Open => "anybody you give it to: nothing personal, read only".to_owned(),
        }
    }
}

/// The rules as Mosquitto's `acl_file`. `daemon` is the daemon's account, which an external broker may name otherwise.
pub fn rules(accounts: &[Account], topics: &Topics, daemon: &str) -> String {
    let mut text = String::from("# Written by presence-daemon at each start; changes are lost. What is not allowed is refused.\n");
    for account in accounts {
        let _ = writeln!(text, "\nuser {}", name(account, daemon));
        for (access, topic) in account.all_rights(topics) {
            let _ = writeln!(text, "topic {access} {topic}");
        }
    }
    text
}

/// For the owner of an external broker: which accounts to create, what for, and with which rights.
pub fn to_create(accounts: &[Account], topics: &Topics, daemon: &str) -> String {
    let mut text = format!(
        "Accounts that Voisins needs on a broker of yours (site {})\n\n\
         Refuse anonymous access, and give each account a long random password: with Mosquitto, `mosquitto_passwd FILE ACCOUNT` asks\n\
         for it. external.acl has the same rights as Mosquitto's acl_file. The broker must speak MQTT 5, keep retained messages, take\n\
         packets of {} KiB, and let a subscriber have as many queued messages as there are members (max_queued_messages).\n",
        topics.base(),
        crate::mqtt::PACKET_LIMIT / 1024,
    );
    for account in accounts {
        let _ = writeln!(text, "\n{}\n    {}", name(account, daemon), account.purpose());
        for (access, topic) in account.all_rights(topics) {
            let _ = writeln!(text, "    {access:<9} {topic}");
        }
    }
    text
}

fn name(account: &Account, daemon: &str) -> String {
    if *account == Account::Daemon { daemon.to_owned() } else { account.to_string() }
}
