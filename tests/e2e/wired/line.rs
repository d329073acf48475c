//! A PN532 on a serial line: what its reader tells when cards and chip come, go and misbehave.

use voisins_tests::pcscd::Pcscd;
use voisins_tests::pn532_chip::{Flaw, Pn532Chip, SerialPlug};
use voisins_tests::watch::Watch;

const ANNE: [u8; 4] = [0x04, 0xA1, 0xB2, 0xC3];
const BORIS: [u8; 7] = [0x04, 1, 2, 3, 5, 6, 7];
const CARLA: [u8; 10] = [0x04, 1, 2, 3, 5, 6, 7, 8, 9, 10];

/// A reader at a line, watched.
struct Door {
    chip: Pn532Chip,
    plug: SerialPlug,
    watch: Watch,
    _pcscd: Pcscd,
}

impl Door {
    fn with(chip: Pn532Chip) -> Self {
        let plug = SerialPlug::new(&chip);
        let pcscd = Pcscd::away(&[]);
        let keys = format!("kind = \"pn532\"\nlink = \"uart:{}\"", plug.path().display());
        let watch = Watch::start(&pcscd, &[("porte", &keys)]);
        Self { chip, plug, watch, _pcscd: pcscd }
    }

    fn open() -> Self {
        let door = Self::with(Pn532Chip::default());
        door.watch.expect(["ready porte"]);
        door
    }

    fn taps(&self) {
        self.chip.tap(&ANNE);
        self.watch.expect(["card porte 04A1B2C3", "removed porte"]);
    }
}

#[test]
fn uids_of_4_7_and_10_bytes_are_read_over_a_line() {
    let door = Door::open();
    for (uid, told) in [
        (&ANNE[..], "card porte 04A1B2C3"),
        (&BORIS, "card porte 04010203050607"),
        (&CARLA, "card porte 0401020305060708090A"),
        (&[0x08, 1, 2, 3], "card porte 08010203"),
    ] {
        door.chip.tap(uid);
        door.watch.expect([told, "removed porte"]);
    }
    assert!(door.watch.end().is_empty());
}

#[test]
fn a_card_that_rests_is_told_once_though_it_falls_silent() {
    let door = Door::open();
    door.chip.insert(&ANNE);
    door.watch.expect(["card porte 04A1B2C3"]);
    for _ in 0..3 {
        door.chip.mute_card();
        door.chip.wait_for_looks(4);
    }
    door.chip.remove();
    door.watch.expect(["removed porte"]);
}

#[test]
fn a_card_that_lies_there_at_the_start_is_found_lying() {
    let chip = Pn532Chip::default();
    chip.insert(&BORIS);
    let door = Door::with(chip);
    door.watch.expect(["ready porte", "lying porte 04010203050607"]);
}

#[test]
fn one_thing_that_goes_wrong_is_told_to_nobody() {
    let door = Door::open();
    for flaw in [
        Flaw::NoAck,
        Flaw::Nack,
        Flaw::NoAnswer,
        Flaw::WrongSum,
        Flaw::WrongLength,
        Flaw::Half,
        Flaw::Noise,
        Flaw::Refused,
        Flaw::Another,
        Flaw::Status(0x27),
    ] {
        door.chip.flaws([flaw]);
        door.chip.wait_until_flawless();
        door.taps();
    }
    assert!(door.watch.end().is_empty());
}

#[test]
fn a_chip_that_goes_on_failing_is_told_and_comes_back() {
    let door = Door::open();
    // a look, and twice the first two commands of a set-up, of which the first may be lost
    door.chip.flaws([Flaw::Another; 5]);
    door.watch.expect(["down porte ChipSilent", "ready porte"]);
    door.taps();
}

#[test]
fn a_reader_that_hangs_is_told_and_comes_back() {
    let door = Door::open();
    for _ in 0..3 {
        door.chip.hang();
        door.watch.expect(["down porte ChipSilent"]);
        door.chip.recover();
        door.watch.expect(["ready porte"]);
        door.taps();
    }
    assert!(door.watch.end().is_empty());
}

#[test]
fn a_chip_that_browns_out_is_set_up_again_and_nobody_is_told() {
    let door = Door::open();
    for _ in 0..3 {
        door.chip.brown_out();
        door.taps();
        door.chip.insert(&BORIS);
        door.watch.expect(["card porte 04010203050607"]);
        door.chip.brown_out();
        door.chip.wait_for_looks(3);
        door.chip.remove();
        door.watch.expect(["removed porte"]);
    }
    assert!(door.watch.end().is_empty());
}

#[test]
fn a_line_that_is_pulled_out_and_put_back_finds_the_card_that_lies_there() {
    let mut door = Door::open();
    door.chip.insert(&ANNE);
    door.watch.expect(["card porte 04A1B2C3"]);
    door.plug.unplug();
    door.watch.wait_for("down porte NoBus");
    door.plug.plug();
    door.watch.expect(["ready porte", "lying porte 04A1B2C3"]);
    door.plug.unplug();
    door.watch.wait_for("down porte NoBus");
    door.chip.remove();
    door.plug.plug();
    door.watch.expect(["ready porte", "removed porte"]);
}

#[test]
fn a_line_that_is_not_there_is_told_once() {
    let pcscd = Pcscd::away(&[]);
    let watch = Watch::start(&pcscd, &[("porte", "kind = \"pn532\"\nlink = \"uart:/nowhere/serial0\"")]);
    watch.expect(["down porte NoBus"]);
    assert!(watch.end().is_empty());
}

#[test]
fn a_machine_without_a_header_says_so_for_each_bus() {
    let pcscd = Pcscd::away(&[]);
    let readers = [("a", "kind = \"pn532\"\nlink = \"i2c:1\""), ("b", "kind = \"mfrc522\"\nlink = \"spi:0.0\"")];
    let watch = Watch::start(&pcscd, &readers);
    let mut told = [watch.next().what, watch.next().what];
    told.sort();
    assert_eq!(told, ["down a NoBus", "down b NoBus"]);
    assert!(watch.end().is_empty());
}
