//! Who a badge belongs to: ids, the short number, short forms of a name, and consent by field and surface.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

/// A member, for programs: a random UUID (version 4). It says nothing of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub Uuid);

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A member, for people: a short stable number, written `M-0142`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberNumber(pub u32);

impl MemberNumber {
    /// Reads `M-0142` (or `m-142`); a bare number is no member number, it could be anything.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("M-").or_else(|| text.strip_prefix("m-"))?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().map(Self)
    }
}

impl fmt::Display for MemberNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "M-{:04}", self.0)
    }
}

/// The part of a name that a greeting uses: all before the first space ("Marc-Antoine Roy" → "Marc-Antoine").
#[must_use]
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or("")
}

/// First name and initial of the last word ("Hanneke de Vries" → "Hanneke V."), as the lobby screen shows.
#[must_use]
pub fn first_name_and_initial(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, .., last] => match last.chars().find(|c| c.is_alphabetic()) {
            Some(initial) => format!("{first} {}.", initial.to_uppercase()),
            None => (*first).to_owned(),
        },
    }
}

/// The longest piece of a last name that a short form shows.
const LETTERS: usize = 3;

/// The short forms of these names, each by its place, with no two alike: "Anne T.", "Anne Ro.", "Anne Ri."; people whose names start
/// alike so far are numbered in their order ("Anne Roy." would be the whole name, which they have not agreed to): "Anne R. 2".
#[must_use]
pub fn short_names(names: &[&str]) -> Vec<String> {
    let mut short: Vec<String> = names.iter().map(|name| first_name_and_initial(name)).collect();
    for letters in 2..=LETTERS {
        let counts = counted(&short);
        let longer =
            |(at, name): (usize, &&str)| if counts[&short[at]] > 1 { abbreviated(name, letters) } else { short[at].clone() };
        short = names.iter().enumerate().map(longer).collect();
    }
    // letters that told nobody apart are taken back
    let counts = counted(&short);
    let alike: Vec<bool> = short.iter().map(|name| counts[name] > 1).collect();
    for at in (0..names.len()).filter(|at| alike[*at]) {
        short[at] = first_name_and_initial(names[at]);
    }
    let mut taken: BTreeSet<String> = (0..names.len()).filter(|at| !alike[*at]).map(|at| short[at].clone()).collect();
    for (name, _) in short.iter_mut().zip(&alike).filter(|(_, alike)| **alike) {
        let plain = name.clone();
        let mut n = 1;
        while !taken.insert(name.clone()) {
            n += 1;
            *name = format!("{plain} {n}");
        }
    }
    short
}

fn counted(names: &[String]) -> BTreeMap<String, usize> {
    names.iter().fold(BTreeMap::new(), |mut counts, name| {
        *counts.entry(name.clone()).or_default() += 1;
        counts
    })
}

/// The first name and the first `letters` of the last word, but never all of them ("Anne Roy" → "Anne Ro.").
fn abbreviated(name: &str, letters: usize) -> String {
    let last: Vec<char> = name.split_whitespace().skip(1).last().unwrap_or("").chars().filter(|c| c.is_alphabetic()).collect();
    match last.split_at(letters.min(last.len().saturating_sub(1)).min(last.len())).0 {
        [initial, more @ ..] if !more.is_empty() => {
            format!("{} {}{}.", first_name(name), initial.to_uppercase(), more.iter().collect::<String>())
        }
        _ => first_name_and_initial(name),
    }
}

/// One or two capital letters for an avatar without a photo ("Hanneke de Vries" → "HV").
#[must_use]
pub fn initials(name: &str) -> String {
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric())).flat_map(char::to_uppercase);
    match (letters.next(), letters.next_back()) {
        (Some(a), Some(b)) => format!("{a}{b}"),
        (Some(a), None) => a.to_string(),
        _ => "·".to_owned(),
    }
}

/// How many colours there are for the faces of those without a photo.
pub const COLOURS: u8 = 8;

/// Which of the [`COLOURS`] a member's face has: the same for ever, everywhere.
#[must_use]
pub fn colour(member: MemberId) -> u8 {
    // FNV-1a and a last mix: std's hasher makes no promise from version to version
    let mut hash = member
        .0
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    u8::try_from((hash >> 40) % u64::from(COLOURS)).unwrap_or(0)
}

/// A field of a member that may be shown, each under a consent of its own. Without [`Field::Name`] nothing else is published.
/// (The closed list of the wire and the CSV; surfaces are [`Surface`].)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // they say what they are
pub enum Field {
    Name,
    Photo,
    Title,
    Pronouns,
    Languages,
    Skills,
    Interests,
    LookingFor,
    Since,
    Table,
    UsualDays,
    Contact,
}

/// Where a field may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// Kiosks inside the house. A consent that names no surface is for this one.
    Kiosk,
    /// The lobby screen: first name and initial (see [`short_names`]).
    Lobby,
    /// Home Assistant, outside the house.
    HomeAssistant,
    /// Other sites of the same network.
    OtherSites,
}

impl Field {
    /// All fields, in the order of the CSV's documentation.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Photo,
        Self::Title,
        Self::Pronouns,
        Self::Languages,
        Self::Skills,
        Self::Interests,
        Self::LookingFor,
        Self::Since,
        Self::Table,
        Self::UsualDays,
        Self::Contact,
    ];

    /// The word on the wire, in the CSV and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Photo => "photo",
            Self::Title => "title",
            Self::Pronouns => "pronouns",
            Self::Languages => "languages",
            Self::Skills => "skills",
            Self::Interests => "interests",
            Self::LookingFor => "looking_for",
            Self::Since => "since",
            Self::Table => "table",
            Self::UsualDays => "usual_days",
            Self::Contact => "contact",
        }
    }

    /// The field such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }
}

impl Surface {
    /// All surfaces.
    pub const ALL: [Self; 4] = [Self::Kiosk, Self::Lobby, Self::HomeAssistant, Self::OtherSites];

    /// The word on the wire, in the CSV and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Lobby => "lobby",
            Self::HomeAssistant => "home_assistant",
            Self::OtherSites => "other_sites",
        }
    }

    /// The surface such a word names.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|surface| surface.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_number_is_written_and_read_the_same() {
        assert_eq!(MemberNumber(142).to_string(), "M-0142");
        assert_eq!(MemberNumber::parse("M-0142"), Some(MemberNumber(142)));
        assert_eq!(MemberNumber::parse("m-12345"), Some(MemberNumber(12345)));
        for bad in ["142", "M-", "M-1a", "M--1", "M-99999999999"] {
            assert_eq!(MemberNumber::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn short_forms_of_a_name() {
        for (name, first, lobby, letters) in [
            ("Hanneke de Vries", "Hanneke", "Hanneke V.", "HV"),
            ("Marc-Antoine Roy", "Marc-Antoine", "Marc-Antoine R.", "MR"),
            ("Zoé", "Zoé", "Zoé", "Z"),
            ("  élise   d’Œuvre ", "élise", "élise D.", "ÉD"),
            ("", "", "", "·"),
            ("🎈 Léa", "🎈", "🎈 L.", "L"),
            ("محمد علي", "محمد", "محمد ع.", "مع"),
        ] {
            assert_eq!((first_name(name), &*first_name_and_initial(name), &*initials(name)), (first, lobby, letters));
        }
    }

    #[test]
    fn people_who_would_look_alike_are_told_apart_without_their_whole_name() {
        #[track_caller]
        fn check(names: &[&str], expected: &[&str]) {
            assert_eq!(short_names(names), expected);
        }
        check(&["Anne Tremblay", "Zoé", "Anne Roy"], &["Anne T.", "Zoé", "Anne R."]);
        check(&["Anne Roy", "Anne Ricard", "Anne Tremblay"], &["Anne Ro.", "Anne Ri.", "Anne T."]);
        check(&["Anne Lavoie", "Anne Lavallée", "Anne Lebel"], &["Anne L.", "Anne L. 2", "Anne Le."]);
        check(&["Anne Roy", "Anne Roy", "Anne Roy"], &["Anne R.", "Anne R. 2", "Anne R. 3"]);
        check(&["Zoé", "Zoé", "Zoé Ng"], &["Zoé", "Zoé 2", "Zoé N."]);
        check(&["Zoé N.", "Zoé Ng"], &["Zoé N.", "Zoé N. 2"]);
    }

    #[test]
    fn a_colour_is_the_same_for_ever() {
        assert_eq!([1, 2, 3].map(|n| colour(MemberId(Uuid::from_u128(n)))), [3, 6, 6]);
        assert!((0..100).all(|n| colour(MemberId(Uuid::from_u128(n))) < COLOURS));
    }

    #[test]
    fn fields_and_surfaces_read_back() {
        assert!(Field::ALL.into_iter().all(|f| Field::from_text(f.as_str()) == Some(f)));
        assert!(Surface::ALL.into_iter().all(|s| Surface::from_text(s.as_str()) == Some(s)));
        assert_eq!(Field::from_text("shoe_size"), None);
    }
}
