//! `ProposeAdapter` of `ui/views/agenda_adapter.slint`: an event that is being proposed.

use super::agenda_adapter::day;
use super::keys::{self, Keys, keystroke};
use super::pixels;
use crate::board::Touch;
use crate::board::agenda::{ProposeField, ProposeTouch};
use crate::board::typing::{Keystroke, Typed};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::keyboard;
use slint::{Global, SharedString};
use std::rc::Rc;

/// Fills the proposing screen.
pub struct ProposeAdapter {
    keys: Keys,
}

impl ProposeAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let keys = Keys::default();
        let adapter = g::ProposeAdapter::get(window);
        adapter.set_keys(keys.keys());
        adapter.set_variants(keys.variants());
        Self { keys }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::ProposeAdapter::get(window);
        adapter.set_open(screen.propose.is_some());
        let Some(propose) = &screen.propose else {
            adapter.set_title("".into());
            adapter.set_place("".into());
            return;
        };
        adapter.set_title(propose.title.as_str().into());
        adapter.set_place(propose.place.as_str().into());
        adapter.set_typed(match propose.typed {
            None => g::ProposeField::None,
            Some(ProposeField::Title) => g::ProposeField::Title,
            Some(ProposeField::Place) => g::ProposeField::Place,
        });
        let (day, date) = day(&propose.day);
        adapter.set_day(day);
        adapter.set_date(date);
        adapter.set_time(propose.time.as_str().into());
        adapter.set_firm_at(i32::try_from(propose.firm_at).unwrap_or(i32::MAX));
        adapter.set_past(propose.past);
        adapter.set_ready(propose.ready);
        adapter.set_keyboard_height(pixels(keyboard::height(screen.layout.small)));
        adapter.set_digits(keys::are_digits(&propose.keys));
        adapter.set_capitals(keys::are_capitals(&propose.keys));
        self.keys.show(&propose.keys, &propose.variants);
    }
}

/// What the proposing screen's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::ProposeAdapter::get(window);
    let plain = |asks: ProposeTouch| {
        let touch = touch.clone();
        move || touch(Touch::Propose(asks.clone()))
    };
    adapter.on_show(plain(ProposeTouch::Open));
    adapter.on_close(plain(ProposeTouch::Close));
    adapter.on_propose(plain(ProposeTouch::Propose));
    let word = |asks: fn(Typed) -> Keystroke| {
        let touch = touch.clone();
        move |text: SharedString| touch(Touch::Propose(ProposeTouch::Key(asks(Typed(text.into())))))
    };
    adapter.on_held(word(Keystroke::Hold));
    adapter.on_variant(word(Keystroke::Variant));
    let asks = touch.clone();
    adapter.on_key(move |key| asks(Touch::Propose(keystroke(key).map_or(ProposeTouch::Done, ProposeTouch::Key))));
    let asks = touch.clone();
    adapter.on_field(move |field| {
        asks(Touch::Propose(match field {
            g::ProposeField::Place => ProposeTouch::Field(ProposeField::Place),
            g::ProposeField::Title | g::ProposeField::None => ProposeTouch::Field(ProposeField::Title),
        }));
    });
    let asks = touch.clone();
    adapter.on_step_days(move |days| asks(Touch::Propose(ProposeTouch::Days(days.into()))));
    let asks = touch.clone();
    adapter.on_step_minutes(move |minutes| asks(Touch::Propose(ProposeTouch::Minutes(minutes.into()))));
    let asks = touch.clone();
    adapter.on_step_people(move |people| asks(Touch::Propose(ProposeTouch::People(people))));
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}
