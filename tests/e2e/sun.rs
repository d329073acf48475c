//! A badge that somebody holds to their phone: written through a real pcscd, read as phones read, and its address opened at a real daemon.

use crate::phone::world;
use presence_daemon::key::KeyRing;
use voisins_shared::uid::Uid;
use voisins_tests::authentic_card::{Chip, Kind};
use voisins_tests::browser::{Browser, Page};
use voisins_tests::card::Card;
use voisins_tests::world::{World, name};

const UID: [u8; 7] = [0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6];
const SPACE: &str = "[spaceapi]
url = \"https://voisins.example.org\"
logo = \"https://voisins.example.org/logo.png\"
address = \"1, rue des Essais\"
contact = { email = \"bonjour@voisins.example.org\" }
";
const GENUINE: &str = "Ce badge est bien un badge de";
const LOST: &str = "est perdu";
const REPLAYED: &str = "approchez le badge encore une fois";
const FORGED: &str = "Ce n’est pas un badge d’ici";

/// The path that a phone opens when it reads a chip.
fn path(chip: &Chip, origin: &str) -> String {
    chip.tells_phone().strip_prefix(origin).expect("the address of our pages").to_owned()
}

/// Opens it, and looks for nothing but what should be there.
#[track_caller]
fn check(phone: &mut Browser, path: &str, status: u16, says: &str) -> Page {
    let page = phone.get(path);
    assert!(page.status == status && page.text.contains(says), "{}: {}", page.status, page.text);
    let others = [GENUINE, LOST, REPLAYED, FORGED].into_iter().filter(|other| *other != says);
    assert!(others.into_iter().all(|other| !page.text.contains(other)), "{}", page.text);
    assert_eq!(page.text.contains("1, rue des Essais") && page.text.contains("bonjour@"), status == 200, "{}", page.text);
    assert!((0..12).all(|n| !page.text.contains(&name(n))), "{}", page.text);
    assert!(!page.text.to_uppercase().contains("04A1B2C3D4E5F6") && !page.text.contains("M-00"), "{}", page.text);
    page
}

fn one_digit_changed(path: &str, at: usize) -> String {
    let digit = if path.as_bytes()[at] == b'0' { "1" } else { "0" };
    format!("{}{digit}{}", &path[..at], &path[at + 1..])
}

/// Nothing of a card is in the log.
fn log_is_silent(world: &World, paths: &[String]) {
    let log = world.log_text().to_uppercase();
    let keys = KeyRing::load(&world.state().join("badge.key"), false).expect("the key");
    let digest = keys.macs(&Uid::new(&UID).expect("a UID"))[0].mac.map(|byte| format!("{byte:02X}")).concat();
    assert!(!log.contains("04A1B2C3D4E5F6") && !log.contains(&digest));
    for path in paths {
        let (who, mac) = path.strip_prefix("/badge?p=").and_then(|said| said.split_once("&m=")).expect("a message");
        assert!(!log.contains(&who.to_uppercase()) && !log.contains(&mac.to_uppercase()));
    }
}

#[test]
fn a_badge_held_to_a_phone_says_once_that_it_is_of_the_space_and_never_whose() {
    let (mut world, origin) = world(SPACE);
    let chip = Chip::blank(Kind::Ntag424, UID);
    world.enrol(3, &chip);
    let mut phone = Browser::at(&origin);
    let first = path(&chip, &origin);
    check(&mut phone, &first, 200, GENUINE);
    check(&mut phone, &first, 409, REPLAYED);
    // in whatever case, and by an app that only looks
    let second = path(&chip, &origin);
    assert_eq!(phone.status_with(&second, &[("purpose", "prefetch")]), 204);
    check(&mut phone, &second.to_lowercase(), 200, GENUINE);
    let third = path(&chip, &origin);
    for at in [9, 20, 40, 44, 50, 59] {
        let changed = one_digit_changed(&third, at);
        if changed.contains("&m=") && changed.starts_with("/badge?p=") {
            check(&mut phone, &changed, 403, FORGED);
        }
    }
    for nonsense in ["/badge", "/badge?p=", "/badge?p=00&m=00", "/badge?m=%00&p=%ff", "/badge?p=1&p=2&m=3", &first[..30]] {
        check(&mut phone, nonsense, 403, FORGED);
    }
    check(&mut phone, &third, 200, GENUINE);
    // a copy says again what it was told, before the badge is read anew and after
    let copy = chip.copied();
    let said = path(&copy, &origin);
    assert_eq!(path(&copy, &origin), said);
    check(&mut phone, &said, 200, GENUINE);
    check(&mut phone, &path(&copy, &origin), 409, REPLAYED);
    let skipped = path(&chip, &origin);
    check(&mut phone, &path(&chip, &origin), 200, GENUINE);
    check(&mut phone, &skipped, 409, REPLAYED);
    // nothing is forgotten with the daemon
    world.stop_daemon();
    world.start_daemon();
    world.wait_until_ready();
    check(&mut phone, &third, 409, REPLAYED);
    let mut other = Browser::at(&origin);
    other.language = "en".to_owned();
    let page = other.get(&path(&chip, &origin));
    assert!(page.text.contains("This badge is indeed a badge of") && page.text.contains("lang=\"en\""), "{}", page.text);
    assert_eq!(world.number("SELECT count(*) FROM badge_read"), 1);
    log_is_silent(&world, &[first, second, third, said, skipped]);
}

#[test]
fn a_lost_badge_asks_to_be_handed_in_and_a_card_that_is_nobodys_is_of_the_space_too() {
    let (world, origin) = world(SPACE);
    let chip = Chip::blank(Kind::Ntag424, UID);
    world.enrol(3, &chip);
    let lost = world.number("SELECT badge_id FROM badge WHERE authentic = 1").to_string();
    assert!(world.command(&["badge", "lost", &lost]).status.success());
    let mut phone = Browser::at(&origin);
    let once = path(&chip, &origin);
    check(&mut phone, &once, 200, LOST);
    check(&mut phone, &once, 409, REPLAYED);
    let nobodys = Chip::blank(Kind::Ntag424, [0x04, 1, 2, 3, 4, 5, 6]);
    world.pcscd.readers[0].insert(Card::of(&nobodys));
    assert!(world.command(&["badge", "personalise", "--yes"]).status.success());
    world.pcscd.readers[0].remove();
    check(&mut phone, &path(&nobodys, &origin), 200, GENUINE);
    log_is_silent(&world, &[once]);
}
