//! `DialogAdapter` of `ui/overlays/dialog_overlay.slint`.

use super::{FaceKey, Faces};
use crate::generated as g;
use crate::view_model::{DialogKind, DialogScreen, Screen};
use slint::Global;

/// Fills the dialog.
#[derive(Default)]
pub struct DialogAdapter {
    shown: Option<(Option<DialogScreen>, Option<FaceKey>)>,
}

impl DialogAdapter {
    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let avatar = screen.dialog.as_ref().and_then(|dialog| dialog.avatar.as_ref());
        let (key, face) = avatar.map(|avatar| faces.face(avatar, screen.layout.dialog_face())).unzip();
        let new = (screen.dialog.clone(), key);
        if self.shown.as_ref() == Some(&new) {
            return;
        }
        g::DialogAdapter::get(window).set_dialog(screen.dialog.as_ref().map(|dialog| data(dialog, face)).unwrap_or_default());
        self.shown = Some(new);
    }
}

fn data(dialog: &DialogScreen, face: Option<g::Face>) -> g::DialogData {
    g::DialogData {
        event: dialog.event.as_str().into(),
        kind: dialog.kind.into(),
        first_name: dialog.first_name.as_str().into(),
        has_face: face.is_some(),
        face: face.unwrap_or_default(),
        present: i32::try_from(dialog.present).unwrap_or(i32::MAX),
        code: dialog.code.as_str().into(),
        can_press: dialog.can_press,
        ask_to_stay: dialog.ask_to_stay,
        availability: dialog.availability.into(),
        noted: dialog.noted,
        offers: dialog.offers,
        waits: i32::try_from(dialog.waits).unwrap_or(i32::MAX),
        can_undo: dialog.can_undo,
        waiting: dialog.waiting.is_some(),
    }
}

impl From<DialogKind> for g::DialogKind {
    fn from(kind: DialogKind) -> Self {
        match kind {
            DialogKind::Arrival => Self::Arrival,
            DialogKind::Seen => Self::Seen,
            DialogKind::Departure => Self::Departure,
            DialogKind::Unknown => Self::Unknown,
            DialogKind::RandomUid => Self::RandomUid,
            DialogKind::Unreadable => Self::Unreadable,
            DialogKind::NotRecorded => Self::NotRecorded,
            DialogKind::Left => Self::Left,
            DialogKind::Stayed => Self::Stayed,
            DialogKind::Welcome => Self::Welcome,
            DialogKind::Again => Self::Again,
            DialogKind::Over => Self::Over,
        }
    }
}
