//! Greetings, refusals and lines: what a tap shows, and what its buttons ask for.

use super::*;

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
