//! The search: keystrokes over 10,000 invented members, what that takes of memory, and a keystroke until its results are drawn.

use crate::numbers::{Chance, Sample, milliseconds};
use crate::table::{Aim, Table};
use crate::{Outcome, stop};
use kiosk::KioskWindow as Window;
use kiosk::board::search::SearchTouch;
use kiosk::board::typing::{Keystroke, Typed};
use kiosk::board::{Link, Now, Touch};
use kiosk::config::Keyboard;
use kiosk::kiosk::{Kiosk, Setup};
use presence_daemon::clock::since_boot;
use rustix::time::{ClockId, clock_gettime};
use slint::platform::software_renderer::{MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType};
use slint::platform::{Platform, PlatformError, WindowAdapter};
use slint::{ComponentHandle, PhysicalSize};
use std::cell::RefCell;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::config::ScreenSurface;
use voisins_shared::language::Language;
use voisins_shared::matching::{Concepts, Index, Profile};
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Directory, DirectoryMember, V, decode, encode};
use voisins_shared::topic::{Topic, Topics};

/// Members of the index by itself.
const MANY: usize = 10_000;
/// Members of the kiosk that draws.
const DRAWN: usize = 2_000;
/// Concepts that a file adds, about as many as ESCO has skills.
const ADDED: usize = 14_000;
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 800;

/// The argument by which the bench asks itself for the memory: a process that did nothing else yet.
pub const MEMORY_ARGUMENT: &str = "--memory-of-search";

/// What people type, with mistakes, in both languages.
pub const QUERIES: [&str; 32] = [
    "comptable",
    "faire mes impôts",
    "tax accountant",
    "my website is down",
    "dessiner un logo",
    "traduire en italien",
    "Italian speaker",
    "relire ma demande de subvention",
    "fix a leaking tap",
    "avocate en droit du travail",
    "monter une vidéo",
    "photographe pour un mariage",
    "developeur web",
    "learn to code",
    "j'ai besoin d'aide avec mon bail",
    "traducton",
    "grafic designer",
    "speak in front of people",
    "réparer mon vélo",
    "imprimante 3D",
    "plan de communication",
    "someone to film my talk",
    "gestion du stress",
    "podcast",
    "sous-titrage",
    "garder mes enfants",
    "WordPress",
    "apprendre le français",
    "organiser un événement",
    "analyse de données",
    "immigration consultant",
    "zzzqq",
];

/// What members write after the name of a thing.
const FREE: [&str; 12] = [
    "",
    "",
    "",
    "",
    " pour OBNL",
    " (débutants)",
    " for startups",
    " en ligne",
    " & conseils",
    " freelance",
    " bilingue",
    " avancé",
];

/// Invented members, the same for the same seed.
pub fn members(count: usize, seed: u64) -> Vec<DirectoryMember> {
    let (concepts, mut chance) = (Concepts::built_in(), Chance::new(seed));
    let labels: Vec<&str> =
        concepts.iter().flat_map(|(_, concept)| Language::ALL.map(|language| concept.label(language))).collect();
    let some = |chance: &mut Chance, least: u64, most: u64| -> Vec<String> {
        let count = least + chance.below(most - least + 1);
        (0..count).map(|_| format!("{}{}", pick(chance, &labels), pick(chance, &FREE))).collect()
    };
    let member = |n: usize| DirectoryMember {
        id: MemberId(Uuid::from_u128(n as u128 + 1)),
        name: format!("Membre {n}"),
        title: Some(pick(&mut chance, &labels).to_owned()),
        pronouns: None,
        languages: ["fr", "en", pick(&mut chance, &["es", "it", "ar", "de"])].map(str::to_owned).into(),
        skills: some(&mut chance, 2, 5),
        interests: some(&mut chance, 0, 3),
        looking_for: vec![],
        table: None,
        usual_days: vec![],
        contact: None,
        photo: None,
        lobby: false,
    };
    (0..count).map(member).collect()
}

fn pick<'a>(chance: &mut Chance, among: &[&'a str]) -> &'a str {
    usize::try_from(chance.below(among.len() as u64)).ok().and_then(|at| among.get(at)).copied().unwrap_or_default()
}

fn index(concepts: std::sync::Arc<Concepts>, members: &[DirectoryMember]) -> Index {
    Index::new(concepts, members.iter().map(profile))
}

fn profile(member: &DirectoryMember) -> Profile<'_> {
    let DirectoryMember { title, skills, interests, languages, .. } = member;
    Profile { title: title.as_deref(), skills, interests, languages }
}

/// What the search took.
#[derive(Debug)]
pub struct Searched {
    concepts: Duration,
    index: Duration,
    keystrokes: Times,
    widened: Duration,
    widened_keystrokes: Times,
    drawn: Times,
    memory: Memory,
}

/// How long something took: by the clock, and of one core. They differ where other programs want the cores too.
#[derive(Debug)]
struct Times {
    clock: Sample,
    core: Sample,
}

impl Times {
    fn new(times: Vec<[f64; 2]>) -> Self {
        let [clock, core] = [0, 1].map(|at| Sample::new(times.iter().map(|both| both[at])));
        Self { clock, core }
    }
}

/// What one thing takes, in milliseconds: by the clock, and of one core.
fn timed(what: impl FnOnce()) -> [f64; 2] {
    let before = [since_boot(), of_core()];
    what();
    let after = [since_boot(), of_core()];
    [0, 1].map(|at| milliseconds(before[at], after[at]))
}

/// What this thread had of the cores so far.
fn of_core() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// What was added to the process's own memory, in MB.
#[derive(Debug, Clone, Copy)]
struct Memory {
    built_in: f64,
    widened: f64,
}

/// Measures it all.
pub fn measure(seed: u64) -> Outcome<Searched> {
    let before = since_boot();
    let concepts = Concepts::built_in();
    let read = since_boot();
    let people = members(MANY, seed);
    let start = since_boot();
    let all = index(concepts, &people);
    let made = since_boot();
    let keystrokes = keystrokes(&all)?;
    let file = added();
    let widening = since_boot();
    let concepts = std::sync::Arc::new(Concepts::widened(&[("added.toml", &file)])?);
    let widened = since_boot().saturating_sub(widening);
    let widened_keystrokes = self::keystrokes(&index(concepts, &people))?;
    Ok(Searched {
        concepts: read.saturating_sub(before),
        index: made.saturating_sub(start),
        keystrokes,
        widened,
        widened_keystrokes,
        drawn: drawn(seed)?,
        memory: Memory { built_in: memory_of_a_child(seed, "built-in")?, widened: memory_of_a_child(seed, "widened")? },
    })
}

/// Types every query letter by letter, as the kiosk does.
fn keystrokes(index: &Index) -> Outcome<Times> {
    let mut times = Vec::new();
    for round in 0..4 {
        stop::check()?;
        for query in QUERIES {
            for (at, letter) in query.char_indices() {
                let typed = &query[..at + letter.len_utf8()];
                let took = timed(|| drop(std::hint::black_box(index.search(std::hint::black_box(typed)))));
                // the first round warms up
                if round > 0 {
                    times.push(took);
                }
            }
        }
    }
    Ok(Times::new(times))
}

/// A concept file as large as ESCO's skills: a label of two words and four more names in each language.
fn added() -> String {
    let (concepts, mut chance) = (Concepts::built_in(), Chance::new(7));
    let words = |language| -> Vec<&str> {
        concepts.iter().flat_map(|(_, concept)| concept.label(language).split(' ')).filter(|word| word.len() > 3).collect()
    };
    let [french, english] = Language::ALL.map(words);
    let mut file = String::new();
    for n in 0..ADDED {
        let mut name = |words: &[&str]| format!("\"{} {} {n}\"", pick(&mut chance, words), pick(&mut chance, words));
        let mut list = |words: &[&str]| (0..4).map(|_| name(words)).collect::<Vec<_>>().join(", ");
        let (fr_also, en_also) = (list(&french), list(&english));
        let (fr, en) = (name(&french), name(&english));
        file.push_str(&format!("[added-{n}]\nfr = {fr}\nen = {en}\nfr_also = [{fr_also}]\nen_also = [{en_also}]\n"));
    }
    file
}

/// What a process has of its own, in MB. What it freed and keeps for later counts: the machine hasn't got it.
fn own_memory() -> Outcome<f64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup")?;
    let lines =
        text.lines().filter_map(|line| line.strip_prefix("Private_Dirty:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok(lines.sum::<f64>() * 1024.0 / 1e6)
}

/// In a process of its own: what concepts and index add to its memory. The members' texts are there before.
pub fn print_memory(kind: &str) -> Outcome<()> {
    let file = if kind == "widened" { added() } else { String::new() };
    // made without the concepts, which are what is measured
    let people: Vec<DirectoryMember> = decode::<Directory>(&std::fs::read(std::env::var(MEMBERS_VARIABLE)?)?)?.members;
    let before = own_memory()?;
    let concepts =
        if kind == "widened" { std::sync::Arc::new(Concepts::widened(&[("added.toml", &file)])?) } else { Concepts::built_in() };
    let index = index(concepts, &people);
    println!("{}", own_memory()? - before);
    drop(index);
    Ok(())
}

/// Where the child finds its members.
const MEMBERS_VARIABLE: &str = "VOISINS_BENCH_MEMBERS";

fn memory_of_a_child(seed: u64, kind: &str) -> Outcome<f64> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("members.json");
    std::fs::write(&file, encode(&Directory { v: V, session: Uuid::nil(), rev: 1, members: members(MANY, seed) }))?;
    let out = Command::new(std::env::current_exe()?).args([MEMORY_ARGUMENT, kind]).env(MEMBERS_VARIABLE, &file).output()?;
    let text = String::from_utf8(out.stdout)?;
    Ok(text.trim().parse().map_err(|_| format!("no memory of the search: {}", String::from_utf8_lossy(&out.stderr)))?)
}

thread_local! {
    static CANVAS: RefCell<Option<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(None) };
}

/// A platform without a display: the software renderer that draws on a Pi, into memory.
struct InMemory;

impl Platform for InMemory {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        CANVAS.set(Some(window.clone()));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        since_boot()
    }
}

/// From a key of the kiosk to the pixels with its results.
fn drawn(seed: u64) -> Outcome<Times> {
    slint::platform::set_platform(Box::new(InMemory))?;
    let window = Window::new()?;
    window.window().set_size(PhysicalSize::new(WIDTH, HEIGHT));
    window.show()?;
    let canvas = CANVAS.with_borrow(Clone::clone).ok_or("Slint opened no window")?;
    let (site, name) = kiosk::demo::names();
    let topics = Topics::of(&site);
    let now = || Now { since_start: since_boot(), wall: jiff::Timestamp::UNIX_EPOCH + since_boot() };
    let kiosk = Kiosk::new(
        window,
        Setup {
            site,
            kiosk: name,
            language: Language::Fr,
            dark: false,
            surface: ScreenSurface::Kiosk,
            night: None,
            keyboard: Keyboard::default(),
            zone: jiff::tz::TimeZone::UTC,
            clock: Rc::new(now),
            trace: None,
        },
    );
    kiosk.handle_link(Link::Connected);
    for (topic, mut payload) in kiosk::demo::documents(9, 5) {
        if topic == Topic::Directory {
            let mut directory: Directory = decode(&payload)?;
            directory.members.extend(members(DRAWN - directory.members.len(), seed));
            payload = encode(&directory);
        }
        kiosk.handle_message(&topics.name(&topic), &payload);
    }
    if !kiosk.wait_for_photos(Duration::from_secs(20)) {
        return Err("the photos were not decoded in time".into());
    }
    let mut pixels = vec![PremultipliedRgbaColor::default(); (WIDTH * HEIGHT) as usize];
    let mut draw = || {
        slint::platform::update_timers_and_animations();
        canvas.draw_if_needed(|renderer| {
            renderer.render(&mut pixels, WIDTH as usize);
        });
    };
    let touch = |touch| kiosk.handle_touch(Touch::Search(touch));
    touch(SearchTouch::Field);
    draw();
    let mut times = Vec::new();
    for query in QUERIES {
        stop::check()?;
        touch(SearchTouch::Key(Keystroke::Clear));
        draw();
        for letter in query.chars() {
            times.push(timed(|| {
                touch(SearchTouch::Key(Keystroke::Type(Typed(letter.to_string()))));
                draw();
            }));
        }
    }
    Ok(Times::new(times))
}

/// The rows of the table.
pub fn report(table: &mut Table, searched: &Searched) {
    let Searched { concepts, index, keystrokes, widened, widened_keystrokes, drawn, memory } = searched;
    table.section(format!("Search: {MANY} invented members, one core"));
    let time = |time: &Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    table.value("reading the built-in concepts, once", time(concepts), None);
    table.value("index of the members", time(index), None);
    table.times("a keystroke", &keystrokes.clock, None, None);
    let aim = Aim::new("p99 < 2 ms", keystrokes.core.percentile(99) < 2.0);
    table.times("a keystroke, of one core", &keystrokes.core, None, Some(aim));
    let aim = Aim::new("< 30 MB", memory.built_in < 30.0);
    table.value("concepts and index: private memory of a process, added", format!("{:.1} MB", memory.built_in), Some(aim));
    let what = format!("a keystroke → its results drawn, {DRAWN} members");
    let aim = Aim::new("< 50 ms", drawn.clock.percentile(99) < 50.0);
    table.times(&what, &drawn.clock, None, Some(aim));
    table.times(&format!("{what}, of one core"), &drawn.core, None, None);
    table.section(format!("Search, widened by a file of {ADDED} concepts"));
    table.value("reading all concepts, once", time(widened), None);
    table.times("a keystroke", &widened_keystrokes.clock, None, None);
    table.times("a keystroke, of one core", &widened_keystrokes.core, None, None);
    table.value("concepts and index: private memory of a process, added", format!("{:.1} MB", memory.widened), None);
}
