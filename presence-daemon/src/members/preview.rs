//! What an import would do, row by row and field by field, before it is done. Pure.

use super::{Imported, Plan};
use crate::directory::{Directory, Member};
use crate::store::ConsentState;
use serde::{Deserialize, Serialize};
use voisins_shared::language::Language;

/// One field of a row that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct FieldChange {
    /// The column.
    pub column: String,
    pub old: String,
    pub new: String,
}

/// One member who would be added or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct RowChange {
    pub number: String,
    pub name: String,
    pub is_new: bool,
    pub fields: Vec<FieldChange>,
    /// Consents given on paper that would be noted.
    pub granted: usize,
    /// Fields that the member would be asked about.
    pub invited: usize,
    pub badges: usize,
}

/// All of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Preview {
    pub imported: Imported,
    pub rows: Vec<RowChange>,
}

/// What a plan changes of the members there are.
#[must_use]
pub fn preview(plan: &Plan, directory: &Directory) -> Preview {
    let rows = plan.changes.iter().map(|change| {
        let before = directory.member(change.member.id);
        let old = before.map(columns);
        let fields = columns(&change.member).into_iter().enumerate().filter_map(|(at, (column, new))| {
            let old = old.as_ref().map(|old| old[at].1.clone()).unwrap_or_default();
            (old != new).then(|| FieldChange { column: column.to_owned(), old, new })
        });
        let count = |state| change.consents.iter().filter(|consent| consent.state == state).count();
        RowChange {
            number: change.member.number.to_string(),
            name: change.member.name.clone(),
            is_new: before.is_none(),
            fields: fields.collect(),
            granted: count(ConsentState::Granted),
            invited: count(ConsentState::Invited),
            badges: change.badges.len(),
        }
    });
    Preview { imported: plan.imported, rows: rows.collect() }
}

/// A member's fields as the columns of a file have them, but for the id, consents and badges.
#[must_use]
pub fn columns(member: &Member) -> [(&'static str, String); 12] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        ("name", member.name.clone()),
        ("title", text(&member.title)),
        ("pronouns", text(&member.pronouns)),
        ("languages", member.languages.join(";")),
        ("skills", member.skills.join(";")),
        ("interests", member.interests.join(";")),
        ("looking_for", member.looking_for.join(";")),
        ("email", text(&member.email)),
        ("phone", text(&member.phone)),
        ("website", text(&member.website)),
        ("table", text(&member.table)),
        ("screen_language", member.screen_language.map_or("", Language::code).to_owned()),
    ]
}
