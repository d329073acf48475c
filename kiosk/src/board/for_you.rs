//! *Pour vous*: what *Voir* opened. The daemon tells it once and never again, so it stays long enough to be read whatever the greeting
//! did meanwhile; and it is for one person, so it goes by itself and leaves nothing behind.

use super::dialog::{Dialog, Live, REPLACED_GUARD};
use super::{Board, Now};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{Answer, Args, ForYou, Form, Grant, KioskEvent, Request, Response, Shown, V, refusal};

/// How long it stays untouched; a touch holds it as long again, up to the end of the greeting's right to press.
pub const FOR_YOU_STAYS: Duration = Duration::from_secs(20);
/// The daemon answers *Voir* and *Je peux aider* within this.
pub const SEE_WITHIN: Duration = Duration::from_secs(5);
/// On screen for so long it counts as seen; before, no tap takes it away.
pub const SEEN_AFTER: Duration = Duration::from_secs(6);
/// What became of a press can be read for at least so long.
const TOLD_STAYS: Duration = Duration::from_secs(5);

/// A finger on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForYouPress {
    /// *Je peux aider*.
    Help(NeedId),
    /// *Précédent* (-1) or *Suivant* (1).
    Turn(isize),
    /// *Fermer*.
    Close,
}

/// How far *Je peux aider* got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpStep {
    /// Not pressed.
    Open,
    /// The daemon was asked.
    Asked,
    /// It is on disk.
    Noted,
    /// Nobody looks for it any more.
    Closed,
    /// It was refused, or nobody answered: the coordination can note it.
    NotNoted,
}

/// One thing that waited.
#[derive(Debug, Clone)]
pub struct Item {
    /// What.
    pub what: ForYou,
    /// How far *Je peux aider* got.
    pub step: HelpStep,
    /// The last request; its answer is taken whenever it comes.
    asked: Option<(Uuid, Duration)>,
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

    /// When the first press that waits is given up.
    fn asked_until(&self) -> Option<Duration> {
        self.items.iter().filter(|item| item.step == HelpStep::Asked).filter_map(|item| Some(item.asked?.1)).min()
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

    /// Whether *Je peux aider* can do something: while the greeting's right lasts, and the daemon that gave it is there.
    #[must_use]
    pub fn can_help(&self) -> bool {
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
            items: known.map(|what| Item { what: what.clone(), step: HelpStep::Open, asked: None }).collect(),
            turned: 0,
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
        let can_help = self.can_help();
        let Some(sheet) = self.for_you.as_mut().filter(|sheet| sheet.request == request) else { return vec![] };
        // the press that asked for it may have been a double one
        if now.since_start < sheet.since + REPLACED_GUARD {
            return vec![];
        }
        sheet.hold(now);
        match press {
            ForYouPress::Close => self.for_you = None,
            ForYouPress::Turn(by) => sheet.turned += by,
            ForYouPress::Help(need) if can_help => return self.ask_to_help(need, now),
            ForYouPress::Help(_) => {}
        }
        vec![]
    }

    fn ask_to_help(&mut self, need: NeedId, now: Now) -> Vec<Request> {
        let id = self.next_request_id();
        let Some(sheet) = &mut self.for_you else { return vec![] };
        let Some(Live { token: grant, .. }) = sheet.live else { return vec![] };
        let asked = |item: &&mut Item| matches!(&item.what, ForYou::CanHelp { need: of, .. } if *of == need);
        let Some(item) = sheet.items.iter_mut().find(asked).filter(|item| item.step == HelpStep::Open) else { return vec![] };
        (item.step, item.asked) = (HelpStep::Asked, Some((id, now.since_start + SEE_WITHIN)));
        vec![Request { v: V, id, session: sheet.session, args: Args::Help { grant, need } }]
    }

    /// Takes the answer to *Je peux aider*; false if it answers none of this.
    pub(super) fn handle_for_you_response(&mut self, response: &Response, now: Now) -> bool {
        let Some(sheet) = &mut self.for_you else { return false };
        let answered = |item: &&mut Item| item.asked.is_some_and(|(request, _)| request == response.id);
        let Some(item) = sheet.items.iter_mut().find(answered) else { return false };
        item.asked = None;
        item.step = match &response.answer {
            Answer::Done { .. } => HelpStep::Noted,
            Answer::Refused { reason } if reason == refusal::NO_SUCH_NEED => HelpStep::Closed,
            _ => HelpStep::NotNoted,
        };
        sheet.until = sheet.until.max(now.since_start + TOLD_STAYS);
        true
    }

    pub(super) fn for_you_timeout(&mut self, now: Now) {
        let Some(sheet) = &mut self.for_you else { return };
        sheet.live.take_if(|live| live.until <= now.since_start);
        let over = |item: &&mut Item| item.step == HelpStep::Asked && item.asked.is_some_and(|(_, at)| at <= now.since_start);
        for item in sheet.items.iter_mut().filter(over) {
            item.step = HelpStep::NotNoted;
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
