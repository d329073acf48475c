//! Taps: from the card in the field to the frame with the name.
//!
//! One person at a time leaves and comes back, so that an arrival makes them 60 again, the dialog of each tap is of another kind than the
//! one on the screen, and the first frame with that kind is this tap's.

use crate::frames::Screen;
use crate::listener::Listener;
use crate::numbers::{Chance, Sample, milliseconds};
use crate::stage::{MEMBERS, PLACE, Stage};
use crate::table::{Aim, Table};
use crate::{Outcome, load, stop};
use presence_daemon::clock::since_boot;
use std::time::Duration;
use voisins_shared::payload::Moment;
use voisins_tests::card::Card;
use voisins_tests::world::{Frame, World, name, uid};

/// Pairs of a departure and an arrival that don't count.
const WARM_UP: usize = 10;
/// Taps on a screen at rest: each waits until the dialog before it has gone by itself.
const RESTED: usize = 12;
/// Nothing new drawn for so long: what a tap brought has been drawn.
const QUIET: Duration = Duration::from_millis(30);
/// The longest pause after that.
const PAUSE_MICROS: u64 = 50_000;

/// One tap; all times since the machine's start.
#[derive(Debug, Clone, Copy)]
pub struct Tap {
    moment: Moment,
    /// The card came into the field.
    inserted: Duration,
    /// It has answered with its UID.
    answered: Duration,
    /// The daemon's pipeline took it up: what the row says.
    decided: Duration,
    /// The greeting reached a subscriber; the row was on disk before.
    heard: Duration,
    /// The frame with the greeting was drawn.
    drawn: Duration,
    /// The frame with the name on the first card was.
    on_card: Option<Duration>,
}

/// A part of a tap, from one moment to the next.
struct Part {
    what: &'static str,
    time: fn(&Tap) -> f64,
}

const PARTS: [Part; 4] = [
    Part {
        what: "card in the field → its UID answered (pcscd, reader thread)",
        time: |tap| milliseconds(tap.inserted, tap.answered),
    },
    Part { what: "→ taken up by the pipeline (pcscd, reader thread)", time: |tap| milliseconds(tap.answered, tap.decided) },
    Part { what: "→ greeting at a subscriber (commit, publish, broker)", time: |tap| milliseconds(tap.decided, tap.heard) },
    Part { what: "→ greeting with the name drawn (broker, kiosk)", time: |tap| milliseconds(tap.heard, tap.drawn) },
];

/// A kiosk and a subscriber that watch the house.
#[derive(Debug)]
pub struct Run<'a> {
    world: &'a World,
    screen: Screen,
    listener: Listener,
}

impl<'a> Run<'a> {
    /// Opens the kiosk beside the reader, and waits until everything is on its screen.
    pub fn open(stage: &'a Stage) -> Outcome<Self> {
        let kiosk = stage.world.kiosk(PLACE);
        kiosk.wait_for("people on the screen", shows_people);
        let listener = Listener::start(&kiosk.config())?;
        let mut screen = Screen::follow(kiosk)?;
        screen.wait_until_quiet(Duration::from_secs(1))?;
        Ok(Self { world: &stage.world, screen, listener })
    }

    /// Taps that don't count.
    pub fn warm_up(&mut self, chance: &mut Chance) -> Outcome<()> {
        self.measure(WARM_UP, chance).map(drop)
    }

    /// So many arrivals, each after a departure of the same person.
    pub fn measure(&mut self, arrivals: usize, chance: &mut Chance) -> Outcome<Vec<Tap>> {
        let last_row = self.last_row();
        let mut taps = Vec::with_capacity(2 * arrivals);
        for _ in 0..arrivals {
            let member = somebody(chance);
            for moment in [Moment::Departure, Moment::Arrival] {
                taps.push(self.tap(member, moment)?);
                self.screen.wait_until_quiet(QUIET)?;
                stop::pause(Duration::from_micros(chance.below(PAUSE_MICROS)))?;
            }
        }
        self.ask_the_rows(last_row, &mut taps)?;
        Ok(taps)
    }

    /// Departures and arrivals in turn, each on a screen without a dialog.
    pub fn measure_rested(&mut self, chance: &mut Chance) -> Outcome<Vec<Tap>> {
        let last_row = self.last_row();
        let mut taps = Vec::with_capacity(RESTED);
        while taps.len() < RESTED {
            let member = somebody(chance);
            for moment in [Moment::Departure, Moment::Arrival] {
                self.wait_until_at_rest()?;
                taps.push(self.tap(member, moment)?);
            }
        }
        self.ask_the_rows(last_row, &mut taps)?;
        Ok(taps)
    }

    /// Waits until no dialog and no line is on the screen, and half a second more.
    pub fn wait_until_at_rest(&mut self) -> Outcome<()> {
        self.screen.wait_until("a screen at rest", |frame| frame.dialog.is_none() && frame.lines.is_empty())?;
        self.screen.wait_until_quiet(Duration::from_millis(500))
    }

    /// The processes that count for memory and idle CPU.
    pub fn processes(&self) -> Outcome<load::Processes> {
        let daemon = self.world.daemon_pid().ok_or("the daemon is gone")?;
        let broker = self.world.broker_pid().ok_or("the broker is gone")?;
        Ok([("daemon", daemon), ("broker", broker), ("kiosk", self.screen.kiosk.pid())])
    }

    /// The screen alone, for what is done to the world around it.
    pub fn into_screen(self) -> Screen {
        self.screen
    }

    fn tap(&mut self, member: usize, moment: Moment) -> Outcome<Tap> {
        self.screen.forget()?;
        self.listener.drain();
        let reader = self.world.pcscd.readers.first().ok_or("a reader")?;
        let inserted = since_boot();
        reader.insert(Card::new(&uid(member)));
        reader.wait_until_answered(1);
        let answered = reader.answered_at().ok_or("an answer has a time")?;
        let heard = self.listener.greeting(moment)?;
        let dialog = if moment == Moment::Arrival { "arrival" } else { "departure" };
        let frame = self.screen.wait_for("the greeting is drawn", |frame| frame.dialog.as_deref() == Some(dialog))?;
        let on_card = match moment {
            Moment::Arrival => Some(self.wait_for_card(&frame, &name(member))?),
            _ => None,
        };
        self.listener.presence()?;
        self.world.pcscd.readers[0].remove();
        Ok(Tap { moment, inserted, answered, decided: Duration::ZERO, heard, drawn: frame.since_boot, on_card })
    }

    fn wait_for_card(&mut self, greeted: &Frame, name: &str) -> Outcome<Duration> {
        let is_first = |frame: &Frame| frame.names.first().is_some_and(|first| first == name);
        if is_first(greeted) {
            return Ok(greeted.since_boot);
        }
        Ok(self.screen.wait_for("the name stands on the first card", is_first)?.since_boot)
    }

    fn last_row(&self) -> i64 {
        self.world.number("SELECT max(seq) FROM event")
    }

    /// When each tap was decided on: as its row says.
    fn ask_the_rows(&self, after: i64, taps: &mut [Tap]) -> Outcome<()> {
        let database = self.world.database();
        let sql = "SELECT boot_ns FROM event WHERE seq > ?1 AND kind IN ('checked_in', 'checked_out') ORDER BY seq";
        let mut statement = database.prepare(sql)?;
        let rows = statement.query_map([after], |row| row.get::<_, u64>(0))?.collect::<Result<Vec<u64>, _>>()?;
        if rows.len() != taps.len() {
            return Err(format!("{} taps, {} rows: did the house close meanwhile?", taps.len(), rows.len()).into());
        }
        taps.iter_mut().zip(rows).for_each(|(tap, row)| tap.decided = Duration::from_nanos(row));
        Ok(())
    }
}

/// Connected, and people are on the screen.
pub fn shows_people(frame: &Frame) -> bool {
    frame.online && !frame.names.is_empty()
}

fn somebody(chance: &mut Chance) -> usize {
    usize::try_from(chance.below(MEMBERS as u64)).unwrap_or_default()
}

fn total(tap: &Tap) -> f64 {
    milliseconds(tap.inserted, tap.drawn)
}

/// The rows of the table; `alone` is what decide and commit take by themselves.
pub fn report(table: &mut Table, taps: &[Tap], alone: &Sample, rested: &[Tap]) {
    let of = |moment: Moment| taps.iter().filter(move |tap| tap.moment == moment);
    let arrivals = || of(Moment::Arrival);
    let all = Sample::new(arrivals().map(total));
    table.section(format!("A tap: {} arrivals, {MEMBERS} people on the screen", all.len()));
    for Part { what, time } in PARTS {
        let sample = Sample::new(arrivals().map(time));
        table.times(what, &sample, Some(100.0 * sample.mean() / all.mean()), None);
    }
    let aim = Aim::new("p99 < 50 ms", all.percentile(99) < 50.0);
    table.times("card in the field → greeting with the name drawn", &all, Some(100.0), Some(aim));
    let on_disk = Sample::new(arrivals().map(|tap| milliseconds(tap.inserted, tap.heard)));
    table.times("card in the field → row on disk, at the latest (1)", &on_disk, None, None);
    table.times("decide + commit by themselves (2)", alone, None, None);
    let on_card = arrivals().filter_map(|tap| Some(milliseconds(tap.inserted, tap.on_card?)));
    table.times("card in the field → name on the first card, too", &Sample::new(on_card), None, None);
    table.times("the same of departures: → goodbye drawn", &Sample::new(of(Moment::Departure).map(total)), None, None);
    table.few_times("the same on a screen at rest: → dialog drawn (3)", &Sample::new(rested.iter().map(total)), None);
    table.note("(1) the greeting at a subscriber of the bench's own: it leaves only after the commit");
    table.note(format!("(2) the daemon's code on the same database before the daemon runs, {} times", alone.len()));
    table.note("(3) arrivals and departures; above, a dialog of the tap before is still there, and lines of others");
    table.note("share: of the mean. Drawn: rendered and handed to the X server. The clock is CLOCK_BOOTTIME in all processes");
}
