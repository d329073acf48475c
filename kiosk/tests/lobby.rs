//! The lobby screen as people see it from across the room, the night's sheet and the picture that moves.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions};
use kiosk::KioskWindow;
use kiosk::board::{Link, Touch};
use kiosk::config::Size;
use kiosk::kiosk::Kiosk;
use kiosk::snapshot::{self, ScreenName, Shot};
use kiosk::view_model::Middle;
use slint::ComponentHandle;
use slint::platform::{PointerEventButton, WindowEvent};
use std::cell::Cell;
use std::rc::Rc;
use voisins_shared::demo;
use voisins_shared::language::Language;
use voisins_shared::name::SiteName;
use voisins_shared::payload::{Lobby, TextSize, decode, encode};
use voisins_shared::topic::{Topic, Topics};

const SIZES: [(u32, u32); 7] = [(1920, 1080), (1280, 720), (3840, 2160), (1280, 800), (1024, 768), (1080, 1920), (800, 480)];
const DAY: &str = "2024-10-23T10:26:00-04:00";
const NIGHT: &str = "2024-10-23T23:10:00-04:00";

fn shot(screen: ScreenName, now: &str) -> Shot<'static> {
    let size = Size { width: 1920, height: 1080 };
    Shot { screen, size, language: Language::Fr, dark: false, now: now.parse().unwrap(), query: "", text_size: TextSize::Normal }
}

fn scene(shot: &Shot) -> Kiosk {
    let options = TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    let _ = slint::platform::set_platform(Box::new(TestingBackend::new(options)));
    snapshot::stage(KioskWindow::new().unwrap(), shot).unwrap()
}

fn texts(kiosk: &Kiosk) -> Vec<(String, ElementHandle)> {
    let found = ElementQuery::from_root(kiosk.window()).match_accessible_role(AccessibleRole::Text).find_all();
    found.into_iter().filter_map(|element| Some((element.accessible_label()?.to_string(), element))).collect()
}

#[track_caller]
fn says(kiosk: &Kiosk, text: &str) {
    let texts: Vec<String> = texts(kiosk).into_iter().map(|(text, _)| text).collect();
    assert!(texts.iter().any(|said| said == text), "no {text:?} among {texts:?}");
}

/// Tells the lobby what is shown there now.
fn tell(kiosk: &Kiosk, change: impl FnOnce(&mut Lobby)) {
    let (_, payload) = demo::messages(9, 5, |_, _| vec![]).into_iter().find(|(topic, _)| *topic == Topic::Lobby).unwrap();
    let mut lobby: Lobby = decode(&payload).unwrap();
    lobby.rev += 1;
    change(&mut lobby);
    let topics = Topics::of(&SiteName::new(demo::SITE).unwrap());
    kiosk.handle_message(&topics.name(&Topic::Lobby), &encode(&lobby));
}

#[test]
fn it_says_who_is_here_by_first_name_and_initial_in_words_that_read_from_3_m() {
    for (language, words) in [
        (Language::Fr, ["Ici maintenant", "page 1/2 · mercredi 23 octobre", "ne pas déranger", "ouvert·e aux questions"]),
        (Language::En, ["Here now", "page 1/2 · Wednesday, October 23", "do not disturb", "open to questions"]),
    ] {
        let kiosk = scene(&Shot { language, ..shot(ScreenName::Tv, DAY) });
        words.iter().for_each(|words| says(&kiosk, words));
        says(&kiosk, "Maude A.");
        says(&kiosk, "Logo\u{a0}· Identité visuelle");
        assert!(texts(&kiosk).iter().all(|(text, _)| !text.contains("Archambault")));
    }
}

#[test]
fn nothing_of_it_is_outside_the_picture_on_any_screen() {
    for (width, height) in SIZES {
        for language in Language::ALL {
            let kiosk = scene(&Shot { size: Size { width, height }, language, ..shot(ScreenName::Tv, DAY) });
            let long = "Maximilienne-Alexandrina ".repeat(6);
            tell(&kiosk, |lobby| {
                lobby.present.iter_mut().for_each(|neighbour| neighbour.skills = vec![long.clone(), long.clone()])
            });
            tell(&kiosk, |lobby| {
                lobby.rev += 1;
                lobby.present[0].name.clone_from(&long);
                lobby.present[1].name = "x".repeat(200);
            });
            for (text, element) in texts(&kiosk) {
                let (place, extent) = (element.absolute_position(), element.size());
                #[allow(clippy::cast_precision_loss)]
                let (width, height) = (width as f32, height as f32);
                let inside = place.x >= 4.0 && place.y >= 4.0 && place.x + extent.width <= width - 4.0;
                assert!(inside && place.y + extent.height <= height - 4.0, "{text:?} at {width}x{height}: {place:?} {extent:?}");
            }
        }
    }
}

#[test]
fn it_is_calm_when_nobody_is_here_or_shown_and_tells_the_truth_without_news() {
    let kiosk = scene(&shot(ScreenName::Tv, DAY));
    tell(&kiosk, |lobby| lobby.present.clear());
    assert_eq!(kiosk.screen().middle, Middle::AllHidden);
    says(&kiosk, "9 personnes ici");
    tell(&kiosk, |lobby| {
        lobby.rev += 1;
        lobby.present.clear();
        lobby.fresh = 0;
    });
    says(&kiosk, "Personne ici pour le moment");
    tell(&kiosk, |lobby| lobby.rev += 2);
    kiosk.handle_link(Link::Lost);
    says(&kiosk, "Pas de nouvelles depuis 10\u{a0}h\u{a0}26");
    says(&kiosk, "Maude A.");
    let screen = kiosk.screen();
    assert!(screen.lobby.unwrap().cards.iter().all(|card| card.dot == kiosk::view_model::Dot::Stale));
}

#[test]
fn no_touch_does_anything_to_it() {
    let kiosk = scene(&shot(ScreenName::Tv, DAY));
    let asked = Rc::<Cell<u32>>::default();
    let count = asked.clone();
    kiosk.on_request(move |_| count.set(count.get() + 1));
    let before = kiosk.screen();
    let (window, button) = (kiosk.window().window(), PointerEventButton::Left);
    for place in (0..12_u8).flat_map(|x| (0..8_u8).map(move |y| (x, y))) {
        let position = slint::LogicalPosition::new(f32::from(place.0) * 160.0 + 8.0, f32::from(place.1) * 135.0 + 8.0);
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
    }
    kiosk.handle_touch(Touch::NextPage);
    assert_eq!((kiosk.screen(), asked.get()), (before, 0));
}

fn brightness(kiosk: &Kiosk) -> u64 {
    let picture = kiosk.window().window().take_snapshot().unwrap();
    let pixels = picture.as_slice();
    pixels.iter().map(|p| u64::from(p.r) + u64::from(p.g) + u64::from(p.b)).sum::<u64>() / (pixels.len() as u64 * 3)
}

#[test]
fn at_night_the_untouched_screen_is_dark_and_a_touch_through_the_sheet_lights_it() {
    let day = brightness(&scene(&shot(ScreenName::Tv, DAY)));
    let night = brightness(&scene(&shot(ScreenName::Tv, NIGHT)));
    assert!(night * 2 < day, "{night} {day}");
    let kiosk = scene(&shot(ScreenName::Home, NIGHT));
    let dark = brightness(&kiosk);
    let english = ElementHandle::find_by_accessible_label(&kiosk.window().clone_strong(), "English").next().unwrap();
    english.mock_single_click(PointerEventButton::Left);
    assert!(brightness(&kiosk) > dark * 2);
    says(&kiosk, "Here now");
}

#[test]
fn the_picture_moves_each_hour_with_all_that_is_touched_and_nothing_is_cut() {
    for (width, height) in [(1280, 800), (800, 480), (1920, 1080)] {
        for screen in [ScreenName::Home, ScreenName::Arrival, ScreenName::Search, ScreenName::Sign, ScreenName::Unknown] {
            let mut places = std::collections::BTreeSet::new();
            for hour in 10..20 {
                let size = Size { width, height };
                let kiosk = scene(&Shot { size, ..shot(screen, &format!("2024-10-23T{hour}:26:00-04:00")) });
                let (dx, dy) = kiosk.screen().shift;
                for button in ElementQuery::from_root(kiosk.window()).match_accessible_role(AccessibleRole::Button).find_all() {
                    let (place, extent) = (button.absolute_position(), button.size());
                    #[allow(clippy::cast_precision_loss)]
                    let (right, bottom) = (width as f32 - place.x - extent.width, height as f32 - place.y - extent.height);
                    let label = button.accessible_label();
                    assert!(place.x.min(place.y).min(right).min(bottom) >= 0.0, "{label:?} of {screen:?} {width} at {dx} {dy}");
                }
                places.insert((dx, dy));
            }
            assert_eq!(places.len(), 10);
        }
    }
}

#[test]
fn below_the_cards_it_says_what_is_looked_for_and_what_comes_next_in_words_that_read_from_3_m() {
    let kiosk = scene(&shot(ScreenName::Tv, DAY));
    for words in ["Félix-Antoine V. cherche\u{a0}:", "12\u{a0}h", "Qui mange ici à midi?"] {
        let found = texts(&kiosk).into_iter().find(|(text, _)| text == words);
        let (_, element) = found.unwrap_or_else(|| panic!("no {words:?}"));
        assert!(element.size().height >= 30.0, "{words}");
    }
    assert_eq!(kiosk.screen().lobby.unwrap().cards.len(), 9, "the bar takes nobody's place");
    tell(&kiosk, |lobby| {
        lobby.needs.clear();
        lobby.events.clear();
    });
    let lobby = kiosk.screen().lobby.unwrap();
    assert!(!lobby.layout.bar && lobby.need.is_none() && lobby.event.is_none());
    assert!(texts(&kiosk).iter().all(|(text, _)| !text.contains("midi?") && !text.contains("cherche")));
}

#[test]
fn a_need_of_the_space_has_no_name_and_an_event_that_takes_the_day_no_time() {
    let kiosk = scene(&shot(ScreenName::Tv, DAY));
    tell(&kiosk, |lobby| {
        lobby.needs.retain(|need| need.name.is_none());
        lobby.events[0].all_day = true;
        lobby.events[0].title = "Portes ouvertes".into();
    });
    says(&kiosk, "L’espace cherche\u{a0}:");
    says(&kiosk, "Portes ouvertes");
    assert_eq!(kiosk.screen().lobby.unwrap().event.unwrap().time, "");
}
