//! `history/{yyyy-mm}`: how many people were in the house, hour by hour. Numbers only, small groups hidden: anybody may read it.

use super::{OpenCount, V};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A month of a year, as it stands in a topic: `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearMonth {
    year: i16,
    month: i8,
}

impl YearMonth {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        // months are made of days or read from digits that were checked
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// So many months before; itself at the beginning of the calendar.
    #[must_use]
    pub fn back(self, months: i64) -> Self {
        self.first().checked_sub(jiff::Span::new().months(months)).map_or(self, Self::of)
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What is no month such as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month: write it as 2026-11")]
pub struct MonthError;

/// The inverse of `Display`, and nothing else: a topic has one spelling.
impl FromStr for YearMonth {
    type Err = MonthError;
    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        let read = Date::new(year.parse().map_err(|_| MonthError)?, month.parse().map_err(|_| MonthError)?, 1);
        if digits(year, 4) && digits(month, 2) { read.map(Self::of).map_err(|_| MonthError) } else { Err(MonthError) }
    }
}

impl TryFrom<String> for YearMonth {
    type Error = MonthError;
    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

impl From<YearMonth> for String {
    fn from(month: YearMonth) -> Self {
        month.to_string()
    }
}

/// `history/{yyyy-mm}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    #[allow(missing_docs)]
    pub v: V,
    #[allow(missing_docs)]
    pub session: Uuid,
    /// Rises within a session; an older document is to be dropped.
    pub rev: u64,
    #[allow(missing_docs)]
    pub month: YearMonth,
    /// In order; a day before the first visit ever is left out.
    pub days: Vec<HistoryDay>,
}

/// One day of the site's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryDay {
    #[allow(missing_docs)]
    pub day: Date,
    /// The most people who were here at a time in each hour, from the day's midnight on: 24 hours, 23 or 25 when the clocks change,
    /// and today those that are over.
    pub hours: Vec<OpenCount>,
    /// Some of them never checked out: how long they stayed is estimated.
    #[serde(default)]
    pub estimated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_and_read_in_one_way_only() {
        let month = YearMonth::of("2026-03-31".parse().unwrap());
        assert_eq!((month.to_string(), "2026-03".parse()), ("2026-03".to_owned(), Ok(month)));
        assert_eq!((month.back(1).to_string(), month.back(3).to_string()), ("2026-02".to_owned(), "2025-12".to_owned()));
        for bad in ["", "2026", "2026-3", "2026-13", "26-03", "2026-03-01", "+026-03", "2026-00", "2026-0３"] {
            assert_eq!(bad.parse::<YearMonth>(), Err(MonthError), "{bad}");
        }
    }
}
