//! `HeaderAdapter` of `ui/views/header_view.slint`.

use crate::generated as g;
use crate::view_model::{Header, Screen};
use slint::Global;
use voisins_shared::language::Language;

/// Fills the head of the screen.
#[derive(Default)]
pub struct HeaderAdapter {
    shown: Option<(Header, u32, Language)>,
}

impl HeaderAdapter {
    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let new = (screen.header.clone(), screen.today.visits, screen.language);
        if self.shown.as_ref() == Some(&new) {
            return;
        }
        let (header, visits, language) = &new;
        let adapter = g::HeaderAdapter::get(window);
        adapter.set_site(header.site.as_str().into());
        adapter.set_date(header.date.as_str().into());
        adapter.set_clock(header.clock.as_str().into());
        adapter.set_fresh(i32::try_from(header.fresh).unwrap_or(i32::MAX));
        adapter.set_visits(i32::try_from(*visits).unwrap_or(i32::MAX));
        adapter.set_online(header.online);
        adapter.set_silent_since(header.silent_since.as_str().into());
        adapter.set_language(language.code().into());
        self.shown = Some(new);
    }
}
