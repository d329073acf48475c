//! One kiosk on one window, on whatever platform Slint runs: messages in, requests out. It owns the [board](crate::board), builds
//! the [screen](crate::view_model) and shows it, and is where the flow's two ends meet.
//!
//! All of it lives on Slint's thread. Other threads reach it through its [`Inlet`].

use crate::board::muster::Read;
use crate::board::{Board, Link, Now, Touch};
use crate::clock::Clock;
use crate::config::{Keyboard, Night};
use crate::generated::{KioskWindow, ProgramAdapter};
use crate::photo::{Decoded, Photos};
use crate::trace::Trace;
use crate::ui::{Faces, Ui};
use crate::view_model::layout::Layout;
use crate::view_model::{self, Screen};
use crate::zoom::Zoom;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use slint::{ComponentHandle, Global};
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::config::ScreenSurface;
use voisins_shared::language::Language;
use voisins_shared::muster::Muster;
use voisins_shared::name::{KioskName, SiteName};
use voisins_shared::payload::{Request, TextSize, encode};
use voisins_shared::roster::Change;
use voisins_shared::topic::{Topic, Topics};

/// What comes in from other threads.
#[derive(Debug)]
pub enum Inward {
    /// What the broker connection reports.
    Link(Link),
    /// A message of the site.
    Message {
        /// The whole topic.
        topic: String,
        /// Empty if the retained document was cleared.
        payload: Vec<u8>,
    },
    /// A photo is ready.
    Photo(Decoded),
}

/// What goes out: a request, encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The whole topic.
    pub topic: String,
    /// The request as JSON.
    pub payload: Vec<u8>,
}

/// The way into a [`Kiosk`] from other threads; it wakes the event loop once for any number of messages.
#[derive(Clone)]
pub struct Inlet {
    sender: mpsc::Sender<Inward>,
    awake: Arc<AtomicBool>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Inlet {
    /// Hands something in. After the kiosk is gone this does nothing.
    pub fn send(&self, inward: Inward) {
        if self.sender.send(inward).is_ok() && !self.awake.swap(true, Ordering::SeqCst) {
            (self.wake)();
        }
    }
}

/// What a kiosk has to be told.
pub struct Setup {
    /// The site whose topics it reads.
    pub site: SiteName,
    /// Its own name.
    pub kiosk: KioskName,
    /// The house's language.
    pub language: Language,
    /// For a room with the lights off.
    pub dark: bool,
    /// What it shows.
    pub surface: ScreenSurface,
    /// The hours in which it is dimmed while untouched.
    pub night: Option<Night>,
    /// The letters of the keyboard in French.
    pub keyboard: Keyboard,
    /// The time zone until the site has told its own.
    pub zone: TimeZone,
    /// The clocks.
    pub clock: Clock,
    /// Where a line for each drawn frame goes (see [`crate::trace`]).
    pub trace: Option<PathBuf>,
}

/// A kiosk on a window. It lives as long as this handle.
pub struct Kiosk {
    inner: Rc<Inner>,
}

struct Inner {
    window: KioskWindow,
    topics: Topics,
    kiosk: KioskName,
    clock: Clock,
    state: RefCell<State>,
    inbox: mpsc::Receiver<Inward>,
    inlet: Inlet,
    outlet: RefCell<Box<dyn Fn(Outgoing)>>,
    timer: slint::Timer,
    trace: Option<Rc<Trace>>,
    broken: Cell<bool>,
    zoom: Zoom,
    /// The evacuation list's file.
    muster: RefCell<Option<PathBuf>>,
}

struct State {
    board: Board,
    ui: Ui,
    photos: Photos,
    screen: Option<Screen>,
}

impl Kiosk {
    /// Takes over `window`. Requests go nowhere until [`Self::on_request`].
    #[must_use]
    pub fn new(window: KioskWindow, setup: Setup) -> Self {
        let (sender, inbox) = mpsc::channel();
        let weak = window.as_weak();
        let inlet = Inlet {
            sender,
            awake: Arc::default(),
            // without an event loop (tests, snapshots) somebody calls `pump`
            wake: Arc::new(move || {
                let _ = weak.upgrade_in_event_loop(|window| ProgramAdapter::get(&window).invoke_wake());
            }),
        };
        let now = (setup.clock)();
        let inner = Rc::new_cyclic(|this: &Weak<Inner>| {
            let touched = this.clone();
            let ui = Ui::new(window.clone_strong(), setup.dark, move |touch| {
                if let Some(inner) = touched.upgrade() {
                    inner.handle_touch(touch);
                }
            });
            let done = inlet.clone();
            Inner {
                topics: Topics::of(&setup.site),
                kiosk: setup.kiosk.clone(),
                state: RefCell::new(State {
                    board: Board::new(setup.language, setup.zone, Uuid::new_v4(), now)
                        .with_name(setup.kiosk)
                        .with_keyboard(setup.keyboard)
                        .with_surface(setup.surface)
                        .with_night(setup.night),
                    ui,
                    photos: Photos::start(move |decoded| done.send(Inward::Photo(decoded))),
                    screen: None,
                }),
                clock: setup.clock,
                inbox,
                inlet,
                outlet: RefCell::new(Box::new(|_| {})),
                timer: slint::Timer::default(),
                trace: setup.trace.and_then(|path| Trace::start(&path, &window)),
                broken: Cell::new(false),
                zoom: Zoom::default(),
                muster: RefCell::default(),
                window,
            }
        });
        let program = ProgramAdapter::get(&inner.window);
        let (woken, resized) = (Rc::downgrade(&inner), Rc::downgrade(&inner));
        program.on_wake(move || woken.upgrade().iter().for_each(Inner::pump));
        program.on_resized(move || resized.upgrade().iter().for_each(Inner::refresh));
        inner.refresh();
        Self { inner }
    }

    /// The window.
    #[must_use]
    pub fn window(&self) -> &KioskWindow {
        &self.inner.window
    }

    /// Shows it at another size of the text, unless a member asked for their own.
    pub fn show_at(&self, text_size: TextSize) {
        self.inner.state.borrow_mut().board.set_house_text_size(text_size);
        self.inner.refresh();
    }

    /// There is an evacuation list of this machine in a file: its button is shown.
    pub fn show_muster(&self, file: PathBuf) {
        *self.inner.muster.borrow_mut() = Some(file);
        self.inner.state.borrow_mut().board.set_muster();
        self.inner.refresh();
    }

    /// Takes what the file says, as if it were read; for pictures.
    pub fn handle_muster(&self, read: Read) {
        let now = (self.inner.clock)();
        self.inner.state.borrow_mut().board.handle_muster(Some(read), now);
        self.inner.refresh();
    }

    /// The way in from other threads.
    #[must_use]
    pub fn inlet(&self) -> Inlet {
        self.inner.inlet.clone()
    }

    /// Where requests go.
    pub fn on_request(&self, outlet: impl Fn(Outgoing) + 'static) {
        *self.inner.outlet.borrow_mut() = Box::new(outlet);
    }

    /// Takes one message of the broker and shows what it changed. `payload` empty: the retained document was cleared. A message
    /// that isn't ours, or is not what its topic promises, is logged and changes nothing.
    pub fn handle_message(&self, topic: &str, payload: &[u8]) {
        self.inner.take(Inward::Message { topic: topic.to_owned(), payload: payload.to_vec() });
        self.inner.refresh();
    }

    /// Takes what the broker connection reports.
    pub fn handle_link(&self, link: Link) {
        self.inner.take(Inward::Link(link));
        self.inner.refresh();
    }

    /// Takes a touch, as if it came from the window.
    pub fn handle_touch(&self, touch: Touch) {
        self.inner.handle_touch(touch);
    }

    /// Takes everything that waits in the inlet and shows it. The event loop does this by itself.
    pub fn pump(&self) {
        self.inner.pump();
    }

    /// Takes what comes within `limit`; false if nothing did. For pictures, where no event loop runs.
    #[must_use]
    pub fn pump_within(&self, limit: Duration) -> bool {
        let Ok(inward) = self.inner.inbox.recv_timeout(limit) else { return false };
        self.inner.take(inward);
        self.inner.pump();
        true
    }

    /// Does what time brought. The event loop does this by itself.
    pub fn tick(&self) {
        self.inner.refresh();
    }

    /// Waits until every photo on screen is decoded; for snapshots and tests. False if that took longer than `limit`.
    #[must_use]
    pub fn wait_for_photos(&self, limit: Duration) -> bool {
        while self.inner.state.borrow().photos.waiting() > 0 {
            let Ok(inward) = self.inner.inbox.recv_timeout(limit) else { return false };
            self.inner.take(inward);
            self.inner.refresh();
        }
        true
    }

    /// What is on the screen.
    #[must_use]
    pub fn screen(&self) -> Screen {
        let inner = &self.inner;
        view_model::build(&inner.state.borrow().board, inner.size().0, (inner.clock)())
    }
}

impl Inner {
    fn pump(self: &Rc<Self>) {
        // before taking: what comes meanwhile wakes the event loop again
        self.inlet.awake.store(false, Ordering::SeqCst);
        while let Ok(inward) = self.inbox.try_recv() {
            self.take(inward);
        }
        self.refresh();
    }

    fn take(&self, inward: Inward) {
        let now = (self.clock)();
        let state = &mut *self.state.borrow_mut();
        match inward {
            Inward::Link(link) => state.board.handle_link(link, now),
            Inward::Photo(decoded) => drop(state.photos.handle_decoded(decoded)),
            Inward::Message { topic, payload } => {
                let Some(topic) = self.topics.parse(&topic) else {
                    tracing::debug!("{topic} is no topic of ours");
                    return;
                };
                match state.board.handle_message(&topic, &payload, now) {
                    Ok(Change::Photo(member)) => state.photos.handle_payload(member, &payload),
                    Ok(Change::Directory) => state.photos.handle_directory(state.board.roster()),
                    Ok(_) => self.broken.set(false),
                    // once until something good comes: a broken publisher may repeat itself
                    Err(error) if !self.broken.replace(true) => {
                        tracing::warn!("{}: {error}. Is the daemon of another version?", shape(&topic));
                    }
                    Err(_) => {}
                }
            }
        }
    }

    fn handle_touch(self: &Rc<Self>, touch: Touch) {
        let now = (self.clock)();
        let requests = self.state.borrow_mut().board.handle_touch(touch, now);
        for request in requests {
            (self.outlet.borrow())(self.outgoing(&request));
        }
        self.refresh();
    }

    /// Reads the evacuation list, if it is open and it is time. A small file of this machine: nobody waits for a network.
    fn read_muster(&self, now: Now) {
        if !self.state.borrow().board.wants_muster(now) {
            return;
        }
        let file = self.muster.borrow();
        let read = file.as_ref().and_then(|file| {
            let list = Muster::read(&std::fs::read(file).ok()?).ok()?;
            let refreshed = std::fs::metadata(file).and_then(|file| file.modified()).ok()?;
            Some(Read { list, refreshed: Timestamp::try_from(refreshed).ok()? })
        });
        self.state.borrow_mut().board.handle_muster(read, now);
    }

    fn outgoing(&self, request: &Request) -> Outgoing {
        let topic = Topic::Request(self.kiosk.clone(), request.args.name().to_owned());
        Outgoing { topic: self.topics.name(&topic), payload: encode(request) }
    }

    /// The size in logical pixels, and the physical pixels for one of them.
    fn size(&self) -> ((u32, u32), f32) {
        let window = self.window.window();
        let (size, scale) = (window.size(), window.scale_factor());
        if size.width == 0 || size.height == 0 {
            return ((1280, 800), scale); // not shown yet
        }
        let logical = size.to_logical(scale);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few thousand pixels
        ((logical.width.round() as u32, logical.height.round() as u32), scale)
    }

    /// Brings board, screen and timer to now, and sends what that asks for.
    fn refresh(self: &Rc<Self>) {
        for request in self.bring_to_now() {
            (self.outlet.borrow())(self.outgoing(&request));
        }
    }

    fn bring_to_now(self: &Rc<Self>) -> Vec<Request> {
        let now = (self.clock)();
        self.read_muster(now);
        let (requests, text_size) = {
            let board = &mut self.state.borrow_mut().board;
            (board.handle_timeout(now), board.text_size())
        };
        self.zoom.show(self.window.window(), text_size);
        let (size, scale) = self.size();
        let state = &mut *self.state.borrow_mut();
        let lobby = state.board.is_lobby().then(|| view_model::lobby::layout(&state.board, size, now).room());
        let [grid, resting] = [false, true].map(|resting| lobby.unwrap_or_else(|| Layout::of(size, resting).room()));
        state.board.handle_room(grid, resting);
        let layout = Layout::of(size, false);
        state.board.set_muster_room(view_model::muster::room(&layout, size).2);
        let screen = view_model::build(&state.board, size, now);
        state.ui.show(&screen, &mut Faces { photos: &mut state.photos, roster: state.board.roster(), scale });
        state.photos.trim(state.board.roster());
        if state.screen.as_ref() != Some(&screen) {
            if let Some(trace) = &self.trace {
                trace.changed(&self.window, &screen);
            }
            state.screen = Some(screen);
        }
        self.arm(&state.board, now);
        requests
    }

    fn arm(self: &Rc<Self>, board: &Board, now: Now) {
        let Some(at) = board.poll_timeout(now) else { return };
        // a little late rather than a little early, which would mean twice
        let wait = at.saturating_sub(now.since_start) + Duration::from_millis(1);
        let this = Rc::downgrade(self);
        self.timer.start(slint::TimerMode::SingleShot, wait, move || this.upgrade().iter().for_each(Inner::refresh));
    }
}

/// A topic without whose it is: photos and answers name people and presses.
fn shape(topic: &Topic) -> String {
    match topic {
        Topic::Photo(_) => "photo/+".to_owned(),
        Topic::Response(kiosk, _) => format!("response/{kiosk}/+"),
        other => other.to_string(),
    }
}
