//! `WritingAdapter` of `ui/views/writing_view.slint`.

use super::keys::{self, Keys, keystroke};
use super::pixels;
use crate::board::Touch;
use crate::board::typing::{Keystroke, Typed};
use crate::board::writing::{WritingTouch, WrittenFor};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::keyboard;
use slint::{Global, SharedString};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::need::NeedId;

/// Fills what is being written.
pub struct WritingAdapter {
    keys: Keys,
}

impl WritingAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let keys = Keys::default();
        let adapter = g::WritingAdapter::get(window);
        adapter.set_keys(keys.keys());
        adapter.set_variants(keys.variants());
        Self { keys }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::WritingAdapter::get(window);
        adapter.set_open(screen.writing.is_some());
        let Some(writing) = &screen.writing else {
            adapter.set_text("".into());
            return;
        };
        adapter.set_who(writing.who.as_str().into());
        adapter.set_refers(writing.refers);
        adapter.set_text(writing.text.as_str().into());
        adapter.set_length(i32::try_from(writing.length).unwrap_or(i32::MAX));
        adapter.set_ready(writing.ready);
        adapter.set_keyboard(!writing.keys.is_empty());
        adapter.set_keyboard_height(pixels(keyboard::height(screen.layout.small)));
        adapter.set_digits(keys::are_digits(&writing.keys));
        adapter.set_capitals(keys::are_capitals(&writing.keys));
        self.keys.show(&writing.keys, &writing.variants);
    }
}

/// What its callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::WritingAdapter::get(window);
    let plain = |asks: WritingTouch| {
        let touch = touch.clone();
        move || touch(Touch::Writing(asks.clone()))
    };
    adapter.on_close(plain(WritingTouch::Close));
    adapter.on_field(plain(WritingTouch::Field));
    adapter.on_send(plain(WritingTouch::Send));
    let opens = |to: fn(Uuid) -> WrittenFor| {
        let touch = touch.clone();
        move |id: SharedString| {
            if let Ok(id) = Uuid::try_parse(&id) {
                touch(Touch::Writing(WritingTouch::Open(to(id))));
            }
        }
    };
    adapter.on_write_to(opens(|id| WrittenFor::Member(MemberId(id))));
    adapter.on_refer(opens(|id| WrittenFor::Need(NeedId(id))));
    let word = |asks: fn(Typed) -> Keystroke| {
        let touch = touch.clone();
        move |text: SharedString| touch(Touch::Writing(WritingTouch::Key(asks(Typed(text.into())))))
    };
    adapter.on_held(word(Keystroke::Hold));
    adapter.on_variant(word(Keystroke::Variant));
    let asks = touch.clone();
    adapter.on_key(move |key| asks(Touch::Writing(keystroke(key).map_or(WritingTouch::Done, WritingTouch::Key))));
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}
