//! A daemon with readers without hardware, a private broker, and members who agreed to be known to the house's automation.

use super::wait_until;
use presence_daemon::control::{self, Ask, Reply, WireUid};
use presence_daemon::pipeline::TapOutcome;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use tempfile::TempDir;
use voisins_shared::name::ReaderName;
use voisins_shared::uid::Uid;
use voisins_tests::pcscd::{built, child_command};

pub struct House {
    folder: TempDir,
    daemon: Option<Child>,
    /// The broker's port.
    pub port: u16,
}

/// Those who agreed, by the number of their badge; badge 0 is of one who did not.
pub const AGREED: [&str; 3] = ["Anne Tremblay", "Zoé Roy", "Anne Gagnon"];

pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).expect("a free port").port()
}

impl House {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("voisins-integrations-").tempdir().expect("a temporary folder");
        let mut house = Self { folder, daemon: None, port: free_port() };
        house.configure("discovery = true\nmembers = true\n");
        let mut csv = String::from("name,consent,badge\nPaul Sansnom,,04000000\n");
        for (n, name) in AGREED.iter().enumerate() {
            csv += &format!("{name},name;home_assistant @ 2026-01-05 essai,0400000{}\n", n + 1);
        }
        let file = house.folder.path().join("members.csv");
        fs::write(&file, csv).expect("a CSV");
        house.command(&["members", "import", &file.to_string_lossy()]);
        house.start_daemon();
        house
    }

    /// What the house tells the automation, from the next start on.
    pub fn configure(&self, home_assistant: &str) {
        let text = format!(
            "site = \"essai-1\"\ntitle = \"Espace Essai\"\ntime_zone = \"America/Toronto\"\nclock = \"always\"\ndouble_tap_window = \"50ms\"\nstate = {:?}
[[reader]]\nname = \"porte\"\nkind = \"scripted\"\n[[reader]]\nname = \"cafe\"\nkind = \"scripted\"\nbeside = \"cafe\"\n[[kiosk]]\nname = \"cafe\"
[broker]\nkind = \"private\"\nlisten = \"127.0.0.1:{}\"\n[web]\nlisten = \"127.0.0.1:0\"\n[home_assistant]\n{home_assistant}",
            self.state(),
            self.port,
        );
        fs::write(self.folder.path().join("daemon.toml"), text).expect("a config");
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Runs the daemon's program; what it says.
    #[track_caller]
    pub fn command(&self, arguments: &[&str]) -> String {
        let mut command = child_command(&[]);
        command.arg(built("presence-daemon")).arg("--config").arg(self.folder.path().join("daemon.toml")).args(arguments);
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("presence-daemon runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn start_daemon(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.folder.path().join("log")).expect("a log");
        let mut command = child_command(&[]);
        command.arg(built("presence-daemon")).arg("--config").arg(self.folder.path().join("daemon.toml")).arg("run");
        self.daemon = Some(command.env("VOISINS_LOG", "debug").stderr(log).spawn().expect("the daemon starts"));
        wait_until("the daemon is connected", || match control::ask(&self.state(), &Ask::Status) {
            Ok(Reply::Status { connected: true, .. }) => Some(()),
            _ => None,
        });
    }

    /// As a power cut would.
    pub fn kill_daemon(&mut self) {
        let mut daemon = self.daemon.take().expect("it runs");
        let _ = daemon.kill();
        let _ = daemon.wait();
    }

    /// The password of an account on the private broker.
    pub fn password(&self, account: &str) -> String {
        let file = self.state().join(format!("accounts/{account}.password"));
        fs::read_to_string(file).expect("a password").trim().to_owned()
    }

    /// The port of the pages.
    pub fn pages(&self) -> u16 {
        let address = wait_until("the pages", || fs::read_to_string(self.state().join("web.address")).ok()).0;
        address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The `n`th badge at the door.
    #[track_caller]
    pub fn tap(&self, n: usize) {
        let uid = Uid::from_hex(&format!("0400000{n}")).expect("a UID");
        let reader = ReaderName::new("porte").expect("a name");
        let reply = control::ask(&self.state(), &Ask::Tap { reader, uid: WireUid(uid) }).expect("an answer");
        assert!(matches!(reply, Reply::Tapped { outcome: TapOutcome::CheckedIn | TapOutcome::Seen, .. }), "{reply:?}");
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            // asked kindly, it ends its broker too
            let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&daemon), rustix::process::Signal::TERM);
            let _ = daemon.wait();
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("the end of the daemon's log:\n{}", lines[lines.len().saturating_sub(30)..].join("\n"));
        }
    }
}
