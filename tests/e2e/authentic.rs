//! Badges that can't be copied: virtual cards that prove themselves, and copies that can't, behind a real pcscd.

use presence_daemon::authentic::SiteKeys;
use presence_daemon::authentic::sun::{Message, verify};
use presence_daemon::key::KeyRing;
use std::process::Output;
use tempfile::TempDir;
use voisins_shared::uid::Uid;
use voisins_tests::authentic_card::{Chip, Kind};
use voisins_tests::card::{Answer, Card};
use voisins_tests::hotplug::Hotplug;
use voisins_tests::pcscd::{Pcscd, built, child_command};
use voisins_tests::watch::Watch;
use voisins_tests::world::{Plan, World, name, uid, wait_until};

const ACR1252: &str = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC]";
const UID: [u8; 7] = [0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6];
const TOLD: &str = "04A1B2C3D4E5F6";
const ALL: [Kind; 3] = [Kind::Ntag424, Kind::DesfireEv1, Kind::DesfireEv2];
const VISITS: &str = "SELECT count(*) FROM visit WHERE closed_seq IS NULL";

/// A reader, and a state folder with keys, without a daemon.
struct Desk {
    pcscd: Pcscd,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let desk = Self { pcscd: Pcscd::with_readers(&[ACR1252]), folder };
        desk.configure("");
        desk
    }

    /// Writes its config, with more at its end.
    fn configure(&self, more: &str) {
        let config = format!("language = \"en\"\n{}\n[[reader]]\nname = \"porte\"\n{more}", self.state());
        std::fs::write(self.config(), config).expect("a config");
    }

    fn config(&self) -> std::path::PathBuf {
        self.folder.path().join("daemon.toml")
    }

    fn state(&self) -> String {
        format!("state = {:?}", self.folder.path().join("state"))
    }

    /// Lays a card down, and runs the command; the card is taken away afterwards.
    fn personalise(&self, card: Card, options: &[&str]) -> Output {
        std::fs::create_dir_all(self.folder.path().join("state")).expect("a state folder");
        self.pcscd.readers[0].insert(card);
        let mut command = child_command(&[]);
        command.arg(built("presence-daemon")).arg("--config").arg(self.config()).args(["badge", "personalise"]).args(options);
        let output = command.envs(self.pcscd.client_env().iter().cloned()).output().expect("presence-daemon runs");
        self.pcscd.readers[0].remove();
        output
    }

    fn watch(&self) -> Watch {
        let watch = Watch::start_with(&self.pcscd, &self.state(), &[("porte", "")]);
        watch.expect(["ready porte"]);
        watch
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A badge of this desk.
fn badge(desk: &Desk, kind: Kind) -> Chip {
    let chip = Chip::blank(kind, UID);
    let output = desk.personalise(Card::of(&chip), &["--yes"]);
    assert!(output.status.success() && out(&output).contains("ready"), "{kind:?}: {}", error(&output));
    chip
}

#[test]
fn a_new_card_is_written_and_proves_itself_and_a_second_time_there_is_nothing_to_do() {
    for kind in ALL {
        let desk = Desk::new();
        let chip = badge(&desk, kind);
        assert!(chip.has_only_keys_of_its_own(), "{kind:?}");
        let again = desk.personalise(Card::of(&chip), &["--yes"]);
        assert!(out(&again).contains("written already"), "{}", error(&again));
        let watch = desk.watch();
        desk.pcscd.readers[0].insert(Card::of(&chip));
        watch.expect([&*format!("card porte {TOLD} genuine")]);
        desk.pcscd.readers[0].remove();
        watch.expect(["removed porte"]);
        for copy in [Card::of(&chip.copied()), Card::of(&Chip::blank(kind, UID)), Card::new(&UID)] {
            desk.pcscd.readers[0].insert(copy);
            watch.expect([&*format!("card porte {TOLD}")]);
            desk.pcscd.readers[0].remove();
            watch.expect(["removed porte"]);
        }
    }
}

#[test]
fn a_badge_of_another_place_proves_nothing_here_and_is_not_written_over() {
    let (here, there) = (Desk::new(), Desk::new());
    let theirs = badge(&there, Kind::Ntag424);
    let output = here.personalise(Card::of(&theirs), &["--yes"]);
    assert!(!output.status.success() && error(&output).contains("a key that we don't know"), "{}", error(&output));
    let watch = here.watch();
    here.pcscd.readers[0].tap(Card::of(&theirs));
    watch.expect([&*format!("card porte {TOLD}"), "removed porte"]);
}

#[test]
fn a_badge_taken_away_at_any_moment_is_unreadable_and_then_proves_itself() {
    for kind in ALL {
        let desk = Desk::new();
        let chip = badge(&desk, kind);
        let watch = desk.watch();
        for before in 0.. {
            let answers = std::iter::repeat_n(Answer::Well, before).chain([Answer::PulledAway]);
            desk.pcscd.readers[0].insert(Card::of(&chip).answering(answers));
            match &*watch.next().what {
                "unreadable porte" => watch.expect(["removed porte"]),
                // it was asked no more than that
                told => {
                    assert_eq!(told, format!("card porte {TOLD} genuine"));
                    assert!((4..=6).contains(&before), "{kind:?}: {before} commands");
                    desk.pcscd.readers[0].remove();
                    watch.expect(["removed porte"]);
                    break;
                }
            }
        }
        desk.pcscd.readers[0].tap(Card::of(&chip));
        watch.expect([&*format!("card porte {TOLD} genuine"), "removed porte"]);
        assert!(watch.end().is_empty());
    }
}

/// Whether a phone that reads the chip is led to the page at an origin by a message that it alone can make.
fn tells(desk: &Desk, chip: &Chip, origin: &str) -> bool {
    let address = chip.tells_phone();
    let said = address.strip_prefix(&format!("{origin}/badge?p=")).and_then(|said| said.split_once("&m="));
    let message = said.and_then(|(who, mac)| Message::from_hex(who, mac)).unwrap_or_else(|| panic!("{address}"));
    let keys = SiteKeys::load(&desk.folder.path().join("state").join(SiteKeys::FILE), false).expect("the key");
    verify(&message, &keys).is_ok_and(|read| read.uid.as_bytes() == chip.uid() && read.count == chip.readings())
}

#[test]
fn an_older_badge_is_led_to_the_page_without_new_keys_and_to_another_address_later() {
    let desk = Desk::new();
    let chip = badge(&desk, Kind::Ntag424);
    for (origin, steps) in
        [("http://127.0.0.1:8481", "steps: 2."), ("http://127.0.0.1:9481", "steps: 1."), ("http://voisins.local:8481", "steps: 2.")]
    {
        desk.configure(&format!("[web]\nfiche = {origin:?}\n"));
        let output = desk.personalise(Card::of(&chip), &["--yes"]);
        let told = error(&output);
        assert!(output.status.success() && told.contains(steps) && !told.contains("keys"), "{origin}: {told}");
        assert!(tells(&desk, &chip, origin));
        assert!(out(&desk.personalise(Card::of(&chip), &["--yes"])).contains("written already"));
    }
    // where phones find no page, an address that is there stays
    desk.configure("");
    assert!(out(&desk.personalise(Card::of(&chip), &["--yes"])).contains("written already"));
    // a DESFire leads nowhere
    desk.configure("[web]\nfiche = \"http://127.0.0.1:8481\"\n");
    badge(&desk, Kind::DesfireEv2);
}

/// Whether the card did the last thing it was told or not, nobody heard of it.
#[test]
fn a_card_taken_away_at_any_step_of_its_writing_is_finished_by_running_the_command_again() {
    for (kind, led) in ALL.map(|kind| (kind, false)).into_iter().chain([(Kind::Ntag424, true)]) {
        let desk = Desk::new();
        if led {
            desk.configure("[web]\nfiche = \"http://127.0.0.1:8481\"\n");
        }
        let mut cut = 0;
        for end in [Answer::PulledAway, Answer::PulledAwayAfter] {
            for before in 0.. {
                let chip = Chip::blank(kind, UID);
                let answers = std::iter::repeat_n(Answer::Well, before).chain([end.clone()]);
                let first = desk.personalise(Card::of(&chip).answering(answers), &["--yes"]);
                if first.status.success() {
                    break;
                }
                cut += 1;
                assert!(error(&first).contains("run the same command again"), "{kind:?} {before}: {}", error(&first));
                let second = desk.personalise(Card::of(&chip), &["--yes"]);
                assert!(second.status.success(), "{kind:?} {before}: {}", error(&second));
                assert!(chip.has_only_keys_of_its_own(), "{kind:?} {before}");
                assert!(!led || tells(&desk, &chip, "http://127.0.0.1:8481"), "{before}");
            }
        }
        assert!(cut > 30, "{kind:?}: {cut} cuts");
        let left = std::fs::read_dir(desk.folder.path().join("state/personalise")).expect("notes").count();
        assert_eq!(left, 0, "{kind:?}: no card is half done");
    }
}

#[test]
fn what_can_not_be_written_says_why_and_nothing_is_written_without_a_yes() {
    let desk = Desk::new();
    let refused = |card, options: &[&str], says: &str| {
        let output = desk.personalise(card, options);
        assert!(!output.status.success() && error(&output).contains(says), "{}", error(&output));
    };
    refused(Card::new(&UID), &["--yes"], "can't prove that it is no copy");
    refused(Card::of(&Chip::blank(Kind::DesfireEv2, UID)), &["--yes", "--kind", "ntag424"], "is a MIFARE DESFire");
    refused(Card::of(&Chip::blank(Kind::DesfireEv1, UID).locked()), &["--yes"], "The card refuses (91 9D)");
    refused(
        Card::of(&Chip::blank(Kind::Ntag424, UID)),
        &["--yes", "--reader", "cafe"],
        "Give --reader with one of these names: porte",
    );
    let chip = Chip::blank(Kind::Ntag424, UID);
    let output = desk.personalise(Card::of(&chip), &[]);
    assert!(output.status.success() && out(&output).contains("Nothing was written"), "{}", error(&output));
    assert!(!chip.has_only_keys_of_its_own());
}

#[test]
fn a_card_that_another_program_holds_is_no_tap() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.folder.path().join("state")).expect("a state folder");
    desk.pcscd.readers[0].insert(Card::of(&Chip::blank(Kind::Ntag424, UID)));
    let mut command = child_command(&[]);
    command.arg(built("presence-daemon")).arg("--config").arg(desk.config()).args(["badge", "personalise"]);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut asks = command.envs(desk.pcscd.client_env().iter().cloned()).spawn().expect("presence-daemon runs");
    // it has asked the card what it has, and waits for a yes
    desk.pcscd.readers[0].wait_until_answered(15);
    let watch = desk.watch();
    drop(asks.stdin.take());
    assert!(asks.wait().expect("our own child").success());
    desk.pcscd.readers[0].remove();
    desk.pcscd.readers[0].tap(Card::new(&[0x04, 1, 2, 3]));
    watch.expect(["card porte 04010203", "removed porte"]);
}

/// The daemon's refusals of this reason.
fn refusals(reason: &str) -> String {
    format!("SELECT count(*) FROM event WHERE kind = 'tap_refused' AND body ->> '$.reason' = '{reason}'")
}

#[test]
fn a_genuine_badge_checks_in_and_its_copy_is_refused_and_told_to_the_manager() {
    let world = World::start(&Plan::default());
    let chip = Chip::blank(Kind::Ntag424, UID);
    world.enrol(3, &chip);
    world.wait_for_number(VISITS, 1);
    let listed = out(&world.command(&["badge", "list", &name(3)]));
    assert!(listed.contains("active authentic") && listed.contains("uid-only (good for presence, not for access)"), "{listed}");
    let seen = world.number("SELECT count(*) FROM event WHERE kind = 'seen'");
    for (copies, copy) in
        [Card::new(&UID), Card::of(&chip.copied()), Card::of(&Chip::blank(Kind::DesfireEv2, UID))].into_iter().enumerate()
    {
        // another badge between two, so that each is a tap of its own
        world.tap(7);
        world.pcscd.readers[0].tap(copy);
        world.wait_for_number(&refusals("unproven"), copies as i64 + 1);
    }
    assert_eq!(
        world.number("SELECT count(*) FROM visit WHERE member_id IS NOT NULL AND closed_seq IS NULL"),
        2,
        "member 3 and member 7"
    );
    world.pcscd.readers[0].tap(Card::of(&chip));
    wait_until("the genuine one is greeted again", || {
        (world.number("SELECT count(*) FROM event WHERE kind = 'seen'") > seen).then_some(())
    });
    // nothing that was said of a card is in the log
    let keys = KeyRing::load(&world.state().join("badge.key"), false).expect("the key");
    let digest: String = keys.macs(&Uid::new(&UID).expect("a UID"))[0].mac.iter().map(|byte| format!("{byte:02x}")).collect();
    let log = world.log_text().to_lowercase();
    assert!(!log.contains(&TOLD.to_lowercase()) && !log.contains(&digest));
}

#[test]
fn where_only_authentic_badges_count_a_uid_alone_is_refused_with_its_own_reason() {
    let plan = Plan { config: format!("badges = \"authentic\"\n{}", Plan::default().config), ..Plan::default() };
    let world = World::start(&plan);
    world.tap(2);
    world.wait_for_number(&refusals("uid_only"), 1);
    assert_eq!(world.number(VISITS), 0);
    world.enrol(4, &Chip::blank(Kind::Ntag424, UID));
    world.wait_for_number(VISITS, 1);
}

#[test]
fn a_member_for_whom_only_authentic_badges_count_is_told_by_command() {
    let world = World::start(&Plan::default());
    let set = |word: &str| {
        let output = world.command(&["members", "authentic", &name(2), word]);
        assert!(output.status.success(), "{}", error(&output));
    };
    set("on");
    world.tap_at(0, &uid(2));
    world.wait_for_number(&refusals("uid_only"), 1);
    world.tap_at(0, &uid(5));
    world.wait_for_number(VISITS, 1);
    set("off");
    world.tap_at(0, &uid(2));
    world.wait_for_number(VISITS, 2);
}

#[test]
fn soak_a_badge_taken_away_in_the_middle_again_and_again() {
    let times = match std::env::var("VOISINS_SOAK").as_deref() {
        Ok("full") => 100,
        Ok(number) => number.parse().unwrap_or(5),
        Err(_) => 5,
    };
    let desk = Desk::new();
    let chip = badge(&desk, Kind::Ntag424);
    let watch = desk.watch();
    for time in 0..times {
        let answers = std::iter::repeat_n(Answer::Well, time % 5).chain([Answer::PulledAway]);
        desk.pcscd.readers[0].insert(Card::of(&chip).answering(answers));
        watch.expect(["unreadable porte", "removed porte"]);
        desk.pcscd.readers[0].tap(Card::of(&chip));
        watch.wait_for(&format!("card porte {TOLD} genuine"));
        watch.expect(["removed porte"]);
    }
    println!("a badge was taken away in the middle {times} times: it proved itself again each time");
}

#[test]
fn soak_the_reader_unplugged_while_a_badge_proves_itself() {
    let times = if std::env::var("VOISINS_SOAK").as_deref() == Ok("full") { 100 } else { 3 };
    let desk = Desk::new();
    let chip = badge(&desk, Kind::Ntag424);
    let mut usb = Hotplug::start();
    let watch = Watch::start_with(&usb.pcscd, &desk.state(), &[("porte", "")]);
    watch.expect(["down porte NotPlugged"]);
    for time in 0..times {
        let device = u8::try_from(2 * (time % 50) + 2).expect("a small number");
        let plugged = usb.plug("1-1", 1, device);
        watch.wait_for("ready porte");
        let answers = std::iter::repeat_n(Answer::Well, time % 5).chain([Answer::Held]);
        plugged.reader.insert(Card::of(&chip).answering(answers));
        plugged.reader.wait_until_asked(u32::try_from(time % 5 + 1).expect("a small number"));
        usb.unplug(plugged);
        watch.wait_for("down porte NotPlugged");
        let plugged = usb.plug("1-1", 1, device + 1);
        watch.wait_for("ready porte");
        plugged.reader.tap(Card::of(&chip));
        watch.wait_for(&format!("card porte {TOLD} genuine"));
        usb.unplug(plugged);
        watch.wait_for("down porte NotPlugged");
    }
    println!("the reader was unplugged in the middle {times} times: the badge proved itself afterwards each time");
}
