//! Why a badge did nothing, as far as the screen says it: each has a sentence of its own.

use voisins_shared::payload::refusal;

/// Why nothing was done. A reader, a disk or a session that stands in the way is a [step](super::SignStep) instead: it can be tried
/// again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A need's text or its skills are not taken.
    BadNeed,
    /// They have three needs.
    TooManyNeeds,
    /// The need is closed.
    NeedGone,
    /// It is somebody else's.
    NotYours,
    /// It is their own.
    YourOwn,
    /// A note's text is not taken.
    BadNote,
    /// They left as many notes today as one may.
    TooManyNotes,
    /// Who it is about is not shown any more.
    NoSuchMember,
    /// They aren't shown themselves.
    NotShown,
    /// It is about themselves.
    Yourself,
    /// They wait for as many introductions as one may.
    TooManyIntroductions,
    /// It was done before.
    Already,
    /// The introduction is over.
    IntroductionOver,
    /// What they put up is paused.
    Paused,
    /// An event's title, day or number is not taken.
    BadEvent,
    /// They have as many events in incubation as one may.
    TooManyEvents,
    /// The event is over, or called off.
    EventOver,
    /// A name is not taken.
    BadName,
    /// They vouched for as many people today as one may.
    TooManyGuests,
    /// Skills are not taken.
    BadSkills,
    /// This badge can't.
    NotAllowed,
    /// The daemon is of an earlier version.
    NotYet,
}

impl Why {
    /// All of them, with the word of each on the wire.
    pub const ALL: [(&'static str, Self); 22] = [
        (refusal::BAD_NEED, Self::BadNeed),
        (refusal::TOO_MANY_NEEDS, Self::TooManyNeeds),
        (refusal::NO_SUCH_NEED, Self::NeedGone),
        (refusal::NOT_YOURS, Self::NotYours),
        (refusal::YOUR_OWN, Self::YourOwn),
        (refusal::BAD_NOTE, Self::BadNote),
        (refusal::TOO_MANY_NOTES, Self::TooManyNotes),
        (refusal::NO_SUCH_MEMBER, Self::NoSuchMember),
        (refusal::NOT_SHOWN, Self::NotShown),
        (refusal::YOURSELF, Self::Yourself),
        (refusal::TOO_MANY_INTRODUCTIONS, Self::TooManyIntroductions),
        (refusal::ALREADY, Self::Already),
        (refusal::NO_SUCH_INTRODUCTION, Self::IntroductionOver),
        (refusal::PAUSED, Self::Paused),
        (refusal::BAD_EVENT, Self::BadEvent),
        (refusal::TOO_MANY_EVENTS, Self::TooManyEvents),
        (refusal::NO_SUCH_EVENT, Self::EventOver),
        (refusal::BAD_NAME, Self::BadName),
        (refusal::TOO_MANY_GUESTS, Self::TooManyGuests),
        (refusal::BAD_SKILLS, Self::BadSkills),
        (refusal::NOT_ALLOWED, Self::NotAllowed),
        (refusal::UNKNOWN_ACTION, Self::NotYet),
    ];

    /// What such a word says; none for one that a later version adds.
    #[must_use]
    pub fn of(reason: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(word, why)| (word == reason).then_some(why))
    }
}
