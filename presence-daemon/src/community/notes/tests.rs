use super::*;
use crate::community::Step as Between;
use crate::community::tests::world::{World, id};
use uuid::Uuid;
use voisins_shared::payload::{Action, ForYouReply};

impl World {
    fn leaves(&mut self, n: u128, to: u128, text: &str) -> Result<NoteId, &'static str> {
        self.signs(n, &Action::LeaveNote { member: id(to), text: text.into() }).map(NoteId)
    }

    fn note_texts(&self, n: u128) -> Vec<String> {
        self.around(|around| self.community.notes().waiting(id(n), around).into_iter().map(|note| note.text.clone()).collect())
    }

    fn opens(&mut self, n: u128) -> Vec<NoteId> {
        let notes: Vec<NoteId> =
            self.around(|around| self.community.notes().waiting(id(n), around).into_iter().map(|note| note.id).collect());
        for note in &notes {
            self.happens(What::Note(Happened::Opened { note: *note, by: id(n) }));
        }
        notes
    }

    fn kept(&self) -> usize {
        self.community.notes.all.len()
    }
}

#[test]
fn a_note_is_shown_once_and_gone_at_the_end_of_that_day() {
    let mut world = World::default();
    world.leaves(1, 2, "  Merci\n pour hier ").unwrap();
    world.minutes += 1;
    world.leaves(3, 2, "un café?").unwrap();
    assert_eq!(world.note_texts(2), ["Merci pour hier", "un café?"], "the oldest first");
    world.days(3);
    assert_eq!(world.opens(2).len(), 2);
    assert!(world.note_texts(2).is_empty());
    world.minutes += 60;
    world.time_passes();
    assert_eq!(world.kept(), 2, "the same day");
    world.days(1);
    assert_eq!(world.kept(), 0);
}

#[test]
fn a_note_that_nobody_opens_is_gone_after_a_month() {
    let mut world = World::default();
    world.leaves(1, 2, "coucou").unwrap();
    world.days(29);
    assert_eq!(world.note_texts(2).len(), 1);
    world.days(1);
    assert_eq!((world.note_texts(2).len(), world.kept()), (0, 0));
}

#[test]
fn five_notes_a_day_of_at_most_280_characters() {
    let mut world = World::default();
    for bad in ["", " ", &"x".repeat(281)] {
        assert_eq!(world.leaves(1, 2, bad), Err(refusal::BAD_NOTE));
    }
    for n in 0..5 {
        world.leaves(1, 2 + n % 2, "coucou").unwrap();
    }
    world.opens(2);
    assert_eq!(world.leaves(1, 4, "encore"), Err(refusal::TOO_MANY_NOTES));
    assert!(world.leaves(2, 1, "moi aussi").is_ok());
    world.days(1);
    assert!(world.leaves(1, 4, "encore").is_ok());
}

#[test]
fn who_may_be_written_to() {
    let mut world = World::default();
    world.hides(2).pauses(3);
    assert_eq!(world.leaves(1, 1, "moi"), Err(refusal::YOURSELF));
    for nobody in [2, 3, 99] {
        assert_eq!(world.leaves(1, nobody, "coucou"), Err(refusal::NO_SUCH_MEMBER));
    }
}

#[test]
fn no_more_notes_of_somebody_and_they_never_learn_it() {
    let mut world = World::default();
    world.leaves(1, 2, "un").unwrap();
    let note = world.opens(2)[0];
    world.leaves(1, 2, "deux").unwrap();
    world.replies(2, &ForYouReply::NoMoreNotes { note }).unwrap();
    assert!(world.note_texts(2).is_empty(), "nor the one that waited");
    world.leaves(1, 2, "trois").unwrap();
    assert!(world.note_texts(2).is_empty());
    assert!(world.community.notes.all.values().all(|note| note.text != "trois"), "what nobody will read isn't kept");
    for _ in 0..2 {
        world.leaves(1, 3, "quatre").unwrap();
    }
    assert_eq!(world.leaves(1, 2, "six"), Err(refusal::TOO_MANY_NOTES), "they count");
    assert_eq!(world.note_texts(3).len(), 2);
    world.days(40);
    assert_eq!(world.kept(), 0);
    world.leaves(1, 2, "sept").unwrap();
    assert!(world.note_texts(2).is_empty(), "for ever");
}

#[test]
fn a_reported_note_is_kept_until_the_manager_has_looked() {
    let mut world = World::default();
    let unseen = world.leaves(1, 2, "vilain").unwrap();
    assert_eq!(world.replies(2, &ForYouReply::ReportNote { note: unseen }), Err(refusal::NOT_ALLOWED), "not opened yet");
    let note = world.opens(2)[0];
    assert_eq!(world.replies(3, &ForYouReply::ReportNote { note }), Err(refusal::NOT_ALLOWED), "not theirs");
    world.replies(2, &ForYouReply::ReportNote { note }).unwrap();
    world.days(60);
    let reports: Vec<String> = world.community.notes().to_settle().iter().map(|note| note.text.clone()).collect();
    assert_eq!(reports, ["vilain"]);
    world.does(&Between::Note(Step::Settle(note))).unwrap();
    assert!(world.community.notes().to_settle().is_empty());
    assert!(world.community.notes.all.values().all(|note| note.text.is_empty()), "its words are gone at once");
    assert_eq!(world.does(&Between::Note(Step::Settle(note))), Err(refusal::NOT_ALLOWED));
    world.time_passes();
    assert_eq!(world.kept(), 0);
}

#[test]
fn je_connais_quelqu_un_goes_to_who_asked_or_to_the_coordination() {
    let mut world = World::default();
    let named = world.looks_for(Some(1), "un notaire");
    let space = world.looks_for(None, "photos de la salle");
    let secret = NeedId(Uuid::from_u128(7));
    let what = world.community.post(Some(id(1)), "secret", &[], Audience::Coordination, secret).unwrap();
    world.happens(what);
    let mut refers = |n, need| world.signs(n, &Action::Refer { need, text: "ma cousine".into() });
    assert_eq!(refers(1, named), Err(refusal::YOUR_OWN));
    assert_eq!(refers(2, secret), Err(refusal::NO_SUCH_NEED), "as if it weren't there");
    refers(2, named).unwrap();
    refers(2, space).unwrap();
    assert_eq!(world.note_texts(1), ["ma cousine"]);
    assert_eq!(
        world.community.notes().to_settle().iter().map(|note| (note.to, note.need)).collect::<Vec<_>>(),
        [(None, Some(space))]
    );
    world.hides(1);
    world.signs(3, &Action::Refer { need: named, text: "mon oncle".into() }).unwrap();
    assert_eq!(world.community.notes().to_settle().len(), 2, "who isn't shown any more is reached through the coordination");
}

#[test]
fn notes_of_somebody_who_is_paused_wait_with_them() {
    let mut world = World::default();
    world.leaves(1, 2, "coucou").unwrap();
    world.pauses(1);
    assert!(world.note_texts(2).is_empty());
    world.changes(1, |member| member.standing = Standing::Active);
    assert_eq!(world.note_texts(2), ["coucou"]);
}

#[test]
fn the_events_hold_no_word() {
    let mut world = World::default();
    let note = NoteId(Uuid::from_u128(1));
    let step = Step::Leave { author: id(1), to: id(2), text: "mot secret".into(), note };
    let decided = world.around(|around| world.community.decide(&Between::Note(step), around)).unwrap();
    assert!(!serde_json::to_string(&decided).unwrap().contains("secret"));
    for what in decided {
        world.happens(what);
    }
    assert_eq!(world.note_texts(2), ["mot secret"]);
}
