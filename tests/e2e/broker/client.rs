//! The client on a broker that works.

use super::pipeline::{BASE, Pipeline, offline, online, retains, settings};
use presence_daemon::mqtt::Incoming;
use std::time::Duration;
use voisins_tests::broker::{Mosquitto, Peer};

const PHOTO: &str = "photo/00000000-0000-4000-8000-000000000007";

#[tokio::test]
async fn ghosts_are_cleared_and_what_is_equal_is_not_published_again() {
    let broker = Mosquitto::start("");
    let before = Peer::connect(broker.port, None).await.unwrap();
    for (below, payload) in [
        (PHOTO, "the same photo"),
        ("photo/00000000-0000-4000-8000-000000000008", "a ghost"),
        ("presence", "old"),
        ("reader/gone/status", "a ghost of a reader"),
        ("something/unknown/here", "a ghost too"),
        ("status", "not ours"),
        ("request/cafe/leave", "retained by mistake"),
    ] {
        assert!(before.publish(&format!("{BASE}/{below}"), payload, true).await);
    }
    assert!(before.publish("voisins/essai2/presence", "another site", true).await);
    let mut watcher = Peer::connect(broker.port, None).await.unwrap();
    watcher.subscribe(&format!("{BASE}/#")).await;

    let wanted: &[(&str, &[u8], _)] =
        &[(PHOTO, b"the same photo", Some(4)), ("presence", b"new", Some(5)), ("directory", b"", Some(6))];
    let mut pipeline = Pipeline::start(broker.port, wanted);
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[4, 5, 6]).await;
    retains(broker.port, &pipeline.tree(&session)).await;
    assert_eq!(
        Peer::retained(broker.port, None, "voisins/essai2").await.len(),
        1,
        "another site's documents are not ours to clear"
    );

    let mut published = Vec::new();
    loop {
        let message = watcher.next().await;
        if !message.retained && !message.topic.starts_with(&format!("{BASE}/daemon/")) {
            published.push(message.topic.strip_prefix(&format!("{BASE}/")).unwrap().to_owned());
        }
        if message.payload == online(&session) {
            break;
        }
    }
    assert!(!published.contains(&PHOTO.to_owned()), "{published:?}");
    assert!(published.contains(&"presence".to_owned()), "{published:?}");
    assert!(!pipeline.told_already().iter().any(|told| matches!(told, Incoming::Request { .. })), "a retained request is ignored");
}

#[tokio::test]
async fn the_birth_comes_first_and_online_last() {
    let broker = Mosquitto::start("");
    let mut watcher = Peer::connect(broker.port, None).await.unwrap();
    watcher.subscribe(&format!("{BASE}/#")).await;
    let wanted: &[(&str, &[u8], _)] =
        &[("status/session", b"birth", None), ("directory", b"d", None), (PHOTO, b"p", None), ("presence", b"x", None)];
    let mut pipeline = Pipeline::start(broker.port, wanted);
    let session = pipeline.connected().await;
    let mut order = Vec::new();
    while order.last().is_none_or(|last| last != "status") {
        let message = watcher.next().await;
        let below = message.topic.strip_prefix(&format!("{BASE}/")).unwrap();
        if !below.starts_with("daemon/") {
            order.push(below.to_owned());
        }
    }
    assert_eq!(order, ["status/session", "directory", "presence", PHOTO, "status"]);
    retains(broker.port, &pipeline.tree(&session)).await;
}

#[tokio::test]
async fn a_request_comes_through_and_a_retained_one_is_ignored_and_cleared() {
    let broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[("presence", b"x", Some(1))]);
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[1]).await;
    let kiosk = Peer::connect(broker.port, None).await.unwrap();
    kiosk.publish(&format!("{BASE}/request/cafe/leave"), "retained", true).await;
    kiosk.publish(&format!("{BASE}/request/cafe/stay"), "", false).await;
    kiosk.publish(&format!("{BASE}/request/cafe/stay"), "fresh", false).await;
    let Incoming::Request { topic, payload } = pipeline.next().await else { panic!("a request") };
    assert_eq!((topic.to_string().as_str(), payload.as_slice()), ("request/cafe/stay", &b"fresh"[..]));
    retains(broker.port, &pipeline.tree(&session)).await;
}

#[tokio::test]
async fn changes_and_events_arrive_and_late_events_do_not() {
    let broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[("presence", b"1", Some(1))]);
    pipeline.acknowledged(&[1]).await;
    let mut kiosk = Peer::connect(broker.port, None).await.unwrap();
    kiosk.subscribe(&format!("{BASE}/#")).await;
    pipeline.event("kiosk/cafe/event", b"too late", Duration::ZERO);
    pipeline.event("kiosk/cafe/event", b"in time", Duration::from_secs(5));
    let event = kiosk.next_on(&format!("{BASE}/kiosk/cafe/event")).await;
    assert_eq!((event.payload.as_slice(), event.retained), (&b"in time"[..], false));
    pipeline.change("presence", b"2", Some(2));
    pipeline.acknowledged(&[2]).await;
    assert_eq!(kiosk.next_on(&format!("{BASE}/presence")).await.payload, b"2");
    assert!(!Peer::retained(broker.port, None, BASE).await.contains_key(&format!("{BASE}/kiosk/cafe/event")));
}

#[tokio::test]
async fn a_large_photo_passes() {
    let broker = Mosquitto::start("");
    let photo: Vec<u8> = (0..1_500_000u32).map(|i| (i * 7 % 251) as u8).collect();
    for _ in 0..2 {
        // the second time it is read back and found equal
        let mut pipeline = Pipeline::start(broker.port, &[(PHOTO, &photo, Some(1))]);
        let session = pipeline.connected().await;
        pipeline.acknowledged(&[1]).await;
        retains(broker.port, &pipeline.tree(&session)).await;
        pipeline.stop().await;
    }
}

#[tokio::test]
async fn a_document_too_large_for_the_broker_stops_nothing() {
    let broker = Mosquitto::start("max_packet_size 10000\n");
    let photo = vec![7; 20_000];
    let mut pipeline = Pipeline::start(broker.port, &[(PHOTO, &photo, Some(1)), ("presence", b"x", Some(2))]);
    pipeline.acknowledged(&[2]).await;
    pipeline.change("presence", b"y", Some(3));
    pipeline.acknowledged(&[3]).await;
    assert!(!pipeline.told_already().contains(&Incoming::Disconnected));
}

#[tokio::test]
async fn the_will_of_an_older_session_does_not_win() {
    let broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[("presence", b"x", Some(1))]);
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[1]).await;
    retains(broker.port, &pipeline.tree(&session)).await;
    let late = Peer::connect(broker.port, None).await.unwrap();
    late.publish(&format!("{BASE}/status"), offline("00000000-0000-4000-8000-000000000001"), true).await;
    retains(broker.port, &pipeline.tree(&session)).await;
}

#[tokio::test]
async fn a_clean_stop_sends_what_waits_and_then_says_offline() {
    let broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[("presence", b"x", Some(1))]);
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[1]).await;
    pipeline.change("presence", b"last", Some(2));
    let mut expected = pipeline.tree(&session);
    expected.insert(format!("{BASE}/status"), offline(&session));
    pipeline.stop().await;
    assert_eq!(Peer::retained(broker.port, None, BASE).await, expected);
}

#[tokio::test]
async fn a_lost_client_is_said_to_be_offline_by_its_will() {
    let broker = Mosquitto::start("");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let port = broker.port;
    let mut pipeline = runtime.spawn(async move { Pipeline::start(port, &[("presence", b"x", Some(1))]) }).await.unwrap();
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[1]).await;
    let mut expected = pipeline.tree(&session);
    expected.insert(format!("{BASE}/status"), offline(&session));
    runtime.shutdown_background();
    retains(broker.port, &expected).await;
}

#[tokio::test]
async fn a_refused_password_is_tried_again_once_the_file_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "wrong\n").unwrap();
    let hashed = folder.path().join("hashed");
    std::fs::write(&hashed, "daemon:right\n").unwrap();
    assert!(std::process::Command::new("mosquitto_passwd").arg("-U").arg(&hashed).status().unwrap().success());
    let passwords = std::fs::read_to_string(&hashed).unwrap();
    let broker = Mosquitto::start_with("allow_anonymous false\npassword_file FOLDER/passwords\n", &[("passwords", &passwords)]);
    let mut pipeline = Pipeline::start_with(settings(broker.port, &file), &[("presence", b"x", Some(1))]);
    // long enough for several attempts
    assert!(tokio::time::timeout(Duration::from_millis(700), pipeline.connected()).await.is_err());
    std::fs::write(&file, "right\n").unwrap();
    pipeline.acknowledged(&[1]).await;
    pipeline.stop().await;
}
