//! The members' own words, tied to concepts once; then asked at each keystroke.

mod tags;
mod weigh;

use super::concepts::{ConceptId, Concepts};
use super::lexicon::{self, Fit, Sums, Term};
use super::normalize;
use super::postings::Postings;
use super::rank::{Found, Hit, MOST_WHY, Why};
use super::vocabulary::{Key, Vocabulary};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tags::{Tag, Tags, language_code};
use weigh::{Lists, Scales};

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
    postings: Postings,
    tags: Vec<Tag>,
    /// For each concept the tags that mean it, and how surely.
    by_concept: HashMap<ConceptId, Vec<(u32, f32)>>,
    lists: Lists,
    profiles: usize,
    /// Room for a search, from the one before.
    room: Mutex<Option<Box<Room>>>,
}

/// What one search is weighed in: it is emptied, but not given back.
#[derive(Debug)]
struct Room {
    lexicon: lexicon::Room,
    /// The best of what speaks for a tag.
    best: Sums,
    /// The best that says they can help.
    helping: Sums,
    text: Sums,
    once: Sums,
    scales: Scales,
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
        let mut known: HashMap<Box<str>, [Key; 2]> = HashMap::new();
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
                let pair = known.get(word.folded.as_str()).copied().unwrap_or_else(|| {
                    let pair = lexicon.stems.keys(&word.folded).map(|key| vocabulary.add_key(&key));
                    pair.iter().for_each(|key| vocabulary.add_word(&word.folded, *key));
                    known.insert(word.folded.as_str().into(), pair);
                    pair
                });
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
        let weight = |[a, b]: &[Key; 2]| rarity[*a as usize].max(rarity[*b as usize]);
        let mut tags = tags;
        for (tag, keys) in tags.iter_mut().zip(&words) {
            tag.weight = keys.iter().fold(0.0, |sum, pair| sum + weight(pair));
        }
        let places = (0..).zip(&words).flat_map(|(place, keys)| {
            // one that is the same in both languages counts once
            let once = |[a, b]: &[Key; 2]| [Some(*a), Some(*b).filter(|b| b != a)].into_iter().flatten();
            keys.iter().flat_map(move |pair| once(pair).map(move |key| (key, place, weight(pair))))
        });
        let postings = Postings::new(vocabulary.len(), places);
        let (lists, profiles) = (Lists::new(&mut tags), count as usize);
        Self { concepts, vocabulary, rarity, postings, tags, by_concept, lists, profiles, room: Mutex::new(None) }
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
        let mut room = self.take_room();
        let fits = self.concepts.lexicon.fits(&terms, false, MOST_MEANT, &mut room.lexicon);
        // what fits less well is meant still less
        let sharpened = |fit: &Fit| Fit { score: fit.score * fit.score / fit.best, ..*fit };
        let meant: Vec<Fit> = fits.iter().filter(|fit| fit.score >= LEAST_FIT.max(MEANT * fit.best)).map(sharpened).collect();
        let Room { best, helping, text, once, scales, .. } = &mut *room;
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
        self.by_text(&terms, text, once, |tag, score| tell(tag, score, score >= 0.5));
        let hits = scales.hits(&self.lists, self.profiles, best, helping);
        helping.clear();
        self.keep(room);
        let concepts = if meant.is_empty() {
            fits.iter().take(5).map(|f| f.concept).collect()
        } else {
            meant.iter().map(|f| f.concept).collect()
        };
        Found { hits, concepts }
    }

    /// What of somebody fits, the best first: one to three. Of a hit of this index.
    #[must_use]
    pub fn why(&self, hit: &Hit) -> Vec<Why> {
        let mut why: Vec<Why> = Vec::with_capacity(MOST_WHY);
        for text in hit.tags.iter().filter_map(|tag| Some(&self.tags.get(*tag as usize)?.text)) {
            match language_code(text) {
                _ if why.len() == MOST_WHY => break,
                None => why.push(Why::Words(text.clone())),
                Some(code) if why.is_empty() => why.extend(self.concepts.language(code).map(Why::Language)),
                Some(_) => {}
            }
        }
        why
    }

    fn take_room(&self) -> Box<Room> {
        let kept = self.room.lock().ok().and_then(|mut room| room.take());
        let sums = || Sums::new(self.tags.len());
        let new = || Room {
            lexicon: self.concepts.lexicon.room(),
            best: sums(),
            helping: sums(),
            text: sums(),
            once: sums(),
            scales: Scales::default(),
        };
        kept.unwrap_or_else(|| Box::new(new()))
    }

    fn keep(&self, room: Box<Room>) {
        if let Ok(mut kept) = self.room.lock() {
            *kept = Some(room);
        }
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
    fn by_text(&self, terms: &[Term], sums: &mut Sums, once: &mut Sums, mut tell: impl FnMut(u32, f32)) {
        let mut total = 0.0;
        let stems = &self.concepts.lexicon.stems;
        for term in terms.iter().filter(|term| !term.word.empty) {
            // a word that the concepts know is spelt well
            let known = term.meant.iter().any(|(_, sure)| *sure >= 1.0) && !term.typing;
            let meant = self.vocabulary.meant(stems, &term.word.folded, term.typing, known);
            let rarest = meant.iter().map(|(key, _)| self.rarity[*key as usize]).fold(0.0, f32::max);
            total += if meant.is_empty() { term.weight } else { rarest };
            for (key, sure) in meant {
                for (tag, weight) in self.postings.of(key) {
                    once.at_least(*tag, sure * weight);
                }
            }
            sums.add_all(once);
        }
        sums.drain(|tag, had| {
            let of_tag = had / self.tags[tag as usize].weight.max(0.01);
            let score = ((had / total.max(0.01)).min(1.0) * of_tag.min(1.0)).sqrt();
            if score >= 0.25 {
                tell(tag, score);
            }
        });
    }
}
