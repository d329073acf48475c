//! Interests that two who are here share: learnt when nobody taps, looked up when somebody comes in. Pure.

use super::{Here, Member};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use voisins_shared::language::Language;
use voisins_shared::matching::{ConceptId, Concepts, normalize};
use voisins_shared::member::{Field, MemberId, Surface};

/// What an interest is, whoever wrote it and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// Each meaning, the smallest first, and in which words.
    of: HashMap<MemberId, Vec<(u32, Arc<str>)>>,
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
        // many write the same, and what is compared at a tap is a number
        let (mut numbers, mut known) = (HashMap::<Meaning, u32>::new(), HashMap::<&str, Vec<u32>>::new());
        let mut number = |meaning: Meaning| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(meaning).or_insert(next)
        };
        let mut of = HashMap::new();
        for member in members.iter().filter(|member| member.shows(Field::Interests, Surface::Kiosk)) {
            let mut theirs: Vec<(u32, Arc<str>)> = Vec::new();
            for text in &member.interests {
                let words: Arc<str> = text.trim().into();
                let meant = known.entry(text).or_insert_with(|| meanings(concepts, text).into_iter().map(&mut number).collect());
                theirs.extend(meant.iter().map(|meaning| (*meaning, words.clone())));
            }
            theirs.sort_by_key(|(meaning, _)| *meaning);
            theirs.dedup_by_key(|(meaning, _)| *meaning);
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
        // whose turn it is first, the rest only until one is found: many may share an interest
        let turns = community.interests().turns(member);
        let here = presence.open().filter_map(|visit| visit.subject.member()).filter(|other| *other != member);
        let mut shared: Vec<_> = here
            .filter_map(|neighbour| {
                let words = common(theirs, self.of.get(&neighbour)?)?;
                // those who were never named come in another order for everybody
                let order = member.0.as_u128() ^ neighbour.0.as_u128();
                Some((turns.of(neighbour), order, neighbour, words))
            })
            .collect();
        shared.sort_unstable_by_key(|(turn, order, ..)| (*turn, *order));
        let may = |neighbour: MemberId| {
            community.interests().may_be_named(member, neighbour, now)
                && house.shows_interests(neighbour)
                && community.apart().may_meet(member, neighbour, now)
                && !community.introductions().were_introduced(member, neighbour)
        };
        let (.., neighbour, words) = shared.into_iter().find(|(.., neighbour, _)| may(*neighbour))?;
        Some(Shared { neighbour, interest: words.to_string() })
    }
}

impl Here<'_> {
    fn shows_interests(&self, member: MemberId) -> bool {
        self.may_be_matched(member) && self.directory.shows(member, Field::Interests, Surface::Kiosk)
    }
}

/// The first meaning in both, in the words of the one.
fn common<'a>(one: &'a [(u32, Arc<str>)], other: &[(u32, Arc<str>)]) -> Option<&'a Arc<str>> {
    let found = one.iter().find(|(meaning, _)| other.iter().any(|(theirs, _)| theirs == meaning));
    found.map(|(_, words)| words)
}
