//! `NeedsAdapter` of `ui/views/needs_adapter.slint`: the board of needs, and the need at home.

use super::{FaceKey, Faces, pixels, sync};
use crate::board::Touch;
use crate::board::needs::NeedsTouch;
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::needs::{Asker, HomeNeed, NeedCard};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::need::NeedId;

/// Fills the board.
pub struct NeedsAdapter {
    cards: Rc<VecModel<g::NeedData>>,
    cards_shown: Vec<(NeedCard, Option<FaceKey>)>,
    opened: Option<(NeedCard, Option<FaceKey>)>,
    home: Option<HomeNeed>,
}

impl NeedsAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let cards = Rc::new(VecModel::default());
        g::NeedsAdapter::get(window).set_cards(ModelRc::from(cards.clone()));
        Self { cards, cards_shown: vec![], opened: None, home: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let adapter = g::NeedsAdapter::get(window);
        if self.home != screen.need {
            let home = screen.need.as_ref();
            adapter.set_home(home.map(|home| data(&home.need, g::Face::default())).unwrap_or_default());
            adapter.set_home_total(home.map_or(0, |home| number(home.total)));
            self.home = screen.need.clone();
        }
        adapter.set_open(screen.needs.is_some());
        let Some(needs) = &screen.needs else {
            sync(&self.cards, &mut self.cards_shown, vec![], |_, _| false);
            adapter.set_has_opened(false);
            self.opened = None;
            return;
        };
        let layout = &screen.layout;
        let (columns, rows) = needs.grid;
        adapter.set_columns(i32::try_from(columns).unwrap_or(1));
        adapter.set_rows(i32::try_from(rows).unwrap_or(1));
        adapter.set_top(pixels(layout.needs_top()));
        adapter.set_face(pixels(layout.need_face()));
        adapter.set_total(number(needs.total));
        adapter.set_page(number(needs.page.0));
        adapter.set_pages(number(needs.page.1));
        let mut face = |need: &NeedCard| match &need.asker {
            Asker::Named(_, avatar) => {
                let (key, face) = faces.face(avatar, layout.need_face());
                (Some(key), face)
            }
            Asker::Unnamed | Asker::Space => (None, g::Face::default()),
        };
        let cards = needs.cards.iter().map(|need| {
            let (key, face) = face(need);
            ((need.clone(), key), data(need, face))
        });
        sync(&self.cards, &mut self.cards_shown, cards.collect(), |a, b| a.0.id == b.0.id);
        let opened = needs.opened.as_ref().map(|need| (need, face(need)));
        let key = opened.as_ref().map(|(need, (key, _))| ((*need).clone(), key.clone()));
        if self.opened != key {
            adapter.set_opened(opened.map(|(need, (_, face))| data(need, face)).unwrap_or_default());
            self.opened = key;
        }
        adapter.set_has_opened(needs.opened.is_some());
        adapter.set_own(needs.own);
    }
}

/// What the board's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::NeedsAdapter::get(window);
    let plain = |asks: NeedsTouch| {
        let touch = touch.clone();
        move || touch(Touch::Needs(asks))
    };
    adapter.on_show(plain(NeedsTouch::Open));
    adapter.on_close(plain(NeedsTouch::Close));
    adapter.on_close_need(plain(NeedsTouch::CloseNeed));
    let about = |asks: fn(NeedId) -> NeedsTouch| {
        let touch = touch.clone();
        move |need: SharedString| {
            if let Ok(id) = Uuid::try_parse(&need) {
                touch(Touch::Needs(asks(NeedId(id))));
            }
        }
    };
    adapter.on_show_need(about(NeedsTouch::Need));
    adapter.on_help(about(NeedsTouch::Help));
    adapter.on_show_own(plain(NeedsTouch::Own));
    adapter.on_edit(about(NeedsTouch::Edit));
    adapter.on_met(about(|need| NeedsTouch::Withdraw(need, true)));
    adapter.on_withdraw(about(|need| NeedsTouch::Withdraw(need, false)));
    adapter.on_report(about(NeedsTouch::Report));
    adapter.on_who(about(NeedsTouch::Who));
    let turned = touch.clone();
    adapter.on_turn_page(move |by| turned(Touch::Needs(NeedsTouch::Turn(if by < 0 { -1 } else { 1 }))));
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}

fn number(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn data(need: &NeedCard, face: g::Face) -> g::NeedData {
    let skills: VecModel<SharedString> = need.skills.iter().map(|skill| skill.as_str().into()).collect::<Vec<_>>().into();
    let (asker, name) = match &need.asker {
        Asker::Named(name, _) => (g::NeedAsker::Named, name.as_str()),
        Asker::Unnamed => (g::NeedAsker::Unnamed, ""),
        Asker::Space => (g::NeedAsker::Space, ""),
    };
    g::NeedData {
        need: need.id.to_string().into(),
        text: need.text.as_str().into(),
        asker,
        name: name.into(),
        face,
        days: need.days.map_or(-1, |days| i32::try_from(days).unwrap_or(i32::MAX)),
        skills: ModelRc::new(skills),
        helpers: number(need.helpers),
        passes: i32::try_from(need.passes).unwrap_or(i32::MAX),
    }
}
