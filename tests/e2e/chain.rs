//! Card on reader → row on disk → name on the screen: the daemon, its private broker, pcscd and the kiosk's window are the real ones.

use presence_daemon::pipeline::TapOutcome;
use voisins_tests::card::Card;
use voisins_tests::world::{Frame, Plan, World, name, uid, wait_until};

const VISITS: &str = "SELECT count(*) FROM visit WHERE closed_seq IS NULL";

fn shows(n: usize) -> impl Fn(&Frame) -> bool {
    move |frame| frame.names.contains(&name(n))
}

fn online(frame: &Frame) -> bool {
    frame.online
}

#[test]
fn a_card_on_the_reader_puts_the_name_on_the_screen() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    let before = kiosk.picture();
    world.tap(3);
    let frame = kiosk.wait_for("the name is drawn, greeted", |frame| shows(3)(frame) && frame.dialog.as_deref() == Some("arrival"));
    assert!(frame.lines.is_empty());
    let after = wait_until("the window shows it", || Some(kiosk.picture()).filter(|picture| *picture != before));
    // the dialog of the mockup: a white sheet with a big name on it, where the empty screen was
    let centre = (440, 300, 400, 200);
    assert!(after.colours(centre.0, centre.1, centre.2, centre.3) > before.colours(centre.0, centre.1, centre.2, centre.3));
    assert_eq!(world.number(VISITS), 1);
    assert_eq!(world.number("SELECT count(*) FROM event WHERE kind = 'checked_in'"), 1);
}

#[test]
fn a_second_tap_re_greets_and_leaving_the_card_does_nothing_more() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    world.tap(1);
    kiosk.wait_for("greeted", |frame| frame.dialog.as_deref() == Some("arrival"));
    wait_until("the double-tap window is over", || (world.tap_by_command("cafe", &uid(1))?.0 == TapOutcome::Seen).then_some(()));
    kiosk.wait_for("greeted again", |frame| frame.dialog.as_deref() == Some("seen"));
    assert_eq!(world.number(VISITS), 1);
    // another card is laid down and left, while pcscd is restarted under it
    let mut world = world;
    world.pcscd.readers[0].insert(Card::new(&uid(2)));
    world.wait_for_number(VISITS, 2);
    let events = world.number("SELECT count(*) FROM event");
    world.pcscd.kill();
    world.pcscd.start();
    world.wait_until_ready();
    world.pcscd.readers[0].remove();
    world.tap(4);
    world.wait_for_number(VISITS, 3);
    assert_eq!(world.number("SELECT count(*) FROM event"), events + 1, "the card that lay there made no tap");
}

#[test]
fn a_tap_at_a_reader_that_stands_elsewhere_is_only_a_line() {
    let readers =
        vec![("ACS ACR122U PICC Interface", "name = \"cafe\"\nbeside = \"cafe\""), ("ACS ACR1252 Dual Reader", "name = \"porte\"")];
    let world = World::start(&Plan { readers, ..Plan::default() });
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    world.tap_at(1, &uid(5));
    let frame = kiosk.wait_for("a line", |frame| !frame.lines.is_empty());
    assert_eq!(frame.dialog, None);
    kiosk.wait_for("the line goes after 3 s", |frame| frame.lines.is_empty() && shows(5)(frame));
    world.tap_at(0, &uid(6));
    kiosk.wait_for("a greeting", |frame| frame.dialog.as_deref() == Some("arrival"));
}

#[test]
fn a_member_who_has_not_agreed_is_greeted_without_a_name_and_shown_nowhere() {
    let world = World::start(&Plan { hidden: vec![2], ..Plan::default() });
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    world.tap(2);
    kiosk.wait_for("greeted", |frame| frame.dialog.is_some());
    assert_eq!(world.number(VISITS), 1);
    assert!(kiosk.frames().iter().all(|frame| frame.names.is_empty() && frame.lines.is_empty()));
}

#[test]
fn an_unknown_card_gets_a_code_and_enrolling_it_needs_a_second_tap() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    let stranger = [0x04, 0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0x01];
    world.tap_at(0, &stranger);
    kiosk.wait_for("the code is shown", |frame| frame.dialog.as_deref() == Some("unknown"));
    let code: String = world.database().query_row("SELECT code FROM pairing", [], |row| row.get(0)).unwrap();
    let enrol = world.command(&["badge", "enrol", &code, &name(7)]);
    assert!(enrol.status.success(), "{}", String::from_utf8_lossy(&enrol.stderr));
    assert!(String::from_utf8_lossy(&enrol.stdout).contains("Présentez la même carte"));
    assert_eq!(world.number("SELECT count(*) FROM badge WHERE enrolled_at IS NOT NULL"), 12, "not yet");
    wait_until("a second tap of the card", || (world.tap_by_command("cafe", &stranger)?.0 == TapOutcome::CheckedIn).then_some(()));
    kiosk.wait_for("greeted by name", |frame| frame.dialog.as_deref() == Some("arrival") && shows(7)(frame));
    assert_eq!(world.number("SELECT count(*) FROM pairing"), 0);
    let again = world.command(&["badge", "enrol", &code, &name(8)]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("no such pairing code"));
}

#[test]
fn a_lost_badge_looks_like_an_unknown_card() {
    let world = World::start(&Plan::default());
    let badges = world.command(&["badge", "list", &name(4)]);
    let id = String::from_utf8_lossy(&badges.stdout).split_once(" active").expect("one active badge").0.to_owned();
    assert!(world.command(&["badge", "lost", &id]).status.success());
    assert_eq!(world.command(&["badge", "lost", "999"]).status.code(), Some(1));
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    world.tap(4);
    kiosk.wait_for("the calm screen of an unknown card", |frame| frame.dialog.as_deref() == Some("unknown"));
    assert_eq!(world.number(VISITS), 0);
    assert_eq!(world.number("SELECT count(*) FROM event WHERE kind = 'tap_refused'"), 1, "the reason is kept for the manager");
}

#[test]
fn a_touch_on_enter_as_guest_opens_a_guests_visit() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    world.tap_at(0, &[0x04, 0xDE, 0xAD, 0xBE]);
    kiosk.wait_for("the code is shown", |frame| frame.dialog.as_deref() == Some("unknown"));
    // the mockup's black button
    kiosk.press(524, 514);
    world.wait_for_number("SELECT count(*) FROM visit WHERE member_id IS NULL AND opened_by = 'button' AND closed_seq IS NULL", 1);
    assert_eq!(world.number("SELECT count(*) FROM request"), 1);
    kiosk.wait_for("no name on the screen", |frame| frame.names.is_empty());
}

#[test]
fn a_phone_is_refused_with_the_reason() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", online);
    world.tap_at(0, &[0x08, 0x12, 0x34, 0x56]);
    kiosk.wait_for("refused", |frame| {
        frame.dialog.as_deref().is_some_and(|dialog| dialog.starts_with("refused") || dialog == "random_uid")
    });
    assert_eq!(world.number(VISITS), 0);
    assert_eq!(world.number("SELECT count(*) FROM event WHERE kind = 'tap_refused'"), 1);
}

#[test]
fn while_the_clock_is_not_trusted_taps_are_recorded_and_set_right_once_it_is() {
    let flag = tempfile::tempdir().unwrap();
    let file = flag.path().join("synchronized");
    let config = format!("double_tap_window = \"200ms\"\nclock = \"file\"\nclock_file = {file:?}\n");
    let world = World::start(&Plan { config, ..Plan::default() });
    world.tap(1);
    world.wait_for_number("SELECT count(*) FROM visit WHERE opened_at IS NULL AND day IS NULL", 1);
    assert_eq!(world.number("SELECT count(*) FROM event WHERE clock_state = 'untrusted' AND kind <> 'managed'"), 1);
    std::fs::write(&file, "").unwrap();
    world.wait_for_number("SELECT count(*) FROM visit WHERE opened_at IS NOT NULL AND day IS NOT NULL AND set_right = 1", 1);
}

#[test]
fn a_stopped_daemon_leaves_nothing_behind_and_a_started_one_is_right_at_once() {
    let mut world = World::start(&Plan::default());
    world.tap(1);
    world.wait_for_number(VISITS, 1);
    let state = world.state();
    assert_eq!(world.stop_daemon(), Some(0));
    assert_eq!(voisins_tests::world::processes_with(&state), Vec::<u32>::new());
    world.start_daemon();
    world.wait_until_ready();
    let kiosk = world.kiosk("salon");
    kiosk.wait_for("who was here is here", shows(1));
    wait_until("nobody arrives twice", || (world.tap_by_command("cafe", &uid(1))?.0 == TapOutcome::Seen).then_some(()));
}

#[test]
fn names_and_uids_stay_out_of_the_log() {
    let world = World::start(&Plan::default());
    for n in 0..6 {
        world.tap(n);
        world.wait_for_number(VISITS, i64::try_from(n).unwrap() + 1);
    }
    world.tap_at(0, &[0x04, 0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0x01]);
    world.wait_for_number("SELECT count(*) FROM pairing", 1);
    let log = world.log_text();
    assert!(log.contains("DEBUG"), "the test looks at the most talkative log");
    for n in 0..12 {
        assert!(!log.contains(&name(n)), "{} in the log", name(n));
        let hex: String = uid(n).iter().map(|byte| format!("{byte:02X}")).collect();
        let spaced: String = uid(n).iter().map(|byte| format!("{byte}, ")).collect();
        assert!(!log.to_uppercase().contains(&hex) && !log.contains(spaced.trim_end_matches(", ")), "a UID in the log");
    }
    assert!(!log.to_uppercase().contains("DEADBEEF"));
}
