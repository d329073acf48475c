//! All the words for all concepts, and how well a text fits each concept.
//!
//! A text and a phrase are compared as sets of stems, each weighted by how rare it is among the concepts: what the text has of the
//! phrase, against all of both. A concept is as good as its best phrase, and better if its other words occur in the text as well.

use super::concepts::{ConceptId, Kind, Phrase};
use super::normalize::{self, Stems, Word};
use super::postings::Postings;
use super::vocabulary::{Key, Meant, Vocabulary};
use crate::language::Language;
use std::collections::{BTreeSet, HashMap};

/// A word that nobody knows weighs so much in a text: less than a known rare one, or one odd word would hide all others.
const UNKNOWN: f32 = 3.0;
/// A word that only says that something is needed weighs so little.
const EMPTY: f32 = 0.3;
/// More mistakes than these in one text are not looked for.
const MOST_GUESSES: usize = 6;

#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    pub stems: std::sync::Arc<Stems>,
    vocabulary: Vocabulary,
    /// How rare a stem is among the concepts.
    rarity: Vec<f32>,
    phrases: Vec<Measure>,
    /// For each stem the phrases it is in, with what it weighs there.
    postings: Postings,
    concepts: usize,
    /// Those before this one are built in.
    added: ConceptId,
}

#[derive(Debug, Clone)]
struct Measure {
    concept: ConceptId,
    kind: Kind,
    /// How many of its words say something.
    full: u8,
    weight: f32,
}

/// A typed word with what it may mean and how much it weighs.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub word: Word,
    pub meant: Meant,
    pub weight: f32,
    pub typing: bool,
}

/// How well a text fits a concept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    pub concept: ConceptId,
    pub score: f32,
    /// What this one is measured by: the best of the built-in ones, or of all if it was added.
    pub best: f32,
}

impl Lexicon {
    /// Of phrases, the first `built_in` of which are part of the program; and of so many concepts, of which those from `added` on aren't.
    pub fn new(texts: &[Phrase<'_>], built_in: usize, concepts: usize, added: ConceptId) -> Self {
        let (stems, mut vocabulary) = (Stems::default(), Vocabulary::default());
        // the stems of all phrases, with whether they say anything, and where those of each phrase end
        let (mut keys, mut ends): (Vec<(Key, bool)>, Vec<usize>) = (Vec::new(), Vec::with_capacity(texts.len()));
        // for each stem the last concept it was counted for, and in how many it is: built in, and all
        let mut spread: Vec<(Option<ConceptId>, [u32; 2])> = Vec::new();
        // the same few words make all the phrases
        let mut known: [HashMap<Box<str>, (Key, bool)>; 2] = Default::default();
        for (place, phrase) in texts.iter().enumerate() {
            if place == built_in {
                vocabulary.mark_added();
            }
            let (start, known) = (keys.len(), &mut known[usize::from(phrase.language == Language::En)]);
            normalize::each_word(phrase.text, |folded, _| {
                let (key, empty) = known.get(folded).copied().unwrap_or_else(|| {
                    let key = vocabulary.add_key(&stems.key(folded, phrase.language));
                    vocabulary.add_word(folded, key);
                    let new = (key, normalize::is_empty(folded));
                    known.insert(folded.into(), new);
                    new
                });
                spread.resize(spread.len().max(key as usize + 1), (None, [0, 0]));
                let (counted, of) = &mut spread[key as usize];
                if *counted != Some(phrase.concept) {
                    *counted = Some(phrase.concept);
                    of[0] += u32::from(place < built_in);
                    of[1] += 1;
                }
                if !keys[start..].iter().any(|(k, _)| *k == key) {
                    keys.push((key, empty));
                }
            });
            ends.push(keys.len());
        }
        drop(known);
        vocabulary.finish();
        #[allow(clippy::cast_precision_loss)]
        let rare = |among: u32, of: u32| (1.0 + among as f32 / of.max(1) as f32).ln();
        let all = u32::try_from(concepts).unwrap_or(u32::MAX);
        let of_built_in = |of: [u32; 2]| if of[0] > 0 { rare(added.0.min(all), of[0]) } else { rare(all, of[1]) };
        let rarity: Vec<f32> = spread.into_iter().map(|(_, of)| of_built_in(of)).collect();
        let weight = |(key, empty): (Key, bool)| if empty { EMPTY } else { rarity[key as usize] };
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let of_phrases = starts.zip(&ends).map(|(start, end)| &keys[start..*end]);
        let measure = |(phrase, keys): (&Phrase<'_>, &[(Key, bool)])| Measure {
            concept: phrase.concept,
            kind: phrase.kind,
            full: u8::try_from(keys.iter().filter(|(_, empty)| !empty).count()).unwrap_or(u8::MAX),
            weight: keys.iter().fold(0.0, |sum, key| sum + weight(*key)),
        };
        let phrases = texts.iter().zip(of_phrases.clone()).map(measure).collect();
        let places = (0..).zip(of_phrases).flat_map(|(place, keys)| keys.iter().map(move |key| (key.0, place, weight(*key))));
        let postings = Postings::new(vocabulary.len(), places);
        Self { stems: std::sync::Arc::new(stems), vocabulary, rarity, phrases, postings, concepts, added }
    }

    /// The concepts that this text names as it stands, in any inflection; its small words don't count.
    pub fn named(&self, text: &str, language: Language) -> BTreeSet<ConceptId> {
        let own = usize::from(language == Language::En);
        let keys: BTreeSet<Option<Key>> = normalize::words(text)
            .iter()
            .filter(|word| !word.empty)
            .map(|word| self.vocabulary.key(&self.stems.keys(&word.folded)[own]))
            .collect();
        let mut lists: Vec<&[(u32, f32)]> = Vec::with_capacity(keys.len());
        for key in &keys {
            let Some(key) = key else { return BTreeSet::new() };
            lists.push(self.postings.of(*key));
        }
        lists.sort_by_key(|list| list.len());
        let Some((shortest, others)) = lists.split_first() else { return BTreeSet::new() };
        let is_in = |list: &[(u32, f32)], phrase: u32| list.binary_search_by_key(&phrase, |(phrase, _)| *phrase).is_ok();
        let phrases = shortest.iter().map(|(phrase, _)| *phrase);
        let same =
            phrases.filter(|phrase| others.iter().all(|list| is_in(list, *phrase))).map(|phrase| &self.phrases[phrase as usize]);
        same.filter(|measure| measure.kind == Kind::Name && usize::from(measure.full) == keys.len())
            .map(|measure| measure.concept)
            .collect()
    }

    /// A text's words with what they may mean. `typing`: its last word may be unfinished.
    pub fn terms(&self, text: &str, typing: bool) -> Vec<Term> {
        let words = normalize::words(text);
        // "de l'aide": then what is empty elsewhere is all there is
        let all_empty = words.iter().all(|word| word.empty);
        let unfinished = typing && text.chars().next_back().is_some_and(char::is_alphanumeric);
        let (last, mut guesses) = (words.len().saturating_sub(1), 0);
        let mut terms: Vec<Term> = Vec::with_capacity(words.len());
        for (at, mut word) in words.into_iter().enumerate() {
            let small = word.empty && (!all_empty || word.capitals);
            word.empty &= !all_empty;
            if terms.iter().any(|term| term.word.folded == word.folded) {
                continue;
            }
            let typing = unfinished && at == last;
            let mut meant = self.vocabulary.meant(&self.stems, &word.folded, typing, word.empty || guesses >= MOST_GUESSES);
            guesses += usize::from(meant.iter().all(|(_, sure)| *sure < 1.0));
            // "développement web" knows "web" as French and as English: the rarer reading doesn't outweigh the other
            meant.sort_by(|a, b| b.1.total_cmp(&a.1));
            let rarest = meant.iter().map(|(key, sure)| self.rarity[*key as usize] * sure).fold(0.0, f32::max);
            // "IT" weighs as little as in the phrase that is "IT"
            let weight = match (small, meant.is_empty()) {
                (true, _) => EMPTY,
                (false, true) => UNKNOWN,
                (false, false) => rarest,
            };
            terms.push(Term { word, meant, weight, typing });
        }
        terms
    }

    /// Room for [`Self::fits`]; whoever asks often keeps it.
    pub fn room(&self) -> Room {
        let (phrases, concepts) = (|| Sums::new(self.phrases.len()), || Sums::new(self.concepts));
        Room { found: phrases(), once: phrases(), of_concept: concepts(), share: concepts(), best: concepts(), second: concepts() }
    }

    /// The concepts that a text fits, the best first; at most `most` that are built in, and as many that aren't.
    pub fn fits(&self, terms: &[Term], names_only: bool, most: usize, room: &mut Room) -> Vec<Fit> {
        let total: f32 = terms.iter().map(|term| term.weight).sum();
        if total <= 0.0 {
            return Vec::new();
        }
        // share: what each concept has of the text, whatever the phrase
        let Room { found, once, of_concept, share, best, second } = room;
        for term in terms {
            for (key, sure) in &term.meant {
                for (phrase, weight) in self.postings.of(*key) {
                    let measure = &self.phrases[*phrase as usize];
                    if names_only && measure.kind == Kind::Need {
                        continue;
                    }
                    let had = sure * weight.min(term.weight);
                    once.at_least(*phrase, had);
                    of_concept.at_least(measure.concept.0, had);
                }
            }
            found.add_all(once);
            share.add_all(of_concept);
        }
        found.drain(|phrase, had| {
            let Measure { concept, kind, weight, .. } = self.phrases[phrase as usize];
            let (of_text, of_phrase) = ((had / total).min(1.0), (had / weight.max(0.01)).min(1.0));
            let score = match kind {
                Kind::Name => (of_text * of_phrase).sqrt(),
                // a power is dear, and no more than the mean: then neither of the two best
                Kind::Need if 1.05 * 1.001 * (0.45 * of_text + 0.55 * of_phrase) <= second.of(concept.0) => return,
                // a need says more than its words in common
                Kind::Need => 1.05 * of_text.powf(0.45) * of_phrase.powf(0.55),
            };
            let known = best.of(concept.0);
            second.at_least(concept.0, score.min(known));
            best.at_least(concept.0, score);
        });
        // the best of those that are built in, and of those that aren't
        let mut fits: [Vec<Fit>; 2] = Default::default();
        let order = |a: &Fit, b: &Fit| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept));
        best.drain(|concept, best| {
            let score = 0.58 * best + 0.12 * second.of(concept) + 0.3 * (share.of(concept) / total).min(1.0);
            let fit = Fit { concept: ConceptId(concept), score, best: 0.0 };
            let fits = &mut fits[usize::from(fit.concept >= self.added)];
            if fits.len() < most || fits.last().is_some_and(|last| order(&fit, last).is_lt()) {
                fits.truncate(most.saturating_sub(1));
                fits.insert(fits.partition_point(|other| order(other, &fit).is_lt()), fit);
            }
        });
        second.clear();
        share.clear();
        let [built_in, all] = [&fits[..1], &fits].map(|of| of.iter().flatten().map(|fit| fit.score).fold(0.0, f32::max));
        for (fits, best) in fits.iter_mut().zip([built_in, all]) {
            fits.iter_mut().for_each(|fit| fit.best = best);
        }
        let mut fits = fits.concat();
        fits.sort_unstable_by(order);
        fits
    }
}

/// What one text is weighed in.
#[derive(Debug)]
pub(super) struct Room {
    found: Sums,
    once: Sums,
    of_concept: Sums,
    share: Sums,
    best: Sums,
    second: Sums,
}

/// Sums by place that are emptied at the cost of what is in them.
#[derive(Debug)]
pub(super) struct Sums {
    sums: Vec<f32>,
    touched: Vec<u32>,
}

impl Sums {
    pub fn new(places: usize) -> Self {
        Self { sums: vec![0.0; places], touched: Vec::new() }
    }

    fn touch(&mut self, at: u32) -> &mut f32 {
        let sum = &mut self.sums[at as usize];
        // what is 0 and stays 0 may stand there twice: it is drained as 0
        if *sum == 0.0 {
            self.touched.push(at);
        }
        sum
    }

    pub fn of(&self, at: u32) -> f32 {
        self.sums[at as usize]
    }

    /// The largest.
    pub fn most(&self) -> f32 {
        self.touched.iter().map(|at| self.of(*at)).fold(0.0, f32::max)
    }

    pub fn add(&mut self, at: u32, value: f32) {
        *self.touch(at) += value;
    }

    pub fn at_least(&mut self, at: u32, value: f32) {
        let sum = self.touch(at);
        *sum = sum.max(value);
    }

    /// Adds what is in another, which is empty then.
    pub fn add_all(&mut self, other: &mut Self) {
        match self.touched.is_empty() {
            true => std::mem::swap(self, other),
            false => other.drain(|at, value| self.add(at, value)),
        }
    }

    pub fn clear(&mut self) {
        self.drain(|_, _| ());
    }

    pub fn drain(&mut self, mut each: impl FnMut(u32, f32)) {
        for at in self.touched.drain(..) {
            each(at, std::mem::take(&mut self.sums[at as usize]));
        }
    }
}
