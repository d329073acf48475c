//! The window as people meet it: what it shows, how large what they touch is, and what a press asks for.

#[path = "screens/card.rs"]
mod card;
#[path = "screens/needs.rs"]
mod needs;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions};
use kiosk::KioskWindow;
use kiosk::config::Size;
use kiosk::kiosk::{Kiosk, Outgoing};
use kiosk::snapshot::{self, ScreenName, Shot};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, Global};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use voisins_shared::demo;
use voisins_shared::language::Language;
use voisins_shared::name::{KioskName, SiteName};
use voisins_shared::payload::{
    Action, Answer, Args, Form, Grant, Greeting, KioskEvent, Moment, Refusal, Request, Response, Shown, V, decode, encode, refusal,
};
use voisins_shared::topic::{Topic, Topics};
use voisins_shared::visit::Availability;

const SIZES: [Size; 3] = [Size { width: 1280, height: 800 }, Size { width: 800, height: 480 }, Size { width: 1920, height: 1080 }];
const SCREENS: [ScreenName; 23] = [
    ScreenName::Home,
    ScreenName::Arrival,
    ScreenName::Unknown,
    ScreenName::Empty,
    ScreenName::Offline,
    ScreenName::Refused,
    ScreenName::Many,
    ScreenName::Rush,
    ScreenName::Rest,
    ScreenName::Sign,
    ScreenName::Search,
    ScreenName::Member,
    ScreenName::Tv,
    ScreenName::Profile,
    ScreenName::Choices,
    ScreenName::Skill,
    ScreenName::Offer,
    ScreenName::Match,
    ScreenName::ForYou,
    ScreenName::Needs,
    ScreenName::Need,
    ScreenName::PostWords,
    ScreenName::Post,
];

fn shot(screen: ScreenName) -> Shot<'static> {
    let now = "2024-10-23T10:26:00-04:00".parse().unwrap();
    Shot { screen, size: SIZES[0], language: Language::Fr, dark: false, now, query: snapshot::QUERY }
}

/// A platform of this test's own thread: real text, real pixels, no display, time at a standstill.
fn headless() {
    let options = TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    let _ = slint::platform::set_platform(Box::new(TestingBackend::new(options)));
}

struct Scene {
    kiosk: Kiosk,
    requests: Rc<RefCell<Vec<Outgoing>>>,
}

fn scene(shot: &Shot) -> Scene {
    headless();
    let kiosk = snapshot::stage(KioskWindow::new().unwrap(), shot).unwrap();
    let requests = Rc::<RefCell<Vec<Outgoing>>>::default();
    let taken = requests.clone();
    kiosk.on_request(move |outgoing| taken.borrow_mut().push(outgoing));
    Scene { kiosk, requests }
}

impl Scene {
    fn buttons(&self) -> Vec<ElementHandle> {
        ElementQuery::from_root(self.kiosk.window()).match_accessible_role(AccessibleRole::Button).find_all()
    }

    fn switches(&self) -> Vec<ElementHandle> {
        ElementQuery::from_root(self.kiosk.window()).match_accessible_role(AccessibleRole::Switch).find_all()
    }

    /// Everything that can be touched.
    fn touchable(&self) -> Vec<ElementHandle> {
        self.buttons().into_iter().chain(self.switches()).collect()
    }

    fn labels(&self) -> Vec<String> {
        self.buttons().iter().filter_map(|button| Some(button.accessible_label()?.to_string())).collect()
    }

    #[track_caller]
    fn press(&self, label: &str) {
        self.button(label).mock_single_click(PointerEventButton::Left);
    }

    /// The topmost one of that name: a dialog lies over the bar, which is found before it.
    #[track_caller]
    fn button(&self, label: &str) -> ElementHandle {
        let found = self.buttons().into_iter().rfind(|button| button.accessible_label().is_some_and(|text| text == label));
        found.unwrap_or_else(|| panic!("no {label} among {:?}", self.labels()))
    }

    fn texts(&self) -> Vec<String> {
        ElementQuery::from_root(self.kiosk.window())
            .match_accessible_role(AccessibleRole::Text)
            .find_all()
            .iter()
            .filter_map(|element| Some(element.accessible_label()?.to_string()))
            .collect()
    }

    #[track_caller]
    fn says(&self, text: &str) {
        assert!(self.texts().iter().any(|said| said == text), "no {text:?} among {:?}", self.texts());
    }

    /// The one request since the last time.
    fn request(&self) -> (String, Request) {
        let requests = self.requests.take();
        assert_eq!(requests.len(), 1, "{requests:?}");
        (requests[0].topic.clone(), decode(&requests[0].payload).unwrap())
    }

    fn topics(&self) -> (Topics, KioskName) {
        (Topics::of(&SiteName::new(demo::SITE).unwrap()), KioskName::new(demo::KIOSK).unwrap())
    }

    fn event(&self, event: &KioskEvent) {
        let (topics, kiosk) = self.topics();
        self.kiosk.handle_message(&topics.name(&Topic::KioskEvent(kiosk)), &encode(event));
    }

    fn answer(&self, request: &Request, answer: Answer) {
        let (topics, kiosk) = self.topics();
        let response = Response { v: V, id: request.id, answer };
        self.kiosk.handle_message(&topics.name(&Topic::Response(kiosk, request.id.to_string())), &encode(&response));
    }
}

#[test]
fn every_screen_in_both_languages_is_the_same_picture_each_time() {
    let mut pictures = std::collections::BTreeSet::new();
    for screen in SCREENS {
        for language in Language::ALL {
            let shot = Shot { language, ..shot(screen) };
            let picture = snapshot::draw(&shot).unwrap();
            assert_eq!(picture.len(), 1280 * 800 * 3);
            assert!(picture == snapshot::draw(&shot).unwrap(), "{screen:?} {language:?} differs from itself");
            assert!(pictures.insert(picture), "{screen:?} {language:?} looks like another one");
        }
    }
    let dark = snapshot::draw(&Shot { dark: true, ..shot(ScreenName::Home) }).unwrap();
    assert!(pictures.insert(dark));
}

#[test]
fn what_is_touched_is_at_least_56_px_named_and_on_the_screen() {
    for size in SIZES {
        for screen in SCREENS {
            for language in Language::ALL {
                let scene = scene(&Shot { size, language, ..shot(screen) });
                let buttons = scene.touchable();
                assert!(if screen == ScreenName::Tv { buttons.is_empty() } else { buttons.len() >= 2 }, "{screen:?}");
                for button in &buttons {
                    let label = button.accessible_label().unwrap_or_default();
                    let (place, extent) = (button.absolute_position(), button.size());
                    let what = format!("{label:?} of {screen:?} at {size}: {place:?} {extent:?}");
                    assert!(!label.is_empty(), "{what}");
                    assert!(extent.width >= 55.9 && extent.height >= 55.9, "too small: {what}");
                    assert!(place.x >= 0.0 && place.y >= 0.0, "outside: {what}");
                    #[allow(clippy::cast_precision_loss)]
                    let (width, height) = (size.width as f32, size.height as f32);
                    assert!(place.x + extent.width <= width && place.y + extent.height <= height, "outside: {what}");
                }
            }
        }
    }
}

#[test]
fn what_is_touched_does_not_overlap() {
    for size in SIZES {
        // a dialog lies over the home screen, whose buttons can't be touched then
        for screen in [
            ScreenName::Home,
            ScreenName::Many,
            ScreenName::Offline,
            ScreenName::Empty,
            ScreenName::Rest,
            ScreenName::Search,
            ScreenName::Profile,
            ScreenName::Choices,
            ScreenName::Skill,
            ScreenName::Needs,
            ScreenName::PostWords,
            ScreenName::Post,
        ] {
            let scene = scene(&Shot { size, ..shot(screen) });
            let fields: Vec<_> =
                scene.touchable().iter().map(|b| (b.accessible_label(), b.absolute_position(), b.size())).collect();
            for (n, (a, at, extent)) in fields.iter().enumerate() {
                for (b, other, other_extent) in &fields[n + 1..] {
                    let apart = at.x + extent.width <= other.x
                        || other.x + other_extent.width <= at.x
                        || at.y + extent.height <= other.y
                        || other.y + other_extent.height <= at.y;
                    assert!(apart, "{a:?} and {b:?} overlap on {screen:?} at {size}");
                }
            }
        }
    }
}

#[test]
fn the_language_changes_at_once() {
    let scene = scene(&shot(ScreenName::Home));
    scene.says("Ici maintenant");
    scene.press("English");
    scene.says("Here now");
    scene.says("Espace Voisins · Wednesday, October 23 · 14 visits today");
    assert!(scene.labels().contains(&"Next".to_owned()));
    scene.press("Français");
    scene.says("Espace Voisins · mercredi 23 octobre · 14 passages aujourd’hui");
}

#[test]
fn a_greeting_speaks_the_members_language() {
    let scene = scene(&shot(ScreenName::Home));
    let mut event = demo::arrival(0, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.language = Some(Language::En);
    }
    scene.event(&event);
    scene.says("Hello Maude!");
    scene.press("Close");
    scene.says("Ici maintenant");
}

#[test]
fn the_buttons_of_a_greeting_ask_for_what_they_say() {
    for (label, availability) in [
        ("Ici", Availability::Here),
        ("Ouvert·e aux questions", Availability::Open),
        ("Ne pas déranger", Availability::DoNotDisturb),
    ] {
        let scene = scene(&shot(ScreenName::Arrival));
        scene.press(label);
        let (topic, request) = scene.request();
        assert_eq!(topic, "voisins/demo/request/cafe/availability");
        assert!(matches!(request.args, Args::Availability { availability: asked, .. } if asked == availability), "{request:?}");
        scene.answer(&request, Answer::Done { signer: None, undo: None });
        scene.says("C’est noté.");
    }
}

#[test]
fn je_repars_can_be_taken_back() {
    let scene = scene(&shot(ScreenName::Arrival));
    scene.says("Bonjour Maude!");
    scene.says("Arrivée notée · 9 personnes ici");
    scene.press("Je repars");
    let (topic, leave) = scene.request();
    assert_eq!(topic, "voisins/demo/request/cafe/leave");
    let token = uuid::Uuid::from_u128(9);
    scene.answer(&leave, Answer::Done { signer: None, undo: Some(Grant { token, expires_in_ms: 5_000 }) });
    scene.says("À bientôt Maude!");
    scene.press("Annuler");
    let (topic, undo) = scene.request();
    assert_eq!((topic.as_str(), &undo.args), ("voisins/demo/request/cafe/undo", &Args::Undo { grant: token }));
    scene.answer(&undo, Answer::Done { signer: None, undo: None });
    scene.says("Vous restez parmi nous");
}

#[test]
fn je_repars_on_the_home_screen_asks_for_the_badge() {
    let scene = scene(&shot(ScreenName::Home));
    scene.press("Je repars");
    let (topic, sign) = scene.request();
    assert_eq!((topic.as_str(), &sign.args), ("voisins/demo/request/cafe/sign", &Args::Sign { action: Action::Leave }));
    scene.says("Approchez votre badge");
    scene.answer(&sign, Answer::Armed { expires_in_ms: 15_000 });
    let Shown::Greeting(Greeting { greeted: signer, .. }) = demo::arrival(0, 9, Form::Full).shown else { panic!() };
    let token = uuid::Uuid::from_u128(9);
    scene.answer(&sign, Answer::Done { signer, undo: Some(Grant { token, expires_in_ms: 5_000 }) });
    scene.says("À bientôt Maude!");
    scene.press("Annuler");
    assert_eq!(scene.request().1.args, Args::Undo { grant: token });
}

#[test]
fn a_signature_can_be_cancelled_or_begun_again() {
    let scene = scene(&shot(ScreenName::Home));
    scene.press("Je repars");
    let sign = scene.request().1;
    scene.answer(&sign, Answer::Armed { expires_in_ms: 15_000 });
    scene.press("Annuler");
    let (topic, cancel) = scene.request();
    assert_eq!((topic.as_str(), &cancel.args), ("voisins/demo/request/cafe/cancel", &Args::Cancel { request: sign.id }));
    scene.answer(&sign, Answer::Cancelled);
    assert!(scene.kiosk.screen().sign.is_none());
    for (reason, says, press) in [
        (refusal::ARRIVED_FIRST, "Arrivée notée", Some("Je repars")),
        (refusal::BUSY, "Un instant", Some("Recommencer")),
        (refusal::OTHER_SESSION, "Recommençons", Some("Recommencer")),
        (refusal::NO_READER, "Pas de lecteur ici", None),
        (refusal::NOT_RECORDED, "Ça n’a pas pu être noté", None),
    ] {
        let scene = self::scene(&shot(ScreenName::Home));
        scene.press("Je repars");
        scene.answer(&scene.request().1, Answer::Refused { reason: reason.into() });
        scene.says(says);
        match press {
            Some(label) => {
                scene.press(label);
                assert!(scene.requests.take().iter().any(|outgoing| outgoing.topic.ends_with("/sign")), "{reason}");
                scene.says("Approchez votre badge");
            }
            None => {
                scene.press("Fermer");
                assert!(scene.kiosk.screen().sign.is_none(), "{reason}");
            }
        }
    }
}

#[test]
fn every_face_of_the_dialog_that_asks_for_a_badge_fits_every_screen() {
    for size in SIZES {
        for language in Language::ALL {
            for reason in [refusal::ARRIVED_FIRST, refusal::BUSY, refusal::OTHER_SESSION, refusal::NO_READER, refusal::NOT_RECORDED]
            {
                let scene = scene(&Shot { size, language, ..shot(ScreenName::Home) });
                scene.kiosk.handle_touch(kiosk::board::Touch::Sign(Action::Leave));
                scene.answer(&scene.request().1, Answer::Refused { reason: reason.into() });
                scene.event(&demo::arrival(3, 9, Form::Line));
                let close = if language == Language::Fr { "Fermer" } else { "Close" };
                let button = scene.button(close);
                let lines = if size.height < 640 { size.height - 62 } else { size.height - 148 };
                #[allow(clippy::cast_precision_loss)]
                let free = lines as f32 - (button.absolute_position().y + button.size().height);
                assert!(free >= 24.0, "{reason} {size} {language:?}: the dialog ends above the lines, {free}");
            }
        }
    }
}

#[test]
fn after_a_while_je_reste_and_je_repars_are_offered_at_equal_size() {
    let scene = scene(&shot(ScreenName::Home));
    let mut event = demo::arrival(0, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        (greeting.moment, greeting.ask_to_stay) = (Moment::Seen, true);
    }
    scene.event(&event);
    scene.says("Rebonjour Maude!");
    let size = |label: &str| scene.button(label).size();
    assert_eq!(size("Je reste"), size("Je repars"));
    scene.press("Je reste");
    assert!(scene.requests.borrow().is_empty() && scene.kiosk.screen().dialog.is_none());
}

#[test]
fn the_fullest_greeting_fits_the_smallest_screen() {
    let scene = scene(&Shot { size: SIZES[1], ..shot(ScreenName::Home) });
    let mut event = demo::arrival(21, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        (greeting.moment, greeting.ask_to_stay) = (Moment::Seen, true);
    }
    scene.event(&event);
    for label in ["Je reste", "Je repars", "Ici", "Ouvert·e aux questions", "Ne pas déranger", "Fermer"] {
        let button = scene.button(label);
        let (place, extent) = (button.absolute_position(), button.size());
        assert!(extent.height >= 55.9 && place.x >= 0.0 && place.x + extent.width <= 800.0, "{label}: {place:?} {extent:?}");
        assert!(place.y >= 0.0 && place.y + extent.height <= 480.0, "{label}: {place:?} {extent:?}");
    }
}

/// The fullest dialogs, and a line over each.
fn with_a_line(size: Size, language: Language, event: &KioskEvent) -> Scene {
    let scene = scene(&Shot { size, language, ..shot(ScreenName::Home) });
    scene.event(event);
    scene.event(&demo::arrival(3, 9, Form::Line));
    scene
}

fn asked_to_stay() -> KioskEvent {
    let mut event = demo::arrival(21, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        (greeting.moment, greeting.ask_to_stay) = (Moment::Seen, true);
    }
    event
}

#[test]
fn lines_are_seen_over_a_dialog_and_cover_nothing_of_it() {
    for size in SIZES {
        for language in Language::ALL {
            let mut fullest = asked_to_stay();
            if let Shown::Greeting(greeting) = &mut fullest.shown {
                greeting.for_you = 2;
            }
            let arrival = demo::arrival(0, 9, Form::Full);
            for event in [asked_to_stay(), arrival, demo::match_arrival(9), fullest, demo::unknown_badge(), demo::refused()] {
                let scene = with_a_line(size, language, &event);
                let ink = slint::Rgba8Pixel { r: 0x2A, g: 0x21, b: 0x1C, a: 255 };
                let picture = scene.kiosk.window().window().take_snapshot().unwrap();
                let (edge, top) = if size.height < 640 { (16, size.height - 62) } else { (32, size.height - 148) };
                let at = |x: u32, y: u32| picture.as_slice()[(y * size.width + x) as usize];
                assert_eq!(at(edge + 24, top + 2), ink, "{size} {language:?}: a line, not dimmed");
                for label in ["Fermer", "Close"] {
                    let Some(button) = scene.buttons().into_iter().find(|b| b.accessible_label().is_some_and(|l| l == label))
                    else {
                        continue;
                    };
                    #[allow(clippy::cast_precision_loss)]
                    let free = top as f32 - (button.absolute_position().y + button.size().height);
                    assert!(free >= 24.0, "{size} {language:?}: the dialog ends above the lines, {free}");
                }
            }
        }
    }
}

#[test]
fn a_press_names_the_dialog_that_the_finger_went_down_on() {
    let scene = scene(&shot(ScreenName::Arrival));
    let adapter = kiosk::generated::DialogAdapter::get(scene.kiosk.window());
    let (pressed, touched) = (Rc::<RefCell<Vec<String>>>::default(), Rc::<Cell<u32>>::default());
    let (presses, touches) = (pressed.clone(), touched.clone());
    adapter.on_press(move |event, _| presses.borrow_mut().push(event.into()));
    adapter.on_touched(move || touches.set(touches.get() + 1));
    let first = adapter.get_dialog().event;
    let button = scene.button("Je repars");
    let (place, extent) = (button.absolute_position(), button.size());
    let position = slint::LogicalPosition::new(place.x + extent.width / 2.0, place.y + extent.height / 2.0);
    let (window, button) = (scene.kiosk.window().window(), PointerEventButton::Left);
    window.dispatch_event(WindowEvent::PointerMoved { position });
    window.dispatch_event(WindowEvent::PointerPressed { position, button });
    assert_eq!(touched.get(), 1, "the finger holds the greeting");
    scene.event(&demo::arrival(1, 9, Form::Full));
    assert_ne!(adapter.get_dialog().event, first);
    window.dispatch_event(WindowEvent::PointerReleased { position, button });
    assert_eq!(*pressed.borrow(), [first.to_string()]);
}

#[test]
fn the_language_can_be_switched_beside_an_unknown_badge_and_a_refusal() {
    for size in SIZES {
        for (screen, english) in
            [(ScreenName::Unknown, "We haven’t met yet"), (ScreenName::Refused, "This card changes its number")]
        {
            let scene = scene(&Shot { size, ..shot(screen) });
            scene.press("English");
            scene.says(english);
        }
    }
}

#[test]
fn a_refusal_that_is_a_line_says_why() {
    let scene = scene(&shot(ScreenName::Home));
    let mut event = demo::refused();
    for (n, (reason, said)) in [
        (Refusal::RandomUid, "Cette carte change de numéro"),
        (Refusal::Unreadable, "Le badge n’a pas été lu"),
        (Refusal::NotRecorded, "Ça n’a pas pu être noté"),
    ]
    .into_iter()
    .enumerate()
    {
        (event.id, event.form, event.shown) = (uuid::Uuid::from_u128(500 + n as u128), Form::Line, Shown::Refused { reason });
        scene.event(&event);
        scene.says(said);
    }
}

#[test]
fn a_hidden_member_is_greeted_without_a_name() {
    let scene = scene(&shot(ScreenName::Home));
    let mut event = demo::arrival(0, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.greeted = None;
    }
    scene.event(&event);
    scene.says("Bonjour!");
    event.id = uuid::Uuid::from_u128(5);
    event.form = Form::Line;
    scene.event(&event);
    scene.says("Bonjour! Arrivée notée.");
}

#[test]
fn an_unknown_badge_shows_its_code_and_may_enter_as_a_guest() {
    let scene = scene(&shot(ScreenName::Unknown));
    scene.says("On ne se connaît pas encore");
    scene.says("K7-M4");
    scene.press("Entrer comme invité·e");
    let (topic, request) = scene.request();
    assert_eq!(topic, "voisins/demo/request/cafe/guest");
    scene.answer(&request, Answer::Expired);
    scene.says("Approchez de nouveau votre badge");
    scene.press("Fermer");
    scene.says("Ici maintenant");
}

#[test]
fn a_line_can_not_be_touched() {
    let scene = scene(&shot(ScreenName::Rush));
    scene.says("Bonjour Chiara!");
    assert!(scene.labels().iter().all(|label| !label.contains("Bonjour")));
    assert_eq!(scene.kiosk.screen().lines.1, 3);
}

#[test]
fn a_skill_filters_by_touch_and_pages_turn_by_touch() {
    let scene = scene(&shot(ScreenName::Many));
    assert_eq!(scene.kiosk.screen().page, (1, 23));
    scene.press("Suivant");
    assert_eq!(scene.kiosk.screen().page.0, 2);
    scene.says("page 2/23");
    scene.press("Stratégie 18");
    let screen = scene.kiosk.screen();
    assert_eq!((screen.page, screen.cards.len()), ((1, 2), 9));
    assert!(screen.cards.iter().all(|card| card.skills.iter().any(|skill| skill == "Stratégie")));
    scene.press("Stratégie 18");
    assert_eq!(scene.kiosk.screen().page, (1, 23));
}

#[test]
fn the_skills_that_do_not_fit_wait_behind_a_number() {
    let scene = scene(&shot(ScreenName::Many));
    let more = scene.labels().into_iter().find(|label| label.ends_with("autres compétences")).unwrap();
    scene.press(&more);
    assert!(scene.kiosk.screen().skills.from > 0);
    assert!(!scene.labels().contains(&"Stratégie 18".to_owned()));
    scene.press("Premières compétences");
    assert!(scene.labels().contains(&"Stratégie 18".to_owned()));
}

#[test]
fn names_of_every_kind_lay_out() {
    let scene = scene(&shot(ScreenName::Home));
    let (topics, _) = scene.topics();
    for (topic, payload) in kiosk::demo::documents(9, 0) {
        let Topic::Directory = topic else { continue };
        let mut directory: voisins_shared::payload::Directory = decode(&payload).unwrap();
        directory.rev = 9;
        let names = ["محمد عبد الرحمن", "🎈 Léa", "L’œuvre-d’Orsay", "W", &"Maximilienne-Alexandrina ".repeat(6), &"x".repeat(300)];
        for (member, name) in directory.members.iter_mut().zip(names) {
            member.name = name.to_owned();
            member.title = Some(name.to_owned());
            member.skills = vec![name.to_owned(), "Rust".into()];
        }
        scene.kiosk.handle_message(&topics.name(&topic), &encode(&directory));
    }
    let mut event = demo::arrival(4, 9, Form::Full);
    if let Shown::Greeting(greeting) = &mut event.shown {
        greeting.greeted.as_mut().unwrap().first_name = "Maximilienne-Alexandrina".repeat(6);
    }
    scene.event(&event);
    let picture = scene.kiosk.window().window().take_snapshot().unwrap();
    assert_eq!((picture.width(), picture.height()), (1280, 800));
    for button in scene.buttons() {
        let (place, extent) = (button.absolute_position(), button.size());
        assert!(place.x + extent.width <= 1280.0, "{:?}", button.accessible_label());
    }
}

/// At home, the search opened by touch and a text typed key by key.
fn searched(size: Size, text: &str) -> Scene {
    let scene = scene(&Shot { size, ..shot(ScreenName::Home) });
    scene.press("J’ai besoin d’aide avec…");
    for letter in text.chars() {
        scene.press(&letter.to_string());
    }
    scene
}

#[test]
fn somebody_is_found_by_touch_alone_even_with_a_typing_mistake() {
    for size in SIZES {
        for (text, name) in [("comptable", "Gisèle Tanguay"), ("comtable", "Gisèle Tanguay"), ("italian", "Chiara Bellini")] {
            let scene = searched(size, text);
            scene.says("Peut vous aider");
            scene.says(name);
        }
    }
}

#[test]
fn chercher_hides_the_keyboard_the_field_brings_it_back_and_fermer_goes_home() {
    let scene = searched(SIZES[0], "comptable");
    scene.press("Chercher");
    assert!(!scene.labels().contains(&"q".to_owned()));
    scene.says("Gisèle Tanguay");
    scene.press("Champ de recherche");
    scene.press("Tout effacer");
    scene.says("Par exemple\u{a0}:");
    scene.press("Fermer");
    assert!(scene.kiosk.screen().search.is_none() && scene.labels().contains(&"J’ai besoin d’aide avec…".to_owned()));
}

#[test]
fn in_english_the_keyboard_is_us() {
    let scene = searched(SIZES[0], "é");
    scene.press("English");
    assert!(!scene.labels().contains(&"é".to_owned()));
}
