//! `MusterAdapter` of `ui/overlays/muster_view.slint`.

use super::{pixels, sync};
use crate::board::Touch;
use crate::board::muster::MusterTouch;
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::muster::{MusterRow, MusterScreen, WhyClosed};
use slint::{Global, ModelRc, VecModel};
use std::rc::Rc;
use voisins_shared::muster::How;

/// Fills the evacuation list.
pub struct MusterAdapter {
    rows: Rc<VecModel<g::MusterRowData>>,
    held: Vec<MusterRow>,
    shown: Option<(bool, Option<MusterScreen>)>,
}

impl MusterAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let rows = Rc::new(VecModel::default());
        g::MusterAdapter::get(window).set_rows(ModelRc::from(rows.clone()));
        Self { rows, held: vec![], shown: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let new = (screen.has_muster, screen.muster.clone());
        if self.shown.as_ref() == Some(&new) {
            return;
        }
        let adapter = g::MusterAdapter::get(window);
        adapter.set_available(screen.has_muster);
        adapter.set_stage(match &screen.muster {
            None => g::MusterStage::None,
            Some(MusterScreen::Pad { .. }) => g::MusterStage::Pad,
            Some(MusterScreen::List(_)) => g::MusterStage::List,
        });
        let mut rows = vec![];
        match &screen.muster {
            Some(MusterScreen::Pad { digits, refused, waits, closed }) => {
                adapter.set_digits(number(*digits));
                adapter.set_refused(*refused);
                adapter.set_waits(i32::try_from(*waits).unwrap_or(i32::MAX));
                adapter.set_unreadable(*closed == Some(WhyClosed::Unreadable));
                adapter.set_no_pin(*closed == Some(WhyClosed::NoPin));
            }
            Some(MusterScreen::List(list)) => {
                adapter.set_page(number(list.page.0));
                adapter.set_pages(number(list.page.1));
                adapter.set_ticked(number(list.ticked));
                adapter.set_all(number(list.all));
                adapter.set_unconfirmed(number(list.unconfirmed));
                adapter.set_old_since(list.old_since.as_str().into());
                let (reader, since) = list.gap.clone().unwrap_or_default();
                adapter.set_has_gap(list.gap.is_some());
                adapter.set_gap_reader(reader.into());
                adapter.set_gap_since(since.into());
                adapter.set_row_height(pixels(list.row_height));
                adapter.set_columns(i32::try_from(list.columns).unwrap_or(1));
                rows = list.rows.iter().map(|row| (row.clone(), data(row))).collect();
            }
            None => {}
        }
        sync(&self.rows, &mut self.held, rows, |a, b| a.visit == b.visit);
        self.shown = Some(new);
    }
}

fn number(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn data(row: &MusterRow) -> g::MusterRowData {
    g::MusterRowData {
        visit: row.visit.to_string().into(),
        name: row.name.as_str().into(),
        how: match row.how {
            How::Tapped => g::MusterHow::Tapped,
            How::Declared => g::MusterHow::Declared,
            How::Manager => g::MusterHow::Written,
            How::Guest => g::MusterHow::Guest,
        },
        unconfirmed: row.unconfirmed,
        since: row.since.as_str().into(),
        seen: row.seen.as_str().into(),
        by: row.by.as_str().into(),
        ticked: row.ticked,
        safe: row.safe,
    }
}

/// What its buttons ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::MusterAdapter::get(window);
    let plain = |asks: MusterTouch| {
        let touch = touch.clone();
        move || touch(Touch::Muster(asks))
    };
    adapter.on_show(plain(MusterTouch::Open));
    adapter.on_close(plain(MusterTouch::Close));
    adapter.on_erase(plain(MusterTouch::Erase));
    adapter.on_enter(plain(MusterTouch::Enter));
    let asks = touch.clone();
    adapter.on_digit(move |digit| asks(Touch::Muster(MusterTouch::Digit(u8::try_from(digit).unwrap_or(0)))));
    let asks = touch.clone();
    adapter.on_turn(move |by| asks(Touch::Muster(MusterTouch::Turn(by))));
    let asks = touch.clone();
    adapter.on_tick(move |visit| {
        if let Ok(visit) = visit.parse() {
            asks(Touch::Muster(MusterTouch::Tick(visit)));
        }
    });
}
