//! A coordinator's day in a real browser, at a desk and on a phone.

use crate::hand::run;
use voisins_tests::chromium::{Chromium, DESK, PHONE};
use voisins_tests::world::{Plan, World};

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

#[test]
fn a_first_run_in_a_real_browser_at_a_desk_and_on_a_phone() {
    let world = World::start(&Plan::default());
    run(async {
        for size in [DESK, PHONE] {
            let browser = first_run(&world, size).await;
            for path in ["/", "/needs", "/introductions", "/members"] {
                browser.goto(path).await;
                assert!(!browser.overflows().await, "{path} at {}", size.0);
            }
            assert!(browser.print().await.starts_with(b"%PDF"));
            browser.close().await;
        }
    });
}
