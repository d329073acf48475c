//! `SignAdapter` of `ui/overlays/sign_dialog.slint`.

use crate::board::sign::STEPS;
use crate::generated as g;
use crate::view_model::needs::Asker;
use crate::view_model::{Screen, SignAction, SignKind, SignScreen};
use slint::Global;
use voisins_shared::visit::Availability;

/// Fills the dialog that asks for a badge.
#[derive(Default)]
pub struct SignAdapter {
    shown: Option<SignScreen>,
}

impl SignAdapter {
    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen) {
        let adapter = g::SignAdapter::get(window);
        adapter.set_can_sign(screen.can_sign);
        if self.shown != screen.sign {
            adapter.set_sign(screen.sign.as_ref().map(data).unwrap_or_default());
            self.shown = screen.sign.clone();
        }
    }
}

fn data(sign: &SignScreen) -> g::SignData {
    g::SignData {
        request: sign.request.as_str().into(),
        kind: match sign.kind {
            SignKind::Awaited => g::SignKind::Awaited,
            SignKind::ArrivedFirst => g::SignKind::ArrivedFirst,
            SignKind::Busy => g::SignKind::Busy,
            SignKind::NoReader => g::SignKind::NoReader,
            SignKind::NotRecorded => g::SignKind::NotRecorded,
            SignKind::Again => g::SignKind::Again,
            SignKind::Done => g::SignKind::Done,
            SignKind::Undone => g::SignKind::Undone,
            SignKind::TooLate => g::SignKind::TooLate,
            SignKind::BadNeed => g::SignKind::BadNeed,
            SignKind::TooMany => g::SignKind::TooMany,
            SignKind::Gone => g::SignKind::Gone,
            SignKind::NotYours => g::SignKind::NotYours,
            SignKind::YourOwn => g::SignKind::YourOwn,
        },
        action: match &sign.action {
            SignAction::Leave => g::SignAction::Leave,
            SignAction::Profile => g::SignAction::Profile,
            SignAction::Availability(Availability::Here) => g::SignAction::Here,
            SignAction::Availability(Availability::Open) => g::SignAction::Open,
            SignAction::Availability(Availability::DoNotDisturb) => g::SignAction::DoNotDisturb,
            SignAction::Post(true) => g::SignAction::Post,
            SignAction::Post(false) => g::SignAction::Confide,
            SignAction::Withdraw => g::SignAction::Withdraw,
            SignAction::Help(Asker::Named(..)) => g::SignAction::Help,
            SignAction::Help(Asker::Unnamed) => g::SignAction::HelpUnnamed,
            SignAction::Help(Asker::Space) => g::SignAction::HelpSpace,
        },
        who: match &sign.action {
            SignAction::Help(Asker::Named(name, _)) => name.as_str().into(),
            _ => "".into(),
        },
        left: f32::from(u16::try_from(sign.left).unwrap_or(0)) / f32::from(u16::try_from(STEPS).unwrap_or(1)),
        waiting: sign.waiting,
        can_undo: sign.can_undo,
    }
}
