//! `SearchAdapter` of `ui/views/search_view.slint`.

use super::keys::{self, Keys, keystroke};
use super::{FaceKey, Faces, pixels, sync};
use crate::board::Touch;
use crate::board::search::SearchTouch;
use crate::board::typing::{Keystroke, Typed};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::keyboard;
use crate::view_model::search::{Presence, ResultRow, SearchMiddle};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use voisins_shared::matching::Group;

/// Fills the search.
pub struct SearchAdapter {
    results: Rc<VecModel<g::ResultData>>,
    results_shown: Vec<(ResultRow, FaceKey)>,
    keys: Keys,
    chips: Rc<VecModel<SharedString>>,
    chips_shown: Vec<String>,
}

impl SearchAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let (results, keys, chips) = (Rc::new(VecModel::default()), Keys::default(), Rc::new(VecModel::default()));
        let adapter = g::SearchAdapter::get(window);
        adapter.set_results(ModelRc::from(results.clone()));
        adapter.set_keys(keys.keys());
        adapter.set_variants(keys.variants());
        adapter.set_chips(ModelRc::from(chips.clone()));
        Self { results, results_shown: vec![], keys, chips, chips_shown: vec![] }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let adapter = g::SearchAdapter::get(window);
        adapter.set_open(screen.search.is_some());
        let Some(search) = &screen.search else {
            adapter.set_text("".into());
            sync(&self.results, &mut self.results_shown, vec![], |_, _| false);
            return;
        };
        let layout = &screen.layout;
        adapter.set_text(search.text.as_str().into());
        adapter.set_middle(search.middle.into());
        adapter.set_keyboard(!search.keys.is_empty());
        adapter.set_keyboard_height(pixels(keyboard::height(layout.small)));
        adapter.set_digits(keys::are_digits(&search.keys));
        adapter.set_capitals(keys::are_capitals(&search.keys));
        adapter.set_row_height(pixels(layout.search_row()));
        adapter.set_face(pixels(layout.search_face()));
        adapter.set_title_height(pixels(layout.search_title()));
        let rows = search.rows.iter().map(|row| {
            let (key, face) = faces.face(&row.avatar, layout.search_face());
            ((row.clone(), key), result(row, face))
        });
        sync(&self.results, &mut self.results_shown, rows.collect(), |a, b| a.0.avatar.member == b.0.avatar.member);
        self.keys.show(&search.keys, &search.variants);
        let words = |words: &[String]| words.iter().map(|word| (word.clone(), word.as_str().into())).collect();
        sync(&self.chips, &mut self.chips_shown, words(&search.chips), |a, b| a == b);
    }
}

/// What the search's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::SearchAdapter::get(window);
    let plain = |asks: SearchTouch| {
        let touch = touch.clone();
        move || touch(Touch::Search(asks.clone()))
    };
    adapter.on_field(plain(SearchTouch::Field));
    adapter.on_close(plain(SearchTouch::Close));
    adapter.on_clear(plain(SearchTouch::Key(Keystroke::Clear)));
    let word = |asks: fn(Typed) -> SearchTouch| {
        let touch = touch.clone();
        move |text: SharedString| touch(Touch::Search(asks(Typed(text.into()))))
    };
    adapter.on_held(word(|letter| SearchTouch::Key(Keystroke::Hold(letter))));
    adapter.on_variant(word(|letter| SearchTouch::Key(Keystroke::Variant(letter))));
    adapter.on_try(word(SearchTouch::Try));
    let touch = touch.clone();
    adapter.on_key(move |key| touch(Touch::Search(keystroke(key).map_or(SearchTouch::Submit, SearchTouch::Key))));
}

fn result(row: &ResultRow, face: g::Face) -> g::ResultData {
    let rest: String = row.why.iter().skip(1).map(|why| format!(", {why}")).collect();
    g::ResultData {
        member: row.avatar.member.to_string().into(),
        title: row.first,
        more: i32::try_from(row.more).unwrap_or(i32::MAX),
        can_help: row.group == Group::CanHelp,
        y: pixels(row.y),
        name: row.name.as_str().into(),
        presence: row.presence.into(),
        dot: row.dot.into(),
        face,
        why: row.why.first().map(|why| why.as_str().into()).unwrap_or_default(),
        rest: rest.as_str().into(),
        table: row.table.as_str().into(),
        since: row.since.as_str().into(),
        usual_days: row.usual_days.as_str().into(),
    }
}

impl From<SearchMiddle> for g::SearchMiddle {
    fn from(middle: SearchMiddle) -> Self {
        match middle {
            SearchMiddle::Start => Self::Start,
            SearchMiddle::Results => Self::Results,
            SearchMiddle::Nothing => Self::Nothing,
            SearchMiddle::NoNews => Self::NoNews,
        }
    }
}

impl From<Presence> for g::SearchPresence {
    fn from(presence: Presence) -> Self {
        match presence {
            Presence::Here => Self::Here,
            Presence::Open => Self::Open,
            Presence::DoNotDisturb => Self::DoNotDisturb,
            Presence::Passed => Self::Passed,
            Presence::Away => Self::Away,
            Presence::Unknown => Self::Unknown,
        }
    }
}
