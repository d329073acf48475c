//! Reading the cells of one row.

use super::{ImportError, Problem, Row};
use crate::directory::Member;
use crate::store::{Consent, ConsentState, GivenBy};
use jiff::civil::Date;
use voisins_shared::language::Language;
use voisins_shared::member::{Field, Surface};
use voisins_shared::uid::Uid;

/// Longer than any name, title or tag of a person, and short enough for any screen to end it with an ellipsis.
const LONGEST: usize = 200;

fn text(row: &Row<'_>, column: &str) -> Result<Option<String>, ImportError> {
    let Some(text) = row.cell(column) else { return Ok(None) };
    if text.chars().any(char::is_control) {
        return Err(row.wrong(column, Problem::Control));
    }
    if text.chars().count() > LONGEST {
        return Err(row.wrong(column, Problem::TooLong(LONGEST)));
    }
    Ok(Some(text.to_owned()))
}

fn list(row: &Row<'_>, column: &str) -> Result<Option<Vec<String>>, ImportError> {
    let Some(text) = row.cell(column) else { return Ok(None) };
    let items: Vec<String> = text.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect();
    match items.iter().find(|item| item.chars().count() > LONGEST || item.chars().any(char::is_control)) {
        Some(_) => Err(row.wrong(column, Problem::Entry(LONGEST))),
        None => Ok(Some(items)),
    }
}

/// The name, which every row has.
pub(super) fn name(row: &Row<'_>) -> Result<String, ImportError> {
    text(row, "name")?.ok_or_else(|| row.wrong("name", Problem::Empty))
}

/// Fills a member's fields from the cells that are not empty.
pub(super) fn fill(row: &Row<'_>, member: &mut Member) -> Result<(), ImportError> {
    let mut texts = [
        ("title", &mut member.title),
        ("pronouns", &mut member.pronouns),
        ("phone", &mut member.phone),
        ("website", &mut member.website),
        ("table", &mut member.table),
        ("email", &mut member.email),
    ];
    for (column, field) in &mut texts {
        if let Some(value) = text(row, column)? {
            **field = Some(value);
        }
    }
    if let Some(email) = row.cell("email")
        && !email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !email.contains(' '))
    {
        return Err(row.wrong("email", Problem::NoEmail(email.to_owned())));
    }
    let lists = [
        ("languages", &mut member.languages),
        ("skills", &mut member.skills),
        ("interests", &mut member.interests),
        ("looking_for", &mut member.looking_for),
    ];
    for (column, field) in lists {
        if let Some(values) = list(row, column)? {
            *field = values;
        }
    }
    if let Some(code) = row.cell("screen_language") {
        let language =
            Language::from_code(code).ok_or_else(|| row.wrong("screen_language", Problem::NoLanguage(code.to_owned())))?;
        member.screen_language = Some(language);
    }
    Ok(())
}

/// The consents a row speaks of: groups parted by `|`, each `fields and surfaces [@ date source]`.
pub(super) fn consents(row: &Row<'_>, today: Date) -> Result<Vec<Consent>, ImportError> {
    let mut consents = Vec::new();
    for group in row.cell("consent").unwrap_or_default().split('|').map(str::trim).filter(|group| !group.is_empty()) {
        let (words, given) = match group.split_once('@') {
            None => (group, None),
            Some((words, given)) => (words, Some(given.trim())),
        };
        let (state, on, source) = match given {
            None => (ConsentState::Invited, today.to_string(), None),
            Some(given) => {
                let (on, source) = given.split_once(' ').unwrap_or((given, ""));
                let problem = || row.wrong("consent", Problem::NoSource(given.to_owned()));
                let on: Date = on.parse().map_err(|_| problem())?;
                if source.trim().is_empty() {
                    return Err(problem());
                }
                (ConsentState::Granted, on.to_string(), Some(source.trim().to_owned()))
            }
        };
        let (fields, surfaces) = fields_and_surfaces(row, words)?;
        for surface in surfaces {
            for field in &fields {
                consents.push(Consent {
                    field: *field,
                    surface,
                    state,
                    by: GivenBy::Import,
                    on: on.clone(),
                    source: source.clone(),
                });
            }
        }
    }
    Ok(consents)
}

fn fields_and_surfaces(row: &Row<'_>, words: &str) -> Result<(Vec<Field>, Vec<Surface>), ImportError> {
    let (mut fields, mut surfaces) = (Vec::new(), vec![Surface::Kiosk]);
    for word in words.split(';').map(str::trim).filter(|word| !word.is_empty()) {
        match (Field::from_text(word), Surface::from_text(word)) {
            (Some(field), _) => fields.push(field),
            (None, Some(Surface::Kiosk)) => {}
            (None, Some(surface)) => surfaces.push(surface),
            (None, None) => {
                let known = Field::ALL.map(Field::as_str).into_iter().chain(Surface::ALL.map(Surface::as_str));
                let known = known.map(str::to_owned).collect();
                return Err(row.wrong("consent", Problem::NoField(word.to_owned(), known)));
            }
        }
    }
    Ok((fields, surfaces))
}

/// The cards a row names by UID.
pub(super) fn badges(row: &Row<'_>) -> Result<Vec<Uid>, ImportError> {
    let cell = row.cell("badge").unwrap_or_default();
    let mut badges = Vec::new();
    for text in cell.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        // the UID itself stays out of the message: it may end up in a log
        let uid = Uid::from_hex(text).map_err(|_| row.wrong("badge", Problem::NoUid))?;
        if uid.is_random() {
            return Err(row.wrong("badge", Problem::RandomUid));
        }
        badges.push(uid);
    }
    Ok(badges)
}
