//! A screen as a picture, without a display: the demonstration's people at a fixed time, the same bytes on every machine.

use crate::board::agenda::{AgendaTouch, ProposeField, ProposeTouch};
use crate::board::dialog::Press;
use crate::board::guest::{GuestTouch, Way};
use crate::board::muster::MusterTouch;
use crate::board::needs::{NeedsTouch, PostTouch};
use crate::board::profile::{Part, ProfileTouch};
use crate::board::search::SearchTouch;
use crate::board::trouble::READER_SETTLES;
use crate::board::typing::{Keystroke, Typed};
use crate::board::writing::{WritingTouch, WrittenFor};
use crate::board::{HOME_AFTER, Link, Now, Touch};
use crate::config::{Config, Keyboard, Size};
use crate::demo::{documents, names};
use crate::generated::KioskWindow;
use crate::kiosk::{Kiosk, Setup};
use anyhow::{Context, ensure};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use slint::platform::software_renderer::{MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType};
use slint::platform::{Platform, PlatformError, WindowAdapter};
use slint::{ComponentHandle, PhysicalSize};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;
use voisins_shared::config::ScreenSurface;
use voisins_shared::demo;
use voisins_shared::language::Language;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::need::Audience;
use voisins_shared::payload::{
    Action, Agenda, Answer, Evacuation, Form, KioskEvent, Phone, ReaderState, ReaderStatus, Request, Response, TextSize, V, decode,
    encode,
};
use voisins_shared::topic::{Topic, Topics};

/// The screens that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ScreenName {
    /// Who is here.
    Home,
    /// A greeting at the reader beside the kiosk.
    Arrival,
    /// A card that is no badge yet.
    Unknown,
    /// Nobody is here.
    Empty,
    /// No news for four minutes.
    Offline,
    /// A phone was held to the reader.
    Refused,
    /// Two hundred people.
    Many,
    /// Seven arrivals at once.
    Rush,
    /// Nobody touched it for a minute: larger cards.
    Rest,
    /// *Je repars*: a badge is asked for.
    Sign,
    /// Somebody looks for help.
    Search,
    /// A member's card.
    Member,
    /// The lobby screen, which nobody touches.
    Tv,
    /// *Ma fiche*: who sees which field.
    Profile,
    /// *Ma fiche*: skills, language, size of the text, availability.
    Choices,
    /// *Ma fiche*: a skill is typed.
    Skill,
    /// *Ma fiche*: the way to a phone.
    Phone,
    /// The first greeting of somebody who was never asked what may be shown.
    Offer,
    /// A greeting with something behind *Voir*.
    Match,
    /// A greeting with things of every sort behind *Voir*.
    Waits,
    /// *Pour vous*: what *Voir* opened.
    ForYou,
    /// *Pour vous*: an introduction is proposed.
    Proposal,
    /// *Pour vous*: did an introduction lead somewhere?
    Outcome,
    /// *Pour vous*: a shared interest, and a note.
    Note,
    /// The board of needs.
    Needs,
    /// A need, shown whole.
    Need,
    /// A need, shown whole to its author.
    OwnNeed,
    /// A note for a neighbour: its words.
    WriteWords,
    /// A note for a neighbour, to be sent.
    Write,
    /// *Je connais quelqu'un*.
    Refer,
    /// A need that is being written: its words.
    PostWords,
    /// A need that is being written: who may read it.
    Post,
    /// What happens in the house.
    Agenda,
    /// An event in incubation, shown whole.
    Event,
    /// Nothing is planned.
    NoEvents,
    /// An event that is being proposed: its words.
    ProposeWords,
    /// An event that is being proposed: when, and for how many.
    Propose,
    /// *Invité·e / sans badge*: two ways in.
    Guest,
    /// A guest's name.
    GuestName,
    /// *Sans badge aujourd'hui*: a name.
    NoBadge,
    /// The evacuation list.
    Muster,
    /// The PIN before it.
    MusterPin,
    /// Everybody is asked to leave.
    Evacuation,
    /// The reader at the door doesn't read.
    ReaderDown,
}

/// What is searched unless something else is asked for.
pub const QUERY: &str = "tax accountant";

/// Whose card is shown: of those invented, the one who shares most.
pub const MEMBER: usize = 5;
/// Which of the needs is shown whole.
const NEED: usize = 4;
/// What is being written.
const WORDS: &str = "Quelqu’un pour relire un contrat en italien, une heure";
const NOTE: &str = "Bonjour! Le devis est accepté, merci pour hier. On en reparle devant un café?";
const REFERRAL: &str = "La personne qui anime le ciné-club a déjà eu cette subvention.";
/// What is being proposed, and where.
const EVENT: (&str, &str) = ("Atelier de gravure", "cour arrière");
/// Who comes in without a badge.
const NAME: &str = "Léonie Dubé";
/// The night of the pictures: one with its time in it is dimmed unless somebody is there.
const NIGHT: &str = "22:00-06:30";

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Shot<'a> {
    /// Which screen.
    pub screen: ScreenName,
    /// How large.
    pub size: Size,
    /// In which language.
    pub language: Language,
    /// For a room with the lights off.
    pub dark: bool,
    /// The wall's time.
    pub now: Timestamp,
    /// What is typed in the search.
    pub query: &'a str,
    /// The size of the text.
    pub text_size: TextSize,
}

/// Draws a screen: RGB, row by row.
///
/// # Errors
/// When Slint already runs on another platform in this thread.
pub fn draw(shot: &Shot) -> anyhow::Result<Vec<u8>> {
    Headless::start()?;
    render(&stage(KioskWindow::new()?, shot)?, shot.size)
}

fn render(kiosk: &Kiosk, size: Size) -> anyhow::Result<Vec<u8>> {
    ensure!(kiosk.wait_for_photos(Duration::from_secs(20)), "the photos were not decoded in time");
    slint::platform::update_timers_and_animations();
    let canvas = CANVAS.with_borrow(Clone::clone).context("Slint opened no window")?;
    let stride = size.width as usize;
    let mut pixels = vec![PremultipliedRgbaColor::default(); stride * size.height as usize];
    canvas.request_redraw();
    canvas.draw_if_needed(|renderer| {
        renderer.render(&mut pixels, stride);
    });
    kiosk.window().hide()?;
    Ok(pixels.iter().flat_map(|pixel| [pixel.red, pixel.green, pixel.blue]).collect())
}

/// Draws a screen into a PNG file.
///
/// # Errors
/// As [`draw`], or when the file can't be written.
pub fn save(shot: &Shot, path: &Path) -> anyhow::Result<()> {
    write(&draw(shot)?, shot.size, path)
}

/// How long the broker may take to tell what there is to see.
const PATIENCE: Duration = Duration::from_secs(15);
/// The retained documents come in one burst; it is over when nothing came for so long.
const QUIET: Duration = Duration::from_millis(400);

/// Draws the screen of a config as it is now, over the broker, into a PNG file.
///
/// # Errors
/// No news came in time, or the file can't be written.
pub fn save_live(config: &Config, size: Size, dark: bool, path: &Path) -> anyhow::Result<()> {
    Headless::start()?;
    let window = KioskWindow::new()?;
    window.window().set_size(PhysicalSize::new(size.width, size.height));
    window.show()?;
    let clock = crate::clock::system();
    let (site, kiosk, language) = (config.site.clone(), config.name.clone(), config.language);
    let (zone, keyboard, surface, night) = (TimeZone::system(), config.keyboard, config.surface, config.night);
    let setup = Setup { site, kiosk, language, dark, surface, night, keyboard, zone, clock: clock.clone(), trace: None };
    let kiosk = Kiosk::new(window, setup);
    crate::mqtt::look(config, kiosk.inlet())?;
    while kiosk.pump_within(if kiosk.screen().header.online { QUIET } else { PATIENCE }) {
        ensure!(clock().since_start < 2 * PATIENCE, "the broker goes on and on");
    }
    ensure!(kiosk.screen().header.online, "no news from the daemon within {PATIENCE:?}: does it run, and does the account fit?");
    write(&render(&kiosk, size)?, size, path)
}

fn write(pixels: &[u8], size: Size, path: &Path) -> anyhow::Result<()> {
    image::save_buffer_with_format(path, pixels, size.width, size.height, image::ColorType::Rgb8, image::ImageFormat::Png)
        .with_context(|| format!("can't write {}. Check the folder and its permissions", path.display()))
}

/// Puts a screen on a window of any platform and shows it: the messages that lead to it, at its time.
///
/// # Errors
/// When the window can't be shown.
pub fn stage(window: KioskWindow, shot: &Shot) -> Result<Kiosk, PlatformError> {
    stage_with(window, shot, &|_, payload| payload)
}

/// As [`stage`], with each payload as `rewrite` makes it: other people on the same screens.
///
/// # Errors
/// When the window can't be shown.
pub fn stage_with(window: KioskWindow, shot: &Shot, rewrite: &dyn Fn(&Topic, Vec<u8>) -> Vec<u8>) -> Result<Kiosk, PlatformError> {
    let (site, name) = names();
    let topics = Topics::of(&site);
    // how long the kiosk had been there when the picture was taken
    let age = match shot.screen {
        ScreenName::Offline => Duration::from_secs(4 * 60),
        ScreenName::Rest => HOME_AFTER,
        ScreenName::ReaderDown => READER_SETTLES,
        _ => Duration::ZERO,
    };
    let (start, time) = (shot.now - age, Rc::new(Cell::new(Duration::ZERO)));
    let clock = time.clone();
    let setup = Setup {
        site,
        kiosk: name.clone(),
        language: shot.language,
        dark: shot.dark,
        surface: if shot.screen == ScreenName::Tv { ScreenSurface::Lobby } else { ScreenSurface::Kiosk },
        night: NIGHT.parse().ok(),
        keyboard: Keyboard::default(),
        zone: TimeZone::UTC,
        clock: Rc::new(move || Now { since_start: clock.get(), wall: start + clock.get() }),
        trace: None,
    };
    window.window().set_size(PhysicalSize::new(shot.size.width, shot.size.height));
    window.show()?;
    let kiosk = Kiosk::new(window, setup);
    kiosk.show_at(shot.text_size);
    let (fresh, passed) = match shot.screen {
        ScreenName::Empty => (0, 0),
        ScreenName::Many => (200, 0),
        _ => (9, 5),
    };
    kiosk.handle_link(Link::Connected);
    let hand = |topic: &Topic, payload: Vec<u8>| kiosk.handle_message(&topics.name(topic), &rewrite(topic, payload));
    for (topic, payload) in documents(fresh, passed) {
        hand(&topic, payload);
    }
    match shot.screen {
        ScreenName::Offline => kiosk.handle_link(Link::Lost),
        ScreenName::Evacuation => {
            let evacuation = Evacuation { v: V, session: demo::session(), rev: 1, active: true, since: Some(shot.now) };
            hand(&Topic::Evacuation, encode(&evacuation));
        }
        ScreenName::ReaderDown => {
            let status =
                |reader: &ReaderName, state, beside| ReaderStatus { v: V, reader: reader.clone(), state, reason: None, beside };
            let (door, cafe) = crate::demo::readers();
            hand(&Topic::Reader(door.clone()), encode(&status(&door, ReaderState::Absent, None)));
            hand(&Topic::Reader(cafe.clone()), encode(&status(&cafe, ReaderState::Ready, Some(name.clone()))));
        }
        _ => {}
    }
    time.set(age);
    kiosk.tick();
    let event = |event: &KioskEvent| hand(&Topic::KioskEvent(name.clone()), encode(event));
    let sign = |action: Action, answer: &Answer| sign(&kiosk, &name, action, answer, &hand);
    if matches!(shot.screen, ScreenName::Muster | ScreenName::MusterPin | ScreenName::Offline) {
        kiosk.show_muster(PathBuf::new());
    }
    match shot.screen {
        ScreenName::Muster | ScreenName::MusterPin => {
            let touch = |touch: MusterTouch| kiosk.handle_touch(Touch::Muster(touch));
            touch(MusterTouch::Open);
            kiosk.handle_muster(crate::demo::muster(shot.now));
            let pin = if shot.screen == ScreenName::Muster { crate::demo::PIN } else { &crate::demo::PIN[..2] };
            pin.bytes().for_each(|digit| touch(MusterTouch::Digit(digit - b'0')));
            if shot.screen == ScreenName::Muster {
                touch(MusterTouch::Enter);
                [1, 2, 5].into_iter().for_each(|visit| touch(MusterTouch::Tick(visit)));
            }
        }
        ScreenName::Arrival => event(&demo::arrival(0, 9, Form::Full)),
        ScreenName::Unknown => event(&demo::unknown_badge()),
        ScreenName::Refused => event(&demo::refused()),
        ScreenName::Rush => (0..7).for_each(|n| event(&demo::arrival(n, 9, Form::Line))),
        // somebody came by to look at it
        ScreenName::Offline => kiosk.handle_touch(Touch::Anywhere),
        ScreenName::Offer => event(&demo::first_arrival(9)),
        ScreenName::Match => event(&demo::match_arrival(9)),
        ScreenName::Waits => event(&demo::full_arrival(9)),
        ScreenName::ForYou | ScreenName::Proposal | ScreenName::Outcome | ScreenName::Note => {
            event(&demo::match_arrival(9));
            let greeting = Touch::Dialog { event: demo::match_arrival(9).id, press: Press::See };
            let items = match shot.screen {
                ScreenName::Proposal => demo::proposals(),
                ScreenName::Outcome => demo::outcomes(),
                ScreenName::Note => demo::notes(),
                _ => demo::for_you(),
            };
            ask(&kiosk, &name, greeting, &Answer::ForYou { items }, &hand);
        }
        ScreenName::Sign => {
            sign(Action::Leave, &Answer::Armed { expires_in_ms: 15_000 });
            // a third of the wait is over
            time.set(age + Duration::from_secs(5));
            kiosk.tick();
        }
        ScreenName::Profile => {
            let mut profile = demo::profile(0);
            (profile.language, profile.text_size) = (Some(shot.language), shot.text_size);
            sign(Action::Profile, &Answer::Profile(Box::new(profile)));
        }
        ScreenName::Phone => {
            let mut profile = demo::profile(0);
            (profile.language, profile.text_size) = (Some(shot.language), shot.text_size);
            let link = "http://192.168.1.20:8481/f/K7wQm2ZtR5vXb8JcLh4N3A".to_owned();
            profile.phone = Some(Phone { link, expires_in_ms: 900_000 });
            sign(Action::Profile, &Answer::Profile(Box::new(profile)));
        }
        ScreenName::Choices | ScreenName::Skill => {
            let mut profile = demo::profile(0);
            (profile.language, profile.text_size) = (Some(shot.language), shot.text_size);
            profile.skills.truncate(2);
            sign(Action::Profile, &Answer::Profile(Box::new(profile)));
            kiosk.handle_touch(Touch::Profile(ProfileTouch::Part(Part::Choices)));
            if shot.screen == ScreenName::Skill {
                kiosk.handle_touch(Touch::Profile(ProfileTouch::Add));
                for letter in ["t", "r", "a"] {
                    kiosk.handle_touch(Touch::Profile(ProfileTouch::Key(Keystroke::Type(Typed(letter.to_owned())))));
                }
            }
        }
        ScreenName::Search => {
            kiosk.handle_touch(Touch::Search(SearchTouch::Field));
            for letter in shot.query.chars() {
                kiosk.handle_touch(Touch::Search(SearchTouch::Key(Keystroke::Type(Typed(letter.to_string())))));
            }
        }
        ScreenName::Needs => kiosk.handle_touch(Touch::Needs(NeedsTouch::Open)),
        ScreenName::Need | ScreenName::OwnNeed => {
            kiosk.handle_touch(Touch::Needs(NeedsTouch::Open));
            kiosk.handle_touch(Touch::Needs(NeedsTouch::Need(demo::need_id(NEED))));
            if shot.screen == ScreenName::OwnNeed {
                kiosk.handle_touch(Touch::Needs(NeedsTouch::Own));
            }
        }
        ScreenName::WriteWords | ScreenName::Write | ScreenName::Refer => {
            let (to, words) = match shot.screen {
                ScreenName::Refer => (WrittenFor::Need(demo::need_id(0)), REFERRAL),
                _ => (WrittenFor::Member(demo::member_id(2)), NOTE),
            };
            kiosk.handle_touch(Touch::Writing(WritingTouch::Open(to)));
            for letter in words.chars() {
                kiosk.handle_touch(Touch::Writing(WritingTouch::Key(Keystroke::Type(Typed(letter.to_string())))));
            }
            if shot.screen == ScreenName::Write {
                kiosk.handle_touch(Touch::Writing(WritingTouch::Done));
            }
        }
        ScreenName::PostWords | ScreenName::Post => {
            kiosk.handle_touch(Touch::Post(PostTouch::Open));
            for letter in WORDS.chars() {
                kiosk.handle_touch(Touch::Post(PostTouch::Key(Keystroke::Type(Typed(letter.to_string())))));
            }
            if shot.screen == ScreenName::Post {
                kiosk.handle_touch(Touch::Post(PostTouch::Skill(0)));
                kiosk.handle_touch(Touch::Post(PostTouch::Audience(Audience::Named)));
                kiosk.handle_touch(Touch::Post(PostTouch::Done));
            }
        }
        ScreenName::Agenda => kiosk.handle_touch(Touch::Agenda(AgendaTouch::Open)),
        ScreenName::Event => kiosk.handle_touch(Touch::Agenda(AgendaTouch::Event(demo::event_id(demo::DemoEvent::Workshop)))),
        ScreenName::NoEvents => {
            let agenda = Agenda { v: V, session: demo::session(), rev: 2, events: vec![] };
            hand(&Topic::Agenda, encode(&agenda));
            kiosk.handle_touch(Touch::Agenda(AgendaTouch::Open));
        }
        ScreenName::ProposeWords | ScreenName::Propose => {
            let touch = |touch: ProposeTouch| kiosk.handle_touch(Touch::Propose(touch));
            let write = |text: &str| strokes(text).for_each(|key| touch(ProposeTouch::Key(key)));
            touch(ProposeTouch::Open);
            write(EVENT.0);
            if shot.screen == ScreenName::Propose {
                touch(ProposeTouch::Field(ProposeField::Place));
                write(EVENT.1);
                touch(ProposeTouch::Done);
            }
        }
        ScreenName::Guest | ScreenName::GuestName | ScreenName::NoBadge => {
            let touch = |touch: GuestTouch| kiosk.handle_touch(Touch::Guest(touch));
            touch(GuestTouch::Open);
            match shot.screen {
                ScreenName::GuestName => touch(GuestTouch::Way(Way::Guest)),
                ScreenName::NoBadge => touch(GuestTouch::Way(Way::NoBadge)),
                _ => {}
            }
            if shot.screen == ScreenName::GuestName {
                strokes(NAME).for_each(|key| touch(GuestTouch::Key(key)));
            }
        }
        ScreenName::Member => {
            kiosk.handle_touch(Touch::Anywhere);
            kiosk.handle_touch(Touch::Member(demo::member_id(MEMBER)));
        }
        _ => {}
    }
    Ok(kiosk)
}

/// The keys of a text.
fn strokes(text: &str) -> impl Iterator<Item = Keystroke> {
    text.chars().map(|letter| Keystroke::Type(Typed(letter.to_string())))
}

/// Asks for a badge, and gives this answer.
fn sign(kiosk: &Kiosk, name: &KioskName, action: Action, answer: &Answer, hand: &dyn Fn(&Topic, Vec<u8>)) {
    ask(kiosk, name, Touch::Sign(action), answer, hand);
}

/// Touches, and gives this answer to what that asks for.
fn ask(kiosk: &Kiosk, name: &KioskName, touch: Touch, answer: &Answer, hand: &dyn Fn(&Topic, Vec<u8>)) {
    let asked = Rc::<RefCell<Vec<Request>>>::default();
    let taken = asked.clone();
    kiosk.on_request(move |outgoing| taken.borrow_mut().extend(decode(&outgoing.payload)));
    kiosk.handle_touch(touch);
    for Request { id, .. } in asked.take() {
        let response = Response { v: V, id, answer: answer.clone() };
        hand(&Topic::Response(name.clone(), id.to_string()), encode(&response));
    }
}

thread_local! {
    /// The window that was opened last in this thread.
    static CANVAS: RefCell<Option<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(None) };
}

/// A platform without a display and without time.
struct Headless;

impl Headless {
    fn start() -> Result<(), slint::platform::SetPlatformError> {
        if CANVAS.with_borrow(Option::is_some) {
            return Ok(()); // a second picture in the same thread
        }
        slint::platform::set_platform(Box::new(Self))
    }
}

impl Platform for Headless {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        CANVAS.set(Some(window.clone()));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        Duration::ZERO
    }
}
