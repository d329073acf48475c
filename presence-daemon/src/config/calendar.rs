//! Where the events of a calendar are.

use jiff::SignedDuration;
use serde::Deserialize;
use std::path::PathBuf;
use voisins_shared::agenda::title_text;

/// One calendar: of a file, a folder of .ics files, or a feed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarConfig {
    /// Its name here; under another name its events are others.
    pub name: String,
    #[serde(default)]
    file: Option<PathBuf>,
    #[serde(default)]
    folder: Option<PathBuf>,
    #[serde(default)]
    url: Option<String>,
    /// How often a feed is asked for; files are looked at every minute.
    #[serde(default = "an_hour")]
    pub refresh: SignedDuration,
}

/// Where a calendar is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CalendarSource {
    File(PathBuf),
    Folder(PathBuf),
    Url(String),
}

fn an_hour() -> SignedDuration {
    SignedDuration::from_hours(1)
}

impl CalendarConfig {
    /// Where it is.
    #[must_use]
    pub fn source(&self) -> CalendarSource {
        match (&self.file, &self.folder, &self.url) {
            (Some(file), ..) => CalendarSource::File(file.clone()),
            (_, Some(folder), _) => CalendarSource::Folder(folder.clone()),
            (.., url) => CalendarSource::Url(url.clone().unwrap_or_default()),
        }
    }

    /// What is wrong with it.
    pub(super) fn contradiction(&self) -> Option<&'static str> {
        if title_text(&self.name).as_deref() != Some(&self.name) {
            return Some("name: 1 to 60 characters, on one line");
        }
        let said = [self.file.is_some(), self.folder.is_some(), self.url.is_some()];
        if said.into_iter().filter(|said| *said).count() != 1 {
            return Some("needs one of file, folder and url");
        }
        if self.url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            return Some("url: has to begin with https:// (for webcal:// write https:// instead)");
        }
        if self.refresh < SignedDuration::from_mins(5) {
            return Some("refresh: at least \"5min\", for the sake of who serves it");
        }
        None
    }
}
