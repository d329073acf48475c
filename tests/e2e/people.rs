//! The members' pages, served by a real daemon: what is typed, sent and erased there.

use crate::hand::{Hand, run};
use crate::pages::manager;
use voisins_shared::payload::Directory;
use voisins_shared::topic::Topic;
use voisins_tests::browser::Browser;
use voisins_tests::world::{Plan, World, name, wait_until};

/// The fields of a record, each with this in it.
fn record<'a>(name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("name", name)];
    fields.extend(
        ["title", "pronouns", "phone", "table", "skills", "interests", "looking_for", "languages"].map(|field| (field, text)),
    );
    fields
}

fn number_of(world: &World, name: &str) -> String {
    let sql = "SELECT printf('M-%04d', number) FROM member WHERE name = ?1";
    world.database().query_row(sql, [name], |row| row.get(0)).expect("a member")
}

fn unescaped(html: &str) -> String {
    let mut text = html.to_owned();
    for (code, letter) in
        [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")]
    {
        text = text.replace(code, letter);
    }
    text
}

/// The edit form of a member: its token, and what was read.
fn form(browser: &mut Browser, number: &str) -> (String, String) {
    let page = browser.get(&format!("/members/{number}/edit"));
    assert_eq!(page.status, 200);
    (page.form(), unescaped(&page.field("read")))
}

#[test]
fn whatever_is_typed_in_a_record_is_only_text_and_a_form_sent_twice_adds_one_member() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let before = world.number("SELECT count(*) FROM member");
    let page = browser.get("/members/new");
    let (form, once) = (page.form(), page.field("once"));
    let hostile = "'); DROP TABLE member;-- <script>alert(1)</script> \"><img src=x onerror=alert(1)>";
    // a semicolon parts lists: it is told where it stands, and what was typed is still there
    let mut fields = record(hostile, hostile);
    fields.extend([("form", &*form), ("once", &*once), ("email", "x"), ("website", "javascript:alert(1)")]);
    let page = browser.post("/members", &fields);
    assert_eq!(page.status, 422);
    assert!(
        page.text.contains("sans point-virgule") && page.text.contains("nom@exemple.org") && page.text.contains("aria-invalid")
    );
    assert!(unescaped(&page.text).contains(hostile) && !page.text.contains("<script") && !page.text.contains("<img src=x"));
    let safer = hostile.replace(';', ",");
    let mut fields = record(&safer, &safer);
    fields.extend([("form", &*form), ("once", &*once), ("email", "anna@example.org"), ("website", "example.org")]);
    let added = browser.post("/members", &fields);
    assert_eq!(added.status, 303, "{}", added.text);
    assert_eq!(browser.post("/members", &fields).status, 303, "sent again");
    assert_eq!(world.number("SELECT count(*) FROM member"), before + 1);
    let number = number_of(&world, &safer);
    for path in ["", "/edit", "/welcome", "/badge", "/photo", "/depart", "/erase"] {
        let page = browser.get(&format!("/members/{number}{path}"));
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page.text.contains("<script") && !page.text.contains("<img src=x") && unescaped(&page.text).contains(&safer),
            "{path}"
        );
        assert!(!page.text.contains("style=\""), "{path}");
    }
    for path in [
        "/members?q=%27%3B--&show=here&by=trade&down=1",
        "/members?show=nonsense&by=nonsense&page=99999999",
        "/badges",
        "/members/import",
    ] {
        assert_eq!(browser.get(path).status, 200, "{path}");
    }
    assert_eq!(browser.get("/members/M-9999").status, 404);
    assert_eq!(browser.get("/members/%27%20OR%201=1").status, 404);
    assert_eq!(browser.get(&format!("/members/{number}/export.json")).status, 200);
}

#[test]
fn the_second_of_two_managers_is_told_and_nothing_is_lost() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let who = name(2);
    let number = number_of(&world, &who);
    let (token, read) = form(&mut browser, &number);
    let path = format!("/members/{number}");
    let first = [("form", &*token), ("read", &*read), ("name", &*who), ("phone", "514 555-0101"), ("title", "Fiscalité")];
    assert_eq!(browser.post(&path, &first).status, 303);
    let second = [("form", &*token), ("read", &*read), ("name", &*who), ("table", "Fond"), ("title", "Compta")];
    let told = browser.post(&path, &second);
    assert_eq!(told.status, 409);
    for text in ["pendant que vous", "514 555-0101", "Fond", "Compta", "Fiscalité", "votre texte est encore"] {
        assert!(told.text.contains(text), "{text}");
    }
    // what is there now is what the form says it read: saved again, all of it stands
    let read = unescaped(&told.field("read"));
    let again =
        [("form", &*token), ("read", &*read), ("name", &*who), ("phone", "514 555-0101"), ("table", "Fond"), ("title", "Compta")];
    assert_eq!(browser.post(&path, &again).status, 303);
    let sql = format!(
        "SELECT count(*) FROM member WHERE name = '{}' AND phone = '514 555-0101' AND seat = 'Fond' AND title = 'Compta'",
        who.replace('\'', "''")
    );
    assert_eq!(world.number(&sql), 1);
    assert_eq!(browser.post(&path, &[("form", "forged"), ("read", &read), ("name", "x")]).status, 403);
}

#[test]
fn a_card_held_twice_to_the_reader_becomes_the_badge() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let number = number_of(&world, &name(3));
    let path = format!("/members/{number}/badge");
    let page = browser.get(&path);
    assert_eq!(page.header("refresh"), None);
    assert_eq!(browser.post(&format!("{path}/arm"), &[("form", &page.form()), ("reader", "cafe")]).status, 303);
    assert_eq!(browser.get(&path).header("refresh"), Some("2"), "it is loaded again by itself");
    let card = [0x04, 0xEE, 0xEE, 0x01];
    world.tap_at(0, &card);
    wait_until("it is told to hold the card once more", || browser.get(&path).text.contains("encore une fois").then_some(()));
    world.tap_at(0, &card);
    let page = wait_until("it is a badge", || {
        let page = browser.get(&path);
        page.text.contains("maintenant son badge").then_some(page)
    });
    assert!(!page.text.to_uppercase().contains("04EEEE01") && page.header("refresh").is_none());
    assert_eq!(world.number(&format!("SELECT count(*) FROM badge JOIN member USING (member_id) WHERE printf('M-%04d', number) = '{number}' AND badge.state = 'active'")), 2);
    // lost, and found again
    let badge = world.number("SELECT max(badge_id) FROM badge");
    let form = browser.get(&format!("/members/{number}")).form();
    for (state, left) in [("lost", 1), ("active", 2), ("retired", 1)] {
        assert_eq!(browser.post(&format!("/members/{number}/badges/{badge}"), &[("form", &form), ("state", state)]).status, 303);
        assert_eq!(world.number(&format!("SELECT count(*) FROM badge JOIN member USING (member_id) WHERE printf('M-%04d', number) = '{number}' AND badge.state = 'active'")), left);
    }
    let other = number_of(&world, &name(4));
    assert_eq!(
        browser.post(&format!("/members/{other}/badges/{badge}"), &[("form", &form), ("state", "active")]).status,
        404,
        "not theirs"
    );
    assert!(!world.log_text().to_uppercase().contains("04EEEE01"));
}

#[test]
fn a_photo_is_taken_small_and_anything_else_is_refused_with_a_reason() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let number = number_of(&world, &name(1));
    let path = format!("/members/{number}/photo");
    let form = browser.get(&path).form();
    let send = |browser: &mut Browser, form: &str, file: &[u8]| browser.post_file(&path, &[("form", form)], ("file", file));
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\x01\0\0\0\x01\0\0\x08\x06\0\0\0".to_vec();
    bomb.extend([0; 40]);
    for (file, status, reason) in [
        (&b"GIF89a"[..], 422, "JPEG ou PNG"),
        (&bomb, 422, ""),
        (&b""[..], 422, "Choisissez"),
        (&vec![7; (2 << 20) + 1], 413, "trop grande"),
    ] {
        let page = send(&mut browser, &form, file);
        assert_eq!(page.status, status, "{reason}");
        assert!(page.text.contains(reason) && page.text.contains("role=\"alert\""));
    }
    assert_eq!(send(&mut browser, "forged", b"x").status, 403);
    assert_eq!(world.number("SELECT count(*) FROM photo"), 0);
    assert_eq!(send(&mut browser, &form, &png()).status, 303);
    assert_eq!(world.number("SELECT count(*) FROM photo WHERE substr(hex(jpeg), 1, 4) = 'FFD8'"), 1);
    assert_eq!(browser.post(&format!("{path}/remove"), &[("form", &form)]).status, 303);
    assert_eq!(world.number("SELECT count(*) FROM photo"), 0);
}

/// A grey PNG of one pixel.
fn png() -> Vec<u8> {
    let hex = "89504E470D0A1A0A0000000D49484452000000010000000108000000003A7E9B550000000A49444154789C6368000000820081\
               77CD72B60000000049454E44AE426082";
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).expect("digits"), 16).expect("a byte")).collect()
}

#[test]
fn a_file_is_seen_before_it_is_imported_and_a_spreadsheet_runs_nothing_of_ours() {
    let world = World::start(&Plan::default());
    let mut browser = manager(&world);
    let form = browser.get("/members/import").form();
    let send = |browser: &mut Browser, file: &[u8]| browser.post_file("/members/import", &[("form", &form)], ("file", file));
    for (file, text) in [
        (&b"name,title\nZo\xe9,x\n"[..], "CSV UTF-8"),
        (&b"\xff\xfen\0a\0m\0e\0"[..], "CSV UTF-8"),
        (&b"n\0a\0m\0e\0"[..], "CSV UTF-8"),
        (&b"name;title\nZoe;x\n"[..], "virgule"),
        (&b"name,email\nZoe,nothing\n"[..], "Ligne 2"),
    ] {
        let page = send(&mut browser, file);
        assert_eq!(page.status, 422, "{text}");
        assert!(page.text.contains(text), "{text}");
    }
    let csv = "name,title,phone\n\"Zoé <b>Roy</b>\",\"=HYPERLINK(\"\"http://x\"\")\",+1 514 555-0188\n";
    let page = send(&mut browser, csv.as_bytes());
    assert_eq!(page.status, 200);
    assert!(unescaped(&page.text).contains("=HYPERLINK") && !page.text.contains("<b>Roy") && page.text.contains("1 ajout"));
    assert_eq!(world.number("SELECT count(*) FROM member WHERE name LIKE 'Zoé%'"), 0, "only seen");
    let digest = page.field("digest");
    for _ in 0..2 {
        assert_eq!(browser.post("/members/import/apply", &[("form", &form), ("digest", &digest)]).status, 303);
    }
    assert_eq!(
        world.number("SELECT count(*) FROM member WHERE title = '=HYPERLINK(\"http://x\")' AND phone = '+1 514 555-0188'"),
        1
    );
    let out = browser.get("/members/export.csv");
    assert!(out.text.contains("'=HYPERLINK") && out.text.contains("'+1 514") && out.header("content-disposition").is_some());
    let again = send(&mut browser, out.text.as_bytes());
    assert!(again.text.contains("Rien ne changerait"), "{}", again.text);
    let visits = world.command(&["visits", "export", "-"]);
    assert!(
        String::from_utf8_lossy(&visits.stdout)
            .starts_with("visit,member,name,kind,day,arrived,arrived_by,left,left_by,assumed_left\n")
    );
}

#[test]
fn who_is_erased_leaves_the_retained_messages_at_once() {
    let world = World::start(&Plan::default());
    run(async {
        let mut hand = Hand::of(&world).await;
        let topic = hand.topics.name(&Topic::Directory);
        let who = name(5);
        hand.peer.state(&topic, |directory: &Directory| directory.members.iter().any(|member| member.name == who)).await;
        world.tap(5);
        let mut browser = manager(&world);
        let number = number_of(&world, &who);
        let path = format!("/members/{number}/erase");
        let form = browser.get(&path).form();
        assert_eq!(browser.post(&path, &[("form", &form), ("typed", "Anne")]).status, 422, "not their name");
        assert_eq!(browser.post(&path, &[("form", &form), ("typed", &who)]).status, 303);
        hand.peer.state(&topic, |directory: &Directory| directory.members.iter().all(|member| member.name != who)).await;
        assert_eq!(browser.get(&format!("/members/{number}")).status, 404);
        assert_eq!(browser.post(&path, &[("form", &form), ("typed", &who)]).status, 404, "replayed");
        for file in ["voisins.db", "voisins.db-wal"] {
            let bytes = std::fs::read(world.state().join(file)).unwrap_or_default();
            assert!(!bytes.windows(who.len()).any(|part| part == who.as_bytes()), "{file}");
        }
        assert!(!world.log_text().lines().any(|line| !line.contains("DEBUG") && line.contains(&who)));
    });
}
