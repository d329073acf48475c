//! Kills, again and again: no confirmed tap is lost, none is doubled, and the kiosk is right again within 5 s. `make test` runs a short
//! one, `make soak` (`VOISINS_SOAK=full`) the full counts. The seed is printed; `VOISINS_SEED` repeats a run.
#![allow(clippy::disallowed_methods, reason = "it measures how long the kiosk takes to be right again")]

use presence_daemon::control::{self, Ask, Reply, WireUid};
use presence_daemon::pipeline::TapOutcome;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use voisins_shared::name::ReaderName;
use voisins_shared::uid::Uid;
use voisins_tests::card::Card;
use voisins_tests::hotplug::Hotplug;
use voisins_tests::watch::Watch;
use voisins_tests::world::{KioskWindow, Plan, World, name, uid};

/// How often: in `make test`, and in `make soak`.
pub(crate) fn count(short: usize, full: usize) -> usize {
    match std::env::var("VOISINS_SOAK").as_deref() {
        Ok("full") => full,
        Ok(number) => number.parse().unwrap_or(short),
        Err(_) => short,
    }
}

/// SplitMix64: chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let drawn = || u64::from(std::process::id()) ^ presence_daemon::clock::since_boot().as_nanos() as u64;
        let seed = std::env::var("VOISINS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(drawn);
        println!("VOISINS_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

/// Few enough that all of them fit on the screen.
const MEMBERS: usize = 6;

#[derive(Debug, Default)]
struct Tapped {
    attempts: BTreeMap<usize, usize>,
    confirmed: Vec<(i64, usize, TapOutcome)>,
}

/// Taps one member after the other, as fast as answers come, until told to stop.
fn tap_on(state: PathBuf, stop: &AtomicBool) -> Tapped {
    let mut tapped = Tapped::default();
    for n in (0..MEMBERS).cycle() {
        if stop.load(Ordering::Relaxed) {
            return tapped;
        }
        let ask = Ask::Tap { reader: ReaderName::new("cafe").unwrap(), uid: WireUid(Uid::new(&uid(n)).unwrap()) };
        match control::ask(&state, &ask) {
            Ok(Reply::Tapped { outcome, seq: Some(seq) }) => {
                *tapped.attempts.entry(n).or_default() += 1;
                tapped.confirmed.push((seq, n, outcome));
            }
            Ok(Reply::Tapped { outcome: TapOutcome::Failed, .. }) => {}
            // asked, and the answer was lost: it may have been recorded
            Err(control::ControlError::NoAnswer(_)) => *tapped.attempts.entry(n).or_default() += 1,
            Err(control::ControlError::NotRunning { .. }) => std::thread::sleep(Duration::from_millis(5)),
            other => panic!("{other:?}"),
        }
    }
    unreachable!("cycle never ends")
}

#[test]
fn soak_kills_of_daemon_and_broker_during_taps() {
    let kills = count(8, 1000);
    let mut chance = Chance::new();
    let config = "double_tap_window = \"1ms\"\n".to_owned();
    let readers = vec![("ACS ACR122U PICC Interface", "name = \"cafe\"\nrole = \"toggle\"")];
    let mut world = World::start(&Plan { readers, config, members: MEMBERS, ..Plan::default() });
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", |frame| frame.online);
    let (mut confirmed, mut attempts) = (Vec::new(), BTreeMap::<usize, usize>::new());
    let mut slowest = Duration::ZERO;
    for kill in 0..kills {
        let stop = AtomicBool::new(false);
        let state = world.state();
        let tapped = std::thread::scope(|scope| {
            let taps = scope.spawn(|| tap_on(state, &stop));
            std::thread::sleep(Duration::from_micros(20_000 + chance.below(250_000)));
            let again = if chance.below(10) < 6 {
                world.kill_daemon();
                world.start_daemon();
                Instant::now()
            } else {
                world.kill_broker();
                Instant::now()
            };
            std::thread::sleep(Duration::from_micros(chance.below(100_000)));
            stop.store(true, Ordering::Relaxed);
            let tapped = taps.join().unwrap();
            world.wait_until_ready();
            wait_until_right(&world, &kiosk);
            slowest = slowest.max(again.elapsed());
            tapped
        });
        confirmed.extend(tapped.confirmed);
        tapped.attempts.into_iter().for_each(|(n, more)| *attempts.entry(n).or_default() += more);
        if (kill + 1) % 50 == 0 {
            println!("{} kills, {} confirmed taps, slowest recovery {slowest:?}", kill + 1, confirmed.len());
        }
    }
    verify(&world, &confirmed, &attempts);
    println!(
        "{kills} kills, {} confirmed taps: none lost, none doubled; kiosk right again after {slowest:?} at the most",
        confirmed.len()
    );
    assert!(slowest < Duration::from_secs(5), "the kiosk was right again only after {slowest:?}");
}

/// Waits until the screen shows just those who are here, by the database.
#[track_caller]
fn wait_until_right(world: &World, kiosk: &KioskWindow) {
    let here: BTreeSet<String> = {
        let database = world.database();
        let mut statement =
            database.prepare("SELECT name FROM visit JOIN member USING (member_id) WHERE closed_seq IS NULL").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    kiosk.wait_for(&format!("online, with {here:?}"), |frame| {
        frame.online && frame.names.iter().cloned().collect::<BTreeSet<_>>() == here
    });
}

/// Each confirmed tap is one event, of that member and that kind; and no member has more events than they had taps.
fn verify(world: &World, confirmed: &[(i64, usize, TapOutcome)], attempts: &BTreeMap<usize, usize>) {
    let database = world.database();
    let numbers: BTreeSet<i64> = confirmed.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(numbers.len(), confirmed.len(), "two taps, one event");
    for (seq, n, outcome) in confirmed {
        let kind = match outcome {
            TapOutcome::CheckedIn => "checked_in",
            TapOutcome::CheckedOut => "checked_out",
            other => panic!("{other:?} on a toggle reader"),
        };
        let sql = "SELECT count(*) FROM event JOIN member ON subject = member_id WHERE seq = ?1 AND kind = ?2 AND name = ?3";
        let found: i64 = database.query_row(sql, (seq, kind, name(*n)), |row| row.get(0)).unwrap();
        assert_eq!(found, 1, "the confirmed tap {seq} of {} is lost", name(*n));
    }
    for (n, tapped) in attempts {
        let sql = "SELECT count(*) FROM event JOIN member ON subject = member_id WHERE name = ?1";
        let events: usize = database.query_row(sql, [name(*n)], |row| row.get(0)).unwrap();
        assert!(events <= *tapped, "{}: {tapped} taps, {events} events", name(*n));
    }
    let check = world.command(&["check"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}

#[test]
fn soak_pcscd_restarts_read_again_each_time() {
    let restarts = count(3, 50);
    let mut world = World::start(&Plan::default());
    for restart in 1..=restarts {
        world.pcscd.kill();
        world.pcscd.start();
        world.wait_until_ready();
        // each time another member, and the same one again in the next round
        let before = world.number("SELECT count(*) FROM event");
        world.tap(restart % 12);
        world.wait_for_number("SELECT count(*) FROM event", before + 1);
    }
    println!("pcscd restarted {restarts} times: reading again each time");
}

#[test]
fn soak_unplugging_the_reader_reads_again_each_time() {
    let times = count(3, 50);
    let mut usb = Hotplug::start();
    let watch = Watch::start(&usb.pcscd, &[("cafe", "")]);
    watch.wait_for("down cafe NotPlugged");
    for time in 0..times {
        let device = u8::try_from(time % 100 + 2).unwrap();
        let plugged = usb.plug("1-1", 1, device);
        watch.wait_for("ready cafe");
        plugged.reader.tap(Card::new(&[0x04, 0x11, 0x22, device]));
        watch.wait_for(&format!("card cafe 041122{device:02X}"));
        usb.unplug(plugged);
        watch.wait_for("down cafe NotPlugged");
    }
    println!("the reader was unplugged {times} times: reading again each time");
}
