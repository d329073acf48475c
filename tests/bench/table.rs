//! The table: plain text in fixed columns.

use crate::numbers::Sample;
use std::fmt;

const WHAT: usize = 62;
const NUMBER: usize = 10;
const AIM: usize = 14;

/// What is printed at the end.
#[derive(Debug)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Row>,
    notes: Vec<String>,
}

#[derive(Debug)]
enum Row {
    Section(String),
    Values { what: String, cells: [String; 5], aim: Option<Aim> },
}

/// What the project wants, and whether it is so.
#[derive(Debug, Clone)]
pub struct Aim {
    wanted: String,
    is_met: bool,
}

impl Aim {
    /// Such as "p99 < 50 ms".
    pub fn new(wanted: &str, is_met: bool) -> Self {
        Self { wanted: wanted.to_owned(), is_met }
    }
}

impl Table {
    /// A table under some lines.
    pub fn new(head: Vec<String>) -> Self {
        Self { head, rows: Vec::new(), notes: Vec::new() }
    }

    /// Begins a part.
    pub fn section(&mut self, title: impl Into<String>) {
        self.rows.push(Row::Section(title.into()));
    }

    /// Times with their share of the whole, in percent.
    pub fn times(&mut self, what: &str, sample: &Sample, share: Option<f64>, aim: Option<Aim>) {
        let times = [sample.median(), sample.percentile(90), sample.percentile(99), sample.max()].map(time);
        let [median, p90, p99, max] = times;
        let share = share.map(|share| format!("{share:.0} %")).unwrap_or_default();
        self.rows.push(Row::Values { what: what.to_owned(), cells: [median, p90, p99, max, share], aim });
    }

    /// Times of so few runs that only median and maximum say something.
    pub fn few_times(&mut self, what: &str, sample: &Sample, aim: Option<Aim>) {
        let what = format!("{what} ({} runs)", sample.len());
        let cells = [time(sample.median()), String::new(), String::new(), time(sample.max()), String::new()];
        self.rows.push(Row::Values { what, cells, aim });
    }

    /// One value.
    pub fn value(&mut self, what: &str, value: String, aim: Option<Aim>) {
        let empty = String::new;
        self.rows.push(Row::Values { what: what.to_owned(), cells: [value, empty(), empty(), empty(), empty()], aim });
    }

    /// A line below the table.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

fn time(milliseconds: f64) -> String {
    match milliseconds.abs() {
        ..100.0 => format!("{milliseconds:.2} ms"),
        ..1000.0 => format!("{milliseconds:.0} ms"),
        _ => format!("{:.2} s", milliseconds / 1e3),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.head {
            writeln!(f, "{line}")?;
        }
        let titles = ["median", "p90", "p99", "max", "share"].map(str::to_owned);
        writeln!(f)?;
        write_row(f, "", &titles, "aim")?;
        for row in &self.rows {
            match row {
                Row::Section(title) => writeln!(f, "\n{title}")?,
                Row::Values { what, cells, aim } => {
                    let aim = aim.as_ref().map(|aim| {
                        let verdict = if aim.is_met { "met" } else { "MISSED" };
                        format!("{:<AIM$}{verdict}", aim.wanted)
                    });
                    write_row(f, &format!("  {what}"), cells, &aim.unwrap_or_default())?;
                }
            }
        }
        writeln!(f)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, what: &str, cells: &[String; 5], aim: &str) -> fmt::Result {
    let mut line = format!("{what:<WHAT$}");
    for cell in cells {
        line.push_str(&format!("{cell:>NUMBER$}"));
    }
    line.push_str(&format!("   {aim}"));
    writeln!(f, "{}", line.trim_end())
}
