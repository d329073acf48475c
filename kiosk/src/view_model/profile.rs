//! *Ma fiche* on the screen: the fields with their switches, the choices, a skill that is typed.

use super::avatar::Avatar;
use super::keyboard::{self, Key};
use super::layout::Layout;
use crate::board::profile::{Adding, Change, Part, Sheet, Told};
use crate::board::{Board, Now};
use std::fmt;
use voisins_shared::language::Language;
use voisins_shared::matching::Concepts;
use voisins_shared::member::{Field, Surface, first_name_and_initial};
use voisins_shared::payload::{ProfileChange, ProfileField, TextSize};
use voisins_shared::visit::Availability;

/// *Ma fiche* on screen. `Debug` doesn't say whose.
#[derive(Clone, PartialEq, Eq)]
pub struct ProfileScreen {
    /// The whole name.
    pub name: String,
    /// The face.
    pub avatar: Avatar,
    /// Which part is shown.
    pub part: Part,
    /// Whose screen is spoken of.
    pub surface: Surface,
    /// The fields on this page.
    pub fields: Vec<FieldRow>,
    /// Without the name nothing else is shown.
    pub named: bool,
    /// *Tout cacher*, since something is shown.
    pub hides_all: bool,
    /// The skills on this page.
    pub skills: Vec<SkillRow>,
    /// One more may be added.
    pub can_add: bool,
    /// Which page of how many, from 1.
    pub page: (usize, usize),
    /// The language of their screens, if they chose one.
    pub language: Option<Language>,
    /// How large they read.
    pub text_size: TextSize,
    /// What they say of being disturbed.
    pub availability: Availability,
    /// What a press that waits is about.
    pub waiting: Option<Waiting>,
    /// What became of the last press.
    pub told: Option<Told>,
    /// *Annuler* can do something.
    pub can_undo: bool,
    /// How much of the last seconds is left, of [`STEPS`](crate::board::profile::STEPS).
    pub left: Option<u32>,
    /// A skill that is typed.
    pub adding: Option<AddingScreen>,
    /// Day passes left, of somebody who comes with passes.
    pub passes: Option<u32>,
    /// The way to their phone, where there is one.
    pub phone: Option<PhoneScreen>,
}

/// The way to *Ma fiche* on a phone.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneScreen {
    /// What the code says; none once it works no more.
    pub link: Option<String>,
    /// Pixels on a side that there are for the code.
    pub side: u32,
}

impl fmt::Debug for ProfileScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileScreen").field("part", &self.part).field("told", &self.told).finish_non_exhaustive()
    }
}

/// What a press that waits is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Waiting {
    Fields,
    Skills,
    Language(Language),
    TextSize(TextSize),
    Availability(Availability),
}

/// A field with its switch.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct FieldRow {
    pub field: Field,
    /// What stands in it, in one line; empty if nothing does.
    pub value: String,
    pub shown: bool,
    /// Its switch does nothing without the name.
    pub enabled: bool,
    /// Its switch was pressed and waits.
    pub waiting: bool,
}

/// A skill that can be taken away.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SkillRow {
    /// Its place among all.
    pub at: usize,
    pub skill: String,
}

/// A skill that is typed.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AddingScreen {
    pub text: String,
    pub suggestions: Vec<String>,
    pub keys: Vec<Key>,
    pub variants: Vec<String>,
}

/// Builds the sheet, if it is open.
#[must_use]
pub fn build(board: &Board, layout: &Layout, (width, height): (u32, u32), now: Now) -> Option<ProfileScreen> {
    let sheet = board.sheet()?;
    let profile = sheet.profile();
    let fields: Vec<FieldRow> = sheet.fields().map(|field| row(sheet, field, board.language())).collect();
    let skills: Vec<SkillRow> =
        profile.skills.iter().enumerate().map(|(at, skill)| SkillRow { at, skill: skill.clone() }).collect();
    let (count, room) = match sheet.part {
        Part::Shown => (fields.len(), layout.profile_fields(height)),
        Part::Choices => (skills.len(), layout.profile_skills(height)),
        Part::Phone => (0, 1),
    };
    let pages = count.div_ceil(room).max(1);
    let page = usize::try_from(sheet.turned.rem_euclid(isize::try_from(pages).unwrap_or(1))).unwrap_or(0);
    Some(ProfileScreen {
        name: profile.name.clone(),
        avatar: Avatar::of(profile.member, &profile.name, board.roster()),
        part: sheet.part,
        surface: sheet.surface,
        named: sheet.is_named(),
        hides_all: fields.iter().any(|field| field.shown),
        fields: if sheet.part == Part::Shown { on_page(fields, page, room) } else { vec![] },
        skills: if sheet.part == Part::Choices { on_page(skills, page, room) } else { vec![] },
        can_add: sheet.can_add(),
        page: (page + 1, pages),
        language: profile.language,
        text_size: profile.text_size,
        availability: profile.availability,
        waiting: sheet.pending().map(waiting),
        told: sheet.told,
        can_undo: sheet.can_undo() && sheet.pending().is_none(),
        left: board.sheet_left(now),
        passes: profile.passes,
        phone: sheet
            .has_phone()
            .then(|| PhoneScreen { link: sheet.link(now).map(str::to_owned), side: layout.profile_code(height) }),
        adding: sheet.adding.as_ref().map(|adding| self::adding(board, adding, layout, width)),
    })
}

fn on_page<T>(rows: Vec<T>, page: usize, room: usize) -> Vec<T> {
    rows.into_iter().skip(page * room).take(room).collect()
}

fn row(sheet: &Sheet, field: &ProfileField, language: Language) -> FieldRow {
    let named = sheet.is_named();
    let concepts = Concepts::built_in();
    let word = |text: &String| match (field.field, sheet.surface) {
        (Field::Name, Surface::Lobby) => first_name_and_initial(text),
        (Field::Languages, _) => concepts.language(text).map_or(text.as_str(), |id| concepts.label(id, language)).to_owned(),
        _ => text.clone(),
    };
    let asked = match sheet.pending() {
        Some(Change::Record(ProfileChange::Show { fields, .. })) => fields.contains(&field.field),
        _ => false,
    };
    FieldRow {
        field: field.field,
        value: field.value.iter().map(word).collect::<Vec<_>>().join(", "),
        shown: sheet.shows(field),
        enabled: named || field.field == Field::Name,
        waiting: asked,
    }
}

fn waiting(change: &Change) -> Waiting {
    match change {
        Change::Availability(availability) => Waiting::Availability(*availability),
        Change::Record(ProfileChange::Language { language }) => Waiting::Language(*language),
        Change::Record(ProfileChange::TextSize { text_size }) => Waiting::TextSize(*text_size),
        Change::Record(ProfileChange::Skills { .. }) => Waiting::Skills,
        Change::Record(_) => Waiting::Fields,
    }
}

fn adding(board: &Board, adding: &Adding, layout: &Layout, width: u32) -> AddingScreen {
    AddingScreen {
        text: adding.typing.text().to_owned(),
        suggestions: adding.suggestions.clone(),
        keys: keyboard::keys(board.keyboard(), board.language(), adding.typing.layer(), width, layout.small),
        variants: adding.typing.held().map(keyboard::variants).unwrap_or_default(),
    }
}
