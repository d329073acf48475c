//! The MQTT client. Knows documents by topic and nothing of what they say; the library it stands on is known to one file, `link`, so
//! that it can be exchanged.
//!
//! A connection inherits nothing from the one before: it has its own session (in its will), reads what the broker retains below our
//! base, publishes what differs, clears what should not be there. The broker may therefore lose everything at any time.

#![allow(clippy::disallowed_methods, reason = "a rim: keep-alive, back-off and the expiry of events run on the machine's clock")]

mod link;
mod outage;
mod outbox;

use crate::broker::read_password;
use link::{Cut, Fate, Link, Told};
use outage::{Loss, Outage, Rival};
use outbox::{Item, Outbox};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tracing::{debug, warn};
use uuid::Uuid;
use voisins_shared::payload::{State, Status, V, decode, encode};
use voisins_shared::topic::{Topic, Topics};

/// A retained document as it should stand on the broker; empty = cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where.
    pub topic: Topic,
    /// What; empty clears the topic.
    pub payload: Vec<u8>,
    /// The dirty mark it answers: told back once the broker has acknowledged it.
    pub mark: Option<i64>,
}

/// What the pipeline asks of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// All retained documents, as they should stand: the answer to [`Incoming::Connected`]. The client reads what the broker retains
    /// below our base, publishes what differs (photos are compared by their bytes), clears ghosts.
    Tree(Uuid, Vec<Document>),
    /// Retained documents that changed. Dropped while not connected: the tree at the next connect has them.
    Changed(Vec<Document>),
    /// An event, not retained (greeting, response). Dropped if it can't be sent before `until`.
    Event {
        /// Where.
        topic: Topic,
        /// What.
        payload: Vec<u8>,
        /// When it is too late.
        until: Instant,
    },
}

/// What the client tells the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A connection stands, under a new session id (it is in the will). The pipeline answers with [`Outgoing::Tree`].
    Connected(Uuid),
    /// The connection is gone. Told once.
    Disconnected,
    /// The broker acknowledged the document that answers these marks.
    Acknowledged(Vec<(Topic, i64)>),
    /// A request of a kiosk (a retained one is ignored before it comes here). May come twice: its id tells.
    Request {
        /// Who asked, and what: always a [`Topic::Request`].
        topic: Topic,
        /// The JSON.
        payload: Vec<u8>,
    },
    /// What another system of the house asks for (a retained one is ignored before it comes here).
    Command {
        /// What: the last level of its topic.
        name: String,
        /// The JSON.
        payload: Vec<u8>,
    },
    /// Home Assistant has come: what is told to it is told again.
    HomeAssistantStarted,
}

/// How long the client waits before it connects again, at first and at most.
pub const BACK_OFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// The largest MQTT packet either way, in bytes; a broker's own limit may be smaller.
pub const PACKET_LIMIT: u32 = 8 * 1024 * 1024;

/// Where the broker is, and who we are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Host name or address (IPv6 in brackets).
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The daemon's account.
    pub user: String,
    /// Its password is the first line; read anew at each attempt, so that a corrected file is enough.
    pub password_file: PathBuf,
    /// The topics of our site.
    pub topics: Topics,
}

/// How long reading the retained tree may take before we go on with what came.
const READING: Duration = Duration::from_secs(10);
/// What sending the rest may take at the end.
const FAREWELL: Duration = Duration::from_secs(1);

/// Keeps the broker as the pipeline wants it, until `stop` is true (or its sender gone). Then what waits is still sent, `status` says
/// offline, and the connection ends cleanly; that takes 1.5 s at most. Never fails: a broker that is away or refuses us is tried again.
pub async fn run<T: Fn(Incoming) + Send>(
    settings: Settings,
    outgoing: UnboundedReceiver<Outgoing>,
    tell: T,
    stop: watch::Receiver<bool>,
) {
    let mut client =
        Client { settings, outgoing, tell, stop, outbox: Outbox::default(), outage: Outage::default(), rival: Rival::default() };
    let mut wait = Duration::ZERO;
    while client.pause(wait).await {
        match client.connect().await {
            End::Stopped => return,
            End::Lost { loss, lived } => {
                wait = match loss {
                    Loss::TakenOver => BACK_OFF.1,
                    _ if lived => BACK_OFF.0,
                    _ => (wait * 2).clamp(BACK_OFF.0, BACK_OFF.1),
                };
                client.outage.report(&client.settings, &loss);
            }
        }
    }
}

enum End {
    Stopped,
    /// `lived`: the tree had been published and acknowledged.
    Lost {
        loss: Loss,
        lived: bool,
    },
}

/// How far a connection is.
enum Phase {
    /// Handshake.
    Connecting,
    /// Waiting for the tree of the pipeline and that of the broker.
    Reading {
        retained: BTreeMap<String, Vec<u8>>,
        complete: bool,
        tree: Option<Vec<Document>>,
        late: Vec<Document>,
        limit: Instant,
    },
    /// Changes flow.
    Live,
}

/// A connection and what belongs to it alone.
struct Connection {
    session: Uuid,
    link: Link,
    phase: Phase,
    /// A topic of ours that tells when all that is retained has come.
    marker: String,
    /// `status` as it should stand.
    status: Vec<u8>,
    since: Instant,
    /// Everything was acknowledged at least once: the connection is good for something.
    settled: bool,
    rejection_told: bool,
}

struct Client<T> {
    settings: Settings,
    outgoing: UnboundedReceiver<Outgoing>,
    tell: T,
    stop: watch::Receiver<bool>,
    outbox: Outbox,
    outage: Outage,
    rival: Rival,
}

impl<T: Fn(Incoming) + Send> Client<T> {
    /// Waits; false if it is time to stop.
    async fn pause(&mut self, wait: Duration) -> bool {
        let end = Some(Instant::now() + wait);
        loop {
            tokio::select! {
                biased;
                () = stopped(&mut self.stop) => return false,
                message = self.outgoing.recv() => match message {
                    Some(Outgoing::Event { topic, payload, until }) => self.outbox.push_event(self.name(&topic), payload, until),
                    Some(Outgoing::Tree(..) | Outgoing::Changed(_)) => {}
                    None => return false,
                },
                () = until(end) => return true,
            }
        }
    }

    /// One connection, from the handshake to its end.
    async fn connect(&mut self) -> End {
        let file = &self.settings.password_file;
        let password = match read_password(file) {
            Ok(password) => password,
            Err(source) => return End::Lost { loss: Loss::Password { file: file.clone(), source }, lived: false },
        };
        let session = Uuid::new_v4();
        let mut connection = Connection {
            session,
            link: Link::open(&self.settings, password, (self.name(&Topic::Status), offline(session))),
            phase: Phase::Connecting,
            marker: format!("{}/daemon/{session}", self.settings.topics.base()),
            status: Vec::new(),
            since: Instant::now(),
            settled: false,
            rejection_told: false,
        };
        let end = self.converse(&mut connection).await;
        // what was acknowledged just before the end still counts
        let settled = connection.link.close(end.is_ok()).await;
        self.handle_settled(&mut connection, settled);
        self.outbox.forget_documents();
        if !matches!(connection.phase, Phase::Connecting) {
            (self.tell)(Incoming::Disconnected);
        }
        match end {
            Ok(()) => End::Stopped,
            Err(_) if connection.settled && self.rival.is_there(connection.since.elapsed()) => {
                End::Lost { loss: Loss::TakenOver, lived: true }
            }
            Err(cut) => End::Lost { loss: self.loss(cut), lived: connection.settled },
        }
    }

    /// Until it is time to stop (`Ok`) or the connection is cut.
    async fn converse(&mut self, connection: &mut Connection) -> Result<(), Cut> {
        let mut farewell = None;
        loop {
            self.pump(connection)?;
            if farewell.is_some() && connection.link.is_idle() && self.outbox.is_empty() {
                return Ok(());
            }
            let limit = match &connection.phase {
                Phase::Reading { complete: false, limit, .. } => Some(*limit),
                _ => None,
            };
            let stopping = farewell.is_some();
            let stop = tokio::select! {
                told = connection.link.next() => {
                    self.handle_told(connection, told?);
                    false
                }
                message = self.outgoing.recv(), if !stopping => match message {
                    Some(message) => {
                        self.handle_outgoing(connection, message);
                        false
                    }
                    None => true,
                },
                () = stopped(&mut self.stop), if !stopping => true,
                () = until(limit) => {
                    self.go_on_without_the_rest(connection);
                    false
                }
                () = until(farewell) => return Ok(()),
            };
            if stop {
                if matches!(connection.phase, Phase::Connecting) {
                    return Ok(());
                }
                self.say_goodbye(connection);
                farewell = Some(Instant::now() + FAREWELL);
            }
        }
    }

    /// Hands over what waits, as far as there is room.
    fn pump(&mut self, connection: &mut Connection) -> Result<(), Cut> {
        while !matches!(connection.phase, Phase::Connecting) && connection.link.has_room() {
            let Some(item) = self.outbox.pop() else { break };
            match connection.link.limit_below(&item) {
                Some(limit) => {
                    let (name, size) = (&item.name, item.payload.len());
                    warn!("{name} has {size} bytes and is left out: the broker takes {limit}. Raise its max_packet_size");
                }
                None => connection.link.publish(item)?,
            }
        }
        connection.settled |= matches!(connection.phase, Phase::Live) && connection.link.is_idle();
        Ok(())
    }

    fn handle_outgoing(&mut self, connection: &mut Connection, message: Outgoing) {
        match (message, &mut connection.phase) {
            (Outgoing::Tree(session, documents), Phase::Reading { tree, .. }) if session == connection.session => {
                *tree = Some(documents);
                self.reconcile(connection);
            }
            (Outgoing::Changed(documents), Phase::Reading { tree: Some(_), late, .. }) => late.extend(documents),
            (Outgoing::Changed(documents), Phase::Live) => self.put(connection, documents),
            (Outgoing::Event { topic, payload, until }, _) => self.outbox.push_event(self.name(&topic), payload, until),
            // of an older session, or older than the tree that is still to come
            (Outgoing::Tree(..) | Outgoing::Changed(_), _) => {}
        }
    }

    fn put(&mut self, connection: &mut Connection, documents: Vec<Document>) {
        for Document { topic, payload, mark } in documents {
            if topic == Topic::Status {
                connection.status.clone_from(&payload);
            }
            self.outbox.put(Item::retained(self.name(&topic), payload, mark.map(|mark| (topic, mark))));
        }
    }

    fn handle_told(&mut self, connection: &mut Connection, told: Told) {
        match told {
            Told::Connected => self.handle_connected(connection),
            Told::Subscribed(refused) => {
                if let Some(reason) = refused {
                    self.report_rejection(connection, "our subscription", &reason);
                }
                // sent to ourselves behind the subscription: when it is back, all that is retained has come. Not before this answer,
                // since subscriptions and publishes take different ways inside the client
                connection.link.publish_empty(&connection.marker, false);
            }
            Told::Message { name, payload, retained } => self.handle_message(connection, name, payload, retained),
            Told::Settled(settled) => self.handle_settled(connection, settled),
            Told::Alive => {}
        }
    }

    fn handle_connected(&mut self, connection: &mut Connection) {
        let limit = Instant::now() + READING;
        connection.phase = Phase::Reading { retained: BTreeMap::new(), complete: false, tree: None, late: Vec::new(), limit };
        let topics = &self.settings.topics;
        // all that is ours for the time of reading; requests, commands and `status` (for late wills) for good
        let for_good = [format!("{}/request/+/+", topics.base()), topics.name(&Topic::Status)];
        let of_others = [format!("{}/command/+", topics.base()), topics.name(&Topic::HomeAssistant)];
        let to_read = [topics.everything()].into_iter().chain(topics.discovery());
        connection.link.subscribe(to_read.chain(for_good).chain(of_others));
        self.outage.end(&self.settings);
        (self.tell)(Incoming::Connected(connection.session));
    }

    fn handle_message(&mut self, connection: &mut Connection, name: String, payload: Vec<u8>, published_retained: bool) {
        match (self.settings.topics.parse(&name), &mut connection.phase) {
            (Some(Topic::HomeAssistant), _) if payload == b"online" => (self.tell)(Incoming::HomeAssistantStarted),
            (Some(Topic::HomeAssistant), _) => {}
            (Some(Topic::Request(..) | Topic::Command(_)), _) if payload.is_empty() => {}
            (Some(Topic::Request(..) | Topic::Command(_)), _) if published_retained => {
                debug!("a retained request is ignored and cleared: {name}");
                connection.link.publish_empty(&name, true);
            }
            (Some(topic @ Topic::Request(..)), _) => (self.tell)(Incoming::Request { topic, payload }),
            (Some(Topic::Command(name)), _) => (self.tell)(Incoming::Command { name, payload }),
            (_, Phase::Reading { complete, .. }) if name == connection.marker => {
                *complete = true;
                self.reconcile(connection);
            }
            (_, Phase::Reading { retained, .. }) if published_retained => drop(retained.insert(name, payload)),
            (Some(Topic::Status), Phase::Live) if payload != connection.status => {
                // the will of an older connection can arrive after our birth
                let ours = decode::<Status>(&payload).is_ok_and(|status| status.session == connection.session);
                if !ours && !connection.status.is_empty() {
                    debug!("an older session's status is overwritten");
                    self.outbox.put(Item::retained(name, connection.status.clone(), None));
                }
            }
            _ => {}
        }
    }

    /// Once both the wanted tree and the retained one are known: sends what differs, in an order that is right for who listens.
    fn reconcile(&mut self, connection: &mut Connection) {
        let Phase::Reading { retained, complete: true, tree: tree @ Some(_), late, .. } = &mut connection.phase else { return };
        let (mut retained, mut tree, late) = (std::mem::take(retained), tree.take().unwrap_or_default(), std::mem::take(late));
        connection.phase = Phase::Live;
        for read in [self.settings.topics.everything()].into_iter().chain(self.settings.topics.discovery()) {
            connection.link.unsubscribe(read);
        }
        tree.sort_by_key(|document| match document.topic {
            Topic::Session => 0,
            Topic::Photo(_) => 2,
            Topic::Status => 3,
            _ => 1,
        });
        let statuses = tree.split_off(tree.partition_point(|document| document.topic != Topic::Status));
        let status = retained.remove(&self.name(&Topic::Status));
        let said_by = status.as_ref().and_then(|status| decode::<Status>(status).ok()).map(|status| status.session);
        self.rival.observe(connection.session, said_by);
        let (mut equal, mut differing) = (Vec::new(), Vec::new());
        for document in tree {
            let there = retained.remove(&self.name(&document.topic)).unwrap_or_default();
            if there == document.payload {
                equal.extend(document.mark.map(|mark| (document.topic, mark)));
            } else {
                differing.push(document);
            }
        }
        debug!("the broker's tree: {} documents differ, {} ghosts", differing.len(), retained.len());
        self.put(connection, differing);
        for ghost in retained.into_keys() {
            self.outbox.put(Item::retained(ghost, Vec::new(), None));
        }
        self.put(connection, late);
        if statuses.is_empty() && status.is_some() {
            self.outbox.put(Item::retained(self.name(&Topic::Status), Vec::new(), None));
        }
        self.put(connection, statuses);
        if !equal.is_empty() {
            (self.tell)(Incoming::Acknowledged(equal));
        }
    }

    fn go_on_without_the_rest(&mut self, connection: &mut Connection) {
        if let Phase::Reading { complete, .. } = &mut connection.phase {
            warn!("the broker did not send back all it retains; leftovers may stay. Raise its max_queued_messages");
            *complete = true;
            self.reconcile(connection);
        }
    }

    fn handle_settled(&mut self, connection: &mut Connection, settled: Vec<(Item, Fate)>) {
        let mut marks = Vec::new();
        for (item, fate) in settled {
            match fate {
                Fate::Acknowledged => marks.extend(item.mark),
                Fate::Rejected(reason) => self.report_rejection(connection, &item.name, &reason),
                Fate::Unknown => self.outbox.unsend(item),
            }
        }
        if !marks.is_empty() {
            (self.tell)(Incoming::Acknowledged(marks));
        }
    }

    /// What the pipeline had still to say, and `status` offline behind it.
    fn say_goodbye(&mut self, connection: &mut Connection) {
        while let Ok(message) = self.outgoing.try_recv() {
            self.handle_outgoing(connection, message);
        }
        if let Phase::Reading { tree, .. } = &mut connection.phase {
            *tree = None;
        }
        connection.status = offline(connection.session);
        self.outbox.put_last(Item::retained(self.name(&Topic::Status), connection.status.clone(), None));
    }

    /// Once a connection: a broker with the wrong rules rejects everything.
    fn report_rejection(&self, connection: &mut Connection, what: &str, reason: &str) {
        let (user, base) = (&self.settings.user, self.settings.topics.base());
        if !std::mem::replace(&mut connection.rejection_told, true) {
            warn!("the broker rejects {what} ({reason}). Give the account {user:?} the rights that external.acl has for {base}/#");
        }
    }

    fn loss(&self, cut: Cut) -> Loss {
        match cut {
            Cut::Refused => Loss::Refused { user: self.settings.user.clone(), file: self.settings.password_file.clone() },
            Cut::TakenOver => Loss::TakenOver,
            Cut::Silent => Loss::Silent,
            Cut::Other(words) => Loss::Connection(words),
        }
    }

    fn name(&self, topic: &Topic) -> String {
        self.settings.topics.name(topic)
    }
}

fn offline(session: Uuid) -> Vec<u8> {
    encode(&Status { v: V, state: State::Offline, session })
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn until(limit: Option<Instant>) {
    match limit {
        Some(limit) => tokio::time::sleep_until(limit.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
