//! The list: searched, filtered, sorted, a page at a time.

use super::Reply;
use crate::directory::{Member, Standing};
use crate::pipeline::Pipeline;
use serde::{Deserialize, Serialize};
use voisins_shared::matching::normalize::folded;
use voisins_shared::member::{Field, Surface};

/// Whom the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Shown {
    Here,
    Hidden,
    Suspended,
    NoBadge,
    Departed,
    /// All but those who have left.
    #[default]
    #[serde(other)]
    Members,
}

/// By what it is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Sorted {
    Number,
    Trade,
    Here,
    #[default]
    #[serde(other)]
    Name,
}

/// What the list is asked.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Wanted {
    pub search: String,
    pub shown: Shown,
    pub sorted: Sorted,
    pub down: bool,
    pub from: usize,
    pub at_most: usize,
}

/// A member, for the manager's eyes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct DeskMember {
    pub number: String,
    pub name: String,
    pub title: Option<String>,
    pub here: bool,
    pub hidden: bool,
    pub suspended: bool,
    pub departed: bool,
    pub no_badge: bool,
}

impl Shown {
    /// All, as the page offers them.
    pub const ALL: [Self; 6] = [Self::Members, Self::Here, Self::Hidden, Self::Suspended, Self::NoBadge, Self::Departed];

    /// The word in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Here => "here",
            Self::Hidden => "hidden",
            Self::Suspended => "suspended",
            Self::NoBadge => "no_badge",
            Self::Departed => "departed",
        }
    }
}

impl Sorted {
    /// The word in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number => "number",
            Self::Trade => "trade",
            Self::Here => "here",
        }
    }
}

impl Pipeline {
    pub(super) fn list(&self, wanted: &Wanted) -> Reply {
        let directory = self.house.directory();
        let search = folded(&wanted.search);
        let with_badge = directory.with_badge();
        let here = |member: &Member| self.house.presence().visit_of(member.id).is_some();
        let hidden = |member: &Member| !member.shows(Field::Name, Surface::Kiosk);
        let is_shown = |member: &&Member| match wanted.shown {
            Shown::Members => member.standing != Standing::Departed,
            Shown::Here => here(member),
            Shown::Hidden => member.standing != Standing::Departed && hidden(member),
            Shown::Suspended => member.standing == Standing::Suspended,
            Shown::NoBadge => member.standing != Standing::Departed && !with_badge.contains(&member.id),
            Shown::Departed => member.standing == Standing::Departed,
        };
        let fits = |member: &&Member| {
            search.is_empty()
                || folded(&member.name).contains(&search)
                || member.number.to_string().eq_ignore_ascii_case(wanted.search.trim())
                || member.title.as_deref().is_some_and(|title| folded(title).contains(&search))
                || member.email.as_deref().is_some_and(|email| email.to_lowercase().contains(&wanted.search.trim().to_lowercase()))
        };
        let mut found: Vec<&Member> = directory.members().filter(is_shown).filter(fits).collect();
        match wanted.sorted {
            Sorted::Name => found.sort_by_cached_key(|member| (folded(&member.name), member.number)),
            Sorted::Number => found.sort_by_key(|member| member.number),
            Sorted::Trade => {
                let trade = |member: &Member| member.title.as_deref().map(folded).unwrap_or_default();
                found.sort_by_cached_key(|member| (trade(member).is_empty(), trade(member), folded(&member.name)));
            }
            Sorted::Here => found.sort_by_cached_key(|member| (!here(member), folded(&member.name), member.number)),
        }
        if wanted.down {
            found.reverse();
        }
        let line = |member: &&Member| DeskMember {
            number: member.number.to_string(),
            name: member.name.clone(),
            title: member.title.clone(),
            here: here(member),
            hidden: hidden(member),
            suspended: member.standing == Standing::Suspended,
            departed: member.standing == Standing::Departed,
            no_badge: !with_badge.contains(&member.id),
        };
        let members = found.iter().skip(wanted.from).take(wanted.at_most).map(line).collect();
        Reply::List { members, found: found.len() }
    }
}
