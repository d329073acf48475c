//! A member's card as people meet it: opened and closed by touch, read from the screen by a phone.

use super::*;
use voisins_shared::payload::{Contact, Directory, DirectoryMember, Presence, Weekday};

const NAME: &str = "Félix-Antoine Vaillancourt";

impl Scene {
    fn document<T: serde::de::DeserializeOwned + serde::Serialize>(&self, wanted: &Topic, change: impl FnOnce(&mut T)) {
        let documents = kiosk::demo::documents(9, 5);
        let (topic, payload) = documents.iter().find(|(topic, _)| topic == wanted).unwrap();
        let mut document: T = decode(payload).unwrap();
        change(&mut document);
        self.kiosk.handle_message(&self.topics().0.name(topic), &encode(&document));
    }

    /// Another version of the one whose card is open.
    fn member(&self, rev: u64, change: impl FnOnce(&mut DirectoryMember)) {
        self.document::<Directory>(&Topic::Directory, |directory| {
            directory.rev = rev;
            change(&mut directory.members[snapshot::MEMBER]);
        });
    }

    fn presence(&self, rev: u64, change: impl FnOnce(&mut Presence)) {
        self.document::<Presence>(&Topic::Presence, |presence| {
            presence.rev = rev;
            change(presence);
        });
    }

    fn click(&self, x: f32, y: f32) {
        let (window, button) = (self.kiosk.window().window(), PointerEventButton::Left);
        let position = slint::LogicalPosition::new(x, y);
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
    }

    /// What a phone reads from the screen: every code on it.
    fn scanned(&self) -> Vec<String> {
        let picture = self.kiosk.window().window().take_snapshot().unwrap();
        let (width, pixels) = (picture.width() as usize, picture.as_slice());
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, picture.height() as usize, |x, y| {
            let pixel = pixels[y * width + x];
            u8::try_from((u32::from(pixel.r) + u32::from(pixel.g) + u32::from(pixel.b)) / 3).unwrap()
        });
        seen.detect_grids().iter().map(|code| code.decode().unwrap().1).collect()
    }
}

#[test]
fn a_touch_on_somebody_opens_their_card_and_fermer_the_cross_or_a_touch_beside_it_close_it() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Home) });
        for close in ["Fermer", "Fermer la carte", ""] {
            // on a small panel on whoever is there first
            let name = scene.kiosk.screen().cards[0].name.clone();
            scene.press(&name);
            assert_eq!(scene.kiosk.screen().member.map(|member| member.name), Some(name), "{size}");
            if close.is_empty() {
                scene.click(40.0, 300.0)
            } else {
                scene.press(close)
            }
            assert!(scene.kiosk.screen().member.is_none(), "{size} {close}");
        }
        assert!(scene.requests.borrow().is_empty(), "looking at somebody tells nobody");
    }
}

#[test]
fn a_touch_on_a_result_opens_the_card_and_closing_it_shows_the_results_again() {
    let scene = searched(SIZES[0], "comptable");
    scene.says("ici depuis 8\u{a0}h\u{a0}30");
    scene.press("Gisèle Tanguay");
    scene.says("PEUT AIDER AVEC");
    scene.press("Fermer");
    scene.says("Peut vous aider");
}

#[test]
fn somebody_who_comes_on_a_coming_day_is_said_so() {
    let scene = searched(SIZES[0], "python");
    scene.says("pas ici aujourd’hui");
    scene.says(" · vient d’habitude le mardi et le jeudi · correspond à «\u{a0}python\u{a0}»");
}

#[test]
fn a_phone_reads_the_visiting_card_from_the_screen() {
    for size in SIZES {
        for dark in [false, true] {
            let scene = scene(&Shot { size, dark, ..shot(ScreenName::Member) });
            let vcard = scene.kiosk.screen().member.unwrap().vcard.unwrap();
            for line in ["FN:Félix-Antoine Vaillancourt", "EMAIL:felix@exemple.test", "TEL;VALUE=uri:tel:+15145550142"] {
                assert!(vcard.contains(&format!("\r\n{line}\r\n")), "{vcard}");
            }
            assert_eq!(scene.scanned(), [vcard], "{size} dark: {dark}");
        }
    }
}

#[test]
fn the_longest_card_that_is_drawn_can_be_read() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Member) });
        for (rev, letters) in [(2, 40), (3, 120), (4, 200), (5, 380)] {
            scene.member(rev, |member| {
                member.contact = Some(Contact { email: Some("é".repeat(letters / 2)), ..Contact::default() });
            });
            let vcard = scene.kiosk.screen().member.unwrap().vcard;
            assert_eq!(scene.scanned(), vcard.into_iter().collect::<Vec<_>>(), "{size} {letters}");
        }
        scene.member(6, |member| member.contact = None);
        assert_eq!((scene.scanned().len(), scene.kiosk.screen().member.unwrap().vcard), (0, None), "nothing to reach them by");
    }
}

#[test]
fn the_card_says_how_they_are_here() {
    let scene = scene(&shot(ScreenName::Member));
    let nbsp = '\u{a0}';
    let since = format!("{nbsp}· depuis 9{nbsp}h{nbsp}40");
    scene.says(&format!("Table du fond{nbsp}: allez lui parler{nbsp}· ouvert·e aux questions{since}"));
    let here = |rev, availability| scene.presence(rev, |presence| presence.present[snapshot::MEMBER].availability = availability);
    here(2, Availability::DoNotDisturb);
    scene.says(&format!("Ne pas déranger{nbsp}· Table du fond{since}"));
    here(3, Availability::Here);
    scene.member(2, |member| member.table = None);
    scene.says(&format!("Est ici{nbsp}: allez lui parler{since}"));
    scene.presence(4, |presence| presence.present[snapshot::MEMBER].since = None);
    scene.presence(5, |presence| presence.present[snapshot::MEMBER].fresh = false);
    scene.says(&format!("Passé·e aujourd’hui{nbsp}· vient d’habitude du mardi au jeudi"));
    scene.presence(6, |presence| {
        presence.present.remove(snapshot::MEMBER);
    });
    scene.says(&format!("Pas ici aujourd’hui{nbsp}· vient d’habitude du mardi au jeudi"));
    scene.kiosk.handle_link(kiosk::board::Link::Lost);
    scene.says("Vient d’habitude du mardi au jeudi");
    scene.member(3, |member| member.usual_days = vec![]);
    assert!(scene.texts().iter().all(|text| !text.contains("Pas ici")), "no news, no claim");
}

#[test]
fn whatever_they_share_fits_above_the_button() {
    let long = "Conception de systèmes d’information géographique et participative";
    let many = |word: &str, n: usize| (0..n).map(|k| format!("{word} {k}")).collect::<Vec<_>>();
    for size in SIZES {
        for (rev, (name, skills, words, contact)) in (2..).zip([
            ("Zoé", vec![], 0, false),
            ("محمد عبد الرحمن", many("Rust", 3), 1, true),
            ("🎈 Léa", many("Objets connectés", 30), 12, true),
            ("Maximilienne-Alexandrina de la Bruère-Villeneuve et de l’Œuvre", many(long, 4), 30, true),
            ("W", vec!["x".repeat(300)], 300, false),
        ]) {
            let scene = scene(&Shot { size, ..shot(ScreenName::Member) });
            scene.member(rev, |member| {
                member.name = name.to_owned();
                member.title = Some(name.repeat(2));
                member.table = Some(long.repeat(2));
                member.skills = skills;
                member.interests = many("jardins communautaires", words);
                member.looking_for = many("une musique originale", words);
                member.usual_days = vec![Weekday::Mon, Weekday::Wed, Weekday::Fri];
                if !contact {
                    member.contact = None;
                }
            });
            let close = scene.button("Fermer").absolute_position();
            let sheet = scene.kiosk.screen().member.unwrap().sheet.width;
            #[allow(clippy::cast_precision_loss)]
            let (left, right) = ((size.width - sheet) as f32, size.width as f32);
            let below = |x: f32, y: f32| x >= left && y > close.y + 0.5;
            let card = ElementQuery::from_root(scene.kiosk.window()).match_inherits("MemberOverlay").match_descendants();
            let texts = card.match_accessible_role(AccessibleRole::Text).find_all();
            assert!(texts.len() > 2, "{size} {name:?}");
            for text in texts {
                let (place, extent) = (text.absolute_position(), text.size());
                let what = format!("{:?} on {name:?}'s card at {size}: {place:?} {extent:?}", text.accessible_label());
                assert!(!below(place.x, place.y + extent.height), "{what}");
                assert!(place.x < left || place.x + extent.width <= right, "{what}");
            }
        }
    }
}

#[test]
fn a_line_covers_nothing_of_the_card() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Member) });
        scene.event(&demo::arrival(3, 9, Form::Full));
        scene.says("Bonjour Ravi!");
        assert!(scene.kiosk.screen().dialog.is_none(), "the kiosk is in use");
        let close = scene.button("Fermer");
        let line = ElementHandle::find_by_accessible_label(scene.kiosk.window(), "Bonjour Ravi!").next().unwrap();
        let end = line.absolute_position().x + line.size().width;
        assert!(end <= close.absolute_position().x, "{size}: it ends at {end}");
        scene.member(2, |member| member.name.clear());
        scene.document::<Directory>(&Topic::Directory, |directory| {
            directory.rev = 3;
            directory.members.retain(|member| member.name != NAME);
        });
        assert!(scene.kiosk.screen().member.is_none(), "consent withdrawn: it closes at once");
    }
}
