//! The card, read back as a phone does.

use super::*;
use uuid::Uuid;
use voisins_shared::member::MemberId;

fn member(name: &str, title: &str, [email, phone, website]: [&str; 3]) -> DirectoryMember {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    DirectoryMember {
        id: MemberId(Uuid::from_u128(0x7777)),
        name: name.to_owned(),
        title: text(title),
        pronouns: text("elle"),
        languages: vec![],
        skills: vec!["Rust".into()],
        interests: vec![],
        looking_for: vec![],
        table: None,
        usual_days: vec![],
        contact: Some(Contact { email: text(email), phone: text(phone), website: text(website) }),
        photo: None,
        lobby: false,
    }
}

/// Name, parameters and unescaped components of each line, unfolded.
#[track_caller]
fn read(card: &str) -> Vec<(String, Vec<String>)> {
    assert!(card.ends_with("\r\n") && !card.replace("\r\n", "").contains(['\r', '\n']), "CRLF and nothing else ends a line");
    assert!(card.split("\r\n").all(|line| line.len() <= LONGEST_LINE), "{card}");
    let unfolded = card.replace("\r\n ", "");
    let lines = unfolded.trim_end().split("\r\n").map(|line| {
        let (name, value) = line.split_once(':').unwrap();
        let (mut parts, mut letters) = (vec![String::new()], value.chars());
        while let Some(letter) = letters.next() {
            let part = parts.last_mut().unwrap();
            match letter {
                '\\' => match letters.next().unwrap() {
                    'n' => part.push('\n'),
                    other => part.push(other),
                },
                ';' if !name.starts_with("URL") => parts.push(String::new()),
                other => part.push(other),
            }
        }
        (name.to_owned(), parts)
    });
    lines.collect()
}

#[track_caller]
fn value(card: &str, name: &str) -> Vec<String> {
    let lines = read(card);
    let found: Vec<_> = lines.iter().filter(|line| line.0 == name).collect();
    assert_eq!(found.len(), 1, "{name} in {card}");
    found[0].1.clone()
}

#[test]
fn rfc6350_a_card_has_what_they_share_and_nothing_else() {
    let member = member("Hanneke de Vries", "Financement", ["h@exemple.test", "+1 514 555-0123", "exemple.test/h"]);
    assert_eq!(
        vcard(&member, &[400]).unwrap(),
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Hanneke de Vries\r\nN:de Vries;Hanneke;;;\r\nTITLE:Financement\r\nEMAIL:h@exemple.test\r\n\
         TEL;VALUE=uri:tel:+15145550123\r\nURL:https://exemple.test/h\r\nEND:VCARD\r\n"
    );
}

#[test]
fn rfc6350_section_3_4_what_people_write_comes_back_as_they_wrote_it() {
    for name in ["Étienne L’Œuvre", "Roy, Ing.; fils", r"Back\slash, n", "محمد عبد الرحمن", "🎈 Léa", "Zoé", "N:Evil"]
    {
        let title = format!("{name}; design, code");
        let card = vcard(&member(name, &title, ["a,b;c@exemple.test", "", ""]), &[500]).unwrap();
        assert_eq!(read(&card).len(), 7, "{card}");
        assert_eq!(value(&card, "FN"), [name]);
        assert_eq!(value(&card, "TITLE"), [title.as_str()]);
        assert_eq!(value(&card, "EMAIL"), ["a,b;c@exemple.test"]);
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        assert_eq!(value(&card, "N"), [family, given, "", "", ""]);
    }
}

#[test]
fn no_field_begins_a_line_of_its_own() {
    for bad in ["x\r\nUID:1", "x\nUID:1", "x\rUID:1", "x\u{2028}UID:1", "x\u{0}\u{8}UID:1", "x\\\nUID:1"] {
        let card = vcard(&member(bad, bad, [bad, bad, bad]), &[1000]).unwrap();
        let names: Vec<_> = read(&card).into_iter().map(|line| line.0).collect();
        assert_eq!(names, ["BEGIN", "VERSION", "FN", "N", "TITLE", "EMAIL", "TEL", "END"], "{card:?}");
    }
}

#[test]
fn rfc6350_section_3_2_long_lines_are_folded_between_letters() {
    let name = "Maximilienne-Élisabeth Ôôô ".repeat(8);
    let card = vcard(&member(&name, &"é".repeat(200), ["a@exemple.test", "", ""]), &[2000]).unwrap();
    assert_eq!(value(&card, "FN"), [name.trim()]);
    assert_eq!(value(&card, "TITLE"), ["é".repeat(200)]);
}

#[test]
fn rfc3966_only_an_international_number_is_a_link() {
    for (phone, line) in [
        ("+1 (514) 555-0123", "TEL;VALUE=uri:tel:+15145550123"),
        ("+33\u{a0}1.23.45.67.89", "TEL;VALUE=uri:tel:+33123456789"),
        ("514 555-0123", "TEL:514 555-0123"),
        ("+1 514 555-0123, poste 4", "TEL:+1 514 555-0123\\, poste 4"),
        ("+12", "TEL:+12"),
    ] {
        let card = vcard(&member("Zoé", "", ["", phone, ""]), &[400]).unwrap();
        assert!(card.contains(&format!("\r\n{line}\r\n")), "{card}");
    }
}

#[test]
fn a_web_address_is_a_uri_or_left_out() {
    for (site, url) in [
        ("HTTP://exemple.test", Some("HTTP://exemple.test")),
        ("exemple.test/a,b;c", Some("https://exemple.test/a,b;c")),
        ("exemple.test/é", Some("https://exemple.test/%C3%A9")),
        ("javascript://alert", None),
        ("mon site", None),
    ] {
        let card = vcard(&member("Zoé", "", ["z@exemple.test", "", site]), &[400]).unwrap();
        assert_eq!(read(&card).into_iter().find(|line| line.0 == "URL").map(|line| line.1.concat()).as_deref(), url);
    }
}

#[test]
fn without_a_way_to_reach_them_there_is_no_card() {
    assert_eq!(vcard(&member("Zoé", "", ["", " ", ""]), &[400]), None);
    assert_eq!(vcard(&DirectoryMember { contact: None, ..member("Zoé", "", ["", "", ""]) }, &[400]), None);
    assert_eq!(vcard(&member("  ", "", ["z@exemple.test", "", ""]), &[400]), None);
}

#[test]
fn too_long_it_loses_whole_lines_in_a_sensible_order() {
    let member = member("Hanneke de Vries", "Financement", ["h@exemple.test", "+1 514 555-0123", "exemple.test/h"]);
    let whole = vcard(&member, &[1000]).unwrap();
    let mut held = whole.len();
    let mut lost = vec![];
    for room in (0..=whole.len()).rev() {
        let Some(card) = vcard(&member, &[room]) else { break };
        assert!(card.len() <= room);
        let names = |card: &str| read(card).into_iter().map(|line| line.0).collect::<Vec<_>>();
        if card.len() < held {
            held = card.len();
            lost = names(&whole).into_iter().filter(|name| !names(&card).contains(name)).collect();
        }
    }
    assert_eq!(lost, ["N", "TITLE", "TEL;VALUE=uri", "URL"]);
    let roomier = vcard(&member, &[50, 160]).unwrap();
    assert!(roomier.contains("URL:") && roomier.contains("TEL"), "smaller dots before nobody to call");
}
