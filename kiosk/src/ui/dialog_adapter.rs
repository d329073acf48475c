//! `DialogAdapter` of `ui/overlays/dialog_overlay.slint`.

use super::{FaceKey, Faces};
use crate::generated as g;
use crate::view_model::waits::WaitKind;
use crate::view_model::{DialogKind, DialogScreen, Screen};
use slint::{Global, ModelRc, VecModel};

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
        waits: ModelRc::new(VecModel::from(dialog.waits.rows.iter().map(|row| wait(*row)).collect::<Vec<_>>())),
        waits_more: number(dialog.waits.more),
        waits_narrow: dialog.waits.narrow,
        can_undo: dialog.can_undo,
        waiting: dialog.waiting.is_some(),
    }
}

fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn wait((kind, count): (WaitKind, u32)) -> g::WaitData {
    let kind = match kind {
        WaitKind::CanBeHelped => g::WaitKind::CanBeHelped,
        WaitKind::CanHelp => g::WaitKind::CanHelp,
        WaitKind::Introductions => g::WaitKind::Introductions,
        WaitKind::Interests => g::WaitKind::Interests,
        WaitKind::Notes => g::WaitKind::Notes,
        WaitKind::News => g::WaitKind::News,
        WaitKind::Any => g::WaitKind::Any,
    };
    g::WaitData { kind, count: number(count) }
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
