//! What neighbours ask of each other from a member's card, by touch alone.

use super::*;
use kiosk::board::Touch;

impl Scene {
    fn opens_card(&self, n: usize) {
        self.kiosk.handle_touch(Touch::Anywhere);
        self.kiosk.handle_touch(Touch::Member(demo::member_id(n)));
    }
}

#[test]
fn an_introduction_is_asked_for_from_a_card() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Home) });
        scene.opens_card(5);
        scene.press("Demander une présentation");
        let (topic, request) = scene.request();
        assert_eq!(topic, "voisins/demo/request/cafe/sign");
        assert_eq!(request.args, Args::Sign { action: Action::AskIntroduction { member: demo::member_id(5) } });
        scene.says("pour demander une présentation à Félix-Antoine.\nVotre présence ne change pas.");
        scene.answer(&request, Answer::Done { signer: None, undo: None });
        scene.says("La question sera posée à Félix-Antoine à son prochain passage. Vous saurez la suite à l’un des vôtres.");
        scene.press("Fermer");
        scene.button("Demander une présentation");
    }
}

#[test]
fn a_note_is_left_from_a_card() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Home) });
        scene.opens_card(5);
        scene.press("Laisser un mot");
        for letter in "merci".chars() {
            scene.press(&letter.to_string());
        }
        scene.says("5 / 280 · Seule cette personne le lira, à moins de le signaler.");
        scene.press("Suite");
        scene.says("Félix-Antoine le trouvera à son prochain passage.");
        scene.press("Envoyer avec mon badge");
        let request = scene.request().1;
        let action = Action::LeaveNote { member: demo::member_id(5), text: "merci".into() };
        assert_eq!(request.args, Args::Sign { action });
        scene.answer(&request, Answer::Refused { reason: refusal::TOO_MANY_NOTES.into() });
        scene.says("Vous avez laissé cinq mots aujourd’hui. Celui-ci pourra l’être demain.");
        scene.press("Fermer");
        scene.says("Félix-Antoine le trouvera à son prochain passage.");
        scene.press("Annuler");
        scene.button("Laisser un mot");
    }
}

#[test]
fn who_is_here_is_met_first_and_who_is_not_is_written_to_first() {
    for (n, first, second) in [
        (5, "Demander une présentation", "Laisser un mot"),
        // not to be disturbed, and not here
        (3, "Laisser un mot", "Demander une présentation"),
        (20, "Laisser un mot", "Demander une présentation"),
    ] {
        let scene = scene(&shot(ScreenName::Home));
        scene.opens_card(n);
        let x = |label: &str| scene.button(label).absolute_position().x;
        assert!(x(first) < x(second) && x(second) < x("Fermer"), "{n}");
    }
    let scene = scene(&shot(ScreenName::Offline));
    scene.opens_card(5);
    assert!(!scene.labels().contains(&"Laisser un mot".to_owned()), "without news nothing is promised");
}
