//! Text as people type it → words that can be compared: no case, no accents, no elision, stems of French and English alike.

use crate::language::Language;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// More of a text than this says nothing more of what is needed.
const LONGEST: usize = 400;
/// More words than these are not looked at.
pub const MOST_WORDS: usize = 24;
/// Longer "words" are no words.
const LONGEST_WORD: usize = 40;

/// What French leaves of a small word before an apostrophe: `l’avocate`, `qu’il`, `jusqu’à`.
const ELIDED: [&str; 12] = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu"];

/// Words that say that somebody needs something, but not what. Folded: no accents.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    // French
    "a", "ai", "aide", "aider", "aidez", "alors", "assistance", "au", "aucun", "aussi", "autre", "aux", "avec", "avez", "avoir", "beaucoup", "besoin",
    "bien", "bon", "bonne", "ca", "car", "ce", "ces", "cet", "cette", "chaque", "cherche", "chercher", "chez", "ci", "comme", "comment",
    "contre", "coup", "dans", "de", "des", "deux", "dois", "doit", "donc", "donner", "du", "elle", "en", "es", "est", "et", "etais", "etait", "ete", "etre", "eu",
    "faire", "fais", "fait", "faut", "ici", "il", "ils", "j", "je", "juste", "la", "le", "les", "leur", "leurs", "lui", "ma", "main", "mais", "me", "mes", "mettre", "moi",
    "mon", "ne", "ni", "nos", "notre", "nous", "on", "ou", "par", "pas", "personne", "peu", "peut", "peux", "plus", "pour", "pourrait", "pouvoir", "pouvez",
    "pres", "que", "quel", "quelle", "quelqu", "quelque", "quelques", "quelquun", "qui", "quoi", "recherche", "sa", "sais", "sait", "sans", "savoir", "se", "sera", "ses", "si",
    "son", "sont", "suis", "sur", "ta", "te", "tes", "toi", "ton", "toujours", "tous", "tout", "toute", "toutes", "tres", "trop", "trouver", "tu", "un", "une", "uns",
    "va", "vais", "vers", "veut", "veux", "voir", "voudrais", "vos", "votre", "vous", "y",
    // English
    "about", "all", "am", "an", "and", "any", "anybody", "anyone", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "doing", "don", "for", "from", "get", "getting", "give", "got", "had", "has", "have", "having", "he", "hello", "help", "helps", "her", "here", "hi", "his",
    "how", "i", "if", "in", "into", "is", "it", "its", "just", "know", "knows", "like", "ll", "looking", "look", "make", "making", "many", "me", "might", "more", "my", "need",
    "needed", "needs", "not", "of", "off", "or", "our", "out", "over", "people", "person", "please", "re", "really", "s", "she", "should", "so", "some",
    "somebody", "someone", "something", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "too", "us", "ve",
    "very", "want", "wants", "was", "we", "were", "what", "when", "where", "which", "who", "whom", "why", "will", "with", "would", "you", "your",
];

/// Whether a word only says that something is needed.
pub(super) fn is_empty(folded: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| EMPTY.iter().copied().collect());
    ALL.contains(folded)
}

/// One word, folded: small letters without accents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As folded.
    pub folded: String,
    /// Whether it only says that something is needed.
    pub empty: bool,
    /// Whether it is written in capitals, as an abbreviation is ("IT").
    pub capitals: bool,
}

/// The words of a text, in order, at most [`MOST_WORDS`]. Whatever isn't a letter or a digit parts them; `+` and `#` belong to the word
/// before them (`C++`, `C#`).
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    each_word(text, |folded, capitals| words.push(Word { empty: is_empty(folded), capitals, folded: folded.to_owned() }));
    words
}

/// A text as it can be compared with another as a whole: small letters without accents, one kind of apostrophe and hyphen, single spaces.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST) {
        match c {
            '’' | 'ʼ' => folded.push('\''),
            '\u{2010}' | '\u{2011}' => folded.push('-'),
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            c => decompose_compatible(c, |c| {
                if !is_combining_mark(c) {
                    folded.extend(c.to_lowercase());
                }
            }),
        }
    }
    folded
}

/// The words one by one: folded, and whether in capitals.
pub(super) fn each_word(text: &str, mut each: impl FnMut(&str, bool)) {
    let (mut word, mut capitals, mut left) = (String::new(), true, MOST_WORDS);
    let mut take = |c: char, is_capital: bool| {
        capitals = is_capital && (capitals || word.is_empty());
        match c {
            'a'..='z' | '0'..='9' => word.push(c),
            'œ' => word.push_str("oe"),
            'æ' => word.push_str("ae"),
            c if c.is_alphanumeric() => word.push(c),
            '+' | '#' if !word.is_empty() => word.push(c),
            '\'' | '’' | 'ʼ' if ELIDED.contains(&word.as_str()) => word.clear(),
            _ if word.is_empty() => {}
            _ => {
                if left > 0 && word.chars().count() <= LONGEST_WORD {
                    left -= 1;
                    each(&word, capitals && word.len() > 1);
                }
                word.clear();
            }
        }
    };
    for c in text.chars().take(LONGEST) {
        if c.is_ascii() {
            take(c.to_ascii_lowercase(), !c.is_ascii_lowercase());
            continue;
        }
        // letter by letter: that marks would also be put in order doesn't matter, they go
        decompose_compatible(c, |c| {
            if !is_combining_mark(c) {
                c.to_lowercase().for_each(|lower| take(lower, !c.is_lowercase()));
            }
        });
    }
    take(' ', true);
}

/// Reduces words to stems by the Snowball algorithms of both languages: nobody says in which one they type.
pub struct Stems {
    french: Stemmer,
    english: Stemmer,
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stems")
    }
}

impl Default for Stems {
    fn default() -> Self {
        Self { french: Stemmer::create(Algorithm::French), english: Stemmer::create(Algorithm::English) }
    }
}

impl Stems {
    /// The stem of one language, as [`Self::keys`] has it.
    #[must_use]
    pub fn key(&self, folded: &str, language: Language) -> String {
        match language {
            Language::Fr => format!("f{}", self.french.stem(folded)),
            Language::En => format!("e{}", self.english.stem(folded)),
        }
    }

    /// The French and the English stem, as keys that can't be taken for each other.
    #[must_use]
    pub fn keys(&self, folded: &str) -> [String; 2] {
        Language::ALL.map(|language| self.key(folded, language))
    }
}

/// How a word sounds, roughly, in either language: mistakes that the ear doesn't hear disappear (`grafic`, `graphique`).
#[must_use]
pub fn sound(folded: &str) -> String {
    let mut sound = String::with_capacity(folded.len());
    let mut letters = folded.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let after = before.replace(letter);
        let heard = match (letter, next) {
            ('p', 'h') => {
                before = letters.next();
                'f'
            }
            ('q', 'u') | ('c', 'k') => {
                before = letters.next();
                'k'
            }
            ('c', 'e' | 'i' | 'y') | ('z', _) => 's',
            ('c' | 'q', _) if next != 'h' => 'k',
            ('y', _) => 'i',
            ('h', _) if after.is_some_and(|after| after != 'c' && after != 's') => continue,
            _ => letter,
        };
        if !sound.ends_with(heard) {
            sound.push(heard);
        }
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = words(text).into_iter().map(|word| word.folded).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn case_accents_and_elision_do_not_matter() {
        check("L’Avocate", &["avocate"]);
        check("d'identité visuelle", &["identite", "visuelle"]);
        check("Œuvres ÉLECTRONIQUES", &["oeuvres", "electroniques"]);
        check("e\u{301}te\u{301}", &["ete"]);
        check("C++, C# & Node.js", &["c++", "c#", "node", "js"]);
    }

    #[test]
    fn nothing_that_is_typed_is_too_much() {
        check("\u{0}\u{1b}[2J\t\n", &["2j"]);
        check("🎈🎈", &[]);
        check("محاسب", &["محاسب"]);
        assert_eq!(words(&"ab ".repeat(5_000)).len(), MOST_WORDS);
        assert_eq!(words(&"x".repeat(10_000)).len(), 0);
    }

    #[test]
    fn plural_and_gender_have_one_stem() {
        let stems = Stems::default();
        for (a, b) in [("impot", "impots"), ("traduction", "traductions"), ("site", "sites")] {
            assert_eq!(stems.keys(a)[0], stems.keys(b)[0], "{a} {b}");
        }
        for (a, b) in [("logo", "logos"), ("translating", "translate"), ("taxes", "taxe")] {
            assert_eq!(stems.keys(a)[1], stems.keys(b)[1], "{a} {b}");
        }
    }

    #[test]
    fn what_the_ear_does_not_hear_sounds_the_same() {
        for (a, b) in [("grafic", "graphic"), ("commptable", "comptable"), ("fotographe", "photographe"), ("quebek", "quebec")] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
    }
}
