//! *Pour vous* on the screen: a card for each thing that waited, and pages if they don't fit.

use super::avatar::Avatar;
use super::screen::Dot;
use super::search::{self, Presence};
use crate::board::Board;
use crate::board::for_you::{HelpStep, Item};
use std::fmt;
use voisins_shared::need::NeedId;
use voisins_shared::payload::{ForYou, Greeted};

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
}

/// One thing that waited.
#[derive(Clone, PartialEq, Eq)]
pub struct ForYouCard {
    /// With which need.
    pub need: NeedId,
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
    /// The need, in its author's words.
    pub text: String,
    /// The helper's words that fit, in one line.
    pub why: String,
    /// How far *Je peux aider* got.
    pub step: HelpStep,
    /// *Je peux aider* can be pressed.
    pub can_help: bool,
}

/// The dialog's edges, its title and its buttons, with the lines at the bottom of the screen, which cover nothing of it; on a small panel
/// the second, in logical pixels. Drawn by `ui/overlays/for_you_overlay.slint`.
const FRAME: (u32, u32) = (346, 190);
/// The highest that a card gets, with the gap below it.
const CARD: (u32, u32) = (197, 144);

/// Builds it, if it is open.
#[must_use]
pub fn build(board: &Board, small: bool, (_, height): (u32, u32)) -> Option<ForYouScreen> {
    let sheet = board.for_you()?;
    let (frame, card) = if small { (FRAME.1, CARD.1) } else { (FRAME.0, CARD.0) };
    let room = usize::try_from(height.saturating_sub(frame) / card).unwrap_or(1).max(1);
    let pages = sheet.items.len().div_ceil(room).max(1);
    let page = usize::try_from(sheet.turned.rem_euclid(isize::try_from(pages).unwrap_or(1))).unwrap_or(0);
    Some(ForYouScreen {
        request: sheet.request().to_string(),
        cards: sheet.items.iter().skip(page * room).take(room).filter_map(|item| self::card(board, item)).collect(),
        page: (page + 1, pages),
        face: if small { 48 } else { 64 },
    })
}

fn card(board: &Board, item: &Item) -> Option<ForYouCard> {
    let (kind, need, text, who, why) = match &item.what {
        ForYou::CanHelp { need, text, asker, why } => (ForYouKind::CanHelp, need, text, asker.as_ref(), &**why),
        ForYou::CanBeHelped { need, text, helper, why } => (ForYouKind::CanBeHelped, need, text, Some(helper), &**why),
        ForYou::Offered { need, text, helper } => (ForYouKind::Offered, need, text, helper.as_ref(), [].as_slice()),
        _ => return None,
    };
    let presence = who.map_or(Presence::Unknown, |who| presence(board, who));
    let is_here = matches!(presence, Presence::Here | Presence::Open | Presence::DoNotDisturb);
    let member = who.and_then(|who| board.roster().member(who.member));
    Some(ForYouCard {
        need: *need,
        kind,
        name: who.map(|who| who.first_name.clone()).unwrap_or_default(),
        // who took their name back meanwhile keeps the one that was told
        avatar: who.map(|who| {
            Avatar::of(who.member, member.map_or(who.first_name.as_str(), |member| member.name.as_str()), board.roster())
        }),
        presence,
        dot: search::dot(presence),
        table: member.and_then(|member| member.table.clone()).filter(|_| is_here).unwrap_or_default(),
        text: text.clone(),
        why: why.join(", "),
        step: item.step,
        can_help: kind == ForYouKind::CanHelp && item.step == HelpStep::Open && board.can_help(),
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
