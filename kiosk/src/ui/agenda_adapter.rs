//! `AgendaAdapter` of `ui/views/agenda_adapter.slint`: the agenda, and the events at home.

use super::{pixels, sync};
use crate::board::Touch;
use crate::board::agenda::AgendaTouch;
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::agenda::{Day, EventCard, EventRow};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::agenda::EventId;

/// Fills the agenda.
pub struct AgendaAdapter {
    rows: Rc<VecModel<g::EventRowData>>,
    rows_shown: Vec<EventRow>,
    home: Rc<VecModel<g::EventData>>,
    home_shown: Vec<EventCard>,
    opened: Option<EventCard>,
}

impl AgendaAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let (rows, home) = (Rc::new(VecModel::default()), Rc::new(VecModel::default()));
        let adapter = g::AgendaAdapter::get(window);
        adapter.set_rows(ModelRc::from(rows.clone()));
        adapter.set_home(ModelRc::from(home.clone()));
        Self { rows, rows_shown: vec![], home, home_shown: vec![], opened: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::AgendaAdapter::get(window);
        let home = screen.events.events.iter().map(|event| (event.clone(), event.into()));
        sync(&self.home, &mut self.home_shown, home.collect(), |a, b| a.id == b.id);
        adapter.set_in_turn(screen.events.in_turn);
        adapter.set_open(screen.agenda.is_some());
        let Some(agenda) = &screen.agenda else {
            sync(&self.rows, &mut self.rows_shown, vec![], |_, _| false);
            adapter.set_has_opened(false);
            self.opened = None;
            return;
        };
        let layout = &screen.layout;
        adapter.set_top(pixels(layout.needs_top()));
        adapter.set_row(pixels(layout.agenda_row()));
        adapter.set_day(pixels(layout.agenda_day()));
        adapter.set_total(number(agenda.total));
        adapter.set_page(number(agenda.page.0));
        adapter.set_pages(number(agenda.page.1));
        let rows = agenda.rows.iter().map(|row| {
            let data = g::EventRowData { event: (&row.event).into(), titled: row.titled, y: pixels(row.y) };
            (row.clone(), data)
        });
        sync(&self.rows, &mut self.rows_shown, rows.collect(), |a, b| a.event.id == b.event.id);
        if self.opened != agenda.opened {
            adapter.set_opened(agenda.opened.as_ref().map(Into::into).unwrap_or_default());
            self.opened.clone_from(&agenda.opened);
        }
        adapter.set_has_opened(agenda.opened.is_some());
    }
}

/// What the agenda's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::AgendaAdapter::get(window);
    let plain = |asks: AgendaTouch| {
        let touch = touch.clone();
        move || touch(Touch::Agenda(asks))
    };
    adapter.on_show(plain(AgendaTouch::Open));
    adapter.on_close(plain(AgendaTouch::Close));
    adapter.on_close_event(plain(AgendaTouch::CloseEvent));
    let about = |asks: fn(EventId) -> AgendaTouch| {
        let touch = touch.clone();
        move |event: SharedString| {
            if let Ok(id) = Uuid::try_parse(&event) {
                touch(Touch::Agenda(asks(EventId(id))));
            }
        }
    };
    adapter.on_show_event(about(AgendaTouch::Event));
    adapter.on_report(about(AgendaTouch::Report));
    let asks = touch.clone();
    adapter.on_rsvp(move |event, going| {
        if let Ok(id) = Uuid::try_parse(&event) {
            asks(Touch::Agenda(AgendaTouch::Rsvp(EventId(id), going)));
        }
    });
    let asks = touch.clone();
    adapter.on_turn_page(move |by| asks(Touch::Agenda(AgendaTouch::Turn(if by < 0 { -1 } else { 1 }))));
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}

fn number(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// A day for the words of it, and its date if that has to be said.
pub(super) fn day(day: &Day) -> (g::EventDay, SharedString) {
    match day {
        Day::Today => (g::EventDay::Today, SharedString::default()),
        Day::Tomorrow => (g::EventDay::Tomorrow, SharedString::default()),
        Day::Date(date) => (g::EventDay::Date, date.as_str().into()),
    }
}

impl From<&EventCard> for g::EventData {
    fn from(event: &EventCard) -> Self {
        let (day, date) = day(&event.day);
        Self {
            event: event.id.to_string().into(),
            day,
            date,
            time: event.time.as_str().into(),
            until: event.until.as_str().into(),
            last_day: event.last_day.as_str().into(),
            lunch: event.lunch,
            title: event.title.as_str().into(),
            place: event.place.as_str().into(),
            going: i32::try_from(event.going).unwrap_or(i32::MAX),
            names: event.names.join(", ").into(),
            more: i32::try_from(event.going).unwrap_or(i32::MAX).saturating_sub(number(event.names.len())).max(0),
            missing: i32::try_from(event.missing).unwrap_or(i32::MAX),
            author: event.author.as_str().into(),
        }
    }
}
