//! *Ma fiche*: what a member sees of their own record, and what they may change of it at a kiosk. Pure.

pub mod own;

use crate::directory::Member;
use crate::store::{Change, Consent, ConsentState, GivenBy};
use jiff::civil::Date;
use std::time::Duration;
use voisins_shared::member::{Field, Surface};
use voisins_shared::payload::{Grant, LONGEST_SKILL, Profile, ProfileChange, ProfileField, SKILLS_AT_THE_KIOSK};
use voisins_shared::visit::Availability;

/// How long *Ma fiche* may be changed after it was opened, or changed last.
pub const OPEN_FOR: Duration = Duration::from_secs(90);

/// Why a change was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// A skill is empty or too long, or there is one more than a kiosk takes.
    #[error("these skills can't be kept")]
    BadSkills,
    /// Nothing that this version can change.
    #[error("nothing that can be changed")]
    Unknown,
}

/// A member's record as they see it themselves.
#[must_use]
pub fn profile(member: &Member, availability: Availability, grant: Grant) -> Profile {
    let shown_on = |field| {
        let agreed = |surface: &Surface| member.consents.contains(&(field, *surface));
        Surface::ALL.into_iter().filter(agreed).collect()
    };
    Profile {
        grant,
        member: member.id,
        name: member.name.clone(),
        fields: Field::ALL.map(|field| ProfileField { field, value: value(member, field), shown_on: shown_on(field) }).to_vec(),
        skills: member.skills.clone(),
        availability,
        language: member.screen_language,
        text_size: member.text_size,
        passes: None,
        phone: None,
    }
}

fn value(member: &Member, field: Field) -> Vec<String> {
    let text = |value: &Option<String>| value.iter().cloned().collect();
    match field {
        Field::Name => vec![member.name.clone()],
        Field::Title => text(&member.title),
        Field::Pronouns => text(&member.pronouns),
        Field::Languages => member.languages.clone(),
        Field::Skills => member.skills.clone(),
        Field::Interests => member.interests.clone(),
        Field::LookingFor => member.looking_for.clone(),
        Field::Table => text(&member.table),
        Field::Contact => [&member.email, &member.phone, &member.website].into_iter().flatten().cloned().collect(),
        Field::Photo | Field::Since | Field::UsualDays => Vec::new(),
    }
}

/// What a change comes to in the database. A consent that stands already is not written again.
///
/// # Errors
/// [`ProfileError`].
pub fn change(member: &Member, change: &ProfileChange, today: Date) -> Result<Change, ProfileError> {
    let (mut member, mut consents) = (member.clone(), Vec::new());
    match change {
        ProfileChange::Show { fields, surface, shown } => {
            let differs = |field: &&Field| member.consents.contains(&(**field, *surface)) != *shown || !member.asked;
            consents.extend(fields.iter().filter(differs).map(|field| consent(*field, *surface, *shown, today)));
        }
        ProfileChange::Skills { skills } => {
            let skills: Vec<String> = skills.iter().map(|skill| skill.trim().to_owned()).collect();
            // a `;` parts the skills of a CSV
            let clean = |skill: &String| !skill.chars().any(|c| c.is_control() || c == ';');
            let fits = |skill: &String| (1..=LONGEST_SKILL).contains(&skill.chars().count()) && clean(skill);
            // what came from elsewhere may be longer, and more: it stays until it is taken away
            let held = |skill: &String| member.skills.contains(skill);
            let too_many = skills.len() > SKILLS_AT_THE_KIOSK && !skills.iter().all(held);
            if too_many || !skills.iter().all(|skill| held(skill) || fits(skill)) {
                return Err(ProfileError::BadSkills);
            }
            member.skills.clear();
            for skill in skills {
                if !member.skills.contains(&skill) {
                    member.skills.push(skill);
                }
            }
        }
        ProfileChange::Language { language } => member.screen_language = Some(*language),
        ProfileChange::TextSize { text_size } => member.text_size = *text_size,
        ProfileChange::Close | ProfileChange::Unknown => return Err(ProfileError::Unknown),
    }
    Ok(Change { member, consents, badges: vec![] })
}

/// *Pas maintenant*: an answer too, so that nobody asks at each arrival.
#[must_use]
pub fn declined(member: &Member, today: Date) -> Change {
    let consents = vec![consent(Field::Name, Surface::Kiosk, false, today)];
    Change { member: member.clone(), consents, badges: vec![] }
}

/// The member with what they have just agreed to, or no longer.
#[must_use]
pub fn agreed(mut member: Member, consents: &[Consent]) -> Member {
    for consent in consents {
        let key = (consent.field, consent.surface);
        match consent.state {
            ConsentState::Granted => drop(member.consents.insert(key)),
            ConsentState::Withdrawn => drop(member.consents.remove(&key)),
            ConsentState::Invited => continue,
        }
        member.asked = true;
    }
    member
}

fn consent(field: Field, surface: Surface, shown: bool, today: Date) -> Consent {
    let state = if shown { ConsentState::Granted } else { ConsentState::Withdrawn };
    Consent { field, surface, state, by: GivenBy::Member, on: today.to_string(), source: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::member;
    use voisins_shared::language::Language;
    use voisins_shared::payload::TextSize;

    const TODAY: Date = Date::constant(2026, 11, 23);

    fn skills(skills: &[&str]) -> ProfileChange {
        ProfileChange::Skills { skills: skills.iter().map(|&skill| skill.to_owned()).collect() }
    }

    #[test]
    fn a_member_sees_every_field_of_their_own_and_where_it_is_shown() {
        let anne = member(1, "Anne Tremblay", &[Field::Name, Field::Skills]);
        let seen = profile(&anne, Availability::Open, Grant { token: uuid::Uuid::nil(), expires_in_ms: 1 });
        assert_eq!(seen.fields.len(), Field::ALL.len());
        let field = |field| seen.fields.iter().find(|f| f.field == field).unwrap();
        assert_eq!(field(Field::Name).value, ["Anne Tremblay"]);
        assert_eq!(field(Field::Skills).shown_on, [Surface::Kiosk]);
        assert_eq!(field(Field::Contact).value, ["m1@example.org"]);
        assert!(field(Field::Contact).shown_on.is_empty() && field(Field::Pronouns).value.is_empty());
    }

    #[test]
    fn a_switch_is_a_dated_consent_of_the_member_and_only_where_something_changes() {
        let anne = Member { asked: true, ..member(1, "Anne Tremblay", &[Field::Name]) };
        let fields = vec![Field::Name, Field::Photo];
        let shown = change(&anne, &ProfileChange::Show { fields, surface: Surface::Kiosk, shown: true }, TODAY).unwrap();
        let rows: Vec<_> = shown.consents.iter().map(|c| (c.field, c.surface, c.state, c.by, c.on.as_str())).collect();
        assert_eq!(rows, [(Field::Photo, Surface::Kiosk, ConsentState::Granted, GivenBy::Member, "2026-11-23")]);
        let hide = ProfileChange::Show { fields: vec![Field::Name], surface: Surface::Kiosk, shown: false };
        let hidden = change(&anne, &hide, TODAY).unwrap();
        assert_eq!(hidden.consents[0].state, ConsentState::Withdrawn);
        assert!(!agreed(hidden.member, &hidden.consents).shows(Field::Name, Surface::Kiosk));
        assert!(agreed(shown.member, &shown.consents).shows(Field::Photo, Surface::Kiosk));
    }

    #[test]
    fn pas_maintenant_is_an_answer_of_the_member() {
        let change = declined(&member(1, "Anne Tremblay", &[]), TODAY);
        assert_eq!(
            (change.consents.len(), change.consents[0].state, change.consents[0].by),
            (1, ConsentState::Withdrawn, GivenBy::Member)
        );
    }

    #[test]
    fn a_kiosk_takes_three_skills_and_lets_some_of_more_be_taken_away() {
        let mut anne = member(1, "Anne Tremblay", &[]);
        let kept = |anne: &Member, wanted: &[&str]| change(anne, &skills(wanted), TODAY).map(|change| change.member.skills);
        assert_eq!(kept(&anne, &[" Rust ", "Impôts", "Rust"]), Ok(vec!["Rust".to_owned(), "Impôts".to_owned()]));
        assert_eq!(kept(&anne, &["a", "b", "c", "d"]), Err(ProfileError::BadSkills));
        anne.skills = ["a", "b", "c", "d", &"x".repeat(80)].map(str::to_owned).to_vec();
        assert_eq!(
            kept(&anne, &["a", "b", "c", &"x".repeat(80)]).map(|skills| skills.len()),
            Ok(4),
            "what came from elsewhere stays"
        );
        for bad in ["", "  ", "a\tb", "a; b", &"y".repeat(LONGEST_SKILL + 1)] {
            assert_eq!(kept(&anne, &[bad]), Err(ProfileError::BadSkills), "{bad:?}");
        }
    }

    #[test]
    fn language_and_text_size_are_kept() {
        let anne = member(1, "Anne Tremblay", &[]);
        let english = change(&anne, &ProfileChange::Language { language: Language::En }, TODAY).unwrap();
        assert_eq!((english.member.screen_language, english.consents.len()), (Some(Language::En), 0));
        let large = change(&anne, &ProfileChange::TextSize { text_size: TextSize::Largest }, TODAY).unwrap();
        assert_eq!(large.member.text_size, TextSize::Largest);
        assert_eq!(change(&anne, &ProfileChange::Unknown, TODAY), Err(ProfileError::Unknown));
    }
}
