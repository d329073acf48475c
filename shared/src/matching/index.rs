//! The members' own words, tied to concepts once; then asked at each keystroke.

mod tags;

use super::concepts::{ConceptId, Concepts};
use super::lexicon::{Fit, Sums, Term};
use super::normalize;
use super::rank::{Found, Group, Hit, Why};
use super::vocabulary::{Key, Vocabulary};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;
use tags::{Tag, Tags, language_code};

/// What of a member may be searched: what they agreed to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Profile<'a> {
    /// What they do ("Comptable").
    pub title: Option<&'a str>,
    /// What they can help with, in their own words.
    pub skills: &'a [String],
    /// What one may ask them about.
    pub interests: &'a [String],
    /// Languages, as ISO codes.
    pub languages: &'a [String],
}

/// In which field of a profile a text stands: how much it says about being able to help.
const SKILL: f32 = 1.0;
const TITLE: f32 = 0.92;
const LANGUAGE: f32 = 0.95;
const INTEREST: f32 = 0.42;

/// A concept that a query means less than this much of the best one is not meant.
const MEANT: f32 = 0.62;
/// A query means at most so many concepts.
const MOST_MEANT: usize = 10;
/// A worse fit than this is chance.
const LEAST_FIT: f32 = 0.3;
/// A tag is taken for a concept from here on.
const LEAST_TAG_FIT: f32 = 0.5;

/// A result that fits less than this much of the best one is none.
const WORTH_SHOWING: f32 = 0.3;

/// Nor does it say that somebody can help if it fits less than this much of the best one.
const WORTH_PROMISING: f32 = 0.55;

/// How far a member's concept may be from the one that is meant.
const NARROWER: f32 = 0.9;
const BROADER: f32 = 0.66;
const RELATED: f32 = 0.5;
const SIBLING: f32 = 0.3;

/// Members by what they can help with.
#[derive(Debug)]
pub struct Index {
    concepts: Arc<Concepts>,
    vocabulary: Vocabulary,
    rarity: Vec<f32>,
    postings: Vec<Vec<(u32, f32)>>,
    tags: Vec<Tag>,
    /// For each concept the tags that mean it, and how surely.
    by_concept: HashMap<ConceptId, Vec<(u32, f32)>>,
    profiles: usize,
}

/// Why somebody is found.
#[derive(Debug, Clone, Copy)]
struct Reason {
    tag: u32,
    score: f32,
}

impl Index {
    /// An index of these people.
    #[must_use]
    pub fn new<'a>(concepts: Arc<Concepts>, profiles: impl IntoIterator<Item = Profile<'a>>) -> Self {
        let mut tags = Tags::default();
        let mut count = 0;
        for profile in profiles {
            profile.skills.iter().for_each(|text| tags.add(text, count, SKILL));
            profile.interests.iter().for_each(|text| tags.add(text, count, INTEREST));
            profile.title.iter().for_each(|text| tags.add(text, count, TITLE));
            profile.languages.iter().for_each(|code| tags.add_language(code, count));
            count += 1;
        }
        let Tags { tags, .. } = tags;
        let lexicon = &concepts.lexicon;
        let (mut vocabulary, mut words, mut spread) = (Vocabulary::default(), Vec::new(), Vec::<u32>::new());
        let mut by_concept: HashMap<ConceptId, Vec<(u32, f32)>> = HashMap::new();
        let mut room = lexicon.room();
        for (place, tag) in (0_u32..).zip(&tags) {
            if let Some(code) = language_code(&tag.text) {
                if let Some(concept) = concepts.language(code) {
                    by_concept.entry(concept).or_default().push((place, 1.0));
                }
                words.push(Vec::new());
                continue;
            }
            let mut keys: Vec<[Key; 2]> = Vec::new();
            for word in normalize::words(&tag.text).into_iter().filter(|word| !word.empty) {
                let pair = lexicon.stems.keys(&word.folded).map(|key| vocabulary.add_key(&key));
                pair.iter().for_each(|key| vocabulary.add_word(&word.folded, *key));
                spread.resize(spread.len().max(vocabulary.len()), 0);
                if !keys.contains(&pair) {
                    pair.iter().for_each(|key| spread[*key as usize] += 1);
                    keys.push(pair);
                }
            }
            words.push(keys);
            let terms = lexicon.terms(&tag.text, false);
            let fits = lexicon.fits(&terms, true, 6, &mut room);
            for Fit { concept, score, .. } in fits.into_iter().filter(|fit| fit.score >= LEAST_TAG_FIT.max(0.8 * fit.best)) {
                by_concept.entry(concept).or_default().push((place, score.min(1.0)));
            }
        }
        vocabulary.finish();
        #[allow(clippy::cast_precision_loss)]
        let rarity: Vec<f32> = spread.iter().map(|of| (1.0 + tags.len() as f32 / (*of).max(1) as f32).ln()).collect();
        let mut postings = vec![Vec::new(); vocabulary.len()];
        let mut tags = tags;
        for ((place, tag), keys) in (0_u32..).zip(&mut tags).zip(&words) {
            for [a, b] in keys {
                let weight = rarity[*a as usize].max(rarity[*b as usize]);
                tag.weight += weight;
                postings[*a as usize].push((place, weight));
                if a != b {
                    postings[*b as usize].push((place, weight));
                }
            }
        }
        Self { concepts, vocabulary, rarity, postings, tags, by_concept, profiles: count as usize }
    }

    /// How many people are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.profiles
    }

    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profiles == 0
    }

    /// Who can help with what a text says; its last word may be unfinished. It keeps nothing.
    #[must_use]
    pub fn search(&self, query: &str) -> Found {
        let terms = self.concepts.lexicon.terms(query, true);
        let fits = self.concepts.lexicon.fits(&terms, false, MOST_MEANT, &mut self.concepts.lexicon.room());
        // what fits less well is meant still less
        let sharpened = |fit: &Fit| Fit { score: fit.score * fit.score / fit.best, ..*fit };
        let meant: Vec<Fit> = fits.iter().filter(|fit| fit.score >= LEAST_FIT.max(MEANT * fit.best)).map(sharpened).collect();
        // the best of what speaks for a tag, and the best that says they can help
        let (mut best, mut helping) = (Sums::new(self.tags.len()), Sums::new(self.tags.len()));
        let mut tell = |tag: u32, score: f32, helps: bool| {
            best.at_least(tag, score);
            if helps {
                helping.at_least(tag, score);
            }
        };
        for (concept, score, helps) in self.around(&meant) {
            for (tag, sure) in self.by_concept.get(&concept).into_iter().flatten() {
                tell(*tag, score * sure, helps);
            }
        }
        for (tag, score) in self.by_text(&terms) {
            tell(tag, score, score >= 0.5);
        }
        let mut reasons = Reasons::new(self.profiles);
        let least = WORTH_ADDING * best.most();
        best.drain(|tag, score| {
            if score < least {
                return;
            }
            let helps = helping.of(tag);
            for (member, field) in &self.tags[tag as usize].members {
                reasons.add(*member, Reason { tag, score: score * field }, if *field > INTEREST { helps * field } else { 0.0 });
            }
        });
        let hits = self.hits(reasons);
        let concepts = if meant.is_empty() {
            fits.iter().take(5).map(|f| f.concept).collect()
        } else {
            meant.iter().map(|f| f.concept).collect()
        };
        Found { hits, concepts }
    }

    /// The concepts that are meant and those around them, each once, by its best way here.
    fn around(&self, meant: &[Fit]) -> Vec<(ConceptId, f32, bool)> {
        let mut around: BTreeMap<ConceptId, (f32, bool)> = BTreeMap::new();
        let mut reach = |concept: ConceptId, score: f32, helps: bool| {
            let known = around.entry(concept).or_insert((0.0, false));
            if score > known.0 {
                *known = (score, helps || (known.1 && known.0 >= 0.9 * score));
            } else {
                known.1 |= helps;
            }
        };
        for Fit { concept, score, .. } in meant {
            reach(*concept, *score, true);
            let Some(own) = self.concepts.get(*concept) else { continue };
            let mut below = vec![(*concept, *score)];
            while let Some((at, score)) = below.pop() {
                for narrower in self.concepts.get(at).into_iter().flat_map(|c| &c.narrower) {
                    reach(*narrower, score * NARROWER, true);
                    if score > 0.3 {
                        below.push((*narrower, score * NARROWER));
                    }
                }
            }
            for broader in &own.broader {
                reach(*broader, score * BROADER, false);
                for sibling in self.concepts.get(*broader).into_iter().flat_map(|c| &c.narrower).filter(|s| *s != concept) {
                    reach(*sibling, score * SIBLING, false);
                }
            }
            own.related.iter().for_each(|related| reach(*related, score * RELATED, false));
        }
        around.into_iter().map(|(concept, (score, helps))| (concept, score, helps)).collect()
    }

    /// Tags that have the query's own words.
    fn by_text(&self, terms: &[Term]) -> Vec<(u32, f32)> {
        let mut sums = Sums::new(self.tags.len());
        let mut once = Sums::new(self.tags.len());
        let mut total = 0.0;
        let stems = &self.concepts.lexicon.stems;
        for term in terms.iter().filter(|term| !term.word.empty) {
            // a word that the concepts know is spelt well
            let known = term.meant.iter().any(|(_, sure)| *sure >= 1.0) && !term.typing;
            let meant = self.vocabulary.meant(stems, &term.word.folded, term.typing, known);
            let rarest = meant.iter().map(|(key, _)| self.rarity[*key as usize]).fold(0.0, f32::max);
            total += if meant.is_empty() { term.weight } else { rarest };
            for (key, sure) in meant {
                for (tag, weight) in &self.postings[key as usize] {
                    once.at_least(*tag, sure * weight);
                }
            }
            once.drain(|tag, had| sums.add(tag, had));
        }
        let mut found = Vec::new();
        sums.drain(|tag, had| {
            let of_tag = had / self.tags[tag as usize].weight.max(0.01);
            found.push((tag, ((had / total.max(0.01)).min(1.0) * of_tag.min(1.0)).sqrt()));
        });
        found.retain(|(_, score)| *score >= 0.25);
        found
    }

    /// Whoever fits well enough, the best first.
    fn hits(&self, mut reasons: Reasons) -> Vec<Hit> {
        // order and place in one number: scores are above 0, and their bits rise with them
        let mut found: Vec<u64> = Vec::with_capacity(reasons.touched.len());
        for member in std::mem::take(&mut reasons.touched) {
            let known = &reasons.of[member as usize];
            if known.first().score >= LEAST_SCORE {
                found.push(u64::from(!known.score().to_bits()) << 32 | u64::from(member));
            }
        }
        found.sort_unstable();
        let score = |packed: u64| f32::from_bits(!u32::try_from(packed >> 32).unwrap_or(u32::MAX));
        // far behind the best it is chance, and a result explains
        let best = found.first().copied().map_or(0.0, score);
        let shown = found.into_iter().take_while(|packed| score(*packed) >= WORTH_SHOWING * best);
        shown
            .map(|packed| {
                let (member, score) = ((packed & u64::from(u32::MAX)) as usize, score(packed));
                let known = &reasons.of[member];
                let helps = known.helping > 0.0 && known.helping >= 0.75 * known.first().score && score >= WORTH_PROMISING * best;
                let group = if helps { Group::CanHelp } else { Group::Neighbouring };
                Hit { profile: member, score, group, why: self.why(known) }
            })
            .collect()
    }

    fn why(&self, known: &Known) -> Vec<Why> {
        let mut why: Vec<Why> = Vec::with_capacity(MOST_WHY);
        for reason in known.reasons().iter().filter(|reason| reason.score >= 0.6 * known.first().score).take(MOST_REASONS) {
            let text = &self.tags[reason.tag as usize].text;
            match language_code(text) {
                _ if why.len() == MOST_WHY => break,
                None => why.push(Why::Words(text.clone())),
                Some(code) if why.is_empty() => why.extend(self.concepts.language(code).map(Why::Language)),
                Some(_) => {}
            }
        }
        why
    }
}

/// So many reasons a result tells.
const MOST_WHY: usize = 3;
/// So many are looked at: each further one says so little that the order doesn't change.
const MOST_REASONS: usize = 4;
/// A reason that says less than this much of the best one adds next to nothing to any.
const WORTH_ADDING: f32 = 0.08;
/// A reason that says less than this is none.
const LEAST_SCORE: f32 = 0.12;

/// The reasons for a member, the best first, each tag once.
#[derive(Debug, Clone, Copy)]
struct Known {
    count: u32,
    /// The best that says they can help.
    helping: f32,
    reasons: [Reason; MOST_REASONS],
}

impl Known {
    fn reasons(&self) -> &[Reason] {
        &self.reasons[..self.count as usize]
    }

    fn first(&self) -> Reason {
        self.reasons[0]
    }

    fn score(&self) -> f32 {
        // each further reason says less
        self.reasons().iter().rev().fold(0.0, |sum, reason| reason.score + 0.12 * sum)
    }
}

/// The reasons for each member.
struct Reasons {
    of: Vec<Known>,
    touched: Vec<u32>,
}

impl Reasons {
    fn new(members: usize) -> Self {
        let nothing = Reason { tag: 0, score: 0.0 };
        let nobody = Known { count: 0, helping: 0.0, reasons: [nothing; MOST_REASONS] };
        Self { of: vec![nobody; members], touched: Vec::new() }
    }

    fn add(&mut self, member: u32, reason: Reason, helping: f32) {
        let known = &mut self.of[member as usize];
        if known.count == 0 {
            self.touched.push(member);
        }
        known.helping = known.helping.max(helping);
        let worse = |known: &Reason| (known.score, reason.tag) < (reason.score, known.tag);
        let at = known.reasons().iter().position(worse).unwrap_or(known.count as usize);
        if at == MOST_REASONS {
            return;
        }
        let count = (known.count as usize + 1).min(MOST_REASONS);
        known.reasons.copy_within(at..count - 1, at + 1);
        known.reasons[at] = reason;
        known.count = u32::try_from(count).unwrap_or(0);
    }
}
