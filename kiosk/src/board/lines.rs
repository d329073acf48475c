//! Lines at the bottom: an arrival that covers nothing, can't be touched, and goes by itself.

use super::Now;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::payload::{Greeted, KioskEvent, Moment, Refusal, Shown};

/// How long a line stays.
pub const LINE_STAYS: Duration = Duration::from_secs(3);
/// A line that asks for something, with a pairing code or of a tap that wasn't recorded, has to be read and remembered.
pub const ASKING_STAYS: Duration = Duration::from_secs(8);
/// More than these become a `+N`.
pub const LINES_SHOWN: usize = 4;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineText {
    /// Somebody came, was seen again or left.
    Greeting(Moment, Option<Greeted>),
    /// An unknown card, with its code.
    Unknown(Option<String>),
    /// A refusal.
    Refused(Refusal),
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The event it tells of.
    pub event: Uuid,
    /// What it says.
    pub text: LineText,
    until: Duration,
}

/// The lines, the newest first: whoever just tapped looks for their own.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    lines: Vec<Line>,
}

impl Lines {
    /// The lines that are shown.
    #[must_use]
    pub fn shown(&self) -> &[Line] {
        &self.lines[..self.lines.len().min(LINES_SHOWN)]
    }

    /// How many more there are.
    #[must_use]
    pub fn more(&self) -> usize {
        self.lines.len().saturating_sub(LINES_SHOWN)
    }

    /// Tells of an event in a line. The same person greeted twice, or the same event again, is one line.
    pub(super) fn push(&mut self, event: &KioskEvent, now: Now) {
        let text = match &event.shown {
            Shown::Greeting(greeting) => LineText::Greeting(greeting.moment, greeting.greeted.clone()),
            Shown::Unknown { code, .. } => LineText::Unknown(code.clone()),
            Shown::Refused { reason } => LineText::Refused(*reason),
        };
        let stays = match text {
            LineText::Unknown(Some(_)) | LineText::Refused(Refusal::NotRecorded) => ASKING_STAYS,
            _ => LINE_STAYS,
        };
        let who = text.who();
        self.lines.retain(|line| line.event != event.id && (who.is_none() || line.text.who() != who));
        self.lines.insert(0, Line { event: event.id, text, until: now.since_start + stays });
    }

    pub(super) fn handle_timeout(&mut self, now: Now) {
        self.lines.retain(|line| line.until > now.since_start);
    }

    pub(super) fn poll_timeout(&self) -> Option<Duration> {
        self.lines.iter().map(|line| line.until).min()
    }
}

impl LineText {
    /// Who it is about, if they agreed to be named.
    #[must_use]
    pub fn who(&self) -> Option<&Greeted> {
        match self {
            Self::Greeting(_, greeted) => greeted.as_ref(),
            _ => None,
        }
    }
}
