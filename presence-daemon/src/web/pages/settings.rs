//! What the config says, to be read: it is changed in its file, on the machine.

use crate::config::{BrokerConfig, ClockTrust, Closing, ClosingTime, Config, ReaderKind, Role, Start};
use crate::web::Web;
use crate::web::frame::{Frame, Manager, Page};
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::civil::Time;
use std::sync::Arc;
use voisins_shared::config::ScreenSurface;

pub fn routes() -> Router<Web> {
    Router::new().route("/settings", get(settings))
}

/// What the config says, without a secret: whatever holds one (a password's file, the address of a feed) is not told, or by its name.
#[derive(Debug, Clone)]
pub struct Told {
    /// The file.
    file: String,
    /// A part of the file: the key of its text, and its lines.
    parts: Vec<(&'static str, Vec<Line>)>,
}

/// A key, as it stands in the file, and what it says.
#[derive(Debug, Clone)]
struct Line {
    key: String,
    value: String,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    told: Arc<Told>,
}

async fn settings(Manager(caller): Manager) -> Page {
    let (frame, told) = (caller.frame("settings"), caller.web.told.clone());
    caller.show(StatusCode::OK, &SettingsPage { frame, told })
}

fn line(key: &str, value: impl ToString) -> Line {
    Line { key: key.to_owned(), value: value.to_string() }
}

fn time(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

impl Told {
    /// Of a config.
    pub fn of(config: &Config) -> Self {
        let parts = vec![
            ("settings-space", of_the_space(config)),
            ("settings-days", of_days(config)),
            ("settings-closing", of_closing(&config.closing)),
            ("settings-readers", of_readers(config)),
            ("settings-kiosks", of_kiosks(config)),
            ("settings-calendars", config.calendars.iter().map(|calendar| line("[[calendar]]", &calendar.name)).collect()),
            ("settings-broker", of_the_broker(&config.broker)),
            ("settings-pages", of_the_pages(config)),
        ];
        Self { file: config.file.display().to_string(), parts }
    }
}

fn of_the_space(config: &Config) -> Vec<Line> {
    vec![
        line("site", &config.site),
        line("title", &config.title),
        line("time_zone", &config.time_zone),
        line("language", config.language.code()),
        line("approve_first", config.approve_first),
        line("state", config.state.display()),
    ]
}

fn of_days(config: &Config) -> Vec<Line> {
    let clock = match config.clock {
        ClockTrust::Auto => "auto",
        ClockTrust::Always => "always",
        ClockTrust::File => "file",
    };
    vec![
        line("day_starts", time(config.day_starts)),
        line("fresh_for", format!("{:#}", config.fresh_for)),
        line("double_tap_window", format!("{:#}", config.double_tap_window)),
        line("ask_after", format!("{:#}", config.ask_after)),
        line("longest_visit", format!("{:#}", config.longest_visit)),
        line("lunch", config.lunch),
        line("lunch_from", time(config.lunch_from)),
        line("lunch_until", time(config.lunch_until)),
        line("clock", clock),
    ]
}

fn of_closing(closing: &Closing) -> Vec<Line> {
    let says = |at: &ClosingTime| match at {
        ClosingTime::Closed => "closed".to_owned(),
        ClosingTime::At(at) => time(*at),
    };
    let week = [
        ("monday", closing.monday),
        ("tuesday", closing.tuesday),
        ("wednesday", closing.wednesday),
        ("thursday", closing.thursday),
        ("friday", closing.friday),
        ("saturday", closing.saturday),
        ("sunday", closing.sunday),
    ];
    let week = week.iter().filter_map(|(day, at)| Some(line(day, says(at.as_ref()?))));
    week.chain(closing.on.iter().map(|(day, at)| line(&format!("on.{day}"), says(at)))).collect()
}

fn of_readers(config: &Config) -> Vec<Line> {
    let told = |reader: &crate::config::ReaderConfig| {
        let role = match reader.role {
            Role::Arrival => "arrival",
            Role::Departure => "departure",
            Role::Toggle => "toggle",
            Role::Enrol => "enrol",
        };
        let kind = if reader.kind == ReaderKind::Scripted { ", scripted" } else { "" };
        let beside = reader.beside.as_ref().map(|kiosk| format!(", beside {kiosk}")).unwrap_or_default();
        line("[[reader]]", format!("{}: {role}{beside}{kind}", reader.name))
    };
    config.readers.iter().map(told).collect()
}

fn of_kiosks(config: &Config) -> Vec<Line> {
    let surface = |surface| if surface == ScreenSurface::Lobby { "lobby" } else { "kiosk" };
    config.kiosks.iter().map(|kiosk| line("[[kiosk]]", format!("{}: {}", kiosk.name, surface(kiosk.surface)))).collect()
}

fn of_the_broker(broker: &BrokerConfig) -> Vec<Line> {
    match broker {
        BrokerConfig::Private { listen, start, .. } => {
            let start = if *start == Start::Unit { "unit" } else { "child" };
            vec![line("kind", "private"), line("listen", listen), line("start", start)]
        }
        BrokerConfig::External { host, port, user, .. } => {
            vec![line("kind", "external"), line("host", host), line("port", port), line("user", user)]
        }
    }
}

fn of_the_pages(config: &Config) -> Vec<Line> {
    let web = &config.web;
    let mut lines = vec![line("listen", &web.listen)];
    lines.extend(web.origin.as_ref().map(|origin| line("origin", origin)));
    lines.extend(web.certificate.as_ref().map(|file| line("certificate", file.display())));
    lines.push(line("plain", web.plain));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_say_what_the_file_says_and_no_secret() {
        let text = "site = \"mile-end\"\nfresh_for = \"2h\"\n[closing]\nmonday = \"22:00\"\non.2026-12-25 = \"closed\"\n\
            [[reader]]\nname = \"porte\"\nbeside = \"cafe\"\n[[kiosk]]\nname = \"cafe\"\n\
            [[calendar]]\nname = \"ville\"\nurl = \"https://ville.example/s3cret.ics\"\n\
            [broker]\nkind = \"external\"\nhost = \"broker.example\"\nuser = \"voisins\"\npassword_file = \"/etc/s3cret\"\n\
            [web]\ncertificate = \"/etc/c.pem\"\nkey = \"/etc/s3cret.pem\"\n";
        let config = Config::parse(text, std::path::Path::new("/etc/voisins/daemon.toml")).unwrap();
        let told = Told::of(&config);
        assert_eq!(told.file, "/etc/voisins/daemon.toml");
        let lines: Vec<String> =
            told.parts.iter().flat_map(|(_, lines)| lines).map(|line| format!("{} = {}", line.key, line.value)).collect();
        let lines = lines.join("\n");
        for wanted in [
            "site = mile-end",
            "fresh_for = 2h",
            "monday = 22:00",
            "on.2026-12-25 = closed",
            "[[reader]] = porte: arrival, beside cafe",
            "[[calendar]] = ville",
            "host = broker.example",
            "certificate = /etc/c.pem",
        ] {
            assert!(lines.contains(wanted), "{wanted} in\n{lines}");
        }
        assert!(!lines.contains("s3cret"), "{lines}");
    }
}
