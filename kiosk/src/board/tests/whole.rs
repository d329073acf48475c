//! Truth, pages, rest, and what holds whatever happens.

use super::*;
use voisins_shared::member::MemberId;
use voisins_shared::payload::Directory;

#[test]
fn at_the_start_it_connects_calmly_and_then_admits_to_have_no_news() {
    let mut hand = hand();
    assert_eq!(hand.board.connection().truth(), Truth::Connecting);
    hand.board.handle_link(Link::Lost, hand.now);
    assert_eq!(hand.board.connection().truth(), Truth::Connecting);
    hand.wait_ms(5_000);
    assert_eq!(hand.board.connection().truth(), Truth::Silent { since: None, names: false });
}

#[test]
fn when_the_broker_is_lost_the_screen_says_since_when() {
    let mut hand = home();
    hand.wait_ms(10_000);
    hand.board.handle_link(Link::Alive, hand.now);
    let last_news = hand.now.wall;
    hand.wait_ms(5_000);
    hand.board.handle_link(Link::Lost, hand.now);
    assert_eq!(hand.board.connection().truth(), Truth::Silent { since: Some(last_news), names: true });
    hand.wait_ms(60_000);
    hand.board.handle_link(Link::Lost, hand.now);
    assert_eq!(hand.board.connection().truth(), Truth::Silent { since: Some(last_news), names: true });
}

#[test]
fn when_the_daemon_says_offline_the_screen_says_since_when() {
    let mut hand = home();
    let at = hand.now.wall;
    hand.status(State::Offline).wait_ms(60_000);
    assert_eq!(hand.board.connection().truth(), Truth::Silent { since: Some(at), names: true });
    hand.status(State::Online);
    assert!(hand.board.connection().is_online());
}

#[test]
fn after_15_min_without_news_names_leave_the_screen() {
    let mut hand = home();
    hand.board.handle_link(Link::Lost, hand.now);
    let wait = u64::try_from(NAMES_LEAVE_AFTER.as_millis()).unwrap();
    hand.wait_ms(wait - 1);
    assert!(matches!(hand.board.connection().truth(), Truth::Silent { names: true, .. }));
    hand.wait_ms(1);
    assert!(matches!(hand.board.connection().truth(), Truth::Silent { names: false, .. }));
}

#[test]
fn it_comes_right_by_itself_once_the_daemon_is_heard_again() {
    let mut hand = home();
    hand.board.handle_link(Link::Lost, hand.now);
    hand.wait_ms(30_000);
    hand.board.handle_link(Link::Connected, hand.now);
    assert!(!hand.board.connection().is_online(), "the broker alone is no news");
    hand.status(State::Online);
    assert!(hand.board.connection().is_online());
}

#[test]
fn a_touch_on_a_skill_filters_and_again_is_off() {
    let mut hand = home();
    let skills = pages::skills_present(hand.board.roster());
    assert!(skills.is_sorted_by(|a, b| a.1 >= b.1));
    let skill = skills[0].0.clone();
    assert!(hand.touch(Touch::Skill(skill.clone())).is_empty());
    assert_eq!(hand.board.pages().filter(), Some(skill.as_str()));
    assert!(hand.board.pages().shown(hand.board.roster()).all(|(_, member)| member.skills.contains(&skill)));
    assert!(hand.touch(Touch::Skill(skill)).is_empty());
    assert_eq!(hand.board.pages().filter(), None);
}

#[test]
fn pages_turn_every_12_s_and_stop_while_someone_touches() {
    let mut hand = home();
    hand.wait_ms(12_000);
    assert_eq!(hand.board.pages().page(), 1);
    for _ in 0..4 {
        hand.wait_ms(11_000);
        assert!(hand.touch(Touch::Anywhere).is_empty());
        assert_eq!(hand.board.pages().page(), 1);
    }
    hand.wait_ms(12_000);
    assert_eq!(hand.board.pages().page(), 0);
    assert!(hand.touch(Touch::PreviousPage).is_empty());
    assert_eq!(hand.board.pages().page(), 1);
}

#[test]
fn an_arrival_shows_the_first_page_unless_the_kiosk_is_in_use() {
    let mut hand = home();
    hand.wait_ms(12_000).event(&demo::arrival(0, 9, Form::Line));
    assert_eq!(hand.board.pages().page(), 0);
    assert!(hand.touch(Touch::NextPage).is_empty());
    hand.event(&demo::arrival(1, 9, Form::Line));
    assert_eq!(hand.board.pages().page(), 1);
}

#[test]
fn untouched_for_60_s_it_shows_larger_cards_until_a_touch() {
    let mut hand = home();
    hand.board.handle_room(9, 6);
    let skill = pages::skills_present(hand.board.roster())[0].0.clone();
    assert!(hand.touch(Touch::Skill(skill)).is_empty());
    hand.wait_ms(60_000);
    assert!(hand.board.is_resting(hand.now));
    assert_eq!((hand.board.pages().room(), hand.board.pages().filter()), (6, None));
    assert!(hand.touch(Touch::NextPage).is_empty());
    assert_eq!((hand.board.pages().room(), hand.board.pages().page()), (9, 0), "that touch only wakes it");
}

#[test]
fn the_clock_asks_to_be_drawn_at_every_minute() {
    let mut hand = home();
    hand.wait_ms(61_500);
    let at = hand.board.poll_timeout(hand.now).unwrap();
    assert!(at <= Duration::from_secs(120), "{at:?}");
    assert!(at > hand.now.since_start);
}

#[test]
fn a_second_page_that_appears_does_not_turn_at_once() {
    let mut hand = hand();
    hand.board.handle_link(Link::Connected, hand.now);
    for (topic, payload) in demo::messages(9, 0, |_, _| vec![1]) {
        hand.board.handle_message(&topic, &payload, hand.now).unwrap();
    }
    hand.wait_ms(59_000);
    let (topic, payload) = demo::messages(10, 0, |_, _| vec![1]).pop().unwrap();
    hand.board.handle_message(&topic, &payload, hand.now).unwrap();
    hand.board.handle_timeout(hand.now);
    assert_eq!(hand.board.pages().page(), 0, "who just came is on the first page");
}

/// Changes the directory and tells the board.
fn change_directory(hand: &mut Hand, change: impl FnOnce(&mut Directory)) {
    let mut directory = hand.board.roster().directory().unwrap().clone();
    directory.rev += 1;
    change(&mut directory);
    hand.board.handle_message(&Topic::Directory, &encode(&directory), hand.now).unwrap();
}

#[test]
fn a_filter_whose_skill_is_no_longer_offered_is_dropped() {
    let mut hand = home();
    let fresh = hand.board.roster().present().find(|(present, _)| present.fresh).unwrap().1.id;
    let passed = hand.board.roster().present().find(|(present, _)| !present.fresh).unwrap().1.id;
    let give = |directory: &mut Directory, skilled: &[MemberId]| {
        for member in &mut directory.members {
            member.skills = if skilled.contains(&member.id) { vec!["Verre".into(), "Verre".into()] } else { vec!["Bois".into()] };
        }
    };
    change_directory(&mut hand, |directory| give(directory, &[fresh, passed]));
    let skills = pages::skills_present(hand.board.roster());
    assert!(skills.contains(&("Verre".into(), 1)), "listed twice, one person: {skills:?}");
    assert!(hand.touch(Touch::Skill("Verre".into())).is_empty());
    assert_eq!(hand.board.pages().filter(), Some("Verre"));
    change_directory(&mut hand, |directory| give(directory, &[passed]));
    assert_eq!(hand.board.pages().filter(), None, "no chip is left to touch it off");
}

#[test]
fn the_payload_of_a_photo_that_left_the_directory_is_forgotten() {
    let mut hand = home();
    let member = hand.board.roster().present().next().unwrap().1.id;
    hand.board.handle_message(&Topic::Photo(member), &[1], hand.now).unwrap();
    let share = |photo: Option<String>| {
        move |directory: &mut Directory| directory.members.iter_mut().find(|m| m.id == member).unwrap().photo = photo
    };
    change_directory(&mut hand, share(Some("a".into())));
    assert!(hand.board.roster().photo(member).is_some());
    change_directory(&mut hand, share(None));
    change_directory(&mut hand, share(Some("b".into())));
    assert!(hand.board.roster().photo(member).is_none());
}

/// Always the same numbers, so that a failure comes again.
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

#[test]
fn whatever_happens_the_board_stays_sane() {
    let documents =
        [demo::messages(0, 0, |_, _| vec![1]), demo::messages(9, 5, |_, _| vec![1]), demo::messages(40, 0, |_, _| vec![1])];
    for seed in 0..40_u64 {
        let mut hand = hand();
        let mut state = seed;
        let mut asked = vec![];
        for step in 0..300_u64 {
            let n = usize::try_from(random(&mut state, 30)).unwrap();
            match random(&mut state, 14) {
                0 => hand.board.handle_link([Link::Connected, Link::Lost, Link::Alive][n % 3], hand.now),
                1 => {
                    for (topic, payload) in &documents[n % 3] {
                        hand.board.handle_message(topic, payload, hand.now).unwrap();
                    }
                }
                2 | 3 => {
                    let mut event = demo::arrival(n, 9, if n % 3 == 0 { Form::Line } else { Form::Full });
                    event.id = Uuid::from_u128(u128::from(step) + 1);
                    hand.event(&event);
                }
                4 => drop(hand.event(&[demo::unknown_badge(), demo::refused()][n % 2])),
                5 => asked.extend(hand.touch(Touch::Anywhere)),
                6 => asked.extend(hand.touch(if n % 2 == 0 { Touch::NextPage } else { Touch::PreviousPage })),
                7 => asked.extend(hand.touch(Touch::Skill("Logo".into()))),
                8 if hand.board.dialog().is_some() => {
                    let press = [
                        Press::Leave,
                        Press::Undo,
                        Press::Guest,
                        Press::Close,
                        Press::Stay,
                        Press::Availability(Availability::Open),
                    ];
                    asked.extend(hand.press(press[n % 6]));
                }
                9 => {
                    if let Some(request) = asked.pop() {
                        let undo = (n % 2 == 0).then_some(Grant { token: Uuid::nil(), expires_in_ms: 5_000 });
                        let profile = Answer::Profile(Box::new(demo::profile(n)));
                        hand.answer(&request, [Answer::Done { signer: None, undo }, Answer::Expired, profile][n % 3].clone());
                    }
                }
                10 => hand.board.handle_room(1 + n, 1 + n / 2),
                11 => asked.extend(hand.touch(Touch::Sign(Action::Profile))),
                12 => {
                    let touch = [ProfileTouch::All, ProfileTouch::Undo, ProfileTouch::TakeAway(0), ProfileTouch::Close];
                    asked.extend(hand.touch(Touch::Profile(touch[n % 4].clone())));
                }
                _ => drop(hand.wait_ms(random(&mut state, 30_000))),
            }
            asked.extend(hand.board.handle_timeout(hand.now));
            let what = format!("seed {seed}, step {step}");
            let board = &hand.board;
            let pages = board.pages();
            let cards = pages.shown(board.roster()).count();
            assert!(pages.page() < pages.count(cards), "{what}: a page that is there");
            assert!(board.lines().shown().len() <= 4, "{what}");
            assert!(board.poll_timeout(hand.now).is_some_and(|at| at > hand.now.since_start), "{what}: no spinning");
            assert_eq!(board.connection().is_online(), board.connection().truth() == Truth::Online, "{what}");
        }
        hand.wait_ms(60_000);
        assert!(hand.board.sheet().is_none() && hand.board.sign().is_none(), "seed {seed}");
        assert!(hand.board.dialog().is_none() && hand.board.lines().shown().is_empty(), "seed {seed}: everything goes by itself");
        assert!(hand.board.is_resting(hand.now) && hand.board.language() == Language::Fr, "seed {seed}");
    }
}
