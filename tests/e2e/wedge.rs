//! A reader that types like a keyboard, through the whole chain.

use crate::soak::count;
use presence_daemon::control::{self, Ask, Reply};
use voisins_shared::payload::ReaderState;
use voisins_tests::wedge::{Wedge, number};
use voisins_tests::world::{Plan, World, name, uid, wait_until};

const EVENTS: &str = "SELECT count(*) FROM event";
const SPACE: u16 = 57;

/// A world whose only reader types.
fn world(wedge: &Wedge, more: &str) -> World {
    let keyboard = format!("keyboard = {{ device = {:?} }}", wedge.device());
    let reader = format!("[[reader]]\nname = \"cafe\"\nkind = \"keyboard\"\nbeside = \"cafe\"\n{keyboard}\n");
    let config = format!("double_tap_window = \"200ms\"\n{more}{reader}");
    World::start(&Plan { readers: vec![], config, env: vec![Wedge::env()], ..Plan::default() })
}

#[test]
fn a_number_that_is_typed_checks_in_and_greets() {
    let mut wedge = Wedge::plugged();
    let world = world(&wedge, "");
    assert!(wedge.is_taken(), "no window gets the number");
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", |frame| frame.online);
    for n in [0, 1, 2] {
        wedge.tap(&uid(n));
        kiosk.wait_for("greeted", |frame| frame.dialog.as_deref() == Some("arrival") && frame.names.contains(&name(n)));
    }
    assert_eq!(world.number("SELECT count(*) FROM visit WHERE closed_seq IS NULL"), 3);
    let numbers = [0, 1, 2].map(|n| number(&uid(n)));
    assert!(numbers.iter().all(|number| !world.log_text().contains(number)), "no number in the log");
}

#[test]
fn a_number_typed_twice_within_the_window_is_one_tap_and_later_another() {
    let mut wedge = Wedge::plugged();
    let world = world(&wedge, "");
    wedge.tap(&uid(4));
    wedge.tap(&uid(4));
    wedge.tap(&uid(5));
    world.wait_for_number("SELECT count(*) FROM event WHERE kind = 'checked_in'", 2);
    let before = world.number(EVENTS);
    wait_until("the double-tap window is over", || {
        wedge.tap(&uid(4));
        (world.number(EVENTS) > before).then_some(())
    });
    assert_eq!(world.number("SELECT count(*) FROM event WHERE kind = 'checked_in'"), 2, "seen again, not arrived again");
}

#[test]
fn a_number_that_is_no_cards_asks_to_hold_it_again() {
    let mut wedge = Wedge::plugged();
    let world = world(&wedge, "");
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", |frame| frame.online);
    wedge.begin(&uid(0), 4);
    wedge.type_keys([28]);
    kiosk.wait_for("refused kindly", |frame| frame.dialog.as_deref() == Some("unreadable"));
    wedge.tap(&uid(0));
    kiosk.wait_for("greeted", |frame| frame.dialog.as_deref() == Some("arrival"));
}

#[test]
fn a_keyboard_that_a_person_types_on_is_given_back() {
    let mut wedge = Wedge::plugged();
    let world = world(&wedge, "");
    wedge.type_keys([30, 48, SPACE]);
    wait_until("it is given back", || (!wedge.is_taken()).then_some(()));
    wait_until("and that is told", || world.log_text().contains("TypedOn").then_some(()));
    wedge.tap(&uid(3));
    wedge.unplug();
    wait_until("it is gone", || world.log_text().contains("NotPlugged").then_some(()));
    assert_eq!(world.number("SELECT count(*) FROM event WHERE kind = 'checked_in'"), 0, "nothing of it was read");
    wedge.plug();
    world.wait_until_ready();
    wedge.tap(&uid(3));
    world.wait_for_number("SELECT count(*) FROM event WHERE kind = 'checked_in'", 1);
}

#[test]
fn soak_a_keyboard_reader_unplugged_in_the_middle_of_a_number_reads_again_each_time() {
    let times = count(5, 100);
    let mut wedge = Wedge::plugged();
    let mut world = world(&wedge, "");
    for time in 1..=times {
        let before = world.number(EVENTS);
        wedge.begin(&uid(time % 12), time % 10 + 1);
        wedge.unplug();
        wait_until("the loss is known", || {
            let Ok(Reply::Status { readers, .. }) = control::ask(&world.state(), &Ask::Status) else { return None };
            (readers[0].state == ReaderState::Absent).then_some(())
        });
        wedge.plug();
        world.wait_until_ready();
        wedge.tap(&uid(time % 12));
        world.wait_for_number(EVENTS, before + 1);
    }
    assert_eq!(world.stop_daemon(), Some(0));
    println!("the keyboard reader was unplugged {times} times in the middle of a number: reading again each time");
}
