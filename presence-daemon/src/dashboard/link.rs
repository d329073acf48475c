//! The connection to the broker, read only. It inherits nothing from the one before: everything that counts is retained.

#![allow(clippy::disallowed_methods, reason = "a rim: what going there and back takes is measured, and messages are dated")]

use super::{Address, Board, Scope};
use crate::mqtt::{BACK_OFF, PACKET_LIMIT};
use jiff::Timestamp;
use rumqttc::mqttbytes::QoS;
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, IncomingPacketSizeLimit, MqttOptions, NetworkOptions,
    Outgoing, Packet, SubscribeFilterInput,
};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, channel};
use tokio::task::JoinHandle;
use tracing::{info, warn};
use voisins_shared::name::SiteName;
use voisins_shared::topic::Topics;

/// Seconds between signs of life.
const KEEP_ALIVE: u16 = 5;
/// Photos are held of so many sites at a time: those that were looked at last.
const PHOTOGRAPHED: usize = 8;
/// After so long without a message the next subscription goes out: a broker keeps no more than its max_queued_messages (1,000 by default)
/// for one that takes all retained documents of all sites at once, and drops the rest without a word.
const QUIET: Duration = Duration::from_millis(40);

/// Connects, and connects again, until the runtime ends.
pub(super) async fn run(address: Address, scope: Scope, board: Board, mut wanted: UnboundedReceiver<SiteName>) {
    let mut wait = BACK_OFF.0;
    let mut told = false;
    let mut photographed = VecDeque::new();
    loop {
        let mut conversation = Conversation {
            board: &board,
            scope: &scope,
            photographed: &mut photographed,
            subscriptions: VecDeque::new(),
            asked: None,
            stood: false,
        };
        let why = conversation.hold(&address, &mut wanted).await;
        let stood = conversation.stood;
        board.change(|sites| sites.lost(Timestamp::now()));
        if stood || !told {
            told = true;
            warn!("no connection to the broker at {}:{}: {why}. Trying again until there is one", address.host, address.port);
        }
        tokio::time::sleep(wait).await;
        wait = if stood { BACK_OFF.0 } else { (wait * 2).min(BACK_OFF.1) };
    }
}

struct Conversation<'a> {
    board: &'a Board,
    scope: &'a Scope,
    /// The sites whose photos are asked for, the last one looked at at the end.
    photographed: &'a mut VecDeque<SiteName>,
    /// What is still to be subscribed to.
    subscriptions: VecDeque<String>,
    /// When we last asked the broker for a sign of life.
    asked: Option<Instant>,
    /// It stood at least once.
    stood: bool,
}

impl Conversation<'_> {
    /// One connection; returns why it ended.
    async fn hold(&mut self, address: &Address, wanted: &mut UnboundedReceiver<SiteName>) -> String {
        let password = match address.password() {
            Ok(password) => password,
            Err(error) => return format!("the password's file can't be read: {error}"),
        };
        let (client, mut poll) = open(address, password);
        // the event loop must not be cancelled halfway: a task of its own polls it, no faster than what it brings is taken
        let (sender, mut events) = channel(256);
        let _polled = Polled(tokio::spawn(async move {
            loop {
                let event = poll.poll().await;
                let ends = event.is_err();
                if sender.send(event).await.is_err() || ends {
                    return;
                }
            }
        }));
        // counted from the last message alone: pages that are looked at meanwhile don't put it off
        let mut quiet = tokio::time::Instant::now() + QUIET;
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(Ok(event)) => {
                        self.handle(event, &client);
                        quiet = tokio::time::Instant::now() + QUIET;
                    }
                    Some(Err(error)) => return reason(&error, address),
                    None => return "the client ended".to_owned(),
                },
                site = wanted.recv() => match site {
                    Some(site) => self.photograph(site, &client),
                    None => return "the dashboard ends".to_owned(),
                },
                () = tokio::time::sleep_until(quiet), if self.stood && !self.subscriptions.is_empty() => self.subscribe_next(&client),
            }
        }
    }

    fn handle(&mut self, event: Event, client: &AsyncClient) {
        match event {
            Event::Incoming(Packet::ConnAck(_)) => {
                info!("connected to the broker");
                self.stood = true;
                self.subscriptions = self.all();
                self.asked = Some(Instant::now());
                self.board.change(|sites| sites.connected());
                self.subscribe_next(client);
            }
            Event::Incoming(Packet::Publish(publish)) => {
                let topic = String::from_utf8_lossy(&publish.topic);
                self.board.change(|sites| sites.heard(&topic, &publish.payload, Timestamp::now()));
            }
            Event::Outgoing(Outgoing::PingReq) => self.asked = Some(Instant::now()),
            Event::Incoming(Packet::PingResp | Packet::SubAck(_)) => {
                if let Some(asked) = self.asked.take() {
                    self.board.change(|sites| sites.round_trip(asked.elapsed()));
                }
            }
            _ => {}
        }
    }

    /// All that is subscribed to at each connection.
    fn all(&self) -> VecDeque<String> {
        let filters = Topics::for_dashboards().into_iter();
        let photos = self.photographed.iter().map(|site| Topics::of(site).photos());
        match self.scope {
            Scope::All => filters.chain(photos).collect(),
            Scope::Site(site) => {
                let base = format!("{}/", Topics::of(site).base());
                filters.map(|filter| filter.replacen("voisins/+/", &base, 1)).chain([Topics::of(site).photos()]).collect()
            }
        }
    }

    fn subscribe_next(&mut self, client: &AsyncClient) {
        if let Some(filter) = self.subscriptions.pop_front() {
            let _ = client.try_subscribe_many([SubscribeFilterInput::new(filter, QoS::AtLeastOnce)]);
        }
    }

    /// Asks for a site's photos, and lets those go that nobody looked at for the longest time.
    fn photograph(&mut self, site: SiteName, client: &AsyncClient) {
        if *self.scope != Scope::All {
            return;
        }
        let known = self.photographed.iter().position(|known| *known == site);
        if let Some(at) = known {
            self.photographed.remove(at);
        } else if self.stood {
            self.subscriptions.push_back(Topics::of(&site).photos());
        }
        self.photographed.push_back(site);
        if self.photographed.len() > PHOTOGRAPHED
            && let Some(oldest) = self.photographed.pop_front()
        {
            let _ = client.try_unsubscribe(Topics::of(&oldest).photos());
            self.board.change(|sites| sites.forget_photos(&oldest));
        }
    }
}

/// The task that polls; it ends with the conversation.
struct Polled(JoinHandle<()>);

impl Drop for Polled {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn open(address: &Address, password: Option<String>) -> (AsyncClient, EventLoop) {
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    // no client id: the broker gives one, so that any number of dashboards look on
    let mut options = MqttOptions::new("", (address.host.clone(), address.port));
    match (&address.user, password) {
        (Some(user), Some(password)) => drop(options.set_credentials(user.clone(), password)),
        (Some(user), None) => drop(options.set_username(user.clone())),
        (None, _) => {}
    }
    options
        .set_clean_start(true)
        .set_keep_alive(KEEP_ALIVE)
        .set_connect_timeout(Duration::from_secs(5))
        .set_incoming_packet_size_limit(IncomingPacketSizeLimit::Bytes(PACKET_LIMIT))
        .set_outgoing_inflight_upper_limit(16)
        .set_network_options(network);
    AsyncClient::builder(options).capacity(64).build()
}

fn reason(error: &ConnectionError, address: &Address) -> String {
    use ConnectReturnCode::{BadUserNamePassword, NotAuthorized};
    match error {
        ConnectionError::ConnectionRefused(BadUserNamePassword | NotAuthorized) => {
            format!("it refuses the account {:?}; check the name and the password", address.user.as_deref().unwrap_or(""))
        }
        error => error.to_string(),
    }
}
