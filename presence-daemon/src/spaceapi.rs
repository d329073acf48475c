//! The SpaceAPI document (version 15, readable as 14): what anybody on the Internet may know. Pure.
//!
//! No name, no time of a change (it would be the time somebody came), and no number for a group under five.

use crate::config::Config;
use crate::policy::Policy;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use voisins_shared::payload::OpenCount;

/// The document, if the space wants one. `present`: everybody here now; `now`: the time, if it is known.
#[must_use]
pub fn document(config: &Config, policy: &Policy, present: u32, now: Option<Timestamp>) -> Option<Vec<u8>> {
    let asked = config.spaceapi.as_ref()?;
    let mut location = Map::new();
    location.insert("timezone".to_owned(), json!(config.time_zone));
    let known = [
        ("address", asked.address.as_ref().map(|address| json!(address))),
        ("lat", asked.lat.map(Value::from)),
        ("lon", asked.lon.map(Value::from)),
    ];
    location.extend(known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    let contact = &asked.contact;
    let ways = [("email", &contact.email), ("phone", &contact.phone), ("mastodon", &contact.mastodon), ("matrix", &contact.matrix)];
    let contact: Map<String, Value> =
        ways.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?)))).collect();
    let mut document = json!({
        "api_compatibility": ["14", "15"],
        "space": config.title,
        "url": asked.url,
        "logo": asked.logo,
        "location": location,
        "contact": contact,
        "state": {},
    });
    // without the time, whether the space is open is not known: the field is then left out
    if let Some(now) = now {
        document["state"]["open"] = json!(present > 0 && !policy.is_closed(now));
    }
    if let OpenCount::Exact(present) = OpenCount::from(present) {
        document["sensors"] = json!({ "people_now_present": [{ "value": present }] });
    }
    Some(document.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const ASKED: &str = "[spaceapi]\nurl = 'https://voisins.example.org'\nlogo = 'https://voisins.example.org/logo.png'\naddress = '1 rue des Essais, Montréal'\nlat = 45.52\nlon = -73.6\ncontact = { email = 'bonjour@voisins.example.org' }\n";

    fn told(more: &str, present: u32, now: Option<&str>) -> Value {
        let config = Config::parse(&format!("title = 'Espace <Essai>'\n{ASKED}{more}"), Path::new("t")).unwrap();
        let policy = Policy::new(&config).unwrap();
        let now = now.map(|now| now.parse().unwrap());
        serde_json::from_slice(&document(&config, &policy, present, now).unwrap()).unwrap()
    }

    const NOON: Option<&str> = Some("2026-10-23T16:00:00Z");

    #[test]
    fn it_is_what_the_published_schema_asks_for() {
        let schema: Value = serde_json::from_str(include_str!("spaceapi/15.json")).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        for (present, now) in [(0, NOON), (1, NOON), (5, NOON), (40, NOON), (12, None)] {
            let document = told("", present, now);
            let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        assert!(!schema.is_valid(&json!({ "space": "x" })), "the schema does refuse");
    }

    #[test]
    fn small_groups_have_no_number_and_nobody_has_a_name() {
        for present in 0..5 {
            let document = told("", present, NOON);
            assert!(document.get("sensors").is_none());
            assert_eq!(document["state"], json!({ "open": present > 0 }));
        }
        assert_eq!(told("", 5, NOON)["sensors"], json!({ "people_now_present": [{ "value": 5 }] }));
    }

    #[test]
    fn after_closing_and_on_a_closed_day_it_is_not_open_whoever_is_still_there() {
        let closing = "[closing]\nfriday = '11:00'\nsaturday = 'closed'\n";
        assert_eq!(told(closing, 9, NOON)["state"]["open"], false, "it is noon");
        assert_eq!(told(closing, 9, Some("2026-10-23T14:00:00Z"))["state"]["open"], true);
        assert_eq!(told(closing, 9, Some("2026-10-24T14:00:00Z"))["state"]["open"], false);
        assert_eq!(told(closing, 9, None)["state"], json!({}), "nobody knows what time it is");
    }

    #[test]
    fn without_the_wish_there_is_none() {
        let config = Config::default();
        assert!(document(&config, &Policy::new(&config).unwrap(), 9, None).is_none());
    }
}
