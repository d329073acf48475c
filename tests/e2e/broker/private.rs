//! The private broker: what the daemon sets up and runs.

use presence_daemon::broker::{Account, BrokerError, Prepared, Supervisor, prepare, read_password};
use presence_daemon::config::Config;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use voisins_shared::name::KioskName;
use voisins_tests::broker::{LIMIT, Peer};

fn config(state: &Path, listen: &str) -> Config {
    let text = format!(
        "site = \"essai\"\n[[kiosk]]\nname = \"cafe\"\n[[kiosk]]\nname = \"hall\"\n[[kiosk]]\nname = \"tv\"\nsurface = \"lobby\"\n[broker]\nkind = \"private\"\nlisten = \"{listen}\"\n"
    );
    let mut config = Config::parse(&text, Path::new("daemon.toml")).unwrap();
    config.state = state.join("a folder with spaces");
    config
}

fn start() -> (TempDir, Prepared, Supervisor) {
    let state = tempfile::tempdir().unwrap();
    let (prepared, supervisor) = start_in(state.path());
    (state, prepared, supervisor)
}

fn start_in(state: &Path) -> (Prepared, Supervisor) {
    let mut prepared = prepare(&config(state, "127.0.0.1:0")).unwrap();
    let supervisor = Supervisor::start(&mut prepared).unwrap();
    (prepared, supervisor)
}

async fn connect(prepared: &Prepared, account: &Account) -> Peer {
    let password = read_password(&prepared.password_file(account)).unwrap();
    Peer::connect(prepared.port, Some((&account.to_string(), &password))).await.unwrap()
}

fn kiosk(name: &str) -> Account {
    Account::Kiosk(KioskName::new(name).unwrap())
}

const TOPICS: [&str; 23] = [
    "status",
    "status/session",
    "reader/porte/status",
    "occupancy",
    "open/occupancy",
    "directory",
    "presence",
    "photo/00000000-0000-4000-8000-000000000007",
    "kiosk/cafe/event",
    "kiosk/hall/event",
    "request/cafe/leave",
    "request/hall/leave",
    "response/cafe/1",
    "response/hall/1",
    "needs",
    "lobby",
    "kiosk/tv/event",
    "request/tv/leave",
    "needs/count",
    "evacuation",
    "ha/00000000-0000-4000-8000-000000000007",
    "command/evacuation",
    "history/2026-11",
];

/// The table of the wire, by hand: account, what it may read, what it may write (indices of [`TOPICS`]).
fn table() -> Vec<(Account, Vec<usize>, Vec<usize>)> {
    vec![
        (Account::Daemon, (0..23).collect(), (0..23).collect()),
        (kiosk("cafe"), vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 19, 22], vec![10]),
        (kiosk("hall"), vec![0, 1, 2, 3, 4, 5, 6, 7, 9, 13, 14, 19, 22], vec![11]),
        (Account::Lobby(KioskName::new("tv").unwrap()), vec![0, 1, 4, 15, 19, 22], vec![]),
        (Account::Managers, vec![0, 1, 2, 3, 4, 5, 6, 7, 14, 18, 19, 20, 22], vec![]),
        (Account::Integration, vec![0, 1, 2, 3, 4, 18, 19, 20, 22], vec![21]),
        (Account::Open, vec![0, 1, 4, 22], vec![]),
    ]
}

fn names(indices: &[usize]) -> BTreeSet<String> {
    indices.iter().map(|index| format!("voisins/essai/{}", TOPICS[*index])).collect()
}

#[tokio::test]
async fn each_account_reads_and_writes_exactly_what_the_table_says() {
    let (_state, prepared, _supervisor) = start();
    let daemon = connect(&prepared, &Account::Daemon).await;
    for (account, readable, writable) in table() {
        let mut peer = connect(&prepared, &account).await;
        peer.subscribe("#").await;
        for topic in TOPICS {
            assert!(daemon.publish(&format!("voisins/essai/{topic}"), "x", false).await);
        }
        assert!(daemon.publish("voisins/essai/open/end", "x", false).await);
        let mut read = BTreeSet::new();
        loop {
            let topic = peer.next().await.topic;
            if topic == "voisins/essai/open/end" {
                break;
            }
            read.insert(topic);
        }
        assert_eq!(read, names(&readable), "{account} reads");

        let mut written = BTreeSet::new();
        for topic in TOPICS {
            let topic = format!("voisins/essai/{topic}");
            if peer.publish(&topic, "y", false).await {
                written.insert(topic);
            }
        }
        assert_eq!(written, names(&writable), "{account} writes");
        let lamp = "homeassistant/device/lamp/config";
        for foreign in ["voisins/other/status", "homeassistant/x", lamp, "$SYS/x", "x"] {
            assert!(!peer.publish(foreign, "y", false).await, "{account} writes {foreign}");
        }
        let (device, status) = ("homeassistant/device/voisins_essai/config", "homeassistant/status");
        assert_eq!(peer.publish(device, "y", false).await, account == Account::Daemon, "{account}");
        assert_eq!(peer.publish(status, "y", false).await, account == Account::Integration, "{account}");
    }
}

#[tokio::test]
async fn nobody_comes_in_without_a_password() {
    let (_state, prepared, _supervisor) = start();
    assert!(Peer::connect(prepared.port, None).await.is_err());
    for account in ["daemon", "kiosk-cafe", "open", "root", ""] {
        assert!(Peer::connect(prepared.port, Some((account, ""))).await.is_err());
        assert!(Peer::connect(prepared.port, Some((account, "guess"))).await.is_err());
    }
}

fn gone(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.is_empty() || stat.contains(") Z ")
}

async fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let limit = Instant::now() + LIMIT;
    while !condition() {
        assert!(Instant::now() < limit, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_killed_broker_is_started_again_on_its_port() {
    let (_state, prepared, supervisor) = start();
    for _ in 0..5 {
        let pid = supervisor.pid().unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid.cast_signed()).unwrap(), rustix::process::Signal::KILL)
            .unwrap();
        wait_for("another process", || supervisor.pid().is_some_and(|now| now != pid)).await;
        wait_for("the port answers", || TcpStream::connect((Ipv4Addr::LOCALHOST, prepared.port)).is_ok()).await;
    }
    connect(&prepared, &Account::Open).await;
    let pid = supervisor.pid().unwrap();
    drop(supervisor);
    assert!(gone(pid));
    assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, prepared.port)).is_ok(), "the port is free again");
}

/// Set in the process that [`the_broker_ends_when_the_daemon_is_killed`] starts and kills: its folder.
const VICTIM: &str = "VOISINS_TEST_VICTIM";

#[tokio::test]
async fn the_broker_ends_when_the_daemon_is_killed() {
    if let Some(state) = std::env::var_os(VICTIM) {
        let (prepared, supervisor) = start_in(state.as_ref());
        println!("victim {} {}", supervisor.pid().unwrap(), prepared.port);
        loop {
            std::thread::park();
        }
    }
    let state = tempfile::tempdir().unwrap();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "broker::private::the_broker_ends_when_the_daemon_is_killed", "--nocapture"])
        .env(VICTIM, state.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines().map_while(Result::ok);
    let words = |line: String| line.split_once("victim ").map(|(_, words)| words.to_owned());
    let words = lines.filter_map(words).next().unwrap();
    let (pid, port) = words.split_once(' ').unwrap();
    let (pid, port): (u32, u16) = (pid.parse().unwrap(), port.parse().unwrap());
    assert!(!gone(pid) && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
    victim.kill().unwrap();
    victim.wait().unwrap();
    wait_for("the broker is gone", || gone(pid)).await;
    assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
}

#[test]
fn a_taken_port_is_named_after_waiting_for_it() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let state = tempfile::tempdir().unwrap();
    let mut prepared = prepare(&config(state.path(), &format!("127.0.0.1:{port}"))).unwrap();
    let begin = Instant::now();
    let error = Supervisor::start(&mut prepared).unwrap_err();
    assert!(begin.elapsed() < Duration::from_secs(8));
    assert!(matches!(error, BrokerError::PortTaken(_)));
    let text = error.to_string();
    assert!(text.contains(&port.to_string()) && text.contains("listen"), "{text}");
    // a daemon that was just killed may leave its broker for a moment: then the port comes free
    let starting = std::thread::spawn(move || Supervisor::start(&mut prepared));
    drop(taken);
    starting.join().unwrap().unwrap();
}

#[test]
fn a_chosen_port_that_was_taken_in_between_is_exchanged() {
    let state = tempfile::tempdir().unwrap();
    let mut prepared = prepare(&config(state.path(), "127.0.0.1:0")).unwrap();
    let before = prepared.port;
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, before)).unwrap();
    let _supervisor = Supervisor::start(&mut prepared).unwrap();
    assert_ne!(prepared.port, before);
    let kiosk = std::fs::read_to_string(prepared.kiosk_config(&KioskName::new("cafe").unwrap())).unwrap();
    assert!(kiosk.contains(&format!("port = {}\n", prepared.port)), "{kiosk}");
}

#[test]
fn a_config_that_mosquitto_refuses_is_told_with_its_words() {
    let state = tempfile::tempdir().unwrap();
    let mut prepared = prepare(&config(state.path(), "127.0.0.1:0")).unwrap();
    std::fs::write(prepared.folder.join("mosquitto/mosquitto.conf"), "nonsense yes\n").unwrap();
    let text = Supervisor::start(&mut prepared).unwrap_err().to_string();
    assert!(text.contains("mosquitto.conf") && text.contains("nonsense"), "{text}");
}
