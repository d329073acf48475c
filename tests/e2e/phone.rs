//! *Ma fiche* on a phone: a link from the kiosk, a page of a real daemon, and what changes on the screens.

use crate::hand::{Hand, run};
use std::net::{Ipv4Addr, TcpListener};
use voisins_shared::payload::{Action, Answer, Args, Directory, Profile};
use voisins_shared::topic::Topic;
use voisins_tests::browser::Browser;
use voisins_tests::world::{Plan, World, name};

const OPEN: Args = Args::Sign { action: Action::Profile };

/// A world whose pages phones can reach.
pub fn world(more: &str) -> (World, String) {
    let mut world = World::laid_out(&Plan::default());
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr()).expect("a free port").port();
    let origin = format!("http://127.0.0.1:{port}");
    let config = std::fs::read_to_string(world.config()).expect("a config");
    std::fs::write(world.config(), format!("{config}fiche = {origin:?}\n{more}")).expect("a config");
    world.start_daemon();
    world.wait_until_ready();
    (world, origin)
}

/// A badge is held, and the sheet opens.
pub async fn open(hand: &mut Hand, world: &World, n: usize, request: u128) -> Profile {
    world.tap(n);
    let session = hand.event().await.session;
    match hand.sign(world, n, request, session, OPEN).await {
        Answer::Profile(profile) => *profile,
        other => panic!("{other:?}"),
    }
}

/// The path of the link that a sheet shows.
pub fn link(profile: &Profile, origin: &str) -> String {
    let link = &profile.phone.as_ref().expect("a way to the phone").link;
    link.strip_prefix(origin).expect("our own address").to_owned()
}

#[test]
fn a_link_opens_the_page_once_and_nothing_else_does() {
    let (world, origin) = world("");
    run(async {
        let mut hand = Hand::of(&world).await;
        let mut stranger = Browser::at(&origin);
        for path in ["/", "/photo.jpg", "/ma-fiche.json", "/ma-fiche.csv", "/f/none"] {
            assert_eq!(stranger.get(path).status, 403, "{path}");
        }
        // the manager's pages aren't here
        for path in ["/login", "/needs", "/members", "/setup/0"] {
            assert_eq!(stranger.get(path).status, 404, "{path}");
        }
        let first = link(&open(&mut hand, &world, 1, 1).await, &origin);
        // somebody else in between: the same badge at once is the same tap
        world.tap(2);
        hand.event().await;
        let second = link(&open(&mut hand, &world, 1, 2).await, &origin);
        let mut phone = Browser::at(&origin);
        assert_eq!(phone.get(&first).status, 403, "the one before is void");
        let page = phone.get(&second);
        assert_eq!((page.status, page.header("location")), (303, Some("/")));
        let page = phone.get("/");
        assert!(page.text.contains("Voici ce que vos voisins verront") && page.text.contains(&name(1)), "{}", page.text);
        assert!(page.text.contains("lang=\"fr\"") && !page.text.contains("style=\""));
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(stranger.get(&second).status, 403, "used up");
        assert_eq!(phone.get(&second).status, 303, "pressed again by who has it open");
        assert!(!world.log_text().contains(&second[3..]) && !world.log_text().contains(&name(1)));
        // no form of another site, another page or nobody
        let form = page.form();
        assert_eq!(phone.post("/hide", &[("form", "forged")]).status, 403);
        assert_eq!(stranger.post("/hide", &[("form", &form)]).status, 403);
        let mut foreign = phone.clone();
        foreign.says = Some("http://example.org".to_owned());
        assert_eq!(foreign.post("/hide", &[("form", &form)]).status, 403);
        assert_eq!(phone.post("/close", &[("form", &form)]).status, 200);
        assert_eq!(phone.get("/").status, 403);
    });
}

#[test]
fn a_switch_on_the_phone_is_on_the_screens_at_once() {
    let (world, origin) = world("");
    run(async {
        let mut hand = Hand::of(&world).await;
        let directory = hand.topics.name(&Topic::Directory);
        let path = link(&open(&mut hand, &world, 1, 1).await, &origin);
        let mut phone = Browser::at(&origin);
        phone.get(&path);
        let page = phone.get("/");
        let form = page.form();
        let was = [("was", "name@kiosk"), ("was", "title@kiosk"), ("was", "skills@kiosk"), ("was", "photo@kiosk")];
        assert!(was.iter().all(|(_, pair)| page.text.contains(&format!("name=\"was\" value=\"{pair}\""))), "{}", page.text);
        // Titre off, the lobby on; the rest as it was
        let on = [("on", "name@kiosk"), ("on", "skills@kiosk"), ("on", "photo@kiosk"), ("on", "name@lobby")];
        let fields = [&[("form", &*form)], &was[..], &on[..]].concat();
        let page = phone.post("/shown", &fields);
        assert_eq!((page.status, page.header("location")), (303, Some("/?said=fiche-shown-done")));
        assert!(phone.get("/?said=fiche-shown-done").text.contains("Vos choix sont enregistrés."));
        let shown = |directory: &Directory| directory.members.iter().any(|member| member.name == name(1) && member.title.is_none());
        hand.peer.state(&directory, shown).await;
        let on_lobby = "SELECT count(*) FROM consent WHERE surface = 'lobby' AND field = 'name' AND state = 'granted'";
        assert_eq!(world.number(on_lobby), 1);
        // sent again from a page that is old by now: only what was turned there, so nothing
        let before = world.number("SELECT count(*) FROM consent");
        assert_eq!(phone.post("/shown", &fields).status, 303);
        assert_eq!(world.number("SELECT count(*) FROM consent"), before);
        let words =
            [("form", &*form), ("skills", "Soudure\r\n<script>alert(1)</script>\r\n"), ("interests", "Vélo"), ("looking_for", "")];
        assert_eq!(phone.post("/words", &words).status, 303);
        let page = phone.get("/");
        assert!(page.text.contains("&#60;script&#62;") && !page.text.contains("<script>alert"), "{}", page.text);
        let bad = phone.post("/words", &[("form", &*form), ("skills", &"é".repeat(61)), ("interests", ""), ("looking_for", "")]);
        assert_eq!(bad.status, 400);
        assert!(bad.text.contains(&"é".repeat(61)), "what was typed is still there");
        assert_eq!(phone.post("/screen", &[("form", &form), ("language", "en"), ("text_size", "large")]).status, 303);
        let page = phone.get("/");
        assert!(page.text.contains("This is what your neighbours will see") && page.text.contains("fiche large"));
        assert_eq!(phone.post("/availability", &[("form", &form), ("availability", "do_not_disturb")]).status, 303);
        assert_eq!(world.number("SELECT count(*) FROM visit WHERE availability = 'do_not_disturb'"), 1);
        assert_eq!(phone.post("/leave", &[("form", &form)]).status, 303);
        assert_eq!(phone.post("/leave", &[("form", &form)]).status, 409, "pressed twice");
        assert_eq!(phone.post("/hide", &[("form", &form)]).status, 303);
        hand.peer.state(&directory, |directory: &Directory| directory.members.iter().all(|member| member.name != name(1))).await;
        let json = phone.get("/ma-fiche.json");
        assert!(json.text.contains("\"consents\"") && json.text.contains("withdrawn") && json.text.contains(&name(1)));
        assert!(json.header("content-disposition").is_some_and(|file| file.contains("ma-fiche.json")));
        let csv = phone.get("/ma-fiche.csv").text;
        assert!(csv.contains(&name(1)) && !csv.contains(&name(2)), "{csv}");
    });
}

#[test]
fn a_photo_from_the_phone_is_drawn_anew_and_a_bad_one_is_told() {
    let (world, origin) = world("");
    run(async {
        let mut hand = Hand::of(&world).await;
        let path = link(&open(&mut hand, &world, 1, 1).await, &origin);
        let mut phone = Browser::at(&origin);
        phone.get(&path);
        let form = phone.get("/").form();
        let picture = image::RgbImage::from_pixel(900, 600, image::Rgb([200, 40, 10]));
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).expect("a picture");
        let png = png.into_inner();
        let send = |phone: &mut Browser, form: &str, bytes: &[u8]| phone.post_file("/photo", &[("form", form)], ("photo", bytes));
        assert_eq!(send(&mut phone, "forged", &png).status, 403);
        let page = send(&mut phone, &form, &png);
        assert_eq!((page.status, page.header("location")), (303, Some("/?said=fiche-photo-done")), "{}", page.text);
        let kept: Vec<u8> = world.database().query_row("SELECT jpeg FROM photo", [], |row| row.get(0)).expect("a photo");
        let seen = image::load_from_memory(&kept).expect("a JPEG");
        assert_eq!((seen.width(), seen.height(), &kept[..2]), (512, 512, &[0xFF, 0xD8][..]));
        let photographed = |directory: &Directory| directory.members.iter().any(|member| member.photo.is_some());
        hand.peer.state(&hand.topics.name(&Topic::Directory), photographed).await;
        let page = send(&mut phone, &form, b"GIF89a");
        assert_eq!((page.status, page.text.contains("JPEG ou PNG")), (400, true));
        assert_eq!(send(&mut phone, &form, &vec![0; 2_090_000]).status, 400, "within the limit, and no picture");
        assert_eq!(send(&mut phone, &form, &vec![0; 2 * 1024 * 1024 + 10]).status, 413);
        assert_eq!(world.number("SELECT count(*) FROM photo"), 1, "the one before stays");
        assert_eq!(phone.post("/photo/remove", &[("form", &form)]).status, 303);
        assert_eq!(world.number("SELECT count(*) FROM photo"), 0);
    });
}
