//! The list as files beside the database, whole or not there, refreshed on a thread of its own: nobody at the door waits for it.

use super::text;
use crate::broker::files;
use crate::config::Config;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tracing::{error, info};
use voisins_shared::muster::{FILE, Muster};

/// Its owner writes, its group reads: the kiosk of this machine.
const MODE: u32 = 0o640;

/// Where the list lies.
#[derive(Debug, Clone)]
pub struct Places {
    json: Vec<PathBuf>,
    text: PathBuf,
}

impl Places {
    /// Beside the database; and, for a kiosk that may not look there, beside its config.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { json: vec![config.state.join(FILE), for_kiosks(config)], text: text_file(&config.state) }
    }

    /// Writes the list.
    ///
    /// # Errors
    /// What the disk says.
    pub fn write(&self, list: &Muster) -> std::io::Result<()> {
        let json = serde_json::to_vec(list).map_err(std::io::Error::other)?;
        for path in self.there() {
            files::write(path, MODE, &json)?;
        }
        files::write(&self.text, MODE, text(list).as_bytes())
    }

    /// It is still right: their time says so.
    fn touch(&self) -> std::io::Result<()> {
        let now = std::time::SystemTime::from(crate::clock::wall_as_seen());
        self.there().chain([&self.text]).try_for_each(|path| std::fs::File::options().append(true).open(path)?.set_modified(now))
    }

    fn there(&self) -> impl Iterator<Item = &PathBuf> {
        self.json.iter().filter(|path| path.parent().is_some_and(Path::is_dir))
    }
}

/// The text file of a state folder.
#[must_use]
pub fn text_file(state: &Path) -> PathBuf {
    state.join(FILE).with_extension("txt")
}

/// Where a kiosk on this machine reads it.
#[must_use]
pub fn for_kiosks(config: &Config) -> PathBuf {
    config.broker_folder().join("kiosk").join(FILE)
}

/// When the list of a state folder was last refreshed.
#[must_use]
pub fn refreshed(state: &Path) -> Option<jiff::Timestamp> {
    let modified = std::fs::metadata(state.join(FILE)).and_then(|file| file.modified()).ok()?;
    jiff::Timestamp::try_from(modified).ok()
}

/// The thread that writes; dropped, it writes what it still has and ends.
#[derive(Debug)]
pub struct Writer {
    sender: Option<Sender<Option<Box<Muster>>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(places: Places) -> std::io::Result<Self> {
        let (sender, inbox) = channel();
        let thread = std::thread::Builder::new().name("muster".into()).spawn(move || run(&places, &inbox))?;
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    /// The list has changed; or, with `None`, is right as it is.
    pub fn tell(&self, list: Option<Muster>) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(list.map(Box::new));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(places: &Places, inbox: &Receiver<Option<Box<Muster>>>) {
    let mut failing = false;
    let mut unwritten: Option<Box<Muster>> = None;
    while let Ok(told) = inbox.recv() {
        unwritten = told.or(unwritten);
        // of several the last one counts
        while let Ok(told) = inbox.try_recv() {
            unwritten = told.or(unwritten);
        }
        let written = match &unwritten {
            Some(list) => places.write(list),
            None => places.touch(),
        };
        match written {
            Ok(()) => {
                unwritten = None;
                if std::mem::take(&mut failing) {
                    info!("the evacuation list is written again");
                }
            }
            Err(error) if !std::mem::replace(&mut failing, true) => {
                error!("the evacuation list beside the database can't be refreshed: {error}. Check the disk: `df -h`, `dmesg`");
            }
            Err(_) => {}
        }
    }
}
