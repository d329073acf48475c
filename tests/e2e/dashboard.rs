//! The dashboard, as a program of its own and among the manager's pages: what comes over the broker, live.

#![allow(clippy::disallowed_methods, reason = "a test waits for a state with a limit")]

use crate::pages::manager;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;
use voisins_tests::browser::Browser;
use voisins_tests::pcscd::{built, child_command};
use voisins_tests::world::{Plan, World, name, wait_until};

/// A dashboard that runs.
struct Dashboard {
    child: Child,
    url: String,
}

impl Dashboard {
    fn start(world: &World, more: &[&str]) -> Self {
        let port = world.kiosk_account("cafe").0;
        let password = world.state().join("accounts/managers.password");
        let mut command = child_command(&[]);
        command.arg(built("presence-daemon")).arg("dashboard").arg("--broker").arg(format!("mqtt://managers@127.0.0.1:{port}"));
        command.arg("--broker-password-file").arg(password).args(more).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the dashboard starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut url).expect("a line");
        Self { child, url: url.trim().to_owned() }
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads server-sent events until one holds this.
fn hears(origin: &str, path: &str, then: impl FnOnce(), wanted: &str) -> String {
    let host = origin.strip_prefix("http://").expect("plain HTTP");
    let mut stream = TcpStream::connect(host).expect("somebody who listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept-Language: fr\r\n\r\n").expect("sent");
    let (mut heard, mut then, mut buffer) = (String::new(), Some(then), [0; 16384]);
    loop {
        let read = stream.read(&mut buffer).expect("an event in time");
        assert!(read > 0, "it ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        if heard.contains("p-lists")
            && let Some(then) = then.take()
        {
            then();
        }
        if heard.contains(wanted) {
            return heard;
        }
    }
}

#[test]
fn a_dashboard_by_itself_shows_an_arrival_live_and_says_when_the_broker_is_gone() {
    let world = World::start(&Plan::default());
    let dashboard = Dashboard::start(&world, &[]);
    let mut browser = Browser::at(&dashboard.url);
    let path = wait_until("the site is heard of", || browser.get("/").header("location").map(str::to_owned));
    wait_until("its members are heard of", || browser.get(&path).text.contains("Personne ne se montre").then_some(()));
    let page = browser.get(&path);
    let policy = page.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.text.contains("style=") && page.text.contains("role=\"img\"") && page.text.len() < 100_000);
    let heard = hears(&dashboard.url, &format!("{path}/live"), || world.tap(0), &name(0));
    assert!(heard.contains("event: part") && heard.contains("p-who"), "{heard}");
    assert!(browser.get(&path).text.contains(&name(0)), "and without a script after a reload");
    browser.language = "en".to_owned();
    assert!(browser.get(&path).text.contains("Who is here"));
    // a name that leads to this machine is no reason to show names
    let mut elsewhere = browser.clone();
    elsewhere.origin = dashboard.url.replace("127.0.0.1", "localhost");
    assert_eq!(elsewhere.get(&path).status, 200);
    world.kill_broker();
    wait_until("it says so", || browser.get(&path).text.contains("No news since").then_some(()));
}

#[test]
fn only_who_has_signed_in_sees_presence_among_the_managers_pages() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let mut stranger = Browser::at(&browser.origin);
    for path in ["/presence", "/presence/live", "/presence/photo/00000000-0000-0000-0000-000000000000"] {
        assert_eq!(stranger.get(path).status, 303, "{path}");
    }
    world.tap(1);
    wait_until("the arrival", || browser.get("/presence").text.contains(&name(1)).then_some(()));
    let page = browser.get("/presence");
    assert!(page.text.contains("/muster") && page.text.contains("aria-current=\"page\""));
    assert!(page.header("content-security-policy").unwrap_or_default().contains("script-src 'self'"));
}

#[test]
fn a_dashboard_that_others_can_reach_wants_a_password() {
    let world = World::start(&Plan::default());
    let refused = world.command(&["dashboard", "--broker", "mqtt://127.0.0.1:1", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--password-file"));
    let file = world.state().join("dashboard.password");
    std::fs::write(&file, "mot de passe\n").expect("a file");
    let dashboard = Dashboard::start(&world, &["--password-file", file.to_str().expect("a path")]);
    let page = Browser::at(&dashboard.url).get("/");
    assert_eq!((page.status, page.header("www-authenticate").is_some()), (401, true));
    let status = |password: &str| {
        let ask = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "-u", &format!("x:{password}"), &dashboard.url];
        let output = std::process::Command::new("curl").args(ask).output().expect("curl");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    // whoever knows it asks for many pages at once, and one who guesses soon waits
    assert!((0..12).all(|_| matches!(&*status("mot de passe"), "200" | "303")));
    let guessed: Vec<String> = (0..8).map(|n| status(&format!("guess {n}"))).collect();
    assert_eq!((&*guessed[0], &*guessed[7]), ("401", "429"), "{guessed:?}");
    assert_eq!(status("mot de passe"), "429", "not even then: the answer would tell");
}

#[test]
fn a_page_that_listens_goes_silent_with_its_session() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let form = browser.get("/account").form();
    let mut stream = browser.listen("/presence/live");
    let mut heard = [0; 4096];
    assert!(stream.read(&mut heard).expect("an answer") > 0);
    assert_eq!(browser.post("/logout", &[("form", &form)]).status, 303);
    let ended = wait_until("it ends", || match stream.read(&mut heard) {
        Ok(0) => Some(true),
        Ok(_) => None,
        Err(_) => Some(false),
    });
    assert!(ended, "within the limit of a read");
}
