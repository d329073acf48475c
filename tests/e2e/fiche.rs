//! *Ma fiche* on the wire: opened by a badge, changed under its grant, and at once on every screen.

use crate::hand::{Hand, grant_of, refused, run};
use voisins_shared::language::Language;
use voisins_shared::member::{Field, Surface};
use voisins_shared::payload::{Action, Answer, Args, Directory, KioskEvent, Profile, ProfileChange, Shown, TextSize, refusal};
use voisins_shared::topic::Topic;
use voisins_shared::visit::Availability;
use voisins_tests::world::{Plan, World, name};

const OPEN: Args = Args::Sign { action: Action::Profile };

fn profile(answer: Answer) -> Profile {
    match answer {
        Answer::Profile(profile) => *profile,
        other => panic!("{other:?}"),
    }
}

fn shown_on(profile: &Profile, field: Field) -> Vec<Surface> {
    profile.fields.iter().find(|f| f.field == field).expect("every field").shown_on.clone()
}

fn show(fields: &[Field], shown: bool) -> ProfileChange {
    ProfileChange::Show { fields: fields.to_vec(), surface: Surface::Kiosk, shown }
}

fn offer(event: &KioskEvent) -> bool {
    matches!(&event.shown, Shown::Greeting(greeting) if greeting.offer)
}

/// Waits until the directory has somebody, or has them no more.
async fn in_directory(hand: &mut Hand, name: &str, is_in: bool) {
    let topic = hand.topics.name(&Topic::Directory);
    let wanted = |directory: &Directory| directory.members.iter().any(|member| member.name == name) == is_in;
    hand.peer.state(&topic, wanted).await;
}

#[test]
fn a_member_shows_and_hides_themselves_with_their_badge() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        in_directory(&mut hand, &name(1), true).await;
        world.tap(1);
        let session = hand.event().await.session;
        let opened = profile(hand.sign(&world, 1, 1, session, OPEN).await);
        assert_eq!((opened.name.as_str(), opened.grant.expires_in_ms), (&*name(1), 90_000));
        assert!(shown_on(&opened, Field::Name).contains(&Surface::Kiosk));
        let grant = opened.grant.token;
        let change = |change| Args::Profile { grant, change };
        let hidden = profile(hand.ask(2, session, change(show(&[Field::Name], false))).await);
        assert!(!shown_on(&hidden, Field::Name).contains(&Surface::Kiosk));
        in_directory(&mut hand, &name(1), false).await; // at once, on every screen
        let by_member = "SELECT count(*) FROM consent WHERE given_by = 'member' AND state = 'withdrawn' AND field = 'name'";
        assert_eq!(world.number(by_member), 1);
        // the same request again (QoS 1 may repeat): nothing happens twice, and what is kept tells nothing
        assert_eq!(hand.ask(2, session, change(show(&[Field::Name], false))).await, Answer::Done { signer: None, undo: None });
        assert_eq!(world.number(by_member), 1);
        assert_eq!(world.number("SELECT count(*) FROM request WHERE answer LIKE '%fields%'"), 0);
        profile(hand.ask(3, session, change(show(&[Field::Name, Field::Photo], true))).await);
        in_directory(&mut hand, &name(1), true).await;
        // Fermer ends the right
        assert_eq!(hand.ask(4, session, change(ProfileChange::Close)).await, Answer::Done { signer: None, undo: None });
        assert_eq!(hand.ask(5, session, change(show(&[Field::Name], false))).await, Answer::Expired);
        assert_eq!(hand.ask(1, session, OPEN).await, Answer::Expired, "it has to be signed again");
    });
}

#[test]
fn skills_language_text_size_and_availability_are_kept_and_greet_the_next_tap() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(1);
        let session = hand.event().await.session;
        let grant = profile(hand.sign(&world, 1, 1, session, OPEN).await).grant.token;
        let change = |change| Args::Profile { grant, change };
        let skills = |skills: &[&str]| ProfileChange::Skills { skills: skills.iter().map(|&s| s.to_owned()).collect() };
        assert_eq!(profile(hand.ask(2, session, change(skills(&["Soudure"]))).await).skills, ["Soudure"]);
        assert_eq!(hand.ask(3, session, change(skills(&["a", "b", "c", "d"]))).await, refused(refusal::BAD_SKILLS));
        assert_eq!(hand.ask(4, session, change(ProfileChange::Unknown)).await, refused(refusal::NOT_ALLOWED));
        profile(hand.ask(5, session, change(ProfileChange::Language { language: Language::En })).await);
        profile(hand.ask(6, session, change(ProfileChange::TextSize { text_size: TextSize::Large })).await);
        let quiet = Args::Availability { grant, availability: Availability::DoNotDisturb };
        assert_eq!(profile(hand.ask(7, session, quiet).await).availability, Availability::DoNotDisturb);
        // somebody else's tap meanwhile closes nothing
        world.tap(2);
        hand.event().await;
        assert_eq!(profile(hand.ask(8, session, change(skills(&[]))).await).skills.len(), 0);
        world.tap(1);
        let Shown::Greeting(greeting) = hand.event().await.shown else { panic!() };
        assert_eq!((greeting.language, greeting.text_size), (Some(Language::En), TextSize::Large));
        assert_eq!(greeting.availability, Availability::DoNotDisturb);
    });
}

#[test]
fn a_first_greeting_asks_once_whether_neighbours_may_know() {
    let world = World::start(&Plan { hidden: vec![1, 2], ..Plan::default() });
    run(async {
        let mut hand = Hand::of(&world).await;
        world.tap(3);
        let known = hand.event().await;
        assert!(!offer(&known), "who agreed on paper was asked");
        world.tap(1);
        let event = hand.event().await;
        assert!(offer(&event));
        // nothing pressed is no answer; Pas maintenant is one
        world.tap(2);
        assert!(offer(&hand.event().await));
        world.tap(1);
        let event = hand.event().await;
        assert!(offer(&event));
        let answer = |accepted| Args::Offer { grant: grant_of(&event), accepted };
        assert_eq!(hand.ask(1, event.session, answer(false)).await, Answer::Done { signer: None, undo: None });
        // the greeting's other buttons still work
        let open = Args::Availability { grant: grant_of(&event), availability: Availability::Open };
        assert_eq!(hand.ask(9, event.session, open).await, Answer::Done { signer: None, undo: None });
        world.tap(2);
        let event = hand.event().await;
        let opened = profile(hand.ask(2, event.session, Args::Offer { grant: grant_of(&event), accepted: true }).await);
        assert_eq!((opened.name.as_str(), shown_on(&opened, Field::Name)), (&*name(2), vec![]));
        let shown = Args::Profile { grant: opened.grant.token, change: show(&[Field::Name, Field::Skills], true) };
        profile(hand.ask(3, event.session, shown).await);
        world.tap(1);
        assert!(!offer(&hand.event().await), "they said not now");
        world.tap(2);
        assert!(!offer(&hand.event().await));
    });
}

#[test]
fn a_grant_of_one_kiosk_opens_nothing_at_another() {
    let world = World::start(&Plan::default());
    run(async {
        let (mut hand, mut salon) = (Hand::of(&world).await, Hand::at(&world, "salon").await);
        world.tap(1);
        let session = hand.event().await.session;
        let grant = profile(hand.sign(&world, 1, 1, session, OPEN).await).grant.token;
        let hide = || Args::Profile { grant, change: show(&[Field::Name], false) };
        assert_eq!(salon.ask(2, session, hide()).await, refused(refusal::NOT_ALLOWED));
        // who opens theirs there closes the one before
        world.tap(2);
        hand.event().await;
        profile(hand.sign(&world, 2, 3, session, OPEN).await);
        assert_eq!(hand.ask(4, session, hide()).await, Answer::Expired);
    });
}
