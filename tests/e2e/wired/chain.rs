//! Card on a reader on the header → row on disk → name on the screen.

use crate::soak::count;
use voisins_tests::pn532_chip::{Pn532Chip, SerialPlug};
use voisins_tests::world::{Plan, World, name, uid, wait_until};

const VISITS: &str = "SELECT count(*) FROM visit WHERE closed_seq IS NULL";

/// A world whose only reader has these keys.
fn world(keys: &str, daemon: &'static str) -> World {
    let config = format!("double_tap_window = \"200ms\"\n[[reader]]\nname = \"cafe\"\nbeside = \"cafe\"\n{keys}\n");
    World::start(&Plan { readers: Vec::new(), config, daemon, ..Plan::default() })
}

fn hex(uid: &[u8]) -> String {
    uid.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn a_card_on_a_pn532_at_a_serial_line_puts_the_name_on_the_screen() {
    let chip = Pn532Chip::default();
    let plug = SerialPlug::new(&chip);
    let world = world(&format!("kind = \"pn532\"\nlink = \"uart:{}\"", plug.path().display()), "presence-daemon");
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", |frame| frame.online);
    for (n, visits) in (3..6).zip(1..) {
        chip.tap(&uid(n));
        // another card counts once the first was seen to leave
        chip.wait_for_looks(3);
        kiosk.wait_for("the name is drawn, greeted", |frame| {
            frame.names.contains(&name(n)) && frame.dialog.as_deref() == Some("arrival")
        });
        assert_eq!(world.number(VISITS), visits);
    }
    chip.tap(&[0x08, 1, 2, 3]);
    world.wait_for_number("SELECT count(*) FROM event WHERE kind = 'tap_refused'", 1);
    let log = world.log_text();
    assert!(log.contains("DEBUG") && !(3..6).any(|n| log.to_uppercase().contains(&hex(&uid(n)))), "a UID in the log");
}

#[test]
fn a_card_on_each_simulated_bus_puts_the_name_on_the_screen() {
    for keys in
        ["kind = \"pn532\"\nlink = \"i2c:1\"", "kind = \"pn532\"\nlink = \"spi:0.0\"", "kind = \"mfrc522\"\nlink = \"spi:0.1\""]
    {
        let mut world = world(keys, "simulated-header");
        let bus = keys.rsplit('"').nth(1).expect("a link");
        let kiosk = world.kiosk("cafe");
        kiosk.wait_for("the kiosk has news", |frame| frame.online);
        for (n, visits) in (0..3).zip(1..) {
            world.header(&format!("{bus} tap {}", hex(&uid(n))));
            world.header(&format!("{bus} look"));
            kiosk.wait_for(&format!("the name is drawn, greeted, at {bus}"), |frame| {
                frame.names.contains(&name(n)) && frame.dialog.as_deref() == Some("arrival")
            });
            assert_eq!(world.number(VISITS), visits, "{bus}");
        }
        assert_eq!(world.stop_daemon(), Some(0));
    }
}

#[test]
fn soak_unplugging_a_pn532_in_the_middle_loses_and_doubles_no_tap() {
    let times = count(4, 100);
    let chip = Pn532Chip::default();
    let mut plug = SerialPlug::new(&chip);
    let world = world(&format!("kind = \"pn532\"\nlink = \"uart:{}\"", plug.path().display()), "presence-daemon");
    for time in 0..times {
        // pulled out with the card on it, at another moment of the exchange each time, and put back
        chip.insert(&uid(time % 12));
        world.wait_for_number(EVENTS, i64::try_from(time).unwrap() + 1);
        chip.wait_for_looks(time % 3 + 1);
        plug.unplug();
        wait_until("the loss is told", || (!world.is_ready()).then_some(()));
        plug.plug();
        world.wait_until_ready();
        chip.wait_for_looks(3);
        chip.remove();
        chip.wait_for_looks(3);
    }
    assert_eq!(world.number(EVENTS), i64::try_from(times).unwrap(), "a card that lay there made no tap");
    println!("the PN532 was unplugged {times} times: each tap is one event");
}

#[test]
fn soak_unplugging_chips_of_simulated_buses_loses_and_doubles_no_tap() {
    let times = count(2, 100);
    for keys in
        ["kind = \"pn532\"\nlink = \"i2c:1\"", "kind = \"pn532\"\nlink = \"spi:0.0\"", "kind = \"mfrc522\"\nlink = \"spi:0.1\""]
    {
        let mut world = world(keys, "simulated-header");
        let bus = keys.rsplit('"').nth(1).expect("a link");
        for time in 0..times {
            world.header(&format!("{bus} insert {}", hex(&uid(time % 12))));
            world.wait_for_number(EVENTS, i64::try_from(time).unwrap() + 1);
            world.header(&format!("{bus} unplug"));
            wait_until("the loss is told", || (!world.is_ready()).then_some(()));
            world.header(&format!("{bus} plug"));
            world.wait_until_ready();
            world.header(&format!("{bus} remove"));
            world.header(&format!("{bus} look"));
        }
        assert_eq!(world.number(EVENTS), i64::try_from(times).unwrap(), "{bus}: a card that lay there made no tap");
        assert_eq!(world.stop_daemon(), Some(0));
        println!("the chip at {bus} was unplugged {times} times: each tap is one event");
    }
}

/// Arrivals, and greetings of those who are here already.
const EVENTS: &str = "SELECT count(*) FROM event WHERE kind IN ('checked_in', 'seen')";
