//! A real Home Assistant: set up over its own REST interface as a person would, and read back over it.

use super::house::{House, free_port};
use super::http::{ask, json};
use super::{installed, wait_until};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Stdio};
use std::time::Instant;
use voisins_tests::pcscd::child_command;

struct HomeAssistant {
    child: Child,
    port: u16,
    token: String,
}

impl HomeAssistant {
    /// A new one that nobody has set up.
    fn start() -> Self {
        let config = installed("ha-config");
        for entry in fs::read_dir(&config).expect("its folder").flatten() {
            // what it was and what it knew; what it has downloaded for itself stays
            if entry.file_name() != "deps" {
                let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
            }
        }
        let port = free_port();
        let text = format!(
            "homeassistant:\n  name: Essai\n  time_zone: America/Toronto\nhttp:\n  server_host: 127.0.0.1\n  server_port: {port}\napi:\nconfig:\nlogger:\n  default: warning\n"
        );
        fs::write(config.join("configuration.yaml"), text).expect("its config");
        let mut this = Self { child: Self::spawn(), port, token: String::new() };
        this.wait_for_it();
        this.set_up();
        this
    }

    fn spawn() -> Child {
        let mut command = child_command(&[]);
        command.arg(installed("hass")).process_group(0).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("Home Assistant starts")
    }

    fn wait_for_it(&self) {
        wait_until("Home Assistant answers", || ask(self.port, "GET", "/manifest.json", &[], "").filter(|page| page.status == 200));
    }

    /// The first person, who then has a token.
    fn set_up(&mut self) {
        let origin = format!("http://127.0.0.1:{}/", self.port);
        let person =
            json!({ "client_id": origin, "name": "Essai", "username": "essai", "password": "essai-essai", "language": "fr" });
        let (_, answer) = self.call("POST", "/api/onboarding/users", &person);
        let code = answer["auth_code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let form = format!("client_id={origin}&grant_type=authorization_code&code={code}");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = ask(self.port, "POST", "/auth/token", &headers, &form).expect("an answer");
        let answer: Value = serde_json::from_str(&answer.text).expect("JSON");
        self.token = answer["access_token"].as_str().expect("a token").to_owned();
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        json(self.port, method, path, &self.token, body).expect("an answer")
    }

    /// Gives it the broker, with the account for home automation.
    fn plug_in(&self, house: &House) {
        let (_, flow) = self.call("POST", "/api/config/config_entries/flow", &json!({ "handler": "mqtt" }));
        let path = format!("/api/config/config_entries/flow/{}", flow["flow_id"].as_str().unwrap_or_else(|| panic!("{flow}")));
        let broker = json!({
            "broker": "127.0.0.1", "port": house.port, "username": "integration", "password": house.password("integration"),
        });
        let (_, done) = self.call("POST", &path, &broker);
        assert_eq!(done["type"], "create_entry", "{done}");
    }

    /// What an entity says; `None` if there is no such entity.
    fn state(&self, entity: &str) -> Option<Value> {
        let (status, state) = json(self.port, "GET", &format!("/api/states/{entity}"), &self.token, &Value::Null)?;
        (status == 200).then_some(state)
    }

    #[track_caller]
    fn wait_for(&self, entity: &str, expected: &str) -> f64 {
        let mut last = None;
        let (_, took) = wait_until(&format!("{entity} is {expected}"), || {
            last = self.state(entity);
            last.as_ref().filter(|state| state["state"] == expected).map(drop)
        });
        took.as_secs_f64() * 1000.0
    }

    #[track_caller]
    fn wait_until_gone(&self, entity: &str) {
        wait_until(&format!("{entity} is gone"), || self.state(entity).is_none().then_some(()));
    }

    fn switch(&self, to: &str) {
        let (status, answer) = self.call(
            "POST",
            &format!("/api/services/switch/turn_{to}"),
            &json!({ "entity_id": "switch.voisins_essai_1_evacuation" }),
        );
        assert_eq!(status, 200, "{answer}");
    }

    fn stop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for HomeAssistant {
    fn drop(&mut self) {
        self.stop();
    }
}

const HERE: &str = "sensor.voisins_essai_1_occupancy";
const TODAY: &str = "sensor.voisins_essai_1_today";
const DOOR: &str = "binary_sensor.voisins_essai_1_reader_porte";
const EVACUATION: &str = "switch.voisins_essai_1_evacuation";

/// The entities of those who agreed, by the name that is shown.
fn member_of(home: &HomeAssistant, name: &str) -> Option<String> {
    let (_, states) = home.call("GET", "/api/states", &Value::Null);
    let mut entities = states.as_array()?.iter();
    let found = entities.find(|state| {
        let shown = state["attributes"]["friendly_name"].as_str().unwrap_or_default();
        shown == format!("Espace Essai {name}")
    })?;
    found["entity_id"].as_str().map(str::to_owned)
}

#[test]
#[ignore = "needs the network: make integrations"]
fn home_assistant_shows_the_house_and_may_ask_for_an_evacuation() {
    let mut house = House::start();
    let began = Instant::now();
    let mut home = HomeAssistant::start();
    println!("Home Assistant runs and is set up: {:.0} s", began.elapsed().as_secs_f64());
    home.plug_in(&house);
    for (entity, state) in [(HERE, "0"), (TODAY, "0"), ("sensor.voisins_essai_1_needs", "0"), (DOOR, "on"), (EVACUATION, "off")] {
        home.wait_for(entity, state);
        println!("{entity} = {state}");
    }
    let here = home.state(HERE).expect("an entity");
    assert_eq!(here["attributes"]["friendly_name"], "Espace Essai Ici maintenant");
    assert_eq!(here["attributes"]["unit_of_measurement"], "personnes");

    // taps, the one who has not agreed included
    let mut took = Vec::new();
    for n in 0..4 {
        house.tap(n);
        took.push(home.wait_for(HERE, &(n + 1).to_string()));
    }
    took.sort_by(f64::total_cmp);
    println!("from a tap to the new number over REST: {:.0} to {:.0} ms", took[0], took[3]);
    home.wait_for(TODAY, "4");
    for name in ["Anne T.", "Zoé R.", "Anne G."] {
        let entity = member_of(&home, name).unwrap_or_else(|| panic!("{name} is known"));
        home.wait_for(&entity, "on");
        println!("{entity} = on ({name})");
    }
    let (_, all) = home.call("GET", "/api/states", &Value::Null);
    assert!(!all.to_string().contains("Sansnom") && !all.to_string().contains("Tremblay"), "nobody else, and no last name");

    home.switch("on");
    let took = home.wait_for(EVACUATION, "on");
    assert!(house.command(&["evacuation", "status"]).starts_with("on since"));
    println!("evacuation asked for in Home Assistant, confirmed by the daemon: {took:.0} ms");

    // a power cut at the daemon: the last word is that it is not there
    house.kill_daemon();
    let took = home.wait_for(HERE, "unavailable");
    println!("unavailable {took:.0} ms after the daemon was killed");
    house.start_daemon();
    let took = home.wait_for(HERE, "4");
    println!("back with the same number {took:.0} ms after it was connected again");
    home.wait_for(EVACUATION, "on");
    home.switch("off");
    home.wait_for(EVACUATION, "off");
    assert_eq!(house.command(&["evacuation", "status"]), "off\n");

    // Home Assistant starts anew: all is told again
    home.stop();
    home.child = HomeAssistant::spawn();
    home.wait_for_it();
    home.wait_for(HERE, "4");
    wait_until("the daemon heard it start", || house.log().contains("Home Assistant has started").then_some(()));
    println!("after its own restart: {HERE} = 4");

    // switched off for members, then altogether
    let anne = member_of(&home, "Anne T.").expect("Anne is known");
    house.kill_daemon();
    house.configure("discovery = true\n");
    house.start_daemon();
    home.wait_until_gone(&anne);
    home.wait_for(HERE, "4");
    println!("members = false: {anne} is gone, the numbers stay");
    house.kill_daemon();
    house.configure("discovery = false\n");
    house.start_daemon();
    for entity in [HERE, TODAY, DOOR, EVACUATION] {
        home.wait_until_gone(entity);
    }
    println!("discovery = false: nothing of ours is left");
}
