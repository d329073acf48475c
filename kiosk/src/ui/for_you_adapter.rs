//! `ForYouAdapter` of `ui/overlays/for_you_overlay.slint`.

use super::{FaceKey, Faces, pixels, sync};
use crate::board::Touch;
use crate::board::for_you::{Button, ForYouPress, PressStep};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::for_you::{ForYouCard, ForYouKind, ForYouScreen};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::introduction::Led;

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
        sync(&self.cards, &mut self.cards_shown, rows.collect(), |a, b| a.0.at == b.0.at && a.0.kind == b.0.kind);
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
            adapter.set_snoozes(sheet.snoozes);
            adapter.set_snoozed(sheet.snoozed.into());
            adapter.set_can_press(sheet.can_press);
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
    adapter.on_press(move |request, at, button| {
        if let Ok(at) = usize::try_from(at) {
            pressed(request, ForYouPress::Button(at, button.into()));
        }
    });
    let pressed = press.clone();
    adapter.on_snooze(move |request| pressed(request, ForYouPress::Snooze));
    let pressed = press.clone();
    adapter.on_turn_page(move |request, by| pressed(request, ForYouPress::Turn(if by < 0 { -1 } else { 1 })));
    adapter.on_close(move |request| press(request, ForYouPress::Close));
}

fn data(card: &ForYouCard, face: Option<g::Face>) -> g::ForYouData {
    let buttons: Vec<g::ForYouButton> = card.buttons.iter().map(|button| (*button).into()).collect();
    g::ForYouData {
        at: i32::try_from(card.at).unwrap_or(i32::MAX),
        kind: kind(card.kind),
        name: card.name.as_str().into(),
        has_face: face.is_some(),
        face: face.unwrap_or_default(),
        presence: card.presence.into(),
        dot: card.dot.into(),
        table: card.table.as_str().into(),
        text: card.text.as_str().into(),
        why: card.why.as_str().into(),
        passes: i32::try_from(card.passes).unwrap_or(i32::MAX),
        step: card.step.into(),
        pressed: card.pressed.map(Into::into).unwrap_or_default(),
        buttons: ModelRc::new(VecModel::from(buttons)),
        wide: card.wide,
    }
}

fn kind(kind: ForYouKind) -> g::ForYouKind {
    match kind {
        ForYouKind::CanHelp => g::ForYouKind::CanHelp,
        ForYouKind::CanBeHelped => g::ForYouKind::CanBeHelped,
        ForYouKind::Offered => g::ForYouKind::Offered,
        ForYouKind::Wished => g::ForYouKind::Wished,
        ForYouKind::Proposed => g::ForYouKind::Proposed,
        ForYouKind::Introduced => g::ForYouKind::Introduced,
        ForYouKind::NotIntroduced => g::ForYouKind::NotIntroduced,
        ForYouKind::LedSomewhere => g::ForYouKind::LedSomewhere,
        ForYouKind::Thanked => g::ForYouKind::Thanked,
        ForYouKind::Interest => g::ForYouKind::Interest,
        ForYouKind::Note => g::ForYouKind::Note,
        ForYouKind::StillOpen => g::ForYouKind::StillOpen,
        ForYouKind::Earned => g::ForYouKind::Earned,
    }
}

impl From<PressStep> for g::PressStep {
    fn from(step: PressStep) -> Self {
        match step {
            PressStep::Open => Self::Open,
            PressStep::Asked => Self::Asked,
            PressStep::Noted => Self::Noted,
            PressStep::Closed => Self::Closed,
            PressStep::NotNoted => Self::NotNoted,
        }
    }
}

impl From<Button> for g::ForYouButton {
    fn from(button: Button) -> Self {
        match button {
            Button::Help => Self::Help,
            Button::NotThisTime => Self::NotThisTime,
            Button::Accept => Self::Accept,
            Button::Decline => Self::Decline,
            Button::Avoid => Self::Avoid,
            Button::Thank => Self::Thank,
            Button::Report => Self::Report,
            Button::NoMoreNotes => Self::NoMoreNotes,
            Button::Renew => Self::Renew,
            Button::Found => Self::Found,
            Button::TakeDown => Self::TakeDown,
            Button::Led(Led::Nothing) => Self::LedToNothing,
            Button::Led(Led::Met) => Self::LedToMeeting,
            Button::Led(Led::Project) => Self::LedToProject,
        }
    }
}

impl From<g::ForYouButton> for Button {
    fn from(button: g::ForYouButton) -> Self {
        match button {
            g::ForYouButton::Help => Self::Help,
            g::ForYouButton::NotThisTime => Self::NotThisTime,
            g::ForYouButton::Accept => Self::Accept,
            g::ForYouButton::Decline => Self::Decline,
            g::ForYouButton::Avoid => Self::Avoid,
            g::ForYouButton::Thank => Self::Thank,
            g::ForYouButton::Report => Self::Report,
            g::ForYouButton::NoMoreNotes => Self::NoMoreNotes,
            g::ForYouButton::Renew => Self::Renew,
            g::ForYouButton::Found => Self::Found,
            g::ForYouButton::TakeDown => Self::TakeDown,
            g::ForYouButton::LedToNothing => Self::Led(Led::Nothing),
            g::ForYouButton::LedToMeeting => Self::Led(Led::Met),
            g::ForYouButton::LedToProject => Self::Led(Led::Project),
        }
    }
}
