//! What a touch changes in the record, and what takes that back.

use super::super::typing::Typed;
use super::{ProfileTouch, Sheet};
use voisins_shared::language::Language;
use voisins_shared::member::Field;
use voisins_shared::payload::ProfileChange;
use voisins_shared::visit::Availability;

/// A change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Of the record.
    Record(ProfileChange),
    /// Of what they say of being disturbed.
    Availability(Availability),
}

impl Sheet {
    fn show(&self, fields: Vec<Field>, shown: bool) -> (Change, Change) {
        let change = |fields, shown| Change::Record(ProfileChange::Show { fields, surface: self.surface, shown });
        (change(fields.clone(), shown), change(fields, !shown))
    }

    fn skills(&self, skills: Vec<String>) -> (Change, Change) {
        let change = |skills| Change::Record(ProfileChange::Skills { skills });
        (change(skills), change(self.profile.skills.clone()))
    }

    /// What a touch changes in the record, and what takes that back.
    pub(super) fn change(&self, touch: ProfileTouch, language: Language) -> Option<(Change, Option<Change>)> {
        let (change, inverse) = match touch {
            ProfileTouch::Toggle(field) => {
                let field = self.fields().find(|of| of.field == field)?;
                if field.field != Field::Name && !self.is_named() {
                    return None;
                }
                self.show(vec![field.field], !self.agreed(field))
            }
            ProfileTouch::All => {
                let shown = !self.fields().any(|field| self.shows(field));
                let fields: Vec<Field> =
                    self.fields().filter(|field| self.agreed(field) != shown).map(|field| field.field).collect();
                if fields.is_empty() {
                    return None;
                }
                self.show(fields, shown)
            }
            ProfileTouch::TakeAway(at) => {
                let mut skills = self.profile.skills.clone();
                (at < skills.len()).then(|| skills.remove(at))?;
                self.skills(skills)
            }
            ProfileTouch::Suggested(Typed(skill)) => {
                let skill = skill.trim();
                if skill.is_empty() || !self.can_add() || self.profile.skills.iter().any(|other| other == skill) {
                    return None;
                }
                self.skills(self.profile.skills.iter().cloned().chain([skill.to_owned()]).collect())
            }
            ProfileTouch::Language(chosen) if self.profile.language != Some(chosen) => {
                let change = |language| Change::Record(ProfileChange::Language { language });
                (change(chosen), change(language))
            }
            ProfileTouch::TextSize(chosen) if self.profile.text_size != chosen => {
                let change = |text_size| Change::Record(ProfileChange::TextSize { text_size });
                (change(chosen), change(self.profile.text_size))
            }
            ProfileTouch::Availability(chosen) if self.profile.availability != chosen => {
                (Change::Availability(chosen), Change::Availability(self.profile.availability))
            }
            ProfileTouch::Undo => return self.undo.clone().map(|undo| (undo, None)),
            _ => return None,
        };
        Some((change, Some(inverse)))
    }
}
