//! `presence-daemon check`: looks at everything, and says what is wrong and what to do.

use crate::personalise::begun;
use presence_daemon::authentic::SiteKeys;
use presence_daemon::config::{BrokerConfig, Config, ReaderConfig, ReaderKind};
use presence_daemon::control::{self, Ask, Reply};
use presence_daemon::house::database;
use presence_daemon::key::KeyRing;
use presence_daemon::machine;
use presence_daemon::reader::pcsc;
use presence_daemon::reader::wired::Place;
use presence_daemon::remedy;
use presence_daemon::store::Store;
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use voisins_shared::payload::ReaderState;

/// How long pcscd may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

struct Report {
    all_well: bool,
}

impl Report {
    fn well(&self, what: &str, says: &str) {
        println!("ok    {what}: {says}");
    }

    fn wrong(&mut self, what: &str, says: &str) {
        self.all_well = false;
        println!("WRONG {what}: {says}");
    }
}

pub(crate) fn run(path: &Path) -> ExitCode {
    let mut report = Report { all_well: true };
    match Config::load(path) {
        Err(error) => report.wrong("config", &error.to_string()),
        Ok(config) => {
            report
                .well("config", &format!("{} ({} readers, {} kiosks)", path.display(), config.readers.len(), config.kiosks.len()));
            database_and_key(&mut report, &config);
            readers(&mut report, &config);
            for finding in machine::look(Path::new("/"), &config) {
                match finding.is_well {
                    true => report.well(&finding.what, &finding.says),
                    false => report.wrong(&finding.what, &finding.says),
                }
            }
            broker(&mut report, &config);
            daemon(&mut report, &config);
        }
    }
    if report.all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn database_and_key(report: &mut Report, config: &Config) {
    let path = database(&config.state);
    if !path.exists() {
        return report.well("database", &format!("{} is not there yet; the first start makes it", path.display()));
    }
    let keys = match KeyRing::load(&config.state.join("badge.key"), false) {
        Ok(keys) => keys,
        Err(error) => return report.wrong("badge key", &error.to_string()),
    };
    report.well("badge key", "there, and for its owner only. Keep a copy apart from the database");
    match SiteKeys::load(&config.state.join(SiteKeys::FILE), false) {
        Ok(_) => report.well("key of authentic badges", "there, and for its owner only. Keep a copy apart from the database"),
        Err(error) => report.wrong("key of authentic badges", &error.to_string()),
    }
    let half_done = std::fs::read_dir(begun::folder(&config.state)).map_or(0, Iterator::count);
    if half_done > 0 {
        report.wrong(
            "badges",
            &format!(
                "{half_done} cards are begun and not done: hold each to a reader, and run `presence-daemon badge personalise`"
            ),
        );
    }
    match Store::inspect(&path, &keys) {
        Ok(verified) => {
            report.well("database", &format!("{} events, {} of them redacted, none changed", verified.events, verified.redacted));
        }
        Err(error) => report.wrong("database", &error.to_string()),
    }
}

fn readers(report: &mut Report, config: &Config) {
    if config.readers.is_empty() {
        report.wrong("readers", "none in the config: add a [[reader]]");
    }
    for (reader, link) in config.readers.iter().filter_map(|reader| Some((reader, reader.link.as_ref()?))) {
        on_the_header(report, config, reader, link);
    }
    if !config.readers.iter().any(|reader| reader.kind == ReaderKind::Pcsc) {
        return;
    }
    match pcsc::list(PATIENCE) {
        Ok(listed) if listed.is_empty() => {
            report.wrong("pcscd", remedy::reader_down(presence_daemon::reader::Down::NotPlugged, config.language))
        }
        Ok(listed) => {
            for reader in listed {
                let (port, serial) = reader.usb.map(|usb| (usb.port, usb.serial)).unzip();
                let port = port.map(|port| format!(", usb_port = {port:?}")).unwrap_or_default();
                let serial = serial.flatten().map(|serial| format!(", usb_serial = {serial:?}")).unwrap_or_default();
                report.well("pcscd", &format!("{:?}{port}{serial}", reader.name));
            }
        }
        Err(why) => report.wrong("pcscd", remedy::reader_down(why, config.language)),
    }
}

/// Whether the bus is there. The chip isn't asked: a daemon that runs is talking to it, and tells how it is.
fn on_the_header(report: &mut Report, config: &Config, reader: &ReaderConfig, link: &Place) {
    let (what, device) = (format!("reader {}", reader.name), link.device());
    // opened and closed: a serial line that waits for a modem would keep us waiting
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    match open(&device, flags, Mode::empty()) {
        Ok(_) => report.well(&what, &format!("{} is there, and can be used by this account", device.display())),
        // this account may not, but the service may: what it lacks is told with the machine's devices
        Err(Errno::ACCESS) => {}
        Err(error) => {
            let remedy = remedy::reader_down(presence_daemon::reader::Down::NoBus, config.language);
            report.wrong(&what, &format!("{}: {error}. {remedy}", device.display()));
        }
    }
}

fn broker(report: &mut Report, config: &Config) {
    match &config.broker {
        BrokerConfig::Private { listen, .. } => {
            let found = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].iter().any(|path| Path::new(path).exists());
            if found {
                report.well("broker", &format!("our own, on {listen}"));
            } else {
                report.wrong("broker", "mosquitto is not installed: apt-get install mosquitto");
            }
        }
        BrokerConfig::External { host, port, user, password_file } => match presence_daemon::broker::read_password(password_file) {
            Ok(_) => report.well("broker", &format!("{host}:{port} as {user}")),
            Err(error) => report.wrong("broker", &format!("password_file {}: {error}", password_file.display())),
        },
    }
}

fn daemon(report: &mut Report, config: &Config) {
    match control::ask(&config.state, &Ask::Status) {
        Ok(Reply::Status { readers, connected, clock_known, present, pairings }) => {
            report.well("daemon", &format!("runs; {present} here now"));
            for status in readers {
                let what = format!("reader {}", status.reader);
                match (status.state, status.reason) {
                    (ReaderState::Ready, _) => report.well(&what, "ready"),
                    (ReaderState::Starting, _) => report.well(&what, "starting"),
                    (_, reason) => report.wrong(&what, &reason.unwrap_or_default()),
                }
            }
            if connected {
                report.well("MQTT", "connected");
            } else {
                report.wrong("MQTT", "not connected; the daemon's log says why");
            }
            if !clock_known {
                report.wrong("clock", "not synchronised yet: taps are recorded and dated later. On a machine without systemd-timesyncd set clock = \"always\" or clock_file");
            }
            for code in pairings {
                report.well("unknown card", &format!("{code} waits: presence-daemon badge enrol {code} MEMBER"));
            }
        }
        Ok(other) => report.wrong("daemon", &format!("an answer that makes no sense: {other:?}")),
        Err(error) => report.well("daemon", &format!("does not run ({error})")),
    }
}
