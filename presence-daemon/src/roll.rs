//! `muster` and `visit`: who may be in the building, and what the manager sets right.

use crate::command;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use presence_daemon::config::Config;
use presence_daemon::control::{Ask, ControlError, Reply, ask};
use presence_daemon::house::database;
use presence_daemon::muster::file::{refreshed, text_file};
use presence_daemon::muster::{pin, text};
use presence_daemon::pipeline::{muster, visits};
use presence_daemon::policy::Policy;
use presence_daemon::store::{Reports, VisitRow, VisitsOf};
use std::fmt::Write as _;
use voisins_shared::visit::{ClosedBy, OpenedBy};

#[derive(Debug, Args)]
pub struct Muster {
    #[command(subcommand)]
    step: Option<Step>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// An evacuation begins: from here on nobody comes off the list.
    Start,
    /// Somebody was found outside: the number before the name, or the whole name.
    Tick { who: String },
    /// They were not found after all.
    Untick { who: String },
    /// The evacuation is over.
    End,
    /// The PIN that opens the list on the kiosk, 4 to 8 digits, read from stdin.
    Pin {
        /// No PIN: the kiosk doesn't show the list any more.
        #[arg(long)]
        off: bool,
    },
}

/// Prints the list, or does something in an evacuation and prints it then.
pub fn muster(config: Config, Muster { step, json }: Muster) -> anyhow::Result<()> {
    let step = match step {
        None => muster::Ask::List,
        Some(Step::Start) => muster::Ask::Start,
        Some(Step::Tick { who }) => muster::Ask::Safe { who, safe: true },
        Some(Step::Untick { who }) => muster::Ask::Safe { who, safe: false },
        Some(Step::End) => muster::Ask::End,
        Some(Step::Pin { off }) => {
            let hash = if off { None } else { Some(new_pin()?) };
            command(config, Ask::Muster(muster::Ask::Pin { hash }))?;
            eprintln!("{}", if off { "the kiosk shows the list no more" } else { "the kiosk's PIN is set" });
            return Ok(());
        }
    };
    let reads = matches!(step, muster::Ask::List);
    let (state, zone) = (config.state.clone(), config.time_zone.clone());
    let runs = !matches!(ask(&state, &Ask::Status), Err(ControlError::NotRunning { .. }));
    if reads && !runs {
        let since = refreshed(&state).map(|at| local(&zone, at));
        eprintln!(
            "no daemon runs: this is what the database says; nobody has been counted since {}",
            since.unwrap_or_else(|| "a time nobody knows".to_owned())
        );
    }
    match command(config, Ask::Muster(step)) {
        Ok(Reply::Muster(list)) if json => println!("{}", serde_json::to_string(&list)?),
        Ok(Reply::Muster(list)) => print!("{}", text(&list)),
        Ok(other) => bail!("an answer that makes no sense: {other:?}"),
        // a database that can't be opened: the copy beside it
        Err(error) if reads && !json => match std::fs::read_to_string(text_file(&state)) {
            Ok(copy) => {
                eprintln!("presence-daemon: {error:#}. This is the last copy of the list");
                print!("{copy}");
            }
            Err(_) => return Err(error),
        },
        Err(error) => return Err(error),
    }
    Ok(())
}

fn new_pin() -> anyhow::Result<String> {
    eprint!("PIN, 4 to 8 digits: ");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("can't read the PIN from stdin")?;
    if !pin::is_fit(line.trim()) {
        bail!("a PIN is 4 to 8 digits, such as 271828");
    }
    pin::hash(line.trim()).context("the system gives no random numbers")
}

fn local(zone: &str, at: Timestamp) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

#[derive(Debug, Args)]
pub struct Wanted {
    /// Such as 2026-11-23; today without it.
    #[arg(long, value_name = "DATE", conflicts_with = "member")]
    day: Option<Date>,
    /// A number such as M-0142.
    #[arg(long, value_name = "NUMBER")]
    member: Option<String>,
    /// So many at most.
    #[arg(long, value_name = "N", default_value_t = 500)]
    at_most: usize,
}

/// Reads beside a daemon that runs; it needs none.
pub fn list(config: &Config, Wanted { day, member, at_most }: &Wanted) -> anyhow::Result<()> {
    let policy = Policy::new(config)?;
    let of = match member {
        Some(member) => VisitsOf::Member(number(member).with_context(|| format!("{member:?} is no number such as M-0142"))?),
        None => VisitsOf::Day(day.unwrap_or_else(|| policy.day_of(presence_daemon::clock::wall_as_seen()))),
    };
    let (rows, found) = Reports::open(&database(&config.state))?.visits(&of, 0, *at_most)?;
    let mut text = String::new();
    for row in &rows {
        line(&mut text, &policy, row);
    }
    print!("{text}");
    if found > rows.len() {
        eprintln!("{} of {found}: ask for more with --at-most", rows.len());
    }
    Ok(())
}

fn number(text: &str) -> Option<u32> {
    text.trim_start_matches(['M', 'm']).trim_start_matches('-').parse().ok()
}

fn line(text: &mut String, policy: &Policy, row: &VisitRow) {
    let hour = |at: Option<Timestamp>| at.map_or("--:--".to_owned(), |at| policy.local(at).strftime("%H:%M").to_string());
    let who = match (&row.member, &row.guest) {
        (Some((number, name)), _) => format!("M-{number:04} {name}"),
        (None, Some(name)) => format!("guest {name}"),
        (None, None) => "guest".to_owned(),
    };
    let day = row.day.map_or("----------".to_owned(), |day| day.to_string());
    let (opened_by, closed_by) = (row.opened_by.map_or("?", OpenedBy::as_str), row.closed_by.map_or("here", ClosedBy::as_str));
    let _ =
        write!(text, "{:>7}  {day}  {} {opened_by:<8}  {} {closed_by:<8}  {who}", row.visit, hour(row.opened), hour(row.closed));
    for (is, says) in [(row.cancelled, "cancelled"), (row.corrected && !row.cancelled, "corrected"), (row.drew, "look at the pass")]
    {
        if is {
            let _ = write!(text, "  [{says}]");
        }
    }
    text.push('\n');
}

#[derive(Debug, Args)]
pub struct Correct {
    /// The visit's number, as `visits list` shows it.
    visit: u64,
    /// When it began, such as 09:10; as it was if absent.
    #[arg(long, value_name = "HH:MM")]
    opened: Option<Time>,
    /// When it ended; as it was if absent.
    #[arg(long, value_name = "HH:MM", required_unless_present = "opened")]
    closed: Option<Time>,
    /// Why, for whoever reads the history.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
pub struct Cancel {
    /// The visit's number, as `visits list` shows it.
    visit: u64,
    /// Why, for whoever reads the history.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
pub struct Add {
    /// An id, a number such as M-0142, an e-mail address or a unique name.
    #[arg(long, value_name = "MEMBER")]
    member: Option<String>,
    /// A guest's name.
    #[arg(long, value_name = "NAME", conflicts_with = "member", required_unless_present = "member")]
    guest: Option<String>,
    /// Such as 2026-11-23; today without it.
    #[arg(long, value_name = "DATE")]
    day: Option<Date>,
    /// When it began, such as 09:10.
    #[arg(long, value_name = "HH:MM")]
    opened: Time,
    /// When it ended; they are still here if absent.
    #[arg(long, value_name = "HH:MM")]
    closed: Option<Time>,
    /// Why it is written down now.
    #[arg(long, value_name = "TEXT", default_value = "sign-in sheet")]
    reason: String,
}

impl From<Correct> for Ask {
    fn from(Correct { visit, opened, closed, reason }: Correct) -> Self {
        Self::Visits(visits::Ask::Correct { visit, opened, closed, reason })
    }
}

impl From<Cancel> for Ask {
    fn from(Cancel { visit, reason }: Cancel) -> Self {
        Self::Visits(visits::Ask::Cancel { visit, reason })
    }
}

impl From<Add> for Ask {
    fn from(Add { member, guest, day, opened, closed, reason }: Add) -> Self {
        Self::Visits(visits::Ask::Add { member, guest, day, opened, closed, reason })
    }
}
