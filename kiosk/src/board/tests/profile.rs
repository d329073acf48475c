//! *Ma fiche* and the first greeting's question, sentence by sentence.

use super::super::profile::{Part, ProfileTouch, STEPS, Told};
use super::super::sign::{SignPress, SignStep};
use super::super::typing::{Keystroke, Typed};
use super::*;
use voisins_shared::member::{Field, Surface};
use voisins_shared::payload::{Action, Profile, ProfileChange, SKILLS_AT_THE_KIOSK};

impl Hand {
    fn profile(&mut self, touch: ProfileTouch) -> Vec<Request> {
        self.touch(Touch::Profile(touch))
    }

    /// The one change that a touch asks for.
    #[track_caller]
    fn change(&mut self, touch: ProfileTouch) -> (Request, ProfileChange) {
        let asked = self.profile(touch);
        let Some(Args::Profile { change, .. }) = asked.first().map(|request| request.args.clone()) else { panic!("{asked:?}") };
        (asked[0].clone(), change)
    }

    fn shows(&self, field: Field) -> bool {
        let sheet = self.board.sheet().unwrap();
        sheet.fields().any(|of| of.field == field && sheet.shows(of))
    }

    fn told(&self) -> Option<Told> {
        self.board.sheet().unwrap().told
    }

    /// Time goes on; what it asks of the daemon.
    fn asked_within_ms(&mut self, ms: u64) -> Vec<Request> {
        let end = self.now.since_start + Duration::from_millis(ms);
        let mut asked = vec![];
        while let Some(at) = self.board.poll_timeout(self.now).filter(|at| *at <= end) {
            let by = at - self.now.since_start;
            self.now = Now { since_start: at, wall: self.now.wall + by };
            asked.extend(self.board.handle_timeout(self.now));
        }
        asked
    }
}

fn answer_of(profile: &Profile) -> Answer {
    Answer::Profile(Box::new(profile.clone()))
}

fn open_with(profile: &Profile) -> Hand {
    let mut hand = home();
    let asked = hand.touch(Touch::Sign(Action::Profile));
    assert_eq!(asked[0].args, Args::Sign { action: Action::Profile });
    hand.answer(&asked[0], Answer::Armed { expires_in_ms: 15_000 }).answer(&asked[0], answer_of(profile));
    hand
}

fn open() -> Hand {
    open_with(&demo::profile(0))
}

/// The record without a field on the kiosk.
fn without(field: Field) -> Profile {
    let mut profile = demo::profile(0);
    profile.fields.iter_mut().filter(|of| of.field == field).for_each(|of| of.shown_on.retain(|on| *on != Surface::Kiosk));
    profile
}

fn is_close(request: &Request) -> bool {
    matches!(request.args, Args::Profile { change: ProfileChange::Close, .. })
}

#[test]
fn the_badge_opens_it_in_the_members_language_and_size() {
    let mut profile = demo::profile(0);
    (profile.language, profile.text_size) = (Some(Language::En), TextSize::Large);
    let mut hand = open_with(&profile);
    assert_eq!((hand.sign_step(), hand.board.language(), hand.board.text_size()), (None, Language::En, TextSize::Large));
    assert_eq!(hand.board.sheet().unwrap().part, Part::Shown);
    let closed = hand.profile(ProfileTouch::Close);
    assert!(is_close(&closed[0]) && closed[0].args.grant() == Some(profile.grant.token));
    assert_eq!((hand.board.language(), hand.board.text_size()), (Language::Fr, TextSize::Large), "the size until the kiosk rests");
    hand.wait_ms(60_000);
    assert_eq!(hand.board.text_size(), TextSize::Normal);
}

#[test]
fn a_greeting_brings_the_members_size_and_it_goes_when_the_kiosk_rests() {
    let mut hand = home();
    hand.wait_ms(70_000).event(&greeting(|greeting| greeting.text_size = TextSize::Largest));
    assert_eq!(hand.board.text_size(), TextSize::Largest);
    assert_eq!(hand.wait_ms(8_000).board.text_size(), TextSize::Normal);
}

#[test]
fn a_switch_turns_with_the_answer_and_not_before() {
    let mut hand = open();
    let (asked, change) = hand.change(ProfileTouch::Toggle(Field::Photo));
    assert_eq!(change, ProfileChange::Show { fields: vec![Field::Photo], surface: Surface::Kiosk, shown: false });
    assert_eq!(asked.args.grant(), Some(demo::profile(0).grant.token));
    assert!(hand.shows(Field::Photo) && hand.board.sheet().unwrap().pending().is_some());
    assert!(hand.profile(ProfileTouch::Toggle(Field::Title)).is_empty(), "one at a time");
    hand.answer(&asked, answer_of(&without(Field::Photo)));
    assert!(!hand.shows(Field::Photo) && hand.board.sheet().unwrap().pending().is_none());
    assert_eq!(hand.told(), Some(Told::Noted));
}

#[test]
fn annuler_takes_back_the_last_change_once() {
    let mut hand = open();
    assert!(hand.profile(ProfileTouch::Undo).is_empty(), "nothing changed yet");
    let (asked, _) = hand.change(ProfileTouch::Toggle(Field::Photo));
    hand.answer(&asked, answer_of(&without(Field::Photo)));
    let (asked, change) = hand.change(ProfileTouch::Undo);
    assert_eq!(change, ProfileChange::Show { fields: vec![Field::Photo], surface: Surface::Kiosk, shown: true });
    hand.answer(&asked, answer_of(&demo::profile(0)));
    assert!(hand.shows(Field::Photo) && !hand.board.sheet().unwrap().can_undo());
}

#[test]
fn each_choice_can_be_taken_back() {
    let back = |mut changed: Profile, touch: ProfileTouch, change: &mut dyn FnMut(&mut Profile)| {
        let mut hand = open();
        let asked = hand.profile(touch);
        change(&mut changed);
        hand.answer(&asked[0], answer_of(&changed));
        hand.profile(ProfileTouch::Undo).remove(0).args
    };
    let (before, grant) = (demo::profile(0), demo::profile(0).grant.token);
    let record = |change| Args::Profile { grant, change };
    assert_eq!(
        back(before.clone(), ProfileTouch::Language(Language::En), &mut |p| p.language = Some(Language::En)),
        record(ProfileChange::Language { language: Language::Fr })
    );
    assert_eq!(
        back(before.clone(), ProfileTouch::TextSize(TextSize::Large), &mut |p| p.text_size = TextSize::Large),
        record(ProfileChange::TextSize { text_size: TextSize::Normal })
    );
    assert_eq!(
        back(before.clone(), ProfileTouch::Availability(Availability::Open), &mut |p| p.availability = Availability::Open),
        Args::Availability { grant, availability: Availability::Here }
    );
    assert_eq!(
        back(before.clone(), ProfileTouch::TakeAway(0), &mut |p| drop(p.skills.remove(0))),
        record(ProfileChange::Skills { skills: before.skills })
    );
}

#[test]
fn what_stands_already_is_not_asked_for() {
    let mut hand = open();
    for touch in [
        ProfileTouch::Language(Language::Fr),
        ProfileTouch::TextSize(TextSize::Normal),
        ProfileTouch::Availability(Availability::Here),
        ProfileTouch::TakeAway(99),
    ] {
        assert!(hand.profile(touch).is_empty());
    }
}

#[test]
fn without_the_name_nothing_else_is_shown_or_switched() {
    let mut hand = open_with(&without(Field::Name));
    assert!(!hand.board.sheet().unwrap().is_named() && !hand.shows(Field::Skills));
    assert!(hand.profile(ProfileTouch::Toggle(Field::Skills)).is_empty());
    let (_, change) = hand.change(ProfileTouch::Toggle(Field::Name));
    assert_eq!(change, ProfileChange::Show { fields: vec![Field::Name], surface: Surface::Kiosk, shown: true });
}

#[test]
fn tout_cacher_hides_what_is_shown_and_tout_montrer_shows_the_rest() {
    let mut hand = open();
    let (asked, change) = hand.change(ProfileTouch::All);
    let ProfileChange::Show { fields, shown: false, .. } = change else { panic!("{change:?}") };
    assert!(fields.contains(&Field::Name) && !fields.contains(&Field::Contact), "only what is shown: {fields:?}");
    let mut hidden = demo::profile(0);
    hidden.fields.iter_mut().for_each(|field| field.shown_on.clear());
    hand.answer(&asked, answer_of(&hidden));
    let (_, change) = hand.change(ProfileTouch::Undo);
    assert_eq!(change, ProfileChange::Show { fields, surface: Surface::Kiosk, shown: true }, "and no more than was shown");
    let (_, change) = open_with(&hidden).change(ProfileTouch::All);
    assert_eq!(change, ProfileChange::Show { fields: Field::ALL.to_vec(), surface: Surface::Kiosk, shown: true });
}

#[test]
fn the_lobby_screen_has_only_a_name_and_skills() {
    let mut hand = open();
    assert!(hand.profile(ProfileTouch::Surface(Surface::Lobby)).is_empty());
    assert_eq!(hand.board.sheet().unwrap().fields().map(|field| field.field).collect::<Vec<_>>(), [Field::Name, Field::Skills]);
    assert!(hand.profile(ProfileTouch::Toggle(Field::Photo)).is_empty());
    let (_, change) = hand.change(ProfileTouch::Toggle(Field::Skills));
    assert_eq!(change, ProfileChange::Show { fields: vec![Field::Skills], surface: Surface::Lobby, shown: false });
}

#[test]
fn a_skill_is_typed_or_chosen_among_four_at_most() {
    let mut few = demo::profile(0);
    few.skills.truncate(1);
    let mut hand = open_with(&few);
    hand.profile(ProfileTouch::Add);
    for letter in ["t", "r", "a", "d"] {
        assert!(hand.profile(ProfileTouch::Key(Keystroke::Type(Typed(letter.into())))).is_empty());
    }
    let adding = hand.board.sheet().unwrap().adding.as_ref().unwrap();
    assert!((1..=4).contains(&adding.suggestions.len()) && adding.suggestions[0].starts_with("Trad"), "{:?}", adding.suggestions);
    let (_, change) = hand.change(ProfileTouch::Submit);
    assert_eq!(change, ProfileChange::Skills { skills: vec![few.skills[0].clone(), "trad".into()] });
    assert!(hand.board.sheet().unwrap().adding.is_none());
    let mut hand = open_with(&few);
    hand.profile(ProfileTouch::Add);
    let (_, change) = hand.change(ProfileTouch::Suggested(Typed("Traduction".into())));
    assert_eq!(change, ProfileChange::Skills { skills: vec![few.skills[0].clone(), "Traduction".into()] });
    let mut hand = open_with(&few);
    hand.profile(ProfileTouch::Add);
    assert!(hand.profile(ProfileTouch::Submit).is_empty(), "nothing typed, nothing added");
    hand.profile(ProfileTouch::Add);
    hand.profile(ProfileTouch::Leave);
    assert!(hand.board.sheet().unwrap().adding.is_none());
}

#[test]
fn whoever_has_as_many_skills_as_a_kiosk_takes_can_only_take_some_away() {
    let mut many = demo::profile(0);
    many.skills = (0..=SKILLS_AT_THE_KIOSK).map(|n| n.to_string()).collect();
    let mut hand = open_with(&many);
    hand.profile(ProfileTouch::Add);
    assert!(hand.board.sheet().unwrap().adding.is_none());
    assert!(hand.profile(ProfileTouch::Suggested(Typed("Rust".into()))).is_empty());
    let (_, change) = hand.change(ProfileTouch::TakeAway(1));
    assert_eq!(change, ProfileChange::Skills { skills: vec!["0".into(), "2".into(), "3".into()] });
}

#[test]
fn a_refusal_or_silence_says_that_nothing_changed() {
    for (reason, told) in [
        (refusal::NOT_RECORDED, Told::NotRecorded),
        (refusal::BAD_SKILLS, Told::BadSkills),
        (refusal::NOT_ALLOWED, Told::NothingChanged),
        ("of a later version", Told::NothingChanged),
    ] {
        let mut hand = open();
        let (asked, _) = hand.change(ProfileTouch::Toggle(Field::Photo));
        hand.answer(&asked, Answer::Refused { reason: reason.into() });
        assert_eq!((hand.told(), hand.shows(Field::Photo)), (Some(told), true));
        assert!(!hand.board.sheet().unwrap().can_undo());
    }
    let mut hand = open();
    let (asked, _) = hand.change(ProfileTouch::Toggle(Field::Photo));
    hand.wait_ms(3_000);
    assert_eq!((hand.told(), hand.shows(Field::Photo)), (Some(Told::NoAnswer), true));
    hand.answer(&asked, answer_of(&without(Field::Photo)));
    assert_eq!((hand.told(), hand.shows(Field::Photo)), (Some(Told::Noted), false), "the answer may still come");
}

#[test]
fn untouched_for_60_s_it_closes_with_a_bar_in_the_last_ten() {
    let mut hand = open();
    hand.wait_ms(30_000);
    hand.profile(ProfileTouch::Part(Part::Choices));
    hand.wait_ms(49_000);
    assert_eq!(hand.board.sheet_left(hand.now), None);
    hand.wait_ms(6_000);
    assert_eq!(hand.board.sheet_left(hand.now), Some(STEPS / 2));
    let asked = hand.asked_within_ms(5_000);
    assert!(hand.board.sheet().is_none() && hand.board.dialog().is_none());
    assert!(asked.len() == 1 && is_close(&asked[0]), "{asked:?}");
}

#[test]
fn each_change_renews_what_allows_it_and_when_that_ends_the_badge_is_asked_for() {
    let mut hand = open();
    hand.wait_ms(50_000);
    let (asked, _) = hand.change(ProfileTouch::Toggle(Field::Photo));
    hand.answer(&asked, answer_of(&without(Field::Photo)));
    for _ in 0..2 {
        hand.wait_ms(40_000);
        hand.profile(ProfileTouch::Turn(1));
        assert!(hand.board.sheet().is_some());
    }
    hand.wait_ms(10_000);
    assert_eq!((hand.board.sheet().is_none(), hand.step()), (true, Some(Step::Over)));
    hand.event(&arrival(0));
    assert_eq!(hand.step(), Some(Step::Shown), "the badge that was asked for is greeted");
}

#[test]
fn it_closes_when_the_daemon_begins_anew_or_is_lost_and_asks_for_the_badge() {
    let ends: [fn(&mut Hand); 4] = [
        |hand| {
            hand.status(State::Offline);
        },
        |hand| hand.board.handle_link(Link::Lost, hand.now),
        |hand| {
            let mut session = hand.board.roster().session().unwrap().clone();
            session.session = Uuid::from_u128(77);
            hand.board.handle_message(&Topic::Session, &encode(&session), hand.now).unwrap();
        },
        |hand| {
            let (asked, _) = hand.change(ProfileTouch::Toggle(Field::Photo));
            hand.answer(&asked, Answer::Expired);
        },
    ];
    for end in ends {
        let mut hand = open();
        hand.status(State::Online);
        assert!(hand.board.sheet().is_some(), "the same daemon says so again");
        end(&mut hand);
        assert_eq!((hand.board.sheet().is_none(), hand.step()), (true, Some(Step::Over)));
        assert!(hand.wait_ms(8_000).board.dialog().is_none(), "it goes by itself");
    }
}

#[test]
fn another_persons_tap_is_only_a_line() {
    let mut hand = open();
    hand.wait_ms(30_000).event(&arrival(1)).event(&demo::unknown_badge());
    assert_eq!((hand.lines(), hand.step()), (2, None));
    assert_eq!(hand.board.sheet().unwrap().profile().member, demo::profile(0).member);
    assert!(hand.touch(Touch::Sign(Action::Leave)).is_empty(), "nor is a badge asked for over it");
}

#[test]
fn a_late_answer_opens_nothing_and_is_closed_again() {
    let mut hand = home();
    let asked = hand.touch(Touch::Sign(Action::Profile));
    hand.answer(&asked[0], Answer::Armed { expires_in_ms: 15_000 }).wait_ms(16_500);
    assert_eq!(hand.sign_step(), None);
    hand.answer(&asked[0], answer_of(&demo::profile(0)));
    assert!(hand.board.sheet().is_none());
    let given_back = hand.board.handle_timeout(hand.now);
    assert!(given_back.len() == 1 && is_close(&given_back[0]), "{given_back:?}");

    let mut hand = open();
    let (asked, _) = hand.change(ProfileTouch::Toggle(Field::Photo));
    hand.profile(ProfileTouch::Close);
    hand.answer(&asked, answer_of(&without(Field::Photo)));
    assert!(hand.board.sheet().is_none());
}

#[test]
fn whoever_cancelled_sees_nothing_open_although_a_badge_came_first() {
    let mut hand = home();
    let asked = hand.touch(Touch::Sign(Action::Profile));
    hand.answer(&asked[0], Answer::Armed { expires_in_ms: 15_000 });
    let request = hand.board.sign().unwrap().request();
    hand.touch(Touch::Signing { request, press: SignPress::Cancel });
    hand.answer(&asked[0], answer_of(&demo::profile(0)));
    assert!(hand.board.sheet().is_none() && hand.board.sign().is_none());
    let mut hand = home();
    let asked = hand.touch(Touch::Sign(Action::Profile));
    hand.answer(&asked[0], Answer::Refused { reason: refusal::ARRIVED_FIRST.into() });
    assert_eq!(hand.sign_step(), Some(SignStep::ArrivedFirst));
}

#[test]
fn a_first_greeting_asks_stays_15_s_and_unanswered_asks_nothing_of_the_daemon() {
    let mut hand = home();
    hand.event(&demo::first_arrival(9)).wait_ms(14_999);
    assert!(hand.board.dialog().is_some_and(|dialog| dialog.offers));
    assert!(hand.wait_ms(1).board.dialog().is_none() && hand.board.sheet().is_none());
}

#[test]
fn choisir_opens_the_sheet_and_a_double_press_switches_nothing_in_it() {
    let mut hand = home();
    hand.event(&demo::first_arrival(9));
    let asked = hand.press(Press::Offer(true));
    assert!(matches!(asked[0].args, Args::Offer { accepted: true, .. }));
    hand.answer(&asked[0], answer_of(&demo::profile(3)));
    assert!(hand.board.sheet().is_some() && hand.board.dialog().is_none());
    assert!(hand.profile(ProfileTouch::Toggle(Field::Photo)).is_empty());
    hand.wait_ms(600);
    assert_eq!(hand.profile(ProfileTouch::Toggle(Field::Photo)).len(), 1);
}

#[test]
fn pas_maintenant_is_told_and_the_greeting_goes_on() {
    let mut hand = home();
    hand.event(&demo::first_arrival(9));
    let asked = hand.press(Press::Offer(false));
    assert!(matches!(asked[0].args, Args::Offer { accepted: false, .. }));
    hand.answer(&asked[0], Answer::Done { signer: None, undo: None });
    assert!(hand.board.dialog().is_some_and(|dialog| !dialog.offers && !dialog.noted));
    let mut hand = home();
    hand.event(&demo::first_arrival(9));
    let asked = hand.press(Press::Offer(true));
    hand.press(Press::Close);
    hand.answer(&asked[0], answer_of(&demo::profile(3)));
    assert!(hand.board.sheet().is_none(), "closed meanwhile");
}

#[test]
fn a_sheet_leaves_no_trace_in_a_log() {
    let hand = open();
    let screen = crate::view_model::build(&hand.board, (1280, 800), hand.now);
    assert!(!format!("{:?}", screen.profile).contains("Archambault"));
}
