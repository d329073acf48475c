//! The board of needs on the screen: the one at home, the cards of a page, a need shown whole, and one that is being written.

use super::avatar::Avatar;
use super::keyboard::{self, Key};
use super::layout::Layout;
use crate::board::needs::Post;
use crate::board::{Board, Now};
use std::fmt;
use voisins_shared::member::{first_name, first_name_and_initial};
use voisins_shared::need::{Audience, NeedId};
use voisins_shared::payload::{DirectoryMember, PublishedNeed};

/// Who looks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// A member, by first name.
    Named(String, Avatar),
    /// Somebody who chose not to be named, or whose name is not shown.
    Unnamed,
    /// The space itself.
    Space,
}

/// A need as people read it. `Debug` doesn't say what for.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct NeedCard {
    pub id: NeedId,
    pub text: String,
    pub asker: Asker,
    /// Since how many days; none while that is not known.
    pub days: Option<u32>,
    pub skills: Vec<String>,
    /// How many here now could help.
    pub helpers: usize,
}

impl fmt::Debug for NeedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NeedCard").field("id", &self.id).field("helpers", &self.helpers).finish_non_exhaustive()
    }
}

/// The board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedsScreen {
    /// The page's cards.
    pub cards: Vec<NeedCard>,
    /// How many there are in all.
    pub total: usize,
    /// Columns and rows of cards.
    pub grid: (u32, u32),
    /// Which page of how many, from 1.
    pub page: (usize, usize),
    /// The one that is shown whole.
    pub opened: Option<NeedCard>,
}

/// The one at home, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeNeed {
    /// The need.
    pub need: NeedCard,
    /// How many there are on the board.
    pub total: usize,
}

/// A need that is being written. `Debug` doesn't say it.
#[derive(Clone, PartialEq, Eq)]
pub struct PostScreen {
    /// What is typed.
    pub text: String,
    /// How many characters that is.
    pub length: usize,
    /// Skills it may mean, and whether each is taken.
    pub skills: Vec<(String, bool)>,
    /// Who may read it, once that is chosen.
    pub audience: Option<Audience>,
    /// The text chose the audience.
    pub guarded: bool,
    /// It can be posted as it is.
    pub ready: bool,
    /// The keys; none while the keyboard is hidden.
    pub keys: Vec<Key>,
    /// The accented letters of the key that is held.
    pub variants: Vec<String>,
}

impl fmt::Debug for PostScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostScreen").field("length", &self.length).field("ready", &self.ready).finish_non_exhaustive()
    }
}

/// The need at home, if there is any.
#[must_use]
pub fn at_home(board: &Board, now: Now) -> Option<HomeNeed> {
    let need = card(board, board.need_at_home()?, now);
    Some(HomeNeed { need, total: board.shown_needs().len() })
}

/// Builds the board, if it is open.
#[must_use]
pub fn build(board: &Board, layout: &Layout, size: (u32, u32), now: Now) -> Option<NeedsScreen> {
    let needs = board.needs();
    if !needs.is_open() {
        return None;
    }
    let shown = board.shown_needs();
    let room = layout.needs_room(size);
    let pages = shown.len().div_ceil(room).max(1);
    let page = usize::try_from(needs.turned().rem_euclid(isize::try_from(pages).unwrap_or(1))).unwrap_or(0);
    let opened = needs.opened().and_then(|id| shown.iter().find(|need| need.id == id));
    Some(NeedsScreen {
        cards: shown.iter().skip(page * room).take(room).map(|need| card(board, need, now)).collect(),
        total: shown.len(),
        grid: layout.needs_grid(size),
        page: (page + 1, pages),
        opened: opened.map(|need| card(board, need, now)),
    })
}

/// Builds what is being written, if anything is.
#[must_use]
pub fn post(board: &Board, layout: &Layout, width: u32) -> Option<PostScreen> {
    let post = board.needs().post()?;
    let concepts = crate::concepts::current();
    let skill = |(id, taken): &(_, bool)| (concepts.label(*id, board.language()).to_owned(), *taken);
    let typing = post.typing();
    Some(PostScreen {
        text: typing.text().to_owned(),
        length: typing.text().chars().count(),
        skills: post.skills().iter().map(skill).collect(),
        audience: post.audience(),
        guarded: post.is_guarded(),
        ready: post.is_ready() && board.connection().is_online(),
        keys: keys(board, post, layout, width),
        variants: typing.held().map(keyboard::variants).unwrap_or_default(),
    })
}

fn keys(board: &Board, post: &Post, layout: &Layout, width: u32) -> Vec<Key> {
    if !post.keyboard() {
        return vec![];
    }
    keyboard::keys(board.keyboard(), board.language(), post.typing().layer(), width, layout.small)
}

/// Who looks for a need, or looked for one that is closed.
#[must_use]
pub fn asker_of(board: &Board, need: NeedId) -> Asker {
    board.roster().needs().iter().find(|of| of.id == need).map_or(Asker::Unnamed, |need| asker(board, need))
}

fn card(board: &Board, need: &PublishedNeed, now: Now) -> NeedCard {
    let day = |at: jiff::Timestamp| at.to_zoned(board.zone().clone()).date();
    let days = need.posted.and_then(|at| day(at).until(day(now.wall)).ok());
    NeedCard {
        id: need.id,
        text: need.text.clone(),
        asker: asker(board, need),
        // a clock that was set right since may have put it into the future
        days: days.map(|span| u32::try_from(span.get_days()).unwrap_or(0)),
        skills: need.skills.clone(),
        helpers: board.helpers_here(need.id),
    }
}

fn asker(board: &Board, need: &PublishedNeed) -> Asker {
    match need.author.and_then(|author| board.roster().member(author)) {
        _ if need.space => Asker::Space,
        Some(member) => Asker::Named(short(board, member), Avatar::of(member.id, &member.name, board.roster())),
        None => Asker::Unnamed,
    }
}

/// The first name, with an initial where two members share it.
pub(super) fn short(board: &Board, member: &DirectoryMember) -> String {
    let first = first_name(&member.name);
    let mut members = board.roster().directory().into_iter().flat_map(|directory| &directory.members);
    match members.any(|other| other.id != member.id && first_name(&other.name) == first) {
        true => first_name_and_initial(&member.name),
        false => first.to_owned(),
    }
}
