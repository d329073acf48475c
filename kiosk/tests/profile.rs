//! *Ma fiche* by touch alone, on the window that people meet. The daemon's side is a record that changes as it is asked.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions};
use kiosk::KioskWindow;
use kiosk::config::Size;
use kiosk::kiosk::{Kiosk, Outgoing};
use kiosk::snapshot::{self, ScreenName, Shot};
use slint::platform::PointerEventButton;
use std::cell::RefCell;
use std::rc::Rc;
use voisins_shared::demo;
use voisins_shared::language::Language;
use voisins_shared::member::Field;
use voisins_shared::name::{KioskName, SiteName};
use voisins_shared::payload::{Action, Answer, Args, Profile, ProfileChange, Request, Response, TextSize, V, decode, encode};
use voisins_shared::topic::{Topic, Topics};

const SIZES: [Size; 2] = [Size { width: 1280, height: 800 }, Size { width: 800, height: 480 }];

struct Scene {
    kiosk: Kiosk,
    requests: Rc<RefCell<Vec<Outgoing>>>,
    record: Profile,
}

fn scene(size: Size, screen: ScreenName, record: Profile) -> Scene {
    let options = TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    let _ = slint::platform::set_platform(Box::new(TestingBackend::new(options)));
    let now = "2024-10-23T10:26:00-04:00".parse().unwrap();
    let shot = Shot { screen, size, language: Language::Fr, dark: false, now, query: snapshot::QUERY, text_size: TextSize::Normal };
    let kiosk = snapshot::stage(KioskWindow::new().unwrap(), &shot).unwrap();
    let requests = Rc::<RefCell<Vec<Outgoing>>>::default();
    let taken = requests.clone();
    kiosk.on_request(move |outgoing| taken.borrow_mut().push(outgoing));
    Scene { kiosk, requests, record }
}

/// At home; *Ma fiche* pressed, and a badge held.
fn opened(size: Size, record: Profile) -> Scene {
    let mut scene = scene(size, ScreenName::Home, record);
    scene.press("Ma fiche");
    scene.says("Approchez votre badge");
    assert!(matches!(scene.granted().args, Args::Sign { action: Action::Profile }));
    scene
}

impl Scene {
    fn touchable(&self, role: AccessibleRole) -> Vec<ElementHandle> {
        ElementQuery::from_root(self.kiosk.window()).match_accessible_role(role).find_all()
    }

    #[track_caller]
    fn find(&self, role: AccessibleRole, label: &str) -> ElementHandle {
        let all = self.touchable(role);
        let labels: Vec<_> = all.iter().filter_map(ElementHandle::accessible_label).collect();
        let found = all.into_iter().rfind(|element| element.accessible_label().is_some_and(|text| text == label));
        found.unwrap_or_else(|| panic!("no {label} among {labels:?}"))
    }

    #[track_caller]
    fn press(&self, label: &str) {
        self.find(AccessibleRole::Button, label).mock_single_click(PointerEventButton::Left);
    }

    #[track_caller]
    fn switch(&self, label: &str) -> ElementHandle {
        self.find(AccessibleRole::Switch, label)
    }

    #[track_caller]
    fn says(&self, text: &str) {
        let said: Vec<_> =
            self.touchable(AccessibleRole::Text).iter().filter_map(|text| Some(text.accessible_label()?.to_string())).collect();
        assert!(said.iter().any(|said| said == text), "no {text:?} among {said:?}");
    }

    /// Takes the one request since the last time, and does what it says.
    #[track_caller]
    fn granted(&mut self) -> Request {
        let requests = self.requests.take();
        assert_eq!(requests.len(), 1, "{requests:?}");
        let request: Request = decode(&requests[0].payload).unwrap();
        let mut answer = None;
        match &request.args {
            Args::Profile { change: ProfileChange::Show { fields, surface, shown }, .. } => {
                for field in self.record.fields.iter_mut().filter(|field| fields.contains(&field.field)) {
                    field.shown_on.retain(|on| on != surface);
                    field.shown_on.extend(shown.then_some(*surface));
                }
            }
            Args::Profile { change: ProfileChange::Skills { skills }, .. } => self.record.skills.clone_from(skills),
            Args::Profile { change: ProfileChange::Language { language }, .. } => self.record.language = Some(*language),
            Args::Profile { change: ProfileChange::Close, .. } => answer = Some(Answer::Done { signer: None, undo: None }),
            _ => {}
        }
        let answer = answer.unwrap_or_else(|| Answer::Profile(Box::new(self.record.clone())));
        let (topics, kiosk) = (Topics::of(&SiteName::new(demo::SITE).unwrap()), KioskName::new(demo::KIOSK).unwrap());
        let response = Response { v: V, id: request.id, answer };
        self.kiosk.handle_message(&topics.name(&Topic::Response(kiosk, request.id.to_string())), &encode(&response));
        request
    }

    fn shows(&self, field: Field) -> bool {
        self.record.fields.iter().any(|of| of.field == field && !of.shown_on.is_empty())
    }
}

#[test]
fn a_photo_is_hidden_and_taken_back_a_skill_is_added_and_it_closes_by_touch_alone() {
    for size in SIZES {
        let mut record = demo::profile(0);
        record.skills.truncate(2);
        let mut scene = opened(size, record);
        scene.says("Voici ce que vos voisins verront");
        let photo = scene.switch("Photo\u{a0}: montrée");
        assert_eq!(photo.accessible_checked(), Some(true));
        photo.mock_single_click(PointerEventButton::Left);
        assert_eq!(scene.switch("Photo\u{a0}: montrée").accessible_checked(), Some(true), "it turns with the answer");
        scene.granted();
        assert!(!scene.shows(Field::Photo));
        assert_eq!(scene.switch("Photo\u{a0}: cachée").accessible_checked(), Some(false));
        scene.says("C’est noté.");
        scene.press("Annuler");
        scene.granted();
        assert!(scene.shows(Field::Photo));
        scene.switch("Photo\u{a0}: montrée");
        scene.press("Mes choix");
        scene.press("Ajouter une compétence");
        for key in ["r", "u", "s", "t"] {
            scene.press(key);
        }
        scene.press("Ajouter");
        scene.granted();
        assert_eq!(scene.record.skills[2], "rust");
        scene.says("rust");
        scene.press("Retirer rust");
        scene.granted();
        scene.press("Fermer");
        assert!(matches!(scene.granted().args, Args::Profile { change: ProfileChange::Close, .. }));
        assert!(scene.kiosk.screen().profile.is_none());
        scene.says("Ici maintenant");
    }
}

#[test]
fn without_the_name_the_other_switches_rest_and_one_line_says_why() {
    for size in SIZES {
        let mut scene = opened(size, demo::profile(0));
        scene.switch("Prénom et nom\u{a0}: montré").mock_single_click(PointerEventButton::Left);
        scene.granted();
        scene.says("Sans votre prénom et nom, rien n’est montré.");
        let skills = scene.switch("Compétences\u{a0}: cachées");
        assert_eq!(skills.accessible_enabled(), Some(false));
        skills.mock_single_click(PointerEventButton::Left);
        assert!(scene.requests.borrow().is_empty());
        scene.press("Tout montrer");
        scene.granted();
        scene.switch("Compétences\u{a0}: montrées");
        scene.press("Tout cacher");
        scene.granted();
        assert!(!scene.kiosk.screen().profile.unwrap().named);
    }
}

#[test]
fn every_field_is_found_by_pages_and_the_lobby_has_only_two() {
    for size in SIZES {
        let scene = opened(size, demo::profile(0));
        let pages = scene.kiosk.screen().profile.unwrap().page.1;
        let mut fields = 0;
        for page in 0..pages {
            fields += scene.touchable(AccessibleRole::Switch).len();
            if page + 1 < pages {
                scene.press("Suivant");
            }
        }
        assert_eq!(fields, Field::ALL.len(), "{size}");
        scene.press("Écran d’accueil");
        assert_eq!(scene.touchable(AccessibleRole::Switch).len(), 2);
        scene.says("Maude A.");
    }
}

#[test]
fn its_language_turns_with_the_answer() {
    let mut scene = opened(SIZES[0], demo::profile(0));
    scene.press("Mes choix");
    scene.press("English");
    scene.says("Ma fiche");
    scene.granted();
    scene.says("My page");
}

#[test]
fn a_first_greeting_asks_at_equal_size_and_opens_it() {
    for size in SIZES {
        let mut scene = scene(size, ScreenName::Offer, demo::profile(3));
        scene.says("Voulez-vous que vos voisins sachent que vous êtes là?");
        let extent = |label: &str| scene.find(AccessibleRole::Button, label).size();
        assert_eq!(extent("Choisir ce qui se voit"), extent("Pas maintenant"));
        scene.press("Choisir ce qui se voit");
        assert!(matches!(scene.granted().args, Args::Offer { accepted: true, .. }));
        scene.says("Ma fiche");
    }
}
