//! *Voir* and *Pour vous* by touch alone, on the window that people meet, with time in the test's hand.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions};
use jiff::tz::TimeZone;
use kiosk::KioskWindow;
use kiosk::board::{Link, Now};
use kiosk::config::{Keyboard, Size};
use kiosk::demo::{documents, names};
use kiosk::kiosk::{Kiosk, Outgoing, Setup};
use slint::platform::PointerEventButton;
use slint::{ComponentHandle, PhysicalSize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::config::ScreenSurface;
use voisins_shared::demo;
use voisins_shared::introduction::Led;
use voisins_shared::language::Language;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{
    Answer, Args, Directory, ForYou, ForYouReply, Form, Greeted, KioskEvent, Request, Response, V, decode, encode, refusal,
};
use voisins_shared::topic::{Topic, Topics};

const SIZES: [Size; 2] = [Size { width: 1280, height: 800 }, Size { width: 800, height: 480 }];

struct Scene {
    kiosk: Kiosk,
    requests: Rc<RefCell<Vec<Outgoing>>>,
    time: Rc<Cell<Duration>>,
    topics: Topics,
}

/// At home, with nobody's hand on it.
fn home(size: Size) -> Scene {
    let options = TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    let _ = slint::platform::set_platform(Box::new(TestingBackend::new(options)));
    let (site, name) = names();
    let (time, topics) = (Rc::<Cell<Duration>>::default(), Topics::of(&site));
    let (clock, start) = (time.clone(), "2024-10-23T10:26:00-04:00".parse::<jiff::Timestamp>().unwrap());
    let window = KioskWindow::new().unwrap();
    window.window().set_size(PhysicalSize::new(size.width, size.height));
    window.show().unwrap();
    let setup = Setup {
        site,
        kiosk: name,
        language: Language::Fr,
        dark: false,
        surface: ScreenSurface::Kiosk,
        night: None,
        keyboard: Keyboard::default(),
        zone: TimeZone::UTC,
        clock: Rc::new(move || Now { since_start: clock.get(), wall: start + clock.get() }),
        trace: None,
    };
    let kiosk = Kiosk::new(window, setup);
    let requests = Rc::<RefCell<Vec<Outgoing>>>::default();
    let taken = requests.clone();
    kiosk.on_request(move |outgoing| taken.borrow_mut().push(outgoing));
    let scene = Scene { kiosk, requests, time, topics };
    scene.kiosk.handle_link(Link::Connected);
    // without the board of needs, whose cards have such a button too
    for (topic, payload) in documents(9, 5).into_iter().filter(|(topic, _)| *topic != Topic::Needs) {
        scene.kiosk.handle_message(&scene.topics.name(&topic), &payload);
    }
    scene
}

/// Greeted, *Voir* pressed and answered.
fn opened(size: Size, items: Vec<ForYou>) -> Scene {
    let scene = home(size);
    scene.event(&demo::match_arrival(9));
    scene.press("Voir");
    let asked = scene.request();
    assert!(matches!(asked.args, Args::See { .. }));
    scene.answer(&asked, Answer::ForYou { items });
    // a double press does nothing
    scene.wait_ms(600);
    scene
}

impl Scene {
    fn wait_ms(&self, ms: u64) {
        self.time.set(self.time.get() + Duration::from_millis(ms));
        self.kiosk.tick();
    }

    fn elements(&self, role: AccessibleRole) -> Vec<ElementHandle> {
        ElementQuery::from_root(self.kiosk.window()).match_accessible_role(role).find_all()
    }

    fn labels(&self, role: AccessibleRole) -> Vec<String> {
        self.elements(role).iter().filter_map(|element| Some(element.accessible_label()?.to_string())).collect()
    }

    /// The topmost one of that name.
    #[track_caller]
    fn button(&self, label: &str) -> ElementHandle {
        let found = self
            .elements(AccessibleRole::Button)
            .into_iter()
            .rfind(|button| button.accessible_label().is_some_and(|text| text == label));
        found.unwrap_or_else(|| panic!("no {label} among {:?}", self.labels(AccessibleRole::Button)))
    }

    #[track_caller]
    fn press(&self, label: &str) {
        self.button(label).mock_single_click(PointerEventButton::Left);
    }

    #[track_caller]
    fn says(&self, text: &str) {
        let said = self.labels(AccessibleRole::Text);
        assert!(said.iter().any(|said| said == text), "no {text:?} among {said:?}");
    }

    /// No word of anybody's need is on the screen.
    #[track_caller]
    fn tells_nothing(&self) {
        let said = self.labels(AccessibleRole::Text);
        for word in ["affiche pour", "déclarations", "cherche\u{a0}:", "pourrait aider\u{a0}:", "Votre demande"] {
            assert!(!said.iter().any(|said| said.contains(word)), "{word:?} among {said:?}");
        }
        assert!(!self.labels(AccessibleRole::Button).contains(&"Je peux aider".to_owned()));
    }

    #[track_caller]
    fn request(&self) -> Request {
        let requests = self.requests.take();
        assert_eq!(requests.len(), 1, "{requests:?}");
        decode(&requests[0].payload).unwrap()
    }

    fn event(&self, event: &KioskEvent) {
        self.kiosk.handle_message(&self.topics.name(&Topic::KioskEvent(names().1)), &encode(event));
    }

    fn answer(&self, request: &Request, answer: Answer) {
        let response = Response { v: V, id: request.id, answer };
        self.kiosk.handle_message(&self.topics.name(&Topic::Response(names().1, request.id.to_string())), &encode(&response));
    }
}

fn need(n: u128) -> NeedId {
    NeedId(Uuid::from_u128(n))
}

/// One of each, as long as they get; nobody is named who doesn't have to be.
fn fullest() -> Vec<ForYou> {
    let text = "Trouver d’ici vendredi quelqu’un qui puisse relire avec moi un contrat de location commerciale, en français, avant que je le signe pour de bon."
        .to_owned();
    let why = vec!["Droit des affaires".to_owned(), "Contrats et ententes commerciales".to_owned(), "Incorporation".to_owned()];
    let helper = Greeted { member: demo::member_id(2), first_name: "Gisèle".to_owned() };
    vec![
        ForYou::CanHelp { need: need(1), text: text.clone(), asker: None, why: why.clone() },
        ForYou::CanHelp { need: need(2), text: text.clone(), asker: Some(helper.clone()), why: why.clone() },
        ForYou::CanBeHelped { need: need(3), text: text.clone(), helper: helper.clone(), why },
        ForYou::Offered { need: need(4), text: text.clone(), helper: Some(helper) },
        ForYou::Offered { need: need(4), text, helper: None },
    ]
}

#[test]
fn a_greeting_says_that_something_waits_voir_opens_it_je_peux_aider_is_noted_and_fermer_ends_it() {
    for size in SIZES {
        let scene = home(size);
        scene.event(&demo::match_arrival(9));
        scene.says("Quelqu’un peut vous aider");
        scene.says("Quelqu’un ici cherche ce que vous savez faire");
        scene.tells_nothing();
        scene.press("Voir");
        let asked = scene.request();
        assert!(matches!(asked.args, Args::See { .. }));
        scene.tells_nothing();
        scene.answer(&asked, Answer::ForYou { items: demo::for_you() });
        scene.says("Pour vous, aujourd’hui");
        scene.says("Félix-Antoine cherche\u{a0}:");
        scene.says("Vos compétences\u{a0}: Affiches, Identité visuelle");
        scene.wait_ms(600);
        // on a small panel the other one is a page further
        let turns = scene.kiosk.screen().for_you.unwrap().page.1 > 1;
        if turns {
            scene.press("Suivant");
        }
        scene.says("Gisèle est ici et pourrait aider\u{a0}: Comptabilité, Taxes");
        scene.says("Près de la fenêtre\u{a0}: allez lui parler");
        if turns {
            scene.press("Précédent");
        }
        scene.press("Je peux aider");
        let help = scene.request();
        let ForYou::CanHelp { need, .. } = demo::for_you()[0] else { panic!() };
        assert!(matches!(help.args, Args::Help { need: of, .. } if of == need));
        scene.answer(&help, Answer::Done { signer: None, undo: None });
        scene.says("C’est noté\u{a0}: Félix-Antoine le saura à son prochain passage.");
        assert!(!scene.labels(AccessibleRole::Button).contains(&"Je peux aider".to_owned()));
        scene.press("Fermer");
        assert!(scene.kiosk.screen().for_you.is_none());
        scene.tells_nothing();
        scene.says("Ici maintenant");
        // the next person's greeting knows nothing of it
        scene.wait_ms(20_000);
        scene.event(&demo::arrival(1, 9, Form::Full));
        scene.says("Bonjour Idriss!");
        scene.tells_nothing();
        assert!(!scene.labels(AccessibleRole::Button).contains(&"Voir".to_owned()));
    }
}

#[test]
fn it_goes_by_itself_and_the_next_greeting_knows_nothing_of_it() {
    let scene = opened(SIZES[0], demo::for_you());
    scene.wait_ms(19_399);
    scene.says("Félix-Antoine cherche\u{a0}:");
    scene.wait_ms(1);
    assert!(scene.kiosk.screen().for_you.is_none());
    scene.tells_nothing();
    scene.event(&demo::arrival(1, 9, Form::Full));
    scene.says("Bonjour Idriss!");
    scene.tells_nothing();
}

#[test]
fn what_does_not_fit_waits_on_pages_that_turn_by_touch() {
    for size in SIZES {
        let scene = opened(size, fullest());
        let pages = scene.kiosk.screen().for_you.unwrap().page.1;
        assert!(pages > 1);
        let mut cards = 0;
        for page in 1..=pages {
            scene.says(&format!("page {page}/{pages}"));
            cards += scene.kiosk.screen().for_you.unwrap().cards.len();
            let (close, lines) = (scene.button("Fermer"), if size.height < 640 { size.height - 62 } else { size.height - 148 });
            scene.event(&demo::arrival(3, 9, Form::Line));
            #[allow(clippy::cast_precision_loss)]
            let free = lines as f32 - (close.absolute_position().y + close.size().height);
            assert!(free >= 0.0, "{size}: the lines cover nothing of it, {free}");
            for button in scene.elements(AccessibleRole::Button) {
                let (place, extent) = (button.absolute_position(), button.size());
                assert!(place.y >= 0.0 && extent.height >= 55.9, "{size}: {:?} {place:?} {extent:?}", button.accessible_label());
            }
            scene.press("Suivant");
        }
        assert_eq!(cards, fullest().len());
        scene.says(&format!("page 1/{pages}"));
    }
}

#[test]
fn who_is_not_named_is_not_named() {
    let scene =
        opened(SIZES[0], fullest().into_iter().filter(|item| !matches!(item, ForYou::CanBeHelped { .. })).take(1).collect());
    scene.says("Quelqu’un ici cherche\u{a0}:");
    scene.press("Je peux aider");
    let help = scene.request();
    scene.answer(&help, Answer::Done { signer: None, undo: None });
    scene.says("C’est noté\u{a0}: la personne le saura à son prochain passage.");
    let scene = opened(SIZES[0], fullest().into_iter().skip(4).collect());
    scene.says("Quelqu’un s’est proposé");
    scene.says("La coordination fera le lien.");
}

#[test]
fn a_refusal_is_told_in_calm_words() {
    for (reason, told) in [
        (refusal::NO_SUCH_NEED, "Cette demande n’est plus ouverte. Merci!"),
        (refusal::NOT_RECORDED, "Ça n’a pas pu être noté. Dites-le à la coordination."),
    ] {
        let scene = opened(SIZES[0], demo::for_you());
        scene.press("Je peux aider");
        scene.answer(&scene.request(), Answer::Refused { reason: reason.into() });
        scene.says(told);
    }
    let scene = home(SIZES[0]);
    scene.event(&demo::match_arrival(9));
    scene.press("Voir");
    scene.answer(&scene.request(), Answer::Expired);
    scene.says("Approchez de nouveau votre badge");
    let scene = opened(SIZES[0], vec![]);
    scene.says("Plus rien ne vous attend pour l’instant.");
}

#[test]
fn who_left_the_directory_meanwhile_keeps_the_name_that_was_told() {
    let scene = opened(SIZES[0], demo::for_you());
    for (topic, payload) in documents(9, 5).iter().filter(|(topic, _)| *topic == Topic::Directory) {
        let mut directory: Directory = decode(payload).unwrap();
        directory.rev = 9;
        directory.members.retain(|member| member.id != demo::member_id(2));
        scene.kiosk.handle_message(&scene.topics.name(topic), &encode(&directory));
    }
    scene.says("Gisèle est ici et pourrait aider\u{a0}: Comptabilité, Taxes");
    assert!(!scene.labels(AccessibleRole::Text).contains(&"Près de la fenêtre\u{a0}: allez lui parler".to_owned()));
}

impl Scene {
    /// A press on *Pour vous*, and what it asks for.
    #[track_caller]
    fn replies(&self, label: &str) -> ForYouReply {
        self.press(label);
        let request = self.request();
        self.answer(&request, Answer::Done { signer: None, undo: None });
        let Args::Reply { reply, .. } = request.args else { panic!("{request:?}") };
        reply
    }

    fn offers(&self, label: &str) -> bool {
        self.labels(AccessibleRole::Button).iter().any(|of| of == label)
    }
}

#[test]
fn a_proposal_is_answered_once_and_nobody_else_hears_of_a_decline() {
    for size in SIZES {
        let proposals = demo::proposals;
        let ForYou::Proposed { introduction, other: Some(other), .. } = proposals().remove(0) else { panic!() };
        for (label, reply, told) in [
            (
                "D’accord",
                ForYouReply::Introduction { introduction, accepted: true },
                "C’est noté. Si ça vous va, à vous et à l’autre, vous le saurez ici.",
            ),
            (
                "Pas cette fois",
                ForYouReply::Introduction { introduction, accepted: false },
                "C’est noté. L’autre personne n’en saura rien.",
            ),
            (
                "Ne plus me proposer cette personne",
                ForYouReply::Avoid { member: other.member },
                "C’est noté. Cette personne ne vous sera plus proposée.",
            ),
        ] {
            let scene = opened(size, proposals());
            scene.says("La coordination vous propose de rencontrer Félix-Antoine");
            assert_eq!(scene.replies(label), reply);
            scene.says(told);
            assert!(!scene.offers("D’accord") && !scene.offers("Pas cette fois"));
        }
    }
}

#[test]
fn what_it_led_to_is_said_and_then_merci() {
    for size in SIZES {
        let scene = opened(size, demo::outcomes());
        let ForYou::LedSomewhere { introduction, .. } = demo::outcomes().remove(0) else { panic!() };
        scene.says("Il y a une semaine, on vous présentait Gisèle");
        scene.says("Est-ce que ça a mené quelque part?");
        assert!(!scene.offers("Dire merci"));
        assert_eq!(scene.replies("On s’est parlé"), ForYouReply::Led { introduction, led: Led::Met });
        scene.says("C’est noté. Tant mieux!");
        assert_eq!(scene.replies("Dire merci"), ForYouReply::Thank { introduction });
        scene.says("Votre merci sera là à son prochain passage.");
        assert!(!scene.offers("Dire merci"));
    }
}

#[test]
fn a_note_can_be_reported_and_closes_by_itself() {
    let scene = opened(SIZES[0], demo::notes());
    scene.says("Félix-Antoine et vous partagez un intérêt\u{a0}: vinyles");
    scene.says("«\u{a0}Merci pour hier, le devis est accepté.\u{a0}»");
    assert!(matches!(scene.replies("Signaler"), ForYouReply::ReportNote { .. }));
    scene.says("C’est signalé. La coordination va regarder.");
    scene.wait_ms(20_000);
    assert!(scene.kiosk.screen().for_you.is_none());
}

#[test]
fn a_quiet_week_is_one_press() {
    let scene = opened(SIZES[1], demo::for_you());
    assert_eq!(scene.replies("Ne rien me proposer pendant une semaine"), ForYouReply::Snooze);
    scene.says("C’est noté\u{a0}: rien ne vous sera proposé pendant une semaine.");
    let scene = opened(SIZES[1], demo::outcomes());
    assert!(!scene.offers("Ne rien me proposer pendant une semaine"), "nothing was proposed");
}

#[test]
fn whatever_waits_fits_in_both_languages_before_and_after_a_press() {
    let mut items = fullest();
    items.extend(demo::all_for_you());
    let text = "Merci pour hier. ".repeat(16);
    items.push(ForYou::Note {
        note: voisins_shared::note::NoteId(Uuid::from_u128(1)),
        from: Some(Greeted { member: demo::member_id(2), first_name: "Gisèle".to_owned() }),
        text: text.trim().to_owned(),
        about: Some("Relire mes déclarations de taxes avant la fin du mois".to_owned()),
    });
    for size in SIZES {
        for language in ["Français", "English"] {
            let scene = opened(size, items.clone());
            scene.kiosk.handle_touch(kiosk::board::Touch::Language(if language == "English" {
                Language::En
            } else {
                Language::Fr
            }));
            let (next, close) = if language == "English" { ("Next", "Close") } else { ("Suivant", "Fermer") };
            let mut seen = 0;
            for _ in 0..scene.kiosk.screen().for_you.unwrap().page.1 {
                let screen = scene.kiosk.screen().for_you.unwrap();
                seen += screen.cards.len();
                let button = scene.button(close);
                #[allow(clippy::cast_precision_loss)]
                let free = size.height as f32 - (button.absolute_position().y + button.size().height);
                assert!(
                    free >= 8.0,
                    "{size} {language}: {:?} {free}",
                    screen.cards.iter().map(|card| card.kind).collect::<Vec<_>>()
                );
                scene.press(next);
            }
            assert_eq!(seen, items.len());
        }
    }
}
