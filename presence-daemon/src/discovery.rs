//! Home Assistant's MQTT discovery: the site as a device, and those who agreed as one sensor each. Pure: config in, documents out.
//!
//! A member has a topic of their own, so that withdrawing or erasing clears it like every other retained document, and nothing of them
//! stays behind in the site's.

use crate::config::Config;
use serde_json::{Value, json};
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Evacuate, V, encode};
use voisins_shared::topic::{Topic, Topics};

/// The site: `homeassistant/device/voisins_{site}/config`.
#[must_use]
pub fn site(config: &Config) -> Vec<u8> {
    let topics = Topics::of(&config.site);
    let words = Words::of(config.language);
    let entity = |what: &str, platform: &str, name: &str, topic: &Topic, template: &str| {
        json!({
            "platform": platform,
            "name": name,
            "unique_id": format!("{}_{what}", topics.node()),
            "default_entity_id": format!("{platform}.{}_{what}", slug(topics.node())),
            "state_topic": topics.name(topic),
            "value_template": template,
        })
    };
    let sensor = |what: &str, name: &str, topic: Topic, template: &str, icon: &str, unit: &str| {
        let more = json!({ "state_class": "measurement", "icon": icon, "unit_of_measurement": unit });
        with(entity(what, "sensor", name, &topic, template), &more)
    };
    let here = "{{ value_json.members.fresh + value_json.guests.fresh }}";
    let mut components = json!({
        "occupancy": sensor("occupancy", words.here, Topic::Occupancy, here, "mdi:account-group", words.people),
        "today": sensor("today", words.today, Topic::Occupancy, "{{ value_json.today }}", "mdi:account-clock", words.people),
        "needs": sensor("needs", words.needs, Topic::NeedsCount, "{{ value_json.open }}", "mdi:hand-heart", words.open),
        "evacuation": with(
            entity("evacuation", "switch", words.evacuation, &Topic::Evacuation, "{{ 'ON' if value_json.active else 'OFF' }}"),
            &json!({
                "command_topic": topics.name(&Topic::Command(EVACUATION.to_owned())),
                "payload_on": evacuate(true), "payload_off": evacuate(false), "state_on": "ON", "state_off": "OFF",
                "icon": "mdi:exit-run", "qos": 1,
            }),
        ),
    });
    for reader in &config.readers {
        let what = format!("reader_{}", slug(reader.name.as_str()));
        let (topic, name) = (Topic::Reader(reader.name.clone()), format!("{} {}", words.reader, reader.name));
        let works = "{{ 'ON' if value_json.state == 'ready' else 'OFF' }}";
        let more = json!({
            "device_class": "connectivity", "entity_category": "diagnostic",
            "json_attributes_topic": topics.name(&topic),
            "json_attributes_template": "{{ {'state': value_json.state, 'reason': value_json.reason} | tojson }}",
        });
        components[&what] = with(entity(&what, "binary_sensor", &name, &topic, works), &more);
    }
    document(&with(frame(config, &topics), &json!({ "components": components })))
}

/// One who agreed: `homeassistant/binary_sensor/voisins_{site}/{member}/config`.
#[must_use]
pub fn member(config: &Config, member: MemberId, name: &str) -> Vec<u8> {
    let topics = Topics::of(&config.site);
    let entity = json!({
        "name": name,
        "unique_id": format!("{}_{member}", topics.node()),
        "state_topic": topics.name(&Topic::AtHome(member)),
        "value_template": "{{ 'ON' if value_json.present else 'OFF' }}",
        "device_class": "presence",
    });
    document(&with(frame(config, &topics), &entity))
}

/// The command that asks for an evacuation to begin or to end.
pub const EVACUATION: &str = "evacuation";

fn evacuate(active: bool) -> String {
    String::from_utf8_lossy(&encode(&Evacuate { v: V, active })).into_owned()
}

/// What stands in every document: who we are, and how to know that we are there.
fn frame(config: &Config, topics: &Topics) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let mut frame = json!({
        "device": {
            "identifiers": [topics.node()],
            "name": config.title, "manufacturer": "Voisins", "model": "presence-daemon", "sw_version": version,
        },
        "origin": { "name": "Voisins", "sw_version": version },
        "availability": [{ "topic": topics.name(&Topic::Status), "value_template": "{{ value_json.state }}" }],
    });
    if let Some(admin) = &config.web.origin {
        frame["device"]["configuration_url"] = json!(admin);
    }
    frame
}

fn with(mut document: Value, more: &Value) -> Value {
    if let (Some(document), Some(more)) = (document.as_object_mut(), more.as_object()) {
        document.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    document
}

fn document(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// As Home Assistant writes ids.
fn slug(name: &str) -> String {
    name.replace('-', "_")
}

/// The names of what Home Assistant shows, in the house's language.
struct Words {
    here: &'static str,
    today: &'static str,
    needs: &'static str,
    people: &'static str,
    open: &'static str,
    reader: &'static str,
    evacuation: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::Fr => Self {
                here: "Ici maintenant",
                today: "Passages aujourd’hui",
                needs: "Demandes ouvertes",
                people: "personnes",
                open: "demandes",
                reader: "Lecteur",
                evacuation: "Évacuation",
            },
            Language::En => Self {
                here: "Here now",
                today: "Came today",
                needs: "Open needs",
                people: "people",
                open: "needs",
                reader: "Reader",
                evacuation: "Evacuation",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use uuid::Uuid;

    fn config(more: &str) -> Config {
        let text = format!(
            "site = 'mile-end'\ntitle = 'Espace Voisins'\n{more}\n[[reader]]\nname = 'porte-1'\nkind = 'scripted'\n[[reader]]\nname = 'cafe'\nkind = 'scripted'\n"
        );
        Config::parse(&text, Path::new("t")).unwrap()
    }

    fn read(bytes: &[u8]) -> Value {
        serde_json::from_slice(bytes).unwrap()
    }

    #[test]
    fn the_site_is_one_device_with_its_numbers_its_readers_and_the_evacuation() {
        let document = read(&site(&config("")));
        assert_eq!(document["device"]["identifiers"], json!(["voisins_mile-end"]));
        assert_eq!(document["device"]["name"], "Espace Voisins");
        assert_eq!(document["origin"]["name"], "Voisins");
        assert_eq!(document["availability"][0]["topic"], "voisins/mile-end/status");
        let components = document["components"].as_object().unwrap();
        let names: Vec<&str> = components.keys().map(String::as_str).collect();
        assert_eq!(names, ["evacuation", "needs", "occupancy", "reader_cafe", "reader_porte_1", "today"]);
        let ids: std::collections::BTreeSet<&str> =
            components.values().map(|entity| entity["unique_id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), components.len());
        assert_eq!(components["occupancy"]["default_entity_id"], "sensor.voisins_mile_end_occupancy");
        assert_eq!(components["reader_porte_1"]["state_topic"], "voisins/mile-end/reader/porte-1/status");
        assert!(components.values().all(|entity| entity.get("object_id").is_none()), "deprecated");
    }

    #[test]
    fn the_switch_says_what_the_command_takes() {
        let document = read(&site(&config("")));
        let switch = &document["components"]["evacuation"];
        assert_eq!(switch["command_topic"], "voisins/mile-end/command/evacuation");
        assert!(switch.get("retain").is_none(), "a retained command is ignored");
        for (key, active) in [("payload_on", true), ("payload_off", false)] {
            let command: Evacuate = serde_json::from_str(switch[key].as_str().unwrap()).unwrap();
            assert_eq!(command.active, active);
        }
    }

    #[test]
    fn names_are_in_the_language_of_the_house() {
        let name = |more: &str| read(&site(&config(more)))["components"]["occupancy"]["name"].clone();
        assert_eq!((name(""), name("language = 'en'")), (json!("Ici maintenant"), json!("Here now")));
    }

    #[test]
    fn a_member_is_a_sensor_of_the_same_device() {
        let id = MemberId(Uuid::from_u128(7));
        let document = read(&member(&config(""), id, "Anne T."));
        assert_eq!(document["device"]["identifiers"], json!(["voisins_mile-end"]));
        assert_eq!((&document["name"], &document["device_class"]), (&json!("Anne T."), &json!("presence")));
        assert_eq!(document["state_topic"], format!("voisins/mile-end/ha/{id}"));
    }
}
