use super::*;
use crate::community::agenda::Event;
use proptest::prelude::*;

fn toronto() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

fn now() -> Timestamp {
    "2026-10-20T12:00:00Z".parse().unwrap()
}

fn ics(lines: &[&str]) -> String {
    let all = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"].iter().chain(lines).chain(&["END:VCALENDAR"]);
    all.map(|line| format!("{line}\r\n")).collect()
}

fn event(uid: &str, lines: &[&str]) -> String {
    let mut text = format!("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261001T000000Z\r\nSUMMARY:titre\r\n");
    lines.iter().for_each(|line| text += &format!("{line}\r\n"));
    text + "END:VEVENT"
}

fn found(events: &[String]) -> read::Found {
    let lines: Vec<&str> = events.iter().map(String::as_str).collect();
    occurrences(ics(&lines).as_bytes(), "a", &toronto(), now()).unwrap()
}

fn local(event: &Event) -> String {
    event.starts.to_zoned(toronto()).strftime("%m-%d %H:%M").to_string()
}

/// When the occurrences begin, in the site's time.
#[track_caller]
fn check(events: &[String], expected: &[&str]) {
    let found = found(events);
    assert_eq!(found.events.iter().map(local).collect::<Vec<_>>(), expected);
    assert_eq!(found.left_out, [""; 0]);
}

const WEEKLY: [&str; 3] =
    ["DTSTART;TZID=America/Toronto:20261020T173000", "DTEND;TZID=America/Toronto:20261020T193000", "RRULE:FREQ=WEEKLY;COUNT=5"];

#[test]
fn a_rule_with_exceptions_and_additions_across_the_end_of_daylight_saving() {
    let exdate = "EXDATE;TZID=America/Toronto:20261103T173000";
    let rdate = "RDATE;TZID=America/Toronto:20261105T120000,20261106T120000";
    let event = event("w", &[&WEEKLY[..], &[exdate, rdate]].concat());
    check(&[event], &["10-20 17:30", "10-27 17:30", "11-05 12:00", "11-06 12:00", "11-10 17:30", "11-17 17:30"]);
}

#[test]
fn an_occurrence_that_is_moved_keeps_its_id_and_one_that_is_cancelled_leaves() {
    let weekly = event("w", &WEEKLY);
    // a later wording has a higher SEQUENCE, which is no reason to see both
    let moved = "RECURRENCE-ID;TZID=America/Toronto:20261027T173000\r\nSEQUENCE:3\r\nDTSTART;TZID=America/Toronto:20261028T180000";
    let off = "RECURRENCE-ID:20261103T223000Z\r\nDTSTART:20261103T223000Z\r\nSTATUS:CANCELLED";
    // another event that recurs at the same time is none of theirs
    let other = event("other", &["DTSTART;TZID=America/Toronto:20261027T173000"]);
    let before = found(std::slice::from_ref(&weekly));
    let changed = [weekly, event("w", &[moved]), event("w", &[off]), other];
    check(&changed, &["10-20 17:30", "10-27 17:30", "10-28 18:00", "11-10 17:30", "11-17 17:30"]);
    assert_eq!(found(&changed).events[2].id, before.events[1].id);
    assert_ne!(found(&changed).events[1].id, before.events[1].id);
}

#[test]
fn an_event_called_off_as_a_whole_leaves() {
    check(&[event("w", &[&WEEKLY[..], &["STATUS:CANCELLED"]].concat())], &[]);
}

#[test]
fn one_that_is_moved_without_a_rule_keeps_its_id() {
    let at = |start: &str| found(&[event("u", &[&format!("DTSTART:{start}")])]).events[0].id;
    assert_eq!(at("20261030T130000Z"), at("20261031T150000Z"));
}

#[test]
fn zones_by_outlooks_names_by_iana_unknown_ones_none_and_utc() {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Eastern Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\n\
                TZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nEND:VTIMEZONE";
    check(
        &[
            zone.to_owned(),
            event("outlook", &["DTSTART;TZID=Eastern Standard Time:20261030T120000", "RRULE:FREQ=DAILY;COUNT=3"]),
            event("paris", &["DTSTART;TZID=Europe/Paris:20261030T120000"]),
            event("unknown", &["DTSTART;TZID=Chez nous:20261030T130000"]),
            event("floating", &["DTSTART:20261030T140000"]),
            event("utc", &["DTSTART:20261030T190000Z", "RRULE:FREQ=DAILY;COUNT=3"]),
        ],
        &[
            "10-30 07:00",
            "10-30 12:00",
            "10-30 13:00",
            "10-30 14:00",
            "10-30 15:00",
            "10-31 12:00",
            "10-31 15:00",
            "11-01 12:00",
            "11-01 14:00",
        ],
    );
}

#[test]
fn the_hour_that_comes_twice_and_the_one_that_is_skipped() {
    let twice = event("t", &["DTSTART;TZID=America/Toronto:20261031T013000", "RRULE:FREQ=DAILY;COUNT=3"]);
    check(&[twice], &["10-31 01:30", "11-01 01:30", "11-02 01:30"]);
    let skipped = event("s", &["DTSTART;TZID=America/Toronto:20270313T023000", "RRULE:FREQ=DAILY;COUNT=3"]);
    check(&[skipped], &["03-13 02:30", "03-14 03:30", "03-15 02:30"]);
}

#[test]
fn the_end_of_a_rule_is_said_in_utc_and_meant_in_its_zone() {
    let until = |until: &str| event("u", &[WEEKLY[0], &format!("RRULE:FREQ=WEEKLY;UNTIL={until}")]);
    check(&[until("20261103T223000Z")], &["10-20 17:30", "10-27 17:30", "11-03 17:30"]);
    check(&[until("20261103T222959Z")], &["10-20 17:30", "10-27 17:30"]);
}

#[test]
fn whole_days_are_days_of_the_site() {
    let days = event("d", &["DTSTART;VALUE=DATE:20261031", "DTEND;VALUE=DATE:20261102"]);
    let weekly = event("w", &["DTSTART;VALUE=DATE:20261030", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261106"]);
    let found = found(&[days, weekly]);
    let seen: Vec<_> = found.events.iter().map(|event| (event.all_day.unwrap().to_string(), event.ends.unwrap())).collect();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(
        seen,
        [
            ("2026-10-30".into(), at("2026-10-31T04:00:00Z")),
            ("2026-10-31".into(), at("2026-11-02T05:00:00Z")),
            ("2026-11-13".into(), at("2026-11-14T05:00:00Z")),
        ]
    );
}

#[test]
fn a_rule_without_an_end_is_followed_for_400_days_however_long_ago_it_began() {
    let daily = event("d", &["DTSTART;TZID=America/Toronto:19990101T120000", "DURATION:PT1H", "RRULE:FREQ=DAILY"]);
    let found = found(&[daily]);
    assert_eq!((found.events.len(), local(&found.events[0])), (402, "10-18 12:00".into()));
}

#[test]
fn folded_and_escaped_words_on_one_line_and_not_too_long() {
    let event = "BEGIN:VEVENT\r\nUID:f\r\nDTSTART:20261030T130000Z\r\nSUMMARY:5 à 7 très lo\r\n ng\\, avec\\nune suite\r\nLOCATION: \r\nSTATUS:TENTATIVE\r\nEND:VEVENT";
    let long = format!("BEGIN:VEVENT\r\nUID:g\r\nDTSTART:20261030T140000Z\r\nSUMMARY:{}\r\nEND:VEVENT", "é".repeat(500));
    let found = found(&[event.into(), long]);
    let (first, second) = (&found.events[0], &found.events[1]);
    assert_eq!((&*first.words.title, &first.words.place, first.firm), ("5 à 7 très long, avec une suite", &None, false));
    assert_eq!(second.words.title.chars().count(), 140);
}

#[test]
fn what_is_private_in_a_calendar_is_not_shown() {
    let class = |class: &str| event(class, &["DTSTART:20261030T130000Z", &format!("CLASS:{class}")]);
    check(&[class("PRIVATE"), class("CONFIDENTIAL"), class("X-OURS"), class("PUBLIC")], &["10-30 09:00"]);
}

#[test]
fn what_cant_be_read_is_left_out_with_its_line_and_the_rest_stays() {
    let bad = ["BEGIN:VEVENT\r\nDTSTART:20261030T130000Z\r\nEND:VEVENT", "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:a\r\nEND:VEVENT"];
    let hostile = event("h", &["DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY"]);
    let found = found(&[bad[0].into(), event("good", &["DTSTART:20261030T130000Z"]), bad[1].into(), hostile]);
    assert_eq!(found.events.len(), 1);
    assert_eq!(
        found.left_out,
        [
            "line 4: an event without UID",
            "line 13: an event without a DTSTART that is a time",
            "line 17: an event that recurs several times a day"
        ]
    );
}

#[test]
fn what_is_no_calendar_is_told_with_its_line() {
    let refused = |bytes: &[u8]| occurrences(bytes, "a", &toronto(), now()).unwrap_err().to_string();
    assert!(refused(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:caf\xe9\r\n").starts_with("line 3: not UTF-8"));
    assert!(refused(b"\r\n<!doctype html>").starts_with("line 2: not iCalendar"));
    assert!(refused(b"").starts_with("line 1: not iCalendar"));
    assert!(refused(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n").contains("cut off"));
}

#[test]
fn our_own_feed_is_read_back_as_it_was_and_names_nobody() {
    let mut events = found(&[
        event("t", &["DTSTART:20261030T130000Z", "DTEND:20261030T150000Z", "LOCATION:Salle\\, au fond"]),
        event("d", &["DTSTART;VALUE=DATE:20261101", "DTEND;VALUE=DATE:20261103"]),
        event("m", &["DTSTART:20261105T130000Z", "STATUS:TENTATIVE"]),
    ])
    .events;
    let author = voisins_shared::member::MemberId(uuid::Uuid::from_u128(7));
    events[2].proposed = Some(crate::community::agenda::Proposed { author, firm_at: 3 });
    let text = feed::feed(&events, "Espace Voisins", "mile-end", &toronto(), now());
    for line in
        ["NAME:Espace Voisins", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "STATUS:TENTATIVE", "STATUS:CONFIRMED", "SEQUENCE:0"]
    {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert!(text.contains("@mile-end") && text.contains("DTSTAMP:20261020T120000Z") && !text.contains(&author.to_string()));
    let back = occurrences(text.as_bytes(), "b", &toronto(), now()).unwrap();
    assert_eq!(back.left_out, [""; 0]);
    let same = |event: &Event| (event.words.clone(), event.starts, event.ends, event.all_day, event.firm);
    assert_eq!(back.events.iter().map(same).collect::<Vec<_>>(), events.iter().map(same).collect::<Vec<_>>());
}

fn watched(text: &str) -> Watched {
    let config = crate::config::Config::parse(text, Path::new("daemon.toml")).unwrap();
    Watched::new(config.calendars[0].clone())
}

#[test]
fn a_file_is_read_again_when_it_changes_and_on_a_new_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.ics");
    let mut calendar = watched(&format!("[[calendar]]\nname = 'a'\nfile = '{}'\n", file.display()));
    let client = Client::default();
    let mut look = |now: Timestamp| calendar.look(&client, &toronto(), now, Duration::ZERO);
    let missing = look(now()).unwrap().result.unwrap_err();
    assert!(missing.contains("can't read") && missing.contains("a.ics"), "{missing}");
    assert_eq!(look(now()).unwrap().result.unwrap_err(), missing, "tried again");
    std::fs::write(&file, ics(&[&event("a", &["DTSTART:20261030T130000Z"])])).unwrap();
    assert_eq!(look(now()).unwrap().result.unwrap().events.len(), 1);
    assert_eq!(look(now()), None);
    assert!(look(now() + SignedDuration::from_hours(24)).is_some(), "a new day");
}

#[test]
fn a_file_is_read_again_when_the_report_could_not_be_taken_or_the_file_not_be_read() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let (file, unreadable) = (folder.path().join("a.ics"), folder.path().join("b"));
    std::fs::write(&file, ics(&[&event("a", &["DTSTART:20261030T130000Z"])])).unwrap();
    let mut calendar = watched(&format!("[[calendar]]\nname = 'a'\nfile = '{}'\n", file.display()));
    let client = Client::default();
    let report = calendar.look(&client, &toronto(), now(), Duration::ZERO).unwrap();
    report.again.ask();
    assert_eq!(calendar.look(&client, &toronto(), now(), Duration::ZERO), Some(report));
    assert_eq!(calendar.look(&client, &toronto(), now(), Duration::ZERO), None);
    // a folder can't be read as a file, and is as old after it could be
    std::fs::create_dir(&unreadable).unwrap();
    symlink(&unreadable, folder.path().join("c.ics")).unwrap();
    let mut calendar = watched(&format!("[[calendar]]\nname = 'a'\nfile = '{}'\n", folder.path().join("c.ics").display()));
    for _ in 0..2 {
        let report = calendar.look(&client, &toronto(), now(), Duration::ZERO).expect("tried again");
        assert!(report.result.is_err());
    }
}

#[test]
fn a_folder_is_one_calendar_and_a_bad_file_doesnt_take_the_others_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut calendar = watched(&format!("[[calendar]]\nname = 'a'\nfolder = '{}'\n", folder.path().display()));
    for (name, start) in [("a.ics", "20261030T130000Z"), ("b.ICS", "20261029T130000Z")] {
        std::fs::write(folder.path().join(name), ics(&[&event(name, &[&format!("DTSTART:{start}")])])).unwrap();
    }
    std::fs::write(folder.path().join("c.ics"), "hello").unwrap();
    std::fs::write(folder.path().join("notes.txt"), "hello").unwrap();
    let report = calendar.look(&Client::default(), &toronto(), now(), Duration::ZERO).unwrap();
    assert_eq!(report.result.unwrap().events.iter().map(local).collect::<Vec<_>>(), ["10-29 09:00", "10-30 09:00"]);
    assert!(report.left_out[0].contains("c.ics: line 1: not iCalendar"), "{:?}", report.left_out);
}

/// Bytes that look like a calendar more often than chance would have it.
fn wild() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        2 => Just("BEGIN:VEVENT".to_owned()),
        2 => Just("END:VEVENT".to_owned()),
        1 => Just("END:VCALENDAR\r\nBEGIN:VCALENDAR".to_owned()),
        1 => Just("BEGIN:VTIMEZONE\r\nTZID:z\r\nBEGIN:STANDARD".to_owned()),
        2 => "UID:[ab]",
        2 => Just("SUMMARY:x".to_owned()),
        3 => "(DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)(;TZID=(z|Europe/Paris|UTC\\+5)|;VALUE=DATE|;RANGE=THISANDFUTURE)?:[0-9]{4}(0[0-9]|1[0-3])[0-3][0-9](T[0-2][0-9][0-6][0-9][0-6][0-9]Z?)?(,[0-9]{8})?",
        3 => "RRULE:FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|SECONDLY)(;(INTERVAL|COUNT|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYSETPOS|BYHOUR|BYSECOND|BYDAY|UNTIL|WKST)=(-?[0-9]{1,5}|[0-9],-?[0-9]{1,3}|-?[0-9]?(MO|SU)|20261201T000000Z)){0,4}",
        1 => "DURATION:-?P[0-9]{1,12}[WDTHMS]([0-9]{1,9}[HMS])?",
        1 => "(STATUS|CLASS|SEQUENCE|LOCATION)[:;,\"=]{0,3}[A-Z0-9-]{0,12}",
        1 => "\\PC{0,20}",
    ];
    let text = proptest::collection::vec(line, 0..40)
        .prop_map(|lines| format!("BEGIN:VCALENDAR\r\n{}\r\nEND:VCALENDAR\r\n", lines.join("\r\n")));
    prop_oneof![
        8 => text.prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..300),
        1 => proptest::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| [b"BEGIN:VCALENDAR\r\n", &*bytes].concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_calendars_never_panic_and_end_in_time(bytes in wild()) {
        let started = since_boot();
        if let Ok(found) = occurrences(&bytes, "a", &toronto(), now()) {
            prop_assert!(found.events.len() <= read::MOST_OCCURRENCES);
            prop_assert!(found.events.iter().all(|event| event.ends.is_none_or(|ends| ends > event.starts)));
        }
        // the patience for one calendar, and a rule that was begun within it
        prop_assert!(since_boot().saturating_sub(started) < PATIENCE * 2);
    }
}
