//! What happened, in the past tense. Bodies hold ids, enums and times only: no name, no text, no UID.

use crate::clock::Now;
use crate::community::agenda::{Calendar, CalendarId, EventEnd, Words};
use crate::community::interests::InterestTold;
use crate::community::{Draft, NeedEnd, Side, apart, introductions, ledger, moderation, needs, notes};
use crate::deed::Managed;
use crate::key::BadgeMac;
use crate::presence::{PairingCode, corrections};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use voisins_shared::agenda::EventId;
use voisins_shared::member::MemberId;
use voisins_shared::name::ReaderName;
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::visit::{Availability, ClosedBy, OpenedBy};

/// A visit's number, rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VisitId(pub u64);

/// A guest is known by the visit they opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GuestId(pub u64);

/// Who a visit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A member.
    Member(MemberId),
    /// Somebody without a badge.
    Guest(GuestId),
}

impl Subject {
    /// The member, if it is one.
    #[must_use]
    pub fn member(self) -> Option<MemberId> {
        match self {
            Self::Member(member) => Some(member),
            Self::Guest(_) => None,
        }
    }
}

/// One event and its moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceEvent {
    /// When, as far as is known.
    pub at: Now,
    /// What.
    pub what: What,
}

/// Why a tap was refused; the manager is told, the screen is not (but for a random UID).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Barred {
    RandomUid,
    Lost,
    Retired,
    Suspended,
    /// The card says the UID of a badge that has proved itself before, and proves nothing: a copy, most likely.
    Unproven,
    /// Only badges that prove themselves count here, or for this member, and this one never did.
    UidOnly,
    /// The badge has to prove itself, and was read where nobody can ask it to.
    NotAsked,
}

impl Barred {
    /// All.
    pub const ALL: [Self; 7] =
        [Self::RandomUid, Self::Lost, Self::Retired, Self::Suspended, Self::Unproven, Self::UidOnly, Self::NotAsked];

    /// The word in the database, and in the key of a text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RandomUid => "random_uid",
            Self::Lost => "lost",
            Self::Retired => "retired",
            Self::Suspended => "suspended",
            Self::Unproven => "unproven",
            Self::UidOnly => "uid_only",
            Self::NotAsked => "not_asked",
        }
    }

    /// What such a word says.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|barred| barred.as_str() == text)
    }
}

/// Who asks everybody to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Another system of the house, over MQTT.
    Integration,
    /// The manager, on the pages or the command line.
    Manager,
}

/// For whom a member vouched, without a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vouch {
    /// A guest.
    Guest,
    /// A member who typed their name.
    Member,
    /// The name that was typed is no member's: they came in as a guest.
    Unknown,
    /// It is several members': they came in as a guest.
    Ambiguous,
    /// It is a suspended member's: they came in as a guest.
    Suspended,
}

impl Vouch {
    /// All.
    pub const ALL: [Self; 5] = [Self::Guest, Self::Member, Self::Unknown, Self::Ambiguous, Self::Suspended];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Unknown => "unknown",
            Self::Ambiguous => "ambiguous",
            Self::Suspended => "suspended",
        }
    }

    /// Whether it was for somebody who is said to be a member, and came in as a guest.
    #[must_use]
    pub fn is_of_said_member(self) -> bool {
        matches!(self, Self::Unknown | Self::Ambiguous | Self::Suspended)
    }

    /// What such a word says.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vouch| vouch.as_str() == text)
    }
}

/// Why past events were redacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redaction {
    /// A member was erased.
    Erasure,
    /// They were older than visits are kept.
    Retention,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum What {
    /// A visit opened.
    CheckedIn { visit: VisitId, subject: Subject, reader: Option<ReaderName>, by: OpenedBy },
    /// A member already here tapped again.
    Seen { visit: VisitId, subject: Subject, reader: ReaderName },
    /// A visit closed. `ended`: when an assumed one is taken to have ended (closing time), which is not when it was noticed.
    CheckedOut { visit: VisitId, subject: Subject, by: ClosedBy, ended: Option<Timestamp> },
    /// *Annuler*.
    Reopened { visit: VisitId, subject: Subject },
    /// A press on an availability.
    AvailabilitySet { visit: VisitId, subject: Subject, availability: Availability },
    /// A card that is no badge. The digest is kept with the code, not here.
    UnknownTapped {
        code: Option<PairingCode>,
        reader: ReaderName,
        #[serde(skip, default = "no_card")]
        card: BadgeMac,
    },
    /// A tap was refused.
    TapRefused { reader: ReaderName, reason: Barred, badge: Option<i64> },
    /// *Entrer comme invité·e*: a guest's visit opened.
    GuestEntered { code: PairingCode, visit: VisitId },
    /// A member vouched for somebody without a badge, whose visit this is. A guest's name is kept in a table of its own, not here.
    Vouched {
        visit: VisitId,
        subject: Subject,
        by: MemberId,
        vouch: Vouch,
        #[serde(skip)]
        name: String,
    },
    /// The manager named the owner; the card has to be presented once more.
    EnrolmentAsked { code: PairingCode, member: MemberId },
    /// A card became a badge.
    BadgeEnrolled {
        code: PairingCode,
        member: MemberId,
        #[serde(skip, default = "no_card")]
        card: BadgeMac,
    },
    /// A badge proved for the first time that it is no copy, and has to from now on.
    BadgeProved {
        member: MemberId,
        #[serde(skip, default = "no_card")]
        card: BadgeMac,
    },
    /// That day's guest visit turned out to be the member's.
    GuestClaimed { visit: VisitId, member: MemberId },
    /// A pairing code's day is over.
    PairingExpired { code: PairingCode },
    /// The manager set a visit right.
    Visits(corrections::Change),
    /// A need was put up. Its words are kept in a table of their own, not here.
    NeedPosted {
        need: NeedId,
        author: Option<MemberId>,
        audience: Audience,
        #[serde(skip)]
        draft: Draft,
    },
    /// A need is no longer open.
    NeedClosed { need: NeedId, author: Option<MemberId>, audience: Audience, end: NeedEnd },
    /// *Je peux aider*.
    HelpOffered { need: NeedId, helper: MemberId },
    /// The author of a need has seen who offered to help.
    HelpTold { need: NeedId, helper: MemberId, to: MemberId },
    /// One side has seen that the two can meet.
    MatchTold { need: NeedId, helper: MemberId, side: Side, to: MemberId },
    /// More of a need's life.
    Need(needs::Change),
    /// Day passes.
    Ledger(ledger::Change),
    /// What was found out of place.
    Moderation(moderation::Change),
    /// Of two who are brought together.
    Introduction(introductions::Happened),
    /// Of a few words from one to another.
    Note(notes::Happened),
    /// Of two who are kept apart, or of somebody who wants quiet.
    Apart(apart::Happened),
    /// One who arrived has seen with whom they share an interest.
    Interest(InterestTold),
    /// A member proposed an event. Its words are kept in a table of their own, not here.
    EventProposed {
        event: EventId,
        author: MemberId,
        starts: Timestamp,
        firm_at: u32,
        #[serde(skip)]
        words: Words,
    },
    /// *J'en suis*, or not any more. `until`: when the event is over, as far as is known.
    EventAnswered { event: EventId, member: MemberId, going: bool, until: Timestamp },
    /// The coordination gave a proposed event another title, place or time. `until`: when it is over, as far as is known.
    EventEdited {
        event: EventId,
        starts: Timestamp,
        until: Timestamp,
        #[serde(skip)]
        words: Words,
    },
    /// So many go that it takes place.
    EventFirm { event: EventId },
    /// A proposed event, or who goes to one, is no more.
    EventEnded { event: EventId, end: EventEnd },
    /// A calendar was read: what stands in it replaces what stood in it before.
    CalendarRead {
        calendar: CalendarId,
        #[serde(skip)]
        read: Calendar,
    },
    /// The manager took a calendar away.
    CalendarForgotten { calendar: CalendarId },
    /// A line of the journal.
    Managed(Managed),
    /// So many events before this one name nobody any more.
    Redacted { why: Redaction, events: u64, visits: u64 },
    /// Everybody is asked to leave the building, or no longer.
    EvacuationSet { active: bool, by: Alarm },
    /// The wall clock is known from here on: earlier moments of this boot are dated by it.
    ClockKnown,
}

fn no_card() -> BadgeMac {
    BadgeMac { key_id: 0, mac: [0; 32] }
}

impl What {
    /// Who it is about, for the event's own column.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::CheckedIn { subject, .. }
            | Self::Seen { subject, .. }
            | Self::CheckedOut { subject, .. }
            | Self::Reopened { subject, .. }
            | Self::Vouched { subject, .. }
            | Self::AvailabilitySet { subject, .. } => Some(*subject),
            Self::Visits(change) => Some(change.subject()),
            Self::EnrolmentAsked { member, .. }
            | Self::BadgeEnrolled { member, .. }
            | Self::BadgeProved { member, .. }
            | Self::GuestClaimed { member, .. } => Some(Subject::Member(*member)),
            Self::NeedPosted { author, .. } | Self::NeedClosed { author, .. } => author.map(Subject::Member),
            Self::HelpTold { to, .. } | Self::MatchTold { to, .. } => Some(Subject::Member(*to)),
            Self::EventProposed { author, .. } => Some(Subject::Member(*author)),
            Self::EventAnswered { member, .. } => Some(Subject::Member(*member)),
            Self::EventFirm { .. } | Self::EventEdited { .. } => None,
            Self::EventEnded { .. } | Self::CalendarRead { .. } | Self::CalendarForgotten { .. } => None,
            Self::HelpOffered { helper, .. } => Some(Subject::Member(*helper)),
            Self::Need(change) => change.member().map(Subject::Member),
            Self::Ledger(change) => Some(Subject::Member(change.member())),
            Self::Moderation(change) => change.member().map(Subject::Member),
            Self::Introduction(happened) => happened.member().map(Subject::Member),
            Self::Note(happened) => happened.member().map(Subject::Member),
            Self::Apart(happened) => happened.member().map(Subject::Member),
            Self::Interest(told) => Some(Subject::Member(told.to)),
            Self::GuestEntered { visit, .. } => Some(Subject::Guest(GuestId(visit.0))),
            // erasing a member leaves the journal whole: what stands there is an id that leads nowhere any more
            Self::Managed(_) => None,
            Self::UnknownTapped { .. } | Self::TapRefused { .. } | Self::PairingExpired { .. } | Self::ClockKnown => None,
            Self::Redacted { .. } => None,
            Self::EvacuationSet { .. } => None,
        }
    }

    /// The word in the event's `kind` column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CheckedIn { .. } => "checked_in",
            Self::Seen { .. } => "seen",
            Self::CheckedOut { .. } => "checked_out",
            Self::Reopened { .. } => "reopened",
            Self::AvailabilitySet { .. } => "availability_set",
            Self::UnknownTapped { .. } => "unknown_tapped",
            Self::TapRefused { .. } => "tap_refused",
            Self::GuestEntered { .. } => "guest_entered",
            Self::Vouched { .. } => "vouched",
            Self::EnrolmentAsked { .. } => "enrolment_asked",
            Self::BadgeEnrolled { .. } => "badge_enrolled",
            Self::BadgeProved { .. } => "badge_proved",
            Self::GuestClaimed { .. } => "guest_claimed",
            Self::PairingExpired { .. } => "pairing_expired",
            Self::Visits(change) => change.kind(),
            Self::NeedPosted { .. } => "need_posted",
            Self::NeedClosed { .. } => "need_closed",
            Self::HelpOffered { .. } => "help_offered",
            Self::HelpTold { .. } => "help_told",
            Self::MatchTold { .. } => "match_told",
            Self::Need(change) => change.kind(),
            Self::Ledger(change) => change.kind(),
            Self::Moderation(change) => change.kind(),
            Self::Introduction(happened) => happened.kind(),
            Self::Note(happened) => happened.kind(),
            Self::Apart(happened) => happened.kind(),
            Self::Interest(_) => "interest_told",
            Self::EventProposed { .. } => "event_proposed",
            Self::EventAnswered { .. } => "event_answered",
            Self::EventEdited { .. } => "event_edited",
            Self::EventFirm { .. } => "event_firm",
            Self::EventEnded { .. } => "event_ended",
            Self::CalendarRead { .. } => "calendar_read",
            Self::CalendarForgotten { .. } => "calendar_forgotten",
            Self::Managed(_) => "managed",
            Self::Redacted { .. } => "redacted",
            Self::EvacuationSet { .. } => "evacuation_set",
            Self::ClockKnown => "clock_known",
        }
    }
}
