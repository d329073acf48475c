//! The config file (TOML) and its defaults. `kiosk.example.toml` shows every key.

mod night;

pub use night::Night;

use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use voisins_shared::config::{ConfigError, ScreenSurface, load};
use voisins_shared::language::Language;
use voisins_shared::name::{KioskName, SiteName};

/// Where the config is unless told otherwise.
pub const DEFAULT_PATH: &str = "/etc/voisins/kiosk.toml";
/// Names another place.
pub const PATH_VARIABLE: &str = "VOISINS_KIOSK_CONFIG";

/// A kiosk's config.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The kiosk's name, as the daemon knows it (`cafe`).
    pub name: KioskName,
    /// The site's name, as in its topics.
    pub site: SiteName,
    /// What it shows; as in the daemon's config.
    #[serde(default)]
    pub surface: ScreenSurface,
    /// Where the broker is.
    #[serde(default)]
    pub broker: Broker,
    /// The house's language.
    #[serde(default)]
    pub language: Language,
    /// Takes the whole screen.
    #[serde(default = "yes")]
    pub fullscreen: bool,
    /// The window's size unless it is full-screen.
    pub size: Option<Size>,
    /// For a room with the lights off.
    #[serde(default)]
    pub dark: bool,
    /// The site's hours in which an untouched screen is dimmed.
    pub night: Option<Night>,
    /// The letters of the keyboard while the screen is in French; in English it is the US one.
    #[serde(default)]
    pub keyboard: Keyboard,
    /// The screen's width and height in millimetres: with `size`, the program warns of buttons too small for a finger.
    pub screen_mm: Option<(f64, f64)>,
    /// The evacuation list of this machine.
    pub muster: Option<MusterFile>,
    /// Concept files that widen the search.
    #[serde(default)]
    pub concepts: Vec<PathBuf>,
}

/// Where the evacuation list lies, which the daemon of the same machine writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MusterFile {
    /// `muster.json`.
    pub file: PathBuf,
}

/// The keyboard on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyboard {
    /// Canadian French.
    #[default]
    Qwerty,
    /// As in France.
    Azerty,
}

/// The broker and the kiosk's account there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Broker {
    /// A name or an address.
    pub host: String,
    /// Usually 1883.
    pub port: u16,
    /// The account; without one, none is sent.
    pub user: Option<String>,
    /// A file whose first line is the password.
    pub password_file: Option<PathBuf>,
}

impl Default for Broker {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: 1883, user: None, password_file: None }
    }
}

fn yes() -> bool {
    true
}

/// A size in pixels, written `1280x800`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[allow(missing_docs)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// The smallest and the largest side that a screen can be drawn at.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8192;

impl FromStr for Size {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
        match sides {
            Some((width, height)) if SIDES.contains(&width) && SIDES.contains(&height) => Ok(Self { width, height }),
            _ => Err(format!("{text:?} is not a size: use WIDTHxHEIGHT in pixels, each from 200 to 8192 (such as 1280x800)")),
        }
    }
}

impl TryFrom<String> for Size {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl Config {
    /// Reads a config.
    ///
    /// # Errors
    /// [`ConfigError`], with line and key, ready to be shown.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let config: Self = load(path)?;
        match config.contradiction() {
            Some(problem) => Err(ConfigError::Contradiction { path: path.to_owned(), problem }),
            None => Ok(config),
        }
    }

    fn contradiction(&self) -> Option<String> {
        let Broker { user, password_file, .. } = &self.broker;
        if user.is_none() && password_file.is_some() {
            return Some("broker.password_file without broker.user: name the account too".into());
        }
        if self.screen_mm.is_some_and(|(width, height)| !(width > 0.0 && height > 0.0)) {
            return Some("screen_mm: both the width and the height must be above 0".into());
        }
        None
    }
}

impl Broker {
    /// The password: the first line of its file. Read at each start, so that a new one needs no other change.
    ///
    /// # Errors
    /// When the file can't be read, with what to do.
    pub fn password(&self) -> Result<Option<String>, PasswordError> {
        let Some(path) = &self.password_file else { return Ok(None) };
        let text = std::fs::read_to_string(path).map_err(|source| PasswordError { path: path.clone(), source })?;
        Ok(Some(text.lines().next().unwrap_or("").to_owned()))
    }
}

/// The password file can't be read.
#[derive(Debug, thiserror::Error)]
#[error("can't read broker.password_file {path}. Check that it exists and that the kiosk's user may read it")]
pub struct PasswordError {
    path: PathBuf,
    source: std::io::Error,
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::config::parse;

    const EXAMPLE: &str = include_str!("../kiosk.example.toml");

    fn read(text: &str) -> Result<Config, String> {
        parse(text, Path::new("kiosk.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn the_example_is_a_config() {
        let config = read(EXAMPLE).unwrap();
        assert_eq!((config.name.as_str(), config.fullscreen, config.language), ("cafe", true, Language::Fr));
        assert_eq!(config.contradiction(), None);
    }

    #[test]
    fn the_example_with_every_line_that_is_commented_out_is_one_too() {
        let all: String =
            EXAMPLE.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).fold(String::new(), |all, line| all + line + "\n");
        assert_ne!(all.trim(), EXAMPLE.trim());
        let config = read(&all).unwrap();
        assert_eq!(config.size, Some(Size { width: 1280, height: 800 }));
        assert_eq!((config.surface, config.night), (ScreenSurface::Lobby, "22:00-06:30".parse().ok()));
        assert_eq!(config.concepts, [Path::new("/etc/voisins/esco.toml")]);
        assert_eq!((config.screen_mm, config.keyboard), (Some((217.0, 136.0)), Keyboard::Azerty));
    }

    #[test]
    fn a_name_and_a_site_are_enough() {
        let config = read("name = \"cafe\"\nsite = \"demo\"\n").unwrap();
        assert_eq!((config.broker.host.as_str(), config.broker.port, config.fullscreen), ("127.0.0.1", 1883, true));
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = read(text).unwrap_err();
        assert!(error.contains(expected), "{error}\nshould contain\n{expected}");
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_key() {
        check("name = \"cafe\"\nsite = \"demo\"\nlangage = \"fr\"\n", "kiosk.toml:3:1: unknown field `langage`");
        check("name = \"cafe\"\nsite = \"demo\"\n[broker]\nprt = 1\n", "kiosk.toml:4:1: unknown field `prt`");
        check("name = \"Café\"\nsite = \"demo\"\n", "kiosk.toml:1:8: \"Café\" is not a valid name");
        check("name = \"cafe\"\nsite = \"demo\"\nsize = \"big\"\n", "kiosk.toml:3:8: \"big\" is not a size");
        check("name = \"cafe\"\nsite = \"demo\"\nlanguage = \"de\"\n", "kiosk.toml:3:12: unknown variant `de`");
        check("name = \"cafe\"\nsite = \"demo\"\nnight = \"22-6\"\n", "kiosk.toml:3:9: \"22-6\" is no night");
        check("name = \"cafe\"\nsite = \"demo\"\nsurface = \"tv\"\n", "kiosk.toml:3:11: unknown variant `tv`");
        check("", "missing field `name`");
    }

    #[test]
    fn a_password_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "s3cret\nrest\n").unwrap();
        let broker = Broker { user: Some("cafe".into()), password_file: Some(path), ..Broker::default() };
        assert_eq!(broker.password().unwrap().as_deref(), Some("s3cret"));
        let gone = Broker { password_file: Some(folder.path().join("gone")), ..Broker::default() };
        assert!(gone.password().unwrap_err().to_string().contains("broker.password_file"));
    }

    #[test]
    fn a_size_is_written_and_read_the_same() {
        assert_eq!("800x480".parse::<Size>().map(|size| size.to_string()), Ok("800x480".into()));
        for bad in ["", "800", "800x", "800x480x2", "0x0", "100x100", "99999x800", "800×480"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
    }
}
