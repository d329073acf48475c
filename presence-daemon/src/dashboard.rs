//! The dashboard: an MQTT client that shows one site or a thousand, live in a browser. It knows nothing of the database, so that it runs
//! anywhere, and changes nothing: its buttons lead to the manager's pages.
//!
//! ```text
//! broker ─▶ link ─▶ sites ─▶ values ─▶ parts (HTML, SVG) ─▶ the page, and server-sent events
//!          (rim)   (pure)   (pure)
//! ```

pub mod address;
mod charts;
mod introduce;
mod link;
pub mod pages;
mod serve;
mod sites;
pub(crate) mod values;
mod week;

pub use address::Address;
pub use serve::{Options, ServeError, run, serve_beside};

use introduce::Neighbours;
use sites::Sites;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};
use voisins_shared::name::SiteName;

/// What a dashboard watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every site of the broker that the account may read.
    All,
    /// One.
    Site(SiteName),
}

/// What came over the wire, for all who look at it.
#[derive(Debug, Clone)]
pub struct Board {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    sites: Mutex<Sites>,
    /// Rises with every change: whoever looks, looks again.
    changes: watch::Sender<u64>,
    /// Sites whose photos somebody wants to see.
    wanted: mpsc::UnboundedSender<SiteName>,
    neighbours: Mutex<Neighbours>,
    /// Where the manager's pages are, for a site that doesn't say.
    admin: Option<String>,
}

impl Board {
    /// Connects, and goes on trying for as long as the runtime lives.
    #[must_use]
    pub fn watch(address: Address, scope: Scope, admin: Option<String>) -> Self {
        let (wanted, asked) = mpsc::unbounded_channel();
        let (changes, _) = watch::channel(0);
        let (sites, neighbours) = (Mutex::default(), Mutex::default());
        let board = Self { inner: Arc::new(Inner { sites, changes, wanted, neighbours, admin }) };
        tokio::spawn(link::run(address, scope, board.clone(), asked));
        board
    }

    fn sites(&self) -> MutexGuard<'_, Sites> {
        self.inner.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn neighbours(&self) -> MutexGuard<'_, Neighbours> {
        self.inner.neighbours.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known, and tells whoever looks.
    fn change(&self, change: impl FnOnce(&mut Sites)) {
        change(&mut self.sites());
        self.inner.changes.send_modify(|changes| *changes += 1);
    }
}
