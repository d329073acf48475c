//! The manager's pages, served by a real daemon.

use crate::hand::{Hand, run};
use voisins_shared::payload::Needs;
use voisins_shared::topic::Topic;
use voisins_tests::browser::Browser;
use voisins_tests::world::{Plan, World, wait_until};

const PASSWORD: &str = "quatre mots pour la porte";

/// Where the pages are, and a link for the first access.
fn link(world: &World) -> (String, String) {
    let output = world.command(&["web", "link"]);
    let text = String::from_utf8(output.stdout).expect("text");
    let (origin, link) = text.trim().split_once("/setup/").unwrap_or_else(|| panic!("{text} {:?}", output.stderr));
    (origin.to_owned(), format!("/setup/{link}"))
}

/// A manager who has signed in.
pub fn manager(world: &World) -> Browser {
    let (origin, link) = link(world);
    let mut browser = Browser::at(&origin);
    assert_eq!(browser.post(&link, &[("name", "coordination"), ("password", PASSWORD)]).status, 303);
    browser
}

#[test]
fn a_link_gives_the_first_access_once_and_nothing_else_does() {
    let world = World::start(&Plan::default());
    let (origin, link) = link(&world);
    let mut stranger = Browser::at(&origin);
    for path in ["/", "/needs", "/members", "/needs/00000000-0000-0000-0000-000000000000"] {
        let page = stranger.get(path);
        assert_eq!((page.status, page.header("location")), (303, Some("/login")), "{path}");
    }
    assert_eq!(stranger.post("/setup/0000", &[("name", "x"), ("password", PASSWORD)]).status, 403);
    assert_eq!(stranger.post(&link, &[("name", "x"), ("password", "court")]).status, 400);
    // many at once: one wins
    let claims: Vec<_> = (0..12)
        .map(|n| {
            let (mut browser, link) = (stranger.clone(), link.clone());
            std::thread::spawn(move || browser.post(&link, &[("name", &format!("gens {n}")), ("password", PASSWORD)]).status)
        })
        .collect();
    let won = claims.into_iter().map(|claim| claim.join().expect("an answer")).filter(|status| *status == 303).count();
    assert_eq!((won, world.number("SELECT count(*) FROM manager")), (1, 1));
    let kept: String = world.database().query_row("SELECT password FROM manager", [], |row| row.get(0)).expect("an account");
    assert!(kept.starts_with("$argon2id$"), "{kept}");
    assert!(!world.log_text().contains(PASSWORD));
}

#[test]
fn a_password_opens_the_pages_and_a_wrong_one_has_to_wait() {
    let world = World::start(&Plan::default());
    let first = manager(&world);
    let mut browser = Browser::at(&first.origin);
    let sign_in =
        |browser: &mut Browser, password: &str| browser.post("/login", &[("name", "Coordination"), ("password", password)]).status;
    for _ in 0..5 {
        assert_eq!(sign_in(&mut browser, "un autre mot de passe"), 403);
    }
    assert_eq!(sign_in(&mut browser, PASSWORD), 429, "even the right one");
    wait_until("the wait is over", || (sign_in(&mut browser, PASSWORD) == 303).then_some(()));
    let page = browser.get("/");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("À faire") && page.header("set-cookie").is_none());
    browser.language = "en".to_owned();
    let page = browser.get("/");
    assert!(page.text.contains("To do") && page.text.contains("lang=\"en\""));
    assert_eq!(browser.post("/logout", &[("form", &page.form())]).status, 303);
    assert_eq!(browser.get("/").status, 303, "signed out");
    // a new password ends the sessions of the old one
    let (mut old, (_, link)) = (first, link(&world));
    assert_eq!(old.get("/").status, 200);
    let again = Browser::at(&old.origin).post(&link, &[("name", "coordination"), ("password", "un tout nouveau mot")]);
    assert_eq!((again.status, old.get("/").status), (303, 303));
}

#[test]
fn every_answer_carries_a_strict_policy_and_every_form_is_ours() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    for path in ["/", "/needs", "/members", "/login", "/style.css", "/nowhere"] {
        let page = browser.get(path);
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!((page.header("x-content-type-options"), page.header("referrer-policy")), (Some("nosniff"), Some("same-origin")));
        assert!(!page.text.contains("<script") && !page.text.contains("style=\""), "{path}");
    }
    let form = browser.get("/needs").form();
    let text = ("text", "Photos de la salle");
    assert_eq!(browser.post("/needs", &[("form", "forged"), text]).status, 403);
    assert_eq!(browser.post("/needs", &[text]).status, 403, "no token at all");
    let mut foreign = browser.clone();
    foreign.says = Some("http://example.org".to_owned());
    assert_eq!(foreign.post("/needs", &[("form", &form), text]).status, 403);
    foreign.says = Some("null".to_owned());
    assert_eq!(foreign.post("/needs", &[("form", &form), text]).status, 403);
    foreign.says = None;
    assert_eq!(foreign.post("/needs", &[("form", &form), text]).status, 403);
    assert_eq!(world.number("SELECT count(*) FROM need"), 0);
    let long = "x".repeat(70_000);
    assert_eq!(browser.post("/needs", &[("form", &form), ("text", &long)]).status, 413);
}

#[test]
fn a_need_of_the_space_is_posted_on_a_page_and_is_on_the_board() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let topic = hand.topics.name(&Topic::Needs);
        let mut browser = manager(&world);
        let page = browser.get("/needs");
        let (form, once) = (page.form(), page.field("once"));
        let hostile = "<script>alert('\u{e9}')</script> & \"photos\"";
        let fields = [("form", &*form), ("once", &once), ("text", hostile), ("skills", "Photographie, "), ("passes", "5")];
        // sent twice, it is put up once
        for _ in 0..2 {
            let page = browser.post("/needs", &fields);
            assert_eq!((page.status, page.header("location")), (303, Some("/needs?said=post-done")));
        }
        let page = browser.get("/needs?said=post-done");
        assert!(page.text.contains("&#60;script&#62;") && !page.text.contains("<script>"), "{}", page.text);
        assert!(page.text.contains("La demande est au tableau.") && page.text.contains("contre 5 passages"));
        let needs = hand.peer.state(&topic, |needs: &Needs| needs.needs.len() == 1).await;
        assert_eq!(
            (needs.needs[0].text.as_str(), needs.needs[0].space, &*needs.needs[0].skills),
            (hostile, true, &["Photographie".to_owned()][..])
        );
        let path = format!("/needs/{}", needs.needs[0].id);
        let page = browser.get(&path);
        assert_eq!(page.status, 200);
        let bad = browser.post("/needs", &[("form", &form), ("text", &"é".repeat(141))]);
        assert_eq!(bad.status, 400);
        assert!(bad.text.contains(&"é".repeat(141)), "what was typed is still there");
        assert_eq!(browser.post(&format!("{path}/close"), &[("form", &form)]).status, 303);
        hand.peer.state(&topic, |needs: &Needs| needs.needs.is_empty()).await;
        assert_eq!(browser.post(&format!("{path}/close"), &[("form", &form)]).status, 404, "replayed");
        assert_eq!(browser.get(&path).status, 404);
    });
}
