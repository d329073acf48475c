//! Touches on a kiosk, on the wire: a grant comes with the greeting, a request uses it, the answer is stored.

use uuid::Uuid;
use voisins_shared::name::KioskName;
use voisins_shared::payload::{Answer, Args, Grant, KioskEvent, Request, Response, Shown, V, decode, encode, refusal};
use voisins_shared::topic::{Topic, Topics};
use voisins_shared::visit::Availability;
use voisins_tests::broker::Peer;
use voisins_tests::world::{Plan, World};

const OPEN: &str = "SELECT count(*) FROM visit WHERE closed_seq IS NULL";

/// A kiosk that is only a client, with the account of the one beside the reader.
struct Hand {
    peer: Peer,
    topics: Topics,
    kiosk: KioskName,
}

impl Hand {
    async fn of(world: &World) -> Self {
        let kiosk = KioskName::new("cafe").unwrap();
        let topics = Topics::of(&"test".parse().unwrap());
        let (port, password) = world.kiosk_account("cafe");
        let peer = Peer::connect(port, Some(("kiosk-cafe", &password))).await.unwrap();
        for filter in topics.for_kiosk(&kiosk) {
            peer.subscribe(&filter).await;
        }
        Self { peer, topics, kiosk }
    }

    /// The next event at the reader.
    async fn event(&mut self) -> KioskEvent {
        let topic = self.topics.name(&Topic::KioskEvent(self.kiosk.clone()));
        decode(&self.peer.next_on(&topic).await.payload).unwrap()
    }

    async fn ask(&mut self, id: u128, session: Uuid, args: Args) -> Answer {
        let id = Uuid::from_u128(id);
        let topic = self.topics.name(&Topic::Request(self.kiosk.clone(), args.name().to_owned()));
        assert!(self.peer.publish(&topic, encode(&Request { v: V, id, session, args }), false).await);
        let topic = self.topics.name(&Topic::Response(self.kiosk.clone(), id.to_string()));
        let response: Response = decode(&self.peer.next_on(&topic).await.payload).unwrap();
        assert_eq!(response.id, id);
        response.answer
    }
}

fn grant_of(event: &KioskEvent) -> Uuid {
    match &event.shown {
        Shown::Greeting(greeting) => greeting.grant.as_ref().expect("a grant beside the reader").token,
        Shown::Unknown { grant, .. } => grant.as_ref().expect("a grant beside the reader").token,
        Shown::Refused { .. } => panic!("no grant in a refusal"),
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

#[test]
fn je_repars_and_annuler_by_request() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let event = hand.event().await;
        let (session, leave) = (event.session, Args::Leave { grant: grant_of(&event) });
        let Answer::Done { undo: Some(undo) } = hand.ask(1, session, leave.clone()).await else { panic!() };
        assert_eq!(world.number("SELECT count(*) FROM visit WHERE closed_by = 'button'"), 1);
        // the same request again (QoS 1 may repeat): the stored answer, and nothing happens twice
        let events = world.number("SELECT count(*) FROM event");
        assert_eq!(hand.ask(1, session, leave.clone()).await, Answer::Done { undo: Some(undo.clone()) });
        assert_eq!(world.number("SELECT count(*) FROM event"), events);
        assert_eq!(hand.ask(2, session, leave).await, Answer::Expired, "a grant works once");
        assert_eq!(hand.ask(3, session, Args::Undo { grant: undo.token }).await, Answer::Done { undo: None });
        assert_eq!(world.number(OPEN), 1);
    });
}

#[test]
fn availability_is_on_the_wire_and_a_grant_ends_at_the_next_tap() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let first = hand.event().await;
        world.tap(2);
        let second = hand.event().await;
        let busy = |event: &KioskEvent| Args::Availability { grant: grant_of(event), availability: Availability::DoNotDisturb };
        assert_eq!(hand.ask(1, first.session, busy(&first)).await, Answer::Expired);
        assert_eq!(hand.ask(2, second.session, Args::Guest { grant: grant_of(&second) }).await, refused(refusal::NOT_ALLOWED));
        assert_eq!(hand.ask(3, Uuid::nil(), busy(&second)).await, refused(refusal::OTHER_SESSION));
        assert_eq!(hand.ask(4, second.session, busy(&second)).await, Answer::Done { undo: None });
        assert_eq!(world.number("SELECT count(*) FROM visit WHERE availability = 'do_not_disturb'"), 1);
    });
}

#[test]
fn a_grant_of_before_a_restart_is_void_and_an_answer_survives_it() {
    let mut world = World::start(&Plan::default());
    let (event, answer) = run(async {
        let mut hand = Hand::of(&world).await;
        world.tap_at(0, &[0x04, 0xDE, 0xAD, 0xBE]);
        let event = hand.event().await;
        let answer = hand.ask(9, event.session, Args::Guest { grant: grant_of(&event) }).await;
        (event, answer)
    });
    assert_eq!(answer, Answer::Done { undo: None });
    world.kill_daemon();
    world.start_daemon();
    world.wait_until_ready();
    run(async {
        let mut hand = Hand::of(&world).await;
        let guest = Args::Guest { grant: grant_of(&event) };
        assert_eq!(hand.ask(9, event.session, guest.clone()).await, answer, "the stored answer");
        assert_eq!(hand.ask(10, event.session, guest).await, refused(refusal::OTHER_SESSION));
    });
    assert_eq!(world.number(OPEN), 1);
}

fn refused(reason: &str) -> Answer {
    Answer::Refused { reason: reason.to_owned() }
}

#[test]
fn a_broken_request_changes_nothing_and_the_next_one_works() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let topic = hand.topics.name(&Topic::Request(hand.kiosk.clone(), "leave".to_owned()));
        for nonsense in ["", "{", "[]", "{\"v\":1}", "\u{0}\u{1}"] {
            hand.peer.publish(&topic, nonsense, false).await;
        }
        world.tap(1);
        let event = hand.event().await;
        let Answer::Done { undo: Some(Grant { expires_in_ms, .. }) } =
            hand.ask(1, event.session, Args::Leave { grant: grant_of(&event) }).await
        else {
            panic!()
        };
        assert_eq!(expires_in_ms, 5000);
    });
}
