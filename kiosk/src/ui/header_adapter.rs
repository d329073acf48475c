//! `HeaderAdapter` of `ui/views/header_view.slint`.

use crate::board::trouble::{Instead, Trouble};
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
        let (trouble, reader, other) = match &header.trouble {
            None => (g::Trouble::None, "", ""),
            Some(Trouble::Evacuation) => (g::Trouble::Evacuation, "", ""),
            Some(Trouble::Reader(reader, Instead::Here)) => (g::Trouble::ReaderTapHere, reader.as_str(), ""),
            Some(Trouble::Reader(reader, Instead::There(other))) => (g::Trouble::ReaderTapThere, reader.as_str(), other.as_str()),
            Some(Trouble::Reader(reader, Instead::Nowhere)) => (g::Trouble::Reader, reader.as_str(), ""),
        };
        adapter.set_trouble(trouble);
        adapter.set_reader(reader.into());
        adapter.set_other(other.into());
        adapter.set_language(language.code().into());
        self.shown = Some(new);
    }
}
