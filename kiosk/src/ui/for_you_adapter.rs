//! `ForYouAdapter` of `ui/overlays/for_you_overlay.slint`.

use super::{FaceKey, Faces, pixels, sync};
use crate::board::Touch;
use crate::board::for_you::{ForYouPress, HelpStep};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::for_you::{ForYouCard, ForYouKind, ForYouScreen};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::need::NeedId;

/// Fills *Pour vous*.
pub struct ForYouAdapter {
    cards: Rc<VecModel<g::ForYouData>>,
    cards_shown: Vec<(ForYouCard, Option<FaceKey>)>,
    shown: Option<ForYouScreen>,
}

impl ForYouAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let cards = Rc::new(VecModel::default());
        g::ForYouAdapter::get(window).set_cards(ModelRc::from(cards.clone()));
        Self { cards, cards_shown: vec![], shown: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let adapter = g::ForYouAdapter::get(window);
        let cards = screen.for_you.iter().flat_map(|sheet| sheet.cards.iter().map(|card| (card, sheet.face)));
        let rows = cards.map(|(card, size)| {
            let (key, face) = card.avatar.as_ref().map(|avatar| faces.face(avatar, size)).unzip();
            ((card.clone(), key), data(card, face))
        });
        // a photo may come while nothing else changes; once it is closed nothing of it is kept
        sync(&self.cards, &mut self.cards_shown, rows.collect(), |a, b| {
            (a.0.need, a.0.kind, &a.0.name) == (b.0.need, b.0.kind, &b.0.name)
        });
        if self.shown == screen.for_you {
            return;
        }
        self.shown.clone_from(&screen.for_you);
        adapter.set_open(screen.for_you.is_some());
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        adapter.set_request(self.shown.as_ref().map(|sheet| sheet.request.as_str().into()).unwrap_or_default());
        if let Some(sheet) = &self.shown {
            adapter.set_page(number(sheet.page.0));
            adapter.set_pages(number(sheet.page.1));
            adapter.set_face(pixels(sheet.face));
        }
    }
}

/// What its callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::ForYouAdapter::get(window);
    let touched = touch.clone();
    adapter.on_touched(move || touched(Touch::Anywhere));
    let touch = touch.clone();
    let press = Rc::new(move |request: SharedString, press: ForYouPress| {
        if let Ok(request) = Uuid::try_parse(&request) {
            touch(Touch::ForYou { request, press });
        }
    });
    let pressed = press.clone();
    adapter.on_help(move |request, need| {
        if let Ok(need) = Uuid::try_parse(&need) {
            pressed(request, ForYouPress::Help(NeedId(need)));
        }
    });
    let pressed = press.clone();
    adapter.on_turn_page(move |request, by| pressed(request, ForYouPress::Turn(if by < 0 { -1 } else { 1 })));
    adapter.on_close(move |request| press(request, ForYouPress::Close));
}

fn data(card: &ForYouCard, face: Option<g::Face>) -> g::ForYouData {
    g::ForYouData {
        need: card.need.to_string().into(),
        kind: match card.kind {
            ForYouKind::CanHelp => g::ForYouKind::CanHelp,
            ForYouKind::CanBeHelped => g::ForYouKind::CanBeHelped,
            ForYouKind::Offered => g::ForYouKind::Offered,
        },
        name: card.name.as_str().into(),
        has_face: face.is_some(),
        face: face.unwrap_or_default(),
        presence: card.presence.into(),
        dot: card.dot.into(),
        table: card.table.as_str().into(),
        text: card.text.as_str().into(),
        why: card.why.as_str().into(),
        step: match card.step {
            HelpStep::Open => g::HelpStep::Open,
            HelpStep::Asked => g::HelpStep::Asked,
            HelpStep::Noted => g::HelpStep::Noted,
            HelpStep::Closed => g::HelpStep::Closed,
            HelpStep::NotNoted => g::HelpStep::NotNoted,
        },
        can_help: card.can_help,
    }
}
