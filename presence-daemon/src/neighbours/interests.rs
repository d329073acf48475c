//! Interests that two who are here share: learnt when nobody taps, looked up when somebody comes in. Pure.

use super::{Here, Member};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use voisins_shared::language::Language;
use voisins_shared::matching::{ConceptId, Concepts, normalize};
use voisins_shared::member::{Field, MemberId, Surface};

/// What an interest is, whoever wrote it and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Concept(ConceptId),
    /// Folded: no case, no accents.
    Text(Arc<str>),
}

/// Somebody here who shares an interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    #[allow(missing_docs)]
    pub neighbour: MemberId,
    /// In the reader's own words.
    pub interest: String,
}

/// What everybody who shows it is interested in.
#[derive(Debug, Default)]
pub struct SharedInterests {
    /// Each meaning, and in which words.
    of: BTreeMap<MemberId, BTreeMap<Meaning, Arc<str>>>,
}

fn meanings(concepts: &Concepts, text: &str) -> Vec<Meaning> {
    let named: BTreeSet<ConceptId> = Language::ALL.into_iter().flat_map(|language| concepts.named(text, language)).collect();
    let folded = normalize::words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ");
    let text = (!folded.is_empty()).then(|| Meaning::Text(folded.into()));
    named.into_iter().map(Meaning::Concept).chain(text).collect()
}

impl SharedInterests {
    /// What these members agreed to show of their interests.
    pub(super) fn learn(concepts: &Concepts, members: &[&Member]) -> Self {
        // many write the same
        let mut known: HashMap<&str, Vec<Meaning>> = HashMap::new();
        let mut of = BTreeMap::new();
        for member in members.iter().filter(|member| member.shows(Field::Interests, Surface::Kiosk)) {
            let mut theirs = BTreeMap::new();
            for text in &member.interests {
                let words: Arc<str> = text.trim().into();
                for meaning in known.entry(text).or_insert_with(|| meanings(concepts, text)) {
                    theirs.entry(meaning.clone()).or_insert_with(|| words.clone());
                }
            }
            of.insert(member.id, theirs);
        }
        Self { of }
    }

    pub(super) fn forget(&mut self, member: MemberId) {
        self.of.remove(&member);
    }

    /// Who of those here shares an interest with somebody who has just come in, whoever was named longest ago first. Not somebody they
    /// were introduced to, nor who is kept apart from them, nor where one of the two wants to be left alone; at most one a day.
    pub(super) fn with(&self, member: MemberId, house: &Here<'_>) -> Option<Shared> {
        let (community, presence, now) = (house.community, house.presence, house.now);
        let theirs = self.of.get(&member)?;
        let visit = presence.visit_of(member)?;
        let just_came = (visit.opened.boot, visit.opened.since_boot) == (visit.last_seen.boot, visit.last_seen.since_boot);
        if !just_came
            || theirs.is_empty()
            || !house.shows_interests(member)
            || community.interests().told_today(member, presence.policy(), now)
        {
            return None;
        }
        let here = presence.open().filter_map(|visit| visit.subject.member()).filter(|other| *other != member);
        let shared = here.filter_map(|neighbour| {
            let meaning = common(theirs, self.of.get(&neighbour)?)?;
            let turn = community.interests().turn(member, neighbour, now)?;
            let may = house.shows_interests(neighbour)
                && community.apart().may_meet(member, neighbour, now)
                && !community.introductions().were_introduced(member, neighbour);
            may.then_some((turn, neighbour, meaning))
        });
        let (_, neighbour, meaning) = shared.min_by_key(|(turn, neighbour, _)| (*turn, *neighbour))?;
        Some(Shared { neighbour, interest: theirs.get(meaning)?.to_string() })
    }
}

impl Here<'_> {
    fn shows_interests(&self, member: MemberId) -> bool {
        self.may_be_matched(member) && self.directory.shows(member, Field::Interests, Surface::Kiosk)
    }
}

/// The first meaning in both: both are in order, each is passed once.
fn common<'a>(one: &'a BTreeMap<Meaning, Arc<str>>, other: &BTreeMap<Meaning, Arc<str>>) -> Option<&'a Meaning> {
    one.keys().find(|meaning| other.contains_key(meaning))
}
