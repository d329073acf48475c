//! From the card in the field to the decision, without a screen: a UID alone, and a badge that proves itself.

use crate::numbers::{Sample, milliseconds};
use crate::table::{Aim, Table};
use crate::{Outcome, stop};
use presence_daemon::clock::since_boot;
use std::time::Duration;
use voisins_tests::authentic_card::{Chip, Kind};
use voisins_tests::card::Card;
use voisins_tests::world::{Plan, World, uid};

const UID: [u8; 7] = [0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6];

/// What was measured.
#[derive(Debug)]
pub struct Times {
    plain: Sample,
    proved: Sample,
}

/// So many taps of each.
pub fn measure(taps: usize) -> Outcome<Times> {
    let config = "double_tap_window = \"1ms\"\n".to_owned();
    let world = World::start(&Plan { config, log: "info", ..Plan::default() });
    let chip = Chip::blank(Kind::Ntag424, UID);
    world.enrol(3, &chip);
    let (mut plain, mut proved) = (Vec::with_capacity(taps), Vec::with_capacity(taps));
    for _ in 0..taps {
        plain.push(tap(&world, Card::new(&uid(5)))?);
        proved.push(tap(&world, Card::of(&chip))?);
    }
    Ok(Times { plain: Sample::new(plain), proved: Sample::new(proved) })
}

/// Until the moment that the row of the tap says, in milliseconds.
fn tap(world: &World, card: Card) -> Outcome<f64> {
    let before = world.number("SELECT max(seq) FROM event");
    let inserted = since_boot();
    world.pcscd.readers[0].insert(card);
    world.wait_for_number(&format!("SELECT min(1, count(*)) FROM event WHERE seq > {before}"), 1);
    world.pcscd.readers[0].remove();
    let decided = world.number(&format!("SELECT boot_ns FROM event WHERE seq = {}", before + 1));
    stop::pause(Duration::from_millis(2))?;
    Ok(milliseconds(inserted, Duration::from_nanos(decided.try_into()?)))
}

/// The rows of the table.
pub fn report(table: &mut Table, times: &Times) {
    table.section(format!("A card: {} taps each, real pcscd, event-driven reader", times.plain.len()));
    let aim = Aim::new("p99 < 10 ms", times.plain.percentile(99) < 10.0);
    table.times("card in the field → decided, UID alone", &times.plain, None, Some(aim));
    let aim = Aim::new("p99 < 60 ms", times.proved.percentile(99) < 60.0);
    table.times("card in the field → decided, NTAG 424 DNA that proves itself", &times.proved, None, Some(aim));
    table.note("a virtual card answers at once: a real one takes some 10 ms for each of its 4 commands");
}
