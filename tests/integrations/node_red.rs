//! A real Node-RED with the flow that we ship, its dashboard in a real browser.

use super::house::{House, free_port};
use super::http::{ask, json};
use super::{installed, wait_until};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Stdio};
use voisins_tests::pcscd::child_command;

const FLOW: &str = include_str!("../../systemd/node-red/voisins.json");

/// Looks at the dashboard until it shows these words.
#[track_caller]
fn look(url: &str, picture: &Path, words: &[&str]) -> Value {
    let mut command = child_command(&[]);
    command.arg(installed("node-red/node_modules/node/bin/node"));
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/integrations/node_red.js")).arg(url).arg(picture).args(words);
    let output = command
        .env("NODE_PATH", installed("node-red/node_modules"))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .expect("a browser");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    serde_json::from_str(&said).expect("JSON")
}

struct NodeRed(Child);

impl Drop for NodeRed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs the network: make integrations"]
fn the_flow_we_ship_shows_the_house_once_it_has_the_broker() {
    let house = House::start();
    let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
    let modules = installed("node-red/node_modules");
    let settings = format!(
        "module.exports={{uiPort:{port},uiHost:\"127.0.0.1\",flowFile:\"flows.json\",credentialSecret:\"essai\",telemetry:{{enabled:false,updateNotification:false}},externalModules:{{palette:{{allowInstall:false}}}},nodesDir:[{:?}],logging:{{console:{{level:\"warn\"}}}}}};",
        modules.join("@flowfuse/node-red-dashboard")
    );
    std::fs::write(folder.path().join("settings.js"), settings).expect("settings");
    let node_red = child_command(&[]).arg(installed("node-red.sh")).arg(folder.path()).stdout(Stdio::null()).spawn();
    let _node_red = NodeRed(node_red.expect("Node-RED starts"));
    wait_until("Node-RED answers", || ask(port, "GET", "/flows", &[], "").filter(|page| page.status == 200));

    // as a person does: import the flow, then give the broker's address, account and password
    let mut flow: Value = serde_json::from_str(FLOW).expect("JSON");
    let nodes = flow.as_array_mut().expect("nodes");
    let broker = nodes.iter_mut().find(|node| node["type"] == "mqtt-broker").expect("a broker");
    broker["port"] = json!(house.port.to_string());
    broker["credentials"] = json!({ "user": "integration", "password": house.password("integration") });
    let (status, answer) = json(port, "POST", "/flows", "", &flow).expect("an answer");
    assert!((200..300).contains(&status), "{status} {answer}");

    let (url, picture) = (format!("http://127.0.0.1:{port}/dashboard/voisins"), Path::new("/tmp/voisins-node-red.png"));
    for n in 0..3 {
        house.tap(n);
    }
    let words = ["Ici maintenant", "Passages aujourd’hui", "Anne T.", "Zoé R.", "porte", "cafe", "en marche", "en ligne"];
    let seen = look(&url, picture, &words);
    let text = seen["text"].as_str().expect("text");
    println!("Node-RED shows:\n{text}\nits picture: {}", picture.display());
    assert!(!text.contains("Sansnom") && !text.contains("Anne G."), "one who didn't agree, one who isn't here");
    let after = |label: &str| text.split(label).nth(1).and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
    assert_eq!((after("Ici maintenant").as_deref(), after("Passages aujourd’hui").as_deref()), (Some("3"), Some("3")));
    assert_eq!(seen["outside"], json!([]), "nothing is asked of the Internet");
    house.command(&["evacuation", "on"]);
    house.tap(3);
    look(&url, picture, &["Anne G.", "EN COURS"]);
}
