//! What is signed with a badge: *Je repars* from the home screen, and each face of the dialog that asks for one.

use super::*;
use kiosk::board::Touch;
use kiosk::board::sign::Why;
use voisins_shared::agenda::EventId;
use voisins_shared::payload::Reported;

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

/// Whatever a badge can sign that is told where it was asked.
fn actions() -> Vec<Action> {
    let (need, member) = (demo::need_id(0), demo::member_id(2));
    let event = EventId(uuid::Uuid::from_u128(3));
    let text = "Un mot".to_owned();
    let posts =
        [voisins_shared::need::Audience::Named, voisins_shared::need::Audience::Coordination].into_iter().flat_map(|audience| {
            [
                Action::PostNeed { text: text.clone(), skills: vec![], audience },
                Action::EditNeed { need, text: text.clone(), skills: vec![], audience },
            ]
        });
    let others = [
        Action::WithdrawNeed { need, met: false },
        Action::WithdrawNeed { need, met: true },
        Action::Help { need },
        Action::Refer { need, text: text.clone() },
        Action::Refer { need: demo::need_id(1), text: text.clone() },
        Action::AskIntroduction { member },
        Action::AskIntroduction { member: demo::member_id(999) },
        Action::LeaveNote { member, text: text.clone() },
        Action::LeaveNote { member: demo::member_id(999), text: text.clone() },
        Action::Report { what: Reported::Need { need } },
        Action::Rsvp { event, going: true },
        Action::Rsvp { event, going: false },
        Action::ProposeEvent {
            title: text.clone(),
            place: None,
            starts: jiff::civil::date(2024, 10, 25).at(12, 0, 0, 0),
            firm_at: 4,
        },
        Action::Guest { name: "Somebody".into() },
        Action::Declare { name: "Somebody".into() },
    ];
    posts.chain(others).collect()
}

/// Nothing of the dialog leaves the screen, and its last button can be pressed.
#[track_caller]
fn fits(scene: &Scene, size: Size, button: &str, what: &dyn std::fmt::Debug) {
    let close = scene.button(button);
    #[allow(clippy::cast_precision_loss)]
    let height = size.height as f32;
    assert!(close.absolute_position().y + close.size().height + 16.0 <= height, "{what:?} {size}");
}

#[test]
fn whatever_a_badge_signs_is_asked_and_told_in_words_of_its_own() {
    for language in Language::ALL {
        let (cancel, close) = if language == Language::Fr { ("Annuler", "Fermer") } else { ("Cancel", "Close") };
        let size = SIZES[1];
        {
            let (mut asked, mut told) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
            for action in actions() {
                let scene = scene(&Shot { size, language, ..shot(ScreenName::Home) });
                let before: std::collections::BTreeSet<_> = scene.texts().into_iter().collect();
                let new = || scene.texts().into_iter().filter(|text| !before.contains(text)).collect::<Vec<_>>().join(" | ");
                scene.kiosk.handle_touch(Touch::Sign(action.clone()));
                fits(&scene, size, cancel, &action);
                asked.insert(new());
                scene.answer(&scene.request().1, Answer::Done { signer: None, undo: None });
                fits(&scene, size, close, &action);
                told.insert(new());
            }
            // what is for the coordination is told alike, and so is a note, whatever it answers
            assert_eq!(asked.len(), actions().len(), "{asked:#?}");
            assert!(told.len() >= actions().len() - 3, "{told:#?}");
        }
    }
}

#[test]
fn whatever_refuses_it_says_why_and_what_to_do() {
    for language in Language::ALL {
        let close = if language == Language::Fr { "Fermer" } else { "Close" };
        let size = SIZES[1];
        {
            let mut told = std::collections::BTreeSet::new();
            for (reason, _) in Why::ALL {
                let scene = scene(&Shot { size, language, ..shot(ScreenName::Home) });
                scene.kiosk.handle_touch(Touch::Sign(actions().remove(0)));
                scene.answer(&scene.request().1, Answer::Refused { reason: reason.into() });
                fits(&scene, size, close, &reason);
                assert!(!scene.labels().contains(&"Recommencer".to_owned()), "{reason}: it would be the same again");
                told.insert(scene.texts());
                scene.press(close);
                assert!(scene.kiosk.screen().sign.is_none());
            }
            assert_eq!(told.len(), Why::ALL.len(), "{told:#?}");
        }
    }
}
