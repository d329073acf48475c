//! `presence-daemon visits`, `export` and `erase`.

use super::{command, done, write_text};
use anyhow::{Context as _, bail};
use presence_daemon::config::Config;
use presence_daemon::control::{Ask, Person, Reply};
use presence_daemon::deed::{About, Deed};
use presence_daemon::house::database;
use presence_daemon::pipeline::pages::{PageAsk, journal};
use presence_daemon::store::Reports;
use std::path::Path;
use voisins_shared::member::MemberId;

/// All visits as CSV.
pub(crate) fn export_visits(config: Config, file: &Path) -> anyhow::Result<()> {
    let path = database(&config.state);
    journalled(config, Deed::VisitsExported, None)?;
    write_text(Reply::Text(Reports::open(&path)?.visits_csv()?), file)
}

/// The journal tells first who took what out.
fn journalled(config: Config, deed: Deed, about: Option<About>) -> anyhow::Result<()> {
    command(config, Ask::Page(PageAsk::Journal(journal::Ask::Write { deed, about }))).map(drop)
}

/// Carries out what has nothing to tell.
pub(crate) fn does(config: Config, person: Person) -> anyhow::Result<()> {
    done(&command(config, Ask::Person(person))?)
}

pub(crate) fn export(config: Config, member: String) -> anyhow::Result<()> {
    let path = database(&config.state);
    let reply = command(config.clone(), Ask::Person(Person::Find { member }))?;
    let Reply::Text(id) = reply else { bail!("an answer that makes no sense: {reply:?}") };
    let member = MemberId(id.trim().parse()?);
    journalled(config, Deed::MemberExported, Some(About::Member(member)))?;
    let all = Reports::open(&path)?.all_of(member)?.context("the member was erased meanwhile")?;
    println!("{}", serde_json::to_string_pretty(&all)?);
    Ok(())
}
