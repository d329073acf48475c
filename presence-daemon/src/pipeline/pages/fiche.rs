//! *Ma fiche* on a phone: what its page shows, and what a member changes there. A withdrawal leaves all topics at once. And a badge that
//! somebody holds to their phone.

use super::super::Pipeline;
use crate::authentic::sun::{Message, Verdict};
use crate::clock::Now;
use crate::directory::{Directory, Member};
use crate::house::{ChangeError, CommandError, Written};
use crate::presence::Input;
use crate::profile;
use crate::profile::own::OwnChange;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::{Field, MemberId, Surface};
use voisins_shared::payload::{DirectoryMember, Grant, Phone, ProfileField, TextSize};
use voisins_shared::visit::Availability;

/// What a phone asks.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// Uses a link up.
    Open {
        link: String,
    },
    /// The page.
    Show {
        member: MemberId,
    },
    Change {
        member: MemberId,
        change: OwnChange,
    },
    /// A photo, drawn anew.
    Photo {
        member: MemberId,
        jpeg: Vec<u8>,
    },
    RemovePhoto {
        member: MemberId,
    },
    Mail {
        member: MemberId,
        agreed: bool,
    },
    Availability {
        member: MemberId,
        availability: Availability,
    },
    Leave {
        member: MemberId,
    },
    /// The photo that is kept.
    Picture {
        member: MemberId,
    },
    /// The record as a CSV.
    Csv {
        member: MemberId,
    },
    /// What a badge said to a phone.
    Badge {
        message: Message,
    },
}

/// A link is told to nobody.
impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fiche(…)")
    }
}

/// What a phone is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    /// Whose link it was; none if it works no more.
    Opened(Option<MemberId>),
    /// None for who is a member no more, or is paused.
    Fiche(Option<Box<Fiche>>),
    Done,
    /// Why nothing was changed.
    Not(NotDone),
    Picture(Option<Vec<u8>>),
    Csv(String),
    Badge(Verdict),
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum NotDone {
    BadWords,
    NotHere,
    NotRecorded,
}

/// A member's record as they see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Fiche {
    pub member: MemberId,
    /// `M-0142`.
    pub number: String,
    pub name: String,
    /// What neighbours see at the kiosk; none while the name is not shown.
    pub card: Option<DirectoryMember>,
    /// Every field and what stands in it.
    pub fields: Vec<ProfileField>,
    pub skills: Vec<String>,
    pub interests: Vec<String>,
    pub looking_for: Vec<String>,
    /// The hash of the photo.
    pub photo: Option<String>,
    /// Of their screens, if they chose one.
    pub language: Option<Language>,
    pub text_size: TextSize,
    /// While they are here.
    pub availability: Option<Availability>,
    /// Whether they want to be written to; none where the house writes no mail.
    pub mail: Option<bool>,
    pub email: Option<String>,
}

impl Fiche {
    /// Whether a field is agreed to on a surface.
    #[must_use]
    pub fn agrees(&self, field: Field, surface: Surface) -> bool {
        self.fields.iter().any(|of| of.field == field && of.shown_on.contains(&surface))
    }
}

impl Ask {
    /// Whose record it would change.
    fn changes(&self) -> Option<MemberId> {
        match self {
            Self::Open { .. } | Self::Show { .. } | Self::Picture { .. } | Self::Csv { .. } | Self::Badge { .. } => None,
            Self::Change { member, .. }
            | Self::Photo { member, .. }
            | Self::RemovePhoto { member }
            | Self::Mail { member, .. }
            | Self::Availability { member, .. }
            | Self::Leave { member } => Some(*member),
        }
    }
}

impl Pipeline {
    /// A link for the phone of who has just opened their record at a kiosk; none where phones can't reach the pages.
    pub(in crate::pipeline) fn phone(&mut self, member: MemberId, now: &Now) -> Option<Phone> {
        let origin = self.house.config().web.fiche.clone()?;
        let mut chance = [0; 16];
        getrandom::fill(&mut chance).ok()?;
        let link = URL_SAFE_NO_PAD.encode(chance);
        self.phones.give(member, &link, now.since_boot);
        let expires_in_ms = u64::try_from(crate::phone::LINK_LASTS.as_millis()).unwrap_or(u64::MAX);
        Some(Phone { link: format!("{origin}/f/{link}"), expires_in_ms })
    }

    pub(super) fn fiche_page(&mut self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        // who was paused or has left meanwhile changes nothing any more
        if ask.changes().is_some_and(|member| self.own(member).is_none()) {
            return Ok(Reply::Not(NotDone::NotRecorded));
        }
        Ok(match ask {
            Ask::Open { link } => {
                Reply::Opened(self.phones.take(&link, now.since_boot).filter(|member| self.own(*member).is_some()))
            }
            Ask::Show { member } => Reply::Fiche(self.own_fiche(member)?.map(Box::new)),
            Ask::Picture { member } => Reply::Picture(self.house.photo(member)?),
            Ask::Csv { member } => {
                let mut consents = self.house.store().consents()?;
                consents.retain(|of, _| *of == member);
                let alone = Directory::new(self.own(member).cloned(), []);
                Reply::Csv(crate::members::export(&alone, &consents))
            }
            Ask::Change { member, change } => match self.house.change_own(member, &change, now) {
                Ok(written) => self.changed(&written, now),
                Err(ChangeError::Profile(_)) => Reply::Not(NotDone::BadWords),
                Err(ChangeError::Store(error)) => return Err(error.into()),
            },
            Ask::Photo { member, jpeg } => {
                let written = self.house.keep_photo(member, Some(&jpeg))?;
                self.changed(&written, now)
            }
            Ask::RemovePhoto { member } => {
                let written = self.house.keep_photo(member, None)?;
                self.changed(&written, now)
            }
            Ask::Mail { member, agreed } => {
                self.house.agree_to_mail(member, agreed, now)?;
                Reply::Done
            }
            Ask::Availability { member, availability } => {
                self.of_visit(member, |visit| Input::SetAvailability(visit, availability), now)
            }
            Ask::Leave { member } => self.of_visit(member, Input::Leave, now),
            Ask::Badge { message } => Reply::Badge(self.house.said_to_phone(&message)?),
        })
    }

    /// A member who may change something of their own.
    fn own(&self, member: MemberId) -> Option<&Member> {
        self.house.directory().member(member).filter(|member| member.standing == crate::directory::Standing::Active)
    }

    fn own_fiche(&self, member: MemberId) -> Result<Option<Fiche>, CommandError> {
        let Some(known) = self.own(member) else { return Ok(None) };
        let usual = self.house.usual_days().get(&member).map(Vec::as_slice).unwrap_or_default();
        let writes = self.house.config().mail.is_on();
        let seen = profile::profile(known, Availability::Here, Grant { token: Uuid::nil(), expires_in_ms: 0 });
        Ok(Some(Fiche {
            member,
            number: known.number.to_string(),
            name: known.name.clone(),
            card: known.shown(usual),
            fields: seen.fields,
            skills: known.skills.clone(),
            interests: known.interests.clone(),
            looking_for: known.looking_for.clone(),
            photo: known.photo.as_ref().map(|hash| hash.to_string()),
            language: known.screen_language,
            text_size: known.text_size,
            availability: self.house.presence().visit_of(member).map(|visit| visit.availability),
            mail: if writes { Some(self.house.store().agrees_to_mail(member)?) } else { None },
            email: known.email.clone(),
        }))
    }

    fn changed(&mut self, written: &Written, now: &Now) -> Reply {
        self.publish(&written.dirty, Some(written.recorded.mark), now);
        Reply::Done
    }

    fn of_visit(&mut self, member: MemberId, input: impl FnOnce(crate::presence::VisitId) -> Input, now: &Now) -> Reply {
        let Some(visit) = self.house.presence().visit_of(member).map(|visit| visit.id) else { return Reply::Not(NotDone::NotHere) };
        let decision = self.house.decide(&input(visit), now);
        match self.settle(decision, now, None) {
            Ok(_) => Reply::Done,
            Err(_) => Reply::Not(NotDone::NotRecorded),
        }
    }
}
