//! What a person reads while there is no connection: once when it goes, once when it is back, and what to do where waiting is not enough.

use super::{BACK_OFF, Settings};
use std::collections::VecDeque;
use std::mem::{Discriminant, discriminant};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tracing::{debug, info, warn};
use uuid::Uuid;

/// Why there is no connection. Each says what to do, unless waiting is enough.
#[derive(Debug, thiserror::Error)]
pub(super) enum Loss {
    #[error(
        "it refuses the account {user:?}. Put that account's password on the first line of {}; on a broker that is not ours, create the \
         account and install the rules (external-accounts.txt and external.acl in the broker folder)", file.display()
    )]
    Refused { user: String, file: PathBuf },
    #[error("the password can't be read from {}: {source}. Write it on the first line of that file, readable by the daemon", file.display())]
    Password { file: PathBuf, source: std::io::Error },
    #[error("another program took our connection over. Is a second daemon running for this site? Stop one of them")]
    TakenOver,
    #[error("it does not answer")]
    Silent,
    #[error("{0}. Is it running, and are host and port right?")]
    Connection(String),
}

/// Since when, and what was said of it.
#[derive(Debug, Default)]
pub(super) struct Outage(Option<(Instant, Discriminant<Loss>)>);

impl Outage {
    /// Tells it when it begins, and again only if it turns into something that a person has to mend.
    pub(super) fn report(&mut self, settings: &Settings, loss: &Loss) {
        let (host, port) = (&settings.host, settings.port);
        match &mut self.0 {
            Some((_, said)) if *said == discriminant(loss) || matches!(loss, Loss::Silent | Loss::Connection(_)) => {
                debug!("still no connection to the broker at {host}:{port}: {loss}");
            }
            Some((_, said)) => {
                *said = discriminant(loss);
                warn!("no connection to the broker at {host}:{port}: {loss} (trying again meanwhile)");
            }
            None => {
                self.0 = Some((Instant::now(), discriminant(loss)));
                warn!("no connection to the broker at {host}:{port}: {loss} (taps are recorded; trying again meanwhile)");
            }
        }
    }

    /// Tells that it is over.
    pub(super) fn end(&mut self, settings: &Settings) {
        let (host, port) = (&settings.host, settings.port);
        match self.0.take() {
            Some((since, _)) => {
                info!("connected to the broker at {host}:{port} again, after {:.1} s", since.elapsed().as_secs_f64())
            }
            None => info!("connected to the broker at {host}:{port}"),
        }
    }
}

/// Whether a second daemon of the site ends our connections, and we its: Mosquitto 2.0.11 just closes the older one, without a word.
#[derive(Debug, Default)]
pub(super) struct Rival {
    ours: VecDeque<Uuid>,
    /// Connections in a row that found the `status` of somebody else, though the one before was ours.
    met: u32,
}

impl Rival {
    pub(super) fn observe(&mut self, session: Uuid, status_said_by: Option<Uuid>) {
        let other = status_said_by.is_some_and(|said_by| !self.ours.contains(&said_by));
        self.met = if other && !self.ours.is_empty() { self.met + 1 } else { 0 };
        self.ours.push_front(session);
        self.ours.truncate(32);
    }

    /// Asked when a connection is cut. One that stood for long was not fought over.
    pub(super) fn is_there(&mut self, stood: Duration) -> bool {
        if stood > BACK_OFF.1 * 3 {
            self.met = 0;
        }
        self.met > 1
    }
}
