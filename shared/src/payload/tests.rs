//! The wire is frozen. If a test here fails, do not change the test: other programs read these documents.

use super::*;
use crate::agenda::EventId;
use crate::introduction::{IntroductionId, Led};
use crate::language::Language;
use crate::member::{Field, MemberId, Surface};
use crate::name::{ReaderName, SiteName};
use crate::need::{Audience, NeedId};
use crate::note::NoteId;
use crate::visit::Availability;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use uuid::Uuid;

#[track_caller]
fn frozen<T: Serialize + DeserializeOwned + Debug + PartialEq>(document: &T, json: &str) {
    assert_eq!(String::from_utf8(encode(document)).unwrap(), json);
    assert_eq!(&decode::<T>(json.as_bytes()).unwrap(), document);
}

const U1: &str = "00000000-0000-0000-0000-000000000001";

fn u(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

#[test]
fn status_v1() {
    frozen(&Status { v: V, state: State::Offline, session: u(1) }, &format!(r#"{{"v":1,"state":"offline","session":"{U1}"}}"#));
}

#[test]
fn session_v1() {
    let document = Session {
        v: V,
        session: u(1),
        installation: u(1),
        site: SiteName::new("mile-end").unwrap(),
        title: "Espace Voisins".into(),
        time_zone: "America/Toronto".into(),
        admin: None,
        version: "0.1.0".into(),
    };
    frozen(
        &document,
        &format!(
            r#"{{"v":1,"session":"{U1}","installation":"{U1}","site":"mile-end","title":"Espace Voisins","time_zone":"America/Toronto","admin":null,"version":"0.1.0"}}"#
        ),
    );
}

#[test]
fn reader_status_v1() {
    let document = ReaderStatus {
        v: V,
        reader: ReaderName::new("porte").unwrap(),
        state: ReaderState::Absent,
        reason: Some("plug it in".into()),
        beside: None,
    };
    frozen(&document, r#"{"v":1,"reader":"porte","state":"absent","reason":"plug it in"}"#);
}

#[test]
fn occupancy_v1() {
    let document = Occupancy {
        v: V,
        session: u(1),
        rev: 3,
        members: Count { fresh: 9, passed: 5 },
        guests: Count { fresh: 1, passed: 0 },
        today: 16,
    };
    frozen(
        &document,
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":3,"members":{{"fresh":9,"passed":5}},"guests":{{"fresh":1,"passed":0}},"today":16}}"#
        ),
    );
}

/// The description for integrators, `systemd/asyncapi.json`: each example is the document of its topic, to the letter.
#[test]
fn asyncapi_describes_these_documents() {
    let text = include_str!("../../../systemd/asyncapi.json");
    let description: serde_json::Value = serde_json::from_str(text).unwrap();
    let topics = crate::topic::Topics::of(&SiteName::new("mile-end").unwrap());
    fn written<T: Serialize + DeserializeOwned>(payload: &serde_json::Value) -> serde_json::Value {
        serde_json::from_slice(&encode(&decode::<T>(payload.to_string().as_bytes()).unwrap())).unwrap()
    }
    let mut examples = 0;
    for channel in description["channels"].as_object().unwrap().values() {
        let address = channel["address"].as_str().unwrap();
        let topic = address.replace("{site}", "mile-end").replace("{reader}", "porte").replace("{member}", U1);
        assert!(topics.parse(&topic).is_some(), "{address}");
        for (message, body) in channel["messages"].as_object().unwrap() {
            for payload in body["examples"].as_array().unwrap().iter().map(|example| &example["payload"]) {
                let written = match message.as_str() {
                    "Status" => written::<Status>(payload),
                    "Session" => written::<Session>(payload),
                    "ReaderStatus" => written::<ReaderStatus>(payload),
                    "Occupancy" => written::<Occupancy>(payload),
                    "OpenOccupancy" => written::<OpenOccupancy>(payload),
                    "OpenNeeds" => written::<OpenNeeds>(payload),
                    "Measures" => written::<Measures>(payload),
                    "AtHome" => written::<AtHome>(payload),
                    "Evacuation" => written::<Evacuation>(payload),
                    "Evacuate" => written::<Evacuate>(payload),
                    other => panic!("{other} is no document"),
                };
                assert_eq!(written, *payload, "{message}");
                examples += 1;
            }
        }
    }
    assert!(examples > 9);
}

#[test]
fn needs_count_v1() {
    let document = OpenNeeds { v: V, session: u(1), rev: 3, open: 4 };
    frozen(&document, &format!(r#"{{"v":1,"session":"{U1}","rev":3,"open":4}}"#));
}

#[test]
fn evacuation_v1() {
    let quiet = Evacuation { v: V, session: u(1), rev: 3, active: false, since: None };
    frozen(&quiet, &format!(r#"{{"v":1,"session":"{U1}","rev":3,"active":false}}"#));
    let since = Some("2026-10-23T13:00:00Z".parse().unwrap());
    let active = Evacuation { active: true, since, ..quiet };
    frozen(&active, &format!(r#"{{"v":1,"session":"{U1}","rev":3,"active":true,"since":"2026-10-23T13:00:00Z"}}"#));
}

#[test]
fn evacuate_v1() {
    frozen(&Evacuate { v: V, active: true }, r#"{"v":1,"active":true}"#);
}

#[test]
fn at_home_v1() {
    let document = AtHome { v: V, member: MemberId(u(1)), name: "Anne T.".into(), present: true };
    frozen(&document, &format!(r#"{{"v":1,"member":"{U1}","name":"Anne T.","present":true}}"#));
}

#[test]
fn open_occupancy_v1_hides_groups_under_five() {
    for n in 0..5 {
        frozen(&OpenOccupancy { v: V, present: OpenCount::from(n) }, r#"{"v":1,"present":"<5"}"#);
    }
    frozen(&OpenOccupancy { v: V, present: OpenCount::from(5) }, r#"{"v":1,"present":5}"#);
}

#[test]
fn directory_v1_leaves_out_what_is_not_shared() {
    let bare = DirectoryMember {
        id: MemberId(u(1)),
        name: "Zoé".into(),
        title: None,
        pronouns: None,
        languages: vec![],
        skills: vec!["Rust".into()],
        interests: vec![],
        looking_for: vec![],
        table: None,
        usual_days: vec![],
        contact: None,
        photo: None,
        lobby: false,
    };
    frozen(
        &Directory { v: V, session: u(1), rev: 1, members: vec![bare] },
        &format!(r#"{{"v":1,"session":"{U1}","rev":1,"members":[{{"id":"{U1}","name":"Zoé","skills":["Rust"],"lobby":false}}]}}"#),
    );
}

#[test]
fn directory_v1_with_all_that_can_be_shared() {
    let text = |text: &str| Some(text.to_owned());
    let whole = DirectoryMember {
        id: MemberId(u(1)),
        name: "Zoé".into(),
        title: text("Illustration"),
        pronouns: text("elle"),
        languages: vec!["fr".into()],
        skills: vec!["Rust".into()],
        interests: vec!["thé".into()],
        looking_for: vec!["atelier".into()],
        table: text("Table 4"),
        usual_days: vec![Weekday::Tue, Weekday::Thu],
        contact: Some(Contact { email: text("z@exemple.test"), phone: None, website: None }),
        photo: text("aa"),
        lobby: true,
    };
    frozen(
        &Directory { v: V, session: u(1), rev: 1, members: vec![whole] },
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":1,"members":[{{"id":"{U1}","name":"Zoé","title":"Illustration","pronouns":"elle","languages":["fr"],"skills":["Rust"],"interests":["thé"],"looking_for":["atelier"],"table":"Table 4","usual_days":["tue","thu"],"contact":{{"email":"z@exemple.test"}},"photo":"aa","lobby":true}}]}}"#
        ),
    );
}

#[test]
fn lobby_v1_names_nobody_by_id() {
    let neighbour = |name: &str, skills: &[&str], availability| LobbyNeighbour {
        name: name.into(),
        initials: "HV".into(),
        colour: 3,
        skills: skills.iter().map(|&skill| skill.to_owned()).collect(),
        fresh: true,
        availability,
    };
    let document = Lobby {
        v: V,
        session: u(1),
        rev: 2,
        present: vec![
            neighbour("Hanneke V.", &["Documentaire"], Availability::DoNotDisturb),
            neighbour("Zoé", &[], Availability::Here),
        ],
        hidden: Count { fresh: 2, passed: 1 },
        needs: vec![],
        events: vec![],
        fresh: 4,
        today: 7,
    };
    frozen(
        &document,
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":2,"present":[{{"name":"Hanneke V.","initials":"HV","colour":3,"skills":["Documentaire"],"fresh":true,"availability":"do_not_disturb"}},{{"name":"Zoé","initials":"HV","colour":3,"fresh":true,"availability":"here"}}],"hidden":{{"fresh":2,"passed":1}},"fresh":4,"today":7}}"#
        ),
    );
}

#[test]
fn presence_v1() {
    let present = PresentMember {
        member: MemberId(u(1)),
        fresh: true,
        availability: Availability::DoNotDisturb,
        since: Some("2026-10-23T14:26:00Z".parse().unwrap()),
    };
    let document = Presence {
        v: V,
        session: u(1),
        rev: 2,
        present: vec![present],
        hidden: Count::default(),
        guests: Count::default(),
        today: 1,
    };
    frozen(
        &document,
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":2,"present":[{{"member":"{U1}","fresh":true,"availability":"do_not_disturb","since":"2026-10-23T14:26:00Z"}}],"hidden":{{"fresh":0,"passed":0}},"guests":{{"fresh":0,"passed":0}},"today":1}}"#
        ),
    );
}

#[test]
fn kiosk_events_v1() {
    let event = |form, shown| KioskEvent { v: V, id: u(1), session: u(1), expires_in_ms: 8000, form, shown };
    let head = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","expires_in_ms":8000"#);
    let grant = Some(Grant { token: u(1), expires_in_ms: 8000 });
    let greeting = Greeting {
        moment: Moment::Arrival,
        greeted: Some(Greeted { member: MemberId(u(1)), first_name: "Anne".into() }),
        language: Some(Language::Fr),
        present: 9,
        text_size: TextSize::Large,
        ask_to_stay: false,
        offer: true,
        for_you: 2,
        waits: Waits::default(),
        availability: Availability::Here,
        grant: grant.clone(),
    };
    frozen(
        &event(Form::Full, Shown::Greeting(greeting)),
        &format!(
            r#"{head},"form":"full","kind":"greeting","moment":"arrival","greeted":{{"member":"{U1}","first_name":"Anne"}},"language":"fr","text_size":"large","present":9,"ask_to_stay":false,"offer":true,"for_you":2,"availability":"here","grant":{{"token":"{U1}","expires_in_ms":8000}}}}"#
        ),
    );
    frozen(
        &event(Form::Full, Shown::Unknown { code: Some("K7-42".into()), grant }),
        &format!(r#"{head},"form":"full","kind":"unknown","code":"K7-42","grant":{{"token":"{U1}","expires_in_ms":8000}}}}"#),
    );
    frozen(
        &event(Form::Line, Shown::Refused { reason: Refusal::RandomUid }),
        &format!(r#"{head},"form":"line","kind":"refused","reason":"random_uid"}}"#),
    );
}

#[test]
fn requests_and_responses_v1() {
    frozen(
        &Request { v: V, id: u(1), session: u(1), args: Args::Availability { grant: u(1), availability: Availability::Open } },
        &format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":{{"availability":{{"grant":"{U1}","availability":"open"}}}}}}"#),
    );
    frozen(
        &Response { v: V, id: u(1), answer: Answer::Done { signer: None, undo: Some(Grant { token: u(1), expires_in_ms: 5000 }) } },
        &format!(r#"{{"v":1,"id":"{U1}","answer":"done","undo":{{"token":"{U1}","expires_in_ms":5000}}}}"#),
    );
    frozen(&Response { v: V, id: u(1), answer: Answer::Expired }, &format!(r#"{{"v":1,"id":"{U1}","answer":"expired"}}"#));
}

#[test]
fn signing_v1() {
    let sign = |action| Request { v: V, id: u(1), session: u(1), args: Args::Sign { action } };
    let head = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":"#);
    frozen(&sign(Action::Leave), &format!(r#"{head}{{"sign":{{"action":{{"kind":"leave"}}}}}}}}"#));
    frozen(
        &sign(Action::Availability { availability: Availability::DoNotDisturb }),
        &format!(r#"{head}{{"sign":{{"action":{{"kind":"availability","availability":"do_not_disturb"}}}}}}}}"#),
    );
    frozen(
        &Request { v: V, id: u(1), session: u(1), args: Args::Cancel { request: u(1) } },
        &format!(r#"{head}{{"cancel":{{"request":"{U1}"}}}}}}"#),
    );
    let answer = |answer| Response { v: V, id: u(1), answer };
    let head = format!(r#"{{"v":1,"id":"{U1}","answer":"#);
    frozen(&answer(Answer::Armed { expires_in_ms: 15_000 }), &format!(r#"{head}"armed","expires_in_ms":15000}}"#));
    let signer = Some(Greeted { member: MemberId(u(1)), first_name: "Anne".into() });
    let undo = Some(Grant { token: u(1), expires_in_ms: 5000 });
    frozen(
        &answer(Answer::Done { signer, undo }),
        &format!(
            r#"{head}"done","signer":{{"member":"{U1}","first_name":"Anne"}},"undo":{{"token":"{U1}","expires_in_ms":5000}}}}"#
        ),
    );
    frozen(&answer(Answer::Refused { reason: refusal::BUSY.into() }), &format!(r#"{head}"refused","reason":"busy"}}"#));
    frozen(&answer(Answer::Cancelled), &format!(r#"{head}"cancelled"}}"#));
}

#[test]
fn needs_v1() {
    let need = PublishedNeed {
        id: NeedId(u(1)),
        text: "Relire un bail".into(),
        skills: vec!["Baux".into()],
        author: Some(MemberId(u(1))),
        space: false,
        passes: None,
        posted: Some("2026-10-23T14:26:00Z".parse().unwrap()),
    };
    frozen(
        &Needs { v: V, session: u(1), rev: 3, needs: vec![need] },
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":3,"needs":[{{"id":"{U1}","text":"Relire un bail","skills":["Baux"],"author":"{U1}","space":false,"posted":"2026-10-23T14:26:00Z"}}]}}"#
        ),
    );
    let head = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":{{"sign":{{"action":"#);
    let asked = |action| Request { v: V, id: u(1), session: u(1), args: Args::Sign { action } };
    let (text, skills) = ("Relire un bail".to_owned(), vec!["Baux".to_owned()]);
    frozen(
        &asked(Action::PostNeed { text, skills, audience: Audience::Coordination }),
        &format!(r#"{head}{{"kind":"post_need","text":"Relire un bail","skills":["Baux"],"audience":"coordination"}}}}}}}}"#),
    );
    frozen(&asked(Action::Help { need: NeedId(u(1)) }), &format!(r#"{head}{{"kind":"help","need":"{U1}"}}}}}}}}"#));
    frozen(
        &asked(Action::WithdrawNeed { need: NeedId(u(1)), met: false }),
        &format!(r#"{head}{{"kind":"withdraw_need","need":"{U1}"}}}}}}}}"#),
    );
}

#[test]
fn for_you_v1() {
    let greeted = || Greeted { member: MemberId(u(1)), first_name: "Anne".into() };
    let text = || "Relire un bail".to_owned();
    let items = vec![
        ForYou::CanHelp { need: NeedId(u(1)), text: text(), asker: Some(greeted()), why: vec!["Baux".into()] },
        ForYou::CanBeHelped { need: NeedId(u(1)), text: text(), helper: greeted(), why: vec![] },
        ForYou::Offered { need: NeedId(u(1)), text: text(), helper: None },
    ];
    let anne = format!(r#"{{"member":"{U1}","first_name":"Anne"}}"#);
    frozen(
        &Response { v: V, id: u(1), answer: Answer::ForYou { items } },
        &format!(
            r#"{{"v":1,"id":"{U1}","answer":"for_you","items":[{{"kind":"can_help","need":"{U1}","text":"Relire un bail","asker":{anne},"why":["Baux"]}},{{"kind":"can_be_helped","need":"{U1}","text":"Relire un bail","helper":{anne}}},{{"kind":"offered","need":"{U1}","text":"Relire un bail"}}]}}"#
        ),
    );
    let head = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":"#);
    let asked = |args| Request { v: V, id: u(1), session: u(1), args };
    frozen(&asked(Args::See { grant: u(1) }), &format!(r#"{head}{{"see":{{"grant":"{U1}"}}}}}}"#));
    frozen(
        &asked(Args::Help { grant: u(1), need: NeedId(u(1)) }),
        &format!(r#"{head}{{"help":{{"grant":"{U1}","need":"{U1}"}}}}}}"#),
    );
    let later = format!(r#"{{"v":1,"id":"{U1}","answer":"for_you","items":[{{"kind":"poem","words":3}}]}}"#);
    assert_eq!(decode::<Response>(later.as_bytes()).unwrap().answer, Answer::ForYou { items: vec![ForYou::Unknown] });
}

#[test]
fn profile_v1() {
    let field = |field, value: &[&str], shown_on: &[Surface]| ProfileField {
        field,
        value: value.iter().map(|&v| v.to_owned()).collect(),
        shown_on: shown_on.to_vec(),
    };
    let profile = Profile {
        grant: Grant { token: u(1), expires_in_ms: 90_000 },
        member: MemberId(u(1)),
        name: "Zoé".into(),
        fields: vec![field(Field::Name, &["Zoé"], &[Surface::Kiosk, Surface::Lobby]), field(Field::Photo, &[], &[])],
        skills: vec!["Rust".into()],
        availability: Availability::Open,
        language: None,
        text_size: TextSize::Largest,
        passes: None,
        phone: None,
    };
    let phone = Some(Phone { link: "http://192.168.1.20:8481/f/abc".into(), expires_in_ms: 900_000 });
    let with_phone = Profile { phone, fields: vec![], skills: vec![], ..profile.clone() };
    frozen(
        &Response { v: V, id: u(1), answer: Answer::Profile(Box::new(with_phone)) },
        &format!(
            r#"{{"v":1,"id":"{U1}","answer":"profile","grant":{{"token":"{U1}","expires_in_ms":90000}},"member":"{U1}","name":"Zoé","fields":[],"skills":[],"availability":"open","text_size":"largest","phone":{{"link":"http://192.168.1.20:8481/f/abc","expires_in_ms":900000}}}}"#
        ),
    );
    frozen(
        &Response { v: V, id: u(1), answer: Answer::Profile(Box::new(profile)) },
        &format!(
            r#"{{"v":1,"id":"{U1}","answer":"profile","grant":{{"token":"{U1}","expires_in_ms":90000}},"member":"{U1}","name":"Zoé","fields":[{{"field":"name","value":["Zoé"],"shown_on":["kiosk","lobby"]}},{{"field":"photo"}}],"skills":["Rust"],"availability":"open","text_size":"largest"}}"#
        ),
    );
    let head = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":{{"profile":{{"grant":"{U1}","change":"#);
    let asked = |change| Request { v: V, id: u(1), session: u(1), args: Args::Profile { grant: u(1), change } };
    frozen(
        &asked(ProfileChange::Show { fields: vec![Field::Name], surface: Surface::Lobby, shown: false }),
        &format!(r#"{head}{{"kind":"show","fields":["name"],"surface":"lobby","shown":false}}}}}}}}"#),
    );
    frozen(&asked(ProfileChange::Close), &format!(r#"{head}{{"kind":"close"}}}}}}}}"#));
    let later = format!(r#"{head}{{"kind":"avatar","colour":3}}}}}}}}"#);
    let Args::Profile { change, .. } = decode::<Request>(later.as_bytes()).unwrap().args else { panic!() };
    assert_eq!(change, ProfileChange::Unknown);
    frozen(
        &Request { v: V, id: u(1), session: u(1), args: Args::Offer { grant: u(1), accepted: false } },
        &format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":{{"offer":{{"grant":"{U1}","accepted":false}}}}}}"#),
    );
}

#[test]
fn an_action_of_a_later_version_is_read_to_be_refused() {
    let json = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":{{"sign":{{"action":{{"kind":"note","to":3}}}}}}}}"#);
    assert_eq!(decode::<Request>(json.as_bytes()).unwrap().args, Args::Sign { action: Action::Unknown });
}

#[test]
fn a_later_version_that_adds_a_field_is_read() {
    let status: Status = decode(format!(r#"{{"v":2,"state":"online","session":"{U1}","mood":"calm"}}"#).as_bytes()).unwrap();
    assert_eq!(status.state, State::Online);
    assert!(decode::<Status>(format!(r#"{{"v":0,"state":"online","session":"{U1}"}}"#).as_bytes()).is_err());
}

#[test]
fn what_a_later_version_adds_blinds_nobody() {
    let json = format!(
        r#"{{"v":1,"session":"{U1}","rev":2,"present":[{{"member":"{U1}","fresh":true,"availability":"leaving"}}],"hidden":{{"fresh":0,"passed":0}},"guests":{{"fresh":0,"passed":0}},"today":1}}"#
    );
    let presence: Presence = decode(json.as_bytes()).unwrap();
    assert_eq!(presence.present[0].availability, Availability::Here);
    let json = format!(
        r#"{{"v":1,"session":"{U1}","rev":1,"members":[{{"id":"{U1}","name":"Zoé","usual_days":["tue","someday",7,"sun"]}}]}}"#
    );
    let directory: Directory = decode(json.as_bytes()).unwrap();
    assert_eq!(directory.members[0].usual_days, [Weekday::Tue, Weekday::Sun]);
    let head = format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","expires_in_ms":8000,"form":"full""#);
    let event: KioskEvent = decode(format!(r#"{head},"kind":"refused","reason":"too_loud"}}"#).as_bytes()).unwrap();
    assert_eq!(event.shown, Shown::Refused { reason: Refusal::Unreadable });
    let json = format!(
        r#"{head},"kind":"greeting","moment":"signed","language":"es","present":9,"ask_to_stay":false,"availability":"away"}}"#
    );
    let event: KioskEvent = decode(json.as_bytes()).unwrap();
    let Shown::Greeting(greeting) = event.shown else { panic!() };
    assert_eq!((greeting.moment, greeting.language, greeting.availability), (Moment::Seen, None, Availability::Here));
}

#[test]
fn agenda_and_measures_v1() {
    let at = |text: &str| text.parse().unwrap();
    let event = PublishedEvent {
        id: EventId(u(1)),
        kind: Kind::Event,
        title: "5 à 7".into(),
        place: Some("salon".into()),
        starts: at("2026-10-23T21:00:00Z"),
        ends: Some(at("2026-10-23T23:00:00Z")),
        all_day: None,
        going: 3,
        shown: vec![MemberId(u(1))],
        firm_at: Some(5),
        author: None,
    };
    frozen(
        &Agenda { v: V, session: u(1), rev: 4, events: vec![event] },
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":4,"events":[{{"id":"{U1}","kind":"event","title":"5 à 7","place":"salon","starts":"2026-10-23T21:00:00Z","ends":"2026-10-23T23:00:00Z","going":3,"shown":["{U1}"],"firm_at":5}}]}}"#
        ),
    );
    let month = Month {
        month: "2026-10".into(),
        needs_posted: 4,
        needs_met: 3,
        first_answer_minutes: Some(95),
        introduced: 2,
        led_to_project: 1,
        ..Month::default()
    };
    assert_eq!(month.good_turns(), 4);
    frozen(
        &Measures { v: V, session: u(1), rev: 1, months: vec![month] },
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":1,"months":[{{"month":"2026-10","needs_posted":4,"needs_met":3,"first_answer_minutes":95,"introduced":2,"led_to_meeting":0,"led_to_project":1,"led_to_nothing":0}}]}}"#
        ),
    );
}

#[test]
fn what_waits_is_told_by_sort_v1() {
    let waits = Waits { can_help: 1, notes: 2, ..Waits::default() };
    assert_eq!(waits.total(), 3);
    frozen(&waits, r#"{"can_be_helped":0,"can_help":1,"introductions":0,"interests":0,"notes":2,"others":0}"#);
}

#[test]
fn introductions_and_notes_v1() {
    let greeted = || Some(Greeted { member: MemberId(u(1)), first_name: "Anne".into() });
    let anne = format!(r#"{{"member":"{U1}","first_name":"Anne"}}"#);
    let introduction = IntroductionId(u(1));
    let about = || Some("Relire un bail".to_owned());
    for (item, json) in [
        (
            ForYou::Proposed { introduction, other: greeted(), by: ProposedBy::Coordination, about: about() },
            format!(r#"{{"kind":"proposed","introduction":"{U1}","other":{anne},"by":"coordination","about":"Relire un bail"}}"#),
        ),
        (
            ForYou::Introduced { introduction, other: None, contact: Some("Léa".into()), about: None },
            format!(r#"{{"kind":"introduced","introduction":"{U1}","contact":"Léa"}}"#),
        ),
        (ForYou::NotIntroduced { introduction, other: None }, format!(r#"{{"kind":"not_introduced","introduction":"{U1}"}}"#)),
        (
            ForYou::LedSomewhere { introduction, other: greeted(), can_thank: true },
            format!(r#"{{"kind":"led_somewhere","introduction":"{U1}","other":{anne},"can_thank":true}}"#),
        ),
        (ForYou::Thanked { by: greeted() }, format!(r#"{{"kind":"thanked","by":{anne}}}"#)),
        (
            ForYou::Interest { neighbour: greeted().unwrap(), interest: "thé".into() },
            format!(r#"{{"kind":"interest","neighbour":{anne},"interest":"thé"}}"#),
        ),
        (
            ForYou::Note { note: NoteId(u(1)), from: greeted(), text: "Merci!".into(), about: None },
            format!(r#"{{"kind":"note","note":"{U1}","from":{anne},"text":"Merci!"}}"#),
        ),
        (
            ForYou::StillOpen { need: NeedId(u(1)), text: "Relire un bail".into() },
            format!(r#"{{"kind":"still_open","need":"{U1}","text":"Relire un bail"}}"#),
        ),
        (ForYou::Earned { passes: 5 }, r#"{"kind":"earned","passes":5}"#.to_owned()),
    ] {
        frozen(&item, &json);
    }
    let need = NeedId(u(1));
    for (reply, json) in [
        (ForYouReply::NotThisTime { need, helper: None }, format!(r#"{{"kind":"not_this_time","need":"{U1}"}}"#)),
        (
            ForYouReply::Introduction { introduction, accepted: true },
            format!(r#"{{"kind":"introduction","introduction":"{U1}","accepted":true}}"#),
        ),
        (
            ForYouReply::Led { introduction, led: Led::Project },
            format!(r#"{{"kind":"led","introduction":"{U1}","led":"project"}}"#),
        ),
        (ForYouReply::Thank { introduction }, format!(r#"{{"kind":"thank","introduction":"{U1}"}}"#)),
        (ForYouReply::Avoid { member: MemberId(u(1)) }, format!(r#"{{"kind":"avoid","member":"{U1}"}}"#)),
        (ForYouReply::ReportNote { note: NoteId(u(1)) }, format!(r#"{{"kind":"report_note","note":"{U1}"}}"#)),
        (ForYouReply::NoMoreNotes { note: NoteId(u(1)) }, format!(r#"{{"kind":"no_more_notes","note":"{U1}"}}"#)),
        (ForYouReply::Renew { need }, format!(r#"{{"kind":"renew","need":"{U1}"}}"#)),
        (ForYouReply::Close { need, met: true }, format!(r#"{{"kind":"close","need":"{U1}","met":true}}"#)),
        (ForYouReply::Snooze, r#"{"kind":"snooze"}"#.to_owned()),
    ] {
        frozen(&reply, &json);
        let request = Request { v: V, id: u(1), session: u(1), args: Args::Reply { grant: u(1), reply } };
        frozen(
            &request,
            &format!(r#"{{"v":1,"id":"{U1}","session":"{U1}","args":{{"reply":{{"grant":"{U1}","reply":{json}}}}}}}"#),
        );
    }
    assert_eq!(decode::<ForYouReply>(br#"{"kind":"dance"}"#).unwrap(), ForYouReply::Unknown);
}

#[test]
fn what_a_badge_signs_between_neighbours_v1() {
    let (need, member, event) = (NeedId(u(1)), MemberId(u(1)), EventId(u(1)));
    let text = || "Relire un bail".to_owned();
    for (action, json) in [
        (Action::WithdrawNeed { need, met: true }, format!(r#"{{"kind":"withdraw_need","need":"{U1}","met":true}}"#)),
        (
            Action::EditNeed { need, text: text(), skills: vec![], audience: Audience::Named },
            format!(r#"{{"kind":"edit_need","need":"{U1}","text":"Relire un bail","audience":"named"}}"#),
        ),
        (Action::Refer { need, text: text() }, format!(r#"{{"kind":"refer","need":"{U1}","text":"Relire un bail"}}"#)),
        (Action::AskIntroduction { member }, format!(r#"{{"kind":"ask_introduction","member":"{U1}"}}"#)),
        (Action::LeaveNote { member, text: text() }, format!(r#"{{"kind":"leave_note","member":"{U1}","text":"Relire un bail"}}"#)),
        (Action::Report { what: Reported::Need { need } }, format!(r#"{{"kind":"report","what":{{"of":"need","need":"{U1}"}}}}"#)),
        (
            Action::Report { what: Reported::Event { event } },
            format!(r#"{{"kind":"report","what":{{"of":"event","event":"{U1}"}}}}"#),
        ),
        (Action::Rsvp { event, going: true }, format!(r#"{{"kind":"rsvp","event":"{U1}","going":true}}"#)),
        (
            Action::ProposeEvent {
                title: "Soirée jeux".into(),
                place: None,
                starts: jiff::civil::date(2026, 10, 23).at(17, 0, 0, 0),
                firm_at: 5,
            },
            r#"{"kind":"propose_event","title":"Soirée jeux","starts":"2026-10-23T17:00:00","firm_at":5}"#.to_owned(),
        ),
        (Action::Guest { name: "Léa".into() }, r#"{"kind":"guest","name":"Léa"}"#.to_owned()),
        (Action::Declare { name: "Léa Roy".into() }, r#"{"kind":"declare","name":"Léa Roy"}"#.to_owned()),
    ] {
        frozen(&action, &json);
    }
}

#[test]
fn who_asks_to_be_introduced_without_being_shown_is_told_why_not() {
    let refused = Answer::Refused { reason: refusal::NOT_SHOWN.into() };
    frozen(&refused, r#"{"answer":"refused","reason":"not_shown"}"#);
}

#[test]
fn history_v1() {
    let day = |day: &str, hours: &[u32], estimated| HistoryDay {
        day: day.parse().unwrap(),
        hours: hours.iter().map(|&n| OpenCount::from(n)).collect(),
        estimated,
    };
    let days = vec![day("2026-11-01", &[0, 5, 14], true), day("2026-11-02", &[], false)];
    frozen(
        &History { v: V, session: u(1), rev: 2, month: "2026-11".parse().unwrap(), days },
        &format!(
            r#"{{"v":1,"session":"{U1}","rev":2,"month":"2026-11","days":[{{"day":"2026-11-01","hours":["<5",5,14],"estimated":true}},{{"day":"2026-11-02","hours":[],"estimated":false}}]}}"#
        ),
    );
}
