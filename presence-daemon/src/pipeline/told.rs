//! What the kiosks are told of a tap.

use super::{Pipeline, TapOutcome, UNKNOWN};
use crate::clock::Now;
use crate::feedback::Signal;
use crate::greeting::Right;
use crate::presence::Outcome;
use crate::publish::{GRANT_MS, LINE_MS};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::payload::{Form, Moment, Refusal, Shown, Waits, encode};
use voisins_shared::topic::Topic;

impl Pipeline {
    /// Tells light and sound, then every kiosk, what a tap came to, which is on disk by now: a dialog with a grant beside the reader, a line elsewhere and
    /// where the dialog asks for a badge to sign.
    pub(super) fn tell(&mut self, reader: &ReaderName, outcome: &Outcome, now: &Now) {
        if let Some(signal) = signal(outcome) {
            self.feedback.show(reader, signal);
        }
        let (shown, right) = match outcome {
            Outcome::Greeted { member, visit, moment, ask_to_stay } => {
                let right = (*moment != Moment::Departure).then_some((Right::Visit(*visit), Duration::from_millis(GRANT_MS)));
                (Shown::Greeting(self.view(now).greeting(*member, *moment, *ask_to_stay)), right)
            }
            Outcome::ArrivedFirst { member } => (Shown::Greeting(self.view(now).greeting(*member, Moment::Arrival, false)), None),
            Outcome::Unknown { code } => (
                Shown::Unknown { code: code.map(|code| code.to_string()), grant: None },
                code.map(|code| (Right::Guest(code), UNKNOWN)),
            ),
            Outcome::Refused(reason) => (Shown::Refused { reason: *reason }, None),
            _ => return,
        };
        let waits = match outcome {
            Outcome::Greeted { member, moment, .. } if *moment != Moment::Departure => self.waits(*member, now),
            _ => Waits::default(),
        };
        let signs = self.awaits_badge(reader, now).map(|(kiosk, _)| kiosk);
        for kiosk in self.kiosks() {
            let mut event = self.view(now).event(reader, &kiosk, Uuid::new_v4(), shown.clone());
            if signs.as_ref() == Some(&kiosk) {
                (event.form, event.expires_in_ms) = (Form::Line, LINE_MS);
                self.grants.end(&kiosk);
            } else if event.form == Form::Full {
                // what the greeting before this one allowed is over
                self.grants.end(&kiosk);
                let given = right.map(|(right, lasts)| self.grants.give(&kiosk, right, lasts, Uuid::new_v4(), now.since_boot));
                match &mut event.shown {
                    // only where they can open it
                    Shown::Greeting(greeting) => {
                        (greeting.grant, greeting.waits, greeting.for_you) = (given, waits, waits.total());
                    }
                    Shown::Unknown { grant, .. } => *grant = given,
                    Shown::Refused { .. } => {}
                }
            }
            if let (Form::Line, Shown::Greeting(greeting)) = (event.form, &mut event.shown) {
                greeting.offer = false; // nobody could answer it there
            }
            let lasts = Duration::from_millis(event.expires_in_ms);
            self.event(Topic::KioskEvent(kiosk), encode(&event), lasts);
        }
    }

    /// Refuses aloud: the tap was not understood, or could not be recorded.
    pub(super) fn refuse(&mut self, reader: &ReaderName, reason: Refusal) {
        let now = self.house.now();
        self.tell(reader, &Outcome::Refused(reason), &now);
    }

    fn kiosks(&self) -> Vec<KioskName> {
        self.house.config().touch_kiosks().cloned().collect()
    }
}

/// What light and sound say of it.
fn signal(outcome: &Outcome) -> Option<Signal> {
    Some(match outcome {
        Outcome::Greeted { moment: Moment::Departure, .. } => Signal::Left,
        Outcome::Greeted { .. } | Outcome::ArrivedFirst { .. } => Signal::Arrived,
        Outcome::Signed { .. } => Signal::Signed,
        Outcome::Refused(Refusal::NotRecorded | Refusal::Unreadable) => Signal::Failed,
        Outcome::Refused(_) | Outcome::Unknown { .. } | Outcome::NotDone(_) => Signal::Refused,
        _ => return None,
    })
}

/// The word for the command line.
pub(super) fn tap_outcome(outcome: &Outcome) -> TapOutcome {
    match outcome {
        Outcome::Greeted { moment: Moment::Arrival, .. } | Outcome::ArrivedFirst { .. } => TapOutcome::CheckedIn,
        Outcome::Signed { .. } => TapOutcome::Signed,
        Outcome::Greeted { moment: Moment::Departure, .. } => TapOutcome::CheckedOut,
        Outcome::Unknown { .. } => TapOutcome::Unknown,
        Outcome::Refused(_) => TapOutcome::Refused,
        _ => TapOutcome::Seen,
    }
}
