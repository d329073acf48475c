use super::*;
use crate::calendars::Again;
use crate::community::agenda::Words;
use crate::config::Config;
use crate::control::{Ask, Reply, WireUid};
use crate::mqtt::{Incoming, Outgoing};
use std::path::Path;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use uuid::Uuid;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::payload::{self, Action, Agenda, Answer, Args, Request, Response, V, encode, refusal};
use voisins_shared::topic::Topic;
use voisins_shared::uid::Uid;

/// A daemon on a folder that outlives it.
fn daemon(folder: &Path, calendars: &str) -> (Pipeline, UnboundedReceiver<Outgoing>) {
    let text = format!("state = '{}'\nclock = 'always'\nlunch = false\n{calendars}", folder.display());
    let config = Config::parse(&text, Path::new("daemon.toml")).unwrap();
    let (outgoing, sent) = unbounded_channel();
    (Pipeline::new(House::open(config).unwrap(), outgoing), sent)
}

fn ask(pipeline: &mut Pipeline, ask: Ask) -> String {
    match pipeline.control(ask) {
        Reply::Text(text) | Reply::Error(text) => text,
        Reply::Done => "done".into(),
        other => panic!("{other:?}"),
    }
}

fn calendar(name: &str, titles: &[&str], imported: bool) -> Calendar {
    let starts = crate::clock::wall_as_seen() + jiff::SignedDuration::from_hours(30);
    let event = |title: &&str| Event {
        id: CalendarId::of(name).occurrence(title, ""),
        kind: Kind::Event,
        words: Words { title: (*title).into(), place: None },
        starts,
        ends: None,
        all_day: None,
        firm: true,
        proposed: None,
    };
    Calendar { name: name.into(), imported, events: titles.iter().map(event).collect() }
}

#[test]
fn what_was_imported_stands_after_a_restart_until_it_is_replaced_or_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let (mut pipeline, _sent) = daemon(folder.path(), "");
    let imported = ask(&mut pipeline, Ask::ImportCalendar(calendar("fêtes", &["Bal", "Quiz"], true)));
    assert_eq!(imported, "2 occurrences in \"fêtes\"\n");
    drop(pipeline);
    let (mut pipeline, _sent) = daemon(folder.path(), "");
    let events = ask(&mut pipeline, Ask::Events);
    assert!(events.contains("Bal") && events.contains("Quiz"), "{events}");
    assert!(ask(&mut pipeline, Ask::ExportEvents).contains("SUMMARY:Bal"));
    ask(&mut pipeline, Ask::ImportCalendar(calendar("fêtes", &["Quiz"], true)));
    assert!(!ask(&mut pipeline, Ask::Events).contains("Bal"));
    assert_eq!(ask(&mut pipeline, Ask::Calendars), "fêtes: 1 occurrences, imported\n");
    assert_eq!(ask(&mut pipeline, Ask::ForgetCalendar { name: "fêtes".into() }), "done");
    assert_eq!(ask(&mut pipeline, Ask::Events), "");
    assert!(ask(&mut pipeline, Ask::ForgetCalendar { name: "fêtes".into() }).contains("event calendars"));
}

#[test]
fn a_calendar_that_cant_be_read_any_more_keeps_what_was_known_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (mut pipeline, _sent) = daemon(folder.path(), "[[calendar]]\nname = 'a'\nfile = '/nowhere/a.ics'\n");
    assert_eq!(ask(&mut pipeline, Ask::Calendars), "a: nothing read yet\n");
    let left_out = vec!["line 4: an event without UID".to_owned()];
    let report = |result| Report { name: "a".into(), result, left_out: left_out.clone(), again: Again::default() };
    pipeline.calendar(report(Ok(calendar("a", &["Bal"], false))));
    pipeline.calendar(report(Err("no network".into())));
    assert!(ask(&mut pipeline, Ask::Events).contains("Bal"));
    let told = ask(&mut pipeline, Ask::Calendars);
    assert!(told.contains("a: 1 occurrences, read ") && told.contains("can't be read now: no network"), "{told}");
    assert!(told.contains("left out: line 4"), "{told}");
    let refused = ask(&mut pipeline, Ask::ImportCalendar(calendar("a", &[], true)));
    assert!(refused.contains("another --name"), "{refused}");
    drop(pipeline);
    let (mut pipeline, _sent) = daemon(folder.path(), "");
    assert_eq!(ask(&mut pipeline, Ask::Events), "", "the config doesn't read it any more");
}

#[test]
fn an_event_of_a_calendar_is_cancelled_there_and_not_here() {
    let folder = tempfile::tempdir().unwrap();
    let (mut pipeline, _sent) = daemon(folder.path(), "");
    let fetes = calendar("fêtes", &["Bal"], true);
    let event = fetes.events[0].id;
    ask(&mut pipeline, Ask::ImportCalendar(fetes));
    assert!(ask(&mut pipeline, Ask::CancelEvent { event }).contains("comes from a calendar"));
    let event = EventId(uuid::Uuid::nil());
    assert!(ask(&mut pipeline, Ask::CancelEvent { event }).contains("no proposed event"));
}

const CAFE: &str = "[[kiosk]]\nname = 'cafe'\n[[reader]]\nname = 'cafe'\nkind = 'scripted'\nbeside = 'cafe'\n";
const MEMBERS: &str =
    "name,badge,consent\nAnne Tremblay,04A1B2C3D4E5F6,name @ 2026-01-05 paper form\nBenoît Lavoie,04A1B2C3D4E5F7,\n";

/// What a badge signs, from the touch to the answer and the documents that followed.
fn sign(pipeline: &mut Pipeline, sent: &mut UnboundedReceiver<Outgoing>, action: Action) -> (Answer, Vec<(Topic, Vec<u8>)>) {
    let session = pipeline.session.expect("connected");
    let (kiosk, id) = (KioskName::new("cafe").unwrap(), Uuid::new_v4());
    let request = Request { v: V, id, session, args: Args::Sign { action } };
    let topic = Topic::Request(kiosk, "sign".into());
    pipeline.broker(Incoming::Request { topic, payload: encode(&request) });
    let (reader, uid) = (ReaderName::new("cafe").unwrap(), WireUid(Uid::from_hex("04A1B2C3D4E5F6").unwrap()));
    pipeline.control(Ask::Tap { reader, uid });
    let (mut answer, mut documents) = (None, vec![]);
    while let Ok(out) = sent.try_recv() {
        match out {
            Outgoing::Event { topic: Topic::Response(..), payload, .. } => {
                answer = Some(payload::decode::<Response>(&payload).unwrap().answer);
            }
            Outgoing::Changed(changed) => documents.extend(changed.into_iter().map(|document| (document.topic, document.payload))),
            _ => {}
        }
    }
    (answer.expect("an answer"), documents)
}

/// Anne has tapped at the kiosk.
fn anne_here(folder: &Path) -> (Pipeline, UnboundedReceiver<Outgoing>) {
    let (mut pipeline, sent) = daemon(folder, CAFE);
    let imported = pipeline.control(Ask::Import { csv: MEMBERS.into(), dry_run: false });
    assert!(matches!(imported, Reply::Imported(_)), "{imported:?}");
    pipeline.broker(Incoming::Connected(Uuid::new_v4()));
    let (reader, uid) = (ReaderName::new("cafe").unwrap(), WireUid(Uid::from_hex("04A1B2C3D4E5F6").unwrap()));
    pipeline.control(Ask::Tap { reader, uid });
    (pipeline, sent)
}

#[test]
fn a_badge_says_j_en_suis_and_the_agenda_counts_it_and_names_who_shows_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let (mut pipeline, mut sent) = anne_here(folder.path());
    let fetes = calendar("fêtes", &["Bal"], true);
    let event = fetes.events[0].id;
    ask(&mut pipeline, Ask::ImportCalendar(fetes));
    let (answer, documents) = sign(&mut pipeline, &mut sent, Action::Rsvp { event, going: true });
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    let agenda = documents.iter().rev().find(|(topic, _)| *topic == Topic::Agenda).expect("the agenda");
    let agenda: Agenda = payload::decode(&agenda.1).unwrap();
    assert_eq!((agenda.events[0].going, agenda.events[0].shown.len()), (1, 1));
    let (answer, _) = sign(&mut pipeline, &mut sent, Action::Rsvp { event: EventId(Uuid::nil()), going: true });
    assert_eq!(answer, super::super::refused(refusal::NO_SUCH_EVENT));
}

#[test]
fn a_member_without_a_badge_and_a_guest_get_the_same_answer_and_only_the_manager_reads_who_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (mut pipeline, mut sent) = anne_here(folder.path());
    let (declared, _) = sign(&mut pipeline, &mut sent, Action::Declare { name: "benoit LAVOIE".into() });
    let (unknown, documents) = sign(&mut pipeline, &mut sent, Action::Declare { name: "Personne Ici".into() });
    assert!(matches!(declared, Answer::Done { .. }));
    assert_eq!(declared, unknown);
    assert!(documents.iter().all(|(_, payload)| !String::from_utf8_lossy(payload).contains("Personne")), "a name is on no topic");
    let guests = ask(&mut pipeline, Ask::Guests);
    assert!(guests.contains("Personne Ici  vouched for by M-0001 Anne Tremblay") && guests.contains("no member has"), "{guests}");
    let declared = ask(&mut pipeline, Ask::Declared);
    assert!(declared.contains("M-0002 Benoît Lavoie  vouched for by M-0001"), "{declared}");
}

#[test]
fn where_the_space_wants_it_so_a_proposed_event_is_on_no_topic_until_the_manager_approves_it() {
    use crate::desk::{Moderate, TextSort};
    let folder = tempfile::tempdir().unwrap();
    let config = format!("approve_first = true\n{CAFE}");
    let (mut pipeline, mut sent) = daemon(folder.path(), &config);
    pipeline.control(Ask::Import { csv: MEMBERS.into(), dry_run: false });
    pipeline.broker(Incoming::Connected(Uuid::new_v4()));
    let (reader, uid) = (ReaderName::new("cafe").unwrap(), WireUid(Uid::from_hex("04A1B2C3D4E5F6").unwrap()));
    pipeline.control(Ask::Tap { reader, uid });
    let tomorrow = crate::clock::wall_as_seen().to_zoned(jiff::tz::TimeZone::UTC).date().tomorrow().unwrap().at(18, 0, 0, 0);
    let action = Action::ProposeEvent { title: "Soirée jeux".into(), place: None, starts: tomorrow, firm_at: 2 };
    let (answer, documents) = sign(&mut pipeline, &mut sent, action);
    assert!(matches!(answer, Answer::Done { .. }), "{answer:?}");
    assert!(documents.iter().all(|(_, payload)| !String::from_utf8_lossy(payload).contains("jeux")), "{documents:?}");
    drop(pipeline);
    let (mut pipeline, _sent) = daemon(folder.path(), &config);
    let desk = ask(&mut pipeline, Ask::Moderate(Moderate::List));
    assert!(desk.contains("waits to be approved  Soirée jeux"), "{desk}");
    assert_eq!(ask(&mut pipeline, Ask::Events), "");
    let id = desk.split_whitespace().nth(1).unwrap().parse().unwrap();
    ask(&mut pipeline, Ask::Moderate(Moderate::Approve { of: TextSort::Event, id }));
    assert_eq!(ask(&mut pipeline, Ask::Moderate(Moderate::List)), "");
    assert!(ask(&mut pipeline, Ask::Events).contains("Soirée jeux"));
}

#[test]
fn what_was_read_while_nobody_knew_the_time_wipes_nothing_out() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[[calendar]]\nname = 'a'\nfile = '/nowhere/a.ics'\n";
    let report = |result| Report { name: "a".into(), result, left_out: vec![], again: Again::default() };
    let (mut pipeline, _sent) = daemon(folder.path(), config);
    pipeline.calendar(report(Ok(calendar("a", &["Bal"], false))));
    drop(pipeline);
    let text = format!("state = '{}'\nclock = 'file'\nclock_file = '/nowhere'\nlunch = false\n{config}", folder.path().display());
    let house = House::open(Config::parse(&text, Path::new("daemon.toml")).unwrap()).unwrap();
    let mut pipeline = Pipeline::new(house, unbounded_channel().0);
    pipeline.calendar(report(Ok(calendar("a", &[], false))));
    assert!(ask(&mut pipeline, Ask::Events).contains("Bal"));
}
