//! Calendars that were read, and what the manager does with events, by command.

#[cfg(test)]
mod tests;

use super::Pipeline;
use crate::calendars::{Report, feed::feed};
use crate::clock::Now;
use crate::community::Step;
use crate::community::agenda::{self, Calendar, CalendarId, Event, Words, own};
use crate::control;
use crate::house::{CommandError, House};
use crate::presence::Input;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tracing::{info, warn};
use voisins_shared::agenda::EventId;
use voisins_shared::payload::Kind;

/// How reading each calendar of the config went last.
#[derive(Debug, Default)]
pub(super) struct Readings(BTreeMap<String, Reading>);

#[derive(Debug, Default)]
struct Reading {
    read: Option<Timestamp>,
    problem: Option<String>,
    left_out: Vec<String>,
}

impl Pipeline {
    /// A calendar was read, or could not be: what was known stays then, and it is told once when it begins and once when it ends.
    /// While nobody knows the time, it was read for the wrong days: it is asked for again, until somebody does.
    pub(super) fn calendar(&mut self, Report { name, result, left_out, again }: Report) {
        let now = self.house.now();
        if now.wall.is_none() && result.is_ok() {
            return again.ask();
        }
        let reading = self.readings.0.entry(name.clone()).or_default();
        match result {
            Ok(calendar) => {
                reading.read = now.wall;
                if reading.problem.take().is_some() {
                    info!("the calendar {name:?} is read again");
                }
                if reading.left_out != left_out {
                    for what in &left_out {
                        warn!("the calendar {name:?}: left out: {what}");
                    }
                    reading.left_out = left_out;
                }
                let decision = self.house.decide(&Input::Between(Step::Agenda(agenda::Step::Read(calendar))), &now);
                // a disk that refuses is told where everything is recorded; tomorrow the calendar is read again
                let _ = self.settle(decision, &now, None);
            }
            Err(problem) => {
                if reading.problem.as_ref() != Some(&problem) {
                    warn!("the calendar {name:?} can't be read: {problem}");
                    reading.problem = Some(problem);
                }
            }
        }
    }

    /// The manager imports a calendar once; one of the same name is replaced.
    pub(super) fn import_calendar(&mut self, calendar: Calendar, now: &Now) -> Result<String, CommandError> {
        let name = &calendar.name;
        if self.house.config().calendars.iter().any(|config| config.name == *name) {
            let problem = format!("the config has a [[calendar]] {name:?}, which is read by itself: give another --name");
            return Err(CommandError::Impossible(problem));
        }
        let told = format!("{} occurrences in {name:?}\n", calendar.events.len());
        self.agenda_step(agenda::Step::Read(calendar), now)?;
        Ok(told)
    }

    /// The manager takes an imported calendar away.
    pub(super) fn forget_calendar(&mut self, name: &str, now: &Now) -> Result<(), CommandError> {
        if self.house.config().calendars.iter().any(|config| config.name == name) {
            return Err(CommandError::Impossible(format!("{name:?} stands in the config: take it out there, and restart")));
        }
        let none = || format!("no calendar {name:?}: `presence-daemon event calendars` lists them");
        if self.house.community().agenda().calendars().all(|calendar| calendar.name != name) {
            return Err(CommandError::Impossible(none()));
        }
        self.agenda_step(agenda::Step::Forget(CalendarId::of(name)), now)
    }

    /// The manager calls a proposed event off.
    pub(super) fn cancel_event(&mut self, event: EventId, now: &Now) -> Result<(), CommandError> {
        let problem = match self.house.community().agenda().event(event).map(|event| event.proposed) {
            Some(Some(_)) => return self.agenda_step(agenda::Step::Cancel(event), now),
            Some(None) if self.house.community().agenda().own_event(event).is_some() => {
                return self.agenda_step(agenda::Step::Cancel(event), now);
            }
            Some(None) => "this event comes from a calendar: cancel it there, or take the calendar away",
            None => "no proposed event has this id: `presence-daemon event list` shows them",
        };
        Err(CommandError::Impossible(problem.to_owned()))
    }

    /// The coordination puts up an event of the space, changes one, or says that it takes place.
    pub(super) fn event_desk(&mut self, ask: control::Event, now: &Now) -> Result<(), CommandError> {
        let policy = self.house.presence().policy();
        let wall = now.wall;
        let step = match ask {
            control::Event::Put { title, place, starts, firm } => {
                let (event, starts) = (EventId(uuid::Uuid::new_v4()), policy.moment_of(starts));
                own::Step::Put { event, words: Words { title, place }, starts, firm, wall }
            }
            control::Event::Change { event, title, place, starts } => {
                own::Step::Change { event, words: Words { title, place }, starts: policy.moment_of(starts), wall }
            }
            control::Event::Confirm { event } => own::Step::Confirm(event),
        };
        self.agenda_step(agenda::Step::Own(step), now)
    }

    fn agenda_step(&mut self, step: agenda::Step, now: &Now) -> Result<(), CommandError> {
        self.settle_step(Step::Agenda(step), now)
    }

    /// Our own feed.
    pub(super) fn feed(&self, now: &Now) -> String {
        let (config, policy) = (self.house.config(), self.house.presence().policy());
        let wall = now.wall.unwrap_or_else(crate::clock::wall_as_seen);
        let known = Now { wall: Some(wall), ..*now };
        let events = self.house.community().agenda().coming(policy, &known);
        feed(&events, &config.title, config.site.as_str(), policy.zone(), wall)
    }

    /// The calendars, by name, and how reading them went; the space's own is the one without a name.
    pub(super) fn calendars(&self) -> Vec<CalendarState> {
        let policy = self.house.presence().policy();
        let mut states: BTreeMap<&str, CalendarState> = BTreeMap::new();
        for config in &self.house.config().calendars {
            states.insert(&config.name, CalendarState { name: config.name.clone(), ..CalendarState::default() });
        }
        for calendar in self.house.community().agenda().calendars() {
            let (events, imported) = (Some(calendar.events.len()), calendar.imported && calendar.name != own::OWN);
            states.insert(
                &calendar.name,
                CalendarState { name: calendar.name.clone(), events, imported, ..CalendarState::default() },
            );
        }
        for (name, reading) in &self.readings.0 {
            let state = states.entry(name).or_insert_with(|| CalendarState { name: name.clone(), ..CalendarState::default() });
            state.read = reading.read.map(|read| policy.local(read));
            state.problem.clone_from(&reading.problem);
            state.left_out.clone_from(&reading.left_out);
        }
        states.into_values().collect()
    }
}

/// How it stands with a calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarState {
    /// Empty for the space's own.
    pub name: String,
    /// How many occurrences are known; none before it was read.
    pub events: Option<usize>,
    /// By hand.
    pub imported: bool,
    /// When it was read last, at the site.
    pub read: Option<DateTime>,
    /// Why it can't be read now, in English.
    pub problem: Option<String>,
    /// What of it was left out, and why, in English.
    pub left_out: Vec<String>,
}

/// The calendars, a line each: its name, how many occurrences, when it was read, and what is wrong.
pub(super) fn calendar_lines(states: &[CalendarState]) -> String {
    let mut text = String::new();
    for CalendarState { name, events, imported, read, problem, left_out } in states {
        text += if name == own::OWN { "(the space's own)" } else { name };
        text += &events.map_or(": nothing read yet".to_owned(), |events| format!(": {events} occurrences"));
        text += if *imported { ", imported" } else { "" };
        text += &read.map(|read| format!(", read {}", read.strftime("%Y-%m-%d %H:%M"))).unwrap_or_default();
        text += &problem.as_ref().map(|problem| format!("; can't be read now: {problem}")).unwrap_or_default();
        left_out.iter().for_each(|what| text += &format!("\n  left out: {what}"));
        text += "\n";
    }
    text
}

/// What comes, a line each: id, when, title, place, how many go, whether it is firm, who proposed it. For the manager's eyes: with names.
pub(super) fn events(house: &House, now: &Now) -> String {
    let (agenda, policy) = (house.community().agenda(), house.presence().policy());
    let seen = Now { wall: now.wall.or_else(|| Some(crate::clock::wall_as_seen())), ..*now };
    let line = |event: &Event| {
        let when = match event.all_day {
            Some(day) => day.to_string(),
            None => policy.local(event.starts).strftime("%Y-%m-%d %H:%M").to_string(),
        };
        let title = if event.kind == Kind::Lunch { "(lunch)" } else { &event.words.title };
        let mut line = format!("{}  {when}  {title}", event.id);
        if let Some(place) = &event.words.place {
            line += &format!("  {place}");
        }
        line += &format!("  going: {}", agenda.going_to(event.id).len());
        if let Some(proposed) = event.proposed {
            let author = house.directory().member(proposed.author).map_or("?", |member| &*member.name);
            let firm = if event.firm { "firm".to_owned() } else { format!("firm at {}", proposed.firm_at) };
            line += &format!("  {firm}  proposed by {author}");
        }
        line + "\n"
    };
    agenda.coming(policy, &seen).iter().map(line).collect()
}
