//! `VOISINS_KIOSK_TRACE=FILE`: one JSON line for each drawn frame that shows something new; for the tests of the whole chain and
//! the bench. The file is appended to and each line flushed.
//!
//! ```json
//! {"since_boot_ns":81234567890,"names":["Maude Archambault"],"lines":["Idriss"],"dialog":"arrival","online":true}
//! ```
//! - `since_boot_ns`: `CLOCK_BOOTTIME` in nanoseconds, taken in the event-loop turn after the frame was drawn
//! - `names`: the full names on cards, in their order on screen
//! - `lines`: what names (or codes) the lines at the bottom bear
//! - `dialog`: null, `sign`, `profile`, `for_you`, or a word of [`DialogKind::as_str`](crate::view_model::DialogKind::as_str)
//! - `online`: whether the screen says that it is true now
//!
//! The software renderer offers no rendering notifier. Instead one pixel's colour is bound to a revision: Slint evaluates that
//! binding only while it renders a frame of this revision, and calls us; we post an event, and the turn of the event loop that takes
//! it comes after the (synchronous) rendering and its hand-over to the display server. So the time is never too early, and late by
//! the event loop's way to its next turn. Under linuxkms the page flip follows within a display period.

use crate::clock;
use crate::generated::{KioskWindow, ProgramAdapter};
use crate::view_model::Screen;
use serde::Serialize;
use slint::{Color, Global};
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

#[derive(Serialize)]
struct Frame {
    since_boot_ns: u128,
    names: Vec<String>,
    lines: Vec<String>,
    dialog: Option<&'static str>,
    online: bool,
}

/// An open trace.
pub struct Trace {
    file: RefCell<File>,
    revision: Cell<i32>,
    /// What the next drawn frame shows; a newer screen replaces one that was never drawn.
    next: RefCell<Option<(i32, Frame)>>,
}

impl Trace {
    /// Opens the file; a trace that can't be written is told and left.
    pub fn start(path: &Path, window: &KioskWindow) -> Option<Rc<Self>> {
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .inspect_err(|error| tracing::warn!("can't write the trace {}: {error}", path.display()))
            .ok()?;
        let trace = Rc::new(Self { file: RefCell::new(file), revision: Cell::new(0), next: RefCell::new(None) });
        let program = ProgramAdapter::get(window);
        let (drawn, weak) = (Rc::downgrade(&trace), slint::ComponentHandle::as_weak(window));
        program.on_drawn(move |revision| {
            // rendering is under way: only note it, and write when it is done
            if drawn.upgrade().is_some_and(|trace| trace.is_next(revision)) {
                let _ = weak.upgrade_in_event_loop(move |window| ProgramAdapter::get(&window).invoke_frame_done(revision));
            }
            Color::from_argb_u8(0, 0, 0, 0)
        });
        let done = Rc::downgrade(&trace);
        program.on_frame_done(move |revision| done.upgrade().iter().for_each(|trace| trace.write(revision)));
        program.set_traced(true);
        Some(trace)
    }

    /// The window is about to show this.
    pub fn changed(&self, window: &KioskWindow, screen: &Screen) {
        let revision = self.revision.get() + 1;
        self.revision.set(revision);
        let frame = Frame {
            since_boot_ns: 0,
            names: match &screen.lobby {
                Some(lobby) => lobby.cards.iter().map(|card| card.name.clone()).collect(),
                None => screen.cards.iter().map(|card| card.name.clone()).collect(),
            },
            lines: screen.lines.0.iter().map(|line| line.text.clone()).collect(),
            dialog: (screen.sign.as_ref().map(|_| "sign"))
                .or_else(|| screen.profile.as_ref().map(|_| "profile"))
                .or_else(|| screen.for_you.as_ref().map(|_| "for_you"))
                .or_else(|| screen.dialog.as_ref().map(|dialog| dialog.kind.as_str())),
            online: screen.header.online,
        };
        *self.next.borrow_mut() = Some((revision, frame));
        ProgramAdapter::get(window).set_revision(revision);
    }

    fn is_next(&self, revision: i32) -> bool {
        self.next.borrow().as_ref().is_some_and(|next| next.0 == revision)
    }

    fn write(&self, revision: i32) {
        if !self.is_next(revision) {
            return; // replaced meanwhile: the newer one is drawn next
        }
        let Some((_, mut frame)) = self.next.take() else { return };
        frame.since_boot_ns = clock::since_boot().as_nanos();
        let mut line = serde_json::to_vec(&frame).unwrap_or_default();
        line.push(b'\n');
        // File has no buffer of its own: written is flushed
        let _ = self.file.borrow_mut().write_all(&line);
    }
}
