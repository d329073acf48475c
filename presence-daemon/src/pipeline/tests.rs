//! Between neighbours, from the badge to what waits and back, on a database that is opened again and again.

mod home;
mod random;

use super::*;
use crate::authentic::Proof;
use crate::community::introductions;
use crate::config::{Config, Role};
use crate::control::Desk;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use voisins_shared::introduction::IntroductionId;
use voisins_shared::need::NeedId;
use voisins_shared::note::NoteId;
use voisins_shared::payload::{Action, ForYouReply, Waits};
use voisins_shared::uid::Uid;

const CSV: &str = "id,name,skills,interests,email,consent,badge\n\
    ,Anne Tremblay,Comptabilité,vélo,m1@example.org,name;skills;interests @ 2026-01-05 papier,04A1B201\n\
    ,Benoît Lavoie,Sites web,vélo,m2@example.org,name;skills;interests @ 2026-01-05 papier,04A1B202\n\
    ,Chiara Bellini,Italien;Traduction,échecs,m3@example.org,name;skills;interests @ 2026-01-05 papier,04A1B203\n\
    ,Dora Ng,Logo,échecs;vélo,m4@example.org,name;skills;interests @ 2026-01-05 papier,04A1B204\n";

struct Rig {
    folder: tempfile::TempDir,
    pipeline: Option<Pipeline>,
    minutes: i64,
    /// The boot, and in which minute it began.
    boot: (u128, i64),
    /// Nobody knows the time.
    blind: bool,
    ids: u128,
}

fn open(folder: &Path) -> Pipeline {
    let config = Config::parse(&format!("site = 'a'\nstate = '{}'", folder.display()), Path::new("test")).unwrap();
    let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
    Pipeline::new(House::open(config).unwrap(), outgoing)
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut pipeline = open(folder.path());
        assert!(matches!(pipeline.control(Ask::Import { csv: CSV.into(), dry_run: false }), Reply::Imported(_)));
        pipeline.house.learn();
        Self { folder, pipeline: Some(pipeline), minutes: 0, boot: (1, 0), blind: false, ids: 0 }
    }

    fn pipeline(&mut self) -> &mut Pipeline {
        self.pipeline.as_mut().unwrap()
    }

    fn house(&self) -> &House {
        &self.pipeline.as_ref().unwrap().house
    }

    fn now(&self) -> Now {
        let wall = "2026-11-30T14:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(self.minutes);
        let (boot, begun) = self.boot;
        let since_boot = Duration::from_secs(60 * (self.minutes - begun).unsigned_abs() + 60);
        Now { boot: crate::clock::BootId(Uuid::from_u128(boot)), since_boot, wall: (!self.blind).then_some(wall) }
    }

    fn restarts(&mut self) {
        let before = self.house().community().clone();
        self.pipeline = None;
        self.pipeline = Some(open(self.folder.path()));
        assert_eq!(*self.house().community(), before, "what was is what is");
    }

    fn id(&self, n: u8) -> MemberId {
        self.house().find(&format!("m{n}@example.org")).unwrap()
    }

    fn card(&self, n: u8) -> Card {
        self.house().card(&Uid::from_hex(&format!("04A1B20{n}")).unwrap(), Proof::Uid)
    }

    fn handles(&mut self, input: &Input) -> Outcome {
        let now = self.now();
        let decision = self.house().decide(input, &now);
        self.pipeline().settle(decision, &now, None).unwrap()
    }

    fn taps(&mut self, n: u8) -> Outcome {
        let reader = ReaderName::new("porte").unwrap();
        self.handles(&Input::Tap { reader, role: Role::Arrival, card: self.card(n), dice: 7 })
    }

    /// The id is that of what it made, if it made anything.
    fn signs(&mut self, n: u8, action: &Action) -> (Outcome, Uuid) {
        self.ids += 1;
        let (reader, new) = (ReaderName::new("porte").unwrap(), Uuid::from_u128(self.ids));
        let (card, action) = (self.card(n), action.clone());
        (self.handles(&Input::Sign { reader, role: Role::Arrival, card, dice: 7, action, new }), new)
    }

    fn replies(&mut self, n: u8, reply: &ForYouReply) -> Outcome {
        let step = Step::replied(self.id(n), reply).unwrap();
        self.handles(&Input::Between(step))
    }

    fn waiting(&self, n: u8) -> Vec<ForYou> {
        let pipeline = self.pipeline.as_ref().unwrap();
        pipeline.waiting(self.id(n), &self.now()).into_iter().map(|waiting| waiting.item).collect()
    }

    fn waits(&self, n: u8) -> Waits {
        self.pipeline.as_ref().unwrap().waits(self.id(n), &self.now())
    }

    /// *Voir*.
    fn sees(&mut self, n: u8) -> Vec<ForYou> {
        let waiting = self.pipeline.as_ref().unwrap().waiting(self.id(n), &self.now());
        let (items, told) = waiting.into_iter().map(|waiting| (waiting.item, waiting.told)).unzip();
        self.handles(&Input::Between(Step::Told(told)));
        items
    }

    fn asks(&mut self, n: u8, other: u8) -> (Outcome, IntroductionId) {
        let (outcome, new) = self.signs(n, &Action::AskIntroduction { member: self.id(other) });
        (outcome, IntroductionId(new))
    }

    fn leaves(&mut self, n: u8, other: u8, text: &str) -> (Outcome, NoteId) {
        let (outcome, new) = self.signs(n, &Action::LeaveNote { member: self.id(other), text: text.into() });
        (outcome, NoteId(new))
    }

    fn desk(&mut self, ask: Desk) -> Result<String, String> {
        let now = self.now();
        match self.pipeline().linking(ask, &now) {
            Ok(Reply::Text(text)) => Ok(text),
            Ok(_) => Ok(String::new()),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[test]
fn asked_at_a_badge_accepted_on_voir_told_to_both_and_thanked() {
    let mut rig = Rig::new();
    rig.taps(1);
    rig.taps(2);
    rig.sees(1);
    rig.sees(2);
    let (asked, introduction) = rig.asks(1, 2);
    assert!(matches!(asked, Outcome::Signed { .. }), "{asked:?}");
    assert_eq!(rig.waits(2), Waits { introductions: 1, ..Waits::default() });
    let items = rig.sees(2);
    let [ForYou::Proposed { other: Some(other), about: None, .. }] = &*items else { panic!("{items:?}") };
    assert_eq!(other.first_name, "Anne");
    assert_eq!(rig.replies(2, &ForYouReply::Introduction { introduction, accepted: true }), Outcome::Settled);
    rig.restarts();
    let items = rig.sees(1);
    let [ForYou::Introduced { other: Some(other), contact: None, .. }] = &*items else { panic!("{items:?}") };
    assert_eq!(other.first_name, "Benoît");
    assert!(matches!(&*rig.sees(2), [ForYou::Introduced { .. }]));
    rig.minutes += 7 * 24 * 60;
    rig.taps(1);
    assert_eq!(rig.waits(1), Waits { others: 1, ..Waits::default() }, "no introduction waits, but news of one");
    assert!(rig.sees(1).iter().any(|item| matches!(item, ForYou::LedSomewhere { can_thank: true, .. })));
    rig.replies(1, &ForYouReply::Thank { introduction });
    rig.restarts();
    let thanked = |item: &ForYou| matches!(item, ForYou::Thanked { by: Some(by) } if by.first_name == "Anne");
    assert_eq!(rig.sees(2).into_iter().filter(thanked).count(), 1);
    assert_eq!(rig.sees(2).into_iter().filter(thanked).count(), 0);
}

#[test]
fn a_decline_and_a_silence_give_the_asker_the_same_documents_at_the_same_times() {
    let documents = |answers: bool| {
        let mut rig = Rig::new();
        rig.taps(1);
        let (_, introduction) = rig.asks(1, 2);
        let mut documents = Vec::new();
        for hour in 0..24 * 6 {
            rig.minutes += 60;
            if hour == 3 && answers {
                rig.taps(2);
                assert_eq!(rig.replies(2, &ForYouReply::Introduction { introduction, accepted: false }), Outcome::Settled);
            }
            rig.handles(&Input::Deadline);
            let around = rig.house().community().introductions().declined(rig.id(1), introductions::Party::Member(rig.id(2)));
            assert!(!around || hour >= 119, "nor does the manager learn of it before");
            let list = rig.desk(Desk::Introductions).unwrap();
            let list = (hour < 119).then_some(list);
            let ids = |items: Vec<ForYou>| serde_json::to_string(&items).unwrap().replace(&rig.id(2).to_string(), "Benoît");
            documents.push((rig.waits(1), ids(rig.waiting(1)), list.map(|list| list.len())));
        }
        documents
    };
    let silence = documents(false);
    assert!(silence.last().unwrap().1.contains("not_introduced"));
    assert_eq!(documents(true), silence);
}

#[test]
fn a_note_waits_is_read_once_and_who_left_it_is_named_if_shown() {
    let mut rig = Rig::new();
    rig.taps(1);
    rig.leaves(1, 3, "Le café est prêt");
    assert_eq!(rig.waits(3), Waits { notes: 1, ..Waits::default() });
    rig.restarts();
    rig.taps(3);
    let items = rig.sees(3);
    let [ForYou::Note { from: Some(from), text, about: None, .. }] = &*items else { panic!("{items:?}") };
    assert_eq!((&*from.first_name, &**text), ("Anne", "Le café est prêt"));
    assert!(rig.waiting(3).is_empty());
}

#[test]
fn an_arrival_names_a_shared_interest_and_a_second_tap_does_not() {
    let mut rig = Rig::new();
    rig.taps(1);
    rig.taps(2);
    assert_eq!(rig.waits(2), Waits { interests: 1, ..Waits::default() });
    let [ForYou::Interest { neighbour, interest }] = &*rig.waiting(2) else { panic!() };
    assert_eq!((&*neighbour.first_name, &**interest), ("Anne", "vélo"));
    rig.minutes += 5;
    rig.taps(2);
    assert!(rig.waiting(2).is_empty());
}

#[test]
fn the_manager_finds_candidates_proposes_and_sees_what_became_of_it() {
    let mut rig = Rig::new();
    rig.taps(1);
    let post = Action::PostNeed { text: "un logo".into(), skills: vec![], audience: voisins_shared::need::Audience::Unnamed };
    let need = NeedId(rig.signs(1, &post).1);
    let about = crate::contacts::About {
        name: "Eva Roy".into(),
        skills: vec!["Logo".into()],
        reach: "eva@example.org".into(),
        source: "chambre de commerce".into(),
    };
    let refused = rig.desk(Desk::AddContact { about: about.clone(), agreed_on: None }).unwrap_err();
    assert!(refused.contains("agreed"), "{refused}");
    let agreed_on = "2026-10-01".parse().ok();
    assert_eq!(rig.desk(Desk::AddContact { about, agreed_on }).unwrap(), "C-1\n");
    rig.restarts();
    let found = rig.desk(Desk::Candidates { need }).unwrap();
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines, ["member  M-0004 Dora Ng  Logo", "network  C-1 Eva Roy  Logo  [source: chambre de commerce]"]);
    let propose = |helper: &str| Desk::Propose { need: Some(need), asker: None, helper: helper.into() };
    rig.desk(propose("M-0004")).unwrap();
    assert!(rig.desk(propose("Dora Ng")).unwrap_err().contains("already"));
    rig.desk(propose("c-1")).unwrap();
    assert!(rig.desk(propose("C-9")).unwrap_err().contains("contact list"));
    let asked = rig.sees(1);
    let about = |item: &ForYou| matches!(item, ForYou::Proposed { about: Some(text), .. } if text == "un logo");
    assert_eq!(asked.iter().filter(|item| about(item)).count(), 2, "{asked:?}");
    let of_member = asked.iter().find_map(|item| match item {
        ForYou::Proposed { introduction, other: Some(_), .. } => Some(*introduction),
        _ => None,
    });
    assert!(rig.waiting(4).is_empty(), "who looks for it has yet to agree to be named");
    rig.replies(1, &ForYouReply::Introduction { introduction: of_member.unwrap(), accepted: true });
    rig.restarts();
    let other = rig.waiting(4);
    let [ForYou::Proposed { other: Some(_), about: None, .. }] = &*other else {
        panic!("a need without a name keeps none: {other:?}")
    };
    let of_contact = asked.iter().find_map(|item| match item {
        ForYou::Proposed { introduction, other: None, .. } => Some(*introduction),
        _ => None,
    });
    rig.replies(1, &ForYouReply::Introduction { introduction: of_contact.unwrap(), accepted: true });
    let items = rig.sees(1);
    assert!(
        matches!(&*items, [ForYou::Introduced { other: None, contact: Some(contact), .. }] if contact == "Eva Roy"),
        "{items:?}"
    );
    let list = rig.desk(Desk::Introductions).unwrap();
    assert!(list.contains("introduced  M-0001 Anne Tremblay (yes)  C-1 Eva Roy (yes)"), "{list}");
    assert!(list.contains("proposed  M-0001 Anne Tremblay (yes)  M-0004 Dora Ng (-)"), "{list}");
    rig.desk(Desk::Avoid { pair: ["M-0001".into(), "M-0002".into()] }).unwrap();
    assert!(rig.desk(propose("M-0002")).unwrap_err().contains("kept apart"));
    rig.desk(Desk::Allow { pair: ["M-0002".into(), "M-0001".into()] }).unwrap();
    assert!(rig.desk(propose("M-0002")).is_ok());
}

#[test]
fn a_contact_stays_while_somebody_may_still_be_introduced_to_them() {
    let mut rig = Rig::new();
    let about = crate::contacts::About {
        name: "Eva Roy".into(),
        skills: vec!["Logo".into()],
        reach: "eva@example.org".into(),
        source: "chambre de commerce".into(),
    };
    rig.desk(Desk::AddContact { about, agreed_on: "2026-10-01".parse().ok() }).unwrap();
    let propose = Desk::Propose { need: None, asker: Some("M-0001".into()), helper: "C-1".into() };
    let introduction = IntroductionId(rig.desk(propose).unwrap().trim().parse().unwrap());
    let remove = || Desk::RemoveContact { contact: crate::contacts::ContactId(1) };
    let refused = rig.desk(remove()).unwrap_err();
    assert!(refused.contains(&format!("introduction close {introduction}")), "{refused}");
    rig.desk(Desk::CloseIntroduction { introduction }).unwrap();
    rig.desk(remove()).unwrap();
    rig.replies(1, &ForYouReply::Introduction { introduction, accepted: true });
    assert!(rig.waiting(1).is_empty(), "nobody is introduced to nobody");
}

#[test]
fn an_offer_of_who_is_kept_apart_from_the_author_waits_for_nobody() {
    let mut rig = Rig::new();
    let offers = |rig: &Rig| rig.waiting(1).iter().filter(|item| matches!(item, ForYou::Offered { .. })).count();
    rig.taps(1);
    rig.taps(2);
    let post = Action::PostNeed { text: "un vélo".into(), skills: vec![], audience: voisins_shared::need::Audience::Named };
    let need = NeedId(rig.signs(1, &post).1);
    rig.signs(2, &Action::Help { need });
    assert_eq!(offers(&rig), 1);
    rig.desk(Desk::Avoid { pair: ["M-0001".into(), "M-0002".into()] }).unwrap();
    assert_eq!(offers(&rig), 0);
}

#[test]
fn je_connais_quelqu_un_and_reports_come_to_the_manager() {
    let mut rig = Rig::new();
    rig.taps(1);
    rig.taps(2);
    let post = Action::PostNeed { text: "un logo".into(), skills: vec![], audience: voisins_shared::need::Audience::Unnamed };
    let need = NeedId(rig.signs(1, &post).1);
    rig.signs(2, &Action::Refer { need, text: "ma voisine en fait".into() });
    let (_, note) = rig.leaves(2, 3, "pas gentil");
    rig.sees(3);
    rig.replies(3, &ForYouReply::ReportNote { note });
    let list = rig.desk(Desk::Notes).unwrap();
    assert!(list.contains("for you  M-0002 Benoît Lavoie to the coordination: ma voisine en fait"), "{list}");
    assert!(list.contains("reported  M-0002 Benoît Lavoie to M-0003 Chiara Bellini: pas gentil"), "{list}");
    rig.desk(Desk::SettleNote { note }).unwrap();
    assert!(rig.desk(Desk::SettleNote { note }).unwrap_err().contains("note reports"));
    assert_eq!(rig.desk(Desk::Notes).unwrap().lines().count(), 1);
}
