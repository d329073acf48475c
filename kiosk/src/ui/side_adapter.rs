//! `SideAdapter` of `ui/views/side_view.slint`.

use crate::generated as g;
use crate::view_model::{Screen, Today};
use slint::Global;

/// Fills the column at the right.
#[derive(Default)]
pub struct SideAdapter {
    shown: Option<(Today, u32)>,
}

impl SideAdapter {
    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let shown = (screen.today, screen.events.good_turns);
        if self.shown.replace(shown) == Some(shown) {
            return;
        }
        let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let adapter = g::SideAdapter::get(window);
        adapter.set_fresh(number(screen.today.fresh));
        adapter.set_passed(number(screen.today.passed));
        adapter.set_visits(number(screen.today.visits));
        adapter.set_guests(number(screen.today.guests));
        adapter.set_good_turns(number(screen.events.good_turns));
    }
}
