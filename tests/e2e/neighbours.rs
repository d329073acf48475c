//! The heart: somebody looks for help, and the neighbour who can give it has just tapped in. On the wire, with real cards.

use crate::hand::{Hand, grant_of, refused, run};
use uuid::Uuid;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Action, Answer, Args, ForYou, KioskEvent, Needs, Shown, refusal};
use voisins_shared::topic::Topic;
use voisins_tests::world::{Frame, Plan, World, name, wait_until};

/// Matches that somebody was told of.
const TOLD: &str = "SELECT count(*) FROM event WHERE kind = 'match_told'";
/// The demonstration's accountant.
const GISELE: usize = 2;

fn post(text: &str, audience: Audience) -> Args {
    Args::Sign { action: Action::PostNeed { text: text.into(), skills: vec![], audience } }
}

fn for_you(event: &KioskEvent) -> u32 {
    let Shown::Greeting(greeting) = &event.shown else { panic!("{event:?}") };
    greeting.for_you
}

/// What is looked for, once it is so much.
async fn needs(hand: &mut Hand, count: usize) -> Needs {
    let topic = hand.topics.name(&Topic::Needs);
    hand.peer.state(&topic, |needs: &Needs| needs.needs.len() == count).await
}

/// Somebody taps, and opens what waits for them.
async fn see(world: &World, hand: &mut Hand, n: usize, id: u128) -> (KioskEvent, Vec<ForYou>) {
    world.tap(n);
    let event = hand.event().await;
    match hand.ask(id, event.session, Args::See { grant: grant_of(&event) }).await {
        Answer::ForYou { items } => (event, items),
        other => panic!("{other:?}"),
    }
}

#[test]
fn somebody_needs_help_and_the_neighbour_who_can_give_it_has_just_tapped_in() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        needs(&mut hand, 0).await;
        world.tap(1);
        let session = hand.event().await.session;
        let Answer::Done { signer: Some(asker), undo: Some(_) } =
            hand.sign(&world, 1, 1, session, post("Besoin d’un comptable", Audience::Named)).await
        else {
            panic!()
        };
        let posted = needs(&mut hand, 1).await;
        let need = &posted.needs[0];
        assert_eq!((need.text.as_str(), need.author), ("Besoin d’un comptable", Some(asker.member)));
        // somebody else comes, and nothing waits for them; then the accountant
        world.tap(3);
        assert_eq!(for_you(&hand.event().await), 0);
        let (event, items) = see(&world, &mut hand, GISELE, 2).await;
        assert_eq!(for_you(&event), 1);
        let [ForYou::CanHelp { text, asker: Some(named), why, .. }] = &*items else { panic!("{items:?}") };
        assert_eq!((text, named, why.first().map(String::as_str)), (&need.text, &asker, Some("Comptabilité")));
        // pressed again, or sent again: the same, and told once; nothing of it is kept on disk
        let again = hand.ask(2, session, Args::See { grant: grant_of(&event) }).await;
        assert_eq!(again, Answer::ForYou { items: items.clone() });
        assert_eq!(world.number(TOLD), 1);
        assert_eq!(world.number("SELECT count(*) FROM request WHERE answer LIKE '%comptable%'"), 0);
        // the asker's next tap: somebody here can help
        let (_, items) = see(&world, &mut hand, 1, 3).await;
        let [ForYou::CanBeHelped { helper, .. }] = &*items else { panic!("{items:?}") };
        assert!(name(GISELE).starts_with(&helper.first_name));
        // Je peux aider, under the greeting; the asker learns of it at their next tap
        world.tap(GISELE);
        let event = hand.event().await;
        let help = Args::Help { grant: grant_of(&event), need: need.id };
        assert_eq!(hand.ask(4, session, help).await, Answer::Done { signer: None, undo: None });
        let (_, items) = see(&world, &mut hand, 1, 5).await;
        assert!(matches!(&*items, [ForYou::Offered { helper: Some(_), .. }]), "{items:?}");
        world.tap(3);
        hand.event().await;
        world.tap(1);
        assert_eq!(for_you(&hand.event().await), 0);
    });
}

#[test]
fn somebody_needs_help_and_sees_who_can_give_it_on_the_kiosk() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    let shows = |word: Option<&'static str>| move |frame: &Frame| frame.dialog.as_deref() == word;
    kiosk.wait_for("the kiosk has news", |frame| frame.online);
    world.tap(1);
    kiosk.wait_for("greeted", shows(Some("arrival")));
    kiosk.wait_for("the greeting goes by itself", shows(None));
    let posted = world.command(&["need", "post", "Besoin d’un comptable", "--for", &name(1)]);
    assert!(posted.status.success(), "{}", String::from_utf8_lossy(&posted.stderr));
    let before = kiosk.picture();
    world.tap(GISELE);
    kiosk.wait_for("something waits for the accountant", shows(Some("arrival")));
    assert_eq!(world.number(TOLD), 0, "before Voir nothing is told");
    // the mockup's black button
    kiosk.press(944, 393);
    kiosk.wait_for("what waited is open", shows(Some("for_you")));
    assert_eq!(world.number(TOLD), 1);
    let open = wait_until("the window shows it", || Some(kiosk.picture()).filter(|picture| *picture != before));
    // a card with a face and words on it, where the empty screen was
    assert_ne!(open.colours(244, 312, 792, 84), before.colours(244, 312, 792, 84));
    // Je peux aider; a press right after Voir was meant for Voir
    wait_until("the help is noted", || {
        kiosk.press(724, 431);
        (world.number("SELECT count(*) FROM event WHERE kind = 'help_offered'") == 1).then_some(())
    });
    kiosk.press(640, 517);
    kiosk.wait_for("Fermer", shows(None));
    // the asker comes by again: the kiosk is in use, so it waits on for them
    world.tap(1);
    let frame = kiosk.wait_for("a line", |frame| !frame.lines.is_empty());
    assert_eq!((frame.dialog, world.number("SELECT count(*) FROM event WHERE kind = 'help_told'")), (None, 0));
}

#[test]
fn a_need_is_withdrawn_by_its_authors_badge_alone_and_survives_a_restart() {
    let mut world = World::start(&Plan::default());
    let need = run(async {
        let mut hand = Hand::of(&world).await;
        needs(&mut hand, 0).await;
        world.tap(1);
        let session = hand.event().await.session;
        assert!(matches!(
            hand.sign(&world, 1, 1, session, post("Relire un contrat", Audience::Unnamed)).await,
            Answer::Done { .. }
        ));
        let need = needs(&mut hand, 1).await.needs.remove(0);
        assert_eq!(need.author, None);
        need.id
    });
    world.kill_daemon();
    world.start_daemon();
    world.wait_until_ready();
    run(async {
        let mut hand = Hand::of(&world).await;
        assert_eq!(needs(&mut hand, 1).await.needs[0].id, need);
        world.tap(2);
        let session = hand.event().await.session;
        let withdraw = |need| Args::Sign { action: Action::WithdrawNeed { need, met: false } };
        for (id, n, need, reason) in [(11, 2, need, refusal::NOT_YOURS), (12, 2, NeedId(Uuid::nil()), refusal::NO_SUCH_NEED)] {
            assert_eq!(hand.sign(&world, n, id, session, withdraw(need)).await, refused(reason));
        }
        assert!(matches!(hand.sign(&world, 1, 13, session, withdraw(need)).await, Answer::Done { .. }));
        needs(&mut hand, 0).await;
    });
}

#[test]
fn annuler_takes_a_need_back_and_a_bad_one_is_refused() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        needs(&mut hand, 0).await;
        world.tap(1);
        let session = hand.event().await.session;
        let Answer::Done { undo: Some(undo), .. } = hand.sign(&world, 1, 1, session, post("Un logo", Audience::Named)).await else {
            panic!()
        };
        needs(&mut hand, 1).await;
        assert_eq!(hand.ask(2, session, Args::Undo { grant: undo.token }).await, Answer::Done { signer: None, undo: None });
        needs(&mut hand, 0).await;
        for (id, text) in [(3, " "), (4, &*"x".repeat(141))] {
            assert_eq!(hand.sign(&world, 1, id, session, post(text, Audience::Named)).await, refused(refusal::BAD_NEED));
        }
    });
}

#[test]
fn the_manager_posts_for_the_space_lists_and_closes() {
    let world = World::start(&Plan::default());
    let run_need = |arguments: &[&str]| {
        let output = world.command(&[&["need"], arguments].concat());
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (done, id) = run_need(&["post", "Photos de la salle", "--skill", "Photographie"]);
    assert!(done, "{id}");
    let author = name(1);
    assert!(run_need(&["post", "Un avocat", "--for", &author, "--audience", "coordination"]).0);
    let (_, list) = run_need(&["list"]);
    assert!(list.contains("Photos de la salle") && list.contains(&author) && list.lines().count() == 2, "{list}");
    run(async {
        let mut hand = Hand::of(&world).await;
        let shown = needs(&mut hand, 1).await.needs;
        assert_eq!(shown.iter().map(|need| (&*need.text, need.space)).collect::<Vec<_>>(), [("Photos de la salle", true)]);
    });
    assert!(run_need(&["close", id.trim()]).0);
    let (done, told) = run_need(&["close", id.trim()]);
    assert!(!done && told.contains("need list"), "{told}");
    let (done, told) = run_need(&["post", &"x".repeat(141)]);
    assert!(!done && told.contains("140 characters"), "{told}");
}
