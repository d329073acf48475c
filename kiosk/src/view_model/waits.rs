//! What a greeting says of what waits, before *Voir*: how many, never who or what.

use super::layout::Layout;
use voisins_shared::payload::Greeting;

/// A sort of what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum WaitKind {
    CanBeHelped,
    CanHelp,
    Introductions,
    Interests,
    Notes,
    News,
    /// Things of any sort: an older daemon doesn't say which, and a small panel has no room for each.
    Any,
}

/// What waits, by sort.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WaitsScreen {
    /// The sorts that are told, the most telling first, and how many of each.
    pub rows: Vec<(WaitKind, u32)>,
    /// How many more there are: "Et 2 autres".
    pub more: u32,
    /// One *Voir* beside them all, where there is no room for one beside each.
    pub narrow: bool,
}

/// More sorts than these become a number.
const MOST_ROWS: usize = 3;
/// Below it there is no room for a *Voir* beside each of three rows, above the lines.
const TALL: u32 = 780;
/// Below it there is none for a list either while a greeting asks whether they stay.
const LOW: u32 = 700;

/// Builds the rows; none if *Voir* can't open anything.
#[must_use]
pub fn build(greeting: &Greeting, can_see: bool, layout: &Layout, height: u32) -> WaitsScreen {
    if !can_see {
        return WaitsScreen::default();
    }
    let waits = greeting.waits;
    let all = greeting.for_you.max(waits.total());
    let sorts = [
        (WaitKind::CanBeHelped, waits.can_be_helped),
        (WaitKind::CanHelp, waits.can_help),
        (WaitKind::Introductions, waits.introductions),
        (WaitKind::Interests, waits.interests),
        (WaitKind::Notes, waits.notes),
        // a sort that a later version adds is news too
        (WaitKind::News, waits.others + all.saturating_sub(waits.total())),
    ];
    let asks = greeting.ask_to_stay;
    let narrow = layout.small || height < TALL || asks;
    let mut rows: Vec<_> = sorts.into_iter().filter(|(_, count)| *count > 0).collect();
    if waits.total() == 0 || (asks && height < LOW) {
        rows = vec![(WaitKind::Any, all)];
    }
    let more = rows.iter().skip(MOST_ROWS).map(|(_, count)| count).sum();
    rows.truncate(MOST_ROWS);
    // one row has room for its own
    WaitsScreen { narrow: narrow && rows.len() > 1, rows, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::demo;
    use voisins_shared::payload::{Shown, Waits};

    fn greeting(for_you: u32, waits: Waits) -> Greeting {
        let Shown::Greeting(greeting) = demo::match_arrival(9).shown else { panic!() };
        Greeting { for_you, waits, ..greeting }
    }

    fn rows(greeting: &Greeting, size: (u32, u32)) -> WaitsScreen {
        build(greeting, true, &Layout::of(size, false), size.1)
    }

    #[test]
    fn a_sort_has_a_row_and_the_rest_is_a_number() {
        let waits = Waits { can_help: 2, notes: 3, interests: 1, others: 1, introductions: 1, can_be_helped: 0 };
        let screen = rows(&greeting(8, waits), (1280, 800));
        assert_eq!(screen.rows, [(WaitKind::CanHelp, 2), (WaitKind::Introductions, 1), (WaitKind::Interests, 1)]);
        assert_eq!((screen.more, screen.narrow), (4, false));
        assert!(rows(&greeting(8, waits), (800, 480)).narrow);
    }

    #[test]
    fn an_older_daemon_says_only_how_many_and_a_later_one_has_news() {
        assert_eq!(rows(&greeting(2, Waits::default()), (1280, 800)).rows, [(WaitKind::Any, 2)]);
        let waits = Waits { notes: 1, ..Waits::default() };
        assert_eq!(rows(&greeting(3, waits), (1280, 800)).rows, [(WaitKind::Notes, 1), (WaitKind::News, 2)]);
    }

    #[test]
    fn on_a_small_panel_the_question_whether_they_stay_leaves_room_for_one_row() {
        let mut greeting = greeting(3, Waits { notes: 1, can_help: 2, ..Waits::default() });
        greeting.ask_to_stay = true;
        let screen = rows(&greeting, (800, 480));
        assert_eq!((screen.rows, screen.narrow), (vec![(WaitKind::Any, 3)], false));
        assert!(build(&greeting, false, &Layout::of((800, 480), false), 480).rows.is_empty(), "elsewhere than beside the reader");
    }
}
