//! The skill concepts: what coworkers offer and ask for, with all the words for it. Our own data, `shared/data/skills/*.toml`.

mod error;
#[cfg(test)]
mod tests;

pub use error::ConceptError;

use crate::language::Language;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// The files that are part of the program.
const BUILT_IN: &[(&str, &str)] = &[
    ("business.toml", include_str!("../../data/skills/business.toml")),
    ("creative.toml", include_str!("../../data/skills/creative.toml")),
    ("marketing.toml", include_str!("../../data/skills/marketing.toml")),
    ("money.toml", include_str!("../../data/skills/money.toml")),
    ("people.toml", include_str!("../../data/skills/people.toml")),
    ("science.toml", include_str!("../../data/skills/science.toml")),
    ("software.toml", include_str!("../../data/skills/software.toml")),
    ("technical.toml", include_str!("../../data/skills/technical.toml")),
];

/// A concept, by its place among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub(super) u32);

/// A concept as it stands in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fr: String,
    en: String,
    #[serde(default)]
    fr_also: Vec<String>,
    #[serde(default)]
    en_also: Vec<String>,
    #[serde(default)]
    fr_need: Vec<String>,
    #[serde(default)]
    en_need: Vec<String>,
    #[serde(default)]
    broader: Vec<String>,
    #[serde(default)]
    related: Vec<String>,
    #[serde(default)]
    sensitive: bool,
    code: Option<String>,
    /// The id of a concept to which this one gives its words, instead of being one.
    extends: Option<String>,
}

/// One concept.
#[derive(Debug, Clone)]
pub struct Concept {
    id: Box<str>,
    labels: [Box<str>; 2],
    /// What it is a kind of.
    pub broader: Vec<ConceptId>,
    /// What is a kind of it.
    pub narrower: Vec<ConceptId>,
    /// Neighbouring fields, in both directions.
    pub related: Vec<ConceptId>,
    /// Asking for it in public could hurt.
    pub sensitive: bool,
    /// A language's ISO 639 code.
    pub code: Option<Box<str>>,
}

/// How a phrase speaks of its concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It names it.
    Name,
    /// It says that somebody needs it.
    Need,
}

/// Words for a concept, in one language.
#[derive(Debug, Clone)]
pub(super) struct Phrase<'a> {
    pub concept: ConceptId,
    pub language: Language,
    pub kind: Kind,
    pub text: &'a str,
}

/// All concepts, with the words for them.
#[derive(Debug, Clone)]
pub struct Concepts {
    concepts: Vec<Concept>,
    by_id: BTreeMap<Box<str>, ConceptId>,
    /// Languages.
    by_code: BTreeMap<String, ConceptId>,
    pub(super) lexicon: super::lexicon::Lexicon,
}

impl Concepts {
    /// The concepts that are part of the program, read once.
    ///
    /// # Panics
    /// Never: a test reads the same files.
    #[must_use]
    pub fn built_in() -> Arc<Self> {
        static READ: LazyLock<Arc<Concepts>> =
            LazyLock::new(|| Arc::new(Concepts::parse(BUILT_IN).unwrap_or_else(|error| unreachable!("{error}"))));
        READ.clone()
    }

    /// The concepts that are part of the program, widened by files: name and TOML text of each. What the built-in ones are found by
    /// stays as it is.
    ///
    /// # Errors
    /// [`ConceptError`] with file and concept.
    pub fn widened(files: &[(&str, &str)]) -> Result<Self, ConceptError> {
        Self::read(BUILT_IN, files)
    }

    /// Reads concept files, without those that are part of the program: name and TOML text of each.
    ///
    /// # Errors
    /// [`ConceptError`] with file and concept.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, ConceptError> {
        Self::read(files, &[])
    }

    fn read(files: &[(&str, &str)], added: &[(&str, &str)]) -> Result<Self, ConceptError> {
        let mut known = Known::default();
        files.iter().try_for_each(|file| known.read(file))?;
        let first_added = known.next();
        added.iter().try_for_each(|file| known.read(file))?;
        known.resolve()?;
        let Known { entries, widening, by_id, .. } = known;
        let mut concepts = Vec::with_capacity(entries.len());
        for Read { file, id, entry } in &entries {
            let find = |relation, to: &String| find(&by_id, file, id, relation, to);
            let mut broader = entry.broader.iter().map(|to| find("broader", to)).collect::<Result<Vec<_>, _>>()?;
            broader.sort_unstable();
            broader.dedup();
            concepts.push(Concept {
                id: id.as_str().into(),
                labels: [entry.fr.as_str().into(), entry.en.as_str().into()],
                broader,
                narrower: Vec::new(),
                related: entry.related.iter().map(|to| find("related", to)).collect::<Result<_, _>>()?,
                sensitive: entry.sensitive,
                code: entry.code.as_deref().map(Into::into),
            });
        }
        link_back(&mut concepts);
        refuse_cycles(&concepts)?;
        let all = (0..).map(ConceptId).zip(&entries).chain(widening.iter().map(|(to, read)| (*to, read)));
        let words: Vec<Phrase> = all.flat_map(|(concept, read)| phrases(concept, &read.entry)).collect();
        let built_in = entries[..first_added.0 as usize].iter().map(|read| phrases(first_added, &read.entry).count()).sum();
        let lexicon = super::lexicon::Lexicon::new(&words, built_in, concepts.len(), first_added);
        let mut by_code = BTreeMap::new();
        for (place, concept) in (0..).map(ConceptId).zip(&concepts) {
            if let Some(code) = &concept.code {
                by_code.entry(code.to_ascii_lowercase()).or_insert(place);
            }
        }
        Ok(Self { concepts, by_id, by_code, lexicon })
    }

    /// The concepts that a text names as it stands, in any inflection: none, one, or several that share the word.
    #[must_use]
    pub fn named(&self, text: &str, language: Language) -> BTreeSet<ConceptId> {
        self.lexicon.named(text, language)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// A concept.
    #[must_use]
    pub fn get(&self, id: ConceptId) -> Option<&Concept> {
        self.concepts.get(id.0 as usize)
    }

    /// The concept of an id as it stands in a file (`bookkeeping`).
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ConceptId> {
        self.by_id.get(id).copied()
    }

    /// The name that the screen shows.
    #[must_use]
    pub fn label(&self, id: ConceptId, language: Language) -> &str {
        self.get(id).map_or("", |concept| concept.label(language))
    }

    /// The concept of a language, by its ISO code (`it`).
    #[must_use]
    pub fn language(&self, code: &str) -> Option<ConceptId> {
        self.by_code.get(code.to_ascii_lowercase().as_str()).copied()
    }

    /// All of them with their places.
    pub fn iter(&self) -> impl Iterator<Item = (ConceptId, &Concept)> {
        (0..).map(ConceptId).zip(&self.concepts)
    }
}

impl Concept {
    /// The id as it stands in a file.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name that the screen shows.
    #[must_use]
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.labels[0],
            Language::En => &self.labels[1],
        }
    }
}

/// An entry with where it stands.
#[derive(Debug)]
struct Read {
    file: Arc<str>,
    id: String,
    entry: Entry,
}

/// What the files say.
#[derive(Debug, Default)]
struct Known {
    entries: Vec<Read>,
    /// Those that give their words to another one.
    extending: Vec<Read>,
    widening: Vec<(ConceptId, Read)>,
    by_id: BTreeMap<Box<str>, ConceptId>,
    files: BTreeMap<String, Arc<str>>,
}

impl Known {
    fn next(&self) -> ConceptId {
        ConceptId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX))
    }

    fn read(&mut self, (file, text): &(&str, &str)) -> Result<(), ConceptError> {
        let read: BTreeMap<String, Entry> = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            ConceptError::Unreadable { file: format!("{file}:{line}"), problem: error.message().to_owned() }
        })?;
        let file: Arc<str> = (*file).into();
        for (id, entry) in read {
            if let Some(first) = self.files.insert(id.clone(), file.clone()) {
                return Err(ConceptError::Twice { file: file.to_string(), other: first.to_string(), id });
            }
            if entry.extends.is_some() {
                if !entry.broader.is_empty() || !entry.related.is_empty() {
                    return Err(ConceptError::Placed { file: file.to_string(), id });
                }
                self.extending.push(Read { file: file.clone(), id, entry });
            } else {
                self.by_id.insert(id.clone().into_boxed_str(), self.next());
                self.entries.push(Read { file: file.clone(), id, entry });
            }
        }
        Ok(())
    }

    /// Finds whom the others give their words to. They are known by their own id too.
    fn resolve(&mut self) -> Result<(), ConceptError> {
        let mut also = Vec::new();
        for read in std::mem::take(&mut self.extending) {
            let to = read.entry.extends.clone().unwrap_or_default();
            let (file, id) = (read.file.to_string(), read.id.clone());
            let Some(concept) = self.by_id.get(to.as_str()).copied() else {
                return Err(match self.files.contains_key(&to) {
                    true => ConceptError::Chain { file, id, to },
                    false => ConceptError::Unknown { file, id, relation: "extends", to },
                });
            };
            also.push((id.into_boxed_str(), concept));
            self.widening.push((concept, read));
        }
        self.by_id.extend(also);
        Ok(())
    }
}

fn find(
    by_id: &BTreeMap<Box<str>, ConceptId>,
    file: &str,
    id: &str,
    relation: &'static str,
    to: &str,
) -> Result<ConceptId, ConceptError> {
    let unknown = || ConceptError::Unknown { file: file.to_owned(), id: id.to_owned(), relation, to: to.to_owned() };
    by_id.get(to).copied().ok_or_else(unknown)
}

fn phrases(concept: ConceptId, entry: &Entry) -> impl Iterator<Item = Phrase<'_>> {
    let lists = [
        (Language::Fr, Kind::Name, std::slice::from_ref(&entry.fr)),
        (Language::Fr, Kind::Name, &entry.fr_also),
        (Language::Fr, Kind::Need, &entry.fr_need),
        (Language::En, Kind::Name, std::slice::from_ref(&entry.en)),
        (Language::En, Kind::Name, &entry.en_also),
        (Language::En, Kind::Need, &entry.en_need),
    ];
    lists
        .into_iter()
        .flat_map(move |(language, kind, texts)| texts.iter().map(move |text| Phrase { concept, language, kind, text }))
}

/// Narrower is the other side of broader; related holds both ways.
fn link_back(concepts: &mut [Concept]) {
    let mut narrower = vec![Vec::new(); concepts.len()];
    let mut related = vec![BTreeSet::new(); concepts.len()];
    for (place, concept) in (0..).map(ConceptId).zip(concepts.iter()) {
        for broader in &concept.broader {
            narrower[broader.0 as usize].push(place);
        }
        for other in &concept.related {
            related[place.0 as usize].insert(*other);
            related[other.0 as usize].insert(place);
        }
    }
    for ((concept, narrower), related) in concepts.iter_mut().zip(narrower).zip(related) {
        (concept.narrower, concept.related) = (narrower, related.into_iter().collect());
    }
}

fn refuse_cycles(concepts: &[Concept]) -> Result<(), ConceptError> {
    // how many broader ones each still waits for: what never gets to none is in a cycle, or above one
    let mut waits: Vec<usize> = concepts.iter().map(|concept| concept.broader.len()).collect();
    let mut free: Vec<usize> = (0..concepts.len()).filter(|at| waits[*at] == 0).collect();
    while let Some(at) = free.pop() {
        for narrower in &concepts[at].narrower {
            let narrower = narrower.0 as usize;
            waits[narrower] -= 1;
            if waits[narrower] == 0 {
                free.push(narrower);
            }
        }
    }
    let Some(mut at) = waits.iter().position(|waits| *waits > 0) else { return Ok(()) };
    let mut path: Vec<usize> = Vec::new();
    while !path.contains(&at) {
        path.push(at);
        at = concepts[at].broader.iter().map(|b| b.0 as usize).find(|b| waits[*b] > 0).unwrap_or(at);
    }
    let names: Vec<&str> = path.iter().skip_while(|p| **p != at).chain([&at]).map(|p| concepts[*p].id()).collect();
    Err(ConceptError::Cycle(names.join(" → ")))
}
