//! The outbox alone; the client's behaviour is tested with a real broker in the e2e suite.

use super::*;

fn document(topic: &str, payload: &str, mark: Option<i64>) -> Item {
    Item::retained(topic.into(), payload.into(), mark.map(|mark| (Topic::Presence, mark)))
}

#[test]
fn a_newer_document_replaces_the_one_that_waits_and_keeps_the_newest_mark() {
    let mut outbox = Outbox::default();
    outbox.put(document("presence", "1", Some(7)));
    outbox.put(document("directory", "1", None));
    outbox.put(document("presence", "2", Some(9)));
    outbox.put(document("presence", "3", None));
    assert_eq!(outbox.pop(), Some(document("presence", "3", Some(9))));
    assert_eq!(outbox.pop(), Some(document("directory", "1", None)));
    assert_eq!(outbox.pop(), None);
    assert!(outbox.is_empty());
}

#[test]
fn events_go_first_unless_they_are_too_late() {
    let now = Instant::now();
    let mut outbox = Outbox::default();
    outbox.put(document("presence", "1", None));
    outbox.push_event("late".into(), Vec::new(), now);
    outbox.push_event("in time".into(), Vec::new(), now + Duration::from_secs(60));
    let event = outbox.pop().unwrap();
    assert_eq!(event.name, "in time");
    outbox.unsend(event);
    assert_eq!(outbox.pop().unwrap().name, "in time");
    assert_eq!(outbox.pop().unwrap().name, "presence");
}

#[test]
fn the_last_word_stays_last() {
    let mut outbox = Outbox::default();
    outbox.put(document("status", "online", Some(1)));
    outbox.put(document("presence", "1", None));
    outbox.put_last(document("status", "offline", None));
    assert_eq!(outbox.pop().unwrap().name, "presence");
    assert_eq!(outbox.pop(), Some(document("status", "offline", None)));
    assert!(outbox.is_empty());
}

#[test]
fn a_refused_account_is_told_with_what_to_do() {
    let text = Loss::Refused { user: "voisins-daemon".into(), file: "/etc/voisins/broker.password".into() }.to_string();
    for part in ["\"voisins-daemon\"", "/etc/voisins/broker.password", "first line", "external-accounts.txt", "external.acl"] {
        assert!(text.contains(part), "{text}");
    }
}
