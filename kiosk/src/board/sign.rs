//! *Approchez votre badge*: an action that the next badge beside this kiosk signs. It lies over everything else until it is signed,
//! taken back or over; whoever taps meanwhile is told of in a line.

mod why;

pub use why::Why;

use super::dialog::{ANSWER_WITHIN, Dialog, STAYS, TOLD_STAYS, UNDO_STAYS};
use super::{Board, Now};
use std::fmt;
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::payload::{
    Action, Answer, Args, Form, Grant, Greeted, Greeting, KioskEvent, Moment, Request, Response, Shown, TextSize, V, Waits, refusal,
};

/// The bar shrinks in so many steps: four a second, which is all a small computer has to draw.
pub const STEPS: u32 = 60;
/// A signature that came at the last moment may still be told.
const GRACE: Duration = Duration::from_secs(1);
/// How long "it is noted" stays after an availability.
const NOTED_STAYS: Duration = Duration::from_secs(3);

/// A button of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignPress {
    /// *Annuler*.
    Cancel,
    /// The same again: *Je repars*, *Recommencer*.
    Again,
    /// *Annuler*, after it was done.
    Undo,
    /// *Fermer*.
    Close,
}

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignStep {
    /// Asked; the daemon has not said yet that it awaits a badge.
    Asked,
    /// The badge is awaited.
    Armed,
    /// *Annuler* pressed; what came first is about to be told.
    Cancelling,
    /// It was an arrival, and nothing is signed yet.
    ArrivedFirst,
    /// Somebody else signs beside this kiosk.
    Busy,
    /// No reader stands here.
    NoReader,
    /// The disk refused it: tell the coordination.
    NotRecorded,
    /// The daemon began anew, or said nothing, or doesn't know how: once more.
    Again,
    /// It is on disk.
    Done,
    /// *Annuler* pressed.
    Undoing,
    /// Taken back.
    Undone,
    /// It could not be taken back any more.
    TooLate,
    /// It was refused; nothing changed.
    Refused(Why),
}

impl SignStep {
    /// The badge did what was asked, and it stands.
    fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::Undoing | Self::TooLate)
    }
}

/// What is being signed. `Debug` doesn't say what somebody writes.
#[derive(Clone)]
pub struct Sign {
    request: Uuid,
    session: Uuid,
    /// What the badge will do.
    pub action: Action,
    /// How far it got.
    pub step: SignStep,
    lasts: Duration,
    until: Duration,
    /// Takes it back, while it lasts.
    undo: Option<Uuid>,
    /// The request that takes it back.
    undoing: Option<Uuid>,
}

impl fmt::Debug for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sign").field("request", &self.request).field("step", &self.step).finish_non_exhaustive()
    }
}

impl Sign {
    /// The request: a press names it.
    #[must_use]
    pub fn request(&self) -> Uuid {
        self.request
    }

    /// Whether it can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.step == SignStep::Done && self.undo.is_some()
    }

    /// How much of the wait is left, of [`STEPS`].
    #[must_use]
    pub fn left(&self, now: Now) -> u32 {
        if self.step == SignStep::Asked {
            return STEPS;
        }
        let left = self.until.saturating_sub(now.since_start).as_nanos() * u128::from(STEPS);
        u32::try_from(left.div_ceil(self.lasts.as_nanos().max(1))).map_or(STEPS, |left| left.min(STEPS))
    }

    pub(super) fn poll_timeout(&self, now: Now) -> Duration {
        match (self.step, self.left(now)) {
            (SignStep::Armed, 0) => self.until + GRACE,
            (SignStep::Armed, left) => self.until.saturating_sub(self.lasts * (left - 1) / STEPS),
            _ => self.until,
        }
    }

    fn tell(&mut self, step: SignStep, stays: Duration, now: Now) {
        (self.step, self.until) = (step, now.since_start + stays);
    }

    fn is_awaited(&self) -> bool {
        matches!(self.step, SignStep::Asked | SignStep::Armed)
    }
}

impl Board {
    /// A touch on what needs a badge. Nothing that is open is covered.
    pub(super) fn ask_for_badge(&mut self, action: Action, now: Now) -> Vec<Request> {
        let session = self.roster.session().filter(|_| self.connection.is_online()).map(|session| session.session);
        let free = self.dialog.is_none() && self.sign.is_none() && self.sheet.is_none() && self.for_you.is_none();
        let Some(session) = session.filter(|_| free) else {
            return vec![];
        };
        let request = self.next_request_id();
        let until = now.since_start + ANSWER_WITHIN;
        self.sign = Some(Sign {
            request,
            session,
            action: action.clone(),
            step: SignStep::Asked,
            lasts: ANSWER_WITHIN,
            until,
            undo: None,
            undoing: None,
        });
        vec![Request { v: V, id: request, session, args: Args::Sign { action } }]
    }

    pub(super) fn handle_sign_press(&mut self, request: Uuid, press: SignPress, now: Now) -> Vec<Request> {
        let Some(sign) = self.sign.as_mut().filter(|sign| sign.request == request) else { return vec![] };
        let (session, action, step) = (sign.session, sign.action.clone(), sign.step);
        match press {
            SignPress::Cancel if sign.is_awaited() => sign.tell(SignStep::Cancelling, ANSWER_WITHIN, now),
            SignPress::Again if !sign.is_awaited() && !step.is_done() => {
                self.sign = None;
                return self.ask_for_badge(action, now);
            }
            SignPress::Close if !sign.is_awaited() => self.end_sign(),
            SignPress::Undo if sign.can_undo() => {
                let Some(grant) = sign.undo.take() else { return vec![] };
                sign.tell(SignStep::Undoing, ANSWER_WITHIN, now);
                let id = self.next_request_id();
                self.sign.iter_mut().for_each(|sign| sign.undoing = Some(id));
                return vec![Request { v: V, id, session, args: Args::Undo { grant } }];
            }
            _ => return vec![],
        }
        // what was never answered may still be awaited: nobody would see whose badge signs it
        if !matches!(step, SignStep::Asked | SignStep::Armed | SignStep::Again) {
            return vec![];
        }
        vec![Request { v: V, id: self.next_request_id(), session, args: Args::Cancel { request } }]
    }

    /// Takes the answer to what is signed; false if it answers something else.
    pub(super) fn handle_sign_response(&mut self, response: &Response, now: Now) -> bool {
        if let Some(sign) = self.sign.as_mut().filter(|sign| sign.undoing == Some(response.id)) {
            match response.answer {
                Answer::Done { .. } => sign.tell(SignStep::Undone, NOTED_STAYS, now),
                _ => sign.tell(SignStep::TooLate, TOLD_STAYS, now),
            }
            return true;
        }
        let Some(sign) = self.sign.as_mut().filter(|sign| sign.request == response.id) else { return false };
        match &response.answer {
            // also late: it is awaited now
            Answer::Armed { expires_in_ms } if matches!(sign.step, SignStep::Asked | SignStep::Armed | SignStep::Again) => {
                sign.lasts = Duration::from_millis(*expires_in_ms).clamp(STAYS.0, STAYS.1);
                sign.tell(SignStep::Armed, sign.lasts, now);
            }
            Answer::Armed { .. } => {}
            Answer::Done { signer, undo } => self.signed(signer.clone(), undo.as_ref(), now),
            Answer::Profile(profile) => {
                let (session, wanted) = (sign.session, sign.action == Action::Profile && sign.step != SignStep::Cancelling);
                self.sign = None;
                if wanted {
                    self.open_sheet(response.id, session, profile, false, now);
                }
                return wanted;
            }
            Answer::Expired | Answer::Cancelled | Answer::ForYou { .. } => self.sign = None,
            Answer::Refused { reason } => {
                let refused = Why::of(reason).map(SignStep::Refused);
                let step = match reason.as_str() {
                    refusal::ARRIVED_FIRST => SignStep::ArrivedFirst,
                    refusal::BUSY => SignStep::Busy,
                    refusal::NO_READER => SignStep::NoReader,
                    refusal::NOT_RECORDED => SignStep::NotRecorded,
                    _ => refused.unwrap_or(SignStep::Again),
                };
                sign.tell(step, TOLD_STAYS, now);
            }
        }
        true
    }

    /// It is done: the dialog goes on as if it had been a greeting's button.
    fn signed(&mut self, signer: Option<Greeted>, undo: Option<&Grant>, now: Now) {
        if let Some(sign) = self.sign.as_mut().filter(|sign| is_told_in_place(&sign.action)) {
            sign.undo = undo.map(|grant| grant.token);
            let stays = undo.map_or(UNDO_STAYS, |grant| Duration::from_millis(grant.expires_in_ms).min(UNDO_STAYS));
            return sign.tell(SignStep::Done, stays, now);
        }
        let Some(Sign { request, session, action, .. }) = self.sign.take() else { return };
        let (moment, availability) = match action {
            Action::Availability { availability } => (Moment::Seen, availability),
            // answered with the record, or told above
            Action::Leave => (Moment::Departure, voisins_shared::visit::Availability::default()),
            _ => return self.forget_written(&action),
        };
        let present = self.roster.fresh();
        let greeting = Greeting {
            moment,
            greeted: signer,
            language: None,
            text_size: TextSize::default(),
            present,
            ask_to_stay: false,
            offer: false,
            for_you: 0,
            waits: Waits::default(),
            availability,
            grant: None,
        };
        let shown = Shown::Greeting(greeting);
        let event = KioskEvent { v: V, id: request, session, expires_in_ms: 0, form: Form::Full, shown };
        self.dialog = Some(match action {
            Action::Availability { .. } => Dialog::noted(&event, NOTED_STAYS, now),
            _ => Dialog::left(&event, undo, UNDO_STAYS, now),
        });
    }

    /// The daemon began anew, or is gone: what it awaited is forgotten.
    pub(super) fn settle_sign(&mut self, now: Now) {
        let session = self.roster.session().filter(|_| self.roster.is_online()).map(|session| session.session);
        let began_anew = |sign: &&mut Sign| Some(sign.session) != session && !sign.step.is_done() && sign.step != SignStep::Again;
        if let Some(sign) = self.sign.as_mut().filter(began_anew) {
            sign.tell(SignStep::Again, TOLD_STAYS, now);
        }
    }

    pub(super) fn sign_timeout(&mut self, now: Now) {
        let Some(sign) = &mut self.sign else { return };
        match sign.step {
            SignStep::Asked if sign.until <= now.since_start => sign.tell(SignStep::Again, TOLD_STAYS, now),
            SignStep::Armed if sign.until + GRACE > now.since_start => {}
            SignStep::Undoing if sign.until <= now.since_start => sign.tell(SignStep::TooLate, TOLD_STAYS, now),
            _ if sign.until <= now.since_start => self.end_sign(),
            _ => {}
        }
    }

    /// What was written is forgotten once it stands; else it is there to be tried again.
    fn end_sign(&mut self) {
        let Some(sign) = self.sign.take().filter(|sign| sign.step.is_done()) else { return };
        self.forget_written(&sign.action);
        match sign.action {
            Action::PostNeed { .. } | Action::EditNeed { .. } => {
                self.search.close();
                self.needs.posted();
                self.learn_helpers();
            }
            Action::WithdrawNeed { .. } => self.needs.close_need(),
            Action::LeaveNote { .. } | Action::Refer { .. } => self.writing = None,
            _ => {}
        }
    }
}

/// Whether the dialog itself says what became of it. *Ma fiche* opens, and the others end as the buttons of a greeting do.
fn is_told_in_place(action: &Action) -> bool {
    !matches!(action, Action::Leave | Action::Availability { .. } | Action::Profile)
}
