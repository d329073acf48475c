//! Bad input and broken parts: each says what is wrong and what to do, nothing is half done, and the daemon goes on where it can.

use presence_daemon::control::{self, Ask, Reply};
use presence_daemon::pipeline::TapOutcome;
use std::process::Output;
use voisins_shared::payload::ReaderState;
use voisins_tests::broker::Mosquitto;
use voisins_tests::world::{Plan, World, name, uid, wait_until};

#[track_caller]
fn fails(output: &Output, code: i32, says: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    for words in says {
        assert!(error.contains(words), "{error}\nshould say {words}");
    }
}

#[test]
fn a_config_with_an_unknown_key_names_it_and_its_line() {
    let world = World::laid_out(&Plan::default());
    let text = std::fs::read_to_string(world.config()).unwrap();
    std::fs::write(world.config(), format!("fresh_fro = \"3h\"\n{text}")).unwrap();
    for command in [&["run"][..], &["members", "export", "-"], &["tap", "cafe", "04A1B2C3"]] {
        fails(&world.command(command), 1, &["daemon.toml:1:1", "unknown field `fresh_fro`", "fresh_for"]);
    }
}

#[test]
fn a_csv_with_a_bad_row_names_line_and_column_and_imports_nothing() {
    let world = World::start(&Plan::default());
    let csv = world.state().join("bad.csv");
    std::fs::write(&csv, "name,email\nBonne Personne,bonne@example.org\nMauvaise Personne,nulle part\n").unwrap();
    let import = world.command(&["members", "import", &csv.to_string_lossy()]);
    fails(&import, 1, &["bad.csv", "line 3", "email", "Nothing was imported"]);
    assert_eq!(world.number("SELECT count(*) FROM member WHERE name = 'Bonne Personne'"), 0);
    std::fs::write(&csv, b"name\nL\xe9a\n").unwrap();
    fails(&world.command(&["members", "import", &csv.to_string_lossy()]), 1, &["not UTF-8"]);
}

#[test]
fn members_go_out_and_come_back_without_a_change() {
    let world = World::start(&Plan::default());
    let csv = world.state().join("all.csv");
    let path = csv.to_string_lossy();
    assert!(world.command(&["members", "export", &path]).status.success());
    let import = world.command(&["members", "import", &path]);
    assert_eq!(String::from_utf8_lossy(&import.stdout), "added 0, updated 0, unchanged 12\n");
}

#[test]
fn wrong_usage_exits_with_2() {
    let world = World::laid_out(&Plan::default());
    fails(&world.command(&["tap", "cafe", "04A1B2"]), 2, &["4, 7 or 10 bytes"]);
    fails(&world.command(&["tap", "Café", "04A1B2C3"]), 2, &["1 to 32 of a-z"]);
    fails(&world.command(&["dance"]), 2, &["dance"]);
    fails(&world.command(&["badge", "enrol", "12-34", "x"]), 2, &["K7-M4"]);
    fails(&world.command(&["tap", "cafe", "04A1B2C3"]), 1, &["presence-daemon run"]);
}

#[test]
fn a_second_daemon_on_the_same_folder_is_told_so() {
    let world = World::start(&Plan::default());
    fails(&world.command(&["run"]), 1, &["another presence-daemon runs"]);
}

#[test]
fn an_unreadable_database_and_a_lost_key_are_told_with_what_to_do() {
    let world = World::laid_out(&Plan::default());
    let key = world.state().join("badge.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    fails(&world.command(&["run"]), 1, &["badge.key", "Restore the file from its backup"]);
    assert!(!key.exists(), "no new key is made over badges of an old one");
    std::fs::write(&key, kept).unwrap();
    fails(&world.command(&["run"]), 1, &["chmod 600"]);
    set_owner_only(&key);
    for part in ["voisins.db", "voisins.db-wal"] {
        std::fs::write(world.state().join(part), "not a database ".repeat(500)).unwrap();
    }
    fails(&world.command(&["run"]), 1, &["voisins.db", "restore the last backup"]);
    assert_eq!(world.command(&["check"]).status.code(), Some(1));
}

fn set_owner_only(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_tap_that_cant_be_recorded_is_refused_aloud_and_the_next_one_counts() {
    let world = World::start(&Plan::default());
    let kiosk = world.kiosk("cafe");
    kiosk.wait_for("the kiosk has news", |frame| frame.online);
    // somebody else holds the database: SQLite can't write
    let path = presence_daemon::house::database(&world.state());
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(world.tap_by_command("cafe", &uid(1)), Some((TapOutcome::Failed, None)));
    kiosk.wait_for("the kiosk says so", |frame| frame.dialog.is_some() && frame.names.is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    // at once: a tap that was not recorded has no double
    assert_eq!(world.tap_by_command("cafe", &uid(1)).map(|tap| tap.0), Some(TapOutcome::CheckedIn));
    kiosk.wait_for("greeted", |frame| frame.dialog.as_deref() == Some("arrival") && frame.names.contains(&name(1)));
    assert_eq!(world.log_text().matches("n’a pas pu être noté").count(), 1, "told once");
}

#[test]
fn without_pcscd_the_daemon_runs_says_so_and_reads_once_it_is_there() {
    let mut world = World::laid_out(&Plan::default());
    world.pcscd.stop();
    world.start_daemon();
    let state = || match control::ask(&world.state(), &Ask::Status) {
        Ok(Reply::Status { readers, .. }) => readers.into_iter().next(),
        _ => None,
    };
    let status = wait_until("the reader is down", || state().filter(|reader| reader.state == ReaderState::Failed));
    assert!(status.reason.is_some_and(|reason| reason.contains("systemctl start pcscd.socket")));
    let check = world.command(&["check"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&check.stdout).contains("WRONG pcscd"));
    // the rest of the house works
    assert_eq!(world.tap_by_command("cafe", &uid(1)).map(|tap| tap.0), Some(TapOutcome::CheckedIn));
    world.pcscd.start();
    world.wait_until_ready();
    world.tap(2);
    world.wait_for_number("SELECT count(*) FROM visit", 2);
}

#[test]
fn a_wrong_broker_password_says_what_to_do_and_taps_are_recorded_all_the_same() {
    let broker = Mosquitto::start_with("allow_anonymous false\npassword_file FOLDER/passwords\n", &[("passwords", "")]);
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "not the right one\n").unwrap();
    let table = format!(
        "[broker]\nkind = \"external\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"voisins-daemon\"\npassword_file = {password:?}\n",
        broker.port
    );
    let mut world = World::laid_out(&Plan { broker: table, ..Plan::default() });
    world.start_daemon();
    wait_until("the log says what is wrong", || {
        let log = world.log_text();
        (log.contains("voisins-daemon") && log.contains(&*password.to_string_lossy()) && log.contains("WARN")).then_some(())
    });
    assert!(!world.log_text().contains("not the right one"), "the password itself stays out of the log");
    wait_until("taps count", || (world.tap_by_command("cafe", &uid(1))?.0 == TapOutcome::CheckedIn).then_some(()));
    assert!(world.number("SELECT count(*) FROM outbox") > 0, "what was not published stays marked");
}
