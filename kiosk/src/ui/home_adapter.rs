//! `HomeAdapter` of `ui/views/home_view.slint`.

use super::{FaceKey, Faces, sync};
use crate::generated as g;
use crate::view_model::layout::Layout;
use crate::view_model::{Card, Dot, Middle, Screen, SkillChip};
use slint::{Global, ModelRc, SharedString, VecModel};
use std::rc::Rc;

/// Fills the home screen.
pub struct HomeAdapter {
    cards: Rc<VecModel<g::CardData>>,
    cards_shown: Vec<(Card, FaceKey)>,
    skills: Rc<VecModel<g::SkillData>>,
    skills_shown: Vec<SkillChip>,
    layout: Option<Layout>,
}

impl HomeAdapter {
    pub fn new(window: &g::KioskWindow) -> Self {
        let (cards, skills) = (Rc::new(VecModel::default()), Rc::new(VecModel::default()));
        let adapter = g::HomeAdapter::get(window);
        adapter.set_cards(ModelRc::from(cards.clone()));
        adapter.set_skills(ModelRc::from(skills.clone()));
        Self { cards, cards_shown: vec![], skills, skills_shown: vec![], layout: None }
    }

    pub fn show(&mut self, window: &g::KioskWindow, screen: &Screen, faces: &mut Faces) {
        let adapter = g::HomeAdapter::get(window);
        if self.layout.replace(screen.layout) != Some(screen.layout) {
            adapter.set_layout(screen.layout.into());
        }
        adapter.set_middle(screen.middle.into());
        adapter.set_page(number(screen.page.0));
        adapter.set_pages(number(screen.page.1));
        adapter.set_skills_total(number(screen.skills.total));
        adapter.set_skills_from(number(screen.skills.from));
        let chips = screen.skills.chips.iter().map(|chip| (chip.clone(), chip.into())).collect();
        sync(&self.skills, &mut self.skills_shown, chips, |a, b| a.skill == b.skill);
        let cards = screen.cards.iter().map(|card| {
            let (key, face) = faces.face(&card.avatar, screen.layout.face());
            ((card.clone(), key), card_data(card, face))
        });
        sync(&self.cards, &mut self.cards_shown, cards.collect(), |a, b| a.0.member == b.0.member);
    }
}

fn number(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn card_data(card: &Card, face: g::Face) -> g::CardData {
    let skills: VecModel<SharedString> = card.skills.iter().map(|skill| skill.as_str().into()).collect::<Vec<_>>().into();
    g::CardData {
        member: card.member.to_string().into(),
        name: card.name.as_str().into(),
        title: card.title.as_str().into(),
        dot: card.dot.into(),
        availability: card.availability.into(),
        face,
        skills: ModelRc::new(skills),
        skills_total: number(card.skills_total),
    }
}

impl From<Dot> for g::Dot {
    fn from(dot: Dot) -> Self {
        match dot {
            Dot::Fresh => Self::Fresh,
            Dot::Passed => Self::Passed,
            Dot::Quiet => Self::Quiet,
            Dot::Stale => Self::Stale,
        }
    }
}

impl From<&SkillChip> for g::SkillData {
    fn from(chip: &SkillChip) -> Self {
        Self { skill: chip.skill.as_str().into(), count: number(chip.count), selected: chip.selected }
    }
}

impl From<Middle> for g::Middle {
    fn from(middle: Middle) -> Self {
        match middle {
            Middle::Connecting => Self::Connecting,
            Middle::Silent => Self::Silent,
            Middle::Empty => Self::Empty,
            Middle::AllHidden => Self::AllHidden,
            Middle::Cards => Self::Cards,
        }
    }
}

impl From<Layout> for g::LayoutData {
    #[allow(clippy::cast_precision_loss)] // screens have a few thousand pixels
    fn from(layout: Layout) -> Self {
        let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Self {
            resting: layout.resting,
            small: layout.small,
            low: layout.low,
            side: layout.side,
            skills: layout.skills,
            columns: count(layout.columns),
            rows: count(layout.rows),
            edge: layout.edge as f32,
            search_top: layout.search_top as f32,
            search_height: layout.search_height as f32,
            search_width: layout.search_width as f32,
            skills_top: layout.skills_top as f32,
            top: layout.top as f32,
            bottom: layout.bottom as f32,
            field: layout.field as f32,
            face: layout.face() as f32,
            dialog_face: layout.dialog_face() as f32,
            line_face: layout.line_face() as f32,
        }
    }
}
