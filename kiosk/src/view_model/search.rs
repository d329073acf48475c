//! The search on the screen: results with why, the chips, the keys.

use super::avatar::Avatar;
use super::keyboard::{self, Key};
use super::layout::Layout;
use super::screen::Dot;
use super::since;
use crate::board::connection::Truth;
use crate::board::pages::skills_present;
use crate::board::{Board, Now};
use std::collections::BTreeMap;
use std::fmt;
use voisins_shared::matching::{Group, Hit, Nearness};
use voisins_shared::payload::{DirectoryMember, PresentMember};
use voisins_shared::visit::Availability;

/// Chips to begin with; those past the room are not drawn.
const CHIPS: usize = 16;

/// The search on screen. `Debug` doesn't say what is searched, nor what was found.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchScreen {
    /// What is typed.
    pub text: String,
    /// What the place of the results shows.
    pub middle: SearchMiddle,
    /// The results that fit, from the top.
    pub rows: Vec<ResultRow>,
    /// What one may look for.
    pub chips: Vec<String>,
    /// The keys; none while the keyboard is hidden.
    pub keys: Vec<Key>,
    /// The accented letters of the key that is held.
    pub variants: Vec<String>,
}

impl fmt::Debug for SearchScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchScreen").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

/// What the place of the results shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchMiddle {
    /// Nothing is typed: what one may look for.
    Start,
    /// Results.
    Results,
    /// No result.
    Nothing,
    /// No news for too long, or not yet: no names.
    NoNews,
}

/// How somebody who was found is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Here now.
    Here,
    /// Here, and open to questions.
    Open,
    /// Here, and not to be disturbed.
    DoNotDisturb,
    /// Was here today.
    Passed,
    /// Not here today.
    Away,
    /// No news.
    Unknown,
}

/// Somebody who was found.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ResultRow {
    pub group: Group,
    /// The first of its group: the title stands above it.
    pub first: bool,
    /// On that row, how many of the group don't fit.
    pub more: usize,
    /// Where the row starts, from the screen's top.
    pub y: u32,
    pub name: String,
    pub presence: Presence,
    pub avatar: Avatar,
    pub dot: Dot,
    /// Their own words that fit, the best first.
    pub why: Vec<String>,
    /// Empty unless they share it.
    pub table: String,
    /// "9 h 40": here since then; empty unless they share it.
    pub since: String,
    /// "le mardi": of somebody who isn't here, if they share it.
    pub usual_days: String,
}

/// Builds the search, if it is open.
#[must_use]
pub fn build(board: &Board, layout: &Layout, (width, height): (u32, u32), now: Now) -> Option<SearchScreen> {
    let search = board.search();
    if !search.is_open() {
        return None;
    }
    let truth = board.connection().truth();
    let names = matches!(truth, Truth::Online | Truth::Silent { names: true, .. }) && board.roster().directory().is_some();
    let rows = if names { results(board, layout, height, now) } else { vec![] };
    let middle = match () {
        () if !names => SearchMiddle::NoNews,
        () if search.text().trim().is_empty() => SearchMiddle::Start,
        () if rows.is_empty() => SearchMiddle::Nothing,
        () => SearchMiddle::Results,
    };
    let chips = match middle {
        SearchMiddle::Start => skills_present(board.roster()).into_iter().map(|(skill, _)| skill).take(CHIPS).collect(),
        SearchMiddle::Nothing => {
            let concepts = crate::concepts::current();
            let label = |id| concepts.label(id, board.language()).to_owned();
            search.found().concepts.iter().copied().map(label).take(CHIPS).collect()
        }
        _ => vec![],
    };
    let keys = match search.keyboard() {
        true => keyboard::keys(board.keyboard(), board.language(), search.layer(), width, layout.small),
        false => vec![],
    };
    let variants = search.held().map(keyboard::variants).unwrap_or_default();
    Some(SearchScreen { text: search.text().to_owned(), middle, rows, chips, keys, variants })
}

/// The rows that fit; the first of each group counts those that don't.
fn results(board: &Board, layout: &Layout, height: u32, now: Now) -> Vec<ResultRow> {
    let Some(directory) = board.roster().directory() else { return vec![] };
    let present: BTreeMap<_, _> = board.roster().present().map(|(present, member)| (member.id, present)).collect();
    let online = board.connection().is_online();
    let found = |member: &DirectoryMember| present.get(&member.id).copied();
    let presence = |member: &DirectoryMember| if online { of(found(member)) } else { Presence::Unknown };
    let groups = board.search().found().ranked(|profile| {
        directory.members.get(profile).map_or(Nearness::Away, |member| nearness(presence(member), !member.usual_days.is_empty()))
    });
    let bottom = layout.search_bottom(height, board.search().keyboard());
    let (mut y, mut rows) = (layout.search_rows_top(board.search().keyboard()), Vec::<ResultRow>::new());
    let mut title_of = 0;
    for hits in groups {
        let (found_here, shown) = (hits.len(), rows.len());
        for (n, hit) in hits.into_iter().enumerate() {
            let title = if n == 0 { layout.search_title() } else { 0 };
            let Some(member) = directory.members.get(hit.profile) else { continue };
            // one is always shown
            if y + title + layout.search_row() > bottom && !rows.is_empty() {
                y = bottom; // nobody comes before those who fit better
                continue;
            }
            let presence = presence(member);
            rows.push(ResultRow {
                group: hit.group,
                first: n == 0,
                more: 0,
                y: y + title,
                name: member.name.clone(),
                presence,
                avatar: Avatar::of(member.id, &member.name, board.roster()),
                dot: dot(presence),
                why: why(hit, board),
                table: member.table.clone().unwrap_or_default(),
                since: since(board, found(member), now),
                usual_days: match presence {
                    Presence::Away => board.language().usual_days(&member.usual_days),
                    _ => String::new(),
                },
            });
            y += title + layout.search_row() + layout.search_gap();
        }
        // a group without a row has no title either: the one before counts it
        title_of = if rows.len() > shown { shown } else { title_of };
        let hidden = found_here - (rows.len() - shown);
        if let Some(row) = rows.get_mut(title_of) {
            row.more += hidden;
        }
    }
    rows
}

/// What of them fits, as people read it.
fn why(hit: &Hit, board: &Board) -> Vec<String> {
    let concepts = crate::concepts::current();
    board.search().why(hit).iter().map(|why| why.text(&concepts, board.language()).to_owned()).collect()
}

pub(super) fn of(present: Option<&PresentMember>) -> Presence {
    match present {
        None => Presence::Away,
        Some(PresentMember { fresh: false, .. }) => Presence::Passed,
        Some(PresentMember { availability: Availability::Open, .. }) => Presence::Open,
        Some(PresentMember { availability: Availability::DoNotDisturb, .. }) => Presence::DoNotDisturb,
        Some(_) => Presence::Here,
    }
}

fn nearness(presence: Presence, usual_days: bool) -> Nearness {
    match presence {
        Presence::Open => Nearness::Open,
        Presence::Here => Nearness::Here,
        Presence::DoNotDisturb => Nearness::DoNotDisturb,
        Presence::Passed => Nearness::Passed,
        Presence::Away if usual_days => Nearness::ComingDay,
        Presence::Away | Presence::Unknown => Nearness::Away,
    }
}

pub(super) fn dot(presence: Presence) -> Dot {
    match presence {
        Presence::Here | Presence::Open => Dot::Fresh,
        Presence::DoNotDisturb => Dot::Quiet,
        Presence::Passed => Dot::Passed,
        Presence::Away | Presence::Unknown => Dot::Stale,
    }
}
