//! The client while the broker is killed, away or frozen.

use super::pipeline::{BASE, Pipeline, online, retains};
use presence_daemon::mqtt::Incoming;
use std::time::{Duration, Instant};
use voisins_tests::broker::{Mosquitto, Peer};

#[tokio::test]
async fn all_that_is_retained_is_rebuilt_after_the_broker_was_killed() {
    let mut broker = Mosquitto::start("");
    let photos: Vec<String> = (0..60).map(|n| format!("photo/00000000-0000-4000-8000-{n:012}")).collect();
    let mut wanted: Vec<(&str, &[u8], _)> = photos.iter().map(|photo| (photo.as_str(), &[7; 15_000][..], None)).collect();
    wanted.push(("presence", b"x", Some(1)));
    let mut pipeline = Pipeline::start(broker.port, &wanted);
    let first = pipeline.connected().await;
    pipeline.acknowledged(&[1]).await;
    retains(broker.port, &pipeline.tree(&first)).await;
    broker.restart();
    let second = pipeline.connected().await;
    assert_ne!(first, second, "a new connection is a new session");
    retains(broker.port, &pipeline.tree(&second)).await;
    let kiosk = Peer::connect(broker.port, None).await.unwrap();
    kiosk.publish(&format!("{BASE}/request/cafe/leave"), "x", false).await;
    while !matches!(pipeline.next().await, Incoming::Request { .. }) {}
}

#[tokio::test]
async fn a_mark_is_never_acknowledged_while_the_broker_is_down_and_is_not_lost() {
    let mut broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[("presence", b"1", Some(1))]);
    pipeline.acknowledged(&[1]).await;
    broker.kill();
    pipeline.disconnected().await;
    pipeline.change("presence", b"2", Some(2));
    pipeline.event("kiosk/cafe/event", b"hello", Duration::from_millis(1));
    assert!(tokio::time::timeout(Duration::from_millis(600), pipeline.next()).await.is_err(), "nothing to tell while it is down");
    broker.restart();
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[2]).await;
    retains(broker.port, &pipeline.tree(&session)).await;
}

#[tokio::test]
async fn a_frozen_broker_is_noticed_within_ten_seconds_and_taken_again_when_it_thaws() {
    let broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[("presence", b"0", Some(0))]);
    pipeline.acknowledged(&[0]).await;
    broker.freeze();
    let frozen = Instant::now();
    let mut mark = 0;
    // documents go on changing: they must neither hide the silence nor be acknowledged
    loop {
        mark += 1;
        pipeline.change("presence", &[b'x'; 100_000], Some(mark));
        match tokio::time::timeout(Duration::from_millis(50), pipeline.next()).await {
            Err(_) => assert!(frozen.elapsed() < Duration::from_secs(10), "noticed too late"),
            Ok(told) => {
                assert_eq!(told, Incoming::Disconnected);
                break;
            }
        }
    }
    broker.thaw();
    let session = pipeline.connected().await;
    pipeline.acknowledged(&[mark]).await;
    retains(broker.port, &pipeline.tree(&session)).await;
}

#[tokio::test]
async fn two_daemons_of_one_site_do_not_fight_fast() {
    let broker = Mosquitto::start("");
    let mut one = Pipeline::start(broker.port, &[("presence", b"one", Some(1))]);
    one.acknowledged(&[1]).await;
    let mut other = Pipeline::start(broker.port, &[("presence", b"other", Some(1))]);
    let mut ends = 0;
    let _ = tokio::time::timeout(Duration::from_secs(4), async {
        loop {
            let told = tokio::select! { told = one.next() => told, told = other.next() => told };
            ends += u32::from(told == Incoming::Disconnected);
        }
    })
    .await;
    assert!((1..=8).contains(&ends), "{ends} connections ended in 4 s");
}

#[tokio::test]
async fn thirty_kills_while_documents_change_leave_the_wanted_tree() {
    let mut broker = Mosquitto::start("");
    let mut pipeline = Pipeline::start(broker.port, &[]);
    let mut number: i64 = 0;
    let mut acknowledged = Vec::new();
    for kill in 0..30 {
        let mut connected = false;
        // at least until it is there again, then a while that differs each time
        let mut left = kill % 7;
        while !connected || left > 0 {
            number += 1;
            let below = match number % 4 {
                0 => "presence".to_owned(),
                1 => "occupancy".to_owned(),
                n => format!("photo/00000000-0000-4000-8000-{:012}", n * 10 + number % 5),
            };
            let payload = if number % 11 == 0 { Vec::new() } else { format!("{number}").into_bytes() };
            pipeline.change(&below, &payload, Some(number));
            left -= i64::from(connected);
            tokio::time::sleep(Duration::from_millis(50)).await; // the rate: 20 a second
            for told in pipeline.told_already() {
                match told {
                    Incoming::Connected(_) => connected = true,
                    Incoming::Acknowledged(marks) => acknowledged.extend(marks.into_iter().map(|(_, mark)| mark)),
                    Incoming::Disconnected => connected = false,
                    Incoming::Request { .. } | Incoming::Command { .. } => panic!("nobody asked"),
                    Incoming::HomeAssistantStarted => panic!("it is not there"),
                }
            }
        }
        broker.restart();
    }
    pipeline.change("presence", b"the end", Some(number + 1));
    pipeline.acknowledged(&[number + 1]).await;
    let status = Peer::retained(broker.port, None, BASE).await[&format!("{BASE}/status")].clone();
    let status = String::from_utf8(status).unwrap();
    let session = status.split('"').nth_back(1).unwrap();
    assert_eq!(status.as_bytes(), online(session));
    retains(broker.port, &pipeline.tree(session)).await;
    assert!(acknowledged.iter().all(|mark| *mark <= number));
}
