//! Writing the CSV that an import takes back without a change.

use super::all_columns;
use crate::directory::{Directory, Member};
use crate::store::{Consent, ConsentState};
use std::collections::BTreeMap;
use voisins_shared::language::Language;
use voisins_shared::member::{MemberId, Surface};

/// All members, by number. Badges are left out: their UIDs are not kept.
#[must_use]
pub fn export(directory: &Directory, consents: &BTreeMap<MemberId, Vec<Consent>>) -> String {
    let mut members: Vec<&Member> = directory.members().collect();
    members.sort_by_key(|member| member.number);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write =
        |row: &[&str]| writer.write_record(row.iter().copied().map(super::formulas::neutral)).expect("writing to memory");
    write(&all_columns());
    for member in members {
        let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        let consent = consent_cell(consents.get(&member.id).map(Vec::as_slice).unwrap_or_default());
        write(&[
            &member.number.to_string(),
            &member.name,
            &text(&member.title),
            &text(&member.pronouns),
            &member.languages.join(";"),
            &member.skills.join(";"),
            &member.interests.join(";"),
            &member.looking_for.join(";"),
            &text(&member.email),
            &text(&member.phone),
            &text(&member.website),
            &text(&member.table),
            member.screen_language.map_or("", Language::code),
            &consent,
            "",
        ]);
    }
    let bytes = writer.into_inner().expect("writing to memory");
    String::from_utf8(bytes).expect("made of text")
}

/// Where a group of fields may be shown, and the date and source of the consent; without these it is an invitation.
type Group<'a> = (Surface, Option<(&'a str, &'a str)>);

/// Consents grouped by surface, date and source: `name;skills @ 2026-01-05 paper form | name;lobby`. Withdrawn ones are left out. A
/// consent the member gave themself says so as its source.
fn consent_cell(consents: &[Consent]) -> String {
    let mut groups: BTreeMap<Group<'_>, Vec<&str>> = BTreeMap::new();
    for consent in consents {
        let given = match consent.state {
            ConsentState::Withdrawn => continue,
            ConsentState::Invited => None,
            ConsentState::Granted => {
                Some((consent.on.get(..10).unwrap_or(&consent.on), consent.source.as_deref().unwrap_or("member")))
            }
        };
        groups.entry((consent.surface, given)).or_default().push(consent.field.as_str());
    }
    let cell = |((surface, given), mut words): (Group<'_>, Vec<&str>)| {
        if surface != Surface::Kiosk {
            words.push(surface.as_str());
        }
        let words = words.join(";");
        given.map_or(words.clone(), |(on, source)| format!("{words} @ {on} {source}"))
    };
    groups.into_iter().map(cell).collect::<Vec<_>>().join(" | ")
}
