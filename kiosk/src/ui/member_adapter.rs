//! `MemberAdapter` of `ui/overlays/member_overlay.slint`.

use super::{FaceKey, Faces};
use crate::board::Touch;
use crate::generated as g;
use crate::view_model::member::{ChipLine, FRAME, MemberScreen};
use crate::view_model::{Screen, qr};
use slint::{Global, Image, ModelRc, Rgb8Pixel, SharedPixelBuffer, SharedString, VecModel};
use std::rc::Rc;
use uuid::Uuid;
use voisins_shared::member::MemberId;
use voisins_shared::payload::Action;

/// The dark squares of a code, in every room: the look's ink.
const DARK: Rgb8Pixel = Rgb8Pixel { r: 0x2A, g: 0x21, b: 0x1C };
/// The light ones.
const LIGHT: Rgb8Pixel = Rgb8Pixel { r: 255, g: 255, b: 255 };

/// Fills the card.
#[derive(Default)]
pub struct MemberAdapter {
    shown: Option<(MemberScreen, FaceKey)>,
    /// What was drawn last: its text and the pixels that there were for it.
    code: Option<(String, u32, Image)>,
}

impl MemberAdapter {
    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let adapter = g::MemberAdapter::get(window);
        adapter.set_open(screen.member.is_some());
        let Some(member) = &screen.member else {
            // nothing of somebody stays behind
            if self.shown.take().is_some() {
                self.code = None;
                adapter.set_member(g::MemberData::default());
            }
            return;
        };
        let (key, face) = faces.face(&member.avatar, member.sheet.face);
        let new = (member.clone(), key);
        if self.shown.as_ref() == Some(&new) {
            return;
        }
        let code = self.code(member, faces.scale);
        adapter.set_width(pixels(member.sheet.width));
        adapter.set_face(pixels(member.sheet.face));
        adapter.set_code(pixels(member.sheet.code));
        adapter.set_member(data(member, face, code, faces.scale));
        self.shown = Some(new);
    }

    /// The picture of their visiting card, drawn once, in physical pixels.
    fn code(&mut self, member: &MemberScreen, scale: f32) -> Option<Image> {
        let vcard = member.vcard.as_ref()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few hundred pixels
        let room = (pixels(member.sheet.code - 2 * FRAME) * scale) as u32;
        if let Some((_, _, image)) = self.code.as_ref().filter(|(text, held, _)| text == vcard && *held == room) {
            return Some(image.clone());
        }
        let image = drawn(vcard, room)?;
        self.code = Some((vcard.clone(), room, image.clone()));
        Some(image)
    }
}

/// A code of so many pixels at most.
pub(super) fn drawn(text: &str, room: u32) -> Option<Image> {
    let picture = qr::draw(text, room)?;
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(picture.side, picture.side);
    for (pixel, light) in buffer.make_mut_slice().iter_mut().zip(&picture.pixels) {
        *pixel = if *light == 0 { DARK } else { LIGHT };
    }
    Some(Image::from_rgb8(buffer))
}

/// What the card's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::MemberAdapter::get(window);
    let plain = |asks: Touch| {
        let touch = touch.clone();
        move || touch(asks.clone())
    };
    adapter.on_close(plain(Touch::CloseMember));
    adapter.on_touched(plain(Touch::Anywhere));
    let asks = touch.clone();
    adapter.on_ask_introduction(move |member| {
        if let Ok(member) = Uuid::try_parse(&member) {
            asks(Touch::Sign(Action::AskIntroduction { member: MemberId(member) }));
        }
    });
    let touch = touch.clone();
    adapter.on_show(move |member| {
        if let Ok(member) = Uuid::try_parse(&member) {
            touch(Touch::Member(MemberId(member)));
        }
    });
}

#[allow(clippy::cast_precision_loss)] // screens have a few thousand pixels
fn pixels(length: u32) -> f32 {
    length as f32
}

fn data(member: &MemberScreen, face: g::Face, code: Option<Image>, scale: f32) -> g::MemberData {
    let skills: Vec<g::ChipLineData> = member.skills.iter().map(chip_line).collect();
    g::MemberData {
        member: member.member.to_string().into(),
        can_sign: member.can_sign,
        meets: member.meets,
        name: member.name.as_str().into(),
        about: member.about.as_str().into(),
        presence: member.presence.into(),
        dot: member.dot.into(),
        face,
        table: member.table.as_str().into(),
        since: member.since.as_str().into(),
        usual_days: member.usual_days.as_str().into(),
        skills: ModelRc::new(VecModel::from(skills)),
        interests: member.interests.text.as_str().into(),
        interests_height: pixels(member.sheet.words_height(&member.interests)),
        looking_for: member.looking_for.text.as_str().into(),
        looking_for_height: pixels(member.sheet.words_height(&member.looking_for)),
        has_code: code.is_some(),
        code_side: code.as_ref().map(|code| pixels(code.size().width) / scale).unwrap_or_default(),
        code: code.unwrap_or_default(),
    }
}

fn chip_line(line: &ChipLine) -> g::ChipLineData {
    let skills: Vec<SharedString> = line.skills.iter().map(|skill| skill.as_str().into()).collect();
    g::ChipLineData { skills: ModelRc::new(VecModel::from(skills)), total: i32::try_from(line.total).unwrap_or(i32::MAX) }
}
