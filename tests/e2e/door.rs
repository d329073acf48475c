//! The door of the pages, its log, and what it bears.

#![allow(clippy::disallowed_methods, reason = "it measures how long the pages wait for a slow browser")]

use crate::pages::manager;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use voisins_tests::browser::{Browser, Page};
use voisins_tests::world::{Plan, World, wait_until};

const PASSWORD: &str = "quatre mots pour la porte";

/// Every page that is read, and every form.
const PAGES: [&str; 10] =
    ["/", "/needs", "/introductions", "/members", "/journal", "/accounts", "/settings", "/account", "/login", "/nowhere"];
const FORMS: [&str; 14] = [
    "/needs",
    "/needs/00000000-0000-0000-0000-000000000000/close",
    "/accounts",
    "/accounts/1/remove",
    "/accounts/1/sessions",
    "/accounts/broker",
    "/accounts/broker/remove",
    "/account/password",
    "/account/second-step",
    "/account/second-step/confirm",
    "/account/second-step/off",
    "/account/recovery",
    "/account/sessions/others",
    "/logout",
];

/// The value that stands in a field that is only to be read.
fn shown(page: &Page) -> String {
    let at = page.text.find("readonly").expect("a field to copy");
    let field = &page.text[..at];
    let value = &field[field.rfind("value=\"").expect("its value") + 7..];
    value.split('"').next().expect("its end").to_owned()
}

/// A viewer, who came by a link that a manager made.
fn viewer(manager: &mut Browser, name: &str) -> Browser {
    let form = manager.get("/accounts").form();
    let page = manager.post("/accounts", &[("form", &form), ("role", "viewer")]);
    assert_eq!(page.status, 200);
    let link = shown(&page);
    let (origin, link) = link.split_once("/setup/").expect("a link");
    assert_eq!(origin, manager.origin);
    let mut viewer = Browser::at(origin);
    let page = viewer.post(&format!("/setup/{link}"), &[("name", name), ("password", PASSWORD)]);
    assert_eq!((page.status, page.header("location")), (303, Some("/presence")));
    viewer
}

#[test]
fn every_page_carries_the_headers_and_no_form_goes_without_its_token() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    for path in PAGES {
        let page = browser.get(path);
        let policy = page.header("content-security-policy").unwrap_or_default();
        for part in ["default-src 'none'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        let header = |name: &str| page.header(name).map(str::to_owned);
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!((header("x-frame-options").as_deref(), header("cache-control").as_deref()), (Some("DENY"), Some("no-store")));
        assert!(!page.text.contains("<script") && !page.text.contains(" style=\""), "{path}");
    }
    let mut stranger = Browser::at(&browser.origin);
    for path in FORMS {
        assert_eq!(browser.post(path, &[("form", "forged"), ("password", PASSWORD)]).status, 403, "{path}");
        assert_eq!(browser.post(path, &[]).status, 403, "{path} without a token");
        assert_eq!(stranger.post(path, &[("form", "forged")]).header("location"), Some("/login"), "{path}");
    }
    assert_eq!(browser.get("/").status, 200, "nothing of it was done");
}

#[test]
fn a_viewer_sees_no_members_changes_nothing_and_is_out_once_removed() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let mut viewer = viewer(&mut browser, "regard");
    assert_eq!(viewer.get("/").header("location"), Some("/presence"));
    for path in ["/members", "/needs", "/journal", "/accounts", "/settings"] {
        assert_eq!(viewer.get(path).status, 403, "{path}");
    }
    let form = viewer.get("/account").form();
    for path in ["/accounts", "/accounts/1/remove", "/accounts/broker", "/needs"] {
        let fields = [("form", &*form), ("role", "manager"), ("text", "x"), ("name", "x"), ("rights", "open")];
        assert_eq!(viewer.post(path, &fields).status, 403, "{path}");
    }
    let form = browser.get("/accounts").form();
    let last = browser.post("/accounts/1/remove", &[("form", &form)]);
    assert!(last.status == 409 && last.text.contains("dernier compte"), "{}", last.status);
    assert_eq!(browser.post("/accounts/2/remove", &[("form", &form)]).header("location"), Some("/accounts?said=accounts-removed"));
    assert_eq!(viewer.get("/account").header("location"), Some("/login"), "the session ended with the account");
    assert_eq!(viewer.post("/login", &[("name", "regard"), ("password", PASSWORD)]).status, 403);
    let journal = browser.get("/journal");
    for told in ["Compte retiré", "Compte fait par un lien", "Lien de compte fait", "Connexion refusée", "regard", "coordination"]
    {
        assert!(journal.text.contains(told), "{told}");
    }
    let of = browser.get("/journal?of=1");
    assert!(of.text.contains("Compte retiré") && !of.text.contains("Connexion refusée"), "the removed one's alone");
    let check = world.command(&["check"]);
    assert!(String::from_utf8_lossy(&check.stdout).contains("none changed"));
}

/// RFC 4648, without padding.
fn base32(text: &str) -> [u8; 20] {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut held, mut bits) = (vec![], 0_u32, 0);
    for letter in text.bytes().filter(|b| *b != b' ') {
        let five = letters.iter().position(|known| *known == letter).expect("base 32");
        held = held << 5 | u32::try_from(five).expect("small");
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff).try_into().expect("a byte"));
        }
    }
    bytes.try_into().expect("20 bytes")
}

/// The code of a secret, so many half minutes from now.
fn code(secret: &[u8; 20], steps: i64) -> String {
    let wall = presence_daemon::clock::wall_as_seen() + jiff::SignedDuration::from_secs(30 * steps);
    let step = wall.as_second().unsigned_abs() / 30;
    let codes = (0..1_000_000).map(|n| format!("{n:06}"));
    let mut right = codes.filter(|code| presence_daemon::web::second_step::check(secret, code, wall) == Some(step));
    right.next().expect("a code")
}

#[test]
fn a_second_step_asks_for_a_code_that_works_once_and_its_secret_is_never_shown_again() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let form = browser.get("/account").form();
    assert_eq!(browser.post("/account/second-step", &[("form", &form), ("password", "un autre mot")]).status, 403);
    let page = browser.post("/account/second-step", &[("form", &form), ("password", PASSWORD)]);
    assert!(page.status == 200 && page.text.contains("<svg class=\"qr\""), "{}", page.status);
    let typed = page.text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a key").to_owned();
    let secret = base32(&typed);
    assert_eq!(browser.post("/account/second-step/confirm", &[("form", &form), ("code", "12345")]).status, 400);
    let first = code(&secret, -1);
    let page = browser.post("/account/second-step/confirm", &[("form", &form), ("code", &first)]);
    assert_eq!((page.status, page.text.matches("<li><code>").count()), (200, 10));
    let recovery = page.text.split("<code>").nth(3).and_then(|rest| rest.split('<').next()).expect("a code").to_owned();
    assert!(!browser.get("/account").text.contains(&typed));
    assert_eq!(browser.post("/account/second-step", &[("form", &form), ("password", PASSWORD)]).status, 409, "it is on");

    let ticket = || {
        let mut other = Browser::at(&browser.origin);
        let page = other.post("/login", &[("name", "coordination"), ("password", PASSWORD)]);
        assert!(page.status == 200 && page.header("set-cookie").is_none(), "half way is not in");
        let ticket = page.field("ticket");
        (other, ticket)
    };
    let (mut other, held) = ticket();
    assert_eq!(other.post("/login/code", &[("ticket", &held), ("code", &first)]).status, 403, "replayed");
    let second = code(&secret, 0);
    assert_eq!(other.post("/login/code", &[("ticket", &held), ("code", &second)]).status, 303);
    assert_eq!(other.get("/").status, 200);
    let (mut third, held) = ticket();
    assert_eq!(third.post("/login/code", &[("ticket", &held), ("code", &second)]).status, 403, "replayed");
    assert_eq!(third.post("/login/code", &[("ticket", &held), ("code", &recovery.to_uppercase())]).status, 303);
    let (mut fourth, held) = ticket();
    assert_eq!(fourth.post("/login/code", &[("ticket", &held), ("code", &recovery)]).status, 403, "a recovery code works once");
    assert_eq!(fourth.post("/login/code", &[("ticket", "0"), ("code", &second)]).status, 403);
    // all of the others end with a new password, and only they
    let page = browser.post("/account/password", &[("form", &form), ("password", PASSWORD), ("new", "motdepasse2026")]);
    assert_eq!(page.status, 400, "guessed");
    let fields = [("form", &*form), ("password", PASSWORD), ("new", "encore quatre autres mots")];
    assert_eq!(browser.post("/account/password", &fields).status, 303);
    assert_eq!((browser.get("/").status, other.get("/").status, third.get("/").status), (200, 303, 303));
    let log = world.log_text();
    for secret in [&*typed, &typed.replace(' ', ""), &recovery, PASSWORD, &second] {
        assert!(!log.contains(secret), "in the log");
    }
}

#[test]
fn a_head_that_comes_too_slowly_is_cut_and_a_crowd_has_64_places() {
    let world = World::start(&Plan::default());
    let browser = manager(&world);
    let host = browser.origin.strip_prefix("http://").expect("plain HTTP").to_owned();
    let connect = || {
        let stream = TcpStream::connect(&host).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        stream
    };
    let begun = Instant::now();
    let mut slow = connect();
    slow.write_all(b"GET /login HTTP/1.1\r\nHost: x\r\n").expect("sent");
    let mut crowd: Vec<TcpStream> = (0..70).map(|_| connect()).collect();
    // those without a place are closed at once, without a word
    let turned_away = wait_until("the rest is turned away", || {
        let closed = crowd.iter_mut().filter_map(|stream| {
            stream.set_nonblocking(true).ok()?;
            matches!(stream.read(&mut [0; 1]), Ok(0)).then_some(())
        });
        Some(closed.count()).filter(|closed| *closed >= 7)
    });
    assert_eq!(turned_away, 7, "70 and the slow one are 71");
    let mut said = String::new();
    let _ = slow.read_to_string(&mut said);
    let took = begun.elapsed();
    assert!((Duration::from_secs(8)..Duration::from_secs(16)).contains(&took), "{took:?} {said:?}");
    drop(crowd);
    wait_until("there is a place again", || {
        let mut stream = connect();
        stream.write_all(b"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.starts_with("HTTP/1.1 200").then_some(())
    });
}

#[test]
fn with_a_certificate_of_its_own_the_pages_speak_https() {
    let mut world = World::laid_out(&Plan::default());
    let folder = world.state();
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-keyout", &key.to_string_lossy(), "-out", &certificate.to_string_lossy()])
        .output()
        .expect("openssl");
    assert!(made.status.success());
    let mut config = std::fs::File::options().append(true).open(world.config()).expect("the config");
    writeln!(config, "certificate = {certificate:?}\nkey = {key:?}").expect("written");
    world.start_daemon();
    world.wait_until_ready();
    let output = world.command(&["web", "link"]);
    let link = String::from_utf8(output.stdout).expect("text");
    let curl = |arguments: &[&str]| {
        let output = std::process::Command::new("curl")
            .args(["-sS", "-i", "--max-time", "20", "--cacert", &certificate.to_string_lossy()])
            .args(arguments)
            .output()
            .expect("curl");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let link = link.trim();
    let origin = link.split("/setup/").next().expect("an origin");
    assert!(origin.starts_with("https://127.0.0.1:"), "{link}");
    assert!(curl(&[link]).contains("strict-transport-security: max-age=31536000"));
    let fields = ["--data-urlencode", "name=coordination", "--data-urlencode", "password=quatre mots pour la porte"];
    let plain = origin.replace("https://", "http://");
    assert!(curl(&[&["-H", &format!("Origin: {plain}")], &fields[..], &[link]].concat()).starts_with("HTTP/1.1 403"));
    let entered = curl(&[&["-H", &format!("Origin: {origin}")], &fields[..], &[link]].concat());
    assert!(entered.starts_with("HTTP/1.1 303"), "{entered}");
    assert!(entered.contains("set-cookie: __Host-voisins=") && entered.contains("; Secure") && entered.contains("SameSite=Strict"));
}
