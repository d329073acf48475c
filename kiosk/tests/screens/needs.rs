//! The board of needs by touch alone: reading, helping, posting, withdrawing.

use super::*;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{Needs, PublishedNeed};

impl Scene {
    /// The board as the daemon publishes it anew.
    fn board(&self, needs: Vec<PublishedNeed>) {
        let (topics, _) = self.topics();
        let needs = Needs { v: V, session: demo::session(), rev: 9, needs };
        self.kiosk.handle_message(&topics.name(&Topic::Needs), &encode(&needs));
    }

    pub fn types(&self, text: &str) {
        for letter in text.chars() {
            self.press(&if letter == ' ' { "espace".to_owned() } else { letter.to_string() });
        }
    }

    /// The action that is being signed.
    #[track_caller]
    pub fn signs(&self) -> (Request, Action) {
        let (topic, request) = self.request();
        assert_eq!(topic, "voisins/demo/request/cafe/sign");
        self.says("Approchez votre badge");
        let Args::Sign { action } = request.args.clone() else { panic!("{request:?}") };
        self.answer(&request, Answer::Armed { expires_in_ms: 15_000 });
        (request, action)
    }
}

fn published() -> Vec<PublishedNeed> {
    demo::needs("2024-10-23T10:26:00-04:00".parse().unwrap())
}

#[test]
fn a_need_is_posted_and_withdrawn_by_touch_alone() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Home) });
        scene.kiosk.handle_touch(kiosk::board::Touch::Anywhere);
        scene.press("Je cherche…");
        scene.types("un logo");
        scene.says("7 / 140");
        scene.press("Suite");
        let publish = scene.button("Publier avec mon badge");
        assert_eq!(publish.accessible_enabled(), Some(false), "it waits until somebody chose who can see it");
        let extent = |label: &str| scene.button(label).size();
        assert_eq!(extent("Au tableau, avec mon prénom"), extent("Au tableau, sans mon nom"));
        assert_eq!(extent("Au tableau, avec mon prénom"), extent("À la coordination seulement"));
        scene.press("Au tableau, sans mon nom");
        scene.press("Publier avec mon badge");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::PostNeed { text: "un logo".into(), skills: vec![], audience: Audience::Unnamed });
        let undo = Grant { token: uuid::Uuid::from_u128(9), expires_in_ms: 5_000 };
        scene.answer(&request, Answer::Done { signer: None, undo: Some(undo) });
        scene.says("C’est noté");
        scene.button("Annuler");
        scene.press("Fermer");
        let (id, mut needs) = (NeedId(uuid::Uuid::from_u128(7)), published());
        let own =
            PublishedNeed { id, text: "un logo".into(), skills: vec![], author: None, space: false, passes: None, posted: None };
        needs.insert(0, own);
        scene.board(needs);
        scene.says("5 demandes ouvertes");
        scene.press("un logo");
        scene.press("C’est ma demande");
        scene.press("Retirer");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::WithdrawNeed { need: id, met: false });
        scene.answer(&request, Answer::Done { signer: None, undo: None });
        scene.says("Votre demande n’est plus au tableau.");
        scene.board(published());
        scene.press("Fermer");
        scene.says("4 demandes ouvertes");
        scene.press("Fermer");
        scene.says("Ici maintenant");
    }
}

#[test]
fn a_need_just_posted_is_taken_back_by_touch() {
    let scene = scene(&shot(ScreenName::Post));
    scene.press("Publier avec mon badge");
    let (request, action) = scene.signs();
    let Action::PostNeed { skills, audience: Audience::Named, .. } = action else { panic!("{action:?}") };
    assert_eq!(skills.len(), 1);
    let token = uuid::Uuid::from_u128(9);
    scene.answer(&request, Answer::Done { signer: None, undo: Some(Grant { token, expires_in_ms: 5_000 }) });
    scene.says("Votre demande est notée, pour 21 jours.");
    scene.press("Annuler");
    let undo = scene.request().1;
    assert_eq!(undo.args, Args::Undo { grant: token });
    scene.answer(&undo, Answer::Done { signer: None, undo: None });
    scene.says("Rien n’est affiché. Votre texte est encore là.");
    scene.press("Fermer");
    scene.button("Publier avec mon badge");
}

#[test]
fn too_late_to_undo_only_what_is_on_the_board_is_to_be_opened_there() {
    for (audience, told) in [
        ("Au tableau, avec mon prénom", "Ouvrez votre demande au tableau pour la retirer avec votre badge."),
        ("À la coordination seulement", "Cela reste noté. La coordination peut aider."),
    ] {
        let scene = scene(&shot(ScreenName::Post));
        scene.press(audience);
        scene.press("Publier avec mon badge");
        let undo = Some(Grant { token: uuid::Uuid::from_u128(9), expires_in_ms: 5_000 });
        scene.answer(&scene.signs().0, Answer::Done { signer: None, undo });
        scene.press("Annuler");
        scene.answer(&scene.request().1, Answer::Expired);
        scene.says(told);
    }
}

#[test]
fn somebody_offers_help_and_hears_who_will_know() {
    for (n, told) in [
        (0, "Félix-Antoine le saura à son prochain passage."),
        (2, "La coordination fera le lien."),
        (1, "La coordination fera le lien."),
    ] {
        for size in SIZES {
            let scene = scene(&Shot { size, ..shot(ScreenName::Needs) });
            scene.kiosk.handle_touch(kiosk::board::Touch::Needs(kiosk::board::needs::NeedsTouch::Need(demo::need_id(n))));
            scene.press("Je peux aider");
            let (request, action) = scene.signs();
            assert_eq!(action, Action::Help { need: demo::need_id(n) });
            scene.answer(&request, Answer::Done { signer: None, undo: None });
            scene.says(told);
        }
    }
}

#[test]
fn who_here_could_help_opens_the_search_and_closing_it_comes_back() {
    let scene = scene(&shot(ScreenName::Needs));
    scene.button(&format!("Je peux aider · {}", published()[0].text));
    scene.press("1 personne ici pourrait aider");
    scene.says("Gisèle Tanguay");
    scene.press("Fermer");
    scene.says("On cherche");
}

#[test]
fn each_refusal_has_its_own_calm_words_and_fits_every_screen() {
    for (reason, said) in [
        (
            refusal::TOO_MANY_NEEDS,
            "Vous avez déjà trois demandes ouvertes. Retirez-en une du tableau, ou parlez à la coordination de celles que vous lui avez confiées.",
        ),
        (refusal::BAD_NEED, "Ce texte ne peut pas être affiché tel quel. Il est encore là."),
        (refusal::NO_SUCH_NEED, "Cette demande a été retirée entre-temps."),
        (refusal::NOT_YOURS, "Seule la personne qui l’a publiée peut la modifier ou la retirer. La coordination peut aider."),
        (refusal::YOUR_OWN, "Cette demande vient de vous. Vos voisins peuvent y répondre."),
        (refusal::ARRIVED_FIRST, "Arrivée notée"),
        (refusal::NO_READER, "Pas de lecteur ici"),
    ] {
        for size in SIZES {
            let scene = scene(&Shot { size, ..shot(ScreenName::Post) });
            scene.press("Publier avec mon badge");
            scene.answer(&scene.request().1, Answer::Refused { reason: reason.into() });
            scene.says(said);
            let close = scene.button("Fermer");
            #[allow(clippy::cast_precision_loss)]
            let height = size.height as f32;
            assert!(close.absolute_position().y + close.size().height + 16.0 <= height, "{reason} {size}");
            scene.press("Fermer");
            scene.button("Publier avec mon badge");
        }
    }
}

#[test]
fn a_search_without_result_offers_the_board() {
    for size in SIZES {
        let scene = searched(size, "zzzzqq");
        let asks = if size.height < 640 { "Demander au tableau" } else { "Demander de l’aide\u{a0}: l’afficher au tableau" };
        scene.press(asks);
        scene.says("6 / 140");
        scene.press("Annuler");
        scene.button("Champ de recherche");
    }
    let scene = searched(SIZES[0], "comptable");
    scene.press("Chercher");
    scene.press("Demander de l’aide\u{a0}: l’afficher au tableau");
    scene.says("9 / 140");
}

#[test]
fn an_empty_board_and_one_without_news_say_so() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Needs) });
        scene.board(vec![]);
        scene.says("Personne ne cherche rien pour l’instant");
        let scene = self::scene(&Shot { size, ..shot(ScreenName::Offline) });
        scene.press("Je cherche…");
        scene.says("Pas de nouvelles pour l’instant\u{a0}: rien ne peut être publié.");
        assert!(!scene.labels().iter().any(|label| label.starts_with("Je peux aider")));
    }
}

#[test]
fn the_need_at_home_opens_the_board_and_can_be_answered() {
    let scene = scene(&shot(ScreenName::Home));
    scene.says("Félix-Antoine cherche");
    scene.press("Je peux aider");
    assert!(matches!(scene.signs().1, Action::Help { .. }));
    scene.press("Annuler");
    scene.answer(&scene.request().1, Answer::Cancelled);
    let scene = self::scene(&shot(ScreenName::Home));
    scene.press("Voir les 4 demandes");
    scene.says("On cherche");
}

#[test]
fn je_connais_quelqu_un_is_written_and_signed() {
    for size in SIZES {
        let scene = scene(&Shot { size, ..shot(ScreenName::Need) });
        scene.press("Je connais quelqu’un");
        scene.types("une amie");
        scene.says("8 / 280 · N’écrivez le nom de personne sans son accord.");
        scene.press("Suite");
        scene.press("Envoyer avec mon badge");
        let (request, action) = scene.signs();
        assert_eq!(action, Action::Refer { need: demo::need_id(4), text: "une amie".into() });
        scene.answer(&request, Answer::Done { signer: None, undo: None });
        scene.press("Fermer");
        assert!(scene.kiosk.screen().writing.is_none());
        scene.button("Je connais quelqu’un");
    }
}

#[test]
fn what_only_its_author_does_and_a_report_are_signed() {
    for (label, action) in [
        ("C’est trouvé", Action::WithdrawNeed { need: demo::need_id(4), met: true }),
        ("Retirer", Action::WithdrawNeed { need: demo::need_id(4), met: false }),
    ] {
        let scene = scene(&shot(ScreenName::OwnNeed));
        scene.press(label);
        assert_eq!(scene.signs().1, action);
    }
    let scene = scene(&shot(ScreenName::OwnNeed));
    scene.press("Modifier");
    scene.press("Suite");
    scene.press("Modifier avec mon badge");
    assert!(matches!(scene.signs().1, Action::EditNeed { need, .. } if need == demo::need_id(4)));
    let scene = self::scene(&shot(ScreenName::Need));
    scene.press("Signaler");
    let what = voisins_shared::payload::Reported::Need { need: demo::need_id(4) };
    assert_eq!(scene.signs().1, Action::Report { what });
}

#[test]
fn what_the_space_gives_in_return_is_told() {
    for size in SIZES {
        scene(&Shot { size, ..shot(ScreenName::Needs) }).says("Échange · 5 passages");
    }
}
