//! A kiosk that is only a client: it sends requests and reads what it is told.

use uuid::Uuid;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{Answer, Args, KioskEvent, Request, Response, Session, Shown, V, decode, encode};
use voisins_shared::topic::{Topic, Topics};
use voisins_tests::broker::Peer;
use voisins_tests::world::World;

/// A kiosk that is only a client, with the account of the one beside the reader.
pub struct Hand {
    pub peer: Peer,
    pub topics: Topics,
    pub kiosk: KioskName,
}

impl Hand {
    pub async fn of(world: &World) -> Self {
        Self::at(world, "cafe").await
    }

    pub async fn at(world: &World, kiosk: &str) -> Self {
        let (port, password) = world.kiosk_account(kiosk);
        let peer = Peer::connect(port, Some((&format!("kiosk-{kiosk}"), &password))).await.unwrap();
        let (kiosk, topics) = (KioskName::new(kiosk).unwrap(), Topics::of(&"test".parse().unwrap()));
        for filter in topics.for_kiosk(&kiosk) {
            peer.subscribe(&filter).await;
        }
        Self { peer, topics, kiosk }
    }

    /// The next event at the reader.
    pub async fn event(&mut self) -> KioskEvent {
        let topic = self.topics.name(&Topic::KioskEvent(self.kiosk.clone()));
        decode(&self.peer.next_on(&topic).await.payload).unwrap()
    }

    /// The daemon's session.
    pub async fn session(&mut self) -> Uuid {
        let topic = self.topics.name(&Topic::Session);
        decode::<Session>(&self.peer.next_on(&topic).await.payload).unwrap().session
    }

    pub async fn ask(&mut self, id: u128, session: Uuid, args: Args) -> Answer {
        self.send(id, session, args).await;
        self.answer(id).await
    }

    pub async fn send(&mut self, id: u128, session: Uuid, args: Args) {
        let request = Uuid::from_u128(id);
        let topic = self.topics.name(&Topic::Request(self.kiosk.clone(), args.name().to_owned()));
        assert!(self.peer.publish(&topic, encode(&Request { v: V, id: request, session, args }), false).await);
    }

    /// Asks for what a badge has to sign, holds the `n`th member's badge to the reader, and hears what came of it.
    pub async fn sign(&mut self, world: &World, n: usize, id: u128, session: Uuid, args: Args) -> Answer {
        assert!(matches!(self.ask(id, session, args).await, Answer::Armed { .. }));
        world.tap(n);
        self.answer(id).await
    }

    /// The next answer to a request.
    pub async fn answer(&mut self, id: u128) -> Answer {
        let id = Uuid::from_u128(id);
        let topic = self.topics.name(&Topic::Response(self.kiosk.clone(), id.to_string()));
        let response: Response = decode(&self.peer.next_on(&topic).await.payload).unwrap();
        assert_eq!(response.id, id);
        response.answer
    }
}

/// The right that came with an event.
pub fn grant_of(event: &KioskEvent) -> Uuid {
    match &event.shown {
        Shown::Greeting(greeting) => greeting.grant.as_ref().expect("a grant beside the reader").token,
        Shown::Unknown { grant, .. } => grant.as_ref().expect("a grant beside the reader").token,
        Shown::Refused { .. } => panic!("no grant in a refusal"),
    }
}

/// Runs a test's client.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

/// A refusal.
pub fn refused(reason: &str) -> Answer {
    Answer::Refused { reason: reason.to_owned() }
}
