use super::*;
use crate::community::agenda::Words;
use crate::config::Config;
use crate::control::{Ask, Reply};
use crate::mqtt::Outgoing;
use std::path::Path;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

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
    let report = |result| Report { name: "a".into(), result, left_out: vec!["line 4: an event without UID".into()] };
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
