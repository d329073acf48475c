//! `LobbyAdapter` of `ui/views/lobby_view.slint`, and what lies over and around every screen: the night's sheet, the picture's shift.

use super::sync;
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::lobby::{BAR, EDGE, GAP, LobbyCard, LobbyLayout};
use slint::{Color, Global, ModelRc, VecModel};
use std::rc::Rc;

/// Fills the lobby screen.
pub struct LobbyAdapter {
    cards: Rc<VecModel<g::LobbyCardData>>,
    cards_shown: Vec<LobbyCard>,
    layout: Option<LobbyLayout>,
}

impl LobbyAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let cards = Rc::new(VecModel::default());
        g::LobbyAdapter::get(window).set_cards(ModelRc::from(cards.clone()));
        Self { cards, cards_shown: vec![], layout: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let program = g::ProgramAdapter::get(window);
        program.set_dimmed(screen.dimmed);
        #[allow(clippy::cast_precision_loss)] // a few pixels
        let (x, y) = (screen.shift.0 as f32, screen.shift.1 as f32);
        program.set_shift_x(x);
        program.set_shift_y(y);

        let adapter = g::LobbyAdapter::get(window);
        adapter.set_shown(screen.lobby.is_some());
        let Some(lobby) = &screen.lobby else { return };
        if self.layout.replace(lobby.layout) != Some(lobby.layout) {
            adapter.set_layout(lobby.layout.into());
        }
        let need = lobby.need.as_ref();
        adapter.set_need(need.map_or("", |need| &need.text).into());
        adapter.set_need_name(need.and_then(|need| need.name.as_deref()).unwrap_or_default().into());
        let event = lobby.event.as_ref();
        adapter.set_has_event(event.is_some());
        adapter.set_event_time(event.map_or("", |event| &event.time).into());
        adapter.set_event_title(event.map_or("", |event| &event.title).into());
        adapter.set_middle(screen.middle.into());
        adapter.set_page(i32::try_from(screen.page.0).unwrap_or(i32::MAX));
        adapter.set_pages(i32::try_from(screen.page.1).unwrap_or(i32::MAX));
        let cards = lobby.cards.iter().map(|card| (card.clone(), card.into())).collect();
        sync(&self.cards, &mut self.cards_shown, cards, |a, b| a.name == b.name);
    }
}

impl From<&LobbyCard> for g::LobbyCardData {
    fn from(card: &LobbyCard) -> Self {
        let [_, r, g, b] = card.colour.to_be_bytes();
        let face = g::Face { initials: card.initials.as_str().into(), colour: Color::from_rgb_u8(r, g, b), ..g::Face::default() };
        Self {
            name: card.name.as_str().into(),
            skills: card.skills.as_str().into(),
            dot: card.dot.into(),
            availability: card.availability.into(),
            face,
        }
    }
}

impl From<LobbyLayout> for g::LobbyLayoutData {
    #[allow(clippy::cast_precision_loss)] // screens have a few thousand pixels
    fn from(layout: LobbyLayout) -> Self {
        let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Self {
            unit: layout.unit as f32 / 1000.0,
            columns: count(layout.columns),
            rows: count(layout.rows),
            narrow: layout.narrow,
            edge: EDGE as f32,
            gap: GAP as f32,
            top: layout.top() as f32,
            below: layout.below() as f32,
            bar: if layout.bar { BAR as f32 } else { 0.0 },
        }
    }
}
