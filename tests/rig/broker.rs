//! A plain Mosquitto of the test's own, on a free port, and a plain client to look at brokers with.

#![allow(clippy::disallowed_methods, reason = "a test waits for a state with a limit")]

use rumqttc::mqttbytes::QoS;
use rumqttc::{AsyncClient, ConnectionError, Event, MqttOptions, Packet, PubAckReason, PublishOptions, PublishResult};
use rustix::process::{Pid, Signal, kill_process};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use voisins_shared::payload::decode;

/// How long a test waits for what has to happen.
pub const LIMIT: Duration = Duration::from_secs(20);

/// A Mosquitto that somebody else runs, as far as the daemon knows. Ends with the test, however that ends.
#[derive(Debug)]
pub struct Mosquitto {
    /// On 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    child: Option<Child>,
    starter: Starter,
}

impl Mosquitto {
    /// One that lets everybody in, with lines of mosquitto.conf(5) added.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(conf: &str) -> Self {
        Self::start_with(&format!("allow_anonymous true\n{conf}"), &[])
    }

    /// One with just these lines, and files that they may name by `FOLDER/name`.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start_with(conf: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        let mut this = Self { port: 0, folder, child: None, starter: Starter::new() };
        // a free port may be taken by another test in between: then another one
        for _ in 0..20 {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).expect("a free port");
            this.port = free.port();
            let root = if rustix::process::geteuid().is_root() { "user root\n" } else { "" };
            let conf = conf.replace("FOLDER", &this.folder.path().to_string_lossy());
            let conf = format!("listener {} 127.0.0.1\n{root}set_tcp_nodelay true\n{conf}", this.port);
            std::fs::write(this.folder.path().join("mosquitto.conf"), conf).expect("a config");
            if this.try_start() {
                return this;
            }
        }
        panic!("mosquitto does not start");
    }

    /// Starts it again, on the same port.
    ///
    /// # Panics
    /// If it does not start.
    pub fn restart(&mut self) {
        self.kill();
        assert!(self.try_start(), "mosquitto does not start again");
    }

    /// Kills it with SIGKILL, and waits until it is dead.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops it in its tracks: the port is open, nothing answers.
    ///
    /// # Panics
    /// If it is not running.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    ///
    /// # Panics
    /// If it is not running.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let child = self.child.as_ref().expect("a running mosquitto");
        kill_process(Pid::from_child(child), signal).expect("a signal");
    }

    fn try_start(&mut self) -> bool {
        let mut child = self.starter.start(&self.folder.path().join("mosquitto.conf"));
        let limit = Instant::now() + LIMIT;
        while Instant::now() < limit {
            let open = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
            if !matches!(child.try_wait(), Ok(None)) {
                return false;
            }
            if open {
                self.child = Some(child);
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Starts programs that the kernel kills when this process dies. It does so when the *thread* dies that started them, and a test's
/// threads come and go: so one of our own does it, which lives as long as the broker.
#[derive(Debug)]
struct Starter {
    orders: Sender<Command>,
    children: Receiver<Child>,
}

impl Starter {
    fn new() -> Self {
        let (orders, inbox) = channel::<Command>();
        let (outbox, children) = channel();
        std::thread::spawn(move || {
            for mut order in inbox {
                let _ = outbox.send(order.spawn().expect("setpriv (util-linux) and mosquitto"));
            }
        });
        Self { orders, children }
    }

    fn start(&self, conf: &Path) -> Child {
        let mosquitto = if Path::new("/usr/sbin/mosquitto").exists() { "/usr/sbin/mosquitto" } else { "mosquitto" };
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", mosquitto, "-c"]).arg(conf);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.orders.send(command).expect("the starter's thread");
        self.children.recv().expect("a child")
    }
}

/// What a [`Peer`] got.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Message {
    pub topic: String,
    pub payload: Vec<u8>,
    pub retained: bool,
}

/// A plain client.
#[derive(Debug)]
pub struct Peer {
    client: AsyncClient,
    messages: UnboundedReceiver<Message>,
    /// The last message on each topic.
    last: BTreeMap<String, Message>,
    poll: JoinHandle<()>,
}

impl Peer {
    /// Connects to a broker on 127.0.0.1.
    ///
    /// # Errors
    /// The broker refuses, or is not there.
    pub async fn connect(port: u16, account: Option<(&str, &str)>) -> Result<Self, ConnectionError> {
        let mut options = MqttOptions::new("", ("127.0.0.1", port));
        options.set_keep_alive(60).set_max_packet_size(Some(16 << 20));
        if let Some((user, password)) = account {
            options.set_credentials(user, password.to_owned());
        }
        let (client, mut event_loop) = AsyncClient::builder(options).capacity(100).build();
        while !matches!(event_loop.poll().await?, Event::Incoming(Packet::ConnAck(_))) {}
        let (sender, messages) = unbounded_channel();
        let poll = tokio::spawn(async move {
            while let Ok(event) = event_loop.poll().await {
                if let Event::Incoming(Packet::Publish(publish)) = event {
                    let topic = String::from_utf8_lossy(&publish.topic).into_owned();
                    let _ = sender.send(Message { topic, payload: publish.payload.to_vec(), retained: publish.retain });
                }
            }
        });
        Ok(Self { client, messages, last: BTreeMap::new(), poll })
    }

    /// Subscribes, and waits until the broker knows.
    ///
    /// # Panics
    /// If the connection is lost.
    pub async fn subscribe(&self, filter: &str) {
        let notice = self.client.subscribe_tracked(filter, QoS::AtLeastOnce).await.expect("a client");
        notice.wait_async().await.expect("a subscription");
    }

    /// Publishes; true if the broker took it.
    ///
    /// # Panics
    /// If the connection is lost.
    pub async fn publish(&self, topic: &str, payload: impl Into<Vec<u8>>, retained: bool) -> bool {
        let options = PublishOptions::at_least_once().retain(retained);
        let notice = self.client.publish_tracked(topic, payload.into(), options).await.expect("a client");
        match notice.wait_async().await.expect("an acknowledgement") {
            PublishResult::Qos1(ack) => matches!(ack.reason, PubAckReason::Success | PubAckReason::NoMatchingSubscribers),
            other => panic!("{other:?}"),
        }
    }

    /// The next message.
    ///
    /// # Panics
    /// If none comes in time.
    pub async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(LIMIT, self.messages.recv()).await;
        let message = next.expect("a message in time").expect("a connection");
        self.last.insert(message.topic.clone(), message.clone());
        message
    }

    /// The next message on a topic; others are dropped.
    ///
    /// # Panics
    /// If none comes in time.
    pub async fn next_on(&mut self, topic: &str) -> Message {
        loop {
            let message = self.next().await;
            if message.topic == topic {
                return message;
            }
        }
    }

    /// The state of a topic once it is as wanted: as it came last, or as it comes.
    ///
    /// # Panics
    /// If it doesn't become so in time.
    pub async fn state<T: DeserializeOwned>(&mut self, topic: &str, wanted: impl Fn(&T) -> bool) -> T {
        let read = |message: &Message| decode::<T>(&message.payload).ok().filter(|document| wanted(document));
        if let Some(document) = self.last.get(topic).and_then(read) {
            return document;
        }
        loop {
            let message = self.next_on(topic).await;
            if let Some(document) = read(&message) {
                return document;
            }
        }
    }

    /// The payloads that came last, a topic each.
    pub fn last(&self) -> impl Iterator<Item = &[u8]> {
        self.last.values().map(|message| &*message.payload)
    }

    /// All that is retained below `base`, on a broker where we may write there.
    ///
    /// # Panics
    /// If the broker is not there, or does not answer.
    pub async fn retained(port: u16, account: Option<(&str, &str)>, base: &str) -> BTreeMap<String, Vec<u8>> {
        let mut peer = Self::connect(port, account).await.expect("a broker");
        peer.subscribe(&format!("{base}/#")).await;
        let marker = format!("{base}/daemon/test");
        peer.publish(&marker, "", false).await;
        let mut tree = BTreeMap::new();
        loop {
            let message = peer.next().await;
            if message.topic == marker {
                return tree;
            }
            if message.retained {
                tree.insert(message.topic, message.payload);
            }
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.poll.abort();
    }
}
