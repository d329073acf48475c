//! `presence-daemon event`: what happens in the house.

use super::{command, done, print_text, read, write_text};
use anyhow::Context as _;
use clap::Subcommand;
use presence_daemon::calendars;
use presence_daemon::community::agenda::Calendar;
use presence_daemon::config::Config;
use presence_daemon::control::Ask;
use std::path::{Path, PathBuf};
use voisins_shared::agenda::{EventId, title_text};

#[derive(Debug, Subcommand)]
pub(crate) enum Event {
    /// What comes in the next 60 days: id, when, title, place, how many go, whether it is firm, who proposed it.
    List,
    /// Take the events of an iCalendar file, once. Events that were imported under the same name are replaced.
    Import {
        /// Such as evenements.ics (`-`: stdin).
        file: PathBuf,
        /// What the calendar is called here; without it, the file's name.
        #[arg(long)]
        name: Option<String>,
    },
    /// The calendars: how many occurrences, when they were read, what was left out, what is wrong.
    Calendars,
    /// Take an imported calendar away.
    Forget { name: String },
    /// Call off an event that a member proposed.
    Cancel { id: uuid::Uuid },
    /// The agenda as iCalendar, without a name of anybody.
    Export {
        /// `-`: stdout.
        file: PathBuf,
    },
}

pub(crate) fn run(config: Config, asked: Event) -> anyhow::Result<()> {
    match asked {
        Event::List => print_text(command(config, Ask::Events)?),
        Event::Import { file, name } => import(config, &file, name),
        Event::Calendars => print_text(command(config, Ask::Calendars)?),
        Event::Forget { name } => done(&command(config, Ask::ForgetCalendar { name })?),
        Event::Cancel { id } => done(&command(config, Ask::CancelEvent { event: EventId(id) })?),
        Event::Export { file } => write_text(command(config, Ask::ExportEvents)?, &file),
    }
}

/// Read here, so that no tap waits for it.
fn import(config: Config, file: &Path, name: Option<String>) -> anyhow::Result<()> {
    let bytes = read(file).with_context(|| format!("can't read {}", file.display()))?;
    let stem = file.file_stem().filter(|_| file.as_os_str() != "-").map(|stem| stem.to_string_lossy().into_owned());
    let name = name.or(stem).as_deref().and_then(title_text);
    let name = name.context("a calendar needs a name of 1 to 60 characters: add --name")?;
    let zone = jiff::tz::TimeZone::get(&config.time_zone)?;
    let found = calendars::occurrences(&bytes, &name, &zone, presence_daemon::clock::wall_as_seen())
        .with_context(|| file.display().to_string())?;
    for what in &found.left_out {
        eprintln!("{}: left out: {what}", file.display());
    }
    let calendar = Calendar { name, imported: true, events: found.events };
    print_text(command(config, Ask::ImportCalendar(calendar))?)
}
