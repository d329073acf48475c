//! The buttons of *Pour vous*: which stand on what, and what each asks of the daemon.

use uuid::Uuid;
use voisins_shared::introduction::Led;
use voisins_shared::payload::{Args, ForYou, ForYouReply};

/// A button of one thing that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// *Je peux aider*.
    Help,
    /// *Pas cette fois*, on a match.
    NotThisTime,
    /// *D'accord*.
    Accept,
    /// *Pas cette fois*, on an introduction.
    Decline,
    /// *Ne plus me proposer cette personne*.
    Avoid,
    /// What an introduction led to.
    Led(Led),
    /// *Merci*.
    Thank,
    /// *Signaler*.
    Report,
    /// *Plus de mots de cette personne*.
    NoMoreNotes,
    /// *Oui, encore*.
    Renew,
    /// *C'est trouvé*.
    Found,
    /// *Retirer*.
    TakeDown,
}

impl Button {
    /// Those that stand on something as long as only `done` were pressed.
    #[must_use]
    pub fn of(what: &ForYou, done: &[Self]) -> Vec<Self> {
        let fresh = |buttons: &[Self]| if done.is_empty() { buttons.to_vec() } else { vec![] };
        match what {
            ForYou::CanHelp { .. } => fresh(&[Self::Help, Self::NotThisTime]),
            ForYou::CanBeHelped { .. } => fresh(&[Self::NotThisTime]),
            ForYou::Proposed { other: Some(_), .. } => fresh(&[Self::Accept, Self::Decline, Self::Avoid]),
            ForYou::Proposed { other: None, .. } => fresh(&[Self::Accept, Self::Decline]),
            ForYou::LedSomewhere { can_thank: true, .. } if matches!(done, [Self::Led(_)]) => vec![Self::Thank],
            ForYou::LedSomewhere { .. } => fresh(&Led::ALL.map(Self::Led)),
            ForYou::Note { .. } => [Self::Report, Self::NoMoreNotes].into_iter().filter(|button| !done.contains(button)).collect(),
            ForYou::StillOpen { .. } => fresh(&[Self::Renew, Self::Found, Self::TakeDown]),
            _ => vec![],
        }
    }

    /// What a press on it asks for; none where it doesn't stand.
    pub(super) fn args(self, what: &ForYou, grant: Uuid) -> Option<Args> {
        let reply = match (self, what) {
            (Self::Help, ForYou::CanHelp { need, .. }) => return Some(Args::Help { grant, need: *need }),
            (Self::NotThisTime, ForYou::CanHelp { need, .. }) => ForYouReply::NotThisTime { need: *need, helper: None },
            (Self::NotThisTime, ForYou::CanBeHelped { need, helper, .. }) => {
                ForYouReply::NotThisTime { need: *need, helper: Some(helper.member) }
            }
            (Self::Accept | Self::Decline, ForYou::Proposed { introduction, .. }) => {
                ForYouReply::Introduction { introduction: *introduction, accepted: self == Self::Accept }
            }
            (Self::Avoid, ForYou::Proposed { other: Some(other), .. }) => ForYouReply::Avoid { member: other.member },
            (Self::Led(led), ForYou::LedSomewhere { introduction, .. }) => ForYouReply::Led { introduction: *introduction, led },
            (Self::Thank, ForYou::LedSomewhere { introduction, .. }) => ForYouReply::Thank { introduction: *introduction },
            (Self::Report, ForYou::Note { note, .. }) => ForYouReply::ReportNote { note: *note },
            (Self::NoMoreNotes, ForYou::Note { note, .. }) => ForYouReply::NoMoreNotes { note: *note },
            (Self::Renew, ForYou::StillOpen { need, .. }) => ForYouReply::Renew { need: *need },
            (Self::Found | Self::TakeDown, ForYou::StillOpen { need, .. }) => {
                ForYouReply::Close { need: *need, met: self == Self::Found }
            }
            _ => return None,
        };
        Some(Args::Reply { grant, reply })
    }
}

/// Whether *Ne rien me proposer pendant une semaine* is about such things.
#[must_use]
pub fn can_be_snoozed(what: &ForYou) -> bool {
    matches!(what, ForYou::CanHelp { .. } | ForYou::CanBeHelped { .. } | ForYou::Interest { .. } | ForYou::Proposed { .. })
}
