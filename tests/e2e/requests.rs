//! Touches on a kiosk, on the wire: a grant comes with the greeting, a request uses it, the answer is stored.

#![allow(clippy::disallowed_methods, reason = "a test waits for a state with a limit")]

use crate::hand::{Hand, grant_of, refused, run};
use presence_daemon::pipeline::TapOutcome;
use std::time::{Duration, Instant};
use uuid::Uuid;
use voisins_shared::payload::{Action, Answer, Args, Form, Grant, KioskEvent, Moment, Shown, refusal};
use voisins_shared::topic::Topic;
use voisins_shared::visit::Availability;
use voisins_tests::card::Card;
use voisins_tests::world::{Plan, World, name, uid, wait_until};

const OPEN: &str = "SELECT count(*) FROM visit WHERE closed_seq IS NULL";

#[test]
fn je_repars_and_annuler_by_request() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let event = hand.event().await;
        let (session, leave) = (event.session, Args::Leave { grant: grant_of(&event) });
        let Answer::Done { undo: Some(undo), .. } = hand.ask(1, session, leave.clone()).await else { panic!() };
        assert_eq!(world.number("SELECT count(*) FROM visit WHERE closed_by = 'button'"), 1);
        // the same request again (QoS 1 may repeat): the stored answer, and nothing happens twice
        let events = world.number("SELECT count(*) FROM event");
        assert_eq!(hand.ask(1, session, leave.clone()).await, Answer::Done { signer: None, undo: Some(undo.clone()) });
        assert_eq!(world.number("SELECT count(*) FROM event"), events);
        assert_eq!(hand.ask(2, session, leave).await, Answer::Expired, "a grant works once");
        assert_eq!(hand.ask(3, session, Args::Undo { grant: undo.token }).await, Answer::Done { signer: None, undo: None });
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
        assert_eq!(hand.ask(4, second.session, busy(&second)).await, Answer::Done { signer: None, undo: None });
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
    assert_eq!(answer, Answer::Done { signer: None, undo: None });
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
        let Answer::Done { undo: Some(Grant { expires_in_ms, .. }), .. } =
            hand.ask(1, event.session, Args::Leave { grant: grant_of(&event) }).await
        else {
            panic!()
        };
        assert_eq!(expires_in_ms, 5000);
    });
}

const LEAVE: Args = Args::Sign { action: Action::Leave };
const SIGNED_OUT: &str = "SELECT count(*) FROM visit WHERE closed_by = 'signed'";

#[test]
fn a_signed_je_repars_and_its_annuler() {
    let world = World::start(&Plan { hidden: vec![2], ..Plan::default() });
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let session = hand.event().await.session;
        assert_eq!(hand.ask(1, session, LEAVE).await, Answer::Armed { expires_in_ms: 15_000 });
        // within the double-tap window of the arrival: arming opened a new one
        world.tap(1);
        let Answer::Done { signer: Some(signer), undo: Some(undo) } = hand.answer(1).await else { panic!() };
        assert!(name(1).starts_with(&signer.first_name), "{signer:?}");
        assert_eq!((undo.expires_in_ms, world.number(SIGNED_OUT), world.number(OPEN)), (5_000, 1, 0));
        // the same request again: the stored answer, and nothing is awaited
        let done = Answer::Done { signer: Some(signer), undo: Some(undo.clone()) };
        assert_eq!(hand.ask(1, session, LEAVE).await, done);
        assert_eq!(hand.ask(2, session, Args::Undo { grant: undo.token }).await, Answer::Done { signer: None, undo: None });
        assert_eq!(world.number(OPEN), 1);
        // who has not agreed to be named signs all the same
        world.tap(2);
        hand.event().await;
        assert!(matches!(hand.ask(3, session, LEAVE).await, Answer::Armed { .. }));
        world.tap(2);
        assert!(matches!(hand.answer(3).await, Answer::Done { signer: None, undo: Some(_) }));
    });
}

#[test]
fn a_signed_availability_keeps_the_visit_open() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let session = hand.event().await.session;
        let quiet = Args::Sign { action: Action::Availability { availability: Availability::DoNotDisturb } };
        assert!(matches!(hand.ask(1, session, quiet).await, Answer::Armed { .. }));
        let tapped = wait_until("the badge signs", || {
            let (outcome, _) = world.tap_by_command("cafe", &uid(1))?;
            (outcome != TapOutcome::Double).then_some(outcome)
        });
        assert_eq!(tapped, TapOutcome::Signed);
        assert!(matches!(hand.answer(1).await, Answer::Done { signer: Some(_), undo: None }));
        assert_eq!(world.number("SELECT count(*) FROM visit WHERE availability = 'do_not_disturb' AND closed_seq IS NULL"), 1);
        assert_eq!(hand.ask(2, session, Args::Sign { action: Action::Unknown }).await, refused(refusal::UNKNOWN_ACTION));
    });
}

#[test]
fn an_unknown_badge_is_a_line_and_the_wait_goes_on() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let session = hand.event().await.session;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        world.tap_at(0, &[0x04, 0xDE, 0xAD, 0xBE]);
        let event = hand.event().await;
        assert!(matches!((event.form, event.shown), (Form::Line, Shown::Unknown { grant: None, .. })));
        let Answer::Armed { expires_in_ms } = hand.ask(1, session, LEAVE).await else { panic!() };
        assert!(expires_in_ms < 15_000, "the same request again gets what is left");
        world.tap(1);
        assert!(matches!(hand.answer(1).await, Answer::Done { .. }));
    });
}

#[test]
fn a_member_not_yet_present_arrives_first_and_is_asked_again() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let session = hand.session().await;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        world.tap(1);
        let event = hand.event().await;
        assert_eq!(hand.answer(1).await, refused(refusal::ARRIVED_FIRST));
        assert_eq!(event.form, Form::Line);
        assert!(matches!(event.shown, Shown::Greeting(greeting) if greeting.moment == Moment::Arrival));
        assert_eq!(world.number("SELECT count(*) FROM visit WHERE opened_by = 'signed' AND closed_seq IS NULL"), 1);
        assert!(matches!(hand.ask(2, session, LEAVE).await, Answer::Armed { .. }));
        world.tap(1);
        assert!(matches!(hand.answer(2).await, Answer::Done { .. }));
    });
}

#[test]
fn one_request_waits_at_a_kiosk_and_none_where_no_reader_stands() {
    let world = World::start(&Plan::default());
    run(async {
        let (mut hand, mut salon) = (Hand::of(&world).await, Hand::at(&world, "salon").await);
        let session = hand.session().await;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        assert_eq!(hand.ask(2, session, LEAVE).await, refused(refusal::BUSY));
        assert_eq!(salon.ask(3, session, LEAVE).await, refused(refusal::NO_READER));
        // another kiosk can't take it back, and a refused request stays refused
        assert_eq!(salon.ask(4, session, Args::Cancel { request: Uuid::from_u128(1) }).await, Answer::Expired);
        hand.send(5, session, Args::Cancel { request: Uuid::from_u128(1) }).await;
        assert_eq!((hand.answer(1).await, hand.answer(5).await), (Answer::Cancelled, Answer::Cancelled));
        assert_eq!(hand.ask(2, session, LEAVE).await, refused(refusal::BUSY));
    });
}

#[test]
fn a_card_that_lies_there_signs_nothing_until_it_comes_back() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let reader = &world.pcscd.readers[0];
        reader.insert(Card::new(&uid(1)));
        let session = hand.event().await.session;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!((world.number(OPEN), world.number("SELECT count(*) FROM event WHERE kind = 'seen'")), (1, 0));
        reader.remove();
        world.tap(1);
        assert!(matches!(hand.answer(1).await, Answer::Done { .. }));
    });
}

#[test]
fn a_tap_at_the_door_meanwhile_is_just_a_tap() {
    let door = ("ACS ACR1252 Dual Reader", "name = \"porte\"");
    let mut plan = Plan::default();
    plan.readers.push(door);
    let world = World::start(&plan);
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let session = hand.event().await.session;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        world.tap_at(1, &uid(2));
        let event = hand.event().await;
        assert!(matches!(event.shown, Shown::Greeting(greeting) if greeting.moment == Moment::Arrival));
        world.tap(1);
        assert!(matches!(hand.answer(1).await, Answer::Done { .. }));
        assert_eq!((world.number(OPEN), world.number(SIGNED_OUT)), (1, 1), "who came in by the door is here");
    });
}

#[test]
fn of_two_who_tap_at_once_the_first_signs_and_the_second_just_taps() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let session = hand.event().await.session;
        world.tap(2);
        hand.event().await;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        // one after the other, as fast as a reader can tell them apart
        world.tap(1);
        world.tap(2);
        assert!(
            matches!(hand.answer(1).await, Answer::Done { signer: Some(signer), .. } if name(1).starts_with(&signer.first_name))
        );
        let event = hand.event().await;
        let Shown::Greeting(greeting) = event.shown else { panic!("{event:?}") };
        assert!(name(2).starts_with(&greeting.greeted.unwrap().first_name));
        assert_eq!((greeting.moment, world.number(OPEN), world.number(SIGNED_OUT)), (Moment::Seen, 1, 1));
    });
}

#[test]
fn annuler_takes_a_request_back_unless_it_was_signed_first() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let session = hand.session().await;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        hand.send(2, session, Args::Cancel { request: Uuid::from_u128(1) }).await;
        assert_eq!((hand.answer(1).await, hand.answer(2).await), (Answer::Cancelled, Answer::Cancelled));
        world.tap(1);
        assert_eq!(hand.event().await.form, Form::Full, "a tap is just a tap again");
        assert_eq!(hand.ask(1, session, LEAVE).await, Answer::Cancelled, "the stored answer");
        assert!(matches!(hand.ask(3, session, LEAVE).await, Answer::Armed { .. }));
        world.tap(1);
        let done = hand.answer(3).await;
        assert!(matches!(done, Answer::Done { .. }));
        assert_eq!(hand.ask(4, session, Args::Cancel { request: Uuid::from_u128(3) }).await, done, "too late");
        assert_eq!(world.number(SIGNED_OUT), 1);
    });
}

#[test]
fn without_a_badge_a_request_expires_after_15_s() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let session = hand.session().await;
        let begun = Instant::now();
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        // asked in the middle: no need to look more often than the wait itself
        tokio::time::sleep(Duration::from_secs(14)).await;
        let Answer::Armed { expires_in_ms } = hand.ask(1, session, LEAVE).await else { panic!() };
        assert!(expires_in_ms <= 1_000, "{expires_in_ms}");
        assert_eq!(hand.answer(1).await, Answer::Expired);
        assert!(begun.elapsed() >= Duration::from_millis(14_900), "{:?}", begun.elapsed());
        assert_eq!(hand.ask(1, session, LEAVE).await, Answer::Expired, "the stored answer");
        world.tap(1);
        assert_eq!(hand.event().await.form, Form::Full);
        assert_eq!(world.number(OPEN), 1);
    });
}

#[test]
fn a_restart_of_the_daemon_ends_the_wait() {
    let mut world = World::start(&Plan::default());
    let session = run(async {
        let mut hand = Hand::of(&world).await;
        let session = hand.session().await;
        assert!(matches!(hand.ask(1, session, LEAVE).await, Answer::Armed { .. }));
        session
    });
    world.kill_daemon();
    world.start_daemon();
    world.wait_until_ready();
    run(async {
        let mut hand = Hand::of(&world).await;
        assert_ne!(hand.session().await, session, "the kiosk sees that it has to begin anew");
        assert_eq!(hand.ask(1, session, LEAVE).await, refused(refusal::OTHER_SESSION));
        world.tap(1);
        assert_eq!(hand.event().await.form, Form::Full, "nothing is awaited");
    });
    assert_eq!((world.number(OPEN), world.number(SIGNED_OUT)), (1, 0));
}
