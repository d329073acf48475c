//! A whole Voisins in a folder of its own: pcscd with virtual readers, the daemon, its private broker, and a kiosk in a window on a
//! screen that nobody sees.

#![allow(clippy::disallowed_methods, reason = "a test waits for a state with a limit")]

use crate::card::Card;
use crate::pcscd::{Pcscd, built, child_command};
use crate::screen::Xvfb;
pub use crate::window::{Frame, KioskWindow};
use jiff::tz::TimeZone;
use presence_daemon::control::{self, Ask, Reply, WireUid};
use presence_daemon::pipeline::TapOutcome;
use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::uid::Uid;

/// How long anything may take before a test gives up on it.
pub const LIMIT: Duration = Duration::from_secs(40);

/// Waits for a state, with a limit.
///
/// # Panics
/// If it doesn't come.
#[track_caller]
pub fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let give_up = Instant::now() + LIMIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < give_up, "not within {LIMIT:?}: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What a world is made with.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Each reader's name in pcscd and its keys in the config, such as `name = "cafe"`.
    pub readers: Vec<(&'static str, &'static str)>,
    /// More lines at the top of the config.
    pub config: String,
    /// The `[broker]` table; empty: a private one on a free port.
    pub broker: String,
    /// How many invented members there are (badge [`uid`] for each), all shown on kiosks but for `hidden`.
    pub members: usize,
    /// Those who have not agreed to be shown.
    pub hidden: Vec<usize>,
    /// The daemon's program: `simulated-header` is the same with chips on its buses.
    pub daemon: &'static str,
    /// The daemon's `VOISINS_LOG`: tests want the most talkative one, the bench the usual one.
    pub log: &'static str,
    /// More of the daemon's environment.
    pub env: Vec<(&'static str, OsString)>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            readers: vec![("ACS ACR122U PICC Interface", "name = \"cafe\"\nbeside = \"cafe\"")],
            config: "double_tap_window = \"200ms\"\n".to_owned(),
            broker: String::new(),
            members: 12,
            hidden: Vec::new(),
            daemon: "presence-daemon",
            log: "debug",
            env: Vec::new(),
        }
    }
}

/// A running world. Everything in it ends when it is dropped.
#[derive(Debug)]
pub struct World {
    /// Its pcscd, for taps and faults.
    pub pcscd: Pcscd,
    folder: TempDir,
    daemon: Option<Child>,
    program: &'static str,
    log: &'static str,
    env: Vec<(&'static str, OsString)>,
    /// So many days after today the daemon lives.
    days: u32,
}

/// The UID of the `n`th member's badge: 4, 7 and 10 bytes in turn.
#[must_use]
pub fn uid(n: usize) -> Vec<u8> {
    let length = [4, 7, 10][n % 3];
    let number = u32::try_from(n).expect("a small number").to_be_bytes();
    let mut uid = vec![0x04, number[2], number[3], 0x5A];
    uid.resize(length, 0xC3);
    uid
}

/// The name of the `n`th member.
#[must_use]
pub fn name(n: usize) -> String {
    voisins_shared::demo::person(n).0
}

/// Debian's libfaketime: what a program asks of the wall clock is answered as if it were later.
#[track_caller]
fn faketime() -> PathBuf {
    let multiarch = fs::read_dir("/usr/lib").expect("/usr/lib").filter_map(Result::ok);
    let library = multiarch.map(|folder| folder.path().join("faketime/libfaketime.so.1")).find(|path| path.exists());
    library.expect("Debian's package libfaketime")
}

fn hex(uid: &[u8]) -> String {
    uid.iter().map(|byte| format!("{byte:02X}")).collect()
}

impl World {
    /// Builds and starts a world: pcscd, members, daemon. Returns when the daemon is connected and its readers are ready.
    #[must_use]
    #[track_caller]
    pub fn start(plan: &Plan) -> Self {
        let mut world = Self::laid_out(plan);
        world.start_daemon();
        world.wait_until_ready();
        world
    }

    /// The same with the daemon not started yet.
    #[must_use]
    #[track_caller]
    pub fn laid_out(plan: &Plan) -> Self {
        let names: Vec<&str> = plan.readers.iter().map(|(name, _)| *name).collect();
        let pcscd = Pcscd::with_readers(&names);
        let folder = tempfile::Builder::new().prefix("voisins-world-").tempdir().expect("a temporary folder");
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr()).expect("a free port").port();
        let broker = if plan.broker.is_empty() {
            format!("[broker]\nkind = \"private\"\nlisten = \"127.0.0.1:{port}\"\n")
        } else {
            plan.broker.clone()
        };
        let readers: String =
            plan.readers.iter().map(|(name, keys)| format!("[[reader]]\npcsc_name = {name:?}\n{keys}\n")).collect();
        // a day that ends far from now: no visit is closed under a test that happens to run at the end of a day
        let day_starts = (presence_daemon::clock::wall_as_seen().to_zoned(TimeZone::UTC).hour() + 12) % 24;
        let clock = if plan.config.contains("clock =") { "" } else { "clock = \"always\"\n" };
        let text = format!(
            "site = \"test\"\ntitle = \"Espace Essai\"\ntime_zone = \"UTC\"\nday_starts = \"{day_starts:02}:00\"\n{clock}state = {:?}\n{}\n{readers}[[kiosk]]\nname = \"cafe\"\n[[kiosk]]\nname = \"salon\"\n{broker}[web]\nlisten = \"127.0.0.1:0\"\n",
            folder.path().join("state"),
            plan.config
        );
        let world = Self { pcscd, folder, daemon: None, program: plan.daemon, log: plan.log, env: plan.env.clone(), days: 0 };
        fs::write(world.config(), text).expect("a config");
        let mut csv = String::from("name,title,skills,consent,badge\n");
        for n in 0..plan.members {
            let (name, person) = voisins_shared::demo::person(n);
            let consent = if plan.hidden.contains(&n) { "" } else { "name;title;skills;photo @ 2026-01-05 test" };
            csv.push_str(&format!("{name},{},{},{consent},{}\n", person.title, person.skills.join(";"), hex(&uid(n))));
        }
        let file = world.folder.path().join("members.csv");
        fs::write(&file, csv).expect("a CSV");
        let output = world.command(&["members", "import", &file.to_string_lossy()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        world
    }

    /// The daemon's config file.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("daemon.toml")
    }

    /// The state folder.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Starts the daemon.
    #[track_caller]
    pub fn start_daemon(&mut self) {
        assert!(self.daemon.is_none(), "it runs already");
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let mut command = child_command(&[]);
        command.arg(built(self.program)).arg("--config").arg(self.config()).arg("run");
        command
            .envs(self.pcscd.client_env().iter().cloned())
            .env("VOISINS_LOG", self.log)
            .envs(self.env.iter().cloned())
            .stderr(log);
        if self.program == "simulated-header" {
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
        }
        if self.days > 0 {
            // only what clocks say is shifted: waits take as long as they do
            let shift = [("FAKETIME", format!("+{}d", self.days)), ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned())];
            command.env("LD_PRELOAD", faketime()).envs(shift);
        }
        self.daemon = Some(command.spawn().expect("the daemon starts"));
    }

    /// Waits until the daemon is connected and every reader is ready.
    #[track_caller]
    pub fn wait_until_ready(&self) {
        wait_until("the daemon is ready", || self.is_ready().then_some(()));
    }

    /// Whether the daemon is connected and every reader is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        use voisins_shared::payload::ReaderState;
        match control::ask(&self.state(), &Ask::Status) {
            Ok(Reply::Status { readers, connected, .. }) => {
                connected && readers.iter().all(|reader| reader.state == ReaderState::Ready)
            }
            _ => false,
        }
    }

    /// Kills the daemon with SIGKILL and waits for its end.
    #[track_caller]
    pub fn kill_daemon(&mut self) {
        self.end_daemon(Signal::KILL);
    }

    /// Stops the daemon with SIGTERM; returns how it ended.
    #[track_caller]
    pub fn stop_daemon(&mut self) -> Option<i32> {
        self.end_daemon(Signal::TERM)
    }

    fn end_daemon(&mut self, signal: Signal) -> Option<i32> {
        let mut daemon = self.daemon.take().expect("it runs");
        let _ = kill_process(Pid::from_child(&daemon), signal);
        daemon.wait().expect("our own child").code()
    }

    /// Days pass: the daemon is stopped, and started again so much later by its wall clock, as after a restart of the machine.
    ///
    /// The time since boot can't be shifted from outside, so what was kept is said to be of another boot: between two boots only the
    /// wall clock counts.
    #[track_caller]
    pub fn days_pass(&mut self, days: u32) {
        assert_eq!(self.stop_daemon(), Some(0));
        let database = Connection::open(self.state().join("voisins.db")).expect("the database");
        let columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
                       WHERE m.type = 'table' AND substr(c.name, -5) = '_boot'";
        let mut statement = database.prepare(columns).expect("a schema");
        let found = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).expect("columns");
        for (table, column) in found.map(|found| found.expect("names")) {
            let sql = format!("UPDATE {table} SET {column} = '00000000-0000-0000-0000-00000000b007' WHERE {column} IS NOT NULL");
            database.execute(&sql, []).expect("another boot");
        }
        drop(statement);
        database.close().expect("nothing left open");
        self.days += days;
        self.start_daemon();
        self.wait_until_ready();
    }

    /// The daemon's process.
    #[must_use]
    pub fn daemon_pid(&self) -> Option<u32> {
        self.daemon.as_ref().map(Child::id)
    }

    /// The private broker's process, while it runs.
    #[must_use]
    pub fn broker_pid(&self) -> Option<u32> {
        processes_with(&self.state().join("broker"))
            .into_iter()
            .find(|pid| program_of(*pid).is_some_and(|name| name == "mosquitto"))
    }

    /// Kills the private broker with SIGKILL, if it runs.
    pub fn kill_broker(&self) {
        if let Some(pid) = self.broker_pid().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// Runs the daemon's program with some arguments, on this world's config.
    #[track_caller]
    pub fn command(&self, arguments: &[&str]) -> Output {
        let mut command = child_command(&[]);
        command.arg(built("presence-daemon")).arg("--config").arg(self.config()).args(arguments);
        command.envs(self.pcscd.client_env().iter().cloned()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.output().expect("presence-daemon runs")
    }

    /// Does something to the simulated header, such as `spi:0.1 tap 04A1B2C3`; returns once it is done.
    #[track_caller]
    pub fn header(&mut self, line: &str) {
        let daemon = self.daemon.as_mut().expect("it runs");
        let (input, output) = (daemon.stdin.as_mut().expect("piped"), daemon.stdout.as_mut().expect("piped"));
        writeln!(input, "{line}").expect("it listens");
        let mut done = [0; 5];
        output.read_exact(&mut done).expect("it answers");
        assert_eq!(&done, b"done\n");
    }

    /// A member's card, held to the first reader until it was read.
    #[track_caller]
    pub fn tap(&self, n: usize) {
        self.tap_at(0, &uid(n));
    }

    /// A card, held to a reader until it was read.
    #[track_caller]
    pub fn tap_at(&self, reader: usize, uid: &[u8]) {
        self.pcscd.readers[reader].tap(Card::new(uid));
    }

    /// A tap through the control socket, with its outcome: `None` if no daemon answered.
    #[must_use]
    pub fn tap_by_command(&self, reader: &str, uid: &[u8]) -> Option<(TapOutcome, Option<i64>)> {
        let ask = Ask::Tap { reader: ReaderName::new(reader).expect("a name"), uid: WireUid(Uid::new(uid).expect("a UID")) };
        match control::ask(&self.state(), &ask) {
            Ok(Reply::Tapped { outcome, seq }) => Some((outcome, seq)),
            _ => None,
        }
    }

    /// The database, to look at.
    #[track_caller]
    #[must_use]
    pub fn database(&self) -> Connection {
        let path = presence_daemon::house::database(&self.state());
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database")
    }

    /// One number from the database.
    #[track_caller]
    #[must_use]
    pub fn number(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).expect("a number")
    }

    /// Waits until a query gives this number.
    #[track_caller]
    pub fn wait_for_number(&self, sql: &str, expected: i64) {
        wait_until(sql, || (self.number(sql) == expected).then_some(()));
    }

    /// The daemon's log so far.
    #[must_use]
    pub fn log_text(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("daemon.log")
    }

    /// The private broker's port, and the password of a kiosk's account.
    ///
    /// # Panics
    /// If the daemon has not written them.
    #[must_use]
    #[track_caller]
    pub fn kiosk_account(&self, kiosk: &str) -> (u16, String) {
        let folder = self.state().join("broker/kiosk");
        let config = fs::read_to_string(folder.join(format!("{kiosk}.toml"))).expect("a kiosk's config");
        let port = config.lines().find_map(|line| line.strip_prefix("port = ")?.parse().ok()).expect("a port");
        let password = fs::read_to_string(folder.join(format!("{kiosk}.password"))).expect("a kiosk's password");
        (port, password.trim().to_owned())
    }

    /// A kiosk in a window of its own.
    #[must_use]
    #[track_caller]
    pub fn kiosk(&self, kiosk: &str) -> KioskWindow {
        self.kiosk_on(&Arc::new(Xvfb::start(1280, 800)), kiosk)
    }

    /// The same on a screen that is there already.
    #[must_use]
    #[track_caller]
    pub fn kiosk_on(&self, xvfb: &Arc<Xvfb>, kiosk: &str) -> KioskWindow {
        KioskWindow::open(xvfb, &self.state().join("broker"), &KioskName::new(kiosk).expect("a name"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = kill_process(Pid::from_child(&daemon), Signal::TERM);
            let _ = daemon.wait();
        }
        if std::thread::panicking() {
            let log = self.log_text();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("the end of the daemon's log:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
        }
    }
}

/// Processes that name this path on their command line.
#[must_use]
pub fn processes_with(path: &Path) -> Vec<u32> {
    let needle = path.as_os_str().as_encoded_bytes();
    let pids = fs::read_dir("/proc").expect("/proc").flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let names = |pid: &u32| {
        fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.windows(needle.len()).any(|part| part == needle))
    };
    pids.filter(names).collect()
}

fn program_of(pid: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{pid}/comm")).ok().map(|name| name.trim().to_owned())
}
