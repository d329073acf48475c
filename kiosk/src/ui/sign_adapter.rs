//! `SignAdapter` of `ui/overlays/sign_dialog.slint`.

use crate::board::sign::STEPS;
use crate::generated as g;
use crate::view_model::{Screen, SignKind, SignScreen};
use slint::Global;
use voisins_shared::payload::Action;
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
        },
        action: match sign.action {
            Action::Leave | Action::Unknown => g::SignAction::Leave,
            Action::PostNeed { .. } | Action::WithdrawNeed { .. } | Action::Help { .. } => g::SignAction::Leave,
            Action::Profile => g::SignAction::Profile,
            Action::Availability { availability: Availability::Here } => g::SignAction::Here,
            Action::Availability { availability: Availability::Open } => g::SignAction::Open,
            Action::Availability { availability: Availability::DoNotDisturb } => g::SignAction::DoNotDisturb,
        },
        left: f32::from(u16::try_from(sign.left).unwrap_or(0)) / f32::from(u16::try_from(STEPS).unwrap_or(1)),
        waiting: sign.waiting,
    }
}
