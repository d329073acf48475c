//! `presence-daemon visits`, `export` and `erase`.

use super::{command, done, print_text, write_text};
use anyhow::{Context as _, bail};
use clap::Subcommand;
use presence_daemon::config::Config;
use presence_daemon::control::{Ask, Person, Reply};
use presence_daemon::house::database;
use presence_daemon::store::Reports;
use std::path::PathBuf;
use voisins_shared::member::MemberId;

#[derive(Debug, Subcommand)]
pub(crate) enum Visits {
    /// Write all visits to a CSV file (`-`: stdout): visit, member, name, kind, day, arrived, arrived_by, left, left_by, assumed_left. Times
    /// are UTC; an end that nobody tapped stands in `assumed_left` only.
    Export { file: PathBuf },
    /// Forget whose the visits are that are older than `retention`, however many: after the daemon stopped because it was too much at once.
    Anonymise,
}

pub(crate) fn visits(config: Config, asked: Visits) -> anyhow::Result<()> {
    match asked {
        Visits::Export { file } => {
            let text = Reports::open(&database(&config.state))?.visits_csv()?;
            write_text(Reply::Text(text), &file)
        }
        Visits::Anonymise => print_text(command(config, Ask::Person(Person::Anonymise))?),
    }
}

/// Carries out what has nothing to tell.
pub(crate) fn does(config: Config, person: Person) -> anyhow::Result<()> {
    done(&command(config, Ask::Person(person))?)
}

pub(crate) fn export(config: Config, member: String) -> anyhow::Result<()> {
    let path = database(&config.state);
    let reply = command(config, Ask::Person(Person::Find { member }))?;
    let Reply::Text(id) = reply else { bail!("an answer that makes no sense: {reply:?}") };
    let member = MemberId(id.trim().parse()?);
    let all = Reports::open(&path)?.all_of(member)?.context("the member was erased meanwhile")?;
    println!("{}", serde_json::to_string_pretty(&all)?);
    Ok(())
}
