//! Letters, by a real daemon to a real server on loopback.

use crate::hand::{Hand, run};
use crate::pages::manager;
use crate::phone;
use presence_daemon::control::{self, Ask, Desk, Reply};
use rusqlite::Connection;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use voisins_shared::need::{Audience, NeedId};
use voisins_tests::browser::Browser;
use voisins_tests::smtp::{MailServer, Manner};
use voisins_tests::world::{World, name, wait_until};

/// What member 1 looks for: told to nobody by mail.
const WORDS: &str = "Une oreille pour une histoire de dettes";

/// A world that writes letters.
fn world(server: SocketAddr, tls: &str, more: &str) -> (World, String) {
    phone::world(&format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = {tls:?}\nfrom = \"Voisins <voisins@example.org>\"\n{more}",
        server.port()
    ))
}

/// Member 1 has an address, reads English, and wants to be written to, as they say on their phone.
async fn agrees(world: &World, origin: &str) -> Hand {
    let file = world.state().join("addresses.csv");
    let row = format!("id,name,email,screen_language\nM-0002,{},m1@example.org,en\n", name(1));
    std::fs::write(&file, row).expect("a file");
    let output = world.command(&["members", "import", &file.to_string_lossy()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut hand = Hand::of(world).await;
    let path = phone::link(&phone::open(&mut hand, world, 1, 1).await, origin);
    let mut phone = Browser::at(origin);
    phone.get(&path);
    let form = phone.get("/").form();
    assert_eq!(phone.post("/mail", &[("form", &form), ("agreed", "yes")]).status, 303);
    hand
}

/// Member 1 looks for something, and the coordination proposes that they meet member `helper`.
fn propose(world: &World, helper: usize) {
    let before = world.number("SELECT count(*) FROM need");
    let post = Ask::Need(control::Need::Post {
        member: Some(name(1)),
        text: WORDS.to_owned(),
        skills: vec![],
        audience: Audience::Coordination,
        passes: None,
    });
    assert!(matches!(control::ask(&world.state(), &post), Ok(Reply::Text(_))));
    assert_eq!(world.number("SELECT count(*) FROM need"), before + 1);
    let sql = "SELECT need_id FROM need ORDER BY posted_ns DESC LIMIT 1";
    let need: String = world.database().query_row(sql, [], |row| row.get(0)).expect("a need");
    let need = NeedId(need.parse().expect("an id"));
    let propose = Desk::Propose { need: Some(need), asker: None, helper: name(helper) };
    let reply = control::ask(&world.state(), &Ask::Desk(propose));
    assert!(matches!(reply, Ok(Reply::Text(_))), "{reply:?}");
}

fn header(letter: &str, name: &str) -> String {
    let prefix = format!("{name}: ");
    letter.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_else(|| panic!("no {name} in {letter}")).to_owned()
}

/// The daemon is killed, as by a power cut; what waits is due when it comes back.
fn power_cut(world: &mut World) {
    world.kill_daemon();
    let database = Connection::open(world.state().join("voisins.db")).expect("the database");
    database.execute("UPDATE mail SET next_at = queued_at WHERE state = 'waiting'", []).expect("due");
    drop(database);
    world.start_daemon();
    world.wait_until_ready();
}

#[test]
fn who_asked_for_it_is_written_to_once_and_nobody_is_named() {
    let server = MailServer::start();
    let (mut world, origin) = world(server.address, "none", "");
    run(async {
        let hand = agrees(&world, &origin).await;
        propose(&world, 2);
        wait_until("a letter", || (server.letters().len() == 1).then_some(()));
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'sent'", 1);
        let letter = server.letters()[0].clone();
        let text = letter.replace("=\n", "");
        assert!(text.contains("An introduction is proposed to you"), "{letter}");
        assert_eq!(
            (header(&letter, "To"), header(&letter, "Auto-Submitted")),
            ("m1@example.org".to_owned(), "auto-generated".to_owned())
        );
        let first = header(&letter, "Message-ID");
        for secret in [&name(1), &name(2), "dettes", WORDS] {
            assert!(!text.contains(secret), "{secret} in {letter}");
        }
        let kept: String = world
            .database()
            .query_row("SELECT group_concat(letter || member_id || about) FROM mail", [], |row| row.get(0))
            .expect("a queue");
        assert!(!kept.contains("example.org") && !kept.contains(&name(1)) && !world.log_text().contains("m1@example.org"));
        drop(hand);
        // after a power cut nothing is written twice: the next letter is another one
        power_cut(&mut world);
        propose(&world, 3);
        wait_until("the next letter", || (server.letters().len() >= 2).then_some(()));
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'sent'", 2);
        let ids: Vec<String> = server.letters().iter().map(|letter| header(letter, "Message-ID")).collect();
        assert_eq!((ids.len(), ids.iter().filter(|id| **id == first).count()), (2, 1), "{ids:?}");
    });
}

#[test]
fn a_letter_waits_while_the_server_is_away_and_is_known_again_if_it_was_taken_before() {
    // nobody listens there yet
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let (mut world, origin) = world(address, "none", "");
    run(async {
        drop(agrees(&world, &origin).await);
        propose(&world, 2);
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'waiting' AND tries = 1", 1);
        let mut browser = manager(&world);
        let page = browser.get("/mail");
        assert!(page.status == 200 && page.text.contains("mail.host"), "{}", page.text);
        let log = world.log_text();
        assert_eq!(log.matches("letters wait: ").count(), 1, "told once");
        // it takes the letter, and the line is cut before it says so
        let server = MailServer::on(&TcpListener::bind(address).expect("the same port"));
        server.does(Manner::SaysNothing);
        power_cut(&mut world);
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'waiting' AND tries = 2", 1);
        server.does(Manner::Takes);
        power_cut(&mut world);
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'sent'", 1);
        let ids: Vec<String> = server.letters().iter().map(|letter| header(letter, "Message-ID")).collect();
        assert!(ids.len() == 2 && ids[0] == ids[1], "the server can tell that it is the same: {ids:?}");
    });
}

#[test]
fn what_the_server_refuses_is_given_up_and_seen_by_the_manager() {
    let server = MailServer::start();
    server.does(Manner::Refuses);
    let (world, origin) = world(server.address, "none", "");
    run(async {
        drop(agrees(&world, &origin).await);
        propose(&world, 2);
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'given_up'", 1);
        assert!(manager(&world).get("/mail").text.contains("refused the letter"));
        assert!(!world.log_text().contains("m1@example.org"));
        // whoever takes it back is written to no more
        server.does(Manner::Later);
        propose(&world, 3);
        world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'waiting' AND tries = 1", 1);
        let mut hand = Hand::of(&world).await;
        let path = phone::link(&phone::open(&mut hand, &world, 1, 9).await, &origin);
        let mut phone = Browser::at(&origin);
        phone.get(&path);
        let form = phone.get("/").form();
        assert_eq!(phone.post("/mail", &[("form", &form)]).status, 303);
        assert_eq!(world.number("SELECT count(*) FROM mail WHERE state = 'waiting'"), 0);
    });
}

#[test]
fn what_waits_is_sent_once_a_day_and_told_to_a_program() {
    let server = MailServer::start();
    let hook = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}/told", hook.local_addr().expect("an address"));
    let told = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = hook.accept().expect("somebody");
        let mut text = String::new();
        let mut bytes = [0; 4096];
        while !text.contains("\"waits\"") {
            let read = stream.read(&mut bytes).expect("a request");
            assert!(read > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").expect("an answer");
        text
    });
    let more = format!("to = \"coordination@example.org\"\ndigest_at = \"00:00\"\nwebhook = {url:?}\n");
    let (world, _) = world(server.address, "none", &more);
    // a card that nobody knows
    world.tap_at(0, &[0x04, 0xAA, 0xBB, 0xCC]);
    wait_until("what waits", || (server.letters().len() == 1).then_some(()));
    let letter = server.letters()[0].clone();
    assert_eq!(header(&letter, "To"), "coordination@example.org");
    assert!(letter.replace("=\n", "").contains("1 carte inconnue"), "{letter}");
    let told = told.join().expect("told");
    assert!(
        told.contains("\"unknown-badge\":1")
            && told.contains("\"site\":\"test\"")
            && told.to_lowercase().contains("idempotency-key"),
        "{told}"
    );
    world.wait_for_number("SELECT count(*) FROM mail WHERE state = 'sent'", 2);
}

#[test]
fn a_certificate_that_is_not_the_servers_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (key, certificate) = (folder.path().join("key.pem"), folder.path().join("certificate.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=elsewhere.example",
        ])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl").success());
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr()).expect("a free port");
    let mut server = Command::new("openssl")
        .args(["s_server", "-quiet", "-accept", &port.to_string(), "-cert"])
        .arg(&certificate)
        .arg("-key")
        .arg(&key)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl");
    let more = "to = \"coordination@example.org\"\ndigest_at = \"00:00\"\n";
    let (world, _) = world(port, "tls", more);
    world.tap_at(0, &[0x04, 0xAA, 0xBB, 0xCC]);
    wait_until("it is told", || {
        world.log_text().lines().any(|line| line.contains("letters wait") && line.contains("certificate")).then_some(())
    });
    assert_eq!(world.number("SELECT count(*) FROM mail WHERE state = 'sent'"), 0);
    let _ = (server.kill(), server.wait());
}
