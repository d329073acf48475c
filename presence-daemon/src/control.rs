//! The socket that the command line talks to: `control.sock` in the state folder, for its owner only. One line of JSON each way.

mod desk;
mod person;

pub use desk::{Desk, Event, Need};
pub use person::Person;

use crate::community::agenda::Calendar;
use crate::desk::{Moderate, Pass};
use crate::directory::BadgeState;
use crate::members::Imported;
use crate::pipeline::pages::{PageAsk, PageReply};
use crate::pipeline::{Inward, TapOutcome, muster, visits};
use crate::presence::PairingCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, sync_channel};
use std::time::Duration;
use tracing::warn;
use voisins_shared::agenda::EventId;
use voisins_shared::muster::Muster;
use voisins_shared::name::ReaderName;
use voisins_shared::payload::ReaderStatus;
use voisins_shared::uid::Uid;

/// Who gives a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Whoever may open the control socket.
    CommandLine,
    /// An account of the manager's pages.
    Account(String),
    /// The pages, before anybody has signed in.
    Nobody,
}

impl By {
    /// As it is written down.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::CommandLine => "presence-daemon".to_owned(),
            Self::Account(name) => name.clone(),
            Self::Nobody => String::new(),
        }
    }
}

/// What the command line asks of a running daemon.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    Tap {
        reader: ReaderName,
        uid: WireUid,
    },
    Import {
        csv: String,
        dry_run: bool,
    },
    Export,
    Enrol {
        code: PairingCode,
        member: String,
    },
    Badges {
        member: String,
    },
    Badge {
        badge: i64,
        #[serde(with = "badge_state")]
        state: BadgeState,
    },
    Need(Need),
    Pass(Pass),
    Moderate(Moderate),
    Measures,
    Needs,
    Page(PageAsk),
    Desk(Desk),
    Event(Event),
    Person(Person),
    ImportCalendar(Calendar),
    ForgetCalendar {
        name: String,
    },
    CancelEvent {
        event: EventId,
    },
    Events,
    Calendars,
    ExportEvents,
    Guests,
    Declared,
    Muster(muster::Ask),
    Visits(visits::Ask),
    Evacuation(Evacuation),
    Status,
}

/// What is asked of the evacuation mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum Evacuation {
    /// Ask everybody to leave: every screen and every plugged-in system is told.
    #[command(name = "on")]
    Begin,
    /// It is over.
    #[command(name = "off")]
    End,
    /// Whether it is on, and since when.
    Status,
}

/// The daemon's answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "reply", content = "is", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Tapped {
        outcome: TapOutcome,
        seq: Option<i64>,
    },
    Imported(Imported),
    Text(String),
    Enrolled {
        done: bool,
    },
    Done,
    Page(PageReply),
    Status {
        readers: Vec<ReaderStatus>,
        connected: bool,
        clock_known: bool,
        present: u32,
        pairings: Vec<PairingCode>,
    },
    Muster(Box<Muster>),
    /// It can't be done: the key of the text that says why, and what to do.
    Refused(String),
    Error(String),
}

/// A UID on the control socket, and on no other wire: the socket is its owner's alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireUid(pub Uid);

impl Serialize for WireUid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.as_bytes().iter().map(|byte| format!("{byte:02X}")).collect::<String>())
    }
}

impl<'de> Deserialize<'de> for WireUid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uid::from_hex(&String::deserialize(deserializer)?).map(Self).map_err(serde::de::Error::custom)
    }
}

mod badge_state {
    use crate::directory::BadgeState;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(state: &BadgeState, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(state.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BadgeState, D::Error> {
        let text = String::deserialize(deserializer)?;
        BadgeState::from_text(&text).ok_or_else(|| serde::de::Error::custom("no badge state"))
    }
}

/// Why the daemon can't be asked.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ControlError {
    #[error("can't listen on {path}: {source}. Check the state folder's owner and permissions")]
    Listen { path: PathBuf, source: std::io::Error },
    #[error("no presence-daemon answers on {path}: {source}. Start it with `presence-daemon run`, or give its --config")]
    NotRunning { path: PathBuf, source: std::io::Error },
    #[error("the daemon gave no answer: {0}. See its log")]
    NoAnswer(std::io::Error),
}

/// Where a state folder's socket is.
#[must_use]
pub fn socket(state: &Path) -> PathBuf {
    state.join("control.sock")
}

/// How long a command may take: an import of thousands on a slow card.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than any members' file.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// Asks the daemon that runs on a state folder.
///
/// # Errors
/// [`ControlError`].
pub fn ask(state: &Path, ask: &Ask) -> Result<Reply, ControlError> {
    let path = socket(state);
    let mut stream = UnixStream::connect(&path).map_err(|source| ControlError::NotRunning { path, source })?;
    let mut talk = || -> std::io::Result<Reply> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(&line(ask)?)?;
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer)?;
        Ok(serde_json::from_str(&answer)?)
    };
    talk().map_err(ControlError::NoAnswer)
}

/// Listens; each connection has a thread, each command goes through the pipeline. The thread ends with the process.
///
/// # Errors
/// [`ControlError::Listen`].
pub fn listen(state: &Path, inward: Sender<Inward>) -> Result<(), ControlError> {
    let path = socket(state);
    let failed = |source| ControlError::Listen { path: path.clone(), source };
    // the state folder's lock is ours: a socket that lies here is a dead daemon's
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let listener = UnixListener::bind(&path).map_err(failed)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    let accept = move || {
        for stream in listener.incoming().flatten() {
            let inward = inward.clone();
            let serve = move || {
                if let Err(error) = serve(&stream, &inward) {
                    warn!("control socket: {error}");
                }
            };
            if let Err(error) = std::thread::Builder::new().name("control-client".into()).spawn(serve) {
                warn!("control socket: {error}");
            }
        }
    };
    std::thread::Builder::new().name("control".into()).spawn(accept).map_err(failed)?;
    Ok(())
}

fn serve(stream: &UnixStream, inward: &Sender<Inward>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.take(LONGEST_LINE));
    let mut text = String::new();
    while lines.read_line(&mut text)? > 0 {
        let reply = match serde_json::from_str::<Ask>(&text) {
            Err(error) => Reply::Error(format!("not a command: {error}")),
            Ok(ask) => {
                let (reply, answered) = sync_channel(1);
                let sent = inward.send(Inward::Control { ask, by: By::CommandLine, reply }).is_ok();
                let gone = || Reply::Error("the daemon is stopping".to_owned());
                if sent { answered.recv().unwrap_or_else(|_| gone()) } else { gone() }
            }
        };
        let mut out = stream;
        out.write_all(&line(&reply)?)?;
        text.clear();
        lines.get_mut().set_limit(LONGEST_LINE);
    }
    Ok(())
}

fn line<T: Serialize>(message: &T) -> std::io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}
