//! The broker: the only file that knows the MQTT client. Messages go to the kiosk's [`Inlet`], requests come through [`Requests`].
//!
//! State comes back by itself after every outage: it is retained, and every connection subscribes anew. Requests are not kept: a
//! press that nobody hears is over after 3 s, and the screen says so.

use crate::board::Link;
use crate::config::{Broker, Config, PasswordError};
use crate::kiosk::{Inlet, Inward, Outgoing};
use rumqttc::mqttbytes::v5::ConnectReturnCode;
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, IncomingPacketSizeLimit, MqttOptions, NetworkOptions, Packet, PublishOptions,
    QoS, SessionMode, SubscribeFilter,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use voisins_shared::config::ScreenSurface;
use voisins_shared::topic::Topics;

/// A directory of a few thousand members and any photo pass; the client's own limit is 10 KiB.
const LARGEST_PACKET: u32 = 8 << 20;
/// A silent network is noticed after about one and a half of these.
const KEEP_ALIVE_SECONDS: u16 = 5;
/// One finger asks one thing at a time. The client's own limit, 65,535, costs 13 MB at each start.
const REQUESTS_IN_FLIGHT: u16 = 16;
const BACK_OFF: std::ops::RangeInclusive<Duration> = Duration::from_millis(200)..=Duration::from_secs(2);

/// Publishes requests while there is a connection.
#[derive(Clone)]
pub struct Requests {
    client: AsyncClient,
    connected: Arc<AtomicBool>,
}

impl Requests {
    /// Publishes a request, or drops it while there is no connection.
    pub fn send(&self, outgoing: Outgoing) {
        if !self.connected.load(Ordering::SeqCst) {
            tracing::debug!("no broker: a request is dropped");
            return;
        }
        let options = PublishOptions::new(QoS::AtLeastOnce);
        if let Err(error) = self.client.try_publish(outgoing.topic, outgoing.payload, options) {
            tracing::warn!("a request could not be sent: {error}");
        }
    }
}

/// Connects on a thread of its own, for as long as the program runs.
///
/// # Errors
/// When the password file can't be read.
pub fn start(config: &Config, inlet: Inlet) -> Result<Requests, PasswordError> {
    connect(config, format!("voisins-{}-kiosk-{}", config.site, config.name), inlet)
}

/// The same beside the kiosk that is there already: under a name that the broker gives, so that it doesn't take over.
///
/// # Errors
/// As [`start`].
pub fn look(config: &Config, inlet: Inlet) -> Result<Requests, PasswordError> {
    connect(config, String::new(), inlet)
}

fn connect(config: &Config, client_id: String, inlet: Inlet) -> Result<Requests, PasswordError> {
    let (client, events) = AsyncClient::builder(options(config, client_id)?).capacity(64).build();
    let connected = Arc::<AtomicBool>::default();
    let requests = Requests { client: client.clone(), connected: connected.clone() };
    let topics = Topics::of(&config.site);
    let subscriptions = match config.surface {
        ScreenSurface::Kiosk => topics.for_kiosk(&config.name),
        ScreenSurface::Lobby => topics.for_lobby(),
    };
    let rim = Rim { client, connected, inlet, subscriptions, broker: config.broker.clone(), told: None };
    // without the thread the screen says by itself that it has no news
    let spawned =
        std::thread::Builder::new().name("mqtt".into()).spawn(move || {
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(rim.run(events)),
                Err(error) => tracing::error!("no connection to the broker: {error}"),
            }
        });
    if let Err(error) = spawned {
        tracing::error!("no connection to the broker: {error}");
    }
    Ok(requests)
}

fn options(config: &Config, client_id: String) -> Result<MqttOptions, PasswordError> {
    let broker = &config.broker;
    let mut options = MqttOptions::new(client_id, (broker.host.clone(), broker.port));
    match (&broker.user, broker.password()?) {
        (Some(user), Some(password)) => drop(options.set_credentials(user.clone(), password)),
        (Some(user), None) => drop(options.set_username(user.clone())),
        (None, _) => {}
    }
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    network.set_connection_timeout(5);
    options
        .set_keep_alive(KEEP_ALIVE_SECONDS)
        .set_session_mode(SessionMode::Clean)
        .set_outgoing_inflight_upper_limit(REQUESTS_IN_FLIGHT)
        .set_incoming_packet_size_limit(IncomingPacketSizeLimit::Bytes(LARGEST_PACKET))
        .set_network_options(network);
    Ok(options)
}

/// Why there is no connection, as far as what to do differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    Network,
    Account,
}

struct Rim {
    client: AsyncClient,
    connected: Arc<AtomicBool>,
    inlet: Inlet,
    subscriptions: Vec<String>,
    broker: Broker,
    /// The loss that was logged last: each is told once, and again only if it turns into the other kind.
    told: Option<Loss>,
}

impl Rim {
    async fn run(mut self, mut events: EventLoop) {
        let mut back_off = *BACK_OFF.start();
        loop {
            match events.poll().await {
                Ok(Event::Incoming(packet)) => {
                    if matches!(packet, Packet::ConnAck(_)) {
                        back_off = *BACK_OFF.start();
                    }
                    self.handle_packet(packet);
                }
                Ok(_) => {}
                Err(error) => {
                    self.handle_loss(&error);
                    tokio::time::sleep(back_off).await;
                    back_off = (back_off * 2).min(*BACK_OFF.end());
                }
            }
        }
    }

    fn handle_packet(&mut self, packet: Packet) {
        match packet {
            Packet::ConnAck(_) => {
                if self.told.take().is_some() {
                    tracing::info!("connected to the broker again");
                }
                // on every connection: a clean session knows nothing, and retained documents come again
                let filters = self.subscriptions.iter().map(|filter| SubscribeFilter::new(filter.clone(), QoS::AtLeastOnce));
                if let Err(error) = self.client.try_subscribe_many(filters) {
                    tracing::error!("can't subscribe: {error}");
                }
                self.connected.store(true, Ordering::SeqCst);
                self.inlet.send(Inward::Link(Link::Connected));
            }
            Packet::Publish(publish) => {
                let topic = String::from_utf8_lossy(&publish.topic).into_owned();
                self.inlet.send(Inward::Message { topic, payload: publish.payload.to_vec() });
            }
            Packet::SubAck(acknowledged) => {
                let refused = acknowledged.return_codes.iter().filter(|code| !is_granted(code)).count();
                if refused > 0 {
                    tracing::warn!("the broker refused {refused} subscriptions. Check its access rules for the kiosk's account");
                }
            }
            _ => self.inlet.send(Inward::Link(Link::Alive)),
        }
    }

    fn handle_loss(&mut self, error: &ConnectionError) {
        self.connected.store(false, Ordering::SeqCst);
        self.inlet.send(Inward::Link(Link::Lost));
        let Broker { host, port, .. } = &self.broker;
        let loss = match error {
            ConnectionError::ConnectionRefused(code) if is_about_the_account(*code) => Loss::Account,
            _ => Loss::Network,
        };
        if self.told.replace(loss) == Some(loss) {
            return;
        }
        match loss {
            Loss::Account => tracing::warn!(
                "the broker at {host}:{port} refuses the account {:?}. Check broker.user and the first line of broker.password_file",
                self.broker.user.as_deref().unwrap_or("")
            ),
            Loss::Network => {
                tracing::warn!("no connection to the broker at {host}:{port}: {error}. Trying again until there is one")
            }
        }
    }
}

fn is_granted(code: &rumqttc::mqttbytes::v5::SubscribeReasonCode) -> bool {
    matches!(code, rumqttc::mqttbytes::v5::SubscribeReasonCode::Success(_))
}

fn is_about_the_account(code: ConnectReturnCode) -> bool {
    matches!(
        code,
        ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized | ConnectReturnCode::BadAuthenticationMethod
    )
}
