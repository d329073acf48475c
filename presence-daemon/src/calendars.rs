//! Calendars from files, folders and feeds: read on a thread of their own, handed to the pipeline as occurrences. What can't be had
//! leaves what was read before.

pub mod feed;
pub mod fetch;
pub mod read;
mod zones;

#[cfg(test)]
mod tests;

use crate::clock::{since_boot, wall_as_seen};
use crate::community::agenda::{Calendar, CalendarId};
use crate::config::{CalendarConfig, CalendarSource};
use crate::reader::Stop;
use fetch::{Client, Fetched};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use read::{CalendarError, Reading};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often files are looked at.
const LOOK: Duration = Duration::from_secs(60);
/// So long before now an occurrence is still wanted: it may go on.
const BEFORE: SignedDuration = SignedDuration::from_hours(48);
/// So far ahead occurrences are worked out: more than is shown, so that it lasts without network.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 400);
/// A calendar may take so long to work out.
const PATIENCE: Duration = Duration::from_secs(2);

/// What came of reading a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// As the config calls it.
    pub name: String,
    /// Its occurrences now; else what is wrong and what to do.
    pub result: Result<Calendar, String>,
    /// What was left out: where and why, no word of the calendar.
    pub left_out: Vec<String>,
    /// For who can't take it yet.
    pub again: Again,
}

/// Asks for a calendar once more: it was worked out for a time that nobody can trust.
#[derive(Debug, Clone, Default)]
pub struct Again(Arc<AtomicBool>);

impl Again {
    /// Reads it again at the next look.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// What a report says is the same whoever is asked again.
impl PartialEq for Again {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Again {}

/// Reads a calendar's bytes as they are wanted at a moment.
///
/// # Errors
/// [`CalendarError`].
pub fn occurrences(bytes: &[u8], name: &str, zone: &TimeZone, now: Timestamp) -> Result<read::Found, CalendarError> {
    let begins = now.checked_sub(BEFORE).unwrap_or(Timestamp::MIN);
    let ends = now.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
    let reading = Reading { calendar: CalendarId::of(name), zone: zone.clone(), window: begins..ends };
    let started = since_boot();
    read::read(bytes, &reading, || since_boot().saturating_sub(started) < PATIENCE)
}

/// Reads the calendars at once, then whenever they change and on each new day, until it is stopped.
pub fn run(calendars: Vec<CalendarConfig>, zone: &TimeZone, stop: &Stop, tell: impl Fn(Report)) {
    let mut watched: Vec<Watched> = calendars.into_iter().map(Watched::new).collect();
    if watched.is_empty() {
        return;
    }
    let client = Client::default();
    loop {
        for calendar in &mut watched {
            if let Some(report) = calendar.look(&client, zone, wall_as_seen(), since_boot()) {
                tell(report);
            }
        }
        if stop.pause(LOOK) {
            return;
        }
    }
}

/// One calendar, and what is known of it.
#[derive(Debug)]
struct Watched {
    config: CalendarConfig,
    /// The files as they were: path, time of change, length.
    files: Option<Vec<(PathBuf, Option<std::time::SystemTime>, u64)>>,
    /// What was fetched, its tag, and when it was asked for.
    fetched: Option<(Vec<u8>, Option<String>)>,
    asked: Option<Duration>,
    /// The day for which the occurrences were worked out.
    day: Option<Date>,
    again: Again,
}

impl Watched {
    fn new(config: CalendarConfig) -> Self {
        Self { config, files: None, fetched: None, asked: None, day: None, again: Again::default() }
    }

    /// Reads it anew, if there is something new.
    fn look(&mut self, client: &Client, zone: &TimeZone, now: Timestamp, since_boot: Duration) -> Option<Report> {
        let today = now.to_zoned(zone.clone()).date();
        // as on a new day: what is known is worked out anew
        let again = self.again.take();
        let new_day = self.day.replace(today) != Some(today) || again;
        let parts = match self.config.source() {
            CalendarSource::File(path) => self.read_files(vec![path], new_day),
            CalendarSource::Folder(folder) => match files_of(&folder) {
                Ok(paths) => self.read_files(paths, new_day),
                Err(error) => Some(Err(error)),
            },
            CalendarSource::Url(url) => self.ask(client, &url, new_day, since_boot),
        };
        let name = self.config.name.clone();
        let report = match parts? {
            Ok(parts) => put_together(name, &parts, zone, now),
            Err(problem) => Report { name, result: Err(problem), left_out: vec![], again: Again::default() },
        };
        Some(Report { again: self.again.clone(), ..report })
    }

    fn read_files(&mut self, paths: Vec<PathBuf>, new_day: bool) -> Option<Result<Vec<Part>, String>> {
        let look = |path: PathBuf| {
            let about = std::fs::metadata(&path).ok();
            (path, about.as_ref().and_then(|about| about.modified().ok()), about.map_or(0, |about| about.len()))
        };
        let files: Vec<_> = paths.into_iter().map(look).collect();
        if !new_day && self.files.as_ref() == Some(&files) {
            return None;
        }
        let read = |path: &Path| std::fs::read(path).map_err(|error| format!("can't read {}: {error}", path.display()));
        let parts = files.iter().map(|(path, ..)| Ok((path.display().to_string(), read(path)?))).collect::<Result<_, String>>();
        // what couldn't be read is tried again: other permissions don't change a file's time
        self.files = parts.is_ok().then_some(files);
        Some(parts)
    }

    fn ask(&mut self, client: &Client, url: &str, new_day: bool, since_boot: Duration) -> Option<Result<Vec<Part>, String>> {
        let due = self.asked.is_none_or(|asked| since_boot.saturating_sub(asked) >= self.config.refresh.unsigned_abs());
        let mut changed = new_day;
        if due {
            self.asked = Some(since_boot);
            let tag = self.fetched.as_ref().and_then(|(_, tag)| tag.as_deref());
            match client.fetch(url, tag) {
                Ok(Fetched::New(bytes, tag)) => {
                    changed = true;
                    self.fetched = Some((bytes, tag));
                }
                // told once more, in case something was wrong before
                Ok(Fetched::Unchanged) => changed = true,
                Err(error) => return Some(Err(voisins_shared::told::told(&error))),
            }
        }
        let (bytes, _) = self.fetched.as_ref().filter(|_| changed)?;
        Some(Ok(vec![(String::new(), bytes.clone())]))
    }
}

/// A file's name, or nothing, and what is in it.
type Part = (String, Vec<u8>);

/// The calendars in a folder. An empty folder is an empty calendar; one that isn't there is a mistake.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("can't read the folder {}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ics")) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn put_together(name: String, parts: &[Part], zone: &TimeZone, now: Timestamp) -> Report {
    let again = Again::default();
    let mut calendar = Calendar { name: name.clone(), imported: false, events: vec![] };
    let mut left_out = vec![];
    let place = |part: &str, what: String| if part.is_empty() { what } else { format!("{part}: {what}") };
    let (mut read, mut problem) = (0, None);
    for (part, bytes) in parts {
        match occurrences(bytes, &name, zone, now) {
            Ok(found) => {
                read += 1;
                calendar.events.extend(found.events);
                left_out.extend(found.left_out.into_iter().map(|what| place(part, what)));
            }
            Err(error) => problem = Some(place(part, error.to_string())),
        }
    }
    calendar.events.sort_by_key(|event| (event.starts, event.id));
    calendar.events.dedup_by_key(|event| event.id);
    calendar.events.truncate(read::MOST_OCCURRENCES);
    match problem {
        // one bad file of a folder doesn't take the others away
        Some(problem) if read > 0 => {
            left_out.push(problem);
            Report { name, result: Ok(calendar), left_out, again }
        }
        Some(problem) => Report { name, result: Err(problem), left_out, again },
        None => Report { name, result: Ok(calendar), left_out, again },
    }
}
