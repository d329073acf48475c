//! What other systems plug into: their topics on the broker, SpaceAPI, metrics.

use crate::hand::run;
use std::collections::BTreeMap;
use std::fs;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{AtHome, Evacuation, Occupancy, OpenNeeds};
use voisins_shared::topic::{Topic, Topics};
use voisins_tests::broker::{Mosquitto, Peer};
use voisins_tests::browser::Browser;
use voisins_tests::world::{Plan, World, name, wait_until};

const ON: &str = r#"{"v":1,"active":true}"#;

/// A world whose first member agreed to be known outside the house.
fn world(broker: &str, sections: &str) -> World {
    let mut world = World::laid_out(&Plan { broker: broker.to_owned(), ..Plan::default() });
    configure(&world, sections);
    let file = world.state().join("agreed.csv");
    fs::write(&file, format!("id,name,consent\nM-0001,{},name;home_assistant @ 2026-01-05 test\n", name(0))).expect("a CSV");
    let output = world.command(&["members", "import", &file.to_string_lossy()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    world.start_daemon();
    world.wait_until_ready();
    world
}

/// What stands at the end of the config, from the next start on.
fn configure(world: &World, sections: &str) {
    let text = fs::read_to_string(world.config()).expect("a config");
    let kept = text.split("# integrations\n").next().unwrap_or_default();
    fs::write(world.config(), format!("{kept}# integrations\n{sections}\n")).expect("a config");
}

fn first(world: &World) -> MemberId {
    let sql = "SELECT member_id FROM member WHERE name = ?1";
    let id: String = world.database().query_row(sql, [name(0)], |row| row.get(0)).expect("the first member");
    MemberId(id.parse().expect("an id"))
}

fn topics() -> Topics {
    Topics::of(&"test".parse().expect("a name"))
}

async fn integration(world: &World) -> Peer {
    let (port, _) = world.kiosk_account("cafe");
    let password = fs::read_to_string(world.state().join("accounts/integration.password")).expect("a password");
    let peer = Peer::connect(port, Some(("integration", password.trim()))).await.expect("an account");
    for filter in [topics().everything()].into_iter().chain(topics().discovery()) {
        peer.subscribe(&filter).await;
    }
    peer
}

fn browser(world: &World) -> Browser {
    Browser::at(&wait_until("the pages", || fs::read_to_string(world.state().join("web.address")).ok()))
}

#[test]
fn home_automation_reads_numbers_and_who_agreed_and_may_ask_for_an_evacuation_that_outlives_a_power_cut() {
    let mut world = world("", "[home_assistant]\ndiscovery = true\nmembers = true");
    let (topics, member) = (topics(), first(&world));
    run(async {
        let mut peer = integration(&world).await;
        let device = peer.next_on(&topics.name(&Topic::Discovery)).await;
        assert!(String::from_utf8_lossy(&device.payload).contains("Ici maintenant"));
        world.tap(1);
        world.tap(0);
        let at_home = peer.state(&topics.name(&Topic::AtHome(member)), |at_home: &AtHome| at_home.present).await;
        assert!(name(0).starts_with(at_home.name.split(' ').next().unwrap_or_default()) && at_home.name.ends_with('.'));
        peer.state(&topics.name(&Topic::Occupancy), |occupancy: &Occupancy| occupancy.members.fresh == 2).await;
        peer.state(&topics.name(&Topic::NeedsCount), |needs: &OpenNeeds| needs.open == 0).await;
        assert!(peer.last().all(|payload| !String::from_utf8_lossy(payload).contains(&name(1))), "no name of who has not agreed");
        assert!(peer.publish(&topics.name(&Topic::Command("evacuation".into())), ON, false).await);
        let told = peer.state(&topics.name(&Topic::Evacuation), |told: &Evacuation| told.active).await;
        assert!(told.since.is_some());
    });
    world.kill_daemon();
    world.start_daemon();
    world.wait_until_ready();
    run(async {
        let mut peer = integration(&world).await;
        peer.state(&topics.name(&Topic::Evacuation), |told: &Evacuation| told.active).await;
        assert_eq!(String::from_utf8_lossy(&world.command(&["evacuation", "off"]).stdout), "off\n");
        peer.state(&topics.name(&Topic::Evacuation), |told: &Evacuation| !told.active).await;
    });
    assert!(world.log_text().contains("evacuation mode begins, asked for by another system"));
}

#[test]
fn on_a_broker_of_others_only_what_is_ours_is_cleared_and_a_kept_command_is_ignored() {
    let (broker, topics) = (Mosquitto::start(""), topics());
    let gone = MemberId(Uuid::from_u128(99));
    let lamp = "homeassistant/device/lamp/config";
    run(async {
        let peer = Peer::connect(broker.port, None).await.expect("a broker");
        for (topic, payload) in [
            (lamp.to_owned(), "{}"),
            (topics.name(&Topic::MemberDiscovery(gone)), "{}"),
            (topics.name(&Topic::AtHome(gone)), "{}"),
            (topics.name(&Topic::Command("evacuation".into())), ON),
            ("homeassistant/status".to_owned(), "online"),
        ] {
            assert!(peer.publish(&topic, payload, true).await);
        }
    });
    let password = tempfile::NamedTempFile::new().expect("a file");
    fs::write(password.path(), "x\n").expect("a password");
    let table = format!(
        "[broker]\nkind = \"external\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"voisins\"\npassword_file = {:?}\n",
        broker.port,
        password.path()
    );
    let mut world = world(&table, "[home_assistant]\ndiscovery = true\nmembers = true");
    let member = first(&world);
    let tree = |base: &'static str| run(Peer::retained(broker.port, None, base));
    let names = |tree: BTreeMap<String, Vec<u8>>| tree.into_keys().collect::<Vec<_>>();
    let ours = [topics.name(&Topic::Discovery), topics.name(&Topic::MemberDiscovery(member))];
    let mut expected = vec![lamp.to_owned(), "homeassistant/status".to_owned()];
    expected.extend(ours);
    expected.sort();
    wait_until("the tree is ours", || (names(tree("homeassistant")) == expected).then_some(()));
    let below = wait_until("the kept command is gone", || {
        let tree = tree("voisins/test");
        (!tree.contains_key(&topics.name(&Topic::Command("evacuation".into())))).then_some(tree)
    });
    assert!(below.contains_key(&topics.name(&Topic::AtHome(member))) && !below.contains_key(&topics.name(&Topic::AtHome(gone))));
    assert_eq!(String::from_utf8_lossy(&world.command(&["evacuation", "status"]).stdout), "off\n");
    assert!(world.log_text().contains("Home Assistant has started"), "it was there already");
    // switched off, nothing of it stays
    assert_eq!(world.stop_daemon(), Some(0));
    configure(&world, "");
    world.start_daemon();
    world.wait_until_ready();
    wait_until("only the lamp", || (names(tree("homeassistant")) == [lamp, "homeassistant/status"]).then_some(()));
    assert!(!tree("voisins/test").contains_key(&topics.name(&Topic::AtHome(member))));
}

#[test]
fn the_metrics_say_numbers_to_this_machine_and_to_who_has_the_token() {
    let token = tempfile::NamedTempFile::new().expect("a file");
    fs::write(token.path(), "une-longue-phrase\n").expect("a token");
    let world = world("", &format!("[metrics]\ntoken_file = {:?}", token.path()));
    world.tap(0);
    wait_until("a visit", || (world.number("SELECT count(*) FROM visit") == 1).then_some(()));
    let mut browser = browser(&world);
    let page = browser.get("/metrics");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    for line in [
        "voisins_taps_total{outcome=\"checked_in\"} 1",
        "voisins_present{who=\"members\",seen=\"lately\"} 1",
        "voisins_reader_up{reader=\"cafe\"} 1",
        "voisins_broker_connected 1",
    ] {
        assert!(page.text.lines().any(|found| found == line), "{line}\n{}", page.text);
    }
    let first_name = name(0);
    assert!(
        !page.text.contains(first_name.split(' ').next().unwrap_or_default()) && !page.text.contains(&first(&world).to_string())
    );
    // by another name of this machine, as a page of somebody else's would come
    let ask = |headers: &[(&str, &str)]| browser.status_with("/metrics", headers);
    assert_eq!(ask(&[("Host", "voisins.example.org")]), 401);
    assert_eq!(ask(&[("Host", "voisins.example.org"), ("Authorization", "Bearer une-autre-phrase")]), 401);
    assert_eq!(ask(&[("Host", "voisins.example.org"), ("Authorization", "Bearer une-longue-phrase")]), 200);
}

#[test]
fn anybody_may_ask_whether_the_space_is_open_if_the_space_wants_it() {
    let asked = "[spaceapi]\nurl = \"https://voisins.example.org\"\nlogo = \"https://voisins.example.org/logo.png\"\ncontact = { email = \"bonjour@voisins.example.org\" }";
    let mut world = world("", "");
    assert_eq!(browser(&world).get("/spaceapi.json").status, 404);
    assert_eq!(world.stop_daemon(), Some(0));
    configure(&world, asked);
    world.start_daemon();
    world.wait_until_ready();
    let schema = include_str!("../../presence-daemon/src/spaceapi/15.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).expect("JSON")).expect("a schema");
    let mut browser = browser(&world);
    let mut document = || {
        let page = browser.get("/spaceapi.json");
        assert_eq!((page.status, page.header("access-control-allow-origin")), (200, Some("*")));
        let document: serde_json::Value = serde_json::from_str(&page.text).expect("JSON");
        assert!(schema.is_valid(&document), "{document}");
        document
    };
    assert_eq!(document()["state"]["open"], false);
    for n in 0..5 {
        world.tap(n);
    }
    // it is made anew every few seconds
    let five = wait_until("five are here", || Some(document()).filter(|document| document.get("sensors").is_some()));
    assert_eq!((&five["state"]["open"], &five["sensors"]["people_now_present"][0]["value"]), (&true.into(), &5.into()));
    assert!((0..5).all(|n| !five.to_string().contains(&name(n))));
}
