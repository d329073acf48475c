//! One connection. The only file that knows rumqttc, so that the library can be exchanged.
//!
//! rumqttc's event loop must not be cancelled halfway, so a task of its own polls it, and an event loop is never used for a second
//! connection: what it had queued, and the will, would come along.

use super::outbox::Item;
use super::{PACKET_LIMIT, Settings};
use rumqttc::mqttbytes::QoS;
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, DisconnectReasonCode, Event, LastWill, MqttOptions, NetworkOptions, Packet,
    PubAckReason, PublishNoticeError, PublishOptions, PublishResult, StateError, SubscribeFilterInput, SubscribeReasonCode,
};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Seconds without traffic after which we ping, and the broker (at one and a half times) fires our will.
const KEEP_ALIVE: u16 = 5;
/// How much later than a ping an answer may come.
const GRACE: Duration = Duration::from_secs(3);
/// TCP and MQTT handshake together.
const HANDSHAKE: Duration = Duration::from_secs(4);
/// Unacknowledged publishes at a time: Mosquitto's default, and less than the client's channel holds.
const WINDOW: usize = 20;
/// What sending DISCONNECT may take.
const FAREWELL: Duration = Duration::from_millis(500);

/// What a connection has to tell.
pub(super) enum Told {
    /// The handshake is done.
    Connected,
    /// The subscriptions stand; or why not.
    Subscribed(Option<String>),
    /// A message came.
    Message { name: String, payload: Vec<u8>, retained: bool },
    /// The fate of what was sent is known.
    Settled(Vec<(Item, Fate)>),
    /// A sign of life.
    Alive,
}

/// What became of a publish.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Acknowledged,
    /// The broker said no, and would again.
    Rejected(String),
    /// The connection ended first.
    Unknown,
}

/// Why a connection ended, or never stood.
#[derive(Debug)]
pub(super) enum Cut {
    /// The account or its password is wrong.
    Refused,
    /// Another client came with our client id.
    TakenOver,
    /// No answer.
    Silent,
    /// In the system's or the library's words.
    Other(String),
}

type Settling = Pin<Box<dyn Future<Output = Result<PublishResult, PublishNoticeError>> + Send>>;

pub(super) struct Link {
    client: AsyncClient,
    packets: UnboundedReceiver<Result<Packet, ConnectionError>>,
    poll: JoinHandle<()>,
    in_flight: VecDeque<(Item, Settling)>,
    heard: Instant,
    /// How long a living broker can be silent; none before the handshake, which has a limit of its own.
    silence: Option<Duration>,
    packet_limit: u32,
}

impl Link {
    /// Begins to connect. The will is QoS 1 and retained.
    pub(super) fn open(settings: &Settings, password: String, (will_topic, will): (String, Vec<u8>)) -> Self {
        // one id for all daemons of a site: a broker then ends the older connection, which tells us of a second daemon
        let id = format!("{}-daemon", settings.topics.base().replace('/', "-"));
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        let mut options = MqttOptions::new(id, (settings.host.clone(), settings.port));
        options
            .set_credentials(settings.user.clone(), password)
            .set_clean_start(true)
            .set_keep_alive(KEEP_ALIVE)
            .set_connect_timeout(HANDSHAKE)
            .set_max_packet_size(Some(PACKET_LIMIT))
            .set_outgoing_inflight_upper_limit(WINDOW as u16)
            .set_network_options(network)
            .set_last_will(LastWill::new(will_topic, will, QoS::AtLeastOnce, true, None));
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
        let (in_flight, heard) = (VecDeque::new(), Instant::now());
        Self { client, packets, poll, in_flight, heard, silence: None, packet_limit: PACKET_LIMIT }
    }

    /// What happens next. Can be cancelled without loss.
    pub(super) async fn next(&mut self) -> Result<Told, Cut> {
        let silent_at = self.silence.map(|silence| self.heard + silence);
        tokio::select! {
            packet = self.packets.recv() => match packet {
                Some(Ok(packet)) => Ok(self.handle_packet(packet)),
                Some(Err(error)) => Err(cut(error)),
                None => Err(Cut::Other("the client ended".to_owned())),
            },
            settled = next_settled(&mut self.in_flight), if !self.in_flight.is_empty() => Ok(Told::Settled(settled)),
            () = super::until(silent_at) => Err(Cut::Silent),
        }
    }

    fn handle_packet(&mut self, packet: Packet) -> Told {
        self.heard = Instant::now();
        match packet {
            Packet::ConnAck(ack) => {
                let properties = ack.properties.as_ref();
                let keep_alive = properties.and_then(|properties| properties.server_keep_alive).unwrap_or(KEEP_ALIVE);
                self.silence = Some(Duration::from_secs(keep_alive.into()) + GRACE);
                let limit = properties.and_then(|properties| properties.max_packet_size);
                self.packet_limit = limit.unwrap_or(PACKET_LIMIT).min(PACKET_LIMIT);
                Told::Connected
            }
            Packet::SubAck(ack) => {
                let refused = ack.return_codes.iter().find(|code| !matches!(code, SubscribeReasonCode::Success(_)));
                Told::Subscribed(refused.map(|code| format!("{code:?}")))
            }
            Packet::Publish(publish) => {
                let name = String::from_utf8_lossy(&publish.topic).into_owned();
                Told::Message { name, payload: publish.payload.to_vec(), retained: publish.retain }
            }
            _ => Told::Alive,
        }
    }

    /// "Retain as published" shows whether a message was published retained, even to a subscriber that was there before.
    pub(super) fn subscribe(&self, filters: impl IntoIterator<Item = String>) {
        let filters = filters.into_iter().map(|filter| SubscribeFilterInput::new(filter, QoS::AtLeastOnce).preserve_retain(true));
        let _ = self.client.try_subscribe_many(filters.collect::<Vec<_>>());
    }

    pub(super) fn unsubscribe(&self, filter: String) {
        let _ = self.client.try_unsubscribe(filter);
    }

    /// Publishes something empty whose fate does not matter.
    pub(super) fn publish_empty(&self, name: &str, retained: bool) {
        let _ = self.client.try_publish(name, Vec::new(), PublishOptions::at_least_once().retain(retained));
    }

    /// Publishes; [`Told::Settled`] tells its fate. Only while there is [room](Self::has_room).
    pub(super) fn publish(&mut self, mut item: Item) -> Result<(), Cut> {
        let options = PublishOptions::at_least_once().retain(item.until.is_none());
        // an event may have to be sent again, a document is rendered anew
        let payload = if item.until.is_some() { item.payload.clone() } else { std::mem::take(&mut item.payload) };
        let sent = self.client.try_publish_tracked(item.name.clone(), payload, options);
        let notice = sent.map_err(|_| Cut::Other("the client's channel is full".to_owned()))?;
        self.in_flight.push_back((item, Box::pin(notice.wait_async())));
        Ok(())
    }

    /// The largest packet that the broker takes, if this one is larger.
    pub(super) fn limit_below(&self, item: &Item) -> Option<u32> {
        // fixed header 5, topic length 2, packet id 2, properties 1
        (item.name.len() + item.payload.len() + 10 > self.packet_limit as usize).then_some(self.packet_limit)
    }

    pub(super) fn has_room(&self) -> bool {
        self.in_flight.len() < WINDOW
    }

    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// Ends the connection, with a DISCONNECT (so that the will is not fired) or without. Then all fates are known.
    pub(super) async fn close(&mut self, politely: bool) -> Vec<(Item, Fate)> {
        if politely && self.client.try_disconnect_now().is_ok() {
            let _ = timeout(FAREWELL, async { while !matches!(self.packets.recv().await, Some(Err(_)) | None) {} }).await;
        }
        self.poll.abort();
        if !self.poll.is_finished() {
            let _ = (&mut self.poll).await;
        }
        let mut settled = Vec::new();
        while !self.in_flight.is_empty() {
            match timeout(SETTLING, next_settled(&mut self.in_flight)).await {
                Ok(more) => settled.extend(more),
                // what never left the client's channel is told by nobody any more
                Err(_) => settled.extend(self.in_flight.drain(..).map(|(item, _)| (item, Fate::Unknown))),
            }
        }
        settled
    }
}

/// How long the end of the connection may take to reach what was in flight.
const SETTLING: Duration = Duration::from_millis(100);

impl Drop for Link {
    fn drop(&mut self) {
        self.poll.abort();
    }
}

/// The publishes whose fate is known. A broker acknowledges in order (MQTT 5, 4.6), so waiting for the first is enough.
async fn next_settled(in_flight: &mut VecDeque<(Item, Settling)>) -> Vec<(Item, Fate)> {
    let mut settled = Vec::new();
    poll_fn(|context| {
        while let Some((_, future)) = in_flight.front_mut() {
            let Poll::Ready(result) = future.as_mut().poll(context) else { break };
            settled.extend(in_flight.pop_front().map(|(item, _)| (item, fate(result))));
        }
        if settled.is_empty() && !in_flight.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    settled
}

fn fate(result: Result<PublishResult, PublishNoticeError>) -> Fate {
    match result {
        Ok(PublishResult::Qos1(ack)) if !matches!(ack.reason, PubAckReason::Success | PubAckReason::NoMatchingSubscribers) => {
            Fate::Rejected(format!("{:?}", ack.reason))
        }
        Ok(_) => Fate::Acknowledged,
        Err(_) => Fate::Unknown,
    }
}

fn cut(error: ConnectionError) -> Cut {
    use ConnectReturnCode::{BadUserNamePassword, NotAuthorized};
    match error {
        ConnectionError::ConnectionRefused(BadUserNamePassword | NotAuthorized) => Cut::Refused,
        ConnectionError::MqttState(StateError::ServerDisconnect {
            reason_code: DisconnectReasonCode::SessionTakenOver, ..
        }) => Cut::TakenOver,
        ConnectionError::MqttState(StateError::AwaitPingResp) | ConnectionError::Timeout(_) => Cut::Silent,
        error => Cut::Other(error.to_string()),
    }
}
