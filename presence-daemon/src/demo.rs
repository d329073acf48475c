//! The demonstration: a world of its own in a temporary folder, with a private broker, invented members with drawn photos, and a
//! scripted reader. Nothing of it is left behind.
#![allow(clippy::disallowed_methods, reason = "a rim of its own: the script of the taps waits")]

mod screen;

use crate::app::{self, AppError, Running, WithoutBroker};
use crate::authentic::Proof;
use crate::broker::{Account, read_password};
use crate::community::{Draft, Step, needs};
use crate::config::Config;
use crate::control::{Ask, By, Reply, WireUid};
use crate::dashboard;
use crate::house::{CommandError, House};
use crate::pipeline::Inward;
use crate::pipeline::pages::{PageAsk, PageReply, door};
use crate::presence::Input;
use crate::statistics::{Day, first_day};
use jiff::civil::Date;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::demo::{KIOSK, NEEDS, PEOPLE, READER, SITE, SITE_TITLE, TIME_ZONE, portrait};
use voisins_shared::language::Language;
use voisins_shared::name::ReaderName;
use voisins_shared::need::NeedId;
use voisins_shared::uid::Uid;

/// What the demonstration is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// No window, even if there is a display.
    pub headless: bool,
    /// One line of JSON on stdout once all is ready, and no taps by itself: a program drives it.
    pub json: bool,
    /// Where the picture goes if there is no window.
    pub png: PathBuf,
}

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum DemoError {
    #[error("no temporary folder: {0}. Check $TMPDIR")]
    Folder(#[from] std::io::Error),
    #[error(transparent)]
    Config(#[from] voisins_shared::config::ConfigError),
    #[error("a photo could not be made: {0}")]
    Photo(#[from] image::ImageError),
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    App(#[from] AppError),
}

/// Members who have not agreed to be shown: counted, greeted without a name.
const HIDDEN: [usize; 2] = [16, 29];
/// How many are here when the screen opens.
const HERE: usize = 9;
/// The side of a photo, in pixels.
const PHOTO: u32 = 288;
/// A card that is nobody's badge.
const STRANGER: &str = "04C0FFEE5A1780";
/// A phone: a UID drawn anew at each tap.
const PHONE: &str = "08A1B2C3";

/// Runs it in the foreground until SIGINT or SIGTERM.
///
/// # Errors
/// [`DemoError`].
pub fn run(options: Options) -> Result<(), DemoError> {
    let folder = tempfile::Builder::new().prefix("voisins-demo-").tempdir()?;
    let path = folder.path().join("daemon.toml");
    std::fs::write(&path, config(folder.path()))?;
    let mut house = House::open(Config::load(&path)?).map_err(AppError::from)?;
    furnish(&mut house)?;
    let screen = screen::Screen::default();
    let (window, shown) = (screen.clone(), options);
    app::run(house, &crate::reader::rpi_bus::Header, WithoutBroker::GiveUp, move |running| {
        ready(&running, &path, &shown, &window)
    })?;
    screen.close();
    Ok(())
}

/// No closing time: the day begins with the demonstration, so that nobody is sent home at four in the morning.
fn config(folder: &Path) -> String {
    let hour = crate::clock::wall_as_seen().in_tz(TIME_ZONE).map_or(4, |now| now.hour());
    format!(
        "site = \"{SITE}\"\ntitle = \"{SITE_TITLE}\"\ntime_zone = \"{TIME_ZONE}\"\nclock = \"always\"\nstate = {:?}
day_starts = \"{hour:02}:00\"\nlongest_visit = \"48h\"\n
[[reader]]\nname = \"{READER}\"\nkind = \"scripted\"\nbeside = \"{KIOSK}\"\n
[[kiosk]]\nname = \"{KIOSK}\"\n
[broker]\nkind = \"private\"\nlisten = \"127.0.0.1:0\"\n
[web]\nlisten = \"127.0.0.1:0\"\n
[home_assistant]\ndiscovery = true\nmembers = true\n
[spaceapi]\nurl = \"https://voisins.example.org\"\nlogo = \"https://voisins.example.org/logo.png\"
contact = {{ email = \"bonjour@voisins.example.org\" }}\n",
        folder.join("state"),
    )
}

/// The UID of the `n`th member's badge.
#[must_use]
pub fn badge(n: usize) -> String {
    format!("04{:02X}564F4953{:02X}", n + 1, 0x80 + n)
}

/// Members by the ordinary import, photos, what they look for, and the first arrivals.
fn furnish(house: &mut House) -> Result<(), DemoError> {
    let mut csv = String::from("name,title,languages,skills,interests,consent,badge\n");
    for (n, person) in PEOPLE.iter().enumerate() {
        let consent = if HIDDEN.contains(&n) {
            ""
        } else {
            "name;photo;title;languages;skills;interests;lobby;home_assistant @ 2026-01-05 demo"
        };
        let (languages, skills, interests) = (person.languages.join(";"), person.skills.join(";"), person.interests.join(";"));
        let _ = writeln!(csv, "{},{},{languages},{skills},{interests},{consent},{}", person.name, person.title, badge(n));
    }
    house.import(&csv, false)?;
    for (n, person) in PEOPLE.iter().enumerate().filter(|(_, person)| person.has_photo) {
        let member = house.find(person.name).map_err(CommandError::from)?;
        house.set_photo(member, &jpeg(n)?).map_err(CommandError::from)?;
    }
    // the latest first on the board
    for need in NEEDS.iter().rev() {
        let author = need.author.map(|n| house.find(PEOPLE[n].name)).transpose().map_err(CommandError::from)?;
        let skills = need.skills.iter().map(|&skill| skill.to_owned()).collect();
        let draft = Draft { text: need.text.to_owned(), skills };
        let post = Input::Between(Step::Need(needs::Step::Put {
            author,
            draft,
            audience: need.audience,
            need: NeedId(Uuid::new_v4()),
            passes: need.passes,
        }));
        let now = house.now();
        house.handle(&post, &now, None).map_err(CommandError::from)?;
    }
    house.remember(&history(crate::clock::wall_as_seen())).map_err(CommandError::from)?;
    let reader = house.config().readers[0].clone();
    for n in (0..PEOPLE.len()).filter(|n| !HIDDEN.contains(n)).take(HERE) {
        let Ok(uid) = Uid::from_hex(&badge(n)) else { continue };
        let (card, now) = (house.card(&uid, Proof::Uid), house.now());
        let tap = Input::Tap { reader: reader.name.clone(), role: reader.role, card, dice: 0 };
        house.handle(&tap, &now, None).map_err(CommandError::from)?;
    }
    Ok(())
}

/// Thirteen months of invented days before today, so that the charts have something to show: full on Wednesdays, quiet on weekends, few
/// in July and at the year's end.
fn history(now: jiff::Timestamp) -> Vec<(Date, Day)> {
    let today = now.in_tz(TIME_ZONE).unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC)).date();
    let first = first_day(today);
    let days = std::iter::successors(today.yesterday().ok(), |day| day.yesterday().ok()).take_while(move |day| *day >= first);
    days.map(|day| {
        let by_weekday = [15, 17, 23, 18, 13, 3, 2][usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        let by_month = match day.month() {
            7 => 60,
            12 | 8 => 75,
            _ => 100,
        };
        // a little up and down, the same for a day whenever it is looked at
        let chance = u32::from(day.day_of_year().unsigned_abs()).wrapping_mul(2_654_435_761) >> 29;
        let most = (by_weekday + chance) * by_month / 100;
        let shape = [0, 0, 0, 0, 0, 0, 1, 12, 35, 62, 84, 100, 88, 72, 92, 98, 76, 55, 38, 20, 8, 3, 0, 0];
        (day, Day { hours: shape.iter().map(|part| most * part / 100).collect(), estimated: true })
    })
    .collect()
}

fn jpeg(n: usize) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 88);
    image::ImageEncoder::write_image(encoder, &portrait(n, PHOTO), PHOTO, PHOTO, image::ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

fn ready(running: &Running, config: &Path, options: &Options, screen: &screen::Screen) {
    if options.json {
        println!("{}", json(running, config));
        return;
    }
    let url = format!("mqtt://{}:{}", running.broker.host, running.broker.port);
    println!("Voisins, démonstration. Broker: {url}, config: {}", config.display());
    println!("Tap a badge from another terminal:");
    println!(
        "  {} --config {} tap {READER} {}    # {}",
        program().display(),
        config.display(),
        badge(HERE + 2),
        PEOPLE[HERE + 2].name
    );
    println!("  … tap {READER} {STRANGER}    # a card nobody knows\n  … tap {READER} {PHONE}          # a phone");
    if let Some(admin) = admin(running) {
        println!("The manager's pages, once, with a password of your own: {admin}");
    }
    if let Some(dashboard) = dashboard(running) {
        println!("Who is here, live: {dashboard}");
    }
    println!("Ctrl-C ends it and leaves nothing behind.");
    screen.open(running, options);
    script(running);
}

/// What a program that drives the demonstration needs; `null` is not built yet.
fn json(running: &Running, config: &Path) -> serde_json::Value {
    let password = read_password(&running.broker.password_file(&Account::Managers)).unwrap_or_default();
    serde_json::json!({
        "config": config,
        "admin": admin(running), "dashboard": dashboard(running),
        "spaceapi": page(running, "spaceapi.json"), "metrics": page(running, "metrics"),
        "broker": { "url": format!("mqtt://{}:{}", running.broker.host, running.broker.port), "user": Account::Managers.to_string(), "password": password },
        "site": SITE,
        "reader": READER,
        "badges": (0..PEOPLE.len()).map(badge).collect::<Vec<_>>(),
    })
}

/// Who is here, for a browser on this machine.
fn dashboard(running: &Running) -> Option<String> {
    dashboard::serve_beside(running.broker.address(), running.pages.clone(), Language::Fr)
}

/// Where a program reads something of ours.
fn page(running: &Running, name: &str) -> Option<String> {
    Some(format!("{}/{name}", running.pages.as_ref()?))
}

/// A link to the manager's pages that makes the first account.
fn admin(running: &Running) -> Option<String> {
    let (reply, answered) = sync_channel(1);
    running.inward.send(Inward::Control { ask: Ask::Page(PageAsk::Door(door::Ask::Link)), by: By::CommandLine, reply }).ok()?;
    match answered.recv().ok()? {
        Reply::Page(PageReply::Door(door::Reply::Link { link })) => Some(format!("{}/setup/{link}", running.pages.as_ref()?)),
        _ => None,
    }
}

fn program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| "presence-daemon".into())
}

/// Taps a few badges, so that the screen lives: arrivals, somebody again, a hidden member, a card nobody knows, a phone.
fn script(running: &Running) {
    let arrivals = HERE..PEOPLE.len();
    let mut cards: Vec<String> = arrivals.map(badge).collect();
    cards.insert(2, STRANGER.to_owned());
    cards.insert(4, badge(0));
    cards.insert(7, PHONE.to_owned());
    for (n, card) in cards.iter().cycle().enumerate() {
        std::thread::sleep(Duration::from_secs(if n < 4 { 5 } else { 20 }));
        let (Ok(reader), Ok(uid)) = (ReaderName::new(READER), Uid::from_hex(card)) else { return };
        let (reply, _) = sync_channel(1);
        if running.inward.send(Inward::Control { ask: Ask::Tap { reader, uid: WireUid(uid) }, by: By::CommandLine, reply }).is_err()
        {
            return;
        }
    }
}
