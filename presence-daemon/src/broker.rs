//! The broker: a private Mosquitto whose config, accounts and rules we write, or one that somebody else runs, as equals.
//!
//! [`prepare`] writes files and starts nothing; [`Supervisor`] runs the private broker as our child. Nothing is kept by the broker:
//! the client rebuilds what it retains at each connect.

#![allow(clippy::disallowed_methods, reason = "a rim: waiting for a program to start and to end runs on the machine's clock")]

pub(crate) mod files;
pub mod made;
mod passwords;
mod rules;
mod supervisor;

pub use rules::Account;
pub use supervisor::Supervisor;

use crate::config::{BrokerConfig, Config, KioskConfig, Start};
use crate::dashboard::address::{Address, Password};
use crate::mqtt::{PACKET_LIMIT, Settings};
use files::secret;
use made::{Made, Rights};
use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use voisins_shared::config::ScreenSurface;
use voisins_shared::name::{KioskName, SiteName};
use voisins_shared::topic::Topics;

/// Why the broker can't be set up or started, and what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum BrokerError {
    #[error("can't write {}: {source}. The daemon needs a folder it may write to (`state`, or `folder` under [broker])", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error(
        "can't read the broker's password from {}: {source}. Write it on the first line of that file, readable by the daemon's user only",
        path.display()
    )]
    Password { path: PathBuf, source: io::Error },
    #[error("broker: listen = {0:?} is no address and port of this machine; write for example \"127.0.0.1:1883\"")]
    Listen(String),
    #[error("{program} is not installed. Install it: apt-get install {package}")]
    Missing { program: &'static str, package: &'static str },
    #[error(
        "something else listens on {0}. Stop it (Debian's own broker: systemctl disable --now mosquitto), or give `listen` under [broker] another port"
    )]
    PortTaken(SocketAddr),
    #[error("can't start {program}: {source}")]
    Unstartable { program: &'static str, source: io::Error },
    #[error("mosquitto does not start with {}: {said}", conf.display())]
    Ended { conf: PathBuf, said: String },
    #[error("mosquitto was started, but does not let the daemon in on {0} within {1} s")]
    Silent(SocketAddr, u64),
}

/// A broker that the client can be pointed at, its files written.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Host name or address, in brackets if IPv6.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The daemon's account.
    pub user: String,
    /// The file whose first line is that account's password.
    pub password_file: PathBuf,
    /// What others read: `mosquitto/` for the broker, `kiosk/` for the kiosks. Packages make both with the set-group bit, each for
    /// its reader's group.
    pub folder: PathBuf,
    /// Passwords that are the daemon's to keep, and what the owner of an external broker is given.
    pub secrets: PathBuf,
    site: SiteName,
    kiosks: Vec<KioskConfig>,
    /// The private broker's process while it is our child; 0: it isn't.
    pid: Arc<AtomicU32>,
    /// The private one.
    private: Option<Private>,
}

#[derive(Debug, Clone, Copy)]
struct Private {
    listen: SocketAddr,
    /// The port was ours to choose.
    chosen: bool,
    start: Start,
}

/// Writes what the configured broker needs; files that would not change are left alone. For an external broker that is `external.acl`
/// and `external-accounts.txt` in `accounts` of the state folder, to be installed there by its owner.
///
/// # Errors
/// [`BrokerError`], ready to be shown.
pub fn prepare(config: &Config) -> Result<Prepared, BrokerError> {
    let folder = config.broker_folder();
    let unwritable = |source| BrokerError::Unwritable { path: folder.clone(), source };
    files::folder(&folder).map_err(unwritable)?;
    let folder = folder.canonicalize().map_err(unwritable)?;
    let secrets = config.state.join("accounts");
    let secrets = files::folder(&secrets)
        .and_then(|()| secrets.canonicalize())
        .map_err(|source| BrokerError::Unwritable { path: secrets.clone(), source })?;
    let kiosks = config.kiosks.clone();
    let site = config.site.clone();
    let pid = Arc::default();
    let prepared = match &config.broker {
        BrokerConfig::Private { listen, start, .. } => {
            let asked = address(listen).ok_or_else(|| BrokerError::Listen(listen.clone()))?;
            let listen = if asked.port() == 0 { free_port(asked.ip())? } else { asked };
            let private = Some(Private { listen, chosen: asked.port() == 0, start: *start });
            let password_file = Account::Daemon.password_file(&folder, &secrets);
            let user = Account::Daemon.to_string();
            Prepared {
                host: reach(listen.ip()),
                port: listen.port(),
                user,
                password_file,
                folder,
                secrets,
                site,
                kiosks,
                pid,
                private,
            }
        }
        BrokerConfig::External { host, port, user, password_file } => {
            // the client reads it at each attempt: a file that comes later is enough
            if let Err(source) = read_password(password_file) {
                tracing::error!("{}", BrokerError::Password { path: password_file.clone(), source });
            }
            let (host, user, password_file) = (bracketed(host), user.clone(), password_file.clone());
            Prepared { host, port: *port, user, password_file, folder, secrets, site, kiosks, pid, private: None }
        }
    };
    prepared.write_all()?;
    Ok(prepared)
}

/// The password in a file: its first line.
///
/// # Errors
/// The file can't be read, or its first line is empty.
pub fn read_password(path: &Path) -> io::Result<String> {
    let text = std::fs::read_to_string(path)?;
    let line = text.lines().next().unwrap_or_default().trim_end_matches('\r');
    if line.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its first line is empty"));
    }
    Ok(line.to_owned())
}

impl Prepared {
    /// Where a dashboard reads: as the account of managers on our own broker, as ourselves on another's, whose accounts we don't know.
    #[must_use]
    pub fn address(&self) -> Address {
        let managers = (Account::Managers.to_string(), self.password_file(&Account::Managers));
        let (user, file) = if self.private.is_some() { managers } else { (self.user.clone(), self.password_file.clone()) };
        Address { host: self.host.clone(), port: self.port, user: Some(user), password: Password::File(file) }
    }

    /// For the client.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            host: self.host.clone(),
            port: self.port,
            user: self.user.clone(),
            password_file: self.password_file.clone(),
            topics: Topics::of(&self.site),
        }
    }

    /// Whether [`Supervisor::start`] has something to start.
    #[must_use]
    pub fn is_child(&self) -> bool {
        self.private.is_some_and(|private| private.start == Start::Child)
    }

    /// The file with an account's password, on the private broker.
    #[must_use]
    pub fn password_file(&self, account: &Account) -> PathBuf {
        account.password_file(&self.folder, &self.secrets)
    }

    /// A ready config for a kiosk on this machine, on the private broker.
    #[must_use]
    pub fn kiosk_config(&self, kiosk: &KioskName) -> PathBuf {
        self.folder.join(format!("kiosk/{kiosk}.toml"))
    }

    /// The accounts that were made for others; none of an external broker, whose owner makes them.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub fn made(&self) -> Result<Option<Vec<Made>>, BrokerError> {
        self.private.is_some().then(|| made::read(&self.secrets)).transpose()
    }

    /// Makes an account on the private broker, and gives its password, which nobody can tell later. None: the name can't be taken, or is.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub fn make(&self, name: &str, rights: Rights) -> Result<Option<String>, BrokerError> {
        let Some(mut made) = self.made()?.filter(|made| made::is_name(name) && made.iter().all(|known| known.name != name)) else {
            return Ok(None);
        };
        let password = files::chance().map_err(|source| BrokerError::Unwritable { path: self.secrets.clone(), source })?;
        let line = passwords::hash_all(&[(name.to_owned(), password.clone())]);
        let hash = line.trim_end().split_once(':').map(|(_, hash)| hash.to_owned()).unwrap_or_default();
        made.push(Made { name: name.to_owned(), rights, hash });
        self.keep(&made)?;
        Ok(Some(password))
    }

    /// Takes an account of the private broker away. False: there is none.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub fn unmake(&self, name: &str) -> Result<bool, BrokerError> {
        let mut made = self.made()?.unwrap_or_default();
        let before = made.len();
        made.retain(|known| known.name != name);
        if made.len() < before {
            self.keep(&made)?;
        }
        Ok(made.len() < before)
    }

    /// Writes what the broker reads, and has it read again. A broker that is a unit of the system is told by the system.
    fn keep(&self, made: &[Made]) -> Result<(), BrokerError> {
        made::keep(&self.secrets, made)?;
        self.write_all()?;
        let pid = i32::try_from(self.pid.load(Ordering::Relaxed)).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            // one that has just ended reads the files when it starts
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::HUP);
        }
        Ok(())
    }

    fn conf(&self) -> PathBuf {
        self.folder.join("mosquitto/mosquitto.conf")
    }

    /// Takes another free port: the one chosen before was taken in between.
    fn move_port(&mut self) -> Result<(), BrokerError> {
        if let Some(private) = &mut self.private {
            private.listen = free_port(private.listen.ip())?;
            self.port = private.listen.port();
        }
        self.write_all()
    }

    fn write_all(&self) -> Result<(), BrokerError> {
        let accounts = Account::all(&self.kiosks);
        let topics = Topics::of(&self.site);
        if let Some(private) = self.private {
            self.write_private(private.listen, &accounts, &topics)?;
        }
        let (acl, list) = (self.secrets.join("external.acl"), self.secrets.join("external-accounts.txt"));
        write(&acl, OWNER, &rules::rules(&accounts, &topics, &self.user))?;
        write(&list, OWNER, &rules::to_create(&accounts, &topics, &self.user))
    }

    fn write_private(&self, listen: SocketAddr, accounts: &[Account], topics: &Topics) -> Result<(), BrokerError> {
        let [mosquitto, kiosks] = ["mosquitto", "kiosk"].map(|name| self.folder.join(name));
        for folder in [&mosquitto, &kiosks] {
            files::folder(folder).map_err(|source| BrokerError::Unwritable { path: folder.clone(), source })?;
        }
        let mut secrets = Vec::new();
        for account in accounts {
            let path = self.password_file(account);
            let mode = if matches!(account, Account::Kiosk(_) | Account::Lobby(_)) { GROUP } else { OWNER };
            let password = secret(&path, mode).map_err(|source| BrokerError::Unwritable { path, source })?;
            secrets.push((account.to_string(), password));
        }
        for kiosk in &self.kiosks {
            write(&self.kiosk_config(&kiosk.name), GROUP, &self.kiosk_toml(kiosk))?;
        }
        let wanted: Vec<&str> = self.kiosks.iter().map(|kiosk| kiosk.name.as_str()).collect();
        files::remove_others(&kiosks, &wanted).map_err(|source| BrokerError::Unwritable { path: kiosks, source })?;

        let made = made::read(&self.secrets)?;
        let path = mosquitto.join("passwords");
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        let is_made = |line: &&str| made.iter().any(|made| line.split_once(':').is_some_and(|(name, _)| name == made.name));
        let before: String = before.lines().filter(|line| !is_made(line)).flat_map(|line| [line, "\n"]).collect();
        let mut hashes = if passwords::hold(&before, &secrets) { before } else { passwords::hash_all(&secrets) };
        for Made { name, hash, .. } in &made {
            let _ = writeln!(hashes, "{name}:{hash}");
        }
        write(&path, GROUP, &hashes)?;
        let made = made.into_iter().map(|made| Account::Made(made.name, made.rights));
        let accounts: Vec<Account> = accounts.iter().cloned().chain(made).collect();
        write(&mosquitto.join("rules.acl"), GROUP, &rules::rules(&accounts, topics, &self.user))?;
        // last: its coming is what starts the broker's unit
        write(&self.conf(), GROUP, &self.mosquitto_conf(listen))
    }

    /// For Mosquitto 2.0, as Debian 12 (2.0.11) and 13 (2.0.21) have it; mosquitto.conf(5).
    fn mosquitto_conf(&self, listen: SocketAddr) -> String {
        let folder = self.folder.join("mosquitto");
        let folder = folder.display();
        let mut conf = format!(
            "# Written by presence-daemon at each start; changes are lost.\n\
             listener {} {}\n\
             allow_anonymous false\n\
             password_file {folder}/passwords\n\
             acl_file {folder}/rules.acl\n\
             # nothing on disk: the daemon rebuilds what is retained\n\
             persistence false\n\
             # a new subscriber gets all retained documents at once; the default of 1000 cuts them off\n\
             max_queued_messages 100000\n\
             max_packet_size {PACKET_LIMIT}\n\
             set_tcp_nodelay true\n\
             sys_interval 0\n\
             connection_messages false\n\
             log_dest stderr\n\
             log_timestamp false\n\
             log_type error\n\
             log_type warning\n",
            listen.port(),
            listen.ip()
        );
        if rustix::process::geteuid().is_root() {
            // else it would become user `mosquitto`, who can't read these files
            conf.push_str("user root\n");
        }
        conf
    }

    fn kiosk_toml(&self, kiosk: &KioskConfig) -> String {
        let quoted = |text: &str| serde_json::to_string(text).expect("a string");
        let account = Account::of(kiosk);
        let password_file = self.password_file(&account);
        let surface = if kiosk.surface == ScreenSurface::Lobby { "surface = \"lobby\"\n" } else { "" };
        let mut toml = String::from(
            "# For `kiosk --config` on this machine. On another one: copy both files there, and set host and password_file.\n",
        );
        let _ = write!(
            toml,
            "name = {}\nsite = {}\n{surface}\n[broker]\nhost = {}\nport = {}\nuser = {}\npassword_file = {}\n",
            quoted(kiosk.name.as_str()),
            quoted(self.site.as_str()),
            quoted(&self.host),
            self.port,
            quoted(&account.to_string()),
            quoted(&password_file.to_string_lossy()),
        );
        // a lobby screen is touched by nobody
        if kiosk.surface == ScreenSurface::Kiosk {
            let muster = self.folder.join("kiosk").join(voisins_shared::muster::FILE);
            let _ = write!(toml, "\n[muster]\nfile = {}\n", quoted(&muster.to_string_lossy()));
        }
        toml
    }
}

/// For the daemon alone.
const OWNER: u32 = 0o600;
/// Also for the group of the folder: whoever the file is written for.
const GROUP: u32 = 0o640;

fn write(path: &Path, mode: u32, text: &str) -> Result<(), BrokerError> {
    files::write(path, mode, text.as_bytes()).map_err(|source| BrokerError::Unwritable { path: path.to_owned(), source })
}

fn address(listen: &str) -> Option<SocketAddr> {
    listen.to_socket_addrs().ok()?.next()
}

fn free_port(ip: IpAddr) -> Result<SocketAddr, BrokerError> {
    let listener = TcpListener::bind((ip, 0)).and_then(|listener| listener.local_addr());
    listener.map_err(|_| BrokerError::Listen(SocketAddr::new(ip, 0).to_string()))
}

/// How this machine reaches a listener on `ip`.
fn reach(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.to_string(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => bracketed(&Ipv6Addr::LOCALHOST.to_string()),
        ip => bracketed(&ip.to_string()),
    }
}

fn bracketed(host: &str) -> String {
    if host.parse::<Ipv6Addr>().is_ok() { format!("[{host}]") } else { host.to_owned() }
}

#[cfg(test)]
mod tests;
