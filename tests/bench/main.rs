//! `make bench`: how fast and how big Voisins is, on real parts, as one table. Nothing above the card is simulated: real pcscd, the real
//! daemon with its Mosquitto, the real kiosk in a window. Progress goes to stderr, the table to stdout; a missed aim is no failure.
//!
//! - [`stage`]: the house with 60 people, and the way it is started
//! - [`taps`]: from the card in the field to the frame with the name
//! - [`badges`]: from the card in the field to the decision, with and without proof
//! - [`starts`]: starts, and what a kill costs
//! - [`load`]: memory and idle CPU
//! - [`disk`]: what decide and commit take by themselves
//! - [`search`]: keystrokes over many members, in memory and on the screen
//! - [`meet`]: who can help whom at a tap
//! - [`dashboard`]: many sites on one page, live
//! - [`pages`]: the manager's pages over years of visits
//! - [`frames`], [`listener`]: the kiosk's trace and the broker, as they go
//! - [`numbers`], [`table`], [`machine`]: what is printed
//! - [`wired`]: a reader on a serial line
//! - [`stop`]: Ctrl-C, and the folder of it all
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

mod badges;
mod dashboard;
mod disk;
mod frames;
mod listener;
mod load;
mod machine;
mod meet;
mod numbers;
mod pages;
mod search;
mod stage;
mod starts;
mod stop;
mod table;
mod taps;
mod wired;

use numbers::Chance;
use stage::Stage;
use std::error::Error;
use std::process::ExitCode;
use table::Table;

/// What goes wrong ends the bench; nothing here is recovered from.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// What the command line asks for.
#[derive(Debug, Clone, Copy)]
struct Options {
    /// Arrivals that count.
    taps: usize,
    /// For the order of people and the pauses between taps.
    seed: u64,
    /// Nothing but the search.
    search: bool,
    /// Nothing but the dashboard.
    dashboard: bool,
    /// Nothing but the manager's pages.
    pages: bool,
    /// Nothing but the readers by themselves.
    readers: bool,
    /// Nothing but cards and badges.
    badges: bool,
}

const USAGE: &str = "usage: bench [--taps N] [--seed N] [--search] [--dashboard] [--pages] [--readers] [--badges]";

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self { taps: 500, seed: 1, search: false, dashboard: false, pages: false, readers: false, badges: false };
        while let Some(key) = arguments.next() {
            if key == "--search" {
                options.search = true;
                continue;
            }
            if key == "--dashboard" {
                options.dashboard = true;
                continue;
            }
            if key == "--pages" {
                options.pages = true;
                continue;
            }
            if key == "--readers" {
                options.readers = true;
                continue;
            }
            if key == "--badges" {
                options.badges = true;
                continue;
            }
            let value = arguments.next().ok_or(USAGE)?;
            match key.as_str() {
                "--taps" => options.taps = value.parse::<usize>().ok().filter(|taps| *taps > 0).ok_or(USAGE)?,
                "--seed" => options.seed = value.parse().map_err(|_| USAGE)?,
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    if let [_, argument, kind] = std::env::args().collect::<Vec<_>>().as_slice()
        && argument == search::MEMORY_ARGUMENT
    {
        return match search::print_memory(kind) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        };
    }
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match stop::within_folder(|| run(options)) {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Outcome<Table> {
    let mut table = Table::new(machine::described(options));
    if options.dashboard {
        progress("1,000 sites and their dashboard");
        dashboard::report(&mut table, &dashboard::measure(options.seed)?);
        return Ok(table);
    }
    if options.pages {
        progress("2,000 members, 730,000 events and their pages");
        pages::report(&mut table, &pages::measure()?);
        return Ok(table);
    }
    if options.readers {
        progress("a PN532 at a serial line");
        wired::report(&mut table, &wired::measure(options.seed)?);
        return Ok(table);
    }
    if options.badges {
        progress("cards, and badges that prove themselves");
        badges::report(&mut table, &badges::measure(options.taps)?);
        return Ok(table);
    }
    progress("keystrokes of the search");
    let searched = search::measure(options.seed)?;
    progress("who can help whom");
    let met = meet::measure(options.seed)?;
    if options.search {
        search::report(&mut table, &searched);
        meet::report(&mut table, &met);
        return Ok(table);
    }
    progress("cards, and badges that prove themselves");
    let cards = badges::measure(options.taps)?;
    let mut chance = Chance::new(options.seed);
    progress("60 members with photos, and the disk by itself");
    let (mut stage, alone) = Stage::lay_out()?;
    progress("starts of the daemon");
    let daemon_starts = starts::of_daemon(&mut stage.world)?;
    progress("starts of the kiosk");
    let kiosk_starts = starts::of_kiosk(&stage)?;
    let mut run = taps::Run::open(&stage)?;
    progress("warming up");
    run.warm_up(&mut chance)?;
    progress("a PN532 at a serial line");
    let line = wired::measure(options.seed)?;
    progress("nothing, for 20 s");
    run.wait_until_at_rest()?;
    let idle = load::idle(&run.processes()?)?;
    let before = load::memory(&run.processes()?)?;
    progress("taps");
    let times = run.measure(options.taps, &mut chance)?;
    let after = load::memory(&run.processes()?)?;
    progress("taps on a screen at rest");
    let rested = run.measure_rested(&mut chance)?;
    let screen = run.into_screen();
    progress("kills of the daemon");
    let kills = starts::after_kills(&mut stage.world, screen)?;

    taps::report(&mut table, &times, &alone, &rested);
    wired::report(&mut table, &line);
    badges::report(&mut table, &cards);
    load::report(&mut table, &before, &after, idle);
    starts::report(&mut table, &kiosk_starts, &daemon_starts, &kills);
    search::report(&mut table, &searched);
    meet::report(&mut table, &met);
    Ok(table)
}

fn progress(what: &str) {
    eprintln!("bench: {what} …");
}
