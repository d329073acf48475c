//! Visits, days and guests, for the manager's eyes: what only the running house knows. Years of visits are read beside it.

use crate::clock::Now;
use crate::config::ClosingTime;
use crate::house::CommandError;
use crate::pipeline::Pipeline;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use voisins_shared::muster::Person;

/// What the visits' pages ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ask {
    /// Which day it is, and where.
    Today,
    /// Who is still here, and when the space closes.
    Closing,
    /// Who vouched for those of today who came without a badge.
    Vouched,
}

/// What the visits' pages are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reply {
    Today(Today),
    Closing {
        today: Today,
        people: Vec<Person>,
        days: Vec<Day>,
    },
    /// By the visit's number.
    Vouched {
        today: Today,
        by: Vec<(u64, String)>,
    },
}

/// Which day it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Today {
    /// None while the clock isn't trusted.
    pub day: Option<Date>,
    /// Now, by the site's clock.
    pub time: Option<Time>,
    pub time_zone: String,
}

/// When the space closes on a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Day {
    pub day: Date,
    pub closes: Option<Time>,
    /// All day.
    pub closed: bool,
    /// It is not as on other such weekdays.
    pub exception: bool,
}

/// So many days are looked ahead.
const AHEAD: usize = 14;

impl Pipeline {
    pub(super) fn visits_page(&self, ask: Ask, now: &Now) -> Result<Reply, CommandError> {
        let policy = self.house.presence().policy();
        let day = now.wall.map(|wall| policy.day_of(wall));
        let time = now.wall.map(|wall| policy.local(wall).time());
        let today = Today { day, time, time_zone: self.house.config().time_zone.clone() };
        Ok(match ask {
            Ask::Today => Reply::Today(today),
            Ask::Closing => {
                let people = self.evacuation_people(now);
                let closings = day.map(|day| policy.closings(day, AHEAD)).unwrap_or_default();
                let days = closings.into_iter().map(|(day, closing, exception)| Day {
                    day,
                    closes: match closing {
                        Some(ClosingTime::At(time)) => Some(time),
                        _ => None,
                    },
                    closed: closing == Some(ClosingTime::Closed),
                    exception,
                });
                Reply::Closing { today, people, days: days.collect() }
            }
            Ask::Vouched => {
                let names = self.house.store().vouched_names(day)?;
                let by = names.into_iter().filter_map(|(visit, vouched)| {
                    let member = vouched.member.map(|member| self.name(member));
                    Some((visit.0, member.or(vouched.by)?))
                });
                Reply::Vouched { today, by: by.collect() }
            }
        })
    }
}
