//! What other systems may plug into. All of it is off unless the space wants it.

use serde::Deserialize;
use std::path::PathBuf;

/// Home Assistant, and whatever else reads the integration's topics.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HomeAssistantConfig {
    /// Announce the site by MQTT discovery.
    pub discovery: bool,
    /// Publish who is here, of those members who agreed to be known there.
    pub members: bool,
}

/// The metrics for Prometheus: this machine may always read them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// A file whose first line is the bearer token of whoever else may.
    pub token_file: Option<PathBuf>,
}

/// What the SpaceAPI endpoint says of the space besides its state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpaceApiConfig {
    /// The space's website.
    pub url: String,
    /// The address of its logo.
    pub logo: String,
    /// The postal address.
    #[serde(default)]
    pub address: Option<String>,
    /// Degrees north.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub lon: Option<f64>,
    /// How to reach the space: not a person.
    pub contact: ContactConfig,
}

/// How to reach the space.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct ContactConfig {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mastodon: Option<String>,
    pub matrix: Option<String>,
}

impl SpaceApiConfig {
    /// What can't be published so.
    pub(super) fn contradiction(&self) -> Option<String> {
        for (key, value) in [("url", &self.url), ("logo", &self.logo)] {
            if !value.starts_with("https://") && !value.starts_with("http://") {
                return Some(format!("spaceapi.{key}: {value:?} is no address; write \"https://voisins.example.org\""));
            }
        }
        let contact = &self.contact;
        if [&contact.email, &contact.phone, &contact.mastodon, &contact.matrix].into_iter().all(Option::is_none) {
            return Some("spaceapi.contact: give at least one of email, phone, mastodon and matrix".to_owned());
        }
        let within = |value: Option<f64>, most: f64| value.is_none_or(|value| value.abs() <= most);
        if self.lat.is_some() != self.lon.is_some() || !within(self.lat, 90.0) || !within(self.lon, 180.0) {
            return Some("spaceapi: lat and lon go together, in degrees, such as 45.5236 and -73.5985".to_owned());
        }
        None
    }
}
