//! What stands in for the pipeline: answers a connection with the tree it wants, and writes down what it is told.

use presence_daemon::mqtt::{Document, Incoming, Outgoing, Settings, run};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use voisins_shared::name::SiteName;
use voisins_shared::topic::{Topic, Topics};
use voisins_tests::broker::{LIMIT, Peer};

/// Below what the site's documents lie.
pub const BASE: &str = "voisins/essai";

type Wanted = Arc<Mutex<BTreeMap<Topic, (Vec<u8>, Option<i64>)>>>;

pub struct Pipeline {
    pub outgoing: UnboundedSender<Outgoing>,
    told: UnboundedReceiver<Incoming>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    wanted: Wanted,
}

pub fn settings(port: u16, password_file: &Path) -> Settings {
    let topics = Topics::of(&SiteName::new("essai").unwrap());
    Settings { host: "127.0.0.1".into(), port, user: "daemon".into(), password_file: password_file.to_owned(), topics }
}

pub fn topic(below: &str) -> Topic {
    below.parse().unwrap()
}

pub fn online(session: impl std::fmt::Display) -> Vec<u8> {
    format!("{{\"v\":1,\"state\":\"online\",\"session\":\"{session}\"}}").into_bytes()
}

pub fn offline(session: impl std::fmt::Display) -> Vec<u8> {
    format!("{{\"v\":1,\"state\":\"offline\",\"session\":\"{session}\"}}").into_bytes()
}

impl Pipeline {
    /// With a broker that lets everybody in.
    pub fn start(port: u16, wanted: &[(&str, &[u8], Option<i64>)]) -> Self {
        Self::start_with(settings(port, Path::new("/etc/hostname")), wanted)
    }

    pub fn start_with(settings: Settings, wanted: &[(&str, &[u8], Option<i64>)]) -> Self {
        let wanted = wanted.iter().map(|(below, payload, mark)| (topic(below), (payload.to_vec(), *mark))).collect();
        let wanted: Wanted = Arc::new(Mutex::new(wanted));
        let (outgoing, inbox) = unbounded_channel();
        let (sender, told) = unbounded_channel();
        let (stop, stopped) = watch::channel(false);
        let (answers, tree) = (outgoing.clone(), wanted.clone());
        let tell = move |incoming: Incoming| {
            if let Incoming::Connected(session) = incoming {
                let tree = tree.lock().unwrap();
                let document = |(topic, (payload, mark)): (&Topic, &(Vec<u8>, _))| Document {
                    topic: topic.clone(),
                    payload: payload.clone(),
                    mark: *mark,
                };
                let status = Document { topic: Topic::Status, payload: online(session), mark: None };
                let documents = [status].into_iter().chain(tree.iter().map(document)).collect();
                let _ = answers.send(Outgoing::Tree(session, documents));
            }
            let _ = sender.send(incoming);
        };
        let task = tokio::spawn(run(settings, inbox, tell, stopped));
        Self { outgoing, told, stop, task, wanted }
    }

    /// Changes a document; true if the broker could be told of it (the tree at the next connect has it in any case).
    pub fn change(&self, below: &str, payload: &[u8], mark: Option<i64>) {
        let mut wanted = self.wanted.lock().unwrap();
        wanted.insert(topic(below), (payload.to_vec(), mark));
        let document = Document { topic: topic(below), payload: payload.to_vec(), mark };
        self.outgoing.send(Outgoing::Changed(vec![document])).unwrap();
    }

    pub fn event(&self, below: &str, payload: &[u8], within: Duration) {
        let until = Instant::now() + within;
        self.outgoing.send(Outgoing::Event { topic: topic(below), payload: payload.to_vec(), until }).unwrap();
    }

    pub async fn next(&mut self) -> Incoming {
        tokio::time::timeout(LIMIT, self.told.recv()).await.expect("told in time").expect("a client that runs")
    }

    pub fn told_already(&mut self) -> Vec<Incoming> {
        std::iter::from_fn(|| self.told.try_recv().ok()).collect()
    }

    /// The session of the next connection.
    pub async fn connected(&mut self) -> String {
        loop {
            if let Incoming::Connected(session) = self.next().await {
                return session.to_string();
            }
        }
    }

    pub async fn disconnected(&mut self) {
        while self.next().await != Incoming::Disconnected {}
    }

    /// Waits until these marks were acknowledged.
    pub async fn acknowledged(&mut self, marks: &[i64]) {
        let mut missing = marks.to_vec();
        while !missing.is_empty() {
            if let Incoming::Acknowledged(told) = self.next().await {
                missing.retain(|mark| told.iter().all(|(_, told)| told != mark));
            }
        }
    }

    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        tokio::time::timeout(LIMIT, self.task).await.expect("an end in time").unwrap();
    }

    /// The tree as it should be retained in this session.
    pub fn tree(&self, session: &str) -> BTreeMap<String, Vec<u8>> {
        let wanted = self.wanted.lock().unwrap();
        let documents = wanted.iter().filter(|(_, (payload, _))| !payload.is_empty());
        let documents = documents.map(|(topic, (payload, _))| (format!("{BASE}/{topic}"), payload.clone()));
        documents.chain([(format!("{BASE}/status"), online(session))]).collect()
    }
}

/// Waits until the broker retains exactly this.
pub async fn retains(port: u16, expected: &BTreeMap<String, Vec<u8>>) {
    let limit = Instant::now() + LIMIT;
    loop {
        let tree = Peer::retained(port, None, BASE).await;
        if tree == *expected {
            return;
        }
        let text = |tree: &BTreeMap<String, Vec<u8>>| format!("{:#?}", tree.iter().map(|(k, v)| (k, v.escape_ascii().to_string())));
        assert!(Instant::now() < limit, "retained:\n{}\nshould be\n{}", text(&tree), text(expected));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
