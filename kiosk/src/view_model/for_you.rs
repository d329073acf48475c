//! *Pour vous* on the screen: a card for each thing that waited, and pages if they don't fit.
//!
//! What a page holds is known before a button is pressed and doesn't change with it: nothing moves under a finger.

use super::avatar::Avatar;
use super::member::width;
use super::screen::Dot;
use super::search::{self, Presence};
use crate::board::Board;
use crate::board::for_you::{Button, Item, PressStep, can_be_snoozed};
use std::fmt;
use voisins_shared::payload::{ForYou, Greeted, ProposedBy};

/// *Pour vous* on screen. `Debug` says neither who nor what.
#[derive(Clone, PartialEq, Eq)]
pub struct ForYouScreen {
    /// The request that a press has to name.
    pub request: String,
    /// The cards on this page.
    pub cards: Vec<ForYouCard>,
    /// Which page of how many, from 1.
    pub page: (usize, usize),
    /// The diameter of a face.
    pub face: u32,
    /// *Ne rien me proposer pendant une semaine* is about something on this page.
    pub snoozes: bool,
    /// How far that got.
    pub snoozed: PressStep,
    /// Its buttons can do something.
    pub can_press: bool,
}

impl fmt::Debug for ForYouScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForYouScreen").field("page", &self.page).finish_non_exhaustive()
    }
}

/// What a card is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ForYouKind {
    CanHelp,
    CanBeHelped,
    Offered,
    /// The other one asks for it.
    Wished,
    /// The coordination had the idea.
    Proposed,
    Introduced,
    NotIntroduced,
    LedSomewhere,
    Thanked,
    Interest,
    Note,
    StillOpen,
    Earned,
}

/// One thing that waited.
#[derive(Clone, PartialEq, Eq)]
pub struct ForYouCard {
    /// Its place among all.
    pub at: usize,
    /// What it is about.
    pub kind: ForYouKind,
    /// Their first name; empty if they are not named.
    pub name: String,
    /// Their face, if they are named.
    pub avatar: Option<Avatar>,
    /// How they are here; nothing is known of who is not named.
    pub presence: Presence,
    /// The mark beside the face.
    pub dot: Dot,
    /// Where they sit; empty unless they share it and are here.
    pub table: String,
    /// The need, the interest or the note, in its author's words; may be empty.
    pub text: String,
    /// The helper's words that fit, or what a note answers, in one line.
    pub why: String,
    /// Day passes.
    pub passes: u32,
    /// How far the last press got.
    pub step: PressStep,
    /// Which it was.
    pub pressed: Option<Button>,
    /// The buttons that stand on it.
    pub buttons: Vec<Button>,
    /// They have a row of their own, of equal widths.
    pub wide: bool,
}

/// The measures of the dialog, in logical pixels; drawn by `ui/overlays/for_you_overlay.slint` and `for_you_card.slint`.
struct Measures {
    /// The dialog's edges, its title and its buttons, with the lines at the bottom of the screen, which cover nothing of it.
    frame: u32,
    /// What the title's row is higher by with a button in it.
    snooze: u32,
    /// From the window's edge to a card's words, both sides together.
    edges: u32,
    face: u32,
    face_gap: u32,
    inset: u32,
    spacing: u32,
    gap: u32,
    title: u32,
    line: u32,
    font: u32,
    below: u32,
}

const LARGE: Measures = Measures {
    frame: 346,
    snooze: 16,
    edges: 2 * 44 + 2 * 18,
    face: 64,
    face_gap: 18,
    inset: 14,
    spacing: 6,
    gap: 12,
    title: 25,
    line: 23,
    font: 19,
    below: 22,
};
const SMALL: Measures = Measures {
    frame: 190,
    snooze: 28,
    edges: 2 * 20 + 2 * 12,
    face: 48,
    face_gap: 12,
    inset: 8,
    spacing: 4,
    gap: 8,
    title: 21,
    line: 20,
    font: 16,
    below: 20,
};
/// A button.
const BUTTON: u32 = 56;

/// Builds it, if it is open.
#[must_use]
pub fn build(board: &Board, small: bool, size: (u32, u32)) -> Option<ForYouScreen> {
    let sheet = board.for_you()?;
    let measures = if small { &SMALL } else { &LARGE };
    let pages = pages(&sheet.items, measures, size);
    let page = usize::try_from(sheet.turned.rem_euclid(isize::try_from(pages.len()).unwrap_or(1))).unwrap_or(0);
    let on_page = pages.get(page).cloned().unwrap_or_default();
    let items = sheet.items.iter().enumerate().skip(on_page.start).take(on_page.len());
    Some(ForYouScreen {
        request: sheet.request().to_string(),
        snoozes: items.clone().any(|(_, item)| can_be_snoozed(&item.what)),
        cards: items.filter_map(|(at, item)| card(board, at, item)).collect(),
        page: (page + 1, pages.len()),
        face: measures.face,
        snoozed: sheet.snoozed(),
        can_press: board.can_reply(),
    })
}

/// As many on a page as surely fit; at least one.
fn pages(items: &[Item], measures: &Measures, (wide, high): (u32, u32)) -> Vec<std::ops::Range<usize>> {
    let dialog = wide.saturating_sub(32).min(880);
    let room = high.saturating_sub(measures.frame);
    let mut pages: Vec<std::ops::Range<usize>> = vec![];
    let (mut used, mut snooze) = (0, 0);
    for (at, item) in items.iter().enumerate() {
        let height = height(&item.what, measures, dialog) + measures.gap;
        let snoozes = if can_be_snoozed(&item.what) { measures.snooze } else { snooze };
        match pages.last_mut() {
            Some(page) if used + height + snoozes <= room => page.end = at + 1,
            _ => {
                (used, snooze) = (0, 0);
                pages.push(at..at + 1);
            }
        }
        used += height;
        snooze = snooze.max(if can_be_snoozed(&item.what) { measures.snooze } else { 0 });
    }
    if pages.is_empty() {
        pages.push(0..0);
    }
    pages
}

/// How high a card gets at most, whatever becomes of it.
fn height(what: &ForYou, measures: &Measures, dialog: u32) -> u32 {
    let (_, words) = told(what);
    let has_face = words.who.is_some();
    let room = dialog.saturating_sub(measures.edges + if has_face { measures.face + measures.face_gap } else { 0 }).max(1);
    // with the words around it
    let lines = if words.text.is_empty() { 0 } else { (width(words.text, measures.font) + 160).div_ceil(room) };
    let head = measures.title + measures.line * if matches!(what, ForYou::Note { .. }) { lines } else { lines.min(3) };
    let head = if has_face { head.max(measures.face) } else { head };
    let buttons = Button::of(what, &[]);
    let row = match is_wide(what, &buttons) {
        true => measures.spacing + BUTTON + if words.why.is_empty() { 0 } else { measures.spacing + measures.below },
        false if buttons.is_empty() => measures.spacing + 2 * measures.below,
        false => measures.spacing + BUTTON,
    };
    2 * measures.inset + head + row
}

/// Buttons that have no room beside words.
fn is_wide(what: &ForYou, buttons: &[Button]) -> bool {
    buttons.len() > 2 || matches!(what, ForYou::Note { .. } | ForYou::Proposed { .. })
}

/// What is said on a card.
struct Words<'a> {
    who: Option<&'a Greeted>,
    text: &'a str,
    why: String,
}

fn told(what: &ForYou) -> (ForYouKind, Words<'_>) {
    let words = |who, text| Words { who, text, why: String::new() };
    match what {
        ForYou::CanHelp { text, asker, why, .. } => (ForYouKind::CanHelp, Words { who: asker.as_ref(), text, why: why.join(", ") }),
        ForYou::CanBeHelped { text, helper, why, .. } => {
            (ForYouKind::CanBeHelped, Words { who: Some(helper), text, why: why.join(", ") })
        }
        ForYou::Offered { text, helper, .. } => (ForYouKind::Offered, words(helper.as_ref(), text)),
        ForYou::Proposed { other, by, about, .. } => (
            if *by == ProposedBy::Neighbour { ForYouKind::Wished } else { ForYouKind::Proposed },
            words(other.as_ref(), about.as_deref().unwrap_or_default()),
        ),
        ForYou::Introduced { other, about, .. } => {
            (ForYouKind::Introduced, words(other.as_ref(), about.as_deref().unwrap_or_default()))
        }
        ForYou::NotIntroduced { other, .. } => (ForYouKind::NotIntroduced, words(other.as_ref(), "")),
        ForYou::LedSomewhere { other, .. } => (ForYouKind::LedSomewhere, words(other.as_ref(), "")),
        ForYou::Thanked { by } => (ForYouKind::Thanked, words(by.as_ref(), "")),
        ForYou::Interest { neighbour, interest } => (ForYouKind::Interest, words(Some(neighbour), interest)),
        ForYou::Note { from, text, about, .. } => {
            (ForYouKind::Note, Words { who: from.as_ref(), text, why: about.clone().unwrap_or_default() })
        }
        ForYou::StillOpen { text, .. } => (ForYouKind::StillOpen, words(None, text)),
        ForYou::Earned { .. } | ForYou::Unknown => (ForYouKind::Earned, words(None, "")),
    }
}

fn card(board: &Board, at: usize, item: &Item) -> Option<ForYouCard> {
    if item.what == ForYou::Unknown {
        return None;
    }
    let (kind, Words { who, text, why }) = told(&item.what);
    let presence = who.map_or(Presence::Unknown, |who| presence(board, who));
    let is_here = matches!(presence, Presence::Here | Presence::Open | Presence::DoNotDisturb);
    let member = who.and_then(|who| board.roster().member(who.member));
    let contact = match &item.what {
        ForYou::Introduced { contact, .. } => contact.clone(),
        _ => None,
    };
    Some(ForYouCard {
        at,
        kind,
        name: who.map(|who| who.first_name.clone()).or(contact).unwrap_or_default(),
        // who took their name back meanwhile keeps the one that was told
        avatar: who.map(|who| {
            Avatar::of(who.member, member.map_or(who.first_name.as_str(), |member| member.name.as_str()), board.roster())
        }),
        presence,
        dot: search::dot(presence),
        table: member.and_then(|member| member.table.clone()).filter(|_| is_here).unwrap_or_default(),
        text: text.to_owned(),
        why,
        passes: if let ForYou::Earned { passes } = item.what { passes } else { 0 },
        step: item.step(),
        pressed: item.last(),
        buttons: if board.can_reply() || item.step() == PressStep::Asked { item.buttons() } else { vec![] },
        wide: is_wide(&item.what, &item.buttons()),
    })
}

fn presence(board: &Board, who: &Greeted) -> Presence {
    let known =
        board.connection().is_online() && board.roster().presence().is_some() && board.roster().member(who.member).is_some();
    match board.roster().present().find(|(_, member)| member.id == who.member) {
        _ if !known => Presence::Unknown,
        present => search::of(present.map(|(present, _)| present)),
    }
}
