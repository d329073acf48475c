//! Whom to ask first: who is here before who isn't, within each group.

use super::concepts::{ConceptId, Concepts};
use crate::language::Language;
use std::sync::Arc;

/// How near a result is to what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The concept itself, a synonym, or a narrower one: *Peut vous aider*.
    CanHelp,
    /// A broader or a related one: *Domaine voisin*. Never announced as a match.
    Neighbouring,
}

/// How near somebody is now. The order is the order on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Here and open to questions.
    Open,
    /// Here.
    Here,
    /// Here, not to be disturbed.
    DoNotDisturb,
    /// Was here today.
    Passed,
    /// Usually here on a coming day, and agreed to say so.
    ComingDay,
    /// None of these.
    Away,
}

/// How many of them there are.
const NEARNESSES: usize = Nearness::Away as usize + 1;

/// What of a member fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Their own words.
    Words(Arc<str>),
    /// A language they speak.
    Language(ConceptId),
}

impl Why {
    /// As a person reads it in a language.
    #[must_use]
    pub fn text<'a>(&'a self, concepts: &'a Concepts, language: Language) -> &'a str {
        match self {
            Self::Words(words) => words,
            Self::Language(concept) => concepts.label(*concept, language),
        }
    }
}

/// So many reasons a result tells.
pub(super) const MOST_WHY: usize = 3;
/// So many are looked at: each further one says so little that the order doesn't change.
pub(super) const MOST_REASONS: usize = 4;
/// Where a hit has no more reasons.
pub(super) const NO_TAG: u32 = u32::MAX;

/// Somebody who was found. [`Index::why`](super::Index::why) says why: few of many are ever shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Their place among the profiles of the index.
    pub profile: usize,
    /// How well they fit; more is better, and only the order counts.
    pub score: f32,
    /// How near that is.
    pub group: Group,
    /// The index's texts that fit, the best first.
    pub(super) tags: [u32; MOST_REASONS],
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Everybody who fits, the best first, whoever is here.
    pub hits: Vec<Hit>,
    /// What the text was understood as, the best first; the nearest if it wasn't.
    pub concepts: Vec<ConceptId>,
}

impl Found {
    /// The two groups, each with the nearest people first and among them the best fit: [can help, neighbouring].
    #[must_use]
    pub fn ranked(&self, nearness: impl Fn(usize) -> Nearness) -> [Vec<&Hit>; 2] {
        let mut groups: [[Vec<&Hit>; NEARNESSES]; 2] = Default::default();
        for hit in &self.hits {
            groups[hit.group as usize][nearness(hit.profile) as usize].push(hit);
        }
        groups.map(|by_nearness| by_nearness.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_here_comes_before_who_fits_better() {
        let hit = |profile, score, group| Hit { profile, score, group, tags: [NO_TAG; MOST_REASONS] };
        let hits = vec![
            hit(0, 0.9, Group::CanHelp),
            hit(1, 0.8, Group::CanHelp),
            hit(2, 0.7, Group::Neighbouring),
            hit(3, 0.6, Group::CanHelp),
        ];
        let found = Found { hits, concepts: vec![] };
        let here = [Nearness::Away, Nearness::DoNotDisturb, Nearness::Open, Nearness::Open];
        let [help, near] = found.ranked(|profile| here[profile]);
        assert_eq!(help.iter().map(|hit| hit.profile).collect::<Vec<_>>(), [3, 1, 0]);
        assert_eq!(near.iter().map(|hit| hit.profile).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn who_was_here_today_comes_before_who_comes_on_a_coming_day() {
        let order = [Nearness::Open, Nearness::Here, Nearness::DoNotDisturb, Nearness::Passed, Nearness::ComingDay, Nearness::Away];
        let hits = (0..6).map(|profile| Hit { profile, score: 0.5, group: Group::CanHelp, tags: [NO_TAG; MOST_REASONS] }).collect();
        let found = Found { hits, concepts: vec![] };
        let [help, _] = found.ranked(|profile| order[5 - profile]);
        assert_eq!(help.iter().map(|hit| hit.profile).collect::<Vec<_>>(), [5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn among_those_who_are_as_near_the_best_fit_stays_first() {
        let order = [Nearness::Here, Nearness::Away, Nearness::Open, Nearness::Passed, Nearness::DoNotDisturb, Nearness::ComingDay];
        let nearness = |profile: usize| order[profile * 7 % 13 % 6];
        let group = |profile| if profile % 3 == 0 { Group::Neighbouring } else { Group::CanHelp };
        let hit = |profile| Hit { profile, score: 0.5, group: group(profile), tags: [NO_TAG; MOST_REASONS] };
        let found = Found { hits: (0..500).map(hit).collect(), concepts: vec![] };
        let plain = [Group::CanHelp, Group::Neighbouring].map(|group| {
            let mut hits: Vec<&Hit> = found.hits.iter().filter(|hit| hit.group == group).collect();
            hits.sort_by_key(|hit| nearness(hit.profile));
            hits
        });
        assert_eq!(found.ranked(nearness), plain);
    }
}
