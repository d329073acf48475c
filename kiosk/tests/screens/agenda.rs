//! The agenda, proposing an event, and coming in without a badge, by touch alone.

use super::*;
use jiff::civil::date;
use kiosk::board::Touch;
use kiosk::board::agenda::AgendaTouch;
use voisins_shared::demo::{DemoEvent, event_id};
use voisins_shared::payload::{Agenda, Measures};

impl Scene {
    /// As `types`, with a capital where the keyboard offers one.
    fn types_name(&self, name: &str) {
        for letter in name.chars() {
            self.press(&if letter == ' ' { "espace".to_owned() } else { letter.to_string() });
        }
    }

    fn hears<T: serde::Serialize>(&self, topic: &Topic, document: &T) {
        let (topics, _) = self.topics();
        self.kiosk.handle_message(&topics.name(topic), &encode(document));
    }

    fn at_home(size: Size) -> Self {
        let scene = scene(&Shot { size, ..shot(ScreenName::Home) });
        scene.kiosk.handle_touch(Touch::Anywhere);
        scene
    }
}

#[test]
fn somebody_is_in_and_no_longer_in_by_touch_alone() {
    for size in SIZES {
        let scene = Scene::at_home(size);
        scene.kiosk.handle_touch(Touch::Agenda(AgendaTouch::Open));
        scene.says("Dans la maison");
        let first = event_id(DemoEvent::Lunch);
        scene.press("J’en suis · Qui mange ici à midi?");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::Rsvp { event: first, going: true });
        scene.answer(&request, Answer::Cancelled);
        let label = scene.labels().into_iter().find(|label| label.contains("5 à 7 · soirée jeux")).unwrap();
        scene.press(&label);
        scene.says("salon · 8 personnes");
        scene.press("Je n’en suis plus");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::Rsvp { event: event_id(DemoEvent::FiveToSeven), going: false });
        scene.answer(&request, Answer::Cancelled);
        scene.press("Fermer");
        assert!(scene.kiosk.screen().agenda.unwrap().opened.is_none());
        scene.press("Fermer");
        scene.says("Ici maintenant");
    }
}

#[test]
fn an_event_is_reported_by_touch() {
    let scene = scene(&shot(ScreenName::Event));
    scene.says("En incubation · encore 2 personnes");
    scene.press("Signaler");
    assert!(matches!(scene.signs().1, Action::Report { .. }));
}

#[test]
fn an_event_is_proposed_by_touch_alone() {
    for size in SIZES {
        let scene = Scene::at_home(size);
        scene.kiosk.handle_touch(Touch::Agenda(AgendaTouch::Open));
        scene.press("Proposer…");
        scene.types("jeux");
        scene.press("Suite");
        scene.press("Lieu de l’événement");
        scene.types("salon");
        scene.press("Suite");
        for step in ["Un jour plus tard", "Une heure plus tard", "15 minutes plus tôt", "Une personne de plus"] {
            scene.press(step);
        }
        scene.says("vendredi 25 octobre");
        scene.says("17\u{a0}h\u{a0}45");
        scene.press("Proposer avec mon badge");
        let (request, action) = scene.signs();
        let starts = date(2024, 10, 25).at(17, 45, 0, 0);
        assert_eq!(action, Action::ProposeEvent { title: "jeux".into(), place: Some("salon".into()), starts, firm_at: 5 });
        scene.answer(&request, Answer::Expired);
        scene.button("Proposer avec mon badge");
        scene.press("Annuler");
        scene.says("Dans la maison");
    }
}

#[test]
fn a_guest_s_name_is_typed_and_vouched_for_and_then_forgotten() {
    for size in SIZES {
        let scene = Scene::at_home(size);
        scene.press("Invité·e / sans badge");
        let ways: Vec<_> =
            scene.buttons().into_iter().filter(|b| b.accessible_label().is_some_and(|l| l.contains(" · "))).collect();
        let extents: std::collections::BTreeSet<_> = ways.iter().map(|b| format!("{:?}", b.size())).collect();
        assert_eq!((ways.len(), extents.len()), (2, 1), "two equal choices");
        scene.press("Invité·e · Une visite, une réunion, une première journée.");
        scene.types_name("Léo Roy");
        scene.press("Suite");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::Guest { name: "Léo Roy".into() });
        scene.answer(&request, Answer::Done { signer: None, undo: None });
        assert!(scene.kiosk.screen().sign.is_none() || scene.labels().contains(&"Fermer".to_owned()));
        if scene.kiosk.screen().sign.is_some() {
            scene.press("Fermer");
        }
        assert!(scene.kiosk.screen().guest.is_none());
        scene.says("Ici maintenant");
        assert!(scene.texts().iter().all(|text| !text.contains("Léo Roy")));
    }
}

#[test]
fn somebody_without_a_badge_types_a_name_and_sees_no_list_of_members() {
    for size in SIZES {
        let scene = Scene::at_home(size);
        scene.press("Invité·e / sans badge");
        scene.press("Sans badge aujourd’hui · Je suis membre, et mon badge est resté ailleurs.");
        // the first letters of somebody who is in the directory
        scene.types_name("Maude Archam");
        let known = demo::PEOPLE.iter().filter(|person| scene.texts().iter().any(|text| text.contains(person.name)));
        assert_eq!(known.count(), 0);
        scene.says("Puis une personne présente approche son badge. Les écrans ne montrent de vous que ce que vous avez accepté.");
        scene.press("Suite");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::Declare { name: "Maude Archam".into() });
        scene.answer(&request, Answer::Expired);
        scene.press("Annuler");
        scene.says("Ici maintenant");
    }
}

#[test]
fn without_news_the_screens_say_that_nothing_can_be_noted() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Offline) });
        scene.press("Invité·e / sans badge");
        scene.says("Pas de nouvelles pour l’instant\u{a0}: rien ne peut être noté ici. Dites-le à la coordination.");
        let way = scene.button("Invité·e · Une visite, une réunion, une première journée.");
        assert_eq!(way.accessible_enabled(), Some(false));
        way.mock_single_click(PointerEventButton::Left);
        assert!(scene.kiosk.screen().guest.is_some_and(|guest| guest.way.is_none()));
        scene.press("Fermer");
        scene.kiosk.handle_touch(Touch::Agenda(AgendaTouch::Open));
        scene.says("Pas de nouvelles pour l’instant\u{a0}: rien ne peut être noté ni proposé.");
        let labels = scene.labels();
        assert!(!labels.iter().any(|label| label.starts_with("J’en suis")) && !labels.contains(&"Proposer…".to_owned()));
        assert!(scene.requests.take().is_empty());
    }
}

#[test]
fn home_shows_today_s_events_and_the_month_s_total_and_opens_the_agenda() {
    let scene = scene(&shot(ScreenName::Home));
    scene.says("AUJOURD’HUI");
    scene.says("6 coups de main ce mois-ci");
    scene.press("12\u{a0}h · Qui mange ici à midi? · cuisine · 4 personnes");
    assert_eq!(scene.kiosk.screen().agenda.unwrap().opened.map(|event| event.id), Some(event_id(DemoEvent::Lunch)));
    let scene = self::scene(&shot(ScreenName::Home));
    let agenda = |events| Agenda { v: V, session: demo::session(), rev: 2, events };
    scene.hears(&Topic::Agenda, &agenda(demo::events("2024-10-23T18:10:00-04:00".parse().unwrap())));
    scene.says("AUJOURD’HUI");
    scene.hears(&Topic::Agenda, &agenda(vec![]));
    scene.hears(&Topic::Measures, &Measures { v: V, session: demo::session(), rev: 2, months: vec![] });
    assert!(!scene.texts().iter().any(|text| text.contains("coup de main") || text.contains("coups de main")));
    scene.press("Proposer un événement");
    scene.says("Rien de prévu pour l’instant");
}

#[test]
fn two_hundred_who_go_and_forty_events_fit_every_screen() {
    for size in SIZES {
        let scene = Scene::at_home(size);
        let mut events = demo::events("2024-10-23T10:26:00-04:00".parse().unwrap());
        let model = events.pop().unwrap();
        for n in 0..40_u128 {
            let mut event = model.clone();
            event.id.0 = uuid::Uuid::from_u128(n);
            event.title = "Une très longue soirée ".repeat(9);
            (event.going, event.shown) = (200, (0..30).map(demo::member_id).collect());
            events.push(event);
        }
        scene.hears(&Topic::Agenda, &Agenda { v: V, session: demo::session(), rev: 2, events });
        scene.kiosk.handle_touch(Touch::Agenda(AgendaTouch::Open));
        let pages = scene.kiosk.screen().agenda.unwrap().page.1;
        assert!(pages > 3);
        for page in 1..=pages {
            scene.says(&format!("page {page}/{pages}"));
            scene.press("Suivant");
        }
        scene.kiosk.handle_touch(Touch::Agenda(AgendaTouch::Event(voisins_shared::agenda::EventId(uuid::Uuid::from_u128(7)))));
        let opened = scene.kiosk.screen().agenda.unwrap().opened.unwrap();
        assert_eq!((opened.going, opened.names.len()), (200, 12));
        let report = scene.button("Signaler");
        #[allow(clippy::cast_precision_loss)]
        let height = size.height as f32;
        assert!(report.absolute_position().y + report.size().height <= height, "{size}");
    }
}
