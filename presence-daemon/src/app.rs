//! Gathers the world (broker, pipeline, readers, control socket, MQTT) and runs it until it is asked to stop.

use crate::broker::{self, BrokerError, Prepared, Supervisor};
use crate::calendars;
use crate::control::{self, ControlError};
use crate::feedback::Feedback;
use crate::house::{House, HouseError};
use crate::mail;
use crate::mqtt;
use crate::pipeline::{Inward, Pipeline};
use crate::reader::wired::Buses;
use crate::reader::{Stop, supervisor};
use crate::web;
use sd_notify::NotifyState;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc::unbounded_channel, watch};
use tracing::{error, info};

/// Why the daemon can't run.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum AppError {
    #[error(transparent)]
    House(#[from] HouseError),
    #[error(transparent)]
    Broker(#[from] BrokerError),
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("the system gives no thread or signal handler: {0}")]
    System(#[from] std::io::Error),
}

/// What runs, for whoever started it.
#[derive(Debug, Clone)]
pub struct Running {
    /// The head of the pipe.
    pub inward: Sender<Inward>,
    /// The broker, its files and accounts.
    pub broker: Prepared,
    /// The state folder.
    pub state: PathBuf,
    /// The manager's pages, if they are on: where a browser on this machine finds them.
    pub pages: Option<String>,
}

/// What to do when the private broker does not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutBroker {
    /// Record taps all the same and try again: the daemon at the door.
    GoOn,
    /// Give up: the demonstration has nothing to show without it.
    GiveUp,
}

/// How long between two tries to start the private broker.
const BROKER_PAUSE: Duration = Duration::from_secs(10);

/// Runs the daemon over an open house, with the buses of this machine, until SIGINT or SIGTERM. `ready` is called once all runs, on a
/// thread of its own.
///
/// # Errors
/// [`AppError`] if something that it can't do without is missing.
pub fn run(
    house: House,
    buses: &impl Buses,
    without_broker: WithoutBroker,
    ready: impl FnOnce(Running) + Send + 'static,
) -> Result<(), AppError> {
    let state = house.config().state.clone();
    let (readers, keys) = (house.config().readers.clone(), house.site_keys());
    let settings = web::Settings::of(house.config());
    let (calendars, zone) = (house.config().calendars.clone(), house.presence().policy().zone().clone());
    let (letters, house_title, site) = (house.config().mail.clone(), house.config().title.clone(), house.config().site.to_string());
    let stop = Stop::default();
    let mut prepared = broker::prepare(house.config())?;
    let broker = start_broker(&mut prepared, without_broker, &stop)?;

    let (inward, inbox) = channel();
    let (outgoing, outbox) = unbounded_channel();
    let (feedback, lights) = Feedback::start(&readers, house.config().language)?;
    let pipeline = Pipeline::new(house, outgoing).with_broker(prepared.clone()).with_feedback(feedback);
    let alive = || drop(sd_notify::notify(&[NotifyState::Watchdog]));
    let pipeline = std::thread::Builder::new().name("pipeline".into()).spawn(move || pipeline.run(&inbox, alive))?;
    control::listen(&state, inward.clone())?;
    let (reads, asked) = (inward.clone(), stop.clone());
    let read = move || calendars::run(calendars, &zone, &asked, move |report| drop(reads.send(Inward::Calendar(report))));
    std::thread::Builder::new().name("calendars".into()).spawn(read)?;
    let (post, asked) = (inward.clone(), stop.clone());
    let write = move || mail::run(&letters, &house_title, &site, &post, &asked);
    std::thread::Builder::new().name("mail".into()).spawn(write)?;
    let taps = inward.clone();
    let taken = move |event| drop(taps.send(Inward::Reader(event)));
    let sources = supervisor::run_all(&readers, buses, &keys, &stop, taken)?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (ask_mqtt, stop_mqtt) = watch::channel(false);
        let tells = inward.clone();
        let client = tokio::spawn(mqtt::run(
            prepared.settings(),
            outbox,
            move |incoming| drop(tells.send(Inward::Broker(incoming))),
            stop_mqtt,
        ));
        let (ask_web, stop_web) = watch::channel(false);
        let phones = tokio::spawn(web::fiche::run(settings.clone(), inward.clone(), stop_web.clone()));
        let pages = web::start(settings.watching(prepared.address()), inward.clone(), stop_web).await;
        drop(sd_notify::notify(&[NotifyState::Ready]));
        let running = Running {
            inward: inward.clone(),
            broker: prepared,
            state: state.clone(),
            pages: pages.as_ref().map(|pages| pages.url.clone()),
        };
        std::thread::Builder::new().name("ready".into()).spawn(move || ready(running))?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        info!("stopping");
        drop(sd_notify::notify(&[NotifyState::Stopping]));
        stop.ask();
        // taps that were made are still recorded and published; then the client says goodbye
        let _ = inward.send(Inward::Stop);
        let _ = tokio::task::spawn_blocking(move || pipeline.join()).await;
        let _ = (ask_mqtt.send(true), ask_web.send(true));
        let _ = client.await;
        // a browser that holds its connection open keeps nobody waiting
        drop(pages);
        phones.abort();
        std::io::Result::Ok(())
    })?;
    // they end within 300 ms; one that hangs in a driver ends with the process
    let limit = Duration::from_secs(1);
    let ended = || sources.iter().chain(&lights).all(std::thread::JoinHandle::is_finished);
    let mut waited = Duration::ZERO;
    while !ended() && waited < limit {
        std::thread::sleep(Duration::from_millis(5));
        waited += Duration::from_millis(5);
    }
    drop(broker);
    let _ = std::fs::remove_file(control::socket(&state));
    Ok(())
}

/// The private broker, if it is ours to start: at once, or later by a thread that goes on trying.
#[derive(Debug)]
enum Broker {
    None,
    Runs { _supervisor: Supervisor },
    Later(Stop, Option<std::thread::JoinHandle<()>>),
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Self::Later(stop, thread) = self
            && let Some(thread) = thread.take()
        {
            stop.ask();
            let _ = thread.join();
        }
    }
}

fn start_broker(prepared: &mut Prepared, without: WithoutBroker, stop: &Stop) -> Result<Broker, AppError> {
    if !prepared.is_child() {
        return Ok(Broker::None);
    }
    match Supervisor::start(prepared) {
        Ok(supervisor) => Ok(Broker::Runs { _supervisor: supervisor }),
        Err(problem) if without == WithoutBroker::GiveUp => Err(problem.into()),
        Err(problem) => {
            error!("{problem}. Taps are recorded all the same; screens have no news until the broker runs");
            let (mut prepared, stop, asked) = (prepared.clone(), stop.clone(), stop.clone());
            let keep_trying = move || {
                while !stop.pause(BROKER_PAUSE) {
                    if let Ok(supervisor) = Supervisor::start(&mut prepared) {
                        info!("the private broker runs");
                        stop.wait();
                        drop(supervisor);
                    }
                }
            };
            Ok(Broker::Later(asked, Some(std::thread::Builder::new().name("broker-later".into()).spawn(keep_trying)?)))
        }
    }
}
