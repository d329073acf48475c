//! Members, badges and consents in memory. Pure: the store fills it, and it is filled again after each change.

use crate::key::BadgeMac;
use crate::tap::Card;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use voisins_shared::language::Language;
use voisins_shared::matching::normalize::folded;
use voisins_shared::member::{Field, MemberId, MemberNumber, Surface, first_name, short_names};
use voisins_shared::payload::{Contact, DirectoryMember, Greeted, TextSize, Weekday};

/// Whether a member may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// As usual.
    #[default]
    Active,
    /// Paused by the manager: looks like an unknown card.
    Suspended,
    /// No longer a member; kept for what they did here.
    Departed,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Member {
    pub id: MemberId,
    pub number: MemberNumber,
    pub name: String,
    pub title: Option<String>,
    pub pronouns: Option<String>,
    pub languages: Vec<String>,
    pub skills: Vec<String>,
    pub interests: Vec<String>,
    pub looking_for: Vec<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub table: Option<String>,
    pub screen_language: Option<Language>,
    pub text_size: TextSize,
    /// Only badges that prove themselves count for them.
    pub authentic_only: bool,
    pub standing: Standing,
    /// What they agreed to show, and where.
    pub consents: BTreeSet<(Field, Surface)>,
    /// Whether they ever said, here or on paper, what may be shown.
    pub asked: bool,
    /// The photo's hash (hexadecimal), if there is one; the picture itself stays in the store.
    pub photo: Option<Arc<str>>,
}

/// What may be done with a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BadgeState {
    Active,
    Lost,
    Retired,
    Suspended,
}

impl BadgeState {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Lost => "lost",
            Self::Retired => "retired",
            Self::Suspended => "suspended",
        }
    }

    /// The state of such a word.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Active, Self::Lost, Self::Retired, Self::Suspended].into_iter().find(|state| state.as_str() == text)
    }
}

/// A badge: a card by its digest, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Badge {
    /// Its number in the database, for the command line.
    pub id: i64,
    /// Whose.
    pub member: MemberId,
    /// Whether it opens a visit.
    pub state: BadgeState,
    /// It proved once that it is no copy, and has to ever after. Otherwise only its UID is known: good for presence, not for access.
    pub authentic: bool,
}

/// Who a card belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A badge that counts.
    Member(MemberId),
    /// A badge that doesn't: the screen can't tell it from an unknown card, the manager can.
    Barred(Badge, BadgeState),
    /// No badge yet.
    Nobody,
    /// A card that draws a new UID at each tap.
    Random,
}

/// Whom a name that was typed at a kiosk means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Called {
    Member(MemberId),
    /// A member whom the manager has paused.
    Suspended,
    /// More than one member has it.
    Several,
    Nobody,
}

/// A member that a person named can't be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// Nobody.
    #[error("no member {0:?}: give a number such as M-0142, an e-mail address or the full name")]
    Nobody(String),
    /// Several.
    #[error("several members are called {name:?}: {numbers}. Give the number")]
    Several {
        /// The name that was given.
        name: String,
        /// `M-0001, M-0007`.
        numbers: String,
    },
}

/// All members and badges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    members: BTreeMap<MemberId, Member>,
    badges: BTreeMap<BadgeMac, Badge>,
    /// What the lobby screen calls those who agreed to it: among all of them and not only those here, so that a name stays.
    lobby_names: BTreeMap<MemberId, String>,
    /// The same for those who agreed to be known to the house's automation.
    home_names: BTreeMap<MemberId, String>,
}

impl Directory {
    /// A directory of these.
    #[must_use]
    pub fn new(members: impl IntoIterator<Item = Member>, badges: impl IntoIterator<Item = (BadgeMac, Badge)>) -> Self {
        let members: BTreeMap<_, _> = members.into_iter().map(|m| (m.id, m)).collect();
        let short = |shown: &dyn Fn(&Member) -> bool| -> BTreeMap<MemberId, String> {
            let mut shown: Vec<&Member> = members.values().filter(|m| shown(m)).collect();
            shown.sort_by_key(|m| m.number);
            let names: Vec<&str> = shown.iter().map(|m| &*m.name).collect();
            shown.iter().map(|m| m.id).zip(short_names(&names)).collect()
        };
        let lobby_names = short(&|m| m.shows(Field::Name, Surface::Lobby));
        let home_names = short(&|m| m.standing == Standing::Active && m.shows(Field::Name, Surface::HomeAssistant));
        Self { lobby_names, home_names, members, badges: badges.into_iter().collect() }
    }

    /// The same with a member as they are from now on.
    #[must_use]
    pub fn with(&self, member: Member) -> Self {
        Self::new(self.members.values().cloned().chain([member]), self.badges.iter().map(|(mac, badge)| (*mac, *badge)))
    }

    /// A member.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.get(&id)
    }

    /// All members, in the order of their ids.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Badges of a member.
    pub fn badges_of(&self, member: MemberId) -> impl Iterator<Item = &Badge> {
        self.badges.values().filter(move |badge| badge.member == member)
    }

    /// Who has a badge that counts.
    #[must_use]
    pub fn with_badge(&self) -> BTreeSet<MemberId> {
        self.badges.values().filter(|badge| badge.state == BadgeState::Active).map(|badge| badge.member).collect()
    }

    /// The badge of a digest.
    #[must_use]
    pub fn badge(&self, mac: &BadgeMac) -> Option<&Badge> {
        self.badges.get(mac)
    }

    /// The badge that a card says to be, by one of its digests.
    #[must_use]
    pub fn badge_of(&self, macs: &[BadgeMac]) -> Option<(BadgeMac, Badge)> {
        macs.iter().find_map(|mac| Some((*mac, *self.badges.get(mac)?)))
    }

    /// Who a card belongs to, going by its UID.
    #[must_use]
    pub fn whose(&self, card: &Card) -> Whose {
        let Card::Known(macs, _) = card else { return Whose::Random };
        let Some((_, badge)) = self.badge_of(macs) else { return Whose::Nobody };
        let standing = self.members.get(&badge.member).map_or(Standing::Suspended, |m| m.standing);
        match (badge.state, standing) {
            (BadgeState::Active, Standing::Active) => Whose::Member(badge.member),
            (BadgeState::Active, Standing::Suspended | Standing::Departed) => Whose::Barred(badge, BadgeState::Suspended),
            (state, _) => Whose::Barred(badge, state),
        }
    }

    /// Whether a member agreed to show a field on a surface. Without the name nothing is shown.
    #[must_use]
    pub fn shows(&self, id: MemberId, field: Field, surface: Surface) -> bool {
        self.members.get(&id).is_some_and(|member| member.shows(field, surface))
    }

    /// Whether somebody is a neighbour to others: shown by name on kiosks, and not paused.
    #[must_use]
    pub fn is_neighbour(&self, id: MemberId) -> bool {
        let shown = |member: &&Member| member.standing == Standing::Active && member.shows(Field::Name, Surface::Kiosk);
        self.members.get(&id).filter(shown).is_some()
    }

    /// A neighbour as what waits for another names them.
    #[must_use]
    pub fn neighbour(&self, id: MemberId) -> Option<Greeted> {
        self.greeted(id).filter(|_| self.is_neighbour(id))
    }

    /// The name a greeting uses: the first name, told apart from others who show theirs; `None` for a member who is not shown.
    #[must_use]
    pub fn greeting_name(&self, id: MemberId) -> Option<String> {
        let member = self.members.get(&id).filter(|member| member.shows(Field::Name, Surface::Kiosk))?;
        let first = first_name(&member.name);
        let namesakes = || {
            self.members
                .values()
                .filter(|other| other.id != id && other.shows(Field::Name, Surface::Kiosk))
                .map(|other| &*other.name)
        };
        if !namesakes().any(|name| first_name(name) == first) {
            return Some(first.to_owned());
        }
        let short = voisins_shared::member::first_name_and_initial(&member.name);
        let told_apart = !namesakes().any(|name| voisins_shared::member::first_name_and_initial(name) == short);
        Some(if told_apart { short } else { member.name.clone() })
    }

    /// A member as greetings and answers name them; `None` for one who is not shown.
    #[must_use]
    pub fn greeted(&self, member: MemberId) -> Option<Greeted> {
        self.greeting_name(member).map(|first_name| Greeted { member, first_name })
    }

    /// First name and initial of a member, as the lobby screen tells them apart; `None` for one who has not agreed to be there.
    #[must_use]
    pub fn lobby_name(&self, id: MemberId) -> Option<&str> {
        self.lobby_names.get(&id).map(String::as_str)
    }

    /// First name and initial of a member, as Home Assistant tells them apart; `None` for one who has not agreed to be known there.
    #[must_use]
    pub fn home_name(&self, id: MemberId) -> Option<&str> {
        self.home_names.get(&id).map(String::as_str)
    }

    /// Those who agreed to be known to Home Assistant.
    pub fn home_names(&self) -> impl Iterator<Item = MemberId> {
        self.home_names.keys().copied()
    }

    /// Whom a name or a number means, whatever its case, accents and spaces. Hidden members are found too: who asks isn't told.
    #[must_use]
    pub fn called(&self, text: &str) -> Called {
        let (name, number) = (folded(text), MemberNumber::parse(text.trim()));
        let mut found = self.members.values().filter(|m| number == Some(m.number) || folded(&m.name) == name);
        match (found.next(), found.next()) {
            (None, _) => Called::Nobody,
            (Some(_), Some(_)) => Called::Several,
            (Some(member), None) if member.standing != Standing::Active => Called::Suspended,
            (Some(member), None) => Called::Member(member.id),
        }
    }

    /// Finds a member by id, number, e-mail or a name that is unique.
    ///
    /// # Errors
    /// [`FindError`] that lists the numbers where a name is shared.
    pub fn find(&self, text: &str) -> Result<MemberId, FindError> {
        let text = text.trim();
        if let Some(member) = text.parse().ok().and_then(|id| self.members.get(&MemberId(id))) {
            return Ok(member.id);
        }
        if let Some(number) = MemberNumber::parse(text)
            && let Some(member) = self.members.values().find(|m| m.number == number)
        {
            return Ok(member.id);
        }
        let by_email = |m: &&Member| m.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(text));
        if let Some(member) = self.members.values().find(by_email) {
            return Ok(member.id);
        }
        let lower = text.to_lowercase();
        let mut named: Vec<&Member> = self.members.values().filter(|m| m.name.to_lowercase() == lower).collect();
        named.sort_by_key(|m| m.number);
        match named.as_slice() {
            [] => Err(FindError::Nobody(text.to_owned())),
            [only] => Ok(only.id),
            several => {
                let numbers = several.iter().map(|m| m.number.to_string()).collect::<Vec<_>>().join(", ");
                Err(FindError::Several { name: text.to_owned(), numbers })
            }
        }
    }
}

impl Member {
    /// Whether they agreed to show a field on a surface; without the name, nothing. Who is paused or has left is shown nowhere.
    #[must_use]
    pub fn shows(&self, field: Field, surface: Surface) -> bool {
        self.standing == Standing::Active
            && self.consents.contains(&(Field::Name, surface))
            && self.consents.contains(&(field, surface))
    }

    /// The member as they agreed to be shown on kiosks; `None` if they are not. Their usual days are known from their visits.
    #[must_use]
    pub fn shown(&self, usual_days: &[Weekday]) -> Option<DirectoryMember> {
        let shows = |field| self.shows(field, Surface::Kiosk);
        if !shows(Field::Name) {
            return None;
        }
        let list = |field, values: &[String]| if shows(field) { values.to_vec() } else { Vec::new() };
        let text = |field, value: &Option<String>| value.clone().filter(|_| shows(field));
        let contact = shows(Field::Contact)
            .then(|| Contact { email: self.email.clone(), phone: self.phone.clone(), website: self.website.clone() })
            .filter(|contact| *contact != Contact::default());
        Some(DirectoryMember {
            id: self.id,
            name: self.name.clone(),
            title: text(Field::Title, &self.title),
            pronouns: text(Field::Pronouns, &self.pronouns),
            languages: list(Field::Languages, &self.languages),
            skills: list(Field::Skills, &self.skills),
            interests: list(Field::Interests, &self.interests),
            looking_for: list(Field::LookingFor, &self.looking_for),
            table: text(Field::Table, &self.table),
            usual_days: if shows(Field::UsualDays) { usual_days.to_vec() } else { Vec::new() },
            contact,
            photo: self.photo.as_ref().filter(|_| shows(Field::Photo)).map(|hash| hash.to_string()),
            lobby: self.shows(Field::Name, Surface::Lobby),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use uuid::Uuid;

    pub(crate) fn member(n: u32, name: &str, fields: &[Field]) -> Member {
        Member {
            id: MemberId(Uuid::from_u128(u128::from(n))),
            number: MemberNumber(n),
            name: name.into(),
            title: Some("Comptabilité".into()),
            pronouns: None,
            languages: vec!["fr".into()],
            skills: vec!["Impôts".into()],
            interests: vec![],
            looking_for: vec![],
            email: Some(format!("m{n}@example.org")),
            phone: None,
            website: None,
            table: None,
            screen_language: None,
            text_size: TextSize::default(),
            authentic_only: false,
            standing: Standing::Active,
            consents: fields.iter().map(|f| (*f, Surface::Kiosk)).collect(),
            asked: !fields.is_empty(),
            photo: Some("ab".into()),
        }
    }

    #[test]
    fn a_new_member_is_shown_nowhere_and_without_the_name_nothing_else_is() {
        assert_eq!(member(1, "Anne Tremblay", &[]).shown(&[]), None);
        assert_eq!(member(1, "Anne Tremblay", &[Field::Skills, Field::Photo]).shown(&[]), None);
        let shown = member(1, "Anne Tremblay", &[Field::Name, Field::Skills]).shown(&[]).unwrap();
        assert_eq!((shown.skills.len(), shown.title, shown.photo, shown.contact, shown.lobby), (1, None, None, None, false));
    }

    #[test]
    fn people_who_share_a_first_name_are_told_apart() {
        let name = [Field::Name];
        let directory = Directory::new(
            [
                member(1, "Anne Tremblay", &name),
                member(2, "Anne Roy", &name),
                member(3, "Anne Ricard", &name),
                member(4, "Zoé Ng", &name),
                member(5, "Zoé Hidden", &[]),
            ],
            [],
        );
        let names: Vec<_> = (1..=5).map(|n| directory.greeting_name(MemberId(Uuid::from_u128(n)))).collect();
        let expected = [Some("Anne T."), Some("Anne Roy"), Some("Anne Ricard"), Some("Zoé"), None];
        assert_eq!(names, expected.map(|n| n.map(str::to_owned)));
    }

    #[test]
    fn a_member_is_found_by_id_number_email_or_a_unique_name() {
        let directory = Directory::new([member(1, "Anne Roy", &[]), member(2, "Anne Roy", &[]), member(3, "Zoé Ng", &[])], []);
        let zoe = MemberId(Uuid::from_u128(3));
        for text in ["M-0003", "m3@EXAMPLE.org", "zoé ng", " Zoé Ng ", &zoe.to_string()] {
            assert_eq!(directory.find(text), Ok(zoe), "{text}");
        }
        assert_eq!(
            directory.find("Anne Roy").unwrap_err().to_string(),
            "several members are called \"Anne Roy\": M-0001, M-0002. Give the number"
        );
        assert!(directory.find("Nobody").is_err());
    }

    #[test]
    fn a_lost_badge_and_a_suspended_member_are_barred() {
        let card = |n| Card::Known(vec![BadgeMac { key_id: 1, mac: [n; 32] }], crate::authentic::Proof::Uid);
        let mac = |n| BadgeMac { key_id: 1, mac: [n; 32] };
        let mut paused = member(2, "B", &[]);
        paused.standing = Standing::Suspended;
        let (one, two) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        let badge = |id, member, state| Badge { id, member, state, authentic: false };
        let directory = Directory::new(
            [member(1, "A", &[]), paused],
            [
                (mac(1), badge(1, one, BadgeState::Active)),
                (mac(2), badge(2, one, BadgeState::Lost)),
                (mac(3), badge(3, two, BadgeState::Active)),
            ],
        );
        assert_eq!(directory.whose(&card(1)), Whose::Member(one));
        assert!(matches!(directory.whose(&card(2)), Whose::Barred(_, BadgeState::Lost)));
        assert!(matches!(directory.whose(&card(3)), Whose::Barred(_, BadgeState::Suspended)));
        assert_eq!(directory.whose(&card(9)), Whose::Nobody);
        assert_eq!(directory.whose(&Card::Random), Whose::Random);
    }
}
