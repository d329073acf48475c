//! What some of the people look for.

use super::{PEOPLE, member_id};
use crate::member::first_name_and_initial;
use crate::need::{Audience, NeedId};
use crate::payload::{LobbyNeed, PublishedNeed};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A need of somebody invented, or of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoNeed {
    /// In the author's words.
    pub text: &'static str,
    /// Skills named with it.
    pub skills: &'static [&'static str],
    /// Who of [`super::PEOPLE`] looks for it; none for the space.
    pub author: Option<usize>,
    /// Who may read it.
    pub audience: Audience,
    /// Day passes that the space gives in return.
    pub passes: Option<u32>,
    /// How long ago it was put up.
    pub hours_ago: i64,
}

/// The latest first. One of them is on no board.
pub const NEEDS: &[DemoNeed] = &[
    DemoNeed {
        text: "Quelqu’un connaît les subventions pour un court métrage?",
        skills: &["Demandes de subvention", "Cinéma"],
        author: Some(5),
        audience: Audience::Named,
        passes: None,
        hours_ago: 1,
    },
    DemoNeed {
        text: "Photos de la salle pour le 5 à 7 de novembre",
        skills: &["Photographie"],
        author: None,
        audience: Audience::Named,
        passes: Some(5),
        hours_ago: 20,
    },
    DemoNeed {
        text: "Un comptable pour comprendre mes acomptes provisionnels, une heure",
        skills: &["Comptabilité"],
        author: Some(11),
        audience: Audience::Unnamed,
        passes: None,
        hours_ago: 50,
    },
    DemoNeed {
        text: "Parler à quelqu’un de mon épuisement professionnel",
        skills: &[],
        author: Some(9),
        audience: Audience::Coordination,
        passes: None,
        hours_ago: 60,
    },
    DemoNeed {
        text: "Relire un contrat en italien, une heure",
        skills: &["Italien", "Contrats"],
        author: Some(10),
        audience: Audience::Named,
        passes: None,
        hours_ago: 72,
    },
];

/// What of it is on the board, seen at `now`.
#[must_use]
pub fn needs(now: Timestamp) -> Vec<PublishedNeed> {
    let published = |(n, need): (usize, &DemoNeed)| PublishedNeed {
        id: need_id(n),
        text: need.text.to_owned(),
        skills: need.skills.iter().map(|&skill| skill.to_owned()).collect(),
        author: need.author.filter(|_| need.audience == Audience::Named).map(member_id),
        space: need.author.is_none(),
        passes: need.passes,
        posted: Some(now - SignedDuration::from_hours(need.hours_ago)),
    };
    NEEDS.iter().enumerate().filter(|(_, need)| need.audience != Audience::Coordination).map(published).collect()
}

/// What of it a lobby screen shows: what was put up with a name, and what the space looks for.
#[must_use]
pub fn lobby_needs() -> Vec<LobbyNeed> {
    let named = NEEDS.iter().filter(|need| need.audience == Audience::Named);
    let name = |need: &DemoNeed| need.author.map(|author| first_name_and_initial(PEOPLE[author].name));
    named.map(|need| LobbyNeed { name: name(need), text: need.text.to_owned() }).collect()
}

/// The id of the `n`th of [`NEEDS`].
#[must_use]
pub fn need_id(n: usize) -> NeedId {
    NeedId(Uuid::from_u128(0x0064_656d_6f00_4000_a000_0000_0000_0000 + n as u128))
}
