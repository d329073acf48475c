//! The one thread that runs the house: reader events, requests and commands come in one by one; each is decided, recorded, applied and
//! only then told: greeting first, documents after. It is also SQLite's one writer.
#![allow(clippy::disallowed_methods, reason = "wiring: it waits, and says until when an event may still be sent")]

mod agenda;
mod arming;
mod deeds;
mod desk;
mod fiche;
mod for_you;
mod home;
mod introductions;
mod linking;
mod moderation;
pub mod muster;
mod needs;
pub mod pages;
mod passes;
mod person;
mod signs;
#[cfg(test)]
mod tests;
mod told;
pub mod visits;
mod vouched;

use crate::authentic::Proof;
use crate::broker::Prepared;
use crate::clock::Now;
use crate::community::Step;
use crate::config::ReaderConfig;
use crate::control::{Ask, By, Reply};
use crate::directory::Badge;
use crate::feedback::Feedback;
use crate::greeting::{Grants, Redeemed, Right};
use crate::house::{CommandError, House};
use crate::metrics::Metrics;
use crate::mqtt::{Document, Incoming, Outgoing};
use crate::presence::{Decision, Input, Outcome, UNDO};
use crate::publish::{OF_PRESENCE, UNKNOWN_MS, View};
use crate::reader::ReaderEvent;
use crate::remedy;
use crate::signing::Signing;
use crate::store::{Answered, Recorded, StoreError};
use crate::tap::{Card, Filtered, Sighting, TapFilter};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use tracing::{debug, error, info, warn};
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::MemberId;
use voisins_shared::name::{KioskName, ReaderName};
use voisins_shared::payload::{
    self, Answer, Args, ForYou, ReaderState, ReaderStatus, Refusal, Request, Response, V, encode, refusal,
};
use voisins_shared::topic::Topic;

/// What comes in at the head of the pipe.
#[derive(Debug)]
pub enum Inward {
    /// Something happened at a reader.
    Reader(ReaderEvent),
    /// The broker's side.
    Broker(Incoming),
    /// A command.
    Control {
        #[allow(missing_docs)]
        ask: Ask,
        /// Who gives it.
        by: By,
        /// Where the answer goes.
        reply: SyncSender<Reply>,
    },
    /// A calendar was read, or could not be.
    Calendar(crate::calendars::Report),
    /// The end: what came before is still done.
    Stop,
}

/// What a tap came to, as `presence-daemon tap` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TapOutcome {
    CheckedIn,
    Seen,
    Double,
    Unknown,
    Refused,
    Signed,
    CheckedOut,
    Failed,
}

/// What a decision came to, where it stands on disk, and which documents it made out of date.
type Recording = (Outcome, Option<Recorded>, Vec<Topic>);

/// At most this long between two looks at the clock: the wall clock may become known, or be set.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// After so long without a tap the database is tidied up.
const QUIET: Duration = Duration::from_secs(1);

/// The house, and what is told to whom.
#[derive(Debug)]
pub struct Pipeline {
    house: House,
    filter: TapFilter,
    grants: Grants,
    signing: Signing,
    /// What *Voir* has opened at each kiosk, under which grant: a repeated press shows it again.
    seen: BTreeMap<KioskName, (Uuid, Vec<ForYou>)>,
    readers: BTreeMap<ReaderName, ReaderStatus>,
    /// Since when each is as it is, and why.
    reader_watch: pages::readers::Watch,
    readings: agenda::Readings,
    outgoing: UnboundedSender<Outgoing>,
    session: Option<Uuid>,
    /// The documents as they were last handed over, rendered without a revision, to see what really changed.
    published: BTreeMap<Topic, Vec<u8>>,
    rev: u64,
    failing: bool,
    /// Links to the manager's pages that each make an account.
    links: Vec<pages::door::Link>,
    /// Sign-ins that were refused and are not in the journal yet.
    refused: deeds::Refused,
    /// The broker's files and accounts, while a daemon runs.
    accounts: Option<Prepared>,
    list: muster::Kept,
    /// Light and sound at the readers.
    feedback: Feedback,
    /// Readers that wait for a member's new badge.
    armed: BTreeMap<ReaderName, arming::Armed>,
    /// The members' file that each account is looking at before it is imported.
    previews: BTreeMap<String, String>,
    /// Links to *Ma fiche* that kiosks show.
    phones: crate::phone::Links,
    /// Why the last letter could not be sent.
    mail_problem: Option<String>,
    metrics: Metrics,
    /// Those whose presence was told to the house's automation, and no longer is.
    gone_from_home: BTreeSet<MemberId>,
}

impl TapOutcome {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CheckedIn => "checked_in",
            Self::Seen => "seen",
            Self::Double => "double",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Signed => "signed",
            Self::CheckedOut => "checked_out",
            Self::Failed => "failed",
        }
    }
}

impl Pipeline {
    /// A pipeline over an open house.
    #[must_use]
    pub fn new(house: House, outgoing: UnboundedSender<Outgoing>) -> Self {
        let window = house.config().double_tap_window.unsigned_abs();
        let starting = |reader: &ReaderConfig| {
            let (reader, beside) = (reader.name.clone(), reader.beside.clone());
            ReaderStatus { v: V, reader, state: ReaderState::Starting, reason: None, beside }
        };
        let readers = house.config().readers.iter().map(|reader| (reader.name.clone(), starting(reader))).collect();
        Self {
            house,
            filter: TapFilter::new(window),
            grants: Grants::default(),
            signing: Signing::default(),
            seen: BTreeMap::new(),
            readers,
            reader_watch: pages::readers::Watch::default(),
            readings: agenda::Readings::default(),
            outgoing,
            session: None,
            published: BTreeMap::new(),
            rev: 0,
            failing: false,
            links: Vec::new(),
            refused: deeds::Refused::default(),
            accounts: None,
            list: muster::Kept::default(),
            feedback: Feedback::default(),
            armed: BTreeMap::new(),
            previews: BTreeMap::new(),
            phones: crate::phone::Links::default(),
            mail_problem: None,
            metrics: Metrics::default(),
            gone_from_home: BTreeSet::new(),
        }
    }

    /// The same with the broker whose accounts it may make.
    #[must_use]
    pub fn with_broker(mut self, prepared: Prepared) -> Self {
        self.accounts = Some(prepared);
        self
    }

    /// The same with light and sound at the readers.
    #[must_use]
    pub fn with_feedback(mut self, feedback: Feedback) -> Self {
        self.feedback = feedback;
        self
    }

    /// Runs until [`Inward::Stop`], or until nobody can send any more. `alive` is called at least every few seconds: a writer that
    /// hangs on the disk doesn't call it, and the watchdog notices.
    pub fn run(mut self, inward: &Receiver<Inward>, alive: impl Fn()) {
        self.start_list();
        loop {
            self.time_passes();
            self.keep_list();
            alive();
            match inward.recv_timeout(self.wait()) {
                Ok(Inward::Reader(event)) => self.reader(event),
                Ok(Inward::Broker(incoming)) => self.broker(incoming),
                Ok(Inward::Control { ask, by, reply }) => {
                    let answer = self.carry_out(ask, &by);
                    // whoever asked may have gone: the command is done all the same
                    let _ = reply.send(answer);
                }
                Ok(Inward::Calendar(report)) => self.calendar(report),
                Ok(Inward::Stop) | Err(RecvTimeoutError::Disconnected) => return self.keep_list(),
                Err(RecvTimeoutError::Timeout) => self.rest(),
            }
        }
    }

    /// Nobody taps: time for what would make a tap wait.
    fn rest(&mut self) {
        self.house.learn();
        let now = self.house.now();
        self.house.keep_retention(&now);
        // events begin and end
        self.publish(&[Topic::Agenda], None, &now);
        if self.house.store().wants_rest()
            && let Err(error) = self.house.store_mut().rest()
        {
            debug!("no checkpoint: {error}");
        }
    }

    fn wait(&mut self) -> Duration {
        let now = self.house.now();
        let deadline = self.house.presence().next_deadline(&now);
        let short = deadline.since_boot.map(|at| at.saturating_sub(now.since_boot));
        let long = deadline.wall.zip(now.wall).map(|(at, wall)| at.duration_since(wall).try_into().unwrap_or(Duration::ZERO));
        // a failing disk is tried again in its own time, not in a tight loop
        let least = if self.failing { Duration::from_secs(1) } else { Duration::ZERO };
        let rest = self.house.store().wants_rest().then_some(QUIET);
        let signing = self.signing.next_deadline().map(|at| at.saturating_sub(now.since_boot));
        [short, long, rest, signing].into_iter().flatten().fold(LONGEST_WAIT, Duration::min).max(least)
    }

    /// What time alone brings: closings, a clock that became known, people who pass, a badge that didn't come.
    fn time_passes(&mut self) {
        let now = self.house.now();
        self.signing_expires(&now);
        self.tell_refused(&now);
        let turned = self.house.turn_day(&now);
        self.publish(&turned, None, &now);
        let counted = self.house.count_hours(&now);
        self.publish(&counted, None, &now);
        if let Ok((_, recorded, mut changed)) = self.record(&Input::Deadline, &now, None) {
            // people pass
            for topic in OF_PRESENCE {
                if !changed.contains(&topic) {
                    changed.push(topic);
                }
            }
            self.publish(&changed, recorded.map(|r| r.mark), &now);
        }
    }

    /// Decides, records and applies; a disk that refuses is told once when it begins and once when it ends.
    fn record(&mut self, input: &Input, now: &Now, answer: Option<Answered<'_>>) -> Result<Recording, StoreError> {
        let decision = self.house.decide(input, now);
        self.commit(decision, now, answer)
    }

    /// Records what was decided.
    fn commit(&mut self, decision: Decision, now: &Now, answer: Option<Answered<'_>>) -> Result<Recording, StoreError> {
        let began = Instant::now();
        match self.house.commit(decision, now, answer) {
            Ok(handled) => {
                if handled.recorded.is_some() {
                    self.metrics.committed(began.elapsed());
                }
                if handled.recorded.is_some() && std::mem::take(&mut self.failing) {
                    info!("the database writes again");
                }
                Ok((handled.outcome, handled.recorded, handled.dirty))
            }
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    error!("{}: {error}", remedy::not_recorded(self.house.config().language));
                }
                Err(error)
            }
        }
    }

    /// Records what was decided, where nobody has to be told before the documents are.
    fn settle(&mut self, decision: Decision, now: &Now, answer: Option<Answered<'_>>) -> Result<Outcome, StoreError> {
        let (outcome, recorded, dirty) = self.commit(decision, now, answer)?;
        self.publish(&dirty, recorded.map(|recorded| recorded.mark), now);
        Ok(outcome)
    }

    fn reader(&mut self, event: ReaderEvent) {
        let now = self.house.now();
        let (reader, sighting) = match event {
            ReaderEvent::Ready { reader } => {
                self.reader_watch.is(&reader, None, &now);
                self.feedback.plugged(&reader);
                return self.reader_is(reader, ReaderState::Ready, None, &now);
            }
            ReaderEvent::Down { reader, why } => {
                self.filter.handle(&reader, &Sighting::Down, now.since_boot);
                self.reader_watch.is(&reader, Some(why), &now);
                let state = if why == crate::reader::Down::NotPlugged { ReaderState::Absent } else { ReaderState::Failed };
                return self.reader_is(reader, state, Some(remedy::reader_down(why, Language::En).to_owned()), &now);
            }
            ReaderEvent::Unreadable { reader } => return self.refuse(&reader, Refusal::Unreadable),
            ReaderEvent::Removed { reader } => (reader, Sighting::Removed),
            ReaderEvent::Card { reader, uid, proof, found_lying } => {
                (reader, Sighting::Card { card: self.house.card(&uid, proof), found_lying })
            }
        };
        if let (Filtered::Tap, Sighting::Card { card, .. }) = (self.filter.handle(&reader, &sighting, now.since_boot), sighting) {
            self.tap(&reader, card, &now);
        }
    }

    fn reader_is(&mut self, reader: ReaderName, state: ReaderState, reason: Option<String>, now: &Now) {
        self.reader_gap(&reader, state, now);
        if let Some(status) = self.readers.get_mut(&reader) {
            (status.state, status.reason) = (state, reason);
            self.publish(&[Topic::Reader(reader)], None, now);
        }
    }

    /// One intentional tap: recorded, then greeted, then the documents.
    fn tap(&mut self, reader: &ReaderName, card: Card, now: &Now) -> (TapOutcome, Option<i64>) {
        let began = Instant::now();
        let tapped = self.take_tap(reader, card, now);
        self.metrics.tapped(tapped.0, began.elapsed());
        tapped
    }

    fn take_tap(&mut self, reader: &ReaderName, card: Card, now: &Now) -> (TapOutcome, Option<i64>) {
        if let Some(awaited) = self.awaits_badge(reader, now) {
            return self.sign(reader, card, awaited, now);
        }
        self.before_tap(reader, &card, now);
        let role = self.view(now).role(reader);
        let held = card.clone();
        let input = Input::Tap { reader: reader.clone(), role, card, dice: dice() };
        let Ok((outcome, recorded, dirty)) = self.record(&input, now, None) else {
            self.filter.forget_last(reader);
            self.refuse(reader, Refusal::NotRecorded);
            return (TapOutcome::Failed, None);
        };
        debug!(%reader, ?outcome, "tap");
        self.tell(reader, &outcome, now);
        self.publish(&dirty, recorded.map(|r| r.mark), now);
        self.after_tap(reader, &held, &outcome, now);
        (told::tap_outcome(&outcome), recorded.map(|r| r.seq))
    }

    fn broker(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Connected(session) => self.connected(session),
            Incoming::Disconnected => {
                self.session = None;
                self.forget_asked();
            }
            Incoming::Acknowledged(marks) => {
                if let Err(error) = self.house.store_mut().clear_marks(&marks) {
                    // they stay dirty, and are sent again at the next connect
                    debug!("marks not cleared: {error}");
                }
            }
            Incoming::Request { topic: Topic::Request(kiosk, _), payload } => self.request(&kiosk, &payload),
            Incoming::Request { .. } => {}
            Incoming::Command { name, payload } => self.home_command(&name, &payload),
            Incoming::HomeAssistantStarted => self.home_assistant_started(),
        }
    }

    /// What was asked in another session is void: nobody could be told how it ended, and a tap is just a tap again.
    fn forget_asked(&mut self) {
        self.signing = Signing::default();
        self.grants = Grants::default();
        self.seen.clear();
    }

    /// A new connection: all retained documents, under its session, with the marks that are still open.
    fn connected(&mut self, session: Uuid) {
        self.session = Some(session);
        self.forget_asked();
        let now = self.house.now();
        let marks: BTreeMap<Topic, i64> = self.house.store().marks().unwrap_or_default().into_iter().collect();
        self.rev += 1;
        let (rev, view) = (self.rev, self.view(&now));
        let mut published = BTreeMap::new();
        let mut documents = Vec::new();
        for topic in view.topics() {
            if let (Some(plain), Some(payload)) = (view.render(&topic, 0), view.render(&topic, rev)) {
                published.insert(topic.clone(), plain);
                documents.push(Document { mark: marks.get(&topic).copied(), topic, payload });
            }
        }
        let photographed: Vec<MemberId> = view.photographed().collect();
        for member in photographed {
            if let Ok(Some(payload)) = self.house.photo(member) {
                let topic = Topic::Photo(member);
                documents.push(Document { mark: marks.get(&topic).copied(), topic, payload });
            }
        }
        self.published = published;
        // a mark whose document is no more is answered by the ghosts being cleared
        let gone: Vec<(Topic, i64)> = marks.into_iter().filter(|(topic, _)| !documents.iter().any(|d| d.topic == *topic)).collect();
        if !gone.is_empty() {
            let _ = self.house.store_mut().clear_marks(&gone);
        }
        self.send(Outgoing::Tree(session, documents));
    }

    /// Hands over what really changed. A mark is sent with its document even if that reads the same, or it would stay for ever.
    fn publish(&mut self, topics: &[Topic], mark: Option<i64>, now: &Now) {
        if self.session.is_none() {
            return;
        }
        self.hand_over(topics, mark, now);
        let following = crate::publish::following(topics, &self.view(now), self.told_at_home());
        self.hand_over(&following, None, now);
    }

    fn hand_over(&mut self, topics: &[Topic], mark: Option<i64>, now: &Now) {
        let mut documents = Vec::new();
        for topic in topics {
            if let Topic::Photo(member) = topic {
                let shown = self.view(now).photographed().any(|m| m == *member);
                let payload = self.house.photo(*member).ok().flatten().filter(|_| shown).unwrap_or_default();
                documents.push(Document { topic: topic.clone(), payload, mark });
                continue;
            }
            let Some(plain) = self.view(now).render(topic, 0) else { continue };
            // what was never there has not to be cleared
            if mark.is_none() && self.published.get(topic).map(Vec::as_slice).unwrap_or_default() == plain.as_slice() {
                continue;
            }
            if let (Topic::AtHome(member), true) = (topic, plain.is_empty()) {
                self.gone_from_home.insert(*member);
            }
            self.rev += 1;
            let Some(payload) = self.view(now).render(topic, self.rev) else { continue };
            self.published.insert(topic.clone(), plain);
            documents.push(Document { topic: topic.clone(), payload, mark });
        }
        if !documents.is_empty() {
            self.send(Outgoing::Changed(documents));
        }
    }

    /// A touch on a kiosk.
    fn request(&mut self, kiosk: &KioskName, bytes: &[u8]) {
        let request: Request = match payload::decode(bytes) {
            Ok(request) => request,
            // where, not what: it may hold somebody's words
            Err(error) => return warn!(%kiosk, "a request that can't be read: {}", error.place()),
        };
        if !self.house.config().touch_kiosks().any(|known| known == kiosk) {
            return warn!(%kiosk, "a request of a kiosk that is not in the config, or is a lobby screen");
        }
        let answer = match self.house.store().answer(request.id) {
            Ok(Some(answer)) => answer,
            Ok(None) => self.answer(kiosk, &request),
            Err(_) => refused(refusal::NOT_RECORDED),
        };
        self.respond(kiosk, request.id, answer);
    }

    fn respond(&self, kiosk: &KioskName, id: Uuid, answer: Answer) {
        let topic = Topic::Response(kiosk.clone(), id.to_string());
        self.event(topic, encode(&Response { v: V, id, answer }), Duration::from_secs(5));
    }

    fn answer(&mut self, kiosk: &KioskName, request: &Request) -> Answer {
        if self.session != Some(request.session) {
            return refused(refusal::OTHER_SESSION);
        }
        let now = self.house.now();
        match &request.args {
            Args::Sign { action } => return self.arm(kiosk, request.id, action.clone(), &now),
            Args::Cancel { request } => return self.cancel(kiosk, *request, &now),
            Args::See { .. } | Args::Help { .. } | Args::Reply { .. } => return self.for_you(kiosk, request, &now),
            Args::Offer { .. } | Args::Profile { .. } => return self.fiche(kiosk, request, &now),
            _ => {}
        }
        let right = match self.grants.redeem(kiosk, &request.args, now.since_boot) {
            Redeemed::Right(right) => right,
            Redeemed::Expired => return Answer::Expired,
            Redeemed::NotAllowed => return refused(refusal::NOT_ALLOWED),
        };
        let undo = match (right, &request.args) {
            (Right::Visit(visit), Args::Leave { .. }) => {
                Some(self.grants.give(kiosk, Right::Undo(visit), UNDO, Uuid::new_v4(), now.since_boot))
            }
            _ => None,
        };
        let input = match (right, &request.args) {
            (Right::Visit(visit), Args::Availability { availability, .. }) => Input::SetAvailability(visit, *availability),
            (Right::Profile(member), Args::Availability { availability, .. }) => match self.house.presence().visit_of(member) {
                Some(visit) => Input::SetAvailability(visit.id, *availability),
                None => return Answer::Expired,
            },
            (Right::Visit(visit), Args::Leave { .. }) => Input::Leave(visit),
            (Right::Visit(_) | Right::Profile(_), _) => return refused(refusal::NOT_ALLOWED),
            (Right::Undo(visit), _) => Input::Undo(visit),
            (Right::Need(member, need), _) => Input::Between(Step::Withdraw(member, need)),
            (Right::Guest(code), _) => Input::EnterAsGuest(code),
        };
        // the answer goes to disk with what it tells
        let decision = self.house.decide(&input, &now);
        let answer = match decision.outcome {
            Outcome::Impossible(_) | Outcome::NotDone(_) => Answer::Expired,
            _ => Answer::Done { signer: None, undo },
        };
        if self.settle(decision, &now, Some((request.id, kiosk, &answer))).is_err() {
            return refused(refusal::NOT_RECORDED);
        }
        match (right, request.args.grant()) {
            (Right::Profile(member), Some(token)) if answer != Answer::Expired => self.opened(member, token),
            _ => answer,
        }
    }

    /// A command of the command line.
    pub(crate) fn control(&mut self, ask: Ask) -> Reply {
        self.carry_out(ask, &By::CommandLine)
    }

    fn carry_out(&mut self, ask: Ask, by: &By) -> Reply {
        debug!(?by, "a command");
        let now = self.house.now();
        let deed = self.deed(&ask, by);
        match self.command(ask, by, &now) {
            Ok(reply) => self.journalled(reply, deed),
            Err(error) => Reply::Error(error.to_string()),
        }
    }

    /// Carries out one command without a daemon.
    #[must_use]
    pub fn command_once(mut self, ask: Ask) -> Reply {
        if matches!(ask, Ask::Tap { .. }) {
            return Reply::Error("no daemon runs: a tap needs one. Start it with `presence-daemon run`".to_owned());
        }
        self.control(ask)
    }

    fn command(&mut self, ask: Ask, by: &By, now: &Now) -> Result<Reply, CommandError> {
        Ok(match ask {
            Ask::Tap { reader, uid } => {
                if self.house.config().reader(&reader).is_none() {
                    let known: Vec<&str> = self.house.config().readers.iter().map(|r| r.name.as_str()).collect();
                    return Err(CommandError::Impossible(format!(
                        "no reader {:?} in the config; there is {}",
                        reader.as_str(),
                        known.join(", ")
                    )));
                }
                // typed at a command line: there is no card to ask
                let card = self.house.card(&uid.0, Proof::NotAsked);
                let (outcome, seq) = match self.filter.present(&reader, &card, now.since_boot) {
                    Filtered::Tap => self.tap(&reader, card, now),
                    Filtered::Double | Filtered::Nothing => (TapOutcome::Double, None),
                };
                Reply::Tapped { outcome, seq }
            }
            Ask::Import { csv, dry_run } => {
                let (imported, written) = self.house.import(&csv, dry_run)?;
                if let Some(written) = written {
                    self.publish(&written.dirty, Some(written.recorded.mark), now);
                }
                Reply::Imported(imported)
            }
            Ask::Export => Reply::Text(self.house.export()?),
            Ask::Enrol { code, member } => {
                let member = self.house.find(&member)?;
                let decision = self.house.decide(&Input::Enrol(code, member), now);
                match self.settle(decision, now, None)? {
                    Outcome::Impossible(why) => return Err(CommandError::Impossible(why.to_owned())),
                    outcome => Reply::Enrolled { done: !matches!(outcome, Outcome::AwaitsSecondTap) },
                }
            }
            Ask::Badges { member } => {
                let member = self.house.find(&member)?;
                Reply::Text(self.house.directory().badges_of(member).map(badge_line).collect())
            }
            Ask::Badge { badge, state } => {
                self.house.set_badge(badge, state)?;
                Reply::Done
            }
            Ask::Need(need) => self.need(need, now)?,
            Ask::Pass(pass) => self.pass(pass, now)?,
            Ask::Moderate(moderate) => self.moderate(moderate, now)?,
            Ask::Measures => Reply::Text(needs::measures(self.house.measures())),
            Ask::Needs => Reply::Text(desk::needs(&self.house)),
            Ask::Page(ask) => Reply::Page(self.page(ask, now)?),
            Ask::Desk(ask) => self.linking(ask, now)?,
            Ask::Person(ask) => self.person_command(ask, now)?,
            Ask::ImportCalendar(calendar) => Reply::Text(self.import_calendar(calendar, now)?),
            Ask::ForgetCalendar { name } => self.forget_calendar(&name, now).map(|()| Reply::Done)?,
            Ask::Event(ask) => self.event_desk(ask, now).map(|()| Reply::Done)?,
            Ask::CancelEvent { event } => self.cancel_event(event, now).map(|()| Reply::Done)?,
            Ask::Events => Reply::Text(agenda::events(&self.house, now)),
            Ask::Calendars => Reply::Text(agenda::calendar_lines(&self.calendars())),
            Ask::ExportEvents => Reply::Text(self.feed(now)),
            Ask::Guests => Reply::Text(vouched::guests(&self.house, now)?),
            Ask::Declared => Reply::Text(vouched::declared(&self.house, now)?),
            Ask::Muster(ask) => self.muster(ask, by, now)?,
            Ask::Visits(ask) => self.visits(ask, by, now)?,
            Ask::Evacuation(asked) => Reply::Text(self.evacuation(asked, now)?),
            Ask::Status => self.status(now),
        })
    }

    fn status(&self, now: &Now) -> Reply {
        Reply::Status {
            readers: self.readers.values().cloned().collect(),
            connected: self.session.is_some(),
            clock_known: now.wall.is_some(),
            present: self.view(now).present(),
            pairings: self.house.presence().pairings().map(|pairing| pairing.code).collect(),
        }
    }

    fn view(&self, now: &Now) -> View<'_> {
        View {
            config: self.house.config(),
            presence: self.house.presence(),
            directory: self.house.directory(),
            community: self.house.community(),
            usual_days: self.house.usual_days(),
            measures: self.house.measures(),
            history: self.house.history(),
            readers: &self.readers,
            installation: self.house.store().installation(),
            session: self.session.unwrap_or_default(),
            now: *now,
        }
    }

    fn event(&self, topic: Topic, payload: Vec<u8>, lasts: Duration) {
        self.send(Outgoing::Event { topic, payload, until: Instant::now() + lasts });
    }

    fn send(&self, outgoing: Outgoing) {
        // the client ends only with the daemon
        let _ = self.outgoing.send(outgoing);
    }
}

/// A badge on the command line: its number, its state, and what it is good for.
fn badge_line(badge: &Badge) -> String {
    let good_for = if badge.authentic { "authentic" } else { "uid-only (good for presence, not for access)" };
    format!("{} {} {good_for}\n", badge.id, badge.state.as_str())
}

fn refused(reason: &str) -> Answer {
    Answer::Refused { reason: reason.to_owned() }
}

/// Chance for a pairing code. Without a random source the codes are no secret, only less scattered.
fn dice() -> u64 {
    getrandom::u64().unwrap_or_else(|_| u64::from(crate::clock::since_boot().subsec_nanos()))
}

const UNKNOWN: Duration = Duration::from_millis(UNKNOWN_MS);
