use super::super::Step as Between;
use super::super::tests::{Board, decided, member, need};
use super::*;
use voisins_shared::payload::{Action, ForYouReply};

const DAY: i64 = 24;

fn edit(need: NeedId, text: &str, audience: Audience) -> Action {
    Action::EditNeed { need, text: text.into(), skills: vec!["Baux".into()], audience }
}

fn put(need: NeedId, passes: Option<u32>, author: Option<MemberId>) -> Between {
    let draft = Draft { text: "photos de la salle".into(), skills: vec![] };
    Between::Need(Step::Put { author, draft, audience: Audience::Named, need, passes })
}

fn fulfil(need: NeedId, by: u128) -> Between {
    Between::Need(Step::Fulfil { need, by: member(by) })
}

fn today(board: &Board) -> Date {
    board.now().wall.unwrap().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn asked(board: &Board, n: u128) -> usize {
    board.community.still_open(member(n), &board.now(), today(board)).count()
}

#[test]
fn only_its_author_writes_a_need_anew_and_as_they_would_put_it_up() {
    let mut board = Board::default();
    let id = board.post(1, "relire un bail").unwrap();
    assert_eq!(board.sign(2, &edit(id, "autre chose", Audience::Named)), Err(refusal::NOT_YOURS));
    assert_eq!(board.sign(1, &edit(need(99), "x", Audience::Named)), Err(refusal::NO_SUCH_NEED));
    assert_eq!(board.sign(1, &edit(id, " ", Audience::Named)), Err(refusal::BAD_NEED));
    board.sign(1, &edit(id, "  relire   un bail commercial", Audience::Unnamed)).unwrap();
    let found = board.community.need(id).unwrap();
    assert_eq!(
        (&*found.draft.text, &*found.draft.skills, found.audience),
        ("relire un bail commercial", &["Baux".to_owned()][..], Audience::Unnamed)
    );
    let same = Between::signed(member(1), &edit(id, "relire un bail commercial", Audience::Unnamed), id.0).unwrap();
    assert_eq!(board.step(&same), Ok(0), "twice is once");
}

#[test]
fn who_saw_the_old_words_has_not_seen_the_new_ones() {
    let mut board = Board::default();
    let id = board.post(1, "un comptable").unwrap();
    let side = super::super::Side::Helper;
    board.happens(What::MatchTold { need: id, helper: member(2), side, to: member(2) });
    board.sign(2, &Action::Help { need: id }).unwrap();
    board.sign(1, &edit(id, "un avocat", Audience::Named)).unwrap();
    assert!(!board.community.was_told(id, member(2), side));
    assert_eq!(board.community.offers_to(member(1)).count(), 1, "who offered to help still did");
}

#[test]
fn who_saw_the_words_is_not_told_again_when_only_the_name_beside_them_changes() {
    let mut board = Board::default();
    let id = board.post(1, "un comptable").unwrap();
    board.sign(1, &edit(id, "un comptable", Audience::Named)).unwrap();
    let side = super::super::Side::Helper;
    board.happens(What::MatchTold { need: id, helper: member(2), side, to: member(2) });
    board.sign(1, &edit(id, "un comptable", Audience::Unnamed)).unwrap();
    assert!(board.community.was_told(id, member(2), side));
}

#[test]
fn a_need_that_was_met_is_told_apart_from_one_that_was_taken_down() {
    let mut board = Board::default();
    let ends = |board: &Board, action: &Action| {
        let step = Between::signed(member(1), action, uuid::Uuid::nil()).unwrap();
        decided(&board.community, &step, &board.now()).map(|events| match events.as_slice() {
            [What::NeedClosed { end, .. }] => *end,
            other => panic!("{other:?}"),
        })
    };
    let need = board.post(1, "un comptable").unwrap();
    assert_eq!(ends(&board, &Action::WithdrawNeed { need, met: true }), Ok(NeedEnd::Met));
    assert_eq!(ends(&board, &Action::WithdrawNeed { need, met: false }), Ok(NeedEnd::Withdrawn));
    assert_eq!(board.reply(2, &ForYouReply::Close { need, met: true }), Err(refusal::NOT_YOURS));
    board.reply(1, &ForYouReply::Close { need, met: true }).unwrap();
    assert!(board.texts().is_empty());
}

#[test]
fn an_author_is_asked_three_days_before_the_end_once_a_day_and_three_weeks_more_are_three_weeks_from_then() {
    let mut board = Board::default();
    let need = board.post(1, "un comptable").unwrap();
    board.hours = 17 * DAY;
    assert_eq!(asked(&board, 1), 0);
    board.hours = 18 * DAY;
    assert_eq!((asked(&board, 1), asked(&board, 2)), (1, 0));
    board.happens(What::Need(Change::Asked { need, to: member(1), day: today(&board) }));
    assert_eq!(asked(&board, 1), 0, "once a day");
    board.hours = 19 * DAY;
    assert_eq!(asked(&board, 1), 1, "until it is answered");
    assert_eq!(board.reply(2, &ForYouReply::Renew { need }), Err(refusal::NOT_YOURS));
    board.reply(1, &ForYouReply::Renew { need }).unwrap();
    assert_eq!(asked(&board, 1), 0);
    board.hours = 39 * DAY;
    board.time_passes();
    assert_eq!((board.texts().len(), asked(&board, 1)), (1, 1));
    board.hours = 40 * DAY;
    board.time_passes();
    assert!(board.texts().is_empty());
}

#[test]
fn a_need_renewed_before_the_clock_is_known_ends_three_weeks_after_that() {
    let mut board = Board::default();
    let need = board.post(1, "un comptable").unwrap();
    board.hours = 20 * DAY;
    board.untrusted = true;
    board.reply(1, &ForYouReply::Renew { need }).unwrap();
    board.hours = 30 * DAY;
    board.untrusted = false;
    board.time_passes();
    assert_eq!(board.texts().len(), 1, "nobody can say when it ends");
    board.happens(What::ClockKnown);
    board.hours = 40 * DAY;
    board.time_passes();
    assert_eq!(board.texts().len(), 1);
    board.hours = 41 * DAY;
    board.time_passes();
    assert!(board.texts().is_empty());
}

#[test]
fn pas_cette_fois_lets_these_two_be_whoever_of_them_says_so() {
    let mut board = Board::default();
    let id = board.post(1, "un comptable").unwrap();
    let not = |helper: Option<u128>| ForYouReply::NotThisTime { need: id, helper: helper.map(member) };
    assert_eq!(board.reply(1, &not(None)), Err(refusal::NOT_ALLOWED), "whom?");
    assert_eq!(board.reply(2, &not(Some(3))), Err(refusal::NOT_ALLOWED), "that is for 3 to say");
    assert_eq!(board.reply(1, &not(Some(1))), Err(refusal::NOT_ALLOWED));
    board.reply(2, &not(None)).unwrap();
    board.reply(3, &not(Some(3))).unwrap();
    board.reply(1, &not(Some(4))).unwrap();
    assert_eq!(board.reply(4, &not(None)), Ok(0), "twice is once, and nobody learns of it");
    assert_eq!(board.community.need(id).unwrap().let_be, [2, 3, 4].map(member).into());
}

#[test]
fn only_the_space_gives_passes_and_pays_them_once_to_who_met_the_need() {
    let mut board = Board::default();
    for bad in [put(need(1), Some(0), None), put(need(1), Some(101), None), put(need(1), Some(5), Some(member(1)))] {
        assert_eq!(board.step(&bad), Err(refusal::BAD_NEED), "{bad:?}");
    }
    board.step(&put(need(1), Some(5), None)).unwrap();
    assert_eq!(board.community.need(need(1)).unwrap().passes, Some(5));
    board.step(&fulfil(need(1), 2)).unwrap();
    let balance = |board: &Board, n| board.community.ledger().account(member(n)).map_or(0, ledger::Account::balance);
    assert_eq!(board.community.ledger().untold(member(2)).collect::<Vec<_>>(), [(need(1), 5)]);
    assert_eq!(board.step(&fulfil(need(1), 2)), Ok(0), "once");
    assert_eq!(board.step(&fulfil(need(1), 3)), Err(MET_BY_ANOTHER));
    assert_eq!((balance(&board, 2), balance(&board, 3), board.texts().len()), (5, 0, 0));
    board.happens(What::Ledger(ledger::Change::EarnedTold { need: need(1), to: member(2) }));
    assert_eq!(board.community.ledger().untold(member(2)).count(), 0, "told once");
}

#[test]
fn a_members_need_is_met_by_somebody_else_and_for_nothing() {
    let mut board = Board::default();
    let id = board.post(1, "un comptable").unwrap();
    assert_eq!(board.step(&fulfil(id, 1)), Err(refusal::YOUR_OWN));
    board.step(&fulfil(id, 2)).unwrap();
    assert_eq!(board.community.ledger().account(member(2)), None);
    assert_eq!(board.step(&fulfil(need(99), 2)), Err(refusal::NO_SUCH_NEED));
}
