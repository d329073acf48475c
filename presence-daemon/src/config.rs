//! What the space decided: `/etc/voisins/daemon.toml`. Everything but the site has a default; an unknown key is an error with its line.

mod calendar;
mod feedback;
mod fiche;
mod integrations;
mod keyboard;
mod mail;
mod wired;

pub use calendar::{CalendarConfig, CalendarSource};
pub use feedback::{ActiveLevel, BuzzerKind, FeedbackConfig};
pub use integrations::{ContactConfig, HomeAssistantConfig, MetricsConfig, SpaceApiConfig};
pub use keyboard::{ByteOrder, KeyboardConfig, NumberFormat};
pub use mail::{MailConfig, MailTls};

use crate::reader::wired::Place;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Span};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use voisins_shared::config::{ConfigError, ScreenSurface, load, parse};
use voisins_shared::language::Language;
use voisins_shared::name::{KioskName, ReaderName, SiteName};

/// The daemon's config.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The site's name in topics.
    pub site: SiteName,
    /// The site's name as people write it.
    pub title: String,
    /// IANA time zone of the site.
    pub time_zone: String,
    /// Language of messages that are for nobody in particular.
    pub language: Language,
    /// Folder of the database, the key and the control socket.
    pub state: PathBuf,
    /// When a day begins (local time): a tap before it still belongs to the day before.
    pub day_starts: Time,
    /// How long after the last tap a member is shown as here.
    pub fresh_for: SignedDuration,
    /// A second tap of the same card within it is the same tap.
    pub double_tap_window: SignedDuration,
    /// After it, a greeting offers to stay or to leave.
    pub ask_after: SignedDuration,
    /// A visit is closed after it, whatever the closing time.
    pub longest_visit: SignedDuration,
    /// How long it is known whose a visit was; after it, only counts stay.
    pub retention: Span,
    /// When the clock may be trusted.
    pub clock: ClockTrust,
    /// The file whose existence says that the clock was set.
    pub clock_file: PathBuf,
    /// Which badges count.
    pub badges: BadgePolicy,
    /// When the space closes.
    pub closing: Closing,
    /// What a member puts up for all to read waits until the manager has approved it.
    pub approve_first: bool,
    /// Whether it is asked every day who eats here at noon, and from when until when (local time).
    pub lunch: bool,
    #[allow(missing_docs)]
    pub lunch_from: Time,
    #[allow(missing_docs)]
    pub lunch_until: Time,
    /// Concept files that widen the built-in skills, such as `presence-daemon concepts import` makes; the kiosks want the same.
    pub concepts: Vec<PathBuf>,
    /// Calendars whose events are on the agenda.
    #[serde(rename = "calendar")]
    pub calendars: Vec<CalendarConfig>,
    /// The badge readers.
    #[serde(rename = "reader")]
    pub readers: Vec<ReaderConfig>,
    /// The screens.
    #[serde(rename = "kiosk")]
    pub kiosks: Vec<KioskConfig>,
    /// The MQTT broker.
    pub broker: BrokerConfig,
    /// The manager's pages.
    pub web: WebConfig,
    /// Where all this stands.
    #[serde(skip)]
    pub file: PathBuf,
    /// Letters; off unless it is there.
    pub mail: MailConfig,
    /// Home Assistant and its like.
    pub home_assistant: HomeAssistantConfig,
    /// The metrics.
    pub metrics: MetricsConfig,
    /// The SpaceAPI endpoint; none: there is none.
    pub spaceapi: Option<SpaceApiConfig>,
}

/// The manager's pages: for this machine, behind a proxy that speaks HTTPS, or over HTTPS themselves, with a certificate of one's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebConfig {
    /// Address and port; "off" for no pages.
    pub listen: String,
    /// The address as a browser behind the proxy names it, such as `https://voisins.example.org`: cookies are then for HTTPS only.
    pub origin: Option<String>,
    /// A certificate and those it stands on (PEM). It is read again when the file changes.
    pub certificate: Option<PathBuf>,
    /// Its private key (PEM).
    pub key: Option<PathBuf>,
    /// Others may come over plain HTTP: you know the network between them and this machine.
    pub plain: bool,
    /// The address at which phones on the house's network reach *Ma fiche*, such as `http://192.168.1.20:8481`; without it kiosks show
    /// no QR code for it.
    pub fiche: Option<String>,
    /// Where the pages for phones listen, if not at the port of `fiche` on all addresses.
    pub fiche_listen: Option<String>,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8480".to_owned(),
            origin: None,
            certificate: None,
            key: None,
            plain: false,
            fiche: None,
            fiche_listen: None,
        }
    }
}

/// When the clock may be trusted. (A Pi has no battery clock: after a power cut it wakes up in the past.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockTrust {
    /// Once the machine has synchronised (systemd-timesyncd says so), or at once where there is a battery clock.
    #[default]
    Auto,
    /// At once: this machine's clock is kept by other means (chrony, a virtual machine's host).
    Always,
    /// Once the file `clock_file` exists, battery clock or not.
    File,
}

/// Which badges count. One that has proved once that it is no copy has to prove it ever after, whatever stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadgePolicy {
    /// All that are enrolled. One that says only a UID can be copied for a few euros: good for presence, not for access.
    #[default]
    Any,
    /// Only those that prove themselves (`presence-daemon badge personalise`).
    Authentic,
}

/// Closing times, local. None: visits end at the start of the next day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Closing {
    pub monday: Option<ClosingTime>,
    pub tuesday: Option<ClosingTime>,
    pub wednesday: Option<ClosingTime>,
    pub thursday: Option<ClosingTime>,
    pub friday: Option<ClosingTime>,
    pub saturday: Option<ClosingTime>,
    pub sunday: Option<ClosingTime>,
    /// Holidays and other days by date; they win over the weekday.
    pub on: BTreeMap<Date, ClosingTime>,
}

/// A day's closing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ClosingTime {
    /// Closed all day: a visit that opens all the same ends at the start of the next day.
    Closed,
    /// At this time; a time before `day_starts` is in the night after.
    At(Time),
}

impl TryFrom<String> for ClosingTime {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "closed" => Ok(Self::Closed),
            _ => text.parse().map(Self::At).map_err(|_| format!("{text:?} is no closing time: write \"22:00\" or \"closed\"")),
        }
    }
}

/// What a tap on a reader means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Checks in or re-greets, never out.
    #[default]
    Arrival,
    /// Checks out.
    Departure,
    /// In, then out.
    Toggle,
    /// Reads cards for the manager; never a visit.
    Enrol,
}

/// How a reader is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderKind {
    /// Through pcscd.
    #[default]
    Pcsc,
    /// A PN532 on the header or a serial line.
    Pn532,
    /// An MFRC522 on the header.
    Mfrc522,
    /// It types like a keyboard.
    Keyboard,
    /// No hardware: taps come from `presence-daemon tap` only.
    Scripted,
}

/// One reader.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderConfig {
    /// Its name here.
    pub name: ReaderName,
    #[serde(default)]
    #[allow(missing_docs)]
    pub kind: ReaderKind,
    /// Part of its PC/SC name, such as "ACR122U"; not the number at its end, which changes with plugging. Needed with several readers.
    #[serde(default)]
    pub pcsc_name: Option<String>,
    /// The USB port it hangs on, such as "1-1.2", to tell two of a kind apart.
    #[serde(default)]
    pub usb_port: Option<String>,
    /// Where a reader on the header hangs: `i2c:1`, `spi:0.0` or `uart:/dev/serial0`.
    #[serde(default)]
    pub link: Option<Place>,
    /// Its serial number, where it has one: the reader is then found on whatever port it hangs.
    #[serde(default)]
    pub usb_serial: Option<String>,
    /// The device of a reader that types like a keyboard, and what it types.
    #[serde(default)]
    pub keyboard: Option<KeyboardConfig>,
    /// The light and the buzzer beside it.
    #[serde(default)]
    pub feedback: Option<FeedbackConfig>,
    #[serde(default)]
    #[allow(missing_docs)]
    pub role: Role,
    /// The kiosk it stands beside: greetings with buttons open there, and only there.
    #[serde(default)]
    pub beside: Option<KioskName>,
}

/// One screen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskConfig {
    /// Its name here, and its account on the broker.
    pub name: KioskName,
    /// What it shows, and so what its account may read.
    #[serde(default)]
    pub surface: ScreenSurface,
}

/// The broker: ours or the house's, as equals.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BrokerConfig {
    /// A Mosquitto whose config, accounts and rules the daemon writes.
    Private {
        /// Address and port it listens on.
        #[serde(default = "loopback")]
        listen: String,
        /// Who starts it.
        #[serde(default)]
        start: Start,
        /// Where its config, accounts and rules are written; default: `broker` in the state folder.
        #[serde(default)]
        folder: Option<PathBuf>,
    },
    /// A broker that somebody else runs.
    External {
        /// Host name or address.
        host: String,
        /// TCP port.
        #[serde(default = "mqtt_port")]
        port: u16,
        /// The daemon's account there.
        user: String,
        /// A file with the password on its first line.
        password_file: PathBuf,
    },
}

/// Who starts the private broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The daemon, as its child.
    #[default]
    Child,
    /// A systemd unit of ours; the daemon only writes its files.
    Unit,
}

fn loopback() -> String {
    "127.0.0.1:1883".to_owned()
}

fn mqtt_port() -> u16 {
    1883
}

impl Default for BrokerConfig {
    fn default() -> Self {
        Self::Private { listen: loopback(), start: Start::Child, folder: None }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            site: SiteName::new("site").expect("a valid name"),
            title: "Voisins".to_owned(),
            time_zone: "America/Toronto".to_owned(),
            language: Language::Fr,
            state: PathBuf::from("/var/lib/voisins"),
            day_starts: jiff::civil::time(4, 0, 0, 0),
            fresh_for: SignedDuration::from_hours(3),
            double_tap_window: SignedDuration::from_secs(5),
            ask_after: SignedDuration::from_mins(20),
            longest_visit: SignedDuration::from_hours(16),
            retention: Span::new().days(90),
            clock: ClockTrust::Auto,
            clock_file: PathBuf::from("/run/systemd/timesync/synchronized"),
            badges: BadgePolicy::default(),
            closing: Closing::default(),
            approve_first: false,
            lunch: true,
            lunch_from: jiff::civil::time(10, 30, 0, 0),
            lunch_until: jiff::civil::time(13, 30, 0, 0),
            concepts: vec![],
            calendars: Vec::new(),
            readers: Vec::new(),
            kiosks: Vec::new(),
            broker: BrokerConfig::default(),
            web: WebConfig::default(),
            file: PathBuf::new(),
            mail: MailConfig::default(),
            home_assistant: HomeAssistantConfig::default(),
            metrics: MetricsConfig::default(),
            spaceapi: None,
        }
    }
}

impl WebConfig {
    /// The files of the certificate and of its key, if the pages have their own.
    #[must_use]
    pub fn certificate(&self) -> Option<(&Path, &Path)> {
        self.certificate.as_deref().zip(self.key.as_deref())
    }

    /// Where the pages listen; none if they are off.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }
}

impl Config {
    /// Reads and checks a config file.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and key, ready to be shown.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        load::<Self>(path)?.checked(path)
    }

    /// Reads and checks the text of a config; `path` is for errors.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        parse::<Self>(text, path)?.checked(path)
    }

    /// The reader of that name.
    #[must_use]
    pub fn reader(&self, name: &ReaderName) -> Option<&ReaderConfig> {
        self.readers.iter().find(|reader| reader.name == *name)
    }

    /// The screens that people touch: they are told what happens at the readers, and may ask for something.
    pub fn touch_kiosks(&self) -> impl Iterator<Item = &KioskName> {
        self.kiosks.iter().filter(|kiosk| kiosk.surface == ScreenSurface::Kiosk).map(|kiosk| &kiosk.name)
    }

    /// The folder of the private broker's files.
    #[must_use]
    pub fn broker_folder(&self) -> PathBuf {
        match &self.broker {
            BrokerConfig::Private { folder: Some(folder), .. } => folder.clone(),
            _ => self.state.join("broker"),
        }
    }

    fn checked(self, path: &Path) -> Result<Self, ConfigError> {
        match self.contradiction() {
            Some(problem) => Err(ConfigError::Contradiction { path: path.to_owned(), problem }),
            None => Ok(Self { file: path.to_owned(), ..self }),
        }
    }

    fn contradiction(&self) -> Option<String> {
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Some(format!("time_zone: {:?} is no IANA time zone; write for example \"America/Toronto\"", self.time_zone));
        }
        if !self.retention.is_positive() {
            return Some("retention: must be more than 0, such as \"90 days\"".to_owned());
        }
        for (key, value) in [
            ("fresh_for", self.fresh_for),
            ("double_tap_window", self.double_tap_window),
            ("ask_after", self.ask_after),
            ("longest_visit", self.longest_visit),
        ] {
            if !value.is_positive() {
                return Some(format!("{key}: has to be longer than nothing, such as \"5s\", \"20min\" or \"3h\""));
            }
        }
        if self.web.address().is_none() && self.web.listen != "off" {
            return Some(format!("web.listen: {:?} is no address and port; write \"127.0.0.1:8480\", or \"off\"", self.web.listen));
        }
        if let Some(origin) = self.web.origin.as_deref().filter(|origin| !is_origin(origin)) {
            return Some(format!(
                "web.origin: {origin:?} is not how a browser names it; write \"https://voisins.example.org\", without a path"
            ));
        }
        if self.web.certificate.is_some() != self.web.key.is_some() {
            return Some("web.certificate: goes with web.key, the file of its private key; give both or neither".to_owned());
        }
        let by_others = self.web.address().is_some_and(|address| !address.ip().is_loopback());
        if by_others && self.web.certificate.is_none() && !self.web.plain {
            return Some(
                "web.listen: others could read passwords on the network. Give web.certificate and web.key; or listen on 127.0.0.1 behind a proxy that speaks HTTPS, with web.origin; or say plain = true under [web] if you know that nobody listens in"
                    .to_owned(),
            );
        }
        let of_parts = self.web.fiche_contradiction().or_else(|| self.mail.contradiction());
        if let Some(problem) = of_parts.or_else(|| self.spaceapi.as_ref().and_then(SpaceApiConfig::contradiction)) {
            return Some(problem);
        }
        if self.lunch_from >= self.lunch_until {
            return Some("lunch_until: has to come after lunch_from, such as \"13:30\" after \"10:30\"".to_owned());
        }
        for calendar in &self.calendars {
            if let Some(problem) = calendar.contradiction() {
                return Some(format!("calendar {:?}: {problem}", calendar.name));
            }
        }
        let calendars: BTreeSet<&str> = self.calendars.iter().map(|calendar| &*calendar.name).collect();
        if calendars.len() < self.calendars.len() {
            return Some("calendar: two have the same name".to_owned());
        }
        let kiosks: BTreeSet<&KioskName> = self.kiosks.iter().map(|kiosk| &kiosk.name).collect();
        if kiosks.len() < self.kiosks.len() {
            return Some("kiosk: two have the same name".to_owned());
        }
        let readers: BTreeSet<&ReaderName> = self.readers.iter().map(|reader| &reader.name).collect();
        if readers.len() < self.readers.len() {
            return Some("reader: two have the same name".to_owned());
        }
        for (reader, kiosk) in self.readers.iter().filter_map(|reader| Some((&reader.name, reader.beside.as_ref()?))) {
            let problem = match kiosks.contains(kiosk) {
                false => ", but no [[kiosk]] has that name",
                true if self.touch_kiosks().any(|known| known == kiosk) => continue,
                true => " is a lobby screen, which shows no greetings: name a [[kiosk]] that people touch, or leave beside out",
            };
            return Some(format!("reader {:?}: beside = {:?}{problem}", reader.as_str(), kiosk.as_str()));
        }
        for reader in &self.readers {
            if let Some(problem) = reader.contradiction() {
                return Some(format!("reader {:?}: {problem}", reader.name.as_str()));
            }
        }
        let mut pins = BTreeSet::new();
        let mut wired = self.readers.iter().filter_map(|reader| reader.feedback.as_ref()).flat_map(FeedbackConfig::pins);
        if let Some(pin) = wired.find(|pin| !pins.insert(*pin)) {
            return Some(format!("feedback: pin {pin} is named twice; each light and each buzzer has its own"));
        }
        let unmatched = |r: &&ReaderConfig| {
            r.kind == ReaderKind::Pcsc && r.pcsc_name.is_none() && r.usb_port.is_none() && r.usb_serial.is_none()
        };
        if self.readers.iter().filter(|r| r.kind == ReaderKind::Pcsc).count() > 1
            && let Some(reader) = self.readers.iter().find(unmatched)
        {
            return Some(format!(
                "reader {:?}: with several PC/SC readers each needs a pcsc_name, a usb_port or a usb_serial; `presence-daemon check` lists them",
                reader.name.as_str()
            ));
        }
        wired::contradiction(&self.readers)
    }
}

impl ReaderConfig {
    /// Whether it shows what happens with an ACR122U's own light and buzzer.
    #[must_use]
    pub fn uses_acr122u(&self) -> bool {
        self.feedback.as_ref().is_some_and(|feedback| feedback.acr122u)
    }

    fn contradiction(&self) -> Option<String> {
        if let Some(feedback) = &self.feedback {
            if feedback.acr122u && self.kind != ReaderKind::Pcsc {
                return Some("feedback.acr122u: is for a reader of kind = \"pcsc\"".to_owned());
            }
            if let Some(problem) = feedback.contradiction() {
                return Some(problem);
            }
        }
        match (self.kind, &self.keyboard) {
            (ReaderKind::Keyboard, None) => Some(
                "kind = \"keyboard\" needs a [reader.keyboard] with its device; `presence-daemon check` lists devices that may be one"
                    .to_owned(),
            ),
            (ReaderKind::Keyboard, Some(keyboard)) => keyboard.contradiction(),
            (_, Some(_)) => Some("[reader.keyboard] is for kind = \"keyboard\"".to_owned()),
            (_, None) => None,
        }
    }
}

/// `https://host[:port]`, and nothing after it.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").unwrap_or_default();
    !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("daemon.toml")).map_err(|e| e.to_string())
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = read(text).unwrap_err();
        assert!(error.contains(expected), "{error}\nshould say\n{expected}");
    }

    #[test]
    fn the_empty_file_is_a_config() {
        let config = read("").unwrap();
        assert_eq!(config.double_tap_window, SignedDuration::from_secs(5));
        assert_eq!(config.fresh_for, SignedDuration::from_hours(3));
        assert!(matches!(config.broker, BrokerConfig::Private { start: Start::Child, .. }));
    }

    #[test]
    fn the_example_config_is_a_config() {
        let config = read(include_str!("../daemon.example.toml")).unwrap();
        assert_eq!(config.readers.len(), 2);
        assert_eq!(config.readers[1].beside, Some(config.kiosks[0].name.clone()));
        assert_eq!(config.closing.on.len(), 2);
    }

    #[test]
    fn the_installed_config_is_a_config() {
        let config = read(include_str!("../../systemd/daemon.toml")).unwrap();
        assert!(
            matches!(&config.broker, BrokerConfig::Private { start: Start::Unit, folder: Some(folder), .. } if folder == Path::new("/var/lib/voisins-broker"))
        );
    }

    #[test]
    fn an_unknown_key_is_told_with_its_name_and_line() {
        refused("site = \"a\"\ndubble_tap_window = \"5s\"\n", "daemon.toml:2:1: unknown field `dubble_tap_window`");
        refused("[[reader]]\nname = \"porte\"\nroll = \"arrival\"\n", "daemon.toml:3:1: unknown field `roll`");
        refused("[closing]\nmonday = \"22:00\"\nmardi = \"22:00\"\n", "daemon.toml:3:1: unknown field `mardi`");
    }

    #[test]
    fn a_wrong_value_says_what_to_write() {
        refused("time_zone = \"Montreal\"", "America/Toronto");
        refused("[web]\nlisten = \"8480\"\n", "127.0.0.1:8480");
        refused("[web]\nlisten = \"0.0.0.0:8480\"\n", "web.origin");
        refused("[web]\nlisten = \"0.0.0.0:8480\"\norigin = \"https://voisins.example.org\"\n", "plain = true");
        assert!(read("[web]\nlisten = \"0.0.0.0:8480\"\nplain = true\n").is_ok());
        assert!(read("[web]\nlisten = \"0.0.0.0:8480\"\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n").is_ok());
        refused("[web]\ncertificate = \"c.pem\"\n", "web.key");
        refused("[web]\norigin = \"https://voisins.example.org/\"\n", "without a path");
        refused("[web]\nfiche = \"http://203.0.113.7:8481\"\n", "web.fiche");
        refused("[mail]\nhost = \"mail.example\"\ntls = \"none\"\nfrom = \"a@b.example\"\n", "mail.tls");
        refused("[mail]\nhost = \"mail.example\"\n", "mail.from");
        refused("[mail]\nhost = \"mail.example\"\nfrom = \"a@b.example\"\nuser = \"a\"\n", "mail.password_file");
        refused("[mail]\nto = \"a@b.example\"\n", "mail.host");
        refused("[mail]\nwebhook = \"http://hooks.example/a\"\n", "https://");
        refused("fresh_for = \"0s\"", "fresh_for");
        refused("[closing]\nmonday = \"late\"\n", "\"22:00\" or \"closed\"");
        refused("site = \"Mile End\"", "1 to 32 of a-z");
        refused("[[reader]]\nname = \"porte\"\nbeside = \"cafe\"\n", "no [[kiosk]] has that name");
        refused(
            "[[kiosk]]\nname = \"hall\"\nsurface = \"lobby\"\n[[reader]]\nname = \"porte\"\nbeside = \"hall\"\n",
            "beside = \"hall\" is a lobby screen",
        );
        let typed = |keys: &str| format!("[[reader]]\nname = \"a\"\nkind = \"keyboard\"\n{keys}");
        refused(&typed(""), "needs a [reader.keyboard]");
        refused(&typed("[reader.keyboard]\ndevice = \"/dev/input/event3\"\n"), "by-id");
        refused(&typed("keyboard = { device = \"input/by-id/a\" }\n"), "no path");
        refused(&typed("keyboard = { device = \"/dev/input/by-id/a\", ends_after = \"0s\" }\n"), "from 20ms");
        refused("[[reader]]\nname = \"a\"\nkeyboard = { device = \"/dev/input/by-id/a\" }\n", "kind = \"keyboard\"");
        assert!(read(&typed("keyboard = { device = \"/dev/input/by-id/a\", format = \"hex\", ends_after = \"100ms\" }\n")).is_ok());
        let shown = |keys: &str| format!("[[reader]]\nname = \"a\"\n[reader.feedback]\n{keys}");
        refused(&shown(""), "green, red or buzzer");
        refused(&shown("green = 40\n"), "no pin 40");
        refused(&shown("green = 17\nred = 17\n"), "named twice");
        refused(&typed("keyboard = { device = \"/dev/input/by-id/a\" }\nfeedback = { acr122u = true }\n"), "kind = \"pcsc\"");
        assert!(read(&shown("green = 17\nbuzzer = 18\nbuzzer_kind = \"passive\"\nactive = \"low\"\nacr122u = true\n")).is_ok());
        refused("[[calendar]]\nname = \" \"\nfile = \"a.ics\"\n", "1 to 60");
        refused("[[calendar]]\nname = \"a\"\n", "one of file, folder and url");
        refused("[[calendar]]\nname = \"a\"\nurl = \"http://a.example/a.ics\"\n", "https://");
        refused("[[calendar]]\nname = \"a\"\nurl = \"https://a.example/a.ics\"\nrefresh = \"1s\"\n", "5min");
        let space = |more: &str| format!("[spaceapi]\nurl = \"https://a.example\"\nlogo = \"https://a.example/l.png\"\n{more}");
        refused(&space("contact = {}\n"), "at least one of email");
        refused(&space("lat = 45.5\ncontact = { phone = \"+1 514 555 0100\" }\n"), "lat and lon");
        refused("[spaceapi]\nurl = \"a.example\"\nlogo = \"x\"\ncontact = {}\n", "spaceapi.url");
        refused("lunch_from = \"14:00\"\n", "lunch_until");
        refused("[[kiosk]]\nname = \"hall\"\nsurface = \"tv\"\n", "daemon.toml:3:11: unknown variant `tv`");
        refused("[[reader]]\nname = \"a\"\n[[reader]]\nname = \"b\"\n", "pcsc_name, a usb_port");
        refused(
            "[[reader]]\nname = \"a\"\nkind = \"scripted\"\n[[reader]]\nname = \"a\"\nkind = \"scripted\"\n",
            "two have the same name",
        );
    }
}
