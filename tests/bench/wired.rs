//! A PN532 on a serial line at the pace of 115,200 baud: from the card in its field to the UID told, and what its thread costs while nothing
//! happens. The chip is simulated; reader, serial line and supervisor are the daemon's own.

use crate::numbers::{Chance, Sample, milliseconds};
use crate::table::{Aim, Table};
use crate::{Outcome, stop};
use presence_daemon::clock::since_boot;
use presence_daemon::config::Config;
use presence_daemon::reader::rpi_bus::Header;
use presence_daemon::reader::{ReaderEvent, Stop, supervisor};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use voisins_tests::pn532_chip::{Pn532Chip, SerialPlug};
use voisins_tests::world::{LIMIT, uid};

const TAPS: usize = 300;
/// How long nothing happens.
const IDLE: Duration = Duration::from_secs(20);
/// The longest pause before a card comes: longer than between two looks, so that it comes at any moment of them.
const PAUSE_MICROS: u64 = 90_000;
const READER: &str = "banc";

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    told: Sample,
    /// Of one core, in percent.
    idle: f64,
}

/// Measures it.
pub fn measure(seed: u64) -> Outcome<Measured> {
    let chip = Pn532Chip::default();
    let plug = SerialPlug::new(&chip);
    let text = format!("[[reader]]\nname = \"{READER}\"\nkind = \"pn532\"\nlink = \"uart:{}\"\n", plug.path().display());
    let config = Config::parse(&text, Path::new("bench"))?;
    let (asked, (sender, told)) = (Stop::default(), channel());
    let tell = move |event| drop(sender.send((since_boot(), event)));
    let threads = supervisor::run_all(&config.readers, &Header, &Arc::default(), &asked, tell)?;
    wait(&told, |event| matches!(event, ReaderEvent::Ready { .. }))?;
    let idle = idle()?;
    let (mut chance, mut times) = (Chance::new(seed), Vec::with_capacity(TAPS));
    for n in 0..TAPS {
        stop::pause(Duration::from_micros(chance.below(PAUSE_MICROS)))?;
        let inserted = since_boot();
        chip.insert(&uid(n));
        times.push(milliseconds(inserted, wait(&told, |event| matches!(event, ReaderEvent::Card { .. }))?));
        chip.remove();
        wait(&told, |event| matches!(event, ReaderEvent::Removed { .. }))?;
    }
    asked.ask();
    threads.into_iter().try_for_each(|thread| thread.join()).map_err(|_| "the reader's thread panicked")?;
    Ok(Measured { told: Sample::new(times), idle })
}

fn wait(told: &Receiver<(Duration, ReaderEvent)>, wanted: impl Fn(&ReaderEvent) -> bool) -> Outcome<Duration> {
    loop {
        let (at, event) = told.recv_timeout(LIMIT).map_err(|_| "the reader tells nothing")?;
        if wanted(&event) {
            return Ok(at);
        }
    }
}

/// CPU of the reader's thread while its field is empty.
fn idle() -> Outcome<f64> {
    let (start, before) = (since_boot(), on_cpu()?);
    stop::pause(IDLE)?;
    Ok((on_cpu()? - before).as_secs_f64() / (since_boot() - start).as_secs_f64() * 100.0)
}

/// What the reader's thread has had of a CPU so far (proc_pid_schedstat(5), first field, in ns).
fn on_cpu() -> Outcome<Duration> {
    for thread in fs::read_dir("/proc/self/task")? {
        let thread = thread?.path();
        if fs::read_to_string(thread.join("comm"))?.trim() == format!("reader-{READER}") {
            let text = fs::read_to_string(thread.join("schedstat"))?;
            let spent = text.split(' ').next().ok_or("an empty schedstat")?;
            return Ok(Duration::from_nanos(spent.parse()?));
        }
    }
    Err("the reader has no thread".into())
}

/// The rows of the table.
pub fn report(table: &mut Table, measured: &Measured) {
    table.section(format!("A PN532 at a serial line of 115,200 baud (simulated), {TAPS} cards of 4, 7 and 10 bytes"));
    let aim = Aim::new("p99 < 60 ms", measured.told.percentile(99) < 60.0);
    table.times("PN532 simulated UART: card in the field → UID told", &measured.told, None, Some(aim));
    let aim = Aim::new("< 0.5 %", measured.idle < 0.5);
    table.value("idle CPU of the reader's thread, of one core", format!("{:.2} %", measured.idle), Some(aim));
}
