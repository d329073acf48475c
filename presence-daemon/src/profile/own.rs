//! What a member changes of their own record on their phone: more than a kiosk has keys for. Pure.

use super::{ProfileError, consent};
use crate::directory::Member;
use crate::store::Change;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use voisins_shared::language::Language;
use voisins_shared::member::{Field, Surface};
use voisins_shared::payload::{LONGEST_SKILL, TextSize};

/// Entries of a list that a member writes themselves.
pub const ENTRIES: usize = 12;

/// What each surface can show, in the order of the page.
pub const SHOWN_ON: [(Surface, &[Field]); 4] = [
    (Surface::Kiosk, &Field::ALL),
    (Surface::Lobby, &[Field::Name, Field::Skills]),
    (Surface::HomeAssistant, &[Field::Name]),
    (Surface::OtherSites, &[Field::Name, Field::Title, Field::Skills]),
];

/// A change that a member asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnChange {
    /// What they turned on, and what they turned off, since the page was made: what else has changed meanwhile stays as it is.
    Show {
        #[allow(missing_docs)]
        on: Vec<(Field, Surface)>,
        #[allow(missing_docs)]
        off: Vec<(Field, Surface)>,
    },
    /// Everything off, everywhere.
    HideAll,
    /// Their lists as they are to stand.
    Words {
        #[allow(missing_docs)]
        skills: Vec<String>,
        #[allow(missing_docs)]
        interests: Vec<String>,
        #[allow(missing_docs)]
        looking_for: Vec<String>,
    },
    /// How screens greet them.
    Screen {
        #[allow(missing_docs)]
        language: Language,
        #[allow(missing_docs)]
        text_size: TextSize,
    },
}

/// What a change comes to in the database. A consent that stands already is not written again.
///
/// # Errors
/// [`ProfileError::BadSkills`] for an entry that is too long, or one too many.
pub fn change(member: &Member, change: &OwnChange, today: Date) -> Result<Change, ProfileError> {
    let (mut member, mut consents) = (member.clone(), Vec::new());
    match change {
        OwnChange::Show { on, off } => {
            let held = |pair: &(Field, Surface)| member.consents.contains(pair);
            let fits = |(field, surface): &(Field, Surface)| SHOWN_ON.iter().any(|(of, all)| of == surface && all.contains(field));
            consents.extend(off.iter().filter(|pair| held(pair)).map(|(field, surface)| consent(*field, *surface, false, today)));
            let on = on.iter().filter(|pair| !held(pair) && fits(pair) && !off.contains(pair));
            consents.extend(on.map(|(field, surface)| consent(*field, *surface, true, today)));
        }
        OwnChange::HideAll => {
            consents.extend(member.consents.iter().map(|(field, surface)| consent(*field, *surface, false, today)));
            if consents.is_empty() {
                // an answer too: nobody asks again at each arrival
                consents.push(consent(Field::Name, Surface::Kiosk, false, today));
            }
        }
        OwnChange::Words { skills, interests, looking_for } => {
            let lists = [(&mut member.skills, skills), (&mut member.interests, interests), (&mut member.looking_for, looking_for)];
            for (kept, wished) in lists {
                *kept = tidy(kept, wished)?;
            }
        }
        OwnChange::Screen { language, text_size } => (member.screen_language, member.text_size) = (Some(*language), *text_size),
    }
    Ok(Change { member, consents, badges: vec![] })
}

/// Entries without what is said twice. What stands there already may be longer, and more: it came from elsewhere.
fn tidy(kept: &[String], wished: &[String]) -> Result<Vec<String>, ProfileError> {
    let mut tidy: Vec<String> = Vec::new();
    for entry in wished.iter().map(|entry| entry.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|entry| !entry.is_empty())
    {
        // a `;` parts the entries of a CSV
        let fits = entry.chars().count() <= LONGEST_SKILL && !entry.chars().any(|c| c.is_control() || c == ';');
        if !fits && !kept.contains(&entry) {
            return Err(ProfileError::BadSkills);
        }
        if !tidy.contains(&entry) {
            tidy.push(entry);
        }
    }
    let too_many = tidy.len() > ENTRIES && !tidy.iter().all(|entry| kept.contains(entry));
    if too_many { Err(ProfileError::BadSkills) } else { Ok(tidy) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::member;
    use crate::profile::agreed;
    use crate::store::ConsentState;

    const TODAY: Date = Date::constant(2026, 11, 23);

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn only_what_was_turned_is_written_whatever_else_the_page_showed() {
        let anne = member(1, "Anne Tremblay", &[Field::Name, Field::Skills]);
        // Skills were turned off at the kiosk since, and stand on this page as on: not turned, they stay off
        let on = vec![(Field::Name, Surface::Lobby), (Field::Name, Surface::Kiosk)];
        let off = vec![(Field::Photo, Surface::Kiosk)];
        let rows = change(&anne, &OwnChange::Show { on, off }, TODAY).unwrap().consents;
        let rows: Vec<_> = rows.iter().map(|c| (c.field, c.surface, c.state)).collect();
        assert_eq!(rows, [(Field::Name, Surface::Lobby, ConsentState::Granted)]);
        // what a surface can't show is not agreed to
        let forged = OwnChange::Show { on: vec![(Field::Contact, Surface::Lobby)], off: vec![] };
        assert_eq!(change(&anne, &forged, TODAY).unwrap().consents, []);
    }

    #[test]
    fn hiding_all_takes_every_consent_back_and_is_an_answer_of_who_gave_none() {
        let mut anne = member(1, "Anne Tremblay", &[Field::Name, Field::Contact]);
        anne.consents.insert((Field::Name, Surface::HomeAssistant));
        let hidden = change(&anne, &OwnChange::HideAll, TODAY).unwrap();
        assert_eq!(hidden.consents.len(), 3);
        assert!(agreed(hidden.member, &hidden.consents).consents.is_empty());
        let asked = change(&member(2, "Zoé Ng", &[]), &OwnChange::HideAll, TODAY).unwrap();
        assert!(agreed(asked.member, &asked.consents).asked);
    }

    #[test]
    fn lists_are_kept_in_their_order_and_tidy() {
        let mut anne = member(1, "Anne Tremblay", &[]);
        let words = |skills: &[&str]| OwnChange::Words { skills: texts(skills), interests: texts(&["Vélo"]), looking_for: vec![] };
        let kept = change(&anne, &words(&[" Soudure  à l’arc ", "", "Rust", "Rust"]), TODAY).unwrap().member;
        assert_eq!((kept.skills, kept.interests), (texts(&["Soudure à l’arc", "Rust"]), texts(&["Vélo"])));
        let many: Vec<String> = (0..=ENTRIES).map(|n| n.to_string()).collect();
        let all: Vec<&str> = many.iter().map(String::as_str).collect();
        for bad in [&["a; b"][..], &["a\u{7}b"], &[&*"x".repeat(LONGEST_SKILL + 1)], &all] {
            assert_eq!(change(&anne, &words(bad), TODAY), Err(ProfileError::BadSkills), "{bad:?}");
        }
        anne.skills = many.clone();
        assert_eq!(change(&anne, &words(&all), TODAY).unwrap().member.skills.len(), ENTRIES + 1, "what came from elsewhere stays");
    }
}
