//! What a kiosk sees of it: requests in, events and answers out.

use super::*;
use crate::clock::Now;
use crate::community::Step as Between;
use crate::config::Config;
use crate::control::{Ask, WireUid};
use crate::house::House;
use crate::mqtt::Outgoing;
use crate::presence::Input;
use jiff::SignedDuration;
use std::path::Path;
use tokio::sync::mpsc::UnboundedReceiver;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::need::Audience;
use voisins_shared::payload::{
    self, Action, Answer, Args, ForYouReply, Greeting, KioskEvent, Reported, Request, Response, Shown, V, Waits, encode,
};
use voisins_shared::topic::Topic;
use voisins_shared::uid::Uid;

/// A kiosk and the reader beside it; Anne and Benoît show their names.
struct Screen {
    pipeline: Pipeline,
    told: UnboundedReceiver<Outgoing>,
    session: Uuid,
    _folder: tempfile::TempDir,
}

const BADGES: [&str; 2] = ["04000000000001", "04000000000002"];

impl Screen {
    fn new(before: impl FnOnce(&mut House, &Now)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "clock = 'always'\nstate = {:?}\n[[reader]]\nname = 'cafe'\nkind = 'scripted'\nbeside = 'cafe'\n[[kiosk]]\nname = 'cafe'\n",
            folder.path().join("state")
        );
        let mut house = House::open(Config::parse(&text, Path::new("t")).unwrap()).unwrap();
        let csv = format!("name,consent,badge\nAnne,name @ 2026-01-05 t,{}\nBenoît,name @ 2026-01-05 t,{}\n", BADGES[0], BADGES[1]);
        house.import(&csv, false).unwrap();
        let now = house.now();
        before(&mut house, &now);
        let (outgoing, told) = tokio::sync::mpsc::unbounded_channel();
        let mut screen = Self { pipeline: Pipeline::new(house, outgoing), told, session: Uuid::new_v4(), _folder: folder };
        screen.pipeline.connected(screen.session);
        screen
    }

    fn tap(&mut self, n: usize) -> Option<Greeting> {
        let uid = WireUid(Uid::from_hex(BADGES[n - 1]).unwrap());
        let tapped = self.pipeline.control(Ask::Tap { reader: ReaderName::new("cafe").unwrap(), uid });
        assert!(matches!(tapped, Reply::Tapped { .. }), "{tapped:?}");
        let mut greeting = None;
        while let Ok(outgoing) = self.told.try_recv() {
            if let Outgoing::Event { topic: Topic::KioskEvent(_), payload, .. } = outgoing
                && let Shown::Greeting(found) = payload::decode::<KioskEvent>(&payload).unwrap().shown
            {
                greeting = Some(found);
            }
        }
        greeting
    }

    /// The last answer to a request.
    fn answer(&mut self) -> Answer {
        let mut answer = None;
        while let Ok(outgoing) = self.told.try_recv() {
            if let Outgoing::Event { topic: Topic::Response(..), payload, .. } = outgoing {
                answer = Some(payload::decode::<Response>(&payload).unwrap().answer);
            }
        }
        answer.expect("an answer")
    }

    fn asks(&mut self, args: Args) -> Answer {
        let request = Request { v: V, id: Uuid::new_v4(), session: self.session, args };
        self.pipeline.request(&KioskName::new("cafe").unwrap(), &encode(&request));
        self.answer()
    }

    fn signs(&mut self, n: usize, action: Action) -> Answer {
        let armed = self.asks(Args::Sign { action });
        assert!(matches!(armed, Answer::Armed { .. }), "{armed:?}");
        let uid = WireUid(Uid::from_hex(BADGES[n - 1]).unwrap());
        let tapped = self.pipeline.control(Ask::Tap { reader: ReaderName::new("cafe").unwrap(), uid });
        assert!(matches!(tapped, Reply::Tapped { .. }), "{tapped:?}");
        self.answer()
    }

    fn waits(&mut self, name: &str) -> Waits {
        let now = self.pipeline.house.now();
        let member = self.pipeline.house.find(name).unwrap();
        self.pipeline.waits(member, &now)
    }
}

fn put(house: &mut House, author: Option<MemberId>, passes: Option<u32>, ago: i64) -> NeedId {
    let now = house.now();
    let wall = now.wall.map(|wall| wall - SignedDuration::from_hours(24 * ago));
    let (need, draft) = (NeedId(Uuid::new_v4()), Draft { text: "un comptable".into(), skills: vec![] });
    let put = Between::Need(Step::Put { author, draft, audience: Audience::Named, need, passes });
    house.handle(&Input::Between(put), &Now { wall, ..now }, None).unwrap();
    need
}

#[test]
fn a_need_that_ends_soon_waits_for_its_author_until_they_answer() {
    let mut need = None;
    let mut screen = Screen::new(|house, _| need = Some(put(house, house.find("Anne").ok(), None, 19)));
    let need = need.unwrap();
    let greeting = screen.tap(1).unwrap();
    assert_eq!((greeting.waits, greeting.for_you), (Waits { others: 1, ..Waits::default() }, 1));
    let grant = greeting.grant.unwrap().token;
    let Answer::ForYou { items } = screen.asks(Args::See { grant }) else { panic!("opened") };
    assert_eq!(items, [ForYou::StillOpen { need, text: "un comptable".into() }]);
    assert_eq!(screen.waits("Anne").total(), 0, "once a day");
    let answer = screen.asks(Args::Reply { grant, reply: ForYouReply::Renew { need } });
    assert_eq!(answer, Answer::Done { signer: None, undo: None });
    let now = screen.pipeline.house.now();
    let ends = screen.pipeline.house.community().need(need).unwrap().expires().unwrap();
    assert!(ends > now.wall.unwrap() + SignedDuration::from_hours(24 * 20), "three weeks from now");
}

#[test]
fn passes_that_were_earned_are_told_once_and_stand_on_ma_fiche() {
    let mut screen = Screen::new(|house, now| {
        let need = put(house, None, Some(5), 1);
        let by = house.find("Benoît").unwrap();
        house.handle(&Input::Between(Between::Need(Step::Fulfil { need, by })), now, None).unwrap();
    });
    let greeting = screen.tap(2).unwrap();
    let grant = greeting.grant.unwrap().token;
    let Answer::ForYou { items } = screen.asks(Args::See { grant }) else { panic!("opened") };
    assert_eq!(items, [ForYou::Earned { passes: 5 }]);
    assert_eq!(screen.waits("Benoît").total(), 0, "told once");
    let Answer::Profile(fiche) = screen.signs(2, Action::Profile) else { panic!("opened") };
    assert_eq!(fiche.passes, Some(4), "today's is drawn");
    screen.tap(1);
    let Answer::Profile(fiche) = screen.signs(1, Action::Profile) else { panic!("opened") };
    assert_eq!(fiche.passes, None, "without passes");
}

#[test]
fn a_badge_writes_its_need_anew_and_another_reports_it() {
    let mut need = None;
    let mut screen = Screen::new(|house, _| need = Some(put(house, house.find("Anne").ok(), None, 1)));
    let need = need.unwrap();
    screen.tap(1);
    screen.tap(2);
    let edit = Action::EditNeed { need, text: "une comptable".into(), skills: vec![], audience: Audience::Unnamed };
    assert!(matches!(screen.signs(2, edit.clone()), Answer::Refused { reason } if reason == payload::refusal::NOT_YOURS));
    assert!(matches!(screen.signs(1, edit), Answer::Done { signer: Some(_), undo: None }));
    let report = Action::Report { what: Reported::Need { need } };
    assert!(matches!(screen.signs(2, report), Answer::Done { .. }));
    let community = screen.pipeline.house.community();
    assert_eq!(community.need(need).unwrap().draft.text, "une comptable");
    assert_eq!(community.moderation().reports(Reported::Need { need }), 1);
}
