//! The night's hours of a screen: from one time of day to another, usually across midnight.

use jiff::civil::Time;
use serde::Deserialize;

/// From a time until a time, by the site's clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Night {
    from: Time,
    until: Time,
}

impl Night {
    /// Whether it is night at that time of day; the last minute is no longer in it.
    #[must_use]
    pub fn contains(&self, time: Time) -> bool {
        if self.from < self.until { (self.from..self.until).contains(&time) } else { time >= self.from || time < self.until }
    }
}

impl std::str::FromStr for Night {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        match text.split_once('-').and_then(|(from, until)| Some((time(from)?, time(until)?))) {
            Some((from, until)) if from == until => {
                Err(format!("{text:?} begins when it ends: write for example \"22:00-06:30\", or leave night out"))
            }
            Some((from, until)) => Ok(Self { from, until }),
            None => Err(format!("{text:?} is no night: write from when until when, such as \"22:00-06:30\"")),
        }
    }
}

impl TryFrom<String> for Night {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(night: &str, inside: &[&str], outside: &[&str]) {
        let night: Night = night.parse().unwrap();
        let contains = |time: &&&str| night.contains(time.parse().unwrap());
        assert_eq!(inside.iter().filter(|time| !contains(time)).count(), 0, "{night:?} {inside:?}");
        assert_eq!(outside.iter().filter(contains).count(), 0, "{night:?} {outside:?}");
    }

    #[test]
    fn a_night_may_go_across_midnight() {
        check("22:00-06:30", &["22:00", "23:59:59", "00:00", "06:29:59"], &["21:59:59", "06:30", "12:00"]);
        check("00:30-06:00", &["00:30", "05:59"], &["00:29", "06:00", "23:59"]);
        check("19:00 - 00:00", &["19:00", "23:59:59"], &["00:00", "18:59"]);
    }

    #[test]
    fn what_is_no_night_is_told_with_an_example() {
        for bad in ["", "22:00", "22-6", "22:00-24:30", "late-early", "22:00-06:30-07:00", "06:00-06:00"] {
            assert!(bad.parse::<Night>().unwrap_err().contains("\"22:00-06:30\""), "{bad}");
        }
    }
}
