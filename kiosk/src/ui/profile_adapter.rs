//! `ProfileAdapter` of `ui/overlays/profile_sheet.slint`.

use super::keys::{self, Keys, keystroke};
use super::member_adapter::drawn;
use super::{FaceKey, Faces, pixels, sync};
use crate::board::Touch;
use crate::board::profile::{Part, ProfileTouch, STEPS, Told};
use crate::board::typing::{Keystroke, Typed};
use crate::generated as g;
use crate::view_model::Screen;
use crate::view_model::keyboard;
use crate::view_model::profile::{FieldRow, ProfileScreen, SkillRow, Waiting};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use voisins_shared::language::Language;
use voisins_shared::member::{Field, Surface};
use voisins_shared::payload::TextSize;
use voisins_shared::visit::Availability;

/// Fills *Ma fiche*.
pub struct ProfileAdapter {
    fields: Rc<VecModel<g::FieldData>>,
    fields_shown: Vec<FieldRow>,
    skills: Rc<VecModel<g::SkillRowData>>,
    skills_shown: Vec<SkillRow>,
    suggestions: Rc<VecModel<SharedString>>,
    suggestions_shown: Vec<String>,
    keys: Keys,
    shown: Option<(ProfileScreen, FaceKey)>,
}

impl ProfileAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let (fields, skills) = (Rc::new(VecModel::default()), Rc::new(VecModel::default()));
        let (suggestions, keys) = (Rc::new(VecModel::default()), Keys::default());
        let adapter = g::ProfileAdapter::get(window);
        adapter.set_fields(ModelRc::from(fields.clone()));
        adapter.set_skills(ModelRc::from(skills.clone()));
        adapter.set_suggestions(ModelRc::from(suggestions.clone()));
        adapter.set_keys(keys.keys());
        adapter.set_variants(keys.variants());
        let (fields_shown, skills_shown, suggestions_shown) = (vec![], vec![], vec![]);
        Self { fields, fields_shown, skills, skills_shown, suggestions, suggestions_shown, keys, shown: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let adapter = g::ProfileAdapter::get(window);
        let layout = &screen.layout;
        let face = screen.profile.as_ref().map(|profile| faces.face(&profile.avatar, layout.profile_face()));
        let new = screen.profile.clone().zip(face.as_ref().map(|(key, _)| key.clone()));
        if self.shown == new {
            return;
        }
        self.shown = new;
        adapter.set_open(screen.profile.is_some());
        let (Some(profile), Some((_, face))) = (&screen.profile, face) else {
            // nothing of it is kept
            adapter.set_profile(g::ProfileData::default());
            adapter.set_text("".into());
            adapter.set_code(slint::Image::default());
            sync(&self.fields, &mut self.fields_shown, vec![], |_, _| false);
            sync(&self.skills, &mut self.skills_shown, vec![], |_, _| false);
            sync(&self.suggestions, &mut self.suggestions_shown, vec![], |_, _| false);
            return;
        };
        adapter.set_profile(data(profile, face));
        let phone = profile.phone.as_ref();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few hundred pixels
        let room = phone.map(|phone| (pixels(phone.side) * faces.scale) as u32).unwrap_or_default();
        let code = phone.and_then(|phone| drawn(phone.link.as_deref()?, room));
        adapter.set_on_phone(phone.is_some());
        adapter.set_code_side(pixels(phone.map_or(0, |phone| phone.side)));
        adapter.set_has_code(code.is_some());
        adapter.set_code(code.unwrap_or_default());
        adapter.set_face(pixels(layout.profile_face()));
        adapter.set_head(pixels(layout.profile_head()));
        adapter.set_rows_top(pixels(layout.profile_rows_top()));
        adapter.set_row(pixels(layout.profile_row()));
        adapter.set_gap(pixels(layout.profile_gap()));
        let fields = profile.fields.iter().map(|row| (row.clone(), row.into())).collect();
        sync(&self.fields, &mut self.fields_shown, fields, |a, b| a.field == b.field);
        let skills = profile.skills.iter().map(|row| (row.clone(), skill(row))).collect();
        sync(&self.skills, &mut self.skills_shown, skills, |a, b| a == b);
        let Some(adding) = &profile.adding else { return };
        adapter.set_text(adding.text.as_str().into());
        adapter.set_keyboard_height(pixels(keyboard::height(layout.small)));
        adapter.set_digits(keys::are_digits(&adding.keys));
        adapter.set_capitals(keys::are_capitals(&adding.keys));
        self.keys.show(&adding.keys, &adding.variants);
        let words = adding.suggestions.iter().map(|word| (word.clone(), word.as_str().into())).collect();
        sync(&self.suggestions, &mut self.suggestions_shown, words, |a, b| a == b);
    }
}

/// What the sheet's callbacks ask for.
pub fn connect(window: &g::KioskWindow, touch: &Rc<impl Fn(Touch) + 'static>) {
    let adapter = g::ProfileAdapter::get(window);
    let plain = |asks: ProfileTouch| {
        let touch = touch.clone();
        move || touch(Touch::Profile(asks.clone()))
    };
    adapter.on_all(plain(ProfileTouch::All));
    adapter.on_add(plain(ProfileTouch::Add));
    adapter.on_undo(plain(ProfileTouch::Undo));
    adapter.on_close(plain(ProfileTouch::Close));
    adapter.on_leave(plain(ProfileTouch::Leave));
    let word = |asks: fn(Typed) -> ProfileTouch| {
        let touch = touch.clone();
        move |text: SharedString| touch(Touch::Profile(asks(Typed(text.into()))))
    };
    adapter.on_held(word(|letter| ProfileTouch::Key(Keystroke::Hold(letter))));
    adapter.on_variant(word(|letter| ProfileTouch::Key(Keystroke::Variant(letter))));
    adapter.on_suggested(word(ProfileTouch::Suggested));
    let asks = {
        let touch = touch.clone();
        Rc::new(move |asks: ProfileTouch| touch(Touch::Profile(asks)))
    };
    let ask = asks.clone();
    adapter.on_key(move |key| ask(keystroke(key).map_or(ProfileTouch::Submit, ProfileTouch::Key)));
    let ask = asks.clone();
    adapter.on_choose_part(move |part| {
        ask(ProfileTouch::Part(match part {
            g::ProfilePart::Shown => Part::Shown,
            g::ProfilePart::Choices => Part::Choices,
            g::ProfilePart::Phone => Part::Phone,
        }));
    });
    let ask = asks.clone();
    adapter.on_choose_surface(move |surface| {
        ask(ProfileTouch::Surface(match surface {
            g::ProfileSurface::Kiosk => Surface::Kiosk,
            g::ProfileSurface::Lobby => Surface::Lobby,
        }));
    });
    let ask = asks.clone();
    adapter.on_turn_page(move |by| ask(ProfileTouch::Turn(if by < 0 { -1 } else { 1 })));
    let ask = asks.clone();
    adapter.on_toggle(move |field| ask(ProfileTouch::Toggle(field.into())));
    let ask = asks.clone();
    adapter.on_take_away(move |at| {
        if let Ok(at) = usize::try_from(at) {
            ask(ProfileTouch::TakeAway(at));
        }
    });
    let ask = asks.clone();
    adapter.on_choose_language(move |code| {
        if let Some(language) = Language::from_code(&code) {
            ask(ProfileTouch::Language(language));
        }
    });
    let ask = asks.clone();
    adapter.on_choose_size(move |size| {
        ask(ProfileTouch::TextSize(match size {
            g::TextSize::Normal => TextSize::Normal,
            g::TextSize::Large => TextSize::Large,
            g::TextSize::Largest => TextSize::Largest,
        }));
    });
    adapter.on_choose_availability(move |availability| {
        asks(ProfileTouch::Availability(match availability {
            g::Availability::Here => Availability::Here,
            g::Availability::Open => Availability::Open,
            g::Availability::DoNotDisturb => Availability::DoNotDisturb,
        }));
    });
    let touch = touch.clone();
    adapter.on_touched(move || touch(Touch::Anywhere));
}

fn data(profile: &ProfileScreen, face: g::Face) -> g::ProfileData {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let steps = |n: u32| f32::from(u16::try_from(n).unwrap_or(0));
    g::ProfileData {
        passes: profile.passes.map_or(-1, |passes| i32::try_from(passes).unwrap_or(i32::MAX)),
        name: profile.name.as_str().into(),
        face,
        part: match profile.part {
            Part::Shown => g::ProfilePart::Shown,
            Part::Choices => g::ProfilePart::Choices,
            Part::Phone => g::ProfilePart::Phone,
        },
        surface: if profile.surface == Surface::Lobby { g::ProfileSurface::Lobby } else { g::ProfileSurface::Kiosk },
        named: profile.named,
        hides_all: profile.hides_all,
        can_add: profile.can_add,
        page: number(profile.page.0),
        pages: number(profile.page.1),
        language: profile.language.map_or("", Language::code).into(),
        text_size: match profile.text_size {
            TextSize::Normal => g::TextSize::Normal,
            TextSize::Large => g::TextSize::Large,
            TextSize::Largest => g::TextSize::Largest,
        },
        availability: profile.availability.into(),
        waiting: match profile.waiting {
            None => "",
            Some(Waiting::Fields) => "fields",
            Some(Waiting::Skills) => "skills",
            Some(Waiting::Language(language)) => language.code(),
            Some(Waiting::TextSize(size)) => size.as_str(),
            Some(Waiting::Availability(Availability::Here)) => "here",
            Some(Waiting::Availability(Availability::Open)) => "open",
            Some(Waiting::Availability(Availability::DoNotDisturb)) => "do_not_disturb",
        }
        .into(),
        told: match profile.told {
            None => g::ProfileTold::None,
            Some(Told::Noted) => g::ProfileTold::Noted,
            Some(Told::NothingChanged) => g::ProfileTold::NothingChanged,
            Some(Told::NotRecorded) => g::ProfileTold::NotRecorded,
            Some(Told::BadSkills) => g::ProfileTold::BadSkills,
            Some(Told::NoAnswer) => g::ProfileTold::NoAnswer,
        },
        can_undo: profile.can_undo,
        left: profile.left.map_or(-1.0, |left| steps(left) / steps(STEPS)),
        adding: profile.adding.is_some(),
    }
}

fn skill(row: &SkillRow) -> g::SkillRowData {
    g::SkillRowData { at: i32::try_from(row.at).unwrap_or(i32::MAX), skill: row.skill.as_str().into() }
}

impl From<&FieldRow> for g::FieldData {
    fn from(row: &FieldRow) -> Self {
        let FieldRow { field, value, shown, enabled, waiting } = row;
        let field = FIELDS.into_iter().find(|(_, of)| of == field).map_or(g::ProfileField::Name, |(drawn, _)| drawn);
        Self { field, value: value.as_str().into(), shown: *shown, enabled: *enabled, waiting: *waiting }
    }
}

impl From<g::ProfileField> for Field {
    fn from(drawn: g::ProfileField) -> Self {
        FIELDS.into_iter().find(|(of, _)| *of == drawn).map_or(Self::Name, |(_, field)| field)
    }
}

const FIELDS: [(g::ProfileField, Field); 12] = [
    (g::ProfileField::Name, Field::Name),
    (g::ProfileField::Photo, Field::Photo),
    (g::ProfileField::Title, Field::Title),
    (g::ProfileField::Pronouns, Field::Pronouns),
    (g::ProfileField::Languages, Field::Languages),
    (g::ProfileField::Skills, Field::Skills),
    (g::ProfileField::Interests, Field::Interests),
    (g::ProfileField::LookingFor, Field::LookingFor),
    (g::ProfileField::Since, Field::Since),
    (g::ProfileField::Table, Field::Table),
    (g::ProfileField::UsualDays, Field::UsualDays),
    (g::ProfileField::Contact, Field::Contact),
];
