//! One member: all that the manager may know of them, in one answer.

pub use crate::pipeline::arming::Stage;

use crate::clock::Now;
use crate::directory::{Member, Standing};
use crate::house::CommandError;
use crate::person::Fields;
use crate::pipeline::Pipeline;
use crate::store::{BadgeRow, ConsentState, GivenBy};
use serde::{Deserialize, Serialize};
use voisins_shared::language::Language;
use voisins_shared::member::{Field, MemberId, Surface, initials};
use voisins_shared::need::NeedId;

/// So many people to meet are proposed to somebody new.
const TO_MEET: usize = 2;

/// A member's page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Card {
    pub id: MemberId,
    pub number: String,
    pub initials: String,
    pub fields: Fields,
    /// What each skill was understood as: the concepts' names.
    pub understood: Vec<(String, Vec<String>)>,
    pub has_photo: bool,
    /// Its hash, so that a browser knows when it is another one.
    pub photo: String,
    /// Whether the photo is on kiosks.
    pub shows_photo: bool,
    pub here: bool,
    pub suspended: bool,
    pub departed: bool,
    pub shown: bool,
    pub consents: Vec<Said>,
    /// Fields they were never asked about, for kiosks.
    pub unasked: Vec<Field>,
    pub badges: Vec<BadgeRow>,
    /// A badge that counts.
    pub has_badge: bool,
    /// Only badges that can't be copied count.
    pub authentic_only: bool,
    pub needs: Vec<(NeedId, String)>,
    pub balance: i64,
    pub on_passes: bool,
    pub readers: Vec<String>,
    /// The reader that waits for their card, how that stands, and for how many seconds yet.
    pub armed: Option<(String, Stage, u64)>,
    /// Codes of cards that wait for their owner.
    pub codes: Vec<String>,
    pub to_meet: Vec<Meet>,
}

/// What was said of showing a field.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Said {
    pub field: Field,
    pub surface: Surface,
    /// `invited`, `granted` or `withdrawn`.
    pub state: String,
    /// `member`, `manager` or `import`.
    pub by: String,
    pub on: String,
    pub source: Option<String>,
}

/// Somebody to meet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Meet {
    pub number: String,
    pub name: String,
    pub why: Vec<String>,
    pub here: bool,
    /// It is proposed already.
    pub proposed: bool,
}

impl Pipeline {
    pub(super) fn card(&self, member: MemberId, language: Language, now: &Now) -> Result<Option<Card>, CommandError> {
        let Some(known) = self.house.directory().member(member) else { return Ok(None) };
        let consents: Vec<Said> = self.house.store().consents_of(member)?.into_iter().map(said).collect();
        let asked = |field: &Field| consents.iter().any(|said| said.field == *field && said.surface == Surface::Kiosk);
        let badges = self.house.store().badge_rows(member)?;
        let ledger = self.house.community().ledger();
        let account = ledger.account(member);
        let armed = self.armed_for(member, now);
        Ok(Some(Card {
            id: member,
            number: known.number.to_string(),
            initials: initials(&known.name),
            fields: Fields::of(known),
            understood: self.understood(known, language),
            has_photo: known.photo.is_some(),
            photo: known.photo.as_deref().unwrap_or_default().to_owned(),
            shows_photo: known.shows(Field::Photo, Surface::Kiosk),
            here: self.house.presence().visit_of(member).is_some(),
            suspended: known.standing == Standing::Suspended,
            departed: known.standing == Standing::Departed,
            shown: known.shows(Field::Name, Surface::Kiosk),
            unasked: Field::ALL.into_iter().filter(|field| !asked(field)).collect(),
            consents,
            has_badge: badges.iter().any(|badge| badge.state == "active"),
            badges,
            authentic_only: known.authentic_only,
            needs: self.house.community().of(Some(member)).map(|need| (need.id, need.draft.text.clone())).collect(),
            balance: account.map_or(0, |account| account.balance()),
            on_passes: account.is_some_and(|account| account.on_passes()),
            readers: self.house.config().readers.iter().map(|reader| reader.name.to_string()).collect(),
            armed: armed.map(|(reader, stage, left)| (reader.to_string(), stage, left)),
            codes: self.codes().into_iter().filter(|code| code.awaits.is_none()).map(|code| code.code).collect(),
            to_meet: self.to_meet(member, language, now),
        }))
    }

    fn understood(&self, member: &Member, language: Language) -> Vec<(String, Vec<String>)> {
        let concepts = self.house.concepts();
        let named = |skill: &String| {
            let mut found = concepts.named(skill, language);
            if found.is_empty() {
                found = Language::ALL.into_iter().flat_map(|language| concepts.named(skill, language)).collect();
            }
            (skill.clone(), found.into_iter().map(|id| concepts.label(id, language).to_owned()).collect())
        };
        member.skills.iter().map(named).collect()
    }

    fn to_meet(&self, member: MemberId, language: Language, now: &Now) -> Vec<Meet> {
        let introductions = self.house.community().introductions();
        let line = |found: crate::neighbours::ToMeet| {
            let neighbour = self.house.directory().member(found.neighbour)?;
            let party = crate::community::introductions::Party::Member(found.neighbour);
            Some(Meet {
                number: neighbour.number.to_string(),
                name: neighbour.name.clone(),
                why: found.why.iter().take(3).map(|why| why.text(self.house.concepts(), language).to_owned()).collect(),
                here: found.here,
                proposed: introductions.standing(member, party).1,
            })
        };
        self.house.first_to_meet(member, now, TO_MEET).into_iter().filter_map(line).collect()
    }
}

fn said(consent: crate::store::Consent) -> Said {
    let state = match consent.state {
        ConsentState::Invited => "invited",
        ConsentState::Granted => "granted",
        ConsentState::Withdrawn => "withdrawn",
    };
    let by = match consent.by {
        GivenBy::Member => "member",
        GivenBy::Manager => "manager",
        GivenBy::Import => "import",
    };
    let on = consent.on.get(..10).unwrap_or(&consent.on).to_owned();
    Said { field: consent.field, surface: consent.surface, state: state.to_owned(), by: by.to_owned(), on, source: consent.source }
}
