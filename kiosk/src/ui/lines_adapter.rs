//! `LinesAdapter` of `ui/overlays/lines_overlay.slint`.

use super::{FaceKey, Faces, sync};
use crate::generated as g;
use crate::view_model::{LineKind, LineScreen, Screen};
use slint::{Global, ModelRc, VecModel};
use std::rc::Rc;

/// Fills the lines at the bottom.
pub struct LinesAdapter {
    lines: Rc<VecModel<g::LineData>>,
    shown: Vec<(LineScreen, Option<FaceKey>)>,
}

impl LinesAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let lines = Rc::new(VecModel::default());
        g::LinesAdapter::get(window).set_lines(ModelRc::from(lines.clone()));
        Self { lines, shown: vec![] }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let (lines, more) = &screen.lines;
        g::LinesAdapter::get(window).set_more(i32::try_from(*more).unwrap_or(i32::MAX));
        let rows = lines.iter().map(|line| {
            let (key, face) = line.avatar.as_ref().map(|avatar| faces.face(avatar, screen.layout.line_face())).unzip();
            let row = g::LineData {
                kind: line.kind.into(),
                text: line.text.as_str().into(),
                has_face: face.is_some(),
                face: face.unwrap_or_default(),
            };
            ((line.clone(), key), row)
        });
        sync(&self.lines, &mut self.shown, rows.collect(), |a, b| a.0.event == b.0.event);
    }
}

impl From<LineKind> for g::LineKind {
    fn from(kind: LineKind) -> Self {
        match kind {
            LineKind::Arrival => Self::Arrival,
            LineKind::Seen => Self::Seen,
            LineKind::Departure => Self::Departure,
            LineKind::Unknown => Self::Unknown,
            LineKind::RandomUid => Self::RandomUid,
            LineKind::Unreadable => Self::Unreadable,
            LineKind::NotRecorded => Self::NotRecorded,
        }
    }
}
