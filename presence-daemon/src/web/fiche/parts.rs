//! What stands on the page: the card as neighbours see it, the switches, the texts.

use crate::pipeline::pages::fiche::Fiche;
use crate::profile::own::SHOWN_ON;
use crate::web::texts::Texts;
use voisins_shared::matching::Concepts;
use voisins_shared::member::{Field, Surface, first_name_and_initial};

/// A surface and its switches.
pub struct Shown {
    pub title: String,
    pub about: String,
    pub switches: Vec<Switch>,
}

/// A field on a surface.
pub struct Switch {
    /// As the form names it.
    pub name: String,
    pub label: String,
    /// What stands in it.
    pub value: String,
    pub on: bool,
}

/// One line of the card.
pub struct Line {
    pub label: String,
    pub text: String,
}

pub fn shown(fiche: &Fiche, t: &Texts) -> Vec<Shown> {
    let switch = |field: Field, surface: Surface| Switch {
        name: pair(field, surface),
        label: match (field, surface) {
            (Field::Name, Surface::Lobby) => t.say("fiche-field-name-lobby"),
            _ => t.say(field_key(field)),
        },
        value: value(fiche, field, surface, t),
        on: fiche.agrees(field, surface),
    };
    let shown = SHOWN_ON.iter().map(|(surface, fields)| {
        let (title, about) = surface_keys(*surface);
        let switches = fields.iter().map(|field| switch(*field, *surface)).collect();
        Shown { title: t.say(title), about: t.say(about), switches }
    });
    shown.collect()
}

/// How a form names a field on a surface.
pub fn pair(field: Field, surface: Surface) -> String {
    format!("{}@{}", field.as_str(), surface.as_str())
}

pub fn read_pair(text: &str) -> Option<(Field, Surface)> {
    let (field, surface) = text.split_once('@')?;
    Some((Field::from_text(field)?, Surface::from_text(surface)?))
}

/// The card, after the name and what they do.
pub fn card(fiche: &Fiche, t: &Texts) -> Vec<Line> {
    let Some(card) = &fiche.card else { return vec![] };
    let contact = card.contact.iter().flat_map(|contact| [&contact.email, &contact.phone, &contact.website]);
    let lines = [
        (Field::Pronouns, card.pronouns.clone().into_iter().collect::<Vec<_>>()),
        (Field::Skills, card.skills.clone()),
        (Field::Interests, card.interests.clone()),
        (Field::LookingFor, card.looking_for.clone()),
        (Field::Languages, languages(&card.languages, t)),
        (Field::Table, card.table.clone().into_iter().collect()),
        (Field::UsualDays, if card.usual_days.is_empty() { vec![] } else { vec![t.language().usual_days(&card.usual_days)] }),
        (Field::Contact, contact.flatten().cloned().collect()),
    ];
    let line = |(field, values): (Field, Vec<String>)| Line { label: t.say(field_key(field)), text: values.join(", ") };
    lines.into_iter().filter(|(_, values)| !values.is_empty()).map(line).collect()
}

/// Languages by their names and not their codes.
fn languages(codes: &[String], t: &Texts) -> Vec<String> {
    let concepts = Concepts::built_in();
    let name = |code: &String| concepts.language(code).map_or(code.as_str(), |id| concepts.label(id, t.language())).to_owned();
    codes.iter().map(name).collect()
}

fn value(fiche: &Fiche, field: Field, surface: Surface, t: &Texts) -> String {
    let values = fiche.fields.iter().find(|of| of.field == field).map(|of| of.value.as_slice()).unwrap_or_default();
    let values = if field == Field::Languages { languages(values, t) } else { values.to_vec() }.join(", ");
    match field {
        Field::Name if surface == Surface::Lobby => first_name_and_initial(&fiche.name),
        Field::Photo if fiche.photo.is_some() => t.say("fiche-value-photo"),
        Field::Since => t.say("fiche-value-since"),
        Field::UsualDays => t.say("fiche-value-days"),
        _ if values.is_empty() => t.say("fiche-value-nothing"),
        _ => values,
    }
}

fn field_key(field: Field) -> &'static str {
    match field {
        Field::Name => "fiche-field-name",
        Field::Photo => "fiche-field-photo",
        Field::Title => "fiche-field-title",
        Field::Pronouns => "fiche-field-pronouns",
        Field::Languages => "fiche-field-languages",
        Field::Skills => "fiche-field-skills",
        Field::Interests => "fiche-field-interests",
        Field::LookingFor => "fiche-field-looking-for",
        Field::Since => "fiche-field-since",
        Field::Table => "fiche-field-table",
        Field::UsualDays => "fiche-field-days",
        Field::Contact => "fiche-field-contact",
    }
}

fn surface_keys(surface: Surface) -> (&'static str, &'static str) {
    match surface {
        Surface::Kiosk => ("fiche-on-kiosk", "fiche-on-kiosk-about"),
        Surface::Lobby => ("fiche-on-lobby", "fiche-on-lobby-about"),
        Surface::HomeAssistant => ("fiche-on-home", "fiche-on-home-about"),
        Surface::OtherSites => ("fiche-on-sites", "fiche-on-sites-about"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_named_by_its_field_and_surface() {
        for (surface, fields) in SHOWN_ON {
            assert!(fields.iter().all(|field| read_pair(&pair(*field, surface)) == Some((*field, surface))));
        }
        assert!(["", "name", "name@", "name@moon", "@kiosk"].into_iter().all(|text| read_pair(text).is_none()));
    }
}
