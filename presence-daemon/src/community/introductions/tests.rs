mod alike;

use super::*;
use crate::community::Step as Between;
use crate::community::tests::world::{World, id};
use crate::contacts::ContactId;
use uuid::Uuid;
use voisins_shared::payload::{Action, ForYouReply};

fn propose(world: &mut World, need: Option<NeedId>, asker: Option<u128>, helper: Party) -> Result<IntroductionId, &'static str> {
    world.ids += 1;
    let new = IntroductionId(Uuid::from_u128(world.ids));
    world.does(&Between::Introduction(Step::Propose { need, asker: asker.map(id), helper, new })).map(|()| new)
}

fn led(world: &World, introduction: IntroductionId) -> Option<Led> {
    world.community.introductions().get(introduction).unwrap().led()
}

#[test]
fn two_meet_once_both_have_accepted_and_both_are_told_once() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    assert_eq!((world.waits(1), world.waits(2)), (vec![], vec![News::Proposed]));
    world.answers(2, introduction, true).unwrap();
    for n in [1, 2] {
        assert_eq!(world.sees(n), [News::Introduced]);
        assert!(world.waits(n).is_empty());
    }
    world.days(5);
    assert!(world.waits(1).is_empty(), "it isn't ended by the five days");
}

#[test]
fn a_question_comes_back_each_day_until_it_is_answered_or_over() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    for _ in 0..2 {
        assert_eq!(world.sees(2), [News::Proposed]);
        assert!(world.waits(2).is_empty(), "once a day");
        world.days(1);
    }
    world.answers(2, introduction, false).unwrap();
    world.days(1);
    assert!(world.waits(2).is_empty());
    let other = world.asks(1, 3).unwrap();
    world.days(5);
    assert!(world.waits(3).is_empty());
    assert_eq!(world.answers(3, other, true), Err(refusal::NO_SUCH_INTRODUCTION), "it is over");
}

#[test]
fn a_decline_a_silence_and_one_who_avoids_them_read_alike_and_at_the_same_moment() {
    let told = |answer: &dyn Fn(&mut World, IntroductionId)| {
        let mut world = World::default();
        let introduction = world.asks(1, 2).unwrap();
        answer(&mut world, introduction);
        let mut told = Vec::new();
        for hour in 0..=24 * 7 {
            let again = world.around(|around| {
                let (asker, helper, new) = (id(1), id(2), IntroductionId(Uuid::nil()));
                world.community.decide(&Between::Introduction(Step::Ask { asker, helper, new }), around).map(drop)
            });
            told.push((hour, world.sees(1), again));
            world.minutes += 60;
            world.time_passes();
        }
        told
    };
    let silence = told(&|_, _| {});
    assert_eq!(
        silence.iter().filter(|(_, news, _)| *news == [News::NotIntroduced]).map(|(hour, ..)| *hour).collect::<Vec<_>>(),
        [120]
    );
    let declined = told(&|world, introduction| world.answers(2, introduction, false).unwrap());
    let avoided = told(&|world, _| world.avoids(2, 1));
    let closed = told(&|world, introduction| world.does(&Between::Introduction(Step::Close(introduction))).unwrap());
    assert!(silence == declined && silence == avoided && silence == closed);
}

#[test]
fn who_is_avoided_asks_in_vain_and_never_learns_it() {
    let mut world = World::default();
    world.avoids(2, 1);
    let introduction = world.asks(1, 2).unwrap();
    assert!(world.waits(2).is_empty());
    assert_eq!(world.answers(2, introduction, true), Err(refusal::NO_SUCH_INTRODUCTION), "they weren't asked");
    assert_eq!(world.asks(1, 2), Err(refusal::ALREADY), "as with anybody");
    assert!(world.asks(2, 1).is_ok(), "nor does the other one learn that they were asked for");
    world.days(5);
    assert_eq!(world.sees(1), [News::NotIntroduced]);
    // avoided after they had been asked
    let introduction = world.asks(3, 4).unwrap();
    world.avoids(3, 4);
    assert!(world.waits(4).is_empty());
    world.answers(4, introduction, true).unwrap();
    assert!((1..=6).all(|n| !world.waits(n).contains(&News::Introduced)));
}

#[test]
fn who_said_no_is_not_asked_again_by_the_same_one() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    world.answers(2, introduction, false).unwrap();
    world.days(5);
    assert_eq!(propose(&mut world, None, Some(1), Party::Member(id(2))), Err(unfit::DECLINED));
    world.asks(1, 2).unwrap();
    assert!(world.waits(2).is_empty());
    world.asks(2, 1).unwrap();
    assert_eq!(world.waits(1), [News::NotIntroduced, News::Introduced], "they may come back to it themselves");
}

#[test]
fn two_who_ask_for_each_other_are_introduced() {
    let mut world = World::default();
    world.asks(1, 2).unwrap();
    world.asks(2, 1).unwrap();
    assert_eq!((world.waits(1), world.waits(2)), (vec![News::Introduced], vec![News::Introduced]));
    assert_eq!(world.asks(1, 2), Err(refusal::ALREADY), "never again after an introduction");
    assert_eq!(propose(&mut world, None, Some(2), Party::Member(id(1))), Err(refusal::ALREADY));
}

#[test]
fn who_may_be_asked_for() {
    let mut world = World::default();
    assert_eq!(world.asks(1, 1), Err(refusal::YOURSELF));
    assert_eq!(world.asks(1, 99), Err(refusal::NO_SUCH_MEMBER));
    world.hides(2).pauses(3);
    assert_eq!(world.asks(1, 2), Err(refusal::NO_SUCH_MEMBER), "not shown");
    assert_eq!(world.asks(1, 3), Err(refusal::NO_SUCH_MEMBER), "paused");
    assert_eq!(world.asks(2, 1), Err(refusal::NOT_SHOWN), "nobody could see who asks");
}

#[test]
fn a_member_waits_for_three_at_most() {
    let mut world = World::default();
    let first = world.asks(1, 2).unwrap();
    world.asks(1, 3).unwrap();
    world.asks(1, 4).unwrap();
    world.answers(2, first, false).unwrap();
    assert_eq!(world.asks(1, 5), Err(refusal::TOO_MANY_INTRODUCTIONS), "a decline is shown to nobody");
    world.days(5);
    assert!(world.asks(1, 5).is_ok());
}

#[test]
fn nobody_is_asked_through_do_not_disturb_or_a_week_of_quiet() {
    let mut world = World::default();
    world.asks(1, 2).unwrap();
    world.comes(2).is(2, Availability::DoNotDisturb);
    assert!(world.waits(2).is_empty());
    world.is(2, Availability::Here);
    assert_eq!(world.waits(2), [News::Proposed]);
    world.replies(2, &ForYouReply::Snooze).unwrap();
    assert!(world.waits(2).is_empty());
    assert_eq!(propose(&mut world, None, Some(3), Party::Member(id(2))), Err(unfit::WANTS_QUIET));
    world.days(4);
    world.asks(3, 2).unwrap();
    world.days(3);
    assert_eq!(world.waits(2), [News::Proposed], "a week later: the first has ended, the second is asked");
    // who asks for it themselves wants it
    world.replies(4, &ForYouReply::Snooze).unwrap();
    world.asks(4, 5).unwrap();
    assert_eq!(world.waits(5), [News::Proposed]);
}

#[test]
fn the_manager_asks_both_but_who_offered_to_help() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "relire mon bail");
    let introduction = propose(&mut world, Some(need), None, Party::Member(id(2))).unwrap();
    assert_eq!((world.waits(1), world.waits(2)), (vec![News::Proposed], vec![News::Proposed]));
    world.answers(2, introduction, true).unwrap();
    assert!(!world.waits(2).contains(&News::Introduced));
    world.answers(1, introduction, true).unwrap();
    assert_eq!((world.waits(1), world.waits(2)), (vec![News::Introduced], vec![News::Introduced]));
    world.signs(3, &Action::Help { need }).unwrap();
    let offered = propose(&mut world, Some(need), None, Party::Member(id(3))).unwrap();
    assert!(world.waits(3).is_empty(), "they said so already");
    world.answers(1, offered, true).unwrap();
    assert_eq!(world.waits(3), [News::Introduced]);
}

#[test]
fn an_offer_that_is_not_taken_up_ends_without_a_word() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "relire mon bail");
    world.signs(3, &Action::Help { need }).unwrap();
    let introduction = propose(&mut world, Some(need), None, Party::Member(id(3))).unwrap();
    world.answers(1, introduction, false).unwrap();
    world.days(5);
    assert_eq!((world.waits(1), world.waits(3)), (vec![], vec![]));
}

#[test]
fn what_is_no_longer_looked_for_nobody_is_asked_about() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "relire mon bail");
    let introduction = propose(&mut world, Some(need), None, Party::Member(id(2))).unwrap();
    world.answers(2, introduction, true).unwrap();
    world.signs(1, &Action::WithdrawNeed { need, met: true }).unwrap();
    assert!(world.waits(1).is_empty());
    world.days(5);
    assert_eq!((world.waits(1), world.waits(2)), (vec![], vec![News::NotIntroduced]));
}

#[test]
fn a_contact_has_agreed_already_and_the_asker_meets_them() {
    let mut world = World::default();
    let need = world.looks_for(Some(1), "un notaire");
    let contact = Party::Contact(ContactId(1));
    let introduction = propose(&mut world, Some(need), None, contact).unwrap();
    assert_eq!(propose(&mut world, Some(need), None, contact), Err(refusal::ALREADY));
    world.answers(1, introduction, true).unwrap();
    assert_eq!(world.sees(1), [News::Introduced]);
    world.days(7);
    assert_eq!(world.waits(1), [News::LedSomewhere { can_thank: false }], "nobody to tell the thanks to");
    let space = world.looks_for(None, "photos de la salle");
    assert_eq!(propose(&mut world, Some(space), None, contact), Err(unfit::NO_ASKER));
    assert_eq!(propose(&mut world, Some(need), Some(2), Party::Member(id(2))), Err(refusal::YOURSELF));
}

#[test]
fn a_week_after_each_is_asked_and_a_later_answer_lowers_nothing() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    world.answers(2, introduction, true).unwrap();
    assert_eq!((world.sees(1), world.sees(2)), (vec![News::Introduced], vec![News::Introduced]));
    world.days(6);
    assert!(world.waits(1).is_empty());
    world.days(1);
    let asked = [News::LedSomewhere { can_thank: true }];
    assert_eq!((world.sees(1), world.sees(2)), (asked.to_vec(), asked.to_vec()));
    let says = |led| ForYouReply::Led { introduction, led };
    world.replies(1, &says(Led::Project)).unwrap();
    assert_eq!(led(&world, introduction), Some(Led::Project));
    world.replies(2, &says(Led::Nothing)).unwrap();
    assert_eq!(led(&world, introduction), Some(Led::Project));
    world.days(1);
    assert!(world.waits(1).is_empty() && world.waits(2).is_empty());
    assert_eq!(world.replies(3, &says(Led::Met)), Err(refusal::NO_SUCH_INTRODUCTION), "not theirs");
}

#[test]
fn what_nobody_answers_is_not_asked_for_ever() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    world.answers(2, introduction, true).unwrap();
    world.sees(1);
    world.days(34);
    assert_eq!(world.waits(1), [News::LedSomewhere { can_thank: true }]);
    world.days(1);
    assert!(world.waits(1).is_empty());
}

#[test]
fn a_merci_waits_for_the_other_ones_next_tap_once() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    assert_eq!(world.replies(1, &ForYouReply::Thank { introduction }), Err(refusal::NO_SUCH_INTRODUCTION));
    world.answers(2, introduction, true).unwrap();
    world.sees(1);
    world.sees(2);
    for _ in 0..2 {
        world.replies(1, &ForYouReply::Thank { introduction }).unwrap();
    }
    assert_eq!((world.waits(1), world.sees(2)), (vec![], vec![News::Thanked]));
    world.replies(1, &ForYouReply::Thank { introduction }).unwrap();
    assert!(world.waits(2).is_empty(), "once");
    world.days(7);
    assert_eq!(world.waits(1), [News::LedSomewhere { can_thank: false }]);
}

#[test]
fn who_is_no_longer_shown_or_is_paused_is_asked_about_no_more() {
    let mut world = World::default();
    let introduction = world.asks(1, 2).unwrap();
    world.asks(3, 4).unwrap();
    world.hides(1).pauses(3);
    assert!(world.waits(2).is_empty() && world.waits(4).is_empty());
    world.answers(2, introduction, true).unwrap();
    assert!(!world.waits(2).contains(&News::Introduced));
}

#[test]
fn without_the_time_nothing_of_an_earlier_boot_ends() {
    let mut world = World::default();
    world.asks(1, 2).unwrap();
    world.minutes += 60;
    let mut later = world.now();
    (later.boot, later.since_boot, later.wall) = (crate::clock::BootId(Uuid::from_u128(2)), Duration::from_secs(9), None);
    assert!(world.community.introductions().overdue(&later).is_empty());
}

/// A need that keeps its author's name.
fn without_a_name(world: &mut World, n: u128, audience: Audience) -> NeedId {
    world.ids += 1;
    let need = NeedId(Uuid::from_u128(world.ids));
    let what = world.community.post(Some(id(n)), "relire mon bail", &[], audience, need).unwrap();
    world.happens(what);
    need
}

#[test]
fn about_a_need_without_a_name_the_helper_is_asked_once_its_author_has_accepted() {
    for audience in [Audience::Unnamed, Audience::Coordination] {
        let mut world = World::default();
        let need = without_a_name(&mut world, 1, audience);
        let introduction = propose(&mut world, Some(need), None, Party::Member(id(2))).unwrap();
        assert_eq!((world.waits(1), world.waits(2)), (vec![News::Proposed], vec![]));
        assert_eq!(world.answers(2, introduction, true), Err(refusal::NO_SUCH_INTRODUCTION), "they weren't asked");
        world.answers(1, introduction, true).unwrap();
        assert_eq!(world.waits(2), [News::Proposed]);
        world.answers(2, introduction, true).unwrap();
        assert_eq!((world.waits(1), world.waits(2)), (vec![News::Introduced], vec![News::Introduced]));
    }
}

#[test]
fn a_helper_who_was_never_asked_hears_nothing_of_it() {
    let mut world = World::default();
    let need = without_a_name(&mut world, 1, Audience::Unnamed);
    let introduction = propose(&mut world, Some(need), None, Party::Member(id(2))).unwrap();
    world.answers(1, introduction, false).unwrap();
    for _ in 0..7 {
        assert!(world.sees(2).is_empty());
        world.days(1);
    }
}

#[test]
fn who_asks_for_one_they_offered_to_help_without_a_name_is_answered_as_for_anybody() {
    let answers = |is_asked: u128, offers: bool, declines: bool| {
        let mut world = World::default();
        let need = without_a_name(&mut world, 1, Audience::Unnamed);
        if offers {
            world.signs(2, &Action::Help { need }).unwrap();
        }
        let introduction = propose(&mut world, Some(need), None, Party::Member(id(2))).unwrap();
        if declines {
            world.answers(1, introduction, false).unwrap();
        }
        let mut told = vec![(world.asks(2, is_asked).map(drop), world.sees(2))];
        for _ in 0..6 {
            told.push((world.asks(2, is_asked).map(drop), world.sees(2)));
            world.days(1);
        }
        told
    };
    for (offers, declines) in [(false, false), (false, true), (true, false), (true, true)] {
        assert_eq!(answers(1, offers, declines), answers(3, offers, declines), "offered {offers}, declined {declines}");
    }
}

#[test]
fn two_with_two_ideas_of_meeting_are_introduced_once() {
    let mut world = World::default();
    let need = without_a_name(&mut world, 1, Audience::Unnamed);
    world.signs(2, &Action::Help { need }).unwrap();
    let managers = propose(&mut world, Some(need), None, Party::Member(id(2))).unwrap();
    let own = world.asks(2, 1).unwrap();
    assert_eq!(world.sees(1), [News::Proposed, News::Proposed]);
    world.answers(1, own, true).unwrap();
    world.answers(1, managers, true).unwrap();
    assert_eq!((world.sees(1), world.sees(2)), (vec![News::Introduced], vec![News::Introduced]));
    world.days(5);
    assert_eq!((world.waits(1), world.waits(2)), (vec![], vec![]), "the other one ends without a word");
}
