//! `bench --pages`: every page of the manager's, with 2,000 members and 730,000 events behind it.

use crate::numbers::{Sample, milliseconds};
use crate::table::{Aim, Table};
use crate::{Outcome, stop};
use presence_daemon::clock::since_boot;
use presence_daemon::config::Config;
use presence_daemon::house::{House, database};
use rusqlite::Connection;
use voisins_tests::browser::Browser;
use voisins_tests::world::{Plan, World, wait_until};

const MEMBERS: usize = 2_000;
/// Two events a visit, a thousand a day, for two years.
const VISITS: u32 = 365_000;
const A_DAY: u32 = 500;
/// Days whose events still say who it was.
const UNREDACTED: u32 = 90;
const TIMES: usize = 40;
/// A page at the server, in milliseconds.
const AIM: f64 = 50.0;
/// The first page that a phone loads, with its style, in bytes.
const FIRST: usize = 100_000;
const PASSWORD: &str = "quatre mots pour la porte";

/// Every page that is read, in one place: a new room adds its own. `{member}` is somebody's number, `{month}` this month.
const PAGES: &[&str] = &[
    "/",
    "/presence",
    "/visits",
    "/visits/guests",
    "/muster",
    "/muster/sheet",
    "/members",
    "/members?page=40",
    "/members?q=tremblay",
    "/members/{member}",
    "/members/{member}/edit",
    "/members/{member}/badge",
    "/badges",
    "/needs",
    "/introductions",
    "/contacts",
    "/events",
    "/passes",
    "/passes/{member}",
    "/moderation",
    "/month/{month}",
    "/readers",
    "/mail",
    "/journal",
    "/accounts",
    "/account",
    "/settings",
    "/style.css",
    "/presence.js",
];

/// What was measured.
#[derive(Debug)]
pub struct Measured {
    pages: Vec<(&'static str, u16, usize, Sample)>,
}

/// Measures it.
pub fn measure() -> Outcome<Measured> {
    let mut world = World::laid_out(&Plan { members: MEMBERS, log: "warn", ..Plan::default() });
    drop(House::open(Config::load(&world.config())?)?);
    furnish(&Connection::open(database(&world.state()))?)?;
    world.start_daemon();
    world.wait_until_ready();
    let output = world.command(&["web", "link"]);
    let text = String::from_utf8(output.stdout)?;
    let (origin, link) = text.trim().split_once("/setup/").ok_or("no link to the manager's pages")?;
    let mut browser = Browser::at(origin);
    if browser.post(&format!("/setup/{link}"), &[("name", "coordination"), ("password", PASSWORD)]).status != 303 {
        return Err("nobody could sign in".into());
    }
    let somebody = world.database().query_row("SELECT min(number) FROM member", [], |row| row.get::<_, u32>(0))?;
    let somebody = format!("M-{somebody:04}");
    let month = world.database().query_row("SELECT strftime('%Y-%m', 'now')", [], |row| row.get::<_, String>(0))?;
    // the hours of a year are counted at their leisure
    wait_until("the broker tells who is here", || browser.get("/presence").text.contains("p-who").then_some(()));
    let mut pages = Vec::new();
    for page in PAGES {
        let path = page.replace("{member}", &somebody).replace("{month}", &month);
        let (status, bytes) = (browser.get(&path).status, browser.get(&path).text.len());
        let mut times = Vec::new();
        for _ in 0..TIMES {
            stop::check()?;
            let begun = since_boot();
            drop(browser.get(&path));
            times.push(milliseconds(begun, since_boot()));
        }
        pages.push((*page, status, bytes, Sample::new(times)));
    }
    Ok(Measured { pages })
}

/// Two years of visits and their events, written as the store would have, but for the chain.
fn furnish(database: &Connection) -> Outcome<()> {
    let site: i64 = database.query_row("SELECT site_id FROM site", [], |row| row.get(0))?;
    // what laying the site out has recorded stays as it is
    let before: i64 = database.query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))?;
    let days = VISITS / A_DAY;
    let sql = format!(
        "BEGIN;
         CREATE TEMP TABLE person (n INTEGER PRIMARY KEY, member_id TEXT);
         INSERT INTO person SELECT row_number() OVER () - 1, member_id FROM member;
         CREATE TEMP TABLE came AS WITH RECURSIVE visit(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM visit WHERE n < {VISITS} - 1)
           SELECT n, n / {A_DAY} AS d,
             strftime('%Y-%m-%dT%H:%M:%SZ', 'now', 'start of day', '-' || ({days} - n / {A_DAY}) || ' days',
               '+' || (12 * 60 + n * 7 % 480) || ' minutes') AS at,
             date('now', '-' || ({days} - n / {A_DAY}) || ' days') AS day,
             (SELECT member_id FROM person WHERE person.n = came_n % {MEMBERS}) AS who
           FROM (SELECT n, (n * 13 + n / {A_DAY}) AS came_n FROM visit);
         INSERT INTO event (seq, event_id, site_id, boot_id, boot_ns, wall_seen, clock_state, kind, subject, salt, body, digest, link)
           SELECT {before} + 2 * n + part + 1, 'e' || n || '-' || part, {site}, 'b', n, at, 'trusted',
             iif(part, 'checked_out', 'checked_in'), iif(d > {days} - {UNREDACTED}, who, NULL),
             iif(d > {days} - {UNREDACTED}, zeroblob(16), NULL),
             iif(d > {days} - {UNREDACTED}, '{{\"event\":\"' || iif(part, 'checked_out', 'checked_in') || '\"}}', NULL),
             zeroblob(32), zeroblob(32)
           FROM came, (SELECT 0 AS part UNION ALL SELECT 1);
         INSERT INTO visit (visit_id, site_id, member_id, day, opened_by, opened_boot, opened_ns, opened_at, seen_boot, seen_ns, seen_at,
             closed_by, closed_boot, closed_ns, closed_at, opened_seq, closed_seq)
           SELECT n + 1, {site}, iif(d > {days} - {UNREDACTED}, who, NULL), day, 'tap', '00000000-0000-0000-0000-00000000b007', 1, at,
             '00000000-0000-0000-0000-00000000b007', 1, at, iif(n % 3, 'assumed', 'tap'), '00000000-0000-0000-0000-00000000b007', 2,
             strftime('%Y-%m-%dT%H:%M:%SZ', at, '+3 hours'), {before} + 2 * n + 1, {before} + 2 * n + 2
           FROM came;
         COMMIT; ANALYZE;"
    );
    database.execute_batch(&sql)?;
    let events: u32 = database.query_row("SELECT count(*) FROM event", [], |row| row.get(0))?;
    if events < 2 * VISITS { Err(format!("only {events} events were written").into()) } else { Ok(()) }
}

/// Prints it.
pub fn report(table: &mut Table, measured: &Measured) {
    table.section(format!("the manager's pages: {MEMBERS} members, {} events, {UNREDACTED} days of them unredacted", 2 * VISITS));
    for (page, status, bytes, times) in &measured.pages {
        let aim = Aim::new("p99 < 50 ms", *status == 200 && times.percentile(99) < AIM);
        table.times(&format!("{page} ({status}, {bytes} bytes)"), times, None, Some(aim));
    }
    let bytes = |page: &str| measured.pages.iter().find(|(known, ..)| *known == page).map_or(0, |(_, _, bytes, _)| *bytes);
    let first = bytes("/") + bytes("/style.css");
    table.value("the first page with its style", format!("{first} bytes"), Some(Aim::new("< 100 KB", first < FIRST)));
}
