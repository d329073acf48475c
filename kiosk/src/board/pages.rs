//! Pages of cards, the filter by a skill, and home after a minute.

use super::{Board, Now};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use voisins_shared::payload::{DirectoryMember, PresentMember};
use voisins_shared::roster::Roster;

/// An untouched page turns after this.
pub const PAGE_STAYS: Duration = Duration::from_secs(12);

/// Which cards are on screen.
#[derive(Debug, Clone)]
pub struct Pages {
    grid: usize,
    resting: usize,
    is_resting: bool,
    page: usize,
    turn_at: Duration,
    filter: Option<String>,
    /// The first skill of the row that is on screen.
    pub(super) skills_from: usize,
}

impl Pages {
    pub(super) fn new(now: Now) -> Self {
        Self {
            grid: 9,
            resting: 6,
            is_resting: false,
            page: 0,
            turn_at: now.since_start + PAGE_STAYS,
            filter: None,
            skills_from: 0,
        }
    }

    /// The page on screen, from 0.
    #[must_use]
    pub fn page(&self) -> usize {
        self.page
    }

    /// The skill that the cards are filtered by.
    #[must_use]
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// The first skill of the row that is on screen.
    #[must_use]
    pub fn skills_from(&self) -> usize {
        self.skills_from
    }

    /// Cards a page.
    #[must_use]
    pub fn room(&self) -> usize {
        if self.is_resting { self.resting } else { self.grid }.max(1)
    }

    /// How many pages `cards` take; at least one.
    #[must_use]
    pub fn count(&self, cards: usize) -> usize {
        cards.div_ceil(self.room()).max(1)
    }

    /// Everybody who passes the filter, the fresh first.
    pub fn shown<'a>(&'a self, roster: &'a Roster) -> impl Iterator<Item = (&'a PresentMember, &'a DirectoryMember)> {
        roster.present().filter(|(_, member)| self.filter.as_ref().is_none_or(|skill| member.skills.contains(skill)))
    }

    pub(super) fn set_room(&mut self, grid: usize, resting: usize) {
        self.grid = grid;
        self.resting = resting;
    }

    pub(super) fn handle_touch(&mut self, now: Now) {
        self.turn_at = now.since_start + PAGE_STAYS;
        if std::mem::take(&mut self.is_resting) {
            self.page = 0;
        }
    }

    pub(super) fn toggle_filter(&mut self, skill: String) {
        self.filter = if self.filter.as_ref() == Some(&skill) { None } else { Some(skill) };
        self.page = 0;
    }

    pub(super) fn turn(&mut self, by: isize, cards: usize, now: Now) {
        let count = self.count(cards);
        self.page = (self.page % count + count).wrapping_add_signed(by) % count;
        self.turn_at = now.since_start + PAGE_STAYS;
    }

    /// Somebody arrived: they find themselves on the first page.
    pub(super) fn show_first(&mut self, now: Now) {
        self.page = 0;
        self.turn_at = now.since_start + PAGE_STAYS;
    }

    /// Goes home; true if it wasn't there yet.
    pub(super) fn rest(&mut self, now: Now) -> bool {
        if self.is_resting {
            return false;
        }
        self.is_resting = true;
        self.filter = None;
        self.skills_from = 0;
        self.show_first(now);
        true
    }

    /// Drops a filter whose chip is gone, since nobody could touch it off, and a page that is gone.
    pub(super) fn settle(&mut self, roster: &Roster, cards: usize) {
        if self.filter.is_some() || self.skills_from > 0 {
            let skills = skills_present(roster);
            self.filter.take_if(|filter| !skills.iter().any(|(skill, _)| skill == filter));
            if self.skills_from >= skills.len() {
                self.skills_from = 0;
            }
        }
        self.page = self.page.min(self.count(cards) - 1);
    }

    pub(super) fn handle_timeout(&mut self, cards: usize, now: Now) {
        self.page = self.page.min(self.count(cards) - 1);
        if self.count(cards) == 1 {
            // the first page has its time from when a second one appears
            self.turn_at = now.since_start + PAGE_STAYS;
        } else if now.since_start >= self.turn_at {
            self.turn(1, cards, now);
        }
    }

    pub(super) fn poll_timeout(&self, cards: usize) -> Option<Duration> {
        (self.count(cards) > 1).then_some(self.turn_at)
    }
}

impl Board {
    /// How many turns those things have had since the last touch that share a place on the screen.
    #[must_use]
    pub fn turns(&self, now: Now) -> u64 {
        now.since_start.saturating_sub(self.last_touch).as_secs() / PAGE_STAYS.as_secs()
    }

    /// When the next of them is due.
    pub(super) fn turn_poll(&self, now: Now) -> Option<Duration> {
        let shares = self.roster.lobby().is_some_and(|lobby| lobby.needs.len() > 1) || !self.shown_events().is_empty();
        let next = u32::try_from(self.turns(now) + 1).unwrap_or(u32::MAX);
        shares.then(|| self.last_touch + PAGE_STAYS.saturating_mul(next))
    }
}

/// The skills of those here now with how many have each: the most frequent first, then by alphabet.
#[must_use]
pub fn skills_present(roster: &Roster) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for (_, member) in roster.present().filter(|(present, _)| present.fresh) {
        // listed twice, it is still one person
        for skill in member.skills.iter().collect::<BTreeSet<_>>() {
            *counts.entry(skill).or_default() += 1;
        }
    }
    let mut skills: Vec<(String, usize)> = counts.into_iter().map(|(skill, count)| (skill.to_owned(), count)).collect();
    skills.sort_by_cached_key(|(skill, count)| (std::cmp::Reverse(*count), skill.to_lowercase()));
    skills
}
