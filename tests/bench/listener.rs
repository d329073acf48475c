//! A subscriber of the bench's own: when what the kiosk is told arrives where it arrives.

use crate::Outcome;
use kiosk::config::Config;
use presence_daemon::clock::since_boot;
use rumqttc::mqttbytes::QoS;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, NetworkOptions, Packet, SubscribeFilter};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use voisins_shared::payload::{self, KioskEvent, Moment, Shown};
use voisins_shared::topic::{Topic, Topics};
use voisins_tests::world::LIMIT;

/// What came, and when.
#[derive(Debug)]
enum Heard {
    Subscribed,
    Greeting(Moment, Duration),
    Presence(Duration),
}

/// The subscriber.
#[derive(Debug)]
pub struct Listener {
    heard: Receiver<Heard>,
}

impl Listener {
    /// Connects with the account of a kiosk, and hears what that kiosk hears.
    pub fn start(kiosk: &Path) -> Outcome<Self> {
        let config = Config::read(kiosk)?;
        let mut options = MqttOptions::new("", (config.broker.host.clone(), config.broker.port));
        let (user, password) = (config.broker.user.clone(), config.broker.password()?);
        options.set_credentials(user.unwrap_or_default(), password.unwrap_or_default());
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        options.set_keep_alive(60).set_network_options(network).set_max_packet_size(Some(1 << 20));
        let (client, events) = AsyncClient::builder(options).capacity(16).build();
        let topics = Topics::of(&config.site);
        let wanted = [Topic::Presence, Topic::KioskEvent(config.name)].map(|topic| topics.name(&topic));
        let (sender, heard) = channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || runtime.block_on(listen(client, events, &wanted, &topics, &sender)));
        let listener = Self { heard };
        listener.wait(|heard| matches!(heard, Heard::Subscribed).then_some(()))?;
        Ok(listener)
    }

    /// Waits for a greeting of that kind.
    pub fn greeting(&self, moment: Moment) -> Outcome<Duration> {
        self.wait(|heard| match heard {
            Heard::Greeting(kind, at) if kind == moment => Some(at),
            _ => None,
        })
    }

    /// Waits for the presence document.
    pub fn presence(&self) -> Outcome<Duration> {
        self.wait(|heard| match heard {
            Heard::Presence(at) => Some(at),
            _ => None,
        })
    }

    /// Forgets what was heard.
    pub fn drain(&self) {
        self.heard.try_iter().for_each(drop);
    }

    fn wait<T>(&self, pick: impl Fn(Heard) -> Option<T>) -> Outcome<T> {
        loop {
            let heard = self.heard.recv_timeout(LIMIT).map_err(|_| "the bench's subscriber hears nothing")?;
            if let Some(found) = pick(heard) {
                return Ok(found);
            }
        }
    }
}

/// Until the connection ends or nobody waits any more.
async fn listen(client: AsyncClient, mut events: EventLoop, wanted: &[String], topics: &Topics, sender: &Sender<Heard>) {
    while let Ok(event) = events.poll().await {
        let at = since_boot();
        let Event::Incoming(packet) = event else { continue };
        let heard = match packet {
            Packet::ConnAck(_) => {
                let filters = wanted.iter().map(|topic| SubscribeFilter::new(topic.clone(), QoS::AtLeastOnce));
                if client.try_subscribe_many(filters).is_err() {
                    return;
                }
                None
            }
            Packet::SubAck(_) => Some(Heard::Subscribed),
            Packet::Publish(publish) => read(topics.parse(&String::from_utf8_lossy(&publish.topic)), &publish.payload, at),
            _ => None,
        };
        if heard.is_some_and(|heard| sender.send(heard).is_err()) {
            return;
        }
    }
}

fn read(topic: Option<Topic>, bytes: &[u8], at: Duration) -> Option<Heard> {
    match topic? {
        Topic::Presence => Some(Heard::Presence(at)),
        Topic::KioskEvent(_) => match payload::decode::<KioskEvent>(bytes).ok()?.shown {
            Shown::Greeting(greeting) => Some(Heard::Greeting(greeting.moment, at)),
            _ => None,
        },
        _ => None,
    }
}
