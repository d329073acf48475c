//! The window as people meet it: what it shows, how large what they touch is, and what a press asks for.

#[path = "screens/agenda.rs"]
mod agenda;
#[path = "screens/card.rs"]
mod card;
#[path = "screens/contrast.rs"]
mod contrast;
#[path = "screens/greetings.rs"]
mod greetings;
#[path = "screens/longest.rs"]
mod longest;
#[path = "screens/measure.rs"]
mod measure;
#[path = "screens/needs.rs"]
mod needs;
#[path = "screens/neighbours.rs"]
mod neighbours;
#[path = "screens/signing.rs"]
mod signing;
#[path = "screens/sizes.rs"]
mod sizes;
#[path = "screens/spoken.rs"]
mod spoken;

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
    Action, Answer, Args, Form, Grant, Greeting, KioskEvent, Moment, Refusal, Request, Response, Shown, TextSize, V, decode,
    encode, refusal,
};
use voisins_shared::topic::{Topic, Topics};
use voisins_shared::visit::Availability;

const SIZES: [Size; 3] = [Size { width: 1280, height: 800 }, Size { width: 800, height: 480 }, Size { width: 1920, height: 1080 }];
const SCREENS: [ScreenName; 44] = [
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
    ScreenName::Phone,
    ScreenName::Choices,
    ScreenName::Skill,
    ScreenName::Offer,
    ScreenName::Match,
    ScreenName::Waits,
    ScreenName::ForYou,
    ScreenName::Proposal,
    ScreenName::Outcome,
    ScreenName::Note,
    ScreenName::Needs,
    ScreenName::Need,
    ScreenName::OwnNeed,
    ScreenName::WriteWords,
    ScreenName::Write,
    ScreenName::Refer,
    ScreenName::PostWords,
    ScreenName::Post,
    ScreenName::Agenda,
    ScreenName::Event,
    ScreenName::NoEvents,
    ScreenName::ProposeWords,
    ScreenName::Propose,
    ScreenName::Guest,
    ScreenName::GuestName,
    ScreenName::NoBadge,
    ScreenName::Muster,
    ScreenName::MusterPin,
    ScreenName::Evacuation,
    ScreenName::ReaderDown,
];

fn shot(screen: ScreenName) -> Shot<'static> {
    let now = "2024-10-23T10:26:00-04:00".parse().unwrap();
    Shot { screen, size: SIZES[0], language: Language::Fr, dark: false, now, query: snapshot::QUERY, text_size: TextSize::Normal }
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

    /// What is said: a button's words are its label and no text beside it.
    fn texts(&self) -> Vec<String> {
        let texts = ElementQuery::from_root(self.kiosk.window()).match_accessible_role(AccessibleRole::Text).find_all();
        texts.iter().chain(&self.buttons()).filter_map(|element| Some(element.accessible_label()?.to_string())).collect()
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
            ScreenName::Phone,
            ScreenName::Choices,
            ScreenName::Skill,
            ScreenName::Needs,
            ScreenName::PostWords,
            ScreenName::Post,
            ScreenName::WriteWords,
            ScreenName::Write,
            ScreenName::Agenda,
            ScreenName::ProposeWords,
            ScreenName::Propose,
            ScreenName::Guest,
            ScreenName::GuestName,
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
