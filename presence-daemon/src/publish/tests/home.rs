//! What other systems of the house are told.

use super::*;
use voisins_shared::payload::{AtHome, Evacuation, OpenNeeds};

const CONFIG: &str = "site = 'a'\n[[reader]]\nname = 'porte'\nkind = 'scripted'\n[home_assistant]\n";

fn agreed(n: u32, name: &str) -> crate::directory::Member {
    let mut member = member(n, name, &[]);
    member.consents.insert((Field::Name, Surface::HomeAssistant));
    member
}

fn world(keys: &str) -> World {
    let shown = member(3, "Paul Kiosque", &[Field::Name]);
    let mut world = World::new(vec![agreed(1, "Anne Tremblay"), agreed(2, "Anne Roy"), shown]);
    world.config = Config::parse(&format!("{CONFIG}{keys}"), Path::new("t")).unwrap();
    world
}

fn home(world: &World) -> Vec<String> {
    let ours = |topic: &Topic| matches!(topic, Topic::AtHome(_) | Topic::Discovery | Topic::MemberDiscovery(_));
    world.view().topics().iter().filter(|topic| ours(topic)).map(ToString::to_string).collect()
}

#[test]
fn nothing_is_announced_unless_the_space_wants_it() {
    let (anne, other) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
    let ha = [format!("ha/{anne}"), format!("ha/{other}")];
    assert_eq!(home(&world("")), [""; 0]);
    assert_eq!(home(&world("discovery = true")), ["discovery"]);
    assert_eq!(home(&world("members = true")), ha);
    let all = home(&world("discovery = true\nmembers = true"));
    assert_eq!(all.len(), 5);
    assert!(ha.iter().all(|topic| all.contains(topic)), "{all:?}");
    for topic in [Topic::Discovery, Topic::AtHome(anne), Topic::MemberDiscovery(anne)] {
        assert_eq!(world("").view().render(&topic, 1), Some(vec![]), "{topic} is cleared");
    }
}

#[test]
fn those_who_agreed_are_told_by_a_short_name_and_nobody_else_is() {
    let mut world = world("discovery = true\nmembers = true");
    world.comes(1, subject(1));
    world.comes(2, subject(3));
    let at_home = |world: &World, n| world.document::<AtHome>(&Topic::AtHome(MemberId(Uuid::from_u128(n))));
    assert_eq!((&*at_home(&world, 1).name, at_home(&world, 1).present), ("Anne T.", true));
    assert_eq!((&*at_home(&world, 2).name, at_home(&world, 2).present), ("Anne R.", false));
    let hidden = MemberId(Uuid::from_u128(3));
    assert_eq!(world.view().render(&Topic::AtHome(hidden), 1), Some(vec![]));
    for topic in world.view().topics() {
        if matches!(topic, Topic::AtHome(_) | Topic::Discovery | Topic::MemberDiscovery(_)) {
            let bytes = world.view().render(&topic, 1).unwrap();
            assert!(!contains(&bytes, "Paul") && !contains(&bytes, "Tremblay") && !contains(&bytes, "Roy"), "{topic}");
        }
    }
    // after three hours without a tap nobody says "is here"
    world.seconds += 3 * 3600;
    assert!(!at_home(&world, 1).present);
}

#[test]
fn who_withdraws_is_cleared_and_who_comes_is_told() {
    let mut world = world("discovery = true\nmembers = true");
    let (anne, other) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
    let all = [Topic::AtHome(anne), Topic::AtHome(other)];
    assert_eq!(following(&[Topic::Presence], &world.view(), [anne].into_iter()), all);
    world.directory = Directory::new(vec![agreed(2, "Anne Roy")], []);
    let after = following(&[Topic::Directory], &world.view(), [anne, other].into_iter());
    assert!(after.contains(&Topic::AtHome(anne)) && after.contains(&Topic::MemberDiscovery(anne)), "{after:?}");
    for topic in [Topic::AtHome(anne), Topic::MemberDiscovery(anne)] {
        assert_eq!(world.view().render(&topic, 1), Some(vec![]), "{topic}");
    }
}

#[test]
fn a_need_for_the_coordination_is_in_no_number() {
    let mut world = world("");
    for (n, audience) in [Audience::Named, Audience::Unnamed, Audience::Coordination].into_iter().enumerate() {
        let id = NeedId(Uuid::from_u128(n as u128));
        let posted = world.community.post(None, "aide", &[], audience, id).unwrap();
        world.happens(posted);
    }
    assert_eq!(world.document::<OpenNeeds>(&Topic::NeedsCount).open, 2);
    assert_eq!(following(&[Topic::Needs], &world.view(), std::iter::empty()), [Topic::NeedsCount]);
}

#[test]
fn an_evacuation_is_told_with_its_beginning() {
    let mut world = world("");
    assert_eq!(world.document::<Evacuation>(&Topic::Evacuation), Evacuation { active: false, since: None, ..evacuation(&world) });
    let begins = world.happens(What::EvacuationSet { active: true, by: crate::presence::Alarm::Manager });
    assert!(dirty(std::slice::from_ref(&begins)).contains(&Topic::Evacuation));
    world.presence.apply(&begins);
    let told = evacuation(&world);
    assert_eq!((told.active, told.since), (true, begins.at.wall));
}

fn evacuation(world: &World) -> Evacuation {
    world.document(&Topic::Evacuation)
}
