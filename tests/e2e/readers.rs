//! The readers of the daemon, on a real pcscd with our driver: what is told when cards and readers come, go and misbehave.

use voisins_tests::card::{Answer, Card};
use voisins_tests::hotplug::Hotplug;
use voisins_tests::pcscd::Pcscd;
use voisins_tests::vpcd::Vpcd;
use voisins_tests::watch::Watch;

const ACR122U: &str = "ACS ACR122U PICC Interface";
const ACR1252: &str = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC]";
/// The IFD handler's response code for a card that doesn't answer in time.
const RF_TIMEOUT: u32 = 613;
const ANNE: [u8; 4] = [0x04, 0xA1, 0xB2, 0xC3];
const BORIS: [u8; 7] = [0x04, 1, 2, 3, 5, 6, 7];

/// One reader, watched and ready.
fn door() -> (Pcscd, Watch) {
    let pcscd = Pcscd::with_readers(&[ACR122U]);
    let watch = Watch::start(&pcscd, &[("porte", "")]);
    watch.expect(["ready porte"]);
    (pcscd, watch)
}

/// Two readers, watched and ready.
fn door_and_cafe() -> (Pcscd, Watch) {
    let pcscd = Pcscd::with_readers(&[ACR1252, ACR122U]);
    let watch = Watch::start(&pcscd, &[("porte", "pcsc_name = 'ACR1252'"), ("cafe", "pcsc_name = 'ACR122U'")]);
    watch.expect(["ready porte", "ready cafe"]);
    (pcscd, watch)
}

#[test]
fn uids_of_4_7_and_10_bytes_are_read() {
    let (pcscd, watch) = door();
    for (uid, told) in [
        (&[0x04, 0xA1, 0xB2, 0xC3][..], "card porte 04A1B2C3"),
        (&[0x04, 1, 2, 3, 5, 6, 7], "card porte 04010203050607"),
        (&[0x04, 1, 2, 3, 5, 6, 7, 8, 9, 0x0A], "card porte 0401020305060708090A"),
    ] {
        pcscd.readers[0].tap(Card::new(uid));
        watch.expect([told, "removed porte"]);
    }
    assert!(watch.end().is_empty());
}

#[test]
fn two_readers_read_at_once() {
    let (pcscd, watch) = door_and_cafe();
    pcscd.readers[0].insert(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3"]);
    pcscd.readers[1].insert(Card::new(&BORIS));
    watch.expect(["card cafe 04010203050607"]);
    pcscd.readers[0].remove();
    watch.expect(["removed porte"]);
    pcscd.readers[1].remove();
    watch.expect(["removed cafe"]);
}

#[test]
fn a_card_that_answers_nonsense_is_unreadable_and_the_next_good_card_reads() {
    let (pcscd, watch) = door();
    for nonsense in [
        vec![],
        vec![0x90],
        vec![0x90, 0x00],
        vec![0x6A, 0x81],
        vec![0x63, 0x00],
        vec![0xFF, 0x00, 0xFF, 0x13, 0x37],
        vec![0x04, 1, 2, 3, 5, 0x90, 0x00],
        vec![0x00, 0x00, 0x00, 0x00, 0x90, 0x00],
        vec![0xAA; 264],
        vec![0xAA; 265],
        vec![0xAA; 5000],
    ] {
        let twice = [Answer::With(nonsense.clone()), Answer::With(nonsense)];
        pcscd.readers[0].insert(Card::new(&ANNE).answering(twice));
        watch.expect(["unreadable porte"]);
        pcscd.readers[0].remove();
        watch.expect(["removed porte"]);
        pcscd.readers[0].tap(Card::new(&ANNE));
        watch.expect(["card porte 04A1B2C3", "removed porte"]);
    }
}

#[test]
fn a_card_at_the_edge_of_the_field_is_asked_a_second_time() {
    let (pcscd, watch) = door();
    for flaw in [Answer::With(vec![]), Answer::Fails(RF_TIMEOUT), Answer::With(vec![0x63, 0x00])] {
        pcscd.readers[0].insert(Card::new(&ANNE).answering([flaw]));
        watch.expect(["card porte 04A1B2C3"]);
        pcscd.readers[0].remove();
        watch.expect(["removed porte"]);
    }
}

#[test]
fn a_card_pulled_in_the_middle_of_its_answer_is_unreadable_and_the_next_reads() {
    let (pcscd, watch) = door();
    for _ in 0..3 {
        pcscd.readers[0].insert(Card::new(&ANNE).answering([Answer::PulledAway]));
        watch.expect(["unreadable porte", "removed porte"]);
    }
    pcscd.readers[0].tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
}

#[test]
fn a_mute_card_is_unreadable_and_the_next_reads() {
    let (pcscd, watch) = door();
    pcscd.readers[0].insert(Card::mute());
    watch.expect(["unreadable porte"]);
    pcscd.readers[0].remove();
    watch.expect(["removed porte"]);
    pcscd.readers[0].tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
}

#[test]
fn a_second_tap_between_two_waits_is_a_removal_and_a_card() {
    let (pcscd, watch) = door();
    pcscd.readers[0].insert(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3"]);
    for card in ["card porte 04010203050607", "card porte 04A1B2C3"] {
        watch.asleep(|| {
            pcscd.readers[0].remove();
            pcscd.readers[0].insert(Card::new(if card.ends_with("B2C3") { &ANNE } else { &BORIS }));
        });
        watch.expect(["removed porte", card]);
    }
    assert!(watch.end().is_empty());
}

#[test]
fn a_card_swapped_before_it_was_ever_counted_is_seen() {
    let pcscd = Pcscd::away(&[ACR122U]);
    let (mut pcscd, card) = (pcscd, Card::new(&ANNE));
    pcscd.readers[0].insert(card);
    pcscd.start();
    let watch = Watch::start(&pcscd, &[("porte", "")]);
    watch.expect(["ready porte", "lying porte 04A1B2C3"]);
    watch.asleep(|| {
        pcscd.readers[0].remove();
        pcscd.readers[0].insert(Card::new(&BORIS));
    });
    watch.expect(["removed porte", "card porte 04010203050607"]);
}

#[test]
fn a_card_that_came_and_went_between_two_waits_was_unreadable() {
    let (pcscd, watch) = door();
    watch.asleep(|| {
        pcscd.readers[0].insert(Card::new(&ANNE));
        pcscd.readers[0].remove();
    });
    watch.expect(["unreadable porte", "removed porte"]);
}

/// One thread reads one card at a time: the other reader waits for the driver's limit, and nothing there is lost.
#[test]
fn a_card_that_does_not_answer_delays_the_other_reader_but_loses_nothing() {
    let (pcscd, watch) = door_and_cafe();
    pcscd.readers[0].insert(Card::new(&ANNE).answering([Answer::Held]));
    pcscd.readers[0].wait_until_asked(1);
    pcscd.readers[1].insert(Card::new(&BORIS));
    pcscd.readers[0].release();
    watch.expect(["card porte 04A1B2C3", "card cafe 04010203050607"]);
    pcscd.readers[1].remove();
    watch.expect(["removed cafe"]);
    // A card that came and went meanwhile is told at once too.
    pcscd.readers[0].remove();
    watch.expect(["removed porte"]);
    pcscd.readers[0].insert(Card::new(&ANNE).answering([Answer::Held]));
    pcscd.readers[0].wait_until_asked(1);
    pcscd.readers[1].insert(Card::new(&BORIS));
    pcscd.readers[1].remove();
    pcscd.readers[0].release();
    watch.expect(["card porte 04A1B2C3", "unreadable cafe", "removed cafe"]);
    // Never answered: the driver gives up after 3 s, and the second try gets an answer.
    pcscd.readers[0].remove();
    watch.expect(["removed porte"]);
    pcscd.readers[0].insert(Card::new(&ANNE).answering([Answer::Held]));
    pcscd.readers[0].wait_until_asked(1);
    pcscd.readers[1].insert(Card::new(&BORIS));
    watch.expect(["card porte 04A1B2C3", "card cafe 04010203050607"]);
}

#[test]
fn pcscd_killed_and_started_again_is_found_each_time() {
    let (mut pcscd, watch) = door();
    for round in 0..10 {
        if round % 2 == 0 {
            pcscd.kill()
        } else {
            pcscd.stop()
        }
        watch.expect(["down porte NoPcscd"]);
        pcscd.start();
        watch.expect(["ready porte"]);
        pcscd.readers[0].tap(Card::new(&ANNE));
        watch.expect(["card porte 04A1B2C3", "removed porte"]);
    }
    assert!(watch.end().is_empty());
}

#[test]
fn pcscd_killed_while_a_card_is_asked_reads_it_when_it_is_back() {
    let (mut pcscd, watch) = door();
    pcscd.readers[0].insert(Card::new(&ANNE).answering([Answer::Held]));
    pcscd.readers[0].wait_until_asked(1);
    pcscd.kill();
    watch.expect(["down porte NoPcscd"]);
    pcscd.start();
    watch.expect(["ready porte", "lying porte 04A1B2C3"]);
}

#[test]
fn a_card_still_lying_after_a_restart_of_pcscd_is_found_lying() {
    let (mut pcscd, watch) = door();
    pcscd.readers[0].insert(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3"]);
    pcscd.kill();
    watch.expect(["down porte NoPcscd"]);
    pcscd.start();
    watch.expect(["ready porte", "lying porte 04A1B2C3"]);
    // Taken away while pcscd was away: that is told when it is back.
    pcscd.kill();
    watch.expect(["down porte NoPcscd"]);
    pcscd.readers[0].remove();
    pcscd.start();
    watch.expect(["ready porte", "removed porte"]);
}

#[test]
fn pcscd_may_come_after_the_daemon() {
    let mut pcscd = Pcscd::away(&[ACR122U]);
    let watch = Watch::start(&pcscd, &[("porte", "")]);
    watch.expect(["down porte NoPcscd"]);
    pcscd.start();
    watch.expect(["ready porte"]);
    pcscd.readers[0].tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
}

#[test]
fn a_socket_that_nobody_serves_blocks_neither_the_news_nor_the_end() {
    let mut pcscd = Pcscd::away(&[ACR122U]);
    pcscd.hold_socket();
    let watch = Watch::start(&pcscd, &[("porte", "")]);
    watch.expect(["down porte NoPcscd"]);
    pcscd.start();
    watch.expect(["ready porte"]);
    pcscd.kill();
    pcscd.hold_socket();
    watch.expect(["down porte NoPcscd"]);
    assert!(watch.end().is_empty());
}

#[test]
fn a_reader_that_is_not_there_is_told_once() {
    let pcscd = Pcscd::with_readers(&[ACR122U]);
    let watch = Watch::start(&pcscd, &[("porte", "pcsc_name = 'ACR1252'"), ("cafe", "pcsc_name = 'ACR122U'")]);
    watch.expect(["down porte NotPlugged", "ready cafe"]);
    pcscd.readers[0].tap(Card::new(&ANNE));
    watch.expect(["card cafe 04A1B2C3", "removed cafe"]);
    assert!(watch.end().is_empty());
}

#[test]
fn without_any_reader_that_is_told() {
    let pcscd = Pcscd::with_readers(&[]);
    let watch = Watch::start(&pcscd, &[("porte", "")]);
    watch.expect(["down porte NotPlugged"]);
    assert!(watch.end().is_empty());
}

#[test]
fn readers_that_the_config_cannot_tell_apart_are_told() {
    let pcscd = Pcscd::with_readers(&[ACR122U, ACR1252]);
    let watch = Watch::start(&pcscd, &[("porte", "")]);
    watch.expect(["down porte Ambiguous"]);
}

#[test]
fn a_reader_that_fails_and_recovers_reads_again() {
    let (pcscd, watch) = door();
    pcscd.readers[0].fail();
    watch.expect(["down porte NotAnswering"]);
    pcscd.readers[0].recover();
    watch.expect(["ready porte"]);
    pcscd.readers[0].tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
}

#[test]
fn a_card_that_lies_on_a_reader_while_it_fails_is_found_lying() {
    let (pcscd, watch) = door();
    pcscd.readers[0].insert(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3"]);
    pcscd.readers[0].fail();
    watch.expect(["down porte NotAnswering"]);
    pcscd.readers[0].recover();
    watch.expect(["ready porte", "lying porte 04A1B2C3"]);
}

#[test]
fn a_reader_pulled_out_and_plugged_in_again_reads_under_another_number() {
    let mut usb = Hotplug::start();
    let watch = Watch::start(&usb.pcscd, &[("porte", "pcsc_name = 'ACR122U'")]);
    watch.expect(["down porte NotPlugged"]);
    let first = usb.plug("1-1", 1, 4);
    watch.expect(["ready porte"]);
    first.reader.tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
    // A second one takes the next number while the first is there; then it is the only one.
    let second = usb.plug("1-2", 1, 5);
    watch.expect(["down porte Ambiguous"]);
    usb.unplug(first);
    watch.expect(["ready porte"]);
    second.reader.tap(Card::new(&BORIS));
    watch.expect(["card porte 04010203050607", "removed porte"]);
    for device in 6..12 {
        let reader = usb.plug("1-1", 1, device);
        watch.expect(["down porte Ambiguous"]);
        usb.unplug(reader);
        watch.expect(["ready porte"]);
    }
    second.reader.insert(Card::new(&BORIS));
    watch.expect(["card porte 04010203050607"]);
    usb.unplug(second);
    watch.wait_for("down porte NotPlugged");
    let again = usb.plug("1-2", 1, 12);
    watch.expect(["ready porte", "removed porte"]);
    again.reader.tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
}

#[test]
fn twins_are_told_apart_by_their_usb_port_however_they_are_plugged() {
    let mut usb = Hotplug::start();
    let ports = [("porte", "usb_port = '1-1'"), ("cafe", "pcsc_name = 'ACR122U'\nusb_port = '1-2.4'")];
    let watch = Watch::start(&usb.pcscd, &ports);
    watch.expect(["down porte NotPlugged", "down cafe NotPlugged"]);
    let cafe = usb.plug("1-2.4", 1, 4);
    watch.expect(["ready cafe"]);
    let door = usb.plug("1-1", 1, 5);
    watch.expect(["ready porte"]);
    door.reader.tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
    usb.unplug(cafe);
    watch.expect(["down cafe NotPlugged"]);
    usb.unplug(door);
    watch.expect(["down porte NotPlugged"]);
    // Now the other way round: the names swap, the readers don't.
    let door = usb.plug("1-1", 1, 6);
    watch.expect(["ready porte"]);
    let cafe = usb.plug("1-2.4", 1, 7);
    watch.expect(["ready cafe"]);
    cafe.reader.tap(Card::new(&BORIS));
    watch.expect(["card cafe 04010203050607", "removed cafe"]);
    door.reader.tap(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3", "removed porte"]);
}

#[test]
fn a_reader_pulled_out_with_the_card_on_it_finds_it_lying_when_it_is_back() {
    let mut usb = Hotplug::start();
    let door = usb.plug("1-1", 1, 4);
    let watch = Watch::start(&usb.pcscd, &[("porte", "")]);
    watch.expect(["ready porte"]);
    door.reader.insert(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3"]);
    usb.unplug(door);
    watch.wait_for("down porte NotPlugged");
    let door = usb.plug_with("1-1", 1, 5, Some(Card::new(&ANNE)));
    watch.expect(["ready porte", "lying porte 04A1B2C3"]);
    door.reader.remove();
    watch.expect(["removed porte"]);
}

#[test]
fn a_reader_pulled_out_in_the_middle_of_an_answer_reads_again_when_it_is_back() {
    let mut usb = Hotplug::start();
    let door = usb.plug("1-1", 1, 4);
    let watch = Watch::start(&usb.pcscd, &[("porte", "")]);
    watch.expect(["ready porte"]);
    door.reader.insert(Card::new(&ANNE).answering([Answer::Held]));
    door.reader.wait_until_asked(1);
    usb.unplug(door);
    watch.wait_for("down porte NotPlugged");
    let door = usb.plug("1-1", 1, 5);
    watch.wait_for("ready porte");
    door.reader.tap(Card::new(&ANNE));
    watch.wait_for("card porte 04A1B2C3");
    watch.expect(["removed porte"]);
}

#[test]
fn a_reader_plugged_in_anew_between_two_waits_reads_on() {
    let mut usb = Hotplug::start();
    let door = usb.plug("1-1", 1, 4);
    let watch = Watch::start(&usb.pcscd, &[("porte", "")]);
    watch.expect(["ready porte"]);
    door.reader.insert(Card::new(&ANNE));
    watch.expect(["card porte 04A1B2C3"]);
    let mut back = None;
    watch.asleep(|| {
        usb.unplug(door);
        back = Some(usb.plug("1-1", 1, 5));
    });
    watch.wait_for("removed porte");
    back.expect("plugged in above").reader.tap(Card::new(&BORIS));
    watch.expect(["card porte 04010203050607", "removed porte"]);
}

#[test]
fn the_stock_virtual_reader_reads_too() {
    let vpcd = Vpcd::start(ACR122U);
    // It always makes two slots.
    let watch = Watch::start(&vpcd.pcscd, &[("porte", "pcsc_name = 'ACS ACR122U PICC Interface 00 00'")]);
    watch.expect(["ready porte"]);
    for (uid, told) in [(&ANNE[..], "card porte 04A1B2C3"), (&BORIS, "card porte 04010203050607")] {
        let card = vpcd.insert(Card::new(uid));
        watch.expect([told]);
        drop(card);
        watch.expect(["removed porte"]);
    }
}
