//! A coordinator's day in a real browser, at a desk and on a phone.

use crate::hand::run;
use voisins_tests::chromium::{Chromium, DESK, PHONE};
use voisins_tests::world::{Plan, World, name};

const PASSWORD: &str = "quatre mots pour la porte";

/// Where the pages are, and a link for the first access.
fn link(world: &World) -> (String, String) {
    let text = String::from_utf8(world.command(&["web", "link"]).stdout).expect("text");
    let (origin, link) = text.trim().split_once("/setup/").expect("a link");
    (origin.to_owned(), format!("/setup/{link}"))
}

/// The first access, as somebody with the link from the console.
async fn first_run(world: &World, size: (u32, u32)) -> Chromium {
    let (origin, link) = link(world);
    let browser = Chromium::open(&origin, size, "fr-CA").await;
    browser.goto(&link).await;
    browser.fill("compte", "coordination").await;
    browser.fill("Mot de passe", PASSWORD).await;
    browser.press("Créer").await;
    browser.sees("À faire").await;
    browser
}

/// All pages of the menu, and those that a press leads to.
const PAGES: [&str; 26] = [
    "/",
    "/presence",
    "/members",
    "/members/new",
    "/members/import",
    "/members/M-0001",
    "/badges",
    "/visits",
    "/visits/add",
    "/visits/close",
    "/visits/guests",
    "/muster",
    "/muster/sheet",
    "/needs",
    "/introductions",
    "/contacts",
    "/events",
    "/passes",
    "/moderation",
    "/month",
    "/readers",
    "/mail",
    "/journal",
    "/accounts",
    "/settings",
    "/account",
];

/// The time of the last visit, a minute earlier, as a field for times takes it.
fn a_minute_before(world: &World) -> String {
    let sql = "SELECT opened_at FROM visit ORDER BY visit_id DESC LIMIT 1";
    let opened: String = world.database().query_row(sql, [], |row| row.get(0)).expect("a visit");
    let opened: jiff::Timestamp = opened.parse().expect("a time");
    let zone = jiff::tz::TimeZone::get("America/Toronto").expect("a zone");
    (opened - jiff::SignedDuration::from_mins(1)).to_zoned(zone).strftime("%H:%M").to_string()
}

/// A first run, a badge enrolled by taps, a visit set right, two people introduced, the list printed.
async fn a_day(world: &World, size: (u32, u32)) {
    let browser = first_run(world, size).await;
    // a badge, by two taps of a card nobody knows
    browser.goto("/members/M-0004/badge").await;
    browser.press("Attendre la carte au lecteur").await;
    browser.sees("Présentez la carte à ce lecteur").await;
    let card = [0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6];
    world.tap_at(0, &card);
    world.wait_for_number("SELECT count(*) FROM pairing", 1);
    browser.press("Rafraîchir").await;
    browser.sees("présentez-la encore une fois").await;
    world.tap_at(0, &card);
    world.wait_for_number("SELECT count(*) FROM badge WHERE member_id = (SELECT member_id FROM member WHERE number = 4)", 2);
    browser.press("Rafraîchir").await;
    browser.sees("La carte est maintenant son badge").await;
    // a visit
    world.tap(5);
    // the tap that made the badge was an arrival too
    world.wait_for_number("SELECT count(*) FROM visit", 2);
    browser.goto("/visits").await;
    browser.press(&name(5)).await;
    browser.fill("Arrivée", &a_minute_before(world)).await;
    browser.fill("Pourquoi", "badge oublié à la maison").await;
    browser.press("Corriger").await;
    browser.sees("badge oublié à la maison").await;
    world.wait_for_number("SELECT count(*) FROM visit_correction", 1);
    // two people
    let posted = world.command(&["need", "post", "un comptable une heure", "--for", &name(1), "--skill", "Comptabilité"]);
    assert!(posted.status.success(), "{posted:?}");
    browser.goto("/needs").await;
    browser.press("un comptable une heure").await;
    browser.press("Présenter").await;
    browser.sees(&name(2)).await;
    world.wait_for_number("SELECT count(*) FROM introduction", 1);
    // the list
    browser.goto("/muster").await;
    browser.sees(&name(5)).await;
    let printed = browser.print().await;
    assert!(printed.starts_with(b"%PDF") && printed.len() > 5_000);
    for path in PAGES {
        browser.goto(path).await;
        assert!(browser.path().await.starts_with(path), "{path}");
        assert!(!browser.overflows().await, "{path} at {}", size.0);
    }
    browser.close().await;
}

#[test]
fn a_coordinators_first_day_at_a_desk() {
    let world = World::start(&Plan::default());
    run(a_day(&world, DESK));
}

#[test]
fn a_coordinators_first_day_on_a_phone() {
    let world = World::start(&Plan::default());
    run(a_day(&world, PHONE));
}
