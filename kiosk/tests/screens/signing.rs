//! What is signed with a badge: *Je repars* from the home screen, and each face of the dialog that asks for one.

use super::*;

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
