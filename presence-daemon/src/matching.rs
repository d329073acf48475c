//! `presence-daemon match`: who of a members' CSV can help with what, so that anyone can measure it on their own members and queries.
//! It ranks every member of the file, consent and presence aside, and keeps nothing.

use crate::directory::{Directory, Member};
use crate::members::{ImportError, plan};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use voisins_shared::language::Language;
use voisins_shared::matching::{Concepts, Index, Profile};
use voisins_shared::member::MemberNumber;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// The members can't be read.
    #[error("line {line}, column {column}: {problem}")]
    Members {
        /// From 1; the header is line 1.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A line of queries can't be read.
    #[error("line {line}: {found:?} is no query. Write the language, a tab and the query, such as \"fr\tcomptable\"")]
    Query {
        /// From 1.
        line: usize,
        /// What stands there.
        found: String,
    },
}

impl From<ImportError> for MatchError {
    fn from(ImportError { line, column, problem }: ImportError) -> Self {
        Self::Members { line, column, problem: problem.to_string() }
    }
}

/// Somebody who was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatchResult {
    /// As in the file.
    pub name: String,
    /// Above 0; only the order counts.
    pub score: f32,
    /// What the query was understood as, and their own words that fit.
    pub why: String,
}

/// The answer to one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// As it was asked.
    pub query: String,
    /// By score.
    pub results: Vec<MatchResult>,
}

/// The members of a file, ready to be searched.
#[derive(Debug)]
pub struct Matcher {
    members: Vec<Member>,
    index: Index,
    concepts: Arc<Concepts>,
}

impl Matcher {
    /// Reads a members' CSV, the same columns as an import's, to be searched by these concepts.
    ///
    /// # Errors
    /// [`MatchError::Members`] with line and column.
    pub fn new(csv: &str, concepts: Arc<Concepts>) -> Result<Self, MatchError> {
        let nobody = (Directory::default(), BTreeMap::new());
        // neither dates nor digests of badges are looked at
        let plan = plan(csv, &nobody.0, &nobody.1, MemberNumber(1), Date::ZERO, |_| Vec::new())?;
        let members: Vec<Member> = plan.changes.into_iter().map(|change| change.member).collect();
        let profiles = members.iter().map(|member| Profile {
            title: member.title.as_deref(),
            skills: &member.skills,
            interests: &member.interests,
            languages: &member.languages,
        });
        let index = Index::new(concepts.clone(), profiles);
        Ok(Self { index, members, concepts })
    }

    /// Who can help with a query, explained in a language.
    #[must_use]
    pub fn answer(&self, query: &str, language: Language) -> Answer {
        let found = self.index.search(query);
        let meant = found.concepts.first().map(|concept| self.concepts.label(*concept, language));
        let results = found.hits.iter().filter_map(|hit| {
            let why = self.index.why(hit).iter().map(|why| why.text(&self.concepts, language)).collect::<Vec<_>>().join(", ");
            Some(MatchResult {
                name: self.members.get(hit.profile)?.name.clone(),
                score: (hit.score * 1000.0).round() / 1000.0,
                why: meant.map_or_else(|| why.clone(), |meant| format!("{why} ({meant})")),
            })
        });
        Answer { query: query.to_owned(), results: results.filter(|result| result.score > 0.0).collect() }
    }

    /// The answers to a file of queries: language, tab, query; what follows another tab is not looked at.
    ///
    /// # Errors
    /// [`MatchError::Query`] with the line.
    pub fn answers(&self, queries: &str) -> Result<Vec<Answer>, MatchError> {
        let lines = queries.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(at, line)| {
                let mut cells = line.split('\t');
                let language = cells.next().and_then(|code| Language::from_code(code.trim()));
                match (language, cells.next()) {
                    (Some(language), Some(query)) => Ok(self.answer(query.trim(), language)),
                    _ => Err(MatchError::Query { line: at + 1, found: line.to_owned() }),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: &str = "name,skills\nAnne Roy,Comptabilité;Impôts\nZoé Ng,Illustration\n";

    fn matcher(members: &str) -> Result<Matcher, MatchError> {
        Matcher::new(members, Concepts::built_in())
    }

    #[test]
    fn a_query_is_answered_by_score_and_says_why() {
        let answer = matcher(MEMBERS).unwrap().answer("tax accountant", Language::Fr);
        assert_eq!(answer.results[0].name, "Anne Roy");
        assert!(answer.results[0].why.contains("Impôts"), "{answer:?}");
    }

    #[test]
    fn a_file_of_queries_is_answered_in_order() {
        let matcher = matcher(MEMBERS).unwrap();
        let answers = matcher.answers("fr\tdessinateur\tZoé Ng\n\nen\taccountant\n").unwrap();
        let first: Vec<&str> = answers.iter().map(|answer| answer.results[0].name.as_str()).collect();
        assert_eq!(first, ["Zoé Ng", "Anne Roy"]);
    }

    #[test]
    fn a_mistake_in_a_file_is_named_with_its_line() {
        let error = matcher("name,skils\n").unwrap_err().to_string();
        assert!(error.starts_with("line 1, column 2: unknown column \"skils\""), "{error}");
        let error = matcher(MEMBERS).unwrap().answers("fr\tlogo\nlogo\n").unwrap_err().to_string();
        assert!(error.starts_with("line 2: \"logo\" is no query"), "{error}");
        assert!(matcher("name\n").unwrap().answer("logo", Language::En).results.is_empty());
    }
}
