//! A pcscd of one's own: on its own socket, with its own readers, beside any other. It dies with the test, even if that is killed.
//!
//! The socket is handed over as systemd does it (`LISTEN_FDS`, fd 3), so no root is needed and the path is ours.

use crate::virtual_reader::VirtualReader;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Takes the listening socket from stdin to fd 3 and becomes pcscd. pcscd ≥ 2 asks polkit who may use it; not in tests.
const HAND_OVER: &str = r#"
    PATH="$PATH:/usr/sbin:/sbin"
    case "$(pcscd --version </dev/null)" in *polkit*) set -- "$@" --disable-polkit ;; esac
    exec 3<&0 0</dev/null
    LISTEN_FDS=1 LISTEN_PID=$$ exec pcscd --foreground --info --config "$@"
"#;

/// A private pcscd and its virtual readers.
#[derive(Debug)]
pub struct Pcscd {
    /// The readers, in the order of their names; dropped after pcscd was stopped.
    pub readers: Vec<VirtualReader>,
    folder: TempDir,
    child: Option<Child>,
    /// Kept where somebody holds the socket while pcscd is away, as systemd does.
    listener: Option<UnixListener>,
    /// Words before the shell that becomes pcscd, and lines it runs first.
    wrapper: Vec<OsString>,
    preamble: String,
    client_env: Vec<(OsString, OsString)>,
}

impl Pcscd {
    /// Starts one with a virtual reader of each name, such as "ACS ACR122U PICC Interface"; clients see it with two numbers after it.
    /// Returns when it serves all of them.
    #[must_use]
    #[track_caller]
    pub fn with_readers(names: &[&str]) -> Self {
        let mut pcscd = Self::away(names);
        pcscd.start();
        pcscd
    }

    /// The same, not started: its socket is not there yet.
    #[must_use]
    #[track_caller]
    pub fn away(names: &[&str]) -> Self {
        let driver = driver();
        Self::with_config(|folder| {
            let mut conf = String::new();
            let mut readers = Vec::new();
            for (i, name) in names.iter().enumerate() {
                let socket = folder.join(format!("reader-{i}.sock"));
                readers.push(VirtualReader::new(&socket));
                let _ = write!(
                    conf,
                    "FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{}\nLIBPATH {}\nCHANNELID {i}\n\n",
                    socket.display(),
                    driver.display()
                );
            }
            (conf, readers)
        })
    }

    /// One with this `reader.conf`, not started.
    #[track_caller]
    pub(crate) fn with_config(config: impl FnOnce(&Path) -> (String, Vec<VirtualReader>)) -> Self {
        let folder = tempfile::Builder::new().prefix("voisins-pcscd-").tempdir().expect("a temporary folder");
        let (conf, readers) = config(folder.path());
        let confs = folder.path().join("conf");
        fs::create_dir(&confs).expect("a folder for reader.conf");
        fs::write(confs.join("readers"), conf).expect("reader.conf");
        let mut pcscd = Self {
            readers,
            folder,
            child: None,
            listener: None,
            wrapper: Vec::new(),
            preamble: String::new(),
            client_env: Vec::new(),
        };
        pcscd.client_env = vec![("PCSCLITE_CSOCK_NAME".into(), pcscd.socket().into())];
        pcscd
    }

    /// Runs `preamble` in the shell that becomes pcscd, and `wrapper` before it; clients get `client_env` besides the socket.
    pub(crate) fn wrapped(mut self, wrapper: &[&str], preamble: String, client_env: [(&str, &OsStr); 2]) -> Self {
        self.wrapper = wrapper.iter().map(OsString::from).collect();
        self.preamble = preamble;
        self.client_env.extend(client_env.map(|(key, value)| (key.into(), value.into())));
        self
    }

    /// What a client needs in its environment to find this pcscd and no other.
    #[must_use]
    pub fn client_env(&self) -> &[(OsString, OsString)] {
        &self.client_env
    }

    /// Its folder; gone with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it, again or for the first time, on the same socket path. Returns when it serves all readers.
    #[track_caller]
    pub fn start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        self.hold_socket();
        let listener = self.listener.as_ref().expect("held above").try_clone().expect("one more file descriptor");
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let script = format!("{}{HAND_OVER}", self.preamble);
        let mut command = child_command(&self.wrapper);
        command.args(["sh", "-c", &script, "sh"]).arg(self.folder.path().join("conf"));
        command.stdin(OwnedFd::from(listener)).stdout(log.try_clone().expect("one more file descriptor")).stderr(log);
        self.child = Some(command.spawn().expect("setpriv (Debian package util-linux) starts"));
        self.listener = None;
        self.readers.iter().for_each(VirtualReader::wait_until_open);
    }

    /// Listens on the socket without serving it, as systemd does before it starts pcscd: whoever connects waits.
    #[track_caller]
    pub fn hold_socket(&mut self) {
        if self.listener.is_none() {
            let _ = fs::remove_file(self.socket());
            self.listener = Some(UnixListener::bind(self.socket()).expect("a socket"));
        }
    }

    /// Ends it as its service manager would.
    #[track_caller]
    pub fn stop(&mut self) {
        self.end(Signal::TERM);
    }

    /// Ends it as a crash would.
    #[track_caller]
    pub fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    fn end(&mut self, signal: Signal) {
        if let Some(mut child) = self.child.take() {
            let _ = kill_process(Pid::from_child(&child), signal);
            child.wait().expect("our own child");
            self.readers.iter().for_each(VirtualReader::wait_until_closed);
        }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("pcscd.sock")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("pcscd.log")
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            let log = fs::read_to_string(self.log()).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("the end of pcscd's log:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
        }
    }
}

/// A command whose process is killed when the thread that starts it ends (`prctl(2)`, `PR_SET_PDEATHSIG`): nothing outlives a test.
#[must_use]
pub fn child_command(wrapper: &[OsString]) -> Command {
    let words = wrapper.iter().cloned().chain(["setpriv", "--pdeathsig", "KILL"].map(OsString::from)).collect::<Vec<_>>();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null());
    command
}

/// Our pcscd driver.
pub(crate) fn driver() -> PathBuf {
    built("libvoisins_ifd.so")
}

/// A file that cargo has built beside this test.
///
/// # Panics
/// It is not there.
#[must_use]
#[track_caller]
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this program");
    let folders = test.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join(name)).find(|file| file.exists());
    found.unwrap_or_else(|| panic!("{name} is not built: run `make test`, or first `cargo build --workspace --bins --lib`"))
}
