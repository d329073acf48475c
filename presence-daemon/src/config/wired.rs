//! Readers on the header: which chip hangs where.

use super::{ReaderConfig, ReaderKind};
use crate::reader::wired::Place;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no link: write \"i2c:1\", \"spi:0.0\" or \"uart:/dev/serial0\"");
        let number = |text: &str| text.parse::<u8>().map_err(|_| wrong());
        match text.split_once(':') {
            Some(("i2c", bus)) => Ok(Self::I2c { bus: number(bus)? }),
            Some(("spi", place)) => {
                let (bus, chip_select) = place.split_once('.').ok_or_else(wrong)?;
                Ok(Self::Spi { bus: number(bus)?, chip_select: number(chip_select)? })
            }
            Some(("uart", path)) if path.starts_with('/') => Ok(Self::Uart(PathBuf::from(path))),
            _ => Err(wrong()),
        }
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What is wrong with the readers' links, if anything.
pub(super) fn contradiction(readers: &[ReaderConfig]) -> Option<String> {
    let mut taken = BTreeMap::new();
    for reader in readers {
        let problem = match (reader.kind, &reader.link) {
            (ReaderKind::Pn532, None) => "needs a link: \"i2c:1\", \"spi:0.0\" or \"uart:/dev/serial0\"".to_owned(),
            (ReaderKind::Mfrc522, None) => "needs a link, such as \"spi:0.0\"".to_owned(),
            (ReaderKind::Mfrc522, Some(link @ (Place::I2c { .. } | Place::Uart(_)))) => {
                format!("link = \"{link}\", but an MFRC522 is read over SPI; write \"spi:0.0\"")
            }
            (ReaderKind::Pn532 | ReaderKind::Mfrc522, Some(link)) => match taken.insert(link, &reader.name) {
                _ if reader.pcsc_name.is_some() || reader.usb_port.is_some() => {
                    "pcsc_name and usb_port are for USB readers; one on the header has its link alone".to_owned()
                }
                Some(other) => format!("link = \"{link}\" is taken by the reader {:?}", other.as_str()),
                None => continue,
            },
            (_, Some(_)) => "a link is for kind = \"pn532\" and kind = \"mfrc522\"; leave it out, or name the kind".to_owned(),
            (_, None) => continue,
        };
        return Some(format!("reader {:?}: {problem}", reader.name.as_str()));
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use std::path::Path;

    /// Reads a config of these readers: kind and link of each.
    fn read(readers: &[&str]) -> Result<Config, String> {
        let text: String = readers.iter().enumerate().map(|(n, keys)| format!("[[reader]]\nname = \"r{n}\"\n{keys}\n")).collect();
        Config::parse(&text, Path::new("daemon.toml")).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refused(readers: &[&str], expected: &str) {
        let error = read(readers).unwrap_err();
        assert!(error.contains(expected), "{error}\nshould say\n{expected}");
    }

    #[test]
    fn readers_on_the_header_are_read_with_their_links() {
        let config = read(&[
            "kind = \"pn532\"\nlink = \"i2c:1\"",
            "kind = \"pn532\"\nlink = \"uart:/dev/serial0\"",
            "kind = \"mfrc522\"\nlink = \"spi:0.0\"",
            "kind = \"mfrc522\"\nlink = \"spi:0.1\"",
            "pcsc_name = \"ACR1252\"",
        ])
        .unwrap();
        let links: Vec<_> = config.readers.iter().filter_map(|reader| Some(reader.link.as_ref()?.to_string())).collect();
        assert_eq!(links, ["i2c:1", "uart:/dev/serial0", "spi:0.0", "spi:0.1"]);
    }

    #[test]
    fn a_link_that_does_not_fit_says_what_to_write() {
        for wrong in ["i2c", "i2c:x", "spi:0", "uart:serial0", "usb:1", ""] {
            let reader = format!("kind = \"pn532\"\nlink = \"{wrong}\"");
            refused(&[&reader], "daemon.toml:4:8: ");
            refused(&[&reader], "is no link: write \"i2c:1\"");
        }
        refused(&["kind = \"pn532\""], "reader \"r0\": needs a link: \"i2c:1\"");
        refused(&["kind = \"mfrc522\""], "needs a link, such as \"spi:0.0\"");
        refused(&["kind = \"mfrc522\"\nlink = \"i2c:1\""], "an MFRC522 is read over SPI");
        refused(&["link = \"i2c:1\""], "a link is for kind = \"pn532\"");
        refused(&["kind = \"scripted\"\nlink = \"i2c:1\""], "a link is for kind = \"pn532\"");
        refused(&["kind = \"pn532\"\nlink = \"i2c:1\"\npcsc_name = \"ACR\""], "are for USB readers");
        let (pn532, mfrc522) = ("kind = \"pn532\"\nlink = \"spi:0.0\"", "kind = \"mfrc522\"\nlink = \"spi:0.0\"");
        refused(&[pn532, mfrc522], "reader \"r1\": link = \"spi:0.0\" is taken by the reader \"r0\"");
    }
}
