//! Starts, and what a kill costs.

use crate::frames::Screen;
use crate::numbers::{Sample, milliseconds};
use crate::stage::{PLACE, Stage};
use crate::table::{Aim, Table};
use crate::taps::shows_people;
use crate::{Outcome, stop};
use presence_daemon::clock::since_boot;
use std::sync::Arc;
use std::time::Duration;
use voisins_tests::screen::Xvfb;
use voisins_tests::world::World;

const DAEMON_STARTS: usize = 5;
const KIOSK_STARTS: usize = 10;
const KILLS: usize = 5;

/// From the kiosk's process to its frames.
#[derive(Debug)]
pub struct KioskStarts {
    first_frame: Sample,
    people: Sample,
}

/// From the daemon's kill to the kiosk's frames.
#[derive(Debug)]
pub struct Kills {
    told: Sample,
    right: Sample,
}

/// Starts the daemon some times, until it is connected and its readers are ready. The last one stays.
pub fn of_daemon(world: &mut World) -> Outcome<Sample> {
    let mut times = Vec::new();
    while times.len() < DAEMON_STARTS {
        stop::check()?;
        if world.daemon_pid().is_some() {
            world.stop_daemon();
        }
        let before = since_boot();
        world.start_daemon();
        world.wait_until_ready();
        times.push(milliseconds(before, since_boot()));
    }
    Ok(Sample::new(times))
}

/// Starts the kiosk some times on a screen that is there already.
pub fn of_kiosk(stage: &Stage) -> Outcome<KioskStarts> {
    let xvfb = Arc::new(Xvfb::start(1280, 800));
    let (mut first_frame, mut people) = (Vec::new(), Vec::new());
    for _ in 0..KIOSK_STARTS {
        stop::check()?;
        let kiosk = stage.world.kiosk_on(&xvfb, PLACE);
        let frame = kiosk.wait_for_any("people on the screen", 0, shows_people);
        people.push(milliseconds(kiosk.spawned(), frame.since_boot));
        first_frame.extend(kiosk.frames().first().map(|frame| milliseconds(kiosk.spawned(), frame.since_boot)));
    }
    Ok(KioskStarts { first_frame: Sample::new(first_frame), people: Sample::new(people) })
}

/// Kills the daemon with SIGKILL some times, and starts it again at once.
pub fn after_kills(world: &mut World, mut screen: Screen) -> Outcome<Kills> {
    let (mut told, mut right) = (Vec::new(), Vec::new());
    for _ in 0..KILLS {
        screen.wait_until_quiet(Duration::from_secs(1))?;
        screen.forget()?;
        let killed = since_boot();
        world.kill_daemon();
        world.start_daemon();
        let silent = screen.wait_for("the screen says that there is no news", |frame| !frame.online)?;
        let again = screen.wait_for("the screen is right again", shows_people)?;
        told.push(milliseconds(killed, silent.since_boot));
        right.push(milliseconds(killed, again.since_boot));
        world.wait_until_ready();
    }
    Ok(Kills { told: Sample::new(told), right: Sample::new(right) })
}

/// The rows of the table.
pub fn report(table: &mut Table, kiosk: &KioskStarts, daemon: &Sample, kills: &Kills) {
    table.section("Starts (programs are in the page cache)");
    table.few_times("kiosk: process → first frame", &kiosk.first_frame, None);
    let aim = Aim::new("< 250 ms", kiosk.people.median() < 250.0);
    table.few_times("kiosk: process → first frame with the people on it", &kiosk.people, Some(aim));
    table.few_times("daemon: process → connected, readers ready", daemon, None);
    table.section("The daemon is killed (-9) and started at once; its private broker goes with it");
    table.few_times("kill → the screen says that it has no news", &kills.told, None);
    let aim = Aim::new("< 5 s", kills.right.max() < 5000.0);
    table.few_times("kill → the screen is right again", &kills.right, Some(aim));
}
