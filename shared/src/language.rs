//! The languages of the screens, and how each writes a time, a date and a number of people.
//!
//! French as written in Québec: `10 h 26` with no-break spaces, « mercredi 23 octobre ». The sentences themselves live in the
//! kiosk's translation files; only what no translation file can compute is here.

use crate::payload;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

/// A no-break space (U+00A0), as French wants it around `h` and before `:`.
pub const NO_BREAK_SPACE: char = '\u{a0}';

/// A language a person reads on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French, first.
    #[default]
    Fr,
    /// English.
    En,
}

/// Reads a code, as on a command line.
impl std::str::FromStr for Language {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, String> {
        Self::from_code(code).ok_or_else(|| "use fr or en".to_owned())
    }
}

impl Language {
    /// All languages, French first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// A time in a sentence: `10 h 26`, `14 h`, in English `10:26`.
    #[must_use]
    pub fn time(self, time: Time) -> String {
        let (h, m) = (time.hour(), time.minute());
        match self {
            Self::Fr if m == 0 => format!("{h}{NO_BREAK_SPACE}h"),
            Self::Fr => format!("{h}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{m:02}"),
            Self::En => format!("{h}:{m:02}"),
        }
    }

    /// A day in a line: `mercredi 23 octobre`, `dimanche 1er novembre`, in English `Wednesday, October 23`.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        let weekday = date.weekday();
        let month = usize::from(date.month().unsigned_abs()) - 1;
        match self {
            Self::Fr => {
                let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
                format!("{} {day} {}", french_weekday(weekday), FRENCH_MONTHS[month])
            }
            Self::En => format!("{}, {} {}", english_weekday(weekday), ENGLISH_MONTHS[month], date.day()),
        }
    }

    /// A month by itself: `novembre 2026`, in English `November 2026`.
    #[must_use]
    pub fn month(self, day: Date) -> String {
        let month = usize::from(day.month().unsigned_abs()) - 1;
        let names = match self {
            Self::Fr => FRENCH_MONTHS,
            Self::En => ENGLISH_MONTHS,
        };
        format!("{} {}", names[month], day.year())
    }

    /// The days somebody usually comes, after "vient d’habitude" or "usually here": `le mardi et le jeudi`, `du lundi au vendredi`, in
    /// English `on Tuesdays and Thursdays`. Empty without days.
    #[must_use]
    pub fn usual_days(self, days: &[payload::Weekday]) -> String {
        let days: Vec<usize> = (0..7).filter(|&day| days.contains(&payload::Weekday::ALL[day])).collect();
        let (Some(&first), Some(&last)) = (days.first(), days.last()) else { return String::new() };
        let name = |day: usize| match self {
            Self::Fr => FRENCH_DAYS[day],
            Self::En => ENGLISH_DAYS[day],
        };
        if days.len() > 2 && last - first + 1 == days.len() {
            return match self {
                Self::Fr => format!("du {} au {}", name(first), name(last)),
                Self::En => format!("from {} to {}", name(first), name(last)),
            };
        }
        let words: Vec<String> = match self {
            Self::Fr => days.iter().map(|&day| format!("le {}", name(day))).collect(),
            Self::En => days.iter().map(|&day| format!("{}s", name(day))).collect(),
        };
        let listed = match (words.as_slice(), self) {
            ([before @ .., last], Self::Fr) if !before.is_empty() => format!("{} et {last}", before.join(", ")),
            ([before @ .., last], Self::En) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
            _ => words.concat(),
        };
        if self == Self::En { format!("on {listed}") } else { listed }
    }
}

const FRENCH_DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const ENGLISH_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const FRENCH_MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
const ENGLISH_MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn french_weekday(day: Weekday) -> &'static str {
    FRENCH_DAYS[day.to_monday_zero_offset().unsigned_abs() as usize]
}

fn english_weekday(day: Weekday) -> &'static str {
    ENGLISH_DAYS[day.to_monday_zero_offset().unsigned_abs() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn times_and_dates_are_written_as_in_quebec() {
        assert_eq!(Language::Fr.time(time(10, 26, 0, 0)), "10\u{a0}h\u{a0}26");
        assert_eq!(Language::Fr.time(time(9, 5, 0, 0)), "9\u{a0}h\u{a0}05");
        assert_eq!(Language::Fr.time(time(14, 0, 0, 0)), "14\u{a0}h");
        assert_eq!(Language::En.time(time(14, 0, 0, 0)), "14:00");
        assert_eq!(Language::ALL.map(|language| language.month(date(2026, 8, 1))), ["août 2026", "August 2026"]);
        assert_eq!(Language::Fr.date(date(2024, 10, 23)), "mercredi 23 octobre");
        assert_eq!(Language::Fr.date(date(2026, 11, 1)), "dimanche 1er novembre");
        assert_eq!(Language::En.date(date(2024, 10, 23)), "Wednesday, October 23");
    }

    #[test]
    fn usual_days_are_written_as_people_say_them() {
        use payload::Weekday::{Fri, Mon, Thu, Tue, Wed};
        for (days, french, english) in [
            (&[][..], "", ""),
            (&[Thu], "le jeudi", "on Thursdays"),
            (&[Thu, Tue], "le mardi et le jeudi", "on Tuesdays and Thursdays"),
            (&[Mon, Tue, Thu], "le lundi, le mardi et le jeudi", "on Mondays, Tuesdays and Thursdays"),
            (&[Mon, Tue, Wed, Thu, Fri], "du lundi au vendredi", "from Monday to Friday"),
        ] {
            assert_eq!((Language::Fr.usual_days(days).as_str(), Language::En.usual_days(days).as_str()), (french, english));
        }
    }
}
