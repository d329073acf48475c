//! The MQTT client, in one file so that it can be exchanged. Knows documents by topic and nothing of what they say.
//!
//! A connection inherits nothing from the one before: it has its own session (in its will), reads what the broker retains below our
//! base, publishes what differs, clears what should not be there. The broker may therefore lose everything at any time.

#![allow(clippy::disallowed_methods, reason = "a rim: keep-alive, back-off and the expiry of events run on the machine's clock")]

use crate::broker::read_password;
use rumqttc::mqttbytes::QoS;
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, DisconnectReasonCode, Event, LastWill, MqttOptions, NetworkOptions, Packet,
    PubAckReason, Publish, PublishNoticeError, PublishOptions, PublishResult, StateError, SubscribeFilterInput,
    SubscribeReasonCode,
};
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until, timeout};
use tracing::{debug, info, warn};
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

/// Seconds without traffic after which we ping, and the broker (at one and a half times) fires our will.
const KEEP_ALIVE: u16 = 5;
/// How much later than a ping an answer may come.
const GRACE: Duration = Duration::from_secs(3);
/// TCP and MQTT handshake together.
const HANDSHAKE: Duration = Duration::from_secs(4);
/// Unacknowledged publishes at a time: Mosquitto's default, and less than the client's channel holds.
const WINDOW: usize = 20;
/// How long reading the retained tree may take before we go on with what came.
const READING: Duration = Duration::from_secs(10);
/// What a clean end may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Keeps the broker as the pipeline wants it, until `stop` is true (or its sender gone). Then what waits is still sent, `status` says
/// offline, and the connection ends cleanly; that takes 1.5 s at most. Never fails: a broker that is away or refuses us is tried again.
pub async fn run<T: Fn(Incoming) + Send>(
    settings: Settings,
    outgoing: UnboundedReceiver<Outgoing>,
    tell: T,
    stop: watch::Receiver<bool>,
) {
    let mut client = Client { settings, outgoing, tell, stop, outbox: Outbox::default(), outage: None };
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
                client.report(&loss);
            }
        }
    }
}

/// Why there is no connection. Each says what to do, unless waiting is enough.
#[derive(Debug, thiserror::Error)]
enum Loss {
    #[error(
        "it refuses the account {user:?}. Put that account's password on the first line of {}; on a broker that is not ours, create the \
         account and install the rules (external-accounts.txt and external.acl in the broker folder)", file.display()
    )]
    Refused { user: String, file: PathBuf },
    #[error("the password can't be read from {}: {source}. Write it on the first line of that file, readable by the daemon", file.display())]
    Password { file: PathBuf, source: std::io::Error },
    #[error("another program took our connection over. Is a second daemon running for this site? Stop one of them")]
    TakenOver,
    #[error("it does not answer any more")]
    Silent,
    #[error("{0}. Is it running, and are host and port right?")]
    Connection(ConnectionError),
    #[error("the client stopped unexpectedly")]
    Client,
}

enum End {
    Stopped,
    /// `lived`: the tree had been published and acknowledged.
    Lost {
        loss: Loss,
        lived: bool,
    },
}

struct Outage {
    since: Instant,
    said: std::mem::Discriminant<Loss>,
}

struct Client<T> {
    settings: Settings,
    outgoing: UnboundedReceiver<Outgoing>,
    tell: T,
    stop: watch::Receiver<bool>,
    outbox: Outbox,
    outage: Option<Outage>,
}

impl<T: Fn(Incoming) + Send> Client<T> {
    /// Waits; false if it is time to stop.
    async fn pause(&mut self, wait: Duration) -> bool {
        let end = sleep(wait);
        tokio::pin!(end);
        loop {
            tokio::select! {
                biased;
                () = stopped(&mut self.stop) => return false,
                message = self.outgoing.recv() => match message {
                    Some(Outgoing::Event { topic, payload, until }) => self.outbox.push_event(self.settings.topics.name(&topic), payload, until),
                    Some(Outgoing::Tree(..) | Outgoing::Changed(_)) => {}
                    None => return false,
                },
                () = &mut end => return true,
            }
        }
    }

    /// One connection, from the handshake to its end.
    async fn connect(&mut self) -> End {
        let password = match read_password(&self.settings.password_file) {
            Ok(password) => password,
            Err(source) => {
                let loss = Loss::Password { file: self.settings.password_file.clone(), source };
                return End::Lost { loss, lived: false };
            }
        };
        let mut link = Link::open(&self.settings, password);
        let result = self.converse(&mut link).await;
        if result.is_ok() {
            let _ = link.client.try_disconnect_now();
            let _ = timeout(FAREWELL / 2, &mut link.poll).await;
        }
        // what was acknowledged just before the end still counts
        let settled = link.settle().await;
        self.handle_settled(&mut link, settled);
        self.outbox.forget_documents();
        if !matches!(link.phase, Phase::Connecting) {
            (self.tell)(Incoming::Disconnected);
        }
        match result {
            Ok(()) => End::Stopped,
            Err(loss) => End::Lost { loss, lived: link.settled },
        }
    }

    /// Until it is time to stop (`Ok`) or the connection is lost.
    async fn converse(&mut self, link: &mut Link) -> Result<(), Loss> {
        let mut farewell = None;
        loop {
            link.pump(&mut self.outbox)?;
            if farewell.is_some() && link.in_flight.is_empty() && self.outbox.is_empty() {
                return Ok(());
            }
            let limit = farewell.into_iter().chain(link.limit()).min();
            let stopping = farewell.is_some();
            let mut stop = false;
            tokio::select! {
                packet = link.packets.recv() => match packet {
                    Some(Ok(packet)) => self.handle_packet(link, packet),
                    Some(Err(error)) => return Err(self.loss(error)),
                    None => return Err(Loss::Client),
                },
                settled = next_settled(&mut link.in_flight), if !link.in_flight.is_empty() => self.handle_settled(link, settled),
                message = self.outgoing.recv(), if !stopping => match message {
                    Some(message) => self.handle_outgoing(link, message),
                    None => stop = true,
                },
                () = stopped(&mut self.stop), if !stopping => stop = true,
                () = until(limit) => {
                    if farewell.is_some_and(|at| at <= Instant::now()) {
                        return Ok(());
                    }
                    self.handle_limit(link)?;
                }
            }
            if stop {
                if matches!(link.phase, Phase::Connecting) {
                    return Ok(());
                }
                while let Ok(message) = self.outgoing.try_recv() {
                    self.handle_outgoing(link, message);
                }
                if let Phase::Reading { tree, .. } = &mut link.phase {
                    *tree = None;
                }
                link.status = offline(link.session);
                self.outbox.put_last(Item::retained(link.name(&Topic::Status), link.status.clone(), None));
                farewell = Some(Instant::now() + FAREWELL);
            }
        }
    }

    fn handle_outgoing(&mut self, link: &mut Link, message: Outgoing) {
        match (message, &mut link.phase) {
            (Outgoing::Tree(session, documents), Phase::Reading { tree, .. }) if session == link.session => {
                *tree = Some(documents);
                self.reconcile(link);
            }
            (Outgoing::Changed(documents), Phase::Reading { tree: Some(_), late, .. }) => late.extend(documents),
            (Outgoing::Changed(documents), Phase::Live) => self.put(link, documents),
            (Outgoing::Event { topic, payload, until }, _) => self.outbox.push_event(link.name(&topic), payload, until),
            // of an older session, or older than the tree that is still to come
            (Outgoing::Tree(..) | Outgoing::Changed(_), _) => {}
        }
    }

    fn put(&mut self, link: &mut Link, documents: Vec<Document>) {
        for Document { topic, payload, mark } in documents {
            if topic == Topic::Status {
                link.status.clone_from(&payload);
            }
            self.outbox.put(Item::retained(link.name(&topic), payload, mark.map(|mark| (topic, mark))));
        }
    }

    fn handle_packet(&mut self, link: &mut Link, packet: Packet) {
        link.heard = Instant::now();
        match packet {
            Packet::ConnAck(ack) => {
                let properties = ack.properties.as_ref();
                link.silence =
                    Duration::from_secs(properties.and_then(|p| p.server_keep_alive).unwrap_or(KEEP_ALIVE).into()) + GRACE;
                link.packet_limit = properties.and_then(|p| p.max_packet_size).unwrap_or(PACKET_LIMIT).min(PACKET_LIMIT);
                link.phase = Phase::Reading {
                    retained: BTreeMap::new(),
                    complete: false,
                    tree: None,
                    late: Vec::new(),
                    limit: Instant::now() + READING,
                };
                link.subscribe();
                let (host, port) = (&self.settings.host, self.settings.port);
                match self.outage.take().map(|outage| outage.since.elapsed()) {
                    Some(away) => info!("connected to the broker at {host}:{port} again, after {:.1} s", away.as_secs_f64()),
                    None => info!("connected to the broker at {host}:{port}"),
                }
                (self.tell)(Incoming::Connected(link.session));
            }
            // only now, because requests and publishes take different ways inside the client and could overtake each other
            Packet::SubAck(ack) => {
                if let Some(reason) = ack.return_codes.iter().find(|code| !matches!(code, SubscribeReasonCode::Success(_))) {
                    self.report_rejection(link, "our subscription", reason);
                }
                link.publish_marker();
            }
            Packet::Publish(publish) => self.handle_publish(link, &publish),
            _ => {}
        }
    }

    fn handle_publish(&mut self, link: &mut Link, publish: &Publish) {
        let Ok(name) = std::str::from_utf8(&publish.topic) else { return };
        let topic = link.topics.parse(name);
        match (topic, &mut link.phase) {
            (Some(Topic::Request(..)), _) if publish.payload.is_empty() => {}
            (Some(Topic::Request(..)), _) if publish.retain => {
                debug!("a retained request is ignored and cleared: {name}");
                link.clear(name);
            }
            (Some(topic @ Topic::Request(..)), _) => (self.tell)(Incoming::Request { topic, payload: publish.payload.to_vec() }),
            (_, Phase::Reading { complete, .. }) if name == link.marker => {
                *complete = true;
                self.reconcile(link);
            }
            (_, Phase::Reading { retained, .. }) if publish.retain => {
                retained.insert(name.to_owned(), publish.payload.to_vec());
            }
            (Some(Topic::Status), Phase::Live) if *publish.payload != *link.status => {
                // the will of an older connection can arrive after our birth
                let ours = decode::<Status>(&publish.payload).is_ok_and(|status| status.session == link.session);
                if !ours && !link.status.is_empty() {
                    debug!("an older session's status is overwritten");
                    self.outbox.put(Item::retained(name.to_owned(), link.status.clone(), None));
                }
            }
            _ => {}
        }
    }

    /// Once both the wanted tree and the retained one are known: sends what differs, in an order that is right for who listens.
    fn reconcile(&mut self, link: &mut Link) {
        let Phase::Reading { retained, complete: true, tree: tree @ Some(_), late, .. } = &mut link.phase else { return };
        let (mut retained, mut tree, late) = (std::mem::take(retained), tree.take().unwrap_or_default(), std::mem::take(late));
        link.phase = Phase::Live;
        link.unsubscribe_tree();
        tree.sort_by_key(|document| match document.topic {
            Topic::Session => 0,
            Topic::Photo(_) => 2,
            Topic::Status => 4,
            _ => 1,
        });
        let statuses = tree.split_off(tree.partition_point(|document| document.topic != Topic::Status));
        let status = link.name(&Topic::Status);
        let stale_status = retained.remove(&status).unwrap_or_default();
        let (mut equal, mut differing) = (Vec::new(), Vec::new());
        for document in tree {
            let there = retained.remove(&link.name(&document.topic)).unwrap_or_default();
            if there == document.payload {
                equal.extend(document.mark.map(|mark| (document.topic, mark)));
            } else {
                differing.push(document);
            }
        }
        debug!("the broker's tree: {} documents equal, {} differ, {} ghosts", equal.len(), differing.len(), retained.len());
        self.put(link, differing);
        for ghost in retained.into_keys() {
            self.outbox.put(Item::retained(ghost, Vec::new(), None));
        }
        self.put(link, late);
        if statuses.is_empty() && !stale_status.is_empty() {
            self.outbox.put(Item::retained(status, Vec::new(), None));
        }
        self.put(link, statuses);
        if !equal.is_empty() {
            (self.tell)(Incoming::Acknowledged(equal));
        }
    }

    fn handle_limit(&mut self, link: &mut Link) -> Result<(), Loss> {
        if link.heard + link.silence <= Instant::now() {
            return Err(Loss::Silent);
        }
        if let Phase::Reading { complete, limit, .. } = &mut link.phase
            && !*complete
            && *limit <= Instant::now()
        {
            warn!("the broker did not send back all it retains; leftovers may stay. Raise its max_queued_messages");
            *complete = true;
            self.reconcile(link);
        }
        Ok(())
    }

    fn handle_settled(&mut self, link: &mut Link, settled: Vec<Settled>) {
        let mut marks = Vec::new();
        for (item, fate) in settled {
            match fate {
                Ok(PublishResult::Qos1(ack))
                    if !matches!(ack.reason, PubAckReason::Success | PubAckReason::NoMatchingSubscribers) =>
                {
                    self.report_rejection(link, &item.name, &ack.reason);
                }
                Ok(_) => marks.extend(item.mark),
                Err(_) => self.outbox.unsend(item),
            }
        }
        if !marks.is_empty() {
            (self.tell)(Incoming::Acknowledged(marks));
        }
    }

    /// Once a connection: a broker with the wrong rules rejects everything.
    fn report_rejection(&self, link: &mut Link, what: &str, reason: &dyn std::fmt::Debug) {
        let (user, base) = (&self.settings.user, self.settings.topics.base());
        if !std::mem::replace(&mut link.rejection_told, true) {
            warn!(
                "the broker rejects {what} ({reason:?}). Give the account {user:?} the rights that external.acl has for {base}/#"
            );
        }
    }

    fn loss(&self, error: ConnectionError) -> Loss {
        use ConnectReturnCode::{BadUserNamePassword, NotAuthorized};
        match error {
            ConnectionError::ConnectionRefused(BadUserNamePassword | NotAuthorized) => {
                Loss::Refused { user: self.settings.user.clone(), file: self.settings.password_file.clone() }
            }
            ConnectionError::MqttState(StateError::ServerDisconnect {
                reason_code: DisconnectReasonCode::SessionTakenOver,
                ..
            }) => Loss::TakenOver,
            ConnectionError::MqttState(StateError::AwaitPingResp) | ConnectionError::Timeout(_) => Loss::Silent,
            error => Loss::Connection(error),
        }
    }

    /// Once when it begins, and again only if it turns into something that a person has to mend.
    fn report(&mut self, loss: &Loss) {
        let said = std::mem::discriminant(loss);
        let address = format!("{}:{}", self.settings.host, self.settings.port);
        match &mut self.outage {
            Some(outage)
                if outage.said == said || !matches!(loss, Loss::Refused { .. } | Loss::Password { .. } | Loss::TakenOver) =>
            {
                debug!("still no connection to the broker at {address}: {loss}");
            }
            Some(outage) => {
                outage.said = said;
                warn!("no connection to the broker at {address}: {loss}. Trying again meanwhile");
            }
            None => {
                self.outage = Some(Outage { since: Instant::now(), said });
                warn!("no connection to the broker at {address}: {loss}. Taps are recorded; trying again meanwhile");
            }
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn until(limit: Option<Instant>) {
    match limit {
        Some(limit) => sleep_until(limit.into()).await,
        None => std::future::pending().await,
    }
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

type Fate = Result<PublishResult, PublishNoticeError>;
type Settling = Pin<Box<dyn Future<Output = Fate> + Send>>;
type Settled = (Item, Fate);

/// One connection and what it alone knows.
struct Link {
    session: Uuid,
    topics: Topics,
    client: AsyncClient,
    packets: UnboundedReceiver<Result<Packet, ConnectionError>>,
    /// Polls rumqttc's event loop, which must not be cancelled halfway.
    poll: JoinHandle<()>,
    phase: Phase,
    marker: String,
    /// `status` as it should stand.
    status: Vec<u8>,
    in_flight: VecDeque<(Item, Settling)>,
    heard: Instant,
    silence: Duration,
    packet_limit: u32,
    /// Everything was acknowledged at least once: the connection is good for something.
    settled: bool,
    rejection_told: bool,
}

impl Link {
    fn open(settings: &Settings, password: String) -> Self {
        let (session, topics) = (Uuid::new_v4(), settings.topics.clone());
        // one id for all daemons of a site: a broker then ends the older connection, which tells us of a second daemon
        let id = format!("{}-daemon", topics.base().replace('/', "-"));
        let mut options = MqttOptions::new(id, (settings.host.clone(), settings.port));
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        options
            .set_credentials(settings.user.clone(), password)
            .set_clean_start(true)
            .set_keep_alive(KEEP_ALIVE)
            .set_connect_timeout(HANDSHAKE)
            .set_max_packet_size(Some(PACKET_LIMIT))
            .set_outgoing_inflight_upper_limit(WINDOW as u16)
            .set_network_options(network)
            .set_last_will(LastWill::new(topics.name(&Topic::Status), offline(session), QoS::AtLeastOnce, true, None));
        let (client, mut event_loop) = AsyncClient::builder(options).capacity(WINDOW * 4).build();
        let (sender, packets) = unbounded_channel();
        let poll = tokio::spawn(async move {
            loop {
                match event_loop.poll().await {
                    Ok(Event::Incoming(packet)) => drop(sender.send(Ok(packet))),
                    Ok(_) => {}
                    Err(error) => return drop(sender.send(Err(error))),
                }
            }
        });
        Self {
            session,
            marker: format!("{}/daemon/{session}", topics.base()),
            topics,
            client,
            packets,
            poll,
            phase: Phase::Connecting,
            status: Vec::new(),
            in_flight: VecDeque::new(),
            heard: Instant::now(),
            silence: Duration::MAX,
            packet_limit: PACKET_LIMIT,
            settled: false,
            rejection_told: false,
        }
    }

    fn name(&self, topic: &Topic) -> String {
        self.topics.name(topic)
    }

    /// When something has to happen though nothing came.
    fn limit(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Connecting => None,
            Phase::Reading { complete: false, limit, .. } => Some((self.heard + self.silence).min(*limit)),
            Phase::Reading { .. } | Phase::Live => Some(self.heard + self.silence),
        }
    }

    /// The whole tree for the time of reading it; requests and `status` (for late wills) for good. "Retain as published" lets us see a
    /// request that somebody retains.
    fn subscribe(&self) {
        let filters = [self.topics.everything(), format!("{}/request/+/+", self.topics.base()), self.name(&Topic::Status)];
        let filters = filters.map(|filter| SubscribeFilterInput::new(filter, QoS::AtLeastOnce).preserve_retain(true));
        let _ = self.client.try_subscribe_many(filters);
    }

    fn unsubscribe_tree(&self) {
        let _ = self.client.try_unsubscribe(self.topics.everything());
    }

    /// Sent to ourselves behind the subscription: when it is back, all that the broker retains has come.
    fn publish_marker(&self) {
        let _ = self.client.try_publish(self.marker.clone(), Vec::new(), PublishOptions::at_least_once());
    }

    fn clear(&self, name: &str) {
        let _ = self.client.try_publish(name, Vec::new(), PublishOptions::at_least_once().retained());
    }

    /// Hands over what waits, within the window.
    fn pump(&mut self, outbox: &mut Outbox) -> Result<(), Loss> {
        while !matches!(self.phase, Phase::Connecting) && self.in_flight.len() < WINDOW {
            let Some(mut item) = outbox.pop() else { break };
            if item.name.len() + item.payload.len() + 16 > self.packet_limit as usize {
                let limit = self.packet_limit;
                warn!(
                    "{} has {} bytes, more than the broker takes ({limit}): left out. Raise its max_packet_size",
                    item.name,
                    item.payload.len()
                );
                continue;
            }
            let options = PublishOptions::at_least_once().retain(item.until.is_none());
            // an event may have to be sent again, a document is rendered anew
            let payload = if item.until.is_some() { item.payload.clone() } else { std::mem::take(&mut item.payload) };
            let notice = self.client.try_publish_tracked(item.name.clone(), payload, options).map_err(|_| Loss::Client)?;
            self.in_flight.push_back((item, Box::pin(notice.wait_async())));
        }
        self.settled |= matches!(self.phase, Phase::Live) && self.in_flight.is_empty();
        Ok(())
    }

    /// Ends the polling; then the fate of everything in flight is known.
    async fn settle(&mut self) -> Vec<Settled> {
        self.poll.abort();
        if !self.poll.is_finished() {
            let _ = (&mut self.poll).await;
        }
        let mut settled = Vec::new();
        while !self.in_flight.is_empty() {
            settled.extend(next_settled(&mut self.in_flight).await);
        }
        settled
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.poll.abort();
    }
}

/// The publishes whose fate is known. A broker acknowledges in order (MQTT 5, 4.6), so waiting for the first is enough.
async fn next_settled(in_flight: &mut VecDeque<(Item, Settling)>) -> Vec<Settled> {
    let mut settled = Vec::new();
    poll_fn(|context| {
        while let Some((_, future)) = in_flight.front_mut() {
            let Poll::Ready(result) = future.as_mut().poll(context) else { break };
            settled.extend(in_flight.pop_front().map(|(item, _)| (item, result)));
        }
        if settled.is_empty() && !in_flight.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    settled
}

fn offline(session: Uuid) -> Vec<u8> {
    encode(&Status { v: V, state: State::Offline, session })
}

/// Something to publish; with `until` an event, without a retained document.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    name: String,
    payload: Vec<u8>,
    mark: Option<(Topic, i64)>,
    until: Option<Instant>,
}

impl Item {
    fn retained(name: String, payload: Vec<u8>, mark: Option<(Topic, i64)>) -> Self {
        Self { name, payload, mark, until: None }
    }
}

/// What waits for a place in the window: events first, then documents in the order they first changed, each in its latest state.
#[derive(Debug, Default)]
struct Outbox {
    events: VecDeque<Item>,
    order: VecDeque<String>,
    documents: BTreeMap<String, Item>,
}

impl Outbox {
    fn push_event(&mut self, name: String, payload: Vec<u8>, until: Instant) {
        let now = Instant::now();
        self.events.retain(|event| event.until.is_none_or(|until| until > now));
        self.events.push_back(Item { name, payload, mark: None, until: Some(until) });
    }

    /// An event goes back to the head: whether the broker took it is unknown, and it names itself, so twice is no harm. A document is
    /// in the next tree.
    fn unsend(&mut self, item: Item) {
        if item.until.is_some() {
            self.events.push_front(item);
        }
    }

    fn put(&mut self, item: Item) {
        match self.documents.get_mut(&item.name) {
            Some(waiting) => {
                waiting.payload = item.payload;
                waiting.mark = waiting.mark.take().max(item.mark);
            }
            None => {
                self.order.push_back(item.name.clone());
                self.documents.insert(item.name.clone(), item);
            }
        }
    }

    fn put_last(&mut self, item: Item) {
        self.order.retain(|name| *name != item.name);
        self.order.push_back(item.name.clone());
        self.documents.insert(item.name.clone(), item);
    }

    fn pop(&mut self) -> Option<Item> {
        let now = Instant::now();
        while let Some(event) = self.events.pop_front() {
            if event.until.is_none_or(|until| until > now) {
                return Some(event);
            }
        }
        self.documents.remove(&self.order.pop_front()?)
    }

    fn forget_documents(&mut self) {
        self.order.clear();
        self.documents.clear();
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.order.is_empty()
    }
}

#[cfg(test)]
mod tests;
