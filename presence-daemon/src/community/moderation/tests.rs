use super::super::agenda::{Calendar, CalendarId, Event, Step as Agenda, Words};
use super::super::tests::{Board, member};
use super::super::{Draft, Step as Between, needs};
use super::*;
use uuid::Uuid;
use voisins_shared::payload::{Action, Kind};

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

#[test]
fn what_its_author_turns_to_the_coordination_can_still_be_approved_restored_and_not_reported() {
    let mut board = Board::default();
    board.community = Community::default().with_moderation(Moderation::default(), true);
    let (held, shown) = (board.post(1, "un comptable").unwrap(), board.post(4, "un logo").unwrap());
    board.manager(Step::Approve(shown)).unwrap();
    board.reports(2, shown).unwrap();
    for (n, need) in [(1, held), (4, shown)] {
        let edit = Action::EditNeed { need, text: "un bail".into(), skills: vec![], audience: Audience::Coordination };
        board.sign(n, &edit).unwrap();
    }
    assert_eq!(board.reports(3, shown), Err(refusal::NO_SUCH_NEED));
    assert_eq!(board.manager(Step::Approve(held)), Ok(1));
    assert_eq!(board.manager(Step::Restore(of(shown))), Ok(1));
    assert_eq!((board.shown(), board.community.moderation().desk().len()), (0, 0));
    assert_eq!(board.community.moderation().held().count(), 0);
}

fn event(n: u128) -> EventId {
    EventId(Uuid::from_u128(n))
}

impl Board {
    /// A calendar has these, which begin tomorrow at 9.
    fn reads(&mut self, events: &[u128]) {
        let starts: Timestamp = "2026-10-24T13:00:00Z".parse().unwrap();
        let (kind, words) = (Kind::Event, Words { title: "n’importe quoi".into(), place: None });
        let event = |n: &u128| {
            let (id, words) = (event(*n), words.clone());
            Event { id, kind, words, starts, ends: None, all_day: None, firm: true, proposed: None }
        };
        let (name, imported, events) = ("quartier".to_owned(), false, events.iter().map(event).collect());
        let calendar = CalendarId::of(&name);
        self.happens(What::CalendarRead { calendar, read: Calendar { name, imported, events } });
    }

    /// How much is forgotten as time passes.
    fn forgets(&mut self, hours: i64) -> usize {
        self.hours += hours;
        let overdue = self.community.overdue(&self.now());
        let many = overdue.len();
        self.time_passes();
        many
    }
}

#[test]
fn a_reported_event_of_a_calendar_leaves_the_desk_once_it_is_over() {
    let mut board = Board::default();
    board.reads(&[1, 2]);
    board.sign(2, &Action::Report { what: Reported::Event { event: event(1) } }).unwrap();
    board.manager(Step::Hide(Reported::Event { event: event(2) })).unwrap();
    assert_eq!((board.forgets(25), board.community.moderation().desk().len()), (0, 2), "it goes on");
    assert_eq!((board.forgets(1), board.forgets(1)), (2, 0));
    assert_eq!(*board.community.moderation(), Moderation::default());
}

#[test]
fn an_event_that_its_calendar_no_longer_has_stays_hidden_until_the_manager_has_looked_and_is_then_forgotten() {
    let mut board = Board::default();
    let what = Reported::Event { event: event(1) };
    board.reads(&[1]);
    for n in [2, 3] {
        board.sign(n, &Action::Report { what }).unwrap();
    }
    board.reads(&[]);
    assert_eq!(board.forgets(1), 0);
    board.reads(&[1]);
    assert!(board.community.agenda().is_hidden(event(1)), "it came back");
    board.reads(&[]);
    assert_eq!(board.manager(Step::Restore(what)), Ok(1));
    assert_eq!(board.forgets(1), 1);
    assert_eq!(*board.community.moderation(), Moderation::default());
}

#[test]
fn where_the_space_wants_it_so_a_proposed_event_is_hidden_until_the_manager_has_looked() {
    let mut board = Board::default();
    board.community = Community::default().with_moderation(Moderation::default(), true);
    let (games, wall) = (event(1), board.now().wall);
    let (author, words) = (member(1), Words { title: "jeux".into(), place: None });
    let starts = "2026-10-24T22:00:00Z".parse().unwrap();
    board.step(&Between::Agenda(Agenda::Propose { author, words, starts, firm_at: 2, event: games, wall })).unwrap();
    assert!(board.community.agenda().is_hidden(games) && board.community.awaits_approval(games));
    board.manager(Step::Restore(Reported::Event { event: games })).unwrap();
    assert!(!board.community.agenda().is_hidden(games) && !board.community.awaits_approval(games));
}
