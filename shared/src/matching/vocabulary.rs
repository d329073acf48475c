//! The words that are known, and which of them somebody may have meant: the same stem, the beginning of a word that is still being
//! typed, a spelling mistake.

use super::normalize::{Stems, sound};
use std::collections::BTreeMap;
use std::collections::HashMap;

/// A stem, by its place in a vocabulary.
pub(super) type Key = u32;

/// As many words as one beginning may stand for.
const MOST_ENDINGS: usize = 40;
/// A shorter beginning says nothing yet.
const SHORTEST_BEGINNING: usize = 3;
/// In a shorter word a wrong letter makes another word.
const SHORTEST_MISTAKE: usize = 4;

/// A word as it is written.
#[derive(Debug, Clone)]
struct Spelt {
    folded: Box<str>,
    keys: Vec<Key>,
}

/// How a word sounds.
#[derive(Debug, Clone)]
struct Heard {
    sound: Box<str>,
    letters: u32,
    /// Its place among the words.
    word: u32,
}

/// A vocabulary. It is filled first, then asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    keys: HashMap<Box<str>, Key>,
    /// In order, each once.
    words: Vec<Spelt>,
    /// By the first letter that is heard, the words in order; those too short for a mistake aren't among them.
    by_sound: BTreeMap<char, Vec<Heard>>,
    /// From this stem on they were added to the built-in ones.
    added: Option<Key>,
}

/// What a typed word may mean: stems, each with how sure that is.
pub(super) type Meant = Vec<(Key, f32)>;

impl Vocabulary {
    /// The place of a stem; it is added if it is new.
    pub fn add_key(&mut self, key: &str) -> Key {
        if let Some(place) = self.keys.get(key) {
            return *place;
        }
        let place = Key::try_from(self.keys.len()).unwrap_or(Key::MAX);
        self.keys.insert(key.into(), place);
        place
    }

    /// The place of a stem, if it is known.
    pub fn key(&self, key: &str) -> Option<Key> {
        self.keys.get(key).copied()
    }

    /// What comes now stands behind what came so far: a beginning is first one of the words before.
    pub fn mark_added(&mut self) {
        self.added = Some(Key::try_from(self.keys.len()).unwrap_or(Key::MAX));
    }

    /// Adds a word as it is written, with the stem it has here; once for each is enough.
    pub fn add_word(&mut self, folded: &str, key: Key) {
        self.words.push(Spelt { folded: folded.into(), keys: vec![key] });
    }

    /// Filled: ready to be asked.
    pub fn finish(&mut self) {
        self.words.sort_by(|a, b| a.folded.cmp(&b.folded));
        self.words.dedup_by(|other, word| {
            let same = other.folded == word.folded;
            if same {
                other.keys.iter().for_each(|key| word.add(*key));
            }
            same
        });
        self.by_sound.clear();
        for (place, Spelt { folded, .. }) in (0..).zip(&self.words) {
            let sound = sound(folded);
            let Some(first) = sound.chars().next().filter(|_| folded.chars().count() >= SHORTEST_MISTAKE) else { continue };
            let heard = Heard { letters: letters(&sound), sound: sound.into(), word: place };
            self.by_sound.entry(first).or_default().push(heard);
        }
    }

    /// How many stems there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// What a word may mean here. `typing`: it is the last one, and perhaps not finished. `strict`: only as written.
    pub fn meant(&self, stems: &Stems, folded: &str, typing: bool, strict: bool) -> Meant {
        let mut meant: Meant = stems.keys(folded).iter().filter_map(|key| Some((*self.keys.get(key.as_str())?, 1.0))).collect();
        if !meant.is_empty() || strict {
            return meant;
        }
        let length = folded.chars().count();
        if typing && length >= SHORTEST_BEGINNING {
            let from = &self.words[self.words.partition_point(|word| *word.folded < *folded)..];
            let mut left = [MOST_ENDINGS; 2];
            for Spelt { folded: word, keys } in from.iter().take_while(|word| word.folded.starts_with(folded)) {
                let is_added = self.added.is_some_and(|added| keys.iter().all(|key| *key >= added));
                let left = &mut left[usize::from(is_added)];
                if *left == 0 {
                    continue;
                }
                *left -= 1;
                let sure = 0.55 + 0.4 * ratio(length, word.chars().count());
                keys.iter().for_each(|key| add(&mut meant, *key, sure));
            }
        }
        if length >= SHORTEST_MISTAKE {
            self.misspelt(folded, length, &mut meant);
        }
        meant
    }

    fn misspelt(&self, folded: &str, length: usize, meant: &mut Meant) {
        let heard = sound(folded);
        let Some(first) = heard.chars().next() else { return };
        // of a word that hardly sounds, a mistake would leave nothing ("zzzqq")
        let allowed = match heard.chars().count() {
            0..3 => return,
            3 => 0,
            _ if length >= 8 => 2,
            _ => 1,
        };
        let own = letters(&heard);
        let mut best: Vec<(&Heard, f32)> = Vec::new();
        for known in self.by_sound.get(&first).into_iter().flatten() {
            // each changed letter sets two bits of the difference at the most
            if (known.letters ^ own).count_ones() > 2 * allowed || known.sound.len().abs_diff(heard.len()) > allowed as usize {
                continue;
            }
            let distance = if *known.sound == *heard { 0 } else { strsim::osa_distance(&known.sound, &heard) };
            if distance <= allowed as usize {
                let sure = [0.9, 0.78, 0.6][distance.min(2)];
                best.push((known, sure));
            }
        }
        // a near miss makes a far one improbable
        let sure = best.iter().map(|(_, sure)| *sure).fold(0.0, f32::max);
        for (known, s) in best.into_iter().filter(|(_, s)| *s >= sure - 0.05) {
            self.words[known.word as usize].keys.iter().for_each(|key| add(meant, *key, s));
        }
    }
}

impl Spelt {
    fn add(&mut self, key: Key) {
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }
}

fn add(meant: &mut Meant, key: Key, sure: f32) {
    match meant.iter_mut().find(|(k, _)| *k == key) {
        Some((_, known)) => *known = known.max(sure),
        None => meant.push((key, sure)),
    }
}

/// Which letters a word has, a bit each; what is no letter shares one.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |bits, byte| bits | 1 << if byte.is_ascii_lowercase() { byte - b'a' } else { 26 })
}

#[allow(clippy::cast_precision_loss)] // words are short
fn ratio(a: usize, b: usize) -> f32 {
    a as f32 / b.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(words: &[&str]) -> (Vocabulary, Stems) {
        let (mut vocabulary, stems) = (Vocabulary::default(), Stems::default());
        for word in words {
            let key = vocabulary.add_key(&stems.keys(word)[0]);
            vocabulary.add_word(word, key);
        }
        vocabulary.finish();
        (vocabulary, stems)
    }

    #[track_caller]
    fn check(typed: &str, typing: bool, expected: &[&str]) {
        let words = ["comptable", "traduction", "graphique", "photo", "photographe", "impot", "import"];
        let (vocabulary, stems) = vocabulary(&words);
        let meant = vocabulary.meant(&stems, typed, typing, false);
        let found: Vec<&str> = words
            .into_iter()
            .filter(|word| meant.iter().any(|(key, _)| vocabulary.keys.get(stems.keys(word)[0].as_str()) == Some(key)))
            .collect();
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn a_spelling_mistake_a_beginning_and_an_exact_word() {
        check("comtable", false, &["comptable"]);
        check("traducton", false, &["traduction"]);
        check("grafique", false, &["graphique"]);
        check("photog", true, &["photo", "photographe"]);
        check("photog", false, &["photo"]);
        check("impots", true, &["impot"]);
        check("xyz", true, &[]);
        check("zzzqq", true, &[]);
        check("", true, &[]);
    }
}
