//! What a person reads while there is no connection: once when it goes, once when it is back, and what to do where waiting is not enough.

use super::Settings;
use std::mem::{Discriminant, discriminant};
use std::path::PathBuf;
use std::time::Instant;
use tracing::{debug, info, warn};

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
                warn!("no connection to the broker at {host}:{port}: {loss}. Trying again meanwhile");
            }
            None => {
                self.0 = Some((Instant::now(), discriminant(loss)));
                warn!("no connection to the broker at {host}:{port}: {loss}. Taps are recorded; trying again meanwhile");
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
