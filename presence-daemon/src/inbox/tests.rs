use super::*;
use crate::community::Step;
use crate::community::ledger;
use crate::community::moderation::Step as Moderate;
use crate::community::tests::world::{World, id};
use crate::community::{Draft, needs};
use crate::key::BadgeMac;
use crate::presence::{PairingCode, What};
use uuid::Uuid;
use voisins_shared::payload::Action;

fn told(world: &World, kept: &Kept, down: &[(ReaderName, Option<Timestamp>)]) -> Vec<Item> {
    let (presence, directory, community) = (&world.presence, &world.directory, &world.community);
    items(&House { presence, directory, community, down, kept, now: &world.now() })
}

fn sorts(world: &World, kept: &Kept) -> Vec<Sort> {
    told(world, kept, &[]).into_iter().map(|item| item.sort).collect()
}

fn settled(kept: &mut Kept, item: &Item) {
    let mark = item.settles.clone().expect("something to settle");
    kept.settled.insert(mark.of, mark.stamp);
}

#[test]
fn a_reader_that_is_down_and_a_card_that_waits_stand_first() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "relire un contrat");
    world.days(4);
    let code = PairingCode::pick(7, |_| false);
    let card = BadgeMac { key_id: 1, mac: [1; 32] };
    let cafe = ReaderName::new("cafe").unwrap();
    world.happens(What::UnknownTapped { code, reader: cafe.clone(), card });
    let kept = Kept { unanswered: [need].into(), ..Kept::default() };
    let items = told(&world, &kept, &[(cafe, world.now().wall)]);
    let sorts: Vec<Sort> = items.iter().map(|item| item.sort).collect();
    assert_eq!(sorts, [Sort::ReaderDown, Sort::UnknownBadge, Sort::Unanswered]);
    assert_eq!(counts(&items)[&Sort::UnknownBadge], 1);
    assert!(items[1].values.contains(&text("code", code.unwrap().to_string())));
}

#[test]
fn a_need_is_told_after_three_days_and_not_once_it_was_answered() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "relire un contrat");
    let kept = Kept { unanswered: [need].into(), ..Kept::default() };
    assert_eq!(sorts(world.days(2), &kept), []);
    assert_eq!(sorts(world.days(1), &kept), [Sort::Unanswered]);
    assert_eq!(sorts(&world, &Kept::default()), [], "it had an answer once");
    world.signs(2, &Action::Help { need }).unwrap();
    assert_eq!(sorts(&world, &kept), [], "its author reads who can help");
}

#[test]
fn an_answer_to_a_need_without_a_name_goes_through_the_coordination_until_they_are_introduced() {
    let mut world = World::default();
    let (text, audience) = ("un conseil".to_owned(), Audience::Unnamed);
    let need = NeedId(world.signs(1, &Action::PostNeed { text, skills: vec![], audience }).unwrap());
    world.signs(2, &Action::Help { need }).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), [Sort::Answer]);
    world.asks(1, 2).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), []);
}

#[test]
fn who_can_help_the_space_is_told_and_can_be_settled() {
    let mut world = World::default();
    let need = world.looks_for(None, "des photos");
    world.signs(2, &Action::Help { need }).unwrap();
    let items = told(&world, &Kept::default(), &[]);
    assert_eq!(items[0].sort, Sort::AnswerToSpace);
    let mut kept = Kept::default();
    settled(&mut kept, &items[0]);
    assert_eq!(sorts(&world, &kept), []);
    world.signs(3, &Action::Help { need }).unwrap();
    assert_eq!(sorts(&world, &kept), [Sort::AnswerToSpace], "somebody else is news");
}

#[test]
fn a_report_is_told_again_only_if_it_is_reported_again() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "vente de pneus");
    let report = Action::Report { what: Reported::Need { need } };
    world.signs(2, &report).unwrap();
    let items = told(&world, &Kept::default(), &[]);
    assert_eq!((items.len(), items[0].sort, &items[0].leads), (1, Sort::TextReported, &Leads::Moderation));
    let mut kept = Kept::default();
    settled(&mut kept, &items[0]);
    assert_eq!(sorts(&world, &kept), []);
    world.signs(3, &report).unwrap();
    assert_eq!(sorts(&world, &kept), [Sort::TextReported], "two have hidden it");
    world.does(&Step::Moderation(Moderate::Restore(Reported::Need { need }))).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), [], "the coordination has looked");
    world.does(&Step::Moderation(Moderate::Hide(Reported::Need { need }))).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), [], "it was their own hand");
}

#[test]
fn je_connais_quelqu_un_waits_until_it_is_settled() {
    let mut world = World::default();
    let need = world.looks_for(None, "un traiteur");
    let note = world.signs(2, &Action::Refer { need, text: "ma cousine".into() }).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), [Sort::Referral]);
    let settle = crate::community::notes::Step::Settle(voisins_shared::note::NoteId(note));
    world.does(&Step::Note(settle)).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), []);
}

#[test]
fn over_use_is_told_again_when_it_grows() {
    let mut world = World::default();
    let correct = |passes, n| {
        let (member, reason, command) = (id(1), "essai".to_owned(), Uuid::from_u128(n));
        Step::Ledger(ledger::Step::Correct { member, passes, reason, command })
    };
    world.does(&correct(-1, 901)).unwrap();
    let items = told(&world, &Kept::default(), &[]);
    assert_eq!((items[0].sort, &items[0].values[1].1), (Sort::Overuse, &Value::Number(1)));
    let mut kept = Kept::default();
    settled(&mut kept, &items[0]);
    assert_eq!(sorts(&world, &kept), []);
    world.does(&correct(-1, 902)).unwrap();
    assert_eq!(sorts(&world, &kept), [Sort::Overuse]);
    world.does(&correct(2, 903)).unwrap();
    assert_eq!(sorts(&world, &kept), []);
}

#[test]
fn a_barred_badge_is_told_once_and_again_at_its_next_tap() {
    let world = World::default();
    let tap = |seq| BarredTap { badge: 3, member: Some(id(1)), reason: Barred::Lost, seq, at: world.now().wall };
    let mut kept = Kept { barred: vec![tap(10)], ..Kept::default() };
    let items = told(&world, &kept, &[]);
    assert_eq!(items[0].sort, Sort::BarredBadge);
    settled(&mut kept, &items[0]);
    assert_eq!(sorts(&world, &kept), []);
    kept.barred = vec![tap(12)];
    assert_eq!(sorts(&world, &kept), [Sort::BarredBadge]);
}

#[test]
fn declared_visits_and_said_members_are_told_and_guests_are_not() {
    let world = World::default();
    let vouched = |n: i64, vouch| {
        let member = (vouch == Vouch::Member).then(|| id(2));
        VouchedFor { id: n, at: world.now().wall, by: id(1), vouch, member, name: Some("Zoé".into()) }
    };
    let all = Vouch::ALL.into_iter().zip(1..).map(|(vouch, n)| vouched(n, vouch)).collect();
    let items = told(&world, &Kept { vouched: all, ..Kept::default() }, &[]);
    let declared = items.iter().filter(|item| item.sort == Sort::Declared).count();
    assert_eq!((items.len(), declared), (4, 1));
    assert!(items.iter().all(|item| item.settles.is_some()));
}

#[test]
fn an_introduction_nobody_answered_is_told_for_a_month_and_one_that_was_closed_is_not() {
    let mut world = World::default();
    world.asks(1, 2).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), []);
    world.days(6);
    assert_eq!(sorts(&world, &Kept::default()), [Sort::IntroductionEnded]);
    world.days(30);
    assert_eq!(sorts(&world, &Kept::default()), []);
}

#[test]
fn what_waits_for_approval_says_so() {
    let mut world = World::default();
    world.community = world.community.clone().with_moderation(crate::community::moderation::Moderation::default(), true);
    let post = Action::PostNeed { text: "un prêt".into(), skills: vec![], audience: Audience::Named };
    world.signs(1, &post).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), [Sort::Approval]);
    let draft = Draft { text: "des chaises".into(), skills: vec![] };
    let (author, audience, need, passes) = (None, Audience::Named, NeedId(Uuid::from_u128(77)), None);
    world.does(&Step::Need(needs::Step::Put { author, draft, audience, need, passes })).unwrap();
    assert_eq!(sorts(&world, &Kept::default()), [Sort::Approval], "the space's own waits for nobody");
}
