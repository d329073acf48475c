//! The private broker as our child: started, restarted when it dies, gone when we are.

use super::{BrokerError, Prepared, read_password};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};
use tracing::{debug, info, warn};

/// How long the port may be held by the broker of a daemon that was just killed.
const PORT_PATIENCE: Duration = Duration::from_secs(5);
/// How long Mosquitto may take to let us in.
const START_PATIENCE: Duration = Duration::from_secs(10);
/// Pause before a restart, at first (after a death that came soon) and at most.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// A broker that lived this long is restarted at once.
const SOUND_LIFE: Duration = Duration::from_secs(2);
/// What a clean end may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// Runs the private broker until dropped. If this process dies, by whatever death, the broker ends too.
#[derive(Debug)]
pub struct Supervisor {
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
    pid: Arc<AtomicU32>,
}

impl Supervisor {
    /// Starts Mosquitto with the prepared files, and returns once it lets the daemon's account in. A port that was ours to choose may
    /// be another one afterwards: take the settings from `prepared` only then.
    ///
    /// # Errors
    /// [`BrokerError`]: not installed, the port taken by something else for 5 s, or Mosquitto refuses its config.
    ///
    /// # Panics
    /// If the system has no more threads.
    pub fn start(prepared: &mut Prepared) -> Result<Self, BrokerError> {
        let programs = Programs::find()?;
        let unstartable = |source| BrokerError::Unstartable { program: "mosquitto", source };
        let (stop, stopped) = UnixStream::pair().map_err(unstartable)?;
        let pid = prepared.pid.clone();
        let (sender, first) = channel();
        let (mut theirs, shared_pid) = (prepared.clone(), pid.clone());
        // the kernel ends the broker when the thread that started it ends: so that thread waits for it
        let body = move || match programs.first(&mut theirs) {
            Ok(broker) => {
                shared_pid.store(broker.child.id(), Ordering::Relaxed);
                let conf = theirs.conf();
                let _ = sender.send(Ok(theirs));
                supervise(&programs, &conf, broker, &stopped, &shared_pid);
            }
            Err(error) => drop(sender.send(Err(error))),
        };
        let thread = std::thread::Builder::new().name("broker".into()).spawn(body).map_err(unstartable)?;
        let this = Self { stop: Some(stop), thread: Some(thread), pid };
        *prepared = first.recv().expect("the thread answers")?;
        info!("the private broker listens on {}:{}", prepared.host, prepared.port);
        Ok(this)
    }

    /// The broker's process, for measurements and tests; none while it is down.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        Some(self.pid.load(Ordering::Relaxed)).filter(|pid| *pid > 0)
    }
}

/// Ends the broker: SIGTERM, after 2 s SIGKILL.
impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn supervise(programs: &Programs, conf: &Path, mut broker: Broker, stopped: &UnixStream, pid: &AtomicU32) {
    let mut pause = Duration::ZERO;
    loop {
        if wait(stopped, Some(&broker.alive), None) == Waited::Stopped {
            return broker.end();
        }
        pid.store(0, Ordering::Relaxed);
        let lived = broker.started.elapsed();
        let said = broker.said();
        if lived > SOUND_LIFE {
            pause = Duration::ZERO;
            warn!("the broker ended ({said}); starting it again");
        } else {
            debug!("the broker ended again ({said})");
            pause = (pause * 2).clamp(BACK_OFF.0, BACK_OFF.1);
        }
        broker = loop {
            if wait(stopped, None, Some(pause)) == Waited::Stopped {
                return;
            }
            match programs.spawn(conf) {
                Ok(broker) => break broker,
                Err(error) => warn!("{error}"),
            }
            pause = BACK_OFF.1;
        };
        pid.store(broker.child.id(), Ordering::Relaxed);
    }
}

#[derive(PartialEq, Eq)]
enum Waited {
    Stopped,
    Other,
}

/// Until it is time to stop, the process has ended, or `limit` has passed.
fn wait(stopped: &UnixStream, alive: Option<&OwnedFd>, limit: Option<Duration>) -> Waited {
    let limit = limit.map(|limit| Timespec { tv_sec: limit.as_secs().cast_signed(), tv_nsec: limit.subsec_nanos().into() });
    let mut fds = vec![PollFd::new(stopped, PollFlags::IN)];
    fds.extend(alive.map(|alive| PollFd::new(alive, PollFlags::IN)));
    while let Err(error) = poll(&mut fds, limit.as_ref()) {
        if error != rustix::io::Errno::INTR {
            warn!("waiting for the broker: {error}");
            sleep(BACK_OFF.1);
            break;
        }
    }
    if fds[0].revents().is_empty() { Waited::Other } else { Waited::Stopped }
}

struct Programs {
    mosquitto: PathBuf,
    setpriv: PathBuf,
}

impl Programs {
    fn find() -> Result<Self, BrokerError> {
        let find = |program, package| find(program).ok_or(BrokerError::Missing { program, package });
        Ok(Self { mosquitto: find("mosquitto", "mosquitto")?, setpriv: find("setpriv", "util-linux")? })
    }

    /// The first start, where waiting for the port, or choosing another, may be needed.
    fn first(&self, prepared: &mut Prepared) -> Result<Broker, BrokerError> {
        let limit = Instant::now() + PORT_PATIENCE;
        loop {
            let Some(private) = prepared.private else {
                return Err(BrokerError::Listen(String::new()));
            };
            let outcome = match TcpListener::bind(private.listen).map(drop) {
                Ok(()) => self.spawn(&prepared.conf())?.until_ready(prepared, private.listen)?,
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => None,
                Err(_) => return Err(BrokerError::Listen(private.listen.to_string())),
            };
            match outcome {
                Some(broker) => return Ok(broker),
                None if Instant::now() > limit => return Err(BrokerError::PortTaken(private.listen)),
                None if private.chosen => prepared.move_port()?,
                None => sleep(BACK_OFF.0),
            }
        }
    }

    /// `setpriv` asks the kernel for SIGTERM at our death; the shell makes sure that we had not died before it asked. A group of its own
    /// keeps Ctrl-C away from the broker: the daemon has something to say to it first.
    fn spawn(&self, conf: &Path) -> Result<Broker, BrokerError> {
        let child = Command::new(&self.setpriv)
            .args(["--pdeathsig", "TERM", "/bin/sh", "-c", "[ $PPID = \"$0\" ] && exec \"$@\""])
            .arg(std::process::id().to_string())
            .args([self.mosquitto.as_os_str(), "-c".as_ref(), conf.as_os_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        let unstartable = |source| BrokerError::Unstartable { program: "mosquitto", source };
        let mut child = child.map_err(unstartable)?;
        let alive = match pidfd_open(Pid::from_child(&child), PidfdFlags::empty()) {
            Ok(alive) => alive,
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(unstartable(error.into()));
            }
        };
        let errors = child.stderr.take().map(|errors| {
            std::thread::spawn(move || {
                let mut last = Vec::new();
                for line in BufReader::new(errors).lines().map_while(Result::ok) {
                    // before it has read its config, it writes the time first
                    let line = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(": ");
                    debug!("mosquitto: {line}");
                    last.push(line.to_owned());
                    last.drain(..last.len().saturating_sub(3));
                }
                last.join(" ")
            })
        });
        Ok(Broker { child, alive, errors, started: Instant::now() })
    }
}

/// In PATH, or where Debian has it, which is not in the PATH of everybody.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}

struct Broker {
    child: Child,
    /// Readable once the process has ended.
    alive: OwnedFd,
    /// Gives back the last lines of stderr.
    errors: Option<JoinHandle<String>>,
    started: Instant,
}

impl Broker {
    /// `None` if the port was taken just before Mosquitto asked for it.
    fn until_ready(mut self, prepared: &Prepared, address: SocketAddr) -> Result<Option<Self>, BrokerError> {
        let path = &prepared.password_file;
        let password = read_password(path).map_err(|source| BrokerError::Password { path: path.clone(), source })?;
        let address = SocketAddr::new(prepared.host.trim_matches(['[', ']']).parse().unwrap_or(address.ip()), address.port());
        let mut pause = Duration::from_millis(2);
        loop {
            let ready = lets_in(address, &prepared.user, &password);
            if !matches!(self.child.try_wait(), Ok(None)) {
                let said = self.said();
                return if said.contains("in use") { Ok(None) } else { Err(BrokerError::Ended { conf: prepared.conf(), said }) };
            }
            if ready.is_ok_and(|ready| ready) {
                return Ok(Some(self));
            }
            if self.started.elapsed() > START_PATIENCE {
                self.end();
                return Err(BrokerError::Silent(address, START_PATIENCE.as_secs()));
            }
            sleep(pause);
            pause = (pause * 2).min(BACK_OFF.0);
        }
    }

    /// How it ended. Waits for it.
    fn said(&mut self) -> String {
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        match self.errors.take().and_then(|errors| errors.join().ok()) {
            Some(last) if !last.is_empty() => format!("{status}: {last}"),
            _ => status,
        }
    }

    fn end(mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let limit = Timespec { tv_sec: FAREWELL.as_secs().cast_signed(), tv_nsec: 0 };
        let ended = poll(&mut [PollFd::new(&self.alive.as_fd(), PollFlags::IN)], Some(&limit));
        if !matches!(ended, Ok(1..)) {
            let _ = self.child.kill();
        }
        debug!("the broker ended ({})", self.said());
    }
}

/// Whether a broker on `address` accepts the account: CONNECT and CONNACK by hand (MQTT 3.1.1, 3.1 and 3.2), since here nothing runs
/// yet that could poll a client.
fn lets_in(address: SocketAddr, user: &str, password: &str) -> io::Result<bool> {
    let limit = Duration::from_millis(500);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    let mut body = b"\x00\x04MQTT\x04\xc2\x00\x05".to_vec(); // level 4; user, password, clean session; keep alive 5 s
    for field in ["voisins-probe", user, password] {
        body.extend(u16::try_from(field.len()).unwrap_or_default().to_be_bytes());
        body.extend(field.as_bytes());
    }
    let Ok(length @ ..128) = u8::try_from(body.len()) else { return Ok(true) };
    stream.write_all(&[&[0x10, length], &body[..]].concat())?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer)?;
    stream.write_all(&[0xe0, 0])?;
    Ok(answer == [0x20, 2, 0, 0])
}
