//! The dialog: a greeting with its buttons, an unknown badge, a refusal, and what comes of a press.

use super::for_you::SEE_WITHIN;
use super::{Board, Now};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::payload::{Answer, Args, Form, Grant, Greeting, KioskEvent, Refusal, Request, Response, Shown, V, refusal};
use voisins_shared::visit::Availability;

/// A press so soon after a greeting replaced another was meant for the other one.
pub const REPLACED_GUARD: Duration = Duration::from_millis(600);
/// The daemon answers within this, or the badge has to be held again.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// *Je repars* can be taken back for so long.
pub const UNDO_STAYS: Duration = Duration::from_secs(5);
/// Whether to be seen by one's neighbours is a question to think about.
pub const OFFER_STAYS: Duration = Duration::from_secs(15);
/// Somebody who can help, or be helped: there is something to open.
pub const MATCH_STAYS: Duration = Duration::from_secs(15);
/// How long "you are still here" stays.
const STAYED_STAYS: Duration = Duration::from_secs(3);
/// How long a welcome, or the wish to hold the badge again, stays.
pub(super) const TOLD_STAYS: Duration = Duration::from_secs(8);
/// Whatever an event asks for, it can be read, and it goes by itself.
pub(super) const STAYS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// A button of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// *Je reste*: nothing has to be done for it.
    Stay,
    /// *Je repars*.
    Leave,
    /// *Annuler*, after *Je repars*.
    Undo,
    /// *Ici*, *Ouvert·e aux questions*, *Ne pas déranger*.
    Availability(Availability),
    /// *Entrer comme invité·e*.
    Guest,
    /// *Choisir ce qui se voit* (true), or *Pas maintenant*.
    Offer(bool),
    /// *Voir*.
    See,
    /// *Fermer*.
    Close,
}

/// How far a dialog got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// As the event said it.
    Shown,
    /// The visit is closed; it can be taken back while the token lasts.
    Left(Option<Uuid>),
    /// Taken back.
    Stayed,
    /// The guest is counted.
    Welcome,
    /// The right to press is over, or nobody answered: hold the badge again.
    Again,
    /// The disk refused it: tell the coordination.
    NotRecorded,
    /// *Ma fiche* is closed, and only the badge opens it again.
    Over,
}

#[derive(Debug, Clone)]
struct Pending {
    request: Uuid,
    press: Press,
    until: Duration,
}

/// The right to press, while it lasts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Live {
    pub(super) token: Uuid,
    pub(super) until: Duration,
}

impl Live {
    pub(super) fn of(grant: &Grant, now: Now) -> Self {
        let lasts = Duration::from_millis(grant.expires_in_ms).clamp(STAYS.0, STAYS.1);
        Self { token: grant.token, until: now.since_start + lasts }
    }
}

/// The dialog on screen.
#[derive(Debug, Clone)]
pub struct Dialog {
    event: KioskEvent,
    /// The greeted member's language, if they chose one.
    pub language: Option<Language>,
    /// How far it got.
    pub step: Step,
    /// The greeted member's availability, as recorded.
    pub availability: Availability,
    /// A press was recorded: "C’est noté."
    pub noted: bool,
    /// "Voulez-vous que vos voisins sachent que vous êtes là?"
    pub offers: bool,
    stays: Duration,
    until: Duration,
    guarded_until: Duration,
    pending: Option<Pending>,
    /// What nobody answered in time; the answer may still come.
    late: Option<Pending>,
    live: Option<Live>,
}

impl Dialog {
    fn new(event: &KioskEvent, replaces: bool, now: Now) -> Self {
        let greeting = greeting_of(event);
        let offers = greeting.is_some_and(|greeting| greeting.offer);
        let grant = grant_of(event);
        let waits = grant.is_some() && greeting.is_some_and(|greeting| greeting.for_you > 0);
        let stays = Duration::from_millis(event.expires_in_ms)
            .clamp(STAYS.0, STAYS.1)
            .max(if offers { OFFER_STAYS } else { STAYS.0 })
            .max(if waits { MATCH_STAYS } else { STAYS.0 });
        Self {
            event: event.clone(),
            language: greeting.and_then(|greeting| greeting.language),
            step: Step::Shown,
            availability: greeting.map(|greeting| greeting.availability).unwrap_or_default(),
            noted: false,
            offers,
            stays,
            until: now.since_start + stays,
            guarded_until: if replaces { now.since_start + REPLACED_GUARD } else { Duration::ZERO },
            pending: None,
            late: None,
            live: grant.map(|grant| Live::of(grant, now)),
        }
    }

    /// After a departure that a badge signed.
    pub(super) fn left(event: &KioskEvent, undo: Option<&Grant>, stays: Duration, now: Now) -> Self {
        let mut dialog = Self::new(event, false, now);
        let stays = undo.map_or(stays, |grant| Duration::from_millis(grant.expires_in_ms).min(stays));
        dialog.tell(Step::Left(undo.map(|grant| grant.token)), stays, now);
        dialog
    }

    /// After an availability that a badge signed.
    pub(super) fn noted(event: &KioskEvent, stays: Duration, now: Now) -> Self {
        let mut dialog = Self::new(event, false, now);
        dialog.noted = true;
        dialog.tell(Step::Shown, stays, now);
        dialog
    }

    /// After *Ma fiche*, whose right to be changed is over. It greets nobody: whoever stands here now may be somebody else.
    pub(super) fn over(id: Uuid, session: Uuid, language: Option<Language>, stays: Duration, now: Now) -> Self {
        let shown = Shown::Refused { reason: Refusal::Unreadable };
        let event = KioskEvent { v: V, id, session, expires_in_ms: 0, form: Form::Full, shown };
        let mut dialog = Self::new(&event, false, now);
        dialog.language = language;
        dialog.tell(Step::Over, stays, now);
        dialog
    }

    /// The event that it is drawn for.
    #[must_use]
    pub fn event(&self) -> Uuid {
        self.event.id
    }

    /// What the event said.
    #[must_use]
    pub fn shown(&self) -> &Shown {
        &self.event.shown
    }

    /// The greeting, if it is one.
    #[must_use]
    pub fn greeting(&self) -> Option<&Greeting> {
        greeting_of(&self.event)
    }

    /// Whether its buttons can do something: only beside the reader, for a while, and until the next tap there.
    #[must_use]
    pub fn has_grant(&self) -> bool {
        self.live.is_some()
    }

    /// The press that waits for its answer.
    #[must_use]
    pub fn pending(&self) -> Option<Press> {
        self.pending.as_ref().map(|pending| pending.press)
    }

    /// The event that it was drawn for, whole.
    pub(super) fn said(&self) -> &KioskEvent {
        &self.event
    }

    /// The daemon's session that it is drawn for.
    pub(super) fn session(&self) -> Uuid {
        self.event.session
    }

    /// The right to press, while it lasts.
    pub(super) fn live(&self) -> Option<Live> {
        self.live
    }

    /// *Voir* on `old` may still be answered, here.
    pub(super) fn take_over_see(&mut self, old: &mut Self) {
        self.late = old.pending.take().or_else(|| old.late.take()).filter(|pending| pending.press == Press::See);
    }

    pub(super) fn poll_timeout(&self) -> Duration {
        let at = self.pending.as_ref().map_or(self.until, |pending| pending.until);
        self.live.map_or(at, |live| live.until.min(at))
    }

    /// It stays as long as it is touched.
    fn hold(&mut self, now: Now) {
        if self.step == Step::Shown {
            self.until = self.until.max(now.since_start + self.stays);
        }
    }

    fn tell(&mut self, step: Step, stays: Duration, now: Now) {
        self.step = step;
        (self.pending, self.late) = (None, None);
        self.until = now.since_start + stays;
    }

    /// A tap by the same member, or by whoever was asked to tap again, continues this dialog.
    fn is_continued_by(&self, event: &KioskEvent) -> bool {
        let who =
            |event: &KioskEvent| greeting_of(event).and_then(|greeting| greeting.greeted.as_ref().map(|greeted| greeted.member));
        let unread = matches!(self.event.shown, Shown::Refused { reason: Refusal::Unreadable });
        unread
            || matches!(self.step, Step::Again | Step::NotRecorded | Step::Over)
            || (who(event).is_some() && who(event) == who(&self.event))
    }
}

fn greeting_of(event: &KioskEvent) -> Option<&Greeting> {
    match &event.shown {
        Shown::Greeting(greeting) => Some(greeting),
        _ => None,
    }
}

fn grant_of(event: &KioskEvent) -> Option<&Grant> {
    match &event.shown {
        Shown::Greeting(greeting) => greeting.grant.as_ref(),
        Shown::Unknown { grant, .. } => grant.as_ref(),
        Shown::Refused { .. } => None,
    }
}

impl Board {
    pub(super) fn handle_event(&mut self, event: &KioskEvent, now: Now) {
        if self.dialog.as_ref().is_some_and(|dialog| dialog.event() == event.id) {
            return; // delivered twice
        }
        let arrives = greeting_of(event).is_some();
        if arrives && !self.is_in_use(now) {
            self.pages.show_first(now);
        }
        if self.for_you_stays(event, grant_of(event), now) {
            self.lines.push(event, now);
            return;
        }
        let continues = self.dialog.as_ref().is_some_and(|dialog| dialog.is_continued_by(event));
        if event.form == Form::Line || self.sign.is_some() || self.sheet.is_some() || (self.is_in_use(now) && !continues) {
            if let (Form::Full, Some(dialog)) = (event.form, &mut self.dialog) {
                // a tap beside this kiosk ended what the one before it allowed, whatever the screen makes of it
                dialog.live = None;
            }
            self.lines.push(event, now);
            return;
        }
        if !continues {
            // whoever stands here now may be somebody else
            self.forget_unsigned();
        }
        let mut old = self.dialog.take();
        let replaces = self.for_you.take().is_some() || old.is_some();
        if let Some(greeting) = greeting_of(event) {
            self.reads = greeting.text_size;
        }
        let mut dialog = Dialog::new(event, replaces, now);
        old.iter_mut().for_each(|old| dialog.awaits_what(old));
        self.dialog = Some(dialog);
        if let Some(old) = old.filter(|old| !continues && old.step == Step::Shown) {
            self.lines.push(&old.event, now);
        }
    }

    /// A touch beside the buttons.
    pub(super) fn hold_dialog(&mut self, now: Now) {
        if let Some(dialog) = &mut self.dialog {
            dialog.hold(now);
        }
    }

    pub(super) fn handle_press(&mut self, event: Uuid, press: Press, now: Now) -> Vec<Request> {
        let Some(dialog) = self.dialog.as_mut().filter(|dialog| dialog.event() == event) else { return vec![] };
        if now.since_start < dialog.guarded_until {
            return vec![];
        }
        if matches!(press, Press::Close | Press::Stay) {
            self.dialog = None;
            return vec![];
        }
        dialog.hold(now);
        if dialog.pending.is_some() {
            return vec![];
        }
        let token = match (dialog.step, press) {
            (Step::Left(undo), Press::Undo) => undo,
            (Step::Shown, Press::Undo) => None,
            (Step::Shown, _) => dialog.live.map(|live| live.token),
            _ => None,
        };
        let Some(grant) = token else { return vec![] };
        let args = match press {
            Press::Leave => Args::Leave { grant },
            Press::Undo => Args::Undo { grant },
            Press::Availability(availability) => Args::Availability { grant, availability },
            Press::Guest => Args::Guest { grant },
            Press::Offer(accepted) => Args::Offer { grant, accepted },
            Press::See if dialog.waits() > 0 => Args::See { grant },
            Press::Stay | Press::Close | Press::See => return vec![],
        };
        let session = dialog.event.session;
        let id = self.next_request_id();
        if let Some(dialog) = &mut self.dialog {
            let within = if press == Press::See { SEE_WITHIN } else { ANSWER_WITHIN };
            dialog.pending = Some(Pending { request: id, press, until: now.since_start + within });
        }
        vec![Request { v: V, id, session, args }]
    }

    /// Takes the answer to a press; false if it answers none of this dialog.
    pub(super) fn handle_response(&mut self, response: &Response, now: Now) -> bool {
        let Some(dialog) = &mut self.dialog else { return false };
        let answers = |pending: &mut Pending| pending.request == response.id;
        let Some(pending) = dialog.pending.take_if(answers).or_else(|| dialog.late.take_if(answers)) else { return false };
        match (&response.answer, pending.press) {
            (Answer::Done { undo, .. }, Press::Leave) => {
                let stays = undo.as_ref().map_or(UNDO_STAYS, |grant| Duration::from_millis(grant.expires_in_ms).min(UNDO_STAYS));
                dialog.tell(Step::Left(undo.as_ref().map(|grant| grant.token)), stays, now);
            }
            (Answer::Done { .. }, Press::Undo) => dialog.tell(Step::Stayed, STAYED_STAYS, now),
            (Answer::Done { .. }, Press::Guest) => dialog.tell(Step::Welcome, TOLD_STAYS, now),
            (Answer::Profile(profile), Press::Offer(true)) => {
                let session = dialog.event.session;
                self.dialog = None;
                self.open_sheet(response.id, session, profile, true, now);
            }
            (Answer::ForYou { items }, Press::See) => self.open_for_you(response.id, items, now),
            (Answer::Profile(_) | Answer::ForYou { .. }, _) => return false,
            // nothing was told: the next tap asks again
            (Answer::Done { .. } | Answer::Refused { .. }, Press::See) => dialog.tell(Step::Again, TOLD_STAYS, now),
            (Answer::Done { .. }, press) => {
                dialog.offers &= !matches!(press, Press::Offer(_));
                if let Press::Availability(availability) = press {
                    dialog.availability = availability;
                    dialog.noted = true;
                }
                dialog.tell(Step::Shown, dialog.stays, now);
            }
            (Answer::Refused { reason }, _) if reason == refusal::NOT_RECORDED => dialog.tell(Step::NotRecorded, TOLD_STAYS, now),
            // a grant's press awaits no badge
            (Answer::Armed { .. } | Answer::Cancelled | Answer::Refused { .. } | Answer::Expired, _) => {
                dialog.tell(Step::Again, TOLD_STAYS, now);
            }
        }
        true
    }

    pub(super) fn dialog_timeout(&mut self, now: Now) {
        let Some(dialog) = &mut self.dialog else { return };
        dialog.live.take_if(|live| live.until <= now.since_start);
        match &dialog.pending {
            Some(pending) if pending.until <= now.since_start => {
                let late = dialog.pending.take();
                dialog.tell(Step::Again, TOLD_STAYS, now);
                dialog.late = late;
            }
            None if dialog.until <= now.since_start => self.dialog = None,
            _ => {}
        }
    }
}
