//! Memory and idle CPU of the three programs.

use crate::table::{Aim, Table};
use crate::{Outcome, stop};
use presence_daemon::clock::since_boot;
use std::fs;
use std::time::Duration;

/// Name and process id.
pub type Processes = [(&'static str, u32); 3];
/// A number for each of them, with its name.
pub type Loads = [(&'static str, f64); 3];

/// How long nothing happens.
const IDLE: Duration = Duration::from_secs(20);
/// `USER_HZ`: the same on every architecture that Voisins runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Proportional set size (shared pages divided by those who share them), in MB.
pub fn memory(processes: &Processes) -> Outcome<Loads> {
    each(processes, pss)
}

/// CPU while nothing happens, in percent of a core.
pub fn idle(processes: &Processes) -> Outcome<Loads> {
    let (start, before) = (since_boot(), each(processes, ticks)?);
    while since_boot() < start + IDLE {
        stop::pause(Duration::from_millis(200))?;
    }
    let (after, gone) = (each(processes, ticks)?, (since_boot() - start).as_secs_f64());
    let mut loads = after;
    for ((_, load), (_, before)) in loads.iter_mut().zip(before) {
        *load = (*load - before) / TICKS_PER_SECOND / gone * 100.0;
    }
    Ok(loads)
}

fn each(processes: &Processes, read: impl Fn(u32) -> Outcome<f64>) -> Outcome<Loads> {
    let mut loads = processes.map(|(name, _)| (name, 0.0));
    for ((_, load), (_, pid)) in loads.iter_mut().zip(processes) {
        *load = read(*pid)?;
    }
    Ok(loads)
}

/// Proportional set size of a process, in MB.
pub fn pss(pid: u32) -> Outcome<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let pss = text.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok(pss.ok_or("smaps_rollup without Pss")? * 1024.0 / 1e6)
}

/// utime and stime (proc_pid_stat(5), fields 14 and 15).
fn ticks(pid: u32) -> Outcome<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // the name, in brackets, may contain anything
    let (_, fields) = text.rsplit_once(") ").ok_or("a stat without a name")?;
    let times: Vec<f64> = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Ok(times.iter().sum())
}

/// The rows of the table; of both memories the larger one counts.
pub fn report(table: &mut Table, before: &Loads, after: &Loads, idle: Loads) {
    table.section("Memory: PSS, 60 people with photos, the larger of before and after the taps");
    let mut larger = *before;
    larger.iter_mut().zip(after).for_each(|((_, load), (_, after))| *load = load.max(*after));
    let sum = rows(table, &larger, |load| format!("{load:.1} MB"));
    table.value("together", format!("{sum:.1} MB"), Some(Aim::new("< 45 MB", sum < 45.0)));
    table.section(format!("CPU while nothing happens, over {} s, of one core", IDLE.as_secs()));
    let sum = rows(table, &idle, |load| format!("{load:.2} %"));
    table.value("together", format!("{sum:.2} %"), Some(Aim::new("< 1 %", sum < 1.0)));
}

fn rows(table: &mut Table, loads: &Loads, text: impl Fn(f64) -> String) -> f64 {
    loads.iter().for_each(|(name, load)| table.value(name, text(*load), None));
    loads.iter().map(|(_, load)| load).sum()
}
