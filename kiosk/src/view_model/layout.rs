//! How many cards fit on which screen. All lengths in logical pixels; drawn by `ui/views/home_view.slint`.

use super::keyboard;

/// The measures of the home screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Larger cards, because nobody is at the screen.
    pub resting: bool,
    /// A small panel: narrower edges, no side column.
    pub small: bool,
    /// Of a small panel only a part, because the text is larger: not everything that fits on one has room at once.
    pub low: bool,
    /// The column at the right.
    pub side: bool,
    /// The row of skills.
    pub skills: bool,
    /// Columns of cards.
    pub columns: u32,
    /// Rows of cards.
    pub rows: u32,
    /// Where the search field starts.
    pub search_top: u32,
    /// Height of the search field.
    pub search_height: u32,
    /// Width of the search field.
    pub search_width: u32,
    /// At the screen's left and right.
    pub edge: u32,
    /// Where the skills start.
    pub skills_top: u32,
    /// Where the cards start.
    pub top: u32,
    /// Where the cards end.
    pub bottom: u32,
    /// Width of the cards' field.
    pub field: u32,
}

/// Below it the column at the right has no room for its two cards, nor the cards for a second row.
const TALL: u32 = 720;
/// Below it a search has no room for head, field, one result and keys, nor the fullest greeting for lines below it.
const LOW: u32 = 464;
/// Between cards.
pub const GAP: u32 = 14;
/// The column at the right, with the gap before it.
const SIDE: u32 = 300 + 24;

/// The least for a need in that column, the gap below it, the head of the events with the month's total, and one of them.
const SIDE_NEED: u32 = 226;
const SIDE_GAP: u32 = 16;
const SIDE_EVENTS_HEAD: u32 = 70;
const SIDE_EVENT: u32 = 56;

impl Layout {
    /// The layout of a window.
    #[must_use]
    pub fn of((width, height): (u32, u32), resting: bool) -> Self {
        let small = width < 1000 || height < TALL;
        // the least in which a face, a name, a title and two skills read well
        let (card_width, card_height) = if small { (240, 126) } else { (280, 132) };
        let low = height < LOW;
        let edge = if small { 16 } else { 32 };
        let side = !small && !resting;
        let skills = !(small && resting);
        let (skills_top, top) = match (small, skills) {
            (true, true) => (68, 132),
            (true, false) => (64, 126),
            _ => (158, 227),
        };
        // below: a strip for the lines, then the bar; on a small panel they share one
        let bottom = height.saturating_sub(if small { 76 } else { 149 }).max(top + card_height);
        let field = width.saturating_sub(2 * edge + if side { SIDE } else { 0 }).max(card_width);
        let (columns, rows) = if resting {
            (if field < 700 { 1 } else { 2 }, 3)
        } else {
            ((field + GAP) / (card_width + GAP), (bottom - top + GAP) / (card_height + GAP))
        };
        let (search_top, search_height) = if small { (skills_top, 56) } else { (84, 64) };
        // on a small panel the skills share its row
        let search_width = if small && skills { 296 } else { width.saturating_sub(2 * edge) };
        Self {
            search_top,
            search_height,
            search_width,
            resting,
            small,
            low,
            side,
            skills,
            columns: columns.max(1),
            rows: rows.max(1),
            edge,
            skills_top,
            top,
            bottom,
            field,
        }
    }

    /// The height of a card.
    #[must_use]
    pub fn card_height(&self) -> u32 {
        (self.bottom - self.top).saturating_sub((self.rows - 1) * GAP) / self.rows
    }

    /// The diameter of a face on a card.
    #[must_use]
    pub fn face(&self) -> u32 {
        match self {
            Self { resting: true, .. } => (self.card_height() * if self.small { 64 } else { 70 } / 100).min(180),
            _ => 60,
        }
    }

    /// The diameter of the face in a greeting.
    #[must_use]
    pub fn dialog_face(&self) -> u32 {
        if self.small { 88 } else { 108 }
    }

    /// Where the results of a search start: below the field.
    #[must_use]
    pub fn search_rows_top(&self, keyboard: bool) -> u32 {
        match self {
            // the field takes the place of the screen's head
            Self { low: true, .. } if keyboard => 62,
            Self { small: true, .. } => 122,
            _ => 166,
        }
    }

    /// Where the results end.
    #[must_use]
    pub fn search_bottom(&self, height: u32, keyboard: bool) -> u32 {
        let below = match (keyboard, self.small) {
            (true, true) => keyboard::height(true) + 2,
            (true, false) => keyboard::height(false) + 8,
            (false, true) => 72,
            (false, false) => 98,
        };
        height.saturating_sub(below)
    }

    /// The height of the title above a group of results.
    #[must_use]
    pub fn search_title(&self) -> u32 {
        if self.small { 24 } else { 28 }
    }

    /// The height of a result.
    #[must_use]
    pub fn search_row(&self) -> u32 {
        if self.small { 72 } else { 82 }
    }

    /// Between results.
    #[must_use]
    pub fn search_gap(&self) -> u32 {
        if self.small { 6 } else { 9 }
    }

    /// The diameter of the face in a result.
    #[must_use]
    pub fn search_face(&self) -> u32 {
        if self.small { 52 } else { 64 }
    }

    /// The diameter of the face on *Ma fiche*.
    #[must_use]
    pub fn profile_face(&self) -> u32 {
        if self.small { 48 } else { 64 }
    }

    /// The head of *Ma fiche*.
    #[must_use]
    pub fn profile_head(&self) -> u32 {
        if self.small { 64 } else { 96 }
    }

    /// Where the fields of *Ma fiche* start: below its surfaces.
    #[must_use]
    pub fn profile_rows_top(&self) -> u32 {
        self.profile_head() + if self.small { 62 } else { 76 }
    }

    /// The height of one of its rows.
    #[must_use]
    pub fn profile_row(&self) -> u32 {
        if self.small { 62 } else { 72 }
    }

    /// Between its rows.
    #[must_use]
    pub fn profile_gap(&self) -> u32 {
        if self.small { 6 } else { 10 }
    }

    /// How many fields fit on one page, in two columns.
    #[must_use]
    pub fn profile_fields(&self, height: u32) -> usize {
        2 * self.profile_rows(height, self.profile_rows_top())
    }

    /// How many skills fit on one page, below their title and above *Ajouter*.
    #[must_use]
    pub fn profile_skills(&self, height: u32) -> usize {
        let title = if self.small { 24 } else { 36 };
        self.profile_rows(height, self.profile_head() + title).saturating_sub(1).max(1)
    }

    /// A side of the code that leads to a phone: between the head and the bar.
    #[must_use]
    pub fn profile_code(&self, height: u32) -> u32 {
        let bar = if self.small { 76 } else { 112 };
        height.saturating_sub(self.profile_head() + bar + 24).min(if self.small { 280 } else { 400 })
    }

    fn profile_rows(&self, height: u32, top: u32) -> usize {
        let room = height.saturating_sub(top + if self.small { 76 } else { 112 });
        ((room + self.profile_gap()) / (self.profile_row() + self.profile_gap())).max(1) as usize
    }

    /// Where the cards of the board of needs start.
    #[must_use]
    pub fn needs_top(&self) -> u32 {
        if self.small { 68 } else { 100 }
    }

    /// Columns and rows of that board.
    #[must_use]
    pub fn needs_grid(&self, (width, height): (u32, u32)) -> (u32, u32) {
        let (card_width, card_height) = if self.small { (360, 300) } else { (520, 264) };
        let below = if self.small { 76 } else { 112 };
        let fit = |room: u32, card: u32| ((room + GAP) / (card + GAP)).max(1);
        (fit(width.saturating_sub(2 * self.edge), card_width), fit(height.saturating_sub(self.needs_top() + below), card_height))
    }

    /// Needs on a page.
    #[must_use]
    pub fn needs_room(&self, size: (u32, u32)) -> usize {
        let (columns, rows) = self.needs_grid(size);
        (columns * rows) as usize
    }

    /// The diameter of the face on a need.
    #[must_use]
    pub fn need_face(&self) -> u32 {
        if self.small { 40 } else { 48 }
    }

    /// How many events the column at the right shows below a need; none where they would leave it no room.
    #[must_use]
    pub fn side_events(&self) -> usize {
        let room = (self.bottom - self.top).saturating_sub(SIDE_NEED + SIDE_GAP + SIDE_EVENTS_HEAD);
        if self.side { (room / SIDE_EVENT).min(5) as usize } else { 0 }
    }

    /// The height of the agenda's rows, of the day above the first of it, and between rows.
    #[must_use]
    pub fn agenda_row(&self) -> u32 {
        if self.small { 88 } else { 100 }
    }

    /// The height of a day above its first row.
    #[must_use]
    pub fn agenda_day(&self) -> u32 {
        if self.small { 26 } else { 38 }
    }

    /// Between the agenda's rows.
    #[must_use]
    pub fn agenda_gap(&self) -> u32 {
        if self.small { 6 } else { 12 }
    }

    /// The room for the agenda's rows, below the head and above the bar.
    #[must_use]
    pub fn agenda_field(&self, height: u32) -> u32 {
        height.saturating_sub(self.needs_top() + if self.small { 76 } else { 112 })
    }

    /// The diameter of the face in a line.
    #[must_use]
    pub fn line_face(&self) -> u32 {
        38
    }

    /// Cards on a page.
    #[must_use]
    pub fn room(&self) -> usize {
        (self.columns * self.rows) as usize
    }
}
