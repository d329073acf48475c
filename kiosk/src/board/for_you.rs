//! *Pour vous*: what *Voir* opened. The daemon tells it once and never again, so it stays long enough to be read whatever the greeting
//! did meanwhile; and it is for one person, so it goes by itself and leaves nothing behind.

mod button;

pub use button::{Button, can_be_snoozed};

use super::dialog::{Dialog, Live, REPLACED_GUARD};
use super::{Board, Now};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::payload::{Answer, Args, ForYou, ForYouReply, Form, Grant, KioskEvent, Request, Response, Shown, V, refusal};

/// How long it stays untouched; a touch holds it as long again, up to the end of the greeting's right to press.
pub const FOR_YOU_STAYS: Duration = Duration::from_secs(20);
/// The daemon answers *Voir* and what is pressed on it within this.
pub const SEE_WITHIN: Duration = Duration::from_secs(5);
/// On screen for so long it counts as seen; before, no tap takes it away.
pub const SEEN_AFTER: Duration = Duration::from_secs(6);
/// What became of a press can be read for at least so long.
const TOLD_STAYS: Duration = Duration::from_secs(5);

/// A finger on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForYouPress {
    /// A button of one of the things, by its place.
    Button(usize, Button),
    /// *Ne rien me proposer pendant une semaine*.
    Snooze,
    /// *Précédent* (-1) or *Suivant* (1).
    Turn(isize),
    /// *Fermer*.
    Close,
}

/// How far the last press on something got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PressStep {
    /// Not pressed.
    #[default]
    Open,
    /// The daemon was asked.
    Asked,
    /// It is on disk.
    Noted,
    /// The need is closed, or the introduction over.
    Closed,
    /// It was refused, or nobody answered: the coordination can note it.
    NotNoted,
}

/// A press, and what became of it.
#[derive(Debug, Clone, Default)]
struct Pressed {
    step: PressStep,
    /// The last request; its answer is taken whenever it comes.
    asked: Option<(Uuid, Duration)>,
}

impl Pressed {
    fn ask(&mut self, request: Uuid, until: Duration) {
        (self.step, self.asked) = (PressStep::Asked, Some((request, until)));
    }

    fn answers(&self, response: &Response) -> bool {
        self.asked.is_some_and(|(request, _)| request == response.id)
    }

    fn take(&mut self, answer: &Answer) {
        self.asked = None;
        self.step = match answer {
            Answer::Done { .. } => PressStep::Noted,
            Answer::Refused { reason }
                if matches!(&**reason, refusal::NO_SUCH_NEED | refusal::NO_SUCH_INTRODUCTION | refusal::ALREADY) =>
            {
                PressStep::Closed
            }
            _ => PressStep::NotNoted,
        };
    }

    /// When it is given up, while it waits.
    fn until(&self) -> Option<Duration> {
        self.asked.filter(|_| self.step == PressStep::Asked).map(|(_, until)| until)
    }

    /// Gives up what nobody answered; true if it does.
    fn give_up(&mut self, now: Now) -> bool {
        let over = self.until().is_some_and(|until| until <= now.since_start);
        if over {
            self.step = PressStep::NotNoted;
        }
        over
    }
}

/// One thing that waited.
#[derive(Debug, Clone)]
pub struct Item {
    /// What.
    pub what: ForYou,
    /// The buttons that were pressed, the last of them perhaps without an answer yet.
    done: Vec<Button>,
    pressed: Pressed,
}

impl Item {
    /// How far the last press got.
    #[must_use]
    pub fn step(&self) -> PressStep {
        self.pressed.step
    }

    /// The button that was pressed last.
    #[must_use]
    pub fn last(&self) -> Option<Button> {
        self.done.last().copied()
    }

    /// The buttons that stand on it; while one waits for its answer, those that stood there.
    #[must_use]
    pub fn buttons(&self) -> Vec<Button> {
        match self.step() {
            PressStep::Open | PressStep::Noted => Button::of(&self.what, &self.done),
            PressStep::Asked => Button::of(&self.what, &self.done[..self.done.len().saturating_sub(1)]),
            PressStep::Closed | PressStep::NotNoted => vec![],
        }
    }
}

/// *Pour vous* on screen.
#[derive(Debug)]
pub struct ForYouSheet {
    /// The request that opened it: a press names it.
    request: Uuid,
    session: Uuid,
    /// Whose it is, if they agreed to be named.
    whose: Option<MemberId>,
    /// Their language, if they chose one.
    pub language: Option<Language>,
    /// What waited, the most telling first.
    pub items: Vec<Item>,
    /// Pages turned; how many there are depends on the screen.
    pub turned: isize,
    snoozed: Pressed,
    live: Option<Live>,
    since: Duration,
    until: Duration,
}

impl ForYouSheet {
    /// The request: a press names it.
    #[must_use]
    pub fn request(&self) -> Uuid {
        self.request
    }

    fn hold(&mut self, now: Now) {
        let granted = self.live.map_or(Duration::ZERO, |live| live.until);
        self.until = self.until.max(granted.min(now.since_start + FOR_YOU_STAYS));
    }

    /// How far *Ne rien me proposer pendant une semaine* got.
    #[must_use]
    pub fn snoozed(&self) -> PressStep {
        self.snoozed.step
    }

    fn presses(&self) -> impl Iterator<Item = &Pressed> {
        self.items.iter().map(|item| &item.pressed).chain([&self.snoozed])
    }

    fn presses_mut(&mut self) -> impl Iterator<Item = &mut Pressed> {
        self.items.iter_mut().map(|item| &mut item.pressed).chain([&mut self.snoozed])
    }

    /// When the first press that waits is given up.
    fn asked_until(&self) -> Option<Duration> {
        self.presses().filter_map(Pressed::until).min()
    }

    pub(super) fn poll_timeout(&self) -> Duration {
        let at = self.asked_until().unwrap_or(self.until);
        self.live.map_or(at, |live| live.until.min(at))
    }

    /// The same badge again: what it may press lasts on.
    fn is_of(&self, event: &KioskEvent) -> bool {
        self.whose.is_some() && whose(event) == self.whose
    }
}

fn whose(event: &KioskEvent) -> Option<MemberId> {
    match &event.shown {
        Shown::Greeting(greeting) => greeting.greeted.as_ref().map(|greeted| greeted.member),
        _ => None,
    }
}

impl Board {
    /// *Pour vous*, if it is open.
    #[must_use]
    pub fn for_you(&self) -> Option<&ForYouSheet> {
        self.for_you.as_ref()
    }

    /// Whether its buttons can do something: while the greeting's right lasts, and the daemon that gave it is there.
    #[must_use]
    pub fn can_reply(&self) -> bool {
        let session = self.roster.session().filter(|_| self.connection.is_online()).map(|session| session.session);
        self.for_you.as_ref().is_some_and(|sheet| sheet.live.is_some() && session == Some(sheet.session))
    }

    /// Opens it in the place of the greeting that it was asked for on.
    pub(super) fn open_for_you(&mut self, request: Uuid, items: &[ForYou], now: Now) {
        let Some(dialog) = self.dialog.take() else { return };
        let known = items.iter().filter(|item| **item != ForYou::Unknown);
        self.for_you = Some(ForYouSheet {
            request,
            session: dialog.session(),
            whose: whose(dialog.said()),
            language: dialog.language,
            items: known.map(|what| Item { what: what.clone(), done: vec![], pressed: Pressed::default() }).collect(),
            turned: 0,
            snoozed: Pressed::default(),
            live: dialog.live(),
            since: now.since_start,
            until: now.since_start + FOR_YOU_STAYS,
        });
    }

    /// A tap while it is open. True if it is told in a line: it covers nothing that somebody reads, and nothing not yet seen.
    pub(super) fn for_you_stays(&mut self, event: &KioskEvent, grant: Option<&Grant>, now: Now) -> bool {
        let in_use = self.is_in_use(now);
        let Some(sheet) = &mut self.for_you else { return false };
        if event.form == Form::Line {
            return true;
        }
        // a tap beside this kiosk ended what the one before it allowed
        sheet.live = None;
        if sheet.is_of(event) {
            sheet.live = grant.map(|grant| Live::of(grant, now));
            sheet.session = event.session;
            sheet.hold(now);
            return true;
        }
        in_use || now.since_start < sheet.since + SEEN_AFTER
    }

    /// A touch beside the buttons.
    pub(super) fn hold_for_you(&mut self, now: Now) {
        if let Some(sheet) = &mut self.for_you {
            sheet.hold(now);
        }
    }

    pub(super) fn handle_for_you_press(&mut self, request: Uuid, press: ForYouPress, now: Now) -> Vec<Request> {
        let can_reply = self.can_reply();
        let Some(sheet) = self.for_you.as_mut().filter(|sheet| sheet.request == request) else { return vec![] };
        // the press that asked for it may have been a double one
        if now.since_start < sheet.since + REPLACED_GUARD {
            return vec![];
        }
        sheet.hold(now);
        match press {
            ForYouPress::Close => self.for_you = None,
            ForYouPress::Turn(by) => sheet.turned += by,
            ForYouPress::Button(at, button) if can_reply => return self.ask_about(at, button, now),
            ForYouPress::Snooze if can_reply => return self.ask_to_snooze(now),
            ForYouPress::Button(..) | ForYouPress::Snooze => {}
        }
        vec![]
    }

    fn ask_about(&mut self, at: usize, button: Button, now: Now) -> Vec<Request> {
        let id = self.next_request_id();
        let Some(sheet) = &mut self.for_you else { return vec![] };
        let Some(Live { token: grant, .. }) = sheet.live else { return vec![] };
        let stands = |item: &&mut Item| item.step() != PressStep::Asked && item.buttons().contains(&button);
        let Some(item) = sheet.items.get_mut(at).filter(stands) else { return vec![] };
        let Some(args) = button.args(&item.what, grant) else { return vec![] };
        item.done.push(button);
        item.pressed.ask(id, now.since_start + SEE_WITHIN);
        vec![Request { v: V, id, session: sheet.session, args }]
    }

    fn ask_to_snooze(&mut self, now: Now) -> Vec<Request> {
        let id = self.next_request_id();
        let Some(sheet) = self.for_you.as_mut().filter(|sheet| sheet.snoozed() == PressStep::Open) else { return vec![] };
        let about = sheet.items.iter().any(|item| can_be_snoozed(&item.what));
        let Some(Live { token: grant, .. }) = sheet.live.filter(|_| about) else { return vec![] };
        sheet.snoozed.ask(id, now.since_start + SEE_WITHIN);
        vec![Request { v: V, id, session: sheet.session, args: Args::Reply { grant, reply: ForYouReply::Snooze } }]
    }

    /// Takes the answer to one of its buttons; false if it answers none of this.
    pub(super) fn handle_for_you_response(&mut self, response: &Response, now: Now) -> bool {
        let Some(sheet) = &mut self.for_you else { return false };
        let Some(pressed) = sheet.presses_mut().find(|pressed| pressed.answers(response)) else { return false };
        pressed.take(&response.answer);
        sheet.until = sheet.until.max(now.since_start + TOLD_STAYS);
        true
    }

    pub(super) fn for_you_timeout(&mut self, now: Now) {
        let Some(sheet) = &mut self.for_you else { return };
        sheet.live.take_if(|live| live.until <= now.since_start);
        let given_up = sheet.presses_mut().filter_map(|pressed| pressed.give_up(now).then_some(())).count();
        if given_up > 0 {
            sheet.until = sheet.until.max(now.since_start + TOLD_STAYS);
        }
        if sheet.until <= now.since_start && sheet.asked_until().is_none() {
            self.for_you = None;
        }
    }
}

impl Dialog {
    /// Whether *Voir* can open something.
    #[must_use]
    pub fn can_see(&self) -> bool {
        self.has_grant() && self.waits() > 0
    }

    /// So many things wait for whoever is greeted.
    #[must_use]
    pub fn waits(&self) -> u32 {
        self.greeting().map_or(0, |greeting| greeting.for_you)
    }

    /// The same badge again: what was asked for under it may still be answered.
    pub(super) fn awaits_what(&mut self, old: &mut Dialog) {
        if whose(old.said()).is_some() && whose(old.said()) == whose(self.said()) {
            self.take_over_see(old);
        }
    }
}
