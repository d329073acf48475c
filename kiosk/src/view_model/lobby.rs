//! What is on a lobby screen: large cards for a room, on a screen of any size.

use super::avatar::COLOURS;
use super::{Dot, Middle, Screen};
use crate::board::connection::Truth;
use crate::board::{Board, Now};
use voisins_shared::payload::{LobbyNeed, LobbyNeighbour};
use voisins_shared::visit::Availability;

/// The first skills, so many that they read from 3 m.
const SKILLS: usize = 2;

/// The cards of a lobby screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LobbyScreen {
    /// Columns, rows and sizes.
    pub layout: LobbyLayout,
    /// The page's cards.
    pub cards: Vec<LobbyCard>,
    /// What somebody looks for; none where there is no bar for it.
    pub need: Option<LobbyNeed>,
    /// The next event of today.
    pub event: Option<BarEvent>,
}

/// An event in the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarEvent {
    /// "17 h"; empty if it takes the whole day.
    pub time: String,
    /// Empty for "Qui mange ici à midi?".
    pub title: String,
}

/// A neighbour's card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct LobbyCard {
    /// Also the key: no two are the same.
    pub name: String,
    pub initials: String,
    /// 0xRRGGBB.
    pub colour: u32,
    /// "Documentaire · Financement".
    pub skills: String,
    pub dot: Dot,
    pub availability: Availability,
}

/// The measures of a lobby screen. Everything is drawn in units: one is a pixel at 1920x1080, and as much larger or smaller as the
/// picture's short side is, since a television of another resolution hangs at the same distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LobbyLayout {
    /// Thousandths of a logical pixel.
    pub unit: u32,
    /// Columns of cards.
    pub columns: u32,
    /// Rows of cards.
    pub rows: u32,
    /// No room for the date beside the title: it stands below.
    pub narrow: bool,
    /// A need and an event stand below the cards.
    pub bar: bool,
}

/// At all sides of the screen, in units.
pub const EDGE: u32 = 56;
/// Between cards, in units.
pub const GAP: u32 = 24;
/// The bar, and what is below it, in units.
pub const BAR: u32 = 72;
const BAR_EDGE: u32 = 32;
/// The least in which a face, a name, two lines of skills and do-not-disturb read well, in units.
const CARD: (u32, u32) = (500, 236);
/// Below it, a small panel shows fewer people rather than smaller letters.
const LEAST_UNIT: u32 = 600;

impl LobbyLayout {
    /// The layout of a window, with a need or an event `below` or not. People come first: a bar that would leave half of them isn't there.
    #[must_use]
    pub fn of(size: (u32, u32), below: bool) -> Self {
        let [without, with] = [false, true].map(|bar| Self::with_bar(size, bar));
        if below && with.rows * 2 > without.rows { with } else { without }
    }

    fn with_bar((width, height): (u32, u32), bar: bool) -> Self {
        let unit = (width.min(height) * 1000 / 1080).max(LEAST_UNIT);
        let [width, height] = [width, height].map(|side| side * 1000 / unit);
        let narrow = width < 1500;
        let layout = Self { unit, columns: 1, rows: 1, narrow, bar };
        let fit = |room: u32, card: u32| ((room + GAP) / (card + GAP)).max(1);
        let field = height.saturating_sub(layout.top() + layout.below());
        Self { columns: fit(width.saturating_sub(2 * EDGE), CARD.0), rows: fit(field, CARD.1), ..layout }
    }

    /// Where the cards start, in units.
    #[must_use]
    pub fn top(&self) -> u32 {
        if self.narrow { 190 } else { 132 }
    }

    /// Below the cards, in units.
    #[must_use]
    pub fn below(&self) -> u32 {
        if self.bar { GAP + BAR + BAR_EDGE } else { EDGE }
    }

    /// Cards on a page.
    #[must_use]
    pub fn room(&self) -> usize {
        (self.columns * self.rows) as usize
    }
}

/// Puts what a lobby screen knows on a screen that knows nothing else.
pub(super) fn furnish(screen: &mut Screen, board: &Board, size: (u32, u32), now: Now) {
    let lobby = board.roster().lobby();
    let truth = board.connection().truth();
    let present = lobby.map_or(&[][..], |lobby| &lobby.present);
    let fresh = lobby.map_or(0, |lobby| lobby.fresh);
    screen.header.fresh = fresh;
    screen.middle = match truth {
        Truth::Connecting => Middle::Connecting,
        Truth::Silent { names: false, .. } => Middle::Silent,
        _ if lobby.is_none() => Middle::Connecting,
        _ if !present.is_empty() => Middle::Cards,
        _ if fresh > 0 => Middle::AllHidden,
        _ => Middle::Empty,
    };
    let (page, room) = (board.pages().page(), board.pages().room());
    screen.page = (page + 1, board.pages().count(present.len()));
    let cards = match screen.middle {
        Middle::Cards => {
            let online = truth == Truth::Online;
            present.iter().skip(page * room).take(room).map(|neighbour| card(neighbour, online)).collect()
        }
        _ => vec![],
    };
    let layout = layout(board, size, now);
    let (need, event) = board.lobby_bar(now);
    let event = event.map(|event| BarEvent {
        time: if event.all_day { String::new() } else { screen.language.time(event.starts.to_zoned(board.zone().clone()).time()) },
        title: event.title.clone(),
    });
    screen.lobby =
        Some(LobbyScreen { layout, cards, need: need.cloned().filter(|_| layout.bar), event: event.filter(|_| layout.bar) });
}

/// The layout of a lobby screen as its board is now.
#[must_use]
pub fn layout(board: &Board, size: (u32, u32), now: Now) -> LobbyLayout {
    let (need, event) = board.lobby_bar(now);
    LobbyLayout::of(size, need.is_some() || event.is_some())
}

fn card(neighbour: &LobbyNeighbour, online: bool) -> LobbyCard {
    let skills: Vec<&str> = neighbour.skills.iter().take(SKILLS).map(String::as_str).collect();
    LobbyCard {
        name: neighbour.name.clone(),
        initials: neighbour.initials.clone(),
        colour: COLOURS[usize::from(neighbour.colour) % COLOURS.len()],
        // the dot stays with the word before it
        skills: skills.join("\u{a0}· "),
        dot: match neighbour {
            _ if !online => Dot::Stale,
            LobbyNeighbour { fresh: false, .. } => Dot::Passed,
            LobbyNeighbour { availability: Availability::DoNotDisturb, .. } => Dot::Quiet,
            _ => Dot::Fresh,
        },
        availability: if neighbour.fresh && online { neighbour.availability } else { Availability::Here },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(size: (u32, u32), (columns, rows): (u32, u32), unit: u32) {
        for below in [false, true] {
            let layout = LobbyLayout::of(size, below);
            assert_eq!((layout.columns, layout.rows, layout.unit), (columns, rows, unit), "{size:?}, a bar {below}");
        }
    }

    #[test]
    fn a_television_shows_three_by_three_whatever_its_resolution() {
        check((1920, 1080), (3, 3), 1000);
        check((1280, 720), (3, 3), 666);
        check((3840, 2160), (3, 3), 2000);
        check((1280, 800), (3, 3), 740);
    }

    #[test]
    fn another_shape_or_a_small_panel_shows_as_many_as_read_well() {
        check((1024, 768), (2, 3), 711);
        check((1080, 1920), (1, 6), 1000);
        check((2560, 1080), (4, 3), 1000);
        check((800, 480), (2, 2), 600);
        check((200, 200), (1, 1), 600);
    }
}
