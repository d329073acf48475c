//! `presence-daemon concepts import`: ESCO's official CSV files → a concept file of ours. No network, no database; text in, text out.
//!
//! ESCO has a row for each skill or occupation, and a file for each language; rows belong together by their `conceptUri`. A concept that
//! the built-in ones know already is not there twice: it gives them its words (`extends`). What is known by several stays theirs.

mod sheet;
#[cfg(test)]
mod tests;

use sheet::{Row, Sheet};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use voisins_shared::language::Language;
use voisins_shared::matching::{ConceptError, ConceptId, Concepts};

/// What stands above each file.
const HEAD: &str = "\
# Written by `presence-daemon concepts import` from the ESCO classification of the European Commission.
# An entry with `extends` gives its words to a concept that Voisins knows already.
";

/// A file: its name, for errors, and what is in it.
pub type Source = (String, Vec<u8>);

/// The official files. Skills and occupations are separate: several of each may be given.
#[derive(Debug, Default)]
pub struct Sources {
    /// Such as `skills_fr.csv`.
    pub fr: Vec<Source>,
    /// The same release in English.
    pub en: Vec<Source>,
    /// Such as `broaderRelationsSkillPillar.csv`; what is a kind of what.
    pub broader: Vec<Source>,
}

/// A concept file, with what is in it.
#[derive(Debug)]
pub struct Imported {
    /// The file.
    pub toml: String,
    /// Concepts of its own.
    pub added: usize,
    /// Concepts that give their words to a built-in one.
    pub widening: usize,
    /// All the words.
    pub names: usize,
    /// Relations between two concepts of the files.
    pub broader: usize,
    /// Rows whose status is not `released`.
    pub retired: usize,
}

/// Why a file isn't taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConceptImportError {
    /// A cell, or a row, or the header.
    #[error("{file}: line {line}, column {column}: {problem}")]
    Cell {
        /// Which file.
        file: String,
        /// From 1; the header is line 1. Of a row of several lines the first.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The file as a whole.
    #[error("{file}: {problem}")]
    File {
        /// Which file.
        file: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The concepts make no sense together.
    #[error("the concepts of these files can't be used: {0}")]
    Concepts(#[from] ConceptError),
}

/// A concept of the files, in both languages.
struct Pair {
    id: String,
    rows: [Row; 2],
    extends: Option<ConceptId>,
}

/// Makes one concept file of the official ones.
///
/// # Errors
/// [`ConceptImportError`] for the first thing that is wrong, with what to do.
pub fn import(sources: &Sources) -> Result<Imported, ConceptImportError> {
    let known = Concepts::built_in();
    let mut retired = 0;
    let [french, english] =
        [(&sources.fr, "French"), (&sources.en, "English")].map(|(files, language)| Sheet::read(files, language));
    let (french, mut english) = (french?, english?);
    let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
    for (uri, row) in french.rows {
        let Some(other) = english.rows.remove(&uri) else { return Err(row.alone(&uri, "English")) };
        if row.retired || other.retired {
            retired += 1;
            continue;
        }
        let rows = [row, other];
        pairs.insert(uri.clone(), Pair { id: id(&uri, &rows[0])?, extends: whom(&known, &rows), rows });
    }
    if let Some((uri, row)) = english.rows.first_key_value() {
        return Err(row.alone(uri, "French"));
    }
    refuse_same_ids(&pairs)?;
    let (broader, relations) = broader(&sources.broader, &pairs)?;
    let mut names = 0;
    let mut toml = HEAD.to_owned();
    for (uri, pair) in &pairs {
        names += write(&mut toml, &known, pair, broader.get(uri.as_str()));
    }
    Concepts::widened(&[("the import", &toml)])?;
    let widening = pairs.values().filter(|pair| pair.extends.is_some()).count();
    Ok(Imported { toml, added: pairs.len() - widening, widening, names, broader: relations, retired })
}

/// The last part of the URI.
fn id(uri: &str, row: &Row) -> Result<String, ConceptImportError> {
    let last = uri.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or_default();
    match last.is_empty() || last.contains(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))) {
        true => Err(row.error("conceptUri", format!("{uri:?} ends in no name, such as …/esco/skill/00735755-adc6"))),
        false => Ok(last.to_owned()),
    }
}

fn refuse_same_ids(pairs: &BTreeMap<String, Pair>) -> Result<(), ConceptImportError> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (uri, pair) in pairs {
        if let Some(other) = seen.insert(&pair.id, uri) {
            return Err(
                pair.rows[0].error("conceptUri", format!("{uri:?} and {other:?} end in the same name. Take one of them away"))
            );
        }
    }
    Ok(())
}

/// The built-in concept that this one is: known by that name in both languages, or in one alone if another of its words says so too.
/// A word that means several things in one language makes it none of them.
fn whom(known: &Concepts, rows: &[Row; 2]) -> Option<ConceptId> {
    let named = |label: &str, language| known.named(label, language);
    let [french, english] = [0, 1]
        .map(|at| -> BTreeSet<ConceptId> { rows[at].forms().iter().flat_map(|form| named(form, Language::ALL[at])).collect() });
    let votes = |concept: ConceptId| {
        let also = |at: usize| rows[at].also.iter().filter(|label| named(label, Language::ALL[at]).contains(&concept)).count();
        let same = |at: usize| rows[at].label.eq_ignore_ascii_case(known.label(concept, Language::ALL[at]));
        (usize::from(same(0)) + usize::from(same(1)), also(0) + also(1))
    };
    let best = french.intersection(&english).copied().max_by_key(|concept| (votes(*concept), std::cmp::Reverse(*concept)));
    if best.is_some() {
        return best;
    }
    let alone: Vec<ConceptId> = french.union(&english).copied().collect();
    let [only] = alone[..] else { return None };
    let (_, also) = votes(only);
    (also > 0).then_some(only)
}

/// For each concept what it is a kind of, and how many relations these are.
fn broader(
    sources: &[Source],
    pairs: &BTreeMap<String, Pair>,
) -> Result<(BTreeMap<String, BTreeSet<String>>, usize), ConceptImportError> {
    let mut broader: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        for (narrow, broad) in sheet::relations(source)? {
            // groups of skills have a file of their own; what gives its words to another concept has that one's place
            if let (Some(own), Some(other)) = (pairs.get(&narrow), pairs.get(&broad))
                && own.extends.is_none()
            {
                broader.entry(narrow).or_default().insert(other.id.clone());
            }
        }
    }
    let relations = broader.values().map(BTreeSet::len).sum();
    Ok((broader, relations))
}

/// Writes an entry; returns how many words it has.
fn write(toml: &mut String, known: &Concepts, pair: &Pair, broader: Option<&BTreeSet<String>>) -> usize {
    let mut names = 2;
    let _ = writeln!(toml, "\n[{}]", quoted(&pair.id));
    if let Some(extends) = pair.extends.and_then(|concept| known.get(concept)) {
        let _ = writeln!(toml, "extends = {}", quoted(extends.id()));
    }
    for (row, key) in pair.rows.iter().zip(["fr", "en"]) {
        let _ = writeln!(toml, "{key} = {}", quoted(&row.label));
    }
    for (at, (row, key)) in pair.rows.iter().zip(["fr_also", "en_also"]).enumerate() {
        // a word that a built-in concept has is that one's
        let is_new = |label: &&String| known.named(label, Language::ALL[at]).is_empty();
        let also: Vec<String> = row.also.iter().filter(is_new).map(|label| quoted(label)).collect();
        names += also.len();
        if !also.is_empty() {
            let _ = writeln!(toml, "{key} = [{}]", also.join(", "));
        }
    }
    if let Some(broader) = broader {
        let broader: Vec<String> = broader.iter().map(|id| quoted(id)).collect();
        let _ = writeln!(toml, "broader = [{}]", broader.join(", "));
    }
    names
}

/// A TOML basic string; there are no control characters in it (`sheet`).
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
