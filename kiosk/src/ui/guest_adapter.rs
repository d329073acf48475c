//! `GuestAdapter` of `ui/views/guest_view.slint`.

use super::keys::{self, Keys, keystroke};
use super::pixels;
use crate::board::Touch;
use crate::board::guest::{GuestTouch, Way};
use crate::board::typing::{Keystroke, Typed};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::keyboard;
use slint::{Global, SharedString};
use std::rc::Rc;

/// Fills the screen for those without a badge.
pub struct GuestAdapter {
    keys: Keys,
}

impl GuestAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let keys = Keys::default();
        let adapter = g::GuestAdapter::get(window);
        adapter.set_keys(keys.keys());
        adapter.set_variants(keys.variants());
        Self { keys }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::GuestAdapter::get(window);
        adapter.set_open(screen.guest.is_some());
        let Some(guest) = &screen.guest else {
            adapter.set_name("".into());
            return;
        };
        adapter.set_way(match guest.way {
            None => g::GuestWay::None,
            Some(Way::Guest) => g::GuestWay::Guest,
            Some(Way::NoBadge) => g::GuestWay::NoBadge,
        });
        adapter.set_name(guest.name.as_str().into());
        adapter.set_keyboard_height(pixels(keyboard::height(screen.layout.small)));
        adapter.set_digits(keys::are_digits(&guest.keys));
        adapter.set_capitals(keys::are_capitals(&guest.keys));
        self.keys.show(&guest.keys, &guest.variants);
    }
}

/// What that screen's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::GuestAdapter::get(window);
    let plain = |asks: GuestTouch| {
        let touch = touch.clone();
        move || touch(Touch::Guest(asks.clone()))
    };
    adapter.on_show(plain(GuestTouch::Open));
    adapter.on_close(plain(GuestTouch::Close));
    let word = |asks: fn(Typed) -> Keystroke| {
        let touch = touch.clone();
        move |text: SharedString| touch(Touch::Guest(GuestTouch::Key(asks(Typed(text.into())))))
    };
    adapter.on_held(word(Keystroke::Hold));
    adapter.on_variant(word(Keystroke::Variant));
    let asks = touch.clone();
    adapter.on_key(move |key| asks(Touch::Guest(keystroke(key).map_or(GuestTouch::Ask, GuestTouch::Key))));
    let asks = touch.clone();
    adapter.on_choose(move |way| {
        let way = match way {
            g::GuestWay::Guest => Way::Guest,
            g::GuestWay::NoBadge => Way::NoBadge,
            g::GuestWay::None => return,
        };
        asks(Touch::Guest(GuestTouch::Way(way)));
    });
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}
