use super::super::tests::{Board, member};
use super::super::{Draft, Step as Between, needs};
use super::*;
use uuid::Uuid;
use voisins_shared::agenda::EventId;
use voisins_shared::need::Audience;
use voisins_shared::payload::Action;

fn of(need: NeedId) -> Reported {
    Reported::Need { need }
}

impl Board {
    fn reports(&mut self, n: u128, need: NeedId) -> Result<NeedId, &'static str> {
        self.sign(n, &Action::Report { what: of(need) })
    }

    fn both_report(&mut self, need: NeedId) {
        for n in [2, 3] {
            self.reports(n, need).unwrap();
        }
    }

    fn manager(&mut self, step: Step) -> Result<usize, &'static str> {
        self.step(&Between::Moderation(step))
    }

    fn shown(&self) -> usize {
        self.community.needs().into_iter().filter(|need| self.community.is_public(need)).count()
    }
}

#[test]
fn one_badge_puts_it_on_the_desk_and_two_different_ones_hide_it() {
    let mut board = Board::default();
    let need = board.post(1, "n’importe quoi").unwrap();
    assert_eq!(board.reports(1, need), Err(refusal::YOUR_OWN));
    board.reports(2, need).unwrap();
    board.reports(2, need).unwrap();
    assert_eq!((board.shown(), board.community.moderation().reports(of(need))), (1, 1), "the same badge twice is one");
    assert_eq!(board.community.moderation().desk(), [of(need)].into());
    board.reports(3, need).unwrap();
    assert_eq!((board.shown(), board.community.is_hidden(need)), (0, true));
}

#[test]
fn what_is_hidden_is_as_if_it_were_not_there() {
    let mut board = Board::default();
    let need = board.post(1, "n’importe quoi").unwrap();
    board.sign(4, &Action::Help { need }).unwrap();
    board.manager(Step::Hide(of(need))).unwrap();
    assert_eq!(board.sign(2, &Action::Help { need }), Err(refusal::NO_SUCH_NEED));
    assert_eq!(board.reports(2, need), Err(refusal::NO_SUCH_NEED));
    assert_eq!(board.community.offers_to(member(1)).count(), 0);
    let edit = Action::EditNeed { need, text: "gentil".into(), skills: vec![], audience: Audience::Named };
    assert_eq!(board.sign(1, &edit), Err(refusal::NO_SUCH_NEED), "not written round the manager's look");
    board.sign(1, &Action::WithdrawNeed { need, met: false }).unwrap();
    assert!(board.community.moderation().desk().is_empty(), "what is closed is off the desk");
}

#[test]
fn after_the_manager_has_looked_only_new_reports_count() {
    let mut board = Board::default();
    let need = board.post(1, "un comptable").unwrap();
    board.both_report(need);
    assert_eq!(board.manager(Step::Restore(of(need))), Ok(1));
    assert_eq!((board.shown(), board.community.moderation().desk().len()), (1, 0));
    for n in [2, 3, 4] {
        board.reports(n, need).unwrap();
    }
    assert_eq!(board.shown(), 1, "the same reports don't hide it again");
    board.reports(5, need).unwrap();
    assert_eq!(board.shown(), 0, "new ones do");
    assert_eq!(board.manager(Step::Restore(of(need))), Ok(1));
    assert_eq!(board.manager(Step::Restore(of(need))), Ok(0), "twice is once");
}

#[test]
fn new_words_may_be_reported_by_who_reported_the_old_ones() {
    let mut board = Board::default();
    let need = board.post(1, "un comptable").unwrap();
    board.both_report(need);
    board.manager(Step::Restore(of(need))).unwrap();
    let edit = Action::EditNeed { need, text: "pire".into(), skills: vec![], audience: Audience::Named };
    board.sign(1, &edit).unwrap();
    board.both_report(need);
    assert_eq!(board.shown(), 0);
}

#[test]
fn what_only_the_manager_reads_or_nobody_keeps_can_not_be_reported() {
    let mut board = Board::default();
    let secret = Action::PostNeed { text: "secret".into(), skills: vec![], audience: Audience::Coordination };
    let need = board.sign(1, &secret).unwrap();
    assert_eq!(board.reports(2, need), Err(refusal::NO_SUCH_NEED));
    let event = Reported::Event { event: EventId(Uuid::nil()) };
    assert_eq!(board.sign(2, &Action::Report { what: event }), Err(refusal::NO_SUCH_EVENT));
}

#[test]
fn who_is_paused_puts_nothing_up_and_the_manager_may_for_them() {
    let mut board = Board::default();
    let before = board.post(1, "avant").unwrap();
    board.manager(Step::Pause(member(1))).unwrap();
    assert_eq!(board.manager(Step::Pause(member(1))), Ok(0));
    assert_eq!(board.post(1, "après"), Err(refusal::PAUSED));
    assert_eq!(board.community.may_put_up(member(1)), Err(refusal::PAUSED));
    let edit = Action::EditNeed { need: before, text: "autre".into(), skills: vec![], audience: Audience::Named };
    assert_eq!(board.sign(1, &edit), Err(refusal::PAUSED));
    board.post(2, "quelqu’un d’autre").unwrap();
    board.sign(1, &Action::WithdrawNeed { need: before, met: false }).unwrap();
    board.manager(Step::Resume(member(1))).unwrap();
    board.post(1, "de nouveau").unwrap();
}

#[test]
fn where_the_space_wants_it_so_a_members_need_waits_for_the_manager_each_time_it_is_written() {
    let mut board = Board::default();
    board.community = Community::default().with_moderation(Moderation::default(), true);
    let need = board.post(1, "un comptable").unwrap();
    assert_eq!((board.shown(), board.community.moderation().held().count()), (0, 1));
    assert_eq!(board.sign(2, &Action::Help { need }), Err(refusal::NO_SUCH_NEED));
    board.manager(Step::Approve(need)).unwrap();
    assert_eq!(board.shown(), 1);
    let edit = Action::EditNeed { need, text: "une comptable".into(), skills: vec![], audience: Audience::Named };
    board.sign(1, &edit).unwrap();
    assert_eq!(board.shown(), 0, "written anew");
    board.manager(Step::Approve(need)).unwrap();
    let draft = Draft { text: "photos".into(), skills: vec![] };
    let (audience, id) = (Audience::Named, NeedId(Uuid::from_u128(50)));
    board.step(&Between::Need(needs::Step::Put { author: None, draft, audience, need: id, passes: None })).unwrap();
    assert_eq!(board.shown(), 2, "the manager's own doesn't wait");
}
