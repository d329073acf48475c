//! The light and the buzzer of an ACR122U, through pcscd.

use voisins_tests::card::Card;
use voisins_tests::world::{Plan, World, uid, wait_until};

const ACR122U: &str = "ACS ACR122U PICC Interface";
const ACR1252: &str = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC]";
const NO_DETECTION_BEEP: [u8; 5] = [0xFF, 0x00, 0x52, 0x00, 0x00];
/// ACR122U API 2.04, 6.2: green blinks once, with a beep; red once, long.
const ARRIVED: [u8; 9] = [0xFF, 0x00, 0x40, 0xA0, 0x04, 1, 1, 1, 1];
const REFUSED: [u8; 9] = [0xFF, 0x00, 0x40, 0x50, 0x04, 5, 1, 1, 1];
/// The remedy's words.
const NOT_SHOWN: &str = "n’a montré ni lumière ni son";
const VISITS: &str = "SELECT count(*) FROM visit WHERE closed_seq IS NULL";

fn plan() -> Plan {
    let lit = "name = \"cafe\"\nbeside = \"cafe\"\nfeedback = { acr122u = true }";
    Plan { readers: vec![(ACR122U, lit), (ACR1252, "name = \"porte\"")], ..Plan::default() }
}

/// What the reader itself was told, in order, by APDU or by escape command.
fn shown(world: &World) -> Vec<Vec<u8>> {
    world.pcscd.readers[0].commands()
}

#[test]
fn an_acr122u_shows_what_a_tap_came_to() {
    let world = World::start(&plan());
    wait_until("its own beep is off", || shown(&world).contains(&NO_DETECTION_BEEP.to_vec()).then_some(()));
    world.pcscd.readers[0].insert(Card::new(&uid(1)));
    wait_until("green", || shown(&world).contains(&ARRIVED.to_vec()).then_some(()));
    assert_eq!(world.number(VISITS), 1, "on disk before it shows");
    world.pcscd.readers[0].remove();
    world.pcscd.readers[0].insert(Card::new(&[0x08, 1, 2, 3]));
    wait_until("red", || shown(&world).contains(&REFUSED.to_vec()).then_some(()));
    world.pcscd.readers[0].remove();
}

#[test]
fn an_acr122u_that_forgot_its_settings_gets_them_again() {
    let mut world = World::start(&plan());
    let settings = |world: &World| shown(world).iter().filter(|command| **command == NO_DETECTION_BEEP).count();
    wait_until("its own beep is off", || (settings(&world) == 1).then_some(()));
    world.pcscd.readers[0].fail();
    wait_until("the loss is known", || world.log_text().contains("reader lost").then_some(()));
    world.pcscd.readers[0].recover();
    wait_until("off again", || (settings(&world) == 2).then_some(()));
    assert_eq!(world.stop_daemon(), Some(0));
}

#[test]
fn a_light_that_hangs_delays_no_tap_and_fails_none() {
    let world = World::start(&plan());
    wait_until("its own beep is off", || shown(&world).contains(&NO_DETECTION_BEEP.to_vec()).then_some(()));
    world.pcscd.readers[0].ignore_commands(true);
    world.pcscd.readers[0].insert(Card::new(&uid(0)));
    world.wait_for_number(VISITS, 1);
    wait_until("the light hangs", || shown(&world).contains(&ARRIVED.to_vec()).then_some(()));
    for (n, visits) in [(1, 2), (2, 3), (3, 4)] {
        world.tap_at(1, &uid(n));
        world.wait_for_number(VISITS, visits);
    }
    assert!(!world.log_text().contains(NOT_SHOWN), "all of them while the light hung");
    wait_until("pcscd gives the light up, and that is told", || world.log_text().contains(NOT_SHOWN).then_some(()));
    world.pcscd.readers[0].ignore_commands(false);
    world.pcscd.readers[0].remove();
    world.tap_at(0, &uid(4));
    world.wait_for_number(VISITS, 5);
}
