//! *Ma fiche*: a member's own record under their hand. It lies over everything else; whoever taps meanwhile is told of in a line.
//! What is shown is what the daemon answered: a press only waits, and turns with the answer.

mod change;
mod suggestions;

pub use change::Change;

use super::dialog::{ANSWER_WITHIN, Dialog, REPLACED_GUARD, TOLD_STAYS};
use super::typing::{Keystroke, Typed, Typing};
use super::{Board, HOME_AFTER, Now};
use std::time::Duration;
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::{Field, Surface};
use voisins_shared::payload::{
    Answer, Args, LONGEST_SKILL, Profile, ProfileChange, ProfileField, Request, Response, SKILLS_AT_THE_KIOSK, TextSize, V, refusal,
};
use voisins_shared::visit::Availability;

/// The time left is shown for so long before the sheet closes by itself.
const BAR_FOR: Duration = Duration::from_secs(10);
/// The bar shrinks in so many steps: four a second.
pub const STEPS: u32 = 40;
/// What the lobby screen can show of somebody.
const IN_THE_LOBBY: [Field; 2] = [Field::Name, Field::Skills];

/// A finger on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileTouch {
    /// What shows, or the choices.
    Part(Part),
    /// *Écran du café* or *Écran d’accueil*.
    Surface(Surface),
    /// *Précédent* (-1) or *Suivant* (1).
    Turn(isize),
    /// A field's switch.
    Toggle(Field),
    /// *Tout montrer*, or *Tout cacher*.
    All,
    /// The `×` of a skill, by its place.
    TakeAway(usize),
    /// *Ajouter*: opens the keyboard.
    Add,
    /// A key.
    Key(Keystroke),
    /// *Ajouter* on the keyboard: what is typed, as it is.
    Submit,
    /// A suggestion.
    Suggested(Typed),
    /// *Annuler* beside the keyboard.
    Leave,
    /// *FR* or *EN*.
    Language(Language),
    /// One of three *A*.
    TextSize(TextSize),
    /// *Ici*, *Ouvert·e aux questions*, *Ne pas déranger*.
    Availability(Availability),
    /// *Annuler*: the last change is taken back.
    Undo,
    /// *Fermer*.
    Close,
}

/// The parts of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// Who sees which field.
    #[default]
    Shown,
    /// Skills, language, size of the text, availability.
    Choices,
    /// The way to the whole of it, on their phone.
    Phone,
}

/// What became of the last press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is on disk.
    Noted,
    /// It was refused.
    NothingChanged,
    /// The disk refused it.
    NotRecorded,
    /// The daemon takes no such skill.
    BadSkills,
    /// Nobody answered.
    NoAnswer,
}

#[derive(Debug, Clone)]
struct Pending {
    request: Uuid,
    change: Change,
    /// What takes it back; none for what took something back itself.
    inverse: Option<Change>,
    until: Duration,
}

/// A skill that is being typed.
#[derive(Debug, Default)]
pub struct Adding {
    /// The text.
    pub typing: Typing,
    /// Concepts it may mean, in the language shown.
    pub suggestions: Vec<String>,
}

/// *Ma fiche* on screen.
#[derive(Debug)]
pub struct Sheet {
    /// The request that opened it.
    request: Uuid,
    session: Uuid,
    profile: Profile,
    granted_until: Duration,
    /// When the way to their phone ends.
    phone_until: Duration,
    /// Which part is shown.
    pub part: Part,
    /// Whose screen is spoken of.
    pub surface: Surface,
    /// Pages turned; how many there are depends on the screen.
    pub turned: isize,
    /// A skill that is being typed.
    pub adding: Option<Adding>,
    /// What became of the last press.
    pub told: Option<Told>,
    pending: Option<Pending>,
    /// What nobody answered in time; the answer may still come.
    late: Option<Pending>,
    undo: Option<Change>,
    guarded_until: Duration,
}

impl Sheet {
    /// The record as the daemon has it.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The fields that this surface can show.
    pub fn fields(&self) -> impl Iterator<Item = &ProfileField> {
        let all = self.surface != Surface::Lobby;
        self.profile.fields.iter().filter(move |field| all || IN_THE_LOBBY.contains(&field.field))
    }

    /// Whether the name is shown, without which nothing is.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.fields().any(|field| field.field == Field::Name && self.agreed(field))
    }

    /// Whether a field is shown.
    #[must_use]
    pub fn shows(&self, field: &ProfileField) -> bool {
        self.agreed(field) && self.is_named()
    }

    /// Whether there is a way to their phone at all.
    #[must_use]
    pub fn has_phone(&self) -> bool {
        self.profile.phone.is_some()
    }

    /// The link to their phone, while it works.
    #[must_use]
    pub fn link(&self, now: Now) -> Option<&str> {
        self.profile.phone.as_ref().filter(|_| now.since_start < self.phone_until).map(|phone| phone.link.as_str())
    }

    /// Whether one more skill may be added here.
    #[must_use]
    pub fn can_add(&self) -> bool {
        self.profile.skills.len() < SKILLS_AT_THE_KIOSK
    }

    /// The change that waits for its answer.
    #[must_use]
    pub fn pending(&self) -> Option<&Change> {
        self.pending.as_ref().map(|pending| &pending.change)
    }

    /// Whether the last change can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.undo.is_some()
    }

    fn agreed(&self, field: &ProfileField) -> bool {
        field.shown_on.contains(&self.surface)
    }
}

impl Board {
    /// *Ma fiche*, if it is open.
    #[must_use]
    pub fn sheet(&self) -> Option<&Sheet> {
        self.sheet.as_ref()
    }

    /// How much of the sheet's last seconds is left, of [`STEPS`]; none before them.
    #[must_use]
    pub fn sheet_left(&self, now: Now) -> Option<u32> {
        let left = self.sheet_until()?.saturating_sub(now.since_start);
        if left > BAR_FOR {
            return None;
        }
        u32::try_from((left.as_nanos() * u128::from(STEPS)).div_ceil(BAR_FOR.as_nanos())).ok()
    }

    /// An answer belongs to the dialog, to what a badge signs, to *Ma fiche* or to *Pour vous*; a record that none of them waits for is
    /// closed again.
    pub(super) fn handle_answer(&mut self, response: &Response, now: Now) {
        let taken = self.handle_response(response, now)
            || self.handle_sign_response(response, now)
            || self.handle_sheet_response(response, now)
            || self.handle_for_you_response(response, now);
        if let (false, Answer::Profile(profile)) = (taken, &response.answer) {
            self.refuse_sheet(profile);
        }
    }

    pub(super) fn sheet_poll(&self, now: Now) -> Option<Duration> {
        let until = self.sheet_until()?;
        let step = match self.sheet_left(now) {
            None => until - BAR_FOR,
            Some(left) => until - BAR_FOR * left.saturating_sub(1) / STEPS,
        };
        self.sheet.as_ref()?.pending.as_ref().map(|pending| pending.until).into_iter().chain([step]).min()
    }

    fn sheet_until(&self) -> Option<Duration> {
        self.sheet.as_ref().map(|sheet| sheet.granted_until.min(self.last_touch + HOME_AFTER))
    }

    /// Opens it. `under_a_finger`: the press that asked for it may be a double one.
    pub(super) fn open_sheet(&mut self, request: Uuid, session: Uuid, profile: &Profile, under_a_finger: bool, now: Now) {
        // whoever held the badge is here
        (self.last_touch, self.touched) = (now.since_start, true);
        self.reads = profile.text_size;
        self.sheet = Some(Sheet {
            request,
            session,
            granted_until: now.since_start + Duration::from_millis(profile.grant.expires_in_ms),
            profile: profile.clone(),
            phone_until: now.since_start
                + profile.phone.as_ref().map_or(Duration::ZERO, |phone| Duration::from_millis(phone.expires_in_ms)),
            // where there is a phone page, it is the first thing that is offered
            part: if profile.phone.is_some() { Part::Phone } else { Part::default() },
            surface: Surface::Kiosk,
            turned: 0,
            adding: None,
            told: None,
            pending: None,
            late: None,
            undo: None,
            guarded_until: if under_a_finger { now.since_start + REPLACED_GUARD } else { Duration::ZERO },
        });
    }

    pub(super) fn handle_profile_touch(&mut self, touch: ProfileTouch, now: Now) -> Vec<Request> {
        let language = self.language();
        let Some(sheet) = self.sheet.as_mut().filter(|sheet| sheet.guarded_until <= now.since_start) else { return vec![] };
        let touch = match touch {
            ProfileTouch::Close => return self.close_sheet(),
            ProfileTouch::Part(part) => {
                (sheet.part, sheet.turned) = (part, 0);
                return vec![];
            }
            ProfileTouch::Surface(surface) => {
                (sheet.surface, sheet.turned) = (surface, 0);
                return vec![];
            }
            ProfileTouch::Turn(by) => {
                sheet.turned += by;
                return vec![];
            }
            ProfileTouch::Add => {
                sheet.adding = sheet.can_add().then(Adding::default);
                return vec![];
            }
            ProfileTouch::Leave => {
                sheet.adding = None;
                return vec![];
            }
            ProfileTouch::Key(key) => {
                if let Some(adding) = &mut sheet.adding {
                    adding.typing.handle_key(key, LONGEST_SKILL);
                    adding.suggestions = suggestions::of(adding.typing.text(), language, &sheet.profile.skills);
                }
                return vec![];
            }
            ProfileTouch::Submit => {
                let Some(adding) = sheet.adding.take() else { return vec![] };
                ProfileTouch::Suggested(Typed(adding.typing.text().to_owned()))
            }
            other => other,
        };
        sheet.adding = None;
        if sheet.pending.is_some() {
            return vec![];
        }
        let Some((change, inverse)) = sheet.change(touch, language) else { return vec![] };
        sheet.told = None;
        self.ask_for_change(change, inverse, now)
    }

    fn ask_for_change(&mut self, change: Change, inverse: Option<Change>, now: Now) -> Vec<Request> {
        let id = self.next_request_id();
        let Some(sheet) = &mut self.sheet else { return vec![] };
        let grant = sheet.profile.grant.token;
        let args = match change.clone() {
            Change::Record(change) => Args::Profile { grant, change },
            Change::Availability(availability) => Args::Availability { grant, availability },
        };
        sheet.pending = Some(Pending { request: id, change, inverse, until: now.since_start + ANSWER_WITHIN });
        vec![Request { v: V, id, session: sheet.session, args }]
    }

    fn close_sheet(&mut self) -> Vec<Request> {
        let Some(sheet) = self.sheet.take() else { return vec![] };
        vec![self.give_back(sheet.session, sheet.profile.grant.token)]
    }

    /// The right to change a record ends with what it was opened for.
    fn give_back(&mut self, session: Uuid, grant: Uuid) -> Request {
        Request { v: V, id: self.next_request_id(), session, args: Args::Profile { grant, change: ProfileChange::Close } }
    }

    /// Takes the answer to a change; false if it answers none of this sheet.
    fn handle_sheet_response(&mut self, response: &Response, now: Now) -> bool {
        let Some(sheet) = &mut self.sheet else { return false };
        let answers = |pending: &mut Pending| pending.request == response.id;
        let Some(pending) = sheet.pending.take_if(answers).or_else(|| sheet.late.take_if(answers)) else { return false };
        match &response.answer {
            Answer::Profile(profile) => {
                sheet.granted_until = now.since_start + Duration::from_millis(profile.grant.expires_in_ms);
                // the way to their phone came with the opening
                sheet.profile = Profile { phone: sheet.profile.phone.take(), ..(**profile).clone() };
                (sheet.undo, sheet.told) = (pending.inverse, Some(Told::Noted));
                self.reads = sheet.profile.text_size;
            }
            Answer::Refused { reason } if reason == refusal::OTHER_SESSION => self.end_sheet(now),
            Answer::Refused { reason } => {
                sheet.told = Some(match reason.as_str() {
                    refusal::NOT_RECORDED => Told::NotRecorded,
                    refusal::BAD_SKILLS => Told::BadSkills,
                    _ => Told::NothingChanged,
                });
            }
            // neither answers a change: hold the badge again, and see what stands
            Answer::Expired | Answer::Done { .. } | Answer::ForYou { .. } | Answer::Armed { .. } | Answer::Cancelled => {
                self.end_sheet(now)
            }
        }
        true
    }

    /// A record that comes too late to be shown: nobody may change it with what came along.
    fn refuse_sheet(&mut self, profile: &Profile) {
        let Some(session) = self.roster.session().map(|session| session.session) else { return };
        let request = self.give_back(session, profile.grant.token);
        self.outbox.push(request);
    }

    /// What allowed it is over: the badge has to be held again.
    fn end_sheet(&mut self, now: Now) {
        let Some(sheet) = self.sheet.take() else { return };
        self.dialog = Some(Dialog::over(sheet.request, sheet.session, sheet.profile.language, TOLD_STAYS, now));
    }

    /// The daemon began anew, or is gone: what it granted is void.
    pub(super) fn settle_sheet(&mut self, now: Now) {
        let Some(sheet) = &self.sheet else { return };
        let session = self.roster.session().map(|session| session.session);
        if session != Some(sheet.session) || !self.connection.is_online() {
            self.end_sheet(now);
        }
    }

    pub(super) fn sheet_timeout(&mut self, now: Now) {
        self.settle_sheet(now);
        let Some(sheet) = &mut self.sheet else { return };
        if sheet.pending.as_ref().is_some_and(|pending| pending.until <= now.since_start) {
            sheet.late = sheet.pending.take();
            sheet.told = Some(Told::NoAnswer);
        }
        let granted = sheet.granted_until > now.since_start;
        if now.since_start >= self.last_touch + HOME_AFTER {
            let close = self.close_sheet();
            self.outbox.extend(close);
        } else if !granted {
            self.end_sheet(now);
        }
    }
}
