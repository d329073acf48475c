//! A real Prometheus: a scrape, and what its own checker says of style.

use super::house::{House, free_port};
use super::http::{ask, json};
use super::{installed, wait_until};
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};
use voisins_tests::pcscd::child_command;

#[test]
#[ignore = "needs the network: make integrations"]
fn prometheus_takes_what_the_daemon_tells() {
    let house = House::start();
    house.tap(1);
    let metrics = ask(house.pages(), "GET", "/metrics", &[], "").expect("the metrics").text;
    let mut promtool = Command::new(installed("prometheus/usr/bin/promtool"))
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool");
    promtool.stdin.take().expect("a pipe").write_all(metrics.as_bytes()).expect("written");
    let said = promtool.wait_with_output().expect("its word");
    println!("promtool: {} {}", said.status, String::from_utf8_lossy(&said.stderr));

    let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
    let config = folder.path().join("prometheus.yml");
    let text = format!(
        "scrape_configs:\n- job_name: voisins\n  scrape_interval: 1s\n  static_configs:\n  - targets: ['127.0.0.1:{}']\n",
        house.pages()
    );
    std::fs::write(&config, text).expect("a config");
    let mut prometheus = child_command(&[])
        .arg(installed("prometheus/usr/bin/prometheus"))
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Prometheus starts");
    let value = |query: &str| -> Option<String> {
        let (_, answer) = json(port, "GET", &format!("/api/v1/query?query={query}"), "", &Value::Null)?;
        answer["data"]["result"][0]["value"][1].as_str().map(str::to_owned)
    };
    let expect = |query: &str, expected: &str| {
        wait_until(query, || value(query).filter(|found| found == expected));
        println!("{query} = {expected}");
    };
    expect("up", "1");
    expect("voisins_taps_total", "1");
    expect("voisins_came_today", "1");
    expect("voisins_broker_connected", "1");
    expect("sum(voisins_present)", "1");
    expect("voisins_tap_seconds_count", "1");
    let _ = prometheus.kill();
    let _ = prometheus.wait();
}
