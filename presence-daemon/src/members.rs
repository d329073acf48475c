//! The members' CSV. Pure: text in, a plan out; all of it is carried out or nothing.
//!
//! UTF-8 with a header; columns in any order; only `name` is required. A row is matched by `id` (a number such as `M-0142`, or the
//! UUID), else by `email`; else it adds a member, if nobody has that name. An empty cell leaves what is there. Lists in a cell are
//! parted by `;`. A cell that begins like a formula is written with an apostrophe before it, and read without ([`formulas`]).
//!
//! `consent` lists fields and surfaces: `name;photo;skills;lobby`. That *invites* the member to agree. A consent that was given on
//! paper carries its date and source, `name;photo @ 2026-01-05 paper form`; several such groups are parted by `|`. A member's own
//! later withdrawal is never overridden.

mod cells;
mod export;
pub mod formulas;
pub mod preview;
mod problem;

#[cfg(test)]
mod tests;

pub use export::export;
pub use problem::Problem;

use crate::directory::{Directory, Member, Standing};
use crate::key::BadgeMac;
use crate::person::NAMES;
use crate::store::{Change, Consent, ConsentState};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use voisins_shared::language::Language;
use voisins_shared::member::{MemberId, MemberNumber};
use voisins_shared::payload::TextSize;
use voisins_shared::uid::Uid;

/// The columns, in the order of an export.
#[must_use]
pub fn all_columns() -> Vec<&'static str> {
    [["id"].as_slice(), &NAMES, &["consent", "badge"]].concat()
}

/// A CSV that can't be imported: nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}. Nothing was imported")]
pub struct ImportError {
    /// From 1; the header is line 1.
    pub line: u64,
    /// The column's name, or its number where it has none.
    pub column: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// What an import comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs)]
pub struct Imported {
    pub added: usize,
    pub updated: usize,
    pub unchanged: usize,
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Plan {
    pub imported: Imported,
    pub changes: Vec<Change>,
}

/// Reads a CSV against the members there are. `next` is the number the next new member gets, `today` the date of an invitation,
/// `digest` turns a badge's UID into what may be kept of it.
///
/// # Errors
/// [`ImportError`] for the first bad cell.
pub fn plan(
    csv: &str,
    directory: &Directory,
    consents: &BTreeMap<MemberId, Vec<Consent>>,
    next: MemberNumber,
    today: Date,
    digest: impl Fn(&Uid) -> Vec<BadgeMac>,
) -> Result<Plan, ImportError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(broken)?.clone();
    let columns = columns(&header)?;
    let mut planner = Planner { directory, consents, today, digest, next, seen: Seen::default() };
    let mut plan = Plan { imported: Imported::default(), changes: Vec::new() };
    let records = reader.records().collect::<Result<Vec<_>, _>>().map_err(broken)?;
    // numbers that the file gives are not given to others
    let given = columns.get("id").map(|at| records.iter().filter_map(|record| MemberNumber::parse(record.get(*at)?)).max());
    if let Some(Some(highest)) = given {
        planner.next = planner.next.max(MemberNumber(highest.0.saturating_add(1)));
    }
    for record in &records {
        let line = record.position().map_or(0, csv::Position::line);
        let row = Row { line, record, columns: &columns };
        let (change, is_new) = planner.row(&row)?;
        match change {
            None => plan.imported.unchanged += 1,
            Some(change) => {
                *if is_new { &mut plan.imported.added } else { &mut plan.imported.updated } += 1;
                plan.changes.push(change);
            }
        }
    }
    Ok(plan)
}

fn broken(error: csv::Error) -> ImportError {
    let (line, problem) = match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            (pos.as_ref().map_or(0, csv::Position::line), Problem::Cells(*len, *expected_len))
        }
        csv::ErrorKind::Utf8 { pos, .. } => (pos.as_ref().map_or(0, csv::Position::line), Problem::NotUtf8),
        _ => (error.position().map_or(1, csv::Position::line), Problem::NotCsv(error.to_string())),
    };
    ImportError { line, column: "1".to_owned(), problem }
}

fn columns(header: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, ImportError> {
    let mut columns = BTreeMap::new();
    for (at, title) in header.iter().enumerate() {
        let wrong = |problem| ImportError { line: 1, column: (at + 1).to_string(), problem };
        let Some(known) = all_columns().into_iter().find(|column| column.eq_ignore_ascii_case(title)) else {
            return Err(wrong(Problem::UnknownColumn(title.to_owned())));
        };
        if columns.insert(known, at).is_some() {
            return Err(wrong(Problem::ColumnTwice(known.to_owned())));
        }
    }
    if columns.contains_key("name") {
        return Ok(columns);
    }
    Err(ImportError { line: 1, column: "1".to_owned(), problem: Problem::NoNames })
}

/// One row with its cells by name.
struct Row<'a> {
    line: u64,
    record: &'a csv::StringRecord,
    columns: &'a BTreeMap<&'static str, usize>,
}

impl Row<'_> {
    /// A cell; `None` if it is empty or has no column.
    fn cell(&self, column: &str) -> Option<&str> {
        self.columns.get(column).and_then(|at| self.record.get(*at)).filter(|text| !text.is_empty()).map(formulas::plain)
    }

    fn wrong(&self, column: &str, problem: Problem) -> ImportError {
        ImportError { line: self.line, column: column.to_owned(), problem }
    }
}

/// More members than any space has.
const HIGHEST_NUMBER: MemberNumber = MemberNumber(9_999_999);

/// What earlier rows of the same file took.
#[derive(Default)]
struct Seen {
    members: BTreeSet<MemberId>,
    emails: BTreeSet<String>,
    names: BTreeSet<String>,
    numbers: BTreeSet<MemberNumber>,
    badges: BTreeSet<BadgeMac>,
}

struct Planner<'a, D> {
    directory: &'a Directory,
    consents: &'a BTreeMap<MemberId, Vec<Consent>>,
    today: Date,
    digest: D,
    next: MemberNumber,
    seen: Seen,
}

impl<D: Fn(&Uid) -> Vec<BadgeMac>> Planner<'_, D> {
    /// The change a row asks for, and whether it adds somebody.
    fn row(&mut self, row: &Row<'_>) -> Result<(Option<Change>, bool), ImportError> {
        let name = cells::name(row)?;
        let (mut member, is_new) = self.member(row, &name)?;
        let before = member.clone();
        member.name = name;
        cells::fill(row, &mut member)?;
        if let Some(email) = &member.email {
            let taken = self
                .directory
                .members()
                .any(|m| m.id != member.id && m.email.as_ref().is_some_and(|e| e.eq_ignore_ascii_case(email)));
            if taken || !self.seen.emails.insert(email.to_lowercase()) {
                return Err(row.wrong("email", Problem::EmailTaken(email.clone())));
            }
        }
        let consents = self.new_consents(row, &member)?;
        let badges = self.new_badges(row, &member)?;
        let by_name_only = !is_new && row.cell("id").is_none() && row.cell("email").is_none();
        let changes = is_new || member != before || !consents.is_empty() || !badges.is_empty();
        if by_name_only && changes {
            return Err(row.wrong("name", Problem::Namesake(member.number.to_string())));
        }
        Ok((changes.then_some(Change { member, consents, badges }), is_new))
    }

    /// Who a row is about: by id, else by e-mail, else a new member if nobody has that name.
    fn member(&mut self, row: &Row<'_>, name: &str) -> Result<(Member, bool), ImportError> {
        let known = match (row.cell("id"), row.cell("email")) {
            (Some(id), _) => match (id.parse::<Uuid>().ok(), MemberNumber::parse(id)) {
                (Some(uuid), _) => Some(self.directory.member(MemberId(uuid)).ok_or_else(|| row.wrong("id", Problem::NobodysId))?),
                // a number nobody has: a list from another house, or a backup
                (None, Some(number)) => match self.directory.members().find(|m| m.number == number) {
                    Some(member) => Some(member),
                    None => return self.added(row, name, Some(number)),
                },
                (None, None) => {
                    return Err(row.wrong("id", Problem::NoId(id.to_owned())));
                }
            },
            (None, Some(email)) => {
                self.directory.members().find(|m| m.email.as_ref().is_some_and(|e| e.eq_ignore_ascii_case(email)))
            }
            (None, None) => None,
        };
        let lower = name.to_lowercase();
        let namesake = || self.directory.members().filter(|m| m.name.to_lowercase() == lower).min_by_key(|m| m.number);
        if let (None, Some(namesake), Some(_)) = (&known, namesake(), row.cell("email"))
            && namesake.email.is_none()
        {
            return Err(row.wrong("name", Problem::NamesakeWithoutEmail(namesake.number.to_string())));
        }
        let known = known.or_else(|| if row.cell("email").is_none() { namesake() } else { None });
        let Some(member) = known else { return self.added(row, name, None) };
        if !self.seen.members.insert(member.id) {
            return Err(row.wrong("name", Problem::MemberTwice(member.number.to_string())));
        }
        Ok((member.clone(), false))
    }

    fn added(&mut self, row: &Row<'_>, name: &str, number: Option<MemberNumber>) -> Result<(Member, bool), ImportError> {
        if row.cell("email").is_none() && number.is_none() && !self.seen.names.insert(name.to_lowercase()) {
            return Err(row.wrong("name", Problem::NameTwice));
        }
        let number = number.unwrap_or(self.next);
        if number > HIGHEST_NUMBER {
            return Err(row.wrong("id", Problem::NumberTooHigh(number.to_string(), HIGHEST_NUMBER.to_string())));
        }
        if !self.seen.numbers.insert(number) {
            return Err(row.wrong("id", Problem::MemberTwice(number.to_string())));
        }
        self.next = MemberNumber(self.next.0.max(number.0.saturating_add(1)));
        let member = Member {
            id: MemberId(Uuid::new_v4()),
            number,
            name: name.to_owned(),
            title: None,
            pronouns: None,
            languages: vec![],
            skills: vec![],
            interests: vec![],
            looking_for: vec![],
            email: None,
            phone: None,
            website: None,
            table: None,
            screen_language: None::<Language>,
            text_size: TextSize::default(),
            authentic_only: false,
            standing: Standing::Active,
            consents: BTreeSet::new(),
            asked: false,
            photo: None,
        };
        Ok((member, true))
    }

    /// The consents a row adds to those there are.
    fn new_consents(&self, row: &Row<'_>, member: &Member) -> Result<Vec<Consent>, ImportError> {
        let held = self.consents.get(&member.id).map(Vec::as_slice).unwrap_or_default();
        let mut new: Vec<Consent> = cells::consents(row, self.today)?;
        let given: BTreeSet<_> = new.iter().filter(|c| c.state == ConsentState::Granted).map(|c| (c.field, c.surface)).collect();
        new.retain(|c| c.state == ConsentState::Granted || !given.contains(&(c.field, c.surface)));
        new.retain(|wanted| {
            let last = held.iter().find(|c| c.field == wanted.field && c.surface == wanted.surface);
            match (wanted.state, last) {
                (_, None) => true,
                // given already, or asked already
                (ConsentState::Granted, Some(last)) if last.state == ConsentState::Granted => false,
                (ConsentState::Invited, Some(_)) => false,
                // what a member took back, only a later paper gives again
                (_, Some(last)) => last.state != ConsentState::Withdrawn || wanted.on > last.on,
            }
        });
        Ok(new)
    }

    fn new_badges(&mut self, row: &Row<'_>, member: &Member) -> Result<Vec<BadgeMac>, ImportError> {
        let mut new = Vec::new();
        for uid in cells::badges(row)? {
            let macs = (self.digest)(&uid);
            match macs.iter().find_map(|mac| self.directory.badge(mac)) {
                Some(badge) if badge.member == member.id => {}
                Some(_) => return Err(row.wrong("badge", Problem::BadgeTaken)),
                None => {
                    if let Some(mac) = macs.first() {
                        if !self.seen.badges.insert(*mac) {
                            return Err(row.wrong("badge", Problem::BadgeTwice));
                        }
                        new.push(*mac);
                    }
                }
            }
        }
        Ok(new)
    }
}
