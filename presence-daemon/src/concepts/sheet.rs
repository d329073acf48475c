//! The official CSV files: rows by URI, and errors that name the place.

use super::{ConceptImportError, Source};
use csv::StringRecord;
use std::collections::BTreeMap;
use std::sync::Arc;

const URI: &str = "conceptUri";
const LABEL: &str = "preferredLabel";
const ALSO: &str = "altLabels";
const BROADER: &str = "broaderUri";
/// Files that were cut short have it not.
const STATUS: &str = "status";

/// A concept in one language.
#[derive(Debug)]
pub struct Row {
    file: Arc<str>,
    line: u64,
    pub label: String,
    pub also: Vec<String>,
    /// Not part of the release any more.
    pub retired: bool,
}

impl Row {
    pub fn error(&self, column: &str, problem: String) -> ConceptImportError {
        ConceptImportError::Cell { file: self.file.to_string(), line: self.line, column: column.to_owned(), problem }
    }

    /// It has no partner in the other language.
    pub fn alone(&self, uri: &str, other: &str) -> ConceptImportError {
        let problem = format!("no {other} file has {uri:?}. Give the same files of the same release in both languages");
        self.error(URI, problem)
    }

    /// Feminine and masculine stand in one label: "analyste financier/analyste financière".
    pub fn forms(&self) -> Vec<&str> {
        self.label.split('/').map(str::trim).filter(|form| !form.is_empty()).collect()
    }
}

/// All concepts of a language.
#[derive(Debug, Default)]
pub struct Sheet {
    pub rows: BTreeMap<String, Row>,
}

impl Sheet {
    pub fn read(sources: &[Source], language: &str) -> Result<Self, ConceptImportError> {
        let mut sheet = Self::default();
        for source in sources {
            let file: Arc<str> = source.0.as_str().into();
            let table = Table::read(source, &[URI, LABEL, ALSO])?;
            for (line, record) in &table.records {
                let uri = table.cell(record, URI);
                let also = table.cell(record, ALSO).lines().flat_map(|line| line.split(" | ")).map(clean);
                let status = table.cell(record, STATUS);
                let mut row = Row {
                    file: file.clone(),
                    line: *line,
                    label: clean(table.cell(record, LABEL)),
                    also: Vec::new(),
                    retired: !status.is_empty() && !status.eq_ignore_ascii_case("released"),
                };
                for label in also.filter(|label| !label.is_empty()) {
                    let same = |known: &String| known.to_lowercase() == label.to_lowercase();
                    if !same(&row.label) && !row.also.iter().any(same) {
                        row.also.push(label);
                    }
                }
                if uri.is_empty() {
                    return Err(row.error(URI, "it is empty. Take the file as ESCO's download page gives it".to_owned()));
                }
                if row.label.is_empty() {
                    return Err(row.error(LABEL, format!("it is empty. Write the {language} name, or take the row away")));
                }
                if let Some(first) = sheet.rows.get(uri) {
                    let place = format!("{}, line {}", first.file, first.line);
                    return Err(row.error(URI, format!("{uri:?} stands in {place} already. Take one of the two rows away")));
                }
                sheet.rows.insert(uri.to_owned(), row);
            }
        }
        Ok(sheet)
    }
}

/// Narrow and broad, as URIs.
pub fn relations(source: &Source) -> Result<Vec<(String, String)>, ConceptImportError> {
    let table = Table::read(source, &[URI, BROADER])?;
    let pair = |record: &StringRecord| (table.cell(record, URI).to_owned(), table.cell(record, BROADER).to_owned());
    Ok(table.records.iter().map(|(_, record)| pair(record)).collect())
}

/// A label as people read it: on one line.
fn clean(label: &str) -> String {
    let spaced: String = label.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Table {
    columns: BTreeMap<String, usize>,
    records: Vec<(u64, StringRecord)>,
}

impl Table {
    fn read((file, bytes): &Source, wanted: &[&str]) -> Result<Self, ConceptImportError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|error| broken(file, &error))?.clone();
        let mut columns = BTreeMap::new();
        for (at, name) in header.iter().enumerate() {
            columns.entry(name.to_owned()).or_insert(at);
        }
        if let Some(missing) = wanted.iter().find(|name| !columns.contains_key(**name)) {
            let found = header.iter().collect::<Vec<_>>().join(", ");
            let problem =
                format!("the header has no such column, but {found:?}. Take the CSV as ESCO's download page gives it, with commas");
            return Err(ConceptImportError::Cell { file: file.clone(), line: 1, column: (*missing).to_owned(), problem });
        }
        let mut records = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| broken(file, &error))?;
            records.push((record.position().map_or(0, csv::Position::line), record));
        }
        Ok(Self { columns, records })
    }

    fn cell<'a>(&self, record: &'a StringRecord, column: &str) -> &'a str {
        self.columns.get(column).and_then(|at| record.get(*at)).unwrap_or_default().trim()
    }
}

fn broken(file: &str, error: &csv::Error) -> ConceptImportError {
    let line = error.position().map_or(1, csv::Position::line);
    let problem = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => format!("line {line}: this row is not UTF-8. Save the file as \"CSV UTF-8\""),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "line {line}: this row has {len} cells, the header has {expected_len}. Take the file as ESCO's download page gives it"
            )
        }
        _ => format!("line {line}: {error}"),
    };
    ConceptImportError::File { file: file.to_owned(), problem }
}
